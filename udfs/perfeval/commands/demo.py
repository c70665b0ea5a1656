"""演示: the whole path on published tables: data, a new workbook, a fill, and every score beside the printed one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from perfeval.commands import demo_data, fill, new, score
from perfeval.errors import FileRefused
from perfeval.forms import sheets
from perfeval.forms.records import Body
from perfeval.quantities import points


def demo(folder: Path) -> Iterator[str]:
    """Write data.xlsx and PerfEval.xlsm for each published body below ``folder``, and tell what came out.

    Raises FileRefused where a file of an earlier demo stands in the way.
    """
    for place, (name, body) in enumerate(demo_data.bodies().items()):
        yield from _one(folder if not place else folder / name, body)


def _one(folder: Path, body: Body) -> Iterator[str]:
    data, book = folder / "data.xlsx", folder / "PerfEval.xlsm"
    for path in (data, book):
        if path.exists():
            raise FileRefused(path, "已经存在，请换一个目录，或先把它移走")
    folder.mkdir(parents=True, exist_ok=True)
    data.write_bytes(sheets.data_workbook(body))
    new.new(book, new.body_from(data))
    fill.fill(book, data)
    yield f"■ {body.name} {body.year} 年度：{len(body.projects)} 个项目，标准 {body.convention}"
    yield f"  数据 {data}，工作簿 {book}"
    published = {project.name: points(project.published) for project in body.projects}
    for scored in score.score(book):
        result = scored.assessment
        name = result.form.name.text
        computed = "（缺）" if result.computed_total is None else f"{float(result.computed_total):.2f}"
        yield f"  {name}：公布总分 {published[name]}，测算总分 {computed}"
        for row in result.rows:
            if row.differs:
                yield f"    {row.name}：公布 {row.printed}，测算 {row.computed}。{row.explanation}"
            elif row.computed is None and row.explanation.startswith("不能计算"):
                yield f"    {row.name}：{row.explanation}"
    yield ""
