"""What is put beside forms: cells by sheet, a hidden sheet that they read, and where printing has to end before them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from perfeval.books.cell_values import Scalar
from perfeval.forms.grid import Address, Area, Grid

SHEET = "_测算"  # hidden: what the formulas look up, and what is kept for taking them out
NAME = "_测算_"  # and a number: the hidden name of a block, which spreadsheet programs move along with it
PRINTED = "_印"  # ends the name of a block on whose sheet a print area was set
MARK = "PerfEval 测算列"  # in the hidden sheet's first cell
SCORE, COMPLETION, HINT, HELP = "测算得分", "完成率", "提示", "计算用"
HEADINGS = (SCORE, COMPLETION, HINT)


class Look(IntEnum):
    """How a cell looks; the value is its place among the added styles."""

    HEADING = 0
    NUMBER = 1
    PERCENT = 2
    TEXT = 3


class Content(NamedTuple):
    """A cell: a formula with its value, or a text alone."""

    look: Look
    formula: str | None
    value: Scalar


@dataclass(frozen=True, slots=True)
class Block:
    """What stands beside one form: ``area`` with the headings in its first row. The columns behind the headings only compute
    and are hidden."""

    sheet: str
    area: Area
    cells: Mapping[Address, Content]

    @property
    def shown(self) -> int:
        """The last column that a person sees."""
        return min(self.area.left + len(HEADINGS) - 1, self.area.right)


@dataclass(frozen=True, slots=True)
class Addition:
    """All that is put into a workbook. ``tables`` are the hidden sheet's own values; ``print_areas`` are of sheets that had none."""

    blocks: Sequence[Block]
    tables: Mapping[Address, Scalar] = field(default_factory=dict)
    print_areas: Mapping[str, Area] = field(default_factory=dict)

    def of(self, sheet: str) -> Sequence[Block]:
        """The blocks of a sheet."""
        return [block for block in self.blocks if block.sheet == sheet]

    @property
    def sheets(self) -> Sequence[str]:
        """The sheets with blocks, in their order."""
        return list(dict.fromkeys(block.sheet for block in self.blocks))


def headings(area: Area) -> Iterator[tuple[Address, str]]:
    """The headings of a block."""
    for column in range(area.left, area.right + 1):
        place = column - area.left
        yield Address(area.top, column), HEADINGS[place] if place < len(HEADINGS) else HELP


def is_block(grid: Grid, area: Area) -> bool:
    """Whether an area is headed as a block of ours: nothing else is ever taken for one, whatever a name says."""
    width = area.right - area.left + 1
    return width >= len(HEADINGS) and all(grid[place].value == text for place, text in headings(area))
