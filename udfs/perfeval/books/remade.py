"""A workbook made over: without its macros, ribbon and the sheets that only they need, and with further sheets of constants."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfeval.books.cell_values import Scalar
from perfeval.books.package import Package, archive
from perfeval.books.parts import (
    CONTENT_TYPES,
    Workbook,
    relationships,
    relationships_part,
    with_elements,
    without,
    workbook,
)
from perfeval.books.sheetpatch import cell_of
from perfeval.books.sheetxml import number
from perfeval.books.xmltext import XmlText, escaped, relation_name
from perfeval.forms.grid import Address

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RIBBON = ("extensibility", "ui/userCustomization")
_LOCAL = re.compile(r"""(\slocalSheetId\s*=\s*["'])(\d+)""")
_CODE_NAME = re.compile(r"""\scodeName\s*=\s*(?:"[^"]*"|'[^']*')""")
_HIDDEN = ' state="veryHidden"'
_DEFLATED = 8  # zipfile.ZIP_DEFLATED


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet to add: its constants with their styles' indexes, its columns' widths, and whether anybody may see it."""

    name: str
    cells: Mapping[Address, tuple[Scalar, int]]
    widths: Sequence[float] = ()
    hidden: bool = False


def remade(package: Package, changed: Mapping[str, bytes], gone: Collection[str], added: Sequence[NewSheet]) -> bytes:
    """The file without the sheets ``gone`` and without macros, with ``changed`` parts and the sheets ``added``. Raises Unreadable."""
    book = workbook(package)
    parts = {name: package.read(name) for name in package.names} | dict(changed)
    dropped = {entry.part for entry in book.sheets if entry.name in gone}
    dropped |= {relationships_part(part) for part in dropped}
    links = relationships(package, book.part)
    dropped |= {
        link.target for link in links if link.kind in {"vbaProject", "wordVbaData", "calcChain", "xlExternalLink"}
    }
    dropped |= {
        name for name in parts if re.fullmatch(r"xl/vbaProject\w*\.(?:bin|xml)|xl/_rels/vbaProject\w*\.bin\.rels", name)
    }
    dropped |= {link.target for link in relationships(package, "") if link.kind in _RIBBON}
    kept = {name: data for name, data in parts.items() if name not in dropped}
    made = {_part(package, count): sheet for count, sheet in enumerate(added, start=1)}
    kept[book.part] = _workbook_part(kept[book.part], gone, added)
    kept[relationships_part(book.part)] = _links(kept, book.part, package, dropped, made)
    kept["_rels/.rels"] = without(
        kept["_rels/.rels"], "Relationship", lambda given: given.get("Target", "").lstrip("/") in dropped
    )
    kept[CONTENT_TYPES] = _types(kept[CONTENT_TYPES], book, dropped, made)
    return archive({**kept, **{part: _sheet(sheet) for part, sheet in made.items()}}, _DEFLATED)


def _part(package: Package, count: int) -> str:
    name = f"xl/worksheets/native{count}.xml"
    return name if name not in package else f"xl/worksheets/native{count}x.xml"


def _id(sheet: int) -> str:
    return f"perfevalNative{sheet}"


def _links(
    parts: Mapping[str, bytes], book: str, package: Package, dropped: Collection[str], made: Mapping[str, NewSheet]
) -> bytes:
    ids = {link.id for link in relationships(package, book) if link.target in dropped}
    left = without(parts[relationships_part(book)], "Relationship", lambda given: given.get("Id", "") in ids)
    links = (
        f'<Relationship Id="{_id(count)}" Type="{_OFFICE}/worksheet" Target="/{part}"/>'
        for count, part in enumerate(made, start=1)
    )
    return with_elements(left, *links)


def _types(types: bytes, book: Workbook, dropped: Collection[str], made: Mapping[str, NewSheet]) -> bytes:
    def gone(given: Mapping[str, str]) -> bool:
        part = given.get("PartName", "").lstrip("/")
        return part in dropped or part == book.part

    left = without(types, "Override", gone)
    left = without(left, "Default", lambda given: "vbaProject" in given.get("ContentType", ""))
    added = [(book.part, _WORKBOOK_TYPE), *((part, _SHEET_TYPE) for part in made)]
    return with_elements(left, *(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in added))


def _workbook_part(data: bytes, gone: Collection[str], added: Sequence[NewSheet]) -> bytes:
    xml = XmlText.parse(data)
    p = xml.prefix
    listed = xml.first("sheets")
    assert listed is not None  # else the book could not have been read
    sheets = list(xml.each("sheet", listed.inner, listed.close))
    link = relation_name(sheets)
    free = max(number(one.attributes.get("sheetId"), 0) for one in sheets) + 1
    splices = [(one.start, one.end, "") for one in sheets if one.attributes.get("name") in gone]
    new = "".join(
        f'<{p}sheet name="{escaped(sheet.name)}" sheetId="{free + count}"{_HIDDEN if sheet.hidden else ""} '
        f'{link}="{_id(count + 1)}"/>'
        for count, sheet in enumerate(added)
    )
    splices.append((listed.close, listed.close, new))
    order = [one.attributes.get("name", "") for one in sheets]
    splices += _names(xml, order, gone)
    for element in (*xml.each("fileVersion"), *xml.each("workbookPr")):
        tag = xml.original(element.start, element.inner)
        splices.append((element.start, element.inner, _CODE_NAME.sub("", tag)))
    return xml.spliced(splices).encode()


def _names(xml: XmlText, order: Sequence[str], gone: Collection[str]) -> Iterator[tuple[int, int, str]]:
    """Names of one sheet follow it to its new place; those of a sheet that goes, go."""
    left = [place for place, name in enumerate(order) if name not in gone]
    places = {old: new for new, old in enumerate(left)}
    for name in xml.each("definedName"):
        local = name.attributes.get("localSheetId")
        if local is None:
            continue
        place = number(local, 0)
        if place not in places:
            yield name.start, name.end, ""
        elif places[place] != place:
            tag = xml.original(name.start, name.inner)
            yield name.start, name.inner, _LOCAL.sub(rf"\g<1>{places[place]}", tag)


def _sheet(sheet: NewSheet) -> bytes:
    by_row: dict[int, list[Address]] = {}
    for place in sorted(sheet.cells):
        by_row.setdefault(place.row, []).append(place)
    rows = "".join(
        f'<row r="{row}">{"".join(_styled(place, *sheet.cells[place]) for place in places)}</row>'
        for row, places in by_row.items()
    )
    columns = "".join(
        f'<col min="{column}" max="{column}" width="{width}" customWidth="1"/>'
        for column, width in enumerate(sheet.widths, start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{_MAIN}">{f"<cols>{columns}</cols>" if columns else ""}<sheetData>{rows}</sheetData></worksheet>'
    ).encode()


def _styled(place: Address, value: Scalar, style: int) -> str:
    cell = cell_of(place, value)
    return cell.replace("<c ", f'<c s="{style}" ', 1) if style else cell
