"""What a data file holds for a workbook: its import sheets where it has them, else the export of a finance system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from perfeval.forms.exporttable import export_tables
from perfeval.forms.grid import Book
from perfeval.forms.model import Form
from perfeval.records import names
from perfeval.records.data_unit import KnownAmounts
from perfeval.records.exportrows import LONG_CODE, Known
from perfeval.records.exports import read_export
from perfeval.records.matching import bare
from perfeval.records.model import Body, Project
from perfeval.records.reading import TABLES, Imported, read_body
from perfeval.records.searching import form_grids
from perfeval.records.tables import find

_LISTED = 12  # names in a sentence


def known_of(body: Body | None, forms: Sequence[Form], choices: Mapping[str, str]) -> Known:
    """What a workbook's records and its forms tell an export's reader."""
    own = [(project.code, project.name) for project in body.projects if project.name] if body else []
    listed = {bare(name) for _, name in own}
    own += [("", form.name.text) for form in forms if form.name.text and bare(form.name.text) not in listed]
    return Known(body.year if body else None, body.name if body else "", tuple(own), choices)


def read_data(
    book: Book, known: Known, *, unit: str = "", amounts: KnownAmounts | None = None, wanted: str = ""
) -> Imported:
    """The body that a data file holds, as ``read_body``; where its import sheets hold nothing, that of its export.

    Raises FormProblem naming sheet and cell, Uncertain where an export may be read in several ways.
    """
    if any(table is not None and table.rows for table in (find(book, sheet, own) for sheet, own in TABLES.items())):
        return read_body(book, unit=unit, known=amounts, wanted=wanted)
    export = read_export(book, known, export_sheets(book))
    imported = read_body(book, unit=unit, known=amounts, wanted=wanted, export=export)
    if export is None:
        return imported
    body = imported.body
    named = replace(body, name=body.name or export.body, year=body.year or export.year)
    return replace(imported, body=named)


def holds_data(book: Book) -> bool:
    """Whether a file has import sheets, or a sheet that may be an export's."""
    return any(find(book, sheet, own) for sheet, own in TABLES.items()) or any(
        table.concepts for sheet in export_sheets(book) for table in export_tables(book.grid(sheet))
    )


def export_sheets(book: Book) -> list[str]:
    """The sheets of a data file that may be a finance system's: not those that hold forms."""
    grids, _ = form_grids(book)
    forms = {form.sheet for form in form_grids(book).forms}
    sheets = [grid.name for grid in grids if grid.name not in forms]
    own = [names.EXECUTION] if names.EXECUTION in book.sheets and names.EXECUTION not in sheets else []
    return [*own, *sheets]


def recognised(projects: Sequence[Project], known: Known) -> tuple[list[Project], list[Project], list[str]]:
    """An export's projects as the workbook calls them, those that it does not have, and what is said of it.

    A project is known by its name, signs and blanks apart, or by a code that no list numbers from 1.
    """
    by_name = {bare(name): (code, name) for code, name in known.projects}
    by_code = {_code(code): (code, name) for code, name in known.projects if len(_code(code)) >= LONG_CODE}
    matched, others, notes = [], [], []
    for project in projects:
        own = by_name.get(bare(project.name))
        coded = by_code.get(_code(project.code))
        if own is None and coded is not None and not any(bare(one.name) == bare(coded[1]) for one in projects):
            own = coded
            if project.name:
                notes.append(f"“{project.name}”按项目编码 {project.code} 对上工作簿的“{own[1]}”")
        if own is None:
            others.append(project)
        else:
            matched.append(replace(project, code=own[0] or project.code, name=own[1]))
    return matched, others, notes


def _code(code: str) -> str:
    return "".join(code.split()).lstrip("0").upper()


def without_match(others: Sequence[Project], left: Sequence[str]) -> list[str]:
    """What is said of an export's projects that the workbook does not have, and of its own that the export does not."""
    said = []
    if others:
        listed = "、".join(f"{one.name}{f'（{one.code}）' if one.code else ''}" for one in others[:_LISTED])
        more = f" 等 {len(others)} 个" if len(others) > _LISTED else ""
        said.append(f"导出表里有 {len(others)} 个项目工作簿没有，没有导入：{listed}{more}")
    if left:
        more = f" 等 {len(left)} 个" if len(left) > _LISTED else ""
        said.append(f"工作簿里有 {len(left)} 个项目导出表没有：{'、'.join(left[:_LISTED])}{more}")
    return said
