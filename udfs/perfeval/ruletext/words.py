"""The words of a printed rule: one spelling, fragments, numbers, points, and conditions on a rate.

Every pattern is matched against one short fragment, so that the work is bounded whatever the text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from perfeval.arithmetic import Scaled, aligned, decimal
from perfeval.digits import is_whole, whole
from perfeval.quantities import plain
from perfeval.ruletext.model import NotUnderstood
from perfeval.standards.rules import EDGE, EXCLUDED, FIRST, INCLUDED, LAST

_LONGEST_FRAGMENT = 120

NUMBER = r"(?<![\d.])(?:0|[1-9]\d{0,5})(?:\.\d{1,6})?(?![\d.])"  # 05 is a lost point
_HANZI = {hanzi: str(value) for value, hanzi in enumerate("一二三四五六七八九", start=1)} | {"两": "2", "十": "10"}
COUNT = rf"(?:{NUMBER}|[一二两三四五六七八九十])"
PERCENT = rf"(?:{NUMBER}%|(?<![\d.])0(?![\d.%]))"

_QUOTES = re.compile(r"[\s“”‘’\"']")
_SPLIT = re.compile(r"(?<!\d),|,(?!\d)|;")
_LIST = re.compile(r"[①②③④⑤⑥⑦⑧⑨⑩]|(?:^|(?<=[;,:]))\((?:\d|[一二三四五六七八九十])\)")
_NUMBERED = re.compile(r"(?:^|(?<=[;:]))(\d{1,2})[.、]")

_INTERVAL = re.compile(rf"(?P<open>[\[(])(?P<low>{PERCENT}),(?P<high>{PERCENT})(?P<close>[\])])")

# --- sentences ---


def spelled(text: str) -> str:
    """The text in one spelling: signs of one form, no blanks or quotation marks, sentences parted by ``;``.

    A line's end parts sentences where one ends there or a list goes on; elsewhere it is how a cell was wrapped.
    """
    lines = re.sub(r"(?<=[。；;：:，,分])[ \t]*[\r\n]+|[\r\n]+(?=\s*(?:\d{1,2}[.、．]|[（(]|[①-⑩]))", ";", text.strip())
    bare = re.sub(r"[;,]*;[;,]*", ";", _QUOTES.sub("", plain(lines.replace("。", ";").replace("…", ";")))).strip(";,")
    return _INTERVAL.sub(_as_signs, bare.replace("分)、", "分);"))


def _as_signs(match: re.Match[str]) -> str:
    """``[85%,95%)`` → ``85%≤x<95%``."""
    low, high = ("≤" if end in "[]" else "<" for end in (match["open"], match["close"]))
    return f"{match['low']}{low}x{high}{match['high']}"


class Sentence(NamedTuple):
    """What stands before the first item, and the items; a text without items is one item."""

    preamble: str
    items: tuple[str, ...]
    is_list: bool


def sentence(text: str) -> Sentence:
    """The items of a spelled text, by ①②③, (1)(2) or 1. 2. 3.: only a list that counts from 1 without a gap is one.

    ``2.5%≤比率`` is the second item of a list whose first began ``1.比率``; elsewhere it is two and a half percent.
    """
    marks = list(_LIST.finditer(text))
    if len(marks) > 1:
        return _items(text, [(mark.start(), mark.end()) for mark in marks])
    places: list[tuple[int, int]] = []
    for match in _NUMBERED.finditer(text):
        follows = text[match.end() : match.end() + 1]
        if whole(match[1]) == len(places) + 1 and (places or not is_whole(follows)):
            places.append((match.start(), match.end()))
    return _items(text, places) if len(places) > 1 else Sentence("", (text,), False)


def _items(text: str, places: list[tuple[int, int]]) -> Sentence:
    ends = [start for start, _ in places[1:]] + [len(text)]
    items = [text[start:end].strip(";,") for (_, start), end in zip(places, ends, strict=True)]
    return Sentence(text[: places[0][0]].strip(";,:"), tuple(items), True)


def fragments(text: str) -> list[str]:
    """The pieces between commas and ends of sentences; a comma within a number is none."""
    return [piece for piece in _SPLIT.split(text) if piece]


def is_long(fragment: str) -> bool:
    """Whether a fragment is too long to be anything but words."""
    return len(fragment) > _LONGEST_FRAGMENT


# --- numbers and points ---


def number(text: str) -> Scaled:
    """``5`` · ``0.5`` · ``五``."""
    return decimal(_HANZI.get(text, text))


def rate(text: str) -> Scaled:
    """``95%`` → 0.95; ``0`` is 0%."""
    value = decimal(text.removesuffix("%"))
    return Scaled(value.units, value.places + 2)


def same(one: Scaled, other: Scaled) -> bool:
    """Whether two numbers are equal, however many zeros they end in."""
    return len(set(aligned(one, other))) == 1


_POINTS = rf"(?P<points>{NUMBER})分"
_SHARE = rf"(?:(?:分值|权重|满分)的?[*×]?(?P<share>{NUMBER})%|(?P<portion>{NUMBER})%(?:的?(?:分值|权重分?|分数))?)"
AWARD = re.compile(
    r"(?:的|时|者)?(?:可|应)?(?P<verb>得|计|记|给予?|为|评为|评|赋)?"
    rf"(?:(?P<full>满分|全分|全部分值|全部分数|全部权重分?)|(?P<none>零分)|{_POINTS}|{_SHARE})$"
    rf"|\((?:得|计)?(?P<bracket>{NUMBER})分\)$"
    r"|(?:的|时|者)?(?:(?<!否)则|均)?(?P<nothing>不得分|不计分|不给分|不记分)$"
)


_NO_AWARD = re.compile(r"[加扣减除每=*]$")
_NO_POINTS = re.compile(r"[高低多少过至到于]$")  # 最高2分, 不超过2分


_GIVES = frozenset(("得", "计", "记", "给", "给予"))  # 为80% is a rate


class Award(NamedTuple):
    """Points that are given: full marks, points, or a share of the weight."""

    points: Scaled | None  # None: full marks
    share: Scaled | None = None
    off: Scaled | None = None  # points that are taken from full marks


def award(fragment: str) -> tuple[str, Award] | None:
    """What stands before the points at a fragment's end, and the points; None where it ends in none."""
    match = AWARD.search(fragment)
    if match is None or (match["portion"] and match["verb"] not in _GIVES):
        return None
    before = fragment[: match.start()]
    if _NO_AWARD.search(before) or (match["points"] and _NO_POINTS.search(before)):
        return None
    if match["full"]:
        return before, Award(None)
    if match["none"] or match["nothing"]:
        return before, Award(Scaled(0, 0))
    if match["points"] or match["bracket"]:
        return before, Award(decimal(match["points"] or match["bracket"]))
    return before, Award(None, rate(f"{match['share'] or match['portion']}%"))


