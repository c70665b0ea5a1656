"""A self-evaluation report held against itself and against the book's tables: sums, rates, amounts, headcounts, dates.

Only what is certain is a finding. A sum is held where the words say what adds up to what (基本支出 + 项目支出), a rate where
both its figures are told; and a rate that any reading of the text's own figures gives is right for the text. Where it is
right for the text but the tables say otherwise, the two use different budgets: that is asked about, not called wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.checks.context import Context
from perfeval.checks.texts import against, order, rates, sums
from perfeval.checks.texts.cells import in_cells
from perfeval.checks.texts.report import Report
from perfeval.findings import Finding


def check(context: Context) -> Iterator[Finding]:
    """Everything found in the reports that come with a book, and in the longer texts of its project forms."""
    for document in context.documents:
        report = Report.of(document)
        yield from sums.check(report)
        yield from order.check(report, context.years)
        yield from rates.check(report, context.amounts_of)
        yield from against.check(report, context)
        for number in report.compared:
            context.compares(document.name, number)
        context.leftovers.extend(report.leftovers)
    yield from in_cells(context)
