"""Changing cells in a worksheet's XML: only the touched cells' characters change, everything else stays as it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from perfeval.books.cell_values import Scalar, encoded, number_text
from perfeval.books.sheetxml import (
    ColumnRange,
    Row,
    cells,
    column_ranges,
    file_area,
    number,
    patterns,
    rows,
    sheet_data,
)
from perfeval.books.xmltext import XmlText, attributes, escaped, is_true
from perfeval.digits import whole
from perfeval.errors import CellError
from perfeval.forms.grid import Address, Area, Cell


class Keep(Enum):
    """Marks what a patch leaves as it is."""

    KEEP = "keep"


KEEP = Keep.KEEP

_Splice = tuple[int, int, str]


class Patch(NamedTuple):
    """A cell's new formula (None: a constant) and its value, or the formula's cached value (None: none); the index of its
    style, where it is another than the one that the cell, its row or its column has."""

    formula: str | Keep | None
    value: Scalar | Keep
    style: int | None = None


def as_value(cell: Cell) -> Patch:
    """A formula's cached value in its place: a number as it is stored, a text as a text, "" as nothing."""
    return Patch(None, (cell.value or None) if isinstance(cell.value, str) else KEEP)


def patched(xml: XmlText, patches: Mapping[Address, Patch]) -> XmlText:
    """The sheet with these cells changed. Styles stay; a cell that is not there gets its row's or column's style."""
    return xml.spliced(splices_of(xml, patches))


def splices_of(xml: XmlText, patches: Mapping[Address, Patch]) -> list[tuple[int, int, str]]:
    """What is to be spliced for these cells."""
    by_row: dict[int, dict[int, Patch]] = defaultdict(dict)
    for place, patch in patches.items():
        by_row[place.row][place.column] = patch
    columns = list(column_ranges(xml))
    return [*_row_splices(xml, columns, by_row), *_dimension_splice(xml, patches)]


def styles_for(xml: XmlText, places: Iterable[Address]) -> dict[Address, int]:
    """The style index that cells take which are not there yet: their row's own, else their column's, else 0."""
    wanted = list(places)
    if not wanted:
        return {}
    by_row = {row.number: row for row in rows(xml)}
    columns = list(column_ranges(xml))
    return {place: number(_style_at(columns, by_row.get(place.row), place.column), 0) for place in wanted}


def styles_of(xml: XmlText, places: Iterable[Address]) -> dict[Address, int]:
    """The style index of those of these cells that are there."""
    wanted = set(places)
    in_rows = {place.row for place in wanted}
    return {
        place: number(attributes(found[3]).get("s"), 0)
        for row in rows(xml)
        if row.number in in_rows
        for column, found in cells(xml, row)
        if (place := Address(row.number, column)) in wanted
    }


def _style_at(columns: Iterable[ColumnRange], row: Row | None, column: int) -> str | None:
    if row is not None and is_true(row.attributes.get("customFormat")):
        return row.attributes.get("s")
    return next((given.get("style") for given, first, last in columns if first <= column <= last), None)


def _row_splices(
    xml: XmlText, columns: Sequence[ColumnRange], by_row: Mapping[int, Mapping[int, Patch]]
) -> Iterator[_Splice]:
    waiting = sorted(by_row)
    for row in rows(xml):
        while waiting and waiting[0] < row.number:
            number = waiting.pop(0)
            yield row.start, row.start, _new_row(xml, columns, number, by_row[number])
        if not waiting:
            return
        if waiting[0] == row.number:
            yield from _cell_splices(xml, columns, row, by_row[waiting.pop(0)])
    added = "".join(_new_row(xml, columns, number, by_row[number]) for number in waiting)
    data = sheet_data(xml)
    if added and data.close == data.end:
        yield data.start, data.end, _opened(xml.original(data.start, data.end), added, xml.prefix + "sheetData")
    elif added:
        yield data.close, data.close, added


def _cell_splices(
    xml: XmlText, columns: Sequence[ColumnRange], row: Row, patches: Mapping[int, Patch]
) -> Iterator[_Splice]:
    waiting = sorted(patches)
    for column, found in cells(xml, row):
        while waiting and waiting[0] < column:
            new = waiting.pop(0)
            yield found.start(), found.start(), _new_cell(xml, columns, row, Address(row.number, new), patches[new])
        if not waiting:
            break
        if waiting[0] == column:
            yield found.start(), found.end(), _changed_cell(xml, found, patches[waiting.pop(0)])
    added = "".join(_new_cell(xml, columns, row, Address(row.number, column), patches[column]) for column in waiting)
    tag = xml.original(row.start, row.inner)
    wider = _with_spans(tag, patches)
    if added and row.close == row.end:
        yield row.start, row.end, _opened(wider, added, xml.prefix + "row")
        return
    if wider != tag:
        yield row.start, row.inner, wider
    if added:
        yield row.close, row.close, added


def _opened(empty_tag: str, content: str, name: str) -> str:
    return f"{empty_tag.removesuffix('/>').rstrip()}>{content}</{name}>"


def _new_row(xml: XmlText, columns: Sequence[ColumnRange], number: int, patches: Mapping[int, Patch]) -> str:
    content = "".join(
        _new_cell(xml, columns, None, Address(number, column), patches[column]) for column in sorted(patches)
    )
    return f'<{xml.prefix}row r="{number}">{content}</{xml.prefix}row>'


