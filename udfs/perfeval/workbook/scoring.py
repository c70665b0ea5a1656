"""评分表: every leaf of the whole body's standard as its document prints it, and outside the print area what it scores."""

from __future__ import annotations

from itertools import groupby

from perfeval import formulatext
from perfeval.forms.edits import Formula
from perfeval.forms.grid import column_letters
from perfeval.records import names
from perfeval.scoring import rule_text
from perfeval.standards import Leaf
from perfeval.standards.rules import POINTS, YES_NO
from perfeval.workbook import formulas
from perfeval.workbook.canvas import (
    BOXED,
    CENTRED,
    COMPUTED,
    HELP,
    HELP_HEADER,
    HELP_LINE,
    HINT,
    INPUT,
    LEFT,
    LINE,
    NOTE,
    SCORE,
    STANDING,
    TITLE,
    Canvas,
)
from perfeval.workbook.formulas import span
from perfeval.workbook.parts import hints_stand_out, signatures
from perfeval.workbook.textsize import lines
from perfeval.workbook.wholeplan import REASON, VALUE, Plan

_WIDTHS = {"一级指标": 10, "二级指标": 12, "三级指标": 19, "分值": 7}
_RULE, _EXPLANATION, _SCORE = 58, 30, 9
_HELP_WIDTHS = (2, 9, 30, 60)
_LEFT = {**BOXED, **LEFT, "font_size": 9.5}
_LINE = LINE - 1.5


def lay_out(canvas: Canvas, plan: Plan) -> None:
    """Write the sheet; its scores follow 基础数据."""
    columns = plan.standard.form.columns
    widths = (*map(_width, columns), *_HELP_WIDTHS)
    canvas.columns({column_letters(place): width for place, width in enumerate(widths, start=1)})
    last = plan.score_column
    canvas.put(f"A1:{last}1", plan.standard.form.title, TITLE)
    whose = f'{names.BODY_NAME}&IF({names.YEAR}="","","　"&{names.YEAR}&"年度")'
    canvas.put(f"A2:{last}2", Formula(whose), CENTRED)
    canvas.height(1, 38)
    canvas.height(2, 22)
    _header(canvas, plan)
    _levels(canvas, plan)
    for leaf in plan.standard.leaves:
        _leaf(canvas, plan, leaf)
    end = _total(canvas, plan)
    _beside(canvas, plan)
    signatures(canvas, end + 1, _signature_columns(len(columns)))
    canvas.sheet.print_area(f"A1:{last}{end + 1}")
    canvas.sheet.repeat_rows(plan.header.start - 1, plan.header[-1] - 1)
    canvas.sheet.freeze_panes(plan.header.stop - 1, 0)
    canvas.sheet.print_black_and_white()
    canvas.sheet.hide_gridlines(2)
    canvas.sheet.set_footer("&C&9第 &P 页，共 &N 页")


def _width(header: str) -> float:
    if header in _WIDTHS:
        return _WIDTHS[header]
    return _RULE if header.endswith("标准") else _EXPLANATION if header.endswith("说明") else _SCORE


def _signature_columns(count: int) -> tuple[str, str, str, str]:
    return ("A:B", "C:D", "E", "F:G") if count == 7 else ("A:B", "C", "D", "E:F")


def _header(canvas: Canvas, plan: Plan) -> None:
    form, rows = plan.standard.form, plan.header
    for place, header in enumerate(form.columns, start=1):
        letter = column_letters(place)
        under = form.over and (header in _WIDTHS)
        canvas.put(f"{letter}{rows[-1]}" if under else f"{letter}{rows.start}:{letter}{rows[-1]}", header, BOXED)
    if form.over:
        wide = sum(header in _WIDTHS for header in form.columns)
        canvas.put(f"A{rows.start}:{column_letters(wide)}{rows.start}", form.over, BOXED)
    for letter, label in zip(plan.help_columns, ("测算得分", "提示", "注意"), strict=True):
        canvas.put(f"{letter}{rows[-1]}", label, HELP_HEADER)
    canvas.put(f"{plan.help_columns[2]}2", f"测算和提示不打印；评分标准按口径 {plan.convention.name}（建簿时）", NOTE)
    for row in rows:
        canvas.height(row, 24)


def _beside(canvas: Canvas, plan: Plan) -> None:
    """How the form stands, in rows that stay on the screen."""
    rows = range(min(plan.leaves.values()), max(plan.leaves.values()) + 1)
    score = plan.score_column
    computed, hint, _ = plan.help_columns
    scores, hints = span(rows, score), (f"{hint}{rows.start}:{hint}{rows[-1]}",)
    done = f'(COUNT({scores})+COUNTIF({scores},"—"))'
    canvas.put(f"{computed}1", formulas.standing(f"{score}{rows.stop}", _grade_cell(plan)), STANDING)
    canvas.put(f"{computed}2", formulas.progress(done, str(len(rows)), hints), HELP_LINE)
    canvas.sheet.set_zoom(80)
    hints_stand_out(canvas, computed, hint, rows)


def _grade_cell(plan: Plan) -> str:
    """Where 等级 stands: below the total where the form prints it, else beside it."""
    row = max(plan.leaves.values()) + 1
    return f"{plan.score_column}{row + 1}" if plan.standard.form.grade else f"{plan.help_columns[1]}{row}"


