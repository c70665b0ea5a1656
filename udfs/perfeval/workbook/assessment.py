"""整体自评表: 部门（单位）整体支出绩效目标完成情况自评表, its tasks, goal and indicators as the published form prints them."""

from __future__ import annotations

from collections.abc import Sequence

from perfeval.forms.edits import Formula
from perfeval.records import names
from perfeval.records.model import Indicator, Task
from perfeval.standards import Standard
from perfeval.workbook import formulas
from perfeval.workbook.canvas import (
    AMOUNT,
    BOXED,
    COMPUTED,
    HELP,
    HELP_HEADER,
    HINT,
    INPUT,
    LEFT,
    LINE,
    NOTE,
    PERCENT,
    STANDING,
    TITLE,
    Canvas,
)
from perfeval.workbook.formulas import span
from perfeval.workbook.parts import hints_stand_out, levels, of_standard, signatures
from perfeval.workbook.textsize import lines
from perfeval.workbook.wholeplan import Plan

_WIDTHS = {"A": 8, "B": 15, "C": 17, "D": 23, "E": 19, "F": 19, "G": 20}
_HELP_WIDTHS = {"H": 2, "I": 8, "J": 6, "K": 30}
_TASKS = 3  # the header of 年度主要任务
_FIRST_TASK = _TASKS + 2
_LEFT = {**INPUT, **LEFT}


def lay_out(canvas: Canvas, plan: Plan, standard: Standard) -> None:
    """Lay the form out for the body's tasks and indicators, or for rows of ``standard``'s 二级指标; figures stay empty."""
    canvas.columns(_WIDTHS | _HELP_WIDTHS)
    canvas.put("A1:G1", "部门（单位）整体支出绩效目标完成情况自评表", TITLE)
    canvas.height(1, 42)
    canvas.put("A2:B2", "部门（单位）名称", BOXED)
    canvas.put("C2:E2", Formula(f'{names.BODY_NAME}&""'), COMPUTED)
    canvas.put("F2", "预算年度", BOXED)
    canvas.put("G2", Formula(f'IF({names.YEAR}="","",{names.YEAR})'), COMPUTED)
    canvas.height(2, 28)
    total = _tasks(canvas, plan)
    header = _goal(canvas, plan, total + 1)
    last = _indicators(canvas, plan.whole.indicators or of_standard(standard), header)
    _beside(canvas, total, range(header + 1, last + 1))
    signatures(canvas, last + 1, ("A:C", "D", "E:F", "G"))
    canvas.sheet.print_area(f"A1:G{last + 1}")
    canvas.sheet.print_black_and_white()
    canvas.sheet.hide_gridlines(2)
    canvas.sheet.set_footer("&C&9第 &P 页，共 &N 页")


def _beside(canvas: Canvas, total: int, rows: range) -> None:
    """How far the form has come, in a row that stays on the screen."""
    tasks, targets = range(_FIRST_TASK, total), span(rows, "E")
    hints = (span(tasks, "K"), f"K{rows.start}:K{rows.stop}")
    progress = formulas.progress(formulas.with_actuals(targets, span(rows, "G")), f"COUNTA({targets})", hints)
    canvas.put("I1", progress, STANDING)
    canvas.put(f"I{total + 1}", "测算和提示不打印", NOTE)
    canvas.sheet.freeze_panes(1, 0)
    canvas.sheet.set_zoom(90)
    hints_stand_out(canvas, "I", "K", tasks)
    hints_stand_out(canvas, "I", "K", rows)


