"""Measures in Chinese tables: "2.6亿元", "98%", "1.1万人", "300元/人*月" → an exact number and a unit.

The number is brought to the base unit (万, 亿, % and ‰ resolved), so measures written in different scales compare.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from perfeval.arithmetic import Scaled, decimal, exact, times
from perfeval.errors import InvalidValue
from perfeval.misreadings import is_stray, refuse_letters

PERCENT = "%"

# Full-width ASCII, units that are one sign (㎥), and the many shapes that one sign takes in Chinese tables, become one.
_SQUARE_UNITS = {
    code: normalize("NFKC", chr(code)).translate(str.maketrans("23", "²³")) for code in range(0x3380, 0x33E0)
}
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | _SQUARE_UNITS | str.maketrans(
    {
        "\u3000": " ", "\xa0": " ", "\n": " ", "\r": " ", "\t": " ", "\u200b": "", "\ufeff": "",
        "≧": "≥", "⩾": "≥", "≮": "≥", "≦": "≤", "⩽": "≤", "≯": "≤", "═": "=", "﹦": "=", "﹥": ">", "﹤": "<",
        "﹪": "%", "٪": "%", "–": "-", "—": "-", "―": "-", "─": "-", "−": "-", "‐": "-", "﹣": "-", "〜": "~", "∼": "~",
        "×": "*", "•": "·", "・": "·", "￥": "¥", "，": ",", "。": ".", "㎡": "平方米", "㎞": "公里", "㎏": "千克",
    }
)  # fmt: skip

_SCALES = {"万亿": 12, "千亿": 11, "百亿": 10, "亿": 8, "千万": 7, "百万": 6, "十万": 5, "万": 4, "千": 3, "百": 2}

# Units that stand for one another, and units that are a power of ten of another.
_SAME: dict[str, str] = {
    same: unit
    for unit, same_units in {
        "人": "名 位", "元": "圆 人民币 元人民币", "公里": "km 千米", "米": "m", "平方米": "平米 m2 m²",
        "立方米": "立方 m3 m³", "千克": "公斤 kg", "吨": "t", "小时": "钟头 h", PERCENT: "百分比", "个百分点": "百分点",
        "天": "日 自然日 日历天 日历日 个日历天 个日历日 个自然日", "月": "个月", "年": "周年 学年",
        "个工作日": "工作日", "GB": "G", "TB": "T", "课时": "节",
        "岁": "周岁", "人次": "人(次)", "户次": "户(次)", "场次": "场(次)", "批次": "批(次)", "件次": "件(次)",
    }.items()
    for same in same_units.split()
}  # fmt: skip
_POWERS = {
    "‱": (PERCENT, -4),
    "‰": (PERCENT, -3),
    PERCENT: (PERCENT, -2),
    "公里": ("米", 3),
    "千克": ("克", 3),
    "吨": ("克", 6),
}

_OTHERS = """
    元 美元 人 人次 人天 人月 次 份 件 宗 起 个 只 台 套 页 户 家 项 天 月 年 季度 个季度 周 岁 小时 分钟 秒
    个工作日 学时 课时 亩 公顷 米 延米 平方米 立方米 平方公里 克 升 瓦 瓦时 度 TB GB MB 场 场次 期 批
    批次 篇 条 处 座 所 辆 车次 班 班次 个班次 部 本 册 卷 张 幅 间 栋 片 支 枚 棵 株 头 羽 箱 包 袋 瓶 组 队
    村 个村 社区 个社区 标段 个点 个百分点 倍 级 分 分贝 门 例 剂 床 床位 户次 家次 件次 项次 种 类 款 轮 趟
    艘 架 根 单 笔 字
