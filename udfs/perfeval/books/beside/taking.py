"""Columns taken out of a workbook again.

A part is cleaned by reading what now stands in it: cells under the headings of a block, the block's name, the hidden sheet, a
print area that was set. What the file keeps of its former state (``memory``) is believed only where that state holds nothing of
ours and, cleaned in the same way, is the present one cleaned: then it is put back byte for byte. So a false memory can give
back nothing that is not in the file, and after any other edit the same cleaning is what is left to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfeval.books.beside import memory
from perfeval.books.beside.adding import runs, sheet_numbers
from perfeval.books.beside.looks import without_looks
from perfeval.books.beside.model import NAME, PRINTED, SHEET
from perfeval.books.beside.titles import PROGRAM, without_title
from perfeval.books.file import FileBook
from perfeval.books.formulas import Reference, Unsupported, references
from perfeval.books.frozensheet import strings_used
from perfeval.books.package import Package, Unreadable
from perfeval.books.parts import (
    CONTENT_TYPES,
    relationships,
    relationships_part,
    shared_strings,
    styles,
    with_strings_blanked,
    workbook,
)
from perfeval.books.sheetxml import cells, column_ranges, file_area, number, rows, sheet_data
from perfeval.books.xmltext import Element, XmlText, attributes
from perfeval.errors import FormProblem, Place
from perfeval.forms.beside import HEADINGS, is_typed, titles_at
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address, Area, Book

_SPANS = re.compile(r"""\sspans\s*=\s*(?:"[^"]*"|'[^']*')""")
_STYLE = re.compile(r"""\ss\s*=\s*(?:"[^"]*"|'[^']*')""")
_PLACE = re.compile(r"""(\s(?:activeTab|firstSheet|localSheetId)\s*=\s*["'])(\d+)""")
_ENDS = re.compile(r"""\s(?:min|max)\s*=\s*(?:"[^"]*"|'[^']*')""")
_LISTED = 5  # cells named in a sentence
Blocks = Mapping[str, Sequence[Area]]
Cell = tuple[str, Address]
Cleaned = tuple[XmlText, int]  # a part, and how many things of ours it has lost


@dataclass(frozen=True, slots=True)
class Taken:
    """The workbook without columns of ours, and what is said of it: formulas that read them (now values), and cells among
    them that somebody has typed (left where they are)."""

    package: Package
    sheets: tuple[str, ...]
    valued: tuple[Cell, ...] = ()
    left: tuple[Cell, ...] = ()


def is_beside(book: FileBook) -> bool:
    """Whether a workbook has such columns."""
    return SHEET in book.sheets and memory.read(book.grid(SHEET)) is not None


def taken(book: FileBook) -> Taken:
    """A workbook without the columns. Raises FormProblem where a block can no longer be known, or a formula that reads one has
    no value to stay with; EditRefused for such a formula that is locked; Unreadable for what cannot be read."""
    undoing = memory.read(book.grid(SHEET)) or {}
    blocks = blocks_of(book, _named(book))
    valued, typed = readers_of(book, blocks, book.formula_sheets), typed_into(book, blocks)
    if valued:
        changed = FileBook(book.path, Package(book.content))
        changed.apply([Edit(sheet, place, book.grid(sheet)[place].value or None) for sheet, place in valued])
        book = changed
    package = Package(book.content)
    parts = _Taking(package, blocks, undoing, typed).parts()
    return Taken(Package(package.rebuilt(parts)), tuple(blocks), tuple(valued), tuple(typed))


def _named(book: FileBook) -> Iterator[str]:
    """What names of ours refer to, those of a sheet that somebody has copied too."""
    xml = XmlText.parse(book.package.read(book.main_part))
    for name in xml.each("definedName"):
        if name.attributes.get("name", "").startswith(NAME):
            yield xml.text_of(name)


def blocks_of(book: Book, named: Iterable[str]) -> dict[str, list[Area]]:
    """The blocks by sheet, as names place them (what they refer to). Raises FormProblem for one whose headings are not ours."""
    found: dict[str, list[Area]] = {}
    for text in named:
        try:
            areas: Sequence[Reference] = references(text).areas
        except Unsupported:
            continue  # the cells are deleted: #REF!
        for sheet, area in ((one.sheet or "", one.area) for one in areas):
            name = next((known for known in book.sheets if known.casefold() == sheet.casefold()), None)
            if name is None or area in found.get(name, ()):
                continue
            titles = titles_at(book.grid(name), area.top, area.left)
            if titles[:3] != [*HEADINGS] or len(titles) != area.right - area.left + 1:
                told = (
                    f"{area} 的表头已不是测算列原来的样子，认不出哪些列是测算列；"
                    "请改回“测算得分、完成率、提示”，或手工删除这些列，再试"
                )
                raise FormProblem(told, Place(sheet=name))
            found.setdefault(name, []).append(area)
    return found


