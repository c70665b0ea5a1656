"""An open workbook: read as the file is read, edited as the file is edited."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Protection
from openpyxl.workbook.defined_name import DefinedName

from perfeval.books import FileBook
from perfeval.books.live import LiveBook
from perfeval.errors import DIV0, EditRefused
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Grid, address
from support import fakeexcel
from support.tables import LAYOUTS, Layout, published, write_book


@pytest.fixture
def path(tmp_path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "01 管网"
    sheet["A1"], sheet["A2"] = "项目支出绩效自评表", 2_340_000
    sheet["A2"].number_format = "#,##0.00"
    sheet["B2"], sheet["C2"], sheet["D2"] = 0.86, date(2021, 12, 31), datetime(2021, 12, 31, 8, 30)
    sheet["B2"].number_format = "0.00%"
    sheet["E2"], sheet["F2"] = time(8, 30), 12.345678
    sheet["F2"].number_format = '"￥"#,##0.00'
    sheet["C3"], sheet["D3"] = "≥95%", True
    sheet["A4"], sheet["A4"].number_format = "很好", "@"
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("A5:B7")
    sheet["A5"] = "产出指标"
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["E"].hidden = True
    other = book.create_sheet("锁定")
    other["A1"], other["A2"] = "标题", 10
    other["A2"].protection = Protection(locked=False)
    other.protection.sheet = True
    book.create_sheet("藏").sheet_state = "hidden"
    book.defined_names["口径"] = DefinedName("口径", attr_text="'01 管网'!$C$3")
    book.save(tmp_path / "自评表.xlsx")
    calculated = FileBook.open(tmp_path / "自评表.xlsx")
    calculated.apply([Edit("01 管网", address("B3"), Formula("A2*B2"))])
    calculated.save(backup=False)
    return calculated.path


@pytest.fixture
def live(path: Path) -> LiveBook:
    return LiveBook(fakeexcel.open_book(path))


def content(grid: Grid) -> dict[str, Any]:
    """What matters of a sheet: cells that hold something, merges, what is hidden and locked."""
    cells = {
        str(p): (c.value, c.formula, c.format) for p, c in grid.cells.items() if (c.value, c.formula) != (None, None)
    }
    merges = set(grid.merges)
    return {"cells": cells, "merges": merges, "protected": grid.protected, "visible": grid.visible}


def test_a_sheet_reads_as_its_file_does(live: LiveBook, path: Path) -> None:
    file = FileBook.open(path)
    assert live.sheets == file.sheets
    assert live.names == file.names
    for sheet in live.sheets:
        assert content(live.grid(sheet)) == content(file.grid(sheet))
    grid = live.grid("01 管网")
    assert grid.hidden_rows == {6}
    assert grid.hidden_columns == {5}
    assert live.grid("锁定")[address("A1")].locked
    assert not live.grid("锁定")[address("A2")].locked


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_every_layout_reads_as_its_file_does(layout: Layout, tmp_path: Path) -> None:
    path = write_book(tmp_path / "自评表.xlsx", layout, published("shenzhen-2021")[:2])
    live, file = LiveBook(fakeexcel.open_book(path)), FileBook.open(path)
    for sheet in file.sheets:
        assert content(live.grid(sheet)) == content(file.grid(sheet))


def test_currency_keeps_every_digit(live: LiveBook) -> None:
    assert live.grid("01 管网")[address("F2")].value == 12.345678


def test_a_block_is_asked_once(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for _ in range(1000):
        book.active.append([1.5] * 20)
    book.save(tmp_path / "大.xlsx")
    live = LiveBook(fakeexcel.open_book(tmp_path / "大.xlsx"))
    fakeexcel.asked.clear()
    assert len(live.grid("Sheet").cells) == 20_000
    assert fakeexcel.asked.total() < 10


EDITS = {
    "a number": (2.5, (2.5, None)),
    "text": ("完成", ("完成", None)),
    "text like a formula": ("=1+1", ("=1+1", None)),
    "text like a date": ("1-2", ("1-2", None)),
    "text like a number": ("007", ("007", None)),
    "nothing": (None, (None, None)),
    "an error": (DIV0, (None, "#DIV/0!")),  # the program has no other way to hold one
    "a formula": (Formula("PE_EXEC_SCORE(A2,B2)"), (None, "PE_EXEC_SCORE(A2,B2)")),
}


@pytest.mark.parametrize(("given", "held"), EDITS.values(), ids=EDITS.keys())
@pytest.mark.parametrize("cell", ["D3", "A4"])  # A4 is formatted as text
def test_an_edit(live: LiveBook, cell: str, given: Any, held: Any) -> None:
    before = live.grid("01 管网")[address(cell)]
    applied = live.apply([Edit("01 管网", address(cell), given)])
    after = live.grid("01 管网")[address(cell)]
    assert [(c.cell, c.before) for c in applied.changed] == [(address(cell), before)]
    assert after.formula == held[1]
    if after.formula is None:
        assert after.value == held[0]


def test_a_date_shows_as_the_cells_format_says(live: LiveBook) -> None:
    live.apply([Edit("01 管网", address("C2"), date(2022, 1, 31)), Edit("01 管网", address("E2"), time(17, 0))])
    grid = live.grid("01 管网")
    assert (grid[address("C2")].value, grid[address("E2")].value) == (date(2022, 1, 31), time(17, 0))


def test_an_edit_that_changes_nothing_is_not_written(live: LiveBook) -> None:
    same = [("A2", 2_340_000.0), ("C3", "≥95%"), ("B3", Formula("A2*B2")), ("Z99", None), ("Z99", "")]
    assert live.apply([Edit("01 管网", address(cell), value) for cell, value in same]).changed == ()


@pytest.mark.parametrize(
    ("sheet", "cell", "says"),
    [("01 管网", "B1", "合并区域 A1:F1"), ("01 管网", "B7", "合并区域 A5:B7"), ("锁定", "A1", "工作表受保护")],
)
def test_a_refused_edit_changes_nothing(live: LiveBook, sheet: str, cell: str, says: str) -> None:
    with pytest.raises(EditRefused, match=says):
        live.apply([Edit("01 管网", address("A2"), 1.0), Edit(sheet, address(cell), 1.0)])
    assert live.grid("01 管网")[address("A2")].value == 2_340_000


def test_an_unlocked_cell_of_a_protected_sheet_is_written(live: LiveBook) -> None:
    live.apply([Edit("锁定", address("A2"), 9.5)])
    assert live.grid("锁定")[address("A2")].value == 9.5
