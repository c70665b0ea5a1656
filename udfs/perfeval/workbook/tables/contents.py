"""What is known of an official table: read from a printed one, or nothing yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from perfeval.errors import InvalidValue
from perfeval.forms.amount_tables import AmountTable
from perfeval.forms.grid import Value
from perfeval.forms.target_tables import TargetTable
from perfeval.workbook.tables.model import Amounts, Drawing, Table
from perfeval.workbook.tables.placing import Line, bare, held, is_of, lines_of, placed

Record = Mapping[str, Value]

_MOST_LINES = 2000  # of a printed table: its formulas and checks grow with the square


@dataclass(frozen=True, slots=True)
class Content:
    """The fields, the lines of each block of amounts in order (none: a blank block), the indicators.

    ``later`` are the fields that a fill brings in: they only get their room.
    """

    fields: Record = field(default_factory=dict)
    lines: Sequence[Sequence[Line]] = ()
    indicators: Sequence[Record] = ()
    later: Record = field(default_factory=dict)


BLANK = Content()


def of_amounts(table: Table, read: Sequence[AmountTable]) -> Content | None:
    """The content of an official table among those read from a sheet; None where it is not there.

    Raises InvalidValue where the printed table has other columns or rows.
    """
    own = [one for one in read if is_of(table, one.title)]
    if not own or not table.has_amounts_only:
        return None
    by_side = {bare(one.side): one for one in reversed(own)}
    sides = [by_side.get(bare(block.side)) for block in table.amounts]
    return Content(
        lines=[_lines(table, block, one) if one else () for block, one in zip(table.amounts, sides, strict=True)]
    )


def of_targets(table: Table, read: TargetTable) -> Content:
    """The content of a target table that was read. Raises InvalidValue where its tables of money have other columns or rows."""
    kinds = {
        slot.field: slot.kind
        for block in table.blocks
        if isinstance(block, Drawing)
        for line in block.lines
        for slot in line
        if slot.field
    }
    fields = {
        key: held(entry, kinds[key], table.unit, table.unit) for key, entry in read.fields.items() if key in kinds
    }
    lines = [_lines(table, block, one) for block, one in zip(table.amounts, read.amounts, strict=False)]
    indicators = [
        {
            "level1": row.level1,
            "level2": row.level2,
            "name": row.name.text,
            "target": row.target.value,
            "source": row.source.text or None,
        }
        for row in read.rows
    ]
    return Content(fields, lines, indicators)


def _lines(table: Table, block: Amounts, read: AmountTable) -> list[Line]:
    if len(read.lines) > _MOST_LINES:
        raise InvalidValue(f"有 {len(read.lines)} 行，超过 {_MOST_LINES} 行")
    lines = lines_of(block, read, table.unit)
    placed(block, lines)  # refuses what has no place
    return lines
