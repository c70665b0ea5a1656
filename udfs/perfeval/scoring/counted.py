"""Rules over what was counted or judged: checkpoints, cases, a person's points; and the quarters' pace.

As in ``rated``, the kernels take integers or int64 arrays and give units of ``10**-convention.score``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from perfeval.arithmetic import Scaled, add, aligned, half_up, in_finer
from perfeval.scoring.either import choose, greater, lesser
from perfeval.scoring.outcome import percent
from perfeval.standards.rules import Cases, Checklist, Input, Judgement, Quarterly

if TYPE_CHECKING:
    from perfeval.conventions import DetailedConvention

Counted = Checklist | Cases | Quarterly | Judgement


def units(rule: Counted, values: Sequence[Any], one: Any, weight: Scaled, convention: DetailedConvention) -> Any:
    """The score of the inputs' values, in units of which ``one`` make 1; rounding may pass the weight."""
    if isinstance(rule, Quarterly):
        return _quarterly(rule, values, one, weight, convention)
    if isinstance(rule, Checklist):
        finer = max(worth.places for worth in rule.items)
        score: Any = 0
        for worth, held in zip(rule.items, values, strict=True):
            score = score + choose(held > 0, in_finer(worth.units, worth.places, finer), 0)
        return half_up(score * 10**convention.score, 10**finer)
    if isinstance(rule, Cases):
        full, takes = aligned(weight, rule.takes)
        cut = 10 ** max(weight.places, rule.takes.places)
        return half_up(greater(full * one - takes * values[0], 0) * 10**convention.score, cut * one)
    return half_up(values[0] * 10**convention.score, one)


def largest(rule: Counted, value: int, one: int, weight: Scaled, convention: DetailedConvention) -> int:
    """A bound on every product that ``units`` forms for values up to ``value``."""
    scale = 2 * 10**convention.score
    if isinstance(rule, Quarterly):
        paces, over = _paces(rule)
        each, average, _ = _shares(rule)
        top = max(value * over, one) * math.lcm(*paces)
        return (each + average) * 4 * len(paces) * top * weight.units * scale
    if isinstance(rule, Cases):
        full, takes = aligned(weight, rule.takes)
        return max(full * one, takes * value, 10**weight.places * one, 10**rule.takes.places * one) * scale
    return max(value, one) * scale


def text(rule: Counted, inputs: Sequence[Input], weight: Scaled, convention: DetailedConvention) -> str:
    """The rule in Chinese, from its parameters."""
    if isinstance(rule, Checklist):
        items = [f"{one.label} {worth} 分" for one, worth in zip(inputs, rule.items, strict=False)]
        return f"符合一个要点得一份：{'；'.join(items)}"
    if isinstance(rule, Cases):
        return f"满分 {weight} 分，{inputs[0].label}每 1 {inputs[0].unit}扣 {rule.takes} 分，扣完为止"
    if isinstance(rule, Judgement):
        levels = "；".join(f"{word} {worth} 分" for word, worth in inputs[0].levels)
        return levels or f"由人评定，0 至 {weight} 分"
    pace = "、".join(percent(pace) for pace in rule.paces)
    cap = "，每季最多 100%" if convention.quarter_cap == "each" else ""
    return (
        f"各季末累计支出进度 ÷ 序时进度（{pace}）× {rule.each} 分之和{cap}，"
        f"加全年平均执行率（{convention.words('quarter')}{cap}）× {rule.average} 分，最多 {weight} 分"
    )


def options(rule: Counted) -> tuple[str, ...]:
    """The keys of the 口径 that decide."""
    return ("quarter", "quarter_cap") if isinstance(rule, Quarterly) else ()


def _quarterly(rule: Quarterly, values: Sequence[Any], one: Any, weight: Scaled, convention: DetailedConvention) -> Any:
    """each × Σ pace + average × mean, as a share of what all of it is worth, times the weight."""
    paces, over = _paces(rule)
    common = math.lcm(*paces)
    whole = common * one  # a quarter exactly on its pace
    ahead = [value * (over * common // pace) for value, pace in zip(values, paces, strict=True)]
    if convention.quarter_cap == "each":
        ahead = [lesser(pace, whole) for pace in ahead]
    total: Any = sum(ahead[1:], start=ahead[0])
    if convention.quarter == "pace":
        mean = total
    else:
        spent = [lesser(value, one) for value in values] if convention.quarter_cap == "each" else values
        mean = sum(spent[1:], start=spent[0]) * common
    each, average, full = _shares(rule)
    number = len(paces)
    return half_up(
        (each * number * total + average * mean) * (weight.units * 10**convention.score),
        number * whole * full * 10**weight.places,
    )


def _paces(rule: Quarterly) -> tuple[tuple[int, ...], int]:
    return aligned(*rule.paces), 10 ** max(pace.places for pace in rule.paces)


def _shares(rule: Quarterly) -> tuple[int, int, int]:
    """Points a quarter, points for the mean, and both together, at one power of ten."""
    all_quarters = add([rule.each] * len(rule.paces) + [rule.average])
    each, average, full = aligned(rule.each, rule.average, all_quarters)
    return each, average, full
