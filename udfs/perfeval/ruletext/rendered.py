"""Our own words for a rule (``scoring.rule_text``) read back into the rule: what we print in a 评分表 is read like any other."""

from __future__ import annotations

import re

from perfeval.arithmetic import Scaled, aligned, decimal
from perfeval.ruletext.formulas import rate_of
from perfeval.ruletext.model import NotUnderstood, Reading
from perfeval.ruletext.words import rate
from perfeval.standards.rules import (
    EDGE,
    EXCLUDED,
    FIRST,
    INCLUDED,
    LAST,
    POINTS,
    YES_NO,
    Band,
    Bands,
    Cases,
    Checklist,
    End,
    Input,
    Judgement,
    Proportion,
    Quarterly,
    Steps,
    Tier,
    Tiers,
)

_N = r"\d{1,12}(?:\.\d{1,12})?"
_PROPORTION = re.compile(
    rf"得分 = (?P<rate>.+) × (?P<weight>{_N}) 分，(?P<above>超过 100% 得满分|超过 100% 得 0 分|不会超过 100%)"
)
_ABOVE = {"超过 100% 得满分": "cap", "超过 100% 得 0 分": "zero", "不会超过 100%": "refuse"}
_STEPS = re.compile(
    rf"(?P<rate>[^：]+)：(?P<side>不超过|不低于|等于) (?P<bound>{_N}%) 得 (?P<weight>{_N}) 分；(?:每超过|每低于|每相差) (?P<each>{_N})"
    rf"(?P<unit> 个百分点|% )(?P<relative>（标准值的百分比）)?扣 (?P<takes>{_N}) 分，(?P<steps>[^，]+)，扣完为止"
    rf"(?:；(?P<end>[<>≤≥]) (?P<limit>{_N}%) 不得分)?(?P<zeros>；.+)?"
)
_SIDE = {"不超过": "above", "不低于": "below", "等于": "both"}
_CHOSEN = {"不满一档不扣": "floor", "不足一档按一档扣": "ceil", "不足一档按比例扣": "linear"}
_LIST = re.compile(r"(?P<rate>[^：]+)：(?P<list>.+)")
_TIER = re.compile(rf"(?P<sign>[<>≤≥]) (?P<limit>{_N}%) (?P<worth>得 {_N} 分|由人评定)")
_REST = re.compile(rf"其余得 (?P<worth>{_N}) 分")
_PAIR = re.compile(rf"(?P<low_sign>[>≥]) (?P<low>{_N}%) 且 (?P<high_sign>[<≤]) (?P<high>{_N}%) 得 (?P<worth>{_N}) 分")
_ALONE = re.compile(rf"(?P<sign>[=<>≤≥]) (?P<limit>{_N}%) 得 (?P<worth>{_N}) 分")
_OPEN = re.compile(
    rf"(?P<low>{_N}%)(?P<m1>（不?含[\d.]+%）)?～(?P<high>{_N}%)(?P<m2>（不?含(?:[\d.]+%)?）)? 得 (?P<worth>{_N}) 分"
)
_BEYOND = re.compile(rf"(?P<limit>{_N}%) (?P<side>以上|以下) 得 (?P<worth>{_N}) 分")
_CHECKLIST = re.compile(r"符合一个要点得一份：(?P<list>.+)")
_ITEM = re.compile(rf"(?P<label>.+) (?P<worth>{_N}) 分")
_CASES = re.compile(rf"满分 (?P<weight>{_N}) 分，(?P<label>.+)每 1 (?P<unit>\S+?)扣 (?P<takes>{_N}) 分，扣完为止")
_JUDGED = re.compile(rf"由人评定，0 至 (?P<weight>{_N}) 分")
_QUARTERLY = re.compile(
    rf"各季末累计支出进度 ÷ 序时进度（(?P<paces>[\d.%、]+)）× (?P<each>{_N}) 分之和(?P<cap>，每季最多 100%)?，"
    rf"加全年平均执行率（(?P<mean>进度÷序时的平均|支出进度的平均)）× (?P<average>{_N}) 分，最多 (?P<weight>{_N}) 分"
)
_LEVELS = re.compile(rf"[^；：]+ {_N} 分(?:；[^；：]+ {_N} 分)+")
_ZEROS = {"；两个数都是 0 时没有变动": "none"}
_THREE_PUBLIC = re.compile(r"；没有预算也没有支出时(?P<what>满分|0分|不计算|没有选定)，没有预算而有支出得 0 分")
_PUBLIC = {"满分": "full", "0分": "zero", "不计算": "error"}


