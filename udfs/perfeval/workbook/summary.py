"""汇总: one row a project, read from its 自评表 with plain formulas, and a chart of the totals."""

from __future__ import annotations

from collections.abc import Sequence

from perfeval import formulatext
from perfeval.forms.edits import Formula
from perfeval.records import names
from perfeval.records.model import Project
from perfeval.standards import Standard
from perfeval.workbook.canvas import AMOUNT, BOXED, CENTRED, COMPUTED, HEADER, LEFT, PERCENT, SCORE, TITLE, Canvas
from perfeval.workbook.form import Placed
from perfeval.workbook.formulas import BAD, FILLED, NOT_FILLED, READY, STATES, span

_WIDTHS = {"A": 7, "B": 40, "C": 18, "D": 18, "E": 11, "F": 11, "G": 9, "H": 14, "I": 11}
_COLUMNS = (
    "序号",
    "项目名称",
    "全年预算数（{}）",
    "全年执行数（{}）",
    "执行率",
    "总分",
    "等级",
    names.PROGRESS,
    "公布总分",
)
_FIRST = 4


def lay_out(
    canvas: Canvas, projects: Sequence[Project], placed: Sequence[Placed], unit: str, standard: Standard
) -> None:
    """Write the summary of forms that stand on their sheets. 公布总分 is a column where a project has one."""
    published = any(project.published is not None for project in projects)
    columns = [title.format(unit) for title in _COLUMNS[: 9 if published else 8]]
    bad = formulatext.text(f"　{BAD}")
    canvas.columns(_WIDTHS)
    canvas.put("A1:I1" if published else "A1:H1", "项目支出绩效自评汇总", TITLE)
    canvas.put(
        "A2:I2" if published else "A2:H2",
        Formula(f'{names.BODY_NAME}&IF({names.YEAR}="","","　"&{names.YEAR}&"年度")&IF({names.FAULTS}>0,{bad},"")'),
        CENTRED,
    )
    canvas.row(3, columns, (HEADER,) * len(columns))
    canvas.height(1, 34)
    canvas.height(3, 26)
    for row, (project, form) in enumerate(zip(projects, placed, strict=True), start=_FIRST):
        _project(canvas, row, project, form, unit, published)
    last = _FIRST + len(placed)
    _spare(canvas, last, len(columns))
    _sums(canvas, last, unit, published)
    _grades(canvas, last, standard)
    _chart(canvas, last)
    canvas.sheet.freeze_panes(3, 2)
    canvas.sheet.hide_gridlines(2)
    canvas.sheet.repeat_rows(2)


def _project(canvas: Canvas, row: int, project: Project, form: Placed, unit: str, published: bool) -> None:
    name, budget, executed, rate, total, grade, state = (
        formulatext.at(form.sheet, cell)
        for cell in (form.name, form.budget, form.executed, form.rate, form.total, form.grade, form.state)
    )
    linked = formulatext.link(form.sheet, "A1", f'IF({name}="","（项目名称未填）",{name})')
    amount = {**COMPUTED, **AMOUNT[unit]}
    canvas.put(f"A{row}", row - _FIRST + 1, BOXED)
    canvas.put(f"B{row}", Formula(linked), {**BOXED, **LEFT, "font_color": "#1F4E79", "underline": 1})
    canvas.put(f"C{row}", Formula(_shown(budget)), amount)
    canvas.put(f"D{row}", Formula(_shown(executed)), amount)
    canvas.put(f"E{row}", Formula(_shown(rate)), {**COMPUTED, **PERCENT})
    canvas.put(f"F{row}", Formula(_shown(total)), {**COMPUTED, **SCORE})
    canvas.put(f"G{row}", Formula(_shown(grade)), COMPUTED)
    canvas.put(f"H{row}", Formula(state), COMPUTED)
    if published:
        canvas.put(f"I{row}", project.published, {**BOXED, **SCORE})
    canvas.height(row, 22)