def _levels(canvas: Canvas, plan: Plan) -> None:
    for letter, depth in (("A", 1), ("B", 2)):
        for path, group in groupby(plan.standard.leaves, lambda leaf, depth=depth: leaf.path[:depth]):
            leaves = list(group)
            rows = [plan.leaves[leaf.code] for leaf in leaves]
            label = plan.standard.form.label(path, [leaf.weight for leaf in leaves])
            canvas.put(f"{letter}{rows[0]}:{letter}{rows[-1]}", label, BOXED)


def _leaf(canvas: Canvas, plan: Plan, leaf: Leaf) -> None:
    row, columns = plan.leaves[leaf.code], plan.standard.form.columns
    rule, wanted = rule_text(leaf, plan.convention), _wanted(leaf)
    name = plan.standard.form.label(leaf.path, [leaf.weight])
    for place, header in enumerate(columns[2:-1], start=3):
        cell = f"{column_letters(place)}{row}"
        if header == "三级指标":
            canvas.put(cell, name, BOXED)
        elif header == "分值":
            canvas.put(cell, float(leaf.weight), BOXED)
        else:
            canvas.put(cell, rule if header.endswith("标准") else wanted, _LEFT)
    score, (computed, hint, note) = plan.score_column, plan.help_columns
    canvas.put(f"{score}{row}", Formula(f"{computed}{row}"), {**INPUT, **SCORE})
    canvas.put(f"{computed}{row}", _computed(plan, leaf), {**HELP, **SCORE})
    canvas.put(f"{hint}{row}", _hint(plan, leaf, f"{score}{row}"), HINT)
    canvas.put(f"{note}{row}", "；".join(filter(None, (leaf.contradiction, leaf.note))), {**HELP, **LEFT})
    tallest = max(lines(rule, _RULE), lines(wanted, _EXPLANATION), lines(name, _WIDTHS["三级指标"]))
    canvas.height(row, max(24, _LINE * tallest + 4))


def _wanted(leaf: Leaf) -> str:
    """指标说明: what the leaf is scored by; checkpoints are named in the 评分标准 already."""
    points = sum(one.unit == YES_NO for one in leaf.inputs)
    numbers = "；".join(f"{one.label}（{one.unit}）" for one in leaf.inputs if one.unit not in {YES_NO, POINTS})
    judged = "由人评定" if any(one.unit == POINTS for one in leaf.inputs) else ""
    return "；".join(filter(None, (numbers, f"{points} 个要点，逐个填是或否" if points else "", judged)))


def _computed(plan: Plan, leaf: Leaf) -> Formula:
    """测算得分, "" until every input is there or a question decides without them; a dash for a leaf that does not apply."""
    values, rows = plan.values(leaf), plan.inputs[leaf.code]
    score = f'_xlfn.IFNA(PE_STD_SCORE({names.WHOLE_STANDARD},{formulatext.text(leaf.code)},{values}),"—")'
    questions = [
        formulatext.at(names.BASE_DATA, f"{VALUE}{row}")
        for row in rows[len(rows) - bool(leaf.zero_if) - bool(leaf.full_if) :]
    ]
    open_ = ",".join([f"COUNTBLANK({values})>0", *(f'OR({cell}="",{cell}="否")' for cell in questions)])
    return Formula(f'IF({f"AND({open_})" if questions else open_},"",{score})')


def _hint(plan: Plan, leaf: Leaf, score: str) -> Formula:
    """提示. Where it cannot be computed, the scores beside it show that."""
    values = plan.values(leaf)
    given = f'IF({values}="","",{values})' if len(leaf.inputs) == 1 else values
    first = plan.inputs[leaf.code].start
    reason = formulatext.at(names.BASE_DATA, f"{REASON}{first}") + '&""'
    return Formula(
        f"IFERROR(PE_STD_HINT({names.WHOLE_STANDARD},{formulatext.text(leaf.code)},"
        f'IFERROR({score}&"",""),{reason},{given}),"")'
    )


def _total(canvas: Canvas, plan: Plan) -> int:
    """综合评分 and 等级; gives the last row."""
    form, score, (computed, hint, note) = plan.standard.form, plan.score_column, plan.help_columns
    rows = plan.leaves.values()
    first, row = min(rows), max(rows) + 1
    scores = f"{score}{first}:{score}{row - 1}"
    before = column_letters(len(form.columns) - 1)
    grade = f'IF(COUNT({scores})+COUNTIF({scores},"—")<{len(rows)},"",PE_GRADE({score}{row},{names.WHOLE_STANDARD}))'
    bold = {"bold": True}
    canvas.put(f"A{row}:{before}{row}", form.total, {**BOXED, **bold})
    total = Formula(f'IF(COUNT({scores})=0,"",PE_TOTAL({scores}))')
    canvas.put(f"{score}{row}", total, {**COMPUTED, **SCORE, **bold})
    canvas.put(f"{note}{row}", plan.standard.contradiction, {**HELP, **LEFT})
    canvas.height(row, max(26, _LINE * lines(plan.standard.contradiction, _HELP_WIDTHS[-1])))
    if not form.grade:
        canvas.put(f"{computed}{row}", "等级", HELP)
        canvas.put(f"{hint}{row}", Formula(grade), {**HELP, **LEFT, **bold})
        return row
    canvas.put(f"A{row + 1}:{before}{row + 1}", form.grade, {**BOXED, **bold})
    canvas.put(f"{score}{row + 1}", Formula(grade), {**COMPUTED, **bold})
    canvas.height(row + 1, 26)
    return row + 1
