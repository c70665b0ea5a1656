"""The inputs of a leaf: what cells hold → checked numbers, or the leaf, the input and the reason."""

from __future__ import annotations

from typing import Any

from perfeval.arithmetic import Scaled, aligned
from perfeval.errors import CellError, InvalidValue, NotApplicable, PropagatedError
from perfeval.quantities import PERCENT, Quantity, comparable, of_number, plain, quantity
from perfeval.scoring.outcome import percent
from perfeval.standards.rules import ANY_UNIT, POINTS, YES_NO, Input
from perfeval.targets import NOTHING

HIGHEST_RATE = 10  # 1000%: a rate above it comes from 元 beside 万元, or from a forgotten %

YES = frozenset({"是", "有", "符合", "√", "✓", "对", "1"})
NO = frozenset({"否", "无", "没有", "不符合", "不是", "×", "*", "✗", "0"})
_ONE, _NONE = Scaled(1, 0), Scaled(0, 0)


def read(one: Input, value: Any) -> Quantity | None:
    """What a cell holds for an input: a measure, 是/否 as 1/0, a level's points; None if blank.

    Raises PropagatedError, NotApplicable (不适用) or InvalidValue.
    """
    if isinstance(value, CellError):
        raise PropagatedError(value)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if one.unit == YES_NO:
        return _question(value)
    if isinstance(value, bool) or not isinstance(value, str | float | int):
        raise InvalidValue(f"“{value}”不是数，请填数字")
    if not isinstance(value, str):
        return of_number(value)
    text = plain(value)
    for word, points in one.levels:
        if text == word:
            return Quantity(points, POINTS, text)
    if text in NOTHING:
        raise NotApplicable(f"“{text}”：指标不适用，不计分")
    return quantity(value)


def checked(one: Input, given: Quantity) -> Scaled:
    """The number, if the input can have it. Raises InvalidValue: negative, another unit, too large."""
    number = given.number
    if number.units < 0 and not one.may_be_negative:
        raise InvalidValue(f"{given.text} 是负数，请核对")
    if one.unit == YES_NO:
        return number
    if one.unit == PERCENT:
        _check_rate(given)
    elif one.unit == POINTS:
        if given.unit not in {"", POINTS}:
            raise InvalidValue(f"{given.text} 应是分数，不应带“{given.unit}”")
    elif given.unit and one.unit != ANY_UNIT and comparable(Quantity(_ONE, one.unit, one.unit), given):
        raise InvalidValue(f"{given.text} 的单位应是“{one.unit}”")
    if one.most is not None:
        found, most = aligned(number, one.most)
        if found > most:
            shown = percent(one.most) if one.unit == PERCENT else one.most
            raise InvalidValue(f"{given.text} 大于 {shown}，请核对")
    if one.levels and all(len(set(aligned(number, points))) > 1 for _, points in one.levels):
        raise InvalidValue(f"{given.text} 不是规定的一档，可填：" + "、".join(f"{p} 分（{w}）" for w, p in one.levels))
    return number


def check_together(inputs: tuple[Input, ...], given: tuple[Quantity, ...]) -> None:
    """Refuses amounts of one rule that are written in different units (元 beside 万元)."""
    for one, value in zip(inputs[1:], given[1:], strict=True):
        if one.unit == inputs[0].unit != PERCENT and (value.unit or given[0].unit):
            reason = comparable(given[0], value)
            if reason:
                raise InvalidValue(reason)


def _check_rate(given: Quantity) -> None:
    if given.unit not in {"", PERCENT}:
        raise InvalidValue(f"{given.text} 应是百分数")
    if abs(given.number.units) > HIGHEST_RATE * 10**given.number.places:
        if given.unit == PERCENT:
            raise InvalidValue(f"{given.text} 超过 1000%，请核对")
        raise InvalidValue(f"{given.text} 还是 {given.text}%？请写明百分号")
    if given.bare and not given.numeric and given.number.units:
        raise InvalidValue(f"“{given.text}”没有 %：{given.text} 还是 {given.text}%？请写明")


def _question(value: Any) -> Quantity:
    answer = plain(value) if isinstance(value, str) else value
    if answer in YES or (not isinstance(answer, str) and answer == 1):
        return Quantity(_ONE, "", "是")
    if answer in NO or (not isinstance(answer, str) and answer == 0):
        return Quantity(_NONE, "", "否")
    raise InvalidValue(f"“{value}”应是“是”或“否”")
