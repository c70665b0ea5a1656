"""Which formulas watch a cell: an index of all references of a book, asked once for each cell that changes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from perfeval.forms.grid import Address, Area

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Place(NamedTuple):
    """A cell of a book."""

    sheet: str
    cell: Address


class Watchers:
    """Formulas by the areas they refer to.

    Single cells are found directly. An area's rows are split into blocks of 1, 2, 4 … rows as a segment tree does, so
    that a cell meets only areas that hold its row, whatever the number of areas.
    """

    def __init__(self) -> None:
        self._cells: dict[Place, list[Place]] = defaultdict(list)
        self._areas: dict[tuple[str, Area], list[Place]] = defaultdict(list)
        self._blocks: dict[tuple[str, int, int], list[Area]] = defaultdict(list)
        self._levels: dict[str, set[int]] = defaultdict(set)  # of the blocks of a sheet

    def watch(self, sheet: str, area: Area, formula: Place) -> None:
        """Note that a formula refers to an area."""
        if area.top == area.bottom and area.left == area.right:
            self._cells[Place(sheet, Address(area.top, area.left))].append(formula)
            return
        if (sheet, area) not in self._areas:
            for level, block in _blocks(area.top, area.bottom):
                self._levels[sheet].add(level)
                self._blocks[sheet, level, block].append(area)
        self._areas[sheet, area].append(formula)

    def affected(self, changed: Iterable[Place]) -> set[Place]:
        """Everything that depends on the changed cells, directly or not, and these cells themselves.

        What has been found is dropped from the index: a second question would find less.
        """
        found = set(changed)
        waiting = list(found)
        while waiting:
            for formula in self._take(waiting.pop()):
                if formula not in found:
                    found.add(formula)
                    waiting.append(formula)
        return found

    def _take(self, place: Place) -> Iterator[Place]:
        yield from self._cells.pop(place, ())
        row, column = place.cell
        for level in self._levels.get(place.sheet, ()):
            key = place.sheet, level, row >> level
            if key in self._blocks:
                hits, others = [], []
                for area in self._blocks[key]:
                    (hits if area.left <= column <= area.right else others).append(area)
                self._blocks[key] = others
                for area in hits:
                    yield from self._areas.pop((place.sheet, area), ())


def _blocks(top: int, bottom: int) -> Iterator[tuple[int, int]]:
    """The rows as the fewest aligned blocks: (level, number) of 2**level rows each."""
    level, end = 0, bottom + 1
    while top < end:
        if top & 1:
            yield level, top
            top += 1
        if end & 1:
            end -= 1
            yield level, end
        top, end, level = top >> 1, end >> 1, level + 1
