"""Where a book's forms and tables are looked for: in its sheets as far as one file's budget goes; the others are named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from perfeval.books.file import FileBook
from perfeval.budget import SEARCHED_CELLS, Leftover, Purse
from perfeval.forms.grid import MAX_COLUMN, Book, Grid
from perfeval.forms.grid_text import page_of
from perfeval.forms.model import Form
from perfeval.forms.reader import read_sheet
from perfeval.records.names import form_sheets


class Searched(NamedTuple):
    """The sheets that are looked at, and those that are too much."""

    grids: tuple[Grid, ...]
    leftovers: tuple[Leftover, ...]

    @property
    def forms(self) -> list[Form]:
        """Every form of these sheets."""
        return [form for grid in self.grids for form in read_sheet(grid)]


class Crowded(NamedTuple):
    """A sheet that is too much by itself."""

    name: str


def searched(grids: Iterable[Grid | Crowded]) -> Searched:
    """The sheets of one file that its budget affords, in their order; one that does not fit is left out whole, as half a form would
    say what the whole one does not."""
    purse = Purse(SEARCHED_CELLS)
    within: list[Grid] = []
    leftovers: list[Leftover] = []
    for grid in grids:
        if isinstance(grid, Grid) and purse.take(_filled(grid)):
            within.append(grid)
        else:
            leftovers.append(Leftover(grid.name, "", SEARCHED_CELLS, "这张表"))
    return Searched(tuple(within), tuple(leftovers))


def form_grids(book: Book) -> Searched:
    """The sheets of a book that may hold forms."""
    return searched(sheets_of(book))


def _filled(grid: Grid) -> int:
    page = page_of(grid)
    return sum(len(page.filled(row, 1, MAX_COLUMN)) for row in page.rows())


def sheets_of(book: Book) -> Iterator[Grid | Crowded]:
    """The sheets of a book that may hold forms; of a file those that are surely too much are not even read."""
    for sheet in form_sheets(book):
        is_crowded = isinstance(book, FileBook) and book.surely_holds(sheet, SEARCHED_CELLS.most + 1)
        yield Crowded(sheet) if is_crowded else book.grid(sheet)


def not_read(leftovers: Iterable[Leftover]) -> list[str]:
    """What is said of the sheets that were too much, and what to do."""
    return [f"“{one.sheet}”没有读：{one.limit.in_words}；请删去与自评无关的内容，或分成几个文件" for one in leftovers]
