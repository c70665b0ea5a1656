"""The grammar of 指标值 and 完成值: what a cell's text means, or a clear refusal. Nothing is guessed.

Forms (domain: every one occurs in published tables): ≥95% · 27人 · 不低于85% · 98%以上 · 控制在5%以内 · ≥15&&≤18 ·
1--1.2万人 · 约80000人次 · 2021年12月31日 · 2020年全年 · 及时 · 不适用.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache, partial
from typing import NamedTuple

from perfeval.arithmetic import aligned
from perfeval.errors import InvalidValue
from perfeval.misreadings import (
    is_stray,
    misread,
    refuse_half_measure,
    refuse_misread,
    refuse_negated,
    refuse_pieces,
    refuse_sign_behind,
    spoilt,
    without_bound,
)
from perfeval.periods import Period, period
from perfeval.quantities import (
    Measure,
    Quantity,
    comparable,
    is_unit,
    measures,
    of_number,
    plain,
    quantity,
    simple,
)


class TimeAndNumber(InvalidValue):
    """A text that states a time and a number: 11月底完成100%. One cannot be judged without the other."""


class Threshold(NamedTuple):
    """One bound: ``≥ 95%``, ``< 5天``; "" where the cell gives none and ``upper`` follows from the indicator's kind."""

    operator: str
    quantity: Quantity
    upper: bool
    approximate: bool
    text: str


class Range(NamedTuple):
    """A closed range; an open end is marked."""

    low: Quantity
    high: Quantity
    low_open: bool
    high_open: bool
    text: str


class Words(NamedTuple):
    """A qualitative value: 及时, 有效保障 … ``upper``: 不超过预算 and the like."""

    text: str
    upper: bool = False


class Inapplicable(NamedTuple):
    """不适用, 无, — ."""

    text: str


Target = Threshold | Range | Period | Words | Inapplicable
Actual = Quantity | Period | Words | Inapplicable

NOTHING = frozenset(
    {"不适用", "无", "/", "-", "--", "---", "……", "…", "...", "......", "N/A", "n/a", "NA", "不涉及", "无此项"}
)
LONGEST = 500  # characters of a cell that are read as a measure; more is prose
REVERSE_KINDS = ("反向", "负向", "逆向", "成本")

_SYMBOLS = {">=": "≥", "=>": "≥", "<=": "≤", "=<": "≤", "==": "=", "≥": "≥", "≤": "≤", "=": "=", ">": ">", "<": "<"}
_WORDS = {
    "≥": "大于或等于 大于等于 不得低于 不得少于 不得小于 不能低于 不能少于 未低于 不低于 不少于 不小于 不下于 "
    "不应低于 不应少于 不可低于 不可少于 不宜低于 不宜少于 未少于 未小于 至少 最少 最低",
    "≤": "小于或等于 小于等于 不得超过 不得高于 不得大于 不得多于 不能超过 不能高于 不超过 不超出 不高于 不大于 "
    "不多于 不应超过 不应高于 不可超过 不可高于 不宜超过 不宜高于 不突破 未超过 未超出 未突破 未高于 未大于 未多于 不超 至多 最多 "
    "最高 控制在 控制到",
    ">": "大于 高于 多于 超过 超出 优于 超 逾",
    "<": "小于 低于 少于 不足 不到 不满 未满 未 没有 没",
    "=": "等于",
    "~": "大约 约 近 预计",
}
_BEHIND = {
    "≥": "及其以上 及以上 含以上 以上 或以上 +",
    "≤": "及其以下 及以下 含以下 以下 或以下 以内 之内 范围内 内 封顶",
    "~": "左右 上下",
}
_FLIPPED = {"≥": "≤", "≤": "≥", ">": "<", "<": ">", "=": "="}


def _alternatives(words: dict[str, str]) -> dict[str, str]:
    table = {word: operator for operator, group in words.items() for word in group.split()}
    return dict(sorted(table.items(), key=lambda entry: -len(entry[0])))


