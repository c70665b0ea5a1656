"""What a rule gives: points, and the sentence that tells how they came about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from perfeval.arithmetic import Scaled, half_up, rounded, subtract

# What a kernel gives instead of units.
UNDECIDED = -1  # a person must judge
REFUSED = -2  # the rule gives no one score; the scalar form says why


class Outcome(NamedTuple):
    """``value``: points (exact), a rate (a fraction), a word or a table; None where only a person can judge.

    ``arithmetic()`` tells the sum in words, made only when asked.
    """

    value: Scaled | float | str | tuple[tuple[Any, ...], ...] | None
    arithmetic: Callable[[], str]


def shown(number: Scaled) -> str:
    """A number for people: 3866689.1 → 3,866,689.1"""
    whole, point, fraction = str(number).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{fraction}"


def in_points(points: Scaled, weight: Scaled) -> str:
    """What a part of a weight came to, for people; where rounding alone made it the whole weight, that is said."""
    cut = "（四舍五入后不超过分值）" if points.units and not subtract(points, weight).units else ""
    return f"{points} 分{cut}"


def percent_of(part: int, whole: int, places: int = 2) -> str:
    """part / whole (≥ 0, > 0) for people, whatever their size: 96.43%"""
    return f"{Scaled(half_up(part * 10 ** (places + 2), whole), places)}%"


def percent(rate: Scaled, places: int = 2) -> str:
    """A rate for people: 0.8693096 → 86.93%"""
    return f"{rounded(Scaled(rate.units * 100, rate.places), places)}%"
