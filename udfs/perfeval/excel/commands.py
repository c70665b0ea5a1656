"""What the ribbon's buttons run, on the workbook that called."""

from __future__ import annotations

import xlwings as xw

from perfeval.commands import buttons


def press(name: str) -> None:
    """Run the command of this name."""
    buttons.press(name, xw.Book.caller())
