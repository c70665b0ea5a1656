"""What a worksheet's XML holds, as a Grid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from perfeval.books.cell_values import GENERAL, Style, days, decoded, moment
from perfeval.books.package import DAMAGED, Unreadable, refuse_beyond
from perfeval.books.parts import string_item
from perfeval.books.sheetxml import column_ranges, file_area, number, patterns, place_after, rows, sheet_data
from perfeval.books.xmltext import XmlText, attributes, characters, is_true
from perfeval.budget import CELLS, FORMULA_LENGTH, MERGES, SHARED_FORMULAS
from perfeval.digits import is_whole, real, whole
from perfeval.errors import CELL_ERRORS, CellError, InvalidValue
from perfeval.forms.grid import Address, Area, Cell, Grid, Value

if TYPE_CHECKING:
    from perfeval.books.sharedformula import SharedFormula

_REMEMBERED = 1 << 14  # constants of which the cells of a sheet that are alike are one
_NEVER_EMPTY = frozenset("s b e d".split())  # types of a cell whose value says which text, truth, error or day
_NO_STYLE = "格式编号不在文件的格式表里，按常规格式读，是不是日期、百分数请核对"
_NO_VALUE = "写了类型而没有值，按空白读"
_FIRST_YEAR = 1900  # of the days that a workbook counts
_WHOLE_NUMBER = 15  # digits that a float carries exactly


class Look(NamedTuple):
    """What a cell's attributes say of it."""

    style: Style
    kind: str
    known: bool = True  # whether the book has the style


@dataclass(frozen=True, slots=True)
class Shared:
    """What a workbook's sheets have in common."""

    styles: Sequence[Style]
    strings: Sequence[str]
    base_1904: bool
    looks: dict[str, Look] = field(default_factory=dict)  # by the text of a cell's attributes, its address left out


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as read. ``groups``: the first cell of each shared formula → the others."""

    grid: Grid
    groups: Mapping[Address, Sequence[Address]]


def read_sheet(xml: XmlText, name: str, visible: bool, shared: Shared) -> Sheet:
    """A worksheet's content. Raises Unreadable for what is damaged or out of bounds."""
    return _Reader(xml, shared).sheet(name, visible)


def _stored_number(raw: str, style: Style, shared: Shared) -> Value:
    if len(raw) <= _WHOLE_NUMBER and raw.isascii() and is_whole(raw):
        read: float = whole(raw)
    else:
        plain = characters(raw).strip()
        if not plain:
            return None
        read = real(plain)
        if len(plain) <= _WHOLE_NUMBER and is_whole(plain.removeprefix("-")):
            read = int(read)
    return moment(read, style, shared.base_1904) if style.temporal else read


def _stored_string(raw: str, _: Style, shared: Shared) -> Value:
    return shared.strings[whole(characters(raw).strip())]


def _stored_text(raw: str, _: Style, __: Shared) -> Value:
    return decoded(characters(raw))


def _stored_truth(raw: str, _: Style, __: Shared) -> Value:
    return is_true(characters(raw).strip())


def _stored_error(raw: str, _: Style, __: Shared) -> Value:
    code = characters(raw).strip()
    return CELL_ERRORS.get(code) or CellError(code)


def _stored_date(raw: str, style: Style, shared: Shared) -> Value:
    """A moment as ISO 8601 spells it; a duration (``PT0H11M0.000S``) is the number of its days."""
    plain = characters(raw).strip()
    if plain.startswith("P"):
        return moment(days(plain), style, shared.base_1904)
    if ":" in plain and "-" not in plain:
        return time.fromisoformat(plain)
    instant = datetime.fromisoformat(plain).replace(tzinfo=None) if "T" in plain else date.fromisoformat(plain)
    return (
        instant if instant.year >= _FIRST_YEAR else 0
    )  # Excel's day 0, which it spells as one of two last days of 1899


_STORED: dict[str, Callable[[str, Style, Shared], Value]] = {
    "n": _stored_number,
    "s": _stored_string,
    "str": _stored_text,
    "b": _stored_truth,
    "e": _stored_error,
    "d": _stored_date,
    "inlineStr": _stored_text,
}


