"""Rows inserted into a sheet of a file, as a spreadsheet program inserts them: what stands below moves down, and so does whatever
names it in formulas, names and charts of the whole workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from perfeval.books.file import FileBook
from perfeval.books.package import Package
from perfeval.books.parts import (
    CONTENT_TYPES,
    relationships,
    relationships_part,
    without_override,
    without_relationship,
    workbook,
)
from perfeval.books.sheetxml import Row, cells, file_area, patterns, rows, sheet_data
from perfeval.books.xmltext import XmlText, attributes, escaped
from perfeval.digits import whole
from perfeval.errors import FormProblem, Place
from perfeval.forms.grid import Area, column_letters
from perfeval.forms.references import with_room

_Splice = tuple[int, int, str]

_AREAS = (
    ("mergeCell", "ref"),
    ("hyperlink", "ref"),
    ("dimension", "ref"),
    ("conditionalFormatting", "sqref"),
    ("dataValidation", "sqref"),
    ("autoFilter", "ref"),
)
_UNMOVED = frozenset({"comments", "threadedComment", "table", "pivotTable", "queryTable"})
_NUMBER = re.compile(r"""(\sr\s*=\s*["'])([A-Z]{0,3})\d+""")
_ROW_OF_DRAWING = re.compile(r"(<(?:\w+:)?row>)(\d{1,7})(</)")


def with_rows(book: FileBook, sheet: str, at: int, count: int) -> FileBook:
    """The workbook with so many empty rows above row ``at`` of a sheet, which look like the row before them.

    ``book`` has no edits that are not saved. Raises FormProblem where something stands on the sheet that cannot be moved here.
    """
    package, whole = book.package, workbook(book.package)
    parts = {entry.name: entry.part for entry in whole.sheets}
    _refuse_unmoved(book, parts[sheet], sheet)
    made: dict[str, bytes | None] = {}
    for name, part in parts.items():
        xml = book.xml(name)
        splices = [
            *(_on_sheet(xml, at, count) if name == sheet else ()),
            *_formulas(xml, at, count, "" if name == sheet else sheet),
        ]
        if splices:
            made[part] = xml.spliced(splices).encode()
    main = XmlText.parse(package.read(whole.part))
    made[whole.part] = main.spliced(_texts(main, "definedName", at, count, sheet)).encode()
    for drawing in (link.target for link in relationships(package, parts[sheet]) if link.kind == "drawing"):
        made[drawing] = _moved_drawing(package.read(drawing).decode(), at, count).encode()
    for chart in _charts(package, parts.values()):
        xml = XmlText.parse(package.read(chart))
        made[chart] = xml.spliced([*_texts(xml, "f", at, count, sheet)]).encode()
    chain = whole.related("calcChain")
    if chain is not None and chain in package:
        made[chain] = None
        links = relationships_part(whole.part)
        made[links] = without_relationship(package.read(links), "calcChain")
        made[CONTENT_TYPES] = without_override(package.read(CONTENT_TYPES), chain)
    return FileBook(book.path, Package(package.rebuilt(made)))


def _refuse_unmoved(book: FileBook, part: str, sheet: str) -> None:
    kinds = {link.kind for link in relationships(book.package, part)}
    xml = book.xml(sheet)
    shared = any(attributes(found[1]).get("t") for found in patterns(xml.prefix).formula.finditer(xml.scan))
    if kinds & _UNMOVED or shared:
        raise FormProblem(
            "表上有批注、超级表或成组的公式，不能在文件里插入行；请在表格软件里打开，按“补齐公式”", Place(sheet=sheet)
        )


# --- the sheet itself ---


def _on_sheet(xml: XmlText, at: int, count: int) -> Iterator[_Splice]:
    """The rows from ``at`` on moved down, and the new ones before them."""
    before = [row for row in rows(xml) if row.number < at]
    place = before[-1].end if before else sheet_data(xml).inner
    like = before[-1] if before and before[-1].number == at - 1 else None
    yield place, place, "".join(_like(xml, like, at + offset) for offset in range(count)) if like else ""
    for row in rows(xml):
        if row.number >= at:
            yield row.start, row.inner, _numbered(xml.original(row.start, row.inner), row.number + count)
            for _, found in cells(xml, row):
                start, end = found.start(), found.start() + len(_start_tag(found[0]))
                yield start, end, _numbered(xml.original(start, end), row.number + count)
    for name, attribute in _AREAS:
        for element in xml.each(name):
            tag = xml.original(element.start, element.inner)
            given = element.attributes.get(attribute, "")
            moved = " ".join(str(_moved(file_area(one), at, count)) if one else one for one in given.split(" "))
            if moved != given:
                yield (
                    element.start,
                    element.inner,
                    tag.replace(f'"{given}"', f'"{moved}"').replace(f"'{given}'", f"'{moved}'"),
                )


def _like(xml: XmlText, row: Row, number: int) -> str:
    """An empty row that looks like this one."""
    tag = _numbered(xml.original(row.start, row.inner), number)
    styled = [(column, attributes(found[3]).get("s")) for column, found in cells(xml, row)]
    empty = "".join(
        f'<{xml.prefix}c r="{column_letters(column)}{number}" s="{style}"/>' for column, style in styled if style
    )
    return f"{tag.removesuffix('/>').removesuffix('>')}>{empty}</{xml.prefix}row>"


def _start_tag(cell: str) -> str:
    return cell[: cell.index(">") + 1]


def _numbered(tag: str, number: int) -> str:
    """A row's or a cell's start tag with another row."""
    return _NUMBER.sub(lambda found: f"{found[1]}{found[2]}{number}", tag, count=1)


def _moved(area: Area, at: int, count: int) -> Area:
    return area._replace(top=area.top + count * (area.top >= at), bottom=area.bottom + count * (area.bottom >= at))


def _formulas(xml: XmlText, at: int, count: int, of: str) -> Iterator[_Splice]:
    """The formulas of cells, and of conditional formats and validations, that name what has moved."""
    for name in ("f", "formula", "formula1", "formula2"):
        yield from _texts(xml, name, at, count, of)


# --- elsewhere ---


def _texts(xml: XmlText, name: str, at: int, count: int, of: str) -> Iterator[_Splice]:
    """The texts of elements that are formulas; ``of`` is the sheet that they name, "" for their own."""
    for element in xml.each(name):
        text = xml.text_of(element)
        moved = with_room(text, at, count, of)
        if moved != text:
            yield element.inner, element.close, escaped(moved)


def _moved_drawing(drawing: str, at: int, count: int) -> str:
    """The drawing with the corners that lie below moved down; it counts rows from 0."""

    def moved(found: re.Match[str]) -> str:
        row = whole(found[2])
        return f"{found[1]}{row + count * (row >= at - 1)}{found[3]}"

    return _ROW_OF_DRAWING.sub(moved, drawing)


def _charts(package: Package, sheets: Iterable[str]) -> list[str]:
    """The charts of all sheets."""
    drawings = [link.target for part in sheets for link in relationships(package, part) if link.kind == "drawing"]
    return [link.target for part in drawings for link in relationships(package, part) if link.kind == "chart"]
