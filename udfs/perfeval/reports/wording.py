"""The words of a report for figures: each is right for the number it stands beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from perfeval.arithmetic import Scaled, aligned, half_up, subtract
from perfeval.reports.facts import Money, Score

_MONEY_PLACES = 2


def number(value: Scaled) -> str:
    """Points or a count: ``96.09``, ``98``."""
    return str(value)


def money(value: Scaled, unit: str) -> str:
    """An amount as the forms print it: ``2,340,000.00元``; 万元 with as many decimals as it has, at least two."""
    places = max(_MONEY_PLACES, len(str(value).partition(".")[2]))
    return f"{Decimal(value.units).scaleb(-value.places):,.{places}f}{unit}"


def percent(part: Scaled, whole: Scaled) -> str:
    """part / whole to two decimals: ``86.93%``. ``whole`` is above 0."""
    above, below = aligned(part, whole)
    units = half_up(abs(above) * 10_000, below)
    return f"{'-' if above < 0 else ''}{units // 100}.{units % 100:02d}%"


def quoted(names: Iterable[str]) -> str:
    """Names in a row: “甲”、“乙”."""
    return "、".join(f"“{name}”" for name in names)


def change(now: Scaled, before: Scaled, unit: str) -> str:
    """How an amount stands to an earlier one: 比…增加3.00元, 减少3.00元, 与…相同."""
    difference = subtract(now, before)
    if not difference.units:
        return "与{}相同"
    word = "增加" if difference.units > 0 else "减少"
    return f"比{{}}{word}{money(_absolute(difference), unit)}"


def execution(spent: Money, unit: str, of: str) -> str | None:
    """What became of the budget of something: rate, and 结余 or 超支; None where a figure is unknown.

    ``of`` (项目支出, 该项目) says whose figures they are, so that they are not read as those of the whole body.
    """
    if spent.budget is None or spent.executed is None or spent.left is None:
        return None
    executed, left = money(spent.executed, unit), money(_absolute(spent.left), unit)
    if spent.budget.units <= 0:
        if not spent.executed.units:
            return f"{of}没有安排预算，也没有支出"
        return f"{of}没有安排预算，全年执行数{executed}，预算执行率无法计算"
    rate = f"{of}预算执行率{percent(spent.executed, spent.budget)}"
    if not spent.executed.units:
        return f"{of}全年没有支出，{rate}，全年预算数{money(spent.budget, unit)}全部结余"
    told = f"{of}全年执行数{executed}，{rate}"
    if not spent.left.units:
        return f"{told}，预算全部执行完毕"
    nearly = "（四舍五入后）" if rate.endswith("100.00%") else ""
    return f"{told}{nearly}，{'结余' if spent.left.units > 0 else '超支'}{left}"


def counted(things: Sequence[tuple[str, int]]) -> str:
    """How many of each: 优7个、良1个; nothing of what there is none."""
    return "、".join(f"{name}{count}个" for name, count in things if count)


def compared(one: Scaled, other: Scaled) -> int:
    """-1, 0 or 1: whether a figure is below, equal to or above another."""
    first, second = aligned(one, other)
    return (first > second) - (first < second)


def loss(score: Score) -> str:
    """What a score lost and why; a blank where no reason is given."""
    measured = "；".join(_measured(score))
    told = f"“{score.name}”{measured}{'，' if measured else ''}{_points(score)}。"
    reason = score.reason.rstrip("。；; ")
    asked = f"“{score.name}”扣分的原因和改进措施"
    return f"{told}偏差原因及改进措施：{reason}。" if reason else f"{told}{blank(asked)}"


def _points(score: Score) -> str:
    given = [number(value) for value in (score.weight, score.score, score.lost) if value is not None]
    return "分值{}分，得{}分，扣{}分".format(*given)


def _measured(score: Score) -> Iterator[str]:
    several = len(score.measures) > 1
    for measure in score.measures:
        name = f"“{measure.name}”" if several else ""
        if measure.target and measure.actual:
            relation = f"，{measure.relation}" if measure.relation else ""
            yield f"{name}年度指标值为{measure.target}，实际完成值为{measure.actual}{relation}"


def blank(what: str) -> str:
    """The mark of what a person has to write."""
    return f"【此处由单位填写：{what}】"


def _absolute(value: Scaled) -> Scaled:
    return Scaled(abs(value.units), value.places)
