"""The year that a sheet is of, by its heading: （2021年度）, 2021年项目支出绩效自评表."""

from __future__ import annotations

import re

from perfeval.forms import labels
from perfeval.forms.grid import Grid

_YEAR = re.compile(r"[（(]?\s*(20\d\d)\s*年度?\s*[)）]?|.*?(20\d\d)\s*年度?[^年]*表")
_LONGEST = 40  # characters of a heading


def year_of(grid: Grid) -> int | None:
    """The year in the first heading of a sheet that names one; None where none does above the indicators."""
    for _, cell in sorted(grid.cells.items()):
        if isinstance(cell.value, str) and len(cell.value) < _LONGEST:
            if found := _YEAR.fullmatch(cell.value.strip()):
                return int(found[1] or found[2])
            if labels.column(cell.value) == "target":
                break
    return None
