"""A worksheet being laid out: places as a person writes them (``B3``, ``B3:E3`` is merged), styles as plain dicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from perfeval.forms.edits import Formula
from perfeval.forms.grid import Value, area
from perfeval.records.names import INPUT_TINT

Style = Mapping[str, Any]

_GREY = "#595959"
_PALE = "#808080"

PLAIN: Style = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter", "text_wrap": True}
TITLE: Style = {**PLAIN, "font_size": 18, "bold": True, "align": "center"}
CENTRED: Style = {**PLAIN, "align": "center"}
NOTE: Style = {**PLAIN, "font_size": 9, "font_color": _PALE, "text_wrap": False}
BOXED: Style = {**PLAIN, "border": 1, "align": "center"}
HEADER: Style = {**BOXED, "bold": True, "bg_color": "#EEF2F6"}
INPUT: Style = {**BOXED, "bg_color": f"#{INPUT_TINT}"}
COMPUTED: Style = {**BOXED, "font_color": _GREY}
HELP: Style = {**PLAIN, "font_size": 9, "font_color": _PALE, "align": "center"}
HELP_LINE: Style = {**HELP, "align": "left", "text_wrap": False}
STANDING: Style = {**HELP_LINE, "font_size": 13, "bold": True, "font_color": "#1F4E79"}
HINT: Style = {**HELP, "align": "left", "font_color": "#9C5700"}
HELP_HEADER: Style = {**HELP, "bottom": 4, "bottom_color": _PALE}

LEFT: Style = {"align": "left", "indent": 1}
TEXT: Style = {"num_format": "@"}
PERCENT: Style = {"num_format": "0.00%"}
SCORE: Style = {"num_format": "0.00"}
AMOUNT: Mapping[str, Style] = {"元": {"num_format": "#,##0.00"}, "万元": {"num_format": "#,##0.00####"}}

LINE = 15  # points a line of text needs
_GREATEST = 10**15  # of a number that a double holds to the last digit
_LONGEST_TITLE = 32  # characters of a message's title
_DATE: Style = {"num_format": "yyyy-mm-dd"}


class Pages:
    """A workbook being laid out, sheet by sheet. A style becomes one format, however many cells have it."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self._formats: dict[frozenset[tuple[str, Any]], Format] = {}
        self._known: dict[
            tuple[int, bool], tuple[Style, Format]
        ] = {}  # by identity: a column's cells share their style

    def add(self, name: str) -> Canvas:
        """A new worksheet at the end."""
        return Canvas(self, name)

    def format(self, style: Style, *, is_date: bool = False) -> Format:
        """The format for a style, of a date where the cell holds one."""
        known = self._known.get((id(style), is_date))
        if known is not None:
            return known[1]
        whole = {**style, **_DATE} if is_date else dict(style)
        key = frozenset(whole.items())
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(whole)
        self._known[id(style), is_date] = (style, self._formats[key])
        return self._formats[key]


class Canvas:
    """One worksheet of a workbook's pages, on A4, one page wide."""

    def __init__(self, pages: Pages, name: str) -> None:
        self.name = name
        self.workbook = pages.workbook
        self.sheet = pages.workbook.add_worksheet(name)
        self.sheet.set_paper(9)  # A4
        self.sheet.set_margins(left=0.6, right=0.6, top=0.75, bottom=0.75)
        self.sheet.center_horizontally()
        self.sheet.fit_to_pages(1, 0)
        self._format = pages.format

    def put(self, place: str, content: Value | Formula = None, style: Style = PLAIN) -> None:
        """Write a cell, or merge an area and write it. A formula has no value until it is calculated."""
        top, left, bottom, right = (number - 1 for number in area(place))
        if (top, left) != (bottom, right):
            self.sheet.merge_range(top, left, bottom, right, "", self._format(style, is_date=isinstance(content, date)))
        self._write(top, left, content, style)

    def row(self, number: int, contents: Sequence[Value | Formula], styles: Sequence[Style]) -> None:
        """Write neighbouring cells from column A on."""
        for column, (content, style) in enumerate(zip(contents, styles, strict=False)):
            self._write(number - 1, column, content, style)

    def _write(self, row: int, column: int, content: Value | Formula, style: Style) -> None:
        form = self._format(style, is_date=isinstance(content, date))
        match content:
            case None | "":
                self.sheet.write_blank(row, column, None, form)
            case Formula(text):
                # Word for word: XlsxWriter would take a sheet called 02 SORT(1) for one of Excel's newer functions.
                self.sheet.write_formula(row, column, "0", form, "")  # type: ignore[arg-type]
                cells = self.sheet.table[row]
                cells[column] = cells[column]._replace(formula=text)
            case bool():
                self.sheet.write_boolean(row, column, content, form)
            case int() | float():
                self.sheet.write_number(row, column, content, form)
            case date():
                self.sheet.write_datetime(row, column, content, form)  # type: ignore[arg-type]
            case _:
                self.sheet.write_string(row, column, str(content), form)

    def columns(self, widths: Mapping[str, float], styles: Mapping[str, Style] | None = None) -> None:
        """Set the widths of columns (``A`` or ``A:C``), and the style of their cells that hold nothing."""
        for letters, width in widths.items():
            style = (styles or {}).get(letters)
            span = letters if ":" in letters else f"{letters}:{letters}"
            self.sheet.set_column(span, width, self._format(style) if style else None)

    def height(self, row: int, points: float) -> None:
        """Set a row's height."""
        self.sheet.set_row(row - 1, points)

    def choices(
        self, cells: str, choices: Sequence[str], *, title: str, message: str, open_ended: bool = False
    ) -> None:
        """Offer a list for cells; ``open_ended``: what is not in it may stay."""
        self.sheet.data_validation(
            cells,
            {
                "validate": "list",
                "source": list(choices),
                "error_type": "information" if open_ended else "stop",
                "error_title": title,
                "error_message": message,
            },
        )

    def choices_from(self, cells: str, source: str, *, title: str, message: str) -> None:
        """Offer what stands in other cells, which may be blank, as a list; what is not in it may stay."""
        told = {"error_type": "information", "error_title": title, "error_message": message, "input_message": message}
        self.sheet.data_validation(cells, {"validate": "list", "source": source, **told})

    def numbers(
        self, *places: str, title: str, message: str, lowest: float = -_GREATEST, highest: float = _GREATEST
    ) -> None:
        """Ask of cells to be numbers, perhaps within limits; what is none may stay after a question."""
        limits = {"validate": "decimal", "criteria": "between", "minimum": lowest, "maximum": highest}
        told = {"error_type": "warning", "error_title": title[:_LONGEST_TITLE], "error_message": message}
        cells, *others = places
        further = [[number - 1 for number in area(place)] for place in others]
        self.sheet.data_validation(cells, {**limits, **told, "other_cells": further})

    def points(self, *places: str, what: str) -> None:
        """Ask of cells to be points of a form of 100."""
        self.numbers(*places, title=what, message=f"{what}应是 0 到 100 之间的数。", lowest=0, highest=100)

    def advise(self, cells: str, *, title: str, message: str) -> None:
        """Say what cells should hold while they are chosen; anything may be typed."""
        self.sheet.data_validation(
            cells, {"validate": "any", "input_title": title[:_LONGEST_TITLE], "input_message": message}
        )

    def when(self, cells: str, condition: str, style: Style) -> None:
        """Show cells in another style where a condition holds, written for the first of them."""
        self.sheet.conditional_format(
            cells, {"type": "formula", "criteria": f"={condition}", "format": self._format(style)}
        )
