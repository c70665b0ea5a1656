"""``new --from``: what a body's workbook of last year hands on to the next, and what stays behind.

Handed on is what a body sets out to do: its projects with their 预期目标, indicators, 指标值 and 分值, the sources of
their money, its own side, standard, 口径, unit and people. What a year brings (amounts, 完成值, 得分, reasons) is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from perfeval.books.file import FileBook
from perfeval.commands.new import Start
from perfeval.errors import FileRefused
from perfeval.forms.grid import Value
from perfeval.forms.model import BODY, OF_ONE, SCORING, Form, IndicatorRow
from perfeval.records import names
from perfeval.records.cells import execution_weight_of, measure_of, points_of, text_of
from perfeval.records.correspondence import choices_of
from perfeval.records.matching import bare, match
from perfeval.records.model import SHARED, Funds, Indicator, Project, Whole
from perfeval.records.reading import TABLES, read_body
from perfeval.records.searching import form_grids, not_read
from perfeval.standards import Standard

_LISTED = 8  # names in a sentence


def next_year(path: Path, year: int | None = None) -> Start:
    """The body of last year's workbook as it begins the next (``year``, by default the one after), and what is said.

    The import sheets count; where they say nothing, the forms. Raises FileRefused for anything but our own workbook,
    FormProblem for one that cannot be read.
    """
    book = FileBook.open(path)
    if names.MEMORY not in book.sheets or not all(sheet in book.sheets for sheet in TABLES):
        raise FileRefused(
            path, "不是 PerfEval 的工作簿，不能接着做下一年；请选上一年用 perfeval new 新建的工作簿，别的表请用 --data"
        )
    last = read_body(book).body
    sheets = form_grids(book)
    every = sheets.forms
    notes = [*not_read(sheets.leftovers), *_left_out(every)]
    forms = [form for form in every if form.kind in OF_ONE and form.name.text]
    standard = last.standard
    projects = list(_projects(last.projects, forms, standard, notes))
    whole = _whole(last.whole, next((form for form in every if form.kind == BODY), None), standard, notes)
    body = replace(last, year=year or (last.year + 1 if last.year else None), projects=tuple(projects), whole=whole)
    return Start(
        body,
        carried=True,
        with_amount=any(form.amount.cell for form in forms),
        choices=choices_of(book),
        notes=(*_said(last.year, body.year, projects, whole), *notes),
    )


def _left_out(forms: Sequence[Form]) -> Iterator[str]:
    """What is said of forms that cannot be handed on: a second one of a name, one without a name, a strange 评分表."""
    first: dict[str, Form] = {}
    for form in forms:
        if form.kind == SCORING and form.sheet != names.SCORING:
            yield f"“{form.sheet}”是评分表，没有带入"
        elif form.kind in OF_ONE and not form.name.text and any(form.states(row) for row in form.rows):
            yield f"“{form.sheet}”没有项目名称，没有带入"
        elif form.kind == BODY or (form.kind in OF_ONE and form.name.text):
            name = names.WHOLE_BODY if form.kind == BODY else form.name.text
            other = first.setdefault(bare(name), form)
            if other is not form:
                yield f"“{name}”有几张自评表，只带入“{other.sheet}”的，没有带入“{form.sheet}”的（{form.area}）"


def _projects(
    projects: Sequence[Project], forms: Sequence[Form], standard: Standard, notes: list[str]
) -> Iterator[Project]:
    """The projects of the import sheets, then those that only have a form."""
    by_name: dict[str, Form] = {}
    for form in forms:
        by_name.setdefault(bare(form.name.text), form)
    for project in projects:
        form = by_name.pop(bare(project.name), None)
        yield _handed_on(project, form, standard, notes)
    for form in by_name.values():
        yield _handed_on(Project(code="", name=form.name.text), form, standard, notes)


def _handed_on(project: Project, form: Form | None, standard: Standard, notes: list[str]) -> Project:
    rows = list(_rows(form)) if form else []
    indicators = _with_forms(project.name, project.indicators, rows, notes)
    sources = [funds.source for funds in (project.funds or (form.funds if form else ()))]
    return Project(
        code=project.code,
        name=project.name,
        central=project.central or (text_of(form.central) if form else None),
        department=project.department or (text_of(form.department) if form else None),
        implementer=project.implementer or (text_of(form.implementer) if form else None),
        goal=project.goal or (text_of(form.goal) if form else None),
        funds=tuple(map(Funds, sources)),
        execution_weight=_execution_weight(project, form, standard),
        indicators=_planned(indicators),
    )


def _whole(whole: Whole, form: Form | None, standard: Standard, notes: list[str]) -> Whole:
    rows = list(_rows(form)) if form else []
    sources = [funds.source for funds in (whole.funds or (form.funds if form else ()))]
    return Whole(
        whole.standard,
        goal=whole.goal or (text_of(form.goal) if form else None),
        indicators=_planned(_with_forms(names.WHOLE_BODY, whole.indicators, rows, notes)),
        funds=tuple(map(Funds, sources)),
        execution_weight=_execution_weight(whole, form, standard),
    )


def _execution_weight(owner: Project | Whole, form: Form | None, standard: Standard) -> Value:
    if owner.execution_weight is not None or form is None:
        return owner.execution_weight
    return execution_weight_of(form, standard)


def _with_forms(
    whose: str, indicators: Sequence[Indicator], rows: Sequence[Indicator], notes: list[str]
) -> Iterator[Indicator]:
    """The indicators of the import sheets, what they leave blank taken from the form; then those only on the form."""
    found = match(indicators, rows)
    on_form = {id(indicator): row for indicator, row in found.pairs}
    for indicator in indicators:
        row = on_form.get(id(indicator), indicator)
        yield replace(
            indicator,
            target=row.target if indicator.target is None else indicator.target,
            weight=row.weight if indicator.weight is None else indicator.weight,
        )
    yield from found.added
    for indicator, row in found.perhaps:
        notes.append(
            f"“{whose}”自评表上的“{row.name}”可能就是“{names.TARGETS}”里的“{indicator.name}”，只带入后者，请核对"
        )


def _rows(form: Form) -> Iterator[Indicator]:
    """The indicators that a project's form states; of those under one 分值 the first has it."""
    for group in form.groups():
        own = [row for row in group if row.name.text and form.states(row)]
        for place, row in enumerate(own):
            yield _indicator(row, SHARED if place else points_of(row.weight))


