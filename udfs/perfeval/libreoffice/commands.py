"""What menu and toolbar run on an open spreadsheet. A command is one step for Undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import xlwings as xw

from perfeval.commands import buttons
from perfeval.forms.names import GUIDE
from perfeval.libreoffice.engine import book


def recalculate(workbook: xw.Book) -> None:
    """Button 重新计算: every formula anew."""
    with workbook.app.properties(status_bar="正在重新计算 ……"):
        workbook.app.calculate()


def guide(workbook: xw.Book) -> None:
    """Button 说明: show the guide."""
    if GUIDE in [sheet.name for sheet in workbook.sheets]:
        workbook.sheets[GUIDE].activate()
    else:
        workbook.app.alert(f"这本工作簿没有“{GUIDE}”工作表，可用 perfeval new 新建一本", buttons.TITLE, mode="info")


COMMANDS: dict[str, tuple[str, Callable[[xw.Book], None]]] = {
    "fill": ("填报", buttons.fill),
    "recalculate": ("重新计算", recalculate),
    "guide": ("说明", guide),
}


def run(context: Any, document: Any, name: str) -> None:
    """Run a command by its name on an open spreadsheet."""
    title, command = COMMANDS[name]
    undo = document.getUndoManager()
    undo.enterUndoContext(f"{buttons.TITLE}：{title}")
    try:
        command(book(context, document))
    finally:
        undo.leaveUndoContext()
