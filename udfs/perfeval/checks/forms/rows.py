"""The indicator rows of a form: what ``PE_HINT`` says of each, at its cells, and rows that share a 分值."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from perfeval.arithmetic import Scaled, aligned
from perfeval.checks.forms.form import ARITHMETIC, FormReview, apart, is_below, name_of
from perfeval.findings import Finding, Level, Said, declare
from perfeval.forms.assessment import ScoredRow, misses
from perfeval.forms.grid import Address
from perfeval.forms.labels import key
from perfeval.forms.model import Entry, IndicatorRow
from perfeval.hints import (
    FAR_ABOVE_TARGET,
    IDLE_REASON,
    MISSING_VALUE,
    MIXED_CONVENTIONS,
    SCORE_OUT_OF_RANGE,
    UNEXPLAINED_LOSS,
    WRONG_SCORE,
    Hint,
    of_loss,
    of_printed_rule,
    row_hints,
    value_hints,
)
from perfeval.quantities import PERCENT, Quantity, points
from perfeval.scoring import percent
from perfeval.targets import actual_of

_OUT_OF_RANGE = SCORE_OUT_OF_RANGE.says("得 {given} 分，应在 0 到 {weight} 分之间")
_WRONG_TOGETHER = WRONG_SCORE.says("{explanation}，得分为 {given}")
_FULL_TOGETHER = WRONG_SCORE.says("合用的 {weight} 分得了满分，{missed}却未达标")
_UNEXPLAINED_TOGETHER = UNEXPLAINED_LOSS.says("合用的 {weight} 分只得 {given} 分，未说明偏差原因")
SCORES_UNLIKE_EXECUTION = declare(
    "R15",
    Level.WARNING,
    "执行率与指标得分背离",
    "核对指标完成值，或说明钱没花而事办成的原因",
    "“{name}”完成值 {actual}，预算执行率却是 {rate}",
)

_DIGIT = re.compile(r"\d")
_COST_RATE = frozenset({"成本控制率", "预算成本控制率", "预算成本执行率", "成本执行率", "预算执行率", "预算控制率"})
_VALUES = frozenset({"target", "actual"})
_DIGIT = re.compile(r"\d")
_FIELDS = ("target", "actual", "weight", "score", "reason")


def check(review: FormReview) -> Iterator[Finding]:
    """Everything to be said of the rows of a form."""
    scored: dict[Address, ScoredRow] = {}
    for one in review.indicators:
        if one.cell:
            scored.setdefault(one.cell, one)  # of rows that share a 得分 the first carries it
    for group in review.form.groups():
        head = group[0]
        if head.is_placeholder or (head.score.cell is not None and head.score.cell not in scored):
            continue
        if len(group) == 1:
            yield from _single(review, head) if head.is_of_values else _by_its_rule(review, head)
        else:
            yield from _shared(review, group, scored[head.score.cell] if head.score.cell else None)
        for row in group:
            yield from _cost_beside_execution(review, row)


def _single(review: FormReview, row: IndicatorRow) -> Iterator[Finding]:
    entries = {field: getattr(row, field) for field in _FIELDS}
    values = {field: entry.value for field, entry in entries.items()}
    if row.weight.cell is None and not row.weight.text:
        if points(row.score.value) is None and _DIGIT.search(row.score.text):  # 60/60; 优 is a grade
            yield review.found(
                review.no_points(f"“{name_of(row)}”的得分", row.score.cell), row.score, found=row.score.text
            )
        values["score"] = None  # the form prints no points that it could be held to
    if row.reason.cell is None:
        entries["reason"] = review.reasons_below(row)
    for hint in row_hints(**values, kind=row.kind, convention=review.convention):
        if _counts(review, row, entries, hint):
            yield _finding(review, row, entries[hint.field], hint)


def _by_its_rule(review: FormReview, row: IndicatorRow) -> Iterator[Finding]:
    """A row that is scored by a rule of its own, or by a person: limits and reasons."""
    if row.target.text and row.actual.text:
        for hint in value_hints(row.target.value, row.actual.value, row.kind, review.convention):
            yield _finding(review, row, getattr(row, hint.field), hint)
    weight, score = points(row.weight.value), points(row.score.value)
    if weight is not None:
        values = (row.rule.value, row.name.text, row.target.value, row.actual.value)
        for hint in of_printed_rule(*values, weight, row.score.value, row.kind, review.context.convention):
            yield _finding(review, row, row.score, hint)
    if score is None:
        if row.score.cell is not None and review.is_scored and (weight is None or weight.units):
            said = review.no_points(f"“{name_of(row)}”的得分", row.score.cell)
            yield review.found(said, row.score, found=row.score.text, basis=ARITHMETIC)
    elif weight is not None:
        for hint in of_loss(weight, score, row.reason.value):
            if hint.kind is SCORE_OUT_OF_RANGE or row.reason.cell is not None:
                yield _finding(review, row, getattr(row, hint.field), hint)


def _counts(review: FormReview, row: IndicatorRow, entries: Mapping[str, Entry], hint: Hint) -> bool:
    """Whether a hint is a finding of this form: it cannot ask for a cell that the form does not have, nor hold against
    it another 口径 where nobody stated one."""
    entry = entries[hint.field]
    if hint.kind is MIXED_CONVENTIONS:
        return review.context.is_stated
    if hint.kind is MISSING_VALUE and hint.field in _VALUES and not review.asks_for_values(row):
        return False
    if hint.kind is UNEXPLAINED_LOSS and review.has_reasons_below:
        return False
    if hint.kind is FAR_ABOVE_TARGET and points(row.weight.value) is None and not entries["reason"].cell:
        return False  # no points are lost, and nowhere could it be explained
    if hint.kind is IDLE_REASON and review.tells_of_money(entry):
        return False  # the reason is one for money left
    return entry.cell is not None or bool(entry.text)


def _finding(review: FormReview, row: IndicatorRow, entry: Entry, hint: Hint) -> Finding:
    name = f"“{row.name.text}”" if row.name.text else ""
    at = entry if entry.cell else row.score
    return review.found(Said(hint.kind, f"{name}{hint.message}"), at, hint.expected, hint.found, review.rule)


def _shared(review: FormReview, group: Sequence[IndicatorRow], scored: ScoredRow | None) -> Iterator[Finding]:
    """Rows that share one weight: each its own values, together one score."""
    for row in group:
        if row.name.text or row.target.text or row.actual.text:
            for hint in value_hints(row.target.value, row.actual.value, row.kind, review.convention):
                yield _finding(review, row, getattr(row, hint.field), hint)
    if scored is None or scored.weight is None or not scored.weight.units:
        return
    if scored.printed is None:
        yield review.found(review.no_points("合用分值的得分", scored.cell), scored.cell, basis=review.rule)
        return
    full, given = aligned(scored.weight, scored.printed)
    if not 0 <= given <= full:
        said = _OUT_OF_RANGE.of(given=scored.printed, weight=scored.weight)
        yield review.found(said, scored.cell, f"0～{scored.weight}", scored.printed, review.rule)
    elif scored.differs:
        said = _WRONG_TOGETHER.of(explanation=scored.explanation, given=scored.printed)
        yield review.found(said, scored.cell, scored.computed, scored.printed, review.rule)
    elif given == full and scored.computed is None and (missed := _missed(review, group)):
        said = _FULL_TOGETHER.of(weight=scored.weight, missed=missed)
        yield review.found(said, scored.cell, f"少于 {scored.weight}", scored.printed, review.rule)
    if given < full and group[0].reason.cell and not any(review.reason_of(row) for row in group):
        said = _UNEXPLAINED_TOGETHER.of(weight=scored.weight, given=scored.printed)
        yield review.found(said, group[0].reason, "", f"得分 {scored.printed}", review.rule)


def _missed(review: FormReview, group: Sequence[IndicatorRow]) -> str:
    """The names of the rows that miss their targets."""
    return "、".join(f"“{name_of(row)}”" for row in group if misses(row, review.convention))


def _cost_beside_execution(review: FormReview, row: IndicatorRow) -> Iterator[Finding]:
    """成本控制率 of the budget is the execution rate by another name: the two should lie close together."""
    rate, weight = review.total_rate, points(row.weight.value)
    if (
        rate is None
        or key(row.name.text) not in _COST_RATE
        or review.form.is_execution(row)
        or not (weight and weight.units)
    ):
        return
    done = actual_of(row.actual.text) if isinstance(row.actual.value, str) else None
    if not isinstance(done, Quantity) or done.unit != PERCENT:
        return
    executed, budget = rate
    part, whole = aligned(done.number, Scaled(1, 0))
    difference = apart(Scaled(part * budget, 0), Scaled(executed * whole, 0))
    if is_below((difference.units, whole * budget), review.context.standard.review.divergence):
        return
    shown = percent(Scaled(executed * 10_000 // budget, 4), 2)
    said = SCORES_UNLIKE_EXECUTION.of(name=row.name.text, actual=row.actual.text, rate=shown)
    yield review.found(said, row.actual, shown, row.actual.text, review.warning_rule)
