"""The totals of a table of amounts beside the sum of their parts.

Which lines are the parts is seldom printed. A sum is held against a table only where its words leave no doubt (numbered
lines, a flat list, codes), or where the table itself keeps it in its other columns or lines; and a total that some other
reading of the table explains is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.checks.tables.classes import by_code, by_group, by_name, by_number
from perfeval.checks.tables.footings import Total
from perfeval.checks.tables.readings import by_label
from perfeval.forms.amount_tables import AmountTable

_MOST_LINES = 1000  # of a table whose sums are looked for; no body's budget is longer


def totals(table: AmountTable) -> Iterator[Total]:
    """The totals of a labelled table, of those that are not the sum of their parts each once."""
    if len(table.lines) > _MOST_LINES:
        return
    seen = set()
    for total in (*by_label(table), *by_number(table), *by_name(table), *by_code(table), *by_group(table)):
        if total.footing.holds or total.entry.cell not in seen:
            yield total
        if not total.footing.holds:
            seen.add(total.entry.cell)
