"""The findings of a whole body's forms (评分表, 共性指标框架, 整体支出自评表): weights, scores, total, grade.

What the leaves score by their standard's own rule stands in ``leaves``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from perfeval.arithmetic import ZERO, Scaled, add, aligned, rounded
from perfeval.checks.bodies import leaves, template
from perfeval.checks.bodies.places import name_of, place
from perfeval.checks.context import Context
from perfeval.errors import PerfEvalError
from perfeval.findings import (
    FAULTY_TEMPLATE,
    LEVEL_WEIGHTS,
    TOTAL_BY_RULE,
    WEIGHTS_NOT_100,
    WRONG_GRADE,
    WRONG_TOTAL,
    Finding,
    Level,
)
from perfeval.forms import labels
from perfeval.forms.amount_tables import figure
from perfeval.forms.body_form import BodyForm
from perfeval.forms.leaves import recognised
from perfeval.forms.levels import LevelBlock, LevelRow
from perfeval.forms.values import same
from perfeval.hints import SCORE_OUT_OF_RANGE, WRONG_SCORE, without_points
from perfeval.quantities import points
from perfeval.scoring import grade
from perfeval.standards import NATIONAL, load

_FULL = Scaled(100, 0)
_GRADES = {"优": "优", "良": "良", "中": "中", "差": "差", "较": "差"}


def check(context: Context) -> Iterator[Finding]:
    """Everything found on the forms of a whole body."""
    if not context.body_forms:
        return
    known = leaves.Facts.of(context)
    for form in context.body_forms:
        yield from _weights(form)
        yield from _scores(form)
        yield from _grade(form, context)
        yield from template.check(form)
        yield from _by_rule(form, known)


def _weighed(form: BodyForm) -> list[tuple[LevelRow, Scaled]] | None:
    """The rows with their weights; None where a row has none, so that no sum can be told."""
    found = [(row, points(row.weight.value)) for row in form.block.rows]
    weighed = [(row, weight) for row, weight in found if weight is not None]
    return weighed if weighed and len(weighed) == len(found) else None


def _weights(form: BodyForm) -> Iterator[Finding]:
    rows = _weighed(form)
    if rows is None:
        return
    block = form.block
    execution, _ = _execution(form)
    total = add([*(weight for _, weight in rows), execution or ZERO])
    if not same(total, _FULL) and _is_of_100(block):
        yield WEIGHTS_NOT_100(
            f"三级指标{'和预算执行率的' if execution else ''}分值合计 {total}，不是 100",
            sheet=form.sheet,
            cell=place(form, block.total_weight, block.rows[0].weight),
            expected="100",
            found=str(total),
        )
    for (level1, level2), entry in block.points.items():
        printed = points(entry.value)
        parts = [weight for row, weight in rows if row.level1 == level1 and level2 in ("", row.level2)]
        if printed is not None and parts and not same(add(parts), printed):
            name = level2 or level1
            yield LEVEL_WEIGHTS(
                f"“{name}”印 {printed} 分，其下 {len(parts)} 个指标合计 {add(parts)} 分",
                sheet=form.sheet,
                cell=place(form, entry),
                expected=str(add(parts)),
                found=str(printed),
            )


def _is_of_100(block: LevelBlock) -> bool:
    """Whether the form says that its weights are 100 together: by its total, or by the points of its 一级指标."""
    printed = points(block.total_weight.value)
    if printed is not None:
        return same(printed, _FULL)
    tops = [points(entry.value) for (_, level2), entry in block.points.items() if not level2]
    known = [top for top in tops if top is not None]
    return len(known) > 1 and same(add(known), _FULL)


def _scores(form: BodyForm) -> Iterator[Finding]:
    given = [(row, points(row.weight.value), points(row.score.value)) for row in form.block.rows]
    scored = [score for _, _, score in given if score is not None]
    if 2 * len(scored) < len(given) or not scored:
        return  # a framework, or a form that nobody has filled in
    for row, weight, score in given:
        if score is None and weight is not None and weight.units and row.score.cell:
            yield without_points(f"“{name_of(row)}”的得分", row.score.value).at(form.sheet, str(row.score.cell))
        elif score is not None and weight is not None:
            full, won = aligned(weight, score)
            if not 0 <= won <= full:
                yield SCORE_OUT_OF_RANGE(
                    f"“{name_of(row)}”得 {score} 分，分值是 {weight}",
                    sheet=form.sheet,
                    cell=place(form, row.score),
                    expected=f"0 至 {weight}",
                    found=str(score),
                )
    printed = points(form.block.total_score.value)
    if printed is None or len(scored) < len(given):
        return
    _, execution = _execution(form)
    total = add([*scored, execution or ZERO])
    if not same(rounded(total, printed.places), printed):
        yield WRONG_TOTAL(
            f"总分印 {printed}，各项得分合计 {total}",
            sheet=form.sheet,
            cell=place(form, form.block.total_score),
            expected=str(total),
            found=str(printed),
        )


def _execution(form: BodyForm) -> tuple[Scaled | None, Scaled | None]:
    """Weight and score of 预算执行率 where the form prints them beside its money."""
    for table in form.amounts:
        for line in table.lines:
            found = {labels.funds(header.split("/")[-1]): figure(entry) for header, entry in line.amounts.items()}
            if found.get("weight") is not None:
                return found["weight"], found.get("score")
    return None, None


def _grade(form: BodyForm, context: Context) -> Iterator[Finding]:
    total, printed = points(form.block.total_score.value), form.block.grade.text
    standard = recognised(form.block)
    grades = standard or (context.standard if context.is_stated else load(NATIONAL))
    if total is None or printed[:1] not in _GRADES:
        return
    try:
        found = grade(total, grades, grades.convention)
    except PerfEvalError:
        return
    if _GRADES[printed[0]] != found[0]:
        yield WRONG_GRADE(
            f"总分 {total} 的等级是“{found}”，表中印“{printed}”",
            sheet=form.sheet,
            cell=place(form, form.block.grade),
            expected=found,
            found=printed,
            basis=grades.title,
        )


def _by_rule(form: BodyForm, known: leaves.Facts) -> Iterator[Finding]:
    """The leaves beside the standard's rule, where the book holds what the rule needs."""
    standard = recognised(form.block)
    if standard is None:
        return
    if standard.contradiction:
        yield FAULTY_TEMPLATE(
            standard.contradiction.rstrip("。"),
            sheet=form.sheet,
            cell=place(form, form.block.rows[0].weight),
            basis=standard.title,
        )
    gained: list[Scaled] = []
    for row, leaf in leaves.leaves_in(form, standard):
        if leaf.contradiction:
            yield FAULTY_TEMPLATE(
                f"“{name_of(row)}”：{leaf.contradiction.rstrip('。')}",
                sheet=form.sheet,
                cell=place(form, row.rule, row.name),
                basis=standard.title,
            )
        found = leaves.judged(standard, leaf, row, known)
        if found is None:
            continue
        finding = WRONG_SCORE(
            f"“{name_of(row)}”{found.told}；表中得 {row.score.text} 分",
            sheet=form.sheet,
            cell=place(form, row.score, row.name),
            expected=found.expected,
            found=row.score.text,
            basis=standard.title,
        )
        yield finding if found.gained is not None else replace(finding, level=Level.WARNING)
        gained += [found.gained] if found.gained is not None else []
    printed = points(form.block.total_score.value)
    scores = [score for row in form.block.rows if (score := points(row.score.value)) is not None]
    if gained and printed is not None:
        total = add([*scores, *gained])
        yield TOTAL_BY_RULE(
            f"只把能核实的指标按规则改正，总分应是 {total}，表中印 {printed}",
            sheet=form.sheet,
            cell=place(form, form.block.total_score),
            expected=str(total),
            found=str(printed),
            basis=standard.title,
        )
