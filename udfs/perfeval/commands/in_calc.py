"""A press of a button in Calc's menu or toolbar: one step for Undo."""

from __future__ import annotations

from typing import Any

from perfeval.commands import buttons
from perfeval.commands.live.signing import TITLE
from perfeval.commands.questions import AskChoice, AskFile, AskFolder, AskSave, Question
from perfeval.libreoffice import pickers
from perfeval.libreoffice.engine import book


def press(context: Any, document: Any, name: str) -> None:
    """Run a command by its name on an open spreadsheet."""
    undo = document.getUndoManager()
    undo.enterUndoContext(f"{TITLE}：{buttons.BUTTONS[name].title}")
    try:
        buttons.press(name, book(context, document), lambda question: answer(context, document, question))
    finally:
        undo.leaveUndoContext()


def answer(context: Any, document: Any, question: Question) -> str | None:
    """The person's answer to a question, given in one of Calc's own dialogs; None where it was closed."""
    match question:
        case AskFile(title, kind, endings):
            return pickers.open_file(context, document, title, [(kind, endings)])
        case AskFolder(title):
            return pickers.folder(context, document, title)
        case AskSave(title, name, kinds):
            return pickers.save_file(context, document, title, name, [(kind, [ending]) for kind, ending in kinds])
        case AskChoice(title, choices):
            place = pickers.choice(context, document, title, choices)
            return None if place is None else str(place + 1)
