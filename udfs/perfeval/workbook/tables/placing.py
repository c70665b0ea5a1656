"""Puts the lines of a printed table into the rows of an official one, or makes room for lines to come."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from perfeval.errors import InvalidValue
from perfeval.forms.amount_tables import AmountTable, figure
from perfeval.forms.grid import Value
from perfeval.forms.model import Entry
from perfeval.forms.values import in_unit
from perfeval.quantities import plain
from perfeval.workbook.tables.model import AMOUNT, TEXT, Amounts, Row, Table

Line = Mapping[str, Value]
"""What a line of a table holds, by the keys of its columns; amounts as numbers."""

_YEAR = re.compile(r"\d{4}|\{[^{}]*\}|年度?|\s|[:：]$")
_NOTE = re.compile(r"(?<=.)\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Placed:
    """A row as it will stand: what the official table says of it, and what is known of it.

    ``group`` counts the rows that have lines of their own, with their lines; ``year`` is the place in the row's years.
    """

    row: Row
    line: Line = field(default_factory=dict)
    group: int = 0
    year: int = 0

    @property
    def is_line(self) -> bool:
        """Whether the row is a line below another that names it."""
        return bool(self.group) and not self.row.lines


def blank(block: Amounts) -> list[Placed]:
    """Every printed row, and the open ones as often as the table offers them."""
    return list(_numbered(_blank(block)))


def placed(block: Amounts, lines: Sequence[Line]) -> list[Placed]:
    """The rows for lines of a printed table, in their order. Raises InvalidValue, naming a line that has no place."""
    rows = list(_numbered(_placed(block, lines)))
    codes = _codes_by_name(block, rows)
    return [replace(one, line={**one.line, **codes.get(place, {})}) for place, one in enumerate(rows)]


def _numbered(rows: Iterator[Placed]) -> Iterator[Placed]:
    group = 0
    lined: set[str] = set()
    for one in rows:
        group += bool(one.row.lines)
        lined |= {one.row.lines.key} if one.row.lines else set()
        yield Placed(one.row, one.line, group if one.row.lines or one.row.key in lined else 0, one.year)


def _blank(block: Amounts) -> Iterator[Placed]:
    for row in block.rows:
        for _ in range(row.open or 1):
            yield from (Placed(row, year=year) for year in range(len(row.years) or 1))
            yield from (Placed(row.lines) for _ in range(row.lines.open if row.lines else 0) if row.lines)


def _placed(block: Amounts, lines: Sequence[Line]) -> Iterator[Placed]:
    waiting = list(lines)
    name = block.columns[0].key
    printed = {bare(row.label): row for row in block.rows if row.label and "{" not in row.label}

    def named(line: Line) -> str:
        return bare(str(line.get(name) or ""))

    def next_line() -> Line:
        return waiting.pop(0)

    for row in block.rows:
        if row.open:
            while waiting and named(waiting[0]) not in printed:
                yield from _head(row, waiting, named)
        elif "{" in row.label:
            yield from (Placed(row, next_line() if waiting else {}, year=year) for year in range(len(row.years) or 1))
        elif row.label and any(printed.get(named(line)) is row for line in waiting):
            if printed.get(named(waiting[0])) is not row:
                raise InvalidValue(f"“{waiting[0].get(name)}”一行在表样里没有位置")
            yield Placed(row, next_line())
        else:
            yield Placed(row)
    if waiting:
        raise InvalidValue(f"“{waiting[0].get(name)}”一行在表样里没有位置")


def _head(row: Row, waiting: list[Line], named: Callable[[Line], str]) -> Iterator[Placed]:
    """The next line in an open row, with its further years, or with the lines below it that have no name."""
    yield Placed(row, waiting.pop(0))
    for year in range(1, len(row.years)):
        yield Placed(row, waiting.pop(0) if waiting else {}, year=year)
    while row.lines and waiting and not named(waiting[0]):
        yield Placed(row.lines, waiting.pop(0))


def bare(label: str) -> str:
    """A label as it is compared: without years, blanks and notes in brackets: ``2020年 预算数`` → ``预算数``."""
    return _YEAR.sub("", plain(re.sub(r"\s", "", label)))


def is_of(table: Table, title: str) -> bool:
    """Whether a title is that of a table, of whatever year."""
    return bare(title) == bare(table.title)


def lines_of(block: Amounts, read: AmountTable, unit: str) -> list[Line]:
    """The lines of a table that was read, by the keys of the block's columns, amounts in ``unit``.

    Raises InvalidValue where a column that holds something is none of the block's.
    """
    headers = {"/".join(filter(None, (bare(column.over), bare(column.label)))): column for column in block.columns}
    lines = []
    for line in read.lines:
        found: dict[str, Value] = {}
        for header, entry in (line.labels | line.amounts).items():
            column = headers.get("/".join(map(bare, header.split("/"))))
            if column is not None:
                found[column.key] = held(entry, column.kind, read.unit or unit, unit)
            elif entry.text:
                raise InvalidValue(f"“{header}”一列在表样里没有")
        lines.append(found)
    return lines


def held(entry: Entry, kind: str, unit: str, wanted: str) -> Value:
    """What a cell holds, as a column or a field of a kind keeps it: words, a share, an amount brought to ``wanted``.

    A bare amount is in ``unit``; what is no number stays as it is.
    """
    number = None if kind == TEXT else figure(entry)
    if number is None:
        return entry.text or None
    if kind == AMOUNT:
        number = in_unit(entry.value, unit, wanted) or number
    return float(number)


def _codes_by_name(block: Amounts, rows: Sequence[Placed]) -> dict[int, Line]:
    """The codes of lines that have none, by their names, where those are known.

    One name may have several codes (a 款 and its 项): the first that is not used yet, below the last one where it can be.
    """
    found: dict[int, Line] = {}
    used: list[str] = []
    for place, one in enumerate(rows):
        if not one.row.code or one.line.get(one.row.code.column):
            continue
        name = one.line.get(block.columns[0].key)
        free = [code for code, known in one.row.code.names if known == name and code not in used]
        code = next((code for code in free if used and code.startswith(used[-1])), free[0] if free else "")
        if code:
            used.append(code)
            found[place] = {one.row.code.column: code}
    return found
