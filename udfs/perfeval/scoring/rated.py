"""Rules over a rate n/d: in proportion, by tiers or bands, by steps of deduction.

Each kernel takes integers or int64 arrays (d > 0) and gives units of ``10**-places``; UNDECIDED where a person must
judge, REFUSED where the words of the rule give no one score: ``refusal`` tells why. Limits are compared by
cross-multiplication, steps counted by integer division: no float decides.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

from perfeval.arithmetic import Scaled, aligned, half_up
from perfeval.conventions import OPEN, OPTION
from perfeval.scoring.either import choose, greater, lesser
from perfeval.scoring.inputs import HIGHEST_RATE
from perfeval.scoring.outcome import REFUSED, UNDECIDED
from perfeval.standards.rules import (
    EDGE,
    FIRST,
    INCLUDED,
    LAST,
    Band,
    Bands,
    End,
    Proportion,
    Rated,
    Steps,
    Tiers,
)

if TYPE_CHECKING:
    from perfeval.conventions import DetailedConvention

_CLASH = -3  # inside a kernel: two bands disagree

_ABOVE = {"cap": "超过 100% 得满分", "zero": "超过 100% 得 0 分", "refuse": "不会超过 100%"}
_SIDES = {"above": ("不超过", "每超过"), "below": ("不低于", "每低于"), "both": ("等于", "每相差")}
_STEPS = {
    "floor": "不满一档不扣",
    "ceil": "不足一档按一档扣",
    "linear": "不足一档按比例扣",
    OPEN: "不足一档怎样扣没有选定",
}


def in_units(points: Scaled, places: int) -> int:
    """Points as units of ``10**-places``."""
    return half_up(points.units * 10**places, 10**points.places)


def units(rule: Rated, n: Any, d: Any, weight: Scaled, convention: DetailedConvention) -> Any:
    """The score of the rate n/d; rounding may pass the weight. Where the 口径 leaves open what the words leave open: the score that
    all choices give."""
    if OPEN not in (convention.steps, convention.percent) and not isinstance(rule, Bands):
        return _units(rule, n, d, weight, convention)
    score, is_one = units_of_one(rule, n, d, weight, convention)
    return choose(is_one, score, REFUSED)


def units_of_one(rule: Rated, n: Any, d: Any, weight: Scaled, convention: DetailedConvention) -> tuple[Any, Any]:
    """The score of the rate n/d by one choice of what is open, and whether it is a score and that of all choices."""
    score, *others = [_units(rule, n, d, weight, reading) for reading in _decided(rule, convention)]
    is_one = score >= UNDECIDED  # no band, or two that disagree, is less
    for other in others:
        is_one = is_one & (other == score)
    return score, is_one


def _units(rule: Rated, n: Any, d: Any, weight: Scaled, convention: DetailedConvention) -> Any:
    if isinstance(rule, Proportion):
        return _proportion(rule, n, d, weight, convention.score)
    if isinstance(rule, Tiers):
        return _tiers(rule, n, d, convention.score)
    if isinstance(rule, Bands):
        return _bands(rule, n, d, convention)
    return _steps(rule, n, d, weight, convention)


def refusal(rule: Rated, n: int, d: int, weight: Scaled, convention: DetailedConvention) -> str:
    """Why ``units`` refuses the rate n/d: two bands disagree, none covers it, or the open 口径 with what each choice gives."""
    readings = list(_decided(rule, convention))
    scores = [_units(rule, n, d, weight, reading) for reading in readings]
    if len(set(scores)) == 1:
        return "规则里有两档都包括它，给的分不同" if scores[0] == _CLASH else "规则里没有一档包括它"
    for key in options(rule):
        told = {}
        for reading, score in zip(readings, scores, strict=True):
            told.setdefault(getattr(reading, key), []).append(_score_in_words(score, convention.score))
        if len(told) > 1 and len({tuple(given) for given in told.values()}) > 1:
            option = OPTION[key]
            choices = "；".join(f"{key}={value}（{option.describe(value)}）{given[0]}" for value, given in told.items())
            return f"规则没有写明“{option.title}”：{choices}，请选定口径"
    raise AssertionError("no open 口径 decides")


def _score_in_words(score: int, places: int) -> str:
    named = {_CLASH: "两档给的分不同", REFUSED: "没有一档包括", UNDECIDED: "由人评定"}
    return named.get(score) or f"得 {Scaled(score, places)} 分"


@lru_cache(maxsize=1024)
def _decided(rule: Rated, convention: DetailedConvention) -> tuple[DetailedConvention, ...]:
    """The convention with every choice of what it leaves open and the rule asks; itself where nothing is open."""
    asked = [key for key in options(rule) if getattr(convention, key) == OPEN]
    choices = [[value for value, _ in OPTION[key].choices if value != OPEN] for key in asked]
    return tuple(replace(convention, **dict(zip(asked, made, strict=True))) for made in product(*choices))


def largest(rule: Rated, n: int, d: int, weight: Scaled, convention: DetailedConvention) -> int:
    """A bound on every product that ``units`` forms for numerators up to n and denominators up to d."""
    return max(_largest(rule, n, d, weight, reading) for reading in _decided(rule, convention))


def _largest(rule: Rated, n: int, d: int, weight: Scaled, convention: DetailedConvention) -> int:
    scale = 10**convention.score
    if isinstance(rule, Proportion):
        return 2 * n * weight.units * scale + 2 * d * 10**weight.places
    if isinstance(rule, Tiers | Bands):
        return max(max(n * 10**limit.places, d * limit.units) for limit in _limits(rule))
    bound, each, over = _step(rule, convention)
    off = (n * over + d * bound) * (over if _relative(rule, convention) else 1)
    full, takes, cut = _points(rule, weight)
    worth = max(full * d * each, takes * off) if (rule.short or convention.steps) == "linear" else full + takes * off
    ended = max(n * 10**rule.end.limit.places, d * rule.end.limit.units) if rule.end else 0
    return off + d * each + 2 * worth * scale + 2 * d * each * cut + ended


def _limits(rule: Tiers | Bands) -> Iterator[Scaled]:
    if isinstance(rule, Tiers):
        yield from (tier.limit for tier in rule.tiers)
    else:
        yield from (limit for band in rule.bands for limit in (band.low, band.high) if limit is not None)


def is_scored(rule: Rated, n: Any, d: Any) -> Any:
    """Where the rate n/d is one that the rule can score: it has a denominator, is not out of range, no share of less than
    nothing, nor above 100% where the rule cannot be."""
    possible = (d > 0) & (n <= HIGHEST_RATE * d)
    if not isinstance(rule, Proportion):
        return possible
    return possible & (n >= 0) & (n <= d) if rule.above == "refuse" else possible & (n >= 0)


def without_denominator(rule: Rated, n: Any, weight: Scaled, convention: DetailedConvention) -> Any:
    """The score of n/0, as the rule's ``both_zero`` says; REFUSED where it says nothing."""
    both_zero = rule.both_zero if isinstance(rule, Tiers | Steps) else "error"
    if both_zero == "none":
        return choose(n == 0, units(rule, 0, 1, weight, convention), REFUSED)
    if both_zero == "three_public":
        of_nothing = {"full": in_units(weight, convention.score), "zero": 0, "error": REFUSED}
        return choose(n == 0, of_nothing[convention.three_public], 0)
    return REFUSED