_PREFIXES = _SYMBOLS | _alternatives(_WORDS)
_SUFFIXES = _alternatives(_BEHIND)
COMPARING_BEFORE, COMPARING_BEHIND = tuple(_PREFIXES), tuple(_SUFFIXES)
_PREFIX = "|".join(map(re.escape, _PREFIXES))
_SUFFIX = "|".join(map(re.escape, _SUFFIXES)).replace("内", "内(?![设部容训外])")
_SPOILT_BEFORE, _SPOILT_BEHIND = spoilt(_PREFIXES), spoilt(_SUFFIXES, is_behind=True)
_NO_SPOILT_WORD = ("已满", "每满", "每到", "每超")
_WEAK = ("控制在", "控制到")  # 控制在5% is ≤, 控制在95%以上 is ≥
_FILLERS = "达到|达|完成|实现|保持在|保持|维持在|维持|为|是|在|到|:|：| "
_OPERATOR_BEFORE = re.compile(rf"({_PREFIX})(?:{_FILLERS})*$")
_FALLS = "下降|降低|减少|压减|压缩|缩减|缩短|下调|下浮|降"
_RISES = "同比增长|增长|增加|提高|提升|上升|上涨|上调|上浮"
OPENING = tuple(word for word in _FILLERS.split("|") if word.strip(":： "))
MOVES = (*_FALLS.split("|"), *_RISES.split("|"))
_FALLS_TO = re.compile(rf"(?:{_FALLS})(?:到|至|为)(?:{_FILLERS})*$")  # 降至3%: a bound from above
_TREND = re.compile(
    rf"(?:(?P<fall>{_FALLS}|负增长)|{_RISES})(?!到|至|为)(?:率|幅度|比例|了|比)?(?:{_PREFIX}|{_FILLERS})*$"
)
_INCLUSIVE = re.compile(r"\(含[^()]{0,12}\)")  # 90%(含)以上, 30人以上(含30人): every 以上 includes
_EXCLUSIVE = re.compile(r"\(不含(?:本数|[\d.]+[^()]{0,6})?\)")
_READ_BEFORE = re.compile(rf"(?:{_PREFIX}|{_FILLERS}|\+|(?:{_FALLS}|负增长|{_RISES})(?:率|幅度|比例|了|比|到|至|为)?)$")
_READ_BEHIND = re.compile(rf"^\s*(?:{_SUFFIX}|>=|=>|<=|=<|[≥≤<>])+")
_OPENED = re.compile(rf"^(?:{_PREFIX}|{_FILLERS})+")  # 完成工5%
_COMPARING = re.compile(_PREFIX)
_IS_ONE = re.compile(r"控制在.*")  # 控制在不超过5%
_MARKS = frozenset("√✓✔☑*○●△")
_SUFFIX_WORD = re.compile(_SUFFIX)
_OPERATOR_BEHIND = re.compile(rf"\s*({_SUFFIX})")
_SYMBOL_BEHIND = re.compile(r"\s*(>=|=>|<=|=<|≥|≤|>|<)")
_AT_MOST = re.compile(r"≤|<=|不晚于|不迟于|早于|最迟|最晚|至迟")
_DASH = re.compile(r"\s*(?:-{1,3}|~+|至|到)\s*")
_AND = re.compile(rf"\s*({_SUFFIX})?\s*(?:&&?|并且|而且|且|并|和|,|、|;)?\s*({_PREFIX})?\s*")
_CHAIN = re.compile(r"\s*(≤|<|<=)\s*[^\d<>≤≥=]{0,12}\s*(≤|<|<=)\s*")
_BOUND_BEFORE = "|".join(re.escape(prefix) for prefix, operator in _PREFIXES.items() if operator != "~")
_BOUND_BEHIND = "|".join(re.escape(suffix) for suffix, operator in _SUFFIXES.items() if operator != "~")
_PLAINEST = re.compile(rf"({_BOUND_BEFORE})?\s*([^<>=≥≤]*?)({_BOUND_BEHIND})?$")
_TIME = re.compile(
    r"\d{1,2}月(?:份|底|末|前|\d{1,2}日|[^\d个/]{0,6}(?:完成|达|实现))|第[1-4一二三四]季度|[上下]半年|年底|年末"
)
_OF_A_DATE = re.compile(r"[旬底末前号后初中日迟晚早始起]|[次明翌去上]年")  # beside 6月: a date, no number of months
_MONTH = re.compile(r"(?:[1-9]|1[0-2]) ?月")
_BEFORE_IT = re.compile(r" ?(?:之|以)?前(?=$|[\s,.;)]|全部|完成|到位)")
_DATES = frozenset("日 天 月 季度 年".split())
_SHORT = 40  # characters of the plainest targets: one comparing word and one measure

_ITEM_NUMBER = re.compile(r"(?:(?<=[;. ])|^)\(?[12]?\d[.、)]\s*(?=[^\d\s.+:~-])")  # 1.完成… 2、…


def is_reverse(kind: str) -> bool:
    """Whether a bare target of this kind (二级指标 text, or 正向/反向) is an upper bound: 成本指标 and 反向."""
    return any(word in kind for word in REVERSE_KINDS)


