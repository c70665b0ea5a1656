"""The score of a row beside the rule's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from perfeval.arithmetic import Scaled, aligned, rounded
from perfeval.errors import CellError, NotApplicable, PerfEvalError
from perfeval.findings import Level, Said, declare
from perfeval.hints.cells import actual_or_error, points_of, target_or_error, without_words
from perfeval.hints.deadlines import year_of_the_day
from perfeval.hints.hint import Hint
from perfeval.hints.reasons import UNEXPLAINED_LOSS, is_missed, of_loss
from perfeval.hints.values import MISSING_VALUE, excess_of, far_above, misread
from perfeval.periods import Period
from perfeval.quantities import plain
from perfeval.scoring import band_limits, bands, forward_share, in_band, in_days, indicator, meets
from perfeval.targets import Actual, Range, Target, Threshold, Words

if TYPE_CHECKING:
    from perfeval.conventions import Convention

NOT_A_NUMBER = declare(
    "R38",
    Level.ERROR,
    "分值、得分或金额不是数",
    "在这一格只填数",
    "{what}“{text}”不是数",
    of_row=True,
    formerly="R14",
)
_ERROR_VALUE = NOT_A_NUMBER.says("{what}是错误值 {text}，请改正")
_NO_POINTS = MISSING_VALUE.says("{what}空白")
_NO_SCORE = MISSING_VALUE.says("得分空白，测算为 {computed} 分")
_NOT_JUDGED = MISSING_VALUE.says("由人评定，请填得分：{bands}")
REVERSE_AS_FORWARD = declare(
    "R07",
    Level.ERROR,
    "反向指标按正向计分",
    "反向指标（不超过）达到要求应得满分，超出才扣分",
    "反向指标已达标，应得满分 {weight} 分，得分为 {given}",
    of_row=True,
)
WRONG_SCORE = declare(
    "R08",
    Level.ERROR,
    "未达标却满分，或比例分算错",
    "按测算得分改正；酌情扣分要写明依据",
    "测算为 {computed} 分，得分为 {given}",
    of_row=True,
)
_THOUGH_MET = WRONG_SCORE.says("已达到指标值，测算为 {computed} 分，得分为 {given}；酌情扣分要有依据")
_THOUGH_MISSED = WRONG_SCORE.says("未达标却得满分，测算为 {computed} 分")
_THOUGH_LATE = WRONG_SCORE.says("完成时间 {done} 晚于时限 {due}，却得满分；得多少分由人评定")
_LATE_NOT_JUDGED = MISSING_VALUE.says("完成时间 {done} 晚于时限 {due}，由人评定，请填得分：{bands}")
MIXED_CONVENTIONS = declare(
    "R27",
    Level.WARNING,
    "口径或小数位数不一：与所用标准，或在同一文件里",
    "全文统一口径和小数位数",
    "测算为 {computed} 分，得分 {given} {how}，与口径 {convention} 不同",
    of_row=True,
)
OUT_OF_BAND = declare(
    "R21",
    Level.WARNING,
    "定性得分不在档位之内",
    "按完成情况所在档位的分数范围评分",
    "完成值是“{actual}”，{given} 分不在这一档：{bands}",
    of_row=True,
)
INAPPLICABLE_SCORED = declare(
    "R24",
    Level.WARNING,
    "不适用的指标有分值",
    "不适用的分值填 0，分数调整到别的指标",
    "指标不适用，分值却是 {weight}，应为 0",
    of_row=True,
)
_INAPPLICABLE = INAPPLICABLE_SCORED.says("{why}")

_FINE = 6  # decimals of a score before it is rounded to those that are printed


def without_points(what: str, value: Any) -> Said:
    """What to say of a cell (the 得分) that holds no number of points: it is blank, an error value, or no number."""
    text = points_of(value)
    if text is None:
        return _NO_POINTS.of(what=what)
    return (_ERROR_VALUE if isinstance(value, CellError) else NOT_A_NUMBER).of(what=what, text=text)


def of_score(
    target: Any, actual: Any, weight: Scaled, score: Any, reason: Any, kind: str, convention: Convention
) -> Iterator[Hint]:
    """The score, and the reason for it."""
    given = points_of(score)
    if isinstance(given, str):
        yield Hint(*without_points("得分", score), "score", found=given)
        return
    goal, done = target_or_error(target, kind), actual_or_error(actual, convention)
    deviates, note = False, ""
    if not isinstance(goal, PerfEvalError) and not isinstance(done, PerfEvalError):
        excess = excess_of(goal, done, convention)
        explained = excess is not None and not without_words(reason)
        note = year_of_the_day(goal, done, actual, convention)
        scored = list(_scored(goal, done, weight, given, convention, explained))
        # 570 of 572 for 1 point is 1.00: missed, and rightly in full
        deviates = excess is not None or (not scored and is_missed(goal, done, convention))
        yield from (hint._replace(message=hint.message + note) for hint in scored)
        if excess is not None and not explained:
            yield far_above(excess, target, actual)
        yield from misread(goal, done, explained=not without_words(reason))
    if given is not None:
        for hint in of_loss(weight, given, reason, deviates=deviates):
            yield hint._replace(message=hint.message + note) if hint.kind is UNEXPLAINED_LOSS else hint


def _scored(
    target: Target, actual: Actual, weight: Scaled, given: Scaled | None, convention: Convention, explained: bool
) -> Iterator[Hint]:
    """The score beside the rule's. ``explained``: far above the target, and the reason says why."""
    try:
        target, actual = in_days(target, actual)
        outcome = indicator(target, actual, weight, convention)
        met = meets(target, actual, convention.year)
    except NotApplicable as error:
        yield Hint(*_INAPPLICABLE.of(why=error.reason), "target")
        return
    except PerfEvalError:
        return  # told of the values
    if outcome.value is None and met is False and isinstance(target, Period):
        yield from _late(target, actual, weight, given, convention)
        return
    if outcome.value is None:
        yield from _judged(target, actual, weight, given, convention)
        return
    computed: Scaled = outcome.value  # type: ignore[assignment]
    if given is None:
        yield Hint(*_NO_SCORE.of(computed=computed), "score", str(computed))
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
        said = MIXED_CONVENTIONS.of(computed=computed, given=given, how=other, convention=convention.name)
    elif met and isinstance(target, Threshold) and target.upper and _is_forward(target, actual, weight, given):
        said = REVERSE_AS_FORWARD.of(weight=weight, given=given)
    else:
        sentence = _THOUGH_MET if met else _THOUGH_MISSED if claimed == full else WRONG_SCORE
        said = sentence.of(computed=computed, given=given)
    yield Hint(*said, "score", str(computed), str(given))


