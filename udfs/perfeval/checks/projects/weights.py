"""The weights of a project form: do they sum, do levels agree with their rows, is anything weighted that should not be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from perfeval import findings
from perfeval.arithmetic import Scaled, add, aligned
from perfeval.checks.projects.form import ProjectForm
from perfeval.findings import Finding
from perfeval.forms.grid import Address
from perfeval.forms.model import Entry, IndicatorRow
from perfeval.forms.values import same
from perfeval.quantities import points

_FULL = Scaled(100, 0)


def check(project: ProjectForm) -> Iterator[Finding]:
    """Everything to be said of the weights of a form."""
    yield from _sum(project)
    yield from _levels(project)
    yield from _shared(project)
    yield from _template(project)


def _sum(project: ProjectForm) -> Iterator[Finding]:
    """分值 of 预算执行率 and of the lowest indicators: 100 together, and what the total row says."""
    weights = [row.weight for row in project.assessment.rows if row.weight is not None]
    if not weights:
        return
    total, entry = add(weights), project.form.total_weight
    printed = points(entry.value)
    at = entry if entry.cell else next((row.cell for row in project.assessment.rows if row.cell), None)
    if not same(total, _FULL):
        missing = "" if project.execution else "（表中没有预算执行率的分值）"
        stated = f"，表中印的是 {printed}" if printed is not None and not same(printed, total) else ""
        told = f"各行分值合计 {total}{missing}，应为 100{stated}"
        yield project.found(findings.WEIGHTS_NOT_100, told, at, 100, total)
    elif printed is not None and not same(printed, total):
        told = f"各行分值合计 {total}，合计一行却是 {printed}"
        yield project.found(findings.WEIGHTS_NOT_100, told, at, total, printed)


def _levels(project: ProjectForm) -> Iterator[Finding]:
    """The points in the label of a 一级指标 (产出指标（50分）) beside the sum of its rows."""
    if not project.form.points:
        return
    sums, with_execution = _by_level(project), _by_level(project, with_execution=True)
    for (level, level2), label in project.form.points.items():
        stated, total = points(label.value), with_execution.get(level)
        if level2 or stated is None or total is None:
            continue
        if not same(stated, total) and not same(stated, sums.get(level, total)):
            told = f"“{level}”标明 {stated} 分，下级各行合计 {total} 分"
            yield project.found(findings.LEVEL_WEIGHTS, told, label, stated, total)


def _by_level(project: ProjectForm, *, with_execution: bool = False) -> dict[str, Scaled]:
    """The weights of the scored rows, summed by 一级指标; 预算执行率 may be printed among them."""
    scored = {row.cell for row in project.indicators if row.cell}
    found: dict[str, list[Scaled]] = defaultdict(list)
    for head, *_ in project.form.groups():
        weight = points(head.weight.value)
        is_counted = with_execution if head.is_execution else head.score.cell is None or head.score.cell in scored
        if weight is not None and is_counted:
            found[head.level1].append(weight)
    return {level: add(weights) for level, weights in found.items()}


def _shared(project: ProjectForm) -> Iterator[Finding]:
    """One weight over several indicators, and levels that are scored beside their own rows."""
    for group in project.form.groups():
        weight = points(group[0].weight.value)
        named = [row for row in group if row.name.text or row.target.text]
        if len(named) > 1 and weight is not None and weight.units:
            told = f"{len(named)} 个指标合用 {weight} 分，各占几分看不出来"
            yield project.found(findings.COUNTED_TWICE, told, group[0].weight, "每个指标各有分值", weight)
    yield from _counted_parents(project)


def _counted_parents(project: ProjectForm) -> Iterator[Finding]:
    """Rows that only sum the rows below them, and were added into the total once more."""
    total = project.assessment.printed_total
    parents = _parents(project)
    leaves = [row.printed for row in project.assessment.rows if row.printed is not None]
    given = [score for parent in parents if (score := points(parent.score.value)) is not None]
    if total is None or not given or same(add(leaves), total) or not same(add([*leaves, *given]), total):
        return
    for parent in parents:
        told = f"“{parent.name.text or parent.kind}”是下级各行的合计，又计入了总分"
        yield project.found(findings.COUNTED_TWICE, told, parent.score, "只计末级", parent.score.text)


def _parents(project: ProjectForm) -> list[IndicatorRow]:
    scored: set[Address] = {row.cell for row in project.assessment.rows if row.cell}
    return [
        row
        for row in project.form.rows
        if row.score.cell and row.score.cell not in scored and row.score.text and not row.is_execution
    ]


def _template(project: ProjectForm) -> Iterator[Finding]:
    """The weights of the groups beside those of a standard that was named."""
    if not project.context.is_stated:
        return
    sums = _by_level(project)
    for group in project.context.standard.groups:
        total = sums.get(group.name)
        if total is not None and not same(total, group.weight):
            first = next(row for row in project.form.rows if row.level1 == group.name)
            told = f"“{group.name}”共 {total} 分，标准是 {group.weight} 分"
            yield project.found(findings.FAULTY_TEMPLATE, told, first.weight, group.weight, total, group.source)
    yield from _execution_weight(project)


def _execution_weight(project: ProjectForm) -> Iterator[Finding]:
    standard, row = project.context.standard.execution, project.execution
    if row is None or row.weight is None or same(row.weight, standard.weight):
        return
    entry: Entry | Address | None = project.form.execution.weight if project.form.execution else None
    at = entry if isinstance(entry, Entry) and entry.cell else row.cell
    told = f"预算执行率 {row.weight} 分，标准是 {standard.weight} 分"
    yield project.found(findings.FAULTY_TEMPLATE, told, at, standard.weight, row.weight, standard.source)


def is_full(row_weight: Scaled | None, printed: Scaled | None) -> bool:
    """Whether a row got all of its points."""
    if row_weight is None or printed is None:
        return False
    weight, given = aligned(row_weight, printed)
    return weight == given
