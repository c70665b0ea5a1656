"""What a reviewer says of one indicator row: plain cell values in, hints out. The 复核 of forms says the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from perfeval import findings
from perfeval.arithmetic import Scaled, aligned, rounded
from perfeval.errors import CellError, InvalidValue, NotApplicable, PerfEvalError
from perfeval.findings import Kind
from perfeval.quantities import PERCENT, Quantity, plain, points, quantity
from perfeval.scoring import band_limits, bands, deviation, forward_share, in_band, indicator, meets, percent
from perfeval.targets import NOTHING, Actual, Inapplicable, Range, Target, Threshold, Words, actual_of, target_of

if TYPE_CHECKING:
    from perfeval.conventions import Convention

# An option list pasted as the value (好坏, 是/否) instead of one of its items.
_WHOLE_LISTS = frozenset({"好坏", "好/坏", "是否", "是/否", "是或否", "优良中差", "优良中低差", "优/良/中/差", "有无"})
# What an empty form prints where an answer belongs.
_PROMPT = re.compile(r"\W*(?:请?填[写报列]|请(?:在此|输入|选择)|例如?[:：]|指标\d+\W*$|(?:\.\.|…|×|[xX]{2}))")
# Reasons that tell of no deviation, and such that tell nothing.
_NO_DEVIATION = re.compile(
    r"(?:无|没有|未发生|不存在)(?:偏差|差异)|(?:已|均已?|全部|按[期时质])|完成|达[标到成]|符合|超额|正常|不扣分"
)
_VAGUE = re.compile(
    r"(?:因|由于)?(?:客观|工作|其他|特殊|实际|各种|某种|内部|外部)?(?:的)?(?:原因|情况|因素)(?:导致|所致|造成)?|"
    r"(?:有|存在|出现)?(?:一定|少量)?偏差|未(?:能)?(?:全部)?完成|没有?完成|工作需要|(?:有?待|需)?(?:改进|加强|提高|完善)|其他"
)
_FINE = 6  # decimals of a score before it is rounded to those that are printed


class Hint(NamedTuple):
    """One remark on a row: its kind, the sentence for a person, and the field that it is about.

    ``field`` is "target", "actual", "weight", "score" or "reason"; ``expected`` and ``found`` are what should stand
    there and what does, where that can be told.
    """

    kind: Kind
    message: str
    field: str
    expected: str = ""
    found: str = ""


def row_hints(
    target: Any, actual: Any, weight: Any, score: Any, reason: Any, kind: str, convention: Convention
) -> list[Hint]:
    """Everything to be said of a row; empty if nothing. Cells come as they are: blank, text, number, date, error."""
    return list(_row(target, actual, weight, score, reason, kind, convention))


def value_hints(target: Any, actual: Any, kind: str, convention: Convention) -> list[Hint]:
    """What is to be said of 指标值 and 完成值 alone, as for one of several rows that share a 分值."""
    return list(_values(target, actual, kind, convention))


def is_wordless(reason: Any) -> bool:
    """Whether a cell for a reason gives none: blank, 无, — …"""
    return _blank(reason) or (isinstance(reason, str) and plain(reason) in NOTHING)


def _row(
    target: Any, actual: Any, weight: Any, score: Any, reason: Any, kind: str, convention: Convention
) -> Iterator[Hint]:
    if _blank(target) and _blank(actual) and _blank(score):
        return
    worth = _points(weight)
    if isinstance(worth, str):
        yield Hint(findings.MISSING_VALUE, f"分值“{worth}”不是数", "weight", found=worth)
        return
    if _inapplicable(target):
        if worth is not None and worth.units:
            told = f"指标不适用，分值却是 {worth}，应为 0"
            yield Hint(findings.COUNTED_TWICE, told, "weight", "0", str(worth))
        return
    if worth is None or not worth.units:
        claimed = _points(score)
        if worth is None and isinstance(claimed, Scaled) and claimed.units:
            yield Hint(findings.MISSING_VALUE, f"得 {claimed} 分，分值却空白", "weight")
        return
    yield from _values(target, actual, kind, convention)
    if not _blank(target) and not _blank(actual):
        yield from _filled(target, actual, worth, score, reason, kind, convention)


def _values(target: Any, actual: Any, kind: str, convention: Convention) -> Iterator[Hint]:
    """指标值 and 完成值: blank, left as the form prints them, not understood, not to be compared."""
    for field, name, value in (("target", "指标值", target), ("actual", "完成值", actual)):
        if _blank(value):
            yield Hint(findings.MISSING_VALUE, f"{name}空白，请填{'写' if field == 'target' else '实际完成值'}", field)
            return
        if isinstance(value, str) and _PROMPT.match(value):
            yield Hint(findings.MISSING_VALUE, f"{name}“{value.strip()}”是填表提示，请填写", field, found=value.strip())
            return
    goal, done = _understood(target_of, target, kind), _read_actual(actual, convention)
    if isinstance(goal, PerfEvalError):
        yield Hint(findings.UNLIKE_UNITS, goal.reason, "target", found=str(target))
        return
    if isinstance(done, PerfEvalError):
        yield Hint(findings.NOT_MEASURED, done.reason, "actual", found=str(actual))
        return
    if isinstance(actual, str) and plain(actual) in _WHOLE_LISTS:
        told = f"完成值“{actual}”是选项列表，请只填其中一项"
        yield Hint(findings.NOT_MEASURED, told, "actual", found=actual)
    try:
        meets(goal, done)
    except NotApplicable:
        pass
    except PerfEvalError as error:
        yield Hint(findings.UNLIKE_UNITS, error.reason, "actual", f"与“{target}”同一单位", str(actual))
        return
    yield from _misread(goal, done)


def _filled(
    target: Any, actual: Any, weight: Scaled, score: Any, reason: Any, kind: str, convention: Convention
) -> Iterator[Hint]:
    """The score, and the reason for it."""
    given = _points(score)
    if isinstance(given, str):
        told = f"得分是错误值 {given}，请改正" if isinstance(score, CellError) else f"得分“{given}”不是数"
        yield Hint(findings.MISSING_VALUE, told, "score", found=given)
        return
    goal, done = _understood(target_of, target, kind), _read_actual(actual, convention)
    excess = None
    if not isinstance(goal, PerfEvalError) and not isinstance(done, PerfEvalError):
        excess = _excess(goal, done, convention)
        explained = excess is not None and not is_wordless(reason)
        yield from _scored(goal, done, weight, given, convention, explained)
        if excess is not None and not explained:
            told = f"超过指标值 {percent(excess, 0)}，请说明原因或核对指标值是否偏低"
            yield Hint(findings.FAR_ABOVE_TARGET, told, "actual", str(target), str(actual))
    if given is not None:
        yield from _loss(weight, given, reason, is_far_above=excess is not None)


def _scored(
    target: Target, actual: Actual, weight: Scaled, given: Scaled | None, convention: Convention, explained: bool
) -> Iterator[Hint]:
    """The score beside the rule's. ``explained``: far above the target, and the reason says why."""
    try:
        outcome = indicator(target, actual, weight, convention)
        met = meets(target, actual)
    except NotApplicable as error:
        yield Hint(findings.COUNTED_TWICE, error.reason, "target")
        return
    except PerfEvalError:
        return  # told of the values
    if outcome.value is None:
        yield from _judged(target, actual, weight, given, convention)
        return
    computed: Scaled = outcome.value  # type: ignore[assignment]
    if given is None:
        yield Hint(findings.MISSING_VALUE, f"得分空白，测算为 {computed} 分", "score", str(computed))
        return
    full, claimed, due = aligned(weight, given, computed)
    if claimed == due or claimed > full or claimed < 0:
        return
    if not met and isinstance(target, Range) and claimed < full:
        return  # no rule says how a value outside a range is scored
    if met and explained and claimed < full:
        return  # 财预〔2020〕10号: points taken because the target was set too low
    other = _other_convention(target, actual, weight, given, convention)
    if other:
        kind, told = (
            findings.MIXED_CONVENTIONS,
            f"测算为 {computed} 分，得分 {given} {other}，与口径 {convention.name} 不同",
        )
    elif met and isinstance(target, Threshold) and target.upper and _is_forward(target, actual, weight, given):
        kind, told = findings.REVERSE_AS_FORWARD, f"反向指标已达标，应得满分 {weight} 分，得分为 {given}"
    elif met:
        kind, told = findings.WRONG_SCORE, f"已达到指标值，测算为 {computed} 分，得分为 {given}；酌情扣分要有依据"
    elif claimed == full:
        kind, told = findings.WRONG_SCORE, f"未达标却得满分，测算为 {computed} 分"
    else:
        kind, told = findings.WRONG_SCORE, f"测算为 {computed} 分，得分为 {given}"
    yield Hint(kind, told, "score", str(computed), str(given))


