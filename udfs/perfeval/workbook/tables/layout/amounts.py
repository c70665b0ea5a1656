"""Blocks of amounts on a sheet, one or several beside one another: where their rows stand, and their header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from perfeval.forms.grid import Address, Area
from perfeval.workbook.canvas import BOXED, HEADER, HELP_HEADER, LINE
from perfeval.workbook.tables import placing
from perfeval.workbook.tables.layout import rows
from perfeval.workbook.tables.layout.paper import Paper
from perfeval.workbook.tables.layout.standing import Standing
from perfeval.workbook.tables.model import Amounts, Column
from perfeval.workbook.tables.placing import Line, Placed
from perfeval.workbook.textsize import lines

_LOWEST = 24  # points of a header's row


@dataclass(frozen=True, slots=True)
class Below:
    """Where blocks of amounts end: the last row of the header, and the last row."""

    header: int
    row: int


def lay_out(paper: Paper, blocks: Sequence[Amounts], given: Sequence[Sequence[Line]], top: int) -> Below:
    """Lay blocks out beside one another from row ``top`` on, with the given lines, or blank where there are none.

    Raises InvalidValue where a given line has no place.
    """
    placed = [
        placing.placed(block, own) if own else placing.blank(block) for block, own in zip(blocks, given, strict=True)
    ]
    header = top + any(block.side for block in blocks) + any(one.over for block in blocks for one in block.columns)
    first = header + 1 + any(block.numbers for block in blocks)
    body = max(sum(not one.row.foot for one in own) for own in placed)
    foot = max(sum(one.row.foot for one in own) for own in placed)
    last = first + body + foot - 1
    standing = [
        Standing(block, tuple(own), tuple(_places(own, first, body, last)), _columns(block, left, paper.check - 1))
        for block, own, left in zip(blocks, placed, _lefts(blocks), strict=True)
    ]
    for one in standing:
        _header(paper, one, top, header)
        _numbers(paper, one, first - 1)
        _down(paper, one, top, last)
    rows.lay_out(paper, standing, range(first, last + 1))
    rows.check(paper, standing, top - 1)
    return Below(first - 1, last)


def widths(blocks: Sequence[Amounts]) -> dict[int, float]:
    """The widths of the sheet's columns, for blocks that state them."""
    return {
        left + number: column.width
        for block, left in zip(blocks, _lefts(blocks), strict=True)
        for number, column in enumerate(_printed(block))
    }


def _printed(block: Amounts) -> list[Column]:
    return [column for column in block.columns if not column.help]


def _lefts(blocks: Sequence[Amounts]) -> Iterator[int]:
    """The first column of each block's own columns."""
    left = 1
    for block in blocks:
        yield left + bool(block.down)
        left += bool(block.down) + sum(column.span for column in _printed(block))


def _columns(block: Amounts, left: int, beside: int) -> dict[str, int]:
    """The sheet's column of each key; ``beside`` is that of a code which is not printed."""
    places = {}
    for column in block.columns:
        places[column.key] = beside if column.help else left
        left += 0 if column.help else column.span
    return places


def _places(placed: Sequence[Placed], first: int, body: int, last: int) -> Iterator[int]:
    """The sheet's row of each: those at the foot end with the longest block."""
    feet = sum(one.row.foot for one in placed)
    for number in range(len(placed)):
        above = number < len(placed) - feet
        yield first + number if above else last - (len(placed) - 1 - number)


def _header(paper: Paper, standing: Standing, top: int, last: int) -> None:
    canvas, first, tallest = paper.canvas, top, 1
    if standing.block.side:
        canvas.put(str(standing.across(top, standing.printed)), standing.block.side, HEADER)
        first += 1
    for over, columns in groupby(standing.printed, lambda column: column.over):
        below = list(columns)
        if over:
            canvas.put(str(standing.across(first, below)), over, HEADER)
        for column in below:
            area = standing.area(first + bool(over), column, bottom=last)
            canvas.put(str(area), paper.words.live(column.label), HEADER)
            tallest = max(tallest, lines(paper.words.text(column.label), paper.width(area)))
    for column in standing.block.columns:
        if column.help:
            canvas.put(str(Address(top - 1, standing.columns[column.key])), column.label, HELP_HEADER)
    for row in range(top, last):
        canvas.height(row, _LOWEST)
    canvas.height(last, max(_LOWEST, LINE * tallest + 8))


def _numbers(paper: Paper, standing: Standing, row: int) -> None:
    if standing.block.numbers:
        paper.canvas.put(str(standing.area(row, standing.name)), standing.block.numbers, BOXED)
        for number, column in enumerate(standing.amounts, start=1):
            paper.canvas.put(str(standing.area(row, column)), number, BOXED)
        paper.canvas.height(row, _LOWEST)


def _down(paper: Paper, standing: Standing, top: int, last: int) -> None:
    if standing.block.down:
        left = standing.columns[standing.name.key] - 1
        paper.canvas.put(str(Area(top, left, last, left)), standing.block.down, BOXED)
