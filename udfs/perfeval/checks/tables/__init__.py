"""The findings of tables of amounts: sums, columns, rates, transfers, and figures that other tables print differently."""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.checks.context import Context
from perfeval.checks.lines import labelled
from perfeval.checks.tables import across, rates, sums, transfers
from perfeval.findings import Finding


def check(context: Context) -> Iterator[Finding]:
    """Everything found in the tables of amounts of a book."""
    for table in context.tables:
        is_labelled = bool(labelled([table]))
        yield from sums.check(context, table, is_labelled)
        yield from rates.check(context, table)
        yield from transfers.check(table) if is_labelled else ()
    yield from across.check(context)