def _within(blocks: Blocks, sheet: str, area: Area) -> bool:
    return any(area[:2] in one and area[2:] in one for one in blocks.get(sheet, ()))


def readers_of(book: Book, blocks: Blocks, sheets: Iterable[str]) -> list[Cell]:
    """The formulas of the user's that read a cell of ours, which is about to go. Raises FormProblem where one has no value."""
    ours = {sheet.casefold(): sheet for sheet in (*blocks, SHEET)}
    found = []
    for sheet in sheets:
        if sheet == SHEET:
            continue
        for place, cell in book.grid(sheet).cells.items():
            if cell.formula is None or _within(blocks, sheet, Area(*place, *place)):
                continue
            try:
                areas: Sequence[Reference] = references(cell.formula).areas
            except Unsupported:
                continue
            named = [(ours.get((one.sheet or sheet).casefold(), ""), one.area) for one in areas]
            if any(name == SHEET or _within(blocks, name, area) for name, area in named):
                found.append((sheet, place))
    lacking = [f"“{sheet}”{place}" for sheet, place in found if book.grid(sheet)[place].value is None]
    if lacking:
        told = f"{'、'.join(lacking[:_LISTED])} 的公式引用了测算列，还没有算出的值；请在表格软件里打开、重新计算并保存，再试"
        raise FormProblem(told)
    return found


def typed_into(book: Book, blocks: Blocks) -> list[Cell]:
    """The cells of the blocks that somebody has typed over, or typed into."""
    found = []
    for sheet, areas in blocks.items():
        grid = book.grid(sheet)
        for area in areas:
            titles = titles_at(grid, area.top, area.left)
            inside = ((place, cell) for place, cell in grid.cells.items() if place in area)
            found += [
                (sheet, place)
                for place, cell in inside
                if is_typed(cell.value, cell.formula, titles[place.column - area.left])
            ]
    return found


