"""Python's life under xlwings' DLL: started as VBA starts it, failing at its start, ended meanwhile."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from zipfile import ZipFile

import pytest

from support import ROOT
from support.windows.pythonserver import FOLLOWED, ask, direct_command, library, start_command
from support.windows.vbacom import CallFailed, Object, variant

UNREACHABLE = {"0x800706ba", "0x800706be"}  # the server is not there, or ended during the call
PATIENCE = 12  # seconds; a start that works takes 2 under Wine, a hanging one 60 and more
BROKEN = "import no_such_module;"


@pytest.fixture
def start() -> Callable[[str], Object]:
    """Starts the Python of a command, or gives the one that runs; every test has commands of its own."""
    return library().activate


def test_the_command_is_xlwings_own() -> None:
    with ZipFile(str(files("perfeval") / "resources" / "excel" / "macros.zip")) as macros:
        source = macros.read("xlwings.bas").decode()
    assert [line for line in FOLLOWED if line not in source] == []


WORKBOOKS = (
    r"C:\users\zhang\self.xlsm",
    r"C:\users\zhang\a (2024) & b.xlsm",
    r"C:\users\zhang\it's 100%.xlsm",
    "https://d.docs.live.net/abc/docs/self.xlsm",
)


@pytest.mark.parametrize("workbook", WORKBOOKS)
def test_a_workbook_anywhere_starts_python(start: Callable[[str], Object], workbook: str) -> None:
    server = start(start_command(workbook))
    assert ask(server, "PE_EXEC_SCORE", 100.0, 90.0) == 9.0
    assert ask(start(start_command(workbook)), "PE_EXEC_SCORE", 100.0, 80.0) == 8.0  # the same one again


def test_a_python_that_ended_is_started_again(start: Callable[[str], Object]) -> None:
    command = start_command(r"C:\users\zhang\ended.xlsm")
    server = start(command)
    with pytest.raises(CallFailed) as failure:
        server.call("Exec", variant("import os; os._exit(3)"))
    assert hex(failure.value.status) in UNREACHABLE
    assert ask(server, "PE_EXEC_SCORE", 100.0, 90.0) in UNREACHABLE  # what makes the bridge ask for another one
    assert ask(start(command), "PE_EXEC_SCORE", 100.0, 70.0) == 7.0


def test_without_a_shell_python_starts_too(start: Callable[[str], Object]) -> None:
    assert ask(start(direct_command()), "PE_EXEC_SCORE", 100.0, 90.0) == 9.0


FAILURES = {
    "a module is missing": (direct_command(before=BROKEN), "Python process exited before"),
    "no interpreter": (direct_command(Path(r"C:\nowhere\pythonw.exe")), "Could not create Python process"),
}


@pytest.mark.parametrize(("command", "words"), FAILURES.values(), ids=FAILURES.keys())
def test_without_a_shell_a_failing_start_is_told_at_once(
    start: Callable[[str], Object], command: str, words: str
) -> None:
    with pytest.raises(CallFailed) as failure:
        start(command)
    assert words in failure.value.description


@pytest.mark.xfail(
    raises=subprocess.TimeoutExpired, reason="cmd.exe /K outlives a Python that fails: the DLL waits a minute"
)
def test_a_failing_start_is_told_at_once() -> None:
    script = f"library().activate(start_command('broken.xlsm', before={BROKEN!r}))"
    script = f"from support.windows.pythonserver import *; {script}"
    said = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT / 'tests')!r}); {script}"],
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert b"CallFailed" in said.stderr
