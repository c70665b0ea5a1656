"""The sheet 口径 of our workbook: what a person has chosen of each option, and a body's own points of the groups."""

from __future__ import annotations

from perfeval.arithmetic import Scaled
from perfeval.forms import labels
from perfeval.forms.grid import Address, Book
from perfeval.forms.grid_text import seen
from perfeval.forms.model import Entry
from perfeval.quantities import points
from perfeval.records import names


def choices(book: Book) -> dict[str, Entry]:
    """What is chosen, by the option's title; empty where the book has no such sheet."""
    return _beside(book, names.OPTION_COLUMNS[0])


def own_points(book: Book) -> dict[str, Entry]:
    """What is typed as a body's own points, by the group's name; whatever it is."""
    return {name: entry for name, entry in _beside(book, names.WEIGHT_COLUMNS[0]).items() if entry.text}


def weights(book: Book) -> tuple[tuple[str, Scaled], ...]:
    """A body's own points of groups; what is no number of points is not among them."""
    read = ((name, group_points(entry)) for name, entry in own_points(book).items())
    return tuple((name, number) for name, number in read if number is not None)


def group_points(entry: Entry) -> Scaled | None:
    """The points that a group is given, from 0 to 100; None for anything else."""
    number = points(entry.value)
    return number if number is not None and 0 <= number.units <= 100 * 10**number.places else None


def _beside(book: Book, heading: str) -> dict[str, Entry]:
    """The labels under a heading, each with the cell to its right."""
    if names.OPTIONS not in book.sheets:
        return {}
    grid = book.grid(names.OPTIONS)
    place = next((place for place, cell in sorted(grid.cells.items()) if _label(cell.value) == heading), None)
    entries: dict[str, Entry] = {}
    while place is not None and (label := _label(grid[place := Address(place.row + 1, place.column)].value)):
        value = Address(place.row, place.column + 1)
        entries[label] = Entry(seen(grid.shown(value)), value)
    return entries


def _label(value: object) -> str:
    return labels.key(value) if isinstance(value, str) else ""
