"""What stands beside forms: for every form that is read, in the rows of its indicators, the cells that compute them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from perfeval.books.beside.model import Addition, Block
from perfeval.books.beside.room import refuse_without_room, side_by_side
from perfeval.commands.besiderows import TITLES, Rows
from perfeval.conventions import Convention
from perfeval.errors import FormProblem
from perfeval.forms.beside import SCORE
from perfeval.forms.grid import Area, Book
from perfeval.forms.grid_text import page_of
from perfeval.forms.model import Form
from perfeval.records import names
from perfeval.records.searching import form_grids, not_read


def _forms(book: Book) -> list[Form]:
    """The forms with rows to compute, but for those that a workbook of ours computes already."""
    return [form for form in form_grids(book).forms if any(_rows(form)) and not _is_computed(book, form)]


def _is_computed(book: Book, form: Form) -> bool:
    """Whether 测算得分 stands beside a form: a workbook of ours has it there from the beginning."""
    grid = page_of(book.grid(form.sheet)).grid
    tops = {block.area.top for block in form.blocks}
    return any(
        cell.value == SCORE and place.row in tops and place.column > form.area.right
        for place, cell in grid.cells.items()
    )


def sheets_with_forms(book: Book) -> list[str]:
    """The sheets with forms that columns are put beside. Raises FormProblem where there is none."""
    sheets = list(dict.fromkeys(form.sheet for form in _forms(book)))
    if not sheets and names.MEMORY in book.sheets:
        raise FormProblem("这本工作簿的自评表右侧本来就有测算得分、完成率和提示，不用再加")
    if not sheets:
        unread = "".join(f"；{one}" for one in not_read(form_grids(book).leftovers))
        raise FormProblem(f"没有找到有指标行的自评表，没有加测算列{unread}")
    return sheets


def beside(book: Book, convention: Convention, last: Callable[[str], int]) -> Addition:
    """The columns for all forms of a book; ``last`` tells the last column of a sheet that is taken."""
    rows = Rows(book, convention, _forms(book))
    blocks: list[Block] = []
    for sheet in sheets_with_forms(book):
        forms = [form for form in _forms(book) if form.sheet == sheet]
        spans = [_span(form) for form in forms]
        placed = side_by_side(spans, last(sheet) + 2, len(TITLES))
        for form, (top, bottom), left in zip(forms, spans, placed, strict=True):
            area = Area(top, left, bottom, left + len(TITLES) - 1)
            refuse_without_room(sheet, area.right)
            blocks.append(Block(sheet, area, TITLES, rows.cells(form, area)))
    return Addition(blocks, rows.tables)


def _rows(form: Form) -> Iterator[int]:
    """The rows of a form beside which something is said."""
    if form.scores_execution and form.execution is not None:
        cell = form.execution.executed.cell or form.execution.score.cell
        if cell is not None:
            yield cell.row
    yield from (row.row for row in form.rows if form.states(row) or form.is_execution(row))


def _span(form: Form) -> tuple[int, int]:
    """The rows of a form's block: the titles stand in the row over the first one, which heads it."""
    rows = list(_rows(form))
    if form.total_score.cell is not None:
        rows.append(form.total_score.cell.row)
    first = min(_rows(form))
    return max(first - 1, 1), max(rows)
