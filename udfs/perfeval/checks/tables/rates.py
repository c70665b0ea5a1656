"""Rates printed on a line of a table beside the amounts of that line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfeval.checks.context import Context
from perfeval.checks.tables.columns import rates
from perfeval.findings import Finding, Level, declare
from perfeval.forms.amount_tables import AmountTable
from perfeval.scoring import shown

_NUMBERING = re.compile(r"[\d.、()（）]*")
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


def check(context: Context, table: AmountTable) -> Iterator[Finding]:
    """The rates that no two amounts of their line give."""
    for one in rates(table):
        context.compares(table.sheet, one.entry.cell)
        if one.holds:
            continue
        labels = [re.sub(r"\s+", "", entry.text) for entry in one.line.labels.values()]
        label = next((text for text in labels if not _NUMBERING.fullmatch(text)), "")
        rate = one.ratio.percent()
        said = (WRONG_RATE if one.is_execution else WRONG_RATIO).of(
            line=f"“{label}”" if label else "",
            printed=one.printed,
            part=shown(one.ratio.part),
            whole=shown(one.ratio.whole),
            rate=rate,
        )
        yield said.at(table.sheet, str(one.entry.cell), rate, one.printed)
