"""Official tables laid out and calculated: the published ones, filled, and blanks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import xlsxwriter

from perfeval.books.file import FileBook
from perfeval.commands.new import BLANK, calculate
from perfeval.forms.amount_tables import read_tables
from perfeval.forms.target_tables import read_target_tables
from perfeval.records import names
from perfeval.records.model import Body
from perfeval.workbook import basics, options
from perfeval.workbook.canvas import Pages
from perfeval.workbook.tables import Table, available, contents, load
from perfeval.workbook.tables import layout as sheets
from perfeval.workbook.tables.layout import Sheet
from perfeval.workbook.tables.layout.words import Words
from support.published import BODY_FORMS, BUDGET_TABLES, grids, texts
from support.seed004 import BODIES, DEPARTMENT, PROJECTS, body_sheet, project_sheet

BUDGET_2020 = Body(DEPARTMENT, 2020, BLANK.convention, "元", ())
ACCOUNTS_2021 = Body("深圳市龙华区社区网格管理中心", 2021, BLANK.convention, "元", ())
ACCOUNTS = {
    "002_accounts": "sz-accounts-expenditure",
    "002_projects": "sz-accounts-projects",
    "002_assets": "sz-accounts-assets",
}
BUDGET = {name: name.replace("table", "sz-budget-") for name in texts(BUDGET_TABLES)}
AMOUNTS = BUDGET | ACCOUNTS  # the published sheet, and the official table it is


def tables() -> list[Table]:
    """All official tables."""
    return [load(identifier) for identifier in available()]


def book(path: Path, body: Body, laid: Mapping[str, Sheet]) -> FileBook:
    """A workbook of these sheets, calculated."""
    with xlsxwriter.Workbook(path) as workbook:
        pages = Pages(workbook)
        basics.lay_out(pages.add(names.BASICS), body, with_options=True)
        options.lay_out(pages.add(names.OPTIONS), body)
        for name, sheet in laid.items():
            sheets.lay_out(pages.add(name), sheet, Words(body.name, body.year))
    made = FileBook.open(path)
    calculate(made)
    return made


def blanks(path: Path, body: Body = BUDGET_2020) -> FileBook:
    """Every official table, blank."""
    return book(path, body, {table.id: Sheet(table.sheet, table) for table in tables()})


def amounts(folder: Path, names: Mapping[str, str], body: Body) -> FileBook:
    """The published tables of amounts, each on a sheet with the name of its text."""
    found = grids(folder / "公布.xlsx", {**texts(BUDGET_TABLES), **texts(BODY_FORMS)})
    laid = {}
    for name, identifier in names.items():
        content = contents.of_amounts(load(identifier), read_tables(found[name]))
        assert content
        laid[name] = Sheet(name, load(identifier), content)
    return book(folder / "官方.xlsx", body, laid)


def targets(folder: Path) -> FileBook:
    """The published target tables: of 12 bodies (B01 …) and 69 projects (P01 …)."""
    texts_of = {f"B{place:02}": body_sheet(body) for place, body in enumerate(BODIES, start=1)}
    texts_of |= {f"P{place:02}": project_sheet(project) for place, project in enumerate(PROJECTS, start=1)}
    laid = {}
    for name, grid in grids(folder / "公布.xlsx", texts_of).items():
        (read,) = read_target_tables(grid)
        table = load("sz-targets-body" if read.kind == "body" else "sz-targets-project")
        laid[name] = Sheet(name, table, contents.of_targets(table, read))
    return book(folder / "官方.xlsx", BUDGET_2020, laid)