def zeroed(rule: Rated, n: Any, d: Any) -> Any:
    """Where the rule says “得0分” of a rate above 100%."""
    return n > d if isinstance(rule, Proportion) and rule.above == "zero" else False


def text(rule: Rated, rate: str, weight: Scaled, convention: DetailedConvention) -> str:
    """The rule in Chinese, from its parameters. ``rate`` is the rate in words."""
    if isinstance(rule, Proportion):
        return f"得分 = {rate} × {weight} 分，{_ABOVE[rule.above]}"
    if isinstance(rule, Tiers):
        tiers = [f"{tier.sign} {_exact_percent(tier.limit)} {_worth(tier.points)}" for tier in rule.tiers]
        return f"{rate}：{'；'.join(tiers)}；其余{_worth(rule.otherwise)}{_zeros(rule, convention)}"
    if isinstance(rule, Bands):
        bands = [f"{_band_in_words(band)} {_worth(band.points)}" for band in rule.bands]
        rest = f"；其余{_worth(rule.otherwise)}" if rule.otherwise is not None else ""
        return f"{rate}：{'；'.join(bands)}{rest}"
    full, off = _SIDES[rule.side]
    each = f"{Scaled(rule.each.units * 100, rule.each.places)}{' 个百分点' if rule.in_points else '% '}"
    limit = _exact_percent(rule.bound)
    relative = "（标准值的百分比）" if _relative(rule, convention) else ""
    return (
        f"{rate}：{full} {limit} 得 {weight} 分；{off} {each}{relative}扣 {rule.takes} 分，"
        f"{_STEPS[rule.short or convention.steps]}，扣完为止{_ended(rule.end)}{_zeros(rule, convention)}"
    )


