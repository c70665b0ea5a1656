"""Reads the tables of amounts of a body's budget, accounts and assets: a header, labelled rows, a unit.

Which columns hold labels and which hold amounts is seen from the header and the first row under it, so any such table
is read: 部门收支预算总表, 支出决算表, 政府采购项目支出预算表, 基础数据表 … Every amount keeps its cell.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from perfeval.arithmetic import Scaled
from perfeval.errors import InvalidValue
from perfeval.forms import labels
from perfeval.forms.grid import MAX_COLUMN, Area, Grid, column_letters
from perfeval.forms.grid_text import Page, page_of
from perfeval.forms.model import ABSENT, Entry
from perfeval.forms.values import UNIT_POWER, amount, in_unit
from perfeval.quantities import PERCENT

# The headers of columns that hold labels, and of those that hold amounts.
_LABELS = re.compile(r"编码|代码|序号|名称|年度$|时间|日期|备注|依据|说明|内容|^项目$|单位$|用途|品目$")
_AMOUNTS = re.compile(r"[额数款费率值分]$|资金|支出|收入|计划|[合总小]计|结[余转]|比[例重]|[预决]算|\d{4}年")
_NOTHING = frozenset({"", "-", "--", "—", "——", "— —", "－", "/", "无", "不适用"})
_NUMBERED = frozenset({"栏次", "行次"})  # a row that only numbers the columns
_BODY = frozenset({"单位名称", "部门名称", "编制单位", "填报单位", "填报部门"})
_MEASURES = frozenset({"", "元", PERCENT, "人"})  # of what these tables count
_OWN_UNIT = re.compile(r"\d\s*[千万亿元]")
_BEGINS = re.compile(
    r"\s*(?:[-+－＋¥￥]\s*)?[\d.．]|\s*人民币"
)  # an amount does; most texts do not, and are not parsed
_INDICATORS = frozenset({"level2", "level3", "target"})  # columns of a table of indicators
_TITLE = re.compile(r".{2,40}(?:表|情况)")
_ABOVE = 6  # rows above a header in which its title, its body and its unit stand
_LEVELS = 3  # rows of a header


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its labels and its amounts, each by the header of its column (levels joined by /), and their unit."""

    row: int
    labels: dict[str, Entry]
    amounts: dict[str, Entry]
    unit: str = ""

    def figure(self, column: str) -> Scaled | None:
        """The number in a column, in the table's unit also where the cell states its own (5.8万 under 万元); None as for
        ``figure``, or where the row has no such column."""
        entry = self.amounts.get(column, ABSENT)
        if isinstance(entry.value, str) and self.unit in UNIT_POWER and _OWN_UNIT.search(entry.value):
            try:
                return in_unit(entry.value, self.unit, self.unit)
            except InvalidValue:
                return None
        return figure(entry)

    @property
    def label(self) -> str:
        """What the row is called: its labels that are not blank."""
        texts = {entry.cell: entry.text for entry in self.labels.values() if entry.text}
        return " ".join(texts.values())


@dataclass(frozen=True, slots=True)
class AmountTable:
    """A table of amounts. Of a table with two sides (收入, 支出) each side is a table, ``side`` its name."""

    sheet: str
    area: Area
    title: str
    side: str
    body: str
    unit: str
    lines: tuple[Line, ...]

    def groups(self) -> Iterator[tuple[Line, tuple[Line, ...]]]:
        """The lines that name something in the first label column, each with the lines below that leave it blank."""
        head: Line | None = None
        parts: list[Line] = []
        for line in self.lines:
            if next(iter(line.labels.values())).text:
                if head:
                    yield head, tuple(parts)
                head, parts = line, []
            else:
                parts.append(line)
        if head:
            yield head, tuple(parts)


def figure(entry: Entry) -> Scaled | None:
    """The number in a cell (2.47万元 in 元); None for a blank, a dash, or text that is no number."""
    if entry.text in _NOTHING or (isinstance(entry.value, str) and not _BEGINS.match(entry.value)):
        return None
    try:
        found = amount(entry, "")
    except InvalidValue:
        return None
    return found.number if found.unit in _MEASURES else None


def read_tables(grid: Grid) -> list[AmountTable]:
    """Every table of amounts on a sheet, top to bottom; an empty list if there is none."""
    page = page_of(grid)
    tables: list[AmountTable] = []
    last = 0
    for row in page.rows():
        header = _header(page, row) if row > last else None
        if header is not None:
            found, last = _read(page, header, last)
            tables += found
    return tables


@dataclass(frozen=True, slots=True)
class _Column:
    column: int
    path: tuple[str, ...]
    is_label: bool

    @property
    def header(self) -> str:
        """The lowest header text, without its notes: 金额（元） → 金额."""
        return labels.key(self.path[-1]) if self.path else ""


@dataclass(frozen=True, slots=True)
class _Header:
    top: int
    bottom: int
    columns: tuple[_Column, ...]


def _header(page: Page, top: int) -> _Header | None:
    """The header that begins in a row: texts over several columns, with amounts in the row under them."""
    areas = [area for area, _ in page.texts(top, 1, MAX_COLUMN)]
    if len(areas) < 2 or not _only_words(page, top):
        return None
    left, right = min(area.left for area in areas), max(area.right for area in areas)
    bottom = top
    over = areas
    while bottom - top < _LEVELS and (under := _under(page, bottom + 1, over)):
        bottom += 1
        over = under
    bottom = max(bottom, min(*(area.bottom for area in areas), top + _LEVELS))
    if any(_of_indicators(page, row) for row in range(top - _LEVELS + 1, bottom + 1)):
        return None
    if not any(figure(page.entry(bottom + 1, column)) for column in page.filled(bottom + 1, left, right)):
        return None
    used = {area.left for row in range(top, bottom + 1) for area, _ in page.texts(row, left, right)}
    used.update(page.filled(bottom + 1, left, right))
    columns = tuple(_column(page, column, top, bottom) for column in sorted(used))
    held = (column for column in columns if not column.is_label and figure(page.entry(bottom + 1, column.column)))
    return _Header(top, bottom, columns) if any(_AMOUNTS.search(column.header) for column in held) else None


