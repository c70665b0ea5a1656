"""Amounts of a table that are not the sum of their parts: a total's lines, a line's columns.

Which lines are the parts is seldom printed. A sum is held against a table only where its words leave no doubt (numbered
lines, a flat list, codes), or where the table itself keeps it in its other columns or lines; and a total that some other
reading of the table explains is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfeval.checks.context import Context
from perfeval.checks.lines import label_of
from perfeval.checks.tables.classes import by_code, by_group, by_name, by_number
from perfeval.checks.tables.columns import wholes
from perfeval.checks.tables.footings import Total
from perfeval.checks.tables.readings import by_label
from perfeval.findings import Finding, Level, declare
from perfeval.forms.amount_tables import AmountTable
from perfeval.scoring import shown

DOES_NOT_FOOT = declare(
    "R32",
    Level.ERROR,
    "合计不等于各部分之和",
    "按各部分重新合计，或改正其中一个数",
    "“{label}”的“{column}”是 {total}，{parts}合计 {sum}，相差 {difference}",
)
_UNEVEN = DOES_NOT_FOOT.says("{line}“{column}”是 {found}，由{parts}得出的是 {expected}")
_MOST_NAMED = 4  # parts that a message names
_MOST_LINES = 1000  # of a table whose sums are looked for; no body's budget is longer


def check(context: Context, table: AmountTable, is_labelled: bool) -> Iterator[Finding]:
    """The sums of a table that do not hold; of one whose lines are not all labelled only those within a line."""
    totals = list(_totals(context, table)) if is_labelled else []
    yield from totals
    cells = {finding.cell for finding in totals}
    yield from (finding for finding in _lines(context, table) if finding.cell not in cells)


def _totals(context: Context, table: AmountTable) -> Iterator[Finding]:
    for one in _all_totals(table):
        foot = one.footing
        context.compares(table.sheet, one.entry.cell)
        if foot.holds:
            continue
        yield DOES_NOT_FOOT.of(
            label=one.label,
            column=one.column,
            total=shown(foot.total),
            parts=_listed(one.parts),
            sum=shown(foot.sum),
            difference=shown(foot.difference),
        ).at(table.sheet, str(one.entry.cell), str(foot.sum), str(foot.total), _rounding(table))


def _lines(context: Context, table: AmountTable) -> Iterator[Finding]:
    for odd in wholes(table):
        context.compares(table.sheet, odd.entry.cell)
        if odd.holds:
            continue
        yield _UNEVEN.of(
            line=f"“{label_of(odd.line)}”的" if odd.line.labels else "",
            column=odd.column,
            found=shown(odd.found),
            parts=_listed([part.split("/")[-1] for part in odd.parts]),
            expected=shown(odd.expected),
        ).at(table.sheet, str(odd.entry.cell), str(odd.expected), str(odd.found), _rounding(table))


def _rounding(table: AmountTable) -> str:
    return "元应相等" if table.unit == "元" else "取整到万元的，每个加数允许差半个末位"


def _listed(names: Sequence[str]) -> str:
    """The names of parts; of many only the first and the last."""
    if len(names) > _MOST_NAMED:
        return f"“{names[0]}”至“{names[-1]}”等 {len(names)} 项"
    return "、".join(f"“{name}”" for name in names)


def _all_totals(table: AmountTable) -> Iterator[Total]:
    """The totals of a labelled table, of those that are not the sum of their parts each once."""
    if len(table.lines) > _MOST_LINES:
        return
    seen = set()
    for total in (*by_label(table), *by_number(table), *by_name(table), *by_code(table), *by_group(table)):
        if total.footing.holds or total.entry.cell not in seen:
            yield total
        if not total.footing.holds:
            seen.add(total.entry.cell)
