"""Sheets as Word documents, written here as Word keeps tables (gridSpan to the right, vMerge downwards), or by LibreOffice Writer."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from perfeval.forms.grid import Area, Grid
from perfeval.forms.grid_text import seen
from perfeval.forms.model import Entry

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def packed(part: str | bytes, name: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, part)
    return out.getvalue()


def word(body: str, namespace: str = WORD) -> bytes:
    return packed(
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'
    )


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'


def word_with(body: str, *parts: tuple[str, str, str | bytes], main: str = "word/document.xml") -> bytes:
    """A document with further parts, each told by the kind of its link, its name and its content."""
    links = (
        f'<Relationship Id="r{place}" Type="{_OFFICE}/{kind}" Target="/{name}"/>'
        for place, (kind, name, _) in enumerate(parts)
    )
    root = f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="{main}"/>'
    folder, _, file = main.rpartition("/")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("_rels/.rels", _LINKS.format(root))
        package.writestr(main, f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
        package.writestr(f"{folder}/_rels/{file}.rels", _LINKS.format("".join(links)))
        for _, name, content in parts:
            package.writestr(name, content)
    return out.getvalue()


def write_word(path: Path, blocks: Iterable[Grid | str]) -> Path:
    """A .docx of paragraphs and of tables that show what the sheets show."""
    body = "".join(_paragraph(block) if isinstance(block, str) else _table(block) for block in blocks)
    path.write_bytes(word(body))
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


def write_with_writer(soffice: str, folder: Path, books: dict[str, Iterable[Grid]]) -> dict[str, Path]:
    """The .docx files that Writer makes of sheets it is given as HTML, by the books' names."""
    pages = {name: folder / f"{place}.html" for place, name in enumerate(books)}
    for name, page in pages.items():
        tables = "".join(f"<p>表</p><table>{''.join(_html_rows(grid))}</table>" for grid in books[name])
        page.write_text(f'<html><meta charset="utf-8"><body>{tables}</body></html>', encoding="utf-8")
    subprocess.run(
        [
            soffice, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--infilter=HTML (StarWriter)", "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder),
            *map(str, pages.values()),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return {name: page.with_suffix(".docx") for name, page in pages.items()}


def _html_rows(grid: Grid) -> Iterator[str]:
    for row in range(1, grid.bottom + 1):
        areas = dict.fromkeys(grid.area_of((row, column)) for column in range(1, grid.right + 1))
        yield "<tr>" + "".join(_html_cell(grid, area) for area in areas if area.top == row) + "</tr>"


def _html_cell(grid: Grid, area: Area) -> str:
    text = escape(Entry(seen(grid[area.top, area.left])).text).replace("\n", "<br>")
    return f'<td rowspan="{area.bottom - area.top + 1}" colspan="{area.right - area.left + 1}">{text}</td>'
