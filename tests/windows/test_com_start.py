"""Python's life under xlwings' DLL, as the workbook's own VBA leads it: started, found again, failing at its start, ended meanwhile."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from support.vbahost import Host, macro_workbook
from support.windows.pythonserver import COMMAND, DLL, PYTHONW
from support.windows.vbacom import CallFailed
from support.windows.vbadesk import RealDesk, RealServer

PATIENCE = 20  # seconds; a start that fails takes one, and 60 or more where the DLL waits for nothing


class Workbook(NamedTuple):
    """An open workbook: its VBA, and the Python behind it."""

    vba: Host
    server: RealServer
    desk: RealDesk


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return macro_workbook(tmp_path_factory.mktemp("start") / "单位.xlsm", "表", "使用说明")


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """A user of this desk, whose settings name an interpreter."""
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / ".xlwings").mkdir()
    folder = Path.cwd()

    def uses(interpreter: Path) -> None:
        (tmp_path / ".xlwings" / "xlwings.conf").write_text(f'"INTERPRETER_WIN","{interpreter}"\n', "mbcs")

    uses(PYTHONW)
    yield uses
    assert Path.cwd() == folder


@pytest.fixture
def opened(file: Path, user: Callable[[Path], None]) -> Callable[[], Workbook]:
    def open_it() -> Workbook:
        server = RealServer()
        desk = RealDesk(server)
        return Workbook(Host(file, metadata.version("xlwings"), server, desk), server, desk)

    return open_it


def test_the_loader_starts_pythonw_without_a_shell(opened: Callable[[], Workbook], tmp_path: Path) -> None:
    book = opened()
    assert book.vba("PE_EXEC_SCORE(100, 90)") == 9
    assert book.desk.commands == [COMMAND]
    assert book.server.told("__import__('os').getcwd()") == str(tmp_path)
    assert book.server.told("__import__('sys').executable") == str(PYTHONW)


def test_two_workbooks_share_one_process(opened: Callable[[], Workbook], capsys: pytest.CaptureFixture[str]) -> None:
    """Also one that was saved under another name: no workbook says what is started."""
    first, second = opened(), opened()
    assert first.vba("PE_EXEC_SCORE(100, 90)") == second.vba("PE_EXEC_SCORE(100, 90)") == 9
    process = first.server.told("__import__('os').getpid()")
    assert second.server.told("__import__('os').getpid()") == process != str(os.getpid())
    began, calls = time.perf_counter(), 100
    for executed in range(calls):
        assert first.vba(f"PE_EXEC_RATE(100, {executed})") == executed / 100
    with capsys.disabled():
        print(f"\n  {(time.perf_counter() - began) / calls * 1000:.1f} ms a call of a cell, interpreter and all")


def test_values_of_cells_cross_and_come_back(opened: Callable[[], Workbook]) -> None:
    book = opened()
    book.vba.cells(A1=100, A2=200, B1=90, B2=150, D1="=NA()")
    assert book.vba('PE_EXEC_RATE(Range("A1:A2"), Range("B1:B2"))') == [[0.9], [0.75]]
    assert repr(book.vba('PE_EXEC_RATE(Range("D1"), 1)')) == "Error 2042"
    assert book.vba('PE_MEETS("≥95%", 0.96)') == "是"


def ends_itself(book: Workbook) -> None:
    with pytest.raises(CallFailed):
        book.server.told("__import__('os')._exit(3)")


def is_killed(book: Workbook) -> None:
    os.kill(int(book.server.told("__import__('os').getpid()")), 9)
    time.sleep(0.5)


@pytest.mark.parametrize("end", [ends_itself, is_killed])
def test_a_server_that_ended_is_back_at_the_next_call(
    opened: Callable[[], Workbook], end: Callable[[Workbook], None]
) -> None:
    first, second = opened(), opened()
    assert first.vba("PE_EXEC_SCORE(100, 90)") == second.vba("PE_EXEC_SCORE(100, 90)") == 9
    end(first)
    assert first.vba("PE_EXEC_SCORE(100, 80)") == 8
    assert second.vba("PE_EXEC_SCORE(100, 70)") == 7
    assert not first.vba.app.dialogs


# --- a Python that cannot start ---


def missing(folder: Path) -> Path:
    return folder / "nowhere" / "pythonw.exe"


def without_its_library(folder: Path) -> Path:
    return copied(folder / "alone", PYTHONW.name)


def without_modules(folder: Path) -> Path:
    return copied(folder / "bare", PYTHONW.name, "python311.dll", "vcruntime140.dll")


def without_xlwings(folder: Path) -> Path:
    interpreter = copied(folder / "plain", PYTHONW.name, "python311.dll", "vcruntime140.dll", "python311.zip")
    (interpreter.parent / "python311._pth").write_text("python311.zip\n.\n")
    return interpreter


def in_the_temporary_folder(_: Path) -> Path:
    return without_xlwings(Path(os.environ["TEMP"]) / "perfeval")


def in_a_chinese_folder(folder: Path) -> Path:
    return without_xlwings(folder / "绩效 评价")


def no_program(folder: Path) -> Path:
    interpreter = copied(folder / "text", "python311.zip")
    return interpreter.rename(interpreter.with_name("pythonw.exe"))


def copied(folder: Path, *names: str) -> Path:
    """A folder with some of this Python's files, and xlwings' library; the first of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*names, DLL):
        source = next(path for path in (PYTHONW.with_name(name), PYTHONW.parents[1] / name) if path.is_file())
        shutil.copy(source, folder)
    return folder / names[0]