def options(rule: Rated) -> tuple[str, ...]:
    """The keys of the 口径 that decide."""
    if isinstance(rule, Proportion):
        return ("zero_scope",) if rule.above == "zero" else ()
    zeros = ("three_public",) if not isinstance(rule, Bands) and rule.both_zero == "three_public" else ()
    if isinstance(rule, Tiers):
        return zeros
    if isinstance(rule, Bands):
        ends = {end for band in rule.bands for end in (band.low_end, band.high_end)}
        return (*["edge"] * (EDGE in ends), *["included"] * bool(ends & {FIRST, LAST}))
    return (*["steps"] * (not rule.short), *["percent"] * (not rule.in_points), *zeros)


def _proportion(rule: Proportion, n: Any, d: Any, weight: Scaled, places: int) -> Any:
    score = half_up(lesser(n, d) * (weight.units * 10**places), d * 10**weight.places)
    return choose(n > d, 0, score) if rule.above == "zero" else score


def _tiers(rule: Tiers, n: Any, d: Any, places: int) -> Any:
    score: Any = in_units(rule.otherwise, places)
    for tier in reversed(rule.tiers):
        worth = UNDECIDED if tier.points is None else in_units(tier.points, places)
        score = choose(_holds(tier.sign, n * 10**tier.limit.places, d * tier.limit.units), worth, score)
    return score


def _bands(rule: Bands, n: Any, d: Any, convention: DetailedConvention) -> Any:
    """Limit by limit from below: between two of them, and at each, every rate has the same score."""
    score, pieces = _pieces(rule, convention)
    before = score
    for limit, at, above in pieces:
        rate, bound = n * 10**limit.places, d * limit.units
        score = choose(rate > bound if at == before else rate >= bound, above, score)
        if at not in (before, above):
            score = choose(rate == bound, at, score)
        before = above
    return score


@lru_cache(maxsize=1024)
def _pieces(rule: Bands, convention: DetailedConvention) -> tuple[int, list[tuple[Scaled, int, int]]]:
    """The score below all limits; and each limit, rising, with the score at it and the one above it."""
    places = max(limit.places for limit in _limits(rule))
    limits = sorted({limit.units * 10 ** (places - limit.places) for limit in _limits(rule)})
    one = 2 * 10**places
    inside = [2 * limits[0] - 1, *(sum(pair) for pair in itertools.pairwise(limits)), 2 * limits[-1] + 1]
    between = [_of_bands(rule, n, one, convention) for n in inside]
    at = [_of_bands(rule, 2 * limit, one, convention) for limit in limits]
    return between[0], list(zip((Scaled(limit, places) for limit in limits), at, between[1:], strict=True))


