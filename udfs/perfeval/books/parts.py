"""The small parts of a workbook package: relationships, the workbook itself, styles and shared strings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from typing import TypeVar
from urllib.parse import unquote

from perfeval.books.cell_values import GENERAL, Style, built_in_format, decoded
from perfeval.books.package import DAMAGED, Package, Unreadable
from perfeval.books.sheetxml import number
from perfeval.books.xmltext import ATTRIBUTES, CONTENT, XmlText, characters, is_true

CONTENT_TYPES = "[Content_Types].xml"
_SMALL = 1 << 16  # bytes of a part that is remembered
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 再试"
Read = TypeVar("Read")
_FULL_CALC = re.compile(r"""\s+fullCalcOnLoad\s*=\s*(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part to another; ``kind`` is the last word of its type."""

    id: str
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A worksheet as the workbook lists it."""

    name: str
    part: str
    state: str  # "visible", "hidden", "veryHidden"


@dataclass(frozen=True, slots=True)
class Workbook:
    """What the workbook part says."""

    part: str
    sheets: tuple[SheetEntry, ...]
    names: Mapping[str, str]
    base_1904: bool
    relationships: tuple[Relationship, ...]
    print_areas: Mapping[str, str]  # by sheet
    is_locked: bool = False  # its structure is protected

    def related(self, kind: str) -> str | None:
        """The part that the workbook is linked to by a relationship of this kind."""
        return next((link.target for link in self.relationships if link.kind == kind), None)


def _remembered(read: Callable[..., Read]) -> Callable[..., Read]:
    """Workbooks that come from one template share their small parts, byte for byte: each is read once."""
    known = lru_cache(maxsize=32)(read)

    @wraps(read)
    def reading(data: bytes, *more: Hashable) -> Read:
        return known(data, *more) if len(data) <= _SMALL else read(data, *more)

    return reading


def relationships(package: Package, part: str) -> tuple[Relationship, ...]:
    """The internal relationships of a part ("" for the package), with resolved targets."""
    source = relationships_part(part)
    return _links(package.read(source), part) if source in package else ()


@_remembered
def _links(data: bytes, part: str) -> tuple[Relationship, ...]:
    links = (link.attributes for link in XmlText.parse(data).each("Relationship"))
    return tuple(
        Relationship(
            link.get("Id", ""), link.get("Type", "").rpartition("/")[2], _resolved(part, link.get("Target", ""))
        )
        for link in links
        if link.get("TargetMode") != "External"
    )


def linked_files(package: Package, main_part: str) -> tuple[str, ...]:
    """The other workbooks that formulas name as [1], [2] …, in that order; "" for one whose name is not told."""
    listed = XmlText.parse(package.read(main_part))
    parts = {link.id: link.target for link in relationships(package, main_part)}
    found = []
    for reference in listed.each("externalReference"):
        link = next((value for key, value in reference.attributes.items() if key.endswith(":id")), "")
        source = relationships_part(parts.get(link, ""))
        links = XmlText.parse(package.read(source)).each("Relationship") if source in package else ()
        target = next((one.attributes.get("Target", "") for one in links), "")
        found.append(unquote(target).replace("\\", "/").rpartition("/")[2])
    return tuple(found)


def relationships_part(part: str) -> str:
    """Where a part's relationships are kept."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolved(part: str, target: str) -> str:
    absolute = posixpath.join("/", posixpath.dirname(part), unquote(target))
    return posixpath.normpath(absolute).lstrip("/")


def workbook(package: Package) -> Workbook:
    """The workbook part. Raises Unreadable when the package is something else, and says what."""
    part = next((link.target for link in relationships(package, "") if link.kind == "officeDocument"), None)
    if part is None or part not in package:
        raise Unreadable(_what_it_is(package))
    if not part.endswith(".xml") or CONTENT_TYPES not in package:
        raise Unreadable(_what_it_is(package))
    if not _is_a_workbook(package.read(CONTENT_TYPES), part):
        raise Unreadable(_what_it_is(package))
    return _workbook(package.read(part), part, relationships(package, part))


@_remembered
def _workbook(data: bytes, part: str, links: tuple[Relationship, ...]) -> Workbook:
    xml = XmlText.parse(data)
    worksheets = {link.id: link.target for link in links if link.kind == "worksheet"}
    listed = xml.first("sheets")
    if listed is None:
        raise Unreadable(DAMAGED)
    sheets, order = [], []
    for sheet in xml.each("sheet", listed.inner, listed.close):
        given = sheet.attributes
        order.append(given.get("name", ""))
        link = next((value for key, value in given.items() if key.endswith(":id")), "")
        if link in worksheets:
            sheets.append(SheetEntry(given.get("name", ""), worksheets[link], given.get("state", "visible")))
    if len({sheet.name for sheet in sheets}) != len(sheets) or len({sheet.part for sheet in sheets}) != len(sheets):
        raise Unreadable(DAMAGED)
    names: dict[str, str] = {}
    print_areas: dict[str, str] = {}
    for name in xml.each("definedName"):
        given = name.attributes
        if "localSheetId" not in given:
            names[given.get("name", "")] = xml.text_of(name)
        elif given.get("name") == "_xlnm.Print_Area" and (place := number(given["localSheetId"], 0)) < len(order):
            print_areas[order[place]] = xml.text_of(name)
    properties = xml.first("workbookPr")
    base_1904 = properties is not None and is_true(properties.attributes.get("date1904"))
    protection = xml.first("workbookProtection")
    is_locked = protection is not None and is_true(protection.attributes.get("lockStructure"))
    return Workbook(part, tuple(sheets), names, base_1904, links, print_areas, is_locked)


@_remembered
def _is_a_workbook(types: bytes, part: str) -> bool:
    overrides = (one.attributes for one in XmlText.parse(types).each("Override"))
    kind = next((one.get("ContentType", "") for one in overrides if one.get("PartName", "").lstrip("/") == part), None)
    return kind is None or "sheet" in kind or "ms-excel" in kind


def _what_it_is(package: Package) -> str:
    names = set(package.names)
    if "word/document.xml" in names:
        return "这是 Word 文档，不是 Excel 工作簿；请把表格复制到 Excel 里，另存为 .xlsx 再试"
    if "ppt/presentation.xml" in names:
        return "这是演示文稿，不是 Excel 工作簿；请选择 .xlsx 文件"
    if "xl/workbook.bin" in names:
        return f"这是二进制工作簿（.xlsb），{_SAVE_AS}"
    if "mimetype" in names and "content.xml" in names:
        return f"这是 OpenDocument 表格（.ods），{_SAVE_AS}"
    if any(name.startswith("xl/") for name in names):
        return f"工作簿缺少主要部件，{DAMAGED}"
    return "这是压缩包，不是 Excel 工作簿；请选择其中的 .xlsx 文件"


def with_full_calculation(data: bytes) -> bytes:
    """The workbook part, marked to be recalculated when it is opened; unchanged bytes when it is already."""
    xml = XmlText.parse(data)
    mark = ' fullCalcOnLoad="1"'
    calculation = xml.first("calcPr")
    if calculation is not None:
        if is_true(calculation.attributes.get("fullCalcOnLoad")):
            return data
        tag = _FULL_CALC.sub("", xml.original(calculation.start, calculation.inner))
        position = len(tag) - (2 if tag.endswith("/>") else 1)
        return xml.spliced(
            [(calculation.start, calculation.inner, tag[:position].rstrip() + mark + tag[position:])]
        ).encode()
    # The schema's order: sheets, functionGroups, externalReferences, definedNames, calcPr.
    before = (xml.first(name) for name in ("sheets", "functionGroups", "externalReferences", "definedNames"))
    place = max(one.end for one in before if one is not None)
    return xml.spliced([(place, place, f"<{xml.prefix}calcPr{mark}/>")]).encode()


def without_relationship(data: bytes, kind: str) -> bytes:
    """A relationships part without its links of one kind."""
    return without(data, "Relationship", lambda given: given.get("Type", "").rpartition("/")[2] == kind)


def without_override(data: bytes, part: str) -> bytes:
    """The content types without the entry of one part."""
    wanted = part.lower()
    return without(data, "Override", lambda given: given.get("PartName", "").lstrip("/").lower() == wanted)


def without(data: bytes, name: str, gone: Callable[[Mapping[str, str]], bool]) -> bytes:
    """A part without those elements of a name whose attributes say that they are gone."""
    xml = XmlText.parse(data)
    return xml.spliced((one.start, one.end, "") for one in xml.each(name) if gone(one.attributes)).encode()


def with_elements(data: bytes, *elements: str) -> bytes:
    """A list of relationships or content types with some more."""
    xml = XmlText.parse(data)
    end = xml.scan.rindex("</")
    return xml.spliced([(end, end, element.replace("<", f"<{xml.prefix}", 1)) for element in elements]).encode()


def appended(xml: XmlText, name: str, items: Sequence[str]) -> tuple[int, list[tuple[int, int, str]]]:
    """Items at the end of a counted block: the index of the first, and the splices. Raises Unreadable where there is no such block."""
    block = xml.first(name)
    if block is None or block.inner == block.close:
        raise Unreadable(DAMAGED)
    tag = xml.original(block.start, block.inner)
    children = re.compile(rf"<{re.escape(xml.prefix)}(?:{name.removesuffix('s')}|xf)(?=[\s/>])")
    present = len(children.findall(xml.scan, block.inner, block.close))
    splices = [(block.close, block.close, "".join(items))]
    if count := re.search(r"""\scount\s*=\s*["'](\d+)""", tag):
        splices.append((block.start + count.start(1), block.start + count.end(1), str(present + len(items))))
    return present, splices


def styles(data: bytes | None) -> tuple[Style, ...]:
    """The cell styles, by index. A workbook without a style part has the general one only."""
    return (GENERAL,) if data is None else _styles(data)


@_remembered
def _styles(data: bytes) -> tuple[Style, ...]:
    xml = XmlText.parse(data)
    formats: dict[str, str] = {}
    if (custom := xml.first("numFmts")) is not None:
        for one in xml.each("numFmt", custom.inner, custom.close):
            given = one.attributes
            formats[given.get("numFmtId", "")] = given.get("formatCode", "General")
    records = xml.first("cellXfs")
    if records is None:
        return (GENERAL,)
    found = []
    for record in xml.each("xf", records.inner, records.close):
        code = record.attributes.get("numFmtId", "0")
        protection = xml.first("protection", record.inner, record.close) if record.inner < record.close else None
        locked = protection is None or is_true(protection.attributes.get("locked", "1"))
        found.append(Style(formats[code] if code in formats else built_in_format(code), locked))
    return tuple(found) or (GENERAL,)


def shared_strings(data: bytes | None) -> tuple[str, ...]:
    """The shared strings, by index."""
    if data is None:
        return ()
    xml = XmlText.parse(data)
    return tuple(
        string_item(xml.prefix, rich) if rich else decoded(characters(plain))
        for plain, rich in _items(xml.prefix).findall(xml.scan)
    )


def with_strings_blanked(data: bytes, used: Collection[int]) -> bytes:
    """The shared strings with those emptied that no cell shows; the others keep their index."""
    xml = XmlText.parse(data)
    blank = f"<{xml.prefix}si><{xml.prefix}t/></{xml.prefix}si>"
    items = enumerate(_items(xml.prefix).finditer(xml.scan))
    return xml.spliced((*found.span(), blank) for index, found in items if index not in used).encode()


@cache
def _items(prefix: str) -> re.Pattern[str]:
    """A string item: one plain text (most are), or other content."""
    p = re.escape(prefix)
    plain = rf'<{p}t(?: xml:space="preserve")?>([^<]*)</{p}t></{p}si>'
    return re.compile(rf"<{p}si(?=[\s/>]){ATTRIBUTES}(?:/>|>(?:{plain}|({CONTENT})</{p}si\s*>))")


@cache
def _texts(prefix: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    p = re.escape(prefix)
    text = rf"<{p}t(?=[\s/>]){ATTRIBUTES}(?:/>|>([^<]*)</{p}t\s*>)"
    return re.compile(text), re.compile(rf"<{p}rPh(?=[\s/>]){ATTRIBUTES}(?:/>|>(?:{CONTENT})</{p}rPh\s*>)")


def string_item(prefix: str, content: str) -> str:
    """The text of a string item (what ``<si>`` or ``<is>`` holds): runs joined, phonetic guides left out."""
    texts, phonetics = _texts(prefix)
    if "rPh" in content:
        content = phonetics.sub("", content)
    return decoded(characters("".join(texts.findall(content))))