class _Taking:
    """The parts of a package without the columns."""

    def __init__(self, package: Package, blocks: Blocks, undoing: memory.Undoing, typed: Sequence[Cell]) -> None:
        self.package, self.blocks, self.undoing = package, blocks, undoing
        self.typed = {sheet: {place for name, place in typed if name == sheet} for sheet in blocks}
        self.book = workbook(package)
        self.entries = {entry.name: entry.part for entry in self.book.sheets}
        self.hidden = self.entries[SHEET]
        self.changes: dict[str, bytes | None] = {}

    def parts(self) -> dict[str, bytes | None]:
        """The changed parts by name; None for those that go."""
        before = self._used()
        cleaned = {sheet: self._sheet(sheet) for sheet in self.blocks}
        self.changes = {self.entries[sheet]: xml.encode() for sheet, xml in cleaned.items()}
        self.changes |= {self.hidden: None, relationships_part(self.hidden): None}
        after = self._used()
        styles = self._styles(before.styles - after.styles)
        for sheet, xml in cleaned.items():
            self._put_back(
                self.entries[sheet],
                xml,
                lambda former, sheet=sheet: _sheet(former, self.blocks[sheet], self.typed[sheet]),
                styles,
            )
        book = XmlText.parse(self.package.read(self.book.part))
        printed = frozenset(_printed(book))
        self._clean(self.book.part, lambda xml: _workbook(xml, self.blocks, printed))
        links = {link.id for link in relationships(self.package, self.book.part) if link.target == self.hidden}
        self._clean(
            relationships_part(self.book.part),
            lambda xml: _without(xml, "Relationship", lambda given: given.get("Id") in links),
        )
        self._clean(
            CONTENT_TYPES,
            lambda xml: _without(xml, "Override", lambda given: _is_part(given.get("PartName"), self.hidden)),
        )
        if (part := self._related("sharedStrings")) is not None and (idle := before.strings - after.strings):
            data = self.package.read(part)
            self.changes[part] = with_strings_blanked(data, set(range(len(shared_strings(data)))) - idle)
        self._chain(sheet_numbers(book))
        if PROGRAM in self.package:
            self._clean(PROGRAM, lambda xml: (without_title(xml, SHEET), 0))
        return self.changes

    def _sheet(self, sheet: str) -> XmlText:
        return _sheet(XmlText.parse(self.package.read(self.entries[sheet])), self.blocks[sheet], self.typed[sheet])[0]

    def _styles(self, gone: Collection[int]) -> int:
        """Clean the styles of those that only our cells had; gives how many there are then."""
        part = self._related("styles")
        if part is None:
            return 1
        self._clean(part, lambda xml: without_looks(xml, gone))
        return len(styles(self._now(part)))

    def _related(self, kind: str) -> str | None:
        part = self.book.related(kind)
        return part if part is not None and part in self.package else None

    def _now(self, part: str) -> bytes | None:
        """A part as it will be."""
        return self.changes[part] if part in self.changes else self.package.read(part)

    def _clean(self, part: str, clean: Callable[[XmlText], Cleaned]) -> None:
        """Change a part to its former state, where the file bears it out; to what cleaning makes of it otherwise."""
        cleaned, _ = clean(XmlText.parse(self.package.read(part)))
        self.changes[part] = cleaned.encode()
        self._put_back(part, cleaned, clean)

    def _put_back(self, part: str, cleaned: XmlText, clean: Callable[[XmlText], Cleaned], styles: int = 0) -> None:
        """Change a part to its former state where that has nothing of ours, is the present one when both are cleaned, and knows
        only so many styles."""
        data = self.package.read(part)
        present = XmlText.parse(data)
        text = memory.undone(present.decoded(data), self.undoing[part]) if part in self.undoing else None
        if text is None:
            return
        try:
            former = XmlText.parse(present.encoded(text))
            without, lost = clean(former)
            known = not styles or max(_styles_used(former), default=0) < styles
        except Unreadable:
            return
        if known and not lost and without.encode() == cleaned.encode():
            self.changes[part] = present.encoded(text)

    def _used(self) -> _Used:
        """The styles and the shared strings that cells of the workbook have."""
        found = _Used(set(), set())
        for part in self.entries.values():
            if (data := self._now(part)) is not None:
                xml = XmlText.parse(data)
                found.strings.update(strings_used(xml))
                found.styles.update(_styles_used(xml))
        return found

    def _chain(self, numbers: Mapping[str, int]) -> None:
        """The order of calculation: the former one, if it is the present one without our cells; otherwise none, which every program
        makes anew."""
        part = self._related("calcChain")
        if part is None:
            return
        data = self.package.read(part)
        xml = XmlText.parse(data)
        former = memory.undone(xml.decoded(data), self.undoing[part]) if part in self.undoing else None
        ours = {numbers.get(sheet): areas for sheet, areas in self.blocks.items()}
        present = list(_entries(xml))
        left = [
            one
            for one in present
            if one[0] != numbers.get(SHEET) and not any(one[1] in area for area in ours.get(one[0], ()))
        ]
        if left == present:
            return
        if former is not None and _calculated(xml.encoded(former)) == left:
            self.changes[part] = xml.encoded(former)
            return
        self.changes[part] = None
        links = relationships_part(self.book.part)
        for name, element, is_gone in (
            (links, "Relationship", lambda given: given.get("Type", "").endswith("/calcChain")),
            (CONTENT_TYPES, "Override", lambda given: _is_part(given.get("PartName"), part)),
        ):
            self.changes[name] = _without(XmlText.parse(self._now(name) or b""), element, is_gone)[0].encode()


@dataclass(frozen=True, slots=True)
class _Used:
    styles: set[int]
    strings: set[int]


def _styles_used(xml: XmlText) -> Iterator[int]:
    """The styles of a sheet's cells, rows and columns."""
    for row in rows(xml):
        yield number(row.attributes.get("s"), 0)
        yield from (number(attributes(found[3]).get("s"), 0) for _, found in cells(xml, row))
    yield from (number(given.get("style"), 0) for given, _, _ in column_ranges(xml))


def _is_part(name: str | None, part: str) -> bool:
    return (name or "").lstrip("/").lower() == part.lower()


def _without(xml: XmlText, name: str, is_gone: Callable[[Mapping[str, str]], bool]) -> Cleaned:
    gone = [one for one in xml.each(name) if is_gone(one.attributes)]
    return xml.spliced((one.start, one.end, "") for one in gone), len(gone)


def _calculated(data: bytes) -> list[tuple[int, Address]] | None:
    try:
        return list(_entries(XmlText.parse(data)))
    except Unreadable:
        return None


def _entries(xml: XmlText) -> Iterator[tuple[int, Address]]:
    """The cells of an order of calculation, with their sheets' numbers, of which a cell without one has that before it."""
    last = 0
    for one in xml.each("c"):
        given = one.attributes
        last = number(given.get("i"), last)
        area = file_area(given.get("r", ""))
        yield last, Address(area.top, area.left)


# --- a sheet ---


