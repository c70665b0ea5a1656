"""A 评分标准 as a rule: ``100%计满分，每低于5%扣2分，扣完为止`` → Steps; what is judgement in words is Judgement.

Read clause by clause; a clause that is not understood is named and nothing is read. What the words leave open is no
part of the reading: the 口径 of ``conventions.PRINTED_OPTIONS`` are asked when a value is scored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from perfeval.arithmetic import ZERO, Scaled, add, aligned, times
from perfeval.ruletext.clauses import (
    ABOVE,
    BOTH,
    DAYS,
    DEFINES,
    DIGIT,
    MECHANICAL,
    OVERRUN,
    PARTLY,
    REFERENCES,
    SCORING,
    Clauses,
    gather,
    gather_preamble,
    is_free,
)
from perfeval.ruletext.formulas import RATE, definition, rate_input
from perfeval.ruletext.model import LONGEST, NotUnderstood, Reading
from perfeval.ruletext.rendered import rendered
from perfeval.ruletext.words import (
    NUMBER,
    REST,
    Award,
    Condition,
    condition,
    fragments,
    number,
    rate,
    same,
    sentence,
    spelled,
)
from perfeval.standards.rules import (
    EDGE,
    EXCLUDED,
    INCLUDED,
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
    Steps,
    Tier,
    Tiers,
)


@lru_cache(maxsize=2048)
def read(text: str, weight: Scaled, explanation: str = "") -> Reading:
    """The rule of a printed text for a weight; ``explanation`` is the 指标说明 that stands beside it ("" for none).

    Raises NotUnderstood (an InvalidValue) naming the clause and why.
    """
    if len(text) > LONGEST or len(explanation) > 4 * LONGEST:
        raise NotUnderstood(f"{text[:20]}…", "太长，读不了")
    known = rendered(text, weight)
    if known is not None:
        return known
    spelling = spelled(text)
    if not spelling:
        raise NotUnderstood("", "是空白")
    if not DIGIT.search(REFERENCES.sub("", spelling)) and not MECHANICAL.search(spelling):
        return _judgement(weight)
    spelling = _without_total(spelling, weight)
    parts = sentence(spelling)
    points = _checkpoints(parts.items, parts.preamble, weight, explanation)
    if points is not None:
        return points
    clauses = Clauses()
    try:
        if parts.preamble:
            gather_preamble(parts.preamble, weight, clauses)
        for item in parts.items:
            gather(item, weight, clauses)
        return _rule(spelling, clauses, weight, spelled(explanation))
    except NotUnderstood as error:
        if parts_of(text, weight):
            raise NotUnderstood(
                error.clause, f"是几个小项之一，各有各的计分办法（合计 {weight} 分），一行只能有一个；请把小项分成几行"
            ) from error
        raise


_FULL_OF_ITEM = re.compile(rf"(?:满?分值?|得|计|\()(?P<points>{NUMBER})分")


def parts_of(text: str, weight: Scaled) -> tuple[tuple[str, Scaled], ...]:
    """The 小项 of a text that scores several things apart, each with its points, which make the weight together; () for any
    other text."""
    items = sentence(_without_total(spelled(text), weight)).items
    worths = [match for item in items if (match := _FULL_OF_ITEM.search(item))]
    of_one_rate = [
        stated for match in worths if (stated := condition(match.string[: match.start()])) and not stated.subject
    ]
    if of_one_rate or not 1 < len(items) == len(worths):
        return ()
    points = [number(match["points"]) for match in worths]
    return tuple(zip(items, points, strict=True)) if same(add(points), weight) else ()


def _without_total(text: str, weight: Scaled) -> str:
    """The text without ``满分10分`` before it, which must be the weight."""
    match = re.match(rf"(?:本项|该项|本指标|此项)?(?:指标)?(?:满分|共|分值)[为:]?(?P<points>{NUMBER})分[;,:]", text)
    if match is None:
        return text
    if not same(number(match["points"]), weight):
        raise NotUnderstood(match[0].strip(";,:"), f"与分值 {weight} 分不同")
    return text[match.end() :]


# --- the rule that the clauses make ---


def _rule(text: str, clauses: Clauses, weight: Scaled, explanation: str) -> Reading:
    if clauses.met and not clauses.unmet and [(one[0], one[1].points) for one in clauses.awards] == [(REST, ZERO)]:
        clauses.unmet, clauses.awards = (clauses.awards[0][2], False, False), []
    if clauses.words and all(stated is REST for stated, _, _ in clauses.awards):
        clauses.words += [("其余", given, clause) for _, given, clause in clauses.awards]
        clauses.awards = []
    kinds = [
        bool(clauses.steps), bool(clauses.cases), clauses.formula is not None, bool(clauses.met or clauses.unmet),
    ]  # fmt: skip
    if sum(kinds) > 1:
        raise NotUnderstood(text[:40], "有几种计分办法，没有写明怎样合起来")
    if clauses.rounding and not clauses.steps:
        raise NotUnderstood(clauses.rounding[0][0], "没有写明扣分的档")
    if clauses.steps:
        return _steps(clauses, weight, explanation)
    if clauses.cases:
        return _cases(clauses, weight)
    if clauses.formula is not None:
        return _proportion(clauses, weight, explanation)
    if clauses.met or clauses.unmet:
        return _attainment(clauses)
    if clauses.awards:
        return _bands(clauses, weight, explanation)
    if clauses.words:
        return _of_words(clauses, weight)
    if clauses.ended or clauses.capped or clauses.base is not None:
        raise NotUnderstood(text[:40], "没有写怎样扣分")
    return _judgement(weight)


def _only(clauses: Clauses, *kept: str) -> None:
    """Refuses clauses that a rule of this kind has no place for."""
    names = {"judged": clauses.judged, "free": clauses.free, "words": [clause for _, _, clause in clauses.words]}
    for name, pieces in names.items():
        for piece in pieces:
            if name not in kept and not DEFINES.fullmatch(piece):
                raise NotUnderstood(piece, "不知道怎样计入得分")


def _steps(clauses: Clauses, weight: Scaled, explanation: str) -> Reading:
    _only(clauses)
    if len(clauses.steps) > 1:
        raise NotUnderstood(clauses.steps[1][0][0], "是第二个扣分档")
    step, starts = clauses.steps[0]
    if not clauses.awards:
        raise NotUnderstood(step[0], "没有写明什么得满分")
    full, *others = clauses.awards
    worth = _worth(full[1], weight, full[2])
    if not same(worth, weight):
        raise NotUnderstood(full[2], f"是 {worth} 分，与分值 {weight} 分不同")
    side = "both" if step["verb"] in BOTH else "above" if step["verb"] in ABOVE else "below"
    bound = _bound(full, side, step[0])
    if clauses.base is not None and not same(clauses.base, bound):
        raise NotUnderstood(full[2], f"与“以 {_percent(clauses.base)} 为标准”不同")
    if starts is not None:
        _check_start(starts, bound, side, step[0])
    each, takes = number(step["each"]), number(step["takes"])
    if not each.units or not takes.units:
        raise NotUnderstood(step[0], "的档是 0")
    rule = Steps(RATE, side, bound, Scaled(each.units, each.places + 2), step["unit"] != "%", takes, "error")
    rule = replace(rule, end=_end(others, rule, weight))
    subject = _subject([full[0], *(other[0] for other in others)])
    of = step["of"] or ""
    if of and subject and not (_alike(subject, of) or _is_short_for(of, subject)):
        raise NotUnderstood(f"{subject}、{of}", "不是同一个比率")
    subject = subject or of
    return _rated(rule, _roundings(clauses, each), subject, clauses, explanation)


def _bound(full: tuple[Condition, Award, str], side: str, step: str) -> Scaled:
    """Where full marks end, on the side on which points are taken."""
    stated, _, clause = full
    if stated.low is not None and stated.low == stated.high:
        return stated.low
    limit = stated.high if side == "above" else stated.low
    if side == "both" or limit is None or (stated.low is not None and stated.high is not None):
        raise NotUnderstood(f"{clause}，{step}", "方向相反或没有写明")
    return limit


def _check_start(starts: Condition, bound: Scaled, side: str, step: str) -> None:
    limit = starts.low if side == "above" else starts.high
    other = starts.high if side == "above" else starts.low
    if side == "both" or limit is None or other is not None or not same(limit, bound):
        raise NotUnderstood(step, "从哪里起扣与得满分的界限不同")


def _end(others: Sequence[tuple[Condition, Award, str]], rule: Steps, weight: Scaled) -> End | None:
    """The 不得分 that begins further out than the first step; one that leaves a step no value contradicts the steps."""
    if not others:
        return None
    if len(others) > 1 or rule.side == "both" or _worth(others[0][1], weight, others[0][2]).units:
        raise NotUnderstood(others[-1][2], "与扣分的档不能合起来")
    stated, _, clause = others[0]
    limit, end = (stated.low, stated.low_end) if rule.side == "above" else (stated.high, stated.high_end)
    if limit is None or (stated.high if rule.side == "above" else stated.low) is not None:
        raise NotUnderstood(clause, "与扣分的档方向相反")
    away, one = aligned(
        _difference(limit, rule.bound) if rule.side == "above" else _difference(rule.bound, limit), rule.each
    )
    if away < one or (away == one and end == INCLUDED):
        raise NotUnderstood(clause, "使扣分的档没有可用的值，自相矛盾")
    signs = {"above": "≥>", "below": "≤<"}[rule.side]
    return End(signs[end != INCLUDED], limit)


def _roundings(clauses: Clauses, each: Scaled) -> dict[str, str]:
    chosen = {}
    for rounding in clauses.rounding:
        for named in (rounding["each"], rounding["again"]):
            if named and not same(number(named), each):
                raise NotUnderstood(rounding[0], f"与每 {each} 的档不同")
        value = "floor" if rounding["floor"] else "ceil" if rounding["ceil"] else "linear"
        if chosen.setdefault("steps", value) != value:
            raise NotUnderstood(rounding[0], "与前面的说法不同")
    return chosen


def _cases(clauses: Clauses, weight: Scaled) -> Reading:
    _only(clauses, "free", "words")
    for _, points, clause in (*clauses.awards, *clauses.words):
        if not same(_worth(points, weight, clause), weight):
            raise NotUnderstood(clause, f"不是分值 {weight} 分")
    if clauses.awards or len(clauses.words) > 1:
        raise NotUnderstood((clauses.awards or clauses.words)[-1][2], "与每例扣分不能合起来")
    takes = {number(case["takes"]): case for case, _ in clauses.cases}
    if len(clauses.cases) > 1:
        raise NotUnderstood(clauses.cases[1][0][0], "是第二种扣分")
    (worth, case), words = next(iter(takes.items())), clauses.cases[0][1]
    if not worth.units:
        raise NotUnderstood(case[0], "扣 0 分")
    label = (case["words"] + case["verb"] + case["behind"]).strip(",的") or words or "扣分的情形"
    if case["unit"] in DAYS and OVERRUN.fullmatch(label):
        label = "超过时限"
    unit = case["unit"]
    counted = {"天": "天数", "日": "天数", "个工作日": "工作日数"}.get(unit, f"{unit}数")
    return Reading(Cases(worth), (Input("cases", f"{label}的{counted}", unit),))


def _proportion(clauses: Clauses, weight: Scaled, explanation: str) -> Reading:
    clauses.free = [piece for piece in clauses.free if not PARTLY.fullmatch(piece)]
    _only(clauses, "words")
    formula = clauses.formula
    assert formula is not None
    above = "cap" if clauses.capped else "refuse"
    for stated, points, clause in clauses.awards:
        worth = _worth(points, weight, clause)
        beyond = stated.low is not None and same(stated.low, Scaled(1, 0)) and stated.high is None
        if beyond and same(worth, weight):
            above = "cap"
        elif beyond and stated.low_end == EXCLUDED and not worth.units and above != "cap":
            above = "zero"
        elif stated.low != stated.high or not same(stated.low or ZERO, Scaled(1, 0)) or not same(worth, weight):
            raise NotUnderstood(clause, "与算式不能合起来")
    for words, points, clause in clauses.words:
        if not same(_worth(points, weight, clause), weight):
            zero = re.fullmatch(r"如?(?P<more>.+)(?:大于|超过|高于)(?P<less>.+)(?:,|的)*(?:本项)?", words)
            names = [one.label for one in formula.inputs]
            if zero is None or _worth(points, weight, clause).units or len(names) != 2 or above == "cap":
                raise NotUnderstood(clause, "与算式不能合起来")
            above = "zero"
    if formula.of.single:
        return _rated(Proportion(formula.of, above), {}, formula.subject, clauses, explanation)
    return Reading(Proportion(formula.of, above), formula.inputs, {}, formula.subject)


def _attainment(clauses: Clauses) -> Reading:
    _only(clauses)
    if not clauses.met:
        raise NotUnderstood(clauses.unmet[0] if clauses.unmet else "", "没有写达到时得满分")
    if clauses.awards or clauses.unmet is None:
        raise NotUnderstood(clauses.met, "没有写明没有达到时怎样计分")
    if clauses.unmet[2]:
        return _judgement_of_row()
    return Reading(Attainment(clauses.unmet[1]), ())


def _bands(clauses: Clauses, weight: Scaled, explanation: str) -> Reading:
    _only(clauses)
    if clauses.ended and (taken := [clause for _, points, clause in clauses.awards if points.off is not None]):
        raise NotUnderstood(taken[0], "又写扣完为止，没有写明每差多少扣")
    rest = [entry for entry in clauses.awards if entry[0] is REST]
    stated = [entry for entry in clauses.awards if entry[0] is not REST]
    if len(rest) > 1 or (rest and clauses.awards[-1] is not rest[0]):
        raise NotUnderstood(rest[-1][2], "应在最后")
    otherwise = _worth(rest[0][1], weight, rest[0][2]) if rest else None
    if not stated:
        raise NotUnderstood(rest[0][2], "没有别的档")
    for one, _, clause in stated:
        if one.bare and one.low not in (rate("0%"), rate("100%")):
            raise NotUnderstood(clause, "没有写明是大于、小于还是等于")
    _refuse_mixed(stated)
    bands = tuple(
        Band(one.low, one.low_end or EXCLUDED, one.high, one.high_end or EXCLUDED, _worth(points, weight, clause))
        for one, points, clause in stated
    )
    worths: list[Scaled] = [band.points for band in bands]
    best = max(worths if otherwise is None else [*worths, otherwise], key=float)
    if not same(best, weight):
        raise NotUnderstood(stated[0][2], f"等各档最高 {best} 分，不是分值 {weight} 分")
    bands = tuple(_settled(band, [other for other in bands if other is not band]) for band in bands)
    subject = _subject([one for one, _, _ in stated])
    listed = Bands(RATE, bands, otherwise)
    if otherwise is None and len(bands) > 2 and _complement(bands[-1], bands[-2]):
        tiers = _in_order(Bands(RATE, bands[:-1], bands[-1].points))
        if tiers is not None:
            return _rated(tiers, {}, subject, clauses, explanation)
    in_turn = Bands(RATE, _in_turn(bands), otherwise)
    rule = _in_order(listed) or _whole(in_turn) or _without_holes(in_turn)
    return _rated(rule, {}, subject, clauses, explanation)


def _refuse_mixed(stated: Sequence[tuple[Condition, Award, str]]) -> None:
    """``得8分`` beside ``得80%``: one of the two units is a slip, unless 分值 is written."""
    if any(points.points is not None and points.points.units for _, points, _ in stated):
        for _, points, clause in stated:
            if points.share is not None and not re.search("分值|权重|分数|满分", clause):
                raise NotUnderstood(clause, "是百分数，别的档是分数，没有写明是分值的百分之几")


def _settled(band: Band, others: Sequence[Band]) -> Band:
    """The band with its open ends decided where no other claims them, or another certainly owns them."""

    def end(limit: Scaled | None, mark: str) -> str:
        if mark != EDGE or limit is None:
            return mark
        claims = [_claims(other, limit) for other in others if not _goes_behind(other, band)]
        return EXCLUDED if INCLUDED in claims else EDGE if EDGE in claims else INCLUDED

    return band._replace(low_end=end(band.low, band.low_end), high_end=end(band.high, band.high_end))


def _goes_behind(other: Band, band: Band) -> bool:
    """Whether ``80%以上`` stands behind ``90%以上`` in one list: it is meant for what the better tier leaves."""
    sides = [(one.low is None, one.high is None) for one in (other, band)]
    return sides[0] == sides[1] and True in sides[0] and float(other.points) < float(band.points)


def _claims(band: Band, limit: Scaled) -> str:
    """Whether a band owns a limit: certainly (INCLUDED), perhaps (EDGE), or not (EXCLUDED)."""
    marks = [INCLUDED]
    for own, mark, sign in ((band.low, band.low_end, 1), (band.high, band.high_end, -1)):
        if own is not None:
            one, other = aligned(limit, own)
            if (one - other) * sign < 0:
                return EXCLUDED
            if one == other:
                marks.append(mark)
    return EXCLUDED if EXCLUDED in marks else INCLUDED if set(marks) == {INCLUDED} else EDGE


def _in_order(rule: Bands) -> Tiers | None:
    """``≥90%得10分；≥75%得7分；其余不得分``: limits on one side, from the best: the first that holds."""
    bands = rule.bands
    if len(bands) < 2 or rule.otherwise is None:
        return None
    falling = all(band.high is None and band.low is not None for band in bands)
    rising = all(band.low is None and band.high is not None for band in bands)
    limits = [float((band.low if falling else band.high) or ZERO) for band in bands]
    worths = [float(worth) for worth in (*(band.points for band in bands), rule.otherwise)]
    ordered = limits == sorted(set(limits), reverse=falling) and worths == sorted(set(worths), reverse=True)
    return (
        Tiers(rule.of, tuple(_tier(band) for band in bands), rule.otherwise, "error")
        if (falling or rising) and ordered
        else None
    )


def _in_turn(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    """``90%以上得10分；80%以上得8分``, from the best: each is for what the one before it leaves."""
    behind = {INCLUDED: EXCLUDED, EXCLUDED: INCLUDED, EDGE: EDGE}
    for falls in (True, False):
        places = [place for place, band in enumerate(bands) if (band.high if falls else band.low) is None]
        limits = [float((bands[place].low if falls else bands[place].high) or ZERO) for place in places]
        worths = [float(bands[place].points) for place in places]
        if limits != sorted(set(limits), reverse=falls) or worths != sorted(set(worths), reverse=True):
            continue
        cut = list(bands)
        for better, place in pairwise(places):
            one = bands[better]
            cut[place] = (
                bands[place]._replace(high=one.low, high_end=behind[one.low_end])
                if falls
                else bands[place]._replace(low=one.high, low_end=behind[one.high_end])
            )
        bands = tuple(cut)
    return bands


def _complement(one: Band, other: Band) -> bool:
    """``<70%`` behind ``≥70%``: all that the other leaves."""
    limits = (one.high, other.low) if one.low is None and other.high is None else (one.low, other.high)
    ends = (one.high_end, other.low_end) if one.low is None and other.high is None else (one.low_end, other.high_end)
    return None not in limits and same(*limits) and set(ends) == {INCLUDED, EXCLUDED}  # type: ignore[arg-type]


def _without_holes(rule: Bands) -> Bands:
    """The rest as bands beyond the others, where these leave a hole of at most one point (90%～94%, 95%～100%): who means
    the rest by 其余 does not mean 94.5%."""
    bands = sorted(rule.bands, key=lambda band: float("-inf") if band.low is None else float(band.low))
    holes = [
        above.low
        for below, above in pairwise(bands)
        if below.high is not None and above.low is not None and 0 < float(above.low) - float(below.high) < _HOLE
    ]
    if rule.otherwise is None or not holes:
        return rule
    first, last = bands[0], bands[-1]
    flipped = {INCLUDED: EXCLUDED, EXCLUDED: INCLUDED}
    beyond = []
    if first.low is not None and first.low_end in flipped:
        beyond.append(Band(None, EXCLUDED, first.low, flipped[first.low_end], rule.otherwise))
    if last.high is not None and last.high_end in flipped:
        beyond.append(Band(last.high, flipped[last.high_end], None, EXCLUDED, rule.otherwise))
    return Bands(rule.of, (*rule.bands, *beyond), None)


_HOLE = 0.01001


def _tier(band: Band) -> Tier:
    if band.high is None:
        assert band.low is not None
        return Tier("≥" if band.low_end == INCLUDED else ">", band.low, band.points)
    return Tier("≤" if band.high_end == INCLUDED else "<", band.high, band.points)


def _whole(rule: Bands) -> Tiers | None:
    """Bands that meet without a gap, from the best: tiers."""
    bands = sorted(rule.bands, key=lambda band: float("-inf") if band.low is None else float(band.low))
    for below, above in pairwise(bands):
        if below.high is None or above.low is None or not same(below.high, above.low):
            return None
        if {below.high_end, above.low_end} != {INCLUDED, EXCLUDED}:
            return None
    lowest, highest = bands[0], bands[-1]
    if float(lowest.points) <= float(highest.points) or len(bands) == 1:
        bands.reverse()
        if rule.otherwise is None and bands[-1].low is not None and len(bands) > 1:
            return None
        if bands[0].high is not None:
            return None
    elif bands[0].low is not None:
        return None
    return _tiers(rule, bands)


def _tiers(rule: Bands, bands: Sequence[Band]) -> Tiers | None:
    """Tiers from the best band on; the last band, or ``otherwise``, is the rest."""
    falling = bands[0].high is None
    last = bands[-1]
    is_open = (last.low if falling else last.high) is None
    if is_open == (rule.otherwise is not None) or (len(bands) == 1 and rule.otherwise is None):
        return None
    tiers = [_side_of(band, falling) for band in (bands[:-1] if is_open else bands)]
    rest = last.points if is_open else rule.otherwise
    return Tiers(rule.of, tuple(tiers), rest or ZERO, "error") if tiers else None


def _side_of(band: Band, falling: bool) -> Tier:
    limit, end = (band.low, band.low_end) if falling else (band.high, band.high_end)
    assert limit is not None
    return Tier(("≥>" if falling else "≤<")[end != INCLUDED], limit, band.points)


def _rated(
    rule: Proportion | Steps | Tiers | Bands,
    chosen: Mapping[str, str],
    subject: str,
    clauses: Clauses,
    explanation: str,
) -> Reading:
    """A rule over a rate; where the rate's formula is printed, over its amounts."""
    stated = [
        *clauses.defined,
        *(found for piece in fragments(explanation) if (found := definition(piece)) is not None),
    ]
    fitting = [
        one for one in stated if not subject or _alike(one.subject, subject) or _is_short_for(subject, one.subject)
    ]
    if len(fitting) == 1:
        one = fitting[0]
        return Reading(replace(rule, of=one.of), one.inputs, chosen, subject or one.subject)
    return Reading(rule, (rate_input(subject),), chosen, subject)


