"""The sheet 导入对照: by which of an export's sheets and headings our fields are read, as a person chose it, and what was seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from perfeval.errors import InvalidValue
from perfeval.forms import labels
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address, Book, Grid
from perfeval.quantities import plain
from perfeval.records import names
from perfeval.records.exportrows import FIELDS
from perfeval.records.exports import OPTION, SHEET

HEADINGS = ("我们的栏", "导出表里的名称", "怎么写", "上次看到的工作表", "上次看到的列标题")
ROWS = (SHEET, *FIELDS.values())
HEADER = 2  # the row of the columns' names
FIRST = HEADER + 1
MOST_SEEN = 200  # sheets and headings that are kept to choose from
_CHOICE, _SHEETS, _COLUMNS = 2, 4, 5  # columns


def choices_of(book: Book) -> dict[str, str]:
    """What is chosen on the sheet, by field; nothing where the book has none."""
    if names.CORRESPONDENCE not in book.sheets:
        return {}
    grid = book.grid(names.CORRESPONDENCE)
    return {
        field: str(grid[row, _CHOICE].value).strip()
        for row, field in _fields(grid)
        if grid[row, _CHOICE].value not in (None, "")
    }


def _fields(grid: Grid) -> Iterator[tuple[int, str]]:
    """The rows of the fields."""
    for row in range(1, grid.bottom + 1):
        value = grid[row, 1].value
        if isinstance(value, str) and labels.key(value) in ROWS:
            yield row, labels.key(value)


def stated_choices(options: Sequence[str]) -> dict[str, str]:
    """The choices that options state, ``全年预算数=调整预算数``. Raises InvalidValue for a field that nobody knows."""
    stated: dict[str, str] = {}
    for option in options:
        field, equals, heading = plain(option).partition("=")
        if field.strip() not in ROWS or not equals or not heading.strip():
            raise InvalidValue(
                f"{OPTION} “{option}”不对，应像 全年预算数=调整预算数；等号左边可以是：{'、'.join(ROWS)}"
            )
        stated[field.strip()] = heading.strip()
    return stated


def kept(book: Book, choices: Mapping[str, str], seen: Sequence[tuple[str, Sequence[str]]]) -> Iterator[Edit]:
    """The edits that keep choices, and what there was to choose from. Nothing where the book has no such sheet."""
    if names.CORRESPONDENCE not in book.sheets:
        return
    grid = book.grid(names.CORRESPONDENCE)
    for row, field in _fields(grid):
        if field in choices and grid[row, _CHOICE].value != choices[field]:
            yield Edit(grid.name, Address(row, _CHOICE), choices[field])
    sheets = [sheet for sheet, _ in seen]
    headings = list(dict.fromkeys(heading for _, own in seen for heading in own))
    for column, listed in ((_SHEETS, sheets), (_COLUMNS, headings)) if seen else ():
        for place in range(MOST_SEEN):
            now = listed[place] if place < len(listed) else None
            if (grid[FIRST + place, column].value or None) != now:
                yield Edit(grid.name, Address(FIRST + place, column), now)
