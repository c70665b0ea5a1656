"""Columns put beside forms: spliced into the parts of a package; what is not named here stays as it lies in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from perfeval.books.beside import memory
from perfeval.books.beside.looks import looks
from perfeval.books.beside.memory import Splice, Undoing
from perfeval.books.beside.model import NAME, PRINTED, SHEET, Addition, Block, Look
from perfeval.books.cell_values import Scalar
from perfeval.books.package import Package
from perfeval.books.parts import CONTENT_TYPES, Workbook, relationships_part, workbook
from perfeval.books.sheetpatch import Patch, cell_of, splices_of
from perfeval.books.sheetxml import column_ranges, number, sheet_data
from perfeval.books.xmltext import XmlText, escaped, relation_name
from perfeval.forms.beside import HELP, HINT
from perfeval.forms.grid import Address, Area, column_letters
from perfeval.formulatext import at

_LINK = "perfevalBeside"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SPAN = {name: re.compile(rf"""(\s{name}\s*=\s*["'])\d+""") for name in ("min", "max")}
WIDTHS = {HINT: 44.0, HELP: 0.0}  # characters; of all others:
WIDTH = 9.0


def added(package: Package, addition: Addition) -> dict[str, bytes | None]:
    """The parts of a package that putting columns beside its forms changes, and the new ones. Raises Unreadable."""
    return _Adding(package, addition).parts()


class _Adding:
    def __init__(self, package: Package, addition: Addition) -> None:
        self.package, self.addition = package, addition
        self.book: Workbook = workbook(package)
        self.entries = {entry.name: entry for entry in self.book.sheets}
        self.part = free_part(package, self.book.part)
        self.changed: dict[str, bytes | None] = {}
        self.undoing: dict[str, list[Splice]] = {}

    def parts(self) -> dict[str, bytes | None]:
        """The changed parts by name."""
        styles = self._looks()
        for sheet in self.addition.sheets:
            blocks = self.addition.of(sheet)
            self._splice(self.entries[sheet].part, lambda xml, blocks=blocks: list(_on_sheet(xml, blocks, styles)))
        self._splice(self.book.part, lambda xml: list(_in_workbook(xml, self.addition)))
        link = f'Relationship Id="{_LINK}" Type="{_OFFICE}/worksheet" Target="/{self.part}"/>'
        self._splice(relationships_part(self.book.part), lambda xml: _element(xml, link))
        kind = f'Override PartName="/{self.part}" ContentType="{_SHEET_TYPE}"/>'
        self._splice(CONTENT_TYPES, lambda xml: _element(xml, kind))
        self._chain()
        self.changed[self.part] = _hidden_sheet(self.addition.tables, self.undoing)
        return self.changed

    def _splice(self, part: str, splices: Callable[[XmlText], list[Splice]]) -> None:
        before = self.package.read(part)
        xml = XmlText.parse(before)
        wanted = splices(xml)
        after = xml.spliced(wanted)
        text = xml.original(0, len(xml.scan))
        self.changed[part] = after.encode()
        if xml.encode() == before:
            self.undoing[part] = memory.inverse(text, wanted)
        else:  # names were brought under one prefix: the former text is kept whole
            new = after.original(0, len(after.scan))
            self.undoing[part] = [(0, len(new), xml.decoded(before))]

    def _looks(self) -> Mapping[Look, int]:
        """The style of each look; none where the workbook has no styles to add to."""
        part = self.book.related("styles")
        if part is None or part not in self.package:
            return {}
        used = sorted({content.look for block in self.addition.blocks for content in block.cells.values()})
        made = looks(XmlText.parse(self.package.read(part)), used)
        if made is None:
            return {}
        self._splice(part, lambda _: made[1])
        return made[0]

    def _chain(self) -> None:
        """The order of calculation, where the file has one, with the formulas at its end."""
        part = self.book.related("calcChain")
        if part is None or part not in self.package:
            return
        numbers = sheet_numbers(XmlText.parse(self.package.read(self.book.part)))
        entries = [
            f'c r="{place}" i="{numbers[block.sheet]}"/>'
            for block in self.addition.blocks
            for place, content in block.cells.items()
            if content.formula is not None
        ]
        if XmlText.parse(self.package.read(part)).first("c") is not None:
            self._splice(part, lambda xml: [splice for entry in entries for splice in _element(xml, entry)])


def free_part(package: Package, book: str) -> str:
    """A name for the hidden sheet that no part has."""
    folder = book.rpartition("/")[0]
    names = (f"{folder}/worksheets/beside{count or ''}.xml".lstrip("/") for count in range(len(package.names) + 1))
    return next(name for name in names if name not in package)


def sheet_numbers(xml: XmlText) -> dict[str, int]:
    """Each sheet's own number in the workbook part."""
    listed = xml.first("sheets")
    sheets = xml.each("sheet", listed.inner, listed.close) if listed else ()
    return {one.attributes.get("name", ""): number(one.attributes.get("sheetId"), 0) for one in sheets}


def _element(xml: XmlText, text: str) -> list[Splice]:
    """An element at the end of a part's list."""
    end = xml.scan.rindex("</")
    return [(end, end, f"<{xml.prefix}{text}")]


