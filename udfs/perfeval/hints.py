"""What a reviewer says of one indicator row: plain cell values in, hints out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from perfeval.arithmetic import Scaled, aligned
from perfeval.errors import CellError, InvalidValue, NotApplicable, PerfEvalError
from perfeval.quantities import Quantity, plain, quantity
from perfeval.scoring import bands, deviation, indicator, meets, percent
from perfeval.targets import NOTHING, Actual, Inapplicable, Target, Threshold, actual_of, target_of

if TYPE_CHECKING:
    from perfeval.conventions import Convention

# An option list pasted as the value (好坏, 是/否) instead of one of its items.
_WHOLE_LISTS = frozenset({"好坏", "好/坏", "是否", "是/否", "是或否", "优良中差", "优良中低差", "优/良/中/差", "有无"})


class Hint(NamedTuple):
    """One remark: the finding's code (R01–R28 of ``docs/glossary.md``), and the sentence for a person."""

    code: str
    message: str


def row_hints(
    target: Any, actual: Any, weight: Any, score: Any, reason: Any, kind: str, convention: Convention
) -> list[Hint]:
    """Everything to be said of a row; empty if nothing. Cells come as they are: blank, text, number, date, error."""
    return list(_row(target, actual, weight, score, reason, kind, convention))


def _row(
    target: Any, actual: Any, weight: Any, score: Any, reason: Any, kind: str, convention: Convention
) -> Iterator[Hint]:
    if is_blank(target) and is_blank(actual) and is_blank(score):
        return
    worth = points_of(weight)
    if isinstance(worth, str):
        yield Hint("R14", f"分值“{worth}”不是数")
        return
    if _inapplicable(target):
        if worth is not None and worth.units:
            yield Hint("R24", f"指标不适用，分值却是 {worth}，应为 0")
        return
    if worth is None or not worth.units:
        return
    if is_blank(target):
        yield Hint("R14", "指标值空白，请填写")
        return
    if is_blank(actual):
        yield Hint("R14", "完成值空白，请填实际完成值")
        return
    yield from _filled(target, actual, worth, score, reason, kind, convention)


def _filled(
    target: Any, actual: Any, weight: Scaled, score: Any, reason: Any, kind: str, convention: Convention
) -> Iterator[Hint]:
    given = None if isinstance(score, CellError) else points_of(score)
    if isinstance(given, str):
        yield Hint("R14", f"得分“{given}”不是数")
        given = None
    try:
        goal = target_of(_cell(target), kind)
    except PerfEvalError as error:
        yield Hint("R12", error.reason)
        return
    try:
        done = actual_of(_cell(actual), bound=convention.inequality == "bound")
    except PerfEvalError as error:
        yield Hint("R13", error.reason)
        done = None
    if isinstance(actual, str) and plain(actual) in _WHOLE_LISTS:
        yield Hint("R13", f"完成值“{actual}”是选项列表，请只填其中一项")
    if done is not None:
        yield from _scored(goal, done, weight, given, convention)
        yield from _far_above(goal, done, reason, convention)
        yield from _misread(goal, done)
    if given is not None:
        yield from loss(weight, given, reason)


def _scored(
    target: Target, actual: Actual, weight: Scaled, given: Scaled | None, convention: Convention
) -> Iterator[Hint]:
    try:
        outcome = indicator(target, actual, weight, convention)
        met = meets(target, actual)
    except NotApplicable as error:
        yield Hint("R24", error.reason)
        return
    except PerfEvalError as error:
        yield Hint("R12", error.reason)
        return
    if outcome.value is None:
        if given is None:
            yield Hint("R14", f"由人评定，请填得分：{bands(weight, convention)}")
        return
    computed: Scaled = outcome.value  # type: ignore[assignment]
    if given is None:
        yield Hint("R14", f"得分空白，测算为 {computed} 分")
        return
    full, claimed, due = aligned(weight, given, computed)
    if claimed == due or claimed > full or claimed < 0:
        return
    if met and isinstance(target, Threshold) and target.upper:
        yield Hint("R07", f"反向指标已达标，应得满分 {weight} 分，得分为 {given}")
    elif met:
        yield Hint("R08", f"已达到指标值，测算为 {computed} 分，得分为 {given}；酌情扣分要有依据")
    elif claimed == full:
        yield Hint("R08", f"未达标却得满分，测算为 {computed} 分")
    else:
        yield Hint("R08", f"测算为 {computed} 分，得分为 {given}")


