"""Where a worksheet's rows and cells stand in its XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from perfeval.books.package import DAMAGED, Unreadable
from perfeval.books.xmltext import ATTRIBUTES, Element, XmlText, attributes
from perfeval.errors import InvalidValue
from perfeval.forms.grid import MAX_COLUMN, MAX_ROW, Area, area, column_number

_DISORDER = "工作表的行或单元格次序错乱，请用 Excel 或 WPS 打开修复后另存为 .xlsx"


class Row(NamedTuple):
    """Where a row stands; ``inner`` to ``close`` are its cells (equal when it has an empty tag)."""

    number: int
    attributes: dict[str, str]
    start: int
    inner: int
    close: int
    end: int


class Patterns(NamedTuple):
    """The patterns of a prefix. Cell: letters, digits, other attributes, then a lone value or other content."""

    cell: re.Pattern[str]
    formula: re.Pattern[str]
    value: re.Pattern[str]
    inline: re.Pattern[str]


@cache
def patterns(prefix: str) -> Patterns:
    """The patterns that find cells and their content where the main namespace has this prefix."""
    p = re.escape(prefix)

    def leaf(name: str) -> str:
        return rf"<{p}{name}(?=[\s/>])({ATTRIBUTES})(?:/>|>([^<]*+)</{p}{name}\s*>)"

    return Patterns(
        re.compile(
            rf'<{p}c(?: r="([A-Z]{{1,3}})([0-9]{{1,7}})")?(?=[\s/>])({ATTRIBUTES})'
            rf"(?:/>|>(?:<{p}v>([^<]*+)</{p}v></{p}c>|([^<]*+(?:<(?!/{p}c\s*>)[^<]*+)*+)</{p}c\s*>))"
        ),
        re.compile(leaf("f")),
        re.compile(leaf("v")),
        re.compile(rf"<{p}is(?=[\s/>]){ATTRIBUTES}(?:/>|>[^<]*+(?:<(?!/{p}is\s*>)[^<]*+)*+</{p}is\s*>)"),
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
    last = 0
    for found in xml.each("row", data.inner, data.close):
        at = number(found.attributes.get("r"), last + 1)
        if not last < at <= MAX_ROW:
            raise Unreadable(_DISORDER)
        last = at
        yield Row(at, *found)


def cells(xml: XmlText, row: Row) -> Iterator[tuple[int, re.Match[str]]]:
    """A row's cells: the column and the match of the cell pattern."""
    column, digits_of_row = 0, str(row.number)
    for found in patterns(xml.prefix).cell.finditer(xml.scan, row.inner, row.close):
        column = column_after(column, digits_of_row, found[1], found[2], found[3])
        yield column, found


def column_after(last: int, digits_of_row: str, letters: str | None, digits: str | None, given: str) -> int:
    """The column of the cell after column ``last``, from what the pattern found. Raises Unreadable when out of order."""
    if not letters:
        place = attributes(given).get("r")
        if place is None:
            return last + 1
        letters = place.rstrip("0123456789")
        digits = place[len(letters) :]
        if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
            raise Unreadable(DAMAGED)
    column = column_number(letters)
    if not last < column <= MAX_COLUMN or digits != digits_of_row:
        raise Unreadable(_DISORDER)
    return column


def number(text: str | None, otherwise: int) -> int:
    """A row, a column or an index of the file; 0 for what is none, ``otherwise`` where it is absent."""
    if text is None:
        return otherwise
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


ColumnRange = tuple[dict[str, str], int, int]


def column_ranges(xml: XmlText) -> Iterator[ColumnRange]:
    """The column records: attributes, first and last column."""
    block = xml.first("cols", 0, sheet_data(xml).start)
    if block is None:
        return
    for one in xml.each("col", block.inner, block.close):
        first = max(number(one.attributes.get("min"), 1), 1)
        yield one.attributes, first, min(number(one.attributes.get("max"), first), MAX_COLUMN)


def file_area(reference: str) -> Area:
    """An area of the file, kept within the sheet."""
    try:
        found = area(reference)
    except InvalidValue as problem:
        raise Unreadable(DAMAGED) from problem
    if found.bottom > MAX_ROW or found.right > MAX_COLUMN:
        raise Unreadable(DAMAGED)
    return found
