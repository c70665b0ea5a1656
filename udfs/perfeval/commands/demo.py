"""演示: the whole path on published tables: data, a new workbook, a fill, and every score beside the printed one.

Two paths: the 自评表 of ten projects, and whole bodies from their budget-time targets to their 评分表.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from perfeval.arithmetic import add
from perfeval.books.outputs import Output
from perfeval.books.outputset import OutputSet
from perfeval.books.sealed import stamped
from perfeval.commands import demo_data, demo_whole, fill, new, score
from perfeval.commands.demo_whole import PublishedWhole
from perfeval.forms.assessment import Assessment
from perfeval.forms.leafassessment import LeafAssessment
from perfeval.quantities import points
from perfeval.records.model import Body, Money
from perfeval.workbook.book import data_workbook

_DATA, _BOOK = "data.xlsx", "PerfEval.xlsm"


def demo(folder: Path, *, overwrite: bool = False) -> Iterator[str]:
    """Write data.xlsx and PerfEval.xlsm for each published body below ``folder``, and tell what came out.

    Raises FileRefused where another file stands in the way, unless ``overwrite``.
    """
    for place, (name, body) in enumerate(demo_data.bodies().items()):
        yield from project_path(folder if not place else folder / name, body, overwrite=overwrite)
    for name, published in demo_whole.wholes().items():
        yield from whole_path(folder / name, published, overwrite=overwrite)


def _made(folder: Path, body: Body, overwrite: bool) -> tuple[str, ...]:
    """The body's data written, its workbook made and filled, both at once; what is said of an earlier demo that was stopped."""
    with OutputSet(folder, overwrite=overwrite) as files, tempfile.TemporaryDirectory() as place:
        data, book = Path(place, _DATA), Path(place, _BOOK)
        Output.to(data).write(stamped(data_workbook(body)))
        new.new(book, new.body_from(data))
        fill.fill(book, data)
        files.write(_DATA, data.read_bytes())
        files.write(_BOOK, stamped(book.read_bytes()))
    return files.finished


def project_path(folder: Path, body: Body, *, overwrite: bool = False) -> Iterator[str]:
    """The path of a body's projects, told as it is walked; every score beside the printed one."""
    yield from _made(folder, body, overwrite)
    book = folder / _BOOK
    yield f"■ {body.name} {body.year} 年度：{len(body.projects)} 个项目，标准 {body.convention}"
    yield f"  数据 {folder / _DATA}，工作簿 {book}"
    published = {project.name: points(project.published) for project in body.projects}
    for scored in score.score(book).forms:
        result = scored.assessment
        assert isinstance(result, Assessment)  # these bodies have no 评分表
        name = result.form.name.text
        computed = "（缺）" if result.computed_total is None else f"{float(result.computed_total):.2f}"
        yield f"  {name}：公布总分 {published[name]}，测算总分 {computed}"
        for row in result.rows:
            if row.differs:
                yield f"    {row.name}：公布 {row.printed}，测算 {row.computed}。{row.explanation}"
            elif row.computed is None and row.explanation.startswith("不能计算"):
                yield f"    {row.name}：{row.explanation}"
    yield ""


def whole_path(folder: Path, published: PublishedWhole, *, overwrite: bool = False) -> Iterator[str]:
    """The path of a whole body from its targets to its 评分表, told leaf by leaf."""
    body = published.body
    yield from _made(folder, body, overwrite)
    book = folder / _BOOK
    yield f"■ {body.name} {body.year} 年度：部门整体，标准 {body.whole.standard}"
    yield f"  数据 {folder / _DATA}，工作簿 {book}"
    yield from _targets(published)
    for scored in score.score(book).forms:
        result = scored.assessment
        if isinstance(result, LeafAssessment):
            totals = (
                (f"公布总分 {published.total}", published.grade),
                (f"工作簿 {result.printed_total}", result.printed_grade),
                (f"照规则测算 {result.computed_total}", result.computed_grade),
            )
            yield f"  {'，'.join(' '.join(filter(None, one)) for one in totals)}"
            for row in result.rows:
                by = "人给定" if row.computed is None else f"测算 {row.computed}"
                yield f"    {row.name}：公布 {row.printed}，{by}。{row.explanation}"
            yield from (f"    {note}" for note in result.notes)
    yield ""


def _targets(published: PublishedWhole) -> Iterator[str]:
    """What became of the year's targets, and what the tasks come to."""
    whole, matching = published.body.whole, published.targets
    if whole.indicators:
        yield (
            f"  年初 {len(whole.indicators)} 项指标，年末自评表里同名的 {len(matching.pairs)} 项填入完成值；"
            f"可能是同一项的 {len(matching.perhaps)} 项，年初有而年末没有的 {len(matching.missing)} 项，"
            f"年末新增的 {len(matching.added)} 项，由人决定"
        )
    if whole.tasks:
        budget = _sum(task.budget for task in whole.tasks)
        executed = _sum(task.executed for task in whole.tasks)
        yield f"  {len(whole.tasks)} 项任务：预算数合计 {budget} 元，执行数合计 {executed} 元"


def _sum(amounts: Iterable[Money]) -> str:
    totals = (points(money.total) for money in amounts)
    return f"{float(add([total for total in totals if total is not None])):,.2f}"
