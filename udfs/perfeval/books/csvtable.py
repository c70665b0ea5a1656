"""A .csv file as a book of one sheet, to be read only: what systems without an Excel export give out, in UTF-8 or GBK."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from pathlib import Path

from perfeval.books import diskfile
from perfeval.books.documents import decoded
from perfeval.books.package import Unreadable, refuse_beyond
from perfeval.budget import TABLE_CELLS, TABLE_COLUMNS
from perfeval.errors import FileRefused
from perfeval.filenames import shown
from perfeval.forms.grid import Address, Cell, Grid

SUFFIXES = frozenset({".csv"})
_SEPARATORS = ",\t;"
_SAMPLE = 10_000  # characters by which the separator is known


class CsvTable:
    """The one table of a file; its cells are texts as they stand, so that a code keeps its zeros. ``digest`` is the SHA-256 of the file."""

    names: Mapping[str, str] = {}

    def __init__(self, name: str, cells: Mapping[Address, Cell], digest: str) -> None:
        self.digest = digest
        self.sheets = self.user_sheets = (name,)
        self._grid = Grid(name, cells)

    def grid(self, sheet: str) -> Grid:
        """The table."""
        if sheet not in self.sheets:
            raise KeyError(sheet)
        return self._grid


def read_csv(path: Path) -> CsvTable:
    """The table in a file. Raises FileRefused where it is no text, or larger than a table is."""
    cells: dict[Address, Cell] = {}
    try:
        data = diskfile.bounded(path)
        text = decoded(data)
        separator = max(_SEPARATORS, key=text[:_SAMPLE].count)
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=1):
            filled = {Address(number, place): Cell(value) for place, value in enumerate(row, start=1) if value.strip()}
            refuse_beyond(TABLE_COLUMNS, max(filled, default=Address(number, 0)).column)
            cells.update(filled)
            refuse_beyond(TABLE_CELLS, len(cells))
    except (Unreadable, csv.Error) as error:
        raise FileRefused(path, f"{error}；也可以在表格软件里另存为 .xlsx") from error
    return CsvTable(shown(path.stem), cells, hashlib.sha256(data).hexdigest())
