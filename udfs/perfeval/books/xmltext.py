"""An XML part as text: checked once by expat, then read and spliced where it stands, so that the rest stays as it is.

expat vouches that the part is well-formed and has no DTD. Such a text can be searched with plain patterns, once what is
not markup but looks like it (comments, processing instructions, CDATA) is masked with characters that XML forbids, and
elements bear the prefix of their namespace (nearly all parts have one).

The patterns hold no possessive quantifier and no atomic group: CPython 3.11.0 to 3.11.4 lose matches with them. They are
linear without, as their alternatives begin with different characters.
"""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from perfeval.books.package import DAMAGED, Unreadable, refuse_beyond
from perfeval.books.xmlcheck import Names, checked
from perfeval.budget import TAG_LENGTH, XML_TAGS

ATTRIBUTES = r"""[^"'/>]*(?:"[^"]*"[^"'/>]*|'[^']*'[^"'/>]*)*"""
CONTENT = "[^<]*(?:<[^<]*){0,8}?|(?s:.*?)"  # up to the end tag that follows; a few tags are the usual, and faster so
_ATTRIBUTE = re.compile(r"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NOT_MARKUP = re.compile(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_TAG = re.compile(rf"<(/?)([^\s/>]+)({ATTRIBUTES})(/?)>")
_ENTITY = re.compile(r"&(?:#(\d+)|#x([0-9A-Fa-f]+)|(lt|gt|amp|quot|apos));")
_SPECIAL = re.compile("[&\r\0\1\2]")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_MASK, _MASKED_LESS, _MASKED_AMPERSAND = "\0", "\1", "\2"
_HIDE = str.maketrans({"<": _MASKED_LESS, "&": _MASKED_AMPERSAND})
_SHOW = str.maketrans({_MASK: None, _MASKED_LESS: "<", _MASKED_AMPERSAND: "&"})
_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Element(NamedTuple):
    """Where an element stands: its start tag from ``start`` to ``inner``, its end tag from ``close`` to ``end``."""

    given: str  # the attributes as they stand
    start: int
    inner: int
    close: int
    end: int

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes by name."""
        return attributes(self.given)


class XmlText:
    """A part's text. ``scan`` is the same text, character for character, with all that is not markup masked."""

    def __init__(self, text: str, scan: str, prefix: str, mark: bytes, encoding: str) -> None:
        self._text = text
        self.scan = scan
        self.prefix = prefix
        self._mark = mark
        self._encoding = encoding
        self._firsts: dict[str, Element | None] = {}  # of the whole text, by name

    @classmethod
    def parse(cls, data: bytes) -> XmlText:
        """A part from its bytes (UTF-8 or UTF-16). Raises Unreadable: not well-formed, a DTD, too many tags.

        Where elements of the root's namespace have several prefixes they all get the root's.
        """
        refuse_beyond(XML_TAGS, data.count(b"<"))
        mark, encoding = next(((m, e) for m, e in _ENCODINGS if data.startswith(m)), (b"", "utf-8"))
        names = checked(data, encoding)
        text = data[len(mark) :].decode(encoding)
        is_all_markup = names.plain and not _NOT_MARKUP.search(text, _declaration(text))
        scan = text if is_all_markup else _NOT_MARKUP.sub(_masked, text)
        if not names.plain:
            text, scan = _under_one_prefix(text, scan, names)
        return cls(text, scan, names.prefix, mark, encoding)

    def decoded(self, data: bytes) -> str:
        """Other bytes of the part, in the encoding that it came in."""
        return data[len(self._mark) :].decode(self._encoding)

    def encoded(self, text: str) -> bytes:
        """Another text of the part, in the encoding that it came in."""
        return self._mark + text.encode(self._encoding)

    def encode(self) -> bytes:
        """The part's bytes, in the encoding that it came in."""
        return self.encoded(self._text)

    def spliced(self, splices: Iterable[tuple[int, int, str]]) -> XmlText:
        """A new text with [start, end) replaced for every splice; splices at the same place keep their order."""
        text, scan, at = [], [], 0
        for start, end, new in sorted(splices, key=lambda splice: splice[:2]):
            text += (self._text[at:start], new)
            scan += (self.scan[at:start], new)
            at = end
        text.append(self._text[at:])
        scan.append(self.scan[at:])
        return XmlText("".join(text), "".join(scan), self.prefix, self._mark, self._encoding)

    def original(self, start: int, end: int) -> str:
        """The text as it stands, comments included."""
        return self._text[start:end]

    def each(self, name: str, start: int = 0, end: int | None = None) -> Iterator[Element]:
        """Every element of a name (in the root's namespace prefix) in document order; such elements do not nest."""
        end = len(self.scan) if end is None else end
        opening, closing = _tags(self.prefix + name)
        while found := opening.search(self.scan, start, end):
            if found[2]:
                inner = close = start = found.end()
            else:
                inner = found.end()
                ending = closing.search(self.scan, inner, end)
                if ending is None:
                    raise Unreadable(DAMAGED)
                close, start = ending.span()
            yield Element(found[1], found.start(), inner, close, start)

    def first(self, name: str, start: int = 0, end: int | None = None) -> Element | None:
        """The first element of a name, or None."""
        if start or end is not None:
            return next(self.each(name, start, end), None)
        if name not in self._firsts:
            self._firsts[name] = next(self.each(name), None)
        return self._firsts[name]

    def text_of(self, element: Element) -> str:
        """The character data of an element that has no children."""
        return characters(self.scan[element.inner : element.close])


def _declaration(text: str) -> int:
    """Where the XML declaration ends: no pattern takes it for an element, so the usual part is searched as it is."""
    return text.find("?>") + 2 if text.startswith("<?xml ") else 0


def _under_one_prefix(text: str, scan: str, names: Names) -> tuple[str, str]:
    """Text and scan in which the root's prefix stands for its namespace only: other elements' names are masked."""
    texts, scans, at = [], [], 0
    for tag, meaning in _in_scope(scan):
        name = tag[2]
        prefix = name[: name.find(":") + 1]
        is_main = meaning(prefix) == names.namespace
        if is_main == (prefix == names.prefix):
            continue
        if is_main and meaning(names.prefix) == names.namespace:
            shown = masked = names.prefix + name[len(prefix) :]
        elif not is_main and meaning(prefix):
            shown, masked = name, _MASK * len(name)
        else:
            raise Unreadable("文件里的 XML 名称前缀互相冲突，没有读取；请用 Excel 或 WPS 打开后另存为 .xlsx")
        start, end = tag.span(2)
        texts += (text[at:start], shown)
        scans += (scan[at:start], masked)
        at = end
    return "".join((*texts, text[at:])), "".join((*scans, scan[at:]))


def _in_scope(scan: str) -> Iterator[tuple[re.Match[str], Callable[[str], str]]]:
    """Every tag, with what prefixes stand for where it stands ("" for nothing)."""
    namespaces: dict[str, list[str]] = defaultdict(list)  # by prefix, the innermost last
    declared: list[list[str]] = []  # prefixes, by open element

    def meaning(prefix: str) -> str:
        return namespaces[prefix][-1] if namespaces[prefix] else ""

    for tag in _TAG.finditer(scan):
        closing, _, given, empty = tag.groups()
        if not closing:
            own = list(_declared(given)) if "xmlns" in given else []
            declared.append([prefix for prefix, _ in own])
            for prefix, namespace in own:
                namespaces[prefix].append(namespace)
        yield tag, meaning
        if closing or empty:
            for prefix in declared.pop():
                namespaces[prefix].pop()


def _declared(given: str) -> Iterator[tuple[str, str]]:
    """The namespaces that a start tag declares, by prefix ("" or with its colon)."""
    for name, namespace in attributes(given).items():
        before, _, prefix = name.partition(":")
        if before == "xmlns":
            yield prefix and f"{prefix}:", namespace


def _masked(found: re.Match[str]) -> str:
    if found[1] is None:
        return _MASK * len(found[0])
    return _MASK * len("<![CDATA[") + found[1].translate(_HIDE) + _MASK * len("]]>")


@cache
def _tags(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    quoted = re.escape(name)
    return re.compile(rf"<{quoted}(?=[\s/>])({ATTRIBUTES})(/?)>"), re.compile(rf"</{quoted}\s*>")


def attributes(raw: str) -> dict[str, str]:
    """A start tag's attributes. Raises Unreadable for more than any program writes."""
    refuse_beyond(TAG_LENGTH, len(raw))
    found = _ATTRIBUTE.findall(raw)
    if _SPECIAL.search(raw) is None:
        return {name: double or single for name, double, single in found}
    return {name: characters(double or single) for name, double, single in found}


def relation_name(elements: Iterable[Element]) -> str:
    """The name of a further element's relation, as others beside it write theirs, with what its prefix stands for where each of them says
    so itself (openpyxl does) and the part does not."""
    for element in elements:
        for name in element.attributes:
            prefix, colon, local = name.partition(":")
            if colon and local == "id":
                own = element.attributes.get(f"xmlns:{prefix}")
                return f'xmlns:{prefix}="{escaped(own)}" {name}' if own else name
    return "r:id"


def is_true(value: str | None) -> bool:
    """An XML boolean attribute; absent is false."""
    return value in {"1", "true"}


def characters(raw: str) -> str:
    """Character data as a reader of XML sees it: entities resolved, line ends as \\n, masks undone."""
    if _SPECIAL.search(raw) is None:
        return raw
    plain = raw.replace("\r\n", "\n").replace("\r", "\n")
    return _ENTITY.sub(_resolved, plain).translate(_SHOW)


def _resolved(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return _NAMED[name]
    return chr(int(decimal or hexadecimal, 10 if decimal else 16))  # expat has seen that there is such a character


def escaped(text: str) -> str:
    """Text as character data."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
