"""A 评分标准 as a rule: ``100%计满分，每低于5%扣2分，扣完为止`` → Steps; what is judgement in words is Judgement.

Read clause by clause; a clause that is not understood is named and nothing is read. What the words leave open is no
part of the reading: the 口径 of ``conventions.PRINTED_OPTIONS`` are asked when a value is scored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from perfeval.arithmetic import ZERO, Scaled, add, aligned, times
from perfeval.ruletext.formulas import Formula, definition, formula_of
from perfeval.ruletext.model import NotUnderstood, Reading
from perfeval.ruletext.rendered import rendered
from perfeval.ruletext.words import (
    COUNT,
    LONGEST,
    NUMBER,
    REST,
    Award,
    Condition,
    award,
    condition,
    fragments,
    is_long,
    number,
    rate,
    sentence,
    spelled,
)
from perfeval.standards.expressions import Expression, expression
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

# --- clauses that are not conditions with points ---

_ABOVE = "超过 超出 高于 高出 超 增加 上升 增长 提高".split()
_BELOW = "低于 降低 下降 减少 少于 少 低".split()
_BOTH = "超过(降低) 超过(低于) 超出(低于) 高于(低于) 超过或低于 高于或低于 超过或降低 增减 相差 偏离 偏差 上下浮动 浮动".split()
_VERB = "|".join(sorted(map(re.escape, (*_ABOVE, *_BELOW, *_BOTH)), key=len, reverse=True))
_TAKES = rf"(?:则|相应|再)?扣(?:减|除|罚|去)?(?P<takes>{NUMBER})分"
_STEP = re.compile(
    rf"(?P<every>每)?(?:再)?(?P<verb>{_VERB})(?:了|标准|目标值?|标准值)?(?P<each>{COUNT})(?P<unit>个?百分点|%)(?:的|时)?{_TAKES}(?:的)?"
)
_CASE_UNITS = "项|例|次|处|个|起|件|条|人次|人|宗|家|笔|份|天|日|户|批|场|篇|类"
_CASE = re.compile(
    rf"(?P<words>[^\d%<>≤≥=扣]{{0,60}}?)(?:每)?(?P<verb>[^\d%<>≤≥=扣]{{0,16}}?)(?:一|1)(?P<unit>个工作日|{_CASE_UNITS})"
    rf"(?P<behind>[^\d%<>≤≥=扣]{{0,40}}?)(?:的)?{_TAKES}(?:的)?"
)
_OVER = re.compile(r"[超高低降增][过出于低长加]?$|超|提前")  # every … beyond a base is a step, not a case
_UNTIL_NONE = re.compile(
    rf"(?:直至|直到)?扣(?:完|至)(?P<points>{NUMBER})分为止|(?:直至|直到)?扣(?:完|光)(?:本?[项指标该]{{0,4}}(?:全部)?分值|本项分|全部分值)?为止|扣至0分(?:为止)?|"
    rf"(?:直至|直到)(?P<other>{NUMBER})分扣完(?:为止)?|最低(?:为|得)?0分|(?:直至|直到)扣完(?:为止)?"
)
_CAP = re.compile(
    rf"(?:得分)?(?:最高|最多)(?:得|为|加至|不超过|不得超过)?(?:(?P<points>{NUMBER})分|本?该?项?(?:指标)?(?:满分|分值|权重)(?:上限|总额)?)|"
    r"(?:得分)?(?:以|按)满分为(?:限|上限)|(?:得分)?不(?:得)?(?:超过|突破)(?:该?项?(?:指标)?)?(?:满分|分值|权重)(?:上限|总额)?|加满为止|"
    r"加到满分为止|(?:得分)?封顶|超过100%(?:的|时)?,?(?:按|以)100%(?:计算|计|计分)|超过100%得满分"
)
_ROUNDING = re.compile(
    rf"(?:不满|不足|未满)(?:一档|(?P<each>{COUNT})(?P<unit>个?百分点|%))的?(?:"
    rf"(?P<floor>不扣分?|不予扣分)|按(?:一档|(?P<again>{COUNT})(?:个?百分点|%))(?P<ceil>计算|计|扣|扣分|计扣)|(?P<linear>按比例扣减?分?))"
)
_BASE = re.compile(rf"以(?P<limit>{NUMBER}%)为(?:标准|基准|目标)")
_HARMLESS = re.compile(
    r"(?:按|根据)?(?:以下|下列|如下)?(?:标准|规则|办法)?(?:分档|分段)?(?:计分|评分|打分)?(?:标准|规则|如下)?[:]?|注|其中|具体(?:如下)?|(?:根据|结合|按照?)实际情况(?:进行)?(?:评分|打分)"
)
_PARTLY = re.compile(r"(?:部分)?[^\d,;]{0,16}(?:未|没有)[^\d,;]{0,10}完成的?")
_DEFINES = re.compile(r"[^\d=]{1,40}(?:是指|系指|指的是|指).{1,200}")
_TARGET = "(?:年度|年初|绩效|预期|计划|规定|设定|既定)?(?:指标值|目标值|目标|指标|计划)"
_MET = re.compile(rf"(?:完成值)?(?:达到|完成|实现|达成)(?:或超过)?{_TARGET}(?:要求)?(?:的|时)?,?")
_UNMET = re.compile(rf"(?:未|没有)(?:达到|完成|实现|达成)(?:{_TARGET})?(?:要求)?(?:的|时)?,?(?P<how>.*)")
_IN_PROPORTION = re.compile(
    r"(?:则|均|应)?(?:按|按照)(?:照)?(?P<letters>[BA]/[AB](?:或[AB]/[AB])?)?(?:实际)?(?:完成(?:值|情况|程度)?(?:与|占|÷|/)(?:年度)?(?:指标|目标)值的?)?"
    r"(?:完成)?(?:的)?(?:比例|比率)?(?:[*×]?(?:该?项?指标)?(?:分值|权重|满分))?(?:比例)?(?:计算)?(?:计分|得分|记分|计算|计算得分|赋分|给分)?(?:的)?"
)
_UNDER = re.compile(r"(.+?)(?:的)?(按.*)")
_FREE = re.compile(
    r"(?:酌情|适当|视情|相应|按情节|视情节|根据情况).{0,12}(?:扣分|减分|给分|计分|评分|得分)?|不.{0,10}扣分"
)
_SCORING = re.compile(
    r"扣|得分|计分|评分|给分|打分|加分|减分|分值|满分|得\d|计\d|\d分|不得|不予|不计|倍|折算|按比例|封顶|上限|最高|最低|最多|至少|否决|除外|否则|反之"
)
_MECHANICAL = re.compile(
    r"满分|不得分|不计分|比例|比率|每|扣完|[一两三四五六七八九十](?:分|个百分点|项扣|例扣|次扣)|扣[一二三四五六七八九十]"
)
_DIGIT = re.compile(r"[\d%<>≤≥=]|百分之|[一二三四五六七八九]成")
_REFERENCES = re.compile(r"《[^》]*》|〔\d+〕\d*号?|\[\d+\]\d*号?|(?:19|20)\d\d年度?|\(试行\)|100%$")

RATE: Expression = expression("rate")


@dataclass(slots=True)
class _Clauses:
    """What the clauses of a rule said, before it is one rule."""

    awards: list[tuple[Condition, Award, str]] = field(default_factory=list)
    words: list[tuple[str, Award, str]] = field(default_factory=list)
    steps: list[tuple[re.Match[str], Condition | None]] = field(default_factory=list)
    cases: list[tuple[re.Match[str], str]] = field(default_factory=list)
    formula: Formula | None = None
    defined: list[Formula] = field(default_factory=list)
    base: Scaled | None = None
    capped: str = ""
    zero_above: str = ""
    is_relative: bool = False
    met: str = ""
    unmet: tuple[str, bool, bool] | None = None  # clause, in proportion, 扣分 by judgement
    rounding: list[re.Match[str]] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)
    free: list[str] = field(default_factory=list)
    ended: bool = False


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
    if not _DIGIT.search(_REFERENCES.sub("", spelling)) and not _MECHANICAL.search(spelling):
        return _judgement(weight)
    parts = sentence(spelling)
    points = _checkpoints(parts.items, parts.preamble, weight, explanation)
    if points is not None:
        return points
    clauses = _Clauses()
    if parts.preamble:
        _preamble(parts.preamble, clauses)
    for item in parts.items:
        _clauses(item, weight, clauses)
    return _rule(spelling, clauses, weight, spelled(explanation))


def _preamble(text: str, clauses: _Clauses) -> None:
    """What stands before a list: words without any number or scoring, or clauses of their own."""
    bare = _REFERENCES.sub("", text).replace("分档计分", "")
    if _DIGIT.search(bare) or _SCORING.search(bare):
        for fragment in fragments(text):
            _DEFINES.fullmatch(fragment) or _clauses(fragment, ZERO, clauses)


# --- clause by clause ---


def _clauses(text: str, weight: Scaled, clauses: _Clauses) -> None:
    pending: tuple[Condition, str] | None = None
    words: list[str] = []
    pieces = _joined(fragments(text))
    for place, piece in enumerate(pieces):
        if is_long(piece):
            if not _is_free(piece):
                raise NotUnderstood(f"{piece[:40]}…", "太长，没有读懂")
            words.append(piece)
            continue
        stated = condition(piece)
        if stated is not None:
            if pending is not None:
                raise NotUnderstood(f"{pending[1]}，{piece}")
            pending = (stated, piece)
            continue
        given = award(piece)
        if given is not None:
            pending = _award(piece, given, pending, words, clauses, place)
            words = []
            continue
        under = _UNDER.fullmatch(piece)
        if (
            under is not None
            and pending is None
            and (stated := condition(under[1])) is not None
            and _in_proportion(under[2])
        ):
            _proportion_under(stated, under[2], clauses)
            continue
        step = _STEP.fullmatch(piece)
        if step is not None and (step["every"] or number(step["each"]) == Scaled(1, 0)):
            clauses.steps.append((step, pending[0] if pending else None))
            pending = None
            continue
        if pending is not None:
            if clauses.steps or not _in_proportion(piece):
                raise NotUnderstood(f"{pending[1]}，{piece}")
            _proportion_under(pending[0], piece, clauses)
            pending = None
            continue
        words = _other(piece, words, weight, clauses)
    if pending is not None:
        raise NotUnderstood(pending[1], "没有写得几分")
    clauses.free += words


def _joined(pieces: list[str]) -> list[str]:
    """``每超过5%``, ``扣1分`` → one piece; ``未达到的``, ``按比例得分`` too."""
    joined: list[str] = []
    for piece in pieces:
        before = joined[-1] if joined else ""
        counts = re.match(r"(?:则|相应)?扣(?:减|除)?\d", piece) and "扣" not in before and re.search(r"[每一1]", before)
        if counts or (re.fullmatch(r"(?:未|没有)(?:达到|完成|实现).{0,8}", before) and not award(before)):
            joined[-1] = before + piece
        else:
            joined.append(piece)
    return joined


def _award(
    piece: str,
    given: tuple[str, Award],
    pending: tuple[Condition, str] | None,
    words: list[str],
    clauses: _Clauses,
    place: int,
) -> None:
    before, points = given
    before = re.sub(r"(?:的|时|,)+$", "", before)
    own = condition(before) if before else None
    if pending is not None:
        if before:
            raise NotUnderstood(f"{pending[1]}，{piece}")
        clauses.awards.append((pending[0], points, f"{pending[1]}，{piece}"))
    elif own is not None:
        clauses.awards.append((own, points, piece))
    elif _MET.fullmatch(before):
        if points != Award(None):
            raise NotUnderstood(piece, "不是满分")
        clauses.met = piece
    elif clauses.met and (unmet := _UNMET.fullmatch(before)) and not unmet["how"] and points.points == ZERO:
        clauses.unmet = (piece, False, False)
    else:
        if _DIGIT.search(_REFERENCES.sub("", before)) or re.search(r"每|扣|加\d", before):
            raise NotUnderstood(piece)
        clauses.words.append((",".join((*words, before)).strip(","), points, piece))


def _other(piece: str, words: list[str], weight: Scaled, clauses: _Clauses) -> list[str]:
    """A clause that is neither a condition nor points nor a step; free words are handed on."""
    until = _UNTIL_NONE.fullmatch(piece)
    if until is not None:
        named = until["points"] or until["other"]
        if named and weight.units and not _same(number(named), weight):
            raise NotUnderstood(piece, f"与分值 {weight} 分不同")
        clauses.ended = True
    elif (cap := _CAP.fullmatch(piece)) is not None:
        if cap["points"] and weight.units and not _same(number(cap["points"]), weight):
            raise NotUnderstood(piece, f"与分值 {weight} 分不同")
        clauses.capped = piece
    elif (rounding := _ROUNDING.fullmatch(piece)) is not None:
        clauses.rounding.append(rounding)
    elif (base := _BASE.fullmatch(piece)) is not None:
        clauses.base = rate(base["limit"])
    elif (formula := formula_of(piece, weight)) is not None:
        if clauses.formula is not None:
            raise NotUnderstood(piece, "是第二个算式")
        clauses.formula = formula
    elif (defined := definition(piece)) is not None:
        clauses.defined.append(defined)
    elif (unmet := _UNMET.fullmatch(piece)) is not None and unmet["how"]:
        if _in_proportion(unmet["how"]):
            clauses.unmet = (piece, True, False)
        elif _FREE.fullmatch(unmet["how"]):
            clauses.unmet = (piece, False, True)
        else:
            raise NotUnderstood(piece)
    elif (case := _CASE.fullmatch(piece)) is not None and not _OVER.search(case["verb"] + case["words"][-3:]):
        clauses.cases.append((case, ",".join(words)))
        return []
    elif _FREE.search(piece) and not _DIGIT.search(piece):
        clauses.judged.append(piece)
    elif _HARMLESS.fullmatch(piece):
        pass
    elif _is_free(piece):
        return [*words, piece]
    else:
        raise NotUnderstood(piece)
    return words


def _is_free(piece: str) -> bool:
    """Words that say nothing of scoring."""
    bare = _REFERENCES.sub("", piece)
    return not _DIGIT.search(bare) and not _SCORING.search(re.sub("分档计分|分别|部分|充分|评分标准", "", bare))


def _in_proportion(text: str) -> bool:
    return _IN_PROPORTION.fullmatch(text) is not None and bool(re.search("比例|比率|[AB]/[AB]", text))


def _proportion_under(stated: Condition, piece: str, clauses: _Clauses) -> None:
    """``低于100%的，按比例得分``: of 100% the rate is its own share; of another limit two shares are meant as well."""
    if stated.high is None or not _same(stated.high, Scaled(1, 0)) or stated.low is not None:
        raise NotUnderstood(piece, "没有写明按什么的比例")
    if clauses.formula is not None:
        raise NotUnderstood(piece, "是第二个算式")
    clauses.formula = Formula(stated.subject, RATE, (_rate_input(stated.subject),))


# --- the rule that the clauses make ---


def _rule(text: str, clauses: _Clauses, weight: Scaled, explanation: str) -> Reading:
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


def _only(clauses: _Clauses, *kept: str) -> None:
    """Refuses clauses that a rule of this kind has no place for."""
    names = {"judged": clauses.judged, "free": clauses.free, "words": [clause for _, _, clause in clauses.words]}
    for name, pieces in names.items():
        for piece in pieces:
            if name not in kept and not _DEFINES.fullmatch(piece):
                raise NotUnderstood(piece, "不知道怎样计入得分")


def _steps(clauses: _Clauses, weight: Scaled, explanation: str) -> Reading:
    _only(clauses)
    if len(clauses.steps) > 1:
        raise NotUnderstood(clauses.steps[1][0][0], "是第二个扣分档")
    step, starts = clauses.steps[0]
    if not clauses.awards:
        raise NotUnderstood(step[0], "没有写明什么得满分")
    full, *others = clauses.awards
    worth = _worth(full[1], weight, full[2])
    if not _same(worth, weight):
        raise NotUnderstood(full[2], f"是 {worth} 分，与分值 {weight} 分不同")
    side = "both" if step["verb"] in _BOTH else "above" if step["verb"] in _ABOVE else "below"
    bound = _bound(full, side, step[0])
    if clauses.base is not None and not _same(clauses.base, bound):
        raise NotUnderstood(full[2], f"与“以 {_percent(clauses.base)} 为标准”不同")
    if starts is not None:
        _check_start(starts, bound, side, step[0])
    each, takes = number(step["each"]), number(step["takes"])
    if not each.units or not takes.units:
        raise NotUnderstood(step[0], "的档是 0")
    rule = Steps(RATE, side, bound, Scaled(each.units, each.places + 2), step["unit"] != "%", takes, "error")
    rule = replace(rule, end=_end(others, rule, weight))
    subject = _subject([full[0], *(other[0] for other in others)])
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
    if side == "both" or limit is None or other is not None or not _same(limit, bound):
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


def _roundings(clauses: _Clauses, each: Scaled) -> dict[str, str]:
    chosen = {}
    for rounding in clauses.rounding:
        for named in (rounding["each"], rounding["again"]):
            if named and not _same(number(named), each):
                raise NotUnderstood(rounding[0], f"与每 {each} 的档不同")
        value = "floor" if rounding["floor"] else "ceil" if rounding["ceil"] else "linear"
        if chosen.setdefault("steps", value) != value:
            raise NotUnderstood(rounding[0], "与前面的说法不同")
    return chosen


def _cases(clauses: _Clauses, weight: Scaled) -> Reading:
    _only(clauses, "free", "words")
    for _, points, clause in (*clauses.awards, *clauses.words):
        if not _same(_worth(points, weight, clause), weight):
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
    unit = case["unit"]
    return Reading(Cases(worth), (Input("cases", f"{label}的{'天数' if unit in '天日' else unit + '数'}", unit),))


def _proportion(clauses: _Clauses, weight: Scaled, explanation: str) -> Reading:
    clauses.free = [piece for piece in clauses.free if not _PARTLY.fullmatch(piece)]
    _only(clauses, "words")
    formula = clauses.formula
    assert formula is not None
    above = "cap" if clauses.capped else "refuse"
    for stated, points, clause in clauses.awards:
        worth = _worth(points, weight, clause)
        beyond = stated.low is not None and _same(stated.low, Scaled(1, 0)) and stated.high is None
        if beyond and _same(worth, weight):
            above = "cap"
        elif beyond and stated.low_end == EXCLUDED and not worth.units and above != "cap":
            above = "zero"
        elif not (stated.exact and _same(stated.low or ZERO, Scaled(1, 0)) and _same(worth, weight)):
            raise NotUnderstood(clause, "与算式不能合起来")
    for words, points, clause in clauses.words:
        if not _same(_worth(points, weight, clause), weight):
            zero = re.fullmatch(r"如?(?P<more>.+)(?:大于|超过|高于)(?P<less>.+)(?:,|的)*(?:本项)?", words)
            names = [one.label for one in formula.inputs]
            if zero is None or _worth(points, weight, clause).units or len(names) != 2 or above == "cap":
                raise NotUnderstood(clause, "与算式不能合起来")
            above = "zero"
    if formula.of.single:
        return _rated(Proportion(formula.of, above), {}, formula.subject, clauses, explanation)
    return Reading(Proportion(formula.of, above), formula.inputs, {}, formula.subject)


def _attainment(clauses: _Clauses) -> Reading:
    _only(clauses)
    if not clauses.met:
        raise NotUnderstood(clauses.unmet[0] if clauses.unmet else "", "没有写达到时得满分")
    if clauses.awards or clauses.unmet is None:
        raise NotUnderstood(clauses.met, "没有写明没有达到时怎样计分")
    if clauses.unmet[2]:
        return _judgement_of_row()
    return Reading(Attainment(clauses.unmet[1]), ())


def _bands(clauses: _Clauses, weight: Scaled, explanation: str) -> Reading:
    _only(clauses)
    rest = [entry for entry in clauses.awards if entry[0] is REST]
    stated = [entry for entry in clauses.awards if entry[0] is not REST]
    if len(rest) > 1 or (rest and clauses.awards[-1] is not rest[0]):
        raise NotUnderstood(rest[-1][2], "应在最后")
    otherwise = _worth(rest[0][1], weight, rest[0][2]) if rest else None
    if not stated:
        raise NotUnderstood(rest[0][2], "没有别的档")
    bands = tuple(
        Band(one.low, one.low_end or EXCLUDED, one.high, one.high_end or EXCLUDED, _worth(points, weight, clause))
        for one, points, clause in stated
    )
    best = max((*(band.points for band in bands), *([otherwise] if otherwise else [])), key=float)
    if not _same(best, weight):
        raise NotUnderstood(stated[0][2], f"等各档最高 {best} 分，不是分值 {weight} 分")
    bands = tuple(_settled(band, [other for other in bands if other is not band]) for band in bands)
    subject = _subject([one for one, _, _ in stated])
    rule = (
        _in_order(Bands(RATE, bands, otherwise))
        or _whole(Bands(RATE, bands, otherwise))
        or Bands(RATE, bands, otherwise)
    )
    return _rated(rule, {}, subject, clauses, explanation)


def _settled(band: Band, others: Sequence[Band]) -> Band:
    """The band with its open ends decided where no other claims them, or another certainly owns them."""

    def end(limit: Scaled | None, mark: str) -> str:
        if mark != EDGE or limit is None:
            return mark
        claims = [_claims(other, limit) for other in others]
        return EXCLUDED if INCLUDED in claims else EDGE if EDGE in claims else INCLUDED

    return band._replace(low_end=end(band.low, band.low_end), high_end=end(band.high, band.high_end))


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


def _tier(band: Band) -> Tier:
    if band.high is None:
        assert band.low is not None
        return Tier("≥" if band.low_end == INCLUDED else ">", band.low, band.points)
    return Tier("≤" if band.high_end == INCLUDED else "<", band.high, band.points)


def _whole(rule: Bands) -> Tiers | None:
    """Bands that meet without a gap, from the best: tiers."""
    bands = sorted(rule.bands, key=lambda band: float("-inf") if band.low is None else float(band.low))
    for below, above in pairwise(bands):
        if below.high is None or above.low is None or not _same(below.high, above.low):
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
    clauses: _Clauses,
    explanation: str,
) -> Reading:
    """A rule over a rate; where the rate's formula is printed, over its amounts."""
    stated = [
        *clauses.defined,
        *(found for piece in fragments(explanation) if (found := definition(piece)) is not None),
    ]
    fitting = [one for one in stated if not subject or _alike(one.subject, subject)]
    if len(fitting) == 1:
        one = fitting[0]
        return Reading(replace(rule, of=one.of), one.inputs, chosen, subject or one.subject)
    return Reading(rule, (_rate_input(subject),), chosen, subject)


