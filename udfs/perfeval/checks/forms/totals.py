"""The total of a form: is it the sum, what would the rules make it, its grade, and whether it is too good."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from perfeval import findings
from perfeval.arithmetic import Scaled, add, aligned
from perfeval.checks.forms.form import FormReview, apart
from perfeval.checks.forms.weights import is_full
from perfeval.findings import Finding
from perfeval.forms import labels
from perfeval.forms.assessment import ScoredRow, total_of
from perfeval.forms.judging import grade_beside, printed_sum, sum_beside_total
from perfeval.forms.model import SCORING
from perfeval.forms.values import same
from perfeval.scoring import percent

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
            kind, fault = review.no_points(entry.cell)
            yield review.found(kind, f"总分{fault}", entry, printed_sum(rows) or "", entry.text)
        return
    is_rescaled = review.context.convention.not_applicable == "rescale"
    differing = sum_beside_total(review.form, rows, total_of(rows, review.context.convention) if is_rescaled else None)
    if differing is None:
        return
    parts, is_rounded = differing
    if is_rounded:
        told = f"各项得分合计 {parts}，总分只保留了 {total.places} 位小数"
        yield review.found(findings.MIXED_CONVENTIONS, told, entry, parts, total)
        return
    told = f"各项得分合计 {parts}，总分是 {total}，相差 {apart(total, parts)}"
    yield review.found(findings.WRONG_TOTAL, told, entry, parts, total)


def _by_rule(review: FormReview, objected: Sequence[Finding]) -> Iterator[Finding]:
    """What the total becomes when the scores that were found wrong are put right."""
    wrong = {
        finding.cell
        for finding in objected
        if finding.kind in (findings.WRONG_SCORE, findings.REVERSE_AS_FORWARD, findings.WRONG_EXECUTION_SCORE)
    }
    total, rows = review.assessment.printed_total, _scored(review)
    if total is None or printed_sum(review.assessment.rows) is None or not any(str(row.cell) in wrong for row in rows):
        return
    counted = [row.computed if str(row.cell) in wrong else row.printed for row in rows]
    if any(score is None for score in counted):
        return
    right = add([score for score in counted if score is not None])
    if not same(right, total):
        told = f"各项得分按规则改正后合计 {right} 分，总分是 {total}"
        yield review.found(findings.TOTAL_BY_RULE, told, review.form.total_score, right, total, review.rule)


def _grade(review: FormReview) -> Iterator[Finding]:
    total, printed = review.assessment.printed_total, review.form.grade
    standard = review.standard or review.context.standard
    convention = review.context.convention if review.standard is None else review.standard.convention
    due = grade_beside(total, printed.text, standard, convention)
    if due:
        told = f"总分 {total}，等级应为“{due}”，表中是“{printed.text}”"
        yield review.found(findings.WRONG_GRADE, told, printed, due, printed.text, standard.title)
        return
    parts = printed_sum(review.assessment.rows)
    if total is not None and grade_beside(parts, printed.text, standard, convention):
        told = f"总分 {total} 恰在分界：各项得分合计 {parts} 未到“{printed.text}”"
        yield review.found(findings.WRONG_GRADE, told, printed, printed.text, printed.text, standard.title)


def _all_full(review: FormReview) -> Iterator[Finding]:
    if review.form.kind == SCORING:
        return
    rows = [row for row in _scored(review) if row.applies]
    if len(rows) < _ROWS or not all(is_full(row.weight, row.printed) for row in rows) or _has_evidence(review):
        return
    told = f"{len(rows)} 项全部满分，表中没有佐证"
    yield review.found(findings.ALL_FULL, told, review.form.total_score, "佐证材料", review.form.total_score.text)


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
    told = (
        f"指标得分是满分的 {percent(_share(part, whole), 1)}，预算执行率只得满分的 {percent(_share(paid, due), 1)}，"
        "没有说明钱没花而事办成的原因"
    )
    yield review.found(
        findings.SCORES_UNLIKE_EXECUTION,
        told,
        execution.cell,
        f"与指标得分相差 {percent(limit, 0)} 以内，或说明原因",
        execution.printed,
        review.warning_rule,
    )


def _share(part: int, whole: int) -> Scaled:
    return Scaled(part * 10_000 // whole, 4)
