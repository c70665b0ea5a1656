"""汇总: rolls up the folder that the open workbook lies in, the workbook itself as it stands on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfeval.books.live import LiveBook
from perfeval.commands.live.filling import listed
from perfeval.commands.live.location import file_of
from perfeval.errors import FormProblem
from perfeval.filenames import shown
from perfeval.records import names
from perfeval.stepwise import Steps

if TYPE_CHECKING:
    from pathlib import Path

    import xlwings as xw

    from perfeval.rollup.rows import Reading


def rollup(book: xw.Book, folder: Path | None = None) -> Steps[object, str]:
    """Button 汇总: every 自评表 in the workbook's folder and below, in 汇总.xlsx beside it.

    ``folder`` is another folder, of which the open workbook is no part.
    """
    from perfeval.commands import rollup as command  # noqa: PLC0415  (what only this button needs is loaded by it)

    opened = None
    if folder is None:
        folder, opened = yield from _around(book)
    rolled = yield from command.rolling(folder, opened=opened, in_process=True)
    said, *passed = command.as_text(rolled)
    return "\n".join([said, *listed(passed)])


def _around(book: xw.Book) -> Steps[str, tuple[Path, Reading]]:
    """The folder that the workbook lies in, and the workbook's own rows as it stands on the screen."""
    from perfeval.commands.rollup import SUMMARY  # noqa: PLC0415
    from perfeval.rollup.reading import read_book  # noqa: PLC0415
    from perfeval.rollup.rows import FileRow  # noqa: PLC0415

    path = file_of(book)
    if not path.is_absolute() or not path.parent.is_dir():
        raise FormProblem("请先把工作簿保存到放着各份自评表的文件夹里，再按“汇总”")
    if path.name == SUMMARY:
        raise FormProblem("这就是汇总表；请打开文件夹里的一份自评表，再按“汇总”")
    live = LiveBook(book)
    yield from live.reading(names.form_sheets(live))
    return path.parent, read_book(live, FileRow(shown(path.name), "", ""), "")
