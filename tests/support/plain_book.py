"""A book in memory, from cells as a person would type them: {"A1": 5, "B1": "=A1*2"}."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfeval.books.recalculation import Recalculation, recalculate
from perfeval.forms.grid import Address, Cell, Grid, Value, address


def cell(content: Value) -> Cell:
    """A text that begins with "=" is a formula without a value; a pair is a formula with its present value."""
    if isinstance(content, tuple):
        formula, value = content
        return Cell(value, formula=formula.removeprefix("="))
    if isinstance(content, str) and content.startswith("="):
        return Cell(None, formula=content.removeprefix("="))
    return Cell(content)


@dataclass
class PlainBook:
    """The least that can be recalculated."""

    grids: dict[str, Grid]
    names: dict[str, str] = field(default_factory=dict)

    @property
    def sheets(self) -> tuple[str, ...]:
        return tuple(self.grids)

    @property
    def formula_sheets(self) -> tuple[str, ...]:
        return self.sheets

    def grid(self, sheet: str) -> Grid:
        return self.grids[sheet]

    def recalculated(self, *changed: str) -> Recalculation:
        """Recalculate after changes of cells written ``B5`` (on the first sheet) or ``表!B5``; none: everything."""
        places = [self.place(text) for text in changed]
        return recalculate(self, places or None)

    def place(self, text: str) -> tuple[str, Address]:
        sheet, _, cell_text = text.rpartition("!")
        return sheet or self.sheets[0], address(cell_text)


def book(sheets: dict[str, dict[str, object]], names: dict[str, str] | None = None) -> PlainBook:
    """A book of these sheets and defined names."""
    return PlainBook(
        {
            name: Grid(name, {address(place): cell(content) for place, content in cells.items()})  # type: ignore[arg-type]
            for name, cells in sheets.items()
        },
        names or {},
    )
