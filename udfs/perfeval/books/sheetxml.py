"""A worksheet's XML: where its rows and cells stand, and what they hold, as a Grid."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import NamedTuple

from perfeval.books.package import DAMAGED, TOO_BIG, Unreadable
from perfeval.books.parts import string_item
from perfeval.books.sharedformula import MAX_COLUMN, MAX_ROW, SharedFormula, column_number
from perfeval.books.stored import Style, decoded, moment
from perfeval.books.xmltext import ATTRIBUTES, Element, XmlText, attributes, characters, is_true
from perfeval.errors import CELL_ERRORS, CellError, InvalidValue
from perfeval.forms.grid import Address, Area, Cell, Grid, Value, area

MAX_CELLS = 1_500_000
MAX_MERGES = 100_000
_DISORDER = "工作表的行或单元格次序错乱，请用 Excel 或 WPS 打开修复后另存为 .xlsx"
_WHOLE_NUMBER = 15  # digits that a float carries exactly


@dataclass(frozen=True, slots=True)
class Shared:
    """What a workbook's sheets have in common."""

    styles: Sequence[Style]
    strings: Sequence[str]
    base_1904: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as read. ``groups``: the first cell of each shared formula → the others."""

    grid: Grid
    groups: Mapping[Address, Sequence[Address]]


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


# Cells of a sheet have few different attributes besides their address. The dictionary is shared: read it only.
cell_attributes = lru_cache(maxsize=4096)(attributes)


def sheet_data(xml: XmlText) -> Element:
    """Where the rows stand. Raises Unreadable when the part is no worksheet."""
    found = xml.first("sheetData")
    if found is None:
        raise Unreadable(DAMAGED)
    return found


def rows(xml: XmlText) -> Iterator[Row]:
    """The rows that the file holds, in order."""
    data = sheet_data(xml)
    last = 0
    for found in xml.each("row", data.inner, data.close):
        number = _number(found.attributes.get("r"), last + 1)
        if not last < number <= MAX_ROW:
            raise Unreadable(_DISORDER)
        last = number
        yield Row(number, *found)


def cells(xml: XmlText, row: Row) -> Iterator[tuple[int, re.Match[str]]]:
    """A row's cells: the column and the match of the cell pattern."""
    last = 0
    for found in patterns(xml.prefix).cell.finditer(xml.scan, row.inner, row.close):
        letters, digits = found[1], found[2]
        if letters is None and (place := cell_attributes(found[3]).get("r")) is not None:
            letters = place.rstrip("0123456789")
            digits = place[len(letters) :]
            if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
                raise Unreadable(DAMAGED)
        column = column_number(letters) if letters else last + 1
        if not last < column <= MAX_COLUMN or (letters and _number(digits, 0) != row.number):
            raise Unreadable(_DISORDER)
        last = column
        yield column, found


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def read_sheet(xml: XmlText, name: str, visible: bool, shared: Shared) -> Sheet:
    """A worksheet's content. Raises Unreadable for what is damaged or out of bounds."""
    return _Reader(xml, shared).sheet(name, visible)


