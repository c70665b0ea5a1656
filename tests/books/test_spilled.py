"""Formulas of Excel 365 with functions of ours: what fills several cells (cm="1", metadata.xml), E1# (ANCHORARRAY), @ (SINGLE)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from perfeval.books import FileBook
from perfeval.commands import freeze
from perfeval.forms.edits import Edit
from perfeval.forms.grid import address
from support.validator import complaints, validator

SHEET = "xl/worksheets/sheet1.xml"
ROWS = ((100, 90), (200, 150), (None, None))

# What is written in the first cell, which cells it fills and what they show; and what they show once C1 is 300, None where only a
# spreadsheet program knows.
SPILLED: dict[str, tuple[str, str, tuple[Any, ...], tuple[Any, ...] | None]] = {
    "a column of ours": ("PE_EXEC_RATE(C1:C3,D1:D3)", "E1:E3", (0.9, 0.75, ""), (0.3, 0.75, "")),
    "one value of a column": ("SUM(PE_EXEC_RATE(C1:C2,D1:D2))", "F1", (1.65,), (1.05,)),
    "@ before ours": ("_xlfn.SINGLE(PE_EXEC_RATE(C1:C2,D1:D2))", "G1", (0.9,), (0.3,)),
    "@ before a column": ("_xlfn.SINGLE(C1:C3)*D1:D2", "H1:H2", (9000, 15000), (27000, 45000)),
    "@ before a row": ("_xlfn.SINGLE(C1:D1)", "C9", (100,), (300,)),
    "@ beside the range": ("_xlfn.SINGLE(C2:C3)", "I1", ("#VALUE!",), ("#VALUE!",)),
    "what another fills": ("PE_TOTAL(_xlfn.ANCHORARRAY(E1))", "J1", (1.65,), None),
    "a choice for each cell": ('IF(C1:C2>0,PE_EXEC_SCORE(C1:C2,D1:D2,10),"")', "K1:K2", (9, 7.5), None),
    "as many cells as there are": ("_xlfn._xlws.FILTER(C1:C3,C1:C3>0)", "L1:L2", (100, 200), None),
}


def cells_of(area: str) -> list[str]:
    first, _, last = area.partition(":")
    (letters, top), bottom = re.findall(r"([A-Z]+)(\d+)", first)[0], int((last or first).lstrip("ABCDEFGHIJKL"))
    return [f"{letters}{row}" for row in range(int(top), bottom + 1)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "外来.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.calc_on_load = False
        sheet = book.add_worksheet("表")
        for row, values in enumerate(ROWS):
            for column, value in enumerate(values, start=2):
                sheet.write(row, column, value)
        for formula, area, shown, _ in SPILLED.values():
            sheet.write_dynamic_array_formula(area, f"={formula}", None, shown[0])
            for cell, value in list(zip(cells_of(area), shown, strict=True))[1:]:
                sheet.write(cell, value)
        readers: dict[str, tuple[str, Any]] = {
            "M1": ("=SUM(E1:E3)", 1.65),
            "M2": ("=SUM(_xlfn.ANCHORARRAY(表!$E$1))", 1.65),
            "M3": ("=SUM(_xlfn.ANCHORARRAY(L1))", 300),
        }
        for cell, (formula, value) in readers.items():
            sheet.write_formula(cell, formula, None, value)
    return path


def test_they_are_read(path: Path) -> None:
    grid = FileBook.open(path).grid("表")
    assert {str(area) for area in grid.arrays} == {area for _, area, _, _ in SPILLED.values() if ":" in area}
    for formula, area, _, _ in SPILLED.values():
        assert grid[address(cells_of(area)[0])].formula == formula


def test_they_are_computed_or_said_to_be_unknown(path: Path) -> None:
    book = FileBook.open(path)
    unknown = {str(place) for _, place in book.apply([Edit("表", address("C1"), 300)]).unknown}
    grid = book.grid("表")
    for formula, area, _, after in SPILLED.values():
        values = [grid[address(cell)].value for cell in cells_of(area)]
        if after is None:
            assert set(cells_of(area)) <= unknown, formula
            assert values == [None] * len(values)
        else:
            assert not set(cells_of(area)) & unknown, formula
            assert [value if isinstance(value, (int, float)) else str(value or "") for value in values] == [*after]
    assert grid[address("M1")].value == 1.05
    assert "M2" in unknown
    with zipfile.ZipFile(_saved(book, path)) as package:
        assert b'fullCalcOnLoad="1"' in package.read("xl/workbook.xml")
        assert b'<c r="E1" cm="1"><f t="array" ref="E1:E3">PE_EXEC_RATE(C1:C3,D1:D3)</f><v>0.3</v></c>' in package.read(
            SHEET
        )


def _saved(book: FileBook, path: Path) -> Path:
    book.save(path.with_name("改.xlsx"))
    return path.with_name("改.xlsx")


def test_in_the_copy_that_is_sent_ours_are_values_and_the_others_spill(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reviewing(_: object) -> Iterator[str]:
        yield "核对"
        return []  # type: ignore[return-value]

    monkeypatch.setattr(freeze, "reviewing", reviewing)
    frozen = freeze.freeze(path)
    assert frozen.path is not None
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(frozen.path) as after:
        assert after.read("xl/metadata.xml") == before.read("xl/metadata.xml")
        text = after.read(SHEET).decode()
        others = re.findall(
            r'<c r="\w+" cm="1"[^>]*><f [^>]*>(?:(?!PE_|表!|</f>).)*</f><v>[^<]*</v></c>', before.read(SHEET).decode()
        )
    assert text.count("PE_") == 0
    count = 1 + sum("PE_" not in formula for formula, *_ in SPILLED.values())  # M3
    assert len(others) == text.count('cm="1"') == count
    assert all(other in text for other in others)
    grid, was = FileBook.open(frozen.path).grid("表"), FileBook.open(path).grid("表")
    assert {place: cell.value for place, cell in grid.cells.items()} == {
        place: cell.value for place, cell in was.cells.items()
    }
    assert grid[address("M1")].formula == "SUM(E1:E3)"
    assert grid[address("M2")].formula is None  # E1# would be #REF!
    assert grid[address("M3")].formula == "SUM(_xlfn.ANCHORARRAY(L1))"
    assert "5 个 PE_ 公式换成了算出的值" in "\n".join(frozen.changes)
    assert "另有 1 个公式用到它们铺开的区域" in "\n".join(frozen.changes)
    if validator():
        assert complaints(frozen.path) <= complaints(path)
