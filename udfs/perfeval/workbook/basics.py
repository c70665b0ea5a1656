"""基本信息: the body, its year, standard and 口径, and the list of its projects."""

from __future__ import annotations

from perfeval import formulatext
from perfeval.forms.edits import Formula
from perfeval.forms.grid import Value
from perfeval.records import names
from perfeval.records.model import Body
from perfeval.standards import (
    available_detailed,
    convention,
    load,
    load_detailed,
    project_standard,
    with_version,
)
from perfeval.workbook import options
from perfeval.workbook.canvas import AMOUNT, HEADER, INPUT, LEFT, LINE, NOTE, PLAIN, TEXT, TITLE, Canvas
from perfeval.workbook.textsize import lines

_WIDTHS = {"A": 13, "B": 34, "C": 26, "D": 26, "E": 16, "F": 34, "G": 34, "H": 10}
_HEIGHT = 22  # of a row with one line
_FIELD = 2  # the first row of label and value
_LIST = _FIELD + len(names.DEFINED_NAMES) + 1
_SPARE = 10  # rows for projects to come


def lay_out(canvas: Canvas, body: Body, *, with_options: bool) -> None:
    """Write what is known of a body; everything stays open to change. ``with_options``: the sheet 口径 makes the 口径."""
    canvas.columns(_WIDTHS)
    canvas.put("A1:H1", names.BASICS, TITLE)
    canvas.height(1, 34)
    contents = _fields(body, with_options=with_options)
    for row, name in enumerate(names.DEFINED_NAMES, start=_FIELD):
        content, note = contents[name]
        canvas.put(f"A{row}", name, HEADER)
        canvas.put(f"B{row}", content, {**INPUT, **LEFT})
        canvas.put(f"C{row}", note, NOTE)
        canvas.height(row, 2 * LINE + 4 if name == names.CONVENTION else _HEIGHT)
        canvas.workbook.define_name(name, f"={formulatext.at(canvas.name, f'$B${row}')}")
    _choices(
        canvas,
        names.STANDARD,
        tuple(dict.fromkeys((*options.project_standards(), project_standard(body.convention).id))),
    )
    _choices(canvas, names.UNIT, names.UNITS)
    _choices(canvas, names.STAGE, names.STAGES)
    whole = "从列表里选；要改口径就写成：标准; 名称=值"
    canvas.choices(
        _place(names.WHOLE_STANDARD), available_detailed(), title=names.WHOLE_STANDARD, message=whole, open_ended=True
    )
    _projects(canvas, body)
    canvas.sheet.freeze_panes(1, 0)
    canvas.sheet.hide_gridlines(2)
    canvas.sheet.print_area(f"A1:H{_LIST + 1 + len(body.projects) + _SPARE + bool(body.whole.standard)}")
    canvas.sheet.set_landscape()


def _fields(body: Body, *, with_options: bool) -> dict[str, tuple[Value | Formula, Value | Formula]]:
    """Every field's content, and the note beside it."""
    standard = project_standard(body.convention).id
    stated = with_version(body.convention)
    is_plain = stated == body.convention and convention(stated).name == standard
    if with_options and options.can_show(body):
        own: Value | Formula = options.joined()
        said = formulatext.text(f"由“{names.OPTIONS}”表选定，不用写；写了文字，就以文字为准")
        note: Value | Formula = Formula(f'IF({names.FAULTS}>0,"口径有误："&{options.why()},{said})')
    else:
        own, note = (
            (Formula(names.STANDARD) if is_plain else stated),
            "写成：标准; 名称=值，例如 sz-project-2021; 反向指标=倒数",
        )
    return {
        names.BODY_NAME: (body.name, ""),
        names.YEAR: (body.year, "填四位数，例如 2021"),
        names.STANDARD: (
            standard,
            "从列表里选：" + "；".join(f"{name} {load(name).title}" for name in options.project_standards()),
        ),
        names.CONVENTION: (own, note),
        names.WHOLE_STANDARD: (
            with_version(body.whole.standard) or None,
            "部门整体评分表用的标准，可加口径；空白就没有整体的表："
            + "；".join(f"{name} {load_detailed(name).title}" for name in available_detailed()),
        ),
        names.UNIT: (body.unit, "全部金额的单位，与自评表上印的一致"),
        names.STAGE: (
            names.AT_YEAR_END,
            f"只报年初目标的选“{names.AT_YEAR_START}”；选“{names.AT_YEAR_END}”时，还没有填自评的表不能报送",
        ),
        names.PREPARER: (body.preparer, "自评表落款处自动引用"),
        names.PHONE: (body.phone, "自评表落款处自动引用"),
        names.HEAD: (body.head, "自评表上由本人签字"),
    }


def _choices(canvas: Canvas, name: str, choices: tuple[str, ...]) -> None:
    canvas.choices(_place(name), choices, title=name, message=f"请从列表里选：{'、'.join(choices)}。")


def _place(name: str) -> str:
    """The cell of a field."""
    return f"B{_FIELD + names.DEFINED_NAMES.index(name)}"


def _projects(canvas: Canvas, body: Body) -> None:
    canvas.put(f"A{_LIST}", names.PROJECT_LIST, {**PLAIN, "bold": True})
    canvas.row(_LIST + 1, names.PROJECT_COLUMNS, (HEADER,) * len(names.PROJECT_COLUMNS))
    canvas.height(_LIST + 1, 24)
    left = {**INPUT, **LEFT}
    styles = ({**INPUT, **TEXT}, left, left, left, {**INPUT, **AMOUNT[body.unit]}, left, left, INPUT)
    rows: list[tuple[Value, ...]] = [
        (
            project.code, project.name, project.department, project.implementer, project.amount, project.goal,
            project.outcome, project.published,
        )
        for project in body.projects
    ]  # fmt: skip
    if body.whole.standard:
        rows.append((None, names.WHOLE_BODY, None, None, None, body.whole.goal, body.whole.outcome, None))
    for row, contents in enumerate([*rows, *[(None,) * len(styles)] * _SPARE], start=_LIST + 2):
        canvas.row(row, contents, styles)
        tallest = max(lines(text, width) for text, width in zip(contents, _WIDTHS.values(), strict=False))
        canvas.height(row, max(_HEIGHT, LINE * tallest))
