"""``perfeval new``: the standard workbook for a body, with macros, ribbon and calculated formulas."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook

from perfeval.books.file import FileBook
from perfeval.books.macros import equip, with_ribbon
from perfeval.books.opening import opened
from perfeval.commands import importing
from perfeval.errors import FileRefused
from perfeval.forms.edits import Edit, Formula
from perfeval.records import names
from perfeval.records.from_forms import read_filled
from perfeval.records.from_targets import holds_targets, read_targets
from perfeval.records.model import Body, Project
from perfeval.records.reading import TABLES, read_body
from perfeval.records.tables import find
from perfeval.standards import NATIONAL, convention, detailed_standard
from perfeval.workbook.book import lay_out
from perfeval.workbook.tables.layout import Sheet

BLANK = Body(name="", year=None, convention=NATIONAL, unit="万元", projects=())
"""No body yet: the workbook that comes with the package."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a workbook begins with.

    ``carried``: the body's records go into its import sheets, as no data file has them. ``with_amount``: the forms print
    项目金额 even where no project has one yet.
    """

    body: Body
    carried: bool = False
    with_amount: bool = False
    notes: tuple[str, ...] = ()


def from_file(path: Path, like: Body, *, any_file: bool = False) -> Start:
    """A start from a data file; from target tables (表14, 表15), which are read for ``like``: its name picks them; or from 自评表.

    Of a file with several, the target tables count where no indicator stands in its import sheets yet, then its forms. A
    file with none is refused, unless ``any_file``: then only official tables are filled from it. Raises FileRefused, or
    FormProblem naming sheet and cell.
    """
    book = opened(path)
    has_tables = any(find(book, sheet, table) for sheet, table in TABLES.items())
    if has_tables:
        body = read_body(book).body
        like = replace(body, name=body.name or like.name, year=body.year or like.year)
        if body.whole.indicators or any(project.indicators for project in body.projects):
            return Start(like)
    if not holds_targets(book):
        filled = read_filled(book, like)
        if filled is not None:
            return Start(filled.body, carried=True, with_amount=filled.with_amount, notes=filled.notes)
        if has_tables or any_file:
            return Start(like)
    found = read_targets([path], replace(like, projects=()))
    return Start(found.body, carried=True, notes=found.notes)


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


def new(
    target: Path,
    body: Body,
    *,
    carried: bool = False,
    with_amount: bool = False,
    official: Sequence[Sheet] = (),
) -> Path:
    """Write a body's standard workbook, as a ``Start`` says, with official tables, to a new .xlsm file; gives its path.

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
        draft.write_bytes(_workbook(body, with_amount, official))
        book = FileBook.open(draft)
        if carried:
            book.apply(importing.plan(book, body).edits)
        calculate(book)
        book.save(target, backup=False)
    return target


def _workbook(body: Body, with_amount: bool, official: Sequence[Sheet]) -> bytes:
    """The workbook with macros and ribbon, its formulas not yet calculated."""
    out = io.BytesIO()
    workbook = Workbook(out, {"in_memory": True})
    workbook.set_properties({"created": datetime(2026, 1, 1)})
    lay_out(workbook, body, with_amount=with_amount, official=official)
    equip(workbook, guide=names.GUIDE)
    workbook.close()
    return with_ribbon(out.getvalue())


def calculate(book: FileBook) -> None:
    """Give every formula its value, so that a viewer without the add-in sees it: each is written anew as it is."""
    book.apply(
        [
            Edit(sheet, place, Formula(cell.formula))
            for sheet in book.sheets
            for place, cell in book.grid(sheet).cells.items()
            if cell.formula is not None
        ]
    )
