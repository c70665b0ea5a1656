"""A rule in our own words is read back into the same rule, for every kind and any parameters; and no text breaks the reader."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.arithmetic import Scaled, add, aligned
from perfeval.conventions import OPEN
from perfeval.datafiles import Place
from perfeval.errors import InvalidValue, StandardError
from perfeval.ruletext import NotUnderstood, Reading, by_rule
from perfeval.ruletext.reading import read
from perfeval.ruletext.scores import printed_convention
from perfeval.ruletext.tables import as_lines
from perfeval.scoring import rule_text
from perfeval.standards import Leaf
from perfeval.standards.expressions import expression
from perfeval.standards.rules import (
    ANY_UNIT,
    EDGE,
    EXCLUDED,
    FIRST,
    INCLUDED,
    LAST,
    POINTS,
    YES_NO,
    Attainment,
    Band,
    Bands,
    Cases,
    Checklist,
    End,
    Input,
    Judgement,
    Proportion,
    Quarterly,
    Rule,
    Steps,
    Tier,
    Tiers,
    read_rule,
)

POINT = st.integers(1, 4000).map(lambda units: Scaled(units, 2))
RATE = st.integers(0, 200_00).map(lambda units: Scaled(units, 4))
WORDS = st.text("管理制度健全执行有效率数额人员", min_size=2, max_size=8)


@st.composite
def rates(draw: st.DrawFn) -> tuple[Any, tuple[Input, ...]]:
    """One given rate, or a quotient of amounts."""
    if draw(st.booleans()):
        return expression("rate"), (Input("rate", draw(WORDS), "%"),)
    one, other = draw(st.lists(WORDS, min_size=2, max_size=2, unique=True))
    text = draw(st.sampled_from(["a / b", "(a - b) / b", "(a - b) / a"]))
    names = {"a": one, "b": other}
    of = expression(text)
    return of, tuple(Input(name, names[name], ANY_UNIT) for name in of.names)


@st.composite
def tiers(draw: st.DrawFn) -> tuple[Rule, tuple[Input, ...]]:
    of, inputs = draw(rates())
    limits = draw(st.lists(RATE, min_size=1, max_size=4, unique=True))
    falling = draw(st.booleans())
    ordered = sorted(limits, key=float, reverse=falling)
    sign = st.sampled_from("≥>" if falling else "≤<")
    stated = tuple(Tier(draw(sign), limit, draw(st.one_of(POINT, st.none()))) for limit in ordered)
    zeros = draw(st.sampled_from(["error", "none", "three_public"]))
    return Tiers(of, stated, draw(POINT), zeros), inputs


@st.composite
def steps(draw: st.DrawFn) -> tuple[Rule, tuple[Input, ...]]:
    of, inputs = draw(rates())
    side = draw(st.sampled_from(["above", "below", "both"]))
    end = (
        End(draw(st.sampled_from("≥>" if side == "above" else "≤<")), draw(RATE))
        if side != "both" and draw(st.booleans())
        else None
    )
    each = draw(RATE.filter(lambda value: value.units > 0))
    rule = Steps(
        of, side, draw(RATE), each, draw(st.booleans()), draw(POINT), draw(st.sampled_from(["error", "none"])), end
    )
    return rule, inputs


@st.composite
def band(draw: st.DrawFn) -> Band:
    low, high = sorted(draw(st.lists(RATE, min_size=2, max_size=2, unique=True)), key=float)
    end = st.sampled_from([INCLUDED, EXCLUDED])
    kind = draw(st.integers(0, 5))
    points = draw(POINT)
    if kind == 0:
        return Band(low, draw(end), None, EXCLUDED, points)
    if kind == 1:
        return Band(None, EXCLUDED, high, draw(end), points)
    if kind == 2:
        return Band(low, INCLUDED, low, INCLUDED, points)
    if kind == 5:
        return draw(
            st.sampled_from([Band(low, EDGE, None, EXCLUDED, points), Band(None, EXCLUDED, high, EDGE, points)])
        )
    if kind == 3:
        return Band(low, FIRST, high, LAST, points)
    ends = draw(st.lists(st.sampled_from([INCLUDED, EXCLUDED, EDGE]), min_size=2, max_size=2))
    return Band(low, ends[0], high, ends[1], points)


@st.composite
def bands(draw: st.DrawFn) -> tuple[Rule, tuple[Input, ...]]:
    of, inputs = draw(rates())
    listed = draw(st.lists(band(), min_size=1, max_size=4))
    otherwise = draw(st.one_of(POINT, st.none()))
    if otherwise is not None and not any(EDGE in one or FIRST in one or (one.low and one.high) for one in listed):
        otherwise = None  # one-sided bands with a rest are tiers in our words
    return Bands(of, tuple(listed), otherwise), inputs


@st.composite
def rules(draw: st.DrawFn) -> tuple[Rule, tuple[Input, ...], Scaled]:
    """A rule of any kind, what it needs, and its weight."""
    weight = draw(POINT)
    kind = draw(st.integers(0, 7))
    if kind == 0:
        of, inputs = draw(rates())
        return Proportion(of, draw(st.sampled_from(["cap", "zero", "refuse"]))), inputs, weight
    if kind in (1, 2, 3):
        return (*draw([tiers, steps, bands][kind - 1]()), weight)
    if kind == 4:
        worths = draw(st.lists(POINT, min_size=2, max_size=5))
        inputs = tuple(Input(f"item{place}", draw(WORDS), YES_NO) for place in range(1, len(worths) + 1))
        return Checklist(tuple(worths)), inputs, add(worths)
    if kind == 5:
        return Cases(draw(POINT)), (Input("cases", draw(WORDS), draw(st.sampled_from("项例次天"))),), weight
    if kind == 6:
        levels = draw(st.one_of(st.just(()), st.lists(st.tuples(WORDS, POINT), min_size=2, max_size=4).map(tuple)))
        best = max((worth for _, worth in levels), key=float, default=weight)
        return Judgement(), (Input("points", "评定得分", POINTS, best, levels),), best
    paces = tuple(draw(st.lists(RATE.filter(lambda pace: pace.units > 0), min_size=4, max_size=4)))
    inputs = tuple(Input(f"q{place}", f"第{place}季", "%") for place in range(1, 5))
    return Quarterly(paces, draw(POINT), draw(POINT)), inputs, weight


def _canonical(value: Any) -> Any:
    """Numbers without trailing zeros, amounts by their labels: what a rule means."""
    if isinstance(value, Scaled):
        return str(value)
    if isinstance(value, tuple):
        return tuple(_canonical(one) for one in value)
    return value


def _meaning(rule: Rule | Attainment, inputs: tuple[Input, ...]) -> Any:
    labels = {one.name: one.label for one in inputs}
    fields = {name: getattr(rule, name) for name in type(rule).__slots__}
    of = fields.pop("of", None)
    return type(rule), of and of.written(labels), {name: _canonical(value) for name, value in fields.items()}


@settings(max_examples=600, deadline=None)
@given(rules(), st.sampled_from(["floor", "ceil", "linear", OPEN]), st.sampled_from(["points", "relative", OPEN]))
def test_a_rule_in_our_words_is_read_back_into_the_same_rule(case: Any, step: str, percent: str) -> None:
    rule, inputs, weight = case
    convention = replace(printed_convention(), steps=step, percent=percent, three_public="full")
    text = rule_text(Leaf("x", ("", "", "指标"), weight, inputs, rule, None, (), "", "", ("", ""), "", ""), convention)
    reading = read(text, weight)
    assert _meaning(reading.rule, reading.inputs) == _meaning(rule, inputs), text
    if isinstance(rule, Steps):
        assert reading.chosen.get("steps", OPEN) == step
    if isinstance(rule, Judgement):
        assert _canonical(reading.inputs[0].levels) == _canonical(inputs[0].levels)


PIECES = st.sampled_from(
    "≥ 95% 90%~95% 得满分 ， ； 每 低于 5% 扣 1分 不得分 （含） 以上 一项 完成率 得分= × 分值 1. 2. ① 0-10% 按比例 其余 未达到".split()
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join), st.integers(0, 1500))
def test_any_text_is_read_or_refused_and_no_score_leaves_its_limits(text: str, units: int) -> None:
    weight = Scaled(10, 0)
    try:
        read(text, weight)
        score = by_rule(text, weight, [units / 1000]).value
    except InvalidValue:
        return
    if isinstance(score, Scaled):
        points, most = aligned(score, weight)
        assert 0 <= points <= most


def test_a_long_text_is_refused_not_worked_on() -> None:
    for piece in ("每", "一项", "90%~", "≥95%，", "（", "管理", "1.", "得 1 分；", "a 1 分；"):
        try:
            read(piece * (1500 // len(piece)), Scaled(10, 0))
        except NotUnderstood:
            continue


@settings(max_examples=400, deadline=None)
@given(rules())
def test_a_rule_in_a_standard_s_file_is_read_back_into_the_same_rule(case: Any) -> None:
    rule, inputs, weight = case
    if isinstance(rule, Quarterly) or (isinstance(rule, Tiers | Bands) and _worths(rule) > float(weight)):
        return  # no sentence gives it; more than the weight no file may give
    if isinstance(rule, Tiers) and len(list(groupby(tier.sign for tier in rule.tiers))) > len(
        {tier.sign for tier in rule.tiers}
    ):
        return  # a file lists the tiers of a sign together
    reading = Reading(replace(rule, both_zero="error") if isinstance(rule, Tiers | Steps) else rule, inputs)
    table = tomllib.loads("\n".join(as_lines(reading)))
    stated = tuple(Input(one["name"], one["label"], one["unit"]) for one in table.get("inputs", []))
    again, needed = read_rule(table["rule"], weight, stated, Place(Path("x.toml"), "标准文件", StandardError))
    assert _meaning(again, needed) == _meaning(reading.rule, inputs)


def _worths(rule: Tiers | Bands) -> float:
    listed = rule.tiers if isinstance(rule, Tiers) else rule.bands
    return max(float(worth) for worth in (rule.otherwise, *(one.points for one in listed)) if worth is not None)
