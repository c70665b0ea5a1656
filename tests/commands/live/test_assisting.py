"""加测算列 and 去测算列 in a running Calc: what is computed follows an edit, what is taken away leaves the sheet as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from perfeval.books.beside.model import SHEET
from perfeval.books.file import FileBook
from perfeval.commands import assist
from perfeval.forms.grid import column_letters
from support import calc as driver
from support.calc import Calc, content
from support.forms_in_memory import CORRECT
from support.sheettext import write_sheets

pytestmark = [pytest.mark.host, pytest.mark.skipif(bool(driver.missing()), reason=driver.missing())]

Press = Callable[..., str]
FORM = "王's 表"
ROWS = range(10, 16)  # of the indicators; 预算执行率 in row 4, the total in row 16
SCORE, HINT = "J", "L"
SCORES = [20, 9.47, 10, 9, "", 10]


@pytest.fixture
def document(calc: Calc, tmp_path: Path) -> Iterator[Any]:
    """A table of a stranger, with a sheet more."""
    with calc.open(write_sheets(tmp_path / "表.xlsx", {FORM: CORRECT, "附页": "甲 | 乙"})) as opened:
        yield opened


def cell(document: Any, place: str) -> Any:
    return document.Sheets.getByName(FORM).getCellRangeByName(place)


def shown(document: Any) -> dict[str, Any]:
    """Everything on the form's sheet, by its place: formula or text, and looks."""
    sheet = document.Sheets.getByName(FORM)
    box = sheet.getCellRangeByName("A1:CZ40")
    return {
        f"{column_letters(column + 1)}{row + 1}": text
        for row, line in enumerate(box.getFormulaArray())
        for column, text in enumerate(line)
        if text
    }


def scores(document: Any) -> list[Any]:
    document.calculateAll()
    return [content(cell(document, f"{SCORE}{row}")) for row in ROWS]


def test_in_and_out_again(document: Any, press: Press) -> None:
    before = shown(document)
    assert press(document, "assist").startswith("在 1 张自评表右侧加了测算得分、完成率和提示")
    assert scores(document) == SCORES
    assert content(cell(document, f"{SCORE}4")) == 9.5
    assert content(cell(document, f"{SCORE}16")) == 95.97
    assert not document.Sheets.getByName(SHEET).IsVisible
    (printed,) = document.Sheets.getByName(FORM).getPrintAreas()
    assert (printed.EndColumn, printed.EndRow) == (7, 16)
    cell(document, "E11").String = "95%"
    cell(document, "E13").String = "1.9万元"
    assert scores(document) == [20, 10, 10, 10, "", 10]
    assert "得分为 9.47" in content(cell(document, f"{HINT}11"))
    cell(document, "E11").String, cell(document, "E13").String = "90%", "2.2万元"
    assert press(document, "assist").startswith("在 1 张自评表右侧加了")  # anew, once
    assert scores(document) == SCORES
    assert press(document, "unassist").startswith("测算列已去掉。")
    assert shown(document) == before
    assert not document.Sheets.hasByName(SHEET)
    assert document.Sheets.getByName(FORM).getPrintAreas() == ()
    assert [name for name in document.NamedRanges.ElementNames if "测算" in name] == []
    assert press(document, "unassist") == "工作簿里没有测算列。"


def test_what_reads_them_or_is_typed_among_them_stays(document: Any, press: Press) -> None:
    press(document, "assist")
    cell(document, "G10").Formula = f"={SCORE}10*1"
    cell(document, "L12").String = "请核对"
    said = press(document, "unassist")
    assert "有 1 格的公式引用了测算列，换成了算出的值：\n· “王's 表”G10" in said
    assert "有 1 格是手工填在测算列里的内容，留在了原处：\n· “王's 表”L12" in said
    assert (cell(document, "G10").Formula, cell(document, "L12").String) == ("20", "请核对")


def test_a_protected_sheet_is_named(document: Any, press: Press) -> None:
    document.Sheets.getByName(FORM).protect("")
    assert (
        press(document, "assist") == "工作表“王's 表”受保护；请先在“审阅”里撤销工作表保护，再试\n\n没有改动任何单元格。"
    )


def test_columns_of_a_file_go_along_with_edits_in_calc(calc: Calc, tmp_path: Path) -> None:
    """Put in on disk, moved, computed anew and saved in Calc, taken out on disk: nothing of ours is left, nothing else lost."""
    path = write_sheets(tmp_path / "表.xlsx", {FORM: CORRECT, "附页": "甲 | 乙"})
    assist.add(path, tmp_path / "加了.xlsx")
    with calc.open(tmp_path / "加了.xlsx") as document:
        for row in ROWS:  # as if nothing had been saved with them
            place = cell(document, f"{SCORE}{row}")
            place.Formula = place.Formula
        assert scores(document) == SCORES
        sheet = document.Sheets.getByName(FORM)
        sheet.Columns.insertByIndex(2, 1)
        sheet.Rows.insertByIndex(0, 2)
        cell(document, "F13").String = "93%"
        document.calculateAll()
        assert content(cell(document, "K13")) == pytest.approx(9.79)
        calc.save(document, tmp_path / "改了.xlsx")
    done = assist.remove(tmp_path / "改了.xlsx", tmp_path / "去了.xlsx")
    assert done.notes == ("去掉了 1 张工作表上的测算列",)
    book = FileBook.open(tmp_path / "去了.xlsx")
    assert (book.sheets, dict(book.names), book.print_areas) == ((FORM, "附页"), {}, {})
    grid, former = book.grid(FORM), FileBook.open(path).grid(FORM)
    moved = {
        (place.row + 2, place.column + (place.column > 2)): cell.value
        for place, cell in former.cells.items()
        if cell.value is not None
    }
    moved[13, 6] = "93%"
    assert {tuple(place): cell.value for place, cell in grid.cells.items() if cell.value is not None} == moved
