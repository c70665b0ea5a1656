"""A 评分表's scores recomputed: every leaf from 基础数据 under a detailed standard, beside what is printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from perfeval.arithmetic import Scaled
from perfeval.conventions import DetailedConvention
from perfeval.errors import InvalidValue, NotApplicable, PerfEvalError
from perfeval.forms.assessment import ScoredRow, scored_row, sum_of_counted
from perfeval.forms.judging import grade_beside, sum_beside_total
from perfeval.forms.leaves import leaves_of
from perfeval.forms.model import Entry, Form, IndicatorRow
from perfeval.forms.values import same
from perfeval.hints.leaf import input_faults
from perfeval.quantities import points
from perfeval.scoring import Outcome, basis, grade, score
from perfeval.scoring.inputs import read
from perfeval.standards import DetailedStandard, Leaf


@dataclass(frozen=True, slots=True)
class LeafData:
    """What 基础数据 holds, on ``sheet``: values by leaf (or part) and input, and by leaf the 说明 of its score."""

    sheet: str
    values: Mapping[tuple[str, str], Entry]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LeafAssessment:
    """A 评分表 under a standard. ``computed_total`` is None where a leaf with a weight has no usable score at all.

    ``notes`` tell what is odd about the whole: totals, weights, grades, leaves without a row.
    """

    form: Form
    rows: tuple[ScoredRow, ...]
    printed_total: Scaled | None
    computed_total: Scaled | None
    printed_grade: str
    computed_grade: str
    notes: tuple[str, ...]


def assess_leaves(
    form: Form, standard: DetailedStandard, convention: DetailedConvention, data: LeafData
) -> LeafAssessment:
    """Every leaf of a 评分表, recomputed from the data."""
    found = list(leaves_of(form.rows, standard))
    rows = tuple(_row(row, leaf, convention, data) for row, leaf in found)
    notes = (*_missing(standard, found), *_weights(found), *_sums(form, rows), *_grades(form, standard, convention))
    total = sum_of_counted(rows)
    due = "" if total is None else grade(total, standard, convention)
    contradiction = (f"标准：{standard.contradiction}",) if standard.contradiction else ()
    return _assessment(form, rows, total, due, notes + contradiction)


def unassessed(form: Form) -> LeafAssessment:
    """A 评分表 of no standard that is known: only its sum can be looked at."""
    told = "没有认出标准，没有重算"
    rows = tuple(
        scored_row(row.score, row.name.text, None, None, points(row.weight.value), points(row.score.value), None, told)
        for row in form.rows
    )
    notes = ("没有找到与它相符的标准，只核对了合计；请用 --standard 指明", *_sums(form, rows))
    return _assessment(form, rows, sum_of_counted(rows), "", notes)


def _assessment(
    form: Form, rows: tuple[ScoredRow, ...], total: Scaled | None, due: str, notes: tuple[str, ...]
) -> LeafAssessment:
    printed = points(form.total_score.value)
    return LeafAssessment(form, rows, printed, total, form.grade.text, due, notes)


def _row(row: IndicatorRow, leaf: Leaf | None, convention: DetailedConvention, data: LeafData) -> ScoredRow:
    weight, printed = points(row.weight.value), points(row.score.value)
    if leaf is None:
        told = "标准里没有这个指标，没有重算"
        return scored_row(row.score, row.name.text, None, None, weight, printed, None, told)
    computed, applies = None, True
    entries = [data.values.get((owner.code, one.name), Entry()) for owner, one in leaf.entries()]
    try:
        outcome = _outcome(leaf, entries, convention, data.sheet)
        computed = outcome.value if isinstance(outcome.value, Scaled) else None
        reason = data.reasons.get(leaf.code)
        if reason and computed is None and not any(entry.text for entry in entries):
            told = f"基础数据没有填，得分由人给定：{reason}"
        else:
            told = outcome.arithmetic()
    except NotApplicable as error:
        told, applies = error.reason, False
    except PerfEvalError as error:
        told = f"不能计算：{error.reason}"
    if leaf.contradiction:
        told += f"；注意：{leaf.contradiction.rstrip('。')}"
    scored = scored_row(row.score, leaf.name, None, None, leaf.weight, printed, computed, told)
    return replace(scored, applies=applies, basis=basis(leaf, convention))


def _outcome(leaf: Leaf, entries: Sequence[Entry], convention: DetailedConvention, sheet: str) -> Outcome:
    """The leaf's score. Raises a PerfEvalError that names the cells of what is wrong."""
    cells = [entry.value for entry in entries]
    faults = [
        f"“{leaf.inputs[place].label}”（{sheet}!{entries[place].cell}）{reason}"
        for place, reason in input_faults(leaf, cells)
    ]
    if faults:
        raise InvalidValue("；".join(faults))
    try:
        return score(leaf, [read(one, cell) for one, cell in zip(leaf.inputs, cells, strict=True)], convention)
    except NotApplicable:
        raise
    except PerfEvalError as error:
        given = [f"{sheet}!{entry.cell}" for entry in entries if entry.cell is not None]
        raise type(error)(f"{error.reason}（{'、'.join(given)}）") from error


_Found = Sequence[tuple[IndicatorRow, Leaf | None]]


def _missing(standard: DetailedStandard, found: _Found) -> Iterator[str]:
    known = {leaf.code for _, leaf in found if leaf is not None}
    missing = [leaf.name for leaf in standard.leaves if leaf.code not in known]
    if missing:
        yield f"表里没有标准的这些指标：{'、'.join(missing)}"


def _weights(found: _Found) -> Iterator[str]:
    for row, leaf in found:
        weight = points(row.weight.value)
        if leaf is not None and weight is not None and not same(weight, leaf.weight):
            yield f"{row.weight.cell} “{leaf.name}”的分值印 {weight}，标准是 {leaf.weight}"


def _sums(form: Form, rows: Sequence[ScoredRow]) -> Iterator[str]:
    differing = sum_beside_total(form, rows)
    if differing is not None:
        yield f"{form.total_score.cell} 总分 {form.total_score.text}，各项得分之和是 {differing[0]}"


def _grades(form: Form, standard: DetailedStandard, convention: DetailedConvention) -> Iterator[str]:
    total = points(form.total_score.value)
    due = grade_beside(total, form.grade.text, standard, convention)
    if due:
        yield f"{form.grade.cell} 等级印“{form.grade.text}”，总分 {total} 应为“{due}”"
