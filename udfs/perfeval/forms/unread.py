"""Rows and columns that bear the headings of a 自评表 over values, and that no reader took."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perfeval.forms import labels
from perfeval.forms.grid import MAX_COLUMN, Address, Area
from perfeval.forms.grid_text import Page

_BELOW = 3  # rows under a heading in which its values begin
_LEAST = 2  # headings of a 自评表 that show a table to be of its kind
_NAMES = frozenset({*labels.LEVELS, "indicator"})
_SIGNS = {"target": "指标值", "actual": "完成值", "weight": "分值", "score": "得分"}


class Unread(NamedTuple):
    """Rows like the header of a 自评表 that no reader took: the headings that are printed, and the usual ones that are not.

    ``last_row`` is 0 save where the headings stand one under another, down to that row, and the indicators beside each other.
    """

    cell: Address
    printed: tuple[str, ...]
    missing: tuple[str, ...]
    last_row: int = 0


def unread_in(page: Page, taken: Sequence[Area]) -> Iterator[Unread]:
    """The rows outside what was read that bear at least two headings of a 自评表 with values below them, or at their right."""
    across = list(_across(page, taken))
    yield from across
    taken = [*taken, *(Area(one.cell.row, 1, one.last_row, MAX_COLUMN) for one in across)]
    last = 0
    for row in page.rows():
        if row <= last:
            continue
        signs: dict[str, tuple[Area, str]] = {}
        for at in (row, row + 1):
            for area, text in page.texts(at, 1, MAX_COLUMN):
                concept = labels.sign(text)
                over = signs.get(concept) if concept else None
                if concept is None or any((area.top, area.left) in one for one in taken):
                    continue
                if over is None or over[0].right > over[0].left:  # a wide heading is that of a group of columns
                    signs[concept] = (area, text)
            if at == row and not signs:
                break
        bottom = max((area.bottom for area, _ in signs.values()), default=row)
        if sum(_has_value(page, area, bottom) for area, _ in signs.values()) >= _LEAST:
            ordered = sorted(signs.values())
            missing = tuple(name for concept, name in _SIGNS.items() if concept not in signs)
            yield Unread(
                page.grid.anchor_of((ordered[0][0].top, ordered[0][0].left)),
                tuple(re.sub(r"\s+", "", text) for _, text in ordered),
                missing,
            )
            last = _end(page, bottom)


def _across(page: Page, taken: Sequence[Area]) -> Iterator[Unread]:
    """Blocks whose headings stand one under another, each with a value of every indicator at its right."""
    run: list[tuple[str, Area, str]] = []
    for row in (*page.rows(), page.bottom + 1):
        heading = _heading_at_left(page, row)
        if heading is not None and not any((row, heading[1].left) in one for one in taken):
            run.append(heading)
            continue
        concepts = {concept for concept, _, _ in run}
        if "name" in concepts and len(concepts) > _LEAST:
            first, last = run[0][1], run[-1][1]
            printed = tuple(re.sub(r"\s+", "", text) for _, _, text in run)
            yield Unread(page.grid.anchor_of((first.top, first.left)), printed, (), last.bottom)
        run = []


def _heading_at_left(page: Page, row: int) -> tuple[str, Area, str] | None:
    """The heading that begins a row with values, and no further heading, at its right."""
    area, text = next(iter(page.texts(row, 1, MAX_COLUMN)), (None, ""))
    concept = labels.sign(text) or ("name" if labels.column(text) in _NAMES else None)
    if area is None or concept is None or len(page.filled(row, area.right + 1, MAX_COLUMN)) < _LEAST:
        return None
    others = page.texts(row, area.right + 1, MAX_COLUMN)
    return None if any(labels.column(other) for _, other in others) else (concept, area, text)


def _has_value(page: Page, heading: Area, bottom: int) -> bool:
    """Whether anything but a heading stands under a heading."""
    for row in range(bottom + 1, bottom + 1 + _BELOW):
        entry = page.entry(row, heading.left)
        if entry.text and entry.cell and entry.cell.row > bottom:
            return not isinstance(entry.value, str) or not labels.sign(entry.text)
    return False


def _end(page: Page, row: int) -> int:
    """The last row before an empty one: what hangs together under a header."""
    while page.filled(row + 1, 1, MAX_COLUMN):
        row += 1
    return row
