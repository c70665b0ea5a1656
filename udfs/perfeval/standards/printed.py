"""How a standard's form is printed: its title, columns and lines, and which labels carry their points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from perfeval.arithmetic import Scaled, add
from perfeval.standards.files import TEXTS, Place, check, points

LEVELS = ("一级指标", "二级指标", "三级指标")

_FORM = {
    "title": str, "columns": TEXTS, "over": str, "total": str, "grade": str, "pointed": TEXTS, "points": dict,
}  # fmt: skip
_NEEDED = ("title", "columns", "total")


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """A 评分表 as a document prints it.

    ``columns`` are the headers, first the three levels, last the score; ``over`` stands over those of the levels and
    the 分值. ``total`` and ``grade`` label the lines below ("" for none). The labels of the levels in ``pointed`` carry
    their points: 部门决策（20分）. ``points`` are those printed for a path that are not the sum of its leaves.
    """

    title: str
    columns: tuple[str, ...]
    over: str = ""
    total: str = ""
    grade: str = ""
    pointed: tuple[str, ...] = ()
    points: Mapping[str, Scaled] = field(default_factory=dict)

    def label(self, path: Sequence[str], weights: Sequence[Scaled]) -> str:
        """The printed label of the last step of a path, above leaves of these weights."""
        name = path[-1]
        if LEVELS[len(path) - 1] not in self.pointed:
            return name
        printed = self.points.get("/".join(path), add(list(weights)))
        return f"{name}（{printed}分）"


PLAIN_FORM = PrintedForm("绩效评分表", (*LEVELS, "分值", "评分标准", "得分"), total="总分", grade="等级")
"""Of a standard whose file does not say."""


def printed_form(table: Mapping[str, Any], place: Place) -> PrintedForm:
    """The [form] of a file. Raises StandardError."""
    place = place.at("[form] ")
    check(table, _FORM, place, needed=_NEEDED)
    columns = tuple(table["columns"])
    if columns[:3] != LEVELS or len(columns) < 5:
        raise place.fault(f"columns 应从 {'、'.join(LEVELS)} 开始，最后一列是得分")
    return PrintedForm(
        table["title"],
        columns,
        table.get("over", ""),
        table["total"],
        table.get("grade", ""),
        pointed(table, place),
        {path: points(worth, place.at(f"points {path} ")) for path, worth in table.get("points", {}).items()},
    )


def pointed(table: Mapping[str, Any], place: Place) -> tuple[str, ...]:
    """The levels whose labels carry their points. Raises StandardError."""
    unknown = [level for level in table.get("pointed", ()) if level not in LEVELS]
    if unknown:
        raise place.fault(f"pointed “{unknown[0]}”不认识，可用：{'、'.join(LEVELS)}")
    return tuple(table.get("pointed", ()))
