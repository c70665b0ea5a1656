"""Whether an open workbook bears a digital signature, and the question before a command breaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfeval.books.file import FileBook
from perfeval.commands.live.location import file_of
from perfeval.errors import FileRefused, FormProblem

if TYPE_CHECKING:
    import xlwings as xw

TITLE = "绩效评价"  # of every message
_QUESTION = "这本工作簿有数字签名。继续就会改动它，签名随之失效，要请签名人重新签名。\n\n要继续吗？"


def is_signed(book: xw.Book) -> bool:
    """Whether the file that the workbook was opened from is signed; False for one that is not on this computer."""
    try:
        path = file_of(book)
        return path.is_file() and FileBook.as_saved(path).is_signed
    except (FileRefused, FormProblem):  # of another kind, or not here: the command itself works on what is open
        return False


def may_break(book: xw.Book) -> bool:
    """Ask the user; True for 确定."""
    return book.app.alert(_QUESTION, TITLE, buttons="ok_cancel") == "ok"
