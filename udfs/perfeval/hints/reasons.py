"""The reason that a row gives: for points lost or, where a form has no points, for a target that was missed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from perfeval.arithmetic import Scaled, aligned, subtract
from perfeval.errors import PerfEvalError
from perfeval.findings import Level, declare
from perfeval.hints.cells import actual_or_error, target_or_error, without_words
from perfeval.hints.deadlines import year_of_the_day
from perfeval.hints.hint import Hint
from perfeval.hints.values import excess_of, far_above, misread
from perfeval.quantities import PERCENT, Quantity, plain
from perfeval.scoring import is_achieved, meets
from perfeval.targets import Actual, Inapplicable, Target, Words

if TYPE_CHECKING:
    from perfeval.conventions import Convention

SCORE_OUT_OF_RANGE = declare(
    "R06", Level.ERROR, "得分大于分值，或是负数", "得分应在 0 到分值之间", "得分 {given} 大于分值 {weight}", of_row=True
)
_NEGATIVE = SCORE_OUT_OF_RANGE.says("得分 {given} 是负数")
UNEXPLAINED_LOSS = declare(
    "R09",
    Level.ERROR,
    "扣分未说明偏差原因",
    "在偏差原因（未完成原因）一栏写明原因和改进措施",
    "扣了 {lost} 分，未说明偏差原因",
    of_row=True,
)
_UNEXPLAINED_MISS = UNEXPLAINED_LOSS.says("没有达到指标值，未说明未完成原因")
IDLE_REASON = declare(
    "R10",
    Level.WARNING,
    "满分却填了偏差原因",
    "核对得分，或删去偏差原因",
    "得满分却填写了偏差原因，请核对",
    of_row=True,
)
VAGUE_REASON = declare(
    "R39",
    Level.WARNING,
    "偏差原因空泛",
    "写出为什么没有达到、准备怎么改进",
    "偏差原因“{reason}”没有说出为什么",
    of_row=True,
    formerly="R10",
)
CONTRADICTING_REASON = declare(
    "R40",
    Level.WARNING,
    "扣了分，偏差原因却说没有偏差",
    "核对得分，或改写偏差原因",
    "{matter}，原因却是“{reason}”",
    of_row=True,
    formerly="R10",
)

# Reasons that tell of no deviation, and such that tell nothing.
NO_DEVIATION = tuple(
    "无偏差 无差异 没有偏差 没有差异 未发生偏差 未发生差异 不存在偏差 不存在差异 已 均 全部 按期 按时 按质 完成 达标 达到 达成 "
    "符合 超额 正常 不扣分".split()
)
_NO_DEVIATION = re.compile("|".join(NO_DEVIATION))
_VAGUE = re.compile(
    r"(?:因|由于)?(?:客观|工作|其他|特殊|实际|各种|某种|内部|外部)?(?:的)?(?:原因|情况|因素)(?:导致|所致|造成)?|"
    r"(?:有|存在|出现)?(?:一定|少量)?偏差|未(?:能)?(?:全部)?完成|没有?完成|工作需要|(?:有?待|需)?(?:改进|加强|提高|完善)|其他"
)
_SHORT = 8  # characters of a reason that says no more than its first word


def of_loss(weight: Scaled, given: Scaled, reason: Any, *, deviates: bool = False) -> Iterator[Hint]:
    """What a score is beside its weight: too much, negative, lost without a good reason; a reason without a loss, unless the value
    itself ``deviates`` from its target."""
    full, claimed = aligned(weight, given)
    said = _words(reason)
    if claimed > full:
        yield Hint(*SCORE_OUT_OF_RANGE.of(given=given, weight=weight), "score", f"0～{weight}", str(given))
    elif claimed < 0:
        yield Hint(*_NEGATIVE.of(given=given), "score", f"0～{weight}", str(given))
    elif claimed == full:
        if said and not deviates and not _NO_DEVIATION.match(_bare(said)):
            yield Hint(*IDLE_REASON.of(), "reason", found=said)
    elif not said:
        lost = subtract(weight, given)
        yield Hint(*UNEXPLAINED_LOSS.of(lost=lost), "reason", found=f"得分 {given}")
    else:
        yield from _idle(said, "扣了分")


def of_miss(target: Any, actual: Any, reason: Any, kind: str, convention: Convention) -> Iterator[Hint]:
    """What is to be said of a row without points beyond its values: a miss without a good reason, or much too much."""
    goal, done = target_or_error(target, kind), actual_or_error(actual, convention)
    if isinstance(goal, PerfEvalError) or isinstance(done, PerfEvalError):
        return
    said = _words(reason)
    excess = excess_of(goal, done, convention)
    if excess is not None and not said:
        yield far_above(excess, target, actual)
    yield from misread(goal, done, explained=bool(said))
    if not is_missed(goal, done, convention):
        return
    if said:
        yield from _idle(said, "没有达到指标值")
    else:
        hint = Hint(*_UNEXPLAINED_MISS.of(), "reason", found=str(actual).strip())
        yield hint._replace(message=hint.message + year_of_the_day(goal, done, actual, convention))


def is_missed(target: Target, actual: Actual, convention: Convention) -> bool:
    """Whether a target is certainly missed: a qualitative one by the band that the actual names, or by its share of it."""
    if isinstance(target, Inapplicable):
        return False
    if isinstance(target, Words) and isinstance(actual, Quantity) and actual.unit == PERCENT:
        share, achieved = aligned(actual.number, convention.achieved)
        return share < achieved
    if isinstance(target, Words):
        return plain(target.text) != plain(actual.text) and is_achieved(actual.text) is False
    try:
        return meets(target, actual, convention.year) is False
    except PerfEvalError:
        return False  # told of the values


def _idle(said: str, matter: str) -> Iterator[Hint]:
    """A reason that says nothing, or the contrary."""
    bare = _bare(said)
    if _VAGUE.fullmatch(bare):
        yield Hint(*VAGUE_REASON.of(reason=said), "reason", found=said)
    elif len(bare) <= _SHORT and _NO_DEVIATION.match(bare) and not re.search("未|没|不足|但", bare):
        yield Hint(*CONTRADICTING_REASON.of(matter=matter, reason=said), "reason", found=said)


def _words(reason: Any) -> str:
    return "" if without_words(reason) else str(reason).strip()


def _bare(said: str) -> str:
    return re.sub(r"\s|[。；;,.]$", "", plain(said))
