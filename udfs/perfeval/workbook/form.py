"""A project's 自评表: the official table in columns A to I, and to its right what PE_ functions say as it is filled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from perfeval.conventions import Convention
from perfeval.forms.edits import Formula
from perfeval.forms.grid import Value
from perfeval.forms.labels import FUND_SOURCES
from perfeval.records import names
from perfeval.records.model import SHARED, Body, Indicator, Project
from perfeval.standards import Standard
from perfeval.workbook import formulas
from perfeval.workbook.canvas import (
    AMOUNT,
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
    PERCENT,
    SCORE,
    STANDING,
    TITLE,
    Canvas,
)
from perfeval.workbook.formulas import span
from perfeval.workbook.options import points_of
from perfeval.workbook.parts import hints_stand_out, levels, of_standard, signatures
from perfeval.workbook.textsize import lines

WIDTHS = {"A": 9.5, "B": 9.5, "C": 12, "D": 20, "E": 16, "F": 16, "G": 8, "H": 10, "I": 20}
_HELP_WIDTHS = {"J": 2, "K": 8, "L": 8, "M": 6, "N": 25}
_FUNDS = 5  # rows of the blocks above the indicators
_EXECUTION = _FUNDS + 1
_GOAL = _FUNDS + 1 + len(FUND_SOURCES)
_HEADER = _GOAL + 2
_FIRST = _HEADER + 1
_STATE = f"L{_FUNDS - 1}"  # how far the form has come
_LOWEST = 2.4 * LINE  # of a row of indicators
_COLUMNS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")


@dataclass(frozen=True, slots=True)
class Printed:
    """What the forms of one body have in common; ``is_whole``: the form is that of the body itself."""

    standard: Standard
    convention: Convention
    unit: str
    with_amount: bool
    is_whole: bool = False

    @property
    def title(self) -> str:
        """The form's title, as the standard's own says: 深圳：项目支出绩效自评（2021）→ 项目支出绩效自评表."""
        return (
            "部门（单位）整体支出绩效自评表"
            if self.is_whole
            else re.sub(r"^.*：|（.*$", "", self.standard.title) + "表"
        )

    @property
    def money(self) -> str:
        """What the block of funds is called."""
        return "年度预算申请" if self.is_whole else "项目资金"

    @property
    def points(self) -> Mapping[str, str]:
        """The cells of the points that each 一级指标 is printed with."""
        return points_of(self.standard) if "一级指标" in self.standard.pointed else {}


@dataclass(frozen=True, slots=True)
class Placed:
    """A form that stands on its sheet: the cells that the summary shows."""

    sheet: str
    name: str
    budget: str
    executed: str
    rate: str
    total: str
    grade: str
    state: str


def lay_out(canvas: Canvas, project: Project, printed: Printed) -> Placed:
    """Lay the form out for a project's indicators, with what is known of the project itself; figures stay empty."""
    indicators = project.indicators or of_standard(printed.standard)
    last = _FIRST + len(indicators) - 1
    canvas.columns(WIDTHS | _HELP_WIDTHS)
    _head(canvas, project, printed)
    _standing(canvas, last)
    _funds(canvas, printed, project.execution_weight)
    _goal(canvas, project)
    _indicators(canvas, indicators, printed)
    _total(canvas, last, printed.convention)
    _page(canvas, last)
    return Placed(
        canvas.name,
        name="B3",
        budget=f"E{_EXECUTION}",
        executed=f"F{_EXECUTION}",
        rate=f"H{_EXECUTION}",
        total=f"H{last + 1}",
        grade=f"L{last + 1}",
        state=_STATE,
    )


def lay_out_whole(canvas: Canvas, body: Body, printed: Printed) -> None:
    """Lay out the form of the whole body, where it has points: as a project's, with the body's name in its head."""
    whole = body.whole
    own = Project(
        code="", name=body.name, goal=whole.goal, outcome=whole.outcome, funds=whole.funds,
        indicators=whole.indicators, execution_weight=whole.execution_weight,
    )  # fmt: skip
    lay_out(canvas, own, replace(printed, is_whole=True))


# --- the blocks above the indicators ---


