"""The native workbooks of the demo in a second engine, ironcalc: it computes what the file keeps, but for what docs/native.md lists."""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path

import pytest

from perfeval.books.file import FileBook
from perfeval.errors import CellError
from perfeval.forms.grid import Value, address
from perfeval.native import selfcheck
from support.complete import COMPLETE
from support.native_books import formulas, published, same

try:
    import ironcalc
except ImportError:
    ironcalc = None

pytestmark = pytest.mark.skipif(ironcalc is None and not os.environ.get(COMPLETE), reason="ironcalc is not installed")

_FORMULA = re.compile(r"(<f[^>]*>)([^<]*)(</f>)")
_QUOTED = re.compile(r'("(?:[^"]|"")*"|\'(?:[^\']|\'\')*\')')


def without_names(path: Path, target: Path) -> Path:
    """The workbook with what a defined name stands for in its place: the engine takes no name of hanzi."""
    names = FileBook.open(path).names
    pattern = re.compile(rf"(?<![\w.!])(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})(?![\w.!(])")

    def meant(formula: re.Match[str]) -> str:
        pieces = _QUOTED.split(formula[2])
        pieces[::2] = [pattern.sub(lambda name: names[name[0]], piece) for piece in pieces[::2]]
        return formula[1] + "".join(pieces) + formula[3]

    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            data = old.read(part)
            if part.startswith("xl/worksheets/"):
                data = _FORMULA.sub(meant, data.decode()).encode()
            elif part == "xl/workbook.xml":
                data = re.sub(r"<definedNames>.*</definedNames>", "", data.decode(), flags=re.DOTALL).encode()
            new.writestr(part, data)
    return target


def differing(path: Path, folder: Path) -> tuple[int, list[tuple[str, str, object, Value]]]:
    """How many formulas are compared, and those of which the engine gives something else than the file keeps."""
    assert ironcalc is not None, "ironcalc is not installed"
    model = ironcalc.load_from_xlsx(str(without_names(path, folder / "names.xlsx")), "en", "UTC", "en")
    sheets = {str(one.get("name")): index for index, one in enumerate(model.get_worksheets_properties())}
    warning = address(selfcheck.WARNING)  # which every 提示 would begin with
    model.update_cell_with_text(sheets[selfcheck.SHEET], *warning, "")
    model.evaluate()
    book = FileBook.open(path)
    compared, others = 0, []
    for sheet, cell in formulas(book):
        place = address(cell)
        if (sheet, cell) == (selfcheck.SHEET, selfcheck.WARNING):
            continue
        theirs, ours = model.get_cell_value(sheets[sheet], *place), book.grid(sheet)[place].value
        compared += 1
        if not same(theirs, str(ours) if isinstance(ours, CellError) else ours):
            others.append((sheet, cell, theirs, ours))
    return compared, others


def test_every_value_is_computed_alike(tmp_path: Path) -> None:
    """The engine's OR takes no notice of an error behind what is true, which a line of 自检 finds; no score hangs on it."""
    for _, native in published():
        compared, others = differing(native, tmp_path)
        assert compared > 1000
        checks = FileBook.open(native).grid(selfcheck.SHEET)
        line = next(place.row for place, cell in checks.cells.items() if cell.value == "OR 遇到错误值得错误值")
        found = {(selfcheck.SHEET, f"{column}{line}") for column in "CE"} | {(selfcheck.SHEET, selfcheck.VERDICT)}
        assert {(sheet, cell) for sheet, cell, *_ in others} == found, others