def _sheet(xml: XmlText, areas: Sequence[Area], typed: set[Address]) -> Cleaned:
    """A sheet without the cells of areas, but for those that somebody typed, which lose our look; without rows that then hold
    nothing, and hints at the extent, which no longer hold."""
    splices, lost = [], 0
    for row in rows(xml):
        gone = []
        others = 0
        for column, found in cells(xml, row):
            place = Address(row.number, column)
            if not any(place in area for area in areas):
                others += 1
            elif place in typed:
                others += 1
                styled = (one.span() for one in _STYLE.finditer(found[3]))
                gone += [(found.start(3) + start, found.start(3) + end, "") for start, end in styled]
            else:
                gone.append((found.start(), found.end(), ""))
                lost += bool(found[4] or found[5])
        if (
            not others
            and row.attributes.keys() <= {"r", "spans"}
            and any(area.top <= row.number <= area.bottom for area in areas)
        ):
            splices.append((row.start, row.end, ""))
            continue
        hints = (found.span() for found in _SPANS.finditer(xml.scan[row.start : row.inner]))
        splices += [*gone, *((row.start + start, row.start + end, "") for start, end in hints)]
    if (extent := xml.first("dimension", 0, sheet_data(xml).start)) is not None:
        file_area(extent.attributes.get("ref", ""))
        splices.append((extent.start, extent.end, ""))
    return xml.spliced(
        [*splices, *_columns(xml, {column for area in areas for column in range(area.left, area.right + 1)})]
    ), lost


def _columns(xml: XmlText, ours: set[int]) -> Iterator[tuple[int, int, str]]:
    """The column records without those of our columns; where one record went over them, it does so again."""
    block = xml.first("cols", 0, sheet_data(xml).start)
    if block is None:
        return
    pieces: list[tuple[int, int, str]] = []
    for element, (_, low, high) in zip(xml.each("col", block.inner, block.close), column_ranges(xml), strict=True):
        bare = _ENDS.sub("", xml.original(element.start, element.end))
        for first, last in runs(column for column in range(low, high + 1) if column not in ours):
            before = pieces[-1] if pieces else (0, 0, "")
            if before[2] == bare and before[1] + 1 < first and ours.issuperset(range(before[1] + 1, first)):
                pieces[-1] = (before[0], last, bare)
            else:
                pieces.append((first, last, bare))
    name = f"<{xml.prefix}col"
    text = "".join(bare.replace(name, f'{name} min="{first}" max="{last}"', 1) for first, last, bare in pieces)
    yield (block.inner, block.close, text) if text else (block.start, block.end, "")


# --- the workbook part ---


def _workbook(xml: XmlText, blocks: Blocks, printed: Collection[str]) -> Cleaned:
    """The workbook part without the hidden sheet, the names of ours, and the print areas that were set on ``printed``."""
    listed = xml.first("sheets")
    assert listed is not None  # else the book could not have been read
    sheets = list(xml.each("sheet", listed.inner, listed.close))
    order = [one.attributes.get("name", "") for one in sheets]
    hidden = order.index(SHEET) if SHEET in order else len(order)
    gone = [one for one in sheets if one.attributes.get("name") == SHEET]
    names = list(xml.each("definedName"))
    ours = [one for one in names if one.attributes.get("name", "").startswith(NAME)]
    gone += [one for one in names if one in ours or _is_gone(xml, one, order, blocks, printed)]
    splices = [(one.start, one.end, "") for one in gone]
    for one in (*xml.each("workbookView"), *(name for name in names if name not in gone)):
        splices += [
            (one.start + found.start(2), one.start + found.end(2), str(number(found[2], 0) - 1))
            for found in _PLACE.finditer(xml.scan[one.start : one.inner])
            if number(found[2], 0) > hidden
        ]
    block = xml.first("definedNames")
    if block is not None and all(one in gone for one in names):
        splices = [splice for splice in splices if splice[0] < block.start or splice[0] >= block.end]
        splices.append((block.start, block.end, ""))
    return xml.spliced(splices), len(ours) + (hidden < len(order))


def _is_gone(xml: XmlText, name: Element, order: Sequence[str], blocks: Blocks, printed: Collection[str]) -> bool:
    """Whether a name is of the hidden sheet alone, or a print area that was set, wherever it has moved: one that ends before ours."""
    place = number(name.attributes.get("localSheetId"), -1)
    sheet = order[place] if 0 <= place < len(order) else ""
    if sheet == SHEET:
        return True
    if name.attributes.get("name") != "_xlnm.Print_Area" or sheet not in printed or sheet not in blocks:
        return False
    try:
        areas = [one.area for one in references(xml.text_of(name)).areas]
    except Unsupported:
        return False
    first = min(area.left for area in blocks[sheet])
    return len(areas) == 1 and areas[0].right < first


def _printed(xml: XmlText) -> Iterator[str]:
    """The sheets of which a name of ours says that their print area was set."""
    for name in xml.each("definedName"):
        if name.attributes.get("name", "").startswith(NAME) and name.attributes["name"].endswith(PRINTED):
            try:
                yield from (one.sheet or "" for one in references(xml.text_of(name)).areas)
            except Unsupported:
                continue
