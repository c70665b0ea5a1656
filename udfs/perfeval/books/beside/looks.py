"""The styles of the columns: small and grey, so that no row grows and nobody takes them for a part of the form."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from perfeval.books.beside.memory import Splice
from perfeval.books.beside.model import Look
from perfeval.books.package import Unreadable
from perfeval.books.parts import appended
from perfeval.books.sheetxml import number
from perfeval.books.xmltext import Element, XmlText

_FONT = '<font><sz val="8"/><color rgb="FF7F7F7F"/><name val="宋体"/><charset val="134"/></font>'
_FILL = '<fill><patternFill patternType="solid"><fgColor rgb="FFF5F7FA"/><bgColor indexed="64"/></patternFill></fill>'
_FORMATS = {Look.NUMBER: 0, Look.PERCENT: 10, Look.TEXT: 0}
_ALIGNED = {Look.TEXT: "left"}
_PLAIN = '<{}xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'


def looks(styles: XmlText, used: Sequence[Look]) -> tuple[dict[Look, int], list[Splice]] | None:
    """The index of each look among the cell styles, and what is to be spliced for them; None for a style part that lacks
    the blocks that every program writes: the cells then go without."""
    try:
        font, splices = appended(styles, "fonts", [_FONT])
        fill, more = appended(styles, "fills", [_FILL])
        splices += more
        formats = [
            f'<xf numFmtId="{_FORMATS[look]}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" applyNumberFormat="1" '
            'applyFont="1" applyFill="1" applyAlignment="1">'
            f'<alignment horizontal="{_ALIGNED.get(look, "center")}" vertical="center"/></xf>'
            for look in used
        ]
        first, more = appended(styles, "cellXfs", formats)
    except Unreadable:
        return None
    p = styles.prefix
    prefixed = [(start, end, re.sub(r"<(/?)(?=\w)", rf"<\1{p}", text)) for start, end, text in splices + more]
    return {look: first + place for place, look in enumerate(used)}, prefixed


def without_looks(styles: XmlText, idle: Collection[int]) -> tuple[XmlText, int]:
    """The style part without the cell styles that no cell has any more, and the font and fill that only they had; and how many
    went. The last ones go, one that others stand behind becomes the plain one, so that every index holds."""
    records = styles.first("cellXfs")
    if records is None:
        return styles, 0
    formats = list(styles.each("xf", records.inner, records.close))
    gone = {index for index in idle if 0 < index < len(formats)}
    others = [one for index, one in enumerate(formats) if index not in gone]
    if (cells := styles.first("cellStyleXfs")) is not None:
        others += styles.each("xf", cells.inner, cells.close)
    splices = _dropped(styles, records, formats, gone, _PLAIN.format(styles.prefix))
    for block, name, key, first_free in (("fonts", "font", "fontId", 1), ("fills", "fill", "fillId", 2)):
        holder = styles.first(block)
        if holder is None:
            continue
        items = list(styles.each(name, holder.inner, holder.close))
        kept = {number(one.attributes.get(key), 0) for one in others}
        lonely = {number(formats[index].attributes.get(key), 0) for index in gone} - kept
        lonely = {index for index in lonely if first_free <= index < len(items)}
        first = styles.original(items[0].start, items[0].end) if items else ""
        splices += _dropped(styles, holder, items, lonely, first)
    return styles.spliced(splices), len(gone)


def _dropped(xml: XmlText, block: Element, items: list[Element], gone: Collection[int], plain: str) -> list[Splice]:
    """What is to be spliced for a counted block to lose items: the last ones altogether, others become the plain one."""
    last = len(items)
    while last - 1 in gone:
        last -= 1
    splices = [(one.start, one.end, "") for one in items[last:]]
    splices += [(items[index].start, items[index].end, plain) for index in gone if index < last]
    tag = xml.original(block.start, block.inner)
    if last < len(items) and (count := re.search(r"""\scount\s*=\s*["'](\d+)""", tag)):
        splices.append((block.start + count.start(1), block.start + count.end(1), str(last)))
    return splices
