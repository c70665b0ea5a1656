"""The first sheet of the summary: the counts, the sums, the grades, and the charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from perfeval import formulatext
from perfeval.arithmetic import Scaled
from perfeval.forms.grid import Value
from perfeval.rollup import sums
from perfeval.rollup.journal import Journal
from perfeval.rollup.sums import GRADES, Sum
from perfeval.rollup.table import COUNT, HEADER_ROW, MONEY, NUMBER, POINTS, RATE, as_number, as_yuan
from perfeval.workbook.canvas import BOXED, HEADER, LEFT, NOTE, TITLE, Canvas, Style

OVERVIEW, HEADING = "总览", "绩效自评汇总"
CHARTED = 15  # bars of a chart
_HEIGHT = 20  # points of a row
_NARROW, _WIDE = 355, 735  # pixels of a chart
_CHART_ROWS = 14

_COUNTS = {
    "找到的文件": "SELECT count(*) FROM files",
    "已填的项目自评表": """
        SELECT filled || '/' || (filled + missing) FROM (
            SELECT (SELECT count(*) FROM counted WHERE kind = 'project') AS filled,
                (SELECT count(*) FROM passed JOIN forms USING (path, place) WHERE sort = '没有填报' AND kind = 'project') AS missing
        )
    """,
    "计入的项目自评表": "SELECT count(*) FROM counted WHERE kind = 'project'",
    "计入的整体自评表": "SELECT count(*) FROM counted WHERE kind = 'body'",
    "没有读的文件": "SELECT count(*) FROM passed WHERE sort = '没有读'",
    "重复而未计的文件、自评表": "SELECT count(*) FROM passed WHERE sort = '重复'",
    "没有填报的自评表": "SELECT count(*) FROM passed WHERE sort = '没有填报'",
    "空白的自评表": "SELECT count(*) FROM passed WHERE sort = '空白'",
}


def write_overview(
    canvas: Canvas, journal: Journal, folder: str, bodies: tuple[Canvas, int] | None, lost: Sequence[tuple[str, Scaled]]
) -> None:
    """Write the sheet. ``bodies`` is the sheet 按单位 with its last row, ``lost`` the points lost by 二级指标."""
    total = sums.altogether(journal)
    canvas.columns({"A": 30, "B": 24, "C": 4, "D": 26, "E": 14})
    canvas.sheet.set_default_row(_HEIGHT)
    canvas.sheet.hide_gridlines(2)
    canvas.height(1, 34)
    canvas.put("A1:E1", HEADING, TITLE)
    canvas.put("A2", f"文件夹：{folder}", NOTE)
    grades = [*zip(GRADES, total.grades, strict=True), ("未评", total.ungraded)]
    left = [*_counts(journal), *_totals(total)]
    right = [("等级", "项目数"), *grades]
    if lost:
        right += [None, ("二级指标", "扣分合计"), *((level, as_number(points)) for level, points in lost)]
    for row, (one, other) in enumerate(zip_longest(left, right), start=HEADER_ROW):
        if one:
            label, value, style = one
            canvas.put(f"A{row}", label, {**HEADER, **LEFT})
            canvas.put(f"B{row}", value, style)
        if other:
            heads = isinstance(other[1], str)
            canvas.put(f"D{row}", other[0], HEADER if heads else BOXED)
            canvas.put(f"E{row}", other[1], HEADER if heads else NUMBER)
    below = HEADER_ROW + max(len(left), len(right)) + 1
    first = HEADER_ROW + 1
    own = _Bars(canvas, "D", "E", first, len(grades))
    _chart(canvas, f"A{below}", "等级分布（项目数）", own)
    if lost:
        _chart(
            canvas,
            f"C{below}",
            "二级指标扣分",
            own._replace(first=first + len(grades) + 2, number=len(lost)),
            across=True,
        )
    if bodies:
        sheet, last = bodies
        shown = _Bars(sheet, "B", "F", first, min(last - HEADER_ROW, CHARTED), "0%")
        title = "各单位执行率" if last - HEADER_ROW <= CHARTED else f"各单位执行率（“{sheet.name}”的前 {CHARTED} 行）"
        _chart(canvas, f"A{below + _CHART_ROWS}", title, shown, across=True, width=_WIDE)


def _counts(journal: Journal) -> Iterator[tuple[str, Value, Style]]:
    for label, query in _COUNTS.items():
        yield label, journal.one(query)[0], COUNT


def _totals(total: Sum) -> Iterator[tuple[str, Value, Style]]:
    yield "全年预算数合计（元）", as_yuan(total.budget), MONEY
    yield "全年执行数合计（元）", as_yuan(total.executed), MONEY
    yield "执行率（由合计算出）", as_number(total.rate), RATE
    yield "四舍五入的误差（±元）", as_yuan(total.tolerance), MONEY
    yield "金额未计入的项目", total.without_money, COUNT
    yield "总分的平均", as_number(total.mean), POINTS
    yield "　平均的项目", total.scored, COUNT
    yield "总分按全年预算数加权平均", as_number(total.weighted), POINTS
    yield "　加权平均的项目", total.weighed, COUNT
    yield "复核：错误", total.errors, COUNT
    yield "复核：提醒", total.warnings, COUNT


class _Bars(NamedTuple):
    """What a chart shows: a sheet, its columns of names and of values, the first row and how many."""

    sheet: Canvas
    names: str
    values: str
    first: int
    number: int
    format: str = "General"

    def range(self, letter: str) -> str:
        last = self.first + self.number - 1
        return f"={formulatext.at(self.sheet.name, f'${letter}${self.first}:${letter}${last}')}"


def _chart(canvas: Canvas, place: str, title: str, bars: _Bars, *, across: bool = False, width: int = _NARROW) -> None:
    chart: Any = canvas.workbook.add_chart({"type": "bar" if across else "column"})
    font = {"name": "宋体", "size": 9}
    chart.add_series(
        {
            "name": title,
            "categories": bars.range(bars.names),
            "values": bars.range(bars.values),
            "fill": {"color": "#5B84B1"},
            "gap": 60,
            "data_labels": {"value": True, "font": font},
        }
    )
    chart.set_title({"name": title, "name_font": {**font, "size": 12}, "overlay": False})
    chart.set_legend({"none": True})
    names = {"num_font": font, "major_tick_mark": "none"}
    grid = {"visible": True, "line": {"color": "#E5E5E5"}}
    values = {"num_font": font, "num_format": bars.format, "min": 0, "major_gridlines": grid}
    if across:
        chart.set_x_axis(values)
        chart.set_y_axis({**names, "reverse": True, "crossing": "max"})
    else:
        chart.set_x_axis(names)
        chart.set_y_axis(values)
    chart.set_size({"width": width, "height": _CHART_ROWS * _HEIGHT * 4 // 3 - 20})
    canvas.sheet.insert_chart(place, chart)