"""
_UNITS = sorted({*_SAME, *_POWERS, *_OTHERS.split()}, key=len, reverse=True)
_KNOWN = frozenset(_UNITS)
_UNIT = "|".join(map(re.escape, _UNITS))
_SCALE = "万亿|千亿|百亿|亿|千万|百万|十万|万|千(?![克米瓦])|百(?!分)"
_LONGEST = 40  # characters of one number
_LONGEST_MEASURE = 100  # characters of a number with its unit; more is no single measure
# Each repetition has an end: a text of 每人每人每人… or 1,234,234,… must not be gone through again from each of its places.
_NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,12}(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?!\.{0,9}\d)"
_LETTERS = "A-Za-zµμ℃°²³\u4e00-\u9fff"

_BOUND = "以上|以下|以内|之内|及以|及其以|或以|含以|左右|上下"
_NO_UNIT = f"{_BOUND}|内|且|并|至|到|和|或|前|之前|底|余|多|为|起|年|号|版|章|条款"
_COMPOUND = rf"(?:{_UNIT})(?:(?:[/*·、]每?|每)(?:{_UNIT})|/[{_LETTERS}]{{1,4}}(?![{_LETTERS}])){{0,6}}"
_UNKNOWN = rf"(?![²³]|{_NO_UNIT})[{_LETTERS}]{{1,4}}?(?=$|[^{_LETTERS}\d]|(?<![A-Za-z])\d|{_BOUND})"
_UNKNOWN += rf"(?:/[{_LETTERS}]{{1,4}}(?![{_LETTERS}]))?"
_MEASURE = re.compile(
    rf"(?P<per>(?:每(?:{_UNIT})){{0,4}})(?P<percent>百分之)?(?P<currency>[¥$])?"
    rf"(?P<sign>(?<![\w%‰)-])-)?(?P<number>(?<![\dA-Za-z.]){_NUMBER}) ?"
    rf"[余多来几]?(?P<bracket>\((?=(?:{_SCALE})?(?:{_COMPOUND})\)))?(?:个(?=[百千]?亿))?(?P<scale>{_SCALE})?[余多]? ?"
    rf"(?:(?P<unit>{_COMPOUND})|(?P<unknown>{_UNKNOWN}))?(?(bracket)\))"
)
_SIMPLE = re.compile(r"(?!(?:19|20)\d\d年|\d\d?月)([+-]?\d{1,20}(?:\.\d{1,20})?)(%|[^\d\s.,;:、/*·<>=≥≤~()&+-]{0,8})$")
_AROUND = 40  # characters before and behind a number that tell whether it numbers a thing
_CODE = re.compile(r"[A-Za-z]+ ?[A-Za-z0-9./+-]*$")  # GB50166-, GB 3095-, T+
_LETTER = re.compile(rf"(?!{_NO_UNIT}|[xX]\b|的)[{_LETTERS}]")
_YEAR = re.compile(r"(?:19|20)\d\d年$")  # a year, not a number of years
_RANK = re.compile(r"[A-Z]*星?(?:级|等奖|等$|类水|类标准)")  # 一级, 5A级, 三类水: higher is not more
_BEFORE = re.compile(r"(?:之|以)?前")
_DATE_UNITS = frozenset("日 天 月 季度 年".split())
_DIGITS_OF_HANZI = {hanzi: value for value, hanzi in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HANZI_NUMBER = re.compile(
    rf"(百分之)?([零〇一二两三四五六七八九十百千]+)(点[零〇一二三四五六七八九]+)?({_SCALE})?({_UNIT})?"
)


class Quantity(NamedTuple):
    """A measure: ``number`` in base units, ``unit`` as compared, and what a person wrote ("" for a number).

    ``scaled`` tells that 万, 亿 … stood before the unit: a bare number beside it could mean either. ``numeric`` tells
    that the cell held a number, not text: beside a percentage it is a fraction, as a worksheet stores 95%. ``trend``
    is -1 for a measure of a fall (下降5%), 1 for one of a rise (增长5%).
    """

    number: Scaled
    unit: str
    written: str
    scaled: bool = False
    numeric: bool = False
    trend: int = 0

    @property
    def text(self) -> str:
        """The measure as a person wrote it."""
        return self.written or str(self.number)

    @property
    def bare(self) -> bool:
        """A number without any unit."""
        return not self.unit


class Measure(NamedTuple):
    """A quantity found in a text, with what stands before and behind it."""

    quantity: Quantity
    start: int
    end: int


@lru_cache(maxsize=1 << 15)
def plain(text: str) -> str:
    """The text with full-width signs, odd blanks and look-alike operators brought to one form."""
    return text.translate(_PLAIN).strip()


def folded(text: str) -> str:
    """The plain text without regard to case, as names are compared: a spreadsheet's autocorrection makes Cn of cn."""
    return plain(text).lower()


def quantity(text: str) -> Quantity:
    """The single measure that a text is: ``"2,340,000.00"``, ``"￥56万元"``, ``"98%"``.

    Raises InvalidValue if the text is anything more or less than one measure.
    """
    simplified = plain(text).removeprefix("人民币")
    found = simple(simplified)
    if found is not None:
        return found
    several = []
    if len(simplified) <= _LONGEST_MEASURE:
        refuse_letters(simplified, text)
        several = measures(simplified)
    if len(several) == 1 and several[0].start == 0 and not simplified[several[0].end :].strip(" .整"):
        return several[0].quantity._replace(written=simplified)
    raise InvalidValue(f"“{text}”不是一个数，请只填一个数（可带单位）")


def simple(text: str) -> Quantity | None:
    """The commonest cells, a number and its unit and nothing else, read without the full grammar; None for others."""
    match = _SIMPLE.match(text)
    if match is None:
        return None
    digits, unit = match.groups()
    if not unit:
        return Quantity(decimal(digits), "", text)
    if unit == PERCENT:
        number = decimal(digits)
        return Quantity(Scaled(number.units, number.places + 2), PERCENT, text)
    base, scaled = _base_unit(unit)
    if base is None or _RANK.match(unit) or (len(unit) > 1 and unit[0] in "OoIl"):  # 1O份
        return None
    return Quantity(times(decimal(digits), base[1]), base[0], text, scaled)


