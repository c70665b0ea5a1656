"""What the ribbon's buttons run, on the workbook that called."""

from __future__ import annotations

import xlwings as xw

from perfeval.commands import buttons


def fill() -> None:
    """Button 填报."""
    buttons.fill(xw.Book.caller())
