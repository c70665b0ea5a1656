"""``perfeval new``: the standard workbook for a body, with macros, ribbon and calculated formulas."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook

from perfeval.books.file import FileBook
from perfeval.books.macros import equip, with_ribbon
from perfeval.errors import FileRefused
from perfeval.forms import names
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.importsheets import read_body
from perfeval.forms.records import Body, Project
from perfeval.forms.sheets import lay_out
from perfeval.standards import NATIONAL, convention, detailed_standard

BLANK = Body(name="", year=None, convention=NATIONAL, unit="万元", projects=())
"""No body yet: the workbook that comes with the package."""


def body_from(data: Path) -> Body:
    """The body whose records a data file holds. Raises FileRefused, or FormProblem naming sheet and cell."""
    return read_body(FileBook.open(data)).body


def blank_body(name: str, year: int | None, standard: str, unit: str, projects: int) -> Body:
    """A body of which only the number of its projects is known. Raises UnknownName for an unknown standard or 口径."""
    unnamed = tuple(Project(code=f"{place:02d}", name="") for place in range(1, projects + 1))
    return Body(name, year, convention(standard).name, unit, unnamed)


def with_whole(body: Body, standard: str) -> Body:
    """The body with the sheets of the whole body, scored by this standard (an id or a name, perhaps with 口径).

    Raises UnknownName or InvalidValue for an unknown standard or 口径.
    """
    return replace(body, whole=replace(body.whole, standard=detailed_standard(standard)[1].name))


def new(target: Path, body: Body) -> Path:
    """Write a body's standard workbook to a new .xlsm file; gives its path.

    Raises FileRefused when the file exists or cannot be written, UnknownName for an unknown standard or 口径.
    """
    if target.suffix.lower() != ".xlsm":
        raise FileRefused(target, "新工作簿带宏，文件名应以 .xlsm 结尾；请改文件名")
    if target.exists():
        raise FileRefused(target, "文件已经存在，没有覆盖；请换一个文件名，或先移走原来的文件")
    if not target.parent.is_dir():
        raise FileRefused(target, "没有这个文件夹；请先建好文件夹")
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / target.name
        draft.write_bytes(_workbook(body))
        book = FileBook.open(draft)
        _calculate(book)
        book.save(target, backup=False)
    return target


def _workbook(body: Body) -> bytes:
    """The workbook with macros and ribbon, its formulas not yet calculated."""
    out = io.BytesIO()
    workbook = Workbook(out, {"in_memory": True})
    workbook.set_properties({"created": datetime(2026, 1, 1)})
    lay_out(workbook, body)
    equip(workbook, guide=names.GUIDE)
    workbook.close()
    return with_ribbon(out.getvalue())


def _calculate(book: FileBook) -> None:
    """Give every formula its value, so that a viewer without the add-in sees it: each is written anew as it is."""
    book.apply(
        [
            Edit(sheet, place, Formula(cell.formula))
            for sheet in book.sheets
            for place, cell in book.grid(sheet).cells.items()
            if cell.formula is not None
        ]
    )
