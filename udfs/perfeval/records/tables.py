"""The tables of import sheets: rows found by their headers in any order, amounts brought to the workbook's unit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from perfeval.arithmetic import Scaled
from perfeval.errors import CellError, FormProblem, InvalidValue, Place
from perfeval.forms import labels
from perfeval.forms.grid import Address, Book, Grid
from perfeval.forms.grid_text import seen
from perfeval.forms.model import Entry
from perfeval.forms.values import UNITS, in_unit

Row = Mapping[str, Entry]
_LINES = 4  # over a table: its title, its unit; under it: notes
_SAYS_UNIT = "单位"
_NOTE = re.compile(r"\s*(?:备?注|说明|(?:金额)?单位)\s*[:：]")


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


@dataclass(frozen=True, slots=True)
class Found:
    """A table on its sheet: its columns by concept, its rows, and the first row below them.

    ``units`` are the units of money that the columns' headings state, ``unit`` is that of the lines over and under the
    table: several of them where they differ. ``beside`` are the columns that a form prints and an import sheet does not have
    (评分标准), by the concept of the form's column, with the number of rows that fill them.
    """

    columns: Mapping[str, int]
    rows: tuple[Row, ...]
    below: int
    units: Mapping[str, str]
    unit: str
    beside: Mapping[str, int] = field(default_factory=dict)


def rows_of(book: Book, sheet: str, table: Table) -> tuple[Row, ...]:
    """The rows of a table as entries by concept; none if the sheet or its header is missing.

    Raises FormProblem for an error value, or a row that nothing names.
    """
    found = find(book, sheet, table)
    return found.rows if found else ()


def find(book: Book, sheet: str, table: Table) -> Found | None:
    """A table of an import sheet; None if the sheet or its header is missing. Raises FormProblem as ``rows_of``."""
    if sheet not in book.sheets:
        return None
    grid = book.grid(sheet)
    concepts = {label: concept for concept, words in table.columns.items() for label in words.split()}
    for row in range(1, grid.bottom + 1):
        columns = {
            concepts[labels.key(value)]: column
            for column in range(1, grid.right + 1)
            if isinstance(value := grid[row, column].value, str) and labels.key(value) in concepts
        }
        if table.first in columns and len(columns) > 2:
            rows = tuple(_rows(grid, range(row + 1, _end(grid, row, table)), columns, table))
            last = max((entry.cell.row for found in rows for entry in found.values() if entry.cell), default=row)
            units = {concept: labels.any_unit(str(grid[row, column].value)) for concept, column in columns.items()}
            beside = _beside(grid, row, columns.values(), rows)
            return Found(columns, rows, last + 1, units, unit_beside(grid, row, row, _LINES), beside)
    return None


def _beside(grid: Grid, header: int, taken: Collection[int], rows: Sequence[Row]) -> dict[str, int]:
    """How many rows fill each column that is a form's, and none of the table's."""
    lines = {entry.cell.row for row in rows for entry in row.values() if entry.cell}
    filled: dict[str, int] = {}
    for column in range(1, grid.right + 1):
        heading = grid[header, column].value
        concept = labels.column(heading) if isinstance(heading, str) and column not in taken else None
        count = sum(bool(grid[line, column].value) for line in lines) if concept else 0
        if concept and count:
            filled[concept] = count
    return filled


def unit_beside(grid: Grid, top: int, bottom: int, above: int = 10) -> str:
    """The unit of money that lines over (as many as ``above``) or under a table state: 单位：万元; all of them (元、万元) where they
    differ. ``top`` and ``bottom`` are the rows of its header."""
    over = range(max(1, top - above), top)
    under = range(max(bottom + 1, grid.bottom - _LINES + 1), grid.bottom + 1)
    stated = [*_units_in(grid, over), *_units_in(grid, under, _SAYS_UNIT)]
    return "、".join(dict.fromkeys(stated))


def _units_in(grid: Grid, rows: range, words: str = "") -> Iterator[str]:
    """The units that the texts of rows state, also where 单位 and 万元 stand in two cells."""
    for row in rows:
        before = ""
        for column in range(1, grid.right + 1):
            text = grid[row, column].value
            if not isinstance(text, str) or not text.strip():
                continue
            alone = text.strip() in UNITS
            unit = (
                labels.any_unit(text) if not alone else text.strip() if labels.key(before).endswith(_SAYS_UNIT) else ""
            )
            if unit and words in before + text:
                yield unit
            before = text


def _end(grid: Grid, header: int, table: Table) -> int:
    """The row under a table's last: that of another table's label, or the one under the sheet's last."""
    rows = range(header + 1, grid.bottom + 1)
    return next((row for row in rows if table.until and _begins(grid, row, table.until)), grid.bottom + 1)


def _rows(grid: Grid, lines: range, columns: Mapping[str, int], table: Table) -> Iterator[Row]:
    for row in lines:
        entries = {
            concept: Entry(seen(grid.shown((row, column))), Address(row, column)) for concept, column in columns.items()
        }
        for key in table.keys:
            entries.setdefault(key, Entry(""))
        wrong = next((entry for entry in entries.values() if isinstance(entry.value, CellError)), None)
        if wrong is not None:
            raise FormProblem(f"是错误值 {wrong.value}，请先改正", Place(sheet=grid.name, cell=str(wrong.cell)))
        if not any(entry.text for entry in entries.values()) or _is_note(entries):
            continue
        if _is_sum(grid, row, entries, table):
            continue
        if not any(entries[key].text for key in table.keys):
            needed = "，也没有".join(reversed(list(table.keys.values())))
            raise FormProblem(f"没有{needed}，请补上", Place(sheet=grid.name, cell=f"第 {row} 行"))
        yield entries


def _is_sum(grid: Grid, row: int, entries: Row, table: Table) -> bool:
    """Whether a row only sums others: 合计 stands for what names a row, or anywhere in a row that nothing names."""
    keys = [entries[key].text for key in table.keys if entries[key].text]
    if keys:
        return any(map(labels.is_sum, keys))
    return any(
        isinstance(text := grid[row, column].value, str) and labels.is_sum(text) for column in range(1, grid.right + 1)
    )


def _is_note(row: Row) -> bool:
    """Whether a row is a line under the table: 注：…, 单位：万元."""
    texts = [entry.text for entry in row.values() if entry.text]
    return len(texts) == 1 and _NOTE.match(texts[0]) is not None


def _begins(grid: Grid, row: int, label: str) -> bool:
    """Whether a label stands anywhere in a row."""
    texts = (grid[row, column].value for column in range(1, grid.right + 1))
    return any(isinstance(text, str) and labels.key(text) == label for text in texts)


def amount_in(entry: Entry | None, unit: str, sheet: str, wanted: str = "") -> Scaled | None:
    """The amount of a cell in ``unit``, brought to the unit that is wanted (``unit``); None if blank.

    Raises FormProblem naming the cell.
    """
    if entry is None:
        return None
    try:
        return in_unit(entry.value, unit, wanted or unit)
    except InvalidValue as error:
        raise FormProblem(error.reason, Place(sheet=sheet, cell=str(entry.cell))) from error
