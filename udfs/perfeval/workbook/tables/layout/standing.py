"""Where the rows and columns of a block of amounts stand on a sheet, and what is known of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from perfeval.arithmetic import Scaled, exact
from perfeval.forms.grid import Address, Area
from perfeval.workbook.tables.model import AMOUNT, TEXT, Amounts, Column
from perfeval.workbook.tables.placing import Placed


@dataclass(frozen=True)
class Standing:
    """A block of amounts on its sheet: its rows, the sheet's row of each, the sheet's column of each column's key."""

    block: Amounts
    rows: tuple[Placed, ...]
    places: tuple[int, ...]
    columns: dict[str, int]

    def at(self, place: int, column: Column) -> Address:
        """The cell of a row (counted from 0) in a column."""
        return Address(self.places[place], self.columns[column.key])

    def down(self, places: Sequence[int], column: Column) -> Area:
        """The cells of a column from the first of these rows to the last."""
        first, last = self.at(places[0], column), self.at(places[-1], column)
        return Area(*first, *last)

    def area(self, row: int, column: Column, *, bottom: int = 0) -> Area:
        """The cells that a column takes in a row of the sheet, down to ``bottom``."""
        left = self.columns[column.key]
        return Area(row, left, max(row, bottom), left + column.span - 1)

    def across(self, row: int, columns: Sequence[Column]) -> Area:
        """The cells of neighbouring columns in a row of the sheet."""
        return Area(*self.area(row, columns[0])[:3], self.area(row, columns[-1]).right)

    @cached_property
    def values(self) -> dict[Address, Scaled]:
        """The amounts that are known, by their cells."""
        return {
            self.at(place, column): exact(value)
            for place, one in enumerate(self.rows)
            for column in self.amounts
            if isinstance(value := one.line.get(column.key), int | float)
        }

    @property
    def printed(self) -> tuple[Column, ...]:
        """The columns of the printed table."""
        return tuple(column for column in self.block.columns if not column.help)

    @property
    def texts(self) -> tuple[Column, ...]:
        """The printed columns of words."""
        return tuple(column for column in self.printed if column.kind == TEXT)

    @cached_property
    def amounts(self) -> tuple[Column, ...]:
        """The columns of amounts."""
        return tuple(column for column in self.block.columns if column.kind == AMOUNT)

    @property
    def name(self) -> Column:
        """The column that names the rows."""
        return self.block.columns[0]

    def holds(self, place: int, column: Column) -> bool:
        """Whether a row has an amount in a column."""
        row = self.rows[place].row
        return bool(row.label or row.open) and not row.heading and column.key not in row.none

    @cached_property
    def _by_key(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, one in enumerate(self.rows):
            found.setdefault(one.row.key, []).append(place)
        return found

    @cached_property
    def groups(self) -> dict[int, range]:
        """The rows of each group."""
        found: dict[int, range] = {}
        for place, one in enumerate(self.rows):
            found[one.group] = range(found.get(one.group, range(place, place)).start, place + 1)
        return found

    def of_keys(self, keys: Sequence[str]) -> list[int]:
        """The rows of these keys."""
        return sorted(place for key in keys for place in self._by_key.get(key, ()))

    def column(self, key: str) -> Column:
        """The column of a key."""
        return self.block.column(key)
