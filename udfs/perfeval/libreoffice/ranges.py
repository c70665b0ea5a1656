"""Cells of Calc behind xlwings' API, as Excel would show them: dates as moments, errors by name, formulas as in Excel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, Protocol

import uno  # pyright: ignore[reportMissingImports]

from perfeval.errors import CELL_ERRORS
from perfeval.libreoffice.marks import ConditionalFormats, Note
from perfeval.libreoffice.values import error_of

_EXCEL_FORMULAS = 3  # com.sun.star.sheet.AddressConvention.XL_OOX: as they stand in an .xlsx
_DATE, _TIME, _LOGICAL = 2, 4, 1024  # com.sun.star.util.NumberFormat
_FORMULA = 16  # com.sun.star.sheet.CellFlags
_CONTENTS = 1 | 2 | 4 | _FORMULA  # values, dates and texts too
_LOOKS = 32 | 64 | 256 | 512  # formats of the cells and of parts of their text, and styles
_ERROR = 4  # com.sun.star.sheet.FormulaResult
_TEXT_MARK = "'"
_CHARACTER = 200  # hundredths of a millimetre that a character of the usual font is wide
_POINTS = 72 / 2540  # of a hundredth of a millimetre


class Cells:
    """What a whole document knows of its cells: how to read formulas, and number formats by their keys."""

    def __init__(self, document: Any) -> None:
        self._formats = document.NumberFormats
        self._known: dict[int, tuple[str, int]] = {}
        self._english = uno.createUnoStruct("com.sun.star.lang.Locale", "en", "US", "")
        self._parser = document.createInstance("com.sun.star.sheet.FormulaParser")
        self._parser.CompileEnglish = True
        self._parser.FormulaConvention = _EXCEL_FORMULAS

    def printed(self, tokens: Any, place: Any) -> str:
        """A formula as Excel writes it, without the leading =."""
        return self._parser.printFormula(tokens, place)

    def parsed(self, formula: str, place: Any) -> Any:
        """The formula, without its leading =, as Calc's tokens."""
        return self._parser.parseFormula(formula, place)

    def format(self, key: int) -> tuple[str, int]:
        """A number format's code and kind."""
        if key not in self._known:
            found = self._formats.getByKey(key)
            self._known[key] = (found.FormatString, found.Type)
        return self._known[key]

    def key(self, code: str) -> int:
        """The key of a number format, which is made if there is none yet."""
        found = self._formats.queryKey(code, self._english, False)
        return found if found >= 0 else self._formats.addNew(code, self._english)

    def standard_key(self, kind: int) -> int:
        """The key of the usual format for dates, times or truth values."""
        return self._formats.getStandardFormat(kind, self._english)

    @property
    def first_day(self) -> datetime:
        """The day that Calc counts as 0."""
        return datetime(1899, 12, 30)


class Document(Protocol):
    """A document, as far as its ranges need it; ``document`` is Calc's own."""

    document: Any
    cells: Cells
    document: Any


class Sheet(Protocol):
    """A sheet, as far as its ranges need it; ``sheet`` is Calc's own."""

    sheet: Any

    @property
    def book(self) -> Document: ...
    @property
    def notes(self) -> list[Note]: ...