class _Reader:
    def __init__(self, xml: XmlText, shared: Shared) -> None:
        self._xml = xml
        self._styles = shared.styles
        self._strings = shared.strings
        self._base_1904 = shared.base_1904
        self._masters: dict[str, SharedFormula] = {}
        self._groups: dict[Address, list[Address]] = defaultdict(list)
        self._arrays: list[Area] = []

    def sheet(self, name: str, visible: bool) -> Sheet:
        found: dict[Address, Cell] = {}
        hidden_rows = set()
        for row in rows(self._xml):
            if is_true(row.attributes.get("hidden")) or _is_zero(row.attributes.get("ht")):
                hidden_rows.add(row.number)
            for column, cell in cells(self._xml, row):
                place = Address(row.number, column)
                found[place] = self._cell(place, cell)
            if len(found) > MAX_CELLS:
                raise Unreadable(TOO_BIG)
        protection = self._xml.first("sheetProtection")
        try:
            grid = Grid(
                name,
                found,
                merges=self._merges(),
                hidden_columns=frozenset(self._hidden_columns()),
                hidden_rows=frozenset(hidden_rows),
                protected=protection is not None and is_true(protection.attributes.get("sheet")),
                visible=visible,
                arrays=tuple(self._arrays),
            )
        except InvalidValue as problem:
            raise Unreadable(f"工作表“{name}”：{problem}") from problem
        return Sheet(grid, {first: tuple(others) for first, others in self._groups.items()})

    def _cell(self, place: Address, found: re.Match[str]) -> Cell:
        given = cell_attributes(found[3])
        style = self._style(given.get("s"))
        kind = given.get("t", "n")
        raw, content = found[4], found[5]
        formula = None
        if raw is None and content is not None:
            if kind == "inlineStr":
                text = string_item(self._xml, *found.span(5))
                return Cell(text or None, style.format, None, style.locked)
            used = patterns(self._xml.prefix)
            if (stored := used.value.search(content)) is not None:
                raw = stored[2]
            if (computed := used.formula.search(content)) is not None:
                formula = self._formula(place, attributes(computed[1]), characters(computed[2] or ""))
        if raw is None:
            value = "" if formula is not None and kind == "str" else None
        else:
            value = self._value(place, kind, raw, style)
            if value == "" and formula is None:
                value = None
        return Cell(value, style.format, formula, style.locked)

    def _style(self, index: str | None) -> Style:
        number = _number(index, 0)
        if number >= len(self._styles):
            raise Unreadable(DAMAGED)
        return self._styles[number]

    def _value(self, place: Address, kind: str, raw: str, style: Style) -> Value:
        try:
            return _STORED[kind](self, raw, style)
        except (ValueError, IndexError, KeyError, OverflowError) as error:
            raise Unreadable(f"单元格 {place} 的内容已损坏，请用 Excel 或 WPS 打开修复后另存为 .xlsx") from error

    def _number_value(self, raw: str, style: Style) -> Value:
        if raw.isdigit() and len(raw) <= _WHOLE_NUMBER:
            number = int(raw)
        else:
            plain = characters(raw).strip()
            if not plain:
                return None
            number = float(plain)
            if number - number != 0:
                raise ValueError(plain)
        return moment(number, style, self._base_1904) if style.temporal else number

    def _shared_string(self, raw: str, _style: Style) -> Value:
        index = int(characters(raw))
        if index < 0:
            raise IndexError(index)
        return self._strings[index]

    def _text(self, raw: str, _style: Style) -> Value:
        return decoded(characters(raw))

    def _truth(self, raw: str, _style: Style) -> Value:
        return is_true(characters(raw).strip())

    def _error(self, raw: str, _style: Style) -> Value:
        code = characters(raw).strip()
        return CELL_ERRORS.get(code) or CellError(code)

    def _iso_date(self, raw: str, _style: Style) -> Value:
        plain = characters(raw).strip()
        return datetime.fromisoformat(plain).replace(tzinfo=None) if "T" in plain else date.fromisoformat(plain)

    def _formula(self, place: Address, given: Mapping[str, str], text: str) -> str | None:
        kind = given.get("t", "normal")
        if kind == "shared":
            index = given.get("si", "")
            if text:
                self._masters[index] = SharedFormula(text, place)
                return text
            if index not in self._masters:
                raise Unreadable(f"单元格 {place} 的共享公式不完整，请用 Excel 或 WPS 打开后另存为 .xlsx")
            master = self._masters[index]
            self._groups[master.first].append(place)
            return master.at(place)
        if kind in {"array", "dataTable"}:
            filled = file_area(given.get("ref") or str(place))
            if filled.top < filled.bottom or filled.left < filled.right:
                self._arrays.append(filled)
            if kind == "dataTable":
                inputs = ",".join(given[name] for name in ("r1", "r2") if name in given)
                return f"TABLE({inputs})"
        return text or None

    def _merges(self) -> tuple[Area, ...]:
        block = self._xml.first("mergeCells", sheet_data(self._xml).end)
        if block is None:
            return ()
        found = []
        for one in self._xml.each("mergeCell", block.inner, block.close):
            found.append(file_area(one.attributes.get("ref", "")))
            if len(found) > MAX_MERGES:
                raise Unreadable(TOO_BIG)
        return tuple(dict.fromkeys(found))

    def _hidden_columns(self) -> Iterator[int]:
        for given, first, last in column_ranges(self._xml):
            if is_true(given.get("hidden")) or _is_zero(given.get("width")):
                yield from range(first, last + 1)


_STORED: dict[str, Callable[[_Reader, str, Style], Value]] = {
    "n": _Reader._number_value,
    "s": _Reader._shared_string,
    "str": _Reader._text,
    "b": _Reader._truth,
    "e": _Reader._error,
    "d": _Reader._iso_date,
    "inlineStr": _Reader._text,
}


ColumnRange = tuple[dict[str, str], int, int]


def column_ranges(xml: XmlText) -> Iterator[ColumnRange]:
    """The column records: attributes, first and last column."""
    block = xml.first("cols", 0, sheet_data(xml).start)
    if block is None:
        return
    for one in xml.each("col", block.inner, block.close):
        first = max(_number(one.attributes.get("min"), 1), 1)
        yield one.attributes, first, min(_number(one.attributes.get("max"), first), MAX_COLUMN)


def file_area(reference: str) -> Area:
    """An area of the file, kept within the sheet."""
    try:
        found = area(reference)
    except InvalidValue as problem:
        raise Unreadable(DAMAGED) from problem
    if found.bottom > MAX_ROW or found.right > MAX_COLUMN:
        raise Unreadable(DAMAGED)
    return found


def _is_zero(size: str | None) -> bool:
    try:
        return size is not None and float(size) == 0
    except ValueError:
        return False
