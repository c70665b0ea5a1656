"""指标得分: an actual against its target, worth a weight.

Met: full marks. Not met: in proportion (财预〔2020〕10号); an upper bound as the convention's 反向指标 says. What no
rule decides (qualitative targets, a missed deadline) is a person's: the outcome has no points.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from perfeval.arithmetic import Scaled, aligned, finest, lesser, quotient, rounded, times
from perfeval.errors import DivisionByZero, InvalidValue, NotApplicable
from perfeval.periods import Period
from perfeval.quantities import Quantity, comparable
from perfeval.scoring import bounds
from perfeval.scoring.outcome import REFUSED, UNDECIDED, Outcome, in_points, percent, percent_of
from perfeval.targets import Actual, Inapplicable, Range, Target, Threshold, Words

if TYPE_CHECKING:
    from perfeval.conventions import Convention


_FIRST_DAY, _LAST_DAY = 1990_01_01, 2099_12_31  # days written as numbers
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050  # 2000-1-1 and 2099-12-31
DURATIONS = frozenset("秒 分钟 小时 天 日 工作日 个工作日 周 月 个月 年".split())


def indicator(target: Target, actual: Actual, weight: Scaled, convention: Convention) -> Outcome:
    """The score of one indicator row.

    Raises NotApplicable (不适用), InvalidValue (the two cannot be compared, or no rule exists for negative targets).
    """
    target, actual = in_days(target, actual)
    if isinstance(target, Threshold) and isinstance(actual, Quantity):
        return _against_bound(target, actual, weight, convention)
    if isinstance(target, Inapplicable):
        raise NotApplicable("指标不适用，不计分")
    if isinstance(target, Words):
        return _judgement(f"定性指标“{target.text}”", weight, convention)
    if isinstance(target, Period):
        return _in_time(target, actual, weight, convention)
    if not isinstance(actual, Quantity):
        raise InvalidValue(_not_a_measurement(actual))
    if isinstance(target, Range):
        return _against_range(target, actual, weight, convention)
    return _against_bound(target, actual, weight, convention)


def meets(target: Target, actual: Actual, year: int | None = None) -> bool | None:
    """Whether the actual meets the target; None where only a person can tell. Raises as ``indicator`` does.

    ``year`` is the form's: that of a deadline, or of a date of completion, which names none.
    """
    target, actual = in_days(target, actual)
    if isinstance(target, Inapplicable):
        raise NotApplicable("指标不适用")
    if isinstance(target, Words):
        return None
    if isinstance(target, Period):
        return _kept(target, actual, year)
    if not isinstance(actual, Quantity):
        raise InvalidValue(_not_a_measurement(actual))
    if isinstance(target, Range):
        return None if _is_sooner(target, actual) else _inside(target, actual)
    return bounds.is_met(sign_of(target), *_pair(target.quantity, actual))


def completion(target: Target, actual: Actual) -> Outcome:
    """完成率 = 完成值 / 指标值, as a fraction; for a range against the end it misses, 1 inside; None for judgement.

    Raises DivisionByZero for a target of 0 and otherwise as ``indicator`` does.
    """
    target, actual = in_days(target, actual)
    if isinstance(target, Words | Period | Inapplicable):
        met = meets(target, actual)
        return Outcome(1.0 if met else None, lambda: "在时限之内" if met else f"“{target.text}”没有可算的完成率")
    if not isinstance(actual, Quantity):
        raise InvalidValue(_not_a_measurement(actual))
    if isinstance(target, Range):
        if _inside(target, actual):
            return Outcome(1.0, lambda: f"完成值 {actual.text} 在 {target.text} 之内")
        low, measured = _pair(target.low, actual)
        bound = target.low if measured <= low else target.high
    else:
        bound = target.quantity
    limit, measured = _pair(bound, actual)
    if not limit:
        raise DivisionByZero("指标值是 0，完成率无法计算")
    return Outcome(
        quotient(measured, limit), lambda: f"完成率 = {actual.text} ÷ {bound.text} = {percent_of(measured, limit)}"
    )


def _against_bound(target: Threshold, actual: Quantity, weight: Scaled, convention: Convention) -> Outcome:
    bound, measured = _pair(target.quantity, actual)
    limit, sign = target.quantity, sign_of(target)
    units = bounds.units(sign, bound, measured, weight, convention)
    if units == UNDECIDED:
        return _judgement(f"完成值 {actual.text} 超过“={limit.text}”", weight, convention)
    points = _points(units, limit, weight, convention, reverse=target.upper)

    def told() -> str:
        if sign == "=" and not bound:
            return f"指标值为 0，完成值 {actual.text}，得 {points} 分"
        if sign == ">" and measured == bound == 0:
            return f"完成值 {actual.text} 没有大于 {limit.text}，得 0 分"
        tell = _told_at_most if target.upper else _told_at_least
        return tell(bound, measured, limit, actual, points, weight, convention)

    return Outcome(points, told)


def _against_range(target: Range, actual: Quantity, weight: Scaled, convention: Convention) -> Outcome:
    low, high, measured = _ends(target, actual)
    is_duration = target.low.unit in DURATIONS
    units = bounds.units_of_range(
        low, high, target.low_open, target.high_open, is_duration, measured, weight, convention
    )
    if units == UNDECIDED:
        sooner = bounds.is_sooner(low, is_duration, measured)
        subject = (
            f"用时 {actual.text} 比 {target.text} 短，" if sooner else f"完成值 {actual.text} 在 {target.text} 之外"
        )
        return _judgement(subject, weight, convention)
    below = measured <= low
    bound, limit, tell = (low, target.low, _told_at_least) if below else (high, target.high, _told_at_most)
    points = _points(units, limit, weight, convention, reverse=not below)

    def told() -> str:
        if _inside(target, actual):
            return f"完成值 {actual.text} 在 {target.text} 之内，得满分 {weight} 分"
        text = tell(bound, measured, limit, actual, points, weight, convention)
        return f"{text}（区间之外如何计分，规则未定）"

    return Outcome(points, told)


def _points(units: int, limit: Quantity, weight: Scaled, convention: Convention, *, reverse: bool) -> Scaled:
    """The points of the kernel's units. Raises InvalidValue where no rule exists."""
    if units == REFUSED:
        missed = "被超过" if reverse else "未完成"
        raise InvalidValue(f"指标值 {limit.text} 是负数而{missed}，没有按比例计分的规则，请由人评定")
    return Scaled(units, finest(convention.score, weight))


