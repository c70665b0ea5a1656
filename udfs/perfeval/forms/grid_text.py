"""A grid as a person reads it: texts row by row, what a merged area shows, a number with the unit its format prints."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from perfeval.arithmetic import Scaled, exact
from perfeval.forms.beside import without_blocks
from perfeval.forms.grid import Area, Cell, Grid, Value
from perfeval.forms.model import ABSENT, Entry
from perfeval.quantities import PERCENT

_FORMAT_UNIT = re.compile(r'^[#,0.]+\s*(?:"([^"]+)"|\\?([一-鿿]))(?:;.*|_.*)?$')

Read = TypeVar("Read")


class Page:
    """A grid with its filled cells by row, so that reading takes no longer than there is to read."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self._filled: dict[int, list[int]] = defaultdict(list)
        for place, cell in grid.cells.items():
            if cell.value is not None and (not isinstance(cell.value, str) or cell.value.strip()):
                self._filled[place.row].append(place.column)
        for columns in self._filled.values():
            columns.sort()
        self._texts: dict[int, tuple[list[int], list[tuple[Area, str]]]] = {}
        self._entries: dict[tuple[int, int], Entry] = {}
        self._read: dict[Callable[[Page], Any], Any] = {}
        self.bottom = max(self._filled, default=0)

    def once(self, read: Callable[[Page], Read]) -> Read:
        """What a reader makes of the page, however often it is asked for."""
        if read not in self._read:
            self._read[read] = read(self)
        return self._read[read]

    def rows(self) -> list[int]:
        """The rows that hold anything, top to bottom."""
        return sorted(self._filled)

    def filled(self, row: int, left: int, right: int) -> Sequence[int]:
        """The columns of a row, within bounds, whose own cell holds something."""
        columns = self._filled.get(row, [])
        return columns[bisect_left(columns, left) : bisect_right(columns, right)]

    def texts(self, row: int, left: int, right: int) -> Sequence[tuple[Area, str]]:
        """The texts of a row, within bounds, with their areas."""
        known = self._texts.get(row)
        if known is None:  # a reader looks at the same rows again and again
            known = self._texts[row] = self._texts_of(row)
        columns, texts = known
        if not columns or (left <= columns[0] and columns[-1] <= right):
            return texts
        return texts[bisect_left(columns, left) : bisect_right(columns, right)]

    def _texts_of(self, row: int) -> tuple[list[int], list[tuple[Area, str]]]:
        columns, texts = [], []
        for column in self._filled.get(row, ()):
            value = self.grid[row, column].value
            if isinstance(value, str):
                columns.append(column)
                texts.append((self.grid.area_of((row, column)), value))
        return columns, texts

    def occupied(self, row: int, column: int) -> bool:
        """Whether a cell holds something or belongs to a merged area."""
        return bool(self.filled(row, column, column)) or self.grid.is_merged((row, column))

    def entry(self, row: int, column: int | None) -> Entry:
        """The field at a place: what is seen there, and the cell that holds it."""
        if column is None:
            return ABSENT
        place = row, column
        known = self._entries.get(place)
        if known is None:
            anchor = self.grid.anchor_of(place)
            known = self._entries.get(anchor)
            if known is None:  # every cell of a merged area is one field
                known = self._entries[anchor] = Entry(seen(self.grid[anchor]), anchor)
            self._entries[place] = known
        return known


def page_of(grid: Grid) -> Page:
    """The grid's page, made once: every reader of a sheet looks at the same, and past the columns that we put beside forms."""
    if grid.page is None:
        grid.page = Page(without_blocks(grid))
    return grid.page


def seen(cell: Cell) -> Value:
    """What a person sees: a number formatted as a percentage or with a unit is that text."""
    value = cell.value
    if value is None or isinstance(value, (str, bool)) or not isinstance(value, (int, float)):
        return value
    unit = _unit_of(cell.format)
    if not unit:
        return value
    number = exact(value)
    return f"{Scaled(number.units * 100, number.places) if unit == PERCENT else number}{unit}"


@lru_cache(maxsize=256)
def _unit_of(number_format: str) -> str:
    """The unit that a number format prints behind the number; "" if none."""
    if PERCENT in number_format:
        return PERCENT
    match = _FORMAT_UNIT.match(number_format)
    return match[1] or match[2] if match else ""