class _Reader:
    def __init__(self, xml: XmlText, shared: Shared) -> None:
        self._xml = xml
        self._shared = shared
        self._constants: dict[tuple[str, str], Cell] = {}  # by attributes and raw value
        self._shared_text = 0
        self._masters: dict[str, SharedFormula] = {}
        self._groups: dict[Address, list[Address]] = defaultdict(list)
        self._arrays: list[Area] = []
        self._unclear: dict[Address, str] = {}

    def sheet(self, name: str, visible: bool) -> Sheet:
        found: dict[Address, Cell] = {}
        hidden_rows = set()
        find = patterns(self._xml.prefix).cell.findall
        known = self._constants
        for row in rows(self._xml):
            if _is_hidden(row.given):
                hidden_rows.add(row.number)
            column = 0
            for letters, digits, given, lone, content in find(self._xml.scan, row.inner, row.close):
                place = place_after(row.number, column, letters, digits, given)
                column = place.column
                if content:
                    cell = self._computed(place, self._look(given), content)
                elif (cell := known.get((given, lone))) is None:
                    cell = self._constant(place, self._look(given), lone)
                    if len(known) < _REMEMBERED and place not in self._unclear:
                        known[given, lone] = cell
                found[place] = cell
            refuse_beyond(CELLS, len(found))
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
                unclear=self._unclear,
            )
        except InvalidValue as problem:
            raise Unreadable(f"工作表“{name}”：{problem}") from problem
        return Sheet(grid, {first: tuple(others) for first, others in self._groups.items()})

    def _constant(self, place: Address, look: Look, raw: str) -> Cell:
        """A cell that holds a lone value (or nothing)."""
        if not raw:
            return Cell(None, look.style.format, None, look.style.locked)
        return Cell(self._lone(place, look, raw), look.style.format, None, look.style.locked)

    def _lone(self, place: Address, look: Look, raw: str) -> Value:
        """The value of a cell without a formula; what the file leaves open of it is noted."""
        value = self._value(place, look, raw)
        if value is None and look.kind in _NEVER_EMPTY:
            self._unclear[place] = _NO_VALUE
        elif not look.known:
            self._unclear[place] = _NO_STYLE
        return value

    def _computed(self, place: Address, look: Look, content: str) -> Cell:
        """A cell with other content: a formula, or text of its own."""
        style = look.style
        if look.kind == "inlineStr":
            return Cell(string_item(self._xml.prefix, content), style.format, None, style.locked)
        used = patterns(self._xml.prefix)
        stored, computed = used.value.search(content), used.formula.search(content)
        if computed is None:
            lone = self._lone(place, look, stored[2] or "") if stored else None
            return Cell(lone, style.format, None, style.locked)
        if not look.known:
            self._unclear[place] = _NO_STYLE
        value = self._value(place, look, stored[2] or "") if stored else None
        formula = self._formula(place, attributes(computed[1]) if computed[1] else {}, characters(computed[2] or ""))
        if value is None and look.kind == "str" and formula is not None:
            value = ""
        return Cell(value, style.format, formula, style.locked)

    def _look(self, given: str) -> Look:
        """What a cell's attributes say; the cells of a book have few different ones besides their address."""
        if (look := self._shared.looks.get(given)) is not None:
            return look
        parsed = attributes(given)
        stated = parsed.get("s", "0")
        index = number(stated, 0)  # 0 for what is no index
        if (kind := parsed.get("t", "n")) not in _STORED:
            raise Unreadable(DAMAGED)
        known = index < len(self._shared.styles) and (index > 0 or not stated.strip("0"))
        look = Look(self._shared.styles[index] if known else GENERAL, kind, known)
        if "r" not in parsed:
            self._shared.looks[given] = look
        return look

    def _value(self, place: Address, look: Look, raw: str) -> Value:
        if look.kind in _NEVER_EMPTY and not raw.strip():
            return None
        try:
            return _STORED[look.kind](raw, look.style, self._shared)
        except (ValueError, IndexError, OverflowError, InvalidValue) as error:
            raise Unreadable(f"单元格 {place} 的内容已损坏，请用 Excel 或 WPS 打开修复后另存为 .xlsx") from error

    def _formula(self, place: Address, given: Mapping[str, str], text: str) -> str | None:
        kind = given.get("t", "normal")
        refuse_beyond(FORMULA_LENGTH, len(text))
        if kind == "shared":
            return self._shared_formula(place, given.get("si", ""), text)
        if kind in {"array", "dataTable"}:
            filled = file_area(given.get("ref") or str(place))
            if filled.top < filled.bottom or filled.left < filled.right:
                self._arrays.append(filled)
            if kind == "dataTable":
                inputs = ",".join(given[name] for name in ("r1", "r2") if name in given)
                return f"TABLE({inputs})"
        return text or None

    def _shared_formula(self, place: Address, index: str, text: str) -> str:
        from perfeval.books.sharedformula import SharedFormula  # noqa: PLC0415  (brings openpyxl, for few files)

        try:
            if text:
                self._masters[index] = SharedFormula(text, place)
                return text
            master = self._masters[index]
        except (KeyError, InvalidValue) as problem:
            raise Unreadable(f"单元格 {place} 的共享公式不完整，请用 Excel 或 WPS 打开后另存为 .xlsx") from problem
        self._groups[master.first].append(place)
        formula = master.at(place)
        self._shared_text += len(formula)
        refuse_beyond(SHARED_FORMULAS, self._shared_text)
        return formula

    def _merges(self) -> tuple[Area, ...]:
        block = self._xml.first("mergeCells", sheet_data(self._xml).end)
        if block is None:
            return ()
        found = []
        for one in self._xml.each("mergeCell", block.inner, block.close):
            found.append(file_area(one.attributes.get("ref", "")))
            refuse_beyond(MERGES, len(found))
        return tuple(dict.fromkeys(found))

    def _hidden_columns(self) -> Iterator[int]:
        hidden = sorted(
            (first, last)
            for given, first, last in column_ranges(self._xml)
            if is_true(given.get("hidden")) or _is_zero(given.get("width"))
        )
        told = 0  # records may overlap; each column is told once
        for first, last in hidden:
            yield from range(max(first, told + 1), last + 1)
            told = max(told, last)


@lru_cache(maxsize=256)
def _is_hidden(row: str) -> bool:
    """Whether a row of these attributes is hidden; most rows have the same ones."""
    given = attributes(row)
    return is_true(given.get("hidden")) or _is_zero(given.get("ht"))


def _is_zero(size: str | None) -> bool:
    try:
        return size is not None and real(size.strip()) == 0
    except InvalidValue:
        return False