def _judged(
    target: Target, actual: Actual, weight: Scaled, given: Scaled | None, convention: Convention
) -> Iterator[Hint]:
    """A score that only a person can give: there must be one, within the band that the 完成值 names."""
    if given is None:
        yield Hint(findings.MISSING_VALUE, f"由人评定，请填得分：{bands(weight, convention)}", "score")
        return
    achieved = isinstance(target, Words) and isinstance(actual, Words) and plain(target.text) == plain(actual.text)
    word = "达成" if achieved else actual.text
    full, claimed = aligned(weight, given)
    if 0 <= claimed <= full and not in_band(word, given, weight, convention):
        told = f"完成值是“{actual.text}”，{given} 分不在这一档：{bands(weight, convention)}"
        lowest = f"{band_limits(weight, convention)[0]}～{weight}" if word == "达成" else ""
        yield Hint(findings.OUT_OF_BAND, told, "score", lowest, str(given))


def _other_convention(target: Target, actual: Actual, weight: Scaled, given: Scaled, convention: Convention) -> str:
    """How a score came about that is right by another published 口径; "" where it is not."""
    reverse, name = ("linear", "线性") if convention.reverse == "reciprocal" else ("reciprocal", "倒数")
    for variant, words in ((convention, ""), (replace(convention, reverse=reverse), f"按反向指标的{name}公式算得")):
        fine = indicator(target, actual, weight, replace(variant, score=_FINE)).value
        if not isinstance(fine, Scaled):
            continue
        units, printed = aligned(rounded(fine, convention.score), given)
        if words and units == printed:
            return words
        units, printed = aligned(rounded(fine, given.places), given)
        if 0 < given.places < convention.score and units == printed:
            return f"{words + '，' if words else ''}只保留 {given.places} 位小数"
    return ""


