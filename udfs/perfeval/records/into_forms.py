"""What a project's record puts into its form: a list of wishes, one a cell. Nothing here looks at what fill may touch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from perfeval.errors import FormProblem, PerfEvalError, Place
from perfeval.forms import labels
from perfeval.forms.grid import Address, Value
from perfeval.forms.model import ABSENT, Entry, Form, IndicatorRow
from perfeval.quantities import plain, points
from perfeval.records import names
from perfeval.records.matching import match
from perfeval.records.model import SHARED, Funds, Indicator, Project, Whole
from perfeval.targets import Threshold, parse_target

_AMOUNTS = {"initial": "年初预算数", "budget": "全年预算数", "executed": "全年执行数"}


@dataclass(frozen=True, slots=True)
class Wish:
    """A value for a cell, with the Chinese name of the field. ``given`` marks a 得分 that a person or the data gave, ``money`` an
    amount."""

    cell: Address
    value: Value
    field: str
    given: bool = False
    money: bool = False


Amounts = Mapping[str, Mapping[str, Value]]
Converted = Callable[[Value], Value]
"""An amount of the records in a form's unit."""


def wishes(form: Form, project: Project, amounts: Amounts, total: Value) -> list[Wish]:
    """Every value that the record has for the form.

    ``amounts`` are the funds by source and column (initial, budget, executed) and ``total`` the 项目金额, in the form's
    units. Raises FormProblem where the form has fewer rows than the project has indicators.
    """
    fields = (
        (form.name, None if form.name.text else project.name, "项目名称"),
        (form.central, project.central, "中央主管部门"),
        (form.department, project.department, "主管部门"),
        (form.implementer, project.implementer, "实施单位"),
        (form.goal, project.goal, "预期目标"),
        (form.outcome, project.outcome, "实际完成情况"),
    )
    found = [one for entry, value, name in fields for one in wish(entry, value, name)]
    found.extend(wish(form.amount, total, "项目金额", money=True))
    found.extend(money_wishes(form, project, amounts))
    for row, indicator in placed(form.rows, project.indicators, Place(sheet=form.sheet)):
        found.extend(indicator_wishes(row, indicator))
    return found


def amounts_of(funds: Sequence[Funds], converted: Converted) -> Amounts:
    """Funds by source and column, in another unit."""
    return {one.source: {column: converted(getattr(one, column)) for column in _AMOUNTS} for one in funds}


def money_wishes(form: Form, owner: Project | Whole, amounts: Amounts) -> Iterator[Wish]:
    """The funds for a form, and the points and the 得分 of its 预算执行率."""
    for row in form.funds:
        for column, name in _AMOUNTS.items():
            value = amounts.get(row.source, {}).get(column)
            yield from wish(getattr(row, column), value, f"{row.source}{name}", money=True)
    if form.execution is not None:
        yield from wish(form.execution.weight, given_score(owner.execution_weight), "预算执行率的分值")
        yield from wish(form.execution.score, given_score(owner.execution_score), "预算执行率得分", given=True)


def without_place(form: Form, project: Project, amounts: Amounts, total: Value) -> list[str]:
    """The names of what the record holds and the form has no cell for."""
    homeless = [
        name
        for entry, value, name in (
            (form.amount, total, "项目金额"),
            (form.central, project.central, "中央主管部门"),
            (form.department, project.department, "主管部门"),
            (form.implementer, project.implementer, "实施单位"),
            (form.goal, project.goal, "预期目标"),
            (form.outcome, project.outcome, "实际完成情况"),
        )
        if entry is ABSENT and value not in (None, "")
    ]
    return homeless + money_without_place(form, amounts) + points_without_place(form, project)


def money_without_place(form: Form, amounts: Amounts) -> list[str]:
    """The sources and the columns of funds that the form has no cells for."""
    has_columns = {column: any(getattr(row, column).cell for row in form.funds) for column in _AMOUNTS}
    sources = {row.source for row in form.funds}
    return [source for source in amounts if source not in sources] + [
        name
        for column, name in _AMOUNTS.items()
        if not has_columns[column] and any(given.get(column) is not None for given in amounts.values())
    ]


