"""An official table on a sheet of its own: heading, blocks, notes; what a check says stands outside the printed area."""

from __future__ import annotations

from dataclasses import dataclass

from perfeval.forms.grid import Address, Area, column_letters
from perfeval.workbook.canvas import CENTRED, LINE, PLAIN, TITLE, Canvas
from perfeval.workbook.tables.contents import BLANK, Content
from perfeval.workbook.tables.layout import amounts, drawn
from perfeval.workbook.tables.layout.paper import Paper
from perfeval.workbook.tables.layout.words import Words
from perfeval.workbook.tables.model import Amounts, Drawing, Listing, Table
from perfeval.workbook.textsize import lines

_SPACER, _HELP, _CHECK = 2, 14, 60  # widths of the columns beside the table


@dataclass(frozen=True, slots=True)
class Sheet:
    """An official table to be laid out on a sheet, and what is known of it. ``name`` may be longer than a sheet's can."""

    name: str
    table: Table
    content: Content = BLANK


def lay_out(canvas: Canvas, sheet: Sheet, words: Words) -> None:
    """Lay an official table out. Raises InvalidValue where a given line has no place in it."""
    table = sheet.table
    widths = dict(enumerate(table.widths, start=1)) or amounts.widths(table.amounts)
    helps = any(column.help for block in table.amounts for column in block.columns)
    right = max(widths)
    check = right + 2 + helps
    beside = {right + 1: _SPACER, **({right + 2: _HELP} if helps else {}), check: _CHECK}
    canvas.columns({column_letters(column): width for column, width in (widths | beside).items()})
    paper = Paper(canvas, table, words, widths, check)
    row = _heading(paper, right)
    row, header = _blocks(paper, sheet.content, row)
    for note in table.notes:
        below = Area(row, 1, row, right)
        canvas.put(str(below), note, PLAIN)
        if (count := lines(note, paper.width(below))) > 1:
            canvas.height(row, LINE * count)
        row += 1
    canvas.sheet.print_area(f"A1:{Address(row - 1, right)}")
    if header:
        canvas.sheet.repeat_rows(header[0] - 1, header[1] - 1)
    if header and table.has_amounts_only:
        canvas.sheet.freeze_panes(header[1], 1)
    if table.landscape:
        canvas.sheet.set_landscape()
    canvas.sheet.print_black_and_white()
    canvas.sheet.hide_gridlines(2)
    canvas.sheet.set_footer("&C&9第 &P 页，共 &N 页")


def _heading(paper: Paper, right: int) -> int:
    """Number, title, year, body and unit; gives the next row."""
    table, canvas, row = paper.table, paper.canvas, 1
    for text, style, height in (
        (table.number, PLAIN, 18),
        (table.title, TITLE, 36),
        (table.subtitle, CENTRED, 20),
    ):
        if text:
            canvas.put(str(Area(row, 1, row, right)), paper.words.live(text), style)
            canvas.height(row, height)
            row += 1
    if table.body_line or table.unit_line:
        canvas.put(str(Area(row, 1, row, right - 1)), paper.words.live(table.body_line), {**PLAIN, "text_wrap": False})
        canvas.put(str(Address(row, right)), table.unit_line, {**PLAIN, "align": "right"})
        canvas.height(row, 20)
        row += 1
    return row


def _blocks(paper: Paper, content: Content, row: int) -> tuple[int, tuple[int, int] | None]:
    """All blocks; gives the next row, and the rows of the header that further pages repeat: that of the whole table, or
    of the indicators of a 自评表."""
    table, given, header = paper.table, list(content.lines), None
    if table.has_amounts_only:
        below = amounts.lay_out(paper, table.amounts, given or [()] * len(table.amounts), row)
        return below.row + 1, (row, below.header)
    for block in table.blocks:
        match block:
            case Amounts():
                row = amounts.lay_out(paper, [block], [given.pop(0) if given else ()], row).row + 1
            case Drawing():
                row = drawn.lay_out_drawing(paper, block, content, row) + 1
            case Listing():
                if block.is_answered:
                    header = (row, row + len(block.header) - 1)
                row = drawn.lay_out_listing(paper, block, content.indicators, row) + 1
    return row, header
