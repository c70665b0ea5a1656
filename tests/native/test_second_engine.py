"""The native workbooks of the demo in a second engine, ironcalc: it computes what the file keeps, but for what docs/native.md lists."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from perfeval.books.file import FileBook
from perfeval.forms.grid import address
from support.complete import COMPLETE
from support.native_books import formulas, published, same

try:
    import ironcalc
except ImportError:
    ironcalc = None

pytestmark = pytest.mark.skipif(ironcalc is None and not os.environ.get(COMPLETE), reason="ironcalc is not installed")


def differing(path: Path) -> tuple[int, list[tuple[str, str, object, object]]]:
    """How many formulas are compared, and those of which the engine gives something else than the file keeps."""
    assert ironcalc is not None, "ironcalc is not installed"
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    book, compared, others = FileBook.open(path), 0, []
    sheets = {one["name"]: index for index, one in enumerate(model.get_worksheets_properties())}
    for (sheet, cell), _ in formulas(book).items():
        place = address(cell)
        theirs = model.get_cell_value(sheets[sheet], place.row, place.column)
        ours = book.grid(sheet)[place].value
        compared += 1
        if not same(theirs, ours) and not (isinstance(theirs, bool) and theirs == ours):
            others.append((sheet, cell, theirs, ours))
    return compared, others