def rendered(text: str, weight: Scaled) -> Reading | None:
    """The rule whose words a text is, as we print them; None for any other text. Raises NotUnderstood for another weight."""
    text = text.strip()
    for pattern, reader in _READERS:
        match = pattern.fullmatch(text)
        reading = reader(match, weight) if match else None
        if match and reading is not None:
            if "weight" in match.re.groupindex and len(set(aligned(decimal(match["weight"]), weight))) > 1:
                raise NotUnderstood(text[:40], f"是 {match['weight']} 分的规则，与分值 {weight} 分不同")
            return reading
    return None


def _proportion(match: re.Match[str], _weight: Scaled) -> Reading | None:
    formula = rate_of(match["rate"])
    return formula and Reading(Proportion(formula.of, _ABOVE[match["above"]]), formula.inputs, {}, formula.subject)


def _steps(match: re.Match[str], _weight: Scaled) -> Reading | None:
    formula, zeros = rate_of(match["rate"]), _zeros(match["zeros"] or "")
    if formula is None or zeros is None:
        return None
    chosen = dict(zeros[1])
    if match["steps"] in _CHOSEN:
        chosen["steps"] = _CHOSEN[match["steps"]]
    if match["relative"]:
        chosen["percent"] = "relative"
    end = End(match["end"], rate(match["limit"])) if match["end"] else None
    each = rate(f"{match['each']}%")
    rule = Steps(
        formula.of,
        _SIDE[match["side"]],
        rate(match["bound"]),
        each,
        match["unit"] != "% ",
        decimal(match["takes"]),
        zeros[0],
        end,
    )
    return Reading(rule, formula.inputs, chosen, formula.subject)


def _zeros(text: str) -> tuple[str, dict[str, str]] | None:
    public = _THREE_PUBLIC.fullmatch(text)
    if public is not None:
        return "three_public", {"three_public": _PUBLIC[public["what"]]} if public["what"] in _PUBLIC else {}
    both = _ZEROS.get(text) if text else "error"
    return None if both is None else (both, {})


def _listed(match: re.Match[str], weight: Scaled) -> Reading | None:
    """Tiers or bands, with what stands behind the rest."""
    formula = rate_of(match["rate"])
    parts = match["list"].split("；")
    rest = next((place for place, part in enumerate(parts) if _REST.fullmatch(part)), None)
    if formula is None:
        return None
    tiers = [_TIER.fullmatch(part) for part in parts[:rest]]
    if rest is not None and len([tier for tier in tiers if tier]) == len(tiers) and tiers:
        zeros = _zeros("".join(f"；{part}" for part in parts[rest + 1 :]))
        if zeros is None:
            return None
        stated = tuple(
            Tier(tier["sign"], rate(tier["limit"]), _worth(tier["worth"])) for tier in tiers if tier is not None
        )
        rule = Tiers(formula.of, stated, _otherwise(parts[rest]), zeros[0])
        return Reading(rule, formula.inputs, zeros[1], formula.subject)
    bands = [_band(part) for part in parts[:rest]]
    if rest not in (None, len(parts) - 1) or not bands or any(band is None for band in bands):
        return None
    known = tuple(band for band in bands if band is not None)
    otherwise = None if rest is None else _otherwise(parts[rest])
    return Reading(Bands(formula.of, known, otherwise), formula.inputs, {}, formula.subject)