_OFF = re.compile(rf"(?:的|时)?,?(?:则|均)?(?:(?P<none>不扣分?|不予扣分)|扣(?:减|除)?(?P<off>{NUMBER})分)$")


def deduction(fragment: str) -> tuple[str, Award] | None:
    """``≥95%不扣分``, ``90%~95%扣2分`` behind a condition, or what they are alone: what stands before, and the points that are kept."""
    match = _OFF.search(fragment)
    if match is None:
        return None
    before = fragment[: match.start()]
    if before and condition(before) in (None, REST):
        return None
    return before, Award(None, off=None if match["none"] else decimal(match["off"]))


# --- conditions on a rate ---


class Condition(NamedTuple):
    """The rates between two limits, and the name of the rate ("" where it is not named). ``bare``: printed as a
    percentage without any sign, which a step makes a bound."""

    low: Scaled | None
    low_end: str
    high: Scaled | None
    high_end: str
    subject: str = ""
    bare: bool = False


REST = Condition(None, "", None, "")

_SIGNS = {
    "≥": ">= ≥ 大于或等于 大于等于 高于或等于 不低于 不少于 不小于 达到 达",
    ">": "> 高于 大于 超过 超出",
    "≤": "<= ≤ 小于或等于 小于等于 低于或等于 不高于 不超过 不大于 不超出",
    "<": "< 低于 小于 不足 不到 未达到 未达",
    "=": "= 等于 为",
}
_SIGN = {word: sign for sign, words in _SIGNS.items() for word in words.split()}
_OPERATOR = "|".join(sorted(map(re.escape, _SIGN), key=len, reverse=True))
_NAME = r"(?:[\u4e00-\u9fff()、/]{0,28}?(?:率|度|比例|比重|占比|比|进度|经费|资金|支出|成本|金额|幅度|结果|数值|值))?"
_MARK = r"(?P<{0}>\(不?含(?:本数)?\)|\(不?含{1}\))?"
_OPENING = r"(?:当|若|如果?|凡)?(?:(?:完成|实现)(?!率|值))?"
_REST = frozenset(("其余", "其他", "其它", "否则", "其余情况", "其他情况", "除此之外", "反之", "其余的", "其他的"))


