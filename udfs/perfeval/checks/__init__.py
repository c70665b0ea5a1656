"""复核: what a reviewer would find in a workbook.

A checker is a function from the ``Context`` of a book to findings; it stands in a module of its own subject and is
named in ``CHECKERS``, one line each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from perfeval.checks import projects
from perfeval.checks.context import Context
from perfeval.checks.waivers import of_book, waived
from perfeval.errors import FormProblem
from perfeval.findings import Finding
from perfeval.forms.grid import Book, address

CHECKERS: tuple[Callable[[Context], Iterable[Finding]], ...] = (
    projects.check,
)  # fmt: skip


def check(book: Book, standard: str | None = None) -> list[Finding]:
    """Everything found in a book, sheet by sheet in tab order, top to bottom; an empty list if all is well.

    A finding that the workbook's own 复核结果 gives a reason to leave carries it in ``waived``.
    ``standard`` is a convention text; without it the workbook's own 口径 counts, else the national standard.
    Raises FormProblem where the book holds nothing to review, UnknownName or InvalidValue for an unknown standard.
    """
    context = Context.of(book, standard)
    if not context.holds_anything:
        raise FormProblem(
            "没有找到自评表，也没有认出预算、决算等表格；"
            f"自评表的表头应有“年度指标值”“实际完成值”和“分值”或“得分”。共看了 {len(context.grids)} 张工作表"
        )
    return review(context)


def review(context: Context) -> list[Finding]:
    """Everything found in a book whose context is at hand, in the order of ``check``."""
    level = context.standard.review.level
    found = [
        replace(finding, level=level(finding.kind)) if finding.level is finding.kind.level else finding
        for checker in CHECKERS
        for finding in checker(context)
    ]
    order = {sheet: place for place, sheet in enumerate(context.book.sheets)}
    found = sorted(dict.fromkeys(found), key=lambda finding: (order.get(finding.sheet, -1), *_place(finding)))
    return waived(found, of_book(context.book))


def _place(finding: Finding) -> tuple[int, int, str]:
    row, column = address(finding.cell) if finding.cell else (0, 0)
    return row, column, finding.kind.code
