"""Right forms of every kind in any layout, as sheets and in Word: what was put in is read cell by cell, nothing is called wrong,
a planted fault is found at its cell, and what nobody reads is named.

``PERFEVAL_EXAMPLES=20000 python -m pytest tests/forms/test_generated.py`` is the long run.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfeval.books.documents import Document, read_document
from perfeval.checks import check
from perfeval.findings import Finding, Level
from perfeval.forms.grid import Address, Book, Grid
from perfeval.forms.model import SCORING, TRANSFER, Form
from perfeval.forms.reader import read_sheet
from support.forms_in_memory import Sheets
from support.generated import Made, Sheet, forms, lay_out
from support.wordtables import write_word

EXAMPLES = int(os.environ.get("PERFEVAL_EXAMPLES", "150"))
ordinary = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
KNOWN = {"R26", "R31"}  # full marks everywhere; a hidden row: said, not held against the form


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[Made], Sheet]:
    """One or two forms on a sheet, one under the other, somewhere on it."""
    made = [draw(forms(number)) for number in range(draw(st.sampled_from([1, 1, 2])))]
    sheet, top, left = Sheet(), draw(st.integers(1, 4)), draw(st.integers(1, 4))
    for number, one in enumerate(made):
        top = lay_out(sheet, one, number, top, left) + draw(st.integers(2, 3))
    return made, sheet


def said(form: Form) -> list[tuple[str, ...]]:
    columns = form.blocks[0].columns
    rows = [
        (
            row.level1 if "level1" in columns else "",
            row.level2 if "level2" in columns else "",
            row.name.text, row.target.text, row.actual.text, row.weight.text, row.score.text, row.reason.text,
        )
        for row in form.rows
    ]  # fmt: skip
    funds = form.execution
    money = (funds.budget.text, funds.executed.text, funds.weight.text, funds.score.text) if funds else ()
    return [(form.kind, form.title, form.unit), money, (form.total_score.text,), *rows]


def put_in(made: Made) -> list[tuple[str, ...]]:
    columns = made.layout.columns
    has_points, has_values = made.kind != TRANSFER, made.kind != SCORING
    rows = [
        (
            row.level1 if "level1" in columns else "", row.level2 if "level2" in columns else "", row.name,
            f"≥{row.target}个" if has_values else "", f"{row.actual}个" if has_values else "",
            shown(Decimal(row.weight)) if has_points else "", shown(row.score) if has_points else "",
            row.reason if "reason" in columns else "",
        )
        for row in made.rows
    ]  # fmt: skip
    money: tuple[str, ...] = ()
    if has_values:
        scores = (shown(Decimal(made.weight)), shown(made.execution)) if has_points else ("", "")
        money = (shown(Decimal(made.budget)), shown(Decimal(made.executed)), *scores)
    return [
        (made.kind, made.title, "元" if has_values else ""), money, (shown(made.total) if has_points else "",), *rows,
    ]  # fmt: skip


def shown(number: Decimal) -> str:
    return f"{number.normalize():f}"


@ordinary
@given(sheets())
def test_what_was_put_in_is_read_cell_by_cell(case: tuple[list[Made], Sheet]) -> None:
    made, sheet = case
    read = read_sheet(sheet.grid())
    assert [said(form) for form in read] == [put_in(one) for one in made]
    for number, form in enumerate(read):
        owner = form.name if made[number].kind in ("project", "transfer") else form.body
        assert owner.text == made[number].name
        for place, row in enumerate(form.rows):
            for concept, entry in (
                ("target", row.target),
                ("actual", row.actual),
                ("weight", row.weight),
                ("score", row.score),
            ):
                assert entry.cell == sheet.places.get((number, place, concept))


@ordinary
@given(sheets())
def test_a_right_form_raises_nothing(case: tuple[list[Made], Sheet]) -> None:
    _, sheet = case
    assert held_against(check(Sheets({"表": sheet.grid()}))) == []


def held_against(findings: list[Finding]) -> list[Finding]:
    return [one for one in findings if one.level is Level.ERROR or one.kind.code not in KNOWN]


def faults(made: Made, place: int) -> Mapping[str, tuple[str, int, Any]]:
    """Faults that may be planted in a form: the code, the field that it is found at and the row (−1: of the form), the value."""
    row, columns = made.rows[place], made.layout.columns
    wrong: dict[str, tuple[str, int, Any]] = {}
    if made.kind != TRANSFER:
        wrong["R03"] = ("total", -1, float(made.total) + 1)
        wrong["R06"] = ("score", place, row.weight + 1.0)
    if made.kind != SCORING:
        wrong["R04"] = ("rate", -1, "31.5%")
        wrong["R12"] = ("actual", place, f"{row.actual}%")
        wrong["R14"] = ("actual", place, None)
    if made.kind == SCORING and len(made.rows) > 1:  # without its only score the form is one that nobody filled in
        wrong["R14"] = ("score", place, None)
    if made.kind == TRANSFER:
        wrong["R18"] = ("budget", -1, made.budget + 7.0)
    elif made.kind != SCORING:
        wrong["R05"] = ("fund_score", -1, float(made.execution) - 1)
    if row.actual < row.target and "reason" in columns and (made.kind == TRANSFER or row.score < row.weight):
        wrong["R09"] = ("reason", place, None)
    if row.score < row.weight and made.kind not in (SCORING, TRANSFER):
        wrong["R08"] = ("score", place, float(row.weight))
    return wrong


@st.composite
def planted(draw: st.DrawFn) -> tuple[Sheet, str, Address, Any]:
    """A sheet, the code of a fault, the cell in which it is planted, and what stands there then."""
    made, sheet = draw(sheets())
    number = draw(st.integers(0, len(made) - 1))
    possible = faults(made[number], draw(st.integers(0, len(made[number].rows) - 1)))
    code = draw(st.sampled_from(sorted(possible)))
    field, place, value = possible[code]
    return sheet, code, sheet.places[number, place, field], value


@ordinary
@given(planted())
def test_a_planted_fault_is_found_at_its_cell(case: tuple[Sheet, str, Address, Any]) -> None:
    sheet, code, cell, value = case
    findings = check(Sheets({"表": sheet.grid({cell: value})}))
    assert (code, str(cell)) in {(finding.kind.code, finding.cell) for finding in findings}


@ordinary
@given(sheets(), st.data())
def test_a_figure_that_nobody_reads_is_named(case: tuple[list[Made], Sheet], data: st.DataObject) -> None:
    made, sheet = case
    number = data.draw(st.integers(0, len(made) - 1))
    name = sheet.places[number, -1, "name"]
    cell = Address(name.row, name.column + (3 if made[number].layout.total == "above" else 2))
    findings = check(Sheets({"表": sheet.grid({cell: 98765.0})}))
    assert any(finding.kind.code == "R31" and f"{cell}（98765）" in finding.message for finding in findings)


# --- in Word ---


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("word")


def document(
    folder: Path, sheet: Sheet, changes: Mapping[Address, Any] | None = None, *, cut: bool = False
) -> Document:
    grids: list[Grid] = list(sheet.pages(changes)) if cut else [sheet.grid(changes)]
    return read_document(write_word(folder / "表.docx", grids))


def forms_in(book: Book) -> list[Form]:
    return [form for sheet in book.sheets for form in read_sheet(book.grid(sheet))]


@ordinary
@given(case=sheets(), cut=st.booleans())
def test_in_word_the_same_is_read(folder: Path, case: tuple[list[Made], Sheet], cut: bool) -> None:
    made, sheet = case
    assert [said(form) for form in forms_in(document(folder, sheet, cut=cut))] == [put_in(one) for one in made]


@ordinary
@given(case=sheets(), cut=st.booleans())
def test_in_word_a_right_form_raises_nothing(folder: Path, case: tuple[list[Made], Sheet], cut: bool) -> None:
    _, sheet = case
    book = document(folder, sheet, cut=cut)
    assert held_against(check(book, documents=[book])) == []


@ordinary
@given(case=planted(), cut=st.booleans())
def test_in_word_a_planted_fault_is_found_at_its_cell(
    folder: Path, case: tuple[Sheet, str, Address, Any], cut: bool
) -> None:
    sheet, code, cell, value = case
    book = document(folder, sheet, {cell: value}, cut=cut)
    findings = check(book, documents=[book])
    table = sheet.grid({cell: value})
    counted = len({table.area_of((cell.row, column)) for column in range(1, cell.column + 1)})
    assert (code, f"第 {cell.row} 行第 {counted} 格") in {(finding.kind.code, finding.cell) for finding in findings}
