"""Marks on cells of an open workbook: a colour and a note, which leave everything of the cells' own as it is.

The colour is a conditional format whose formula is always true and known to be ours, so the cell's own fill stays
underneath and nothing has to be remembered. The note begins with words of ours; a cell that has a note keeps its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xlwings as xw

_RULE = '="PerfEval"="PerfEval"'
_OPENING = "【复核】"


def mark(cell: xw.Range, colour: str, text: str) -> None:
    """Colour a cell (``#ffc7ce``) and tell in a note why."""
    cell.conditional_formats.add_custom(_RULE, fill_color=colour)
    if not _has_note(cell):
        cell.add_note(_OPENING + text)


def clear(sheet: xw.Sheet) -> int:
    """Take every mark off a sheet; gives how many cells had one."""
    rules = [rule for rule in sheet.used_range.conditional_formats if rule.formula == _RULE]
    for rule in reversed(rules):
        rule.delete()
    for note in [note for note in sheet.notes if note.text.startswith(_OPENING)]:
        note.delete()
    return len(rules)


def _has_note(cell: xw.Range) -> bool:
    """Whether a cell has a note or, in an Excel that knows them, a thread of comments."""
    if cell.note is not None:
        return True
    try:
        return cell.comment is not None
    except Exception:  # of a program without comments, each in its own way
        return False
