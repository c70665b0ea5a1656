"""The VBA bridge: the workbook's own modules, interpreted, against xlwings' own CallUDF and the real functions."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest
import xlwings as xw
from pyopenvba.interpreter import _preprocess
from pyopenvba.interpreter._values import error

from perfeval.books.macros import LOST_SHEETS
from perfeval.commands import buttons
from perfeval.commands.buttons import BUTTONS, Told
from perfeval.errors import CELL_ERRORS
from perfeval.excel.values import ERROR_NUMBERS
from perfeval.functions import FUNCTIONS
from support.vbahost import HOME, INTERPRETER, LIBRARY, SETTINGS, Desk, Host, macro_workbook, unseen_caller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from perfeval.stepwise import Steps


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return macro_workbook(tmp_path_factory.mktemp("excel") / "单位.xlsm", "01 管网", "使用说明")


@pytest.fixture
def excel(workbook: Path) -> Iterator[Host]:
    host = Host(workbook, version("xlwings"))
    host.cells(A1=100, A2=200, B1=90, B2=150, C1="2.6亿元", D1="=1/0", D2="=NA()", E1=0, F1=True, G1="≥95%", H1=0.96)
    yield host
    assert host.server.overwritten == []  # no call may change a variable of VBA's


def shown(value: Any) -> Any:
    """A VBA value as a cell shows it: error values by name."""
    names = {f"Error {number}": error.code for error, number in ERROR_NUMBERS.items()}
    if isinstance(value, list):
        return [shown(part) for part in value]
    return names.get(repr(value), value)


VALUES = {
    "numbers": ("PE_EXEC_SCORE(100, 90)", 9),
    "cells": ('PE_EXEC_SCORE(Range("A1"), Range("B1"))', 9),
    "an option given": ('PE_EXEC_SCORE(Range("A1"), Range("B1"), 20)', 18),
    "an option left out before another": ('PE_EXEC_SCORE(Range("A1"), Range("B1"), , "cn-project-2020")', 9),
    "a blank cell for a required value": ('PE_EXEC_SCORE(Range("Z9"), Range("B1"))', ""),
    "a blank cell for an option": ('PE_EXEC_SCORE(Range("A1"), Range("B1"), Range("Z9"))', 9),
    "a column": ('PE_EXEC_SCORE(Range("A1:A2"), Range("B1:B2"))', [[9], [7.5]]),
    "a row": ("PE_EXEC_RATE(Array(100, 200), Array(90, 150))", [[0.9, 0.75]]),
    "a table": ('PE_NUMBER(Range("A1:B2"))', [[100, 90], [200, 150]]),
    "Chinese text": ('PE_NUMBER(Range("C1"))', 260_000_000),
    "a Chinese answer": ('PE_MEETS(Range("G1"), Range("H1"))', "是"),
    "several ranges at the end": ('PE_TOTAL(Range("A1:B2"), 1)', 541),
    "a whole column": ('PE_TOTAL(Range("A:A"))', 300),
    "a column from its second row on": ('PE_TOTAL(Range("A2:A1048576"))', 200),
    "whole rows": ('UBound(PE_NUMBER(Range("2:2")), 2)', 8),
    "a row from its second column on": ('UBound(PE_NUMBER(Range("B2:XFD2")), 2)', 7),
    "a column below what is used": ('PE_TOTAL(Range("A9:A1048576"))', ""),
    "a column that ends at the last used row": ('PE_EXEC_RATE(Range("A1:A2"), Range("B1:B2"))', [[0.9], [0.75]]),
    "money spent on nothing": ('PE_EXEC_RATE(Range("E1"), Range("B1"))', "#DIV/0!"),
    "beyond a double": ("PE_EXEC_RATE(1E-10, 1E+300)", "#NUM!"),
    "a total beyond a double": ("PE_TOTAL(1E+308, 1E+308)", "#NUM!"),
    "text for a number": ('PE_EXEC_SCORE("很多", 90)', "#VALUE!"),
    "an error cell": ('PE_EXEC_RATE(Range("D2"), Range("B1"))', "#N/A"),
    "an error within a range": ('PE_EXEC_RATE(Range("A1:D1"), Range("A2:D2"))', [[2, 150 / 90, "", "#DIV/0!"]]),
    "two areas as one argument": ('PE_EXEC_RATE(Union(Range("A1"), Range("A2")), 1)', "#VALUE!"),
}


@pytest.mark.parametrize(("expression", "value"), VALUES.values(), ids=VALUES.keys())
def test_value(excel: Host, expression: str, value: Any) -> None:
    assert shown(excel(expression)) == value


@pytest.mark.parametrize("code", CELL_ERRORS)
def test_every_error_goes_in_and_out_as_itself(excel: Host, code: str) -> None:
    number = ERROR_NUMBERS[CELL_ERRORS[code]]
    assert shown(excel(f"PE_EXEC_RATE(CVErr({number}), 1)")) == code


def test_blank_empty_text_zero_and_false_stay_apart(excel: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    received: list[Any] = []
    monkeypatch.setattr(type(FUNCTIONS["PE_EXPLAIN"]), "call", lambda _, *values: received.append(values) or "")
    excel('PE_EXPLAIN("X", Range("Z9"), "", 0, False, Range("F1"))')
    excel('PE_EXPLAIN("X", "", Range("Z9"), False, 0, Range("F1"))')
    assert received == [("X", None, "", 0, False, True), ("X", "", None, False, 0, True)]
    assert [[type(v) for v in values[3:]] for values in received] == [[float, bool, bool], [bool, float, bool]]


def test_a_date_cell_arrives_as_a_date(excel: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    received: list[Any] = []
    monkeypatch.setattr(type(FUNCTIONS["PE_EXPLAIN"]), "call", lambda _, *values: received.append(values) or "")
    excel('PE_EXPLAIN("X", DateSerial(2021, 12, 31))')
    assert received == [("X", datetime(2021, 12, 31))]


def test_a_date_formatted_cell_arrives_as_a_date_and_a_percent_cell_as_a_fraction(
    excel: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    excel.cells(A5=44561, B5=0.95, C5=44561)
    excel.do('Range("A5").NumberFormat = "yyyy/m/d"', 'Range("B5").NumberFormat = "0.00%"')
    received: list[Any] = []
    monkeypatch.setattr(type(FUNCTIONS["PE_EXPLAIN"]), "call", lambda _, *values: received.append(values) or "")
    excel('PE_EXPLAIN("X", Range("A5"), Range("B5"), Range("C5"), Range("A5:C5"))')
    date, percent, number = datetime(2021, 12, 31), 0.95, 44561
    assert received == [("X", date, percent, number, ((date, percent, number),))]


def test_a_result_is_remembered(excel: Host) -> None:
    for _ in range(3):
        assert excel('PE_EXEC_SCORE(Range("A1"), Range("B1"))') == 9
    excel("PE_EXEC_SCORE(100, 90)")  # the same values
    assert excel.server.calls.count("PE_EXEC_SCORE") == 1
    excel.cells(B1=80)
    assert excel('PE_EXEC_SCORE(Range("A1"), Range("B1"))') == 8


def test_a_remembered_table_keeps_its_shape_and_its_errors(excel: Host) -> None:
    excel.cells(A3=0, B3=5)
    for _ in range(2):
        assert shown(excel('PE_EXEC_RATE(Range("A1:A3"), Range("B1:B3"))')) == [[0.9], [0.75], ["#DIV/0!"]]
    assert excel.server.calls.count("PE_EXEC_RATE") == 1
    excel.press("recalculate")
    assert shown(excel('PE_EXEC_RATE(Range("A1:A3"), Range("B1:B3"))')) == [[0.9], [0.75], ["#DIV/0!"]]
    assert excel.server.calls.count("PE_EXEC_RATE") == 2


def test_an_error_is_remembered(excel: Host) -> None:
    for _ in range(2):
        assert shown(excel("PE_EXEC_RATE(0, 1)")) == "#DIV/0!"
    assert excel.server.calls.count("PE_EXEC_RATE") == 1


@pytest.mark.parametrize(
    "calls",
    [
        ["PE_NUMBER(1)", 'PE_NUMBER("1")', "PE_NUMBER(True)"],
        ["PE_EXEC_RATE(Array(1, 2), Array(3, 4))", "PE_EXEC_RATE(Array(1, 2, 3), Array(4))"],
        ['PE_EXEC_RATE(Range("A1:A2"), 1)', "PE_EXEC_RATE(Array(100, 200), 1)"],
        ['PE_MEETS("1|S1:2", "")', 'PE_MEETS("1", "2|S0:")'],
    ],
    ids=["types", "lengths", "shapes", "separators in texts"],
)
def test_what_differs_is_not_taken_for_the_same(excel: Host, calls: list[str]) -> None:
    for call in calls:
        excel(call)
    assert len(excel.server.calls) == len(calls)


def test_recalculating_forgets(excel: Host) -> None:
    excel("PE_EXEC_SCORE(100, 90)")
    excel.press("recalculate")
    assert excel.recalculations == 1
    excel("PE_EXEC_SCORE(100, 90)")
    assert excel.server.calls.count("PE_EXEC_SCORE") == 2


ENDED = {"not there": 0x800706BA, "failed": 0x800706BE, "disconnected": 0x80010108, "VBA's own number": 462}


@pytest.mark.parametrize("number", ENDED.values(), ids=ENDED.keys())
def test_a_server_that_ended_is_asked_for_again(excel: Host, number: int) -> None:
    excel("PE_EXEC_SCORE(100, 90)")
    excel.server.lost = [signed(number)]
    assert excel("PE_EXEC_SCORE(100, 80)") == 8
    assert [mode for _, mode, _ in excel.desk.activated] == [1, 1]
    excel.server.lost = [signed(number)] * 2  # the library takes it for alive: it must let go of it
    assert excel("PE_EXEC_SCORE(100, 70)") == 7
    assert [mode for _, mode, _ in excel.desk.activated] == [1, 1, 1, -1, 1]
    assert len({command for command, _, _ in excel.desk.activated}) == 1
    assert not excel.app.dialogs


def test_a_killed_server_that_the_library_cannot_reach_is_let_go_of(
    excel: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    excel("PE_EXEC_SCORE(100, 90)")
    excel.server.lost = [signed(0x800706BE)]
    excel.desk.words = f"Could not activate Python COM server, hr = {signed(0x800706BA)}"
    excel.desk.forgets = True
    assert excel("PE_EXEC_SCORE(100, 80)") == 8
    assert [mode for _, mode, _ in excel.desk.activated] == [1, 1, -1, 1]
    first, *_, last = [command for command, _, _ in excel.desk.activated]
    assert last == first[:-1] + ' # 1"'  # the library knows a Python by its command


def test_another_error_is_asked_once(excel: Host) -> None:
    excel("PE_EXEC_SCORE(100, 90)")
    excel.server.lost = [signed(0x80020009)]  # an exception in Python
    assert shown(excel("PE_EXEC_SCORE(100, 80)")) == "#VALUE!"
    assert len(excel.desk.activated) == 1
    assert excel("PE_EXEC_SCORE(100, 80)") == 8


def signed(number: int) -> int:
    """A status as VBA's Long."""
    return number - 2**32 if number >= 2**31 else number


