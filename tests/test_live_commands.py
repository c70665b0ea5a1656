"""The buttons on an open workbook, in a running Calc over xlwings' API: what grows, what is filled, what is taken back.

The measure of a grown workbook is the one that the builder makes for a body with one more project or indicator.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import calc as driver
from calc import Calc, content
from perfeval.books import FileBook
from perfeval.books.live import LiveBook
from perfeval.commands import new
from perfeval.commands.buttons import BUTTONS
from perfeval.commands.fill import plan
from perfeval.forms import names, sheets
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Grid
from perfeval.forms.records import SHARED, Body, Funds, Indicator, Project

pytestmark = pytest.mark.skipif(bool(driver.missing()), reason=driver.missing())

OUTPUT, BENEFIT, SATISFACTION = "产出指标", "效益指标", "满意度指标"
# Kinds of one row, of two, of rows that share one 分值, and a 一级指标 without 二级指标; rows 13 to 20.
KINDS = (
    (OUTPUT, "数量指标", None), (OUTPUT, "数量指标", None), (OUTPUT, "质量指标", None),
    (OUTPUT, "时效指标", None), (OUTPUT, "时效指标", SHARED), (BENEFIT, "社会效益指标", None),
    (SATISFACTION, "", None), (SATISFACTION, "", None),
)  # fmt: skip


def indicators(*kinds: tuple[str, str, Any]) -> tuple[Indicator, ...]:
    return tuple(Indicator(level1, level2, "", weight=weight) for level1, level2, weight in kinds)


def body(*projects: Project) -> Body:
    return Body("市水务局", 2021, "sz-project-2021", "元", projects)


FIRST = Project("01", "管网改造", indicators=indicators(*KINDS))
SECOND = Project("02", "河道清淤", indicators=indicators(*KINDS[:3], *KINDS[5:]))
BODY = body(FIRST, SECOND)
SHEET = "01 管网改造"


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calc]:
    with Calc(driver.prepare(tmp_path_factory.mktemp("profile"))) as running:
        yield running


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new.new(tmp_path_factory.mktemp("new") / "自评.xlsm", BODY)


@pytest.fixture
def document(calc: Calc, blank: Path) -> Iterator[Any]:
    with calc.open(blank) as opened:
        yield opened


@pytest.fixture
def press(calc: Calc, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Presses a button on a document, with the cursor in a cell; gives what it says."""
    from perfeval.libreoffice import commands, engine  # noqa: PLC0415 — need uno

    def pressed(document: Any, name: str, at: str = "") -> str:
        said: list[str] = []
        monkeypatch.setattr(engine, "show", lambda _c, _d, _t, prompt, **_: said.append(prompt))
        if at:
            document.CurrentController.select(cell(document, at))
        commands.press(calc.context, document, name)
        return "".join(said)

    return pressed


def live(calc: Calc, document: Any) -> LiveBook:
    from perfeval.libreoffice.engine import book  # noqa: PLC0415 — needs uno

    return LiveBook(book(calc.context, document))


def cell(document: Any, place: str) -> Any:
    sheet, _, name = place.rpartition("!")
    return document.Sheets.getByName(sheet or SHEET).getCellRangeByName(name)


def laid_out(grid: Grid) -> dict[str, Any]:
    """What a sheet is but for the values of its formulas; a range of one cell is a cell to Calc."""
    cells = {
        str(place): ((found.formula and re.sub(r"([A-Z]+\d+):\1\b", r"\1", found.formula)) or found.value, found.format)
        for place, found in grid.cells.items()
    }
    return {place: found for place, found in cells.items() if found != (None, "General")} | {
        "merges": sorted(map(str, grid.merges))
    }


def looks(document: Any, sheet: str) -> dict[str, Any]:
    """Row heights, borders and tints, data validation and print area of a sheet."""
    found = document.Sheets.getByName(sheet)
    last = found.createCursor()
    last.gotoEndOfUsedArea(False)
    rows = range(last.RangeAddress.EndRow + 1)
    return {
        "heights": [found.Rows.getByIndex(row).Height for row in rows],
        "cells": [
            (c.CellBackColor, c.TopBorder.OuterLineWidth, c.Validation.Type.value, c.CharFontName, c.IsTextWrapped)
            for row in rows
            for c in (found.getCellByPosition(column, row) for column in range(14))
        ],
        "printed": [(area.EndRow, area.EndColumn) for area in found.getPrintAreas()],
    }