def _subject(conditions: Sequence[Condition]) -> str:
    """The name of the one rate that the conditions are of."""
    names = sorted({one.subject for one in conditions if one.subject}, key=len, reverse=True)
    for name in names[1:]:
        if not _alike(names[0], name) and not _is_short_for(name, names[0]):
            raise NotUnderstood(f"{names[0]}、{name}", "不是同一个比率")
    return names[0] if names else ""


_A_RATE = re.compile(r"(?:率|度|比例|比重|占比|进度)$")


def _alike(name: str, other: str) -> bool:
    """比率 and 编外人员控制率, 三公经费 and 三公经费变动率; 完成率 and 及时完成率 are two."""
    short, long = sorted((name, other), key=len)
    return short == long or "比率" in (name, other) or (long.startswith(short) and not _A_RATE.search(short))


def _is_short_for(name: str, other: str) -> bool:
    """``到位率`` after ``资金到位率``; 完成率 is a rate of its own."""
    return other.endswith(name) and name != "完成率"


def _worth(given: Award, weight: Scaled, clause: str) -> Scaled:
    if given.off is not None:
        kept, none = aligned(_difference(weight, given.off), ZERO)
        if kept < none:
            raise NotUnderstood(clause, f"扣 {given.off} 分，超过分值 {weight} 分")
        return _difference(weight, given.off)
    points = times(weight, given.share) if given.share is not None else weight if given.points is None else given.points
    most, worth = aligned(weight, points)
    if worth > most:
        raise NotUnderstood(clause, f"给 {points} 分，超过分值 {weight} 分")
    return points


