"""What a project's record puts into its form: a list of wishes, one a cell. Nothing here looks at what fill may touch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from perfeval.errors import FormProblem, PerfEvalError
from perfeval.forms import labels
from perfeval.forms.grid import Address, Value
from perfeval.forms.model import ABSENT, Entry, Form, IndicatorRow
from perfeval.forms.records import SHARED, Indicator, Project
from perfeval.quantities import plain, points
from perfeval.targets import Threshold, parse_target

_AMOUNTS = {"initial": "年初预算数", "budget": "全年预算数", "executed": "全年执行数"}


@dataclass(frozen=True, slots=True)
class Wish:
    """A value for a cell, with the Chinese name of the field. ``given`` marks a 得分 that a person or the data gave."""

    cell: Address
    value: Value
    field: str
    given: bool = False


Amounts = Mapping[str, Mapping[str, Value]]


def wishes(form: Form, project: Project, amounts: Amounts, total: Value) -> list[Wish]:
    """Every value that the record has for the form.

    ``amounts`` are the funds by source and column (initial, budget, executed) and ``total`` the 项目金额, in the form's
    unit. Raises FormProblem where the form has fewer rows than the project has indicators.
    """
    fields = (
        (form.name, None if form.name.text else project.name, "项目名称"),
        (form.amount, total, "项目金额"),
        (form.department, project.department, "主管部门"),
        (form.implementer, project.implementer, "实施单位"),
        (form.goal, project.goal, "预期目标"),
        (form.outcome, project.outcome, "实际完成情况"),
    )
    found = [wish for entry, value, name in fields for wish in _wish(entry, value, name)]
    for row in form.funds:
        for column, name in _AMOUNTS.items():
            found.extend(_wish(getattr(row, column), amounts.get(row.source, {}).get(column), f"{row.source}{name}"))
    if form.execution is not None:
        found.extend(_wish(form.execution.score, _score(project.execution_score), "预算执行率得分", given=True))
    for row, indicator in _placed(form, project):
        found.extend(_indicator(row, indicator))
    return found


def without_place(form: Form, project: Project, amounts: Amounts, total: Value) -> list[str]:
    """The names of what the record holds and the form has no cell for."""
    has_columns = {column: any(getattr(row, column).cell for row in form.funds) for column in _AMOUNTS}
    sources = {row.source for row in form.funds}
    homeless = [
        name
        for entry, value, name in (
            (form.amount, total, "项目金额"),
            (form.department, project.department, "主管部门"),
            (form.implementer, project.implementer, "实施单位"),
            (form.goal, project.goal, "预期目标"),
            (form.outcome, project.outcome, "实际完成情况"),
        )
        if entry is ABSENT and value not in (None, "")
    ]
    homeless += [source for source in amounts if source not in sources]
    return homeless + [
        name
        for column, name in _AMOUNTS.items()
        if not has_columns[column] and any(given.get(column) is not None for given in amounts.values())
    ]


def _wish(entry: Entry, value: Value, field: str, *, given: bool = False) -> Iterator[Wish]:
    if entry.cell is not None and value is not None and value != "":
        yield Wish(entry.cell, value, field, given)


def _indicator(row: IndicatorRow, indicator: Indicator) -> Iterator[Wish]:
    name = indicator.name or row.name.text
    yield from _wish(row.name, indicator.name, "三级指标")
    if row.target_parts is None:
        yield from _wish(row.target, indicator.target, f"“{name}”的指标值")
    else:
        yield from _target_parts(row, indicator, name)
    yield from _wish(row.actual, indicator.actual, f"“{name}”的完成值")
    if indicator.weight != SHARED:
        yield from _wish(row.weight, _score(indicator.weight), f"“{name}”的分值")
        yield from _wish(row.score, _score(indicator.score), f"“{name}”的得分", given=True)
    yield from _wish(row.reason, indicator.reason, f"“{name}”的偏差原因")


def _target_parts(row: IndicatorRow, indicator: Indicator, name: str) -> Iterator[Wish]:
    """A 指标值 in the three cells 符号, 指标值, 计量单位; a value that is not one measure goes whole into the middle one."""
    assert row.target_parts is not None
    operator, number, measure = row.target_parts
    text = str(indicator.target or "")
    try:
        target = parse_target(text)
    except PerfEvalError:
        target = None
    if isinstance(target, Threshold) and not target.approximate:
        digits = plain(target.quantity.text)
        unit = digits.lstrip("-+0123456789.,")
        yield from _wish(operator, target.operator or None, f"“{name}”的符号")
        yield from _wish(number, digits[: len(digits) - len(unit)] or None, f"“{name}”的指标值")
        yield from _wish(measure, unit.strip() or None, f"“{name}”的计量单位")
    else:
        yield from _wish(number, indicator.target, f"“{name}”的指标值")


def _score(value: Value) -> Value:
    """Points as a number; whatever else stands there as it is, for a person to see."""
    if value is None or (isinstance(value, str) and plain(value) in {"", "—", "-", "/"}):
        return None
    number = points(value)
    return float(number) if number is not None else value


def _placed(form: Form, project: Project) -> Iterator[tuple[IndicatorRow, Indicator]]:
    """Each indicator with its row: by name within its 二级指标, otherwise the next free row there."""
    free = list(form.rows)
    unplaced = []
    by_name: dict[int, IndicatorRow] = {}
    for place, indicator in enumerate(project.indicators):
        row = next((row for row in free if _same_level(row, indicator) and _same_name(row, indicator)), None)
        if row is not None:
            by_name[place] = row
            free.remove(row)
    for place, indicator in enumerate(project.indicators):
        row = by_name.get(place) or next((row for row in free if _same_level(row, indicator) and _is_free(row)), None)
        if row is None:
            unplaced.append(f"{indicator.level2 or indicator.level1}“{indicator.name}”")
            continue
        if row in free:
            free.remove(row)
        yield row, indicator
    if unplaced:
        raise FormProblem(
            f"工作表“{form.sheet}”项目“{project.name}”：放不下 {len(unplaced)} 个指标（{'、'.join(unplaced[:5])}），"
            "请先在表格软件里插入指标行"
        )


def _same_level(row: IndicatorRow, indicator: Indicator) -> bool:
    return labels.key(indicator.level1) in {row.level1, ""} and (
        labels.key(indicator.level2) in {row.level2, ""} or not row.level2
    )


def _same_name(row: IndicatorRow, indicator: Indicator) -> bool:
    return bool(indicator.name) and labels.key(row.name.text) == labels.key(indicator.name)


def _is_free(row: IndicatorRow) -> bool:
    return row.is_placeholder or not (row.name.text or row.target.text)
