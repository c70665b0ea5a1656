"""A workbook as it leaves the office: an .xlsx with values only, without macros, ribbon, helpers and hidden sheets.

The parts are spliced from the original's, so that what a person sees stays; what nobody should get is left out, down
to the strings that only hidden sheets and helper columns used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfeval.books.file import FileBook
from perfeval.books.frozenparts import standing_alone
from perfeval.books.frozensheet import Kept, frozen, hides, strings_used
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
from perfeval.books.xmltext import XmlText, escaped, relation_name
from perfeval.forms.grid import Address, column_number
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
_COLUMN = re.compile(r"\$?\b([A-Z]{1,3})\$?[1-9]\d*\b(?![(!'])")
_CELLS = re.compile(r"""(?:(?:'(?:[^']|'')+'|[^\s'!,:()"\[\]{}]+)!\$?[A-Z]*\$?\d*(?::\$?[A-Z]*\$?\d*)?(?:,(?!$)|$))+""")
_WEB = re.compile(r"(?:https?|ftp|mailto):", re.IGNORECASE)
_PATH = re.compile(
    rb"""(<(?:\w+:)?Relationship(?=[^>]*\sTargetMode\s*=\s*["']External["'])[^>]*?\sTarget\s*=\s*["'])(?!https?:|ftp:|mailto:)([^"']*)(["'])"""
)
NOTHING: Mapping[str, Collection[Address]] = {}
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


def hiding_sheets(book: FileBook, sheets: Mapping[str, int]) -> list[str]:
    """Those of these sheets in which rows or columns are hidden."""
    return [sheet for sheet in sheets if hides(book.xml(sheet), sheets[sheet])]


def frozen_parts(
    book: FileBook,
    sheets: Mapping[str, int],
    note: Note,
    *,
    without_cells: Mapping[str, Collection[Address]] = NOTHING,
    tint: str = "",
) -> dict[str, bytes]:
    """The parts of the workbook that is sent. ``sheets`` are those that it keeps, each with its last column.

    ``without_cells`` are cells of these that are not sent; ``tint`` is the fill of cells to be filled in, which goes.
    """
    package = book.package
    whole = workbook(package)
    entries = [entry for entry in whole.sheets if entry.name in sheets]
    gone = [name for name in book.sheets if name not in sheets]
    main, gone_names = _workbook_part(package.read(whole.part), whole, sheets, note.name)
    xml = {
        entry.part: frozen(
            book.xml(entry.name),
            book.grid(entry.name),
            Kept(
                sheets[entry.name],
                selected=not place,
                gone=gone,
                gone_names=gone_names,
                without=without_cells.get(entry.name, ()),
                links=_web_links(package, entry.part),
            ),
        )
        for place, entry in enumerate(entries)
    }
    styles, strings = whole.related("styles"), whole.related("sharedStrings")
    if styles is None:
        raise Unreadable(DAMAGED)
    made = {part: text.encode() for part, text in xml.items()}
    made[styles], first_look = with_looks(_without_tint(package.read(styles), tint))
    made[_NOTE_PART] = note_sheet(note.lines, note.widths, first_look)
    made[whole.part] = main
    if strings is not None:
        used = {index for text in xml.values() for index in strings_used(text)}
        made[strings] = with_strings_blanked(package.read(strings), used)
    found = _linked(package, whole, made, lambda formula: _is_lost(formula, gone, sheets))
    if _PROGRAM in package:
        found[_PROGRAM] = package.read(_PROGRAM)
    return {CONTENT_TYPES: _content_types(package, whole, found), **found}


# --- which parts ---


def _linked(
    package: Package, whole: Workbook, made: Mapping[str, bytes], is_lost: Callable[[str], bool]
) -> dict[str, bytes]:
    """The workbook, and whatever it leads to that is sent, with the relationships of each."""
    found: dict[str, bytes] = {}
    waiting = [whole.part, _NOTE_PART]
    while waiting:
        part = waiting.pop(0)
        if part in found or (part not in made and part not in package):
            continue
        found[part] = made[part] if part in made else standing_alone(package.read(part), is_lost)
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
        found[links] = left if part in made else _PATH.sub(rb"\1NULL\3", left)
    return found