# --- 增加指标行 ---

PLACES = {
    "the first of a kind": ("D13", 14, 1), "the last of a kind": ("E14", 15, 2), "the only one of a kind": ("H15", 16, 3),
    "rows that share one 分值": ("D16", 18, 5), "the last of a level": ("C18", 19, 6), "the last of all": ("B20", 21, 8),
}  # fmt: skip


@pytest.mark.parametrize(("cursor", "row", "place"), PLACES.values(), ids=PLACES.keys())
def test_an_indicator_row_is_as_the_builder_makes_it(
    calc: Calc, document: Any, press: Callable[..., str], tmp_path: Path, cursor: str, row: int, place: int
) -> None:
    grown = list(FIRST.indicators)
    grown.insert(place, replace(grown[place - 1], weight=None))
    wanted = new.new(tmp_path / "mit.xlsm", body(replace(FIRST, indicators=tuple(grown)), SECOND))
    before = laid_out(live(calc, document).grid(SHEET))
    assert press(document, "add_indicator", cursor) == ""
    assert document.CurrentSelection.RangeAddress.StartRow + 1 == row
    after = live(calc, document)
    for sheet in (SHEET, names.SUMMARY):
        assert laid_out(after.grid(sheet)) == laid_out(FileBook.open(wanted).grid(sheet))
    with calc.open(wanted) as other:
        assert looks(document, SHEET) == looks(other, SHEET)
    undo = document.getUndoManager()
    assert undo.getCurrentUndoActionTitle() == "绩效评价：增加指标行"
    undo.undo()
    assert laid_out(live(calc, document).grid(SHEET)) == before


def test_a_new_row_scores_and_counts(document: Any, press: Callable[..., str]) -> None:
    press(document, "add_indicator", "D20")
    for place, value in {"E21": "≥90%", "F21": "81%", "G21": 10.0}.items():
        found = cell(document, place)
        found.setString(value) if isinstance(value, str) else found.setValue(value)
    assert [content(cell(document, place)) for place in ("K21", "H21", "G22", "H22")] == [9.0, 9.0, 20.0, 9.0]
    assert content(cell(document, "汇总!F4")) == 9.0


NOT_A_ROW = {"a heading": "A5", "the total": "H21", "another sheet": "基本信息!B2"}


@pytest.mark.parametrize("cursor", NOT_A_ROW.values(), ids=NOT_A_ROW.keys())
def test_without_an_indicator_row_nothing_is_inserted(
    calc: Calc, document: Any, press: Callable[..., str], cursor: str
) -> None:
    before = laid_out(live(calc, document).grid(SHEET))
    assert "请先点自评表里的一行指标" in press(document, "add_indicator", cursor)
    assert laid_out(live(calc, document).grid(SHEET)) == before


@pytest.mark.parametrize(("name", "sheet"), [("add_indicator", SHEET), ("add_project", names.SUMMARY)])
def test_a_protected_sheet_is_named(document: Any, press: Callable[..., str], name: str, sheet: str) -> None:
    document.Sheets.getByName(sheet).protect("")
    assert f"工作表“{sheet}”受保护" in press(document, name, "D13")
    assert document.Sheets.Count == len(BODY.projects) + 8


# --- 新增项目 ---


def test_a_project_is_as_the_builder_makes_it(
    calc: Calc, document: Any, press: Callable[..., str], tmp_path: Path
) -> None:
    wanted = new.new(tmp_path / "mit.xlsm", body(FIRST, SECOND, replace(FIRST, code="03", name="")))
    title = names.form_title(3, "")
    before = {sheet: laid_out(live(calc, document).grid(sheet)) for sheet in live(calc, document).sheets}
    fill_in(document)
    assert f"新增了自评表“{title}”" in press(document, "add_project", "D13")
    assert document.CurrentController.ActiveSheet.Name == title
    after, built = live(calc, document), FileBook.open(wanted)
    assert after.user_sheets[:7] == built.user_sheets[:7]
    for sheet in (title, names.SUMMARY):
        assert laid_out(after.grid(sheet)) == laid_out(built.grid(sheet))
    listed = [after.grid(names.BASICS)[15, column] for column in range(1, 9)]
    assert [(found.value, found.formula) for found in listed[:3]] == [
        ("03", None), ("", f"IF('{title}'!B3=\"\",\"\",'{title}'!B3)"), (None, None),
    ]  # fmt: skip
    with calc.open(wanted) as other:
        for sheet in (title, names.SUMMARY):
            assert looks(document, sheet) == looks(other, sheet)
        assert charted(document) == charted(other)
    document.getUndoManager().undo()
    assert sorted(live(calc, document).sheets) == sorted(before)
    take_out(document)
    assert {sheet: laid_out(live(calc, document).grid(sheet)) for sheet in before} == before


