"""Where a book's forms and tables are looked for: in its sheets as far as one file's budget goes; the others are named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

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


def searched(grids: Iterable[Grid]) -> Searched:
    """The sheets of one file that its budget affords, in their order; one that does not fit is left out whole, as half a form would
    say what the whole one does not."""
    purse = Purse(SEARCHED_CELLS)
    within: list[Grid] = []
    leftovers: list[Leftover] = []
    for grid in grids:
        page = page_of(grid)
        if purse.take(sum(len(page.filled(row, 1, MAX_COLUMN)) for row in page.rows())):
            within.append(grid)
        else:
            leftovers.append(Leftover(grid.name, "", SEARCHED_CELLS, "这张表"))
    return Searched(tuple(within), tuple(leftovers))


def form_grids(book: Book) -> Searched:
    """The sheets of a book that may hold forms."""
    return searched(book.grid(sheet) for sheet in form_sheets(book))


def not_read(leftovers: Iterable[Leftover]) -> list[str]:
    """What is said of the sheets that were too much, and what to do."""
    return [f"“{one.sheet}”没有读：{one.limit.in_words}；请删去与自评无关的内容，或分成几个文件" for one in leftovers]
