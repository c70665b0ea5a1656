"""What the forms of projects and those of the whole body have in common: merged levels, and the signature line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from perfeval import formulatext
from perfeval.forms.edits import Formula
from perfeval.forms.grid import column_letters, column_number
from perfeval.records import names
from perfeval.records.model import Indicator
from perfeval.standards import Standard
from perfeval.workbook.canvas import BOXED, INPUT, PLAIN, Canvas
from perfeval.workbook.formulas import span

NO_POINTS: Mapping[str, str] = {}
_ROWS_A_KIND = 2  # for every 二级指标, where there are no indicators yet


def of_standard(standard: Standard) -> tuple[Indicator, ...]:
    """Rows for the indicators of a body or project that has none yet."""
    return tuple(
        Indicator(group.name, kind if kind != group.name else "", "")
        for group in standard.groups
        for kind in group.kinds
        for _ in range(_ROWS_A_KIND)
    )


def levels(
    canvas: Canvas, indicators: Sequence[Indicator], start: int, points: Mapping[str, str] = NO_POINTS
) -> dict[int, str]:
    """Write the merged 一级指标 (B) and 二级指标 (C) over their rows from ``start`` on, and the 三级指标 (D) to be named.

    ``points`` are the cells of those that a 一级指标 is printed with. Gives for each row the cell that tells its kind.
    """
    kinds: dict[int, str] = {}
    first = start
    for level1, outer in groupby(indicators, lambda indicator: indicator.level1):
        inner = [(level2, len(list(rows))) for level2, rows in groupby(outer, lambda indicator: indicator.level2)]
        one_level = all(not level2 for level2, _ in inner)
        whole = range(first, first + sum(count for _, count in inner))
        canvas.put(
            span(whole, "B", "C" if one_level else "B"),
            _with_points(level1, points[level1]) if level1 in points else level1,
            BOXED,
        )
        for level2, count in inner:
            rows = range(first, first + count)
            if not one_level:
                canvas.put(span(rows, "C"), level2, BOXED)
            kinds |= dict.fromkeys(rows, f"$C${rows.start}" if level2 else f"$B${whole.start}")
            for number, row in enumerate(rows, start=1):
                canvas.put(f"D{row}", f"指标{number}：", INPUT)  # as the official blank offers its rows
            first = rows.stop
    return kinds


def _with_points(level1: str, cell: str) -> Formula:
    """A 一级指标 with its points in brackets."""
    name = formulatext.text(f"{level1}\n（")
    return Formula(f'{name}&{cell}&"分）"')


def hints_stand_out(canvas: Canvas, first: str, hint: str, rows: range) -> None:
    """A row with a 提示 stands out on the screen: its helping cells from column ``first`` on are tinted, and a sign is shown before the
    text."""
    tint, is_hint = {"bg_color": "#FDEFD8"}, f'${hint}{rows.start}<>""'
    canvas.when(span(rows, hint), is_hint, {**tint, "num_format": '"▲ "@'})
    canvas.when(span(rows, first, column_letters(column_number(hint) - 1)), is_hint, tint)


def signatures(canvas: Canvas, row: int, places: Sequence[str]) -> None:
    """The line under a form; ``places`` are the columns of 填表人, 填报日期, 联系电话 and 单位负责人签字: ``A:C``."""
    contents = (
        Formula(f'"填表人："&{names.PREPARER}'),
        "填报日期：",
        Formula(f'"联系电话："&{names.PHONE}'),
        "单位负责人签字：",
    )
    for place, content in zip(places, contents, strict=True):
        canvas.put(":".join(f"{letter}{row}" for letter in place.split(":")), content, PLAIN)
    canvas.height(row, 36)