TYPED = {"B3": "旧名", "E6": 100.0, "F6": 90.0, "I6": 8.0, "D13": "长度", "E13": "≥5", "F13": "6个", "G13": 9.0, "H13": 7.0,
         "I13": "原因", "B11": "目标"}  # fmt: skip


def fill_in(document: Any) -> None:
    """What a person fills into the form that is then copied."""
    for place, value in TYPED.items():
        found = cell(document, place)
        found.setString(value) if isinstance(value, str) else found.setValue(value)


def take_out(document: Any) -> None:
    undo = document.getUndoManager()
    for _ in TYPED:
        undo.undo()


def charted(document: Any) -> list[tuple[int, int, int]]:
    chart = document.Sheets.getByName(names.SUMMARY).Charts.getByIndex(0)
    return [(area.StartRow, area.EndRow, area.StartColumn) for area in chart.Ranges]


def test_a_new_project_counts_in_the_summary(calc: Calc, press: Callable[..., str], tmp_path: Path) -> None:
    path = new.new(tmp_path / "新.xlsm", new.BLANK)  # one form, without a name or a code
    with calc.open(path) as document:
        press(document, "add_project")
        title = names.form_title(2, "")
        for place, value in {"B3": "第二个", "E6": 200.0, "F6": 100.0}.items():
            found = cell(document, f"{title}!{place}")
            found.setString(value) if isinstance(value, str) else found.setValue(value)
        assert [content(cell(document, f"汇总!{place}")) for place in ("A5", "B5", "C7", "E7", "F7")] == [
            2.0, "第二个", 200.0, 0.5, 5.0,
        ]  # fmt: skip
        assert content(cell(document, "基本信息!B13")) == "第二个"
        saved = calc.save(document, tmp_path / "存.xlsx")
    book = openpyxl.load_workbook(saved)
    assert book[title].print_area == "'02 项目自评表'!$A$1:$I$32"
    assert book[title].print_title_rows == "$12:$12"
    assert [str(rule.sqref) for rule in book[title].data_validations.dataValidation] == ["G13:G28"]


def test_without_a_form_there_is_nothing_to_copy(calc: Calc, press: Callable[..., str]) -> None:
    with calc.open() as document:
        assert "没有项目自评表" in press(document, "add_project")


# --- 填报, 撤销填报 ---

DATA = body(
    replace(
        FIRST,
        funds=(Funds("年度资金总额", 100.0, 100.0, 80.0),),
        indicators=tuple(
            replace(row, name=f"指标{n}项", target="≥5个", actual=f"{n}个", weight=row.weight or 10.0, score=9.0)
            for n, row in enumerate(FIRST.indicators)
        ),
    )
)


@pytest.fixture
def with_data(tmp_path: Path, blank: Path) -> Path:
    """The workbook with data in its import sheets."""
    (tmp_path / "data.xlsx").write_bytes(sheets.data_workbook(DATA))
    data, book = FileBook.open(tmp_path / "data.xlsx"), FileBook.open(blank)
    for sheet in (names.TARGETS, names.EXECUTION):
        rows = {place: found.value for place, found in data.grid(sheet).cells.items() if place.row > 1}
        book.apply([Edit(sheet, place, value) for place, value in rows.items() if value is not None])
    return book.save(tmp_path / "自评.xlsm", backup=False) or tmp_path / "自评.xlsm"


