"""Dates and periods in Chinese tables: 2021年12月31日, 12月底之前完成, 2020年全年, 2021年第三季度, 1-12月."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import NamedTuple

from perfeval.digits import whole_or
from perfeval.errors import InvalidValue


class Period(NamedTuple):
    """A deadline (start is None) or a period, days included. ``year`` tells whether the text named one."""

    start: date | None
    end: date
    year: bool
    text: str

    @property
    def words(self) -> str:
        """The period for people: ``不晚于 2021年12月31日``, ``1月1日 至 12月31日``."""
        end = self._day(self.end)
        return f"{self._day(self.start)} 至 {end}" if self.start else f"不晚于 {end}"

    def in_year(self, year: int) -> Period:
        """The same days in a year, for a text that named none; a last day of February stays one."""
        start = self.start and _moved(self.start, year)
        return self._replace(start=start, end=_moved(self.end, year), year=True)

    def _day(self, day: date) -> str:
        return f"{day.year}年{day.month}月{day.day}日" if self.year else f"{day.month}月{day.day}日"


_NO_YEAR = 2000  # a leap year: 2月29日 is a day where no year is named


def _moved(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, _last_day(year, day.month)))


_YEAR = r"(?P<year>(?:19|20)\d\d)"
_YEAR2 = r"(?P<year2>(?:19|20)\d\d)"
_TO = r"\s*(?:-+|~|至|到)\s*"
_QUARTER = r"(?P<quarter>[1-4一二三四])季度"
_NOT_BEFORE = r"(?!份?(?:之|以)?前)"  # 6月前 may mean the first or the last day of June
_PERIOD_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}[年./-](?P<m1>\d{{1,2}})[月./-](?P<d1>\d{{1,2}})日?{_TO}"
        rf"(?:{_YEAR2}[年./-])?(?P<m2>\d{{1,2}})[月./-](?P<d2>\d{{1,2}})日?",
        rf"{_YEAR}年(?P<m1>\d{{1,2}})月?{_TO}(?:{_YEAR2}年)?(?P<m2>\d{{1,2}})月份?",
        rf"{_YEAR}[./](?P<m1>\d{{1,2}}){_TO}{_YEAR2}[./](?P<m2>\d{{1,2}})(?!\d)",
        rf"(?<!\d)(?P<m1>\d{{1,2}})月?份?{_TO}(?P<m2>\d{{1,2}})月份?",
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
        r"(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
        r"(?<!\d)(?P<month>\d{1,2})月(?:份)?(?:底|末)",
        rf"^(?P<month>\d{{1,2}})月{_NOT_BEFORE}份?",
        rf"第{_QUARTER}(?:底|末|{_NOT_BEFORE})",
    )
)
_TIME_TAIL = re.compile(
    r"[\s,.;()]*(?:之前|以前|前|内|完成|全部|按时|按期|及时|完工|完毕|到位|底|截止|截至|于|在|年底|为止|及)*[\s,.;()]*"
)


def period(text: str, original: str) -> Period | None:
    """The date or period that a text (already ``plain``) is; None if it is about anything else.

    Raises InvalidValue for a date that does not exist. ``original`` is the text as a person wrote it.
    """
    for form in _PERIOD_FORMS:
        match = form.search(text)
        if match and _only_time_words(text, match):
            return _whole_period(match.groupdict(), original)
    for form in _DAY_FORMS:
        match = form.search(text)
        if match and _only_time_words(text, match):
            return _deadline(match.groupdict(), original)
    return None


def _only_time_words(text: str, match: re.Match[str]) -> bool:
    return bool(_TIME_TAIL.fullmatch(text[: match.start()]) and _TIME_TAIL.fullmatch(text[match.end() :]))


def _whole_period(parts: dict[str, str | None], original: str) -> Period:
    year = whole_or(parts.get("year"), _NO_YEAR)
    last_year = whole_or(parts.get("year2"), year)
    first_month, last_month = whole_or(parts.get("m1"), 1), whole_or(parts.get("m2"), 12)
    start = _date(year, first_month, whole_or(parts.get("d1"), 1), original)
    end = _date(last_year, last_month, whole_or(parts.get("d2"), 0) or _last_day(last_year, last_month), original)
    if end < start:
        raise InvalidValue(f"“{original}”的结束日期早于开始日期，请改正")
    return Period(start, end, bool(parts.get("year")), original)


def _deadline(parts: dict[str, str | None], original: str) -> Period:
    year = whole_or(parts.get("year"), _NO_YEAR)
    quarter = parts.get("quarter")
    month = (
        3 * ("1234".find(quarter) + 1 or "一二三四".find(quarter) + 1) if quarter else whole_or(parts.get("month"), 12)
    )
    day = whole_or(parts.get("day"), 0) or _last_day(year, month)
    return Period(None, _date(year, month, day, original), bool(parts.get("year")), original)


def _last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 31


def _date(year: int, month: int, day: int, original: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidValue(f"“{original}”不是有效的日期，请改正") from None