def _rate_input(subject: str) -> Input:
    return Input("rate", subject or "比率", "%")


def _subject(conditions: Sequence[Condition]) -> str:
    """The name of the one rate that the conditions are of."""
    names = sorted({one.subject for one in conditions if one.subject}, key=len, reverse=True)
    for name in names[1:]:
        if not _alike(names[0], name):
            raise NotUnderstood(f"{names[0]}、{name}", "不是同一个比率")
    return names[0] if names else ""


def _alike(name: str, other: str) -> bool:
    """比率 and 编外人员控制率, 三公经费 and 三公经费变动率."""
    return (
        name == other
        or "比率" in (name, other)
        or name.endswith(other)
        or other.endswith(name)
        or name.startswith(other)
    )


def _worth(given: Award, weight: Scaled, clause: str) -> Scaled:
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
        if len(listed) < 2 or not _same(add([number(each["points"])] * len(listed)), weight):
            raise NotUnderstood(items[0], f"与评价要点的个数合起来不是分值 {weight} 分")
        return _checklist([(_WORTH.sub("", item), number(each["points"])) for item in listed])
    whole = ";".join(items)
    items = [_strip_rest(item) for item in items]
    if len(items) < 2 or _OTHERWISE_NONE.sub("", whole).find("扣") >= 0 or (preamble and not _is_free(preamble)):
        return None
    found = [(item, _WORTH.search(item)) for item in items]
    points = [(item[: match.start()], number(match["bracket"] or match["bare"])) for item, match in found if match]
    if len(points) < len(items) or any(_SCORING.search(label) for label, _ in points):
        return None
    rates = [stated.subject for label, _ in points if (stated := condition(label)) is not None]
    are_bracketed = all(match["bracket"] for _, match in found if match)
    alike = any(
        not one or not other or _alike(one, other) for place, one in enumerate(rates) for other in rates[:place]
    )
    if alike or (not are_bracketed and any(map(_counts, (label for label, _ in points)))):
        return None  # tiers of one rate
    if not all(worth.units for _, worth in points) or not _same(add([worth for _, worth in points]), weight):
        return None
    return _checklist(points)


