"""Nothing is silent: a table that nobody recognised, a file with nothing to compare, a figure that nobody read are named, in
a workbook as in Word; and of right forms, and of what is no 自评表, nothing of the kind is said."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from perfeval.books.documents import read_document
from perfeval.books.file import FileBook
from perfeval.checks import check, review
from perfeval.checks.accounts import FILE_REFUSED, NOT_A_FORM, NOT_READ
from perfeval.checks.context import Context
from perfeval.findings import Finding, Level
from perfeval.forms.accounting import in_words
from perfeval.forms.cellroles import roles
from perfeval.forms.grid import Book
from perfeval.forms.grid_text import page_of
from perfeval.forms.values import is_figure
from support import DATA
from support.published import BODY_FORMS, BUDGET_TABLES, texts
from support.sheettext import write_sheets
from support.tables import LAYOUTS, PROJECTS, write_book
from support.unseen import TABLES
from support.wordtables import write_word

CASES: dict[str, dict[str, dict[str, Any]]] = tomllib.loads((DATA / "accounts.toml").read_text(encoding="utf-8"))


def of(*sections: str) -> list[Any]:
    return [pytest.param(case, id=f"{name} {title}") for name in sections for title, case in CASES[name].items()]


def in_workbook(folder: Path, sheet: str) -> FileBook:
    return FileBook.open(write_sheets(folder / "表.xlsx", {"表": sheet}))


def in_word(folder: Path, sheet: str) -> list[Finding]:
    """What is found in a Word document that holds the sheet as a table, and nothing else."""
    book = in_workbook(folder, sheet)
    document = read_document(write_word(folder / "表.docx", [book.grid("表")]))
    return check(document, documents=[document])


def said_of(found: list[Finding]) -> list[tuple[str, Level, str]]:
    return [(one.kind.code, one.level, one.message) for one in found]


@pytest.mark.parametrize("case", of("unread", "silent", "left"))
def test_what_was_not_read_is_named(case: dict[str, Any], tmp_path: Path) -> None:
    found = check(in_workbook(tmp_path, case["sheet"]))
    assert [f"{one.kind.code} {one.cell}" for one in found] == case["finds"]
    assert case["says"] in found[0].message
    assert found[0].level is (Level.ERROR if found[0].kind is FILE_REFUSED else Level.NOTE)


@pytest.mark.parametrize("case", of("unread", "silent"))
def test_in_word_as_in_a_workbook(case: dict[str, Any], tmp_path: Path) -> None:
    (found,) = in_word(tmp_path, case["sheet"])
    assert (found.kind, found.level) == (FILE_REFUSED, Level.ERROR)


@pytest.mark.parametrize("case", of("others"))
def test_what_is_no_form_is_one_note(case: dict[str, Any], tmp_path: Path) -> None:
    (found,) = check(in_workbook(tmp_path, case["sheet"]))
    assert (found.kind, found.level) == (NOT_A_FORM, Level.NOTE)
    assert case["says"] in found.message
    (in_document,) = in_word(tmp_path, case["sheet"])
    assert (in_document.kind, in_document.level) == (NOT_A_FORM, Level.NOTE)


CORRECT = CASES["left"]["没有名目的一列数"]["sheet"]
for column in ("折算数", "45", "35"):
    CORRECT = CORRECT.replace(f" | {column} |", " |")


def test_sheets_of_which_nobody_can_say_what_they_hold_are_one_note(tmp_path: Path) -> None:
    other = {title: case["sheet"] for title, case in CASES["others"].items() if title != "绩效目标"}
    unknown = {"杂项": "编号 | 说法\n1 | 甲", "流水": "某日 | 5\n某日 | 6"}
    book = FileBook.open(write_sheets(tmp_path / "表.xlsx", {"自评": CORRECT, **unknown, **other}))
    context = Context.of(book, None)
    (found,) = review(context)
    assert (found.kind, found.level, found.sheet) == (NOT_READ, Level.NOTE, "")
    assert "杂项、流水" in found.message
    read = in_words(context.accounts)
    assert read.startswith("读到 1 张自评表：执行率 1 行，指标 2 行；")
    assert read.endswith("2 张没有认出")


# --- right forms: nothing is left, and every cell is accounted for ---


def right_books(folder: Path) -> Iterator[tuple[str, Book]]:
    for name, layout in LAYOUTS.items():
        yield name, FileBook.open(write_book(folder / "版式.xlsx", layout, PROJECTS))
    for name, table in TABLES.items():
        at = tuple(table.get("at", (1, 1)))
        path = write_sheets(folder / "表.xlsx", {"表": table["sheet"]}, at=at, hidden_rows=table.get("hidden_rows", ()))
        yield name, FileBook.open(path)
    for seed in (BODY_FORMS, BUDGET_TABLES):
        yield seed.name, FileBook.open(write_sheets(folder / "部门.xlsx", texts(seed)))


def test_of_right_forms_no_figure_is_left_and_no_table_is_unread(tmp_path: Path) -> None:
    forms = cells = 0
    for name, book in right_books(tmp_path):
        context = Context.of(book, None)
        for grid, account in zip(context.grids, context.accounts, strict=True):
            left = [str(entry.cell) for entries in account.left for entry in entries if is_figure(entry)]
            assert (name, left, account.unread, account.promises) == (name, [], (), False)
            page = page_of(grid)
            for form in account.forms:
                told = roles(page, form)
                filled = {
                    page.grid.anchor_of((row, column))
                    for row in range(form.area.top, form.area.bottom + 1)
                    for column in page.filled(row, form.area.left, form.area.right)
                }
                assert told.keys() == filled
                forms, cells = forms + 1, cells + len(told)
    print(f"\n{forms} 张自评表，{cells} 个有内容的格，没有剩下的数")
    assert forms > 300


def test_rows_without_actual_and_points_are_counted_as_not_checked(tmp_path: Path) -> None:
    sheet = (
        "部门整体支出绩效自评表\n部门名称 | 某局\n一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分\n"
        "产出指标 | 数量指标 | 培训人次 | ≥100人次 | 120人次 | 10 | 10\n"
        "产出指标 | 质量指标 | 合格率 | ≥95% | | |\n效益指标 | 社会效益指标 | 受益人数 | ≥1000人 | | |\n"
    )
    context = Context.of(FileBook.open(write_sheets(tmp_path / "表.xlsx", {"整体": sheet})), None)
    assert in_words(context.accounts) == "读到 1 张自评表：指标 3 行，其中 2 行没有完成值和分值，没有核对"
