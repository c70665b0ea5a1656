"""The published workbooks with their copies of native formulas, made once for a run of the tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from perfeval.books.file import FileBook
from perfeval.commands import demo, livecopy
from perfeval.forms.grid import Value
from perfeval.records import names

SAID_OTHERWISE = {(names.OPTIONS, "B3"), (names.OPTIONS, "G3")}  # which 口径 the formulas follow


@cache
def published() -> list[tuple[Path, Path]]:
    """Each workbook of the demo, and its copy of native formulas."""
    folder = Path(mkdtemp(prefix="perfeval-native-"))
    list(demo.demo(folder))
    return [(path, livecopy.live(path).path) for path in sorted(folder.rglob("*.xlsm"))]


def same(one: Value, other: Value) -> bool:
    """Whether two cells show the same; a blank and an empty text do."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one))
    return one == other or (one in (None, "") and other in (None, ""))


def formulas(book: FileBook) -> dict[tuple[str, str], str]:
    """Every formula of a book by sheet and cell."""
    return {
        (sheet, str(place)): cell.formula
        for sheet in book.sheets
        for place, cell in book.grid(sheet).cells.items()
        if cell.formula is not None
    }
