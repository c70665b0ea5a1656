"""A body's records in another unit of money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from perfeval.errors import InvalidValue
from perfeval.forms.grid import Value
from perfeval.forms.values import in_unit
from perfeval.records.model import Body, Datum, Funds, Money, Project, Task
from perfeval.standards import detailed_standard


def in_unit_of(body: Body, unit: str) -> Body:
    """The body with every amount in ``unit``; what is no amount stays as it is. Raises UnknownName for its 整体标准."""
    if unit == body.unit:
        return body

    def converted(value: Value) -> Value:
        try:
            number = in_unit(value, body.unit, unit)
        except InvalidValue:
            return value
        return None if number is None else float(number)

    whole = body.whole
    return replace(
        body,
        unit=unit,
        projects=tuple(_project(project, converted) for project in body.projects),
        whole=replace(
            whole,
            funds=_funds(whole.funds, converted),
            tasks=tuple(_task(task, converted) for task in whole.tasks),
            data=tuple(_data(whole.data, whole.standard, converted)),
        ),
    )


def _project(project: Project, converted: Callable[[Value], Value]) -> Project:
    return replace(project, amount=converted(project.amount), funds=_funds(project.funds, converted))


def _funds(funds: tuple[Funds, ...], converted: Callable[[Value], Value]) -> tuple[Funds, ...]:
    return tuple(Funds(one.source, *map(converted, (one.initial, one.budget, one.executed))) for one in funds)


def _task(task: Task, converted: Callable[[Value], Value]) -> Task:
    budget, executed = (
        Money(*map(converted, (money.total, money.fiscal, money.other))) for money in (task.budget, task.executed)
    )
    return replace(task, budget=budget, executed=executed)


def _data(data: tuple[Datum, ...], standard: str, converted: Callable[[Value], Value]) -> list[Datum]:
    """The 基础数据, of which only what the standard asks for in 元 is money."""
    leaves = detailed_standard(standard)[0].leaves if standard else ()
    money = {(owner.code, one.name) for leaf in leaves for owner, one in leaf.entries() if one.unit == "元"}
    return [replace(one, value=converted(one.value)) if (one.code, one.input) in money else one for one in data]
