"""口径: every option of a project standard as a drop-down, and the points that a province gives the groups.

What is chosen is joined behind the standard's id by plain formulas; 基本信息 takes the text over, and there one may type
another. What the standard says follows the standard that 基本信息 names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfeval import formulatext
from perfeval.arithmetic import Scaled
from perfeval.conventions import OPEN, OPTIONS, PRINTED_OPTIONS, Convention, DetailedConvention, Option
from perfeval.forms.edits import Formula
from perfeval.forms.grid import Value
from perfeval.records import names
from perfeval.records.model import Body
from perfeval.standards import Standard, available, convention, detailed_standard, load, project_standard, version_of
from perfeval.standards.shelf import VERSION
from perfeval.workbook.canvas import (
    BOXED,
    COMPUTED,
    HEADER,
    HELP,
    HELP_HEADER,
    INPUT,
    LEFT,
    LINE,
    NOTE,
    PLAIN,
    TITLE,
    Canvas,
    Style,
)
from perfeval.workbook.textsize import lines

_WIDTHS = {"A": 18, "B": 20, "C": 18, "D": 44, "E": 52, "F": 2, "G": 30}
_JOINED, _TOLD, _CHOSEN = 2, 3, 4  # rows of the text that is made, of what is said of it, of which standard it is
_HEADER = 5
_FIRST = _HEADER + 1
_CHOICES = (*(option for option in OPTIONS if option.key != "year"), *PRINTED_OPTIONS)
_GROUPS = _FIRST + len(_CHOICES) + 2  # the row of their headings
_WHY = f"MID({formulatext.at(names.OPTIONS, f'$G${_TOLD}')},6,300)"
_AT_NEW = frozenset({"denominator", "shared", "not_applicable"})  # by which a form's formulas are chosen
_SMALL: Style = {**BOXED, **LEFT, "font_size": 9}
_RATE: Style = {"num_format": "0.##%"}


def joined() -> Formula:
    """The text that the sheet makes, for 基本信息."""
    return Formula(formulatext.at(names.OPTIONS, f"$B${_JOINED}"))


def why() -> str:
    """Why the 口径 cannot be used, as a formula says it."""
    return _WHY


def can_show(body: Body) -> bool:
    """Whether the sheet can make a body's 口径: a year that is not the body's stands in the text alone."""
    return convention(body.convention).year in (None, body.year)


def points_of(standard: Standard) -> Mapping[str, str]:
    """The cells of the points that count for each group of a standard."""
    rows = enumerate(_groups((standard,)), start=_GROUPS + 1)
    return {name: formulatext.at(names.OPTIONS, f"$D${row}") for row, name in rows}


def lay_out(canvas: Canvas, body: Body) -> None:
    """Write the sheet as the body's 口径 and its own points are."""
    own = project_standard(body.convention)
    standards = (own, *(standard for standard in map(load, project_standards()) if standard.id != own.id))
    canvas.columns(_WIDTHS)
    canvas.put("A1:E1", names.OPTIONS, TITLE)
    canvas.height(1, 34)
    _head(canvas, standards, body)
    canvas.row(_HEADER, names.OPTION_COLUMNS, (HEADER,) * len(names.OPTION_COLUMNS))
    canvas.put(f"G{_HEADER}", "写进口径的文字", HELP_HEADER)
    chosen = convention(body.convention)
    for row, option in enumerate(_CHOICES, start=_FIRST):
        _option(canvas, row, option, standards, chosen)
    _weights(canvas, standards, dict(body.weights))
    last = _GROUPS + 1 + len(_groups(standards))
    if body.whole.standard:
        last = _of_whole(canvas, last + 2, detailed_standard(body.whole.standard)[1])
    canvas.sheet.freeze_panes(_HEADER, 1)
    canvas.sheet.hide_gridlines(2)
    canvas.sheet.print_area(f"A1:E{last}")
    canvas.sheet.set_h_pagebreaks([_GROUPS - 2])
    canvas.sheet.set_landscape()


def project_standards() -> tuple[str, ...]:
    """The ids of the standards for projects that come with the package."""
    return tuple(name for name in available() if load(name).kind == "project")


