"""The clauses of a printed rule: each fragment matched whole as a condition with points, a step, cases, a formula, words …"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from perfeval.arithmetic import ZERO, Scaled
from perfeval.ruletext.formulas import RATE, Formula, definition, formula_of, rate_input
from perfeval.ruletext.model import NotUnderstood
from perfeval.ruletext.words import (
    COUNT,
    NUMBER,
    Award,
    Condition,
    award,
    condition,
    deduction,
    fragments,
    is_long,
    number,
    rate,
    same,
)
from perfeval.standards.rules import INCLUDED

# --- clauses that are not conditions with points ---

ABOVE = "超过 超出 超支 高于 高出 超 增加 上升 增长 提高".split()
_BELOW = "低于 降低 下降 减少 少完成 少于 少 低 降".split()
BOTH = "超过(降低) 超过(低于) 超出(低于) 高于(低于) 超过或低于 高于或低于 超过或降低 增减 相差 偏离 偏差 上下浮动 浮动".split()
_VERB = "|".join(sorted(map(re.escape, (*ABOVE, *_BELOW, *BOTH)), key=len, reverse=True))
_TAKES = rf"(?:则|相应|再)?扣(?:减|除|罚|去)?(?P<takes>{NUMBER})分"
_STEP = re.compile(
    rf"(?P<of>[^\d%每扣<>≤≥=]{{0,16}}(?:率|度|比例|比重|占比|进度|比率))?(?P<every>每)?(?:再)?(?P<verb>{_VERB})(?:了)?(?P<each>{COUNT})(?P<unit>个?百分点|%)(?:的|时)?{_TAKES}(?:的)?"
)
_CASE_UNITS = "项|例|次|处|个|起|件|条|人次|人|宗|家|笔|份|天|日|户|批|场|篇|类"
_CASE = re.compile(
    rf"(?P<words>[^\d%<>≤≥=扣]{{0,60}}?)(?:每)?(?P<verb>[^\d%<>≤≥=扣]{{0,16}}?)(?:一|1|每)(?P<unit>个工作日|{_CASE_UNITS})(?!百分点|点)"
    rf"(?P<behind>[^\d%<>≤≥=扣]{{0,40}}?)(?:的)?{_TAKES}(?:的)?"
)
_OVER = re.compile("低于|高于|超|少于|多于|降低|下降|增长|提高|上升|增加|减少|相差|偏离|提前")  # from a base: no case
OVERRUN = re.compile("超(?:过|出|期|时)?")  # of days: beyond the deadline that was set
DAYS = frozenset({"天", "日", "个工作日"})
_UNTIL_NONE = re.compile(
    rf"(?:直至|直到)?扣(?:完|至)(?P<points>(?!0分){NUMBER})分为止|(?:直至|直到)?扣(?:完|光)(?:本?[项指标该]{{0,4}}(?:全部)?分值|本项分|全部分值)?为止|(?:直至|直到)?扣至0分(?:为止)?|"
    rf"(?:直至|直到)扣完(?:该|本)(?:项|指标)(?:指标)?(?:分值|分数|得分|满分)|(?:直至|直到)(?:该|本)(?:项|指标)(?:指标)?(?:分值|分数|得分|满分)?扣(?:完|光)(?:为止)?|(?:直至|直到)(?P<other>{NUMBER})分扣完(?:为止)?|最低(?:为|得)?0分|不(?:计|得)负分|不倒扣|(?:直至|直到)扣完(?:为止)?"
)
_CAP = re.compile(
    rf"(?:得分)?(?:最高|最多)(?:得|为|加至|不超过|不得超过)?(?:(?P<points>{NUMBER})分|本?该?项?(?:指标)?(?:满分|分值|权重)(?:上限|总额)?)|"
    r"(?:得分)?(?:以|按)满分为(?:限|上限)|(?:得分)?(?:最高)?不(?:得)?(?:超过|突破)(?:该?项?(?:指标)?)?(?:满分|分值|权重)(?:上限|总额)?|加满为止|"
    rf"超过(?P<beyond>{NUMBER})分(?:的|时)?,?(?:按|以)(?P<again>{NUMBER})分(?:计算|计分|计)|"
    r"加到满分为止|(?:得分)?封顶|超过100%(?:的|时)?,?(?:按|以)(?:100%|满分)(?:计算|计分|计|得分)|超过100%得满分"
)
_ROUNDING = re.compile(
    rf"(?:不满|不足|未满)(?:一档|(?P<each>{COUNT})(?P<unit>个?百分点|%))的?(?:"
    rf"(?P<floor>不扣分?|不予扣分)|按(?:一档|(?P<again>{COUNT})(?:个?百分点|%))(?P<ceil>计算|计|扣|扣分|计扣)|(?P<linear>按比例扣减?分?))"
)
_BASE = re.compile(rf"以(?P<limit>{NUMBER}%)为(?:标准|基准|目标)值?")
_OF_BASE = re.compile(r"(?:达到|完成)(?:或超过)?(?:标准|基准|目标)值?")
_HARMLESS = re.compile(
    r"(?:按|根据)?(?:以下|下列|如下)?(?:标准|规则|办法)?(?:分档|分段)?(?:计分|评分|打分)?(?:标准|规则|如下)?[:]?|注|其中|具体(?:如下)?|(?:根据|结合|按照?)实际情况(?:进行)?(?:评分|打分)"
)
PARTLY = re.compile(r"(?:部分)?[^\d,;]{0,16}(?:未|没有)[^\d,;]{0,10}完成的?")
DEFINES = re.compile(r"[^\d=]{1,40}(?:是指|系指|指的是|指).{1,200}")
_TARGET = "(?:年度|年初|绩效|预期|计划|规定|设定|既定)?(?:指标值|目标值|目标|指标|计划)"
_MET = re.compile(rf"(?:完成值)?(?:达到|完成|实现|达成)(?:或超过)?{_TARGET}(?:要求)?(?:的|时)?,?")
_UNMET = re.compile(rf"(?:未|没有)(?:达到|完成|实现|达成)(?:{_TARGET})?(?:要求)?(?:的|时)?,?(?P<how>.*)")
_IN_PROPORTION = re.compile(
    r"(?:则|均|应)?(?:按|按照)(?:照)?(?P<letters>[BA]/[AB](?:或[AB]/[AB])?)?\(?(?:实际)?(?:完成(?:值|情况|程度)?(?:与|占|÷|/)(?:年度)?(?:指标|目标)值的?)?\)?"
    r"(?:完成)?(?:的)?(?:比例|比率)?(?:[*×]?(?:该?项?指标)?(?:分值|权重|满分))?(?:比例)?(?:计算)?(?:计分|得分|记分|计算|计算得分|赋分|给分)?(?:的)?"
)
_SHARE_OF_TARGET = re.compile(
    r"(?:则)?(?:按照?|得分=)\(?(?:实际(?:完成)?|完成)值/(?:年度|计划|预期)?(?:指标|目标)值\)?(?:\*100%)?\*(?:本|该)?项?(?:指标)?"
    r"(?:分值|权重|满分)(?:计算)?(?:计分|得分|给分|记分)?"
)
_UNDER = re.compile(r"(.+?)(?:的)?(按.*)")
_FREE = re.compile(
    r"(?:酌情|适当|视情|相应|按情节|视情节|根据情况).{0,12}(?:扣分|减分|给分|计分|评分|得分)?|不.{0,10}扣分"
)
SCORING = re.compile(
    r"扣|得分|计分|评分|给分|打分|加分|减分|分值|满分|得\d|计\d|\d分|不得|不予|不计|倍|折算|按比例|封顶|上限|最高|最低|最多|至少|否决|除外|否则|反之"
)
MECHANICAL = re.compile(
    r"满分|不得分|不计分|\*(?:分值|权重|满分)|率(?:计|得|给|记)分|比例|比率|每|扣完|[一两三四五六七八九十](?:分|个百分点|项扣|例扣|次扣)|扣[一二三四五六七八九十]"
)
DIGIT = re.compile(r"[\d%<>≤≥=]|百分之|[一二三四五六七八九]成")
REFERENCES = re.compile(r"《[^》]*》|〔\d+〕\d*号?|\[\d+\]\d*号?|(?:19|20)\d\d年度?|\(试行\)|100%$")


_TIER_LABEL = re.compile(
    r"第?[一二三四五]档|(?:共|分为?)?[二两三四五]档|优秀?|良好?|中|差|较差|一般|不?合格|[A-E][级档]?"
)
_GRADED = re.compile(r"(?:的|时)?,?(?:为|评为|定为|属于?)(?:优秀?|良好?|中等?|较?差|一般|不?合格|不?及格)$")
_POINTS_FIRST = re.compile(rf"(?:得|计)?(?P<points>{NUMBER})分(?:\((?P<within>.+)\)|:(?P<behind>.+))")
_BY_A_PERSON = re.compile(  # 得8-10分, 分别得6分、3分、0分, 按照分值区间100-80%(含80%)合理确定分值: within limits a person decides
    rf"(?:[^\d%]{{0,40}}?(?:得|计|给|按|赋))?{NUMBER}%?(?:-|~|至){NUMBER}%?(?:\(含{NUMBER}%?\))?(?:的)?(?:分|分值|权重)|"
    rf"[^\d%]{{0,40}}分别(?:得|计|给|赋)(?:{NUMBER}分[、和]?)+|"
    rf"[^\d%]{{0,40}}区间(?:{NUMBER}%?(?:-|~|至){NUMBER}%(?:\(含{NUMBER}%\))?[、和]?)+[^\d%]{{0,6}}确定(?:分值|得分)"
)


@dataclass(slots=True)
class Clauses:
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


def gather_preamble(text: str, weight: Scaled, clauses: Clauses) -> None:
    """What stands before a list: words without any number or scoring, or clauses of their own."""
    bare = REFERENCES.sub("", text).replace("分档计分", "")
    if DIGIT.search(bare) or SCORING.search(bare):
        for fragment in fragments(text):
            if not DEFINES.fullmatch(fragment):
                gather(fragment, weight, clauses)


# --- clause by clause ---


def gather(text: str, weight: Scaled, clauses: Clauses) -> None:
    pending: tuple[Condition, str] | None = None
    words: list[str] = []
    for piece in map(_without_label, _joined(fragments(text))):
        if is_long(piece):
            if not is_free(piece):
                raise NotUnderstood(f"{piece[:40]}…", "太长，没有读懂")
            words.append(piece)
            continue
        first = _POINTS_FIRST.fullmatch(piece)
        if first is not None and pending is None and (stated := condition(first["within"] or first["behind"])):
            clauses.awards.append((stated, Award(number(first["points"])), piece))
            continue
        stated = condition(piece)
        if stated is not None:
            if pending is not None:
                raise NotUnderstood(f"{pending[1]}，{piece}")
            pending = (stated, piece)
            continue
        if pending is None and _BY_A_PERSON.fullmatch(piece):
            clauses.judged.append(piece)
            continue
        given = award(piece) or _deduction(piece, pending)
        if given is not None:
            _award(piece, given, pending, words, weight, clauses)
            pending, words = None, []
            continue
        under = None if _ROUNDING.fullmatch(piece) else _UNDER.fullmatch(piece)
        if (
            under is not None
            and pending is None
            and (stated := condition(under[1])) is not None
            and _in_proportion(under[2])
        ):
            _proportion_under(stated, under[1], under[2], clauses)
            continue
        step = _STEP.fullmatch(piece)
        if step is not None and (step["every"] or number(step["each"]) == Scaled(1, 0)):
            clauses.steps.append((step, pending[0] if pending else None))
            pending = None
            continue
        if pending is not None:
            if clauses.steps or not (_in_proportion(piece) or formula_of(piece, weight)):
                raise NotUnderstood(f"{pending[1]}，{piece}")
            _proportion_under(*pending, piece, clauses)
            pending = None
            continue
        words = _other(piece, words, weight, clauses)
    if pending is not None:
        raise NotUnderstood(pending[1], "没有写得几分")
    clauses.free += words


def _deduction(piece: str, pending: tuple[Condition, str] | None) -> tuple[str, Award] | None:
    """Points taken under a condition that stands before them; 扣2分 alone is no clause."""
    given = None if _ROUNDING.fullmatch(piece) else deduction(piece)
    return given if given is not None and (given[0] or pending is not None) else None


def _without_label(piece: str) -> str:
    """``一档:≥90%得10分``, ``执行率:≥90%得10分`` and ``90%以上为优`` as the condition that they name."""
    name, colon, behind = piece.partition(":")
    bare = behind if _TIER_LABEL.fullmatch(name) else name + behind
    if colon and not (condition(bare) or ((given := award(bare)) and condition(given[0]))):
        return piece
    graded = _GRADED.search(bare)
    return bare[: graded.start()] if graded and condition(bare[: graded.start()]) else bare


def _joined(pieces: list[str]) -> list[str]:
    """``每超过5%``, ``扣1分`` → one piece; ``未达到的``, ``按比例得分`` too."""
    joined: list[str] = []
    for piece in pieces:
        before = joined[-1] if joined else ""
        counts = re.match(r"(?:则|相应)?扣(?:减|除)?\d", piece) and "扣" not in before and re.search(r"[每一1]", before)
        is_missed = re.fullmatch(r"(?:未|没有)(?:达到|完成|实现).{0,8}", before) and not condition(before)
        is_met = _MET.fullmatch(before) or _OF_BASE.fullmatch(before)
        if counts or (is_missed and not award(before)) or (is_met and (given := award(piece)) and not given[0]):
            joined[-1] = before + piece
        elif (
            piece.find("每") > 0 and condition(piece[: piece.find("每")]) and _STEP.fullmatch(piece[piece.find("每") :])
        ):
            joined += [piece[: piece.find("每")], piece[piece.find("每") :]]  # 95%以下每降低1%扣1分
        else:
            joined.append(piece)
    return joined


def _award(
    piece: str,
    given: tuple[str, Award],
    pending: tuple[Condition, str] | None,
    words: list[str],
    weight: Scaled,
    clauses: Clauses,
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
    elif clauses.base is not None and _OF_BASE.fullmatch(before):
        clauses.awards.append((Condition(clauses.base, INCLUDED, clauses.base, INCLUDED), points, piece))
    elif _MET.fullmatch(before):
        if points.share is not None or (points.points is not None and not same(points.points, weight)):
            raise NotUnderstood(piece, "不是满分")
        clauses.met = piece
    elif clauses.met and (unmet := _UNMET.fullmatch(before)) and not unmet["how"] and points.points == ZERO:
        clauses.unmet = (piece, False, False)
    else:
        if DIGIT.search(REFERENCES.sub("", before)) or re.search(r"每|扣|加\d", before):
            raise NotUnderstood(piece)
        clauses.words.append((",".join((*words, before)).strip(","), points, piece))


def _other(piece: str, words: list[str], weight: Scaled, clauses: Clauses) -> list[str]:
    """A clause that is neither a condition nor points nor a step; free words are handed on."""
    until = _UNTIL_NONE.fullmatch(piece)
    if until is not None:
        named = until["points"] or until["other"]
        if named and weight.units and not same(number(named), weight):
            raise NotUnderstood(piece, f"与分值 {weight} 分不同")
        clauses.ended = True
    elif (cap := _CAP.fullmatch(piece)) is not None:
        if cap["points"] and weight.units and not same(number(cap["points"]), weight):
            raise NotUnderstood(piece, f"与分值 {weight} 分不同")
        if cap["beyond"] and not (same(number(cap["beyond"]), weight) and same(number(cap["again"]), weight)):
            raise NotUnderstood(piece, f"与分值 {weight} 分不同")
        clauses.capped = piece
    elif (rounding := _ROUNDING.fullmatch(piece)) is not None:
        clauses.rounding.append(rounding)
    elif (base := _BASE.fullmatch(piece)) is not None:
        clauses.base = rate(base["limit"])
    elif not _UNMET.fullmatch(piece) and (formula := formula_of(piece, weight)) is not None:
        if clauses.formula not in (None, formula):
            raise NotUnderstood(piece, "是第二个算式")
        clauses.formula = formula
    elif (defined := definition(piece)) is not None:
        clauses.defined.append(defined)
    elif (unmet := _UNMET.fullmatch(piece)) is not None and unmet["how"]:
        if _in_proportion(unmet["how"]) or _SHARE_OF_TARGET.fullmatch(unmet["how"]):
            clauses.unmet = (piece, True, False)
        elif _FREE.fullmatch(unmet["how"]):
            clauses.unmet = (piece, False, True)
        else:
            raise NotUnderstood(piece)
    elif (case := _CASE.fullmatch(piece)) is not None and not _is_from_a_base(case):
        clauses.cases.append((case, ",".join(words)))
        return []
    elif _FREE.search(piece) and not DIGIT.search(piece):
        clauses.judged.append(piece)
    elif _HARMLESS.fullmatch(piece):
        pass
    elif is_free(piece):
        return [*words, piece]
    else:
        raise NotUnderstood(piece)
    return words


def _is_from_a_base(case: re.Match[str]) -> bool:
    """Whether what is counted is how far a figure lies from another, not cases: 每低于1人. Days over are those after a deadline."""
    said = case["words"] + case["verb"]
    return bool(_OVER.search(OVERRUN.sub("", said) if case["unit"] in DAYS else said))


def is_free(piece: str) -> bool:
    """Words that say nothing of scoring."""
    bare = REFERENCES.sub("", piece)
    return not DIGIT.search(bare) and not SCORING.search(re.sub("分档计分|分别|部分|充分|评分标准", "", bare))


def _in_proportion(text: str) -> bool:
    text = text.replace("扣分", "计分")  # what is missing of the target is missing of the points
    return _IN_PROPORTION.fullmatch(text) is not None and bool(re.search("比例|比率|[AB]/[AB]|值/", text))


def _proportion_under(stated: Condition, named: str, piece: str, clauses: Clauses) -> None:
    """``低于100%的，按比例得分``: of 100% the rate is its own share; of another limit two shares are meant as well."""
    if stated.high is None or not same(stated.high, Scaled(1, 0)) or stated.low is not None:
        why = "没有写明按什么的比例" if _in_proportion(piece) else "只是一段的算式，与别的档不能合起来"
        raise NotUnderstood(f"{named}，{piece}", why)
    if clauses.formula is not None:
        raise NotUnderstood(piece, "是第二个算式")
    clauses.formula = Formula(stated.subject, RATE, (rate_input(stated.subject),))
