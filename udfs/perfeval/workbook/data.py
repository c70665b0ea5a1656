"""绩效目标 and 执行数据: the two sheets that data is brought in by, one row an indicator, one row a source of funds."""

from __future__ import annotations

from collections.abc import Sequence

from perfeval.forms.grid import Value
from perfeval.forms.labels import FUND_SOURCES, TOTAL_FUNDS, TRANSFER_SOURCES
from perfeval.records import names
from perfeval.records.model import SHARED, Indicator, Project, Whole
from perfeval.standards import Standard
from perfeval.workbook.canvas import AMOUNT, HEADER, INPUT, LEFT, SCORE, TEXT, Canvas, Style

_LEFT = {**INPUT, **LEFT}
_LAST = 5000  # the last row that choices are offered for


def lay_out_targets(
    canvas: Canvas, projects: Sequence[Project], standard: Standard, whole: Sequence[Indicator] = ()
) -> None:
    """Write the sheet 绩效目标 with the indicators of the whole body and of these projects."""
    widths = (10, 28, 13, 17, 30, 22, 9, 22, 9, 40)
    styles = ({**INPUT, **TEXT}, _LEFT, INPUT, INPUT, _LEFT, INPUT, INPUT, INPUT, {**INPUT, **SCORE}, _LEFT)
    rows = [
        (code, name, row.level1, row.level2, row.name, row.target, row.weight, row.actual, row.score, row.reason)
        for code, name, indicators in (
            ("", names.WHOLE_BODY, whole),
            *((project.code, project.name, project.indicators) for project in projects),
        )
        for row in indicators
    ]
    _table(canvas, names.TARGET_COLUMNS, widths, styles, rows)
    _offer(canvas, "C", [group.name for group in standard.groups])
    _offer(canvas, "D", [kind for group in standard.groups for kind in group.kinds])
    shared = f"几行共用一个分值时，第一行填分值，其余各行填“{SHARED}”。"
    canvas.sheet.data_validation(f"G2:G{_LAST}", {"validate": "any", "input_title": "分值", "input_message": shared})


def lay_out_execution(canvas: Canvas, projects: Sequence[Project], unit: str, whole: Whole) -> None:
    """Write the sheet 执行数据 with the funds of the whole body and of these projects."""
    amount = {**INPUT, **AMOUNT[unit]}
    styles = ({**INPUT, **TEXT}, _LEFT, INPUT, amount, amount, amount, INPUT, {**INPUT, **SCORE})
    rows = [
        (
            code, name, funds.source, funds.initial, funds.budget, funds.executed,
            *((owner.execution_weight, owner.execution_score) if funds.source == TOTAL_FUNDS else (None, None)),
        )
        for code, name, owner in (
            ("", names.WHOLE_BODY, whole),
            *((project.code, project.name, project) for project in projects),
        )
        for funds in owner.funds
    ]  # fmt: skip
    _table(canvas, names.EXECUTION_COLUMNS, (10, 34, 16, 20, 20, 20, 9, 10), styles, rows)
    _offer(canvas, "C", list(dict.fromkeys((*FUND_SOURCES, *TRANSFER_SOURCES))))


def _table(
    canvas: Canvas,
    headers: Sequence[str],
    widths: Sequence[float],
    styles: Sequence[Style],
    rows: Sequence[Sequence[Value]],
) -> None:
    letters = "ABCDEFGHIJ"
    canvas.columns(dict(zip(letters, widths, strict=False)), dict(zip(letters, styles, strict=False)))
    canvas.row(1, headers, (HEADER,) * len(headers))
    canvas.height(1, 26)
    for row, contents in enumerate(rows, start=2):
        canvas.row(row, contents, styles)
    canvas.sheet.freeze_panes(1, 2)
    canvas.sheet.repeat_rows(0)
    canvas.sheet.set_landscape()


def _offer(canvas: Canvas, column: str, choices: Sequence[str]) -> None:
    message = "请核对是否写对；当地表格另有名称的，可以保留。"
    canvas.choices(f"{column}2:{column}{_LAST}", choices, title="不在列表里", message=message, open_ended=True)
