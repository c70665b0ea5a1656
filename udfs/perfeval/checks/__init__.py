"""复核: what a reviewer would find in a workbook.

A checker is a function from the ``Context`` of a book to findings; it stands in a module of its own subject and is
named in ``CHECKERS``, one line each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from perfeval.books.documents import Document
from perfeval.checks import accounts, blank, forms, links, magnitude, stated, tables, texts, upkeep, yearstart
from perfeval.checks.context import Context
from perfeval.checks.waivers import of_book, waived
from perfeval.findings import Finding
from perfeval.forms.grid import Book, Grid, address
from perfeval.stepwise import Steps, finished

_PLACE = re.compile(r"第 (\d+) (?:段|行第 (\d+) 格)")
CHECKERS: tuple[Callable[[Context], Iterable[Finding]], ...] = (
    stated.check,
    accounts.check,
    blank.check,
    forms.check,
    magnitude.check,
    tables.check,
    yearstart.check,
    links.check,
    upkeep.check,
    texts.check,
)  # fmt: skip


def check(
    book: Book, standard: str | None = None, documents: Sequence[Document] = (), stage: str = ""
) -> list[Finding]:
    """Everything found in a book, sheet by sheet in tab order, top to bottom; an empty list if all is well.

    ``documents`` are reports that come with the book; what is found in them follows, paragraph by paragraph.
    A finding that the workbook's own 复核结果 gives a reason to leave carries it in ``waived``.
    ``standard`` is a convention text; without it the workbook's own 口径 counts, else the national standard. ``stage`` is
    one of ``names.STAGES``; without it the workbook's own 阶段 counts, else 自评.
    A book in which nothing could be compared is a finding of its own. Raises UnknownName or InvalidValue for an unknown standard.
    """
    return review(Context.of(book, standard, documents, stage))


def review(context: Context) -> list[Finding]:
    """Everything found in a book whose context is at hand, in the order of ``check``."""
    return finished(reviewing(context))


def reviewing(context: Context) -> Steps[str, list[Finding]]:
    """The same in steps, a checker each."""
    found: list[Finding] = []
    for number, checker in enumerate(CHECKERS, start=1):
        yield f"核对（{number}/{len(CHECKERS)}）"
        found += [_at_level(finding, context) for finding in checker(context)]
    found = [one for one in found if not stated.follows(context, one)]
    found += accounts.nothing_compared(context, found)
    found += accounts.left_out(context)
    tables = {grid.name: grid for document in context.documents for grid in document.tables}
    found = [replace(one, cell=_counted(one.cell, tables[one.sheet])) if one.sheet in tables else one for one in found]
    order = {sheet: place for place, sheet in enumerate(["", *context.book.sheets])}
    last = len(order)
    found = sorted(dict.fromkeys(found), key=lambda finding: (order.get(finding.sheet, last), *_place(finding)))
    return waived(found, of_book(context.book))


def _at_level(finding: Finding, context: Context) -> Finding:
    """The finding, at the level that the standard gives its kind; one that its checker has set otherwise stays."""
    level = context.standard.review.level(finding.kind)
    is_set = finding.level is not finding.kind.level
    return finding if is_set or level is finding.level else replace(finding, level=level)


def _counted(cell: str, table: Grid) -> str:
    """A cell of a report's table as a person counts it: merged cells are one, and the grid begins with the line above the table."""
    if not cell:
        return ""
    row, column = address(cell)
    cells = {table.area_of((row, left)) for left in range(1, column + 1)}
    return f"第 {max(row - 1, 1)} 行第 {len(cells)} 格"


def _place(finding: Finding) -> tuple[int, int, str]:
    counted = _PLACE.fullmatch(finding.cell)
    if counted:
        return int(counted[1]), int(counted[2] or 0), finding.kind.code
    row, column = address(finding.cell) if finding.cell else (0, 0)
    return row, column, finding.kind.code
