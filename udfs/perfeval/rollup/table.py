"""A table on a sheet of the summary workbook, written row by row as the rows come, on A4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from perfeval.arithmetic import Scaled, decimal
from perfeval.errors import NumberTooLarge
from perfeval.forms.grid import Value, column_letters
from perfeval.rollup.money import in_yuan
from perfeval.workbook.canvas import AMOUNT, BOXED, HEADER, LEFT, NOTE, PERCENT, SCORE, TITLE, Canvas, Pages, Style

HEADER_ROW = 4  # title and notes stand above
_ROWS = 1_000_000  # of a sheet; more go on on another
_TEXT = 32_000  # characters of a cell
_EXACT = 10**15  # a double carries whole numbers below exactly

COUNT: Style = {**BOXED, "num_format": "#,##0"}
WORDS: Style = {**BOXED, **LEFT}
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


def write_table(
    pages: Pages,
    name: str,
    note: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    printed: int | None = None,
) -> tuple[Canvas, int] | None:
    """A sheet with a table (and more of them where one is full): its canvas and last row; None, and no sheet, for no rows.

    ``printed`` columns are on paper, all where it is not given: in which cell something stands is for the screen.
    """
    left = iter(rows)
    first: tuple[Canvas, int] | None = None
    number = 1
    while part := next(left, None):
        canvas = pages.add(name if number == 1 else f"{name}（{number}）")
        last = _write(canvas, name, note, columns, part, islice(left, _ROWS - 1), printed)
        first = first or (canvas, last)
        number += 1
    return first


def _write(
    canvas: Canvas,
    name: str,
    note: str,
    columns: Sequence[Column],
    head: Sequence[Value],
    rows: Iterable[Sequence[Value]],
    printed: int | None,
) -> int:
    styles = [column.style for column in columns]
    canvas.columns({column_letters(place): column.width for place, column in enumerate(columns, start=1)})
    canvas.sheet.set_landscape()
    canvas.height(1, 30)
    canvas.put(f"A1:{column_letters(len(columns))}1", name, TITLE)
    canvas.put("A2", note, NOTE)
    canvas.height(HEADER_ROW, 42)
    canvas.row(HEADER_ROW, [column.header for column in columns], [HEADER] * len(columns))
    row = HEADER_ROW
    for row, contents in enumerate(_chained(head, rows), start=HEADER_ROW + 1):
        canvas.row(row, [_fitting(value) for value in contents], styles)
    if printed:
        canvas.sheet.print_area(0, 0, row - 1, printed - 1)
    canvas.sheet.autofilter(HEADER_ROW - 1, 0, row - 1, len(columns) - 1)
    canvas.sheet.freeze_panes(HEADER_ROW, 2)
    canvas.sheet.repeat_rows(HEADER_ROW - 1)
    canvas.sheet.hide_gridlines(2)
    canvas.sheet.set_footer("&C第 &P 页，共 &N 页")
    return row


def _chained(head: Sequence[Value], rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
    yield head
    yield from rows


def _fitting(value: Value) -> Value:
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
