"""A sheet of plain text for a finished package: its XML, and the styles that it adds to the workbook's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from perfeval.books.cell_values import encoded
from perfeval.books.frozensheet import PROTECTION
from perfeval.books.parts import appended
from perfeval.books.xmltext import XmlText, escaped
from perfeval.forms.grid import Address

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEADING_HEIGHT, _LINE_HEIGHT = 28, 15


class Look(IntEnum):
    """How a row looks; the value is its place among the added styles."""

    TITLE = 0
    HEADING = 1
    LABEL = 2
    TEXT = 3


class Line(NamedTuple):
    """A row: texts from column A on; the last one reaches to the last column. ``lines`` is how many it needs."""

    look: Look
    texts: tuple[str, ...]
    lines: int = 1


_FONTS = ('<b/><sz val="18"/>', '<b/><sz val="12"/>', '<b/><sz val="10.5"/>', '<sz val="10.5"/>')
_SIDES = "".join(f'<{side} style="thin"><color auto="1"/></{side}>' for side in ("left", "right", "top", "bottom"))
_BORDERS = ('<left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/>', f"{_SIDES}<diagonal/>")
_ALIGNED = {Look.TITLE: "center"}


def with_looks(styles: bytes) -> tuple[bytes, int]:
    """The style part with the four looks added; gives the index of the first."""
    xml = XmlText.parse(styles)
    p = xml.prefix
    fonts = [f'<font>{font}<name val="宋体"/><family val="2"/></font>' for font in _FONTS]
    first_font, splices = appended(xml, "fonts", fonts)
    first_border, more = appended(xml, "borders", [f"<border>{border}</border>" for border in _BORDERS])
    splices += more
    borders = {Look.TITLE: 0, Look.HEADING: first_border, Look.LABEL: first_border + 1, Look.TEXT: first_border + 1}
    formats = [
        f'<xf numFmtId="49" fontId="{first_font + look}" fillId="0" borderId="{borders[look]}" xfId="0" '
        'applyNumberFormat="1" applyFont="1" applyBorder="1" applyAlignment="1">'
        f'<alignment horizontal="{_ALIGNED.get(look, "left")}" vertical="center" wrapText="1"/></xf>'
        for look in Look
    ]
    first, more = appended(xml, "cellXfs", formats)
    prefixed = [(start, end, re.sub(r"<(/?)(?=\w)", rf"<\1{p}", text)) for start, end, text in splices + more]
    return xml.spliced(prefixed).encode(), first


def note_sheet(lines: Sequence[Line], widths: Sequence[float], first_look: int) -> bytes:
    """The worksheet part: A4, one page wide, protected."""
    last = len(widths)
    columns = "".join(
        f'<col min="{column}" max="{column}" width="{width}" customWidth="1"/>'
        for column, width in enumerate(widths, start=1)
    )
    rows, merges = [], []
    for number, line in enumerate(lines, start=1):
        style = first_look + line.look
        cells = "".join(
            _cell(Address(number, column), style, line.texts[column - 1] if column <= len(line.texts) else "")
            for column in range(1, last + 1)
        )
        tall = _HEADING_HEIGHT if line.look in (Look.TITLE, Look.HEADING) else _LINE_HEIGHT * line.lines + 5
        rows.append(f'<row r="{number}" ht="{tall}" customHeight="1">{cells}</row>')
        if len(line.texts) < last:
            merges.append(f'<mergeCell ref="{Address(number, len(line.texts))}:{Address(number, last)}"/>')
    merged = f'<mergeCells count="{len(merges)}">{"".join(merges)}</mergeCells>' if merges else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{Address(len(lines), last)}"/>'
        '<sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>{"".join(rows)}</sheetData>'
        f"{PROTECTION.format('')}{merged}"
        '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.6" right="0.6" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" fitToHeight="0" orientation="portrait"/></worksheet>'
    ).encode()


def _cell(place: Address, style: int, text: str) -> str:
    if not text:
        return f'<c r="{place}" s="{style}"/>'
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escaped(encoded(text))}</t></is></c>'
