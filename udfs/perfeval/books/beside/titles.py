"""The list of sheets among a workbook's properties, which programs write and hardly any reads."""

from __future__ import annotations

import re

from perfeval.books.sheetxml import number
from perfeval.books.xmltext import XmlText, characters

PROGRAM = "docProps/app.xml"
_TITLE = re.compile(r"<(\w+:)?lpstr>([^<]*)</(?:\w+:)?lpstr\s*>")
_COUNT = re.compile(r"<(?:\w+:)?i4>([0-9]{1,8})</(?:\w+:)?i4\s*>")
_SIZE = re.compile(r"""<(?:\w+:)?vector[^>]*?\ssize\s*=\s*["']([0-9]{1,8})""")


def without_title(xml: XmlText, sheet: str) -> XmlText:
    """The properties without a sheet in their list of titles; as they are where it is not in it."""
    titles, pairs = xml.first("TitlesOfParts"), xml.first("HeadingPairs")
    if titles is None or pairs is None:
        return xml
    listed = list(_TITLE.finditer(xml.scan, titles.inner, titles.close))
    place = next((place for place, found in enumerate(listed) if characters(found[2]) == sheet), None)
    size = _SIZE.search(xml.scan, titles.inner, titles.close)
    if place is None or size is None:
        return xml
    counts, seen = [size], 0
    for count in _COUNT.finditer(xml.scan, pairs.inner, pairs.close):  # of each kind of title, in their order
        seen += number(count[1], 0)
        if seen > place:
            counts.append(count)
            break
    less = [(*found.span(1), str(number(found[1], 1) - 1)) for found in counts]
    return xml.spliced([(*listed[place].span(), ""), *less])