def _head(canvas: Canvas, standards: Sequence[Standard], body: Body) -> None:
    """The text that is made of the choices, whether the functions can use it, and the number of the standard."""
    parts = "&".join(f"G{row}" for row in range(_FIRST, _FIRST + len(_CHOICES)))
    canvas.put(f"A{_JOINED}", "写成文字", HEADER)
    year = f'IFERROR(IF(ABS(LEFT({names.YEAR},4)-2000)<100,"; {names.YEAR}="&LEFT({names.YEAR},4),""),"")'
    text = f"{names.STANDARD}&{_version(standards[0])}{parts}&{year}"
    canvas.put(f"B{_JOINED}:E{_JOINED}", Formula(text), {**COMPUTED, **LEFT})
    told = f'IFERROR(PE_EXPLAIN("PE_EXEC_SCORE",1,1,1,{names.CONVENTION}),"")'  # "" on a desk without the functions
    canvas.put(f"G{_TOLD}", Formula(told), {**HELP, **LEFT, "text_wrap": False})
    canvas.put(f"G{_JOINED}", Formula(f'IF(LEFT(G{_TOLD},5)="不能计算：",1,0)'), HELP)
    canvas.put(f"G{_CHOSEN}", Formula(_number_of(standards)), HELP)
    canvas.workbook.define_name(names.FAULTS, f"={formulatext.at(canvas.name, f'$G${_JOINED}')}")
    canvas.put(f"A{_TOLD}", "核对", HEADER)
    typed = f"“{names.BASICS}”的“{names.CONVENTION}”里写了文字，以那里为准，本表的选择不起作用"
    usual = f"“选择”留空的，就随标准；选了的，写进“{names.BASICS}”的“{names.CONVENTION}”，全部公式都用它"
    is_typed = f"{names.CONVENTION}<>B{_JOINED}"
    fine = f"IF({is_typed},{formulatext.text(typed)},{formulatext.text(usual)})"
    said = f'IF({names.FAULTS}>0,"口径有误："&{_WHY},{fine})'
    canvas.put(f"B{_TOLD}:E{_TOLD}", Formula(said), {**COMPUTED, **LEFT})
    canvas.put(
        f"A{_CHOSEN}", "印出来的评分标准没有写明的（扣分档以下五项），没有选定就不计分，列出每种读法的得分。", NOTE
    )
    for row in (_JOINED, _TOLD):
        canvas.height(row, 2.4 * LINE)


def _version(standard: Standard) -> str:
    """What a formula adds to the id of a body's own standard."""
    version = version_of(standard.id)
    return (
        f'IF({names.STANDARD}={formulatext.text(standard.id)},{formulatext.text(f"; {VERSION[0]}={version}")},"")&'
        if version
        else ""
    )


def _number_of(standards: Sequence[Standard]) -> str:
    """Which of the standards is named, from 1; 0: another."""
    formula = "0"
    for number, standard in reversed(list(enumerate(standards, start=1))):
        known = ",".join(f"{names.STANDARD}={formulatext.text(name)}" for name in (standard.id, *standard.names))
        formula = f"IF(OR({known}),{number},{formula})"
    return formula


def _of_standard(contents: Sequence[str]) -> Formula:
    """What the standard that is named says, of what each of them says, as formulas write it."""
    same = len(set(contents)) == 1
    said = contents[0] if same else f"CHOOSE($G${_CHOSEN},{','.join(contents)})"
    return Formula(f'IF($G${_CHOSEN}=0,"见标准",{said})')


# --- the options ---


def _option(canvas: Canvas, row: int, option: Option, standards: Sequence[Standard], chosen: Convention) -> None:
    value, own = getattr(chosen, option.key), standards[0].convention
    is_rate = isinstance(getattr(own, option.key), Scaled)
    words = [formulatext.text(_word(option, standard.convention)) for standard in standards]
    told = option.meaning + ("；新建自评表时用，已有的表的公式不随之改变" if option.key in _AT_NEW else "")
    canvas.put(f"A{row}", option.title, {**BOXED, **LEFT})
    canvas.put(
        f"B{row}",
        None if value == getattr(own, option.key) else _typed(option, value),
        {**INPUT, **(_RATE if is_rate else {})},
    )
    canvas.put(f"C{row}", _of_standard(words), COMPUTED)
    canvas.put(f"D{row}", told, _SMALL)
    canvas.put(f"E{row}", option.basis, _SMALL)
    shown = f'ROUND(B{row}*100,4)&"%"' if is_rate else f"B{row}"
    canvas.put(
        f"G{row}", Formula(f'IF(B{row}="","",{formulatext.text(f"; {option.title}=")}&{shown})'), {**HELP, **LEFT}
    )
    canvas.height(row, max(20, 13 * max(lines(told, _WIDTHS["D"] + 6), lines(option.basis, _WIDTHS["E"] + 6)) + 6))
    if is_rate:
        canvas.numbers(
            f"B{row}", title=option.title, message="填百分数，例如 30%；留空就随标准。", lowest=0, highest=10
        )
    else:
        listed = [name for value, name in option.choices if value != OPEN]
        listed += [str(places) for places in range(7)] if option.number else []
        canvas.choices(f"B{row}", listed, title=option.title, message="请从列表里选；留空就随标准。")