def is_sign(text: str) -> bool:
    """Whether a text is nothing but what compares: ≥, <=, 不低于."""
    return plain(text).strip() in _PREFIXES


@lru_cache(maxsize=8192)
def parse_target(text: str, kind: str = "") -> Target:
    """What a 指标值 says. Raises InvalidValue where it holds several measures or contradicts itself."""
    text = text.strip()
    simplified = plain(text)
    if simplified in NOTHING:
        return Inapplicable(text)
    match = _PLAINEST.match(simplified) if len(simplified) <= _SHORT else None
    number = simple(match[2]) if match and not (match[1] and match[3]) else None
    if match and number is not None:
        operator = _PREFIXES[match[1]] if match[1] else _SUFFIXES[match[3]] if match[3] else ""
        return Threshold(operator, number, _is_upper(operator, number, kind), False, text)
    if len(simplified) > LONGEST:
        return Words(text)
    dated = _INCLUSIVE.sub("", simplified)
    return period(dated, text) or _deadline(dated, text) or _measured_target(simplified, text, kind)


def _deadline(text: str, original: str) -> Period | None:
    """A date behind a sign for at most: ≤12月, ≤12月31日; 早于 excludes it, 早于6月 all of June. Months are counted in 个月."""
    sign = _AT_MOST.match(text)
    try:
        day = period(text[sign.end() :].strip(), original) if sign else None
    except InvalidValue:  # ≤24月
        return None
    if sign is None or day is None or day.start is not None:
        return None
    if sign[0] != "早于":
        return day
    return day._replace(end=day.earliest or day.end, earliest=None, strict=True)


def target_of(value: str | float | date, kind: str = "") -> Target:
    """The target that a cell's value is: text, a number, or a date."""
    if isinstance(value, str):
        return parse_target(value, kind)
    if isinstance(value, date):
        day = _day(value)
        return Period(None, day, True, day.isoformat())
    number = of_number(value)
    return Threshold("", number, _is_upper("", number, kind), False, number.text)


def actual_of(value: str | float | date, *, bound: bool = False) -> Actual:
    """The measurement that a 完成值 is.

    Raises InvalidValue where the text is no measurement: it carries ≥ or 以上 (taken as its bound if ``bound``), is a
    range, or holds several measures.
    """
    if isinstance(value, str):
        return _parse_actual(value, bound)
    if isinstance(value, date):
        day = _day(value)
        return Period(day, day, True, day.isoformat())
    return of_number(value)


@lru_cache(maxsize=8192)
def _parse_actual(text: str, bound: bool) -> Actual:
    text = text.strip()
    simplified = plain(text)
    number = simple(simplified)
    if number is not None:
        return number
    if simplified in NOTHING:
        return Inapplicable(text)
    if len(simplified) > LONGEST:
        return Words(text)
    dated = period(_INCLUSIVE.sub("", simplified), text)
    if dated is not None:
        return dated
    read = _measured_target(simplified, text, "")
    if isinstance(read, Range):
        raise InvalidValue(f"完成值“{text}”是一个范围，不是测量值，请填实际完成的数")
    if isinstance(read, Threshold):
        if read.operator not in {"", "="} and not bound:
            raise InvalidValue(f"完成值“{text}”带“{read.operator}”或类似的话，不是测量值，请填实际完成的数")
        return read.quantity
    return read


def _measured_target(text: str, original: str, kind: str) -> Threshold | Range | Words:
    text = _ITEM_NUMBER.sub("", _INCLUSIVE.sub("", text))
    if "±" in text or _EXCLUSIVE.search(text):
        raise InvalidValue(f"“{original}”带“±”或“不含”，请写明两端，例如 8～12、≥8且<12")
    found = measures(text) or _measure_in_hanzi(text)
    refuse_misread(text, found, original)
    if found and len(found) - sum(one.quantity.unit in _DATES for one in found) == 1 and _TIME.search(text):
        raise TimeAndNumber(f"“{original}”里既有时间又有数，一格只能判断一样，请由人评定，或只写要考核的一样")
    if any(map(partial(_is_of_a_date, text), found)):
        raise InvalidValue(f"看不懂“{original}”里的时间，请写成 2025年6月30日前 或 2025-6-30 这样的日期")
    _refuse_pieces(text, found, original)
    if not found:
        if not any(sign.isalpha() or sign in _MARKS for sign in text):
            raise InvalidValue(f"看不懂“{original}”，请写成数（带单位）或文字")
        return Words(original, upper=any(text.startswith(word) for word in _WORDS["≤"].split()))
    found = [_with_trend(measure, text[: found[0].start]) for measure in found]
    if len(found) == 1:
        return _threshold(text, found[0], original, kind)
    between = _range(text, found[0], found[1], original) if len(found) == 2 else None
    if between is None:
        raise InvalidValue(f"“{original}”里有 {len(found)} 个数值，请一格只写一个指标值")
    return between


