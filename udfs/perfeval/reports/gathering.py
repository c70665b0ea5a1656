"""Gathers the facts of a report from a workbook: its forms, and its 基本信息 where it has one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from perfeval.arithmetic import Scaled
from perfeval.checks.context import Context
from perfeval.conventions import Convention
from perfeval.errors import InvalidValue, PerfEvalError
from perfeval.forms.grid import Book
from perfeval.forms.labels import TOTAL_FUNDS
from perfeval.forms.model import SCORING, Entry, Form, IndicatorRow
from perfeval.forms.values import in_unit, pair_of
from perfeval.periods import Period
from perfeval.quantities import points
from perfeval.records.data_unit import DEFAULT_UNIT
from perfeval.records.model import Body
from perfeval.reports.facts import Facts, Measure, Money, ProjectFacts, Score, WholeFacts, total_of
from perfeval.scoring import grade, meets
from perfeval.standards import Standard, detailed_standard
from perfeval.targets import Range, Threshold

_POINTS = re.compile(r"\s*[（(]\d+(?:\.\d+)?分?[）)]\s*$")  # as a label carries them: 公用经费控制率（3分）


def facts(book: Book) -> Facts:
    """The facts of a workbook's forms, and of its 基本信息 where it has one. Raises UnknownName for an unknown 口径."""
    context = Context.of(book, None)
    body = context.records
    forms = [assessment.form for assessment in context.projects]
    unit = _unit(body, [*forms, *context.body_forms])
    wholes = _scored_wholes(context.body_forms)
    return Facts(
        body=body.name if body else next((form.body.text for form in context.body_forms if form.body.text), ""),
        year=min(context.years) if len(context.years) == 1 else None,
        preparer=_text(body.preparer) if body else "",
        phone=_text(body.phone) if body else "",
        head=_text(body.head) if body else "",
        unit=unit,
        standard=context.standard,
        standards=(*_whole_standard(body), context.standard.id),
        projects=tuple(_project(form, unit, context.standard, context.convention.in_year(form.year)) for form in forms),
        whole=_whole(wholes[0], body, unit, context.convention) if wholes else None,
        unused=tuple(
            form.sheet for form in (*wholes[1:], *(form for form in context.body_forms if form not in wholes))
        ),
    )


def _scored_wholes(forms: Sequence[Form]) -> list[Form]:
    """The forms of the whole body that have scores, a 评分表 first."""
    return sorted(
        (form for form in forms if any(row.score.text for row in form.rows)), key=lambda form: form.kind != SCORING
    )


def _unit(body: Body | None, forms: Sequence[Form]) -> str:
    return next((form.unit for form in forms if form.unit), (body.unit if body else "") or DEFAULT_UNIT)


# --- projects ---


def _project(form: Form, unit: str, standard: Standard, convention: Convention) -> ProjectFacts:
    own = form.unit or unit
    funds = [
        (row.source, Money(*(_amount(getattr(row, field), own, unit) for field in Money.__slots__)))
        for row in form.funds
    ]
    execution = _execution(form)
    scores = tuple(_scores(form, convention))
    printed = points(form.total_score.value)
    total = printed if _is_finished((execution, *scores)) else None
    return ProjectFacts(
        name=form.name.text,
        department=form.department.text,
        implementer=form.implementer.text,
        goal=form.goal.text,
        outcome=form.outcome.text,
        money=next((money for source, money in funds if source == TOTAL_FUNDS), Money()),
        funds=tuple(funds),
        execution=execution,
        scores=scores,
        printed_total=printed,
        total=total,
        grade=_grade(total, standard, convention),
    )


def _execution(form: Form) -> Score:
    """The score of 预算执行率, which stands beside the money or among the indicators."""
    weight, score = form.execution_points
    return Score("", "", (Measure("预算执行率", "", "", ""),), points(weight.value), points(score.value))


