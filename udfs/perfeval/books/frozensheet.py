"""One worksheet as it is sent: values instead of formulas, nothing right of the print area, protected without a password.

What stays is spliced, not written anew: styles, merges, widths, page setup and drawings keep their very characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from perfeval.books.marks import RULE
from perfeval.books.sheetpatch import Patch, as_value, patched
from perfeval.books.sheetxml import cells, column_ranges, file_area, patterns, rows, sheet_data
from perfeval.books.xmltext import Element, XmlText, attributes, characters, is_true
from perfeval.digits import whole
from perfeval.errors import NAME
from perfeval.forms.grid import MAX_COLUMN, Address, Area, Grid, column_number
from perfeval.formulatext import names_sheet

_Splice = tuple[int, int, str]

PROTECTION = '<{}sheetProtection sheet="1" objects="1" scenarios="1"/>'

# Elements that are of use in the original only: entry helps, notes to oneself, controls that run macros, other views.
_WITHOUT = (
    "dataValidations", "protectedRanges", "legacyDrawing", "oleObjects", "controls", "customSheetViews", "cellWatches",
    "autoFilter",
)  # fmt: skip
_CHOICE = re.compile(r"<mc:AlternateContent(?=[\s/>]).*?</mc:AlternateContent\s*>", re.DOTALL)
_EXTENSION = re.compile(r"<(\w+:)?ext(?=[\s/>]).*?</\1?ext\s*>", re.DOTALL)
_COLUMN = re.compile(r"(?<![A-Z0-9_.(])\$?([A-Z]{1,3})\$?[1-9]\d*(?![\w(])")
_WORD = re.compile(r"[\w.]+")
_SPANS = re.compile(r"""\sspans\s*=\s*(?:"[^"]*"|'[^']*')""")
_HIDING = re.compile(
    r"""\s(?:hidden|collapsed|zeroHeight)\s*=\s*["'](?:1|true)["']|\s(?:ht|width)\s*=\s*["']0(?:\.0*)?["']"""
)
_PRINTER = re.compile(r"""\s\w+:id\s*=\s*(?:"[^"]*"|'[^']*')""")
_SELECTED = re.compile(r"""\stabSelected\s*=\s*(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a sheet: columns up to ``right``, without the cells ``without``.

    ``gone`` are the sheets that are not sent with it, ``gone_names`` the defined names, ``links`` the relationships of
    the links that stay.
    """

    right: int = MAX_COLUMN
    selected: bool = False
    gone: Collection[str] = ()
    gone_names: Collection[str] = ()
    without: Collection[Address] = ()
    links: Collection[str] = ()


def formulas_without_value(grid: Grid, right: int = MAX_COLUMN) -> list[Address]:
    """The formulas up to a column whose value is unknown: never calculated, or calculated without the add-in."""
    return [
        place
        for place, cell in grid.cells.items()
        if cell.formula is not None and place.column <= right and cell.value in (None, NAME)
    ]


def frozen(xml: XmlText, grid: Grid, kept: Kept) -> XmlText:
    """The sheet as it is sent."""
    valued = patched(xml, dict(_values(xml, grid)))
    cut = valued.spliced([*_cells(valued, kept), *_columns(valued, kept.right), *_dimension(valued, kept.right)])
    bare = cut.spliced([*_regions(cut, kept), *_without(cut), *_selection(cut, kept.selected), *_protection(cut)])
    return bare.spliced([*_shown(bare), *_without_printer(bare)])


def _values(xml: XmlText, grid: Grid) -> Iterator[tuple[Address, Patch]]:
    """Each formula's cached value in its place."""
    formula = patterns(xml.prefix).formula
    for row in rows(xml):
        for column, found in cells(xml, row):
            if found[5] and formula.search(found[5]):
                place = Address(row.number, column)
                yield place, as_value(grid[place])


def _cells(xml: XmlText, kept: Kept) -> Iterator[_Splice]:
    for row in rows(xml):
        tag = xml.original(row.start, row.inner)
        if kept.right < MAX_COLUMN and _SPANS.search(tag):
            yield row.start, row.inner, _SPANS.sub("", tag)
        for column, found in cells(xml, row):
            if column > kept.right or (row.number, column) in kept.without:
                yield found.start(), found.end(), ""


def _columns(xml: XmlText, right: int) -> Iterator[_Splice]:
    """Without the widths of columns that are gone."""
    block = xml.first("cols", 0, sheet_data(xml).start)
    if block is None or right == MAX_COLUMN:
        return
    spans = list(column_ranges(xml))
    if all(first > right for _, first, _ in spans):
        yield block.start, block.end, ""
        return
    for element, (_, first, last) in zip(xml.each("col", block.inner, block.close), spans, strict=True):
        if first > right:
            yield element.start, element.end, ""
        elif last > right:
            tag = xml.original(element.start, element.inner)
            yield element.start, element.inner, re.sub(r"""(\smax\s*=\s*["'])\d+""", rf"\g<1>{right}", tag)


def _dimension(xml: XmlText, right: int) -> Iterator[_Splice]:
    found = xml.first("dimension", 0, sheet_data(xml).start)
    if found is not None and found.attributes.get("ref"):
        area = file_area(found.attributes["ref"])
        if area.right > right:
            smaller = area._replace(left=min(area.left, right), right=right)
            yield found.start, found.end, f'<{xml.prefix}dimension ref="{smaller}"/>'


def _regions(xml: XmlText, kept: Kept) -> Iterator[_Splice]:
    """Without what concerns columns that are gone, and rules that only the add-in or a sheet that is gone can tell."""
    if (merges := xml.first("mergeCells")) is not None:
        yield from _merges(xml, merges, kept.right)
    if (links := xml.first("hyperlinks")) is not None:
        yield from _thinned(xml, links, "hyperlink", lambda given: _leads_nowhere(given, kept))
    for element in xml.each("conditionalFormatting"):
        areas = [file_area(text) for text in element.attributes.get("sqref", "").split()]
        inside = [area._replace(right=min(area.right, kept.right)) for area in areas if area.left <= kept.right]
        rules = list(xml.each("cfRule", element.inner, element.close))
        lost = [rule for rule in rules if _is_lost(xml, rule, kept)]
        if not inside or len(lost) == len(rules):
            yield element.start, element.end, ""
            continue
        yield from ((rule.start, rule.end, "") for rule in lost)
        if inside != areas:
            tag = xml.original(element.start, element.inner)
            wanted = " ".join(map(str, inside))
            yield element.start, element.inner, re.sub(r"""(\ssqref\s*=\s*["'])[^"']*""", rf"\g<1>{wanted}", tag)


def _merges(xml: XmlText, block: Element, right: int) -> Iterator[_Splice]:
    """Merged cells that reach beyond the last column end there; those behind it are gone."""

    def within(given: Mapping[str, str]) -> Area:
        area = file_area(given.get("ref", ""))
        return area._replace(right=min(area.right, right))

    def gone(given: Mapping[str, str]) -> bool:
        area = within(given)
        return area.left > right or (area.top, area.left) == (area.bottom, area.right)

    yield from _thinned(xml, block, "mergeCell", gone)
    for merge in xml.each("mergeCell", block.inner, block.close):
        if not gone(merge.attributes) and file_area(merge.attributes.get("ref", "")).right > right:
            yield merge.start, merge.end, f'<{xml.prefix}mergeCell ref="{within(merge.attributes)}"/>'


def _leads_nowhere(given: Mapping[str, str], kept: Kept) -> bool:
    """Whether a link stands in a column that is gone, or leads to a sheet that is gone or to a file on this computer."""
    far = file_area(given.get("ref", "")).left > kept.right
    leads = next((value for name, value in given.items() if name.endswith(":id")), "")
    gone = any(names_sheet(given.get("location", ""), sheet) for sheet in kept.gone)
    return far or gone or bool(leads and leads not in kept.links)


def hides(xml: XmlText, right: int) -> bool:
    """Whether a row of a sheet is hidden, or a column up to this one."""
    columns = (first <= right and _HIDING.search(tag) for tag, first in _column_tags(xml))
    return any(columns) or any(_HIDING.search(xml.original(row.start, row.inner)) for row in rows(xml))


def _column_tags(xml: XmlText) -> Iterator[tuple[str, int]]:
    """The column records as they stand, each with its first column."""
    block = xml.first("cols", 0, sheet_data(xml).start)
    if block is not None:
        elements = xml.each("col", block.inner, block.close)
        for element, (_, first, _) in zip(elements, column_ranges(xml), strict=True):
            yield xml.original(element.start, element.inner), first


def _shown(xml: XmlText) -> Iterator[_Splice]:
    """Rows and columns that were hidden, or made too small to be seen, as they are otherwise."""
    block = xml.first("cols", 0, sheet_data(xml).start)
    columns = xml.each("col", block.inner, block.close) if block is not None else ()
    general = xml.each("sheetFormatPr", 0, sheet_data(xml).start)
    for start, inner in [(one.start, one.inner) for one in (*general, *columns, *rows(xml))]:
        tag = xml.original(start, inner)
        if _HIDING.search(tag):
            yield start, inner, _HIDING.sub("", tag)


def _without_printer(xml: XmlText) -> Iterator[_Splice]:
    """The page's setup without the settings of a printer, which name it."""
    for setup in xml.each("pageSetup", sheet_data(xml).end):
        tag = xml.original(setup.start, setup.inner)
        if _PRINTER.search(tag):
            yield setup.start, setup.inner, _PRINTER.sub("", tag)


def _is_lost(xml: XmlText, rule: Element, kept: Kept) -> bool:
    """Whether a conditional format is a mark of 复核, or rests on the add-in or on what is not sent."""
    formulas = [xml.text_of(one) for one in xml.each("formula", rule.inner, rule.close)]
    text = " ".join(formulas)
    far = any(column_number(letters) > kept.right for letters in _COLUMN.findall(text))
    gone = any(names_sheet(formula, sheet) for formula in formulas for sheet in kept.gone)
    gone = gone or any(word in kept.gone_names for word in _WORD.findall(text))
    return RULE.removeprefix("=") in formulas or "PE_" in text or far or gone


def _thinned(xml: XmlText, block: Element, name: str, gone: Callable[[Mapping[str, str]], bool]) -> Iterator[_Splice]:
    """A block without some of its elements; without itself where none is left."""
    inside = list(xml.each(name, block.inner, block.close))
    dropped = [element for element in inside if gone(element.attributes)]
    if inside and len(dropped) == len(inside):
        yield block.start, block.end, ""
        return
    for element in dropped:
        yield element.start, element.end, ""
    if dropped and (count := re.search(r"""count\s*=\s*["'](\d+)""", xml.original(block.start, block.inner))):
        yield block.start + count.start(1), block.start + count.end(1), str(len(inside) - len(dropped))


def _without(xml: XmlText) -> Iterator[_Splice]:
    choices = [found.span() for found in _CHOICE.finditer(xml.scan) if re.search(r"<controls?[\s>]", found[0])]
    for start, end in choices:
        yield start, end, ""
    for name in _WITHOUT:
        for element in xml.each(name):
            if not any(start <= element.start < end for start, end in choices):
                yield element.start, element.end, ""
    for found in _EXTENSION.finditer(xml.scan):
        if "dataValidations" in found[0]:
            yield found.start(), found.end(), ""


def _selection(xml: XmlText, selected: bool) -> Iterator[_Splice]:
    """Of the sheets that are sent only the first is the selected one."""
    for view in xml.each("sheetView", 0, sheet_data(xml).start):
        tag = _SELECTED.sub("", xml.original(view.start, view.inner))
        if selected:
            tag = tag.replace(f"<{xml.prefix}sheetView", f'<{xml.prefix}sheetView tabSelected="1"', 1)
        yield view.start, view.inner, tag


def _protection(xml: XmlText) -> Iterator[_Splice]:
    """Protected against a slip; a sheet that is protected already keeps its own protection."""
    present = xml.first("sheetProtection")
    if present is not None and is_true(present.attributes.get("sheet")):
        return
    if present is not None:
        yield present.start, present.end, PROTECTION.format(xml.prefix)
        return
    place = (xml.first("sheetCalcPr") or sheet_data(xml)).end
    yield place, place, PROTECTION.format(xml.prefix)


def strings_used(xml: XmlText) -> Iterator[int]:
    """The shared strings that a sheet's cells show."""
    for row in rows(xml):
        for _, found in cells(xml, row):
            if found[4] and attributes(found[3]).get("t") == "s":
                yield whole(characters(found[4]))