def points_without_place(form: Form, owner: Project | Whole) -> list[str]:
    """The names of points, scores and reasons that the record gives and the form has no cells for."""
    kinds = (("weight", "分值"), ("score", "得分"), ("reason", "偏差原因"))
    homeless = [
        name
        for field, name in kinds
        if any(getattr(one, field) not in (None, "", SHARED) for one in owner.indicators)
        and not any(getattr(row, field).cell or getattr(row, field).text for row in form.rows)
    ]
    funds = form.execution
    if owner.execution_score is not None and (funds is None or funds.score.cell is None):
        homeless.append("预算执行率得分")
    return homeless


def wish(entry: Entry, value: Value, field: str, *, given: bool = False, money: bool = False) -> Iterator[Wish]:
    if entry.cell is not None and value is not None and value != "":
        yield Wish(entry.cell, value, field, given, money)


def indicator_wishes(row: IndicatorRow, indicator: Indicator) -> Iterator[Wish]:
    """What an indicator's record has for its row."""
    name = indicator.name or row.name.text
    yield from wish(row.name, indicator.name, "三级指标")
    if row.target_parts is None:
        yield from wish(row.target, indicator.target, f"“{name}”的指标值")
    else:
        yield from _target_parts(row, indicator, name)
    yield from wish(row.actual, indicator.actual, f"“{name}”的完成值")
    if indicator.weight != SHARED:
        yield from wish(row.weight, given_score(indicator.weight), f"“{name}”的分值")
        yield from wish(row.score, given_score(indicator.score), f"“{name}”的得分", given=True)
    yield from wish(row.reason, indicator.reason, f"“{name}”的偏差原因")


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
        yield from wish(operator, target.operator or None, f"“{name}”的符号")
        yield from wish(number, digits[: len(digits) - len(unit)] or None, f"“{name}”的指标值")
        yield from wish(measure, unit.strip() or None, f"“{name}”的计量单位")
    else:
        yield from wish(number, indicator.target, f"“{name}”的指标值")


def given_score(value: Value) -> Value:
    """Points as a number; whatever else stands there as it is, for a person to see."""
    if value is None or (isinstance(value, str) and plain(value) in {"", "—", "-", "/"}):
        return None
    number = points(value)
    return float(number) if number is not None else value


R = TypeVar("R", bound="_Row")


class _Row(Protocol):
    """A row of indicators, of a project's form or of a whole body's."""

    @property
    def level1(self) -> str: ...
    @property
    def level2(self) -> str: ...
    @property
    def name(self) -> Entry: ...
    @property
    def target(self) -> Entry: ...
    @property
    def is_placeholder(self) -> bool: ...


def placed(rows: Sequence[R], indicators: Sequence[Indicator], place: Place) -> list[tuple[R, Indicator]]:
    """Each indicator with its row: the one that is certainly its own, otherwise the next free one of its level.

    Those that are ``uncertain`` have none. Raises FormProblem, at ``place``, where the rows are too few.
    """
    free = [row for row in rows if row.is_placeholder or not (row.name.text or row.target.text)]
    found = match(indicators, _named(rows))
    own = [(row, indicator) for indicator, row in found.pairs]
    homeless = []
    for indicator in found.absent:
        row = next((row for row in free if _fits(row, indicator)), None)
        if row is None:
            homeless.append(f"{indicator.level2 or indicator.level1}“{indicator.name}”")
        else:
            free.remove(row)
            own.append((row, indicator))
    if homeless:
        told = f"放不下 {len(homeless)} 个指标（{'、'.join(homeless[:5])}），请先在表格软件里插入指标行"
        raise FormProblem(told, place)
    return own


def uncertain(rows: Sequence[R], indicators: Sequence[Indicator]) -> Iterator[str]:
    """What to ask a person: which rows may be those of an indicator of another name."""
    found = match(indicators, _named(rows))
    for indicator, row in found.perhaps:
        yield (
            f"{row.name.cell} 的“{row.name.text}”可能就是“{names.TARGETS}”里的“{indicator.name}”，没有填；请核对后把名称改成一样"
        )
    for indicator in found.unclear:
        yield f"上名为“{indicator.name}”的有几行，分不清“{names.TARGETS}”里的（{indicator.target}）是哪一行，没有填；请核对"


def _named(rows: Sequence[R]) -> list[R]:
    return [row for row in rows if row.name.text and not row.is_placeholder]


def _fits(row: _Row, indicator: Indicator) -> bool:
    """Whether a free row stands at an indicator's level, as far as both tell theirs."""
    levels = ((row.level1, indicator.level1), (row.level2, indicator.level2))
    return all(
        not printed or not given or labels.same_level(labels.level(printed), labels.level(given))
        for printed, given in levels
    )
