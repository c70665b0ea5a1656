"""Commands that are ended at random points, in small: ``python tests/support/kills.py 300`` does it at length."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from support import ROOT


@pytest.mark.skipif(os.name == "nt", reason="a process of Windows cannot be copied as it stands")
def test_nothing_is_lost_when_a_command_is_ended() -> None:
    run = [sys.executable, str(ROOT / "tests" / "support" / "kills.py"), "21", "--seed", "1"]
    ran = subprocess.run(run, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    lines = ran.stdout.splitlines()
    assert [line.partition(" (")[0] for line in lines[:-1]] == [
        "fill", "new", "freeze", "report", "html", "rollup", "rollup on all cores",
    ]  # fmt: skip
    assert int(lines[-1].partition(" killed")[0].rpartition(" ")[2]) > 10
    assert lines[-1].endswith(" 0 faults")
