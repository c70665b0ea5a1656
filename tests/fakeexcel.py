"""A spreadsheet program for xlwings' own API: an engine whose sheets are openpyxl's.

It behaves as Excel's does where ``books/live.py`` relies on it: None for a block whose cells differ, currency as a
Decimal cut to four places, errors as text on request, an apostrophe before text. It counts the questions it is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import xlwings as xw
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

asked: Counter[str] = Counter()


def open_book(path: Path) -> xw.Book:
    """The workbook as a program shows it that has just opened it."""
    return xw.Book(impl=Book(path))


class Engine:
    name, type = "fake", "desktop"

    @staticmethod
    def prepare_xl_data_element(value: Any, _: Any) -> Any:
        return value

    @staticmethod
    def clean_value_data(rows: Any, _dates: Any, empty: Any, _numbers: Any, err_to_str: bool) -> Any:
        assert err_to_str
        return [[empty if value in ("", None) else value for value in row] for row in rows]


class App:
    engine, pid = Engine(), 1
    calculation, screen_updating, status_bar = "automatic", True, False

    def __init__(self) -> None:
        self.alerts: list[str] = []

    def alert(self, prompt: str, *_: Any) -> str:
        self.alerts.append(prompt)
        return "ok"


class Book:
    def __init__(self, path: Path) -> None:
        self.app, self.path = App(), path
        self.cached, self.formulas = load_workbook(path, data_only=True), load_workbook(path)
        self.sheets = Sheets(self)
        self.names = Names(self)
        self.name, self.fullname = path.name, str(path)


class Collection(list[Any]):
    def __call__(self, key: str | int) -> Any:
        return self[key - 1] if isinstance(key, int) else next(item for item in self if item.name == key)


class Sheets(Collection):
    def __init__(self, book: Book) -> None:
        super().__init__(Sheet(book, sheet.title) for sheet in book.formulas.worksheets)


class Names(Collection):
    def __init__(self, book: Book) -> None:
        known = book.formulas.defined_names.items()
        super().__init__(SimpleNamespace(name=name, refers_to=f"={found.attr_text}") for name, found in known)

    def snapshot(self) -> list[tuple[str, Any]]:
        return [(name.name, name) for name in self]


class Sheet:
    def __init__(self, book: Book, name: str) -> None:
        self.book, self.name = book, name
        self.cached: Worksheet = book.cached[name]
        self.formulas: Worksheet = book.formulas[name]
        self.api = SimpleNamespace(ProtectContents=bool(self.formulas.protection.sheet))
        self.visible = self.formulas.sheet_state == "visible"

    @property
    def used_range(self) -> Range:
        return Range(self, 1, 1, self.formulas.max_row, self.formulas.max_column)

    def range(self, first: tuple[int, int], last: tuple[int, int] | None = None) -> Range:
        return Range(self, *first, *(last or first))


class Range:
    max_cells_per_read = max_cells_per_write = None

    def __init__(self, sheet: Sheet, row: int, column: int, bottom: int, right: int) -> None:
        self.sheet, self.row, self.column = sheet, row, column
        self.shape = (bottom - row + 1, right - column + 1)
        self._box = {"min_row": row, "max_row": bottom, "min_col": column, "max_col": right}

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int | None = None) -> Range:
        if column is None:
            row, column = (row - 1) // self.shape[1] + 1, (row - 1) % self.shape[1] + 1
        place = (self.row + row - 1, self.column + column - 1)
        return Range(self.sheet, *place, *place)

    def _common(self, question: str, answers: Iterator[Any]) -> Any:
        asked[question] += 1
        found = set(answers)
        return found.pop() if len(found) == 1 else None

    def _cells(self) -> Iterator[Any]:
        return (cell for row in self.sheet.formulas.iter_rows(**self._box) for cell in row)

    def _rows(self, sheet: Worksheet, convert: Callable[[Any], Any]) -> Any:
        rows = tuple(tuple(map(convert, row)) for row in sheet.iter_rows(**self._box))
        return rows if len(self) > 1 else rows[0][0]

    @property
    def api(self) -> Any:
        number = self.sheet.cached.cell(self.row, self.column).value
        locked = self._common("locked", (cell.protection.locked for cell in self._cells()))
        return SimpleNamespace(Value2=number, Locked=locked)

    @property
    def raw_value(self) -> Any:
        asked["value"] += 1
        return self._rows(self.sheet.cached, _as_excel)

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        assert not str(value).startswith("=") or self.number_format == "@", "text would become a formula"
        self._set(value[1:] if isinstance(value, str) and value.startswith("'") else value, value)

    @property
    def formula(self) -> Any:
        asked["formula"] += 1
        return self._rows(self.sheet.formulas, lambda cell: "" if cell.value is None else str(cell.value))

    @formula.setter
    def formula(self, text: str) -> None:
        assert self.number_format != "@", "the formula would become text"
        self._set(None, text)

    def _set(self, shown: Any, written: Any) -> None:
        assert (self.sheet.book.app.calculation, self.sheet.book.app.screen_updating) == ("manual", False)
        self.sheet.cached.cell(self.row, self.column).value = shown
        self.sheet.formulas.cell(self.row, self.column).value = written

    def clear_contents(self) -> None:
        self._set(None, None)

    @property
    def number_format(self) -> Any:
        return self._common("number_format", (cell.number_format for cell in self._cells()))

    @number_format.setter
    def number_format(self, code: str) -> None:
        self.sheet.formulas.cell(self.row, self.column).number_format = code

    @property
    def merge_cells(self) -> Any:
        merged = self.sheet.formulas.merged_cells
        return self._common("merge_cells", (cell.coordinate in merged for cell in self._cells()))

    @property
    def merge_area(self) -> Range:
        for area in self.sheet.formulas.merged_cells.ranges:
            if area.min_row <= self.row <= area.max_row and area.min_col <= self.column <= area.max_col:
                return Range(self.sheet, area.min_row, area.min_col, area.max_row, area.max_col)
        return self

    @property
    def row_hidden(self) -> Any:
        rows, last = self.sheet.formulas.row_dimensions, self.row + self.shape[0]
        return self._common("hidden", (rows[n].hidden for n in range(self.row, last)))

    @property
    def column_hidden(self) -> Any:
        columns, last = self.sheet.formulas.column_dimensions, self.column + self.shape[1]
        return self._common("hidden", (columns[get_column_letter(n)].hidden for n in range(self.column, last)))

    @property
    def has_array(self) -> bool:
        return not isinstance(self.sheet.formulas.cell(self.row, self.column).value, (str, int, float, type(None)))


def _as_excel(cell: Any) -> Any:
    """A cell's value as pywin32 hands it over."""
    value = cell.value
    if isinstance(value, time):
        return datetime.combine(date(1899, 12, 30), value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(f"{value:.4f}") if "￥" in cell.number_format else float(value)
    return value