def test_a_fill_is_taken_back_but_for_what_was_changed_since(
    calc: Calc, with_data: Path, press: Callable[..., str]
) -> None:
    edits = [edit for edit in plan(FileBook.open(with_data)).edits if edit.sheet != names.MEMORY]
    with calc.open(with_data) as document:
        before = laid_out(live(calc, document).grid(SHEET))
        assert before["H13"] == ("K13", "0.00")
        assert f"填写了 {len(edits)} 个单元格" in press(document, "fill")
        assert content(cell(document, "H13")) == 9.0
        cell(document, "F6").setValue(85.0)
        said = press(document, "undo")
        assert f"已恢复 {len(edits) - 1} 个单元格" in said
        assert f"“{SHEET}”F6" in said
        assert laid_out(live(calc, document).grid(SHEET)) == before | {"F6": (85.0, "#,##0.00")}
        assert "没有可以撤销的填报" in press(document, "undo")
        assert f"填写了 {len(edits) - 1} 个单元格" in press(document, "fill")  # and F6 is a person's now


def test_a_fill_outlives_the_program(calc: Calc, with_data: Path, press: Callable[..., str], tmp_path: Path) -> None:
    before = laid_out(FileBook.open(with_data).grid(SHEET))
    book = FileBook.open(with_data)
    book.apply(plan(book).edits)  # as the shell fills it
    book.save(backup=False)
    with calc.open(with_data) as document:
        path = calc.save(document, tmp_path / "另存.xlsx")
    with calc.open(path) as document:
        press(document, "undo")
        assert laid_out(live(calc, document).grid(SHEET)) == before


def test_a_fill_is_remembered_below_an_inserted_row(calc: Calc, with_data: Path, press: Callable[..., str]) -> None:
    with calc.open(with_data) as document:
        press(document, "fill")
        press(document, "add_indicator", "D13")
        cell(document, "绩效目标!H4").setString("77个")  # the third indicator, which has moved to row 16
        assert "填写了 1 个单元格" in press(document, "fill")
        assert content(cell(document, "F16")) == "77个"
        press(document, "undo")
        assert content(cell(document, "F16")) == "2个"


def test_a_fill_says_how_far_it_is_and_leaves_the_program_as_it_was(
    calc: Calc, with_data: Path, press: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from perfeval.libreoffice.engine import App  # noqa: PLC0415 — needs uno

    shown: list[tuple[Any, bool, str]] = []
    known = App.status_bar

    def tell(app: App, text: str | bool) -> None:
        shown.append((text, app.screen_updating, app.calculation))
        known.fset(app, text)  # type: ignore[attr-defined]

    monkeypatch.setattr(App, "status_bar", property(known.fget, tell))  # type: ignore[attr-defined]
    with calc.open(with_data) as document:
        document.enableAutomaticCalculation(False)
        press(document, "fill")
        assert (document.hasControllersLocked(), document.isAutomaticCalculationEnabled()) == (False, False)
    during = [text for text, updating, mode in shown if (updating, mode) == (False, "manual")]
    assert "正在填报：读取“01 管网改造”（4/10）" in during
    assert "正在填报：填写“01 管网改造”（1/2）" in during
    assert shown[-1][0] is False


# --- the others ---


def test_the_guide_comes_to_the_front(document: Any, press: Callable[..., str]) -> None:
    assert press(document, "guide") == ""
    assert document.CurrentController.ActiveSheet.Name == names.GUIDE


def test_a_workbook_without_a_guide_says_so(calc: Calc, press: Callable[..., str]) -> None:
    with calc.open() as document:
        assert "perfeval new" in press(document, "guide")


def test_recalculating_computes_what_was_left(document: Any, press: Callable[..., str]) -> None:
    document.enableAutomaticCalculation(False)
    for place, value in {"E6": 100.0, "F6": 90.0}.items():
        cell(document, place).Value = value
    assert press(document, "recalculate") == ""
    assert content(cell(document, "K6")) == 9.0
    assert document.isAutomaticCalculationEnabled() is False


def test_what_goes_wrong_unforeseen_is_one_sentence(
    document: Any, press: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Any) -> str:
        raise RuntimeError("接线断了")

    monkeypatch.setitem(BUTTONS, "fill", replace(BUTTONS["fill"], command=broken))
    assert press(document, "fill") == "“填报”没有完成，请把这句话告诉维护者：RuntimeError('接线断了')"
    assert not document.hasControllersLocked()
