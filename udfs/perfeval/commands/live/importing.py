"""导入: target tables, a data file or an export of a finance system into the import sheets of the open workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfeval.books.live import LiveBook
from perfeval.books.opening import opened
from perfeval.commands import questions
from perfeval.commands.importing import headings_of, plan_file
from perfeval.commands.live.filling import described, listed
from perfeval.errors import FormProblem
from perfeval.records import names
from perfeval.records.exports import Uncertain
from perfeval.records.reading import TABLES
from perfeval.stepwise import Steps

if TYPE_CHECKING:
    import xlwings as xw

_ENDINGS = (".xlsx", ".xlsm", ".csv", ".docx")


def import_file(book: xw.Book) -> Steps[object, str]:
    """Button 导入: a file that the person chooses, into 绩效目标, 执行数据 and 基本信息; cells that a person has changed are listed.

    Where it is not certain which of its columns are meant, its headings go into 导入对照, to choose from.
    """
    live = LiveBook(book)
    if not {*TABLES} <= {*live.sheets}:
        raise FormProblem("这本工作簿没有“绩效目标”“执行数据”，导入不进来；请先按“新建”，从这份数据新建一本")
    path = yield from questions.file("选择绩效目标表、数据文件或财务系统导出的表", "表格和 Word 文档", _ENDINGS)
    yield path.name
    content = opened(path)
    yield from live.reading(names.form_sheets(live))
    try:
        planned = plan_file(live, path, content)
    except Uncertain as uncertain:
        if names.CORRESPONDENCE not in live.sheets:
            raise
        live.apply(list(headings_of(live, [content])))
        return "\n".join(
            [f"{uncertain}。", "", f"没有导入；列标题已列入“{names.CORRESPONDENCE}”，请在那里选好，再按“导入”。"]
        )
    changed = [change for change in live.apply(planned.edits).changed if change.sheet != names.MEMORY]
    said = [f"导入了 {len(changed)} 个单元格。" if changed else "没有要导入的，数据表已是最新。"]
    if planned.kept:
        said.append(f"有 {len(planned.kept)} 个单元格与文件不同，已保留原样：")
        said += listed([described(kept) for kept in planned.kept])
    if changed:
        said.append("请按“填报”，把它们填进自评表。")
    return "\n".join([*said, *listed(planned.notes)])