def _told_at_least(
    bound: int, measured: int, limit: Quantity, actual: Quantity, points: Scaled, weight: Scaled, convention: Convention
) -> str:
    if measured < bound:
        share = percent_of(max(measured, 0), bound)
        return f"{actual.text} ÷ {limit.text} = {share}，× {weight} 分 = {in_points(points, weight)}"
    one, excess = bounds.excess_of(bound, measured, convention)
    if convention.over == "linear" and bound > 0 and excess > 0:
        return (
            f"{actual.text} 超过 {limit.text} 的 {percent(convention.over_threshold)} 以上，"
            f"按超出部分 {percent_of(excess, bound * one)} 调减，得 {points} 分"
        )
    return f"完成值 {actual.text} 达到指标值 {limit.text}，得满分 {weight} 分"


def _told_at_most(
    bound: int, measured: int, limit: Quantity, actual: Quantity, points: Scaled, weight: Scaled, convention: Convention
) -> str:
    if measured <= bound:
        return f"反向指标，完成值 {actual.text} 未超过 {limit.text}，得满分 {weight} 分"
    if not bound:
        return f"反向指标，指标值为 0，完成值 {actual.text}，得 0 分"
    if convention.reverse == "reciprocal":
        share = percent_of(bound, measured)
        return f"反向指标（倒数）：{limit.text} ÷ {actual.text} = {share}，× {weight} 分 = {in_points(points, weight)}"
    over = percent_of(measured - bound, bound)
    return f"反向指标（线性）：1 − 超出幅度 {over}（最低 0），× {weight} 分 = {in_points(points, weight)}"


def sign_of(target: Threshold) -> str:
    """How an actual must stand to the bound: what the target says, or what follows from the indicator's kind."""
    return target.operator or ("≤" if target.upper else "≥")


def _inside(target: Range, actual: Quantity) -> bool:
    low, high, measured = _ends(target, actual)
    return bounds.is_inside(low, high, target.low_open, target.high_open, measured)


def _is_sooner(target: Range, actual: Quantity) -> bool:
    low, measured = _pair(target.low, actual)
    return bounds.is_sooner(low, target.low.unit in DURATIONS, measured)


def _ends(target: Range, actual: Quantity) -> tuple[int, int, int]:
    """Both ends and the actual at one power of ten. Raises InvalidValue."""
    for end in (target.low, target.high):
        if reason := comparable(end, actual):
            raise InvalidValue(reason)
    return aligned(target.low.number, target.high.number, actual.number)  # type: ignore[return-value]


