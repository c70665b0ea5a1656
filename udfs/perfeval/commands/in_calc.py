"""A press of a button in Calc's menu or toolbar: one step for Undo."""

from __future__ import annotations

from typing import Any

from perfeval.commands import buttons
from perfeval.commands.live.signing import TITLE
from perfeval.libreoffice.engine import book


def press(context: Any, document: Any, name: str) -> None:
    """Run a command by its name on an open spreadsheet."""
    undo = document.getUndoManager()
    undo.enterUndoContext(f"{TITLE}：{buttons.BUTTONS[name].title}")
    try:
        buttons.press(name, book(context, document))
    finally:
        undo.leaveUndoContext()
