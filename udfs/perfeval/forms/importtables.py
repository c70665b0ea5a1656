"""The tables of import sheets: rows found by their headers in any order, amounts brought to the workbook's unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from perfeval.arithmetic import Scaled, times
from perfeval.errors import CellError, FormProblem, InvalidValue
from perfeval.forms import labels
from perfeval.forms.grid import Address, Book, Grid, Value
from perfeval.forms.model import Entry
from perfeval.forms.money import UNIT_POWER
from perfeval.forms.page import seen
from perfeval.forms.values import amount

UNITS = frozenset(UNIT_POWER)

Row = Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Table:
    """How an import table is recognised: for each concept the words of its header, the first the one that names a row.

    A row needs one of the ``keys``; ``until`` is the label under which another table begins.
    """

    columns: Mapping[str, str]
    keys: Mapping[str, str]
    until: str = ""

    @property
    def first(self) -> str:
        """The concept without which a row of headers is none."""
        return next(iter(self.keys))


def rows_of(book: Book, sheet: str, table: Table) -> list[Row]:
    """The rows of a table as entries by concept; an empty list if the sheet or its header is missing.

    Raises FormProblem for an error value, or a row that nothing names.
    """
    if sheet not in book.sheets:
        return []
    grid = book.grid(sheet)
    concepts = {label: concept for concept, words in table.columns.items() for label in words.split()}
    for row in range(1, grid.bottom + 1):
        columns = {
            concepts[labels.key(value)]: column
            for column in range(1, grid.right + 1)
            if isinstance(value := grid[row, column].value, str) and labels.key(value) in concepts
        }
        if table.first in columns and len(columns) > 2:
            return list(_rows(grid, row, columns, table))
    return []


def _rows(grid: Grid, header: int, columns: Mapping[str, int], table: Table) -> Iterator[Row]:
    for row in range(header + 1, grid.bottom + 1):
        entries = {
            concept: Entry(seen(grid.shown((row, column))), Address(row, column)) for concept, column in columns.items()
        }
        for key in table.keys:
            entries.setdefault(key, Entry(""))
        wrong = next((entry for entry in entries.values() if isinstance(entry.value, CellError)), None)
        if wrong is not None:
            raise FormProblem(f"工作表“{grid.name}”单元格 {wrong.cell}：是错误值 {wrong.value}，请先改正")
        if table.until and _begins(grid, row, table.until):
            return
        if not any(entry.text for entry in entries.values()):
            continue
        if not any(entries[key].text for key in table.keys):
            needed = "，也没有".join(reversed(list(table.keys.values())))
            raise FormProblem(f"工作表“{grid.name}”第 {row} 行：没有{needed}，请补上")
        yield entries


def _begins(grid: Grid, row: int, label: str) -> bool:
    """Whether a label stands anywhere in a row."""
    texts = (grid[row, column].value for column in range(1, grid.right + 1))
    return any(isinstance(text, str) and labels.key(text) == label for text in texts)


def in_unit(value: Value, unit: str, wanted: str) -> Scaled | None:
    """An amount (a number in ``unit``, or a text with its own) as a number in ``wanted``; None if blank.

    Raises InvalidValue where it is no amount of money.
    """
    entry = Entry(value)
    if not entry.text:
        return None
    read = amount(entry, "金额")
    if read.unit not in {"", "元"}:
        raise InvalidValue(f"“{entry.text}”不是金额")
    power = UNIT_POWER[unit] if not read.unit else 0
    power -= UNIT_POWER[wanted]
    return times(read.number, Scaled(10**power, 0) if power >= 0 else Scaled(1, -power))


def amount_in(entry: Entry | None, unit: str, sheet: str) -> Scaled | None:
    """The amount of a cell in ``unit``; None if blank. Raises FormProblem naming the cell."""
    if entry is None:
        return None
    try:
        return in_unit(entry.value, unit, unit)
    except InvalidValue as error:
        raise FormProblem(f"工作表“{sheet}”单元格 {entry.cell}：{error.reason}") from error