# --- words ---

_EACH_POINT = re.compile(
    rf"每(?:一)?(?:个|项)?[^\d扣]{{0,12}}?(?:要点|要素|内容|条|项|点)(?:加|计|得)?(?P<points>{NUMBER})分"
)
_WORTH = re.compile(rf"[,:]?(?:的)?(?:\((?P<bracket>{NUMBER})分\)|(?:得|计)?(?P<bare>{NUMBER})分)$")
_OTHERWISE_NONE = re.compile(r"(?:反之|否则)(?:则)?(?:不计分|不得分|得0分)")


def _checkpoints(items: Sequence[str], preamble: str, weight: Scaled, explanation: str) -> Reading | None:
    """A list of points that hold or do not, each worth its part; None where the text is no such list."""
    each = _EACH_POINT.fullmatch(items[0]) if len(items) == 1 else None
    if each is not None:
        listed = sentence(spelled(explanation)).items
        if len(listed) < 2 or not same(add([number(each["points"])] * len(listed)), weight):
            raise NotUnderstood(items[0], f"与评价要点的个数合起来不是分值 {weight} 分")
        return _checklist([(_WORTH.sub("", item), number(each["points"])) for item in listed])
    last, _, each_of_them = items[-1].rpartition(";")
    if len(items) > 1 and last and (each := _EACH_POINT.fullmatch(each_of_them)):  # ①及时;②完整;每符合一项得2分
        listed = [*items[:-1], last]
        if not same(add([number(each["points"])] * len(listed)), weight):
            raise NotUnderstood(each_of_them, f"与 {len(listed)} 个要点合起来不是分值 {weight} 分")
        return _checklist([(item, number(each["points"])) for item in listed])
    whole = ";".join(items)
    items = [_strip_rest(item) for item in items]
    if len(items) < 2 or _OTHERWISE_NONE.sub("", whole).find("扣") >= 0 or (preamble and not is_free(preamble)):
        return None
    found = [(item, _WORTH.search(item)) for item in items]
    points = [(item[: match.start()], number(match["bracket"] or match["bare"])) for item, match in found if match]
    if len(points) < len(items) or any(SCORING.search(label) for label, _ in points):
        return None
    rates = [stated.subject for label, _ in points if (stated := condition(label)) is not None]
    are_bracketed = all(match["bracket"] for _, match in found if match)
    alike = any(
        not one or not other or _alike(one, other) for place, one in enumerate(rates) for other in rates[:place]
    )
    if alike or (not are_bracketed and any(map(_counts, (label for label, _ in points)))):
        return None  # tiers of one rate
    if not all(worth.units for _, worth in points) or not same(add([worth for _, worth in points]), weight):
        return None
    return None if _are_levels([label for label, _ in points]) else _checklist(points)


