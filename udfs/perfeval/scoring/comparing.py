"""How an actual lies to its target, whatever the rule that scores it."""

from __future__ import annotations

from perfeval.arithmetic import ZERO, Scaled, aligned, half_up, subtract
from perfeval.quantities import Quantity, comparable
from perfeval.targets import Actual, Range, Target, Threshold

_FINE = 6  # decimals of a proportion before it is cut or rounded again


def deviation(target: Target, actual: Actual) -> Scaled | None:
    """By what share an actual exceeds a lower bound (0.714 for 24 of 14); None where that says nothing."""
    if not isinstance(target, Threshold) or target.upper or not isinstance(actual, Quantity):
        return None
    if comparable(target.quantity, actual) or target.quantity.number.units <= 0:
        return None
    over = subtract(actual.number, target.quantity.number)
    bound, excess = aligned(target.quantity.number, over)
    return Scaled(half_up(excess * 10_000, bound), 4) if excess > 0 else ZERO


def forward_share(target: Target, actual: Actual, weight: Scaled) -> Scaled | None:
    """actual / target × weight, as if more were better; None where that means nothing."""
    bound = target.quantity if isinstance(target, Threshold) else target.low if isinstance(target, Range) else None
    if bound is None or not isinstance(actual, Quantity) or comparable(bound, actual):
        return None
    limit, measured = aligned(bound.number, actual.number)
    if limit <= 0 or measured < 0:
        return None
    return Scaled(measured * weight.units * 10**_FINE // (limit * 10**weight.places), _FINE)
