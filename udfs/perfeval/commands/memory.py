"""What the last fill wrote, so that the next one knows its own work: one line a cell, on pages in a very hidden sheet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from perfeval.forms import names
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address, Book, Cell, Value

_LONG_TEXT = 1_000  # of a longer text a digest is kept
_PAGE = 15_000  # characters of a page; a cell holds 32,767 code units


class Memory:
    """What the last fill wrote. A book without the hidden sheet remembers nothing."""

    def __init__(self, book: Book) -> None:
        self._pages: list[str] = []
        self._values: dict[str, str] = {}
        self._keeps = names.MEMORY in book.sheets
        if self._keeps:
            grid = book.grid(names.MEMORY)
            self._pages = [str(grid[row, 1].value or "") for row in range(2, grid.bottom + 1)]
        for line in "\n".join(self._pages).split("\n"):
            # A sheet's name may hold "=", but no bracket.
            sheet, _, rest = line.partition("]")
            cell, _, value = rest.partition("=")
            if cell:
                self._values[f"{sheet}]{cell}"] = value

    def wrote(self, sheet: str, cell: Address, present: Cell) -> bool:
        """Whether a cell still holds what the last fill put there."""
        return present.formula is None and self._values.get(f"[{sheet}]{cell}") == _stored(present.value)

    def remember(self, edits: Sequence[Edit]) -> None:
        """Keep what these edits write."""
        if self._keeps:
            self._values |= {f"[{edit.sheet}]{edit.cell}": _stored(edit.content) for edit in edits}  # type: ignore[arg-type]

    def edits(self) -> Iterator[Edit]:
        """The edits of the hidden sheet: the pages, one a cell, that are no longer as they were."""
        for number, page in enumerate(_pages(f"{place}={value}" for place, value in self._values.items())):
            if self._pages[number : number + 1] != [page]:
                yield Edit(names.MEMORY, Address(number + 2, 1), page)


def _pages(lines: Iterable[str]) -> Iterator[str]:
    """The lines in as few texts as fit a cell."""
    page, length = [], 0
    for line in lines:
        if page and length + len(line) > _PAGE:
            yield "\n".join(page)
            page, length = [], 0
        page.append(line)
        length += len(line) + 1
    if page:
        yield "\n".join(page)


def _stored(value: Value) -> str:
    """A value as the hidden sheet keeps it: type and all, so that 1 and "1" differ; of a long text a digest."""
    if isinstance(value, str) and len(value) > _LONG_TEXT:
        return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(float(value))
    return json.dumps(value if isinstance(value, str | bool) or value is None else str(value), ensure_ascii=False)
