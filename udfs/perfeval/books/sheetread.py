"""What a worksheet's XML holds, as a Grid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import NamedTuple

from perfeval.books.package import DAMAGED, TOO_BIG, Unreadable
from perfeval.books.parts import string_item
from perfeval.books.sharedformula import SharedFormula
from perfeval.books.sheetxml import column_after, column_ranges, file_area, number, patterns, rows, sheet_data
from perfeval.books.stored import MAX_FORMULA, Style, decoded, moment
from perfeval.books.xmltext import XmlText, attributes, characters, is_true
from perfeval.errors import CELL_ERRORS, CellError, InvalidValue
from perfeval.forms.grid import Address, Area, Cell, Grid, Value

MAX_CELLS = 1_500_000
MAX_MERGES = 100_000
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


def read_sheet(xml: XmlText, name: str, visible: bool, shared: Shared) -> Sheet:
    """A worksheet's content. Raises Unreadable for what is damaged or out of bounds."""
    return _Reader(xml, shared).sheet(name, visible)


def _stored_number(raw: str, style: Style, shared: Shared) -> Value:
    if len(raw) <= _WHOLE_NUMBER and raw.isdecimal():
        read: float = int(raw)
    else:
        plain = characters(raw).strip()
        if not plain:
            return None
        read = int(plain) if len(plain) <= _WHOLE_NUMBER and plain.lstrip("-").isdecimal() else float(plain)
        if not isfinite(read):
            raise ValueError(plain)
    return moment(read, style, shared.base_1904) if style.temporal else read


def _stored_string(raw: str, _: Style, shared: Shared) -> Value:
    index = int(characters(raw))
    if index < 0:
        raise IndexError(index)
    return shared.strings[index]


def _stored_text(raw: str, _: Style, __: Shared) -> Value:
    return decoded(characters(raw))


def _stored_truth(raw: str, _: Style, __: Shared) -> Value:
    return is_true(characters(raw).strip())


def _stored_error(raw: str, _: Style, __: Shared) -> Value:
    code = characters(raw).strip()
    return CELL_ERRORS.get(code) or CellError(code)


def _stored_date(raw: str, _: Style, __: Shared) -> Value:
    plain = characters(raw).strip()
    return datetime.fromisoformat(plain).replace(tzinfo=None) if "T" in plain else date.fromisoformat(plain)


_STORED: dict[str, Callable[[str, Style, Shared], Value]] = {
    "n": _stored_number,
    "s": _stored_string,
    "str": _stored_text,
    "b": _stored_truth,
    "e": _stored_error,
    "d": _stored_date,
    "inlineStr": _stored_text,
}


class _Look(NamedTuple):
    """What a cell's attributes say of it, and the cells seen that look so, by their raw value."""

    style: Style
    kind: str
    cells: dict[str, Cell]


class _Reader:
    def __init__(self, xml: XmlText, shared: Shared) -> None:
        self._xml = xml
        self._shared = shared
        self._looks: dict[str, _Look] = {}
        self._masters: dict[str, SharedFormula] = {}
        self._groups: dict[Address, list[Address]] = defaultdict(list)
        self._arrays: list[Area] = []

    def sheet(self, name: str, visible: bool) -> Sheet:
        found: dict[Address, Cell] = {}
        hidden_rows = set()
        find = patterns(self._xml.prefix).cell.findall
        for row in rows(self._xml):
            if is_true(row.attributes.get("hidden")) or _is_zero(row.attributes.get("ht")):
                hidden_rows.add(row.number)
            column, digits_of_row = 0, str(row.number)
            for letters, digits, given, lone, content in find(self._xml.scan, row.inner, row.close):
                column = column_after(column, digits_of_row, letters, digits, given)
                place = Address(row.number, column)
                look = self._looks.get(given) or self._look(given)
                cell = look.cells.get(lone)
                if cell is None or content:
                    cell = self._computed(place, look, content) if content else self._constant(place, look, lone)
                found[place] = cell
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

    def _constant(self, place: Address, look: _Look, raw: str) -> Cell:
        """A cell that holds a lone value (or nothing); equal ones are one object."""
        value = self._value(place, look, raw) if raw else None
        cell = Cell(None if value == "" else value, look.style.format, None, look.style.locked)
        look.cells[raw] = cell
        return cell

    def _computed(self, place: Address, look: _Look, content: str) -> Cell:
        """A cell with other content: a formula, or text of its own."""
        style = look.style
        if look.kind == "inlineStr":
            return Cell(string_item(self._xml.prefix, content) or None, style.format, None, style.locked)
        used = patterns(self._xml.prefix)
        stored, computed = used.value.search(content), used.formula.search(content)
        value = self._value(place, look, stored[2] or "") if stored else None
        if computed is None:
            return Cell(None if value == "" else value, style.format, None, style.locked)
        formula = self._formula(place, attributes(computed[1]), characters(computed[2] or ""))
        if value is None and look.kind == "str" and formula is not None:
            value = ""
        return Cell(value, style.format, formula, style.locked)

    def _look(self, given: str) -> _Look:
        """What a cell's attributes say; the cells of a sheet have few different ones besides their address."""
        parsed = attributes(given)
        index = number(parsed.get("s"), 0)
        if index >= len(self._shared.styles) or (kind := parsed.get("t", "n")) not in _STORED:
            raise Unreadable(DAMAGED)
        look = _Look(self._shared.styles[index], kind, {})
        if "r" not in parsed:
            self._looks[given] = look
        return look

    def _value(self, place: Address, look: _Look, raw: str) -> Value:
        try:
            return _STORED[look.kind](raw, look.style, self._shared)
        except (ValueError, IndexError, OverflowError) as error:
            raise Unreadable(f"单元格 {place} 的内容已损坏，请用 Excel 或 WPS 打开修复后另存为 .xlsx") from error

    def _formula(self, place: Address, given: Mapping[str, str], text: str) -> str | None:
        kind = given.get("t", "normal")
        if len(text) > MAX_FORMULA:
            raise Unreadable(TOO_BIG)
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


def _is_zero(size: str | None) -> bool:
    try:
        return size is not None and float(size) == 0
    except ValueError:
        return False
