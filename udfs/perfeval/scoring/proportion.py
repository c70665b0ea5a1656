"""预算执行率得分, and the other rates: one amount over another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfeval.arithmetic import ZERO, Scaled, aligned, exact, finest, half_up, in_finer, ratio, share, subtract
from perfeval.errors import DivisionByZero, InvalidValue
from perfeval.scoring.either import choose, lesser
from perfeval.scoring.outcome import Outcome, in_points, percent, percent_of, shown

if TYPE_CHECKING:
    from perfeval.conventions import Convention


def rate(part: Scaled, whole: Scaled) -> Outcome:
    """part / whole as a fraction; 0/0 is 0, a negative part counts as 0.

    Raises DivisionByZero (something over nothing), InvalidValue (a negative whole).
    """
    if whole.units < 0:
        raise InvalidValue(f"分母 {shown(whole)} 是负数，请核对")
    if part.units <= 0:
        return Outcome(0.0, lambda: "分子为 0，比率为 0")
    if not whole.units:
        raise DivisionByZero("分母是 0，而分子不是 0，比率无法计算，请核对")
    value = ratio(part, whole)
    return Outcome(value, lambda: f"{shown(part)} ÷ {shown(whole)} = {percent(exact(value))}")


def change(current: Scaled, previous: Scaled) -> Outcome:
    """(current − previous) / previous as a fraction; 0 where both are 0. Raises as ``rate`` does."""
    if previous.units < 0:
        raise InvalidValue(f"上期数 {shown(previous)} 是负数，请核对")
    if not previous.units:
        if not current.units:
            return Outcome(0.0, lambda: "两期都是 0，变动率为 0")
        raise DivisionByZero("上期数是 0，变动率无法计算")
    value = ratio(subtract(current, previous), previous)
    return Outcome(
        value, lambda: f"（{shown(current)} − {shown(previous)}）÷ {shown(previous)} = {percent(exact(value))}"
    )


def execution(budget: Scaled, executed: Scaled, weight: Scaled, convention: Convention) -> Outcome:
    """执行率 × 分值, at most the weight (财预〔2020〕10号; rounding and cap as the convention says).

    Raises DivisionByZero (no budget) and InvalidValue (a negative budget). A negative executed counts as 0.
    """
    if budget.units < 0:
        raise InvalidValue(f"全年预算数 {shown(budget)} 是负数，请核对")
    if executed.units < 0:
        executed = ZERO
    if not budget.units:
        return _without_budget(executed, weight, convention)
    whole, part = aligned(budget, executed)
    points = Scaled(execution_units(part, whole, weight, convention), finest(convention.score, weight))
    return Outcome(points, lambda: _told(budget, executed, weight, convention, points))


def execution_units(part: Any, whole: Any, weight: Scaled, convention: Convention) -> Any:
    """The kernel: amounts ≥ 0 and > 0 at one power of ten, integers or int64 arrays → units of ``10**-finest``.

    Rounding up does not pass the weight; only a rate above 100% does, where it is not capped.
    """
    is_capped = convention.execution_cap == "cap"
    counted = lesser(part, whole) if is_capped else part
    finer = finest(convention.score, weight)
    rounded = share(counted, whole, weight, convention.score, convention.rate_places)
    units = in_finer(rounded, convention.score, finer)
    within = lesser(units, in_finer(weight.units, weight.places, finer))
    return within if is_capped else choose(counted > whole, units, within)


def _without_budget(executed: Scaled, weight: Scaled, convention: Convention) -> Outcome:
    if executed.units or convention.zero_budget == "error":
        raise DivisionByZero("全年预算数是 0，执行率无法计算；请核对预算数，或在口径中选定 zero_budget（满分或 0 分）")
    points = weight if convention.zero_budget == "full" else ZERO
    return Outcome(points, lambda: f"预算数和执行数都是 0，按口径得 {points} 分")


def _told(budget: Scaled, executed: Scaled, weight: Scaled, convention: Convention, points: Scaled) -> str:
    whole, part = aligned(budget, executed)
    text = f"执行率 = {shown(executed)} ÷ {shown(budget)} = {percent_of(part, whole)}"
    if convention.rate_places is not None:
        cut = Scaled(half_up(part * 10**convention.rate_places, whole), convention.rate_places)
        text += f"，先四舍五入为 {cut}"
    text += f"；× {weight} 分 = {in_points(points, weight) if part < whole else f'{points} 分'}"
    if part > whole:
        text += "（超过 100%，按分值封顶）" if convention.execution_cap == "cap" else "（超过 100%，按口径不封顶）"
    return text
