"""Blocks that are drawn cell by cell: fields with their labels, and indicators under their levels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from perfeval.arithmetic import add, exact
from perfeval.forms.edits import Formula
from perfeval.forms.grid import Address, Area, Value, column_letters
from perfeval.forms.values import same
from perfeval.workbook import formulas
from perfeval.workbook.canvas import (
    AMOUNT,
    BOXED,
    COMPUTED,
    HEADER,
    HELP_HEADER,
    HINT,
    INPUT,
    LEFT,
    LINE,
    PERCENT,
    Style,
)
from perfeval.workbook.tables import model
from perfeval.workbook.tables.contents import Content, Record
from perfeval.workbook.tables.layout import sums
from perfeval.workbook.tables.layout.paper import Paper
from perfeval.workbook.tables.layout.sums import Rule
from perfeval.workbook.tables.model import ABOVE, ANSWERED, LEVELS, Drawing, Listing, Slot
from perfeval.workbook.textsize import lines

_LOWEST, _HIGHEST = 26, 400  # points of a row
_HINTED = "提示（不打印）"
_NUMBER = "{n}"  # in what a line offers: which it is of its kind


def lay_out_drawing(paper: Paper, block: Drawing, content: Content, top: int) -> int:
    """Draw lines of labels and fields, filled with what is known; gives the last row."""
    cells = dict(_areas(block.lines, top))
    places = {slot.field: Address(*area[:2]) for area, slot in cells.items() if slot.field}
    rules: dict[int, list[Rule]] = defaultdict(list)
    for area, slot in cells.items():
        found = _put(paper, area, slot, content.fields, places)
        if found:
            rules[area.top].append(replace(found, label=_above(cells, area) or found.label))
    for row, own in rules.items():
        said = sums.check(own, paper.table.unit, paper.table.decimals)
        paper.canvas.put(str(Address(row, paper.check)), said, HINT)
    known = {**content.later, **content.fields}
    lowest = block.heights or (_LOWEST,) * len(block.lines)
    for row, least in enumerate(lowest, start=top):
        shown = [(area, _shown(paper, slot, known)) for area, slot in cells.items() if area.top == row]
        paper.canvas.height(row, max(least, _height(paper, shown)))
    return top + len(block.lines) - 1


def _above(cells: Mapping[Area, Slot], below: Area) -> str:
    """The words that head the column in which an area begins; "" where none do."""
    heads = [
        slot.words
        for area, slot in cells.items()
        if area.left == below.left and area.top < below.top and not slot.field
    ]
    return heads[-1] if heads else ""


def lay_out_listing(paper: Paper, block: Listing, records: Sequence[Record], top: int) -> int:
    """Draw a line for each indicator, levels merged; gives the last row.

    On a 自评表 what stands behind the levels is left to a fill, and a hint stands beside each line.
    """
    rows = list(_rows(block, records))
    header = dict(_areas(block.header, top, under=block.line, more=len(rows)))
    for area, slot in header.items():
        is_header = area.bottom < top + len(block.header) and not block.is_answered
        paper.canvas.put(str(area), paper.words.live(slot.words), HEADER if is_header else BOXED)
    first = top + len(block.header)
    numbers = {
        row: number for shared in _neighbours(rows, LEVELS[-1], first) for number, row in enumerate(shared, start=1)
    }
    for row in range(top, first):
        paper.canvas.height(row, _LOWEST)
    for number, record in enumerate(rows, start=first):
        shown = []
        for area, slot in _areas([block.line], number):
            if slot == ABOVE or not slot.field:
                continue
            shown.append((area, record.get(slot.field)))
            if slot.field not in block.same:
                offered = slot.default.replace(_NUMBER, str(numbers[number]))
                value = None if block.is_answered else record.get(slot.field)
                value = offered if value is None else value
                paper.canvas.put(str(area), value, {**INPUT, **LEFT})
        paper.canvas.height(number, _height(paper, shown))
    for level in block.same:
        _merge(paper, block, rows, level, first)
    if block.is_answered:
        _hints(paper, block, rows, first)
    return first + len(rows) - 1


def _merge(paper: Paper, block: Listing, rows: Sequence[Record], level: str, first: int) -> None:
    """Write a level once over the neighbours that share it and the levels above it."""
    (own,) = (area for area, slot in _areas([block.line], first) if slot.field == level)
    for shared in _neighbours(rows, level, first):
        words = rows[shared.start - first].get(level)
        paper.canvas.put(str(Area(shared.start, own.left, shared[-1], own.right)), words, BOXED)


def _neighbours(rows: Sequence[Record], level: str, first: int) -> Iterator[range]:
    """The sheet's rows that share a level and the levels above it; the first of all stands in row ``first``."""
    above = LEVELS[: LEVELS.index(level) + 1]
    for _, group in groupby(rows, lambda record: [record.get(one) for one in above]):
        count = len(list(group))
        yield range(first, first + count)
        first += count