def loss(weight: Scaled, given: Scaled, reason: Any) -> Iterator[Hint]:
    """What a score is beside its weight: too much, negative, a loss without a reason, a reason without a loss."""
    full, claimed = aligned(weight, given)
    if claimed > full:
        yield Hint("R06", f"得分 {given} 大于分值 {weight}")
    elif claimed < 0:
        yield Hint("R06", f"得分 {given} 是负数")
    elif claimed < full and without_words(reason):
        yield Hint("R09", f"扣了 {Scaled(*_difference(weight, given))} 分，未说明偏差原因")
    elif claimed == full and not without_words(reason):
        yield Hint("R10", "得满分却填写了偏差原因，请核对")


def _far_above(target: Target, actual: Actual, reason: Any, convention: Convention) -> Iterator[Hint]:
    excess = deviation(target, actual) if convention.over != "cap" else None
    if excess is None or not without_words(reason):
        return
    over, tolerated = aligned(excess, convention.over_threshold)
    if over >= tolerated:
        yield Hint("R11", f"超过指标值 {percent(excess, 0)}，请说明原因或核对指标值是否偏低")


def _misread(target: Target, actual: Actual) -> Iterator[Hint]:
    """≥90% read as 290%, ≥8 as 28: a leading 2 that was a comparison sign."""
    if not isinstance(target, Threshold) or not isinstance(actual, Quantity):
        return
    for value, other in ((target.quantity, actual), (actual, target.quantity)):
        match = re.match(r"2(\d+.*)$", plain(value.text))
        if match is None or (value is target.quantity and target.operator):
            continue
        try:
            without = quantity(match[1])
        except InvalidValue:
            continue
        large, small, plausible = aligned(value.number, other.number, without.number)
        if large > 2 * small > 0 and small <= 2 * plausible <= 4 * small:
            yield Hint("R12", f"“{value.text}”可能是“≥{match[1]}”识别错了，请核对")


def _difference(one: Scaled, other: Scaled) -> tuple[int, int]:
    high, low = aligned(one, other)
    return high - low, max(one.places, other.places)


def points_of(value: Any) -> Scaled | str | None:
    """The points in a cell; None if blank; the cell's text if it is no number of points."""
    if is_blank(value) or (isinstance(value, str) and plain(value) in NOTHING):
        return None
    try:
        read = quantity(value) if isinstance(value, str) else quantity(repr(value))
    except InvalidValue:
        return str(value)
    return read.number if read.unit in {"", "分"} else str(value)


def _cell(value: Any) -> str | float | date:
    if isinstance(value, CellError):
        raise InvalidValue(f"单元格是错误值 {value}，请先改正")
    if isinstance(value, bool):
        raise InvalidValue("单元格是 TRUE 或 FALSE，应填指标值或完成值")
    return value


def _inapplicable(target: Any) -> bool:
    return isinstance(target, str) and not is_blank(target) and isinstance(_target_or_none(target), Inapplicable)


def _target_or_none(text: str) -> Target | None:
    try:
        return target_of(text)
    except PerfEvalError:
        return None


def is_blank(value: Any) -> bool:
    """An empty cell, or nothing but blanks."""
    return value is None or (isinstance(value, str) and not value.strip())


def without_words(reason: Any) -> bool:
    """Whether a 偏差原因 says nothing: blank, or a dash."""
    return is_blank(reason) or (isinstance(reason, str) and plain(reason) in NOTHING)
