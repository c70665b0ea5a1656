"""汇总: rolls up the folder that the open workbook lies in, the workbook itself as it stands on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfeval.books.live import LiveBook
from perfeval.commands.live.filling import listed
from perfeval.commands.live.location import file_of
from perfeval.errors import FormProblem
from perfeval.filenames import shown

if TYPE_CHECKING:
    import xlwings as xw


def rollup(book: xw.Book) -> str:
    """Button 汇总: every 自评表 in the workbook's folder and below, in 汇总.xlsx beside it."""
    from perfeval.commands import rollup as command  # noqa: PLC0415  (what only this button needs is loaded by it)
    from perfeval.rollup.reading import read_book  # noqa: PLC0415
    from perfeval.rollup.rows import FileRow  # noqa: PLC0415

    path = file_of(book)
    if not path.is_absolute() or not path.parent.is_dir():
        raise FormProblem("请先把工作簿保存到放着各份自评表的文件夹里，再按“汇总”")
    if path.name == command.SUMMARY:
        raise FormProblem("这就是汇总表；请打开文件夹里的一份自评表，再按“汇总”")
    opened = read_book(LiveBook(book), FileRow(shown(path.name), "", ""), "")

    def tell(read: int, of: int) -> None:
        book.app.status_bar = f"正在汇总：{read}/{of} 个文件"

    said, *passed = command.as_text(command.rollup(path.parent, opened=opened, tell=tell))
    return "\n".join([said, *listed(passed)])
