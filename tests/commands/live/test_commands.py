"""The buttons on an open workbook, pressed in a running Calc: what grows, what is filled, what is taken back.

The measure of a grown workbook is the one that the builder makes for a body with one more project or indicator.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfeval.books import FileBook
from perfeval.commands import new
from perfeval.commands.fill import plan
from perfeval.forms.edits import Edit
from perfeval.records import names
from perfeval.records.model import Funds
from perfeval.workbook.book import data_workbook
from support import calc as driver
from support.calc import Calc, content
from support.growing import (
    BODY,
    FIRST,
    LISTED,
    PLACES,
    SHEET,
    WHOLE_BODY,
    WHOLE_PLACES,
    body,
    cell,
    with_indicator,
    with_project,
    with_whole_indicator,
)

pytestmark = [pytest.mark.host, pytest.mark.skipif(bool(driver.missing()), reason=driver.missing())]

Press = Callable[..., str]
Stored = Callable[[Any], dict[str, Any]]


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new.new(tmp_path_factory.mktemp("new") / "自评.xlsm", BODY)


@pytest.fixture
def document(calc: Calc, blank: Path) -> Iterator[Any]:
    with calc.open(blank) as opened:
        yield opened


@pytest.fixture
def stored(calc: Calc, tmp_path: Path) -> Callable[[Any], dict[str, Any]]:
    """The sheets of a document as Calc stores them, each as all that a person sees but for the values of formulas."""
    numbers = itertools.count()

    def look(document: Any) -> dict[str, Any]:
        path = calc.save(document, tmp_path / f"stored{next(numbers)}.xlsx")
        return dict(sheets_of(path))

    return look


UNTOUCHED = (names.TARGETS, names.EXECUTION, names.GUIDE, names.MEMORY, "xlwings.conf", "_帮助")


def sheets_of(path: Path) -> Iterator[tuple[str, Any]]:
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible" and sheet.title not in UNTOUCHED:
            cells = {c.coordinate: (c.value, c.number_format) for row in sheet for c in row}
            styles = {
                c.coordinate: (c.fill.fgColor.rgb, c.border.bottom.style, c.font.sz) for row in sheet for c in row
            }
            yield (
                sheet.title,
                {
                    "cells": {place: found for place, found in cells.items() if found != (None, "General")},
                    "styles": {place: found for place, found in styles.items() if found[0] != "00000000" or found[1]},
                    "merges": sorted(map(str, sheet.merged_cells.ranges)),
                    "heights": {row: found.height for row, found in sheet.row_dimensions.items() if row < 1000},
                    "validation": sorted(f"{rule.type} {rule.sqref}" for rule in sheet.data_validations.dataValidation),
                    "print": (sheet.print_area, sheet.print_title_rows),
                    "charts": [
                        (series.cat.strRef.f, series.val.numRef.f) for chart in sheet._charts for series in chart.series
                    ],
                },
            )


# --- 增加指标行 ---


HARDEST = ("the only one of a kind", "rows that share one 分值", "the last of all")  # the others: excel/test_commands


@pytest.mark.parametrize(("cursor", "row", "place"), [PLACES[name] for name in HARDEST], ids=HARDEST)
def test_an_indicator_row_is_as_the_builder_makes_it(
    calc: Calc, document: Any, press: Press, stored: Stored, tmp_path: Path, cursor: str, row: int, place: int
) -> None:
    wanted = new.new(tmp_path / "one more.xlsm", with_indicator(place))
    before = stored(document)
    assert press(document, "add_indicator", cursor) == ""
    assert document.CurrentSelection.RangeAddress.StartRow + 1 == row
    with calc.open(wanted) as other:
        assert stored(document) == stored(other)
    undo = document.getUndoManager()
    assert undo.getCurrentUndoActionTitle() == "绩效评价：增加指标行"
    undo.undo()
    assert stored(document) == before


def test_an_indicator_row_of_the_whole_body_is_as_the_builder_makes_it(
    calc: Calc, press: Press, stored: Stored, tmp_path: Path
) -> None:
    cursor, row, place = WHOLE_PLACES["the last of all"]
    wanted = new.new(tmp_path / "one more.xlsm", with_whole_indicator(place))
    with calc.open(new.new(tmp_path / "整体.xlsm", WHOLE_BODY)) as whole, calc.open(wanted) as other:
        assert press(whole, "add_indicator", f"{names.ASSESSMENT}!{cursor}") == ""
        assert whole.CurrentSelection.RangeAddress.StartRow + 1 == row
        grown, built = stored(whole)[names.ASSESSMENT], stored(other)[names.ASSESSMENT]
    assert grown == built


def test_a_new_row_scores_and_counts(document: Any, press: Press) -> None:
    press(document, "add_indicator", "D20")
    for place, value in {"E21": "≥90%", "F21": "81%", "G21": 10.0}.items():
        enter(document, place, value)
    assert [content(cell(document, place)) for place in ("K21", "H21", "G22", "H22")] == [9.0, 9.0, 20.0, 9.0]
    assert content(cell(document, "汇总!F4")) == 9.0


NOT_A_ROW = {"a heading": "A5", "the total": "H21", "another sheet": "基本信息!B2"}


@pytest.mark.parametrize("cursor", NOT_A_ROW.values(), ids=NOT_A_ROW.keys())
def test_without_an_indicator_row_nothing_is_inserted(document: Any, press: Press, cursor: str) -> None:
    before = cell(document, "A1:N30").getFormulaArray()
    assert "请先点自评表里的一行指标" in press(document, "add_indicator", cursor)
    assert cell(document, "A1:N30").getFormulaArray() == before


@pytest.mark.parametrize(("name", "sheet"), [("add_indicator", SHEET), ("add_project", names.SUMMARY)])
def test_a_protected_sheet_is_named(document: Any, press: Press, name: str, sheet: str) -> None:
    document.Sheets.getByName(sheet).protect("")
    assert f"工作表“{sheet}”：受保护" in press(document, name, "D13")
    assert document.Sheets.Count == len(BODY.projects) + 11


def test_a_workbook_with_a_protected_structure_is_left_alone(document: Any, press: Press) -> None:
    document.protect("")
    assert "工作簿的结构受保护" in press(document, "add_project")
    assert document.Sheets.Count == len(BODY.projects) + 11


# --- 新增项目 ---


TYPED = {"B3": "旧名", "E6": 100.0, "F6": 90.0, "I6": 8.0, "D13": "长度", "E13": "≥5", "F13": "6个", "G13": 9.0, "H13": 7.0,
         "I13": "原因", "B11": "目标", "D22": "填报日期：2022年1月5日"}  # fmt: skip


def test_a_project_is_as_the_builder_makes_it(
    calc: Calc, document: Any, press: Press, stored: Stored, tmp_path: Path
) -> None:
    wanted = new.new(tmp_path / "one more.xlsm", with_project())
    title = names.form_title(3, "")
    for place, value in TYPED.items():
        enter(document, place, value)
    before = stored(document)
    assert f"新增了自评表“{title}”" in press(document, "add_project", "D13")
    assert document.CurrentController.ActiveSheet.Name == title
    after = stored(document)
    with calc.open(wanted) as other:
        built = stored(other)
    assert list(after) == list(built)
    assert (after[title], after[names.SUMMARY]) == (built[title], built[names.SUMMARY])
    listed = built[names.BASICS]["cells"] | {f"B{LISTED + 2}": (f"=IF('{title}'!B3=\"\",\"\",'{title}'!B3)", "General")}
    assert after[names.BASICS]["cells"] == listed
    assert after[names.BASICS]["print"] == built[names.BASICS]["print"]
    document.getUndoManager().undo()
    assert stored(document) == before


def enter(document: Any, place: str, value: str | float) -> None:
    found = cell(document, place)
    found.setString(value) if isinstance(value, str) else found.setValue(value)


def test_a_new_project_counts_in_the_summary(calc: Calc, press: Press, stored: Stored, tmp_path: Path) -> None:
    path = new.new(tmp_path / "新.xlsm", new.BLANK)  # one form, without a name or a code
    with calc.open(path) as document:
        press(document, "add_project")
        title = names.form_title(2, "")
        for place, value in {"B3": "第二个", "E6": 200.0, "F6": 100.0}.items():
            enter(document, f"{title}!{place}", value)
        assert [content(cell(document, f"汇总!{place}")) for place in ("A5", "B5", "C7", "E7", "F7")] == [
            2.0, "第二个", 200.0, 0.5, 5.0,
        ]  # fmt: skip
        assert content(cell(document, f"基本信息!B{LISTED}")) == "第二个"
        there = stored(document)
    first, second = there[names.TEMPLATE], there[title]
    assert second["validation"] == first["validation"] == ["decimal D6:F9", "decimal G6 G13:G30", "decimal H13:H30 I6"]
    assert second["print"] == (f"'{title}'!$A$1:$I$32", "$12:$12")
    assert {key: found for key, found in first.items() if key != "print"} == {
        key: found for key, found in second.items() if key != "print"
    } | {"cells": first["cells"]}


def test_without_a_form_there_is_nothing_to_copy(calc: Calc, press: Press) -> None:
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
    (tmp_path / "data.xlsx").write_bytes(data_workbook(DATA))
    data, book = FileBook.open(tmp_path / "data.xlsx"), FileBook.open(blank)
    for sheet in (names.TARGETS, names.EXECUTION):
        rows = {place: found.value for place, found in data.grid(sheet).cells.items() if place.row > 1}
        book.apply([Edit(sheet, place, value) for place, value in rows.items() if value is not None])
    return book.save(tmp_path / "自评.xlsm", backup=False) or tmp_path / "自评.xlsm"


def test_a_fill_is_taken_back_but_for_what_was_changed_since(
    calc: Calc, with_data: Path, press: Press, stored: Stored
) -> None:
    edits = [edit for edit in plan(FileBook.open(with_data)).edits if edit.sheet != names.MEMORY]
    with calc.open(with_data) as document:
        before = stored(document)
        assert before[SHEET]["cells"]["H13"] == ("=K13", "0.00")
        assert f"填写了 {len(edits)} 个单元格" in press(document, "fill")
        assert content(cell(document, "H13")) == 9.0
        cell(document, "F6").setValue(85.0)
        said = press(document, "undo")
        assert f"已恢复 {len(edits) - 1} 个单元格" in said
        assert f"“{SHEET}”F6" in said
        assert content(cell(document, "F6")) == 85.0
        cell(document, "F6").clearContents(1)
        assert stored(document) == before
        assert f"已填回 {len(edits) - 1} 个单元格" in press(document, "undo")
        assert content(cell(document, "H13")) == 9.0


def test_a_fill_outlives_the_program(calc: Calc, with_data: Path, press: Press, stored: Stored, tmp_path: Path) -> None:
    with calc.open(with_data) as document:
        before = stored(document)
    book = FileBook.open(with_data)
    book.apply(plan(book).edits)  # as the shell fills it
    book.save(backup=False)
    with calc.open(with_data) as document:
        path = calc.save(document, tmp_path / "另存.xlsx")
    with calc.open(path) as document:
        press(document, "undo")
        assert stored(document) == before


def test_a_fill_says_how_far_it_is_and_leaves_the_program_as_it_was(
    calc: Calc, with_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pressed from this process, which alone can listen to what the command tells on its way."""
    from perfeval.commands import in_calc  # noqa: PLC0415 — needs uno
    from perfeval.libreoffice import engine  # noqa: PLC0415 — needs uno

    shown: list[tuple[Any, bool, str]] = []
    known = engine.App.status_bar

    def tell(app: engine.App, text: str | bool) -> None:
        shown.append((text, app.screen_updating, app.calculation))
        known.fset(app, text)  # type: ignore[attr-defined]

    monkeypatch.setattr(engine.App, "status_bar", property(known.fget, tell))  # type: ignore[attr-defined]
    monkeypatch.setattr(engine, "show", lambda *_, **__: None)
    with calc.open(with_data) as document:
        document.enableAutomaticCalculation(False)
        in_calc.press(calc.context, document, "fill")
        assert (document.hasControllersLocked(), document.isAutomaticCalculationEnabled()) == (False, False)
    during = [text for text, updating, mode in shown if (updating, mode) == (False, "manual")]
    assert "正在填报：读取“01 管网改造”（5/13）" in during
    assert "正在填报：填写“01 管网改造”（1/2）" in during
    assert shown[-1][0] is False


