"""A report as text: paragraphs in order, and its tables as grids, from .txt, .md and .docx."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfeval.books.diskfile import bounded, refuse_no_zip
from perfeval.books.package import Unreadable, refuse_beyond
from perfeval.books.wordasides import Aside
from perfeval.books.worddocument import Table, read_word
from perfeval.budget import PARAGRAPHS, TABLE_CELLS, TEXT_SIZE
from perfeval.errors import FileRefused, InvalidValue
from perfeval.filenames import shown
from perfeval.forms.continuing import joined
from perfeval.forms.grid import Address, Area, Cell, Grid

SUFFIXES = (".txt", ".md", ".docx")
_ROW = re.compile(r"\s*\|(.*)\|\s*$")
_RULE = re.compile(r"[\s|:]*-[\s|:-]*$")
_MARKUP = re.compile(r"\*\*|__|<br\s*/?>|</?p>|^#{1,6}\s*|^>\s*")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that holds text, and its number among those, from 1."""

    number: int
    text: str


@dataclass(frozen=True)
class Document:
    """A report. As a book its sheets are its tables (``报告.docx 表1`` …), whose first row is the line above each."""

    name: str  # of the file, as it is shown
    digest: str  # the SHA-256 of the file
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Grid, ...]
    asides: tuple[Aside, ...] = ()  # charts, notes … of a Word document

    @property
    def sheets(self) -> Sequence[str]:
        """The names of its tables."""
        return [grid.name for grid in self.tables]

    @property
    def user_sheets(self) -> Sequence[str]:
        """All of its tables."""
        return self.sheets

    @property
    def names(self) -> Mapping[str, str]:
        """A report defines no names."""
        return {}

    def grid(self, sheet: str) -> Grid:
        """The table of this name. Raises KeyError."""
        return {grid.name: grid for grid in self.tables}[sheet]


def read_document(path: Path) -> Document:
    """The report in a file. Raises FileRefused: missing, too large, damaged, unsafe, or of another sort."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise FileRefused(path, f"不是能读的报告，请另存为 {'、'.join(SUFFIXES)} 之一")
    try:
        data = bounded(path)
        if suffix == ".docx":
            refuse_no_zip(data)
            blocks, outside = read_word(data)
        else:
            blocks, outside = list(_plain(decoded(data))), []
        texts = [block for block in blocks if isinstance(block, str)]
        refuse_beyond(PARAGRAPHS, len(texts))
    except Unreadable as error:
        raise FileRefused(path, str(error)) from error
    name = shown(path.name)
    return Document(
        name,
        hashlib.sha256(data).hexdigest(),
        tuple(Paragraph(number, text) for number, text in enumerate(texts, start=1)),
        tuple(_grids(name, blocks)),
        tuple(outside),
    )


def _grids(name: str, blocks: Sequence[str | Table]) -> list[Grid]:
    """The tables of a text; one that goes on with a form of the table above it is a part of that."""
    grids: list[Grid] = []
    between: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            between.append(block)
            continue
        grid = _grid(f"{name} 表{len(grids) + 1}", *block)
        one = joined(grids[-1], grid, between) if grids else None
        if one is None:
            grids.append(grid)
        else:
            grids[-1] = one
        between = []
    return grids


def _grid(name: str, cells: dict[Address, Cell], merges: tuple[Area, ...]) -> Grid:
    try:
        return Grid(name, cells, merges)
    except InvalidValue:  # areas that overlap: no program draws such a table
        return Grid(name, cells)


def decoded(data: bytes) -> str:
    refuse_beyond(TEXT_SIZE, len(data))
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("文字编码不认识，请另存为 UTF-8 的文本")


def _plain(text: str) -> Iterator[str | Table]:
    """The paragraphs of a text, a line each, and the tables that are written with ``|``; the line above is a title.

    A table whose header is blank goes on with the table before it, over a page's end.
    """
    rows: list[list[str]] = []
    last, ended = "", False
    for line in text.splitlines():
        row = _ROW.match(line)
        bare = _MARKUP.sub("", line.strip()).strip()
        if row is not None and not _RULE.match(line):
            cells = [re.sub(r"<br\s*/?>", "\n", cell).strip() for cell in row[1].split("|")]
            if rows and ended and any(cells):
                yield _gridded([[last], *rows])
                rows = []
            rows.append(cells)
        elif row is None and bare:
            if rows:
                yield _gridded([[last], *rows])
                rows = []
            last = bare
            yield bare
        elif row is not None and rows and not any(rows[-1]):
            rows.pop()  # the blank header of a continued table
        ended = row is None
    if rows:
        yield _gridded([[last], *rows])


def _gridded(rows: Sequence[Sequence[str]]) -> Table:
    refuse_beyond(TABLE_CELLS, sum(map(len, rows)))
    cells = {
        Address(place, column): Cell(text)
        for place, row in enumerate(rows, start=1)
        for column, text in enumerate(row, start=1)
        if text
    }
    return cells, ()
