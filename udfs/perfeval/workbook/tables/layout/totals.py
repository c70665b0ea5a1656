"""Which cells of a block of amounts are sums of which: down its rows, by codes, across its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from perfeval import formulatext
from perfeval.forms.grid import Address
from perfeval.workbook.tables.layout import sums
from perfeval.workbook.tables.layout.standing import Standing
from perfeval.workbook.tables.layout.sums import Rule, Sum
from perfeval.workbook.tables.model import Column

_ANY_TEXT = '"?*"'
_NO_CODE = '"-"'  # a code that no line has


def rules(standing: Standing, place: int, beside: Sequence[Standing], text: Callable[[str], str]) -> Iterator[Rule]:
    """What each amount of a row is the sum of: down the rows first, then across the columns.

    ``beside`` are all blocks of the table, ``text`` a label as it reads now.
    """
    row = standing.rows[place].row
    for column in standing.amounts:
        if not standing.holds(place, column):
            continue
        total, label = standing.at(place, column), text(column.label)
        down = _coded(standing, place, column) if row.code else _down(standing, place, column)
        if down:
            yield Rule(label, total, down)
        if row.within:
            cells = [standing.at(part, column) for part in standing.of_keys(row.within)]
            yield Rule(label, total, sums.of_cells(cells), live=False, within=True)
        if row.equals and (cells := _elsewhere(standing, column, row.equals, beside)):
            yield Rule(label, total, sums.of_cells(cells), live=False)
        for keys, less, live in ((column.sum, column.less, True), (column.equals, (), False)):
            if keys:
                more, off = ([standing.at(place, standing.column(key)) for key in part] for part in (keys, less))
                yield Rule(label, total, sums.of_cells(more, off), live)


def _down(standing: Standing, place: int, column: Column) -> Sum | None:
    """The sum over rows: their cells, or a condition where lines stand between them or rows come once a year."""
    one = standing.rows[place]
    parts = standing.of_keys(one.row.sum)
    if one.row.lines:
        parts = [part for part in standing.groups[one.group] if part > place]
    parts = [part for part in parts if standing.holds(part, column)]
    if not parts:
        return None
    first = standing.rows[parts[0]].row
    cells = [standing.at(part, column) for part in parts if standing.rows[part].year == one.year]
    if one.row.years:
        year = standing.block.columns[1]
        return sums.where(
            standing.down(parts, year), str(standing.at(place, year)), standing.down(parts, column), cells
        )
    if first.code:
        keys = standing.column(first.code.column)
        top = [part for part in parts if matches(first.code.top, _code(standing, part))]
        return sums.where(
            standing.down(parts, keys),
            formulatext.text(first.code.top),
            standing.down(parts, column),
            [standing.at(part, column) for part in top],
        )
    if first.lines:
        whole = range(parts[0], standing.groups[standing.rows[parts[-1]].group].stop)
        return sums.where(standing.down(whole, standing.name), _ANY_TEXT, standing.down(whole, column), cells)
    return sums.of_cells(cells)


def _coded(standing: Standing, place: int, column: Column) -> Sum | None:
    """The sum of the lines below whose codes continue this line's; None for the last line."""
    one = standing.rows[place]
    assert one.row.code
    below = [part for part in standing.groups[one.group] if part > place and standing.rows[part].row is one.row]
    if not below:
        return None
    keys = standing.column(one.row.code.column)
    own = standing.at(place, keys)
    code = _code(standing, place)
    return sums.where(
        standing.down(below, keys),
        f'IF({own}="",{_NO_CODE},{formulatext.as_is(str(own))}&{formulatext.text(one.row.code.child)})',
        standing.down(below, column),
        [
            standing.at(part, column)
            for part in below
            if code and _continues(code, one.row.code.child, _code(standing, part))
        ],
    )


def _continues(code: str, child: str, longer: str) -> bool:
    """Whether a code is another one with a part of a pattern behind it; no sign of a code itself is a pattern."""
    return longer.casefold().startswith(code.casefold()) and matches(child, longer[len(code) :])


def _code(standing: Standing, place: int) -> str:
    one = standing.rows[place]
    return str(one.line.get(one.row.code.column) or "") if one.row.code else ""


def matches(pattern: str, code: str) -> bool:
    """Whether a code is of a pattern: ? is a character, * any number of them, as in a worksheet."""
    if pattern.endswith("*"):
        return len(code) >= len(pattern) - 1 and matches(pattern[:-1], code[: len(pattern) - 1])
    return len(code) == len(pattern) and all(sign in {"?", own} for sign, own in zip(pattern, code, strict=True))


def _elsewhere(standing: Standing, column: Column, keys: Sequence[str], beside: Sequence[Standing]) -> list[Address]:
    """The cells of rows in whatever block, in the column of amounts that stands in the same place there."""
    number = standing.amounts.index(column)
    return [
        other.at(place, other.amounts[number])
        for other in beside
        for place in other.of_keys(keys)
        if number < len(other.amounts) and other.holds(place, other.amounts[number])
    ]
