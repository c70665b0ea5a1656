"""Elements known by what their names mean: prefixes and namespaces in every lawful use, against the standard library's tree."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from random import Random
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import pytest

from perfeval.books import FileBook
from perfeval.books.parts import shared_strings, styles
from perfeval.books.sheetread import Shared, read_sheet
from perfeval.books.xmltext import XmlText
from perfeval.errors import FileRefused
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Grid, address
from support import hostile
from support.hostile import HEADER, MAIN, parts

SHEET = "xl/worksheets/sheet1.xml"


def worksheet(data: str, root: str = f'worksheet xmlns="{MAIN}" xmlns:x="{MAIN}"', block: str = "sheetData") -> str:
    """A worksheet part; ``root`` is its start tag's inside."""
    return f"{HEADER}<{root}><{block}>{data}</{block}></{root.split(maxsplit=1)[0]}>"


def values(grid: Grid) -> dict[str, object]:
    return {str(place): cell.value for place, cell in grid.cells.items() if cell.value is not None}


def opened(folder: Path, xml: str | bytes) -> FileBook:
    return FileBook.open(hostile.save(folder, parts() | {SHEET: xml}))


ROWS = '<row r="1"><c r="A1"><v>1</v></c></row>'
MIXED = {
    "a row under a second prefix": worksheet(f'{ROWS}<x:row r="2"><x:c r="A2"><x:v>2</x:v></x:c></x:row>'),
    "a cell under a second prefix": worksheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><x:c r="A2"><v>2</v></x:c></row>'),
    "a value under a second prefix": worksheet(f'{ROWS}<row r="2"><c r="A2"><x:v>2</x:v></c></row>'),
    "the end tag is spread out": worksheet(f'{ROWS}<x:row\tr="2"\n><x:c r="A2"><x:v>2</x:v\n></x:c></x:row >'),
    "an empty element is the last before an end tag": worksheet(
        f'{ROWS}<x:row r="2"><x:c r="A2"><x:v>2</x:v></x:c><x:c r="B2"/></x:row>'
    ),
    "the prefix is declared on the row": worksheet(
        f'{ROWS}<n:row r="2" xmlns:n="{MAIN}"><n:c r="A2"><n:v>2</n:v></n:c></n:row>', f'worksheet xmlns="{MAIN}"'
    ),
    "no prefix among prefixed ones": worksheet(
        f'<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row><row xmlns="{MAIN}" r="2"><c r="A2"><v>2</v></c></row>',
        f'x:worksheet xmlns:x="{MAIN}"', "x:sheetData",
    ),
    "a short and a long prefix": worksheet(
        '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row><long:row r="2"><x:c r="A2"><long:v>2</long:v></x:c></long:row>',
        f'x:worksheet xmlns:x="{MAIN}" xmlns:long="{MAIN}"', "x:sheetData",
    ),
    "foreign elements that bear the main prefix": worksheet(
        f'{ROWS}<row r="1" xmlns="urn:other"><c r="A1"><v>9</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
        f'<row r="3"><c r="A3"><extLst xmlns="urn:other"><v>9</v></extLst></c></row>', f'worksheet xmlns="{MAIN}"'
    ),
    "the namespace is spelt with a reference": worksheet(
        f'{ROWS}<x:row r="2"><x:c r="A2"><x:v>2</x:v></x:c></x:row>',
        f'worksheet xmlns="{MAIN}" xmlns:x="{MAIN.replace("m", "&#109;")}"',
    ),
    "quotes, signs and comments that only look like tags": worksheet(
        """<!-- <x:row r="1"/> --><row r='1' a="/>" b='<'><c r="A1"><v>1</v></c></row>"""
        """<x:row r='2' a="x>'y'"><x:c r='A2' b='"/>"'><x:v><![CDATA[2]]></x:v></x:c></x:row>""".replace("'<'", "'&lt;'")
    ),
    "the second prefix is declared and not used": worksheet(f'{ROWS}<row r="2"><c r="A2"><v>2</v></c></row>'),
}  # fmt: skip


@pytest.mark.parametrize("xml", MIXED.values(), ids=MIXED)
def test_elements_are_known_by_their_namespace(tmp_path: Path, xml: str) -> None:
    assert values(opened(tmp_path, xml).grid("表")) == {"A1": 1, "A2": 2}


