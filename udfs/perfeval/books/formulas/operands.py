"""What functions and operators work on: single values, arrays, and ranges that are read only when needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from perfeval.books.formulas.syntax import Node, Unsupported
from perfeval.books.formulas.values import failing, number
from perfeval.errors import NOT_AVAILABLE, CellError
from perfeval.forms.grid import Address, Area, Grid, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_CELLS = 1_000_000  # of one array

Array = tuple[tuple[Value, ...], ...]


class Cells(Protocol):
    """The book as formulas see it."""

    def sheet(self, name: str) -> str:
        """The name of a sheet as the book spells it. Raises Unsupported if there is none."""
        ...

    def grid(self, sheet: str) -> Grid: ...

    def used(self, sheet: str) -> Area:
        """The area from A1 that holds every cell of a sheet."""
        ...

    def value(self, sheet: str, cell: Address) -> Value:
        """A cell's present value. Raises Unsupported if it is not known."""
        ...

    def array(self, sheet: str, area: Area) -> Array:
        """The present values of an area, row by row. Raises Unsupported if one is not known."""
        ...

    def name(self, text: str) -> Node:
        """What a defined name stands for. Raises Unsupported if that is not known."""
        ...

    def spend(self, steps: int) -> None:
        """Count work done. Raises Unsupported when there was too much."""
        ...


class Context(NamedTuple):
    """Where a formula stands; ``arrays``: in an array formula or SUMPRODUCT, ranges are taken cell by cell. ``snaps`` as in
    ``values.summed``."""

    cells: Cells
    sheet: str
    cell: Address
    arrays: bool = False
    depth: int = 0  # of the names around, each as deep as it stands in its formula
    snaps: bool | None = None


@dataclass(slots=True)  # not frozen: formulas make many, and setting a frozen one's fields takes three times as long
class Range:
    """A rectangle of a sheet, not read yet."""

    cells: Cells
    sheet: str
    area: Area

    @property
    def height(self) -> int:
        return self.area.bottom - self.area.top + 1

    @property
    def width(self) -> int:
        return self.area.right - self.area.left + 1

    @property
    def single(self) -> bool:
        top, left, bottom, right = self.area
        return top == bottom and left == right

    def at(self, row: int, column: int) -> Value:
        """The value at an offset from the top left cell."""
        return self.cells.value(self.sheet, Address(self.area.top + row, self.area.left + column))

    def part(self, top: int, left: int, height: int, width: int) -> Range:
        """The rectangle of this size at an offset from the top left cell."""
        row, column = self.area.top + top, self.area.left + left
        return Range(self.cells, self.sheet, Area(row, column, row + height - 1, column + width - 1))

    def extent(self) -> tuple[int, int]:
        """Height and width of the part within the sheet's used area: all beyond is blank."""
        used = self.cells.used(self.sheet)
        return (
            max(0, min(self.height, used.bottom - self.area.top + 1)),
            max(0, min(self.width, used.right - self.area.left + 1)),
        )

    def filled(self) -> Iterator[tuple[Address, Value]]:
        """Every cell that is not blank, with its value."""
        grid = self.cells.grid(self.sheet)
        self.cells.spend(len(grid.cells))
        for place in grid.cells:
            if place in self.area and (value := self.cells.value(self.sheet, place)) is not None:
                yield place, value

    def values(self) -> Iterator[Value]:
        """The values of the cells that are not blank."""
        height, width = self.extent()
        if height * width > 2 * len(self.cells.grid(self.sheet).cells):
            return (value for _, value in self.filled())
        return (value for row in self.array() for value in row if value is not None)

    def array(self) -> Array:
        """All values, blank rows and columns behind the sheet's last cells left out (one blank at least)."""
        height, width = (max(1, side) for side in self.extent())
        if height * width > MOST_CELLS:
            raise Unsupported("区域太大")
        self.cells.spend(height * width)
        return self.cells.array(self.sheet, self.part(0, 0, height, width).area)

    def whole(self) -> Array:
        """All values, the blanks behind the sheet's last cells too: where cells are counted one by one they count."""
        if self.height * self.width > MOST_CELLS:
            raise Unsupported("区域太大")
        rows = self.array()
        if (len(rows), len(rows[0])) == (self.height, self.width):
            return rows
        self.cells.spend(self.height * self.width)
        blank = (None,) * (self.width - len(rows[0]))
        padded = tuple((*row, *blank) for row in rows)
        return (*padded, *((None,) * self.width,) * (self.height - len(rows)))


Operand = Value | Array | Range


def cell_of(array: Array, row: int, column: int) -> Value:
    """A range's value at an offset: behind what its array holds, all is blank."""
    return array[row][column] if row < len(array) and column < len(array[0]) else None


def broadcast(array: Array, row: int, column: int) -> Value:
    """An array's value at an offset: a single row or column serves for all, beyond the others is #N/A."""
    line = array[0] if len(array) == 1 else array[row] if row < len(array) else (NOT_AVAILABLE,)
    return line[0] if len(line) == 1 else line[column] if column < len(line) else NOT_AVAILABLE


def one(operand: Operand) -> Value:
    """A single value. A larger range would depend on where the formula stands and how it was entered."""
    if isinstance(operand, Range) and operand.single:
        return operand.cells.value(operand.sheet, Address(operand.area.top, operand.area.left))
    if isinstance(operand, tuple) and len(operand) == len(operand[0]) == 1:
        return operand[0][0]
    if isinstance(operand, (Range, tuple)):
        raise Unsupported("需要单个值的地方是一片区域")
    return operand


def items(operand: Range | Array) -> Iterator[Value]:
    """The values of a range or an array that are not blank; an error among them becomes the result."""
    values = operand.values() if isinstance(operand, Range) else (value for row in operand for value in row)
    for value in values:
        if isinstance(value, CellError):
            raise failing(value)
        if value is not None:
            yield value


def numbers(operands: Iterable[Operand]) -> Iterator[float]:
    """The numbers that SUM, MAX … see: in ranges and arrays only numbers; direct arguments are converted."""
    for operand in operands:
        if isinstance(operand, (Range, tuple)):
            yield from (number(value) for value in items(operand) if not isinstance(value, (str, bool)))
        else:
            yield number(operand)
