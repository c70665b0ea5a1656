"""A table on a sheet of the summary workbook, written row by row as the rows come, on A4."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from perfeval.arithmetic import Scaled, decimal
from perfeval.errors import NumberTooLarge
from perfeval.forms.edits import Formula
from perfeval.forms.grid import Value, column_letters
from perfeval.rollup.money import in_yuan
from perfeval.workbook.canvas import AMOUNT, BOXED, HEADER, LEFT, NOTE, PERCENT, SCORE, TITLE, Canvas, Pages, Style

HEADER_ROW = 4  # title and notes stand above
_ROWS = 1_000_000  # of a sheet; more go on on another
_TEXT = 32_000  # characters of a cell
_EXACT = 10**15  # a double carries whole numbers below exactly

COUNT: Style = {**BOXED, "num_format": "#,##0"}
WORDS: Style = {**BOXED, **LEFT}
LINK: Style = {**WORDS, "font_color": "#0563C1", "underline": 1}
SIGN: Style = BOXED
MONEY: Style = {**BOXED, **AMOUNT["元"]}
RATE: Style = {**BOXED, **PERCENT}
POINTS: Style = {**BOXED, **SCORE}
NUMBER: Style = {**BOXED, "num_format": "#,##0.######"}


class Column(NamedTuple):
    """A column of a table: header, width, and the style of its cells."""

    header: str
    width: float
    style: Style


class Table:
    """A table that grows row by row: a sheet with its first row, more of them where one is full. ``first`` is its canvas, None while it
    has no row; ``last`` the last row of that sheet.

    ``printed`` columns are on paper, all where it is not given: in which cell something stands is for the screen.
    """

    def __init__(
        self, pages: Pages, name: str, note: str, columns: Sequence[Column], printed: int | None = None
    ) -> None:
        self._pages, self._name, self._note, self._columns, self._printed = pages, name, note, columns, printed
        self._styles = [column.style for column in columns]
        self._sheets = 0
        self._canvas: Canvas | None = None
        self._row = self.last = HEADER_ROW
        self.first: Canvas | None = None

    def add(self, row: Sequence[Value | Formula]) -> None:
        """A row at the end."""
        if self._canvas is None or self._row == HEADER_ROW + _ROWS:
            self.close()
            self._canvas = self._begun()
        self._row += 1
        self._canvas.row(self._row, [_fitting(value) for value in row], self._styles)

    def close(self) -> None:
        """What a sheet needs when its last row is known."""
        if self._canvas is None:
            return
        sheet = self._canvas.sheet
        if self._printed:
            sheet.print_area(0, 0, self._row - 1, self._printed - 1)
        sheet.autofilter(HEADER_ROW - 1, 0, self._row - 1, len(self._columns) - 1)
        if self._canvas is self.first:
            self.last = self._row

    def _begun(self) -> Canvas:
        self._sheets += 1
        self._row = HEADER_ROW
        columns = self._columns
        canvas = self._pages.add(self._name if self._sheets == 1 else f"{self._name}（{self._sheets}）")
        self.first = self.first or canvas
        canvas.columns({column_letters(place): column.width for place, column in enumerate(columns, start=1)})
        canvas.sheet.set_landscape()
        canvas.height(1, 30)
        canvas.put(f"A1:{column_letters(len(columns))}1", self._name, TITLE)
        canvas.put("A2", self._note, NOTE)
        canvas.height(HEADER_ROW, 42)
        canvas.row(HEADER_ROW, [column.header for column in columns], [HEADER] * len(columns))
        canvas.sheet.freeze_panes(HEADER_ROW, 2)
        canvas.sheet.repeat_rows(HEADER_ROW - 1)
        canvas.sheet.hide_gridlines(2)
        canvas.sheet.set_footer("&C第 &P 页，共 &N 页")
        return canvas


def write_table(
    pages: Pages,
    name: str,
    note: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    printed: int | None = None,
) -> tuple[Canvas, int] | None:
    """A ``Table`` at once: its canvas and last row; None, and no sheet, for no rows."""
    table = Table(pages, name, note, columns, printed)
    for row in rows:
        table.add(row)
    table.close()
    return (table.first, table.last) if table.first else None


def _fitting(value: Value | Formula) -> Value | Formula:
    if isinstance(value, str) and len(value) > _TEXT:
        return value[:_TEXT] + "……"
    return value


def as_yuan(fen: int | None) -> Value:
    """分 as a number of 元; as text where a cell's number could not carry it exactly."""
    if fen is None:
        return None
    return str(in_yuan(fen)) if abs(fen) >= _EXACT else float(in_yuan(fen))


def as_number(value: Scaled | None) -> Value:
    """A number; as text where no cell can hold it."""
    try:
        return None if value is None else float(value)
    except NumberTooLarge:
        return str(value)


def as_points(text: str) -> Value:
    return float(decimal(text)) if text else None
