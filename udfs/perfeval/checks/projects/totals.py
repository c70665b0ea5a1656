"""The total of a project form: is it the sum, what would the rules make it, its grade, and whether it is too good."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from perfeval import findings
from perfeval.arithmetic import Scaled, add, aligned, rounded, subtract
from perfeval.checks.projects.form import ProjectForm
from perfeval.checks.projects.weights import is_full
from perfeval.findings import Finding
from perfeval.forms import labels
from perfeval.forms.assessment import ScoredRow, total_of
from perfeval.forms.grid import Address
from perfeval.forms.grid_text import page_of
from perfeval.forms.model import Entry
from perfeval.forms.values import same
from perfeval.hints import MIXED_CONVENTIONS, REVERSE_AS_FORWARD, WRONG_SCORE
from perfeval.scoring import grade, percent

_GRADE = frozenset({"等级", "自评等级", "评价等级", "绩效等级", "自评结论", "评定等级", "绩效自评等级", "自评结果"})
_GRADE_WORDS = {"优秀": "优", "良好": "良", "中等": "中", "合格": "中", "一般": "中", "较差": "差", "不合格": "差"}
_EVIDENCE = re.compile(r"佐证|附件|证明材料|验收单|见附")
_BELOW = 4  # rows under the total in which the grade may stand
_LONGEST_HEADER = 6  # characters of 佐证材料 and the like
_ROWS = 3  # fewer scored rows than these are no sign


def check(project: ProjectForm, objected: Sequence[Finding]) -> Iterator[Finding]:
    """Everything to be said of the total. ``objected`` are the findings on single scores."""
    yield from _sum(project)
    yield from _by_rule(project, objected)
    yield from _grade(project)
    yield from _all_full(project)
    yield from _divergence(project)


def _scored(project: ProjectForm) -> list[ScoredRow]:
    return [row for row in project.assessment.rows if row.is_scored]


def _printed_sum(project: ProjectForm) -> Scaled | None:
    """The sum of the printed scores; None where one is missing."""
    rows = _scored(project)
    if not rows or any(row.printed is None and row.applies for row in rows):
        return None
    return add([row.printed for row in project.assessment.rows if row.printed is not None])


def _sum(project: ProjectForm) -> Iterator[Finding]:
    total, entry, parts = project.assessment.printed_total, project.form.total_score, _printed_sum(project)
    if total is None:
        if entry.cell is not None:
            yield project.found(*project.no_points("总分", entry.cell), entry, parts or "", entry.text)
        return
    if parts is None or same(parts, total) or same(_rescaled(project, parts), total):
        return
    places = total.places
    if 0 < places < parts.places and same(rounded(parts, places), total):
        told = f"各项得分合计 {parts}，总分只保留了 {places} 位小数"
        yield project.found(MIXED_CONVENTIONS, told, entry, parts, total)
        return
    told = f"各项得分合计 {parts}，总分是 {total}，相差 {_difference(total, parts)}"
    yield project.found(findings.WRONG_TOTAL, told, entry, parts, total)


def _rescaled(project: ProjectForm, parts: Scaled) -> Scaled:
    """The sum as it is where 不适用 rows count nothing and the others are brought to 100."""
    if project.context.convention.not_applicable != "rescale":
        return parts
    return total_of(project.assessment.rows, project.context.convention) or parts


def _difference(total: Scaled, parts: Scaled) -> Scaled:
    apart = subtract(total, parts)
    return Scaled(abs(apart.units), apart.places)


def _by_rule(project: ProjectForm, objected: Sequence[Finding]) -> Iterator[Finding]:
    """What the total becomes when the scores that were found wrong are put right."""
    wrong = {
        finding.cell
        for finding in objected
        if finding.kind in (WRONG_SCORE, REVERSE_AS_FORWARD, findings.WRONG_EXECUTION_SCORE)
    }
    total, rows = project.assessment.printed_total, _scored(project)
    if total is None or _printed_sum(project) is None or not any(str(row.cell) in wrong for row in rows):
        return
    counted = [row.computed if str(row.cell) in wrong else row.printed for row in rows]
    if any(score is None for score in counted):
        return
    right = add([score for score in counted if score is not None])
    if not same(right, total):
        told = f"各项得分按规则改正后合计 {right} 分，总分是 {total}"
        yield project.found(findings.TOTAL_BY_RULE, told, project.form.total_score, right, total, project.rule)


def _grade(project: ProjectForm) -> Iterator[Finding]:
    total, printed = project.assessment.printed_total, _printed_grade(project)
    if total is None or total.units < 0 or printed is None:
        return
    standard = project.context.standard
    word = _GRADE_WORDS.get(printed.text, printed.text)
    if word not in dict(standard.grades):
        return
    due = grade(total, standard, project.context.convention)
    if word != due:
        told = f"总分 {total}，等级应为“{due}”，表中是“{printed.text}”"
        yield project.found(findings.WRONG_GRADE, told, printed, due, printed.text, standard.title)
        return
    parts = _printed_sum(project)
    if parts is not None and parts.units >= 0 and grade(parts, standard, project.context.convention) != due:
        told = f"总分 {total} 恰在分界：各项得分合计 {parts} 未到“{due}”"
        yield project.found(findings.WRONG_GRADE, told, printed, due, printed.text, standard.title)


def _printed_grade(project: ProjectForm) -> Entry | None:
    """The grade that the form prints, to the right of its label or behind it."""
    form, page = project.form, page_of(project.grid)
    for row in range(form.area.top, form.area.bottom + _BELOW + 1):
        for area, text in page.texts(row, form.area.left, form.area.right + 4):
            pair = labels.inline(text)
            if labels.key(text) in _GRADE:
                return page.entry(area.top, area.right + 1)
            if pair and labels.key(pair[0]) in _GRADE:
                return Entry(pair[1].strip(), Address(area.top, area.left))
    return None


def _all_full(project: ProjectForm) -> Iterator[Finding]:
    rows = [row for row in _scored(project) if row.applies]
    if len(rows) < _ROWS or not all(is_full(row.weight, row.printed) for row in rows) or _has_evidence(project):
        return
    told = f"{len(rows)} 项全部满分，表中没有佐证"
    yield project.found(findings.ALL_FULL, told, project.form.total_score, "佐证材料", project.form.total_score.text)


def _has_evidence(project: ProjectForm) -> bool:
    """Whether the form names evidence: in a sentence, or in a column for it that is filled in."""
    for place, cell in project.grid.cells.items():
        if place not in project.form.area or not isinstance(cell.value, str) or not _EVIDENCE.search(cell.value):
            continue
        if len(labels.key(cell.value)) > _LONGEST_HEADER:
            return True
        below = (project.grid[row.row, place.column].value for row in project.form.rows if row.row != place.row)
        if any(value not in (None, "") for value in below):
            return True
    return False


def _divergence(project: ProjectForm) -> Iterator[Finding]:
    """The share of points that 预算执行率 got, far below the share that the indicators got."""
    execution, rate = project.execution, project.total_rate
    if execution is None or rate is None or not execution.weight or execution.printed is None:
        return
    rows = [row for row in project.indicators if row.is_scored and row.applies]
    if not rows or not execution.weight.units or any(row.printed is None or row.weight is None for row in rows):
        return
    got, full = add([row.printed for row in rows if row.printed]), add([row.weight for row in rows if row.weight])
    part, whole, paid, due = aligned(got, full, execution.printed, execution.weight)
    if not 0 < part <= whole or project.explains_money_left(rate):
        return
    limit = project.context.standard.review.divergence
    # (got/full − paid/due) / (got/full) > limit, without dividing
    if (part * due - paid * whole) * 10**limit.places <= limit.units * part * due:
        return
    told = (
        f"指标得分是满分的 {percent(_share(part, whole), 1)}，预算执行率只得满分的 {percent(_share(paid, due), 1)}，"
        "没有说明钱没花而事办成的原因"
    )
    yield project.found(
        findings.SCORES_UNLIKE_EXECUTION,
        told,
        execution.cell,
        f"与指标得分相差 {percent(limit, 0)} 以内，或说明原因",
        execution.printed,
        project.warning_rule,
    )


def _share(part: int, whole: int) -> Scaled:
    return Scaled(part * 10_000 // whole, 4)
