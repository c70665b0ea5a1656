"""加测算列, 去测算列: the columns of ``commands.assist`` beside the forms of the open workbook, and away again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from perfeval.books.beside import memory
from perfeval.books.beside.adding import WIDTH, WIDTHS, name_of, reference
from perfeval.books.beside.model import MARK, NAME, PRINTED, SHEET, Addition, Block, Look
from perfeval.books.beside.room import areas_of, holding, last_of
from perfeval.books.beside.taking import blocks_of, readers_of, typed_into
from perfeval.books.cell_values import Scalar
from perfeval.books.live import LiveBook
from perfeval.commands.beside import beside, sheets_with_forms
from perfeval.commands.live.filling import listed
from perfeval.errors import FormProblem
from perfeval.forms.beside import HELP
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address, Area
from perfeval.records.reading import stated_convention
from perfeval.standards import NATIONAL, convention

if TYPE_CHECKING:
    import xlwings as xw

_GREY = (127, 127, 127)
_SIZE = 8  # points: no row grows
_FORMATS = {Look.PERCENT: "0.00%"}


def add(book: xw.Book) -> str:
    """Button 加测算列: native live 测算得分, 完成率 and 提示 beside every form; what is there already is made anew."""
    live = LiveBook(book, lambda step: setattr(book.app, "status_bar", f"正在加测算列：{step}"))
    _refuse_protected(book, live)
    again = _take(book, live) if _has_columns(book, live) else ()
    live = LiveBook(book)
    printed = {sheet: book.sheets[sheet].page_setup.print_area or "" for sheet in sheets_with_forms(live)}
    options = convention(stated_convention(live) or NATIONAL)
    addition = beside(live, options, lambda sheet: last_of(live, sheet, printed[sheet], (), live.user_sheets))
    areas = {sheet: holding(live.grid(sheet)) for sheet in addition.sheets if not areas_of(printed[sheet], sheet)}
    addition = Addition(addition.blocks, addition.tables, areas)
    _put(book, addition)
    count = len(addition.blocks)
    return "\n".join(
        [f"在 {count} 张自评表右侧加了测算得分、完成率和提示，不打印，公式都是表格软件自带的函数。", *again]
    )


def remove(book: xw.Book) -> str:
    """Button 去测算列: take the columns away; what somebody has typed among them stays."""
    live = LiveBook(book, lambda step: setattr(book.app, "status_bar", f"正在去测算列：{step}"))
    if not _has_columns(book, live):
        return "工作簿里没有测算列。"
    return "\n".join(["测算列已去掉。", *_take(book, live)])


def _has_columns(book: xw.Book, live: LiveBook) -> bool:
    return SHEET in live.sheets and book.sheets[SHEET].range((1, memory.COLUMN)).value == MARK


def _refuse_protected(book: xw.Book, live: LiveBook) -> None:
    if book.api.ProtectStructure is True:
        raise FormProblem("工作簿的结构受保护，不能加工作表；请先在“审阅”里撤销工作簿保护，再试")
    locked = [sheet for sheet in sheets_with_forms(live) if live.grid(sheet).protected]
    if locked:
        raise FormProblem(
            f"工作表{'、'.join(f'“{sheet}”' for sheet in locked)}受保护；请先在“审阅”里撤销工作表保护，再试"
        )


# --- in ---


def _put(book: xw.Book, addition: Addition) -> None:
    chosen = book.selection
    hidden = book.sheets.add(SHEET, after=book.sheets[len(book.sheets) - 1])
    _write(hidden, {**addition.tables, **dict(memory.cells({}))})
    hidden.visible = False
    if chosen is not None:
        chosen.sheet.impl.activate()  # Excel went to the new sheet; it selects on the one in front alone
        chosen.select()
    for count, block in enumerate(addition.blocks, start=1):
        sheet = book.sheets[block.sheet]
        _write_block(sheet, block)
        book.names.add(name_of(addition, count), f"={reference(block.sheet, block.area)}")
    for sheet, area in addition.print_areas.items():
        book.sheets[sheet].page_setup.print_area = reference(sheet, area).rpartition("!")[2]


def _write(sheet: xw.Sheet, values: Mapping[Address, Scalar]) -> None:
    """Constants, each stretch of columns as one table, as a program is slow cell by cell."""
    by_column: dict[int, dict[int, Scalar]] = {}
    for place, value in values.items():
        by_column.setdefault(place.column, {})[place.row] = value
    for column, held in by_column.items():
        rows = [[_constant(held.get(row))] for row in range(1, max(held) + 1)]
        sheet.range((1, column), (len(rows), column)).formula = rows


def _write_block(sheet: xw.Sheet, block: Block) -> None:
    area = block.area
    for column, title in enumerate(block.titles, start=area.left):
        whole = sheet.range((area.top, column), (area.bottom, column))
        whole.font.size, whole.font.color = _SIZE, _GREY
        if title == HELP:
            whole.columns.hidden = True
        else:
            whole.column_width = WIDTHS.get(title, WIDTH)
    for row in range(area.top, area.bottom + 1):
        contents = [block.cells.get(Address(row, column)) for column in range(area.left, area.right + 1)]
        if not any(contents):
            continue
        line = [
            "" if one is None else f"={one.formula}" if one.formula is not None else _constant(one.value)
            for one in contents
        ]
        sheet.range((row, area.left), (row, area.right)).formula = [line]
        for column, one in enumerate(contents, start=area.left):
            if one is not None and one.look in _FORMATS:
                sheet.range((row, column)).number_format = _FORMATS[one.look]


def _constant(value: Scalar) -> str | float:
    """A constant as a table of formulas takes it: a text behind the program's own mark."""
    return f"'{value}" if isinstance(value, str) else "" if value is None else value  # type: ignore[return-value]


