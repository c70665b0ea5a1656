"""Where a worksheet's rows and cells stand in its XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from perfeval.books.package import DAMAGED, Unreadable, refuse_beyond
from perfeval.books.xmltext import ATTRIBUTES, CONTENT, Element, XmlText, attributes
from perfeval.budget import COLUMN_RECORDS
from perfeval.digits import whole, whole_or
from perfeval.errors import InvalidValue
from perfeval.forms.grid import MAX_COLUMN, MAX_ROW, Address, Area, address, area, column_letters, column_number

_DISORDER = "工作表的行或单元格次序错乱，请用 Excel 或 WPS 打开修复后另存为 .xlsx"


class Row(NamedTuple):
    """Where a row stands; ``inner`` to ``close`` are its cells (equal when it has an empty tag)."""

    number: int
    given: str  # the attributes as they stand, the number left out where it leads
    start: int
    inner: int
    close: int
    end: int

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes by name."""
        return attributes(self.given)


class Patterns(NamedTuple):
    """The patterns of a prefix. Row: number, other attributes, "/" if it is empty. Cell: letters, digits, other
    attributes, then a lone value or other content."""

    row: re.Pattern[str]
    row_end: re.Pattern[str]
    cell: re.Pattern[str]
    formula: re.Pattern[str]
    value: re.Pattern[str]
    inline: re.Pattern[str]


@cache
def patterns(prefix: str) -> Patterns:
    """The patterns that find cells and their content where the main namespace has this prefix."""
    p = re.escape(prefix)

    def leaf(name: str) -> str:
        return rf"<{p}{name}(?=[\s/>])({ATTRIBUTES})(?:/>|>([^<]*)</{p}{name}\s*>)"

    return Patterns(
        re.compile(rf'<{p}row(?: r="([0-9]{{1,7}})")?(?=[\s/>])({ATTRIBUTES})(/?)>'),
        re.compile(rf"</{p}row\s*>"),
        re.compile(
            rf'<{p}c(?: r="([A-Z]{{1,3}})([0-9]{{1,7}})")?(?=[\s/>])({ATTRIBUTES})'
            rf"(?:/>|>(?:<{p}v>([^<]+)</{p}v></{p}c>|({CONTENT})</{p}c\s*>))"
        ),
        re.compile(leaf("f")),
        re.compile(leaf("v")),
        re.compile(rf"<{p}is(?=[\s/>]){ATTRIBUTES}(?:/>|>(?:{CONTENT})</{p}is\s*>)"),
    )


def sheet_data(xml: XmlText) -> Element:
    """Where the rows stand. Raises Unreadable when the part is no worksheet."""
    found = xml.first("sheetData")
    if found is None:
        raise Unreadable(DAMAGED)
    return found


def holds_formulas(xml: XmlText) -> bool:
    """Whether any cell has a formula; perhaps True where none has."""
    return f"<{xml.prefix}f" in xml.scan


def rows(xml: XmlText) -> Iterator[Row]:
    """The rows that the file holds, in order."""
    data = sheet_data(xml)
    used = patterns(xml.prefix)
    last, end = 0, data.inner
    while found := used.row.search(xml.scan, end, data.close):
        at = whole(found[1]) if found[1] else number(attributes(found[2]).get("r"), last + 1)
        if not last < at <= MAX_ROW:
            raise Unreadable(_DISORDER)
        last, inner = at, found.end()
        closing = None if found[3] else used.row_end.search(xml.scan, inner, data.close)
        if closing is None and not found[3]:
            raise Unreadable(DAMAGED)
        close, end = closing.span() if closing else (inner, inner)
        yield Row(at, found[2], found.start(), inner, close, end)


def cells(xml: XmlText, row: Row) -> Iterator[tuple[int, re.Match[str]]]:
    """A row's cells: the column and the match of the cell pattern."""
    column = 0
    for found in patterns(xml.prefix).cell.finditer(xml.scan, row.inner, row.close):
        column = place_after(row.number, column, found[1], found[2], found[3]).column
        yield column, found


def place_after(row: int, last: int, letters: str, digits: str, given: str) -> Address:
    """The place of the row's cell after column ``last``, from what the pattern found. Raises Unreadable when out of order."""
    if letters:
        place = _place(letters, digits)
    else:
        stated = attributes(given).get("r")
        place = Address(row, last + 1) if stated is None else _stated(stated)
    if place.row != row or not last < place.column <= MAX_COLUMN:
        raise Unreadable(_DISORDER)
    return place


@lru_cache(maxsize=1 << 14)
def _place(letters: str, digits: str) -> Address:
    """Remembered: the same corner of every sheet is filled."""
    return Address(whole(digits), column_number(letters))


def _stated(text: str) -> Address:
    try:
        return address(text)
    except InvalidValue as problem:
        raise Unreadable(DAMAGED) from problem


def number(text: str | None, otherwise: int) -> int:
    """A row, a column or an index of the file; 0 for what is none, ``otherwise`` where it is absent."""
    if text is None:
        return otherwise
    return whole_or(text, 0) if text.isascii() and len(text) < 9 else 0


ColumnRange = tuple[dict[str, str], int, int]


def column_ranges(xml: XmlText) -> Iterator[ColumnRange]:
    """The column records: attributes, first and last column."""
    block = xml.first("cols", 0, sheet_data(xml).start)
    if block is None:
        return
    for count, one in enumerate(xml.each("col", block.inner, block.close), start=1):
        refuse_beyond(COLUMN_RECORDS, count)
        given = one.attributes
        first = max(number(given.get("min"), 1), 1)
        yield given, first, min(number(given.get("max"), first), MAX_COLUMN)


_WHOLE = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})|\$?([0-9]{1,7}):\$?([0-9]{1,7})")


def file_area(reference: str) -> Area:
    """An area of the file, kept within the sheet: ``B5``, ``B5:D9``, whole columns ``B:D``, whole rows ``2:4``."""
    try:
        if lines := _WHOLE.fullmatch(reference):
            left, right, top, bottom = lines.groups()
            reference = f"{left}1:{right}{MAX_ROW}" if left else f"A{top}:{column_letters(MAX_COLUMN)}{bottom}"
        found = area(reference)
    except InvalidValue as problem:
        raise Unreadable(DAMAGED) from problem
    if found.bottom > MAX_ROW or found.right > MAX_COLUMN:
        raise Unreadable(DAMAGED)
    return found
