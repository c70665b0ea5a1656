"""The main part of a Word document (.docx) as paragraphs and tables.

A .docx is a zip package of XML parts; it is read with the bounds of a workbook (size, members, no DTD, no entities), and
only its main part. Nothing else of it is opened, and nothing in it is executed.
"""

from __future__ import annotations

from xml.parsers import expat

from perfeval.books.package import DAMAGED, Package, Unreadable, refuse_beyond
from perfeval.budget import SPANS_IN_A_TABLE, TABLE_CELLS, XML_TAGS
from perfeval.digits import whole_or
from perfeval.forms.grid import Address, Area, Cell

_MAIN = "word/document.xml"
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_MOST_SPAN = 256

Table = tuple[dict[Address, Cell], tuple[Area, ...]]


def blocks_of(data: bytes) -> list[str | Table]:
    """The paragraphs that hold text, and the tables, in order. Raises Unreadable."""
    package = Package(data)
    if _MAIN not in package:
        raise Unreadable(f"不是 Word 文件，{DAMAGED}")
    part = package.read(_MAIN)
    refuse_beyond(XML_TAGS, part.count(b"<"))
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = _refused
    try:
        parser.Parse(part, True)
    except (
        expat.ExpatError,
        LookupError,
        ValueError,
    ) as error:  # the latter two: an encoding that Python does not know
        raise Unreadable(DAMAGED) from error
    return reader.blocks


def _refused(*_: object) -> None:
    raise Unreadable("文件里有不安全的 XML 声明（DTD），没有读取；请向提供者要一份正常的 .docx")


class _Reader:
    """Builds blocks while expat walks the part. Of a table within a table only the text is kept, in the outer cell."""

    def __init__(self) -> None:
        self.blocks: list[str | Table] = []
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
        elif tag in {"gridSpan", "gridBefore"}:
            span = min(whole_or(value, 0), _MOST_SPAN)
            if tag == "gridSpan":
                self._span = max(span, 1)
            else:
                self._column += span
        elif tag == "vMerge":
            self._continues = value != "restart"

    def fill(self, text: str) -> None:
        """The end of a cell, with its text."""
        refuse_beyond(SPANS_IN_A_TABLE, self._row * self._column)
        refuse_beyond(TABLE_CELLS, len(self._spans))
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

    def grown(self) -> Table:
        """The cells, and the areas of more than one of them."""
        areas = (Area(*top, *end) for top, end in self._spans.items() if tuple(top) != end)
        return self._cells, tuple(areas)
