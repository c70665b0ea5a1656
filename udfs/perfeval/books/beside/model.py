"""What is put beside forms: cells by sheet, a hidden sheet that they read, and where printing has to end before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from perfeval.books.cell_values import Scalar
from perfeval.forms.grid import Address, Area

SHEET = "_测算"  # hidden: what the formulas look up, and what is kept for taking them out
NAME = "_测算_"  # and a number: the hidden name of a block, which spreadsheet programs move along with it
PRINTED = "_印"  # ends the name of a block on whose sheet a print area was set
MARK = "PerfEval 测算列"  # in the hidden sheet's first cell


class Look(IntEnum):
    """How a cell looks. No two look alike: a program that saves the file makes one style of those."""

    NUMBER = 0
    PERCENT = 1
    TEXT = 2


class Content(NamedTuple):
    """A cell: a formula with its value, or a text alone."""

    look: Look
    formula: str | None
    value: Scalar


@dataclass(frozen=True, slots=True)
class Block:
    """What stands beside one form: ``area`` with ``titles``, one a column, in its first row."""

    sheet: str
    area: Area
    titles: Sequence[str]
    cells: Mapping[Address, Content]


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