# --- out ---


def _take(book: xw.Book, live: LiveBook) -> Sequence[str]:
    """Take the columns out; gives what is said of cells that stay. Raises FormProblem before anything changes."""
    ours = {name: text for name, text in live.names.items() if name.startswith(NAME)}
    blocks = blocks_of(live, ours.values())
    printed = blocks_of(live, [text for name, text in ours.items() if name.endswith(PRINTED)])
    readers, typed = readers_of(live, blocks, live.user_sheets), typed_into(live, blocks)
    live.apply([Edit(sheet, place, live.grid(sheet)[place].value or None) for sheet, place in readers])
    for sheet, areas in blocks.items():
        for area in areas:
            kept = {place for name, place in typed if name == sheet and place in area}
            _clear(book.sheets[sheet], area, kept)
    for sheet in printed:
        book.sheets[sheet].page_setup.print_area = None
    for name in ours:
        book.names[name].delete()
    book.sheets[SHEET].delete()
    return list(_said(readers, typed))


def _clear(sheet: xw.Sheet, area: Area, kept: set[Address]) -> None:
    whole = sheet.range((area.top, area.left), (area.bottom, area.right))
    whole.columns.hidden = False
    width = sheet.range((1, area.left - 1)).column_width
    whole.column_width = width  # pyright: ignore[reportAttributeAccessIssue]  # of the free column before them
    if not kept:
        whole.clear()
        return
    for place in area.addresses():
        if place not in kept:
            sheet.range((place.row, place.column)).clear()


def _said(readers: Sequence[tuple[str, Address]], typed: Sequence[tuple[str, Address]]) -> Iterator[str]:
    if readers:
        yield f"有 {len(readers)} 格的公式引用了测算列，换成了算出的值："
        yield from listed([f"“{sheet}”{place}" for sheet, place in readers])
    if typed:
        yield f"有 {len(typed)} 格是手工填在测算列里的内容，留在了原处："
        yield from listed([f"“{sheet}”{place}" for sheet, place in typed])
