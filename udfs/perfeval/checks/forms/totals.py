"""The total of a form: is it the sum, what would the rules make it, its grade, and whether it is too good."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from perfeval.arithmetic import Scaled, add, aligned
from perfeval.checks.forms.form import FormReview, apart
from perfeval.checks.forms.funds import WRONG_EXECUTION_SCORE
from perfeval.checks.forms.leaves import TOTAL_BY_RULE
from perfeval.checks.forms.rows import SCORES_UNLIKE_EXECUTION
from perfeval.checks.forms.weights import is_full
from perfeval.findings import Finding, Level, declare
from perfeval.forms import labels
from perfeval.forms.assessment import ScoredRow, total_of
from perfeval.forms.judging import grade_beside, printed_sum, sum_beside_total
from perfeval.forms.model import SCORING
from perfeval.forms.values import same
from perfeval.hints import MIXED_CONVENTIONS, REVERSE_AS_FORWARD, WRONG_SCORE
from perfeval.scoring import percent

WRONG_TOTAL = declare(
    "R03",
    Level.ERROR,
    "总分不等于各项得分之和",
    "按各项得分重新合计总分",
    "各项得分合计 {sum}，总分是 {total}，相差 {difference}",
)
_ROUNDED_TOTAL = MIXED_CONVENTIONS.says("各项得分合计 {sum}，总分只保留了 {places} 位小数")
WRONG_GRADE = declare(
    "R22",
    Level.WARNING,
    "等级与总分不符，或恰在分界",
    "按总分核对等级",
    "总分 {total}，等级应为“{due}”，表中是“{printed}”",
)
_ON_THE_EDGE = WRONG_GRADE.says("总分 {total} 恰在分界：各项得分合计 {sum} 未到“{printed}”")
ALL_FULL = declare(
    "R26",
    Level.WARNING,
    "全部满分而没有佐证",
    "附上佐证材料，或重新核对各项得分",
    "{count} 项全部满分，表中没有佐证",
)
_DIVERGENCE = SCORES_UNLIKE_EXECUTION.says(
    "指标得分是满分的 {got}，预算执行率只得满分的 {paid}，没有说明钱没花而事办成的原因"
)
_SCORES = (WRONG_SCORE, REVERSE_AS_FORWARD, WRONG_EXECUTION_SCORE)

_EVIDENCE = re.compile(r"佐证|附件|证明材料|验收单|见附")
_LONGEST_HEADER = 6  # characters of 佐证材料 and the like
_ROWS = 3  # fewer scored rows than these are no sign


def check(review: FormReview, objected: Sequence[Finding]) -> Iterator[Finding]:
    """Everything to be said of the total. ``objected`` are the findings on single scores."""
    yield from _sum(review)
    yield from _by_rule(review, objected)
    yield from _grade(review)
    yield from _all_full(review)
    yield from _divergence(review)


def _scored(review: FormReview) -> list[ScoredRow]:
    return [row for row in review.assessment.rows if row.is_scored]


def _sum(review: FormReview) -> Iterator[Finding]:
    total, entry, rows = review.assessment.printed_total, review.form.total_score, review.assessment.rows
    if total is None:
        if entry.cell is not None:
            yield review.found(review.no_points("总分", entry.cell), entry, printed_sum(rows) or "", entry.text)
        return
    is_rescaled = review.context.convention.not_applicable == "rescale"
    differing = sum_beside_total(review.form, rows, total_of(rows, review.context.convention) if is_rescaled else None)
    if differing is None:
        return
    parts, is_rounded = differing
    if is_rounded:
        yield review.found(_ROUNDED_TOTAL.of(sum=parts, places=total.places), entry, parts, total)
        return
    if review.may_be_unread(total, parts):
        return
    said = WRONG_TOTAL.of(sum=parts, total=total, difference=apart(total, parts))
    yield review.found(said, entry, parts, total)


def _by_rule(review: FormReview, objected: Sequence[Finding]) -> Iterator[Finding]:
    """What the total becomes when the scores that were found wrong are put right."""
    wrong = {finding.cell for finding in objected if finding.kind in _SCORES}
    total, rows = review.assessment.printed_total, _scored(review)
    if (
        total is None
        or review.form.is_continued
        or printed_sum(review.assessment.rows) is None
        or not any(str(row.cell) in wrong for row in rows)
    ):
        return
    counted = [row.computed if str(row.cell) in wrong else row.printed for row in rows]
    if any(score is None for score in counted):
        return
    right = add([score for score in counted if score is not None])
    if not same(right, total):
        said = TOTAL_BY_RULE.of(right=right, total=total)
        yield review.found(said, review.form.total_score, right, total, review.rule)


def _grade(review: FormReview) -> Iterator[Finding]:
    total, printed = review.assessment.printed_total, review.form.grade
    standard = review.standard or review.context.standard
    convention = review.context.convention if review.standard is None else review.standard.convention
    due = grade_beside(total, printed.text, standard, convention)
    if due:
        said = WRONG_GRADE.of(total=total, due=due, printed=printed.text)
        yield review.found(said, printed, due, printed.text, standard.title)
        return
    parts = printed_sum(review.assessment.rows)
    if total is not None and grade_beside(parts, printed.text, standard, convention):
        said = _ON_THE_EDGE.of(total=total, sum=parts, printed=printed.text)
        yield review.found(said, printed, printed.text, printed.text, standard.title)


def _all_full(review: FormReview) -> Iterator[Finding]:
    if review.form.kind == SCORING:
        return
    rows = [row for row in _scored(review) if row.applies]
    if len(rows) < _ROWS or not all(is_full(row.weight, row.printed) for row in rows) or _has_evidence(review):
        return
    total = review.form.total_score
    yield review.found(ALL_FULL.of(count=len(rows)), total, "佐证材料", total.text)


def _has_evidence(review: FormReview) -> bool:
    """Whether the form names evidence: in a sentence, or in a column for it that is filled in."""
    for place, cell in review.grid.cells.items():
        if place not in review.form.area or not isinstance(cell.value, str) or not _EVIDENCE.search(cell.value):
            continue
        if len(labels.key(cell.value)) > _LONGEST_HEADER:
            return True
        below = (review.grid[row.row, place.column].value for row in review.form.rows if row.row != place.row)
        if any(value not in (None, "") for value in below):
            return True
    return False


def _divergence(review: FormReview) -> Iterator[Finding]:
    """The share of points that 预算执行率 got, far below the share that the indicators got."""
    execution, rate = review.execution, review.total_rate
    if execution is None or rate is None or not execution.weight or execution.printed is None:
        return
    rows = [row for row in review.indicators if row.is_scored and row.applies]
    if not rows or not execution.weight.units or any(row.printed is None or row.weight is None for row in rows):
        return
    got, full = add([row.printed for row in rows if row.printed]), add([row.weight for row in rows if row.weight])
    part, whole, paid, due = aligned(got, full, execution.printed, execution.weight)
    if not 0 < part <= whole or review.explains_money_left(rate):
        return
    limit = review.context.standard.review.divergence
    # (got/full − paid/due) / (got/full) > limit, without dividing
    if (part * due - paid * whole) * 10**limit.places <= limit.units * part * due:
        return
    said = _DIVERGENCE.of(got=percent(_share(part, whole), 1), paid=percent(_share(paid, due), 1))
    wanted = f"与指标得分相差 {percent(limit, 0)} 以内，或说明原因"
    yield review.found(said, execution.cell, wanted, execution.printed, review.warning_rule)


def _share(part: int, whole: int) -> Scaled:
    return Scaled(part * 10_000 // whole, 4)
