"""新建: a new workbook, blank or from what the person has, written where the person says and opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfeval.commands import questions
from perfeval.commands.live.filling import listed
from perfeval.commands.live.location import file_of, is_addin
from perfeval.commands.live.showing import open_file
from perfeval.standards import DETAILED, NATIONAL, PROJECTS
from perfeval.stepwise import Steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xlwings as xw

    from perfeval.commands.new import Start
    from perfeval.records.model import Body

_BLANK, _DATA, _LAST_YEAR, _TEMPLATE = range(4)
_SOURCES = (
    "空白的工作簿",
    "数据文件、财务系统导出的表、绩效目标表（表14、表15），或已经填好的自评表",
    "接着去年的工作簿",
    "先要一份数据模板，填好再新建",
)
_TABLES = (".xlsx", ".xlsm", ".csv", ".docx")
_WORKBOOK = (("带宏的工作簿", ".xlsm"), ("原生公式版，不装 PerfEval 也会算", ".xlsx"))
_NO_BODY = "不要"


def new(book: xw.Book) -> Steps[object, str]:
    """Button 新建: from nothing, from a data file of any kind, from last year's workbook; or the template of a data file."""
    source = yield from questions.choice("从哪里开始新建？", _SOURCES)
    if source == _TEMPLATE:
        return (yield from _template(book))
    start, inputs = yield from _start(source)
    body = start.body
    if source != _LAST_YEAR and not body.whole.standard:
        body = yield from _with_whole(start)
    path = yield from questions.new_file("新工作簿存为", "自评.xlsm", _WORKBOOK)
    yield path.name
    from perfeval.commands import importing  # noqa: PLC0415  (what only this button needs is loaded by it)
    from perfeval.commands.new import new as write  # noqa: PLC0415

    write(
        path,
        body,
        carried=start.carried,
        with_amount=start.with_amount,
        choices=start.choices,
        seen=start.seen,
        native=path.suffix.lower() == ".xlsx",
        inputs=inputs,
    )
    open_file(book, path)
    said = [f"已新建 {path.name}：{len(body.projects)} 个项目。", *_next(source)]
    return "\n".join([*said, *listed([*start.notes, *importing.without_place(body.whole)])])


def _start(source: int) -> Steps[object, tuple[Start, Sequence[Path]]]:
    """What the workbook begins with, and the files that it comes from. Raises FileRefused, FormProblem, Uncertain."""
    from perfeval.commands import carrying  # noqa: PLC0415
    from perfeval.commands import new as command  # noqa: PLC0415

    if source == _LAST_YEAR:
        path = yield from questions.file("选择去年的工作簿", "工作簿", (".xlsm", ".xlsx"))
        yield path.name
        return carrying.next_year(path), [path]
    if source == _DATA:
        path = yield from questions.file("选择数据文件", "表格和 Word 文档", _TABLES)
        yield path.name
        return command.from_file(path, command.Wanted()), [path]
    identifiers = sorted(PROJECTS.available(), key=lambda one: one != NATIONAL) + sorted(PROJECTS.added())
    titles = [PROJECTS.load(one).title for one in identifiers]
    chosen = yield from questions.choice("项目按哪个标准？", titles)
    return command.Start(command.Wanted(standard=identifiers[chosen]).nothing_known()), []


def _with_whole(start: Start) -> Steps[object, Body]:
    """The body, with the sheets of the whole body where the person wants them."""
    from perfeval.commands.new import with_whole  # noqa: PLC0415

    identifiers = [*sorted(DETAILED.available()), *sorted(DETAILED.added())]
    titles = [_NO_BODY, *(DETAILED.load(one).title for one in identifiers)]
    chosen = yield from questions.choice("要不要部门整体的基础数据、整体自评表和评分表？按哪个标准？", titles)
    return with_whole(start.body, identifiers[chosen - 1]) if chosen else start.body


def _template(book: xw.Book) -> Steps[object, str]:
    """The blank data file, with the projects of the open workbook where it is one of ours that was saved."""
    from perfeval.commands.template import template  # noqa: PLC0415
    from perfeval.records.reading import TABLES  # noqa: PLC0415

    path = yield from questions.new_file("数据模板存为", "数据.xlsx", (("工作簿", ".xlsx"),))
    is_ours = not is_addin(book) and {*TABLES} <= {sheet.name for sheet in book.sheets} and file_of(book).is_file()
    _, body = template(path, file_of(book) if is_ours else None)
    open_file(book, path)
    count = f"，已列入 {len(body.projects)} 个项目" if body.projects else ""
    return f"数据模板已写成 {path.name}{count}。每一列填什么见其中的“怎么填”；填好保存以后，再按“新建”或“导入”。"


def _next(source: int) -> Sequence[str]:
    """What to do with the workbook."""
    if source == _BLANK:
        return ["请先在“基本信息”填单位和年度，再在自评表里填；多一个项目，按“新增项目”。"]
    if source == _LAST_YEAR:
        return ["带入了项目、指标、指标值和分值；今年的金额和完成值请按“导入”，或直接填。"]
    return ["请按“填报”，把数据填进自评表。"]