def _head(canvas: Canvas, project: Project, printed: Printed) -> None:
    canvas.put("A1:I1", printed.title, TITLE)
    canvas.put("A2:I2", Formula(f'IF({names.YEAR}="","（　　　　年度）","（"&{names.YEAR}&"年度）")'), CENTRED)
    canvas.height(1, 42)
    canvas.height(2, 24)
    canvas.height(3, max(30, LINE * lines(project.name, 60)))
    if printed.is_whole:
        canvas.put("A3", "部门（单位）名称", BOXED)
        canvas.put("B3:I3", Formula(f'{names.BODY_NAME}&""'), COMPUTED)
        return
    canvas.put("A3", "项目名称", BOXED)
    if printed.with_amount:
        canvas.put("B3:E3", project.name, INPUT)
        canvas.put("F3", "项目金额", BOXED)
        canvas.put("G3:I3", project.amount, {**INPUT, **AMOUNT[printed.unit]})
    else:
        canvas.put("B3:I3", project.name, INPUT)
    canvas.put("A4", "主管部门", BOXED)
    canvas.put("B4:E4", project.department, INPUT)
    canvas.put("F4", "实施单位", BOXED)
    canvas.put("G4:I4", project.implementer, INPUT)
    canvas.height(4, max(30, LINE * lines(project.implementer, 37)))


def _standing(canvas: Canvas, last: int) -> None:
    """How the form stands, in rows that stay on the screen; its state also for 汇总."""
    rows, hints = range(_FIRST, last + 1), (f"N{_EXECUTION}", f"N{_FIRST}:N{last + 1}")
    targets, actuals = span(rows, "E"), span(rows, "F")
    canvas.put("K1", formulas.standing(f"H{last + 1}", f"L{last + 1}"), STANDING)
    canvas.put("K2", formulas.progress(formulas.with_actuals(targets, actuals), f"COUNTA({targets})", hints), HELP_LINE)
    canvas.put("K3", "以下测算和提示不打印", NOTE)
    canvas.put(f"K{_FUNDS - 1}", "进度", HELP)
    state = formulas.state(range(_EXECUTION, _GOAL), f"F{_GOAL + 1}", _EXECUTION, rows, f"L{last + 1}", hints)
    canvas.put(_STATE, state, HELP)


def _funds(canvas: Canvas, printed: Printed, weight: Value) -> None:
    amount = {**INPUT, **AMOUNT[printed.unit]}
    canvas.put(f"A{_FUNDS}:A{_GOAL - 1}", f"{printed.money}\n（{printed.unit}）", BOXED)
    canvas.put(f"B{_FUNDS}:C{_FUNDS}", None, BOXED)
    for letter, label in zip(
        "DEFGHI", ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"), strict=True
    ):
        canvas.put(f"{letter}{_FUNDS}", label, BOXED)
    for row, source in enumerate(FUND_SOURCES, start=_EXECUTION):
        label = f"其中：{source}" if row == _EXECUTION + 1 else source
        canvas.put(f"B{row}:C{row}", label, {**BOXED, **LEFT})
        for letter in "DEF":
            canvas.put(f"{letter}{row}", None, amount)
        budget = "D" if printed.convention.denominator == "initial" else "E"
        canvas.put(f"H{row}", formulas.execution_rate(row, budget), {**COMPUTED, **PERCENT})
        if row == _EXECUTION:
            _execution(canvas, row, budget, Formula(names.EXECUTION_POINTS) if weight is None else weight)
        else:
            canvas.put(f"G{row}", "—", BOXED)
            canvas.put(f"I{row}", "—", BOXED)
    for row in range(_FUNDS, _GOAL):
        canvas.height(row, 27)
    message = f"金额应是数，按{printed.unit}填。"
    canvas.numbers(f"D{_EXECUTION}:F{_GOAL - 1}", title="金额", message=message)


def _execution(canvas: Canvas, row: int, budget: str, weight: Value | Formula) -> None:
    canvas.put(f"G{row}", weight, INPUT)
    canvas.put(f"I{row}", Formula(f"K{row}"), {**INPUT, **SCORE})
    canvas.put(f"K{row}", formulas.execution_score(row, budget), {**HELP, **SCORE})
    canvas.put(f"N{row}", formulas.execution_hint(row, budget), HINT)


def _goal(canvas: Canvas, project: Project) -> None:
    canvas.put(f"A{_GOAL}:A{_GOAL + 1}", "年度总体\n目标", BOXED)
    canvas.put(f"B{_GOAL}:E{_GOAL}", "预期目标", BOXED)
    canvas.put(f"F{_GOAL}:I{_GOAL}", "实际完成情况", BOXED)
    canvas.put(f"B{_GOAL + 1}:E{_GOAL + 1}", None, {**INPUT, **LEFT})
    canvas.put(f"F{_GOAL + 1}:I{_GOAL + 1}", None, {**INPUT, **LEFT})
    canvas.height(_GOAL, 27)
    tallest = max(lines(project.goal, 57), lines(project.outcome, 54))
    canvas.height(_GOAL + 1, min(400, max(5, tallest + 1) * LINE))


# --- the indicators ---