def _is_forward(target: Threshold, actual: Actual, weight: Scaled, given: Scaled) -> bool:
    """Whether a score is the actual's share of the target, as if more were better."""
    forward = forward_share(target, actual, weight)
    return forward is not None and len(set(aligned(rounded(forward, given.places), given))) == 1


def _loss(weight: Scaled, given: Scaled, reason: Any, *, is_far_above: bool) -> Iterator[Hint]:
    full, claimed = aligned(weight, given)
    said = "" if is_wordless(reason) else str(reason).strip()
    bare = re.sub(r"\s|[。；;,.]$", "", plain(said))
    if claimed > full:
        yield Hint(findings.SCORE_OUT_OF_RANGE, f"得分 {given} 大于分值 {weight}", "score", f"0～{weight}", str(given))
    elif claimed < 0:
        yield Hint(findings.SCORE_OUT_OF_RANGE, f"得分 {given} 是负数", "score", f"0～{weight}", str(given))
    elif claimed == full:
        if said and not is_far_above and not _NO_DEVIATION.match(bare):
            yield Hint(findings.IDLE_REASON, "得满分却填写了偏差原因，请核对", "reason", found=said)
    elif not said:
        lost = Scaled(*_difference(weight, given))
        yield Hint(findings.UNEXPLAINED_LOSS, f"扣了 {lost} 分，未说明偏差原因", "reason", "偏差原因", f"得分 {given}")
    elif _VAGUE.fullmatch(bare):
        yield Hint(findings.IDLE_REASON, f"偏差原因“{said}”没有说出为什么", "reason", found=said)
    elif len(bare) <= _SHORT and _NO_DEVIATION.match(bare) and not re.search("未|没|不足|但", bare):
        yield Hint(findings.IDLE_REASON, f"扣了分，原因却是“{said}”", "reason", found=said)