_bases: dict[str, tuple[tuple[str, Scaled] | None, bool]] = {}


def _base_unit(unit: str) -> tuple[tuple[str, Scaled] | None, bool]:
    """``"万元"`` → (("元", 10000), True); None for what is not a known unit. Remembered: tables repeat their units."""
    known = _bases.get(unit)
    if known is None:
        match = _MEASURE.match("1" + unit)
        known = (None, False)
        if (
            match and match.end() == 1 + len(unit) and not is_stray(match["unknown"] or "", is_unit)
        ):  # fullmatch would take 人左右 for a unit, to reach the end
            power = _power(match["scale"])
            name, more = _unit_of(match["unit"] or match["unknown"] or "")
            known = ((name, _ten_to(power + more)), bool(match["scale"]))
        if len(_bases) < 4096:
            _bases[unit] = known
    return known


def units_as_written() -> tuple[str, ...]:
    """Every unit that the grammar lists, alone and behind 万, 亿 …, and the commonest that are made of two."""
    pairs = (
        f"{one}/{other}"
        for one in ("元", "万元", "次", "小时", "天", "人")
        for other in ("人", "次", "年", "月", "天", "户", "平方米", "亩")
    )
    return (*_SCALES, *_UNITS, *(scale + unit for scale in _SCALES for unit in _UNITS), *pairs)


def measures(text: str) -> list[Measure]:
    """Every measure in a text (already ``plain``), left to right."""
    found = []
    for match in _MEASURE.finditer(text):
        if _is_a_name(text, match):
            continue
        found.append(_measure(match))
    return found or _hanzi_measure(text)


def measures_in(sentence: str) -> list[Measure]:
    """Every measure in prose (already ``plain``); none where it holds digits without an end, which measure nothing."""
    try:
        return measures(sentence)
    except InvalidValue:
        return []


def _measure(match: re.Match[str]) -> Measure:
    if len(match["number"]) > _LONGEST:
        raise InvalidValue(f"“{match['number'][:20]}…”太长，不是一个可用的数")
    name, power = _unit_of(match["unit"] or match["unknown"] or "")
    if match["percent"]:
        name, power = PERCENT, -2
    if match["currency"] == "¥":
        name = name or "元"
    elif match["currency"]:
        name = "美元"
    if match["per"]:
        name = "/".join((name, _unit_of(match["per"])[0]))
    power += _power(match["scale"])
    number = times(decimal((match["sign"] or "") + match["number"].replace(",", "")), _ten_to(power))
    return Measure(Quantity(number, name, match[0].strip(), bool(match["scale"])), match.start(), match.end())


def _is_a_name(text: str, match: re.Match[str]) -> bool:
    """Digits that number a thing (第3季度, 财预〔2020〕10号, GB50166-2007, 2021年, 5日前, 二级) measure nothing."""
    start, end = match.start("number"), match.end()
    before, behind = text[max(0, start - _AROUND) : start].rstrip(), text[end : end + _AROUND].lstrip()
    if before.endswith(("第", "〔", "[", "【")) or _CODE.search(before):
        return True
    unit = match["unit"] or match["unknown"] or ""
    if unit:
        a_date = unit in _DATE_UNITS and (_BEFORE.match(behind) or (match["per"] and unit == "日"))
        return bool(a_date or _RANK.match(unit) or (not match["scale"] and _YEAR.match(match["number"] + unit)))
    return behind.startswith(("号", "#", "〕", "]", "】", "版")) or bool(_LETTER.match(behind))


def _hanzi_measure(text: str) -> list[Measure]:
    """A number in Chinese numerals, if the whole text is one measure (不少于三次 is cut to 三次 by the caller)."""
    match = _HANZI_NUMBER.fullmatch(text) if len(text) <= _LONGEST_MEASURE else None
    if match is None or not (match[1] or match[4] or match[5]) or _RANK.match(match[5] or "") or match[5] == "类":
        return []
    if len(match[0]) > _LONGEST:
        raise InvalidValue(f"“{text[:20]}…”太长，不是一个可用的数")
    number = Scaled(_hanzi_integer(match[2]), 0)
    if match[3]:
        fraction = "".join(str(_DIGITS_OF_HANZI[hanzi]) for hanzi in match[3][1:])
        number = decimal(f"{number.units}.{fraction}")
    name, power = _unit_of(match[5] or "")
    if match[1]:
        name, power = PERCENT, -2
    number = times(number, _ten_to(power + _power(match[4])))
    return [Measure(Quantity(number, name, text, bool(match[4])), 0, len(text))]


