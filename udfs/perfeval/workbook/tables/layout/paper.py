"""What the blocks of an official table share as they are laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfeval.forms.grid import Area
from perfeval.workbook.canvas import Canvas
from perfeval.workbook.tables.layout.words import Words
from perfeval.workbook.tables.model import Table


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet with its table and the words for it, the widths of the table's columns, and the column of the checks."""

    canvas: Canvas
    table: Table
    words: Words
    widths: Mapping[int, float]
    check: int

    def width(self, area: Area) -> float:
        """The width of an area, in characters."""
        return sum(self.widths[column] for column in range(area.left, area.right + 1))
