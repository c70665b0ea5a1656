"""The standard workbook's sheets, one module a sheet, written with XlsxWriter."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from xlsxwriter import Workbook

from perfeval.records import names
from perfeval.records.model import Body, Project, Whole
from perfeval.standards import convention
from perfeval.workbook import (
    assessment,
    basedata,
    basics,
    correspondence,
    data,
    datahelp,
    form,
    guide,
    options,
    review,
    scoring,
    summary,
    wholeplan,
)
from perfeval.workbook.canvas import PLAIN, Canvas, Pages
from perfeval.workbook.tables import layout
from perfeval.workbook.tables.layout.words import Words


def build(body: Body) -> bytes:
    """The standard workbook for a body as a macro-free .xlsx, its formulas not yet calculated."""
    return _written(lambda workbook: lay_out(workbook, body))


def data_workbook(body: Body) -> bytes:
    """A data file, which ``fill`` reads: 基本信息, 基础数据, 绩效目标 and 执行数据, filled from the body's records."""
    return _written(lambda workbook: _data(Pages(workbook), body, is_new=False))


def data_template(body: Body) -> bytes:
    """A data file to be filled in, with the body's projects and what each column is for."""

    def write(workbook: Workbook) -> None:
        pages = Pages(workbook)
        _data(pages, body, is_new=False)
        datahelp.lay_out(pages.add(datahelp.TITLE_OF_SHEET))

    return _written(write)


def lay_out(
    workbook: Workbook, body: Body, *, with_amount: bool = False, official: Sequence[layout.Sheet] = ()
) -> None:
    """Write all sheets of the standard workbook: project forms, the whole body's if it has any, and official tables.

    The form of a 转移支付 is an official table. A body without any form gets one blank form as its standard prints it. The
    import sheets start empty. The forms print 项目金额 where a project has one, or ``with_amount``.
    """
    pages = Pages(workbook)
    _data(pages, body, is_new=True)
    standard = body.standard
    projects = tuple(project for project in body.projects if not project.is_transfer)
    has_whole = bool(body.whole.standard) or body.whole.prints_points
    if not (projects or has_whole or any(sheet.table.is_form for sheet in official)):
        projects = (Project(code="", name=""),)
    with_amount = with_amount or any(project.amount not in (None, "") for project in projects)
    printed = form.Printed(standard, convention(body.convention), body.unit, with_amount)
    titles = [names.form_title(place, project.name) for place, project in enumerate(projects, start=1)]
    if [project.name for project in projects] == [""]:
        titles = [names.TEMPLATE]
    placed = [form.lay_out(pages.add(title), project, printed) for title, project in zip(titles, projects, strict=True)]
    if body.whole.prints_points:
        form.lay_out_whole(pages.add(names.ASSESSMENT), body, printed)
    if body.whole.standard:
        plan = wholeplan.plan(body.whole, body.unit)
        if not body.whole.prints_points:
            assessment.lay_out(pages.add(names.ASSESSMENT), plan, standard)
        scoring.lay_out(pages.add(names.SCORING), plan)
    if projects:
        overview = pages.add(names.SUMMARY)
        summary.lay_out(overview, projects, placed, body.unit, standard)
        if titles != [names.TEMPLATE]:
            overview.sheet.activate()  # the page to start from
    for title, sheet in zip(_titles(official), official, strict=True):
        layout.lay_out(pages.add(title), sheet, Words(body.name, body.year))
    review.lay_out(pages.add(names.REVIEW))
    correspondence.lay_out(pages.add(names.CORRESPONDENCE))
    guide.lay_out(pages.add(names.GUIDE))
    _memory(pages.add(names.MEMORY))


def _data(pages: Pages, body: Body, *, is_new: bool) -> None:
    """The sheets that data is brought in by; those of a new workbook are empty, and its 基础数据 is live."""
    projects, whole = ((), Whole()) if is_new else (body.projects, body.whole)
    basics.lay_out(pages.add(names.BASICS), body, with_options=is_new)
    if is_new:
        options.lay_out(pages.add(names.OPTIONS), body)
    if body.whole.standard:
        plan = wholeplan.plan(body.whole, body.unit)
        basedata.lay_out(pages.add(names.BASE_DATA), plan, filled=not is_new, live=is_new)
    data.lay_out_targets(pages.add(names.TARGETS), projects, body.standard, whole.indicators)
    data.lay_out_execution(pages.add(names.EXECUTION), projects, body.unit, whole)


def _memory(canvas: Canvas) -> None:
    """The sheet in which a fill keeps what it wrote and what it replaced."""
    canvas.row(1, names.MEMORY_HEADINGS, (PLAIN, PLAIN))
    canvas.sheet.very_hidden()


def _titles(official: Sequence[layout.Sheet]) -> Iterator[str]:
    """The sheets' names of official tables; a number makes those of projects unique."""
    number = 0
    for sheet in official:
        number += sheet.table.per_project
        yield names.sheet_name(f"{number:02d} {sheet.name}" if sheet.table.per_project else sheet.name)


def _written(write: Callable[[Workbook], None]) -> bytes:
    """A workbook's bytes, the same on every run."""
    out = io.BytesIO()
    workbook = Workbook(out, {"in_memory": True})
    workbook.set_properties({"created": datetime(2026, 1, 1)})
    workbook.calc_on_load = False
    write(workbook)
    workbook.close()
    return out.getvalue()
