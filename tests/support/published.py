"""The published tables of whole bodies, as books: each text sheet of a folder a sheet of one .xlsx."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from perfeval.books.file import FileBook
from perfeval.forms.grid import Grid
from perfeval.forms.model import OF_ONE, Form
from perfeval.forms.reader import read_sheet
from support import DATA
from support.sheettext import write_sheets

BUDGET_TABLES = DATA / "seed004" / "tables"
BODY_FORMS = DATA / "body_forms"


def texts(folder: Path) -> dict[str, str]:
    """The sheets of a folder, by their names, as they are printed."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))}


def body_forms(grid: Grid) -> list[Form]:
    """The forms of a sheet that are of a whole body, or of points alone (评分表, framework)."""
    return [form for form in read_sheet(grid) if form.kind not in OF_ONE]


def as_numbers(sheet: str) -> str:
    """A sheet whose printed amounts (62,590) are numbers with a format, as a spreadsheet keeps them."""

    def number(match: re.Match[str]) -> str:
        decimals = match[2] or ""
        return f"{match[1].replace(',', '')}{decimals} [#,##0{'.' + '0' * (len(decimals) - 1) if decimals else ''}]"

    return re.sub(r"(?<=\| )(\d{1,3}(?:,\d{3})*)(\.\d+)?(?= \||$)", number, sheet, flags=re.MULTILINE)


def grids(path: Path, sheets: Mapping[str, str]) -> dict[str, Grid]:
    """The sheets, written to ``path`` and read back."""
    book = FileBook.open(write_sheets(path, sheets))
    return {name: book.grid(name) for name in book.sheets}
