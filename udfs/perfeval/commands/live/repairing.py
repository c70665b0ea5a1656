"""补齐公式 of an open workbook: puts our formulas back and lists in 汇总 what it does not know; 撤销填报 takes them out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfeval.books.live import LiveBook
from perfeval.commands import repair as repairing
from perfeval.commands.live.blanks import refuse_protected
from perfeval.commands.live.filling import listed
from perfeval.commands.live.projects import Table, make_room
from perfeval.errors import FormProblem
from perfeval.records import names
from perfeval.stepwise import Steps

if TYPE_CHECKING:
    import xlwings as xw


def repair(book: xw.Book) -> Steps[str, str]:
    """Button 补齐公式: what was done, and what is left to a person."""
    live = LiveBook(book)
    if names.MEMORY not in live.sheets:
        raise FormProblem(repairing.NOT_OURS)
    yield from live.reading(names.form_sheets(live))
    room = repairing.room_of(live)
    yield "补公式"
    if room is not None:
        grid = live.grid(names.SUMMARY)
        refuse_protected(grid)
        for at in range(room.at, room.at + len(room.sheets)):
            make_room(book.sheets[names.SUMMARY], Table(grid, range(1, at), 1, grid.right, whole_rows=True, said=""))
        live = LiveBook(book)
    planned = repairing.plan(live, room)
    live.apply(planned.edits)
    left = repairing.left(live)
    said = listed(planned.done) or ["没有能补的公式。" if left else "没有需要补的公式。"]
    return "\n".join([*said, *(["以下要由人处理："] if left else []), *listed(left)])