def _hints(paper: Paper, block: Listing, rows: Sequence[Record], first: int) -> None:
    """What is to be said of each line as it is filled in."""
    columns = {slot.field: area.left for area, slot in _areas([block.line], first)}
    paper.canvas.put(str(Address(first - 1, paper.check)), _HINTED, HELP_HEADER)
    for level in LEVELS:
        for shared in _neighbours(rows, level, first):
            if rows[shared.start - first].get(level):  # a line without a 二级指标 is of its 一级指标's kind
                kind = f"${column_letters(columns[level])}${shared.start}"
                for row in shared:
                    target, actual, reason = (str(Address(row, columns[field])) for field in ANSWERED)
                    hint = formulas.unscored_hint(target, actual, reason, kind)
                    paper.canvas.put(str(Address(row, paper.check)), hint, HINT)


def _rows(block: Listing, records: Sequence[Record]) -> Iterator[Record]:
    """The indicators in their kinds' order, or blank lines for each kind."""
    if not records:
        for level1, level2 in block.kinds:
            yield from ({"level1": level1, "level2": level2} for _ in range(block.open))
        return
    if not block.every:
        yield from records
        return
    known = set(block.kinds)
    for kind in block.kinds:
        own = [one for one in records if (one.get("level1"), one.get("level2")) == kind]
        yield from own or [dict(zip(LEVELS, kind, strict=True))]
    yield from (one for one in records if (one.get("level1"), one.get("level2")) not in known)


def _areas(
    rows: Sequence[Sequence[Slot]], top: int, *, under: Sequence[Slot] = (), more: int = 0
) -> Iterator[tuple[Area, Slot]]:
    """Each drawn cell with its area. ``under`` is a line that follows ``more`` times: ^ in it prolongs the cells above."""
    taken: dict[tuple[int, int], tuple[int, int]] = {}
    ends: dict[tuple[int, int], tuple[int, int]] = {}
    for row, line in enumerate([*rows, *([under] * more)]):
        for column, slot in enumerate(line):
            beside = {model.LEFT: (row, column - 1), ABOVE: (row - 1, column)}.get(slot)
            first = taken.get(beside, (row, column)) if beside else (row, column)
            taken[row, column] = first
            ends[first] = (row, column)
    for (row, column), (bottom, right) in ends.items():
        if row < len(rows) and rows[row][column] not in {model.LEFT, ABOVE}:
            yield Area(top + row, 1 + column, top + bottom, 1 + right), rows[row][column]


def _put(paper: Paper, area: Area, slot: Slot, fields: Record, places: Mapping[str, Address]) -> Rule | None:
    """Write a cell; gives what it must be the sum of."""
    place, value = str(area), fields.get(slot.field)
    if not slot.field:
        paper.canvas.put(place, paper.words.live(slot.words), BOXED)
        return None
    if slot.kind == model.RATE:
        executed, budget = (str(places[key]) for key in slot.of)
        paper.canvas.put(place, formulas.rate_of(budget, executed), {**COMPUTED, **PERCENT})
        return None
    if slot.kind != model.AMOUNT:
        text = value if not slot.words else f"{slot.words}{'' if value is None else value}"
        paper.canvas.put(place, slot.default if text is None else text, {**INPUT, **LEFT})
        return None
    style: Style = {**INPUT, **AMOUNT[paper.table.unit]}
    if not slot.sum:
        paper.canvas.put(place, value, style)
        return None
    found = sums.of_cells([places[key] for key in slot.sum])
    parts = [exact(part) for key in slot.sum if isinstance(part := fields.get(key), int | float)]
    live = not slot.given and (not isinstance(value, int | float) or (bool(parts) and same(add(parts), exact(value))))
    content: Value | Formula = found.formula if live else value
    paper.canvas.put(place, content, {**style, **(COMPUTED if live else {})})
    return Rule("金额", Address(*area[:2]), found)


def _shown(paper: Paper, slot: Slot, fields: Record) -> Value:
    return f"{paper.words.text(slot.words)}{fields.get(slot.field) or slot.default}"


def _height(paper: Paper, shown: Sequence[tuple[Area, Value]]) -> float:
    """A row's height for the texts in its cells."""
    tallest = max((lines(text, paper.width(area)) for area, text in shown if area.top == area.bottom), default=1)
    return min(_HIGHEST, max(_LOWEST, LINE * tallest + 8))
