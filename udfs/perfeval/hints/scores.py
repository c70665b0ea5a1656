"""The score of a row beside the rule's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from perfeval import findings
from perfeval.arithmetic import Scaled, aligned, rounded
from perfeval.errors import CellError, NotApplicable, PerfEvalError
from perfeval.findings import Kind
from perfeval.hints.cells import actual_or_error, points_of, target_or_error, without_words
from perfeval.hints.hint import Hint
from perfeval.hints.reasons import of_loss
from perfeval.hints.values import excess_of, far_above, misread
from perfeval.quantities import plain
from perfeval.scoring import band_limits, bands, forward_share, in_band, indicator, meets
from perfeval.targets import Actual, Range, Target, Threshold, Words

if TYPE_CHECKING:
    from perfeval.conventions import Convention

_FINE = 6  # decimals of a score before it is rounded to those that are printed


def without_points(value: Any) -> tuple[Kind, str]:
    """The kind of fault of a cell that holds no number of points, and what to say of it."""
    text = points_of(value)
    if text is None:
        return findings.MISSING_VALUE, "空白"
    return findings.NOT_A_NUMBER, f"是错误值 {text}，请改正" if isinstance(value, CellError) else f"“{text}”不是数"


def of_score(
    target: Any, actual: Any, weight: Scaled, score: Any, reason: Any, kind: str, convention: Convention
) -> Iterator[Hint]:
    """The score, and the reason for it."""
    given = points_of(score)
    if isinstance(given, str):
        kind_of_fault, fault = without_points(score)
        yield Hint(kind_of_fault, f"得分{fault}", "score", found=given)
        return
    goal, done = target_or_error(target, kind), actual_or_error(actual, convention)
    excess = None
    if not isinstance(goal, PerfEvalError) and not isinstance(done, PerfEvalError):
        excess = excess_of(goal, done, convention)
        explained = excess is not None and not without_words(reason)
        yield from _scored(goal, done, weight, given, convention, explained)
        if excess is not None and not explained:
            yield far_above(excess, target, actual)
        yield from misread(goal, done, explained)
    if given is not None:
        yield from of_loss(weight, given, reason, is_far_above=excess is not None)


def _scored(
    target: Target, actual: Actual, weight: Scaled, given: Scaled | None, convention: Convention, explained: bool
) -> Iterator[Hint]:
    """The score beside the rule's. ``explained``: far above the target, and the reason says why."""
    try:
        outcome = indicator(target, actual, weight, convention)
        met = meets(target, actual)
    except NotApplicable as error:
        yield Hint(findings.INAPPLICABLE_SCORED, error.reason, "target")
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
