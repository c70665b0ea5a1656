"""Notes and conditional formats of Calc behind xlwings' API, as far as marks on cells need them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_CONDITION = 0  # com.sun.star.sheet.ConditionEntryType
_FORMULA = 8  # com.sun.star.sheet.ConditionFormatOperator.EXPRESSION
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
    """The rules that touch a block of cells."""

    def __init__(self, document: Any, sheet: Any, cells: Any) -> None:
        self._document, self._formats, self._cells = document, sheet.ConditionalFormats, cells

    def __iter__(self) -> Iterator[ConditionalFormat]:
        for found in self._formats.getConditionalFormats():
            if found.Range.queryIntersection(self._cells.RangeAddress).Count:
                for place in range(found.Count):
                    yield ConditionalFormat(self._formats, found, found.getByIndex(place))

    def add_custom(self, spec: dict[str, Any]) -> ConditionalFormat:
        ranges = self._document.createInstance("com.sun.star.sheet.SheetCellRanges")
        ranges.addRangeAddress(self._cells.RangeAddress, False)
        made = self._formats.createByRange(ranges)
        found = next(one for one in self._formats.getConditionalFormats() if made == one.ID)
        found.createEntry(_CONDITION, 0)
        entry = found.getByIndex(0)
        entry.Operator, entry.Formula1 = _FORMULA, spec["formula"].removeprefix("=")
        entry.StyleName = self._style(spec["fill_color"])
        return ConditionalFormat(self._formats, found, entry)

    def _style(self, colour: tuple[int, int, int]) -> str:
        """The name of a cell style that fills with a colour."""
        red, green, blue = colour
        name = f"PerfEval {red:02x}{green:02x}{blue:02x}"
        styles = self._document.StyleFamilies.getByName(_STYLES)
        if not styles.hasByName(name):
            styles.insertByName(name, self._document.createInstance(_STYLE))
            styles.getByName(name).CellBackColor = red << 16 | green << 8 | blue
        return name


class ConditionalFormat:
    """One rule."""

    def __init__(self, formats: Any, found: Any, entry: Any) -> None:
        self._formats, self._found, self._entry = formats, found, entry

    @property
    def type(self) -> str:
        return "custom" if self._entry.getType() == _CONDITION and self._entry.Operator == _FORMULA else "unknown"

    @property
    def formula(self) -> str | None:
        return f"={self._entry.Formula1}" if self.type == "custom" else None

    def delete(self) -> None:
        """The rule, and with the last rule the whole format."""
        self._formats.removeByID(self._found.ID)
