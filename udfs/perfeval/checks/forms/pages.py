"""A form that goes on on a further sheet (续表): its total is held against the rows of all its sheets together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfeval.arithmetic import add
from perfeval.checks.forms.form import FormReview, apart
from perfeval.checks.forms.totals import WRONG_TOTAL
from perfeval.checks.forms.weights import WEIGHTS_NOT_100
from perfeval.findings import Finding
from perfeval.forms.assessment import ScoredRow
from perfeval.forms.judging import printed_sum
from perfeval.forms.values import same
from perfeval.quantities import points

_TOTAL_OF_SHEETS = WRONG_TOTAL.says(
    "与前面的表（{sheets}）合起来，各项得分合计 {sum}，总分是 {total}，相差 {difference}"
)
_WEIGHTS_OF_SHEETS = WEIGHTS_NOT_100.says("与前面的表（{sheets}）合起来，各行分值合计 {sum}，合计一行却是 {printed}")

Pages = tuple[FormReview, ...]


def of_several(reviews: Sequence[FormReview]) -> list[Pages]:
    """The forms of several sheets: a scored one without a total, and the 续表 that follow it up to the one that prints the total."""
    forms: list[Pages] = []
    open_pages: Pages = ()
    for review in reviews:
        form = review.form
        if not form.is_continued:
            open_pages = ()
        elif not open_pages or form.sheet == open_pages[-1].form.sheet or not _go_together(open_pages[0], review):
            open_pages = ()
            continue
        if not form.is_scored:
            continue
        open_pages = (*open_pages, review)
        if form.total_score.cell is not None:
            if len(open_pages) > 1:
                forms.append(open_pages)
            open_pages = ()
    return forms


def _go_together(first: FormReview, further: FormReview) -> bool:
    """Whether a 续表 may be of a form: it names no other project."""
    return not further.form.name.text or further.form.name.text == first.form.name.text


def check(pages: Pages) -> Iterator[Finding]:
    """分值 and 得分 of all sheets beside the total that the last one prints."""
    last = pages[-1]
    rows: list[ScoredRow] = [row for page in pages for row in page.assessment.rows]
    sheets = "、".join(page.form.sheet for page in pages[:-1])
    weights = [row.weight for row in rows if row.weight is not None]
    printed = points(last.form.total_weight.value)
    if printed is not None and weights and not same(add(weights), printed) and not _lacks(rows):
        said = _WEIGHTS_OF_SHEETS.of(sheets=sheets, sum=add(weights), printed=printed)
        yield last.found(said, last.form.total_weight, printed, add(weights))
    total, parts = last.assessment.printed_total, printed_sum(rows)
    if total is None or parts is None or same(parts, total):
        return
    if any(page.may_be_unread(total, parts) for page in pages):
        return
    said = _TOTAL_OF_SHEETS.of(sheets=sheets, sum=parts, total=total, difference=apart(total, parts))
    yield last.found(said, last.form.total_score, parts, total)


def _lacks(rows: Sequence[ScoredRow]) -> bool:
    """Whether a row has a score and no 分值, so that no sum of points can be told."""
    return any(row.weight is None and row.printed is not None for row in rows)