def _indicators(canvas: Canvas, indicators: Sequence[Indicator], printed: Printed) -> None:
    last = _FIRST + len(indicators) - 1
    canvas.put(f"A{_HEADER}:A{last}", "年度\n绩效\n指标", BOXED)
    for letter, label in zip("BCDEFGHI", _COLUMNS, strict=True):
        canvas.put(f"{letter}{_HEADER}", label, BOXED)
    for letter, label in zip("KLMN", ("测算得分", "完成率", "达标", "提示"), strict=True):
        canvas.put(f"{letter}{_HEADER}", label, HELP_HEADER)
        canvas.put(f"{letter}{_FUNDS}", label if letter in "KN" else None, HELP_HEADER)
    canvas.height(_HEADER, 32)
    kinds = levels(canvas, indicators, _FIRST, printed.points)
    for run in _runs(indicators):
        _scores(canvas, run, [kinds[row] for row in run], printed.convention)
    for row, indicator in enumerate(indicators, start=_FIRST):
        _entries(canvas, row, kinds[row])
        canvas.height(row, _height(indicator))
    canvas.points(f"G{_FIRST}:G{last}", f"G{_EXECUTION}", what="分值")
    canvas.points(f"H{_FIRST}:H{last}", f"I{_EXECUTION}", what="得分")


def _runs(indicators: Sequence[Indicator]) -> Iterator[range]:
    """The sheet rows that share one 分值, most of them one row alone."""
    start = _FIRST
    for row, indicator in enumerate(indicators[1:], start=_FIRST + 1):
        if indicator.weight != SHARED:
            yield range(start, row)
            start = row
    yield range(start, _FIRST + len(indicators))


def _entries(canvas: Canvas, row: int, kind: str) -> None:
    """What a person fills in a row, and how far the row has come."""
    for letter in "EF":
        canvas.put(f"{letter}{row}", None, INPUT)
    canvas.put(f"I{row}", None, {**INPUT, **LEFT})
    canvas.put(f"L{row}", formulas.completion(row, kind), {**HELP, **PERCENT})
    canvas.put(f"M{row}", formulas.meets(row, kind), HELP)


def _scores(canvas: Canvas, rows: range, kinds: Sequence[str], convention: Convention) -> None:
    """分值, 得分, 测算得分 and 提示 of a row, or of several rows that share one 分值."""
    alone = len(rows) == 1
    score = formulas.score(rows.start, kinds[0]) if alone else formulas.shared_score(rows, kinds, convention)
    canvas.put(span(rows, "G"), None, INPUT)
    canvas.put(span(rows, "H"), Formula(f"K{rows.start}"), {**INPUT, **SCORE})
    canvas.put(span(rows, "K"), score, {**HELP, **SCORE})
    for row, kind in zip(rows, kinds, strict=True):
        canvas.put(f"N{row}", formulas.hint(row, kind) if alone else formulas.shared_hint(row, convention), HINT)


def _height(indicator: Indicator) -> float:
    """A row's height for the texts that will fill it."""
    texts = ((indicator.name, "D"), (indicator.target, "E"), (indicator.actual, "F"), (indicator.reason, "I"))
    return min(400, max(_LOWEST, LINE * max(lines(text, WIDTHS[letter]) for text, letter in texts)))


# --- below the indicators ---


def _total(canvas: Canvas, last: int, convention: Convention) -> None:
    row, rows = last + 1, range(_FIRST, last + 1)
    canvas.put(f"A{row}:F{row}", "总分", BOXED)
    canvas.put(f"G{row}", formulas.total_weight(_EXECUTION, rows), COMPUTED)
    canvas.put(f"H{row}", formulas.total(_EXECUTION, rows, convention), {**COMPUTED, **SCORE})
    canvas.put(f"I{row}", "—", BOXED)
    canvas.put(f"K{row}", "等级", HELP)
    canvas.put(f"L{row}", formulas.grade(_EXECUTION, rows), {**HELP, "bold": True})
    canvas.put(f"N{row}", formulas.weights_hint(rows), HINT)
    canvas.height(row, 30)
    signatures(canvas, row + 1, ("A:C", "D", "E:F", "G:I"))


def _page(canvas: Canvas, last: int) -> None:
    canvas.sheet.print_area(f"A1:I{last + 2}")
    canvas.sheet.repeat_rows(_HEADER - 1)
    canvas.sheet.print_black_and_white()  # the tint of inputs is for the screen
    canvas.sheet.hide_gridlines(2)
    canvas.sheet.set_footer("&C&9第 &P 页，共 &N 页")
    canvas.sheet.freeze_panes(2, 0)
    canvas.sheet.set_zoom(90)  # at which a screen of 1366 points shows the 提示 beside the form
    hints_stand_out(canvas, "K", "N", range(_EXECUTION, _EXECUTION + 1))
    hints_stand_out(canvas, "K", "N", range(_FIRST, last + 2))
