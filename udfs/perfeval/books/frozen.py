"""A workbook as it leaves the office: an .xlsx with values only, without macros, ribbon, helpers and hidden sheets.

The parts are spliced from the original's, so that what a person sees stays; what nobody should get is left out, down
to the strings that only hidden sheets and helper columns used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfeval.books.file import FileBook
from perfeval.books.frozensheet import Kept, frozen, strings_used
from perfeval.books.notesheet import Line, note_sheet, with_looks
from perfeval.books.package import DAMAGED, Package, Unreadable
from perfeval.books.parts import (
    CONTENT_TYPES,
    Workbook,
    relationships,
    relationships_part,
    with_elements,
    with_strings_blanked,
    without,
    workbook,
)
from perfeval.books.sheetxml import number
from perfeval.books.xmltext import XmlText, escaped
from perfeval.forms.grid import column_number
from perfeval.formulatext import names_sheet

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PROGRAM = "docProps/app.xml"
_NOTE_PART, _NOTE_LINK = "xl/worksheets/note.xml", "perfevalNote"

_WORKBOOK_LINKS = frozenset({"styles", "sharedStrings", "theme", "sheetMetadata"})
# What a workbook part says of things that are not sent: links to other files, caches of pivots, the author's folder.
_WITHOUT = ("externalReferences", "pivotCaches", "customWorkbookViews", "fileSharing", "extLst")
_AUTHORS_FOLDER = re.compile(
    r"<mc:AlternateContent(?=[\s/>])(?:(?!</mc:Alt).)*absPath.*?</mc:AlternateContent\s*>", re.DOTALL
)
_VIEW = re.compile(r"""\s(?:activeTab|firstSheet)\s*=\s*(?:"[^"]*"|'[^']*')""")
_FULL_CALCULATION = re.compile(r"""\sfullCalcOnLoad\s*=\s*(?:"[^"]*"|'[^']*')""")
_LOCAL = re.compile(r"""(\slocalSheetId\s*=\s*["'])(\d+)""")
_MACRO = re.compile(rb'\smacro="[^"]+"')
_LINK = re.compile(r"""\s\w+:\w+\s*=\s*["']([^"']+)["']""")


@dataclass(frozen=True, slots=True)
class Note:
    """The sheet that is added at the end."""

    name: str
    lines: Sequence[Line]
    widths: Sequence[float]


def last_printed_column(book: FileBook, sheet: str) -> int | None:
    """The last column of a sheet's print area; None where it has none."""
    columns = re.findall(r":\$?([A-Z]{1,3})(?=\$?\d|,|$)", book.print_areas.get(sheet, ""))
    return max(map(column_number, columns), default=None)


def frozen_parts(book: FileBook, sheets: Mapping[str, int], note: Note) -> dict[str, bytes]:
    """The parts of the workbook that is sent. ``sheets`` are those that it keeps, each with its last column."""
    package = book.package
    whole = workbook(package)
    entries = [entry for entry in whole.sheets if entry.name in sheets]
    gone = [name for name in book.sheets if name not in sheets]
    xml = {
        entry.part: frozen(book.xml(entry.name), book.grid(entry.name), Kept(sheets[entry.name], not place, gone))
        for place, entry in enumerate(entries)
    }
    styles, strings = whole.related("styles"), whole.related("sharedStrings")
    if styles is None:
        raise Unreadable(DAMAGED)
    made = {part: text.encode() for part, text in xml.items()}
    made[styles], first_look = with_looks(package.read(styles))
    made[_NOTE_PART] = note_sheet(note.lines, note.widths, first_look)
    made[whole.part] = _workbook_part(package.read(whole.part), whole, sheets, note.name)
    if strings is not None:
        used = {index for text in xml.values() for index in strings_used(text)}
        made[strings] = with_strings_blanked(package.read(strings), used)
    found = _linked(package, whole, made)
    if _PROGRAM in package:
        found[_PROGRAM] = package.read(_PROGRAM)
    return {CONTENT_TYPES: _content_types(package, whole, found), **found}


# --- which parts ---


def _linked(package: Package, whole: Workbook, made: Mapping[str, bytes]) -> dict[str, bytes]:
    """The workbook, and whatever it leads to that is sent, with the relationships of each."""
    found: dict[str, bytes] = {}
    waiting = [whole.part, _NOTE_PART]
    while waiting:
        part = waiting.pop(0)
        if part in found or (part not in made and part not in package):
            continue
        found[part] = made[part] if part in made else _MACRO.sub(b' macro=""', package.read(part))
        links = relationships_part(part)
        if links not in package:
            continue
        keep = _keeper(package, part, whole, made)
        waiting += [link.target for link in relationships(package, part) if keep(link.id)]
        left = without(package.read(links), "Relationship", lambda given, keep=keep: not keep(given.get("Id", "")))
        if part == whole.part:
            left = with_elements(
                left, f'<Relationship Id="{_NOTE_LINK}" Type="{_OFFICE}/worksheet" Target="/{_NOTE_PART}"/>'
            )
        found[links] = left
    return found


