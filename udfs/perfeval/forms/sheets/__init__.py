"""The standard workbook's sheets, one module a sheet, written with XlsxWriter."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from datetime import datetime

from xlsxwriter import Workbook

from perfeval.forms import names
from perfeval.forms.records import Body, Indicator, Project
from perfeval.forms.sheets import basics, data, form, guide, summary
from perfeval.forms.sheets.canvas import PLAIN, Canvas, Pages
from perfeval.standards import convention, project_standard

__all__ = ["build", "data_workbook", "lay_out", "names"]

_LONGEST = 31  # characters of a sheet's name
_FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f\s]+")


def build(body: Body) -> bytes:
    """The standard workbook for a body as a macro-free .xlsx, its formulas not yet calculated."""
    return _written(lambda workbook: lay_out(workbook, body))


def data_workbook(body: Body) -> bytes:
    """A data file, which ``fill`` reads: 基本信息, 绩效目标 and 执行数据, filled from the body's records."""
    return _written(lambda workbook: _data(Pages(workbook), body, body.projects, body.whole.indicators))


def lay_out(workbook: Workbook, body: Body, *, with_amount: bool = False) -> None:
    """Write all sheets of the standard workbook, with a 自评表 for each project.

    A body without projects gets one blank form as its standard prints it. The import sheets start empty. The forms print
    项目金额 where a project has one, or ``with_amount``.
    """
    pages = Pages(workbook)
    _data(pages, body, (), ())
    standard = project_standard(body.convention)
    projects = body.projects or (Project(code="", name=""),)
    with_amount = with_amount or any(project.amount not in (None, "") for project in projects)
    printed = form.Printed(standard, convention(body.convention), body.unit, with_amount)
    titles = [_title(place, project.name) for place, project in enumerate(projects, start=1)]
    if not projects[0].name and len(projects) == 1:
        titles = [names.TEMPLATE]
    placed = [form.lay_out(pages.add(title), project, printed) for title, project in zip(titles, projects, strict=True)]
    summary.lay_out(pages.add(names.SUMMARY), projects, placed, body.unit, standard)
    guide.lay_out(pages.add(names.GUIDE))
    _memory(pages.add(names.MEMORY))


def _data(pages: Pages, body: Body, projects: Sequence[Project], indicators: Sequence[Indicator]) -> None:
    basics.lay_out(pages.add(names.BASICS), body)
    data.lay_out_targets(pages.add(names.TARGETS), projects, project_standard(body.convention), indicators)
    data.lay_out_execution(pages.add(names.EXECUTION), projects, body.unit)


def _memory(canvas: Canvas) -> None:
    """The sheet in which a fill keeps what it wrote."""
    canvas.row(1, (names.MEMORY_HEADING,), (PLAIN,))
    canvas.sheet.very_hidden()


def _title(place: int, name: str) -> str:
    """A sheet's name: ``01 短名``; the number makes it unique."""
    title = f"{place:02d} {_FORBIDDEN.sub(' ', name).strip() or names.TEMPLATE}"
    while len(title.encode("utf-16-le")) > 2 * _LONGEST:
        title = title[:-1]
    return title.rstrip()


def _written(write: Callable[[Workbook], None]) -> bytes:
    """A workbook's bytes, the same on every run."""
    out = io.BytesIO()
    workbook = Workbook(out, {"in_memory": True})
    workbook.set_properties({"created": datetime(2026, 1, 1)})
    workbook.calc_on_load = False
    write(workbook)
    workbook.close()
    return out.getvalue()