_SHORT = 8  # characters of a reason that says no more than its first word


def _excess(target: Target, actual: Actual, convention: Convention) -> Scaled | None:
    """By what share the target is exceeded, where that is more than the convention tolerates."""
    excess = deviation(target, actual) if convention.over != "cap" else None
    if excess is None:
        return None
    over, tolerated = aligned(excess, convention.over_threshold)
    return excess if over >= tolerated else None


def _misread(target: Target, actual: Actual) -> Iterator[Hint]:
    """≥90% read as 290%, ≥8 as 28: a leading 2 that was a comparison sign.

    A percentage far above 100% is unlikely in itself; of counts only those that are equal without the 2 are doubted,
    where one of them has no comparison sign and the other does.
    """
    if not isinstance(target, Threshold) or not isinstance(actual, Quantity):
        return
    for field, value, other in (("target", target.quantity, actual), ("actual", actual, target.quantity)):
        match = re.match(r"2(\d+.*)$", plain(value.text))
        if match is None or (field == "target" and target.operator):
            continue
        try:
            without = quantity(match[1])
        except InvalidValue:
            continue
        large, small, plausible = aligned(value.number, other.number, without.number)
        if value.unit == PERCENT:
            likely = large > 2 * small > 0 and small <= 2 * plausible <= 4 * small and _is_share(without)
        else:
            likely = plausible == small and field == "actual" and bool(target.operator)
        if likely:
            told = f"“{value.text}”可能是“≥{match[1]}”识别错了，请核对"
            yield Hint(findings.SUSPECT_NUMBER, told, field, f"≥{match[1]}", value.text)


def _is_share(value: Quantity) -> bool:
    one, number = aligned(Scaled(1, 0), value.number)
    return number <= one


def _understood(read: Any, value: Any, *more: Any) -> Any:
    """What a cell means, or the error that tells why it means nothing."""
    try:
        return read(_cell(value), *more)
    except PerfEvalError as error:
        return error


def _read_actual(value: Any, convention: Convention) -> Any:
    try:
        return actual_of(_cell(value), bound=convention.inequality == "bound")
    except PerfEvalError as error:
        return error


def _difference(one: Scaled, other: Scaled) -> tuple[int, int]:
    high, low = aligned(one, other)
    return high - low, max(one.places, other.places)


def _points(value: Any) -> Scaled | str | None:
    """The points in a cell; None if blank; the cell's text if it is no number of points."""
    if _blank(value) or (isinstance(value, str) and plain(value) in NOTHING):
        return None
    found = points(value)
    return str(value) if found is None else found


def _cell(value: Any) -> str | float | date:
    if isinstance(value, CellError):
        raise InvalidValue(f"单元格是错误值 {value}，请先改正")
    if isinstance(value, bool):
        raise InvalidValue("单元格是 TRUE 或 FALSE，应填指标值或完成值")
    return value


def _inapplicable(target: Any) -> bool:
    return isinstance(target, str) and not _blank(target) and isinstance(_target_or_none(target), Inapplicable)


def _target_or_none(text: str) -> Target | None:
    try:
        return target_of(text)
    except PerfEvalError:
        return None


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
