"""Dates and periods in Chinese tables: 2021年12月31日, 12月底之前完成, 2020年全年, 2021年第三季度, 1-12月."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import NamedTuple

from perfeval.digits import whole_or
from perfeval.errors import InvalidValue


class Period(NamedTuple):
    """A deadline (start is None) or a period, days included. ``year`` tells whether the text named one.

    ``earliest`` is the first day that a text without a day may mean: what was done in 2025年6月 was done from 6月1日 on.
    ``strict``: the last day is too late itself, as 早于12月31日 says and 12月31日前 does not.
    """

    start: date | None
    end: date
    year: bool
    text: str
    earliest: date | None = None
    strict: bool = False

    @property
    def words(self) -> str:
        """The period for people: ``不晚于 2021年12月31日``, ``早于 12月31日``, ``1月1日 至 12月31日``."""
        end = self._day(self.end)
        return f"{self._day(self.start)} 至 {end}" if self.start else f"{'早于' if self.strict else '不晚于'} {end}"

    def kept_by(self, done: Period) -> bool | None:
        """Whether what was done then was done in time; None for what was done before a period began, or in a month or quarter in
        which the deadline lies. Both must be in a known year, or neither."""
        if self.start is not None and (done.start or done.end) < self.start:
            return None
        if self._takes(done.end):
            return True
        return None if done.earliest is not None and self._takes(done.earliest) else False

    def _takes(self, day: date) -> bool:
        return day < self.end if self.strict else day <= self.end

    def in_year(self, year: int) -> Period:
        """The same days in a year, for a text that named none; a last day of February stays one.

        Raises InvalidValue for 2月29日 in a year that has none.
        """
        if not self.year and self._is_leap_day and not calendar.isleap(year):
            raise InvalidValue(f"{year} 年没有“{self.text}”这一天，请改正")
        start, earliest = (day and _moved(day, year) for day in (self.start, self.earliest))
        return self._replace(start=start, end=_moved(self.end, year), year=True, earliest=earliest)

    @property
    def _is_leap_day(self) -> bool:
        return (self.end.month, self.end.day) == (2, 29) and bool(_TWENTY_NINTH.search(self.text))

    def _day(self, day: date) -> str:
        return f"{day.year}年{day.month}月{day.day}日" if self.year else f"{day.month}月{day.day}日"


_TWENTY_NINTH = re.compile(r"29\D*$|２９\D*$|二十九")
_NO_YEAR = 2000  # a leap year: 2月29日 is a day where no year is named


def _moved(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, _last_day(year, day.month)))


_YEAR = r"(?P<year>(?:19|20)\d\d)"
_YEAR2 = r"(?P<year2>(?:19|20)\d\d)"
_TO = r"\s*(?:-+|~|至|到)\s*"
_QUARTER = r"(?P<quarter>[1-4一二三四])季度"
_HALF = r"(?P<half>[上下])半年"
_NOT_BEFORE = r"(?!份?(?:之|以)?前)"  # 6月前 may mean the first or the last day of June
_PERIOD_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}[年./-](?P<m1>\d{{1,2}})[月./-](?P<d1>\d{{1,2}})日?{_TO}"
        rf"(?:{_YEAR2}[年./-])?(?P<m2>\d{{1,2}})[月./-](?P<d2>\d{{1,2}})日?",
        rf"{_YEAR}年(?P<m1>\d{{1,2}})月?{_TO}(?:{_YEAR2}年)?(?P<m2>\d{{1,2}})月份?",
        rf"{_YEAR}[./](?P<m1>\d{{1,2}}){_TO}{_YEAR2}[./](?P<m2>\d{{1,2}})(?!\d)",
        rf"(?<!\d)(?P<m1>\d{{1,2}})月?份?{_TO}(?P<m2>\d{{1,2}})月份?",
        rf"(?<![\d年./-])(?P<m1>\d{{1,2}})月(?P<d1>\d{{1,2}})日{_TO}(?P<m2>\d{{1,2}})月(?P<d2>\d{{1,2}})日",
        rf"{_YEAR}年?(?:度)?{_TO}{_YEAR2}(?:年度?|$)",
        rf"{_YEAR}年?(?:度)?(?:全年度|全年)",
        rf"{_YEAR}年度?(?:内|$)",
        r"^(?:当年|本年)度?内?",
    )
)
_DAY_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}[年./-](?P<month>\d{{1,2}})[月./-](?P<day>\d{{1,2}})日?(?!\d)",
        rf"{_YEAR}[年./-](?P<month>\d{{1,2}})月?(?:底|末)",
        rf"{_YEAR}年?(?:度)?(?:底|末)",
        r"^(?:(?:当年|本年)度?年?|年)(?:底|末)",
        rf"{_YEAR}年(?P<month>\d{{1,2}})月{_NOT_BEFORE}份?",
        rf"{_YEAR}年第?{_QUARTER}(?:底|末|{_NOT_BEFORE})",
        rf"{_YEAR}年{_HALF}(?:底|末|{_NOT_BEFORE})",
        r"(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
        r"(?<!\d)(?P<month>\d{1,2})月(?:份)?(?:底|末)",
        rf"^(?P<month>\d{{1,2}})月{_NOT_BEFORE}份?",
        rf"第{_QUARTER}(?:底|末|{_NOT_BEFORE})",
        rf"^(?!\d){_QUARTER}(?:底|末|{_NOT_BEFORE})",  # 1季度 may count quarters
        rf"^{_HALF}(?:底|末|{_NOT_BEFORE})",
    )
)
_TIME_TAIL = re.compile(
    r"[\s,.;()]*(?:之前|以前|前|内|完成|全部|按时|按期|及时|完工|完毕|到位|底|截止|截至|于|在|年底|为止|及|已|当年|本年)*[\s,.;()]*"
)
_AN_END = re.compile(r"[底末日]|\d[./-]\d{1,2}[./-]\d")  # what names the last day of a span, or a day
_BLANKS = re.compile(r"(?<=[\d年月]) +(?=[\d年月日])")
_HANZI_DIGIT = "〇零○一二三四五六七八九"
_HANZI_DATE = re.compile(
    rf"(?:(?P<year>[{_HANZI_DIGIT}]{{4}})年)?(?P<month>十[一二]?|[一二三四五六七八九])月"
    r"(?:(?P<day>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?P<name>[日号]))?"
)


def period(text: str, original: str) -> Period | None:
    """The date or period that a text (already ``plain``) is; None if it is about anything else.

    Raises InvalidValue for a date that does not exist. ``original`` is the text as a person wrote it.
    """
    text = _spelled(text)
    for form in _PERIOD_FORMS:
        match = form.search(text)
        if match and _only_time_words(text, match):
            return _whole_period(match, original)
    for form in _DAY_FORMS:
        match = form.search(text)
        if match and _only_time_words(text, match):
            return _deadline(match, original)
    return None


def _spelled(text: str) -> str:
    """A date in digits and without blanks: 二〇二五年六月底 → 2025年6月底, 2025 年 6 月 30 号 → 2025年6月30日."""
    if "月" not in text:
        return text
    text = _HANZI_DATE.sub(_in_digits, text)
    return re.sub(r"(?<=月)(\d{1,2})号", r"\1日", _BLANKS.sub("", text))


def _in_digits(match: re.Match[str]) -> str:
    """A date in words; 三月内 stays, as it may be three months."""
    year, month, day = match["year"], match["month"], match["day"]
    if not year and not day and match.string[match.end() :].startswith("内"):
        return match[0]
    digits = "".join(str(max(_HANZI_DIGIT.index(sign) - 2, 0)) for sign in year or "")
    return f"{digits}{'年' * bool(year)}{_up_to_39(month)}月" + (f"{_up_to_39(day)}日" if day else "")


def _up_to_39(hanzi: str) -> int:
    """十 → 10, 二十九 → 29, 六 → 6."""
    tens, ten, ones = hanzi.rpartition("十")
    digit = {"": 0, **{sign: place for place, sign in enumerate("一二三四五六七八九", start=1)}}
    return (digit[tens] or 1) * 10 * bool(ten) + digit[ones]


def _only_time_words(text: str, match: re.Match[str]) -> bool:
    return bool(_TIME_TAIL.fullmatch(text[: match.start()]) and _TIME_TAIL.fullmatch(text[match.end() :]))


def _whole_period(match: re.Match[str], original: str) -> Period:
    parts = match.groupdict()
    year = whole_or(parts.get("year"), _NO_YEAR)
    last_year = whole_or(parts.get("year2"), year)
    first_month, last_month = whole_or(parts.get("m1"), 1), whole_or(parts.get("m2"), 12)
    start = _date(year, first_month, whole_or(parts.get("d1"), 1), original)
    end = _date(last_year, last_month, whole_or(parts.get("d2"), 0) or _last_day(last_year, last_month), original)
    if end < start:
        raise InvalidValue(f"“{original}”的结束日期早于开始日期，请改正")
    of_a_year = not parts.get("m2") and not parts.get("year2")
    return Period(start, end, bool(parts.get("year")), original, start if of_a_year else None)


def _deadline(match: re.Match[str], original: str) -> Period:
    parts = match.groupdict()
    year = whole_or(parts.get("year"), _NO_YEAR)
    quarter, half = parts.get("quarter"), parts.get("half")
    months = 3 if quarter else 6 if half else 1
    if quarter:
        month = 3 * ("1234".find(quarter) + 1 or "一二三四".find(quarter) + 1)
    else:
        month = (6 if half == "上" else 12) if half else whole_or(parts.get("month"), 12)
    end = _date(year, month, whole_or(parts.get("day"), 0) or _last_day(year, month), original)
    earliest = None if _AN_END.search(match[0]) else date(year, month - months + 1, 1)
    return Period(None, end, bool(parts.get("year")), original, earliest)


def _last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 31


def _date(year: int, month: int, day: int, original: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidValue(f"“{original}”不是有效的日期，请改正") from None