def _spare(canvas: Canvas, row: int, columns: int) -> None:
    """A thin row that every sum and the chart include: a row inserted above it, for a new project, is in all of them."""
    canvas.row(row, (None,) * columns, (BOXED,) * columns)
    canvas.height(row, 5)


def _shown(cell: str) -> str:
    return f'IF({cell}="","",{cell})'


def _sums(canvas: Canvas, last: int, unit: str, published: bool) -> None:
    row = last + 1
    bold = {"bold": True}
    amount = {**COMPUTED, **AMOUNT[unit], **bold}
    means = "FI" if published else "F"
    counts = {letter: f'"&COUNT({span(range(_FIRST, last + 1), letter)})&"' for letter in means}
    said = f"总分为 {counts['F']} 张表的平均" + (f"，公布为 {counts['I']} 张" if published else "")
    canvas.put(f"A{row}:B{row}", Formula(f'"合计（{said}）"'), {**BOXED, **bold})
    canvas.put(f"C{row}", Formula(f"SUM(C{_FIRST}:C{last})"), amount)
    canvas.put(f"D{row}", Formula(f"SUM(D{_FIRST}:D{last})"), amount)
    canvas.put(f"E{row}", Formula(f'IF(C{row}=0,"",D{row}/C{row})'), {**COMPUTED, **PERCENT, **bold})
    for letter in means:
        cells = span(range(_FIRST, last + 1), letter)
        mean = Formula(f'IF(COUNT({cells})=0,"",ROUND(AVERAGE({cells}),2))')
        canvas.put(f"{letter}{row}", mean, {**COMPUTED, **SCORE, **bold})
    canvas.put(f"G{row}", "—", BOXED)
    counted = {state: f"COUNTIF({span(range(_FIRST, last + 1), 'H')},{formulatext.text(state)})" for state in STATES}
    filled = "+".join(count for state, count in counted.items() if state != NOT_FILLED)
    progress = f'"{FILLED} "&({filled})&"/"&({"+".join(counted.values())})&"，{READY} "&{counted[READY]}'
    canvas.put(f"H{row}", Formula(progress), {**COMPUTED, **bold})
    canvas.height(row, 34)


def _grades(canvas: Canvas, last: int, standard: Standard) -> None:
    """How many projects have each grade, below the sums."""
    canvas.put(f"B{last + 3}", "等级", HEADER)
    canvas.put(f"C{last + 3}", "项目数", HEADER)
    for row, (grade, _) in enumerate(standard.grades, start=last + 4):
        canvas.put(f"B{row}", grade, BOXED)
        canvas.put(f"C{row}", Formula(f"COUNTIF(G{_FIRST}:G{last},{formulatext.text(grade)})"), COMPUTED)


def _chart(canvas: Canvas, last: int) -> None:
    chart = canvas.workbook.add_chart({"type": "bar"})
    assert chart is not None  # it is for an unknown type only
    font = {"name": "宋体", "size": 9}
    chart.add_series(
        {
            "name": "总分",
            "categories": f"={formulatext.at(canvas.name, f'$B${_FIRST}:$B${last}')}",
            "values": f"={formulatext.at(canvas.name, f'$F${_FIRST}:$F${last}')}",
            "fill": {"color": "#5B84B1"},
            "gap": 60,
            "data_labels": {"value": True, "num_format": "0.00;;", "font": font},
        }
    )
    chart.set_title({"name": "各项目自评总分", "name_font": {**font, "size": 12}, "overlay": False})
    chart.set_legend({"none": True})
    grid = {"visible": True, "line": {"color": "#E5E5E5"}}
    chart.set_x_axis({"min": 0, "max": 100, "num_font": font, "major_gridlines": grid})
    chart.set_y_axis({"reverse": True, "num_font": font, "crossing": "max", "major_tick_mark": "none"})
    chart.set_size({"width": 900, "height": 130 + 30 * (last - _FIRST + 1)})
    canvas.sheet.insert_chart(f"A{last + 9}", chart)