def without_the_dll(folder: Path) -> Path:
    interpreter = copied(folder / "no dll", PYTHONW.name)
    (interpreter.parent / DLL).unlink()
    return interpreter


FAILING: dict[Any, str] = {
    missing: "设置里写的 Python 不在了",
    without_the_dll: "xlwings DLL",
    without_its_library: "Python 一启动就结束了",
    without_modules: "Python 一启动就结束了",
    without_xlwings: "Python 一启动就结束了",
    in_the_temporary_folder: "Python 一启动就结束了",
    in_a_chinese_folder: "Python 一启动就结束了",
    no_program: "Python 一启动就结束了",
}


@pytest.mark.parametrize(("made", "words"), FAILING.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_a_python_that_cannot_start_is_told_at_once(
    opened: Callable[[], Workbook],
    user: Callable[[Path], None],
    tmp_path: Path,
    made: Callable[[Path], Path],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    interpreter = made(tmp_path)
    user(interpreter)
    book, began = opened(), time.perf_counter()
    book.vba.press("recalculate")
    seconds = time.perf_counter() - began
    with capsys.disabled():
        print(f"\n  {made.__name__}: told in {seconds:.1f} s")
    (dialog,) = book.vba.app.dialogs
    assert words in dialog[1]
    assert seconds < PATIENCE
    user(PYTHONW)  # put right, the next press works
    book.vba.press("recalculate")
    assert book.vba.app.dialogs == [dialog]
    assert book.vba("PE_EXEC_SCORE(100, 90)") == 9


def test_a_python_in_a_chinese_folder_works(
    opened: Callable[[], Workbook], user: Callable[[Path], None], tmp_path: Path
) -> None:
    home = PYTHONW.parent
    names = [path.name for path in home.iterdir() if path.suffix in {".exe", ".dll", ".pyd", ".zip"}]
    interpreter = copied(tmp_path / "单位（2024） & 用户's", PYTHONW.name, *names)
    site = Path(next(place for place in sys.path if place.endswith("site-packages")))
    parts = (site, site / "win32", site / "win32" / "lib", site / "pywin32_system32")
    (interpreter.parent / "python311._pth").write_text("\n".join(["python311.zip", ".", *map(str, parts)]) + "\n")
    for library in (site / "pywin32_system32").glob("*.dll"):
        shutil.copy(library, interpreter.parent)
    user(interpreter)
    book = opened()
    assert book.vba("PE_EXEC_SCORE(100, 90)") == 9
    assert "单位" in book.server.told("__import__('sys').executable")
