"""复核 and 清除标记 on an open workbook, in a running Calc: the list with its links, marks that leave no trace."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from perfeval.records import names
from support import calc as driver
from support.calc import Calc, content
from support.forms_in_memory import CORRECT
from support.sheettext import write_sheets

pytestmark = [pytest.mark.host, pytest.mark.skipif(bool(driver.missing()), reason=driver.missing())]

Press = Callable[..., str]
WRONG = CORRECT.replace("| 95.97", "| 96.97")  # R03 at G16


@pytest.fixture
def document(calc: Calc, tmp_path: Path) -> Iterator[Any]:
    """A table of a stranger, wrong in its total, on a sheet whose name needs quotes."""
    with calc.open(write_sheets(tmp_path / "表.xlsx", {'王\'s "表"': WRONG})) as opened:
        yield opened


def sheet_of(document: Any, name: str = '王\'s "表"') -> Any:
    return document.Sheets.getByName(name)


def listed(document: Any) -> list[list[Any]]:
    sheet = sheet_of(document, names.REVIEW)
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    rows = range(3, cursor.RangeAddress.EndRow + 1)
    found = [[content(sheet.getCellByPosition(column, row)) for column in range(9)] for row in rows]
    return [row for row in found if any(row)]


def marked(document: Any) -> dict[str, str]:
    """The notes by their cells."""
    found = sheet_of(document).Annotations
    notes = (found.getByIndex(place) for place in range(found.Count))
    return {sheet_cell(note.Position): note.String for note in notes}


def sheet_cell(place: Any) -> str:
    return f"{chr(ord('A') + place.Column)}{place.Row + 1}"


def formats(document: Any) -> int:
    return len(sheet_of(document).ConditionalFormats.getConditionalFormats())


def test_what_is_found_is_listed_and_marked(calc: Calc, document: Any, press: Press, tmp_path: Path) -> None:
    assert press(document, "review") == "复核发现 1 处错误，已列在“复核结果”，并在单元格上标出。"
    (row,) = listed(document)
    assert row[:3] + row[4:7] == [
        "错误", "R03", "王's \"表\"", "各项得分合计 95.97，总分是 96.97，相差 1", "95.97", "96.97",
    ]  # fmt: skip
    assert row[3] == "G16"
    link = sheet_of(document, names.REVIEW).getCellRangeByName("D4").Formula
    assert link == '=HYPERLINK("#\'王\'\'s ""表""\'!G16";"G16")'
    assert list(marked(document)) == ["G16"]
    assert marked(document)["G16"].startswith("【复核】错误 R03：各项得分合计")
    assert b'type="expression"' in stored(calc, document, tmp_path / "标出.xlsx")
    cell = sheet_of(document).getCellRangeByName("G16")
    style = document.StyleFamilies.getByName("CellStyles").getByName(cell.ConditionalFormat.getByIndex(0).StyleName)
    assert (style.CellBackColor, style.VertJustify, style.CharFontName) == (
        0xFFC7CE,
        cell.VertJustify,
        cell.CharFontName,
    )
    assert (cell.CellBackColor, formats(document)) == (-1, 1)  # coloured from above, its own fill as it was


def test_a_renewed_list_says_what_is_found_now(document: Any, press: Press) -> None:
    press(document, "review")
    sheet_of(document).getCellRangeByName("E10").String = "60个"
    press(document, "review")
    assert [row[1] for row in listed(document)] == ["R11", "R03"]
    assert list(marked(document)) == ["E10", "G16"]
    sheet_of(document).getCellRangeByName("E10").String = "40个"
    sheet_of(document).getCellRangeByName("G16").Value = 95.97
    assert press(document, "review") == "没有发现问题。"
    assert (listed(document), marked(document), formats(document)) == ([], {}, 0)


def test_a_reason_lets_a_finding_stand_while_its_value_does(document: Any, press: Press) -> None:
    press(document, "review")
    sheet_of(document, names.REVIEW).getCellRangeByName("I4").String = "加分项另附批文"
    assert press(document, "review") == "没有发现问题。\n另有 1 处写明了不改的理由，没有计入。"
    assert [(row[1], row[8]) for row in listed(document)] == [("R03", "加分项另附批文")]
    assert marked(document) == {}
    sheet_of(document).getCellRangeByName("G16").Value = 98
    assert press(document, "review").startswith("复核发现 1 处错误")
    assert [(row[1], row[8]) for row in listed(document)] == [("R03", "")]


def test_marks_come_off_without_a_trace(calc: Calc, document: Any, press: Press, tmp_path: Path) -> None:
    sheet = sheet_of(document)
    sheet.getCellRangeByName("G16").CellBackColor = 0x123456
    own = sheet.getCellRangeByName("A10:H16").ConditionalFormat
    operator = calc.uno.Enum("com.sun.star.sheet.ConditionOperator", "FORMULA")
    own.addNew(calc.properties(Operator=operator, Formula1="$G10>30", StyleName="Good"))
    sheet.getCellRangeByName("A10:H16").ConditionalFormat = own
    sheet.Annotations.insertNew(sheet.getCellRangeByName("G16").CellAddress, "财政局：请核对")
    sheet.Annotations.insertNew(sheet.getCellRangeByName("A1").CellAddress, "自己的批注")
    before = stored(calc, document, tmp_path / "前.xlsx")
    press(document, "review")
    assert marked(document) == {"G16": "财政局：请核对", "A1": "自己的批注"}  # a cell's own note stays alone
    assert rules(document)["G16"] == ["$G10>30", MARK]
    assert press(document, "clear") == "已清除 1 个单元格的复核标记。"
    assert press(document, "clear") == "没有复核标记可以清除。"
    assert rules(document)["G16"] == ["$G10>30"]
    assert without_rules(stored(calc, document, tmp_path / "后.xlsx")) == without_rules(before)


MARK = '"PerfEval"="PerfEval"'


def rules(document: Any) -> dict[str, list[str]]:
    """The formulas of the conditional formats of a cell, as a person would find them there."""
    cell = sheet_of(document).getCellRangeByName("G16").ConditionalFormat
    return {"G16": [cell.getByIndex(place).Formula1.replace("G16", "G10") for place in range(cell.Count)]}


def without_rules(sheet: bytes) -> bytes:
    """A stored sheet but for its conditional formats, which may be split over the same cells."""
    return re.sub(rb"<conditionalFormatting.*</conditionalFormatting>", b"", sheet)


def stored(calc: Calc, document: Any, path: Path) -> bytes:
    """The form's sheet as Calc stores it."""
    with ZipFile(calc.save(document, path)) as package:
        return package.read("xl/worksheets/sheet1.xml")


def test_a_protected_sheet_is_listed_and_left_alone(document: Any, press: Press) -> None:
    sheet_of(document).protect("")
    said = press(document, "review")
    assert said.endswith('这些工作表受保护，没有标出：王\'s "表"。')
    assert (len(listed(document)), marked(document)) == (1, {})
    assert press(document, "clear") == "没有复核标记可以清除。"


def test_a_book_without_a_form_is_told(calc: Calc, press: Press) -> None:
    with calc.open() as empty:
        assert "没有找到自评表" in press(empty, "review")
        assert names.REVIEW not in empty.Sheets.ElementNames