def _mark(name: str) -> str:
    return _MARK.format(name, PERCENT)


_ONE = rf"(?P<subject>{_NAME}|[xX])(?P<sign>{_OPERATOR})(?P<limit>{PERCENT}){_mark('mark')}"
_SINGLE = re.compile(rf"{_OPENING}{_ONE}(?P<behind>及?以上|及?以下|以内)?{_mark('mark2')}")
_SUFFIXED = re.compile(
    rf"{_OPENING}(?P<subject>{_NAME})(?:在|控制在|保持在)?(?P<limit>{PERCENT}){_mark('mark')}(?P<behind>及?其?以上|及?其?以下|以内){_mark('mark2')}"
)
_CHAINED = re.compile(
    rf"{_OPENING}(?P<left>{PERCENT})(?P<first>{_OPERATOR})(?P<subject>{_NAME}|[xX])(?P<second>{_OPERATOR})(?P<right>{PERCENT})"
)
_BOTH = re.compile(
    rf"{_OPENING}(?P<subject>{_NAME})(?P<first>{_OPERATOR})(?P<left>{PERCENT})(?P<mark1>\(不?含\))?(?:且|并且|而且|但|和)?"
    rf"(?P<again>{_NAME})(?P<second>{_OPERATOR})(?P<right>{PERCENT})(?P<mark2>\(不?含\))?"
)
_RANGED = re.compile(
    rf"{_OPENING}(?P<subject>{_NAME})(?:在|为|介于|处于)?(?P<left>{NUMBER}%?){_mark('mark1')}(?:-{{1,2}}|~|至|到)"
    rf"(?P<right>{PERCENT}){_mark('mark2')}(?:之间|区间|范围内)?{_mark('mark3')}"
)
_EXACT = re.compile(rf"{_OPENING}(?P<subject>{_NAME})(?P<limit>{PERCENT})")
_OF_ONE = re.compile(rf"(?<=(?:控制|完成|执行|到位|覆盖|达标|合格)率)(?:{_OPERATOR})1$")  # 控制率≤1: the whole, not 1%
_NEGATED = re.compile(r"[未不没非无每约近]$")  # 未 低于95% is no 低于


def condition(text: str) -> Condition | None:
    """The condition that a piece of text is, wholly; None where it is none."""
    text = _OF_ONE.sub(r"\g<0>00%", re.sub(r"(?:的|时|者|之间的)+$", "", text))
    if text in _REST:
        return REST
    if is_long(text):
        return None
    for reader, pattern in _CONDITIONS:
        match = pattern.fullmatch(text)
        if match is not None and not _NEGATED.search(match["subject"]):
            return reader(match) or _of_two(text)
    return _of_two(text)


_MEETS = re.compile(r"(?<=[%)上下])(?:且|并且|而且|但|和)?(?=[\u4e00-\u9fff<>≤≥\d])")


def _of_two(text: str) -> Condition | None:
    """``80%(含)以上100%以下``, ``超过80%(含)且低于100%``: two limits, one from below, one from above."""
    if text.count("%") < 2:
        return None
    for meeting in _MEETS.finditer(text):
        sides = [_one_of(text[: meeting.start()]), _one_of(text[meeting.end() :])]
        if None in sides:
            continue
        low, high = sorted((one for one in sides if one), key=lambda one: one.low is None)
        if low.low is None or low.high is not None or high.high is None or high.low is not None:
            return None
        least, most = aligned(low.low, high.high)
        if least >= most or (low.subject and high.subject and low.subject != high.subject):
            return None
        return Condition(low.low, low.low_end, high.high, high.high_end, low.subject or high.subject)
    return None


def _one_of(text: str) -> Condition | None:
    for reader, pattern in ((_single, _SINGLE), (_suffixed, _SUFFIXED)):
        match = pattern.fullmatch(text)
        if match is not None and not _NEGATED.search(match["subject"]):
            return reader(match)
    return None


def _single(match: re.Match[str]) -> Condition | None:
    sign = _SIGN[match["sign"]]
    behind = match["behind"] or ""
    if behind and (sign not in "≥>≤<" or (sign in "≥>") != ("上" in behind)):
        return None  # 超过90%以下
    return _one_sided(sign, rate(match["limit"]), match, match["mark"] or match["mark2"])