def _word(option: Option, stated: Convention | DetailedConvention) -> str:
    return option.describe(getattr(stated, option.key))


def _typed(option: Option, value: object) -> Value:
    """An option's value as it is chosen in its cell."""
    return float(value) if isinstance(value, Scaled) else value if isinstance(value, int) else option.describe(value)


# --- the points of the groups ---


def _groups(standards: Sequence[Standard]) -> tuple[str, ...]:
    """预算执行率 and the 一级指标 of all standards, those of the first in its order."""
    return tuple(
        dict.fromkeys(group.name for standard in standards for group in (standard.execution, *standard.groups))
    )


def _weights(canvas: Canvas, standards: Sequence[Standard], own: Mapping[str, Scaled]) -> None:
    canvas.put(
        f"A{_GROUPS - 1}:E{_GROUPS - 1}",
        "各组的分值：本省、本市另有规定的，填在“自定的分值”里，没有填的随标准",
        {**PLAIN, "bold": True},
    )
    canvas.row(_GROUPS, names.WEIGHT_COLUMNS, (HEADER,) * len(names.WEIGHT_COLUMNS))
    canvas.height(_GROUPS - 1, 30)
    groups = _groups(standards)
    rows = range(_GROUPS + 1, _GROUPS + 1 + len(groups))
    for row, name in zip(rows, groups, strict=True):
        stated = [_points(standard, name) for standard in standards]
        weight = own.get(name)
        canvas.put(f"A{row}", name, {**BOXED, **LEFT})
        canvas.put(f"B{row}", None if weight is None else float(weight), INPUT)
        canvas.put(f"C{row}", _of_standard(stated), COMPUTED)
        canvas.put(f"D{row}", Formula(f'IF(B{row}="",IF(ISNUMBER(C{row}),C{row},{stated[0]}),B{row})'), COMPUTED)
        told = (
            "新建的自评表引用这个分值；复核按它核对"
            if name == standards[0].execution.name
            else "复核按它核对这一级各行的合计"
        )
        canvas.put(f"E{row}", told, _SMALL)
        canvas.height(row, 20)
    canvas.numbers(
        f"B{rows.start}:B{rows[-1]}", title="自定的分值", message="应是 0 到 100 之间的数。", lowest=0, highest=100
    )
    canvas.workbook.define_name(names.EXECUTION_POINTS, f"={formulatext.at(canvas.name, f'$D${rows.start}')}")
    canvas.put(f"A{rows.stop}", "合计", HEADER)
    for letter in "BC":
        canvas.put(f"{letter}{rows.stop}", None, BOXED)
    total = f"SUM(D{rows.start}:D{rows[-1]})"
    canvas.put(f"D{rows.stop}", Formula(total), COMPUTED)
    wrong = f'IF(ROUND(D{rows.stop},4)=100,"","分值合计应为 100，请核对自定的分值")'
    canvas.put(f"E{rows.stop}", Formula(wrong), {**_SMALL, "font_color": "#9C5700"})
    canvas.height(rows.stop, 20)


def _points(standard: Standard, name: str) -> str:
    weight = next((group.weight for group in (standard.execution, *standard.groups) if group.name == name), None)
    return '"—"' if weight is None else str(weight)


# --- the whole body's standard, whose 口径 is a text in 基本信息 ---


def _of_whole(canvas: Canvas, top: int, chosen: DetailedConvention) -> int:
    """What its options are, as of when the workbook was made; gives the last row."""
    canvas.put(
        f"A{top}:E{top}",
        f"整体标准的口径（{chosen.name}，建簿时）；改动写在“{names.BASICS}”的“{names.WHOLE_STANDARD}”里：标准; 名称=值",
        {**PLAIN, "bold": True},
    )
    canvas.height(top, 30)
    canvas.row(top + 1, ("名称", "取值", "可选", "决定什么", "依据"), (HEADER,) * 5)
    for row, option in enumerate(chosen.options, start=top + 2):
        others = "、".join(name for value, name in option.choices if value != OPEN) or "0–6 位小数"
        texts = (option.title, _word(option, chosen), others, option.meaning, option.basis)
        canvas.row(row, texts, ({**BOXED, **LEFT}, BOXED, _SMALL, _SMALL, _SMALL))
        tallest = max(lines(text, width) for text, width in zip(texts, _WIDTHS.values(), strict=False))
        canvas.height(row, max(20, LINE * tallest))
    return top + 1 + len(chosen.options)