def without_settings(desk: Desk) -> None:
    del desk.files[SETTINGS]


def without_interpreter(desk: Desk) -> None:
    del desk.files[INTERPRETER]


def without_library(desk: Desk) -> None:
    del desk.files[LIBRARY]


def broken(desk: Desk) -> None:
    desk.words = "Python process exited before it was possible to create the interface object."


TROUBLES = {
    without_settings: "install excel：\n" + SETTINGS,
    without_interpreter: "不在了，请运行 perfeval install excel：\n" + INTERPRETER,
    without_library: "xlwings DLL",
    broken: "一启动就结束了：\nPython process exited",
}


@pytest.mark.parametrize(("spoil", "words"), TROUBLES.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_a_python_that_cannot_start_is_told_without_a_dialog_out_of_a_cell(excel: Host, spoil: Any, words: str) -> None:
    spoil(excel.desk)
    for budget in range(1, 5):
        assert shown(excel(f"PE_EXEC_SCORE({budget}, 1)")) == "#VALUE!"
    assert not excel.app.dialogs
    assert "没有找到能用的 Python" in str(excel("Application.StatusBar"))
    assert len(excel.desk.activated) <= 1

    excel.press("recalculate")
    (dialog,) = excel.app.dialogs
    assert "perfeval doctor" in dialog[1]
    assert words in dialog[1]
    assert excel.recalculations == 0  # the scores that stand there stay

    excel.desk.__init__()
    excel.press("recalculate")
    assert excel("PE_EXEC_SCORE(1, 1)") == 10  # the failure was not remembered


def test_a_path_in_other_letters_is_written_short_or_told(excel: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    other = INTERPRETER.replace("zhang", "张")
    excel.desk.files[SETTINGS] = f'"INTERPRETER_WIN","{other}"\r\n'
    excel.desk.files[other] = excel.desk.files[LIBRARY.replace("zhang", "张")] = ""
    # As Windows' English code page has it, which knows no Chinese letter.
    monkeypatch.setattr(
        "pyopenvba.interpreter._intrinsics.ord", lambda letter: ord(letter) if letter < "\x80" else 63, raising=False
    )
    excel.press("recalculate")
    assert f"没有的字，Excel 启动不了它；请把 PerfEval 装到只含英文的文件夹：\n{other}" in excel.app.dialogs[0][1]
    excel.desk.short[other] = r"C:\Users\1F0~1\perfeval\Scripts\pythonw.exe"
    excel.desk.files[LIBRARY.replace("zhang", "1F0~1")] = ""
    excel.press("recalculate")
    assert excel("PE_EXEC_SCORE(1, 1)") == 10
    assert excel.desk.activated[0][0].startswith(r'"C:\Users\1F0~1\perfeval\Scripts\pythonw.exe" ')


def test_an_embedded_module_of_another_version_is_named(workbook: Path) -> None:
    excel = Host(workbook, "0.30.1")
    assert shown(excel("PE_EXEC_SCORE(1, 1)")) == "#VALUE!"
    excel.app.run("PerfEval_Opened")
    assert f"工作簿里的 xlwings 模块是 0.30.1，本机安装的是 {version('xlwings')}" in str(excel.app.dialogs)


def test_no_workbook_says_what_is_started(excel: Host) -> None:
    """Neither its folder nor its settings: they would travel with it, and make one Python a workbook."""
    excel.desk.files[r"C:\work\xlwings.conf"] = '"INTERPRETER_WIN","C:\\evil.exe"'
    excel("PE_EXEC_SCORE(1, 1)")
    ((command, _, folder),) = excel.desk.activated
    assert command == f'"{INTERPRETER}" -P -B -c "import xlwings; xlwings.serve(\'$(CLSID)\')"'
    assert (folder, excel.desk.folder) == (HOME, r"C:\work")


def test_the_function_wizard_shows_what_is_remembered_and_asks_nobody(excel: Host) -> None:
    excel("PE_EXEC_SCORE(100, 90)")
    excel.busy = True
    assert excel("PE_EXEC_SCORE(100, 90)") == 9
    assert shown(excel("PE_EXEC_SCORE(100, 80)")) == "#N/A"
    assert excel.server.calls == ["PE_EXEC_SCORE"]
    excel.busy = False
    assert excel("PE_EXEC_SCORE(100, 80)") == 8


def test_what_was_put_off_while_the_workbook_loaded_is_calculated_then(excel: Host) -> None:
    excel.busy = True
    assert shown(excel("PE_EXEC_SCORE(100, 80)")) == "#N/A"
    assert excel.server.calls == []
    excel.busy = False
    excel.saved(True)
    excel.app.run("PerfEval_Opened")
    assert excel.recalculations == 1
    assert excel("ThisWorkbook.Saved") is True


NOTHING = Told("")


def doing(happened: list[Any], *told: str, end: Told = NOTHING) -> Callable[..., Steps[str, Told]]:
    """A command in steps that notes what it was given, what stopped it, and that it was done."""

    def steps(*given: Any) -> Steps[str, Told]:
        happened.append(given)
        try:
            yield from told
        except KeyboardInterrupt:
            happened.append("stopped")
            return Told("已停下", is_trouble=True)
        happened.append("done")
        return end

    return steps


@pytest.mark.parametrize("name", sorted(BUTTONS.keys() - {"recalculate", "guide"}))
def test_a_button_runs_its_command(excel: Host, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    happened: list[Any] = []
    book = unseen_caller(xw.Book)
    end = Told("做完了")
    monkeypatch.setattr(buttons, "steps", doing(happened, end=end))
    monkeypatch.setattr(buttons, "tell", lambda *given: happened.append(given))
    monkeypatch.setattr(xw.Book, "caller", classmethod(lambda _: book))
    excel.do('ThisWorkbook.Worksheets(1).Name = "绩效目标"', 'ThisWorkbook.Worksheets(2).Name = "执行数据"')
    excel.press(name)
    assert happened == [(name, book), "done", (book.app, end)]
    assert excel.server.calls == ["press", "go_on", "tell"]
    assert excel.server.callers == [("xlwings._xlwindows.BOOK_CALLER", excel.app.workbook)] * 3
    assert excel("Application.Calculation") == -4105


def test_without_python_a_button_says_so_each_time_it_is_pressed(excel: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(excel.desk)
    for presses in (1, 2):
        excel.press("review")
        assert len(excel.app.dialogs) == presses
    assert excel.server.calls == []
    excel.desk.words = ""
    monkeypatch.setattr(buttons, "steps", doing([]))
    monkeypatch.setattr(xw.Book, "caller", classmethod(unseen_caller))
    excel.press("review")
    assert excel.server.calls == ["press", "go_on"]


def test_a_command_is_never_run_twice(excel: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    excel("PE_EXEC_SCORE(100, 90)")
    excel.server.lost = [462]  # before the command: Python is simply started again
    monkeypatch.setattr(buttons, "steps", doing([]))
    monkeypatch.setattr(xw.Book, "caller", classmethod(unseen_caller))
    excel.press("review")
    assert excel.server.calls.count("press") == 1
    monkeypatch.setattr(type(excel.server.python), "CallUDF", lost_at_press(type(excel.server.python).CallUDF))
    excel.press("review")
    assert excel.server.calls.count("press") == 2
    assert "只做了一半" in str(excel.app.dialogs)
    assert excel("Application.Calculation") == -4105


def lost_at_press(known: Any) -> Any:
    """Python ends within the command."""

    def call(self: Any, module: str, name: str, *more: Any) -> Any:
        if name == "press":
            raise error(462, "The remote server machine does not exist")
        return known(self, module, name, *more)

    return call


@pytest.fixture
def mac(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    monkeypatch.setattr(
        _preprocess, "DEFAULT_CONSTANTS", {"VBA7": True, "Mac": True, "Win64": False, "Win32": False, "VBA6": True}
    )
    return Host(workbook, version("xlwings"))


def test_on_a_mac_the_buttons_run_and_the_functions_say_where_they_work(mac: Host) -> None:
    assert shown(mac("PE_EXEC_SCORE(100, 90)")) == "#N/A"
    assert "只在 Windows 版 Excel 里计算" in str(mac("Application.StatusBar"))
    mac.app.run("PerfEval_Opened")
    assert not mac.app.dialogs
    mac.press("recalculate")  # nothing is calculated: the scores that stand there would be lost
    assert ("只在 Windows 版 Excel 里计算" in mac.app.dialogs[0][1], mac.recalculations) == (True, 0)
    mac.press("fill")
    command = "import xlwings, perfeval.commands.buttons as buttons; buttons.press('fill', xlwings.Book.caller())"
    assert mac.desk.commands == [command]
    assert mac.desk.activated == []


def test_on_a_mac_strangers_settings_run_nothing(mac: Host) -> None:
    mac.desk.files[r"C:\work\xlwings.conf"] = ""
    mac.press("fill")
    assert "为安全起见不使用" in mac.app.dialogs[0][1]
    del mac.desk.files[r"C:\work\xlwings.conf"]
    without_sheets(mac)
    mac.press("fill")
    assert "隐藏工作表不见了" in mac.app.dialogs[1][1]
    assert mac.desk.commands == []


def without_sheets(host: Host) -> None:
    """As Excel's document inspector leaves a workbook."""
    host.do("Application.DisplayAlerts = False", 'Worksheets("xlwings.conf").Delete', 'Worksheets("_帮助").Delete')


def test_a_workbook_without_its_hidden_sheets_is_named_and_calculates(
    excel: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_sheets(excel)
    monkeypatch.setattr(buttons, "steps", doing([]))
    monkeypatch.setattr(xw.Book, "caller", classmethod(unseen_caller))
    assert excel("PE_EXEC_SCORE(100, 90)") == 9
    excel.app.run("PerfEval_Opened")
    excel.press("fill")
    assert [dialog[1] for dialog in excel.app.dialogs] == [LOST_SHEETS]
    assert excel.server.calls[-2:] == ["press", "go_on"]
    ((command, _, _),) = excel.desk.activated
    assert "serve('$(CLSID)')" in command


def test_the_guide_button_shows_the_guide(excel: Host) -> None:
    excel.press("guide")
    assert excel("ActiveSheet.Name") == "使用说明"


def test_opening_works_where_excel_refuses_the_wizards_texts(excel: Host) -> None:
    excel.refuses_help = True
    excel.saved(True)
    excel.app.run("PerfEval_Opened")
    assert excel("ThisWorkbook.Saved") is True
    assert excel("PE_EXEC_SCORE(100, 90)") == 9
    assert not excel.app.dialogs


def test_opening_describes_every_function_and_changes_nothing(excel: Host) -> None:
    excel.saved(True)
    excel.app.run("PerfEval_Opened")
    assert excel.described.keys() == FUNCTIONS.keys()
    for name, options in excel.described.items():
        function = FUNCTIONS[name]
        assert options["category"] == function.group
        assert len(options["argumentdescriptions"]) == len(function.arguments)
        assert all(0 < len(text) <= 255 for text in [options["description"], *options["argumentdescriptions"]])
    assert excel("ThisWorkbook.Saved") is True
    assert excel.server.greetings  # Python runs before the first cell asks
    assert excel.server.calls == []
