"""A date of completion whose year may be the spreadsheet's: who types 12月25日 gets a date of the current year."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from perfeval.periods import Period
from perfeval.scoring import meets
from perfeval.targets import Actual, Target

if TYPE_CHECKING:
    from perfeval.conventions import Convention


def year_of_the_day(target: Target, done: Actual, actual: Any, convention: Convention) -> str:
    """What to add where a date cell is late as it stands, and the same day of the form's year would be in time; "" otherwise."""
    if not isinstance(actual, date) or not isinstance(target, Period) or not isinstance(done, Period):
        return ""
    year = convention.year or (target.end.year if target.year else None)
    if year is None or meets(target, done, convention.year) is not False:
        return ""
    meant = done.in_year(year).end
    if not meets(target, done.in_year(year), convention.year):
        return ""
    return f"；如果只输入了月和日，年份 {done.end.year} 是表格软件补上的，请连年份输入：{meant.year}-{meant.month}-{meant.day}"
