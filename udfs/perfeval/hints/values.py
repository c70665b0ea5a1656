"""指标值 and 完成值 of a row: blank, left as the form prints them, not understood, not to be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from perfeval.arithmetic import Scaled, aligned
from perfeval.errors import InvalidValue, NotApplicable, PerfEvalError
from perfeval.findings import Kind, Level, Said, declare
from perfeval.hints.cells import actual_or_error, is_blank, target_or_error
from perfeval.hints.hint import Hint
from perfeval.misreadings import Misread
from perfeval.quantities import PERCENT, Quantity, plain, quantity
from perfeval.scoring import deviation, meets, percent
from perfeval.targets import Actual, Target, Threshold, TimeAndNumber, Words

if TYPE_CHECKING:
    from perfeval.conventions import Convention

MISSING_VALUE = declare(
    "R14", Level.ERROR, "指标值、完成值、分值、得分或金额空白", "补填这一格", "{what}空白，请填{how}", of_row=True
)
_PROMPT_LEFT = MISSING_VALUE.says("{what}“{text}”是填表提示，请填写")
UNLIKE_UNITS = declare(
    "R12", Level.ERROR, "指标值与完成值单位或类型不一致", "把指标值和完成值写成同一单位", "{why}", of_row=True
)
NOT_MEASURED = declare(
    "R13",
    Level.WARNING,
    "完成值不是测量值：照抄指标值，或填了选项列表",
    "填实际完成的数（带单位），或列表中的一项",
    "{why}",
    of_row=True,
)
_WHOLE_LIST = NOT_MEASURED.says("完成值“{actual}”是选项列表，请只填其中一项")
SUSPECT_NUMBER = declare(
    "R30",
    Level.WARNING,
    "数字像是识别或录入有误",
    "对照原件核对这个数",
    "“{text}”可能是“≥{rest}”识别错了，请核对",
    of_row=True,
)
_SPOILT = SUSPECT_NUMBER.says("{why}")
SEVERAL_IN_ONE = declare(
    "R45",
    Level.WARNING,
    "一格里既有时间又有数，没有核对",
    "由人评定；下一年把时效和数量写成两个指标",
    "{why}",
    of_row=True,
    formerly="R12",
)
FAR_ABOVE_TARGET = declare(
    "R11",
    Level.WARNING,
    "超额较多而未说明，指标值可能偏低",
    "说明超额的原因，或核对指标值是否定得偏低",
    "超过指标值 {excess}，请说明原因或核对指标值是否偏低",
    of_row=True,
)

# An option list pasted as the value (好坏, 是/否) instead of one of its items.
_WHOLE_LISTS = frozenset({"好坏", "好/坏", "是否", "是/否", "是或否", "优良中差", "优良中低差", "优/良/中/差", "有无"})
# What an empty form prints where an answer belongs.
_PROMPT = re.compile(r"\W*(?:请?填[写报列]|请(?:在此|输入|选择)|例如?[:：]|指标\d+\W*$|(?:\.\.|…|×|[xX]{2}))")

_NOT_DONE = re.compile(
    r"(?:本年)?(?:未|没有?)(?:执行|开展|实施|启动|发生|启用|安排|列支)|取消|暂停|停止执行|(?:已)?申请不执行"
)

_BEHIND_A_2 = re.compile(r"2((?:[1-9]|0\.).*)$")


def of_values(target: Any, actual: Any, kind: str, convention: Convention) -> Iterator[Hint]:
    """指标值 and 完成值: blank, left as the form prints them, not understood, not to be compared."""
    for field, name, value in (("target", "指标值", target), ("actual", "完成值", actual)):
        if is_blank(value):
            how = "写" if field == "target" else "实际完成值"
            yield Hint(*MISSING_VALUE.of(what=name, how=how), field)
            return
        if isinstance(value, str) and _PROMPT.match(value):
            text = value.strip()
            yield Hint(*_PROMPT_LEFT.of(what=name, text=text), field, found=text)
            return
    goal, done = target_or_error(target, kind), actual_or_error(actual, convention)
    if isinstance(goal, PerfEvalError):
        yield Hint(*_unread(goal, UNLIKE_UNITS), "target", found=str(target).strip())
        return
    if isinstance(done, PerfEvalError):
        yield Hint(*_unread(done, NOT_MEASURED), "actual", found=str(actual).strip())
        return
    if isinstance(actual, str) and plain(actual) in _WHOLE_LISTS:
        yield Hint(*_WHOLE_LIST.of(actual=actual), "actual", found=actual)
    if isinstance(done, Words) and _NOT_DONE.match(plain(done.text)):
        return  # nothing was done, so there is nothing to measure: a person judges it
    try:
        meets(goal, done, convention.year)
    except NotApplicable:
        pass
    except PerfEvalError as error:
        wanted = f"与“{str(target).strip()}”同一单位"
        yield Hint(*UNLIKE_UNITS.of(why=error.reason), "actual", wanted, str(actual).strip())


def _unread(error: PerfEvalError, otherwise: Kind) -> Said:
    """What is said of a value that cannot be read, for what it is."""
    if isinstance(error, Misread):
        return _SPOILT.of(why=error.reason)
    return (SEVERAL_IN_ONE if isinstance(error, TimeAndNumber) else otherwise).of(why=error.reason)


def excess_of(target: Target, actual: Actual, convention: Convention) -> Scaled | None:
    """By what share the target is exceeded, where that is more than the convention tolerates."""
    excess = deviation(target, actual) if convention.over != "cap" else None
    if excess is None:
        return None
    over, tolerated = aligned(excess, convention.over_threshold)
    return excess if over >= tolerated else None


def far_above(excess: Scaled, target: Any, actual: Any) -> Hint:
    """That a target is exceeded by a share that nobody explains."""
    wanted = f"接近 {str(target).strip()}，或说明原因"
    return Hint(*FAR_ABOVE_TARGET.of(excess=percent(excess, 0)), "actual", wanted, str(actual).strip())


def misread(target: Target, actual: Actual, *, explained: bool) -> Iterator[Hint]:
    """≥90% read as 290%, ≥8 as 28: a leading 2 that was a comparison sign.

    A percentage far above 100% is unlikely in itself; of counts only an actual is doubted that without its 2 equals the
    target, where nobody explains why it is so much more.
    """
    if not isinstance(target, Threshold) or not isinstance(actual, Quantity):
        return
    for field, value, other in (("target", target.quantity, actual), ("actual", actual, target.quantity)):
        match = _BEHIND_A_2.match(plain(value.text))
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
            likely = plausible == small and field == "actual" and bool(target.operator) and not explained
        if likely:
            said = SUSPECT_NUMBER.of(text=value.text, rest=match[1])
            yield Hint(*said, field, f"≥{match[1]}", value.text)


def _is_share(value: Quantity) -> bool:
    one, number = aligned(Scaled(1, 0), value.number)
    return number <= one