# --- a sheet ---


def _on_sheet(xml: XmlText, blocks: Iterable[Block], styles: Mapping[Look, int]) -> Iterator[Splice]:
    patches: dict[Address, Patch] = {}
    for block in blocks:
        for place, content in block.cells.items():
            patches[place] = Patch(content.formula, content.value, styles.get(content.look))
    yield from splices_of(xml, patches)
    yield from with_columns(xml, dict(_widths(blocks)))


def _widths(blocks: Iterable[Block]) -> Iterator[tuple[int, str]]:
    """The record of each column, without its place."""
    for block in blocks:
        for column, title in enumerate(block.titles, start=block.area.left):
            hidden = ' hidden="1"' if title == HELP else ""
            yield column, f' width="{WIDTHS.get(title, WIDTH)}"{hidden} customWidth="1"'


def with_columns(xml: XmlText, wanted: Mapping[int, str]) -> Iterator[Splice]:
    """The column records, cut where they cover wanted columns, with a record for each of these."""
    p = xml.prefix
    own = [(column, f'<{p}col min="{column}" max="{column}"{given}/>') for column, given in sorted(wanted.items())]
    first, last = min(wanted), max(wanted)
    block = xml.first("cols", 0, sheet_data(xml).start)
    if block is None:
        place = sheet_data(xml).start
        yield place, place, f"<{p}cols>{''.join(text for _, text in own)}</{p}cols>"
        return
    records = [*zip(xml.each("col", block.inner, block.close), column_ranges(xml), strict=True)]
    pieces = own
    for element, (_, low, high) in records:
        if low > last or high < first:
            continue
        tag = xml.original(element.start, element.end)
        gaps = [column for column in range(low, high + 1) if column not in wanted]
        pieces += [(start, _spanning(tag, start, end)) for start, end in runs(gaps)]
        yield element.start, element.end, ""
    behind = (element.start for element, (_, low, _) in records if low > last)
    place = next(behind, block.close)
    yield place, place, "".join(text for _, text in sorted(pieces))


def runs(columns: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Columns in their order as stretches, first and last."""
    start = end = 0
    for column in columns:
        if start and column == end + 1:
            end = column
            continue
        if start:
            yield start, end
        start = end = column
    if start:
        yield start, end


def _spanning(tag: str, first: int, last: int) -> str:
    """A column record for other columns."""
    for name, value in (("min", first), ("max", last)):
        tag = _SPAN[name].sub(rf"\g<1>{value}", tag, count=1)
    return tag


# --- the workbook part ---


def _in_workbook(xml: XmlText, addition: Addition) -> Iterator[Splice]:
    p = xml.prefix
    listed = xml.first("sheets")
    assert listed is not None  # else the book could not have been read
    sheets = list(xml.each("sheet", listed.inner, listed.close))
    link = relation_name(sheets)
    free = max(sheet_numbers(xml).values(), default=0) + 1
    yield (
        listed.close,
        listed.close,
        f'<{p}sheet name="{SHEET}" sheetId="{free}" state="veryHidden" {link}="{_LINK}"/>',
    )
    order = {one.attributes.get("name", ""): place for place, one in enumerate(sheets)}
    names = [
        f'<{p}definedName name="_xlnm.Print_Area" localSheetId="{order[sheet]}">{escaped(reference(sheet, area))}</{p}definedName>'
        for sheet, area in addition.print_areas.items()
    ]
    names += [
        f'<{p}definedName name="{name_of(addition, count)}" hidden="1">'
        f"{escaped(reference(block.sheet, block.area))}</{p}definedName>"
        for count, block in enumerate(addition.blocks, start=1)
    ]
    block = xml.first("definedNames")
    if block is not None and block.inner < block.end:
        yield block.close, block.close, "".join(names)
    elif block is not None:
        yield block.start, block.end, f"<{p}definedNames>{''.join(names)}</{p}definedNames>"
    else:
        before = (xml.first(name) for name in ("sheets", "functionGroups", "externalReferences"))
        place = max(one.end for one in before if one is not None)
        yield place, place, f"<{p}definedNames>{''.join(names)}</{p}definedNames>"


def name_of(addition: Addition, count: int) -> str:
    """The name of a block, by its place among them."""
    return f"{NAME}{count}{PRINTED if addition.blocks[count - 1].sheet in addition.print_areas else ''}"


def reference(sheet: str, area: Area) -> str:
    """An area of a sheet as a name refers to it."""
    first, last = (f"${column_letters(column)}${row}" for row, column in (area[:2], area[2:]))
    return at(sheet, f"{first}:{last}")


# --- the hidden sheet ---


def _hidden_sheet(tables: Mapping[Address, Scalar], undoing: Undoing) -> bytes:
    values: dict[Address, Scalar] = {**tables, **dict(memory.cells(undoing))}
    by_row: dict[int, list[Address]] = {}
    for place in sorted(values):
        by_row.setdefault(place.row, []).append(place)
    rows = "".join(
        f'<row r="{row}">{"".join(cell_of(place, values[place]) for place in places)}</row>'
        for row, places in by_row.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    ).encode()
