"""A report as text: paragraphs in order, and its tables as grids, from .txt, .md and .docx.

A .docx is a zip package of XML parts; it is read with the bounds of a workbook (size, members, no DTD, no entities), and
only its main part. Nothing else of it is opened, and nothing in it is executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from perfeval.books.package import DAMAGED, MEGABYTE, TOO_BIG, Package, Unreadable
from perfeval.books.xmltext import MAX_TAGS
from perfeval.errors import FileRefused
from perfeval.forms.grid import Address, Area, Cell, Grid

SUFFIXES = (".txt", ".md", ".docx")
MAX_TEXT = 20 * MEGABYTE
MAX_PARAGRAPHS = 100_000
_MAIN = "word/document.xml"
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_ROW = re.compile(r"\s*\|(.*)\|\s*$")
_RULE = re.compile(r"[\s|:]*-[\s|:-]*$")
_MARKUP = re.compile(r"\*\*|__|<br\s*/?>|</?p>|^#{1,6}\s*|^>\s*")
_MOST_CELLS = 200_000
_MOST_SPAN = 256


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that holds text, and its number among those, from 1."""

    number: int
    text: str


@dataclass(frozen=True)
class Document:
    """A report. As a book its sheets are its tables: ``报告.docx 表1`` …"""

    name: str
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Grid, ...]

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
        data = path.read_bytes()
        blocks = list(_word(data) if suffix == ".docx" else _plain(_decoded(data)))
    except OSError as error:
        raise FileRefused(
            path, f"读不了文件（{error.strerror or error}），请检查文件是否存在、是否被别的程序占用"
        ) from error
    except Unreadable as error:
        raise FileRefused(path, str(error).replace(".xlsx", suffix)) from error
    texts = [block for block in blocks if isinstance(block, str)]
    if len(texts) > MAX_PARAGRAPHS:
        raise FileRefused(path, TOO_BIG)
    grids = [block for block in blocks if not isinstance(block, str)]
    return Document(
        path.name,
        tuple(Paragraph(number, text) for number, text in enumerate(texts, start=1)),
        tuple(Grid(f"{path.name} 表{number}", cells, merges) for number, (cells, merges) in enumerate(grids, start=1)),
    )


_Table = tuple[dict[Address, Cell], tuple[Area, ...]]


def _decoded(data: bytes) -> str:
    if len(data) > MAX_TEXT:
        raise Unreadable(TOO_BIG)
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("文字编码不认识，请另存为 UTF-8 的文本")


def _plain(text: str) -> Iterator[str | _Table]:
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


def _gridded(rows: Sequence[Sequence[str]]) -> _Table:
    if sum(map(len, rows)) > _MOST_CELLS:
        raise Unreadable(TOO_BIG)
    cells = {
        Address(place, column): Cell(text)
        for place, row in enumerate(rows, start=1)
        for column, text in enumerate(row, start=1)
        if text
    }
    return cells, ()


def _word(data: bytes) -> Iterator[str | _Table]:
    package = Package(data)
    if _MAIN not in package:
        raise Unreadable(f"不是 Word 文件，{DAMAGED}")
    part = package.read(_MAIN)
    if part.count(b"<") > MAX_TAGS:
        raise Unreadable(TOO_BIG)
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = _refused
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise Unreadable(DAMAGED) from error
    return iter(reader.blocks)


def _refused(*_: object) -> None:
    raise Unreadable("文件里有不安全的 XML 声明（DTD），没有读取；请向提供者要一份正常的 .docx")


class _Reader:
    """Builds blocks while expat walks the part. Of a table within a table only the text is kept, in the outer cell."""

    def __init__(self) -> None:
        self.blocks: list[str | _Table] = []
        self._text: list[str] = []
        self._cell: list[str] = []
        self._table: _Grower | None = None
        self._depth = 0
        self._shown = False
        self._last = ""

    def start(self, name: str, given: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if space not in _WORD:
            return
        value = next((text for key, text in given.items() if key.rpartition(" ")[2] == "val"), "")
        if tag == "tbl":
            self._depth += 1
            if self._depth == 1:
                self._table = _Grower(self._last)
        elif self._depth == 1 and self._table is not None:
            self._table.begins(tag, value)
            if tag == "tc":
                self._cell = []
        if tag == "t":
            self._shown = True
        elif tag in {"tab", "br", "cr"}:
            self._text.append("\n" if self._depth else " ")

    def characters(self, text: str) -> None:
        if self._shown:
            self._text.append(text)

    def end(self, name: str) -> None:
        space, _, tag = name.rpartition(" ")
        if space not in _WORD:
            return
        if tag == "t":
            self._shown = False
        elif tag == "p":
            text = "".join(self._text).strip()
            self._text = []
            if self._depth:
                self._cell.append(text)
            elif text:
                self._last = text
                self.blocks.append(text)
        elif tag == "tc" and self._depth == 1 and self._table is not None:
            self._table.fill("\n".join(text for text in self._cell if text))
        elif tag == "tbl":
            self._depth -= 1
            if not self._depth and self._table is not None:
                self.blocks.append(self._table.grown())
                self._table = None


class _Grower:
    """A table's cells as they come: gridSpan is a merge to the right, vMerge one downwards. Row 1 is the line above."""

    def __init__(self, title: str) -> None:
        self._cells: dict[Address, Cell] = {Address(1, 1): Cell(title)} if title else {}
        self._spans: dict[Address, tuple[int, int]] = {}
        self._above: dict[int, Address] = {}
        self._row, self._column = 1, 1
        self._span, self._continues = 1, False

    def begins(self, tag: str, value: str) -> None:
        """A start tag within the table."""
        if tag == "tr":
            self._row, self._column = self._row + 1, 1
        elif tag == "tc":
            self._span, self._continues = 1, False
        elif tag in {"gridSpan", "gridBefore"} and value.isdigit():
            span = min(int(value[:4]), _MOST_SPAN)
            if tag == "gridSpan":
                self._span = max(span, 1)
            else:
                self._column += span
        elif tag == "vMerge":
            self._continues = value != "restart"

    def fill(self, text: str) -> None:
        """The end of a cell, with its text."""
        if self._row * self._column > _MOST_CELLS * 10 or len(self._spans) > _MOST_CELLS:
            raise Unreadable(TOO_BIG)
        top = self._above.get(self._column) if self._continues else None
        if top is not None:
            self._spans[top] = (self._row, self._spans[top][1])
        else:
            top = Address(self._row, self._column)
            self._spans[top] = (self._row, self._column + self._span - 1)
            self._above[self._column] = top
            if text:
                self._cells[top] = Cell(text)
        self._column += self._span

    def grown(self) -> _Table:
        """The cells, and the areas of more than one of them."""
        areas = (Area(*top, *end) for top, end in self._spans.items() if tuple(top) != end)
        return self._cells, tuple(areas)
