"""Reads what a transfer's form states in words: 资金管理情况 row by row, and the 说明 below its indicators."""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.forms import labels
from perfeval.forms.grid import Area
from perfeval.forms.grid_text import Page
from perfeval.forms.model import ABSENT, Entry, Statement


def read_management(page: Page, area: Area) -> tuple[Statement, ...]:
    """The rows under 情况说明 and 存在问题和改进措施 within an area; none where the form prints no such block."""
    for row in range(area.top, area.bottom + 1):
        columns = {
            concept: place.left
            for place, text in page.texts(row, area.left, area.right)
            if (concept := labels.statement(text))
        }
        if {"said", "problems"} <= columns.keys():
            return tuple(_rows(page, area, row, columns["said"], columns["problems"]))
    return ()


def _rows(page: Page, area: Area, header: int, said: int, problems: int) -> Iterator[Statement]:
    """The rows that a label names, down to the next block, which begins with labels of the head."""
    for row in range(header + 1, area.bottom + 1):
        texts = page.texts(row, area.left, area.right)
        names = [text for place, text in texts if place.right < said]
        if not names or any(labels.is_field(text) for _, text in texts):
            return
        yield Statement(names[-1].strip(), page.entry(row, said), page.entry(row, problems))


def read_remarks(page: Page, area: Area) -> Entry:
    """What stands beside 说明, a label in a cell of its own, within an area; absent where the form prints none."""
    for row in range(area.top, area.bottom + 1):
        for place, text in page.texts(row, area.left, area.right)[:1]:
            if labels.statement(text) == "remarks" and place.right < area.right:
                return page.entry(row, place.right + 1)
    return ABSENT
