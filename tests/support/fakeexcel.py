"""A spreadsheet program for xlwings' own API: an engine whose sheets are openpyxl's.

It behaves as Excel's does where the commands rely on it: None for a block whose cells differ, currency as a Decimal cut
to four places, errors as text on request, an apostrophe before text; it refuses to tear a merged area, to select on a sheet
that is not in front, and to merge contents away. It counts the questions it is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from copy import copy
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import xlwings as xw
from openpyxl import load_workbook
from openpyxl.cell import MergedCell
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

LAST_COLUMN = 16_384

asked: Counter[str] = Counter()


def open_book(path: Path) -> xw.Book:
    """The workbook as a program shows it that has just opened it."""
    return xw.Book(impl=Book(path))


def addin_alone(path: Path) -> xw.Book:
    """The add-in, as a command gets it while no workbook is open: its sheets concern nobody."""
    app = App()
    return xw.Book(impl=SimpleNamespace(app=app, name=path.name, fullname=str(path)))


class Engine:
    name, type = "fake", "desktop"

    @staticmethod
    def prepare_xl_data_element(value: Any, _: Any) -> Any:
        return value

    @staticmethod
    def clean_value_data(rows: Any, _dates: Any, empty: Any, _numbers: Any, err_to_str: bool) -> Any:
        assert err_to_str or len(rows) == len(rows[0]) == 1
        return [[empty if value in ("", None) else value for value in row] for row in rows]


class App:
    engine, pid = Engine(), 1
    calculation, screen_updating, status_bar = "automatic", True, False
    selection: Range | None = None

    def __init__(self) -> None:
        self.books = Books(self)
        self.alerts: list[str] = []
        self.answers: list[str] = []  # of the user, to questions to come

    def alert(self, prompt: str, _title: str, buttons: str, *_: Any) -> str:
        self.alerts.append(prompt)
        return self.answers.pop(0) if buttons == "ok_cancel" else "ok"

    def calculate(self) -> None:
        """Every formula has the value that the file keeps for it."""


class Books:
    """What is opened beside the workbook; ``closed`` are those that were closed again, ``shown`` the files that stay on the screen."""

    def __init__(self, app: App) -> None:
        self.app, self.closed, self.shown = app, [], []

    def __call__(self, name: str) -> Book:
        raise KeyError(name)

    def open(self, fullname: str, _links: Any = None, read_only: bool | None = None, *_: Any) -> Book:
        if not read_only:
            self.shown.append(fullname)
        return Book(Path(fullname), self.app)


class Book:
    has_printer = True

    def __init__(self, path: Path, app: App | None = None) -> None:
        self.app, self.path = app or App(), path
        self.cached, self.formulas = load_workbook(path, data_only=True), load_workbook(path)
        self.sheets = Sheets(self)
        self.api = SimpleNamespace(ProtectStructure=False)
        self.in_front = self.formulas.sheetnames[0]
        self.rules: list[Rule] = []  # that marks are made of; what the file brings is not looked into
        self.notes: list[Note] = []
        self.names = Names(self)
        self.name, self.fullname = path.name, str(path)

    def to_pdf(self, path: str, quality: str) -> None:
        if not self.has_printer:
            raise OSError("-2147352567")
        Path(path).write_bytes(b"%PDF-1.7\n" + "|".join(self.formulas.sheetnames).encode() + b"\nstartxref\n0\n%%EOF\n")

    def close(self) -> None:
        self.app.books.closed.append(self.name)


class Collection(list[Any]):
    def __call__(self, key: str | int) -> Any:
        return self[key - 1] if isinstance(key, int) else next(item for item in self if item.name == key)


class Sheets:
    def __init__(self, book: Book) -> None:
        self._book = book

    def __call__(self, key: str | int) -> Sheet:
        return Sheet(self._book, self._book.formulas.sheetnames[key - 1] if isinstance(key, int) else key)

    def __len__(self) -> int:
        return len(self._book.formulas.sheetnames)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self._book, name) for name in self._book.formulas.sheetnames)

    @property
    def active(self) -> Sheet:
        return self(self._book.in_front)

    def add(self, before: Sheet | None, after: Sheet | None, name: str) -> Sheet:
        """A new sheet behind another one, which comes to the front."""
        assert before is None
        assert after is not None
        place = self._book.formulas.sheetnames.index(after.name) + 1
        for workbook in (self._book.cached, self._book.formulas):
            workbook.create_sheet(name, place)
        self._book.in_front = name
        return self(name)


class Note:
    """A note of a cell: its sheet, its row and column."""

    def __init__(self, notes: list[Note], place: tuple[str, int, int], text: str) -> None:
        self._notes, self.place, self.text = notes, place, text
        notes.append(self)

    def delete(self) -> None:
        self._notes.remove(self)


class Rule:
    """A conditional format whose condition is a formula."""

    type = "custom"

    def __init__(self, rules: list[Rule], place: tuple[str, int, int], formula: str, colour: Any) -> None:
        self._rules, self.place, self.formula, self.colour = rules, place, formula, colour
        rules.append(self)

    def delete(self) -> None:
        self._rules.remove(self)


class Rules(list[Any]):
    """The rules that touch a range."""

    def __init__(self, area: Range) -> None:
        self._area = area
        super().__init__(rule for rule in area.sheet.book.rules if area.holds(rule.place))

    def add_custom(self, spec: dict[str, Any]) -> Rule:
        place = (self._area.sheet.name, self._area.row, self._area.column)
        return Rule(self._area.sheet.book.rules, place, spec["formula"], spec["fill_color"])


class Names(Collection):
    def __init__(self, book: Book) -> None:
        super().__init__()
        for name, found in book.formulas.defined_names.items():
            self.add(name, f"={found.attr_text}")

    def add(self, name: str, refers_to: str) -> Any:
        made = SimpleNamespace(name=name, refers_to=refers_to, delete=lambda: self.remove(made))
        self.append(made)
        return made

    def contains(self, name: str) -> bool:
        return any(one.name == name for one in self)

    def snapshot(self) -> list[tuple[str, Any]]:
        return [(name.name, name) for name in self]


class Sheet:
    def __init__(self, book: Book, name: str) -> None:
        self.book, self._name = book, name
        self.cached: Worksheet = book.cached[name]
        self.formulas: Worksheet = book.formulas[name]
        self.api = SimpleNamespace(ProtectContents=bool(self.formulas.protection.sheet))
        self.page_setup = PageSetup(self)

    @property
    def visible(self) -> bool:
        return self.formulas.sheet_state == "visible"

    @visible.setter
    def visible(self, yes: bool) -> None:
        self.formulas.sheet_state = "visible" if yes else "hidden"
        self._leave_the_front(not yes)

    def activate(self) -> None:
        self.book.in_front = self.name

    def delete(self) -> None:
        for workbook, sheet in ((self.book.cached, self.cached), (self.book.formulas, self.formulas)):
            workbook.remove(sheet)
        self._leave_the_front(True)

    def _leave_the_front(self, away: bool) -> None:
        """Of a sheet that is out of sight the last one that is in sight takes the place."""
        if away and self.book.in_front == self.name:
            self.book.in_front = [one.title for one in self.book.formulas.worksheets if one.sheet_state == "visible"][
                -1
            ]

    @property
    def notes(self) -> list[Note]:
        return [note for note in self.book.notes if note.place[0] == self.name]

    @property
    def used_range(self) -> Range:
        return Range(self, 1, 1, self.formulas.max_row, self.formulas.max_column)

    def range(self, first: Any, last: Any = None) -> Range:
        if isinstance(first, Range):
            first, last = (first.row, first.column), (last.row, last.column)
        if isinstance(first, str):  # whole rows: 14:14
            top, bottom = map(int, first.split(":"))
            return Range(self, top, 1, bottom, LAST_COLUMN)
        return Range(self, *first, *(last or first))

    @property
    def name(self) -> str:
        return self._name

    @name.setter
    def name(self, name: str) -> None:
        self.cached.title = self.formulas.title = self._name = name
        self.book.in_front = name

    @property
    def both(self) -> tuple[Worksheet, Worksheet]:
        return self.cached, self.formulas

    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        assert before is None
        assert after is not None
        for workbook, sheet in ((self.book.cached, self.cached), (self.book.formulas, self.formulas)):
            made = workbook.copy_worksheet(sheet)
            made.title = f"{self.name} (2)"[-31:]
            workbook._sheets.insert(workbook.sheetnames.index(after.name) + 1, workbook._sheets.pop())
        self.book.in_front = made.title  # a copy comes to the front


class PageSetup:
    """The print area, as Excel gives it: cells without their sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def print_area(self) -> str:
        return ",".join(part.rpartition("!")[2] for part in (self._sheet.formulas.print_area or "").split(","))

    @print_area.setter
    def print_area(self, area: str | None) -> None:
        self._sheet.formulas.print_area = area


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
    def formula(self, text: Any) -> None:
        if isinstance(text, list):
            for down, row in enumerate(text):
                for right, one in enumerate(row):
                    self(down + 1, right + 1)._write(one)
            return
        assert self.number_format != "@", "the formula would become text"
        self._set(None, text)

    def _write(self, content: str | float) -> None:
        """A formula, a constant, a text behind its mark, or nothing."""
        if isinstance(content, str) and content.startswith("="):
            self.formula = content
        elif isinstance(content, str):
            assert content[:1] in ("", "'"), "a text that Excel would read"
            self._set(content[1:] or None, content or None)
        else:
            self._set(content, content)

    def _set(self, shown: Any, written: Any) -> None:
        assert (self.sheet.book.app.calculation, self.sheet.book.app.screen_updating) == ("manual", False)
        self.sheet.cached.cell(self.row, self.column).value = shown
        self.sheet.formulas.cell(self.row, self.column).value = written

    def clear_contents(self) -> None:
        self._refuse_torn_merges()
        self._set(None, None)

    def clear(self) -> None:
        self._refuse_torn_merges()
        for one in self.sheet.both:
            for cell in (cell for row in one.iter_rows(**self._box) for cell in row):
                cell.value, cell.style = None, "Normal"

    @property
    def font(self) -> Any:
        return SimpleNamespace()  # its looks are nobody's question

    def _refuse_torn_merges(self) -> None:
        """As Excel does: We can't do that to a merged cell."""
        for area in self.sheet.formulas.merged_cells.ranges:
            own = (self._box["min_row"], self._box["min_col"], self._box["max_row"], self._box["max_col"])
            apart = area.max_row < own[0] or area.min_row > own[2] or area.max_col < own[1] or area.min_col > own[3]
            inside = (
                area.min_row >= own[0] and area.min_col >= own[1] and area.max_row <= own[2] and area.max_col <= own[3]
            )
            assert apart or inside, f"{self.sheet.name} {own} tears {area}"

    def select(self) -> None:
        assert self.sheet.book.in_front == self.sheet.name, "Excel selects on the sheet in front only"
        self.sheet.book.app.selection = self

    def insert(self, shift: str, copy_origin: str) -> None:
        """Whole rows, or cells alone, as Excel inserts them: with the formats of the row above."""
        assert (shift, copy_origin, self.shape[0]) == ("down", "format_from_left_or_above", 1)
        sheet, row = self.sheet.name, self.row
        if self.shape[1] < LAST_COLUMN:
            for one in self.sheet.both:
                one.move_range(self._cells_below(one), rows=1)
            return
        for one in self.sheet.both:
            heights = {n: found.height for n, found in one.row_dimensions.items()}
            one.insert_rows(row)
            for number in range(row, one.max_row + 1):
                one.row_dimensions[number].height = heights.get(number - 1)
            for area in one.merged_cells.ranges:
                area.max_row += area.max_row >= row
                area.min_row += area.min_row >= row
            for column in range(1, one.max_column + 1):
                one.cell(row, column)._style = copy(one.cell(row - 1, column)._style)
        for other in self.sheet.book.formulas.worksheets:
            for cell in (cell for line in other for cell in line):
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.value = moved(cell.value, sheet, row, own=other.title == sheet)

    def _cells_below(self, sheet: Worksheet) -> str:
        first, last = get_column_letter(self._box["min_col"]), get_column_letter(self._box["max_col"])
        return f"{first}{self.row}:{last}{sheet.max_row}"

    def copy(self, destination: Any) -> None:
        self._refuse_torn_merges()
        to = destination.impl
        down, right = to.row - self.row, to.column - self.column
        for one in self.sheet.both:
            for source in (cell for line in one.iter_rows(**self._box) for cell in line):
                target = one.cell(source.row + down, source.column + right)
                if isinstance(target, MergedCell):
                    continue
                target._style, value = copy(source._style), source.value
                is_formula = isinstance(value, str) and value.startswith("=")
                target.value = (
                    Translator(value, source.coordinate).translate_formula(target.coordinate) if is_formula else value
                )
            for area in list(one.merged_cells.ranges):
                if (
                    self.row <= area.min_row <= self._box["max_row"]
                    and self.column <= area.min_col <= self._box["max_col"]
                ):
                    corner, other = (area.min_row, area.min_col), (area.max_row, area.max_col)
                    places = [n for row, column in (corner, other) for n in (row + down, column + right)]
                    one.merge_cells(None, *places)

    def merge(self, across: bool) -> None:
        assert not across
        values = [cell.value for row in self.sheet.formulas.iter_rows(**self._box) for cell in row]
        assert not any(values[1:]), "Excel would ask whether to keep only the first content"
        for one in self.sheet.both:
            one.merge_cells(None, self.row, self.column, self._box["max_row"], self._box["max_col"])

    def unmerge(self) -> None:
        for one in self.sheet.both:
            one.unmerge_cells(None, self.row, self.column, self._box["max_row"], self._box["max_col"])

    def holds(self, place: tuple[str, int, int]) -> bool:
        sheet, row, column = place
        box = self._box
        return (
            sheet == self.sheet.name
            and box["min_row"] <= row <= box["max_row"]
            and box["min_col"] <= column <= box["max_col"]
        )

    @property
    def note(self) -> Note | None:
        return next((note for note in self.sheet.notes if self.holds(note.place)), None)

    comment = None

    def add_note(self, text: str) -> Note:
        return Note(self.sheet.book.notes, (self.sheet.name, self.row, self.column), text)

    @property
    def conditional_formats(self) -> Rules:
        return Rules(self)

    @property
    def column_width(self) -> float | None:
        return self.sheet.formulas.column_dimensions[get_column_letter(self.column)].width

    @column_width.setter
    def column_width(self, characters: float) -> None:
        for one in self.sheet.both:
            for column in range(self.column, self.column + self.shape[1]):
                one.column_dimensions[get_column_letter(column)].width = characters

    @property
    def row_height(self) -> float | None:
        return self.sheet.formulas.row_dimensions[self.row].height

    @row_height.setter
    def row_height(self, points: float) -> None:
        for one in self.sheet.both:
            one.row_dimensions[self.row].height = points

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

    @column_hidden.setter
    def column_hidden(self, yes: bool) -> None:
        for column in range(self.column, self.column + self.shape[1]):
            self.sheet.formulas.column_dimensions[get_column_letter(column)].hidden = yes

    @property
    def has_array(self) -> bool:
        return not isinstance(self.sheet.formulas.cell(self.row, self.column).value, (str, int, float, type(None)))


_REFERENCE = re.compile(
    r"""("(?:[^"]|"")*")|(?:('(?:[^']|'')*'|\w+)!)?(?<![\w.])(\$?[A-Z]{1,2}\$?)(\d+)(?::(\$?[A-Z]{1,2}\$?)(\d+))?(?![\w(])"""
)


def moved(formula: str, sheet: str, row: int, *, own: bool) -> str:
    """A formula after a row was inserted into a sheet, its own or another."""

    def shifted(found: re.Match[str]) -> str:
        text, prefix, left, top, right, bottom = found.groups()
        if text or (prefix.strip("'") != sheet if prefix else not own):
            return found[0]
        numbers = [int(number) + (int(number) >= row) for number in (top, bottom) if number]
        behind = f":{right}{numbers[1]}" if bottom else ""
        return f"{prefix + '!' if prefix else ''}{left}{numbers[0]}{behind}"

    return _REFERENCE.sub(shifted, formula)


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
