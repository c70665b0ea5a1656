"""A rule as the table of a standard's file: what ``standards.rules.read_rule`` reads back."""

from __future__ import annotations

import json
from collections.abc import Iterator

from perfeval.arithmetic import Scaled
from perfeval.ruletext.model import Reading
from perfeval.standards.rules import (
    EDGE,
    EXCLUDED,
    FIRST,
    INCLUDED,
    Band,
    Bands,
    Cases,
    Checklist,
    Judgement,
    Proportion,
    Steps,
    Tiers,
)

_SIGNS = {"≥": "at_least", ">": "above", "≤": "at_most", "<": "below"}


def as_lines(reading: Reading) -> Iterator[str]:
    """The lines ``inputs = […]`` and ``rule = {…}`` of a leaf. Raises ValueError for a rule that a file cannot hold."""
    rule = reading.rule
    fields = dict(_fields(reading))
    if not isinstance(rule, Checklist | Judgement):
        inputs = [_table({"name": one.name, "label": one.label, "unit": one.unit}) for one in reading.inputs]
        yield f"inputs = [{', '.join(inputs)}]"
    yield f"rule = {_table(fields)}"


def _fields(reading: Reading) -> Iterator[tuple[str, object]]:
    rule = reading.rule
    if isinstance(rule, Judgement):
        yield "kind", "judgement"
        if reading.inputs[0].levels:
            yield "levels", [[word, str(worth)] for word, worth in reading.inputs[0].levels]
    elif isinstance(rule, Checklist):
        yield "kind", "checklist"
        yield "items", [[one.label, str(worth)] for one, worth in zip(reading.inputs, rule.items, strict=True)]
    elif isinstance(rule, Cases):
        yield "kind", "cases"
        yield "takes", str(rule.takes)
    elif isinstance(rule, Proportion):
        yield from (("kind", "proportion"), ("of", rule.of.text), ("above", rule.above))
    elif isinstance(rule, Tiers):
        yield from (("kind", "tiers"), ("of", rule.of.text))
        signs = list(dict.fromkeys(tier.sign for tier in rule.tiers))
        if [signs.index(tier.sign) for tier in rule.tiers] != sorted(signs.index(tier.sign) for tier in rule.tiers):
            raise ValueError("a file lists the tiers of a sign together")
        for sign in signs:
            yield _SIGNS[sign], [[percent(one.limit), _worth(one.points)] for one in rule.tiers if one.sign == sign]
        yield "otherwise", str(rule.otherwise)
    elif isinstance(rule, Bands):
        yield from (("kind", "bands"), ("of", rule.of.text))
        yield "bands", [[_band(band), str(band.points)] for band in rule.bands]
        if rule.otherwise is not None:
            yield "otherwise", str(rule.otherwise)
    elif isinstance(rule, Steps) and not reading.chosen.keys() - {"steps"}:
        yield from (("kind", "steps"), ("of", rule.of.text), (rule.side, percent(rule.bound)))
        each = percent(rule.each)
        yield "each", f"{each.removesuffix('%')}个百分点" if rule.in_points else each
        yield "takes", str(rule.takes)
        if rule.end:
            yield "end", f"{rule.end.sign}{percent(rule.end.limit)}"
        if "steps" in reading.chosen:
            yield "short", reading.chosen["steps"]
    else:
        raise ValueError("a rule of a row")


def _worth(points: Scaled | None) -> str:
    return "由人评定" if points is None else str(points)


def _band(band: Band) -> str:
    low, high = (None if limit is None else percent(limit) for limit in (band.low, band.high))
    if low is not None and low == high:
        return f"={low}"
    if band.low_end == FIRST:
        return f"{low}~{high}(含)"
    if low and high:
        left = {INCLUDED: "[", EXCLUDED: "(", EDGE: "<"}[band.low_end]
        right = {INCLUDED: "]", EXCLUDED: ")", EDGE: ">"}[band.high_end]
        return f"{low}~{high}" if (left, right) == ("<", ">") else f"{left}{low},{high}{right}"
    if EDGE in (band.low_end, band.high_end):
        return f"{low}以上" if low else f"{high}以下"
    if low:
        return f"{'≥' if band.low_end == INCLUDED else '>'}{low}"
    return f"{'≤' if band.high_end == INCLUDED else '<'}{high}"


def percent(value: Scaled) -> str:
    """``0.955`` → ``95.5%``, exactly."""
    return f"{Scaled(value.units * 100, value.places)}%"


def text(value: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(fields: dict[str, object]) -> str:
    return "{ " + ", ".join(f"{key} = {_value(value)}" for key, value in fields.items()) + " }"


def _value(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return text(str(value))
