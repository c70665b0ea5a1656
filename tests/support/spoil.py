"""Targets and actuals with one character changed, beside a strict reader that shares no line with the package.

``python tests/support/spoil.py 100000`` makes so many random values of the grammar and as many that are spoilt; another
seed is a second number. A spoilt value may be refused, be left to a person, mean what it meant before, or be another value
that is written in full (another digit, unit or sign). What is scored otherwise is printed: nobody could defend it.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from random import Random

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2] / "udfs"))

from perfeval.errors import PerfEvalError
from perfeval.functions import FUNCTIONS
from perfeval.quantities import Quantity
from perfeval.targets import Actual, Range, Target, Threshold, parse_target
from perfeval.targets import actual_of as parse_actual

SIGNS = {
    "≥": "≥", "≤": "≤", ">": ">", "<": "<", "=": "=", "＞": ">", "＜": "<", ">=": "≥", "<=": "≤", "＝": "=", "≧": "≥", "≦": "≤",
    "不低于": "≥", "不少于": "≥", "不超过": "≤", "不高于": "≤", "大于": ">", "小于": "<", "超过": ">", "低于": "<", "至少": "≥",
    "控制在": "≤", "大于等于": "≥", "小于等于": "≤", "高于": ">", "少于": "<", "不足": "<", "等于": "=", "达到": "", "完成": "", "": "",
    "=>": "≥", "=<": "≤", "不小于": "≥", "不大于": "≤", "不多于": "≤", "多于": ">", "超": ">", "约": "", "近": "", "最高": "≤", "最低": "≥",
    "至多": "≤", "最多": "≤", "最少": "≥", "达": "", "+": "", "为": "", "是": "", "在": "", "到": "", "未": "<", "逾": ">", "==": "=",
    "下降": "-", "增长": "+", "降低": "-", "提高": "+", "≮": "≥", "≯": "≤", "不满": "<", "不到": "<",
    "未低于": "≥", "未超过": "≤", "未高于": "≤",
}  # fmt: skip
BEHIND = {
    "": "", "以上": "≥", "以下": "≤", "以内": "≤", "及以上": "≥", "及以下": "≤", "内": "≤", "之内": "≤", "左右": "", "上下": "", "+": "≥",
}  # fmt: skip
UNITS = {
    "": ("", 1), "%": ("%", Fraction(1, 100)), "‰": ("%", Fraction(1, 1000)), "人": ("人", 1), "人次": ("人次", 1),
    "次": ("次", 1), "份": ("份", 1), "个": ("个", 1), "件": ("件", 1), "项": ("项", 1), "家": ("家", 1), "户": ("户", 1), "台": ("台", 1),
    "元": ("元", 1), "万元": ("元", 10**4), "亿元": ("元", 10**8), "千元": ("元", 1000), "百元": ("元", 100), "万人": ("人", 10**4),
    "万人次": ("人次", 10**4), "公里": ("米", 1000), "米": ("米", 1), "千米": ("米", 1000), "亩": ("亩", 1), "平方米": ("平方米", 1),
    "吨": ("克", 10**6), "平方": ("平方", 1),
    "里": ("里", 1), "斤": ("斤", 1), "场": ("场", 1), "千克": ("克", 1000), "克": ("克", 1), "公斤": ("克", 1000),
    "天": ("天", 1), "小时": ("小时", 1),
    "个百分点": ("个百分点", 1), "百分点": ("个百分点", 1), "个月": ("月", 1), "年": ("年", 1), "期": ("期", 1), "元/人": ("元/人", 1),
    "元/人次": ("元/人次", 1), "场次": ("场次", 1), "人/次": ("人/次", 1), "元/次": ("元/次", 1), "万": ("", 10**4), "亿": ("", 10**8),
    "千": ("", 1000), "百": ("", 100), "%o": ("%", Fraction(1, 1000)), "千人": ("人", 1000), "千次": ("次", 1000), "百人": ("人", 100),
}  # fmt: skip
GIVEN_UNITS = tuple(
    unit
    for unit in UNITS
    if unit
    not in {
        "百",
        "千",
        "%o",
        "元/次",
        "百元",
        "百人",
        "千人",
        "千次",
        "人/次",
        "千元",
        "百分点",
        "平方",
        "里",
        "斤",
        "场",
    }
)
SPOILS = "工王已口〇OolI丨^$#@&|\\*?!》《〉〈→~`_{}/'\"%‰,.。、;:-+=<>≥≤人次个万千百亿以上下内不未于低高约到第每十一二"

_SCALES = {"百": 2, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "百亿": 10, "千亿": 11}
UNITS = {
    scale + unit: (name, Fraction(power) * 10**zeros)
    for scale, zeros in _SCALES.items()
    for unit, (name, power) in UNITS.items()
} | UNITS
_NUMBER = r"-?(?:\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?:\.\d+)?"
_SIGN = "|".join(sorted(map(re.escape, SIGNS), key=len, reverse=True))
_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_BEHIND = "|".join(sorted(map(re.escape, BEHIND), key=len, reverse=True))
_ONE = re.compile(
    rf"(?P<sign>{_SIGN})(?:约|达到|在|为|:|[+])?(?P<number>{_NUMBER})(?P<unit>{_UNIT})(?P<behind>{_BEHIND})"
)
_TWO = re.compile(rf"(?P<low>{_NUMBER})(?P<own>{_UNIT})(?:-|~|至|到)(?P<high>{_NUMBER})(?P<unit>{_UNIT})")

Meaning = tuple[object, ...]


# --- the strict reader ---


def strictly(text: str) -> set[Meaning]:
    """What a text can mean that is a sign, a number and a unit and nothing else, or two numbers that are a range."""
    text = text.replace("＝", "=").replace("，", ",").replace("％", "%").replace(" ", "").rstrip("。.;、,")
    meanings: set[Meaning] = set()
    one = _ONE.fullmatch(text)
    if one is not None:
        unit, power = UNITS[one["unit"]]
        number, trend = _fraction(one["number"]) * power, {"-": -1, "+": 1}.get(SIGNS[one["sign"]], 0)
        sign = SIGNS[one["sign"]] if not trend else ""
        signs = {sign, BEHIND[one["behind"]]} - {""}
        if one["sign"] == "控制在" and BEHIND[one["behind"]]:
            signs = {BEHIND[one["behind"]]}
        if signs in ({">", "≥"}, {"<", "≤"}):
            signs &= {"≥", "≤"}
        if len(signs) <= 1:
            sign, trend = signs.pop() if signs else "", 0 if one["sign"] == "+" else trend
            meanings |= {(sign, number, unit, trend), (sign.replace("=", ""), number, unit, trend)}
    meanings |= _otherwise(text)
    two = _TWO.fullmatch(text)
    if two is not None:
        for own in {two["own"] or two["unit"]}:
            low, high = _fraction(two["low"]) * UNITS[own][1], _fraction(two["high"]) * UNITS[two["unit"] or own][1]
            meanings.add(("range", low, high, UNITS[two["unit"] or own][0]))
    return meanings


_HEAD = re.compile(rf"(?:{_SIGN}|[约已满高:+]|达到|完成)*")
_MEASURE = rf"({_NUMBER}|[一二十百千〇])({_UNIT})"
_FROM_BOTH = re.compile(rf"(?P<one>{_SIGN}){_MEASURE}(?:,|;|、)?(?P<other>[≥≤><]|>=|<=){_MEASURE}(?:{_BEHIND})")
_WORDS = {word: value for value, word in enumerate("〇一二")} | {"十": 10, "百": 100, "千": 1000}


def _otherwise(text: str) -> set[Meaning]:
    """What is written in full and not as a form writes it: 为≥80%, 2百人, 一人, 95%≤, ≤40≥30, a 。 for a point."""
    text = re.sub(r"(?<=\d)。(?=\d)", ".", text)
    both = _FROM_BOTH.fullmatch(text)
    if both is not None:
        (low, high) = sorted((_value(both[2], both[3]), _value(both[5], both[6])), key=lambda end: end[0])
        return {("range", low[0], high[0], low[1] or high[1])}
    head = _HEAD.match(text)
    rest = text[head.end() :] if head else text
    flipped = {"≥": "≤", "≤": "≥", ">": "<", "<": ">", "": ""}
    one = re.fullmatch(rf"(\$?){_MEASURE}({_BEHIND})([≥≤><]?)", rest)
    if one is None:
        return set()
    number, unit = _value(one[2], one[3])
    signs = {SIGNS[word] for word in re.findall(_SIGN, head[0] if head else "")} | {BEHIND[one[4]], flipped[one[5]]}
    signs -= {"", "+", "-"}
    if signs in ({">", "≥"}, {"<", "≤"}):
        signs &= {"≥", "≤"}
    if len(signs - {"="}) > 1:
        return set()
    return {
        (sign, number, "美元" if one[1] else unit, trend)
        for sign in (signs or {""}) | {""} - signs
        for trend in (0, 1, -1)
    }


def _value(digits: str, unit: str) -> tuple[Fraction, str]:
    name, power = UNITS[unit]
    return (Fraction(_WORDS[digits]) if digits in _WORDS else _fraction(digits)) * power, name


def _fraction(digits: str) -> Fraction:
    return Fraction(digits.replace(",", ""))


def meaning(read: Target | Actual) -> Meaning | None:
    """What the package makes of a value, to be compared; None where a person judges."""
    if isinstance(read, Threshold):
        return (read.operator, _exact(read.quantity), read.quantity.unit, read.quantity.trend)
    if isinstance(read, Quantity):
        return ("", _exact(read), read.unit, read.trend)
    if isinstance(read, Range):
        return ("range", _exact(read.low), _exact(read.high), read.high.unit)
    return None


def _exact(value: Quantity) -> Fraction:
    return Fraction(value.number.units, 10**value.number.places)


# --- values, sound and spoilt ---


def sound(chance: Random, unit: str, *, is_target: bool) -> str:
    """A random target, or actual, of the grammar in a unit."""
    number = _digits(chance)
    if not is_target:
        return chance.choice(("", "", "", "完成", "=", "约")) + number + unit
    kind = chance.random()
    if kind < 0.1:
        low, high = sorted((chance.randrange(1, 999), chance.randrange(1, 999)))
        return f"{low}{chance.choice('-~至')}{high}{unit}"
    if kind < 0.3:
        return number + unit + chance.choice([word for word in BEHIND if word])
    signs = [
        word for word, sign in SIGNS.items() if sign not in {"-", "+"} and word not in {"+", "到", "在", "是", "未"}
    ]
    return chance.choice(signs) + number + unit


def _digits(chance: Random) -> str:
    kind = chance.random()
    if kind < 0.5:
        return str(chance.randrange(1, 10 ** chance.randrange(1, 6)))
    if kind < 0.85:
        return f"{chance.randrange(1000)}.{chance.randrange(1, 100)}"
    return f"{chance.randrange(1000, 10**7):,}"


def spoilt(chance: Random, text: str) -> str:
    """The text with one character lost, changed or added."""
    kind, place = chance.randrange(3), chance.randrange(len(text))
    sign = chance.choice(SPOILS + "0123456789")
    if kind == 0:
        return text[:place] + text[place + 1 :]
    return text[:place] + sign + text[place + (kind == 1) :]


@dataclass
class Outcomes:
    """How many spoilt values went which way, and those that nobody could defend, by the change."""

    counts: Counter[str] = field(default_factory=Counter)
    indefensible: dict[str, list[tuple[str, str, str]]] = field(default_factory=lambda: defaultdict(list))

    def __str__(self) -> str:
        told = [f"{count:,} {name}" for name, count in sorted(self.counts.items())]
        listed = [
            f"{change} ({len(cases):,}): "
            + "; ".join(f"{before} → {after}: {read}" for before, after, read in cases[:4])
            for change, cases in sorted(self.indefensible.items(), key=lambda one: -len(one[1]))
        ]
        return "\n".join([", ".join(told), *listed])


def run(count: int, seed: int = 0) -> Outcomes:
    """So many random pairs of a target and an actual, and each once more with one character of one of them changed."""
    chance, outcomes = Random(seed), Outcomes()
    for _ in range(count):
        unit = chance.choice(GIVEN_UNITS)
        pair = [sound(chance, unit, is_target=True), sound(chance, chance.choice((unit, unit, "")), is_target=False)]
        which = chance.randrange(2)
        before = _read(pair, which)
        outcomes.counts["sound: refused" if isinstance(before, str) else "sound: read"] += 1
        if isinstance(before, tuple) and before not in strictly(pair[which]):
            outcomes.indefensible["sound, read otherwise"].append((pair[which], pair[which], str(before)))
        text = pair[which]
        pair[which] = spoilt(chance, text)
        _count(outcomes, text, pair, which, before)
    return outcomes


def _read(pair: Sequence[str], which: int) -> Meaning | str | None:
    """The meaning of one of a pair that is scored; the reason where it is refused, None where a person judges."""
    try:
        if not isinstance(FUNCTIONS["PE_INDICATOR_SCORE"].call(*pair, 10), float):
            return None
        return meaning((parse_actual if which else parse_target)(pair[which]))
    except PerfEvalError as error:
        return error.reason


def _count(outcomes: Outcomes, text: str, pair: Sequence[str], which: int, before: Meaning | str | None) -> None:
    after, changed = _read(pair, which), pair[which]
    if isinstance(after, str):
        outcomes.counts["spoilt: refused"] += 1
    elif after is None:
        outcomes.counts["spoilt: a person's"] += 1
    elif after == before:
        outcomes.counts["spoilt: the same"] += 1
    elif after in strictly(changed):
        outcomes.counts["spoilt: another value in full"] += 1
    else:
        outcomes.counts["spoilt: indefensible"] += 1
        outcomes.indefensible[_change(text, changed)].append((text, " | ".join(pair), f"{after}"))


def _change(text: str, changed: str) -> str:
    place = next(
        (i for i, (one, other) in enumerate(zip(text, changed, strict=False)) if one != other),
        min(len(text), len(changed)),
    )
    if len(changed) < len(text):
        return f"lost {text[place]}" if not text[place].isdigit() else "lost a digit"
    return f"{'added' if len(changed) > len(text) else 'became'} {changed[place]}"


if __name__ == "__main__":
    print(run(*map(int, sys.argv[1:3])))
