"""Workbooks that other programs made, read, patched and recalculated: how many, and how often the stored values are met.

``python tests/support/strangers.py FOLDER …`` goes through every .xlsx and .xlsm below the folders; with ``--all`` also through those
that do not say that Excel made them. Nothing is written but copies in a temporary folder.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2] / "udfs"))

from perfeval.books.file import FileBook
from perfeval.books.formulas.values import serial
from perfeval.books.package import Package
from perfeval.books.recalculation import recalculate
from perfeval.errors import EditRefused, FileRefused, PerfEvalError
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address, Value

_PROGRAM = "docProps/app.xml"
_SHOWN = 40  # differences that are printed


class Survey:
    """What came of the files."""

    def __init__(self) -> None:
        self.files: Counter[str] = Counter()
        self.patches: Counter[str] = Counter()
        self.formulas: Counter[str] = Counter()
        self.differing: list[str] = []

    def add(self, path: Path, *, every: bool = False) -> None:
        """Read a file, recalculate its formulas, and change a number in a copy."""
        try:
            book = FileBook.open(path)
            if not every and not made_by_excel(book.package):
                self.files["not by Excel: left out"] += 1
                return
            for sheet in book.sheets:
                book.grid(sheet)
        except FileRefused as refused:
            self.files[f"refused: {refused.reason}"] += 1
            return
        self.files["read"] += 1
        self._recalculate(path, book)
        self.patches[patch(path, book)] += 1

    def _recalculate(self, path: Path, book: FileBook) -> None:
        computed = recalculate(book, None)
        self.formulas["not known"] += len(computed.unknown)
        for (sheet, cell), value in computed.values.items():
            stored = book.grid(sheet)[cell].value
            if stored is None:
                self.formulas["no stored value"] += 1
            elif alike(value, stored):
                self.formulas["as stored"] += 1
            else:
                self.formulas["differ"] += 1
                formula = book.grid(sheet)[cell].formula
                self.differing.append(f"{path.name} {sheet}!{cell} ={formula}: {value!r}, stored {stored!r}")


def made_by_excel(package: Package) -> bool:
    """Whether a workbook says that Excel wrote it last."""
    return _PROGRAM in package and b"Microsoft Excel" in package.read(_PROGRAM)


def alike(value: Value, stored: Value) -> bool:
    """Whether two values show the same: numbers to 14 digits, days and times as their serials."""
    one, other = (serial(part) if isinstance(part, (datetime, date, time)) else part for part in (value, stored))
    if any(isinstance(part, bool) or not isinstance(part, int | float) for part in (one, other)):
        return type(one) is type(other) and one == other
    size = max(abs(one), abs(other))  # type: ignore[arg-type]
    return size < 1e-14 or abs(one - other) <= 1e-14 * size  # type: ignore[operator]


def patch(path: Path, book: FileBook) -> str:
    """Change the first number that is no formula, in a copy: what came of it."""
    places = _numbers(book)
    for sheet, cell in places:
        try:
            book.apply([Edit(sheet, cell, 123456.75)])
        except EditRefused:
            continue
        except PerfEvalError as refused:
            return f"refused: {str(refused)[:60]}"
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / path.name
            try:
                book.save(copy, break_signature=True)
            except FileRefused as refused:
                return f"refused: {refused.reason}"
            before, after = Package(path.read_bytes()), Package(copy.read_bytes())
            changed = [name for name in before.names if name not in after or before.read(name) != after.read(name)]
            kept = alike(FileBook.open(copy).grid(sheet)[cell].value, 123456.75)
        return f"patched, {len(changed)} parts changed" if kept else "lost"
    return "nothing to change: no number that may be changed"


def _numbers(book: FileBook) -> Iterator[tuple[str, Address]]:
    for sheet in book.sheets:
        for cell, content in list(book.grid(sheet).cells.items()):
            if (
                content.formula is None
                and isinstance(content.value, int | float)
                and not isinstance(content.value, bool)
            ):
                yield sheet, cell


def main(arguments: list[str]) -> int:
    survey, folders = Survey(), [Path(one) for one in arguments if one != "--all"]
    paths = sorted(
        path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in {".xlsx", ".xlsm"}
    )
    for path in paths:
        survey.add(path, every="--all" in arguments)
    for title, counts in (("files", survey.files), ("patches", survey.patches), ("formulas", survey.formulas)):
        print(f"{title}: {counts.total():,}")
        for what, count in counts.most_common():
            print(f"  {count:>7,}  {what}")
    for line in survey.differing[:_SHOWN]:
        print(f"  {line[:300]}")
    return 1 if survey.patches["lost"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