def _refuse_pieces(text: str, found: list[Measure], original: str) -> None:
    """Raises Misread for pieces of comparing words, numbers and units beside what was read."""
    if not found:
        return
    opening = text[: found[0].start].rstrip()
    before = _without_comparing(opening)
    ending = _READ_BEHIND.sub("", text[found[-1].end :], count=1)
    suffixes = text[found[-1].end :].removesuffix(ending)
    if len({_SUFFIXES[word] for word in _SUFFIX_WORD.findall(suffixes)} - {"~"}) > 1:
        raise InvalidValue(f"“{original}”后面的比较词互相矛盾，请改成一个")
    if ending != text[found[-1].end :] and is_unit(without_bound(ending)):
        raise misread(original)  # 9>个百分点
    comparing = opening[len(before) :]
    if len({_PREFIXES[sign] for sign in _COMPARING.findall(comparing)} - {"~"}) > 1 and not _IS_ONE.fullmatch(
        comparing
    ):
        raise InvalidValue(f"“{original}”里的比较词互相矛盾，请改成一个")
    rest = _OPENED.sub("", before)
    spoilt_word = _SPOILT_BEFORE.search(opening) if before.strip() else None
    is_spoilt = spoilt_word is not None and spoilt_word[0] not in _PREFIXES and spoilt_word[0] not in _NO_SPOILT_WORD
    if is_spoilt or _SPOILT_BEHIND.search(ending.strip(" .,;")):
        raise misread(original)
    flipped = _SYMBOL_BEHIND.match(text, found[-1].end)
    if flipped is not None:
        refuse_sign_behind(text[flipped.end() :], is_unit, original)
    sign = _OPERATOR_BEFORE.search(opening)
    if sign is not None:
        refuse_negated(opening[: sign.end(1)], sign[1], original)
    refuse_pieces(rest, found[0], ending, comparing=comparing, opened=len(rest) < len(before), original=original)
    if any(is_stray(one.quantity.unit, is_unit) for one in found[:-1]):
        raise misread(original)  # 48约-653亿
    refuse_half_measure(found[-1], ending, is_unit, original)


def _without_comparing(opening: str) -> str:
    """What stands before a measure, without the comparing words and fillers right before it."""
    kept, tail = opening[:-_SHORT], opening[-_SHORT:]
    while tail and (match := _READ_BEFORE.search(tail)):
        tail = tail[: match.start()]
    return kept + tail


def _is_of_a_date(text: str, measure: Measure) -> bool:
    """Whether a number is part of a date that nobody read: 6月上旬, 次年1月, 6.30前."""
    before, behind = text[: measure.start], text[measure.end :]
    if _MONTH.fullmatch(text[measure.start : measure.end]):
        return bool(_OF_A_DATE.search(before + behind))
    return bool(_BEFORE_IT.match(behind))


def _with_trend(measure: Measure, before: str) -> Measure:
    """下降5%, 增长5%: the measure of a fall and that of a rise are not one kind."""
    match = _TREND.search(before.rstrip())
    if match is None:
        return measure
    return measure._replace(quantity=measure.quantity._replace(trend=-1 if match["fall"] else 1))


def _threshold(text: str, measure: Measure, original: str, kind: str) -> Threshold:
    opening = text[: measure.start].rstrip()
    before = _OPERATOR_BEFORE.search(opening)
    behind = _OPERATOR_BEHIND.match(text, measure.end)
    flipped = _SYMBOL_BEHIND.match(text, measure.end)
    operators = {_SUFFIXES[behind[1]]} if behind else set()
    if flipped:
        operators.add(_FLIPPED[_SYMBOLS[flipped[1]]])
    if before and not (operators and before[1] in _WEAK):
        operators.add(_PREFIXES[before[1]])
    approximate = "~" in operators
    operators.discard("~")
    if operators in ({">", "≥"}, {"<", "≤"}):
        operators &= {"≥", "≤"}  # 超过95%以上: the inclusive word is the later one
    if len(operators) > 1:
        raise InvalidValue(f"“{original}”前后的比较词互相矛盾，请改成一个，例如 ≥{measure.quantity.text}")
    operator = operators.pop() if operators else ""
    upper = _is_upper(operator, measure.quantity, kind) or (not operator and bool(_FALLS_TO.search(opening)))
    return Threshold(operator, measure.quantity, upper, approximate, original)