def _keeper(package: Package, part: str, whole: Workbook, made: Mapping[str, bytes]) -> Callable[[str], bool]:
    """Which of a part's relationships are kept: the workbook's by kind, a changed sheet's those that it still uses."""
    if part == whole.part:
        links = relationships(package, part)
        return {link.id for link in links if link.kind in _WORKBOOK_LINKS or link.target in made}.__contains__
    if part in made:
        return set(_LINK.findall(made[part].decode())).__contains__
    return lambda _: True


def _content_types(package: Package, whole: Workbook, found: Mapping[str, bytes]) -> bytes:
    parts = {part.lower() for part in found}

    def gone(given: Mapping[str, str]) -> bool:
        part = given.get("PartName", "").lstrip("/")
        return part.lower() not in parts or part == whole.part

    left = without(package.read(CONTENT_TYPES), "Override", gone)
    left = without(left, "Default", lambda given: "vbaProject" in given.get("ContentType", ""))
    added = ((whole.part, _WORKBOOK_TYPE), (_NOTE_PART, _SHEET_TYPE))
    return with_elements(left, *(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in added))


# --- the workbook part ---


def _workbook_part(data: bytes, whole: Workbook, sheets: Mapping[str, int], note: str) -> bytes:
    xml = XmlText.parse(data)
    splices = [*_sheet_list(xml, whole, sheets, note), *_names(xml, sheets)]
    for name in _WITHOUT:
        splices += [(element.start, element.end, "") for element in xml.each(name)]
    splices += [(*found.span(), "") for found in _AUTHORS_FOLDER.finditer(xml.scan)]
    for name, pattern in (("workbookView", _VIEW), ("calcPr", _FULL_CALCULATION)):
        for element in xml.each(name):
            tag = xml.original(element.start, element.inner)
            splices.append((element.start, element.inner, pattern.sub("", tag)))
    if xml.first("workbookProtection") is None:
        before = [xml.first(name) for name in ("workbookPr", "fileVersion")]
        place = max((one.end for one in before if one), default=None) or xml.first("bookViews").start  # type: ignore[union-attr]
        splices.append((place, place, f'<{xml.prefix}workbookProtection lockStructure="1"/>'))
    return xml.spliced(splices).encode()


def _sheet_list(xml: XmlText, whole: Workbook, sheets: Mapping[str, int], note: str) -> Iterator[tuple[int, int, str]]:
    listed = xml.first("sheets")
    assert listed is not None  # else the book could not have been read
    numbers, link = [], "r:id"
    for sheet in xml.each("sheet", listed.inner, listed.close):
        given = sheet.attributes
        numbers.append(number(given.get("sheetId"), 0))
        link = next((name for name in given if name.endswith(":id")), link)
        if given.get("name") not in sheets:
            yield sheet.start, sheet.end, ""
    added = f'<{xml.prefix}sheet name="{escaped(note)}" sheetId="{max(numbers) + 1}" {link}="{_NOTE_LINK}"/>'
    yield listed.close, listed.close, added


def _names(xml: XmlText, sheets: Mapping[str, int]) -> Iterator[tuple[int, int, str]]:
    """The defined names that still mean something; those of one sheet follow it to its new place."""
    block, listed = xml.first("definedNames"), xml.first("sheets")
    if block is None or listed is None:
        return
    order = [sheet.attributes.get("name", "") for sheet in xml.each("sheet", listed.inner, listed.close)]
    places = {number: place for place, number in enumerate(n for n, name in enumerate(order) if name in sheets)}
    gone = [name for name in order if name not in sheets]
    names = list(xml.each("definedName", block.inner, block.close))
    kept = 0
    for name in names:
        given, text = name.attributes, xml.text_of(name)
        local = number(given["localSheetId"], 0) if "localSheetId" in given else None
        macro = any(given.get(key) in {"1", "true"} for key in ("function", "vbProcedure", "xlm"))
        lost = any(names_sheet(text, sheet) for sheet in gone) or re.search(r"PE_|#REF!|\[\d+\]", text)
        if macro or lost or (local is not None and local not in places):
            yield name.start, name.end, ""
            continue
        kept += 1
        if local is not None and places[local] != local:
            tag = xml.original(name.start, name.inner)
            yield name.start, name.inner, _LOCAL.sub(rf"\g<1>{places[local]}", tag)
    if names and not kept:
        yield block.start, block.inner, ""
        yield block.close, block.end, ""
