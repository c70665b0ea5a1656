"""The findings of forms, of projects, transfers and whole bodies alike: each by itself, then beside the others and the import sheets.

What is checked follows from what a form prints, not from what it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.checks.accounts import NOT_READ
from perfeval.checks.context import Context
from perfeval.checks.forms import (
    funds,
    leaves,
    pages,
    plans,
    practice,
    rows,
    subtotals,
    template,
    totals,
    transfers,
    weights,
)
from perfeval.checks.forms.form import FormReview
from perfeval.findings import Finding
from perfeval.forms.filled import Filling
from perfeval.forms.model import OF_ONE
from perfeval.forms.reader import CONTINUED, NO_TOTAL

_REVIEWED = frozenset({Filling.ANSWERED, Filling.FRAMEWORK})


def check(context: Context) -> Iterator[Finding]:
    """Everything found on the forms of a book, those left aside that nobody has filled in (``checks.blank``)."""
    answered = (one for one in context.assessments if context.filling(one.form) in _REVIEWED)
    reviews = [FormReview(context, one) for one in answered]
    of_sheets = pages.of_several(reviews)
    for review in reviews:
        yield from _form(review, is_joined=any(review in one for one in of_sheets))
    for one in of_sheets:
        yield from pages.check(one)
    of_standards = [review for review in reviews if review.standard is not None]
    if of_standards:
        yield from leaves.check(of_standards, leaves.Facts.of(context))
    projects = [review for review in reviews if review.form.kind in OF_ONE]
    yield from practice.check(projects)
    yield from plans.check(projects)


def _form(review: FormReview, *, is_joined: bool) -> Iterator[Finding]:
    """What is found on one form; ``is_joined``: its sums are judged with those of further sheets."""
    yield from weights.check(review)
    scores = [*funds.check(review), *rows.check(review)]
    yield from scores
    yield from template.check(review)
    yield from totals.check(review, scores)
    yield from subtotals.check(review)
    yield from transfers.check(review)
    for problem in review.form.problems:
        if is_joined and problem in {CONTINUED, NO_TOTAL}:
            continue
        yield review.found(NOT_READ.of(problem=problem), None, found=problem)
