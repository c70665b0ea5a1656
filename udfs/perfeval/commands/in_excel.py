"""A press of a button in Excel on Windows, as VBA asks for it; the workbook that called is xlwings' own to know."""

from __future__ import annotations

import xlwings as xw

from perfeval.commands import buttons


@xw.func
@xw.arg("name", "raw")
@xw.ret("raw")
def press(name: str) -> list[list[str]]:
    """Run a command on the workbook that called: what to tell the user, "" for nothing, and how. VBA calculates the cells that it made
    stale before it asks to ``tell``."""
    return [list(buttons.done(name, xw.Book.caller()))]


@xw.func
@xw.arg("message", "raw")
@xw.arg("mode", "raw")
@xw.ret("raw")
def tell(message: str, mode: str) -> list[list[str]]:
    """Show what ``press`` has to tell; VBA's own box knows the letters of one code page only."""
    buttons.tell(xw.Book.caller(), message, mode)
    return [[""]]
