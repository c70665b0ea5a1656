"""What the last fill wrote, so that the next one knows its own work: one line a cell in a very hidden sheet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date

from perfeval.commands.data import Book
from perfeval.forms import names
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address, Cell, Value

_LONG_TEXT = 1_000  # of a longer text a digest is kept


class Memory:
    """What the last fill wrote, as the hidden sheet keeps it. A book without the sheet remembers nothing."""

    def __init__(self, book: Book) -> None:
        self._grid = book.grid(names.MEMORY) if names.MEMORY in book.sheets else None
        self._rows: dict[str, tuple[int, str]] = {}
        self._new: dict[str, str] = {}
        if self._grid is not None:
            for row in range(2, self._grid.bottom + 1):
                # A sheet's name may hold "=", but no bracket.
                sheet, _, rest = str(self._grid[row, 1].value).partition("]")
                cell, _, value = rest.partition("=")
                self._rows[f"{sheet}]{cell}"] = (row, value)

    def wrote(self, sheet: str, cell: Address, present: Cell) -> bool:
        """Whether a cell still holds what the last fill put there."""
        remembered = self._rows.get(f"[{sheet}]{cell}")
        return remembered is not None and present.formula is None and remembered[1] == _stored(present.value)

    def remember(self, edits: Sequence[Edit]) -> None:
        """Keep what these edits write."""
        if self._grid is not None:
            self._new |= {f"[{edit.sheet}]{edit.cell}": _stored(edit.content) for edit in edits}  # type: ignore[arg-type]

    def edits(self) -> Iterator[Edit]:
        """The edits of the hidden sheet: changed values in place, new cells below."""
        next_row = self._grid.bottom + 1 if self._grid is not None else 0
        for place, value in self._new.items():
            row, old = self._rows.get(place, (next_row, None))
            if old != value:
                yield Edit(names.MEMORY, Address(row, 1), f"{place}={value}")
            next_row += old is None


def _stored(value: Value) -> str:
    """A value as the hidden sheet keeps it: type and all, so that 1 and "1" differ; of a long text a digest."""
    if isinstance(value, str) and len(value) > _LONG_TEXT:
        return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(float(value))
    return json.dumps(value if isinstance(value, str | bool) or value is None else str(value), ensure_ascii=False)