def _indicator(row: IndicatorRow, weight: Value) -> Indicator:
    return Indicator(row.level1, row.level2, row.name.text, target=measure_of(row.target), weight=weight)


def _planned(indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Indicators without what their year brought, those of one level together as a form prints them."""
    every = [replace(indicator, actual=None, score=None, reason=None) for indicator in indicators]
    levels1 = list(dict.fromkeys(indicator.level1 for indicator in every))
    levels = list(dict.fromkeys((indicator.level1, indicator.level2) for indicator in every))
    return tuple(sorted(every, key=lambda one: (levels1.index(one.level1), levels.index((one.level1, one.level2)))))


def _said(last: int | None, year: int | None, projects: Sequence[Project], whole: Whole) -> Iterator[str]:
    count = sum(len(project.indicators) for project in projects)
    own = f"；部门整体的 {len(whole.indicators)} 个指标" if whole.indicators else ""
    yield f"从 {last or '（未填年度）'} 年度带入 {year or '（年度请填写）'} 年度：{len(projects)} 个项目的 {count} 个指标{own}"
    yield (
        "带入了：单位、标准、口径、金额单位、填表人、联系电话、单位负责人；"
        "各项目的名称、主管部门、实施单位、预期目标、指标、指标值、分值、预算执行率的分值、资金来源"
    )
    yield "没有带入：项目金额、预算数、执行数、实际完成情况、完成值、得分、偏差原因、公布总分、基础数据和年度主要任务；请按新一年的填写"
    without = [project.name for project in projects if not project.indicators]
    if without:
        yield f"没有指标的项目：{'、'.join(without[:_LISTED])}"
