"""README's commands run as they are printed, one after another, on the demo's own data."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from perfeval.cli import main
from support import ROOT

README = ROOT / "README.md"
# What finds something says so with its exit code: the demo's published tables have their published errors.
FINDS = ("perfeval check", "perfeval freeze", "perfeval rollup")
# These belong to a desk, not to a folder.
DESK = ("perfeval install", "perfeval bundle", "perfeval doctor")


def commands() -> list[str]:
    """The lines of README's shell blocks that are commands of ours, the demo first."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]
    demo = next(line for line in lines if "perfeval demo" in line)
    own = [line for line in lines if line.startswith("perfeval ") and not line.startswith(DESK)]
    return [demo[demo.index("perfeval demo") :], *own]


def test_the_commands_run_as_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    given = commands()
    assert len(given) > 10
    for line in given:
        code = main(shlex.split(line)[1:])
        finds = line.startswith(FINDS) and "--live" not in line  # a working copy
        assert code == finds, f"{line}\n{capsys.readouterr()}"
    made = {path.name for path in tmp_path.iterdir()}
    assert {"自评.xlsm", "复核.html", "自评-自评报告.docx", "明年.xlsm", "目标.xlsm", "整体.xlsm"} <= made
    assert (tmp_path / "demo" / "汇总.xlsx").exists()


def test_the_printed_call_gives_the_printed_value(capsys: pytest.CaptureFixture[str]) -> None:
    call, value = re.findall(r"`perfeval (call [^`]+)` 得 `([^`]+)`", README.read_text(encoding="utf-8"))[0]
    assert main(call.split()) == 0
    assert capsys.readouterr().out.strip() == value


def test_a_workbook_of_target_tables_alone_starts_a_year(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its import sheets are still empty: the tables beside them are the data, and importing them again adds nothing."""
    main(["demo", "--out", str(tmp_path / "demo")])
    targets, book = str(tmp_path / "目标.xlsm"), str(tmp_path / "整体.xlsm")
    main(["new", targets, "--data", str(tmp_path / "demo" / "zhishu-2020" / "data.xlsx"), "--tables", "目标"])
    main(["new", book, "--body-standard", "sz-department-2020", "--data", targets])
    capsys.readouterr()
    assert main(["import", book, targets]) == 0
    assert "已填 0 个单元格" in capsys.readouterr().out
    assert main(["fill", book]) == 0
