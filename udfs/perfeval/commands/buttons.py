"""What the buttons do on an open workbook, whatever program it is open in. Each tells the user in one message."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from perfeval.books.live import LiveBook
from perfeval.commands.decisions import Kept
from perfeval.commands.fill import plan
from perfeval.errors import PerfEvalError
from perfeval.forms import names

if TYPE_CHECKING:
    import xlwings as xw

TITLE = "绩效评价"
LISTED = 10  # cells named in a message; more would not fit a screen


def fill(book: xw.Book) -> None:
    """Button 填报: bring 绩效目标 and 执行数据 into the 自评表 sheets."""
    _run(book, "正在填报自评表 ……", _fill)


def _run(book: xw.Book, doing: str, command: Callable[[LiveBook], str]) -> None:
    """Run a command while the status bar says so, and show what it says, or why it was refused."""
    try:
        with book.app.properties(status_bar=doing):
            message, mode = command(LiveBook(book)), "info"
    except PerfEvalError as error:
        message, mode = f"{error.reason}\n\n没有改动任何单元格。", "critical"
    book.app.alert(message, TITLE, mode=mode)


def _fill(book: LiveBook) -> str:
    planned = plan(book)
    changed = [change for change in book.apply(planned.edits).changed if change.sheet != names.MEMORY]
    said = [f"填写了 {len(changed)} 个单元格。" if changed else "没有需要填写的单元格，自评表已是最新。"]
    if planned.kept:
        said.append(f"有 {len(planned.kept)} 个单元格与数据不同，已保留原样：")
        said += _listed([_described(kept) for kept in planned.kept])
    return "\n".join([*said, *_listed(planned.notes)])


def _described(kept: Kept) -> str:
    return f"“{kept.sheet}”{kept.cell} {kept.field}：现为 {kept.present}，数据为 {kept.wanted}"


def _listed(lines: tuple[str, ...] | list[str]) -> list[str]:
    shown = [f"· {line}" for line in lines[:LISTED]]
    return [*shown, f"· …… 另有 {len(lines) - LISTED} 条"] if len(lines) > LISTED else shown
