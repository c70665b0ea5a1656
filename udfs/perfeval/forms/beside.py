"""测算列: the columns that we put beside a form, known by their titles. Whoever reads a sheet looks past them."""

from __future__ import annotations

from dataclasses import replace

from perfeval.forms.grid import Address, Grid

HEADINGS = (SCORE, COMPLETION, HINT) = ("测算得分", "完成率", "提示")
READINGS = (
    "读出的方向",
    "读出的数",
    "读出的上限",
    "读出的计量",
    "读出的完成",
)  # what formulas read in the texts; may be typed over
HELP = "计算用"  # over the columns that only compute, which are hidden


def titles_at(grid: Grid, row: int, column: int) -> list[str]:
    """The titles of a block that begins in a cell; none where no block does. A workbook of native formulas has the readings alone,
    its own form shows the rest."""
    first = next((start for start in (HEADINGS, READINGS) if _stand_at(grid, row, column, start)), None)
    if first is None:
        return []
    titles: list[str] = list(first)
    while (title := grid[row, column + len(titles)].value) in (*READINGS, HELP):
        titles.append(str(title))
    return titles


def _stand_at(grid: Grid, row: int, column: int, titles: tuple[str, ...]) -> bool:
    return all(grid[row, column + offset].value == title for offset, title in enumerate(titles))


def is_typed(value: object, formula: str | None, title: str) -> bool:
    """Whether a cell under a title is somebody's own: neither a formula nor the title again, nor a value that only computes."""
    return formula is None and value is not None and title not in (HELP, value)


def without_blocks(grid: Grid) -> Grid:
    """The sheet as it is without our columns; what somebody has typed among them stays."""
    tops: dict[int, tuple[int, str]] = {}  # by column: where our titles begin, and the title
    for place, cell in grid.cells.items():
        if cell.value in (SCORE, READINGS[0]):
            for column, title in enumerate(titles_at(grid, *place), start=place.column):
                top, _ = tops.get(column, (place.row, ""))
                tops[column] = min(top, place.row), title
    if not tops:
        return grid

    def is_ours(place: Address) -> bool:
        top, title = tops.get(place.column, (place.row + 1, ""))
        cell = grid[place]
        return place.row >= top and not is_typed(cell.value, cell.formula, title)

    return replace(grid, cells={place: cell for place, cell in grid.cells.items() if not is_ours(place)})
