"""Notes and conditional formats of Calc behind xlwings' API, as far as marks on cells need them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zlib import crc32

import uno  # pyright: ignore[reportMissingImports]

_EXPRESSION = 24  # com.sun.star.sheet.ConditionFormatOperator
_STYLES, _STYLE = "CellStyles", "com.sun.star.style.CellStyle"


class Note:
    """The note of a cell."""

    def __init__(self, sheet: Any, place: Any) -> None:
        self._notes, self.place = sheet.Annotations, (place.Column, place.Row)

    @property
    def text(self) -> str:
        return self._notes.getByIndex(self._index()).String

    def delete(self) -> None:
        self._notes.removeByIndex(self._index())

    def _index(self) -> int:
        places = (self._notes.getByIndex(index).Position for index in range(self._notes.Count))
        return [(place.Column, place.Row) for place in places].index(self.place)


class ConditionalFormats:
    """The rules that touch a block of cells.

    They are found through the sheet's list, and changed through the cells' own property: rules that are added to the list
    show only when the file is opened again.
    """

    def __init__(self, document: Any, sheet: Any, cells: Any) -> None:
        self._document, self._sheet, self._cells = document, sheet, cells

    def __iter__(self) -> Iterator[ConditionalFormat]:
        for found in self._sheet.ConditionalFormats.getConditionalFormats():
            areas = found.Range
            if areas.queryIntersection(self._cells.RangeAddress).Count:
                for place in range(found.Count):
                    entry = found.getByIndex(place)
                    is_custom = entry.getType() == 0 and entry.Operator == _EXPRESSION
                    yield ConditionalFormat(self._sheet, areas.RangeAddresses, entry.Formula1 if is_custom else None)

    def add_custom(self, spec: dict[str, Any]) -> ConditionalFormat:
        formula = spec["formula"].removeprefix("=")
        rules = self._cells.ConditionalFormat
        operator = uno.Enum("com.sun.star.sheet.ConditionOperator", "FORMULA")
        rules.addNew(named(Operator=operator, Formula1=formula, StyleName=self._style(spec["fill_color"])))
        self._cells.ConditionalFormat = rules
        return ConditionalFormat(self._sheet, (self._cells.RangeAddress,), formula)

    def _style(self, colour: tuple[int, int, int]) -> str:
        """The name of a cell style that fills with a colour, and else repeats the cells' own look.

        A style has all that the document's default style sets (its font, its alignment), and would bring it along.
        """
        red, green, blue = colour
        styles = self._document.StyleFamilies.getByName(_STYLES)
        default = styles.getByName("Default")
        names = tuple(one.Name for one in default.PropertySetInfo.Properties)
        states = zip(names, default.getPropertyStates(names), strict=True)
        known = self._cells.PropertySetInfo
        brought = [name for name, state in states if state.value == "DIRECT_VALUE" and known.hasPropertyByName(name)]
        own = {name: getattr(self._cells, name) for name in brought}
        name = f"PerfEval {red:02x}{green:02x}{blue:02x} {crc32(repr(own).encode()):08x}"
        if not styles.hasByName(name):
            styles.insertByName(name, self._document.createInstance(_STYLE))
            made = styles.getByName(name)
            for key, value in own.items():
                setattr(made, key, value)
            made.CellBackColor = red << 16 | green << 8 | blue
        return name


class ConditionalFormat:
    """One rule; ``formula`` is None for a kind of rule that is not looked into."""

    def __init__(self, sheet: Any, areas: tuple[Any, ...], formula: str | None) -> None:
        self._sheet, self._areas, self._formula = sheet, areas, formula

    @property
    def formula(self) -> str | None:
        return None if self._formula is None else f"={self._formula}"

    def delete(self) -> None:
        """Take the rule off its cells; other rules of theirs stay."""
        for area in self._areas:
            cells = self._sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)
            rules = cells.ConditionalFormat
            for place in reversed(range(rules.Count)):
                if rules.getByIndex(place).Formula1 == self._formula:
                    rules.removeByIndex(place)
            cells.ConditionalFormat = rules


def named(**values: Any) -> tuple[Any, ...]:
    """Named values as UNO takes them."""
    made = []
    for name, value in values.items():
        one = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)
