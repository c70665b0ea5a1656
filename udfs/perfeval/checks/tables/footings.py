"""A total beside the sum of its parts, and when the two differing is a finding.

A reading of which lines are the parts convicts a total only where it is certain, or where it holds in another column;
of sums of one kind (classes by their codes) those that fail are wrong where most hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perfeval.checks.figures.footing import Footing, footing
from perfeval.checks.lines import RATE, label_of
from perfeval.forms.amount_tables import AmountTable, Line
from perfeval.forms.model import Entry


class Total(NamedTuple):
    """A total beside the sum of its parts: it holds, or it is wrong."""

    entry: Entry
    label: str
    column: str
    footing: Footing
    parts: tuple[str, ...]


class Reading(NamedTuple):
    """One way to read which lines are a total's parts; ``certain`` where the words leave no other."""

    parts: tuple[Line, ...]
    certain: bool


def foot(table: AmountTable, line: Line, parts: Sequence[Line], column: str) -> Footing | None:
    """A line's amount beside the sum of its parts' in one column; None where one side has no amount."""
    total = line.figure(column)
    found = [value for part in parts if (value := part.figure(column)) is not None]
    if total is None or not any(value.units for value in found):
        return None
    return footing(total, found, table.unit)


def columns(table: AmountTable) -> list[str]:
    return [column for column in table.lines[0].amounts if not RATE.search(column)] if table.lines else []


def judged(table: AmountTable, line: Line, readings: Sequence[Reading]) -> Iterator[Total]:
    """The columns in which a reading holds, and those in which none does, though one is certain or holds in another column."""
    feet = {column: [foot(table, line, reading.parts, column) for reading in readings] for column in columns(table)}
    kept = [
        sum(1 for found in feet.values() if (one := found[place]) and one.holds and one.total.units)
        for place in range(len(readings))
    ]
    for column, found in feet.items():
        held = next(((one, reading) for reading, one in zip(readings, found, strict=True) if one and one.holds), None)
        if held:
            yield _total(line, column, held[0], held[1].parts)
            continue
        for reading, one, times in zip(readings, found, kept, strict=True):
            if one and (reading.certain or times > 1):
                yield _total(line, column, one, reading.parts)
                break


def mostly(table: AmountTable, sums: Sequence[tuple[Line, Sequence[Line], str]]) -> Iterator[Total]:
    """The sums of one kind that hold, and where most do those that do not."""
    feet = [(line, parts, column, foot(table, line, parts, column)) for line, parts, column in sums]
    yield from (_total(line, column, found, parts) for line, parts, column, found in feet if found and found.holds)
    holding = sum(1 for *_, found in feet if found and found.holds and found.total.units)
    failing = [(line, parts, column, found) for line, parts, column, found in feet if found and not found.holds]
    if holding >= 2 * max(len(failing), 1):
        for line, parts, column, found in failing:
            yield _total(line, column, found, parts)


def _total(line: Line, column: str, found: Footing, parts: Sequence[Line]) -> Total:
    named = tuple(label_of(part) for part in parts if part.figure(column))
    return Total(line.amounts[column], label_of(line), column, found, named)
