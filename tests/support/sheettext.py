"""Sheets written as text: a line a row, ``|`` between cells, and real .xlsx files made from it.

``<`` belongs to the cell on its left and ``^`` to the one above (a merged area). A number is a number; ``'12`` is text,
``0.95 [0%]`` a number with its format, ``@2023-12-31`` a date, ``=SUM(H9:H12) -> 96.5`` a formula with the value a
spreadsheet kept for it, ``#DIV/0!`` an error value. ``\\n`` breaks a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

_NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)(?:\s*\[(.+)\])?")


def write_sheets(
    path: Path, sheets: Mapping[str, str], *, at: tuple[int, int] = (1, 1), hidden_rows: Sequence[int] = ()
) -> Path:
    """An .xlsx with one sheet for each text; ``at`` is the row and column of its first cell."""
    with xlsxwriter.Workbook(path) as book:
        for name, text in sheets.items():
            sheet = book.add_worksheet(name)
            for row in hidden_rows:
                sheet.set_row(row - 1, None, None, {"hidden": True})
            _draw(book, sheet, text, at[0] - 1, at[1] - 1)
    return path


def _draw(book: Any, sheet: Any, text: str, top: int, left: int) -> None:
    cells = [[cell.strip() for cell in line.split("|")] for line in text.strip("\n").splitlines()]
    for (row, column), (bottom, right) in _areas(cells):
        place = (top + row, left + column)
        if (bottom, right) != (row, column):
            sheet.merge_range(*place, top + bottom, left + right, "")
        _write(book, sheet, place, cells[row][column])


def _areas(cells: Sequence[Sequence[str]]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Each cell that holds or merges something, with the last cell of its area."""
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    last: dict[tuple[int, int], tuple[int, int]] = {}
    for row, line in enumerate(cells):
        for column, text in enumerate(line):
            beside = {"<": (row, column - 1), "^": (row - 1, column)}.get(text)
            first = owner[beside] if beside else (row, column)
            owner[row, column] = first
            last[first] = (row, column)
    for first, end in last.items():
        if cells[first[0]][first[1]] or end != first:
            yield first, end


def _write(book: Any, sheet: Any, place: tuple[int, int], text: str) -> None:
    number = _NUMBER.fullmatch(text)
    if number:
        sheet.write_number(*place, float(number[1]), book.add_format({"num_format": number[2] or "General"}))
    elif text.startswith("="):
        formula, _, kept = text.partition(" -> ")
        value = float(kept) if _NUMBER.fullmatch(kept) else kept
        sheet.write_formula(*place, formula, None, value)
    elif text.startswith("#"):
        sheet.write_formula(*place, "=1/0", None, text)
    elif text.startswith("@"):
        sheet.write_datetime(*place, date.fromisoformat(text[1:]), book.add_format({"num_format": "yyyy/m/d"}))
    elif text:
        sheet.write_string(*place, text.removeprefix("'").replace("\\n", "\n"))