def _late(
    target: Period, actual: Actual, weight: Scaled, given: Scaled | None, convention: Convention
) -> Iterator[Hint]:
    """Done after the deadline: how many points that gets is a person's, but not all of them."""
    facts = {"done": actual.text, "due": target.text}
    if given is None:
        yield Hint(*_LATE_NOT_JUDGED.of(**facts, bands=bands(weight, convention)), "score")
        return
    full, claimed = aligned(weight, given)
    if claimed == full:
        yield Hint(*_THOUGH_LATE.of(**facts), "score", f"低于 {weight}", str(given))


def _judged(
    target: Target, actual: Actual, weight: Scaled, given: Scaled | None, convention: Convention
) -> Iterator[Hint]:
    """A score that only a person can give: there must be one, within the band that the 完成值 names."""
    if given is None:
        yield Hint(*_NOT_JUDGED.of(bands=bands(weight, convention)), "score")
        return
    achieved = isinstance(target, Words) and isinstance(actual, Words) and plain(target.text) == plain(actual.text)
    word = "达成" if achieved else actual.text
    full, claimed = aligned(weight, given)
    if 0 <= claimed <= full and not in_band(word, given, weight, convention):
        said = OUT_OF_BAND.of(actual=actual.text, given=given, bands=bands(weight, convention))
        lowest = f"{band_limits(weight, convention)[0]}～{weight}" if word == "达成" else ""
        yield Hint(*said, "score", lowest, str(given))


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