@pytest.mark.parametrize("xml", MIXED.values(), ids=MIXED)
def test_an_edit_finds_the_row_and_keeps_everything_else(tmp_path: Path, xml: str) -> None:
    book = opened(tmp_path, xml)
    book.apply([Edit("表", address("A2"), 7)])
    book.save()
    after = FileBook.open(book.path)
    assert values(after.grid("表")) == {"A1": 1, "A2": 7}
    before = ElementTree.canonicalize(xml, rewrite_prefixes=True)
    assert ElementTree.canonicalize(after.package.read(SHEET).decode(), rewrite_prefixes=True) == before.replace(
        ">2</", ">7</"
    )


ENCODED = {
    "UTF-8": ("utf-8", b""),
    "UTF-8 with a mark": ("utf-8", codecs.BOM_UTF8),
    "UTF-16 little end first": ("utf-16-le", codecs.BOM_UTF16_LE),
    "UTF-16 big end first": ("utf-16-be", codecs.BOM_UTF16_BE),
}


@pytest.mark.parametrize(("encoding", "mark"), ENCODED.values(), ids=ENCODED)
@pytest.mark.parametrize("line_end", ["", "\n", "\r\n"], ids=["none", "LF", "CRLF"])
@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_patched_part_keeps_every_other_byte(
    tmp_path: Path, encoding: str, mark: bytes, line_end: str, quote: str, prefix: str
) -> None:
    """Also where characters beyond the basic plane, comments and CDATA stand before the cell."""
    xml = worksheet(
        '<!-- 𠮷 <c r="A1"/> --><row r="1" note="a/b>c"/><row r="2" ><c r="A2" t="inlineStr"><is><t>𠮷<![CDATA[<V>]]></t></is></c>'
        '<c r="B2"/><c r="C2"><v>2</v></c ><c r="D2" t="str"><f>A2&amp;"&lt;"</f><v>𠮷&lt;v&gt;&lt;</v></c></row>',
        f'worksheet xmlns="{MAIN}"',
    )
    xml = re.sub(r"<(/?)(?=[a-z])", rf"<\1{prefix}", re.sub("><(?=[a-z])", f">{line_end}<", xml))
    xml = xml.replace("xmlns=", f"xmlns:{prefix[:-1]}=" if prefix else "xmlns=").replace(
        "UTF-8", encoding[:6].rstrip("-")
    )
    if quote == "'":
        xml = re.sub(r"""=("[^"<>]*")""", lambda found: "='" + found[1][1:-1] + "'", xml)
    data = mark + xml.encode(encoding)
    book = opened(tmp_path, data)
    assert values(book.grid("表")) == {"A2": "𠮷<V>", "C2": 2, "D2": "𠮷<v><"}
    assert XmlText.parse(data).encode() == data
    book.apply([Edit("表", address("C2"), 31)])
    book.save()
    after = FileBook.open(book.path).package.read(SHEET)
    touched = re.compile(rf"<{prefix}c r=.C2.>.*?</{prefix}c >", re.DOTALL)
    before, behind = (part.encode(encoding) for part in touched.split(xml))
    assert after.startswith(mark + before)
    assert after.endswith(behind)
    inside = after[len(mark + before) : -len(behind)].decode(encoding)
    assert (
        re.sub(r"\s+(?=[<>])", "", inside).replace("'", '"')
        == f'<{prefix}c r="C2"><{prefix}v>31</{prefix}v></{prefix}c>'
    )