def _of_bands(rule: Bands, n: int, d: int, convention: DetailedConvention) -> int:
    """A band that certainly covers goes before one whose open end lies there; then the 口径 says which; an end that only
    one band can own is its own."""
    sure = _covered(rule, n, d, convention.score, {INCLUDED})
    if sure != REFUSED:
        return sure
    possible = _covered(rule, n, d, convention.score, {INCLUDED, FIRST, LAST, "low", "high"})
    if possible == REFUSED and rule.otherwise is not None:
        return in_units(rule.otherwise, convention.score)
    if possible != _CLASH:
        return possible
    marked = FIRST if convention.included == "first" else LAST
    return _covered(rule, n, d, convention.score, {INCLUDED, marked, convention.edge})


def _covered(rule: Bands, n: int, d: int, places: int, ends: set[str]) -> int:
    """The points of the bands that cover the rate, their ends of these sorts included; _CLASH, or REFUSED where none does."""
    worths = {in_units(band.points, places) for band in rule.bands if _inside(band, n, d, ends)}
    return REFUSED if not worths else worths.pop() if len(worths) == 1 else _CLASH


def _inside(band: Band, n: int, d: int, ends: set[str]) -> bool:
    for limit, end, name, signs in ((band.low, band.low_end, "low", "≥>"), (band.high, band.high_end, "high", "≤<")):
        if limit is not None:
            included = (name if end == EDGE else end) in ends
            if not _holds(signs[not included], n * 10**limit.places, d * limit.units):
                return False
    return True


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
    short = rule.short or convention.steps
    if short == "linear":
        score = half_up(greater(full * step - takes * off, 0) * scale, step * cut)
    else:
        count = off // step if short == "floor" else -(-off // step)
        score = half_up(greater(full - takes * count, 0) * scale, cut)
    if rule.end is None:
        return score
    return choose(_holds(rule.end.sign, n * 10**rule.end.limit.places, d * rule.end.limit.units), 0, score)


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


def _ended(end: End | None) -> str:
    return f"；{end.sign} {_exact_percent(end.limit)} 不得分" if end else ""


def _band_in_words(band: Band) -> str:
    """``≥ 95%`` · ``= 0%`` · ``≥ 90% 且 < 95%`` · ``90%～95%`` · ``10%～20%（含）``; the limits as exact as they are."""
    low, high = (None if limit is None else _exact_percent(limit) for limit in (band.low, band.high))
    if band.low is not None and band.low == band.high:
        return f"= {low}"
    if band.low_end == FIRST:
        return f"{low}～{high}（含）"
    if low and high:
        if EDGE in (band.low_end, band.high_end):
            marks = [
                "" if end == EDGE else f"（{end}{limit}）"
                for end, limit in ((band.low_end, low), (band.high_end, high))
            ]
            return f"{low}{marks[0]}～{high}{marks[1]}"
        return f"{'≥' if band.low_end == INCLUDED else '>'} {low} 且 {'≤' if band.high_end == INCLUDED else '<'} {high}"
    if EDGE in (band.low_end, band.high_end):
        return f"{low} 以上" if low else f"{high} 以下"
    if low:
        return f"{'≥' if band.low_end == INCLUDED else '>'} {low}"
    return f"{'≤' if band.high_end == INCLUDED else '<'} {high}"


def _exact_percent(limit: Scaled) -> str:
    return f"{Scaled(limit.units * 100, limit.places)}%"


def _zeros(rule: Tiers | Steps, convention: DetailedConvention) -> str:
    if rule.both_zero == "three_public":
        return f"；没有预算也没有支出时{convention.words('three_public')}，没有预算而有支出得 0 分"
    return "；两个数都是 0 时没有变动" if rule.both_zero == "none" else ""