def _counts(label: str) -> bool:
    return _DIGIT.search(_REFERENCES.sub("", label)) is not None


def _strip_rest(item: str) -> str:
    return re.sub(rf"[;,]{_OTHERWISE_NONE.pattern}$", "", item).strip(";,")


def _checklist(points: Sequence[tuple[str, Scaled]]) -> Reading:
    inputs = tuple(Input(f"item{place}", label, YES_NO) for place, (label, _) in enumerate(points, start=1))
    return Reading(Checklist(tuple(worth for _, worth in points)), inputs)


def _of_words(clauses: _Clauses, weight: Scaled) -> Reading:
    """Points for words: checkpoints where they add up to the weight, levels where the best is worth it."""
    points = [(words, _worth(given, weight, clause)) for words, given, clause in clauses.words]
    rest = [worth for words, worth in points if words in ("反之", "否则", "其余", "其他")]
    stated = [(words, worth) for words, worth in points if words not in ("反之", "否则", "其余", "其他")]
    total, best = add([worth for _, worth in stated]), max((worth for _, worth in stated), key=float, default=ZERO)
    if (
        len(stated) > 1
        and all(worth.units for _, worth in stated)
        and _same(total, weight)
        and not any(r.units for r in rest)
    ):
        if clauses.judged:
            return _judgement(weight)
        return _checklist(stated)
    if _same(best, weight):
        levels = tuple((words, worth) for words, worth in points if words)
        return _judgement(weight, levels if len(levels) > 1 and not clauses.judged else ())
    raise NotUnderstood(clauses.words[0][2], f"各项合计 {total} 分，与分值 {weight} 分不同")


def _judgement(weight: Scaled, levels: tuple[tuple[str, Scaled], ...] = ()) -> Reading:
    return Reading(Judgement(), (Input("points", "评定得分", POINTS, weight, levels),))


def _judgement_of_row() -> Reading:
    return Reading(Judgement(), (Input("points", "评定得分", POINTS),))


def _same(one: Scaled, other: Scaled) -> bool:
    return len(set(aligned(one, other))) == 1


def _difference(one: Scaled, other: Scaled) -> Scaled:
    return add([one, Scaled(-other.units, other.places)])


def _percent(value: Scaled) -> str:
    return f"{Scaled(value.units * 100, value.places)}%"
