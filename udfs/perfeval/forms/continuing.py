"""Forms that a page's end cut: a table of a text that goes on with the form in the table above it."""

from __future__ import annotations

from collections.abc import Sequence

from perfeval.forms import labels
from perfeval.forms.amount_tables import read_tables
from perfeval.forms.blocks import headers
from perfeval.forms.grid import Address, Area, Grid
from perfeval.forms.grid_text import page_of
from perfeval.forms.reader import read_sheet
from perfeval.forms.target_tables import read_target_tables

_MOST_LINES = 2  # of text between the parts: 续表, a heading
_LONGEST = 30


def joined(above: Grid, below: Grid, between: Sequence[str]) -> Grid | None:
    """Both tables as one, ``below`` without its first row (the line above it); None where it is a table of its own.

    It goes on where the form above prints no total under its rows, and rows below become rows of that form.
    """
    if not _may_stand_between(between) or not _is_open(above, is_parted=bool(between)):
        return None
    own = headers(page_of(below))
    if not own and (between or above.right != below.right or read_tables(below) or read_target_tables(below)):
        return None  # rows without a header go on only where nothing parts them
    one = _stacked(above, below)
    cut = read_sheet(one)[len(read_sheet(above)) - 1]
    return one if cut.area.bottom > above.bottom else None


def _may_stand_between(lines: Sequence[str]) -> bool:
    """Whether lines leave the form open: none but a title printed again, or a short heading."""
    if len(lines) > _MOST_LINES:
        return False
    return all(labels.is_continued(line) or (len(line) < _LONGEST and not _is_title(line)) for line in lines)


def _is_title(line: str) -> bool:
    return labels.is_assessed(line) or any(labels.is_title(line, kind) for kind in ("form", "scoring", "targets"))


def _is_open(grid: Grid, *, is_parted: bool) -> bool:
    """Whether the last form of a table prints money alone, or points and no total under them; without points none is waited for."""
    forms = read_sheet(grid)
    if not forms or not forms[-1].blocks:
        return bool(forms)
    has_ended = forms[-1].blocks[-1].total_score.cell is not None
    return not has_ended and (forms[-1].is_scored or not is_parted)


def _stacked(above: Grid, below: Grid) -> Grid:
    shift = max([above.bottom, *(area.bottom for area in above.merges)]) - 1
    cells = {Address(place.row + shift, place.column): cell for place, cell in below.cells.items() if place.row > 1}
    merges = (Area(one.top + shift, one.left, one.bottom + shift, one.right) for one in below.merges)
    return Grid(above.name, {**above.cells, **cells}, (*above.merges, *merges))
