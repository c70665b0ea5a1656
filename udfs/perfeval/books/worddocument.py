"""The main part of a Word document (.docx) as paragraphs and tables.

A .docx is a zip package of XML parts; it is read with the bounds of a workbook (size, members, no DTD, no entities). What
stands outside its main part is only looked at for figures (``wordasides``), and nothing in it is executed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.parsers import expat

from perfeval.books.package import DAMAGED, Package, Unreadable, refuse_beyond
from perfeval.books.parts import relationships
from perfeval.books.wordasides import Aside, asides
from perfeval.books.xmlcheck import refuse_long_tags
from perfeval.budget import SPANS_IN_A_TABLE, TABLE_CELLS, XML_TAGS
from perfeval.digits import whole_or
from perfeval.forms.grid import Address, Area, Cell

_MAIN = "word/document.xml"
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_NO_WORD = f"不是 Word 文件，{DAMAGED}"
_MOST_SPAN = 256
_FEW = 4  # cells of a table within that are taken as the text of the outer cell
_MOST_LINES = 4  # between the title of a table and the table
_UNDER_TITLE = re.compile(r"[（(][^（）()]*[）)]|(?:金额)?(?:计量)?单位[:：]?\s*\S{1,4}元|20\d\d\s*年度?")

Table = tuple[dict[Address, Cell], tuple[Area, ...]]


def read_word(data: bytes) -> tuple[list[str | Table], list[Aside]]:
    """The paragraphs that hold text, and the tables, in order; what stands outside the text. Raises Unreadable."""
    package = Package(data)
    main = next((link.target for link in relationships(package, "") if link.kind == "officeDocument"), _MAIN)
    if main not in package:
        raise Unreadable(_NO_WORD)
    return _blocks(package.read(main)), list(asides(package, main))


def _blocks(part: bytes) -> list[str | Table]:
    refuse_beyond(XML_TAGS, part.count(b"<"))
    refuse_long_tags(part)
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
    if not reader.is_word:
        raise Unreadable(_NO_WORD)
    return reader.blocks


def _refused(*_: object) -> None:
    raise Unreadable("文件里有不安全的 XML 声明（DTD），没有读取；请向提供者要一份正常的 .docx")


class _Reader:
    """Builds blocks while expat walks the part. Of a table within a table only the text is kept, in the outer cell; an outer
    table of a single cell may be a frame around those within."""

    def __init__(self) -> None:
        self.blocks: list[str | Table] = []
        self.is_word = False
        self._text: list[str] = []
        self._tables: list[_Grower] = []  # the tables that are open, the innermost last
        self._shown = False
        self._above: list[str] = []  # the paragraphs since the last table

    def start(self, name: str, given: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if space not in _WORD:
            return
        self.is_word = True
        value = next((text for key, text in given.items() if key.rpartition(" ")[2] == "val"), "")
        if tag == "tbl":
            around = self._tables[-1].own if self._tables else []
            self._tables.append(_Grower(_heading(around or self._above)))
        elif self._tables:
            self._tables[-1].begins(tag, value)
        if tag == "t":
            self._shown = True
        elif tag in {"tab", "br", "cr"}:
            self._text.append("\n" if self._tables else " ")

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
            for table in self._tables:
                table.says(text, is_own=table is self._tables[-1])
            if text and not self._tables:
                self._above.append(text)
                self.blocks.append(text)
        elif tag == "tc" and self._tables:
            self._tables[-1].fill()
        elif tag == "tbl" and self._tables:
            table = self._tables.pop()
            if self._tables:
                self._tables[-1].within += table.blocks
            elif blocks := table.blocks:
                self.blocks += blocks
                self._above = []


def _heading(lines: Sequence[str]) -> list[str]:
    """The lines over a table that belong to it: its title, and under that (2023年度) and 单位：万元."""
    own: list[str] = []
    for line in reversed(lines[-_MOST_LINES:]):
        own.insert(0, line)
        if not _UNDER_TITLE.fullmatch(line):
            return own
    return own[-1:]


class _Grower:
    """A table's cells as they come: gridSpan is a merge to the right, vMerge one downwards. Row 1 holds the
    lines above."""

    def __init__(self, heading: Sequence[str]) -> None:
        self._cells: dict[Address, Cell] = {Address(1, at): Cell(line) for at, line in enumerate(heading, start=1)}
        self._text: list[str] = []  # of the cell that is open
        self.own: list[str] = []  # paragraphs of its cells that stand in no table within
        self.within: list[str | Table] = []  # the tables in its cells
        self._spans: dict[Address, tuple[int, int]] = {}
        self._above: dict[int, Address] = {}
        self._row, self._column = 1, 1
        self._span, self._continues = 1, False

    def begins(self, tag: str, value: str) -> None:
        """A start tag within the table."""
        if tag == "tr":
            self._row, self._column = self._row + 1, 1
        elif tag == "tc":
            self._span, self._continues, self._text = 1, False, []
        elif tag in {"gridSpan", "gridBefore"}:
            span = min(whole_or(value, 0), _MOST_SPAN)
            if tag == "gridSpan":
                self._span = max(span, 1)
            else:
                self._column += span
        elif tag == "vMerge":
            self._continues = value != "restart"

    def says(self, text: str, *, is_own: bool) -> None:
        """A paragraph of the cell that is open; not its own where it stands in a table within."""
        if text:
            self._text.append(text)
        if text and is_own:
            self.own.append(text)

    def fill(self) -> None:
        """The end of a cell."""
        text = "\n".join(self._text)
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

    @property
    def blocks(self) -> list[str | Table]:
        """The table, if it holds any text; what is within where it only frames a table of several cells."""
        if len(self._spans) == 1 and any(len(one[0]) > _FEW for one in self.within if not isinstance(one, str)):
            return [*self.own, *self.within]
        return [self._grown()] if any(place.row > 1 for place in self._cells) else []

    def _grown(self) -> Table:
        """The cells, and the areas of more than one of them."""
        areas = (Area(*top, *end) for top, end in self._spans.items() if tuple(top) != end)
        return self._cells, tuple(areas)