REFUSED = {
    "the root's prefix is taken where it is needed": (
        f'{ROWS}<x:row r="2" xmlns="urn:other"><x:c r="A2"/></x:row>', "名称前缀互相冲突"
    ),
    "no namespace within one": (f'{ROWS}<row r="2" xmlns=""><c r="A2"/></row>', "名称前缀互相冲突"),
    "a prefix that is declared nowhere": ('<y:row r="1"/>', "损坏"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_names_that_cannot_be_brought_together_are_refused(tmp_path: Path, data: str, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        opened(tmp_path, worksheet(data)).grid("表")


def test_the_small_parts_know_names_too() -> None:
    """Strings and styles, where what is passed over would shift every index behind it."""
    strings = (
        f'<sst xmlns="{MAIN}" xmlns:x="{MAIN}"><si><t>甲</t></si><x:si><t>乙</t></x:si><si><x:t>丙</x:t></si></sst>'
    )
    assert shared_strings(strings.encode()) == ("甲", "乙", "丙")
    looks = f'<x:styleSheet xmlns="{MAIN}" xmlns:x="{MAIN}"><cellXfs><x:xf numFmtId="0"/><xf numFmtId="9"/></cellXfs></x:styleSheet>'
    assert [look.format for look in styles(looks.encode())] == ["General", "0%"]


# --- any lawful spelling, against the standard library's tree ---


class Speller(Random):
    """Writes a worksheet as some program might, under a main namespace of three prefixes."""

    def sheet(self) -> str:
        rows = "".join(self.row(number) for number in range(1, 7) if self.maybe())
        root = self.choice(["", "x:"])
        names = f'xmlns="{MAIN}" xmlns:x="{MAIN}" xmlns:ns0="{MAIN}"'
        return f"<{root}worksheet {names}>{self.element('sheetData', rows)}</{root}worksheet>"

    def row(self, number: int) -> str:
        return self.element(
            "row", "".join(self.cell(f"{column}{number}") for column in "ABCD" if self.maybe()), r=str(number)
        )

    def cell(self, place: str) -> str:
        kind = self.choice(["value", "formula", "text", "runs", "empty"])
        if kind in {"value", "formula"}:
            formula = self.element("f", self.data(), ca="1") if kind == "formula" else ""
            return self.element("c", formula + self.element("v", self.data()), r=place, t="str")
        runs = self.randint(1, 4) if kind == "runs" else 0
        bold = self.element("rPr", self.element("b"))
        content = "".join(self.element("r", bold + self.element("t", self.data())) for _ in range(runs))
        content = content or self.element("t", self.data())
        return self.element("c", "" if kind == "empty" else self.element("is", content), r=place, t="inlineStr")

    def element(self, name: str, content: str = "", **given: str) -> str:
        prefix, blank = self.choice(["", "", "x:", "ns0:"]), self.choice(["", " ", "\n"])
        notes = {"note": self.text()} if self.maybe() else {}
        head = "".join(self.attribute(key, value) for key, value in (given | notes).items())
        if not content and self.maybe():
            return f"<{prefix}{name}{head}{blank}/>"
        return f"<{prefix}{name}{head}{blank}>{content}</{prefix}{name}{blank}>"

    def attribute(self, name: str, value: str) -> str:
        single = "'" + escape(value, {"'": "&apos;", "\n": "&#10;"}) + "'"
        return f"{self.choice([' ', '  ', chr(10)])}{name}{self.choice(['=', ' = '])}{self.choice([quoteattr(value), single])}"

    def data(self) -> str:
        """Character data: escaped, as CDATA, with a comment before."""
        text, kind = self.text(), self.choice(["escaped", "CDATA", "comment"])
        if kind == "CDATA" and "]]" not in text and not text.endswith("]"):
            return f"<![CDATA[{text}]]>"
        return f"<!-- </c><c r='A1'/> -->{escape(text)}" if kind == "comment" else escape(text)

    def text(self) -> str:
        return "".join(self.choices("甲a1 <>&\"'/=]\n𠮷", k=self.randint(0, 6)))

    def maybe(self) -> bool:
        return self.random() < 0.5


def by_the_tree(xml: str) -> dict[str, tuple[object, str | None]]:
    """Value and formula of every cell, as the standard library's tree has them."""
    main = f"{{{MAIN}}}"
    held = {}
    for cell in ElementTree.fromstring(xml).iter(f"{main}c"):
        value, formula = cell.find(f"{main}v"), cell.find(f"{main}f")
        shown = "".join(one.text or "" for one in cell.iter(f"{main}t")) if value is None else value.text
        told = (formula.text if formula is not None else None) or None
        held[cell.attrib["r"]] = (shown or None, told)
    return held


@pytest.mark.parametrize("seed", range(20))
def test_any_lawful_spelling_reads_as_the_tree_does(seed: int) -> None:
    speller = Speller(seed)
    for _ in range(50):
        xml = speller.sheet()
        grid = read_sheet(XmlText.parse(xml.encode()), "表", True, Shared(styles(None), (), base_1904=False)).grid
        assert {str(place): (cell.value or None, cell.formula) for place, cell in grid.cells.items()} == by_the_tree(
            xml
        ), xml
