"""``perfeval template``: the blank data file that ``fill`` and ``new`` read, with the projects that are known already in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from perfeval.books.opening import opened
from perfeval.books.outputs import Output
from perfeval.books.sealed import stamped
from perfeval.commands.new import BLANK
from perfeval.errors import FileRefused
from perfeval.forms.labels import TOTAL_FUNDS
from perfeval.forms.model import OF_ONE
from perfeval.records.imports import known_of
from perfeval.records.matching import bare
from perfeval.records.model import Body, Funds, Indicator, Project, Whole
from perfeval.records.reading import read_body
from perfeval.records.searching import form_grids
from perfeval.workbook.book import data_template


def template(path: Path, workbook: Path | None = None, *, overwrite: bool = False) -> tuple[Path, Body]:
    """Write a template; with the projects of a workbook, its year and unit where one is given. Gives the path and what it is for.

    Raises FileRefused, or FormProblem where the workbook cannot be read.
    """
    if path.suffix.lower() != ".xlsx":
        raise FileRefused(path, "数据模板的文件名应以 .xlsx 结尾；请改文件名")
    output = Output.to(path, overwrite=overwrite, inputs=[workbook] if workbook else ())
    body = to_fill_in(workbook) if workbook else replace(BLANK, unit="元")
    output.write(stamped(data_template(body)))
    return path, body


def to_fill_in(workbook: Path) -> Body:
    """The body of a workbook with its projects and indicators, and nothing of what a year brings."""
    book = opened(workbook)
    own = read_body(book).body
    forms = [form for form in form_grids(book).forms if form.kind in OF_ONE]
    names = known_of(own, forms, {}).projects
    if not names and not own.whole.indicators:
        raise FileRefused(workbook, "工作簿里没有项目，数据模板不用它也能做：perfeval template 数据.xlsx")
    records = {bare(project.name): project for project in own.projects}
    projects = (records.get(bare(name), Project(code=code, name=name)) for code, name in names)
    whole = own.whole
    return replace(
        own,
        projects=tuple(map(_planned, projects)),
        whole=Whole(whole.standard, goal=whole.goal, indicators=tuple(map(_of_targets, whole.indicators))),
    )


def _planned(project: Project) -> Project:
    sources = [funds.source for funds in project.funds] or [TOTAL_FUNDS]
    return Project(
        code=project.code, name=project.name, department=project.department, central=project.central,
        implementer=project.implementer, goal=project.goal, funds=tuple(map(Funds, sources)),
        indicators=tuple(map(_of_targets, project.indicators)), execution_weight=project.execution_weight,
    )  # fmt: skip


def _of_targets(indicator: Indicator) -> Indicator:
    return replace(indicator, actual=None, score=None, reason=None)


def said(path: Path, body: Body) -> Iterator[str]:
    """What was written, for a person."""
    count = f"，已列入 {len(body.projects)} 个项目" if body.projects else ""
    yield f"数据模板已写成 {path}{count}；每一列填什么见其中的“怎么填”"
    yield f"填好后：perfeval fill 工作簿.xlsm --data {path}，或 perfeval new 自评.xlsm --data {path}"