def _suffixed(match: re.Match[str]) -> Condition | None:
    """90%以上: the law includes the limit, a neighbouring 80%～90% may claim it too."""
    if match["mark"] and match["mark2"]:
        return None
    mark, behind = match["mark"] or match["mark2"], match["behind"]
    stated = _one_sided("≥" if "上" in behind else "≤", rate(match["limit"]), match, mark)
    if stated is None or mark or "及" in behind:
        return stated
    return stated._replace(low_end=EDGE) if stated.low is not None else stated._replace(high_end=EDGE)


def _one_sided(sign: str, limit: Scaled, match: re.Match[str], mark: str | None) -> Condition | None:
    """The side of a limit; （含） and （不含） behind it decide whether the limit belongs to it."""
    subject = match["subject"].strip("xX")
    if sign == "=":
        return None if mark else Condition(limit, INCLUDED, limit, INCLUDED, subject)
    included = "不" not in mark if mark else sign in "≥≤"
    if mark and not _is_of(mark, limit):
        return None
    end = INCLUDED if included else EXCLUDED
    if sign in "≥>":
        return Condition(limit, end, None, "", subject)
    return Condition(None, "", limit, end, subject)


def _is_of(mark: str, limit: Scaled) -> bool:
    """Whether （含90%） names this limit, or none."""
    named = re.search(PERCENT, mark)
    return named is None or rate(named[0]) == limit


_FLIPPED = {"≥": "≤", ">": "<", "≤": "≥", "<": ">", "=": "="}


def _chained(match: re.Match[str]) -> Condition | None:
    signs = _FLIPPED[_SIGN[match["first"]]], _SIGN[match["second"]]
    return _between(signs, rate(match["left"]), rate(match["right"]), match["subject"].strip("xX"))


def _both(match: re.Match[str]) -> Condition | None:
    signs = _SIGN[match["first"]], _SIGN[match["second"]]
    if match["mark1"] or match["mark2"] or (match["again"] and match["again"] != match["subject"]):
        return None
    return _between(signs, rate(match["left"]), rate(match["right"]), match["subject"])


def _between(signs: tuple[str, str], left: Scaled, right: Scaled, subject: str) -> Condition | None:
    """The rates that stand to two limits as two signs say: one from below, one from above."""
    if "=" in signs or (signs[0] in "≥>") == (signs[1] in "≥>"):
        return None
    (low_sign, low), (high_sign, high) = sorted(
        zip(signs, (left, right), strict=True), key=lambda one: one[0] not in "≥>"
    )
    least, most = aligned(low, high)
    if least >= most:
        return None
    low_end, high_end = (INCLUDED if sign in "≥≤" else EXCLUDED for sign in (low_sign, high_sign))
    return Condition(low, low_end, high, high_end, subject)


def _ranged(match: re.Match[str]) -> Condition | None:
    """10%-20%, 20%-10%: from one limit to the other, in either order."""
    limits = rate(match["left"]), rate(match["right"])
    left, right = aligned(*limits)
    falls = left > right
    if left == right or (match["mark2"] and match["mark3"]):
        return None
    first, last = match["mark1"], match["mark2"] or match["mark3"]
    ends = [EDGE, EDGE]
    if last and not first and (named := re.search(PERCENT, last)):
        if rate(named[0]) not in limits:
            return None
        ends[limits.index(rate(named[0]))] = EXCLUDED if "不" in last else INCLUDED
    elif last and not first and "不" not in last:
        if falls:
            raise NotUnderstood(match[0], "含的是哪一端没有写明")
        ends = [FIRST, LAST]
    else:
        for place, (mark, limit) in enumerate(zip((first, last), limits, strict=True)):
            if mark and not _is_of(mark, limit):
                return None
            if mark:
                ends[place] = EXCLUDED if "不" in mark else INCLUDED
    stated = list(zip(limits, ends, strict=True))
    (low, low_end), (high, high_end) = stated[::-1] if falls else stated
    return Condition(low, low_end, high, high_end, match["subject"])


def _exact(match: re.Match[str]) -> Condition:
    limit = rate(match["limit"])
    return Condition(limit, INCLUDED, limit, INCLUDED, match["subject"], True)


_CONDITIONS = (
    (_single, _SINGLE),
    (_suffixed, _SUFFIXED),
    (_chained, _CHAINED),
    (_both, _BOTH),
    (_ranged, _RANGED),
    (_exact, _EXACT),
)
