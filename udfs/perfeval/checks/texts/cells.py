"""The longer texts of a project form beside its own indicators: “已完成 80%” against 1400 万页 of 1788."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfeval.checks.context import Context
from perfeval.checks.figures.ratios import Ratio
from perfeval.checks.tables.across import TABLES_DISAGREE
from perfeval.errors import PerfEvalError
from perfeval.findings import Finding
from perfeval.forms.model import Entry, Form, IndicatorRow
from perfeval.forms.values import pair_of
from perfeval.quantities import PERCENT, Quantity, comparable, half_unit, plain
from perfeval.targets import Threshold

_WORK_DONE = TABLES_DISAGREE.says("文字写完成 {told}，“{name}”的 {actual} ÷ {target} 是 {rate}")
_DONE = re.compile(
    r"完成[^,.;%]{0,16}?(?:工作量|任务量|工作任务|总任务|总量)的?(?<!约)(\d+(?:\.\d+)?%)(?!以上|左右)"
    r"|完成(?:了|项目)?(\d+(?:\.\d+)?%)的?[^,.;%]{0,12}?(?:工作量|任务量|加工量|总量)"
)


def in_cells(context: Context) -> Iterator[Finding]:
    """The shares of work done that a form's texts tell and its one counted indicator does not."""
    for assessment in context.projects:
        form = assessment.form
        counted = [ratio for row in form.rows if "数量" in row.kind and (ratio := _ratio(row)) is not None]
        if len(counted) != 1:
            continue
        row, ratio = counted[0]
        for entry in _texts(form):
            told = [one or other for one, other in _DONE.findall(plain(entry.text))]
            if len(set(told)) == 1 and entry.cell and not ratio.rounds_to(told[0]):
                rate = ratio.percent(1)
                facts = {"name": row.name.text, "actual": row.actual.text, "target": row.target.text, "rate": rate}
                yield _WORK_DONE.of(told=told[0], **facts).at(form.sheet, str(entry.cell), rate, told[0])


def _texts(form: Form) -> Iterator[Entry]:
    yield form.outcome
    yield from dict.fromkeys(row.reason for row in form.rows)


def _ratio(row: IndicatorRow) -> tuple[IndicatorRow, Ratio] | None:
    """Actual over target of an indicator that counts something."""
    try:
        target, actual = pair_of(row)
    except PerfEvalError:
        return None
    if not isinstance(target, Threshold) or not isinstance(actual, Quantity):
        return None
    planned = target.quantity
    if planned.unit == PERCENT or planned.number.units <= 0 or comparable(planned, actual):
        return None
    return row, Ratio(actual.number, planned.number, half_unit(actual), half_unit(planned))
