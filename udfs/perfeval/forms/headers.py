"""Finds the header rows of indicator blocks: where each column stands, and how wide the form is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perfeval.forms import labels
from perfeval.forms.grid import Area
from perfeval.forms.grid_text import Page

_TALL = 3  # a header cell over more rows than these is a block's label
_LEAST = 3  # columns of a header: target, actual, and what they are worth
_LONGEST = 60  # characters of a header
_AROUND = 15  # rows above and below a header that tell how wide the form is


@dataclass(frozen=True, slots=True)
class Header:
    """The header of an indicator block: its rows, the form's first and last column, and each concept's column."""

    top: int
    bottom: int
    left: int
    right: int
    columns: dict[str, int]


def headers(page: Page) -> Iterator[Header]:
    """Every header of an indicator block, top to bottom, left to right."""
    for row in page.rows():
        concepts = _concepts(page, row)
        if not _is_header(set(concepts.values())):
            continue
        groups = [group for group in _side_by_side(concepts) if _is_header(set(group.values()))]
        before = 0
        for place, group in enumerate(groups):
            following = min(groups[place + 1]) if place + 1 < len(groups) else None
            header = _header(page, row, group, before, following)
            yield header
            before = header.right


def _concepts(page: Page, row: int) -> dict[int, str]:
    found = {}
    texts = page.texts(row, 1, _EVERY_COLUMN)
    if len(texts) < _LEAST:
        return {}
    for area, text in texts:
        if labels.header(text) == "name":
            return {}  # 项目名称 as a column: a list of several projects' indicators, no form
        concept = labels.column(text) if len(text) < _LONGEST else None
        if concept is not None and area.bottom - area.top < _TALL:  # 绩效指标 down the left side names the block
            found[area.left] = concept
    if {"target", "actual"} <= set(found.values()) and not _is_header(set(found.values())):
        for area, _ in texts:
            found |= _beneath(page, area)  # 评分 over 分值 and 得分
    return dict(sorted(found.items()))


def _beneath(page: Page, area: Area) -> dict[int, str]:
    """The concepts named right under a header cell over several columns, by column."""
    if area.left == area.right:
        return {}
    return {
        under.left: concept
        for under, text in page.texts(area.bottom + 1, area.left, area.right)
        if (concept := labels.column(text)) is not None
    }


_EVERY_COLUMN = 1 << 14


def _side_by_side(found: dict[int, str]) -> Iterator[dict[int, str]]:
    """The columns of one row, cut where the concepts begin anew."""
    group: dict[int, str] = {}
    for column, concept in found.items():
        if concept in {"level1", "target"} and concept in group.values() and _is_header(set(group.values())):
            yield group
            group = {}
        group[column] = concept
    yield group


def _is_header(concepts: set[str]) -> bool:
    return {"target", "actual"} <= concepts and bool(concepts & {"weight", "share", "score"})


def _header(page: Page, row: int, group: dict[int, str], before: int, following: int | None) -> Header:
    columns: dict[str, int] = {}
    areas = [
        page.grid.area_of((row, column))
        for column, concept in group.items()
        if concept != "indicator" and page.filled(row, column, column)
    ]
    for column, concept in group.items():
        columns.setdefault(concept, column)
    bottom = max(*(area.bottom for area in areas), _second_row(page, row, columns))
    if "weight" not in columns and "share" in columns:
        columns["weight"] = columns["share"]
    if "indicator" in columns:
        columns.setdefault("level1" if "level3" in columns else "level3", columns["indicator"])
    first, last = min(group), max(area.right for area in areas)
    left, right = _extent(page, row, first, last, before, following)
    return Header(row, bottom, left, right, columns)


def _second_row(page: Page, row: int, columns: dict[str, int]) -> int:
    """The columns named under a wide header cell: 指标值 over 符号, 指标值, 计量单位, or 绩效指标 over the three levels.

    Gives the number of the row they stand in, or ``row`` where there is none.
    """
    last = row
    for concept, column in tuple(columns.items()):
        area = page.grid.area_of((row, column))
        under = {found: place for place, found in _beneath(page, area).items()}
        if len(under) > 1 or concept in under:
            columns |= under
            last = area.bottom + 1
    return last


def _extent(page: Page, row: int, first: int, last: int, before: int, following: int | None) -> tuple[int, int]:
    """The form's first and last column: as far as cells are filled or merged around the header, up to a neighbour."""

    def used(column: int) -> bool:
        return any(page.occupied(near, column) for near in range(max(row - _AROUND, 1), row + _AROUND))

    left, right = first, last
    while left > before + 1 and used(left - 1):
        left -= 1
    while (following is None or right + 1 < following) and used(right + 1):
        right += 1
    return left, last if right + 1 == following else right
