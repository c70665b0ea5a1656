"""基础数据: what the leaves of the whole body's standard need, one input a row, and its 年度主要任务 with their amounts."""

from __future__ import annotations

from itertools import groupby

from perfeval import formulatext
from perfeval.forms.edits import Formula
from perfeval.forms.grid import Value
from perfeval.records import names
from perfeval.records.model import Task
from perfeval.standards import Leaf
from perfeval.standards.rules import YES_NO, Input
from perfeval.workbook.canvas import (
    AMOUNT,
    BOXED,
    COMPUTED,
    HEADER,
    HELP,
    HELP_HEADER,
    HINT,
    INPUT,
    LEFT,
    LINE,
    NOTE,
    PERCENT,
    PLAIN,
    SCORE,
    TITLE,
    Canvas,
)
from perfeval.workbook.textsize import lines
from perfeval.workbook.wholeplan import FIRST_INPUT, GIVEN, REASON, VALUE, Plan

_WIDTHS = {"A": 17, "B": 19, "C": 26, "D": 42, "E": 18, "F": 17, "G": 17, "H": 28, "I": 18, "J": 2, "K": 10, "L": 60}
_HEIGHT = 20
_CODE = {**BOXED, "font_size": 7, "font_color": "#808080", "shrink": True, "text_wrap": False}
_MONEY = {"元": "#,##0.00", "人": "#,##0", "项": "#,##0", "例": "#,##0", "%": "0.00%"}
_LEFT = {**BOXED, **LEFT}


def lay_out(canvas: Canvas, plan: Plan, *, filled: bool, live: bool) -> None:
    """Write the sheet; ``filled`` with the body's values, ``live`` with 测算得分 and 提示 of the 评分表 beside them."""
    canvas.columns({letter: width for letter, width in _WIDTHS.items() if live or letter < "J"})
    canvas.put("A1:I1", f"部门整体{names.BASE_DATA}", TITLE)
    canvas.height(1, 34)
    canvas.put("A2", f"按 {plan.standard.title} 的各项指标填“数值”；规则算不出而由人给定的，填“得分”和“说明”", NOTE)
    canvas.row(FIRST_INPUT - 1, names.DATUM_COLUMNS, (HEADER,) * len(names.DATUM_COLUMNS))
    canvas.height(FIRST_INPUT - 1, 24)
    _levels(canvas, plan)
    for leaf in plan.standard.leaves:
        _inputs(canvas, plan, leaf, filled)
    if live:
        for letter, label in zip("KL", ("测算得分", "提示"), strict=True):
            canvas.put(f"{letter}{FIRST_INPUT - 1}", label, HELP_HEADER)
        for leaf in plan.standard.leaves:
            _live(canvas, plan, leaf)
    _tasks(canvas, plan, filled)
    if live:
        _rates(canvas, plan)
    canvas.sheet.freeze_panes(FIRST_INPUT - 1, 4)
    canvas.sheet.repeat_rows(FIRST_INPUT - 2)
    canvas.sheet.print_area(f"A1:I{plan.tasks.stop}")
    canvas.sheet.hide_gridlines(2)
    canvas.sheet.set_landscape()


def _levels(canvas: Canvas, plan: Plan) -> None:
    for letter, depth in (("A", 1), ("B", 2)):
        for path, leaves in groupby(plan.standard.leaves, lambda leaf, depth=depth: leaf.path[:depth]):
            rows = [row for leaf in leaves for row in plan.inputs[leaf.code]]
            canvas.put(f"{letter}{rows[0]}:{letter}{rows[-1]}", path[-1], BOXED)


def _inputs(canvas: Canvas, plan: Plan, leaf: Leaf, filled: bool) -> None:
    rows = plan.inputs[leaf.code]
    data = {(datum.code, datum.input): datum.value for datum in plan.whole.data} if filled else {}
    given = next((one for one in plan.whole.scores if filled and one.code == leaf.code), None)
    whole = f"{{}}{rows.start}:{{}}{rows[-1]}"
    canvas.put(whole.format("C", "C"), f"{leaf.name}（{leaf.weight}分）", BOXED)
    canvas.put(whole.format(GIVEN, GIVEN), given.score if given else None, {**INPUT, **SCORE})
    canvas.put(whole.format(REASON, REASON), given.reason if given else None, {**INPUT, **LEFT})
    for row, (owner, one) in zip(rows, leaf.entries(), strict=True):
        label = one.label if owner is leaf or one.label.startswith(owner.name) else f"{owner.name}：{one.label}"
        unit = plan.unit if one.unit == "元" else "" if one.unit == YES_NO else one.unit
        canvas.put(f"D{row}", label, _LEFT)
        canvas.put(f"E{row}", unit or "是/否", BOXED)
        canvas.put(f"{VALUE}{row}", data.get((owner.code, one.name)), {**INPUT, **_format(plan.unit, one)})
        canvas.put(f"I{row}", f"{owner.code}.{one.name}", _CODE)
        tall = lines(f"{leaf.name}（{leaf.weight}分）", _WIDTHS["C"]) if len(rows) == 1 else 1
        canvas.height(row, max(_HEIGHT, LINE * max(tall, lines(label, _WIDTHS["D"] - 2)) + 2))
        _validate(canvas, row, one)