class Range:
    """A block of cells; rows and columns count from 1."""

    max_cells_per_read = max_cells_per_write = None

    def __init__(self, sheet: Sheet, top: int, left: int, bottom: int, right: int) -> None:
        self._sheet, self._box = sheet, (top, left, bottom, right)
        self._cells = sheet.book.cells
        self._range = sheet.sheet.getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1)

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def row(self) -> int:
        return self._box[0]

    @property
    def column(self) -> int:
        return self._box[1]

    @property
    def shape(self) -> tuple[int, int]:
        top, left, bottom, right = self._box
        return bottom - top + 1, right - left + 1

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int | None = None) -> Range:
        if column is None:
            row, column = (row - 1) // self.shape[1] + 1, (row - 1) % self.shape[1] + 1
        place = (self.row + row - 1, self.column + column - 1)
        return Range(self._sheet, *place, *place)

    @property
    def api(self) -> Any:
        """What xlwings' own API does not have, by Excel's name for it."""
        locked = self._range.CellProtection.IsLocked if self._is_uniform("CellProtection") else None
        return SimpleNamespace(Locked=locked)

    # --- contents ---

    @property
    def raw_value(self) -> tuple[tuple[Any, ...], ...]:
        rows = [[None if value == "" else value for value in row] for row in self._range.getDataArray()]
        for part in self._parts(self._range.queryFormulaCells(_ERROR)):
            for row, column in part:
                rows[row][column] = str(error_of(self._range.getCellByPosition(column, row).getError()))
        for part in self._range.getCellFormatRanges():
            _, kind = self._cells.format(part.NumberFormat)
            if kind & (_DATE | _TIME | _LOGICAL):
                for row, column in self._places(part.RangeAddress):
                    rows[row][column] = self._typed(rows[row][column], kind)
        return tuple(map(tuple, rows))

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        rows = value if isinstance(value, (list, tuple)) else [[value] * self.shape[1]] * self.shape[0]
        for row, line in enumerate(rows):
            for column, single in enumerate(line):
                self._write(self._range.getCellByPosition(column, row), single)

    def _typed(self, value: Any, kind: int) -> Any:
        """A number by what its format shows."""
        if not isinstance(value, float):
            return value
        if kind & _LOGICAL:
            return bool(value)
        return self._cells.first_day + timedelta(days=value)

    def _write(self, cell: Any, value: Any) -> None:
        if isinstance(value, str):
            shown_as = cell.NumberFormat
            cell.String = value.removeprefix(_TEXT_MARK)
            cell.NumberFormat = shown_as  # a text like 95% would make it a text format, also for what is typed later
        elif isinstance(value, datetime):
            cell.Value = (value - self._cells.first_day) / timedelta(days=1)
            self._show_as(cell, _DATE)
        elif isinstance(value, bool):
            cell.Value = float(value)
            self._show_as(cell, _LOGICAL)
        else:
            cell.Value = float(value)

    def _show_as(self, cell: Any, kind: int) -> None:
        """Give a cell a format that shows its value as what it is, as Excel does when one is typed in."""
        if not self._cells.format(cell.NumberFormat)[1] & kind:
            cell.NumberFormat = self._cells.standard_key(kind)

    @property
    def formula(self) -> Any:
        rows = [[str(value) for value in row] for row in self._range.getDataArray()]
        for part in self._parts(self._range.queryContentCells(_FORMULA)):
            for row, column in part:
                cell = self._range.getCellByPosition(column, row)
                rows[row][column] = "=" + self._cells.printed(cell.getTokens(), cell.CellAddress)
        return tuple(map(tuple, rows)) if len(self) > 1 else rows[0][0]

    @formula.setter
    def formula(self, content: Any) -> None:
        if isinstance(content, str):
            self._write_formula(self._range.getCellByPosition(0, 0), content)
            return
        if not any(isinstance(value, str) and value.startswith("=") for line in content for value in line):
            self._range.setDataArray(tuple(tuple(map(_plain, line)) for line in content))
            return
        for row, line in enumerate(content):
            for column, value in enumerate(line):
                cell = self._range.getCellByPosition(column, row)
                if isinstance(value, str) and value.startswith("="):
                    self._write_formula(cell, value)
                elif value != "":
                    self._write(cell, value)

    def _write_formula(self, cell: Any, text: str) -> None:
        plain = text.removeprefix("=")
        if plain in CELL_ERRORS:
            cell.setFormula(text)  # the parser has no tokens for an error
        else:
            cell.setTokens(self._cells.parsed(plain, cell.CellAddress))

    def clear_contents(self) -> None:
        self._range.clearContents(_CONTENTS)

    def clear(self) -> None:
        """Contents and looks."""
        self._range.clearContents(_CONTENTS | _LOOKS)

    @property
    def has_array(self) -> bool:
        return any(
            self._range.getCellByPosition(column, row).getArrayFormula()
            for part in self._parts(self._range.queryContentCells(_FORMULA))
            for row, column in part
        )

    # --- structure ---

    def insert(self, shift: str, _copy_origin: str) -> None:
        """Move what stands here down, to make room: whole rows, or these cells alone."""
        assert shift == "down"
        area = self._range.RangeAddress
        if area.EndColumn - area.StartColumn + 1 == self._sheet.sheet.Columns.Count:
            self._sheet.sheet.Rows.insertByIndex(area.StartRow, area.EndRow - area.StartRow + 1)
        else:
            self._sheet.sheet.insertCells(area, uno.Enum("com.sun.star.sheet.CellInsertMode", "DOWN"))

    def copy(self, destination: Any) -> None:
        """Copy everything, contents and looks, to where ``destination`` (a Range of xlwings) begins."""
        to = destination.impl
        self._sheet.sheet.copyRange(to.corner.CellAddress, self._range.RangeAddress)

    def merge(self, across: bool) -> None:
        assert not across
        self._range.merge(True)

    def unmerge(self) -> None:
        self._range.merge(False)

    @property
    def corner(self) -> Any:
        """The top left cell."""
        return self._range.getCellByPosition(0, 0)

    def select(self) -> None:
        self._sheet.book.document.CurrentController.select(self._range)

    # --- marks ---

    @property
    def note(self) -> Note | None:
        place = self.corner.CellAddress
        notes = self._sheet.notes
        return next((note for note in notes if note.place == (place.Column, place.Row)), None)

    comment = None  # Calc has notes only

    def add_note(self, text: str) -> Note | None:
        self._sheet.sheet.Annotations.insertNew(self.corner.CellAddress, text)
        return self.note

    @property
    def conditional_formats(self) -> ConditionalFormats:
        return ConditionalFormats(self._sheet.book.document, self._sheet.sheet, self._range)

    # --- looks ---

    @property
    def column_width(self) -> float | None:
        """In characters; None where the columns differ."""
        columns = self._range.Columns
        widths = {columns.getByIndex(place).Width for place in range(columns.Count)}
        return widths.pop() / _CHARACTER if len(widths) == 1 else None

    @column_width.setter
    def column_width(self, characters: float) -> None:
        self._range.Columns.Width = round(characters * _CHARACTER)

    @property
    def row_height(self) -> float | None:
        """In points; None where the rows differ."""
        rows = self._range.Rows
        heights = {rows.getByIndex(place).Height for place in range(rows.Count)}
        return heights.pop() * _POINTS if len(heights) == 1 else None

    @row_height.setter
    def row_height(self, points: float) -> None:
        self._range.Rows.Height = round(points / _POINTS)

    @property
    def number_format(self) -> str | None:
        return self._cells.format(self._range.NumberFormat)[0] if self._is_uniform("NumberFormat") else None

    @number_format.setter
    def number_format(self, code: str) -> None:
        self._range.NumberFormat = self._cells.key(code)

    @property
    def merge_cells(self) -> bool | None:
        """None where a merged area begins among other cells."""
        merged = self._range.getIsMerged()
        return None if merged and len(self) > 1 else merged

    @property
    def merge_area(self) -> Range:
        cursor = self._sheet.sheet.createCursorByRange(self._range.getCellByPosition(0, 0))
        cursor.collapseToMergedArea()
        area = cursor.RangeAddress
        return Range(self._sheet, area.StartRow + 1, area.StartColumn + 1, area.EndRow + 1, area.EndColumn + 1)

    @property
    def row_hidden(self) -> bool | None:
        top, _, bottom, _ = self._box
        whole = self._sheet.sheet.getCellRangeByPosition(0, top - 1, self._sheet.sheet.Columns.Count - 1, bottom - 1)
        seen = {(area.StartRow, area.EndRow) for area in whole.queryVisibleCells().RangeAddresses}
        return _hidden(seen, self.shape[0])

    @property
    def column_hidden(self) -> bool | None:
        _, left, _, right = self._box
        whole = self._sheet.sheet.getCellRangeByPosition(left - 1, 0, right - 1, self._sheet.sheet.Rows.Count - 1)
        seen = {(area.StartColumn, area.EndColumn) for area in whole.queryVisibleCells().RangeAddresses}
        return _hidden(seen, self.shape[1])

    @column_hidden.setter
    def column_hidden(self, hidden: bool) -> None:
        self._range.Columns.IsVisible = not hidden

    @property
    def font(self) -> Font:
        return Font(self._range)

    def _is_uniform(self, name: str) -> bool:
        return self._range.getPropertyState(name).value != "AMBIGUOUS_VALUE"

    # --- places within this range, from 0 ---

    def _parts(self, ranges: Any) -> Iterable[Iterable[tuple[int, int]]]:
        return (self._places(area) for area in ranges.RangeAddresses)

    def _places(self, area: Any) -> Iterable[tuple[int, int]]:
        return (
            (row - self.row + 1, column - self.column + 1)
            for row in range(area.StartRow, area.EndRow + 1)
            for column in range(area.StartColumn, area.EndColumn + 1)
        )


def _plain(value: Any) -> str | float:
    """A constant as an array of data takes it."""
    return value.removeprefix(_TEXT_MARK) if isinstance(value, str) else float(value)


class Font:
    """The font of a block of cells."""

    def __init__(self, cells: Any) -> None:
        self._cells = cells

    @property
    def size(self) -> float:
        return self._cells.CharHeight

    @size.setter
    def size(self, points: float) -> None:
        for name in ("CharHeight", "CharHeightAsian"):
            setattr(self._cells, name, points)

    @property
    def color(self) -> tuple[int, int, int]:
        number = self._cells.CharColor
        return number >> 16 & 255, number >> 8 & 255, number & 255

    @color.setter
    def color(self, rgb: tuple[int, int, int]) -> None:
        self._cells.CharColor = rgb[0] << 16 | rgb[1] << 8 | rgb[2]


def _hidden(seen: set[tuple[int, int]], count: int) -> bool | None:
    """Whether rows or columns are hidden, of which these stretches are visible; None where some are."""
    visible = sum(last - first + 1 for first, last in seen)
    return None if 0 < visible < count else not visible
