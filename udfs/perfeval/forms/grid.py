"""A sheet as a plain grid: values, number formats, merges. Whatever library read the file, forms see only this."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple, Protocol

from perfeval.digits import whole_or
from perfeval.errors import CellError, InvalidValue

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,10})")
_SHOWN = 40  # characters of what is no address that its refusal shows

Value = str | float | int | bool | datetime | date | time | CellError | None


class Address(NamedTuple):
    """A cell's place, 1-based: row first, as the sheet is read."""

    row: int
    column: int

    def __str__(self) -> str:
        return f"{column_letters(self.column)}{self.row}"


class Area(NamedTuple):
    """A rectangle of cells, both corners included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{Address(self.top, self.left)}:{Address(self.bottom, self.right)}"

    def __contains__(self, place: object) -> bool:
        row, column = place  # type: ignore[misc]
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    @property
    def size(self) -> int:
        """How many cells the area has."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def addresses(self) -> Iterator[Address]:
        """Every cell of the area, row by row."""
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield Address(row, column)


class Cell(NamedTuple):
    """One cell as the file holds it.

    ``value`` is the stored or cached value (None: empty, or a formula never calculated); ``format`` the number format
    code ("General", "0.00%" …); ``formula`` the text behind "=", None for a constant; ``locked`` as the cell's style
    says (it only matters on a protected sheet).
    """

    value: Value = None
    format: str = "General"
    formula: str | None = None
    locked: bool = True


EMPTY = Cell()


class Merges:
    """Finds the area (merged, or of an array formula) that covers a cell, whatever the areas' size and number.

    Where areas cover few cells, as on a form, each cell is listed. Others are kept by size class (height and width rounded
    up to powers of two) in blocks of that size: an area lies in at most four blocks, and a block holds few areas, as they
    do not overlap.
    """

    _FEW = 1 << 12
    _MOST_IN_A_BLOCK = 9

    def __init__(self, areas: Sequence[Area]) -> None:
        self.covering: Callable[[tuple[int, int]], Area | None]
        if sum([area.size for area in areas]) <= self._FEW:
            self.covering = {
                (row, column): area
                for area in reversed(areas)
                for row in range(area.top, area.bottom + 1)
                for column in range(area.left, area.right + 1)
            }.get
        else:
            self.covering = lru_cache(maxsize=1 << 16)(self._in_blocks)
            self._fill_blocks(areas)

    def _fill_blocks(self, areas: Sequence[Area]) -> None:
        self._blocks: dict[tuple[int, int, int, int], list[Area]] = {}
        for area in areas:
            high, wide = (area.bottom - area.top).bit_length(), (area.right - area.left).bit_length()
            for row in range(area.top >> high, (area.bottom >> high) + 1):
                for column in range(area.left >> wide, (area.right >> wide) + 1):
                    block = self._blocks.setdefault((high, wide, row, column), [])
                    block.append(area)
                    if len(block) > self._MOST_IN_A_BLOCK:
                        raise InvalidValue(f"区域 {area} 与别的合并区域或数组公式重叠；请取消这些合并后重新合并")
        self._classes = {(high, wide) for high, wide, _, _ in self._blocks}

    def _in_blocks(self, place: tuple[int, int]) -> Area | None:
        """The area that covers a cell, or None."""
        row, column = place
        for high, wide in self._classes:
            for area in self._blocks.get((high, wide, row >> high, column >> wide), ()):
                if area.top <= row <= area.bottom and area.left <= column <= area.right:
                    return area
        return None


@dataclass
class Grid:
    """One sheet. Cells that are absent are empty; a merged area's value stands in its top left cell.

    ``arrays`` are the areas of several cells that one array formula or data table fills: its formula stands in the top
    left cell, and the area changes only as a whole. ``unclear`` says of cells what the file does not tell of them. ``page``
    is kept here for ``forms.grid_text``. Raises InvalidValue when areas overlap.
    """

    name: str
    cells: Mapping[Address, Cell]
    merges: tuple[Area, ...] = ()
    hidden_columns: frozenset[int] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    protected: bool = False
    visible: bool = True
    arrays: tuple[Area, ...] = ()
    unclear: Mapping[Address, str] = field(default_factory=dict)
    page: Any = field(init=False, repr=False, compare=False, default=None)
    _merged: Merges = field(init=False, repr=False, compare=False)
    _filled: Merges = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._merged = Merges(self.merges)
        self._filled = Merges(self.arrays)

    def __getitem__(self, place: tuple[int, int]) -> Cell:
        """The cell itself, without looking through a merge."""
        return self.cells.get(place, EMPTY)  # type: ignore[arg-type]  (an Address equals the pair)

    def area_of(self, place: tuple[int, int]) -> Area:
        """The merged area that covers a cell, or the cell alone."""
        merged = self._merged.covering(place)
        return merged or Area(*place, *place)

    def is_merged(self, place: tuple[int, int]) -> bool:
        """Whether a cell belongs to a merged area."""
        return self._merged.covering(place) is not None

    def anchor_of(self, place: tuple[int, int]) -> Address:
        """The cell that holds what is seen at a place: the top left one of the merged area, or the cell itself."""
        merged = self._merged.covering(place)
        return Address(merged.top, merged.left) if merged else Address(*place)

    def array_of(self, place: tuple[int, int]) -> Area | None:
        """The area of the array formula that fills a cell, or None."""
        return self._filled.covering(place)

    def shown(self, place: tuple[int, int]) -> Cell:
        """The cell a person sees at this place: a merged area's top left cell everywhere in it."""
        return self[self.anchor_of(place)]

    @cached_property
    def bottom(self) -> int:
        """The last row that holds a cell (0 for an empty sheet)."""
        return max((place.row for place in self.cells), default=0)

    @cached_property
    def right(self) -> int:
        """The last column that holds a cell (0 for an empty sheet)."""
        return max((place.column for place in self.cells), default=0)


class Book(Protocol):
    """A workbook, on disk or live: its sheets as grids. ``user_sheets`` are those that a user can see or unhide."""

    @property
    def sheets(self) -> Sequence[str]: ...
    @property
    def user_sheets(self) -> Sequence[str]: ...
    @property
    def names(self) -> Mapping[str, str]: ...
    def grid(self, sheet: str) -> Grid: ...


def column_letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


@cache
def column_number(letters: str) -> int:
    """A → 1, AA → 27. Only for letters A to Z, in either case."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def address(text: str) -> Address:
    """``"$B$5"`` or ``"b5"`` → Address(5, 2). Raises InvalidValue for anything else."""
    match = _ADDRESS.fullmatch(text)
    row = whole_or(match[2], 0) if match else 0
    if match is None or not row:
        raise InvalidValue(f"“{text[:_SHOWN]}”不是单元格地址，应写成 B5 的样子")
    return Address(row, column_number(match[1]))


def area(text: str) -> Area:
    """``"B5:D9"`` or ``"B5"`` → Area. Raises InvalidValue for anything else."""
    first, _, last = text.partition(":")
    start = address(first)
    end = address(last) if last else start
    return Area(
        min(start.row, end.row), min(start.column, end.column), max(start.row, end.row), max(start.column, end.column)
    )