def _is_upper(operator: str, quantity: Quantity, kind: str) -> bool:
    """Whether a target bounds from above; a bare 0 (0起, 事故0次) does, as at least 0 would bound nothing."""
    return operator in {"≤", "<"} or (not operator and (is_reverse(kind) or not quantity.number.units))


def _range(text: str, first: Measure, second: Measure, original: str) -> Range | None:
    """Two measures that are one range: 1--1.2万人, ≥15&&≤18, 15≤次数≤18; None if they are not."""
    between = text[first.end : second.start]
    low, high = _with_one_unit(first.quantity, second.quantity)
    before = _OPERATOR_BEFORE.search(text[: first.start].rstrip())
    opening = _PREFIXES[before[1]] if before else ""
    if _DASH.fullmatch(between) and opening in {"", "~"}:
        return _closed(low, high, original)
    chain = _CHAIN.fullmatch(between)
    if chain and not opening:
        return _closed(low, high, original, chain[1] == "<", chain[2] == "<")
    pair = _AND.fullmatch(between)
    behind = _OPERATOR_BEHIND.match(text, second.end)
    opening = opening or (_SUFFIXES[pair[1]] if pair and pair[1] else "")
    closing = (_PREFIXES[pair[2]] if pair and pair[2] else "") or (_SUFFIXES[behind[1]] if behind else "")
    if opening in {"≥", ">"} and closing in {"≤", "<"}:
        return _closed(low, high, original, opening == ">", closing == "<")
    if opening in {"≤", "<"} and closing in {"≥", ">"}:
        return _closed(high, low, original, closing == ">", opening == "<")
    return None


def _with_one_unit(first: Quantity, second: Quantity) -> tuple[Quantity, Quantity]:
    """A unit written once binds to both ends: 1--1.2万人 is 1万人 to 1.2万人."""

    def bound(bare: Quantity, model: Quantity) -> Quantity:
        digits = re.match(r"[-+\d.,]+", model.text)
        if bare.unit or bare.scaled or digits is None:
            return bare
        return quantity(bare.text + model.text[digits.end() :])

    return bound(first, second), bound(second, first)


def _closed(low: Quantity, high: Quantity, text: str, low_open: bool = False, high_open: bool = False) -> Range:
    reason = comparable(low, high)
    if reason:
        raise InvalidValue(f"“{text}”的两端不能比较：{reason}")
    least, most = aligned(low.number, high.number)
    if least > most:
        raise InvalidValue(f"“{text}”的下限大于上限，请改正")
    unit = low.unit or high.unit
    low, high = low._replace(unit=unit), high._replace(unit=unit)
    return Range(low, high, low_open, high_open, text)


def _measure_in_hanzi(text: str) -> list[Measure]:
    """不少于三次, 两场以上: a numeral in words, if it is all there is beside comparing words."""
    before = re.match(rf"(?:{_PREFIX}|{_FILLERS})*", text)
    behind = re.search(rf"(?:{_SUFFIX})?$", text)
    start, end = before.end() if before else 0, behind.start() if behind else len(text)
    return [Measure(one.quantity, start, end) for one in measures(text[start:end])]


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def in_words(target: Target) -> str:
    """How a target is understood: ``≥ 95%``, ``15 至 18 次``, ``定性：及时``."""
    if isinstance(target, Threshold):
        sign = target.operator or ("≤" if target.upper else "≥")
        about = "约 " if target.approximate else ""
        trend = {-1: "下降 ", 0: "", 1: "增长 "}[target.quantity.trend]
        return f"{trend}{sign} {about}{_spaced(target.quantity.text)}"
    if isinstance(target, Range):
        return _range_in_words(target)
    if isinstance(target, Period):
        return target.words
    if isinstance(target, Words):
        return f"定性：{target.text.strip()}"
    return "不适用"


def _range_in_words(target: Range) -> str:
    low, high = (re.match(r"[-+\d.,]+", end.text) for end in (target.low, target.high))
    tail = _spaced(target.high.text)
    if low and high and target.low.text[low.end() :] in {"", target.high.text[high.end() :]}:
        words = f"{low[0]} 至 {tail}"
    else:
        words = f"{_spaced(target.low.text)} 至 {tail}"
    open_ends = [name for name, is_open in (("下限", target.low_open), ("上限", target.high_open)) if is_open]
    return words + (f"（不含{'、'.join(open_ends)}）" if open_ends else "")


def _spaced(text: str) -> str:
    """27人 → 27 人; 95% stays."""
    return re.sub(r"(?<=\d) *(?=[^\d\s.,%‰])", " ", text, count=1)
