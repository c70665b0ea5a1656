"""Where the file of an open workbook lies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfeval.errors import FormProblem

if TYPE_CHECKING:
    import xlwings as xw

_ONLINE = (
    "工作簿是从 OneDrive 或 SharePoint 的网址打开的，本机没有它所在的文件夹；"
    "请用“文件 → 另存为 → 浏览”存到本机的文件夹里，再试"
)


def file_of(book: xw.Book) -> Path:
    """The path that the program knows, of a workbook that was never saved its name alone; of one opened at an address on the network
    the file in the folder that is kept in step with it. Raises FormProblem where there is no such folder."""
    from xlwings import XlwingsError  # noqa: PLC0415

    try:
        path = book.fullname
    except XlwingsError as error:
        raise FormProblem(_ONLINE) from error
    if "://" in path:
        raise FormProblem(_ONLINE)
    return Path(path)


def is_addin(book: xw.Book) -> bool:
    """Whether it is no workbook of the user's: the add-in stands for it where none is open."""
    return book.name.lower().endswith(".xlam")
