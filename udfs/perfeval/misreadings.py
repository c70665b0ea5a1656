"""Numbers that a scanner or a hasty hand has spoilt: 工5% for ≥5%, ^80%, 到0次, 第O份, 290$. They are refused, never scored by
dropping what stands beside the number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from perfeval.errors import InvalidValue

if TYPE_CHECKING:
    from perfeval.quantities import Measure


class Misread(InvalidValue):
    """A text that is no number as it stands, and looks like one."""


# A letter in the place of a digit: 1O份, l00%, 第O份. O2O and words in letters are names.
_LETTER_FOR_DIGIT = re.compile(
    r"(?<![A-Za-z0-9])(?!O2O)[0-9,.]*[OoIl][0-9OoIl,.]*(?=\s*[%‰份次个人项场件套户期篇条元万亿天月年]|$)"
)
# Another sign of a number beside a digit: a power (10⁴), a fraction (5½), an exponent (1e-5), a sign too many (--5), the minus or the
# brackets of a ledger (5-, (5)). What it means is never the digit alone. (① may be the mark of a note.)
_PART_OF_A_NUMBER = re.compile(
    r"\d[²³¹⁰-⁾₀-₎¼-¾⅐-ↈ↉]|[¹⁰⁴-⁹₀-₉¼-¾⅐-ↈ↉]\d|(?<![A-Za-z\d.])[\d.]+[eE][+-]\d+(?![A-Za-z\d])"
    r"|^[<>≥≤=]*[+-]{2,}[\d.]|^[<>≥≤=]*[\d,.]+-$|^\([\d,.]+\)$"
)
_STRANGE = frozenset("^$#@&|\\*?!》《〉〈→←↑↓`_{}=+/%'\"′″")
_BETWEEN = frozenset("^$#@&|\\》《〉〈→←`_{}")  # strange also between words and a number
_OPENERS = frozenset(
    "从自由在约近超逾未没满达为是占共总计有均仅只可应需按已余前第各每年月周日增降升减涨长宽高深重"
)  # one character that may stand before a number
_OPERATORS = re.compile(r"<>|><|≥≤|≤≥|[<>]{2,}|[≥≤]{2,}")

_BROKEN_NUMBER = re.compile(
    r"\d[.,]?[OoIl〇](?=\d|$|[,.])"  # 7,526,I28台, 26〇
    r"|^[^\w]{0,4},\d{3}(?!\d)|^\D{0,8},\d{3},\d{3}(?!\d)"  # a first group that is lost: ,691,597
    r"|\d\.(?=[^\d\s.;)])"  # 970.约年
)
_TWO_BOUNDS = re.compile(r"[≥≤<>=]\s*(?:及?以[上下内]|之?内|左右|上下)")  # 236<以下
_BOUNDS = frozenset(("以上", "以下", "以内", "内", "之内", "左右", "上下", "及以上", "及以下"))

# Pieces of comparing words: 不少32764次, 小等于5项, 173米及上.
_PIECES = frozenset("大小高低多少不未超过于等至最控制达逾足满及以")
_NO_COMPARISON = re.compile(  # a word on 于 that compares nothing
    r"(?:用|属|位|处|在|由|对|关|基|限|归|善|勇|便|利|有助|有利|适用|应用|致力)于$"
)
_A_WORD = 4  # characters; fewer beside a strange sign are no words
_JUNK = (
    "工王口丨〇OolIi第不未已于约低高到以每上下十百二一"  # what a character of a number, a unit or a word is misread as
)
_MISREAD = r"(?:[王口丨〇OolIi第不未已约每十百二一以上下内个次人千万亿]|[^\w\s()])"
_MISREAD_WITHIN = r"(?:[工到低高王口丨〇OolIi第不未已约每十百二一以上下内个次人千万亿]|[^\w\s()])"  # 小工, 高低 are words, 超工过 is none
_UNITS = "次人个内千万亿"
_NUMERALS = frozenset("〇丨一二三四五六七八九十百千万亿")  # directly before a digit
_SIGNS_ALONE = frozenset(",;、.‰%~-'\"!?*")
_SPOILT_COMPARISON = re.compile(
    r"[不未最至控].[于低高多少足到满过制]|控[^\W制件\d]|最[^\W\d大小高低多少长短近快佳优新]|[大小]于?.{0,2}等.?于?|[大小]于.{0,1}于|[不未].?[低高少多大小超].?于?"
)
_WORDS_OF_WORK = frozenset(("工位", "工时", "工日", "工件", "口人"))
_HALF_UNITS = frozenset("小 公 %o 方米 分点 百点 百分 左 右 上 下 及 以 之".split())
_CUT_BEFORE = re.compile(r"\d(?:[^\w\s)）%‰℃]|第|至|[OoIl〇])?$")
_CUT_BEHIND = re.compile(r"[-~]?[,.;:'\"丨〇oOIl]?第?\d|[至到][OoIl]\d")
_HALF_POINT = re.compile(r"个|百[^\w\s]|百分(?![之比制百率数])|百.{0,2}点|.?分点")  # behind 个
_FULL_STOP = re.compile(
    r"(?<!\d)。\d|^\s*\d{1,2}。\D"
)  # 完成。67534%, 7。千克: neither a decimal point nor an item's number
_NUMBERED = re.compile(r"\d#(?:$|[^\w\s]|[至到])")  # 218#至882; 3#机组 is a name
_NEGATED_SIGN = re.compile(r"[未不没]\s*[<>≥≤=]")
_NEGATION = re.compile(r"[未不没].?$")
_GROUPS = frozenset("批组队户家")  # 5组人
_BEFORE_UNITS = frozenset(_JUNK + "内至且并和或前底余多为起年号版万亿人次+")
_SIGN_BEHIND = re.compile(r"[,.;:'\"、!?*/=<>≥≤~‰%#$@&^|\\_`-]")
_SCALES = frozenset(("亿", "万", "千", "百", "万亿", "千万", "百万"))
_ENDS_OF_UNITS = frozenset("方米 里 斤 克 米 分点 点 月 次 时".split())
_IN_DOLLARS = re.compile(r"[\d万亿]$|美元")
_STRAY_BEHIND = frozenset(_JUNK) - set("口工高低")  # 5人口, 5米高
_NEVER_IN_UNITS = frozenset("已约未每〇丨第王不到")
_SECOND_UNITS = frozenset("次人天日月级")  # 台次, 人月, 吨级; 元人次 is a lost sign
_NOT_BY_PIECES = frozenset("公斤 千克 克 吨 % ‰ 元 米 亩 户 件 份 次 项 台".split())  # 21个公斤
_OF_NOTHING = frozenset("元 米 %".split())
_EACH_BEHIND = re.compile(r"\d每|每$")
_PER_NOTHING = re.compile(r"/[^\w\s]|[^\w\s()]/")  # 元/@人次
_BOUND_BEHIND = re.compile(r"(?:及?以[上下内]|之?内|左右|上下|\+)$")
_HALF_BOUND = re.compile(
    r"(?!以外)[以之][^\s,.;)]{0,2}$|及[以上下内]?$|及.?[上下内]$|及以.$|.(?:及?以[上下内]|之内|左右|上下)$|[左右上下其或到每至于]$|[^\w\s(]内$|^[到低高第不未已约每十百一二人次个万亿]内$"
)


def refuse_letters(text: str, original: str) -> None:
    """Raises Misread for a text (already ``plain``) with a letter in the place of a digit, or a number that is only half read."""
    if _LETTER_FOR_DIGIT.search(text) or _PART_OF_A_NUMBER.search(text) or _FULL_STOP.search(original):
        raise misread(original)


def refuse_misread(text: str, found: Sequence[Measure], original: str) -> None:
    """Raises Misread where what stands beside the measures of a text (already ``plain``) is no word, sign or unit."""
    refuse_letters(text, original)
    if _OPERATORS.search(text) or _TWO_BOUNDS.search(text) or _NEGATED_SIGN.search(text):
        raise misread(original)
    if not found:
        return
    if any(_EACH_BEHIND.search(one.quantity.written) for one in found):  # 112每台
        raise misread(original)
    if _BROKEN_NUMBER.search(text) or _NUMBERED.search(text):
        raise misread(original)
    before, behind = text[: found[0].start].strip(), text[found[-1].end :].strip()
    if len(before) == 1 and before.isalpha() and before not in _OPENERS:
        raise misread(original)
    if before[-1:] in _BETWEEN or (before and not _has_words(before) and _STRANGE & set(_without_signs(before))):
        raise misread(original)
    if behind[:1] in _BETWEEN or (behind and not _has_words(behind) and _STRANGE & set(behind.removeprefix("+"))):
        raise misread(original)


def spoilt(words: Iterable[str], *, is_behind: bool = False) -> re.Pattern[str]:
    """What comparing words become by one misread character, in them or in the place of one (不个低于, 已多, 及l以上).

    ``is_behind``: words that stand behind a number, whose first character may be misread as well.
    """
    known = set(words)
    anywhere, alone = set(), set()
    for word in known:
        if not word.isalpha() or len(word) < 2:
            continue
        kept = anywhere if len(word) > 2 and not is_behind else alone
        for place in range(len(word)):
            if place:
                kept.add(word[:place] + _MISREAD_WITHIN + word[place:])
            if place or is_behind or word[1:] not in known:
                sign = _MISREAD_WITHIN if 0 < place < len(word) - 1 else _MISREAD
                (kept if place else alone).add(word[:place] + sign + word[place + 1 :])
    patterns = [f"^(?:{'|'.join(sorted(alone))})$", *([f"(?:{'|'.join(sorted(anywhere))})$"] if anywhere else [])]
    return re.compile("|".join(patterns))


def refuse_negated(opening: str, comparing: str, original: str) -> None:
    """Raises Misread where a negation stands before the whole of a comparing word, and does not belong to it: 未约低于."""
    before = opening.removesuffix(comparing).rstrip()
    if (comparing.isalpha() and _NEGATION.search(before)) or (before and comparing in "未没"):
        raise misread(original)


def refuse_sign_behind(behind: str, is_unit: Callable[[str], bool], original: str) -> None:
    """Raises Misread for a sign between a number and its unit (6933≥公斤): ``80%≤满意度`` says what is at least 80%, ``95%≤`` too."""
    rest = behind.strip(" .,;")
    ended = _BOUND_BEHIND.sub("", rest)
    if ended != rest or is_unit(rest) or rest in _ENDS_OF_UNITS:
        raise misread(original)


def refuse_pieces(before: str, number: Measure, behind: str, *, comparing: str, opened: bool, original: str) -> None:
    """Raises Misread for pieces of a word or a number beside a measure.

    ``before`` and ``behind`` stand beside it without the comparing words that were read; ``comparing`` is the one before,
    ``opened`` tells that a filler (完成, 约) was read before ``before``.
    """
    rest = before.strip()
    if not comparing and (_CUT_BEFORE.search(before) or rest[-1:] in _NUMERALS):
        raise misread(original)
    is_dimension = rest in {"高", "长", "宽", "深"}
    if rest and not (is_dimension and number.quantity.unit == "米"):
        is_piece = (set(rest) <= _PIECES and rest not in _OPENERS) or _SPOILT_COMPARISON.fullmatch(rest)
        is_piece = is_piece or is_dimension or rest == "每"
        ends_in_a_piece = rest[-1] in "于最至" and len(rest) <= 3 and not _NO_COMPARISON.search(rest)
        is_junk = (
            len(rest) == 1 and (bool(comparing) or opened) and (rest in _JUNK or not rest.isalnum() or rest in _UNITS)
        )
        if is_piece or ends_in_a_piece or is_junk or (len(rest) < _A_WORD and _STRANGE & set(rest)):
            raise misread(original)
        if rest in _SIGNS_ALONE or (len(rest) < _A_WORD and rest[-1] == "~") or re.fullmatch(f"{_MISREAD}-", rest):
            raise misread(original)
        if rest[-1] == "-" and rest[-2:-1].isalpha():  # 同比-3%
            raise InvalidValue(f"“{original}”里的“-”是负号还是连接号看不出来，请写成“下降…”或去掉“-”")
    if _CUT_BEHIND.match(behind) or _HALF_BOUND.fullmatch(behind.rstrip(" .,;")):
        raise misread(original)


def refuse_half_measure(number: Measure, behind: str, is_unit: Callable[[str], bool], original: str) -> None:
    """Raises Misread for a number whose unit is cut off by a sign (5。家), spoilt by a character (92十台) or half there (4小)."""
    unit = number.quantity.unit
    ended = _BOUND_BEHIND.sub("", behind.rstrip(" .,;"))
    is_cut = behind[:1] in _BEFORE_UNITS and ended[1:] and is_unit(ended[1:]) and ended != "到位"
    if is_cut or is_stray(unit, is_unit):
        raise misread(original)
    last_part = unit.rpartition("/")[2]
    if (
        (unit and ended.lstrip(" .,;") == unit)
        or ("/" in unit and last_part in _BOUNDS)
        or number.quantity.written.endswith("每")
        or _PER_NOTHING.match(behind)
        or ("/" in ended[:2] and ended[2:] and is_unit(ended[2:]))
    ):
        raise misread(original)
    written = number.quantity.written
    if (written.startswith("$") and not _IN_DOLLARS.search(written)) or (written[:1] == "¥" and unit[:1] != "元"):
        raise misread(original)
    if ended in _STRAY_BEHIND or (unit in ("个", "平方") and ended in _ENDS_OF_UNITS):
        raise misread(original)
    if unit == "个" and (ended in _SCALES or ended in _NOT_BY_PIECES or _HALF_POINT.match(behind)):
        raise misread(original)
    if (
        unit
        and unit not in _GROUPS
        and unit != "个"
        and is_unit(ended)
        and (unit in _OF_NOTHING or "/" in unit or ended not in _SECOND_UNITS)
    ):
        raise misread(original)
    if not unit and (re.match(r"[至到](?![位账期场户])", behind) or (behind[:1] == "/" and is_unit(ended[1:]))):
        raise misread(original)
    sign = _SIGN_BEHIND.match(behind)
    if sign and ended[1:] and (is_unit(ended[1:]) or ended[1:] in _ENDS_OF_UNITS):
        raise misread(original)
    if sign and not _has_words(behind) and sign[0] not in ",.;、" and not behind.startswith("/"):
        raise misread(original)


def is_stray(unit: str, is_unit: Callable[[str], bool]) -> bool:
    """Whether what stands behind a number is a misread character, alone or beside a unit, or half a unit."""
    if not unit or is_unit(unit) or unit in _WORDS_OF_WORK:
        return False
    if unit in _HALF_UNITS or unit in _JUNK or unit[1:] in _BOUNDS:
        return True
    return (
        (unit[0] in _JUNK and is_unit(unit[1:].removesuffix("内")))
        or (unit[0] * 2 == unit)
        or (unit[-1] in "〇丨OIl" and is_unit(unit[:-1]))
        or (unit[0] in _JUNK and unit[1:] in _ENDS_OF_UNITS)
        or unit[0] in _NEVER_IN_UNITS
        or unit[-1] in _NEVER_IN_UNITS
        or any(
            re.fullmatch(_MISREAD, unit[at]) and is_unit(unit[:at] + unit[at + 1 :]) for at in range(1, len(unit) - 1)
        )
    )


def _has_words(text: str) -> bool:
    return any(map(str.isalpha, text))


def _without_signs(text: str) -> str:
    """What stands before a number, without the sign of a comparison, of a rise, or of a tick."""
    return re.sub(r"^(?:[<>=]?=|[<>≥≤]|\+|[√✓✔☑○●△]\s*)", "", text)


def misread(original: str) -> Misread:
    """The refusal of a text whose number was misread."""
    return Misread(f"“{original}”里的数像是识别或录入有误，请对照原件改正")


def without_bound(behind: str) -> str:
    """What stands behind a number, without 以上, 以内 … at its end."""
    return _BOUND_BEHIND.sub("", behind.strip())