def _are_levels(labels: Sequence[str]) -> bool:
    """Whether words may be degrees of one thing: 完成, 基本完成. Then they do not add up."""
    return any(one in other for one in labels for other in labels if one is not other)


def _counts(label: str) -> bool:
    return DIGIT.search(REFERENCES.sub("", label)) is not None


def _strip_rest(item: str) -> str:
    return re.sub(rf"[;,]{_OTHERWISE_NONE.pattern}$", "", item).strip(";,")


def _checklist(points: Sequence[tuple[str, Scaled]]) -> Reading:
    inputs = tuple(Input(f"item{place}", label, YES_NO) for place, (label, _) in enumerate(points, start=1))
    return Reading(Checklist(tuple(worth for _, worth in points)), inputs)


def _of_words(clauses: Clauses, weight: Scaled) -> Reading:
    """Points for words: checkpoints where they add up to the weight, levels where the best is worth it."""
    points = [(words, _worth(given, weight, clause)) for words, given, clause in clauses.words]
    rest = [worth for words, worth in points if words in ("反之", "否则", "其余", "其他")]
    stated = [(words, worth) for words, worth in points if words not in ("反之", "否则", "其余", "其他")]
    total, best = add([worth for _, worth in stated]), max((worth for _, worth in stated), key=float, default=ZERO)
    if (
        len(stated) > 1
        and all(worth.units for _, worth in stated)
        and same(total, weight)
        and not any(r.units for r in rest)
    ):
        if clauses.judged:
            return _judgement(weight)
        if _are_levels([words for words, _ in stated]):
            raise NotUnderstood(clauses.words[0][2], "等是几个要点还是几档，没有写明")
        return _checklist(stated)
    if clauses.judged and float(best) < float(weight):
        return _judgement(weight)
    if same(best, weight):
        levels = tuple((words, worth) for words, worth in points if words)
        return _judgement(weight, levels if len(levels) > 1 and not clauses.judged else ())
    raise NotUnderstood(clauses.words[0][2], f"各项合计 {total} 分，与分值 {weight} 分不同")


def _judgement(weight: Scaled, levels: tuple[tuple[str, Scaled], ...] = ()) -> Reading:
    return Reading(Judgement(), (Input("points", "评定得分", POINTS, weight, levels),))


def _judgement_of_row() -> Reading:
    return Reading(Judgement(), (Input("points", "评定得分", POINTS),))


def _difference(one: Scaled, other: Scaled) -> Scaled:
    return add([one, Scaled(-other.units, other.places)])


def _percent(value: Scaled) -> str:
    return f"{Scaled(value.units * 100, value.places)}%"
