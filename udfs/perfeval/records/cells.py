"""What a form's cell holds, as a record keeps it: plain values, nothing for a blank or an error value."""

from __future__ import annotations

from datetime import date

from perfeval.errors import CellError
from perfeval.forms.grid import Value
from perfeval.forms.model import Entry
from perfeval.quantities import points


def text_of(entry: Entry) -> Value:
    """A cell's words."""
    return None if isinstance(entry.value, CellError) else entry.text or None


def measure_of(entry: Entry) -> Value:
    """A 指标值 or 完成值 as it is printed; a date in words, as a cell without a date's format cannot show it."""
    day = entry.value
    return f"{day.year}年{day.month}月{day.day}日" if isinstance(day, date) else day if text_of(entry) else None


def points_of(entry: Entry) -> Value:
    """A 分值 or 得分 as a number; the words where it is none."""
    number = points(entry.value)
    return float(number) if number is not None else text_of(entry)
