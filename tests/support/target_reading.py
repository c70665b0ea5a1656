"""What stands in a target table that was read, as the data holds it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from perfeval.forms.amount_tables import AmountTable
from perfeval.forms.target_tables import TargetTable
from support.seed004 import Row, Target


def number(text: str) -> Decimal | None:
    return Decimal(text.replace(",", "")) if text else None


def targets(table: TargetTable) -> tuple[Target, ...]:
    rows = ((r.level1, r.level2, r.name.text, r.target.text, r.source.text) for r in table.rows)
    return tuple(Target(*row) for row in rows)


def tasks(table: AmountTable) -> tuple[list[str], list[Row]]:
    """合计, and the tasks with their content, as amounts 总额, 财政拨款, 其他资金."""
    total, *lines = table.lines
    amounts = [entry.text for entry in total.amounts.values()]
    return amounts, [tuple(e.text for e in (*line.labels.values(), *line.amounts.values())) for line in lines]


def plan(tables: Sequence[AmountTable]) -> list[tuple[str, list[Decimal | None]]]:
    return [
        (line.labels["资助计划"].text, [number(entry.text) for entry in line.amounts.values()])
        for table in tables
        for line in table.lines
    ]