def _web_links(package: Package, part: str) -> set[str]:
    """The relationships of a sheet that lead to the web or to an address for mail."""
    links = relationships_part(part)
    listed = XmlText.parse(package.read(links)).each("Relationship") if links in package else ()
    return {
        given.get("Id", "")
        for given in (link.attributes for link in listed)
        if given.get("TargetMode") == "External" and _WEB.match(given.get("Target", ""))
    }


def _is_lost(formula: str, gone: Collection[str], sheets: Mapping[str, int]) -> bool:
    """Whether a formula names a sheet that is not sent, or cells of one that are not."""
    far = max(map(column_number, _COLUMN.findall(formula)), default=0)
    return any(names_sheet(formula, sheet) for sheet in gone) or any(
        far > right and names_sheet(formula, sheet) for sheet, right in sheets.items()
    )


def _without_tint(styles: bytes, tint: str) -> bytes:
    """The styles without the fill of cells that a person fills in."""
    if not tint:
        return styles
    xml = XmlText.parse(styles)
    p, block = xml.prefix, xml.first("fills")
    if block is None:
        return styles
    tinted = [
        one
        for one in xml.each("fill", block.inner, block.close)
        if f'rgb="FF{tint}"' in xml.original(one.start, one.end)
    ]
    none = f'<{p}fill><{p}patternFill patternType="none"/></{p}fill>'
    return xml.spliced([(one.start, one.end, none) for one in tinted]).encode()


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


def _workbook_part(data: bytes, whole: Workbook, sheets: Mapping[str, int], note: str) -> tuple[bytes, Collection[str]]:
    """The part, and the defined names that are gone."""
    xml = XmlText.parse(data)
    names, gone_names = _names(xml, sheets)
    splices = [*_sheet_list(xml, whole, sheets, note), *names]
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
    return xml.spliced(splices).encode(), gone_names


def _sheet_list(xml: XmlText, whole: Workbook, sheets: Mapping[str, int], note: str) -> Iterator[tuple[int, int, str]]:
    listed = xml.first("sheets")
    assert listed is not None  # else the book could not have been read
    numbers, every = [], list(xml.each("sheet", listed.inner, listed.close))
    link = relation_name(every)
    for sheet in every:
        given = sheet.attributes
        numbers.append(number(given.get("sheetId"), 0))
        if given.get("name") not in sheets:
            yield sheet.start, sheet.end, ""
    added = f'<{xml.prefix}sheet name="{escaped(note)}" sheetId="{max(numbers) + 1}" {link}="{_NOTE_LINK}"/>'
    yield listed.close, listed.close, added


def _names(xml: XmlText, sheets: Mapping[str, int]) -> tuple[list[tuple[int, int, str]], set[str]]:
    """Keeps the defined names of cells that are sent; those of one sheet follow it to its new place. A hidden name, or one that
    is no plain cells, is a program's own. Gives the splices, and the names that are gone."""
    block, listed = xml.first("definedNames"), xml.first("sheets")
    if block is None or listed is None:
        return [], set()
    order = [sheet.attributes.get("name", "") for sheet in xml.each("sheet", listed.inner, listed.close)]
    places = {number: place for place, number in enumerate(n for n, name in enumerate(order) if name in sheets)}
    gone = [name for name in order if name not in sheets]
    names = list(xml.each("definedName", block.inner, block.close))
    splices, dropped = [], set()
    for name in names:
        given, text = name.attributes, xml.text_of(name)
        local = number(given["localSheetId"], 0) if "localSheetId" in given else None
        own = any(given.get(key) in {"1", "true"} for key in ("function", "vbProcedure", "xlm", "hidden"))
        lost = _is_lost(text, gone, sheets) or not _CELLS.fullmatch(text)
        if own or lost or (local is not None and local not in places):
            splices.append((name.start, name.end, ""))
            dropped.add(given.get("name", ""))
        elif local is not None and places[local] != local:
            tag = xml.original(name.start, name.inner)
            splices.append((name.start, name.inner, _LOCAL.sub(rf"\g<1>{places[local]}", tag)))
    if names and len(dropped) == len(names):
        splices += [(block.start, block.inner, ""), (block.close, block.end, "")]
    return splices, dropped
