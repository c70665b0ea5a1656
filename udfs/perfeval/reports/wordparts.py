"""Tables and charts of a report as pieces of a Word document."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from perfeval.reports import chart as charts
from perfeval.reports.chart import Chart
from perfeval.reports.tables import Cell, Table

LATIN = "Times New Roman"
BODY_FONT = "仿宋_GB2312"

_SIZE = 18  # half points of a table's text
_ROWS_OF_A_PAGE = 40  # of a table that stays together; a page holds about fifty lines of this size
_EMU = 635  # of a twip
_FRAME, _BAR, _HIGHEST = 1400, 420, 11_000  # twips that a chart takes without its bars, for each bar, and at most
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOK = (
    '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/><w:ind w:firstLineChars="0" w:firstLine="0"/>'
)
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def element(text: str) -> Any:
    """A piece of a document from its text; the namespaces are added."""
    return parse_xml(re.sub(r"^<([\w:]+)", rf"<\1 {nsdecls('w', 'wp', 'a', 'r')}", text, count=1))


def clean(text: str) -> str:
    """Text without what XML cannot carry."""
    return _ILLEGAL.sub("", text)


def width_of(document: WordDocument) -> int:
    """The width of the text, in twips."""
    section = document.sections[0]
    inside = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    return int(inside / _EMU)


def table(content: Table, width: int) -> Any:
    """A table as wide as the text. No row is torn apart; a table that fits a page stays on one, of a longer one the headers are
    repeated on every page, and never stand alone at the end of one."""
    whole = sum(content.widths)
    widths = [width * part // whole for part in content.widths]
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    rows = "".join(_rows(content, widths))
    return element(
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{_BORDERS}'
        '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/>'
        f'<w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def _rows(content: Table, widths: list[int]) -> list[str]:
    """The rows, with what a cell above reaches into continued."""
    reaching: dict[int, tuple[Cell, int]] = {}  # column → the cell above, and how many rows of it are left
    rows = []
    last = len(content.rows) - 1
    kept = last if last < _ROWS_OF_A_PAGE else content.headers
    for number, row in enumerate(content.rows):
        with_next = number < kept
        waiting, cells, column = list(row), "", 0
        while column < len(widths):
            above, left = reaching.pop(column, (None, 0))
            if above is not None:
                cells += _cell(
                    above, widths[column : column + above.columns], "continue", header=False, with_next=with_next
                )
                cell, left = above, left - 1
            else:
                cell = waiting.pop(0)
                merged = "restart" if cell.rows > 1 else ""
                spread = widths[column : column + cell.columns]
                cells += _cell(cell, spread, merged, header=number < content.headers, with_next=with_next)
                left = cell.rows - 1
            if left:
                reaching[column] = (cell, left)
            column += cell.columns
        header = "<w:tblHeader/>" if number < content.headers else ""
        rows.append(f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{cells}</w:tr>")
    return rows


def _cell(cell: Cell, widths: list[int], merged: str, *, header: bool, with_next: bool) -> str:
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    merge = f'<w:vMerge w:val="{merged}"/>' if merged else ""
    text = "" if merged == "continue" else _run(cell.text, bold=header)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{sum(widths)}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr>{"<w:keepNext/>" if with_next else ""}{_LOOK}<w:jc w:val="{cell.align}"/></w:pPr>{text}</w:p></w:tc>'
    )


def _run(text: str, *, bold: bool) -> str:
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean(text).split("\n"))
    fonts = f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{BODY_FONT}"/>'
    return f'<w:r><w:rPr>{fonts}{"<w:b/>" if bold else ""}<w:sz w:val="{_SIZE}"/></w:rPr>{lines}</w:r>'


def gap() -> Any:
    """A low paragraph that keeps a table apart from what follows it."""
    return element('<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="160" w:lineRule="exact"/></w:pPr></w:p>')


def chart(content: Chart, document: WordDocument, number: int) -> Any:
    """A paragraph with a native chart, whose parts are added to the document; ``number`` tells charts apart."""
    package = document.part.package
    assert package is not None  # a document that was opened has one
    book = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), _BOOK_TYPE, charts.data(content), package)
    part = Part(PackURI(f"/word/charts/perfeval{number}.xml"), _CHART_TYPE, b"", package)
    part._blob = charts.xml(content, part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE))
    link = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    width = width_of(document) * _EMU
    height = min(_FRAME + _BAR * len(content.labels) * len(content.series), _HIGHEST) * _EMU
    title = escape(content.title, {'"': "&quot;"})
    return element(
        f'<w:p><w:pPr>{_LOOK}<w:jc w:val="center"/></w:pPr><w:r><w:drawing>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{1000 + number}" name="图{number}" descr="{title}"/><wp:cNvGraphicFramePr/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="{link}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
