"""Sheets as Word documents: each a paragraph and a table as Word keeps it, gridSpan to the right and vMerge downwards."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from perfeval.forms.grid import Grid
from perfeval.forms.model import Entry
from perfeval.forms.page import seen

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def write_word(path: Path, blocks: Iterable[Grid | str]) -> Path:
    """A .docx of paragraphs and of tables that show what the sheets show."""
    body = "".join(_paragraph(block) if isinstance(block, str) else _table(block) for block in blocks)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "word/document.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        )
    return path


def _paragraph(text: str) -> str:
    lines = (f"<w:t>{escape(line)}</w:t>" for line in text.split("\n"))
    return f"<w:p><w:r>{'<w:br/>'.join(lines)}</w:r></w:p>"


def _table(grid: Grid) -> str:
    rows = ("".join(_cells(grid, row)) for row in range(1, grid.bottom + 1))
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def _cells(grid: Grid, row: int) -> Iterator[str]:
    column = 1
    while column <= grid.right:
        area = grid.area_of((row, column))
        begins = area.top == row
        down = "" if area.top == area.bottom else '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
        text = Entry(seen(grid[area.top, area.left])).text if begins else ""
        span = area.right - area.left + 1
        yield f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{down}</w:tcPr>{_paragraph(text)}</w:tc>'
        column = area.right + 1
