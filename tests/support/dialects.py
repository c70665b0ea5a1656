"""One sheet's XML as different programs write it."""

from __future__ import annotations

import codecs

from support import hostile
from support.hostile import MAIN, sheet


def prefixed(xml: str) -> str:
    """The same part with a prefix on every element of the main namespace."""
    for name in ("worksheet", "sheetData", "row", "c", "v", "f", "is", "t", "mergeCells", "mergeCell"):
        for end in (">", " ", "/"):
            xml = xml.replace(f"<{name}{end}", f"<x:{name}{end}").replace(f"</{name}{end}", f"</x:{name}{end}")
    return xml.replace("xmlns=", "xmlns:x=")


PLAIN = sheet(
    '<row r="2"><c r="B2" t="inlineStr"><is><t>预算</t></is></c><c r="C2"><f>1+1</f><v>2</v></c></row>',
    after='<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>',
)

DIALECTS = {
    "plain": PLAIN.encode(),
    "with a UTF-8 mark": codecs.BOM_UTF8 + PLAIN.encode(),
    "UTF-16 little end first": codecs.BOM_UTF16_LE + PLAIN.replace("UTF-8", "UTF-16").encode("utf-16-le"),
    "UTF-16 big end first": codecs.BOM_UTF16_BE + PLAIN.replace("UTF-8", "utf-16").encode("utf-16-be"),
    "prefixed": prefixed(PLAIN).encode(),
    "strict": PLAIN.replace(MAIN, hostile.STRICT).encode(),
    "spread over lines": PLAIN.replace("><", ">\r\n  <").encode(),
    "without a declaration": PLAIN.replace(hostile.HEADER, "").encode(),
    "with comments": PLAIN.replace("<row", "<!-- <row r='1'><c r='A1'><v>1</v></c></row> --><?pi <row?><row").encode(),
}
