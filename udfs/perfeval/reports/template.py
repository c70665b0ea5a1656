"""An outline as a Word document that people can edit: A4 with the margins, type and page numbers of official papers.

The layout follows GB/T 9704—2012 as far as a report needs it. Fonts that a desk may lack name a substitute that Windows has.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from perfeval.reports.outlines import Outline
from perfeval.reports.wordparts import BODY_FONT, LATIN, element

_FONTS = {  # the font that offices use → what stands in for it
    BODY_FONT: "仿宋,FangSong",
    "楷体_GB2312": "楷体,KaiTi",
    "黑体": "SimHei",
    "方正小标宋简体": "宋体,SimSun",
}
_MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}  # mm
_LINE = Pt(28)  # 22 lines a page


class _Style(NamedTuple):
    font: str
    points: float
    align: WD_ALIGN_PARAGRAPH
    bold: bool = False
    indented: bool = True


_STYLES = {
    "Normal": _Style(BODY_FONT, 16, WD_ALIGN_PARAGRAPH.LEFT),
    "Title": _Style("方正小标宋简体", 22, WD_ALIGN_PARAGRAPH.CENTER, indented=False),
    "Heading 1": _Style("黑体", 16, WD_ALIGN_PARAGRAPH.LEFT),
    "Heading 2": _Style("楷体_GB2312", 16, WD_ALIGN_PARAGRAPH.LEFT),
    "Heading 3": _Style(BODY_FONT, 16, WD_ALIGN_PARAGRAPH.LEFT, bold=True),
}


def template(outline: Outline) -> WordDocument:
    """The outline as a document, its fields not yet filled."""
    document = Document()
    _page(document)
    _defaults(document)
    for name, style in _STYLES.items():
        _style(document.styles[name], style)
    for style, text in outline.paragraphs():
        document.add_paragraph(text, style)
    return document


def _page(document: WordDocument) -> None:
    (section,) = document.sections
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, width in _MARGINS.items():
        setattr(section, f"{side}_margin", Mm(width))
    section.footer_distance = Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]._p
        for child in list(paragraph):
            paragraph.remove(child)
        paragraph.append(
            element(
                f'<w:pPr><w:ind w:{align}Chars="100" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="{align}"/></w:pPr>'
            )
        )
        for piece in ('<w:t xml:space="preserve">— </w:t>', *_field_code("PAGE"), '<w:t xml:space="preserve"> —</w:t>'):
            paragraph.append(
                element(
                    f'<w:r><w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/><w:sz w:val="28"/></w:rPr>{piece}</w:r>'
                )
            )


def _field_code(code: str) -> tuple[str, ...]:
    begin, middle, end = (f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate", "end"))
    return begin, f'<w:instrText xml:space="preserve"> {code} </w:instrText>', middle, "<w:t>1</w:t>", end


def _defaults(document: WordDocument) -> None:
    """The language and fonts of the document, without the theme's; and the substitutes of the fonts."""
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for child in list(defaults):
        defaults.remove(child)
    defaults.append(_fonts(BODY_FONT))
    defaults.append(element('<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'))
    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="86"/><w:family w:val="modern"/>'
        '<w:pitch w:val="default"/></w:font>'
        for name, instead in _FONTS.items()
    )
    table._blob = table.blob.replace(b"</w:fonts>", entries.encode() + b"</w:fonts>")


def _style(style: Any, wanted: _Style) -> None:
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    properties.append(_fonts(wanted.font))
    style.font.size, style.font.bold = Pt(wanted.points), wanted.bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    layout = style.element.get_or_add_pPr()
    for border in layout.findall(qn("w:pBdr")):
        layout.remove(border)
    paragraph = style.paragraph_format
    paragraph.alignment = wanted.align
    paragraph.space_before = paragraph.space_after = Pt(0)
    paragraph.line_spacing_rule, paragraph.line_spacing = (
        WD_LINE_SPACING.EXACTLY,
        _LINE if wanted.points < 20 else Pt(36),
    )
    paragraph.first_line_indent = Pt(2 * wanted.points) if wanted.indented else Pt(0)
    layout.find(qn("w:ind")).set(qn("w:firstLineChars"), "200" if wanted.indented else "0")
    paragraph.widow_control = True


def _fonts(name: str) -> Any:
    return element(f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="{name}"/>')