def _tasks(canvas: Canvas, plan: Plan) -> int:
    """年度主要任务 with their amounts and sums; gives the row of the sums."""
    amount = AMOUNT[plan.unit]
    top, total = _TASKS, _FIRST_TASK + len(plan.tasks)
    canvas.put(f"A{top}:A{total}", "年度主要\n任务完成\n情况", BOXED)
    canvas.put(f"B{top}:B{top + 1}", "任务名称", BOXED)
    canvas.put(f"C{top}:C{top + 1}", "完成情况", BOXED)
    for left, right, label in (("D", "E", "预算数"), ("F", "G", "执行数")):
        canvas.put(f"{left}{top}:{right}{top}", f"{label}（{plan.unit}）", BOXED)
        canvas.put(f"{left}{top + 1}", "全额", BOXED)
        canvas.put(f"{right}{top + 1}", "其中：财政拨款", BOXED)
    for letter, label in zip("IK", ("执行率", "提示"), strict=True):
        canvas.put(f"{letter}{top - 1}", label, HELP_HEADER)  # beside the official header it would read as part of it
    tasks: Sequence[Task | None] = plan.whole.tasks or (None,) * len(plan.tasks)
    for row, task in enumerate(tasks, start=_FIRST_TASK):
        for letter in "BC":
            canvas.put(f"{letter}{row}", None, _LEFT)
        for letter in "DEFG":
            canvas.put(f"{letter}{row}", None, {**INPUT, **amount})
        _rate(canvas, row)
        over = "&".join(
            f'IF(COUNT({whole}{row},{part}{row})=2,IF({part}{row}>{whole}{row},"财政拨款大于{what}；",""),"")'
            for whole, part, what in (("D", "E", "预算数"), ("F", "G", "执行数"))
        )
        canvas.put(f"K{row}", Formula(over), HINT)
        texts = ((task.name, "B"), (task.outcome, "C")) if task else ()
        canvas.height(row, max(26, *(LINE * lines(text, _WIDTHS[letter]) + 4 for text, letter in texts), 0))
    canvas.put(f"B{total}:C{total}", "金额合计", BOXED)
    for letter in "DEFG":
        cells = f"{letter}{_FIRST_TASK}:{letter}{total - 1}"
        canvas.put(f"{letter}{total}", Formula(f'IF(COUNT({cells})=0,"",SUM({cells}))'), {**COMPUTED, **amount})
    _rate(canvas, total)
    canvas.height(total, 26)
    return total


def _rate(canvas: Canvas, row: int) -> None:
    rate = f'IF(OR(D{row}="",F{row}=""),"",PE_EXEC_RATE(D{row},F{row}))'
    canvas.put(f"I{row}", Formula(rate), {**HELP, **PERCENT})


def _goal(canvas: Canvas, plan: Plan, row: int) -> int:
    """预期目标 beside 目标实际完成情况; gives the row below."""
    canvas.put(f"A{row}:A{row + 1}", "年度总体\n目标完成\n情况", BOXED)
    canvas.put(f"B{row}:D{row}", "预期目标", BOXED)
    canvas.put(f"E{row}:G{row}", "目标实际完成情况", BOXED)
    canvas.put(f"B{row + 1}:D{row + 1}", None, _LEFT)
    canvas.put(f"E{row + 1}:G{row + 1}", None, _LEFT)
    canvas.height(row, 26)
    tallest = max(lines(plan.whole.goal, 53), lines(plan.whole.outcome, 56))
    canvas.height(row + 1, min(400, max(5, tallest + 1) * LINE))
    return row + 2


def _indicators(canvas: Canvas, indicators: Sequence[Indicator], header: int) -> int:
    """The indicators below their header; gives the last row."""
    last = header + len(indicators)
    canvas.put(f"A{header}:A{last}", "年度绩效\n指标完成\n情况", BOXED)
    for letter, label in zip("BCD", ("一级指标", "二级指标", "三级指标"), strict=True):
        canvas.put(f"{letter}{header}", label, BOXED)
    canvas.put(f"E{header}:F{header}", "预期指标值", BOXED)
    canvas.put(f"G{header}", "实际完成指标值", BOXED)
    for letter, label in zip("IJK", ("完成率", "达标", "提示"), strict=True):
        canvas.put(f"{letter}{header}", label, HELP_HEADER)
    canvas.height(header, 26)
    kinds = levels(canvas, indicators, header + 1)
    for row, indicator in enumerate(indicators, start=header + 1):
        canvas.put(f"E{row}:F{row}", None, INPUT)
        canvas.put(f"G{row}", None, INPUT)
        _live(canvas, row, kinds[row])
        texts = ((indicator.name, 23), (indicator.target, 38), (indicator.actual, 20))
        canvas.height(row, max(24, *(LINE * lines(text, width) + 4 for text, width in texts)))
    return last


def _live(canvas: Canvas, row: int, kind: str) -> None:
    """完成率, 达标 and 提示 of an indicator."""
    target, actual = f"E{row}", f"G{row}"
    canvas.put(f"I{row}", formulas.of_both("PE_COMPLETION", target, actual, kind), {**HELP, **PERCENT})
    canvas.put(f"J{row}", formulas.of_both("PE_MEETS", target, actual, kind), HELP)
    said = f'IF({target}="","",IF({actual}="","完成值空白，请填写",IF(J{row}="否","未达到指标值，请核对并说明","")))'
    canvas.put(f"K{row}", Formula(said), HINT)
