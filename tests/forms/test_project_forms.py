"""Every way to print the 自评表 reads as the same content: ten published projects in every layout, from .xlsx files."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from perfeval.books.file import FileBook
from perfeval.forms.reader import read_forms
from support.tables import (
    HECHENG_PROJECTS,
    LAYOUTS,
    PROJECTS,
    SAME_CELL,
    SHENZHEN_PROJECTS,
    Layout,
    Project,
    amount_in_yuan,
    blank_project,
    points,
    split_target,
    write_among_others,
    write_book,
    write_shared_sheet,
)

if TYPE_CHECKING:
    from pathlib import Path

    from perfeval.forms.model import Entry, Form

CELLS = ("target", "actual", "weight", "score", "reason")


def plain(text: str) -> str | Decimal:
    """A text as it is compared: a plain number by its value (20.0 is 20), anything else by its characters."""
    return Decimal(text) if re.fullmatch(r"\d+(\.\d+)?", text) else text


def ratio(text: str) -> Decimal | str:
    """An 执行率, printed as 0.86 or 86%."""
    return Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1) if text else ""


def content(form: Form) -> dict[str, Any]:
    """What was read, without the cells."""

    def yuan(entry: Entry) -> Decimal | None:
        return amount_in_yuan(entry.text, form.unit)

    return {
        "title": form.title,
        "unit": form.unit,
        "name": form.name.text,
        "amount": yuan(form.amount),
        "department": form.department.text,
        "implementer": form.implementer.text,
        "goal": form.goal.text,
        "outcome": form.outcome.text,
        "funds": [
            {
                "source": fund.source,
                "initial": yuan(fund.initial),
                "budget": yuan(fund.budget),
                "executed": yuan(fund.executed),
                "fund_weight": plain(fund.weight.text),
                "rate": ratio(fund.rate.text),
                "fund_score": plain(fund.score.text),
            }
            for fund in form.funds
        ],
        "rows": [
            (row.level1, row.level2, row.name.text, *(plain(getattr(row, key).text) for key in CELLS))
            for row in form.rows
        ],
        "points": {level: entry.text for (level, level2), entry in form.points.items() if not level2},
        "total": (plain(form.total_weight.text), plain(form.total_score.text)),
        "problems": form.problems,
    }


def expected(project: Project, layout: Layout) -> dict[str, Any]:
    """The project's content, as far as the layout prints it."""

    has_amount = any("amount" in keys for keys in layout.header)
    has_initial = "initial" in layout.fund_columns
    # without a 分值 column the weight stands in the label 得分（10分*执行率）, which is that of the first row alone
    unprinted = set() if "fund_weight" in layout.fund_columns else {"", "—"}
    return {
        "title": layout.title if "表" in layout.title else "",
        "unit": layout.unit,
        "name": project.name,
        "amount": amount_in_yuan(project.amount, project.unit) if has_amount else None,
        "department": project.department,
        "implementer": project.implementer,
        "goal": project.goal,
        "outcome": project.outcome,
        "funds": [
            {
                "source": fund.name,
                "initial": amount_in_yuan(fund.initial, project.unit) if has_initial else None,
                "budget": amount_in_yuan(fund.budget, project.unit),
                "executed": amount_in_yuan(fund.executed, project.unit),
                "fund_weight": "" if fund.weight in unprinted else plain(fund.weight),
                "rate": ratio(fund.rate),
                "fund_score": plain(fund.score),
            }
            for fund in project.funds
        ],
        "rows": list(expected_rows(project, layout)),
        "points": expected_points(project) if layout.labels["level1_cell"] != "{name}" else {},
        "total": (plain(project.total["weight"]), plain(project.total["score"])),
        "problems": (),
    }


def expected_rows(project: Project, layout: Layout) -> Any:
    shared = ("", "")
    for row in project.indicators:
        if row.weight != SAME_CELL:
            shared = (row.weight, row.score)
        actual = row.actual
        if "measure" in layout.columns and actual.isdigit():
            actual += split_target(row.target)["measure"]  # a bare number beside a 计量单位 column is in that unit
        yield (*row[:3], *map(plain, (row.target, actual, *shared, row.reason)))


def expected_points(project: Project) -> dict[str, str]:
    return {
        level1: points([row.weight for row in project.indicators if row.level1 == level1])
        for level1 in dict.fromkeys(row.level1 for row in project.indicators)
    }


def forms_in(path: Path) -> list[Form]:
    book = FileBook.open(path)
    return [form for sheet in book.sheets for form in read_forms(book.grid(sheet))]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Form]]:
    """The forms of all projects in the layout of that name."""
    folder = tmp_path_factory.mktemp("layouts")
    return cache(lambda name: forms_in(write_book(folder / f"{name}.xlsx", LAYOUTS[name], PROJECTS)))


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_reads_the_same(name: str, read: Callable[[str], list[Form]]) -> None:
    layout, forms = LAYOUTS[name], read(name)
    assert len(forms) == len(PROJECTS)
    for project, form in zip(PROJECTS, forms, strict=True):
        assert content(form) == expected(project, layout)


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_field_knows_its_cell(name: str, read: Callable[[str], list[Form]]) -> None:
    layout = LAYOUTS[name]
    columns = {key: layout.left + place for place, key in enumerate(layout.columns, 1)}
    columns.setdefault("target", columns.get("number", 0))
    for project, form in zip(PROJECTS, read(name), strict=True):
        for place, row in enumerate(form.rows):
            cells = {key: getattr(row, key).cell for key in CELLS}
            assert {key: cell.column for key, cell in cells.items()} == {key: columns[key] for key in CELLS}
            assert cells["target"].row == row.row
            joined = place > 0 and cells["weight"] == form.rows[place - 1].weight.cell
            assert joined == (project.indicators[place].weight == SAME_CELL)
        assert (form.total_weight.cell, form.total_score.cell) == (
            (form.area.bottom, columns["weight"]),
            (form.area.bottom, columns["score"]),
        )


@pytest.mark.parametrize("name", ["深圳", "鹤城", "签字和备注", "没有标题", "从C7开始", "另有序号权重备注佐证"])
@pytest.mark.parametrize("beside", [False, True], ids=["上下", "左右"])
def test_forms_that_share_a_sheet(name: str, beside: bool, tmp_path: Path) -> None:
    layout = LAYOUTS[name]
    projects = [*SHENZHEN_PROJECTS[1:3], *HECHENG_PROJECTS]
    forms = forms_in(write_shared_sheet(tmp_path / "自评表.xlsx", layout, projects, beside=beside))
    assert [content(form) for form in forms] == [expected(project, layout) for project in projects]


def test_sheets_that_are_no_form_are_passed_over(tmp_path: Path) -> None:
    layout = LAYOUTS["深圳"]
    forms = forms_in(write_among_others(tmp_path / "自评表.xlsx", layout, PROJECTS))
    assert [content(form) for form in forms] == [expected(project, layout) for project in PROJECTS]


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_blank_form_offers_rows_and_holds_nothing(name: str, tmp_path: Path) -> None:
    layout = LAYOUTS[name]
    (form,) = forms_in(write_book(tmp_path / "空表.xlsx", layout, [blank_project()]))
    assert content(form) == expected(blank_project(), layout)
    assert all(row.is_placeholder for row in form.rows)
