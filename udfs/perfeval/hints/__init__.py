"""What a reviewer says of one indicator row: plain cell values in, hints out. The 复核 of forms says the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from perfeval.arithmetic import Scaled
from perfeval.hints.cells import is_blank, is_inapplicable, points_of, without_words
from perfeval.hints.hint import Hint
from perfeval.hints.printed import of_printed_rule
from perfeval.hints.reasons import (
    CONTRADICTING_REASON,
    IDLE_REASON,
    SCORE_OUT_OF_RANGE,
    UNEXPLAINED_LOSS,
    VAGUE_REASON,
    of_loss,
    of_miss,
)
from perfeval.hints.scores import (
    INAPPLICABLE_SCORED,
    MIXED_CONVENTIONS,
    NOT_A_NUMBER,
    REVERSE_AS_FORWARD,
    WRONG_SCORE,
    of_score,
    without_points,
)
from perfeval.hints.values import FAR_ABOVE_TARGET, MISSING_VALUE, NOT_MEASURED, UNLIKE_UNITS, of_values

if TYPE_CHECKING:
    from perfeval.conventions import Convention

__all__ = [
    "CONTRADICTING_REASON",
    "FAR_ABOVE_TARGET",
    "IDLE_REASON",
    "MISSING_VALUE",
    "MIXED_CONVENTIONS",
    "NOT_A_NUMBER",
    "NOT_MEASURED",
    "REVERSE_AS_FORWARD",
    "SCORE_OUT_OF_RANGE",
    "UNEXPLAINED_LOSS",
    "UNLIKE_UNITS",
    "VAGUE_REASON",
    "WRONG_SCORE",
    "Hint",
    "is_blank",
    "of_loss",
    "of_printed_rule",
    "points_of",
    "row_hints",
    "value_hints",
    "without_points",
    "without_words",
]

_NO_WEIGHT = MISSING_VALUE.says("得 {given} 分，分值却空白")


def row_hints(
    target: Any, actual: Any, weight: Any, score: Any, reason: Any, kind: str, convention: Convention, rule: Any = None
) -> list[Hint]:
    """Everything to be said of a row; empty if nothing. Cells come as they are: blank, text, number, date, error.

    A row without 分值 and 得分, as on forms that print none, is held to its values and its reason. One that prints a
    ``rule`` of its own (评分标准) is scored by that.
    """
    return list(_row(target, actual, weight, score, reason, kind, convention, rule))


def value_hints(target: Any, actual: Any, kind: str, convention: Convention) -> list[Hint]:
    """What is to be said of 指标值 and 完成值 alone, as for one of several rows that share a 分值."""
    return list(of_values(target, actual, kind, convention))


def _row(
    target: Any, actual: Any, weight: Any, score: Any, reason: Any, kind: str, convention: Convention, rule: Any
) -> Iterator[Hint]:
    if is_blank(target) and is_blank(actual) and is_blank(score):
        return
    worth = points_of(weight)
    if isinstance(worth, str):
        yield Hint(*without_points("分值", weight), "weight", found=worth)
        return
    if is_inapplicable(target):
        if worth is not None and worth.units:
            yield Hint(*INAPPLICABLE_SCORED.of(weight=worth), "weight", "0", str(worth))
        return
    claimed = points_of(score)
    if worth is None and isinstance(claimed, Scaled) and claimed.units:
        yield Hint(*_NO_WEIGHT.of(given=claimed), "weight")
        return
    if worth is not None and not worth.units:
        return
    yield from of_values(target, actual, kind, convention)
    if is_blank(target) or is_blank(actual):
        return
    if worth is None:
        yield from of_miss(target, actual, reason, kind, convention)
    elif not is_blank(rule):
        yield from of_printed_rule(rule, "", target, actual, worth, score, kind, convention)
        if isinstance(claimed, Scaled):
            yield from of_loss(worth, claimed, reason)
    else:
        yield from of_score(target, actual, worth, score, reason, kind, convention)