def _is_finished(scores: Sequence[Score]) -> bool:
    """Whether every 分值 has its 得分, and an indicator one at all."""
    weighed = [score for score in scores if score.weight is not None and score.weight.units]
    return len(weighed) > 1 and all(score.score is not None for score in weighed)


def _scores(form: Form, convention: Convention) -> Iterator[Score]:
    for group in form.groups():
        head = group[0]
        if all(row.is_placeholder for row in group) or form.is_execution(head):
            continue
        yield Score(
            head.level1,
            head.level2,
            tuple(_measure(row, convention) for row in group),
            points(head.weight.value),
            points(head.score.value),
            "；".join(dict.fromkeys(row.reason.text for row in group if row.reason.text)),
        )


def _measure(row: IndicatorRow, convention: Convention) -> Measure:
    return Measure(row.name.text, shown(row.target), shown(row.actual), _relation(row, convention))


def _relation(row: IndicatorRow, convention: Convention) -> str:
    """How the actual stands to the target, in words that are right for it; "" where that is a person's to say."""
    try:
        target, actual = pair_of(row, bound=convention.inequality == "bound")
        met = meets(target, actual, convention.year)
        if met is None:
            return ""
        if met:
            return "达到指标值"
        if isinstance(target, Range):
            return "不在指标值的范围内"
        if isinstance(target, Period):
            return "超过指标值的时限"
        if isinstance(target, Threshold) and not meets(target._replace(operator="="), actual):
            if target.operator != "=":
                return "高于指标值" if target.upper else "低于指标值"
            return "低于指标值" if meets(target._replace(operator="≤", upper=True), actual) else "高于指标值"
    except PerfEvalError:
        return ""
    return "没有达到指标值"


def _amount(entry: Entry, own: str, unit: str) -> Scaled | None:
    try:
        return in_unit(entry.value, own, unit)
    except InvalidValue:
        return None


def _grade(total: Scaled | None, standard: Standard, convention: Convention) -> str:
    try:
        return grade(total, standard, convention) if total is not None else ""
    except InvalidValue:
        return ""


# --- the whole body ---


def _whole_standard(body: Body | None) -> Iterator[str]:
    """The id of the standard of the whole body, where the workbook has that side."""
    if body is not None and body.whole.standard:
        yield detailed_standard(body.whole.standard)[0].id


def _whole(form: Form, body: Body | None, unit: str, convention: Convention) -> WholeFacts:
    """The facts of a scored form: a 评分表, or a 自评表 with points, which is read as a project's."""
    total = points(form.total_score.value)
    if form.kind == SCORING:
        scores = tuple(_leaf(row) for row in form.rows if row.weight.text or row.score.text)
        return WholeFacts(scores, total, form.grade.text, _of_tasks(body, unit))
    execution = replace(_execution(form), level1="预算执行率")
    own = (execution,) if execution.weight is not None or execution.score is not None else ()
    row = form.execution
    money = (
        Money(*(_amount(getattr(row, field), form.unit or unit, unit) for field in Money.__slots__)) if row else None
    )
    return WholeFacts((*own, *_scores(form, convention)), total, form.grade.text, money or _of_tasks(body, unit))


def _of_tasks(body: Body | None, unit: str) -> Money:
    """What the 年度主要任务 of a body add up to."""
    if body is None:
        return Money()
    budget, executed = (
        total_of(_amount(Entry(getattr(task, side).total), body.unit, unit) for task in body.whole.tasks)
        for side in ("budget", "executed")
    )
    return Money(None, budget, executed)


def _leaf(row: IndicatorRow) -> Score:
    measure = Measure(_POINTS.sub("", row.name.text), shown(row.target), shown(row.actual), "")
    level1, level2 = (_POINTS.sub("", level) for level in (row.level1, row.level2))
    return Score(level1, level2, (measure,), points(row.weight.value), points(row.score.value))


# --- words ---


def shown(entry: Entry) -> str:
    """A value as a person reads it in the cell."""
    value = entry.value
    return f"{value:.15g}" if isinstance(value, float) else entry.text


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
