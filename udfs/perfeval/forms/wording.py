"""The levels of an indicator in the words of a standard: a budget prints 产出目标 and 数量, its 自评表 产出指标 and 数量指标."""

from __future__ import annotations

from perfeval.forms import labels
from perfeval.standards import Standard


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
