"""汇总 and 复核文件夹: all files of a folder. 汇总 takes the folder that the open workbook lies in, the workbook itself as it stands on the
screen; where it lies nowhere yet, and for 复核文件夹, the person chooses one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from perfeval.books.live import LiveBook
from perfeval.commands import check, questions
from perfeval.commands.live.filling import listed
from perfeval.commands.live.location import file_of, is_addin
from perfeval.commands.live.showing import open_file
from perfeval.errors import FormProblem
from perfeval.filenames import shown
from perfeval.findings import Level
from perfeval.records import names
from perfeval.stepwise import Steps

if TYPE_CHECKING:
    from pathlib import Path

    import xlwings as xw

    from perfeval.commands.check_files import Results
    from perfeval.rollup.rows import Reading


def rollup(book: xw.Book) -> Steps[object, str]:
    """Button 汇总: every 自评表 in the folder and below, in 汇总.xlsx there."""
    from perfeval.commands import rollup as command  # noqa: PLC0415  (what only this button needs is loaded by it)

    if is_addin(book) or not file_of(book).is_absolute():
        folder, opened = (yield from questions.folder("选择放着各份自评表的文件夹")), None
    else:
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
    if not path.parent.is_dir():
        raise FormProblem("请先把工作簿保存到放着各份自评表的文件夹里，再按“汇总”")
    if path.name == SUMMARY:
        raise FormProblem("这就是汇总表；请打开文件夹里的一份自评表，再按“汇总”")
    live = LiveBook(book)
    yield from live.reading(names.form_sheets(live))
    return path.parent, read_book(live, FileRow(shown(path.name), "", ""), "")


def review(book: xw.Book) -> Steps[object, str]:
    """Button 复核文件夹: every file of a folder as it was last saved; the findings go into a workbook with links and a page there."""
    from perfeval.commands import check_files  # noqa: PLC0415

    folder = yield from questions.folder("选择要复核的文件夹")
    files = check.to_review([folder])
    written = check_files.Results(folder, inputs=[path for one, own in files for path in (one, *own)])
    with written:
        for number, reviewed in enumerate(check.review(files), 1):
            written.add(reviewed)
            yield f"{number}/{len(files)} {reviewed.name}"
        for reviewed in check.not_readable([folder]):
            written.add(reviewed)
    open_file(book, written.workbook)
    return "\n".join(_said(written))


def _said(written: Results) -> Iterator[str]:
    yield f"{written.total}。"
    if written.total.counts[Level.ERROR]:
        yield "请先改正错误，再汇总。"
    yield f"逐条列在 {shown(written.workbook)}，点位置就打开那个文件；{shown(written.page.name)} 可以邮寄、打印。"
