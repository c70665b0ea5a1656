"""What a form's cell holds, as a record keeps it: plain values, nothing for a blank or an error value; levels in a standard's words."""

from __future__ import annotations

from datetime import date

from perfeval.arithmetic import Scaled, add
from perfeval.errors import CellError
from perfeval.forms import labels
from perfeval.forms.grid import Value
from perfeval.forms.model import Entry, Form
from perfeval.forms.values import same
from perfeval.quantities import points
from perfeval.standards import Standard


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


def execution_weight_of(form: Form, standard: Standard) -> Value:
    """The points of a form's 预算执行率 where they are not the standard's.

    0 where its indicators have points and 预算执行率 has no place for any, or none and the indicators make 100 alone.
    """
    weight, score = form.execution_points
    if weight.text or score.text:
        stated = points_of(weight)
        return None if stated == float(standard.execution.weight) else stated
    own = [group[0] for group in form.groups() if form.states(group[0])]
    weights = [number for row in own if (number := points(row.weight.value)) is not None]
    has_place = weight.cell is not None or score.cell is not None
    is_unscored = same(add(weights), Scaled(100, 0)) if has_place and weights else not has_place
    return 0.0 if is_unscored and any(row.weight.text or row.score.text for row in own) else None


def in_words_of(standard: Standard, level1: str, level2: str) -> tuple[str, str]:
    """The 一级 and 二级指标 as the standard's form prints them; as they are where it has no such kind, or several.

    A 二级指标 that only repeats its 一级指标 (满意度指标) is "", as on the form.
    """
    kinds = [(group.name, kind) for group in standard.groups for kind in group.kinds]
    named = labels.level(level2 or level1)
    same = [place for place in kinds if labels.level(place[1]) == named]
    found = same or [place for place in kinds if labels.level(place[1]).endswith(named)]
    if not named or len(found) != 1:
        return level1, level2
    group, kind = found[0]
    return group, "" if kind == group else kind
