"""填报: brings 绩效目标 and 执行数据 into the open workbook's 自评表 sheets; 撤销填报 takes the last fill back.

In Excel a macro empties the undo list. What a fill replaced therefore stands in the workbook itself (``commands.fill_record``):
there it outlives Python and a restart, and a fill from the shell can be taken back too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from perfeval.books.file import FileBook
from perfeval.books.live import LiveBook
from perfeval.commands import questions, undoing
from perfeval.commands.fill import plan
from perfeval.commands.live.signing import TITLE
from perfeval.commands.overwriting import Kept
from perfeval.records import names
from perfeval.stepwise import Steps

if TYPE_CHECKING:
    import xlwings as xw

LISTED = 10  # cells named in a message; more would not fit a screen


def fill(book: xw.Book) -> Steps[object, str]:
    """Button 填报: fill what is empty or unchanged since the last fill, and list what was kept. A workbook without import sheets is
    filled from another, as that was last saved, which the person chooses."""
    live = LiveBook(book, lambda step: setattr(book.app, "status_bar", f"正在填报：{step}"))
    data = None
    if not {*names.IMPORTS} <= {*live.sheets}:
        data = yield from questions.file("选择数据工作簿（有“绩效目标”“执行数据”两张表）", "工作簿", (".xlsx", ".xlsm"))
    yield from live.reading(names.form_sheets(live))
    yield "对照数据"
    planned = plan(live, FileBook.as_saved(data) if data else None)
    changed = [change for change in live.apply(planned.edits).changed if change.sheet != names.MEMORY]
    said = [f"填写了 {len(changed)} 个单元格。" if changed else "没有需要填写的单元格，自评表已是最新。"]
    if planned.kept:
        said.append(f"有 {len(planned.kept)} 个单元格与数据不同，已保留原样：")
        said += listed([described(kept) for kept in planned.kept])
    return "\n".join([*said, *listed(planned.notes)])


def undo(book: xw.Book) -> str:
    """Button 撤销填报: put back what stood before the last fill, but for cells that were changed since: they are listed. Pressed again,
    it brings the fill back."""
    live = LiveBook(book)
    planned = undoing.plan(live)
    if planned.question and book.app.alert(f"{planned.question}\n\n要撤销吗？", TITLE, buttons="ok_cancel") != "ok":
        return "没有撤销，没有改动任何单元格。"
    live.apply(planned.edits)
    for former in planned.cells:
        if former.format is not None and not planned.again:  # the date that a fill wrote has changed it
            book.sheets[former.sheet].range(former.cell).number_format = former.format
    return "\n".join(planned.said())


def described(kept: Kept) -> str:
    """A cell that was kept, as a message lists it."""
    return f"“{kept.sheet}”{kept.cell} {kept.field}：现为 {kept.present}，数据为 {kept.wanted}"


def listed(lines: Sequence[str]) -> list[str]:
    """The lines as a message shows them: the first few, and how many more there are."""
    shown = [f"· {line}" for line in lines[:LISTED]]
    return [*shown, f"· …… 另有 {len(lines) - LISTED} 条"] if len(lines) > LISTED else shown