def _worth(text: str) -> Scaled | None:
    return None if text == "由人评定" else decimal(text.removeprefix("得 ").removesuffix(" 分"))


def _otherwise(text: str) -> Scaled:
    match = _REST.fullmatch(text)
    assert match is not None
    return decimal(match["worth"])


def _band(text: str) -> Band | None:
    pair, alone, between = _PAIR.fullmatch(text), _ALONE.fullmatch(text), _OPEN.fullmatch(text)
    beyond = _BEYOND.fullmatch(text)
    if beyond:
        limit, worth = rate(beyond["limit"]), decimal(beyond["worth"])
        return (
            Band(limit, EDGE, None, EXCLUDED, worth)
            if beyond["side"] == "以上"
            else Band(None, EXCLUDED, limit, EDGE, worth)
        )
    if pair:
        ends = [INCLUDED if pair[sign] in "≥≤" else EXCLUDED for sign in ("low_sign", "high_sign")]
        return Band(rate(pair["low"]), ends[0], rate(pair["high"]), ends[1], decimal(pair["worth"]))
    if between:
        marks = [between["m1"] or "", between["m2"] or ""]
        ends = [EXCLUDED if "不" in mark else INCLUDED if mark else EDGE for mark in marks]
        if marks == ["", "（含）"]:
            ends = [FIRST, LAST]
        return Band(rate(between["low"]), ends[0], rate(between["high"]), ends[1], decimal(between["worth"]))
    if alone is None:
        return None
    limit, worth = rate(alone["limit"]), decimal(alone["worth"])
    end = INCLUDED if alone["sign"] in "≥≤=" else EXCLUDED
    if alone["sign"] == "=":
        return Band(limit, INCLUDED, limit, INCLUDED, worth)
    return Band(limit, end, None, EXCLUDED, worth) if alone["sign"] in "≥>" else Band(None, EXCLUDED, limit, end, worth)


def _checklist(match: re.Match[str], weight: Scaled) -> Reading | None:
    items = [_ITEM.fullmatch(part) for part in match["list"].split("；")]
    if any(item is None for item in items):
        return None
    pairs = [(item["label"], decimal(item["worth"])) for item in items if item is not None]
    inputs = tuple(Input(f"item{place}", label, YES_NO) for place, (label, _) in enumerate(pairs, start=1))
    return Reading(Checklist(tuple(worth for _, worth in pairs)), inputs)


def _cases(match: re.Match[str], _weight: Scaled) -> Reading:
    return Reading(Cases(decimal(match["takes"])), (Input("cases", match["label"], match["unit"]),))


def _judged(_match: re.Match[str], weight: Scaled) -> Reading:
    return Reading(Judgement(), (Input("points", "评定得分", POINTS, weight),))


def _levels(match: re.Match[str], weight: Scaled) -> Reading | None:
    items = [_ITEM.fullmatch(part) for part in match[0].split("；")]
    levels = tuple((item["label"], decimal(item["worth"])) for item in items if item is not None)
    if len(levels) < len(items) or max(float(worth) for _, worth in levels) != float(weight):
        return None
    return Reading(Judgement(), (Input("points", "评定得分", POINTS, weight, levels),))


def _quarterly(match: re.Match[str], _weight: Scaled) -> Reading:
    paces = tuple(rate(pace) for pace in match["paces"].split("、"))
    inputs = tuple(Input(f"q{place}", f"第{place}季末累计支出进度", "%") for place in range(1, len(paces) + 1))
    chosen = {
        "quarter_cap": "each" if match["cap"] else "total",
        "quarter": "pace" if "序时" in match["mean"] else "raw",
    }
    return Reading(Quarterly(paces, decimal(match["each"]), decimal(match["average"])), inputs, chosen)


_READERS = (
    (_PROPORTION, _proportion),
    (_QUARTERLY, _quarterly),
    (_CHECKLIST, _checklist),
    (_CASES, _cases),
    (_JUDGED, _judged),
    (_STEPS, _steps),
    (_LIST, _listed),
    (_LEVELS, _levels),
)
