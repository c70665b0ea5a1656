"""The readings that a workbook of native formulas keeps of its targets and actuals, made anew when PerfEval has it in hand.

What people typed on a desk without PerfEval was read by formulas, the commonest spellings only; here the full grammar reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfeval.conventions import Convention
from perfeval.forms.beside import READINGS
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address, Book, Grid, Value, address
from perfeval.native.beside import SHOWN, Columns, saved
from perfeval.native.tables import SHEET
from perfeval.records import names
from perfeval.records.reading import stated_convention
from perfeval.standards import NATIONAL, convention

_READ = re.compile(r"ISNUMBER\((\$?[A-Z]{1,3}\$?[1-9]\d*)\)")  # the first cell that “unchanged” looks at


def is_native(book: Book) -> bool:
    """Whether a workbook is one of native formulas."""
    return SHEET in book.sheets and names.MEMORY in book.sheets


def readings(book: Book) -> Iterator[Edit]:
    """What has to be written for each row's saved readings to be those of its present texts; nothing in any other workbook."""
    if not is_native(book):
        return
    chosen = convention(stated_convention(book) or NATIONAL)
    for sheet in names.form_sheets(book):
        grid = book.grid(sheet)
        for place, cell in sorted(grid.cells.items()):
            if cell.value == READINGS[0]:
                yield from _of_block(grid, Columns(place.column, place.column + len(SHOWN)), place.row, chosen)


def _of_block(grid: Grid, columns: Columns, top: int, chosen: Convention) -> Iterator[Edit]:
    row = top + 1
    while (target := _read(grid, row, columns.of("same"))) and (actual := _read(grid, row, columns.of("a_same"))):
        kind = grid[row, columns.of("kind")].value
        kept = saved(grid[target].value, grid[actual].value, kind if isinstance(kind, str) else "", chosen)
        for name, value in kept.items():
            place = Address(row, columns.of(name))
            if not _same(grid[place].value, value):
                yield Edit(grid.name, place, value)
        row += 1


def _read(grid: Grid, row: int, column: int) -> Address | None:
    """The cell that the formula “unchanged” of a row looks at."""
    formula = grid[row, column].formula
    match = _READ.search(formula) if formula else None
    return address(match[1].replace("$", "")) if match else None


def _same(one: Value, other: Value) -> bool:
    return (one in (None, "") and other in (None, "")) or (
        one == other and isinstance(one, str) == isinstance(other, str)
    )
