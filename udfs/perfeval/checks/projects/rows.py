"""The indicator rows of a project form: what ``PE_HINT`` says of each, at its cells, and rows that share a 分值."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfeval import findings
from perfeval.arithmetic import Scaled, aligned
from perfeval.checks.projects.form import ProjectForm, apart, is_below
from perfeval.findings import Finding
from perfeval.forms.assessment import ScoredRow
from perfeval.forms.labels import key
from perfeval.forms.model import Entry, IndicatorRow
from perfeval.hints import (
    MIXED_CONVENTIONS,
    SCORE_OUT_OF_RANGE,
    UNEXPLAINED_LOSS,
    WRONG_SCORE,
    Hint,
    row_hints,
    value_hints,
)
from perfeval.quantities import PERCENT, Quantity, points
from perfeval.scoring import percent
from perfeval.targets import actual_of

_COST_RATE = frozenset({"成本控制率", "预算成本控制率", "预算成本执行率", "成本执行率", "预算执行率", "预算控制率"})
_FIELDS = ("target", "actual", "weight", "score", "reason")


def check(project: ProjectForm) -> Iterator[Finding]:
    """Everything to be said of the rows of a form."""
    scored = {row.cell: row for row in project.indicators if row.cell}
    for group in project.form.groups():
        head = group[0]
        if head.is_placeholder or (head.score.cell is not None and head.score.cell not in scored):
            continue
        if len(group) == 1:
            yield from _single(project, head)
        else:
            yield from _shared(project, group, scored[head.score.cell] if head.score.cell else None)
        for row in group:
            yield from _cost_beside_execution(project, row)


def _single(project: ProjectForm, row: IndicatorRow) -> Iterator[Finding]:
    entries = {field: getattr(row, field) for field in _FIELDS}
    values = {field: entry.value for field, entry in entries.items()}
    for hint in row_hints(**values, kind=row.kind, convention=project.context.convention):
        if _counts(project, entries[hint.field], hint):
            yield _finding(project, row, entries[hint.field], hint)


def _counts(project: ProjectForm, entry: Entry, hint: Hint) -> bool:
    """Whether a hint is a finding of this form: it cannot ask for a cell that the form does not have, nor hold against
    it another 口径 where nobody stated one."""
    if hint.kind is MIXED_CONVENTIONS:
        return project.context.is_stated
    return entry.cell is not None or bool(entry.text)


def _finding(project: ProjectForm, row: IndicatorRow, entry: Entry, hint: Hint) -> Finding:
    name = f"“{row.name.text}”" if row.name.text else ""
    at = entry if entry.cell else row.score
    return project.found(hint.kind, f"{name}{hint.message}", at, hint.expected, hint.found, project.rule)


def _shared(project: ProjectForm, group: Sequence[IndicatorRow], scored: ScoredRow | None) -> Iterator[Finding]:
    """Rows that share one weight: each its own values, together one score."""
    for row in group:
        if row.name.text or row.target.text or row.actual.text:
            for hint in value_hints(row.target.value, row.actual.value, row.kind, project.context.convention):
                yield _finding(project, row, getattr(row, hint.field), hint)
    if scored is None or scored.weight is None or not scored.weight.units:
        return
    if scored.printed is None:
        yield project.found(*project.no_points("合用分值的得分", scored.cell), scored.cell, basis=project.rule)
        return
    full, given = aligned(scored.weight, scored.printed)
    if not 0 <= given <= full:
        told = f"得 {scored.printed} 分，应在 0 到 {scored.weight} 分之间"
        yield project.found(SCORE_OUT_OF_RANGE, told, scored.cell, f"0～{scored.weight}", scored.printed, project.rule)
    elif scored.differs:
        told = f"{scored.explanation}，得分为 {scored.printed}"
        yield project.found(WRONG_SCORE, told, scored.cell, scored.computed, scored.printed, project.rule)
    if given < full and group[0].reason.cell and not any(project.reason_of(row) for row in group):
        told = f"合用的 {scored.weight} 分只得 {scored.printed} 分，未说明偏差原因"
        yield project.found(UNEXPLAINED_LOSS, told, group[0].reason, "", f"得分 {scored.printed}", project.rule)


def _cost_beside_execution(project: ProjectForm, row: IndicatorRow) -> Iterator[Finding]:
    """成本控制率 of the budget is the execution rate by another name: the two should lie close together."""
    rate, weight = project.total_rate, points(row.weight.value)
    if rate is None or key(row.name.text) not in _COST_RATE or row.is_execution or not (weight and weight.units):
        return
    done = actual_of(row.actual.text) if isinstance(row.actual.value, str) else None
    if not isinstance(done, Quantity) or done.unit != PERCENT:
        return
    executed, budget = rate
    part, whole = aligned(done.number, Scaled(1, 0))
    difference = apart(Scaled(part * budget, 0), Scaled(executed * whole, 0))
    if is_below((difference.units, whole * budget), project.context.standard.review.divergence):
        return
    shown = percent(Scaled(executed * 10_000 // budget, 4), 2)
    told = f"“{row.name.text}”完成值 {row.actual.text}，预算执行率却是 {shown}"
    yield project.found(
        findings.SCORES_UNLIKE_EXECUTION, told, row.actual, shown, row.actual.text, project.warning_rule
    )