# --- the others ---


def test_the_guide_comes_to_the_front(document: Any, press: Press) -> None:
    assert press(document, "guide") == ""
    assert document.CurrentController.ActiveSheet.Name == names.GUIDE


def test_a_workbook_without_a_guide_says_so(calc: Calc, press: Press) -> None:
    with calc.open() as document:
        assert "perfeval new" in press(document, "guide")


def test_recalculating_computes_what_was_left(document: Any, press: Press) -> None:
    document.enableAutomaticCalculation(False)
    for place, value in {"E6": 100.0, "F6": 90.0}.items():
        cell(document, place).Value = value
    assert press(document, "recalculate") == ""
    assert content(cell(document, "K6")) == 9.0
    assert document.isAutomaticCalculationEnabled() is False


def test_the_check_for_excel_says_what_is_seen(calc: Calc, press: Press, tmp_path: Path) -> None:
    """Steps 9 to 12 of docs/excel-check.md, in Calc: its figures are what a person must see in Excel."""
    with calc.open(new.new(tmp_path / "核对.xlsm", new.BLANK)) as document:
        form = names.TEMPLATE
        press(document, "add_indicator", f"{form}!D13")
        assert [content(cell(document, f"{form}!D{row}")) for row in (13, 14, 15)] == ["指标1：", "指标2：", "指标3："]
        press(document, "add_project")
        assert cell(document, "汇总!C7").Formula == "=SUM(C4:C6)"
        target = ["01", "试一试", "产出指标", "数量指标", "次数", "≥10次", 50.0, "9次"]
        funds = ["01", "试一试", "年度资金总额", 100.0, 100.0, 90.0]
        for sheet, row in ((names.TARGETS, target), (names.EXECUTION, funds)):
            for letter, value in zip("ABCDEFGH", row, strict=False):
                enter(document, f"{sheet}!{letter}2", value)
        press(document, "fill")
        shown = [content(cell(document, f"{form}!{place}")) for place in ("B3", "H6", "I6", "K13", "H13")]
        assert shown == ["试一试", 0.9, 9.0, 45.0, 45.0]
        enter(document, f"{form}!F13", "8次")
        said = press(document, "undo")
        assert f"“{form}”F13" in said
        assert [content(cell(document, f"{form}!{place}")) for place in ("B3", "F6", "F13")] == ["", "", "8次"]
        assert cell(document, f"{form}!H13").Formula == "=K13"
        assert "已填回" in press(document, "undo")
        assert content(cell(document, f"{form}!B3")) == "试一试"