def in_days(target: Target, actual: Actual) -> tuple[Target, Actual]:
    """The pair, with days that are written as bare numbers (20250630) as days, where both are days.

    Raises InvalidValue for numbers that may be days, or the names of quarters, and may be something else.
    """
    if not isinstance(actual, Quantity):
        day = _in_digits(target.quantity) if isinstance(actual, Period) and isinstance(target, Threshold) else None
        return (day or target), actual
    if isinstance(target, Period):
        if actual.numeric and _is_serial(actual):
            raise InvalidValue(
                f"完成值 {actual.text} 像是日期的序列号，请把单元格设为日期格式，或写成 2025-6-30 这样的日期"
            )
        return target, _in_digits(actual) or actual
    if isinstance(target, Threshold) and not target.operator:
        due, done = _in_digits(target.quantity), _in_digits(actual)
        if due is not None and done is not None:
            return due, done
        if _names_a_quarter(target.quantity) and _names_a_quarter(actual) and target.quantity.text != actual.text:
            raise InvalidValue(
                f"“{target.text}”和“{actual.text}”是第几季度还是几个季度，看不出来，请写成“第1季度”或“1个季度”"
            )
    return target, actual


def _in_digits(value: Quantity) -> Period | None:
    """The day that a bare number of eight digits is: 20250630."""
    if not value.bare or value.number.places or not _FIRST_DAY <= value.number.units <= _LAST_DAY:
        return None
    year, rest = divmod(value.number.units, 10_000)
    try:
        return Period(None, date(year, *divmod(rest, 100)), True, value.text)
    except ValueError:
        return None


def _is_serial(value: Quantity) -> bool:
    """Whether a number is a day of this century as worksheets count days."""
    whole, one = aligned(value.number, Scaled(1, 0))
    return value.bare and _FIRST_SERIAL * one <= whole <= _LAST_SERIAL * one


def _names_a_quarter(value: Quantity) -> bool:
    return value.unit == "季度" and value.text[:-2] in {"1", "2", "3", "4"}


def _in_time(target: Period, actual: Actual, weight: Scaled, convention: Convention) -> Outcome:
    kept = _kept(target, actual, convention.year)
    if kept:
        return Outcome(weight, lambda: f"在 {target.text} 的时限之内完成，得满分 {weight} 分")
    late = "，晚于时限，" if kept is False else ""
    return _judgement(f"时限“{target.text}”与完成值“{actual.text}”{late}", weight, convention)


def _kept(target: Period, actual: Actual, year: int | None) -> bool | None:
    """Whether a deadline was kept; None where no year is known, or the days do not tell."""
    if not isinstance(actual, Period):
        return None
    due, done = (one if one.year or not year else one.in_year(year) for one in (target, actual))
    return due.kept_by(done) if due.year == done.year else None


def _judgement(subject: str, weight: Scaled, convention: Convention) -> Outcome:
    return Outcome(None, lambda: f"{subject}由人评定：{bands(weight, convention)}")


def bands(weight: Scaled, convention: Convention) -> str:
    """The three bands of a qualitative score in points, for people."""
    achieved, partial = band_limits(weight, convention)
    return f"达成 {achieved}～{weight} 分，部分达成 {partial}～{achieved} 分（不含上限），未达成低于 {partial} 分"


def band_limits(weight: Scaled, convention: Convention) -> tuple[Scaled, Scaled]:
    """The lowest score of 达成 and of 部分达成."""
    return tuple(
        lesser(rounded(times(weight, part), convention.score), weight)
        for part in (convention.achieved, convention.partial)
    )  # type: ignore[return-value]


_BAND_WORDS = ("部分达成", "未达成", "达成")  # longest first: 部分达成 contains 达成


def in_band(actual: str, score: Scaled | None, weight: Scaled | None, convention: Convention) -> bool:
    """Whether a qualitative score lies in the band that the actual names; True where it names none."""
    named = _band(actual)
    if named is None or score is None or weight is None:
        return True
    achieved, partial = band_limits(weight, convention)
    given, high, low = aligned(score, achieved, partial)
    return {"达成": given >= high, "部分达成": low <= given < high, "未达成": given < low}[named]


def is_achieved(actual: str) -> bool | None:
    """Whether the band that a qualitative actual names is 达成; None where it names none."""
    named = _band(actual)
    return None if named is None else named == "达成"


def _band(actual: str) -> str | None:
    return next((word for word in _BAND_WORDS if word in actual), None)


def _pair(bound: Quantity, actual: Quantity) -> tuple[int, int]:
    reason = comparable(bound, actual)
    if reason:
        raise InvalidValue(reason)
    limit, measured = bound.number, actual.number
    if limit.places == measured.places:
        return limit.units, measured.units
    return aligned(limit, measured)  # type: ignore[return-value]


def _not_a_measurement(actual: Actual) -> str:
    if isinstance(actual, Inapplicable):
        return f"指标值是数量，完成值却是“{actual.text}”，请填实际完成的数"
    return f"完成值“{actual.text}”不是测量值，请填实际完成的数（带单位）"