def _hanzi_integer(hanzi: str) -> int:
    """一百二十五 → 125, 十二 → 12, 二〇二一 → 2021."""
    if not set(hanzi) & set("十百千"):
        return sum(_DIGITS_OF_HANZI[digit] * 10**place for place, digit in enumerate(reversed(hanzi)))
    total, digit = 0, 0
    for character in hanzi:
        if character in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
        else:
            digit = _DIGITS_OF_HANZI[character]
    return total + digit


def _power(scale: str | None) -> int:
    """万 → 4, 亿 → 8, none → 0."""
    return _SCALES[scale] if scale else 0


def _ten_to(power: int) -> Scaled:
    return Scaled(10**power, 0) if power >= 0 else Scaled(1, -power)


def _unit_of(unit: str) -> tuple[str, int]:
    """The unit as compared, and the power of ten to its base: 公里 → (米, 3), 元/人、天 → (元/人/天, 0)."""
    parts = [part.removeprefix("每") for part in re.split(r"[/*·、]|(?=每)", unit) if part.removeprefix("每")]
    named = [_POWERS.get(_SAME.get(part, part), (_SAME.get(part, part), 0)) for part in parts]
    if not named:
        return "", 0
    return "/".join(name for name, _ in named), named[0][1] - sum(power for _, power in named[1:])


def is_unit(text: str) -> bool:
    """Whether a text is a known unit, with 万 or 亿 or without: 人次, 万元, 元/人."""
    bare = re.sub(rf"^(?:{_SCALE})", "", text)
    return bool(text) and all(part in _KNOWN for part in re.split(r"[/*·、]每?", bare) if part or bare)


def half_unit(found: Quantity) -> Scaled:
    """Half of the last decimal that a person wrote in 万, 亿 …: 3294.86万元 may be 50 元 off either way; 0 without a scale."""
    digits = re.search(r"\d[\d,]*(?:\.(\d+))?", found.written)
    if not found.scaled or digits is None:
        return Scaled(0, 0)
    scale = re.match(rf"\s*[余多来几]?\(?个?({_SCALE})", found.written[digits.end() :])
    return Scaled(5 * 10 ** _power(scale[1] if scale else None), len(digits[1] or "") + 1)


def comparable(one: Quantity, other: Quantity) -> str | None:
    """None if a bound and a measure are of one kind, otherwise the sentence that says why they cannot be compared."""
    if one.trend != other.trend and -1 in (one.trend, other.trend) and not (other.trend == 0 <= other.number.units):
        return f"一个是“{_TRENDS[one.trend]}”，一个是“{_TRENDS[other.trend]}”，不能比较，请改成同一方向的数"
    if one.unit == other.unit or _one_begins_the_other(one.unit, other.unit):
        return None
    if one.bare or other.bare:
        measured, number = (other, one) if one.bare else (one, other)
        if not number.number.units or (number.scaled and measured.unit != PERCENT):
            return None
        if measured.unit == PERCENT:
            if number.numeric and _is_fraction(number.number):
                return None
            return f"“{measured.text}”是百分比，“{number.text}”没有 %：{number.text} 还是 {number.text}%？请写明"
        if measured.scaled:
            return f"“{measured.text}”带“万”或“亿”，“{number.text}”没有单位，请在“{number.text}”后写明单位"
        return None
    return f"单位不同：“{one.text}”与“{other.text}”不能比较，请改成同一单位"


_TRENDS = {-1: "下降", 0: "没有说明升降的数", 1: "增长"}


def _one_begins_the_other(unit: str, other: str) -> bool:
    """5盏 and 5盏路灯: a unit outside the list may carry the thing's name behind it."""
    if (unit in _KNOWN and other in _KNOWN) or "/" in unit + other:
        return False
    return bool(unit and other) and (unit.startswith(other) or other.startswith(unit))


LARGEST_FRACTION = 10  # a number up to 10 beside a percentage is a fraction (1000%); 95 could be 95 or 95%


def _is_fraction(number: Scaled) -> bool:
    return abs(number.units) <= LARGEST_FRACTION * 10**number.places


def points(value: object) -> Scaled | None:
    """The points in a cell (``20.0``, ``"18.0"``, ``"10分"``, ``"10%"`` of 100); None if it holds no number of points."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return exact(value)
    return _points_written(value) if isinstance(value, str) else None


@lru_cache(maxsize=4096)
def _points_written(text: str) -> Scaled | None:
    try:
        read = quantity(text)
    except InvalidValue:
        return None
    if read.unit == PERCENT:
        return times(read.number, Scaled(100, 0))
    return read.number if read.unit in {"", "分"} else None


def of_number(number: float) -> Quantity:
    """The quantity of a cell that holds a number."""
    return Quantity(exact(number), "", "", numeric=True)
