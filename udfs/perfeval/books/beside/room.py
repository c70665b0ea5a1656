"""Where columns can stand beside forms: right of whatever a sheet holds, prints, draws or adds up, with a free column between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from perfeval.books.beside.model import NAME
from perfeval.books.file import FileBook
from perfeval.books.formulas import Unsupported, references
from perfeval.books.parts import relationships, workbook
from perfeval.books.sheetxml import cells, number, rows
from perfeval.books.xmltext import XmlText, attributes
from perfeval.errors import FormProblem, Place
from perfeval.forms.grid import MAX_COLUMN, MAX_ROW, Address, Area, Book, Grid

_SEVERAL = re.compile(r"(?:'(?:[^']|'')*'|[^,'])+")
_EMPTY_FILLS = 2  # every workbook's first fills: none, and a pattern that Excel keeps for itself


def refuse_without_room(sheet: str, last: int) -> None:
    """Raises FormProblem where columns up to ``last`` are more than a sheet has."""
    if last > MAX_COLUMN:
        raise FormProblem("右侧已经没有空列放测算列；请删除表右侧多余的列，再试", Place(sheet=sheet))


def areas_of(print_area: str, sheet: str) -> list[Area]:
    """A print area as areas. Raises FormProblem for one that is computed, or prints whole rows: columns would print along."""
    areas: list[Area] = []
    for part in _SEVERAL.findall(print_area):
        try:
            mentioned = references(part)
        except Unsupported:
            mentioned = None
        if mentioned is None or mentioned.names or not mentioned.bounded or len(mentioned.areas) != 1:
            raise FormProblem(
                "打印区域是用公式定的，看不出右侧从哪里起不打印；请先重新设置打印区域，再试", Place(sheet=sheet)
            )
        areas.append(mentioned.areas[0].area)
    if any(area.right == MAX_COLUMN for area in areas):
        raise FormProblem("打印区域包括整行，测算列会一起打印；请先把打印区域设成表的范围，再试", Place(sheet=sheet))
    return areas


def holding(grid: Grid) -> Area:
    """The area from A1 that has every cell with content and every merged area."""
    places = [place for place, cell in grid.cells.items() if cell.value is not None or cell.formula is not None]
    places += [Address(area.bottom, area.right) for area in (*grid.merges, *grid.arrays)]
    return _from_corner(places)


def _from_corner(places: Iterable[Address]) -> Area:
    places = list(places)
    bottom, right = (max((place[axis] for place in places), default=1) for axis in (0, 1))
    return Area(1, 1, bottom, right)


def printed(book: FileBook, sheet: str) -> Area:
    """What a sheet without a print area prints: from A1 as far as there is something to see, and no columns beside forms."""
    found = holding(book.grid(sheet))
    styles = workbook(book.package).related("styles")
    seen = _seen_styles(book.package.read(styles)) if styles and styles in book.package else frozenset()
    xml = book.xml(sheet)
    places = [
        Address(row.number, column)
        for row in rows(xml)
        for column, cell in cells(xml, row)
        if number(attributes(cell[3]).get("s"), 0) in seen
    ]
    return _from_corner([Address(found.bottom, found.right), *places, *_drawn(book, sheet)])


def _seen_styles(data: bytes) -> frozenset[int]:
    """The styles that show a border or a fill where the cell is empty."""
    xml = XmlText.parse(data)
    records = xml.first("cellXfs")
    if records is None:
        return frozenset()
    borders = _borders(xml)
    return frozenset(
        index
        for index, one in enumerate(xml.each("xf", records.inner, records.close))
        if number(one.attributes.get("fillId"), 0) >= _EMPTY_FILLS
        or number(one.attributes.get("borderId"), 0) in borders
    )


def _borders(xml: XmlText) -> frozenset[int]:
    """The borders with any line."""
    block = xml.first("borders")
    if block is None:
        return frozenset()
    found = enumerate(xml.each("border", block.inner, block.close))
    return frozenset(index for index, one in found if "style=" in xml.scan[one.inner : one.close])


def last_column(book: FileBook, sheet: str) -> int:
    """The last column that is taken: held, printed, drawn upon, of a table, or read by a formula of the workbook.

    Raises FormProblem where whole rows are printed or added up: columns beside the form would be part of it.
    """
    others = [*(place.column for place in _drawn(book, sheet)), *(area.right for area in book.tables(sheet))]
    return last_of(book, sheet, book.print_areas.get(sheet, ""), others, book.formula_sheets)


def last_of(book: Book, sheet: str, print_area: str, others: Iterable[int], formula_sheets: Iterable[str]) -> int:
    """The same of a book on disk or live, of which the print area and the columns of tables and pictures are told."""
    taken = [holding(book.grid(sheet)).right, *others]
    taken += [area.right for area in areas_of(print_area, sheet)]
    for name, formula, area in _read_of(book, sheet, formula_sheets):
        if area.right == MAX_COLUMN:
            raise FormProblem(
                f"公式 {formula} 引用了整行，测算列会被它算进去；请先把它改成表内的范围，再试", Place(sheet=name)
            )
        taken.append(area.right)
    return max(taken)


def _drawn(book: FileBook, sheet: str) -> Iterator[Address]:
    """How far the pictures of a sheet reach."""
    part = next(entry.part for entry in workbook(book.package).sheets if entry.name == sheet)
    for link in relationships(book.package, part):
        if link.kind != "drawing" or link.target not in book.package:
            continue
        xml = XmlText.parse(book.package.read(link.target))
        for name in ("to", "from"):
            for corner in xml.each(name):
                row, column = (xml.first(axis, corner.inner, corner.close) for axis in ("row", "col"))
                if row is not None and column is not None:
                    yield Address(
                        min(number(xml.text_of(row), 0) + 1, MAX_ROW),
                        min(number(xml.text_of(column), 0) + 1, MAX_COLUMN),
                    )


def _read_of(book: Book, sheet: str, formula_sheets: Iterable[str]) -> Iterator[tuple[str, str, Area]]:
    """The areas of a sheet that formulas and names of the workbook read, each with where it stands and its text."""
    formulas = [
        (name, cell.formula)
        for name in formula_sheets
        for cell in book.grid(name).cells.values()
        if cell.formula is not None
    ]
    formulas += [("", text) for name, text in book.names.items() if not name.startswith(NAME)]
    for name, text in formulas:
        try:
            areas: Sequence = references(text).areas
        except Unsupported:
            continue
        for one in areas:
            if (one.sheet or name).casefold() == sheet.casefold():
                yield name, text[:40], one.area


def side_by_side(rows_of: Sequence[tuple[int, int]], first: int, width: int) -> list[int]:
    """The first column for each of several blocks of this width, by the rows that they take: those that share rows stand beside
    each other, with a free column between."""
    placed: list[tuple[tuple[int, int], int]] = []
    for top, bottom in rows_of:
        beside = [left for (other_top, other_bottom), left in placed if other_top <= bottom and top <= other_bottom]
        left = first
        while left in beside:
            left += width + 1
        placed.append(((top, bottom), left))
    return [left for _, left in placed]
