"""增加指标行: a row below the indicator row in which the cursor stands, part of all that this row is part of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from perfeval.books.live import LiveBook
from perfeval.commands.fill_record import Memory
from perfeval.commands.live.blanks import blank_row, offered, refuse_protected
from perfeval.errors import FormProblem, Place
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Address, Area, Grid
from perfeval.forms.model import SCORING, IndicatorRow
from perfeval.forms.reader import read_sheet
from perfeval.forms.references import longer, pointed

if TYPE_CHECKING:
    import xlwings as xw

_OFFERED = re.compile(r"指标\d+：")


def add(book: xw.Book) -> str:
    """Button 增加指标行. The cursor then stands in the new row.

    Rows that share one 分值 stay together: the new row comes below them, with a 分值 of its own.
    """
    chosen = book.selection
    live = LiveBook(book)
    place = _place(live.grid(chosen.sheet.name), chosen.row) if chosen is not None else None
    if chosen is None or place is None:
        raise FormProblem("请先点自评表里的一行指标，新的一行加在它的下面")
    sheet, grid = chosen.sheet, live.grid(chosen.sheet.name)
    refuse_protected(grid)
    memory = Memory(live)
    memory.move_down(sheet.name, place.above)
    _insert(sheet, grid, place)
    grown = LiveBook(book)
    grown.apply([*_contents(grown.grid(sheet.name), place), *memory.edits()])
    sheet.range((place.new, place.name_column)).select()
    return ""


class _Listing(NamedTuple):
    """The indicator rows of a form, of a project or of a whole body; those that share one 分值 together."""

    area: Area
    groups: tuple[tuple[IndicatorRow, ...], ...]

    @property
    def rows(self) -> tuple[IndicatorRow, ...]:
        return tuple(row for group in self.groups for row in group)


def _listings(grid: Grid) -> Iterator[_Listing]:
    """The listings of a sheet to which a row can be added: the leaves of a 评分表 are its standard's."""
    for form in read_sheet(grid):
        if form.kind != SCORING:
            yield _Listing(form.area, tuple(form.groups()))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row comes: below the row ``above``, made after the row ``pattern``, which has a 分值 of its own."""

    listing: _Listing
    row: IndicatorRow
    pattern: IndicatorRow
    above: int

    @property
    def new(self) -> int:
        return self.above + 1

    @property
    def copied(self) -> int:
        """The pattern's row when the new one is there."""
        return self.pattern.row + (self.pattern.row > self.above)

    @property
    def name_column(self) -> int:
        assert self.row.name.cell is not None
        return self.row.name.cell.column


def _place(grid: Grid, chosen: int) -> _Place | None:
    for listing in _listings(grid):
        for group in listing.groups:
            bottom = max(_bottom(grid, row) for row in group)
            if group[0].row <= chosen <= bottom and group[0].name.cell is not None:
                row = group[-1]
                return _Place(listing, row, _pattern(grid, listing, row), bottom)
    return None


def _bottom(grid: Grid, row: IndicatorRow) -> int:
    return grid.area_of(row.name.cell or (row.row, 1)).bottom


def _pattern(grid: Grid, listing: _Listing, row: IndicatorRow) -> IndicatorRow:
    """The row itself, or the nearest like it that stands alone. Raises FormProblem where there is none."""
    alone = [
        group[0]
        for group in listing.groups
        if len(group) == 1 and not group[0].is_execution and _bottom(grid, group[0]) == group[0].row
    ]
    if not alone:
        told = "每一行指标都与别的行共用分值，没有可以照着增加的一行；请手工插入"
        raise FormProblem(told, Place(sheet=grid.name))
    return min(
        alone,
        key=lambda other: (
            (other.level1, other.level2) != (row.level1, row.level2),
            bool(other.level2) != bool(row.level2),
            abs(other.row - row.row),
        ),
    )


# --- the row itself, through xlwings' API ---


def _insert(sheet: xw.Sheet, grid: Grid, place: _Place) -> None:
    """Insert the row with the pattern's looks and formulas, and extend the labels beside it."""
    sheet.range(f"{place.new}:{place.new}").insert("down")
    height = sheet.range((place.copied, 1)).row_height
    if height is not None:
        sheet.range((place.new, 1)).row_height = height
    for first, last in _stretches(grid, place):
        source = sheet.range((place.copied, first), (place.copied, last))
        source.copy(sheet.range((place.new, first)))
    for area in _labels(grid, place):
        merged = sheet.range((area.top, area.left), (area.bottom, area.right))
        if area.top < area.bottom or area.left < area.right:
            merged.unmerge()
        sheet.range((area.top, area.left), (place.new, area.right)).merge()


def _stretches(grid: Grid, place: _Place) -> Iterator[tuple[int, int]]:
    """The columns to copy, from the names on, without what is merged over several rows."""

    def own(column: int) -> bool:
        area = grid.area_of((place.pattern.row, column))
        return area.top == area.bottom

    for copied, columns in groupby(range(place.name_column, grid.right + 1), own):
        found = list(columns)
        if copied:
            yield found[0], found[-1]


def _labels(grid: Grid, place: _Place) -> Iterator[Area]:
    """The labels before the names that end above the new row; one that goes on below it has grown by itself."""
    column = place.listing.area.left
    while column < place.name_column:
        area = grid.area_of((place.above, column))
        if area.bottom == place.above:
            yield area
        column = area.right + 1


# --- what stands in it, and in the formulas that sum over it ---


def _contents(grid: Grid, place: _Place) -> Iterator[Edit]:
    """The edits of the grown sheet: the new row as a blank one, and every sum over the rows so far one row longer."""
    yield from _blank(grid, place)
    rows = {row.row + (row.row > place.above) for row in place.listing.rows} | {place.new}
    for cell, present in grid.cells.items():
        if present.formula is None:
            continue
        if cell.row == place.new:
            formula = pointed(present.formula, _kinds(grid, place))
        elif cell.row in rows:
            continue
        else:
            formula = longer(present.formula, place.listing.rows[0].row, place.above)
        if formula != present.formula:
            yield Edit(grid.name, cell, Formula(formula))


def _blank(grid: Grid, place: _Place) -> Iterator[Edit]:
    """The new row as the official blank offers it, and the rows that are only offered so far counted anew: 指标2：."""
    grown = next(one for one in _listings(grid) if one.area.top == place.listing.area.top)
    kind = (place.row.level1, place.row.level2)
    for number, row in enumerate((row for row in grown.rows if (row.level1, row.level2) == kind), start=1):
        if row.row == place.new:
            yield from blank_row(grid, row, number)
        elif row.name.cell is not None and _OFFERED.fullmatch(row.name.text):
            yield Edit(grid.name, row.name.cell, offered(number))


def _kinds(grid: Grid, place: _Place) -> dict[Address, Address]:
    """The labels that the pattern's formulas name, with those of the new row."""
    columns = range(place.listing.area.left, place.name_column)
    found = {grid.anchor_of((place.copied, column)): grid.anchor_of((place.new, column)) for column in columns}
    return {old: new for old, new in found.items() if old != new}
