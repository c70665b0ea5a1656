"""Rules over a rate n/d: in proportion, by tiers, by steps of deduction.

Each kernel takes integers or int64 arrays (d > 0) and gives units of ``10**-places``; UNDECIDED where a person must
judge. Limits are compared by cross-multiplication, steps counted by integer division: no float decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfeval.arithmetic import Scaled, aligned, half_up
from perfeval.scoring.either import choose, greater, lesser
from perfeval.scoring.outcome import percent
from perfeval.standards.rules import Proportion, Rated, Steps, Tiers

if TYPE_CHECKING:
    from perfeval.conventions import DetailedConvention

UNDECIDED = -1

_ABOVE = {"cap": "超过 100% 得满分", "zero": "超过 100% 得 0 分", "refuse": "不会超过 100%"}
_SIDES = {"above": ("不超过", "每超过"), "below": ("不低于", "每低于"), "both": ("等于", "每相差")}
_STEPS = {"floor": "不满一档不扣", "ceil": "不足一档按一档扣", "linear": "不足一档按比例扣"}


def in_units(points: Scaled, places: int) -> int:
    """Points as units of ``10**-places``."""
    return half_up(points.units * 10**places, 10**points.places)


def units(rule: Rated, n: Any, d: Any, weight: Scaled, convention: DetailedConvention) -> Any:
    """The score of the rate n/d; rounding may pass the weight."""
    if isinstance(rule, Proportion):
        return _proportion(rule, n, d, weight, convention.score)
    if isinstance(rule, Tiers):
        return _tiers(rule, n, d, convention.score)
    return _steps(rule, n, d, weight, convention)


def largest(rule: Rated, n: int, d: int, weight: Scaled, convention: DetailedConvention) -> int:
    """A bound on every product that ``units`` forms for numerators up to n and denominators up to d."""
    scale = 10**convention.score
    if isinstance(rule, Proportion):
        return 2 * n * weight.units * scale + 2 * d * 10**weight.places
    if isinstance(rule, Tiers):
        return max(max(n * 10**tier.limit.places, d * tier.limit.units) for tier in rule.tiers)
    bound, each, over = _step(rule, convention)
    off = (n * over + d * bound) * (over if _relative(rule, convention) else 1)
    full, takes, cut = _points(rule, weight)
    worth = max(full * d * each, takes * off) if convention.steps == "linear" else full + takes * off
    return off + d * each + 2 * worth * scale + 2 * d * each * cut


def zeroed(rule: Rated, n: Any, d: Any) -> Any:
    """Where the rule says “得0分” of a rate above 100%."""
    return n > d if isinstance(rule, Proportion) and rule.above == "zero" else False


def text(rule: Rated, rate: str, weight: Scaled, convention: DetailedConvention) -> str:
    """The rule in Chinese, from its parameters. ``rate`` is the rate in words."""
    if isinstance(rule, Proportion):
        return f"得分 = {rate} × {weight} 分，{_ABOVE[rule.above]}"
    if isinstance(rule, Tiers):
        tiers = [f"{tier.sign} {percent(tier.limit)} {_worth(tier.points)}" for tier in rule.tiers]
        return f"{rate}：{'；'.join(tiers)}；其余{_worth(rule.otherwise)}{_zeros(rule, convention)}"
    full, off = _SIDES[rule.side]
    each = f"{Scaled(rule.each.units * 100, rule.each.places)}{' 个百分点' if rule.in_points else '% '}"
    limit = percent(rule.bound)
    relative = "（标准值的百分比）" if _relative(rule, convention) else ""
    return (
        f"{rate}：{full} {limit} 得 {weight} 分；{off} {each}{relative}扣 {rule.takes} 分，"
        f"{_STEPS[convention.steps]}，扣完为止{_zeros(rule, convention)}"
    )


def options(rule: Rated) -> tuple[str, ...]:
    """The keys of the 口径 that decide."""
    if isinstance(rule, Proportion):
        return ("zero_scope",) if rule.above == "zero" else ()
    zeros = ("three_public",) if rule.both_zero == "three_public" else ()
    if isinstance(rule, Tiers):
        return zeros
    return ("steps", *zeros) if rule.in_points else ("steps", "percent", *zeros)


def _proportion(rule: Proportion, n: Any, d: Any, weight: Scaled, places: int) -> Any:
    score = half_up(lesser(n, d) * (weight.units * 10**places), d * 10**weight.places)
    return choose(n > d, 0, score) if rule.above == "zero" else score


def _tiers(rule: Tiers, n: Any, d: Any, places: int) -> Any:
    score: Any = in_units(rule.otherwise, places)
    for tier in reversed(rule.tiers):
        worth = UNDECIDED if tier.points is None else in_units(tier.points, places)
        score = choose(_holds(tier.sign, n * 10**tier.limit.places, d * tier.limit.units), worth, score)
    return score


def _holds(sign: str, rate: Any, limit: Any) -> Any:
    if sign == "≥":
        return rate >= limit
    if sign == ">":
        return rate > limit
    return rate <= limit if sign == "≤" else rate < limit


def _steps(rule: Steps, n: Any, d: Any, weight: Scaled, convention: DetailedConvention) -> Any:
    bound, each, over = _step(rule, convention)
    off = n * over - d * bound
    if rule.side == "below":
        off = -off
    off = greater(off, -off) if rule.side == "both" else greater(off, 0)
    if _relative(rule, convention):
        off = off * over
    step = d * each
    full, takes, cut = _points(rule, weight)
    scale = 10**convention.score
    if convention.steps == "linear":
        return half_up(greater(full * step - takes * off, 0) * scale, step * cut)
    count = off // step if convention.steps == "floor" else -(-off // step)
    return half_up(greater(full - takes * count, 0) * scale, cut)


def _step(rule: Steps, convention: DetailedConvention) -> tuple[int, int, int]:
    """The bound and one step as units, and the power of ten (one more factor where a step is relative to the bound)."""
    bound, each = aligned(rule.bound, rule.each)
    return bound, each * bound if _relative(rule, convention) else each, 10 ** max(rule.bound.places, rule.each.places)


def _points(rule: Steps, weight: Scaled) -> tuple[int, int, int]:
    full, takes = aligned(weight, rule.takes)
    return full, takes, 10 ** max(weight.places, rule.takes.places)


def _relative(rule: Steps, convention: DetailedConvention) -> bool:
    """Whether a step is a percentage of the bound; of a bound of 0 there is none."""
    return convention.percent == "relative" and not rule.in_points and bool(rule.bound.units)


def _worth(points: Scaled | None) -> str:
    return "由人评定" if points is None else f"得 {points} 分"


def _zeros(rule: Tiers | Steps, convention: DetailedConvention) -> str:
    if rule.both_zero == "three_public":
        return f"；没有预算也没有支出时{convention.words('three_public')}，没有预算而有支出得 0 分"
    return "；两个数都是 0 时没有变动" if rule.both_zero == "none" else ""
