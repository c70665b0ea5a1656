"""What the headings of a sheet or a text say: the year it is of, and whether it is a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from perfeval.forms import labels
from perfeval.forms.grid import Grid
from perfeval.quantities import plain

_YEAR = re.compile(r"[（(]?\s*(20\d\d)\s*年度?\s*[)）]?|.*?(20\d\d)\s*年度?[^年]*表")
_LONGEST = 40  # characters of a heading
_REPORT = re.compile(r"[^,.;:]{0,60}(?:绩效|自评|评价)[^,.;:]{0,20}报告")
_COVER = 12  # paragraphs in which a report's title stands


def year_of(headings: Iterable[str]) -> int | None:
    """The year in the first heading that names one, （2021年度） or 2021年项目支出绩效自评表; None where none does above the indicators."""
    for heading in headings:
        if len(heading) < _LONGEST:
            if found := _YEAR.fullmatch(heading.strip()):
                return int(found[1] or found[2])
            if labels.column(heading) == "target":
                break
    return None


def texts_of(grid: Grid) -> Iterator[str]:
    """The texts of a sheet in reading order."""
    return (cell.value for _, cell in sorted(grid.cells.items()) if isinstance(cell.value, str))


def report_title(paragraphs: Iterable[str]) -> tuple[int, str] | None:
    """A report's title and its place among the paragraphs, from 0: 2020年度部门整体支出绩效自评报告; None for any other text."""
    for place, text in zip(range(_COVER), paragraphs, strict=False):
        bare = re.sub(r"[\s#*《》]", "", plain(text))
        if _REPORT.fullmatch(bare):
            return place, bare
    return None
