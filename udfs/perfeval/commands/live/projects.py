"""新增项目: one more 自评表 like its neighbours, with its row in 汇总 and in the list of projects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfeval import formulatext
from perfeval.books.live import LiveBook
from perfeval.commands.live.blanks import blank_form, refuse_protected
from perfeval.errors import FormProblem
from perfeval.forms import labels
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Address, Grid
from perfeval.forms.model import TRANSFER, Form
from perfeval.forms.reader import read_forms
from perfeval.records import names

if TYPE_CHECKING:
    import xlwings as xw

_NUMBERED = re.compile(r"(\d{2,3}) ")  # a form's title


def add(book: xw.Book) -> str:
    """Button 新增项目: a copy of the 自评表 in front, otherwise of the last one, with nothing filled in.

    What cannot be known stays empty. The name is for a person to write into the form, from where the list shows it.
    """
    if getattr(book.api, "ProtectStructure", None) is True:
        raise FormProblem("工作簿的结构受保护，不能增加工作表；请先在“审阅”里撤销工作簿保护")
    live = LiveBook(book)
    last = next(_forms(live, reversed(live.user_sheets)), None)
    if last is None:
        raise FormProblem("工作簿里没有项目自评表可以照着新增，请先用 perfeval new 新建")
    form = next(_forms(live, [book.sheets.active.name]), last)
    source = form.sheet
    tables = [table for table in (_summary(live, source), _project_list(live)) if table is not None]
    for table in tables:
        refuse_protected(table.grid)
    title = _title(live, form)
    book.sheets[source].copy(after=book.sheets[last.sheet], name=title)
    for table in tables:
        make_room(book.sheets[table.grid.name], table)
    grown = LiveBook(book)
    grid = grown.grid(title)
    edits = list(blank_form(grid, next(found for found in read_forms(grid) if found.area.top == form.area.top)))
    for table in tables:
        edits += _summary_row(table, source, title) if table.whole_rows else _list_row(table, title, form)
    grown.apply(edits)
    book.sheets[title].range(form.name.cell or (1, 1)).select()
    return "\n".join([f"照“{source}”新增了自评表“{title}”，请填项目名称。", *(table.said for table in tables)])


def _forms(live: LiveBook, sheets: Iterable[str]) -> Iterator[Form]:
    """The forms of those of these sheets that hold one form alone."""
    for sheet in sheets:
        found = read_forms(live.grid(sheet)) if sheet not in names.NO_FORMS else []
        if len(found) == 1:
            yield found[0]


def _title(live: LiveBook, form: Form) -> str:
    """The next number: forms are called 01, 02 …, but for the one of a new workbook."""
    numbers = (int(found[1]) for sheet in live.sheets if (found := _NUMBERED.match(sheet)))
    return names.form_title(max(numbers, default=1) + 1, names.TRANSFER if form.kind == TRANSFER else "")


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one row a project: its sheet as it was, the rows of its projects, and its columns.

    ``whole_rows`` are inserted where something stands below that is to grow with them; otherwise the table's own cells.
    """

    grid: Grid
    rows: range  # empty where there is no project yet
    left: int
    right: int
    whole_rows: bool
    said: str

    @property
    def new(self) -> int:
        """The new project's row."""
        return self.rows.stop


def make_room(sheet: xw.Sheet, table: Table) -> None:
    """A row below the last project that looks like it, or like the empty one below where there is none."""
    height = sheet.range((table.new - 1, 1)).row_height
    place = sheet.range((table.new, table.left), (table.new, table.right))
    if table.whole_rows:
        sheet.range(f"{table.new}:{table.new}").insert("down")
        if height is not None:
            sheet.range((table.new, 1)).row_height = height
    else:
        place.insert("down")
    like = table.new - 1 if table.rows else table.new + 1
    sheet.range((like, table.left), (like, table.right)).copy(sheet.range((table.new, table.left)))


# --- 汇总 ---


def _summary(live: LiveBook, source: str) -> Table | None:
    """The table of 汇总, whose sums reach one row beyond its projects; None where no row shows the form that is copied."""
    if names.SUMMARY not in live.sheets:
        return None
    grid = live.grid(names.SUMMARY)
    if _row_of(grid, source) is None:
        return None
    rows = [place.row for place in grid.cells if _number(grid, place) is not None]
    said = f"“{names.SUMMARY}”加了一行，合计、等级和图都已包括它。"
    return Table(grid, range(min(rows), max(rows) + 1), 1, grid.right, whole_rows=True, said=said) if rows else None


def _number(grid: Grid, place: Address) -> float | None:
    """The 序号 of a project's row."""
    cell = grid[place]
    is_number = place.column == 1 and cell.formula is None and isinstance(cell.value, int | float)
    return float(cell.value) if is_number else None  # type: ignore[arg-type]


def _row_of(grid: Grid, sheet: str) -> int | None:
    """The first row whose formulas name a sheet."""
    rows = (
        place.row for place, cell in grid.cells.items() if cell.formula and formulatext.names_sheet(cell.formula, sheet)
    )
    return min(rows, default=None)


def _summary_row(table: Table, source: str, title: str) -> Iterator[Edit]:
    """The source's formulas, with the new sheet for its own."""
    grid, row = table.grid, _row_of(table.grid, source)
    assert row is not None
    yield Edit(grid.name, Address(table.new, 1), (_number(grid, Address(table.new - 1, 1)) or 0) + 1)
    for column in range(2, table.right + 1):
        formula = grid[row, column].formula
        content = None if formula is None else Formula(formulatext.renamed(formula, source, title))
        yield Edit(grid.name, Address(table.new, column), content)


# --- the list of projects ---


def _project_list(live: LiveBook) -> Table | None:
    """The list in 基本信息: its headings, down to the first empty row."""
    if names.BASICS not in live.sheets:
        return None
    grid = live.grid(names.BASICS)
    heading = labels.key(names.PROJECT_COLUMNS[0])
    for place, cell in grid.cells.items():
        if isinstance(cell.value, str) and labels.key(cell.value) == heading:
            right = place.column + len(names.PROJECT_COLUMNS) - 1
            empty = place.row + 1
            while any(grid[empty, column].value not in (None, "") for column in range(place.column, right + 1)):
                empty += 1
            said = f"“{names.BASICS}”的{names.PROJECT_LIST}加了一行，请核对项目编码。"
            return Table(grid, range(place.row + 1, empty), place.column, right, whole_rows=False, said=said)
    return None


def _list_row(table: Table, title: str, form: Form) -> Iterator[Edit]:
    """A row that shows the form's 项目名称 when it is written, and the next code where codes count the projects."""
    place = Address(table.new, table.left)
    yield Edit(table.grid.name, place, _next_code(table))
    for column in range(table.left + 2, table.right + 1):
        yield Edit(table.grid.name, Address(table.new, column), None)
    name = formulatext.at(title, form.name.cell)
    shown = Formula(f'IF({name}="","",{name})') if form.name.cell is not None else None
    yield Edit(table.grid.name, Address(table.new, table.left + 1), shown)


def _next_code(table: Table) -> str | None:
    """One more than the last code, where all of them are 01, 02, 03 …: any other code a body has its own rules for."""
    codes = [str(table.grid[row, table.left].value) for row in table.rows]
    counted = [f"{number:0{len(codes[0])}d}" for number in range(1, len(codes) + 2)] if codes else []
    return counted[-1] if codes and codes == counted[:-1] else None
