"""新增项目: one more 自评表 like its neighbours, with its row in 汇总 and in the list of projects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfeval.books.live import LiveBook
from perfeval.commands.live.blanks import blank_form, refuse_protected
from perfeval.errors import FormProblem
from perfeval.forms import labels, names
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Address, Grid
from perfeval.forms.model import Form
from perfeval.forms.reader import read_forms
from perfeval.forms.references import of_sheet, quoted_name

if TYPE_CHECKING:
    import xlwings as xw


def add(book: xw.Book) -> str:
    """Button 新增项目: a copy of the 自评表 in front, otherwise of the last one, with nothing filled in.

    What cannot be known stays empty. The name is for a person to write into the form, from where the list shows it.
    """
    live = LiveBook(book)
    forms = dict(_forms(live))
    if not forms:
        raise FormProblem("工作簿里没有项目自评表可以照着新增，请先用 perfeval new 新建")
    last = list(forms)[-1]
    source = book.sheets.active.name if book.sheets.active.name in forms else last
    tables = [table for table in (_summary(live, source), _project_list(live)) if table is not None]
    for table in tables:
        refuse_protected(table.grid)
    title = _title(live, len(forms) + 1)
    book.sheets[source].copy(after=book.sheets[last], name=title)
    for table in tables:
        _make_room(book.sheets[table.grid.name], table)
    grown = LiveBook(book)
    grid, form = grown.grid(title), forms[source]
    edits = list(blank_form(grid, next(found for found in read_forms(grid) if found.area.top == form.area.top)))
    for table in tables:
        edits += _summary_row(table, source, title) if table.sums else _list_row(table, title, form)
    grown.apply(edits)
    book.sheets[title].range(form.name.cell or (1, 1)).select()
    return "\n".join([f"照“{source}”新增了自评表“{title}”，请填项目名称。", *(table.said for table in tables)])


def _forms(live: LiveBook) -> Iterator[tuple[str, Form]]:
    """The sheets that hold one project's form each."""
    for sheet in live.user_sheets:
        found = read_forms(live.grid(sheet)) if sheet not in names.NO_FORMS else []
        if len(found) == 1:
            yield sheet, found[0]


def _title(live: LiveBook, place: int) -> str:
    taken = {sheet.split(" ")[0] for sheet in live.sheets}
    while f"{place:02d}" in taken:
        place += 1
    return names.form_title(place, "")


@dataclass(frozen=True, slots=True)
class _Table:
    """A table with one row a project: its sheet as it was, its last project's row, and its columns.

    ``sums``: whole rows are inserted, so that what is summed below grows; otherwise the table's own cells alone.
    """

    grid: Grid
    last: int
    left: int
    right: int
    sums: bool
    said: str
    first: int  # the first project's row; below ``last`` where there is none yet

    @property
    def new(self) -> int:
        """The new project's row."""
        return self.last + 1


def _make_room(sheet: xw.Sheet, table: _Table) -> None:
    """A row below the last project that looks like it. In 汇总 the sums reach a row further down, so they grow with it."""
    new = sheet.range((table.new, table.left), (table.new, table.right))
    height = sheet.range((table.last, 1)).row_height
    if table.sums:
        sheet.range(f"{table.new}:{table.new}").insert("down")
        new = sheet.range((table.new, 1))
        if height is not None:
            new.row_height = height
    else:
        new.insert("down")
    source = table.last if table.first <= table.last else table.new + 1  # below the headings of an empty list
    sheet.range((source, table.left), (source, table.right)).copy(sheet.range((table.new, table.left)))


# --- 汇总 ---


def _summary(live: LiveBook, source: str) -> _Table | None:
    """The table of 汇总; None where no row shows the form that is copied."""
    if names.SUMMARY not in live.sheets:
        return None
    grid = live.grid(names.SUMMARY)
    if _row_of(grid, source) is None:
        return None
    rows = [place.row for place in grid.cells if _number(grid, place) is not None]
    said = f"“{names.SUMMARY}”加了一行，合计、等级和图都已包括它。"
    return _Table(grid, max(rows), 1, grid.right, True, said, min(rows)) if rows else None


def _number(grid: Grid, place: Address) -> float | None:
    """The 序号 of a project's row."""
    cell = grid[place]
    is_number = place.column == 1 and cell.formula is None and isinstance(cell.value, int | float)
    return float(cell.value) if is_number else None  # type: ignore[arg-type]


def _row_of(grid: Grid, sheet: str) -> int | None:
    """The first row whose formulas name a sheet."""
    rows = (
        p.row for p, cell in grid.cells.items() if cell.formula and of_sheet(cell.formula, sheet, "") != cell.formula
    )
    return min(rows, default=None)


def _summary_row(table: _Table, source: str, title: str) -> Iterator[Edit]:
    """The source's formulas, with the new sheet for its own."""
    grid, row = table.grid, _row_of(table.grid, source)
    assert row is not None
    yield Edit(grid.name, Address(table.new, 1), (_number(grid, Address(table.last, 1)) or 0) + 1)
    for column in range(2, table.right + 1):
        formula = grid[row, column].formula
        content = None if formula is None else Formula(of_sheet(formula, source, title))
        yield Edit(grid.name, Address(table.new, column), content)


# --- the list of projects ---


def _project_list(live: LiveBook) -> _Table | None:
    """The list in 基本信息: its headings, down to the first empty row."""
    if names.BASICS not in live.sheets:
        return None
    grid = live.grid(names.BASICS)
    heading = labels.key(names.PROJECT_COLUMNS[0])
    for place, cell in grid.cells.items():
        if isinstance(cell.value, str) and labels.key(cell.value) == heading:
            right = place.column + len(names.PROJECT_COLUMNS) - 1
            last = place.row
            while any(grid[last + 1, column].value not in (None, "") for column in range(place.column, right + 1)):
                last += 1
            said = f"“{names.BASICS}”的{names.PROJECT_LIST}加了一行，请核对项目编码。"
            return _Table(grid, last, place.column, right, False, said, place.row + 1)
    return None


def _list_row(table: _Table, title: str, form: Form) -> Iterator[Edit]:
    """A row that shows the form's 项目名称 when it is written, and the next code where codes count the projects."""
    place = Address(table.new, table.left)
    yield Edit(table.grid.name, place, _next_code(table))
    for column in range(table.left + 2, table.right + 1):
        yield Edit(table.grid.name, Address(table.new, column), None)
    name = f"{quoted_name(title)}!{form.name.cell}"
    shown = Formula(f'IF({name}="","",{name})') if form.name.cell is not None else None
    yield Edit(table.grid.name, Address(table.new, table.left + 1), shown)


def _next_code(table: _Table) -> str | None:
    """One more than the last code, where all of them are 01, 02, 03 …: any other code a body has its own rules for."""
    codes = [str(table.grid[row, table.left].value) for row in range(table.first, table.last + 1)]
    counted = [f"{number:0{len(codes[0])}d}" for number in range(1, len(codes) + 2)] if codes else []
    return counted[-1] if codes and codes == counted[:-1] else None
