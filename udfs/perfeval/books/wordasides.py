"""What a Word document holds outside its text: charts, drawn texts (SmartArt), notes below the page, workbooks within.

Only the figures of each are taken, for the reviewer to be told of those that the text does not state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from perfeval.arithmetic import exact
from perfeval.books.package import DAMAGED, Package, Unreadable, refuse_beyond
from perfeval.books.parts import Relationship, relationships
from perfeval.books.xmlcheck import refuse_long_tags
from perfeval.budget import TEXT_SIZE, XML_TAGS, Purse
from perfeval.digits import real
from perfeval.errors import InvalidValue
from perfeval.quantities import measures_in, plain

# Kinds of links to such parts, and how a person calls them.
_KINDS = {
    "chart": "图表",
    "chartEx": "图表",
    "diagramData": "智能图形",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "package": "嵌入的工作簿",
}
_NOTES = frozenset({"footnotes", "endnotes"})
_BOOKS = (".xlsx", ".xlsm", ".xlsb")
_VALUES = frozenset({"val", "xVal", "yVal", "bubbleSize", "numDim"})  # of a chart: around its figures
_POINTS = frozenset({"v", "pt"})  # one figure of them
_DATE = re.compile("(?:[0-9]{2,4}年)?[0-9]{1,2}月(?:[0-9]{1,2}[日号])?")
_SHOWN = 20  # characters of a title


@dataclass(frozen=True, slots=True)
class Aside:
    """A part outside the text: how it is called (图表“各项目得分”), and its figures as they stand there (0.955, 3.2万元); None
    where it was not read."""

    name: str
    figures: tuple[str, ...] | None


def asides(package: Package, main: str) -> Iterator[Aside]:
    """What the main part of a document links to besides its pictures."""
    purse = Purse(TEXT_SIZE)
    for link in relationships(package, main):
        if link.kind not in _KINDS or link.target not in package:
            continue
        if link.kind == "package":
            if link.target.lower().endswith(_BOOKS):
                yield Aside(_KINDS[link.kind], None)
            continue
        try:
            yield _aside(link, package.read(link.target), purse)
        except Unreadable:
            yield Aside(_KINDS[link.kind], None)


def _aside(link: Relationship, part: bytes, purse: Purse) -> Aside:
    if not purse.take(len(part)):
        refuse_beyond(TEXT_SIZE, TEXT_SIZE.most + len(part))
    reader = _Reader()
    reader.read(part)
    title = "" if link.kind in _NOTES else next(iter(reader.texts), "")
    called = f"“{title[:_SHOWN]}”" if title else ""
    undated = (_DATE.sub("，", plain(text)) for text in reader.texts)
    measures = (measure.quantity for text in undated for measure in measures_in(text))
    stated = (one.text for one in measures if one.unit)
    return Aside(_KINDS[link.kind] + called, tuple(dict.fromkeys((*reader.values, *stated))))


class _Reader:
    """Collects a part's paragraphs and, of a chart, the figures that it draws."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.values: list[str] = []
        self._open: list[str] = []  # the elements around
        self._words: list[str] = []  # of the paragraph, or of the figure

    def read(self, part: bytes) -> None:
        """Take a part in. Raises Unreadable."""
        refuse_beyond(XML_TAGS, part.count(b"<"))
        refuse_long_tags(part)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._begins, self._ends
        parser.CharacterDataHandler = self._says
        parser.StartDoctypeDeclHandler = _refused
        try:
            parser.Parse(part, True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise Unreadable(DAMAGED) from error

    def _begins(self, name: str, _: object) -> None:
        tag = name.rpartition(" ")[2]
        self._open.append(tag)
        if tag in _POINTS:
            self._words = []

    def _says(self, text: str) -> None:
        if self._open[-1] in {"t", *_POINTS}:
            self._words.append(text)

    def _ends(self, _: str) -> None:
        tag = self._open.pop()
        if tag not in {"p", *_POINTS}:
            return
        text = "".join(self._words).strip()
        self._words = []
        if text:
            if tag != "p" and not _VALUES.isdisjoint(self._open):
                self.values.append(_plain_number(text))
            else:
                self.texts.append(text)


def _plain_number(text: str) -> str:
    """A figure as a chart keeps it, with the digits that it shows: 0.70000000000000062 → 0.7."""
    try:
        return str(exact(real(text)))
    except InvalidValue:
        return text


def _refused(*_: object) -> None:
    raise Unreadable(DAMAGED)