_TYPE, _VALUE_METADATA, _CELL_METADATA, _STYLE = (
    re.compile(rf"""\s+{name}\s*=\s*(?:"[^"]*"|'[^']*')""") for name in ("t", "vm", "cm", "s")
)


def _changed_cell(xml: XmlText, found: re.Match[str], patch: Patch) -> str:
    """The cell anew: its style, its other attributes and its extensions are kept."""
    address = f' r="{found[1]}{found[2]}"' if found[1] else ""
    given = address + found[3].rstrip()
    start, end = _content(xml, found)
    used = patterns(xml.prefix)
    if found[4] is not None:
        parts = {"f": None, "v": (start, end), "is": None}
    else:
        parts = {
            name: (part.span() if start < end and (part := pattern.search(xml.scan, start, end)) else None)
            for name, pattern in (("f", used.formula), ("v", used.value), ("is", used.inline))
        }
    old = {name: xml.original(*span) if span else "" for name, span in parts.items()}
    others, at = "", start
    for span in sorted(span for span in parts.values() if span):
        others += xml.original(at, span[0])
        at = span[1]
    others = (others + xml.original(at, end)).strip()
    if "m" in given:  # rare
        given = _VALUE_METADATA.sub("", given)
        if patch.formula is not KEEP:
            given = _CELL_METADATA.sub("", given)
    if patch.style is not None:
        given = _STYLE.sub("", given) + f' s="{patch.style}"'
    formula = old["f"] if patch.formula is KEEP else _formula(xml.prefix, patch.formula)
    if patch.value is KEEP:
        return _element(xml.prefix, given, formula + old["v"] + old["is"] + others)
    kind, value = _value(xml.prefix, patch.value, computed=patch.formula is not None)
    return _element(xml.prefix, _TYPE.sub("", given) + kind, formula + value + others)


def _content(xml: XmlText, found: re.Match[str]) -> tuple[int, int]:
    """Where a cell's content stands; an empty span when it has none."""
    if found[4] is not None:
        return found.start(4) - len(f"<{xml.prefix}v>"), found.end(4) + len(f"</{xml.prefix}v>")
    return found.span(5) if found[5] is not None else (found.end(), found.end())


def _new_cell(xml: XmlText, columns: Sequence[ColumnRange], row: Row | None, place: Address, patch: Patch) -> str:
    style = _style_at(columns, row, place.column) if patch.style is None else str(patch.style)
    given = f' r="{place}"' + (f' s="{escaped(style)}"' if style else "")
    formula = "" if patch.formula is KEEP else _formula(xml.prefix, patch.formula)
    kind, value = _value(xml.prefix, None if patch.value is KEEP else patch.value, patch.formula is not None)
    return _element(xml.prefix, given + kind, formula + value)


def cell_of(place: Address, value: Scalar) -> str:
    """A cell of a new sheet, without a prefix or a style, that holds a constant."""
    kind, text = _value("", value, computed=False)
    return _element("", f' r="{place}"{kind}', text)


def _element(p: str, given: str, content: str) -> str:
    return f"<{p}c{given}>{content}</{p}c>" if content else f"<{p}c{given}/>"


def _formula(p: str, text: str | None) -> str:
    return "" if text is None else f"<{p}f{_space(text)}>{escaped(text)}</{p}f>"


def _value(p: str, value: Scalar, computed: bool) -> tuple[str, str]:
    """The type attribute and the element of a constant or of a formula's cached value."""
    match value:
        case None:
            return "", ""
        case bool():
            return ' t="b"', f"<{p}v>{int(value)}</{p}v>"
        case CellError():
            return ' t="e"', f"<{p}v>{escaped(value.code)}</{p}v>"
        case str() if computed:
            return ' t="str"', f"<{p}v{_space(value)}>{escaped(encoded(value))}</{p}v>"
        case str():
            text = f"<{p}t{_space(value)}>{escaped(encoded(value))}</{p}t>"
            return ' t="inlineStr"', f"<{p}is>{text}</{p}is>"
    return "", f"<{p}v>{number_text(value)}</{p}v>"


def _space(text: str) -> str:
    return ' xml:space="preserve"' if text != text.strip() else ""


_SPANS = re.compile(r"""(\sspans\s*=\s*["'])(\d{1,5}):(\d{1,5})(?=["'])""")


def _with_spans(tag: str, columns: Iterable[int]) -> str:
    """A row's tag whose hint about the used columns covers the changed ones."""

    def wider(found: re.Match[str]) -> str:
        return f"{found[1]}{min(whole(found[2]), *columns)}:{max(whole(found[3]), *columns)}"

    return _SPANS.sub(wider, tag, count=1)


_REFERENCE = re.compile(r"""(\sref\s*=\s*["'])([^"']*)""")


def _dimension_splice(xml: XmlText, patches: Mapping[Address, Patch]) -> Iterator[_Splice]:
    """The sheet's extent grows with the cells."""
    found = xml.first("dimension", 0, sheet_data(xml).start)
    used = [place for place, patch in patches.items() if patch[:2] != (None, None)]
    if found is None or not used or not found.attributes.get("ref"):
        return
    old = file_area(found.attributes["ref"])
    new = Area(
        min(old.top, *(place.row for place in used)),
        min(old.left, *(place.column for place in used)),
        max(old.bottom, *(place.row for place in used)),
        max(old.right, *(place.column for place in used)),
    )
    if new != old:
        tag = xml.original(found.start, found.inner)
        yield found.start, found.inner, _REFERENCE.sub(lambda ref: f"{ref[1]}{new}", tag, count=1)