def _format(unit: str, one: Input) -> dict[str, str]:
    if one.unit == "元":
        return dict(AMOUNT[unit])
    return {"num_format": _MONEY.get(one.unit, "General")}


def _validate(canvas: Canvas, row: int, one: Input) -> None:
    """What can be chosen is offered; what is counted or measured may also be text with its unit: 97万元."""
    if one.unit == YES_NO or one.levels:
        choices = ["是", "否"] if one.unit == YES_NO else [word for word, _ in one.levels]
        canvas.choices(f"{VALUE}{row}", choices, title=one.label[:32], message=f"请从列表里选：{'、'.join(choices)}。")
    elif one.unit == "分" and one.most is not None:
        canvas.sheet.data_validation(
            f"{VALUE}{row}",
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": 0,
                "maximum": float(one.most),
                "error_title": one.label[:32],
                "error_message": f"请填 0 到 {one.most} 之间的分数。",
            },
        )


def _live(canvas: Canvas, plan: Plan, leaf: Leaf) -> None:
    rows, line = plan.inputs[leaf.code], plan.leaves[leaf.code]
    for letter, column, style in zip("KL", plan.help_columns, ({**HELP, **SCORE}, HINT), strict=False):
        canvas.put(
            f"{letter}{rows.start}:{letter}{rows[-1]}", Formula(formulatext.at(names.SCORING, f"{column}{line}")), style
        )


# --- 年度主要任务 ---


def _tasks(canvas: Canvas, plan: Plan, filled: bool) -> None:
    top = plan.tasks.start - 2
    canvas.put(f"A{top}", names.TASK_LIST, {**PLAIN, "bold": True})
    unit = f"（{plan.unit}）"
    headers = [label if place < 3 else label + unit for place, label in enumerate(names.TASK_COLUMNS)]
    canvas.row(top + 1, headers, (HEADER,) * len(headers))
    canvas.height(top + 1, 32)
    amount = {**INPUT, **AMOUNT[plan.unit]}
    styles = (*({**INPUT, **LEFT},) * 3, *(amount,) * 6)
    tasks: list[Task | None] = [*plan.whole.tasks]
    tasks += [None] * (len(plan.tasks) - len(tasks))
    for row, task in zip(plan.tasks, tasks, strict=True):
        contents = _contents(task)
        canvas.row(row, contents if filled else _contents(None), styles)
        tallest = max(lines(text, width - 2) for text, width in zip(contents[:3], _WIDTHS.values(), strict=False))
        canvas.height(row, max(_HEIGHT, LINE * tallest + 2))
    last = plan.tasks.stop
    canvas.put(f"A{last}:C{last}", "金额合计", BOXED)
    canvas.height(last, 24)
    for letter in "DEFGHI":
        cells = f"{letter}{plan.tasks.start}:{letter}{last - 1}"
        total = Formula(f'IF(COUNT({cells})=0,"",SUM({cells}))')
        canvas.put(f"{letter}{last}", total, {**COMPUTED, **AMOUNT[plan.unit]})


def _contents(task: Task | None) -> tuple[Value, ...]:
    if task is None:
        return (None,) * len(names.TASK_COLUMNS)
    money = (amount for sum_ in (task.budget, task.executed) for amount in (sum_.total, sum_.fiscal, sum_.other))
    return (task.name, task.content, task.outcome, *money)


def _rates(canvas: Canvas, plan: Plan) -> None:
    """执行率 of every task, and what does not add up in its amounts."""
    canvas.put(f"K{plan.tasks.start - 1}", "执行率", HELP_HEADER)
    canvas.put(f"L{plan.tasks.start - 1}", "提示", HELP_HEADER)
    for row in range(plan.tasks.start, plan.tasks.stop + 1):
        rate = f'IF(OR(D{row}="",G{row}=""),"",PE_EXEC_RATE(D{row},G{row}))'
        canvas.put(f"K{row}", Formula(rate), {**HELP, **PERCENT})
        if row == plan.tasks.stop:
            continue
        parts = (
            f'IF(COUNT({total}{row})=0,"",IF(AND(COUNT({first}{row}:{last}{row})>0,'
            f'ROUND(SUM({first}{row}:{last}{row})-{total}{row},2)<>0),"{what}不等于财政拨款与其他资金之和；",""))'
            for total, first, last, what in (("D", "E", "F", "预算数"), ("G", "H", "I", "执行数"))
        )
        over = f'IF(COUNT(D{row},G{row})=2,IF(G{row}>D{row},"执行数大于预算数",""),"")'
        canvas.put(f"L{row}", Formula(f"{'&'.join(parts)}&{over}"), HINT)
