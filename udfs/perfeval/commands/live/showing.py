"""重新计算 and 说明: what changes no cell; and a file that a button wrote, opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfeval.errors import FormProblem
from perfeval.records.names import GUIDE

if TYPE_CHECKING:
    from pathlib import Path

    import xlwings as xw


def recalculate(book: xw.Book) -> str:
    """Button 重新计算: every formula anew."""
    book.app.calculate()
    return ""


def guide(book: xw.Book) -> str:
    """Button 说明: show the guide."""
    if GUIDE not in [sheet.name for sheet in book.sheets]:
        raise FormProblem(f"这本工作簿没有“{GUIDE}”工作表，可用 perfeval new 新建一本")
    book.sheets[GUIDE].range((1, 1)).select()
    return ""


def open_file(book: xw.Book, path: Path) -> None:
    """Open a workbook that a button wrote in the program in which ``book`` is open."""
    book.app.books.open(path)
