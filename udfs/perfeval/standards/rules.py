"""The kinds of rule that a leaf's score can follow, as parameters; ``perfeval.scoring`` has their arithmetic and words.

A rule in a file is a table: ``{ kind = "tiers", of = "in_use / owned", at_least = [["90%", "1"], …], otherwise = "0" }``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from perfeval.arithmetic import Scaled, add, aligned
from perfeval.datafiles import ANYTHING, TEXTS, Place, check, is_a
from perfeval.errors import InvalidValue
from perfeval.quantities import PERCENT, quantity
from perfeval.standards.expressions import Expression, expression
from perfeval.standards.files import points

YES_NO = "是否"
POINTS = "分"
ANY_UNIT = "数量"  # of one kind with the rule's other inputs


@dataclass(frozen=True, slots=True)
class Input:
    """One number (or 是/否) that a leaf needs.

    ``most`` is what it cannot exceed; where ``levels`` (word, points) are stated, it is one of these.
    """

    name: str
    label: str
    unit: str
    most: Scaled | None = None
    levels: tuple[tuple[str, Scaled], ...] = ()

    @property
    def may_be_negative(self) -> bool:
        """Whether it is a rate of change, which falls as well as rises."""
        return self.unit == PERCENT and _CHANGE.search(self.label) is not None


_CHANGE = re.compile("变动|变化|增长|增幅|节约|超支")


@dataclass(frozen=True, slots=True)
class Proportion:
    """rate × weight. ``above`` 100%: cap (full marks), zero (no points), refuse (the numbers cannot be right)."""

    of: Expression
    above: str


class Tier(NamedTuple):
    """Points (None: a person's) where the rate stands to the limit as the sign says."""

    sign: str
    limit: Scaled
    points: Scaled | None


@dataclass(frozen=True, slots=True)
class Tiers:
    """The points of the first tier that holds. ``both_zero``: what 0/0 counts as, see BOTH_ZERO."""

    of: Expression
    tiers: tuple[Tier, ...]
    otherwise: Scaled
    both_zero: str


class End(NamedTuple):
    """Where steps end: no points where the rate stands to the limit as the sign says."""

    sign: str
    limit: Scaled


@dataclass(frozen=True, slots=True)
class Steps:
    """Full marks at the bound; ``takes`` points for ``each`` so much on the wrong ``side`` (above, below, both), down to
    none, which ``end`` may give earlier.
    """

    of: Expression
    side: str
    bound: Scaled
    each: Scaled
    in_points: bool  # “个百分点” stands in the document; else “%”, which the option ``percent`` reads
    takes: Scaled
    both_zero: str
    end: End | None = None
    short: str = ""  # what less than a step takes, where the document says it; else the option ``steps`` says


INCLUDED, EXCLUDED, EDGE, FIRST, LAST = "含", "不含", "共", "前", "后"


class Band(NamedTuple):
    """Points between two limits, as a document prints them (None: no limit on that side).

    An end is INCLUDED or EXCLUDED; EDGE where the words leave it open (90%～95%); FIRST and LAST are the two ends of
    10%～20%（含）, of which one is included.
    """

    low: Scaled | None
    low_end: str
    high: Scaled | None
    high_end: str
    points: Scaled


@dataclass(frozen=True, slots=True)
class Bands:
    """The points of the one band that covers the rate; ``otherwise`` those of a rate that none can cover (None: none)."""

    of: Expression
    bands: tuple[Band, ...]
    otherwise: Scaled | None


@dataclass(frozen=True, slots=True)
class Attainment:
    """Full marks where a 完成值 meets its 指标值; else a share ``in_proportion``, or none. Of a row, not of a standard's leaf."""

    in_proportion: bool


@dataclass(frozen=True, slots=True)
class Checklist:
    """Points for each checkpoint that holds, in the order of the inputs."""

    items: tuple[Scaled, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """``takes`` points off for each case."""

    takes: Scaled


@dataclass(frozen=True, slots=True)
class Quarterly:
    """季度支出进度 over the ``paces`` of the calendar: ``each`` point a quarter, ``average`` for their mean."""

    paces: tuple[Scaled, ...]
    each: Scaled
    average: Scaled


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's points."""


Rule = Proportion | Tiers | Steps | Bands | Checklist | Cases | Quarterly | Judgement
Rated = Proportion | Tiers | Steps | Bands

# What 0/0 counts as: an error, 0% (no change), or as the option ``three_public`` says (and 0 points for x/0).
BOTH_ZERO = ("error", "none", "three_public")
SHORT = ("floor", "ceil", "linear")
_ABOVE = ("cap", "zero", "refuse")
_SIGNS = {"at_least": "≥", "above": ">", "at_most": "≤", "below": "<"}
_SIDES = ("above", "below", "both")


def read_rule(table: Any, weight: Scaled, inputs: tuple[Input, ...], place: Place) -> tuple[Rule, tuple[Input, ...]]:
    """A rule, and the inputs it needs: those stated, or those that its own parameters name. Raises StandardError."""
    check(table, dict.fromkeys(table, ANYTHING) if isinstance(table, dict) else {}, place)
    reader = _READERS.get(table.get("kind"))
    if reader is None:
        raise place.fault(f"kind “{table.get('kind')}”不认识，可用：{'、'.join(_READERS)}")
    parameters = {key: value for key, value in table.items() if key != "kind"}
    try:
        return reader(parameters, weight, inputs, place)
    except InvalidValue as error:
        raise place.fault(error.reason) from error


def _proportion(table: dict[str, Any], _weight: Scaled, inputs: tuple[Input, ...], place: Place):
    check(table, {"of": str, "above": str}, place)
    _one_of(table["above"], _ABOVE, "above", place)
    return Proportion(_rate(table["of"], inputs, place), table["above"]), inputs


def _tiers(table: dict[str, Any], weight: Scaled, inputs: tuple[Input, ...], place: Place):
    kinds = {"of": str, **dict.fromkeys(_SIGNS, list), "otherwise": str, "both_zero": str}
    check(table, kinds, place, needed=("of", "otherwise"))
    found = tuple(
        Tier(_SIGNS[key], _rate_limit(limit, place), None if worth == "由人评定" else points(worth, place))
        for key, pairs in table.items()
        if key in _SIGNS
        for limit, worth in _pairs(pairs, key, place)
    )
    if not found:
        raise place.fault(f"缺少分档：{'、'.join(_SIGNS)} 之一")
    rising = {tier.sign in "≤<" for tier in found}
    limits = list(aligned(*(tier.limit for tier in found)))
    if len(rising) > 1 or limits != sorted(limits, reverse=rising == {False}):
        raise place.fault("的分档应按顺序排列：≥、> 从高到低，≤、< 从低到高")
    otherwise = points(table["otherwise"], place)
    best = max(float(worth) for worth in (otherwise, *(tier.points for tier in found)) if worth is not None)
    if best > float(weight):
        raise place.fault(f"最高一档 {best:g} 分，超过分值 {weight} 分")
    return Tiers(_rate(table["of"], inputs, place), found, otherwise, _both_zero(table, place)), inputs


def _steps(table: dict[str, Any], _weight: Scaled, inputs: tuple[Input, ...], place: Place):
    kinds = {
        "of": str,
        **dict.fromkeys(_SIDES, str),
        "each": str,
        "takes": str,
        "both_zero": str,
        "end": str,
        "short": str,
    }
    check(table, kinds, place, needed=("of", "each", "takes"))
    sides = [side for side in _SIDES if side in table]
    if len(sides) != 1:
        raise place.fault(f"应有 {'、'.join(_SIDES)} 三者之一")
    each = quantity(table["each"])
    in_points = each.unit == "个百分点"
    if each.number.units <= 0 or not (in_points or each.unit == PERCENT):
        raise place.fault(f"each “{table['each']}”应是百分数或百分点，例如 5% 或 5个百分点")
    return Steps(
        _rate(table["of"], inputs, place),
        sides[0],
        _rate_limit(table[sides[0]], place),
        Scaled(each.number.units, each.number.places + 2) if in_points else each.number,
        in_points,
        points(table["takes"], place),
        _both_zero(table, place),
        _end(table["end"], place) if "end" in table else None,
        _short(table, place),
    ), inputs


def _short(table: dict[str, Any], place: Place) -> str:
    if "short" in table:
        _one_of(table["short"], SHORT, "short", place)
    return table.get("short", "")


def _end(text: str, place: Place) -> End:
    """``<60%`` → no points below 60%."""
    if text[:1] not in _SIGNS.values():
        raise place.fault(f"end “{text}”应以 {' '.join(_SIGNS.values())} 之一开头")
    return End(text[0], _rate_limit(text[1:], place))


def _bands(table: dict[str, Any], weight: Scaled, inputs: tuple[Input, ...], place: Place):
    check(table, {"of": str, "bands": list, "otherwise": str}, place, needed=("of", "bands"))
    bands = tuple(_band(text, points(worth, place), place) for text, worth in _pairs(table["bands"], "bands", place))
    otherwise = points(table["otherwise"], place) if "otherwise" in table else None
    for worth in (*(band.points for band in bands), *([otherwise] if otherwise else [])):
        most, given = aligned(weight, worth)
        if given > most:
            raise place.fault(f"一档 {worth} 分，超过分值 {weight} 分")
    if not bands:
        raise place.fault("bands 没有一档")
    return Bands(_rate(table["of"], inputs, place), bands, otherwise), inputs


_INTERVAL = re.compile(r"([\[(<]?)([^,~()<>\[\]]+)[,~]([^,~()<>\[\]]+)([\])>]?)")


def _band(text: str, worth: Scaled, place: Place) -> Band:
    """``≥95%`` · ``=0%`` · ``[90%,95%)`` · ``90%~95%`` (open ends; one: ``[90%,95%>``) · ``95%以上`` (open) · ``10%~20%(含)``."""
    if text[:1] in _SIGNS.values() and "," not in text:
        limit, end = _rate_limit(text[1:], place), INCLUDED if text[0] in "≥≤" else EXCLUDED
        return Band(limit, end, None, EXCLUDED, worth) if text[0] in "≥>" else Band(None, EXCLUDED, limit, end, worth)
    if text[:1] == "=":
        limit = _rate_limit(text[1:], place)
        return Band(limit, INCLUDED, limit, INCLUDED, worth)
    if text.endswith(("以上", "以下")):
        limit = _rate_limit(text[:-2], place)
        return (
            Band(limit, EDGE, None, EXCLUDED, worth) if text[-1] == "上" else Band(None, EXCLUDED, limit, EDGE, worth)
        )
    marked = text.endswith("(含)")
    match = _INTERVAL.fullmatch(text.removesuffix("(含)"))
    if match is None or bool(match[1]) != bool(match[4]) or (marked and match[1]):
        raise place.fault(f"bands “{text}”应写成 ≥95%、=0%、[90%,95%)、90%~95% 或 10%~20%(含)")
    low, high = _rate_limit(match[2].strip(), place), _rate_limit(match[3].strip(), place)
    below, above = aligned(low, high)
    if below >= above:
        raise place.fault(f"bands “{text}”的下限不小于上限")
    if marked:
        return Band(low, FIRST, high, LAST, worth)
    ends = {"[": INCLUDED, "]": INCLUDED, "(": EXCLUDED, ")": EXCLUDED, "<": EDGE, ">": EDGE, "": EDGE}
    return Band(low, ends[match[1]], high, ends[match[4]], worth)


def _checklist(table: dict[str, Any], weight: Scaled, inputs: tuple[Input, ...], place: Place):
    check(table, {"items": list}, place)
    _no_inputs(inputs, place)
    items = [(label, points(worth, place)) for label, worth in _pairs(table["items"], "items", place)]
    total = add([worth for _, worth in items])
    if len(set(aligned(total, weight))) != 1:
        raise place.fault(f"各要点合计 {total} 分，与分值 {weight} 分不同")
    return Checklist(tuple(worth for _, worth in items)), tuple(
        Input(f"item{number}", label, YES_NO) for number, (label, _) in enumerate(items, start=1)
    )


def _cases(table: dict[str, Any], _weight: Scaled, inputs: tuple[Input, ...], place: Place):
    check(table, {"takes": str}, place)
    if len(inputs) != 1:
        raise place.fault("应只有一个输入：数目")
    return Cases(points(table["takes"], place)), inputs


def _quarterly(table: dict[str, Any], _weight: Scaled, inputs: tuple[Input, ...], place: Place):
    check(table, {"paces": TEXTS, "each": str, "average": str}, place)
    paces = tuple(_rate_limit(pace, place) for pace in table["paces"])
    if len(paces) != len(inputs) or not paces or any(not pace.units for pace in paces):
        raise place.fault("paces 应与输入一一对应，都大于 0")
    return Quarterly(paces, points(table["each"], place), points(table["average"], place)), inputs


def _judgement(table: dict[str, Any], weight: Scaled, inputs: tuple[Input, ...], place: Place):
    check(table, {"levels": list}, place, needed=())
    _no_inputs(inputs, place)
    levels = tuple((label, points(worth, place)) for label, worth in _pairs(table.get("levels", []), "levels", place))
    return Judgement(), (Input("points", "评定得分", POINTS, weight, levels),)


_Reader = Callable[[dict[str, Any], Scaled, tuple[Input, ...], Place], tuple[Rule, tuple[Input, ...]]]
_READERS: Mapping[Any, _Reader] = {
    "proportion": _proportion,
    "tiers": _tiers,
    "steps": _steps,
    "bands": _bands,
    "checklist": _checklist,
    "cases": _cases,
    "quarterly": _quarterly,
    "judgement": _judgement,
}


def _rate(text: str, inputs: tuple[Input, ...], place: Place) -> Expression:
    rate = expression(text)
    if set(rate.names) != {one.name for one in inputs}:
        raise place.fault(f"of “{text}”与 inputs 的名称不一致：{'、'.join(one.name for one in inputs)}")
    if rate.single and inputs[0].unit != PERCENT:
        raise place.fault(f"of “{text}”不是比率，输入的 unit 应是 %")
    return rate


def _rate_limit(text: Any, place: Place) -> Scaled:
    limit = quantity(text) if isinstance(text, str) else None
    if limit is None or limit.unit != PERCENT or limit.number.units < 0:
        raise place.fault(f'的界限 {text!r} 应写成带引号的百分数，例如 "90%"')
    return limit.number


def _pairs(pairs: list[Any], key: str, place: Place) -> list[list[Any]]:
    if not all(type(pair) is list and len(pair) == 2 and is_a(pair[0], str) for pair in pairs):
        raise place.fault(f'{key} 的每一项应是 ["…", "分"]')
    return pairs


def _both_zero(table: dict[str, Any], place: Place) -> str:
    value = table.get("both_zero", "error")
    _one_of(value, BOTH_ZERO, "both_zero", place)
    return value


def _one_of(value: str, known: tuple[str, ...], key: str, place: Place) -> None:
    if value not in known:
        raise place.fault(f"{key} “{value}”不认识，可用：{'、'.join(known)}")


def _no_inputs(inputs: tuple[Input, ...], place: Place) -> None:
    if inputs:
        raise place.fault("的输入由规则自己给出，不要另写 inputs")
