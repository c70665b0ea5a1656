"""The kernel of 指标得分: a measure against one bound, or against a range.

Every operand is an integer, an int64 array or a Term. Bounds and measure are units at one power of ten; what comes out are
units of ``10**-finest`` of the score's decimals and the weight, UNDECIDED where a person must judge, REFUSED where no rule
exists (a negative target that is missed).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfeval.arithmetic import finest, in_finer, share
from perfeval.scoring.either import choose, greater, lesser
from perfeval.scoring.outcome import REFUSED, UNDECIDED

if TYPE_CHECKING:
    from perfeval.arithmetic import Scaled
    from perfeval.conventions import Convention

SIGNS = "≥>=≤<"  # how an actual must stand to its bound


def units(sign: Any, bound: Any, measured: Any, weight: Scaled, convention: Convention) -> Any:
    """The score against one bound; ``sign`` is one of SIGNS, or a Term of them."""
    upper, exactly, above = (sign == "≤") | (sign == "<"), sign == "=", sign == ">"
    if upper is True:
        return at_most(bound, measured, weight, convention)
    score = at_least(bound, measured, weight, convention)
    if exactly is not False:
        if convention.equal == "judge":
            score = choose(exactly & (measured > bound), UNDECIDED, score)
        score = choose(exactly & (bound == 0), choose(measured <= 0, full(weight, convention), 0), score)
    if above is not False:
        score = choose(above & (bound == 0) & (measured == 0), 0, score)
    return score if upper is False else choose(upper, at_most(bound, measured, weight, convention), score)


def units_of_range(
    low: Any,
    high: Any,
    low_open: Any,
    high_open: Any,
    is_duration: Any,
    measured: Any,
    weight: Scaled,
    convention: Convention,
) -> Any:
    """The score against a range; outside it as against the end that is missed. To take less time than a range says is
    a person's to judge."""
    inside, met = is_inside(low, high, low_open, high_open, measured), full(weight, convention)
    if inside is True:
        return met
    outside: Any = UNDECIDED
    if convention.range != "judge":
        below = at_least(low, measured, weight, convention)
        outside = choose(measured <= low, below, at_most(high, measured, weight, convention))
    return choose(inside, met, choose(is_sooner(low, is_duration, measured), UNDECIDED, outside))


def at_least(bound: Any, measured: Any, weight: Scaled, convention: Convention) -> Any:
    """Full marks from the bound up, in proportion below it; under over=linear less, by what exceeds the threshold."""
    reached = measured >= bound
    met = full(weight, convention)
    if convention.over == "linear":
        one, excess = excess_of(bound, measured, convention)
        reduced = _part(greater(bound * one - excess, 0), greater(bound, 1) * one, weight, convention, met)
        met = choose((bound > 0) & (excess > 0), reduced, met)
    if reached is True:
        return met
    part = _part(greater(measured, 0), greater(bound, 1), weight, convention, met)
    return choose(reached, met, choose(bound <= 0, REFUSED, part))


def at_most(bound: Any, measured: Any, weight: Scaled, convention: Convention) -> Any:
    """A reverse indicator: full within the bound, then linear to twice the bound, or reciprocal."""
    within, met = measured <= bound, full(weight, convention)
    if within is True:
        return met
    if convention.reverse == "reciprocal":
        part = _part(greater(bound, 0), greater(measured, 1), weight, convention, met)
    else:
        part = _part(greater(2 * bound - measured, 0), greater(bound, 1), weight, convention, met)
    return choose(within, met, choose(bound < 0, REFUSED, choose(bound == 0, 0, part)))


def excess_of(bound: Any, measured: Any, convention: Convention) -> tuple[int, Any]:
    """By how much more than tolerated an actual exceeds its bound, and in how many of the bound's units one."""
    tolerated = convention.over_threshold
    one = 10**tolerated.places
    return one, measured * one - bound * (one + tolerated.units)


def is_met(sign: Any, bound: Any, measured: Any) -> Any:
    """Whether the measure stands to its bound as the sign says."""
    upper = choose(sign == "<", measured < bound, measured <= bound)
    lower = choose(sign == ">", measured > bound, choose(sign == "=", measured == bound, measured >= bound))
    return choose((sign == "≤") | (sign == "<"), upper, lower)


def is_inside(low: Any, high: Any, low_open: Any, high_open: Any, measured: Any) -> Any:
    """Whether the measure lies in the range."""
    above = choose(low_open, measured > low, measured >= low)
    return above & choose(high_open, measured < high, measured <= high)


def is_sooner(low: Any, is_duration: Any, measured: Any) -> Any:
    """Whether something took less time than a range says (3-5天, done in 2), which is no fault in itself."""
    return is_duration & (measured < low)


def full(weight: Scaled, convention: Convention) -> Any:
    """All points of the weight."""
    return in_finer(weight.units, weight.places, finest(convention.score, weight))


def largest(bound: int, measured: int, weight: Scaled, convention: Convention) -> int:
    """A bound on every product that the kernels form for bounds and measures up to these."""
    one = 10**convention.over_threshold.places if convention.over == "linear" else 1
    part = (2 * bound + measured) * one + bound * convention.over_threshold.units
    scale = 10 ** finest(convention.score, weight)
    return 2 * part * (weight.units + 1) * scale + 2 * (bound + measured + 1) * one * 10**weight.places


def _part(part: Any, whole: Any, weight: Scaled, convention: Convention, most: Any) -> Any:
    """part / whole of the weight, half-up at the convention's decimals, and no more than all of it."""
    score = share(part, whole, weight, convention.score)
    return lesser(in_finer(score, convention.score, weight.places), most)
