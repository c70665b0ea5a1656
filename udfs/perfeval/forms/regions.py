"""Cuts a sheet that holds several forms one under another into a region for each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from perfeval.forms.grid import Area
from perfeval.forms.grid_text import Page


def regions(page: Page, starts: Iterable[tuple[int, str]]) -> Iterator[tuple[str, Area]]:
    """Each title with its region: from the row it starts in to the last filled row before the next start."""
    rows, right = page.rows(), page.grid.right
    begun = list(starts)
    for place, (top, title) in enumerate(begun):
        following = begun[place + 1][0] if place + 1 < len(begun) else page.bottom + 1
        yield title, Area(top, 1, rows[bisect_left(rows, following) - 1], right)