def _column(page: Page, column: int, top: int, bottom: int) -> _Column:
    path = tuple(_path(page, column, top, bottom))
    named = bool(path and _LABELS.search(labels.key(path[-1])))
    return _Column(column, path, named or _is_words(page.entry(bottom + 1, column)))


def _under(page: Page, row: int, over: Sequence[Area]) -> list[Area]:
    """The cells of a row if it is a lower row of the header: words, each under a wider cell; none otherwise."""
    wide = [area for area in over if area.right > area.left]  # left to right
    lefts = [area.left for area in wide]
    areas = [area for area, _ in page.texts(row, 1, MAX_COLUMN)]
    places = [bisect_right(lefts, area.left) - 1 for area in areas]
    belongs = all(place >= 0 and area.right <= wide[place].right for area, place in zip(areas, places, strict=True))
    return areas if belongs and _only_words(page, row) else []


def _of_indicators(page: Page, row: int) -> bool:
    return any(labels.column(text) in _INDICATORS for _, text in page.texts(row, 1, MAX_COLUMN))


def _only_words(page: Page, row: int) -> bool:
    entries = [page.entry(row, column) for column in page.filled(row, 1, MAX_COLUMN)]
    return bool(entries) and all(map(_is_words, entries))


def _is_words(entry: Entry) -> bool:
    return entry.text not in _NOTHING and figure(entry) is None


def _path(page: Page, column: int, top: int, bottom: int) -> Iterator[str]:
    """The header texts over a column, top to bottom, each once."""
    seen = set()
    for row in range(top, bottom + 1):
        entry = page.entry(row, column)
        if entry.text and entry.cell not in seen:
            seen.add(entry.cell)
            yield re.sub(r"\s+", "", entry.text).rstrip(":：")


def _read(page: Page, header: _Header, above: int) -> tuple[list[AmountTable], int]:
    """The tables under a header, one for each side, and the last row they take."""
    rows: list[int] = []
    last = header.bottom
    for row in range(header.bottom + 1, page.bottom + 1):
        entries = [page.entry(row, column.column) for column in header.columns if not column.is_label]
        words = [entry for entry in entries if _is_words(entry)]
        if not page.filled(row, 1, MAX_COLUMN):
            continue  # left for lines to come
        if not page.filled(row, header.columns[0].column, header.columns[-1].column):
            break
        if (words or last < row - 1) and not any(figure(entry) for entry in entries):
            break
        last = row
        if re.sub(r"\s+", "", page.entry(row, header.columns[0].column).text) not in _NUMBERED:
            rows.append(row)
    title, body, unit = _around(page, header, above)
    tables = []
    for side in _sides(header.columns):
        common = 1 if len({column.path[:1] for column in side}) == 1 and all(len(c.path) > 1 for c in side) else 0
        name = side[0].path[0] if common else ""
        area = Area(header.top, side[0].column, last, side[-1].column)
        lines = (line for row in rows if (line := _line(page, row, side, common, header.bottom, unit)) is not None)
        tables.append(AmountTable(page.grid.name, area, title, name, body, unit, tuple(lines)))
    return tables, last


def _sides(columns: Sequence[_Column]) -> Iterator[tuple[_Column, ...]]:
    """The columns, cut where the first label's header comes again: 项目 | 预算数 | 项目 | 预算数."""
    side: list[_Column] = []
    for column in columns:
        if column.is_label and side and column.header == side[0].header and not side[-1].is_label:
            yield tuple(side)
            side = []
        side.append(column)
    yield tuple(side)


def _line(page: Page, row: int, side: Sequence[_Column], common: int, header: int, unit: str) -> Line | None:
    """A row of one side; None where the side has nothing there."""
    found_labels: dict[str, Entry] = {}
    amounts: dict[str, Entry] = {}
    for column in side:
        entry = page.entry(row, column.column)
        name = "/".join(column.path[common:]) or column_letters(column.column)
        if column.is_label and not (entry.cell and entry.cell.row <= header and sum(c.is_label for c in side) > 1):
            found_labels[name] = entry  # a merged label down the side of the whole block is none of the row's
        elif not column.is_label:
            own = entry if entry.cell and entry.cell.row == row else ABSENT  # a merged amount counts once
            amounts[name if name not in amounts else f"{name}（{column_letters(column.column)}列）"] = own
    filled = any(entry.text for entry in (*found_labels.values(), *amounts.values()))
    return Line(row, found_labels, amounts, unit) if filled else None


def _around(page: Page, header: _Header, above: int) -> tuple[str, str, str]:
    """Title, body and unit, from the rows over a header, and the unit also from the header itself."""
    title = body = unit = ""
    for row in range(header.bottom, max(above, header.top - _ABOVE), -1):
        for _, text in page.texts(row, 1, MAX_COLUMN):
            bare = re.sub(r"\s+", "", text)
            pair = labels.inline(text)
            unit = unit or labels.unit(bare)
            if row >= header.top:
                continue
            if pair and labels.key(pair[0]) in _BODY:
                body = body or pair[1]
            elif not title and not pair and _TITLE.fullmatch(bare):
                title = bare
    return title, body, unit
