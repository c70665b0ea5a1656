"""``perfeval new``: the standard workbook for a body, with macros, ribbon and calculated formulas."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook

from perfeval.books.file import FileBook
from perfeval.books.macros import equip, with_ribbon
from perfeval.books.opening import opened
from perfeval.books.outputs import Output
from perfeval.books.package import Package
from perfeval.books.sealed import stamped
from perfeval.commands import importing
from perfeval.commands.nativecopy import native_copy
from perfeval.errors import FileRefused, PerfEvalError
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Book
from perfeval.forms.model import Form
from perfeval.records import names
from perfeval.records.correspondence import kept
from perfeval.records.data_unit import DEFAULT_UNIT
from perfeval.records.exportrows import Known
from perfeval.records.exports import nothing_seen
from perfeval.records.from_forms import read_filled
from perfeval.records.from_targets import NO_TARGETS, holds_targets, read_targets
from perfeval.records.imports import export_sheets, read_data
from perfeval.records.model import Body, Project
from perfeval.records.reading import TABLES, read_body
from perfeval.records.searching import form_grids
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
    项目金额 even where no project has one yet. ``choices`` and ``seen`` are for 导入对照: by which headings of an export it was read,
    and what headings there were.
    """

    body: Body
    carried: bool = False
    with_amount: bool = False
    notes: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    seen: Sequence[tuple[str, Sequence[str]]] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked of a workbook; it wins over what the data says. "" or None: nothing was asked. ``unit`` is that of the
    workbook, ``data_unit`` that of the data's amounts; ``projects`` is the number of blank forms where there is no data; ``choices``
    say by which of its headings an export is read.

    Raises UnknownName or InvalidValue, when it is used, for an unknown standard or 口径.
    """

    name: str = ""
    year: int | None = None
    standard: str = ""
    unit: str = ""
    data_unit: str = ""
    projects: int = 1
    choices: Mapping[str, str] = field(default_factory=dict)

    def nothing_known(self) -> Body:
        """The body of which only this is known."""
        return blank_body(self.name, self.year, self.standard, self.unit or DEFAULT_UNIT, self.projects)

    def over(self, body: Body) -> tuple[Body, tuple[str, ...]]:
        """The body as it was asked for, and what is said of every difference."""
        asked = self.nothing_known()
        chosen = replace(
            body,
            name=self.name or body.name,
            year=self.year or body.year,
            convention=asked.convention if self.standard else body.convention,
        )
        stated_convention = body.convention
        with suppress(PerfEvalError):  # one that is not known is another
            stated_convention = convention(body.convention).name
        said = [
            f"{what}：数据写的是“{stated}”，按 {option} 用“{used}”"
            for what, option, stated, used in (
                (names.BODY_NAME, "--body", body.name, chosen.name),
                (names.YEAR, "--year", body.year, chosen.year),
                (names.CONVENTION, "--standard", stated_convention if self.standard else "", chosen.convention),
            )
            if stated and stated != used
        ]
        return chosen, tuple(said)


def from_file(path: Path, wanted: Wanted, *, any_file: bool = False) -> Start:
    """A start from a data file; from target tables (表14, 表15), of which the name that is wanted picks its own; or from 自评表.

    Of a file with several, the target tables count where no indicator stands in its import sheets yet, then its forms;
    what does not count is said. A file with none is refused, unless ``any_file``: then only official tables are filled
    from it. Raises FileRefused, or FormProblem naming sheet and cell.
    """
    book = opened(path)
    has_tables = any(find(book, sheet, table) for sheet, table in TABLES.items())
    like, said = wanted.nothing_known(), ()
    if has_tables:
        imported = read_body(book, unit=wanted.data_unit, wanted=wanted.unit)
        like, differences = wanted.over(imported.body)
        said = (*imported.notes, *differences)
    if like.whole.indicators or any(project.indicators for project in like.projects):
        return Start(like, carried=True, notes=(*said, *_forms_left(book, like)))
    if holds_targets(book):
        found = read_targets([path], replace(like, projects=()), unit=wanted.data_unit)
        return Start(found.body, carried=True, notes=(*said, *found.notes, *_forms_beside_targets(book)))
    filled = read_filled(book, like, unit=wanted.data_unit)
    if filled.holds_anything:
        return Start(filled.body, carried=True, with_amount=filled.with_amount, notes=(*said, *filled.notes))
    if not any_file and not any(project.funds for project in like.projects):
        known = Known(wanted.year, wanted.name, (), wanted.choices)
        imported = read_data(book, known, unit=wanted.data_unit, wanted=wanted.unit)
        if imported.export is not None:
            like, differences = wanted.over(imported.body)
            notes = (*imported.notes, *differences, *filled.notes)
            return Start(like, carried=True, notes=notes, choices=wanted.choices, seen=imported.export.seen)
    if has_tables or any_file:
        return Start(like, carried=has_tables, notes=(*said, *filled.notes))
    if filled.notes:
        raise FileRefused(path, "；".join(filled.notes))
    raise FileRefused(path, f"{NO_TARGETS}；{nothing_seen(book, export_sheets(book))}")


def _forms_left(book: Book, body: Body) -> Iterator[str]:
    """What is said of forms that were filled in by hand, where the import sheets count and hold no results."""
    records = [one for project in (*body.projects, body.whole) for one in project.indicators]
    typed = [form for form in _forms(book) if any(row.actual.text for row in form.rows)]
    if typed and not any(one.actual not in (None, "") for one in records):
        yield (
            f"按“{names.TARGETS}”和“{names.EXECUTION}”里的数据新建；{len(typed)} 张自评表上直接填的完成值、得分等不在数据表里，没有带入"
        )


def _forms_beside_targets(book: Book) -> Iterator[str]:
    """What is said of 自评表 in a file whose target tables count."""
    sheets = dict.fromkeys(form.sheet for form in _forms(book))
    if sheets:
        yield f"按绩效目标表新建；文件里的自评表没有带入：{'、'.join(sheets)}。要从自评表新建，请把它们另存为一个文件"


def _forms(book: Book) -> list[Form]:
    return form_grids(book).forms


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
    choices: Mapping[str, str] | None = None,
    seen: Sequence[tuple[str, Sequence[str]]] = (),
    overwrite: bool = False,
    native: bool = False,
    inputs: Sequence[Path] = (),
) -> Path:
    """Write a body's standard workbook, as a ``Start`` says, with official tables, to an .xlsm file, or, ``native``, one without
    macros that computes with worksheet functions alone to an .xlsx file; gives its path.

    ``inputs`` are the files that the body comes from. Raises FileRefused where another file stands there (unless ``overwrite``)
    or it cannot be written, UnknownName for an unknown standard or 口径.
    """
    _refuse_ending(target, native=native)
    output = Output.to(target, overwrite=overwrite, inputs=inputs)
    book = FileBook(target, Package(_workbook(body, with_amount, official)))
    if carried:
        book.apply(importing.plan(book, body).edits)
    book.apply(list(kept(book, choices or {}, seen)))
    calculate(book)
    output.write(native_copy(FileBook(target, Package(book.content))).content if native else stamped(book.content))
    return target


def _refuse_ending(target: Path, *, native: bool) -> None:
    """Raises FileRefused where a file's name does not end as its kind of workbook does."""
    ending = target.suffix.lower()
    if native and ending != ".xlsx":
        raise FileRefused(target, "原生公式版不带宏，文件名应以 .xlsx 结尾；请改文件名")
    if not native and ending == ".xlsx":
        told = "没有宏的 .xlsx 里不能有按钮和 PE_ 函数：要不装 PerfEval 也能算的原生公式版，请加 --native；要带宏的，请把文件名改成 .xlsm"
        raise FileRefused(target, told)
    if not native and ending != ".xlsm":
        raise FileRefused(target, "新工作簿带宏，文件名应以 .xlsm 结尾；请改文件名")


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
