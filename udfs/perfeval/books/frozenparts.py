"""Charts, drawings and tables as they are sent: a formula that leads to what is not sent becomes what it showed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from perfeval.books.xmltext import Element, XmlText, characters

_MACRO = re.compile(rb'\smacro="[^"]+"')
_TEXT_LINK = re.compile(r"""\stextlink\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SHOWN = re.compile(r"<(?:\w+:)?v(?=[\s>])[^>]*>([^<]*)<")
_OF_TABLES = ("calculatedColumnFormula", "totalsRowFormula")

_Splice = tuple[int, int, str]


def standing_alone(data: bytes, is_lost: Callable[[str], bool]) -> bytes:
    """A part that a sheet leads to, without macros; ``is_lost`` tells whether a formula leads to what is not sent."""
    data = _MACRO.sub(b' macro=""', data)
    if b"<" not in data[:4]:
        return data  # a picture
    xml = XmlText.parse(data)
    splices = [*_references(xml, is_lost), *_text_links(xml, is_lost), *_formulas(xml)]
    return xml.spliced(splices).encode() if splices else data


def _references(xml: XmlText, is_lost: Callable[[str], bool]) -> Iterator[_Splice]:
    """A chart's references as the numbers and texts that it showed."""
    p = xml.prefix
    for kind, cache in (("num", "numCache"), ("str", "strCache"), ("multiLvlStr", "lvl")):
        for reference in xml.each(f"{kind}Ref"):
            formula = xml.first("f", reference.inner, reference.close)
            if formula is None or not is_lost(xml.text_of(formula)):
                continue
            shown = xml.first(cache, reference.inner, reference.close)
            content = xml.original(shown.inner, shown.close) if shown else ""
            literal = f"{p}{'num' if kind == 'num' else 'str'}Lit"
            yield reference.start, reference.end, _named(xml, reference, content) or f"<{literal}>{content}</{literal}>"


def _named(xml: XmlText, reference: Element, content: str) -> str:
    """What stands for the name of a series or a title; "" for any other reference."""
    before = xml.scan[: reference.start].rstrip()
    if not before.endswith(f"<{xml.prefix}tx>"):
        return ""
    text = "".join(_SHOWN.findall(content)[:1])
    if before[: -len(f"<{xml.prefix}tx>")].rstrip().endswith(f"<{xml.prefix}title>"):
        p, a = xml.prefix, "http://schemas.openxmlformats.org/drawingml/2006/main"
        return f'<{p}rich><a:bodyPr xmlns:a="{a}"/><a:p xmlns:a="{a}"><a:r><a:t>{text}</a:t></a:r></a:p></{p}rich>'
    return f"<{xml.prefix}v>{text}</{xml.prefix}v>"


def _text_links(xml: XmlText, is_lost: Callable[[str], bool]) -> Iterator[_Splice]:
    """Shapes that show a cell keep the text that they showed."""
    for found in _TEXT_LINK.finditer(xml.scan):
        if is_lost(characters(found[1] or found[2] or "")):
            yield *found.span(), ""


def _formulas(xml: XmlText) -> Iterator[_Splice]:
    """A table's own formulas: its cells hold values."""
    for name in _OF_TABLES:
        for element in xml.each(name):
            yield element.start, element.end, ""
