"""Rates printed on a line of a table beside the amounts of that line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfeval.checks.tables.columns import misstated
from perfeval.findings import Finding, Level, declare
from perfeval.forms.amount_tables import AmountTable
from perfeval.scoring import shown

_OF_A_LINE = "{line}印 {printed}，由本行的 {part} ÷ {whole} 得出的是 {rate}"
WRONG_RATE = declare(
    "R04",
    Level.ERROR,
    "执行率不等于执行数除以全年预算数",
    "用全年执行数除以全年预算数（调整后）重算执行率",
    _OF_A_LINE,
)
WRONG_RATIO = declare(
    "R33",
    Level.ERROR,
    "比率不等于两数之比",
    "用同一处的两个数重算比率，或写明用的是哪两个数",
    _OF_A_LINE,
)


def check(table: AmountTable) -> Iterator[Finding]:
    """The rates that no two amounts of their line give."""
    for wrong in misstated(table):
        label = re.sub(r"\s+", "", next((entry.text for entry in wrong.line.labels.values()), ""))
        rate = wrong.ratio.percent()
        said = (WRONG_RATE if wrong.is_execution else WRONG_RATIO).of(
            line=f"“{label}”" if label else "",
            printed=wrong.printed,
            part=shown(wrong.ratio.part),
            whole=shown(wrong.ratio.whole),
            rate=rate,
        )
        yield said.at(table.sheet, str(wrong.entry.cell), rate, wrong.printed)
