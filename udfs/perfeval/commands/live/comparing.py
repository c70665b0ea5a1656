"""对照: every score of the open workbook recomputed beside the printed one, in a workbook of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfeval.books.live import LiveBook
from perfeval.commands.live.location import file_of
from perfeval.commands.live.showing import open_file
from perfeval.commands.score import scores_of
from perfeval.errors import FormProblem
from perfeval.records import names
from perfeval.stepwise import Steps

if TYPE_CHECKING:
    import xlwings as xw


def compare(book: xw.Book) -> Steps[str, str]:
    """Button 对照: the forms as they stand on the screen; the workbook itself does not change."""
    from perfeval.commands import score_book  # noqa: PLC0415  (what only this button needs is loaded by it)

    path = file_of(book)
    if not path.is_file():
        raise FormProblem("工作簿还没有保存到这台电脑的文件夹里，请先保存，再按“对照”")
    live = LiveBook(book)
    yield from live.reading(names.form_sheets(live))
    scores = scores_of(live, live)
    written = score_book.write(scores, path)
    open_file(book, written)
    differing = sum(row.differs for form in scores.forms for row in form.assessment.rows)
    told = f"有 {differing} 项得分与测算不同" if differing else "没有与测算不同的得分"
    return f"对照了 {len(scores.forms)} 张表：{told}。逐项列在 {written.name}，每一项写明怎样算。"
