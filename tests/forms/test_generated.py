"""Right forms in any layout: what was put in is read cell by cell, nothing is called wrong, and a planted fault is found at its cell.

``PERFEVAL_EXAMPLES=20000 python -m pytest tests/forms/test_generated.py`` is the long run.
"""

from __future__ import annotations

import os
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfeval.checks import check
from perfeval.findings import Level
from perfeval.forms.model import Form
from perfeval.forms.reader import read_sheet
from support.forms_in_memory import Sheets
from support.generated import Made, Sheet, forms, lay_out

EXAMPLES = int(os.environ.get("PERFEVAL_EXAMPLES", "150"))
ordinary = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[Made], Sheet]:
    """One or two forms on a sheet, one under the other, somewhere on it."""
    made = [draw(forms(number)) for number in range(draw(st.sampled_from([1, 1, 2])))]
    sheet, top, left = Sheet(), draw(st.integers(1, 4)), draw(st.integers(1, 4))
    for number, one in enumerate(made):
        top = lay_out(sheet, one, number, top, left) + draw(st.integers(2, 3))
    return made, sheet


def said(form: Form) -> list[tuple[str, ...]]:
    rows = [
        (
            row.level1 if "level1" in form.blocks[0].columns else "",
            row.level2 if "level2" in form.blocks[0].columns else "",
            row.name.text, row.target.text, row.actual.text, row.weight.text, row.score.text, row.reason.text,
        )
        for row in form.rows
    ]  # fmt: skip
    funds = form.execution
    assert funds is not None
    money = (funds.budget.text, funds.executed.text, funds.weight.text, funds.score.text)
    return [(form.title, form.name.text, form.unit), money, (form.total_score.text,), *rows]


def put_in(made: Made) -> list[tuple[str, ...]]:
    columns = made.layout.columns
    rows = [
        (
            row.level1 if "level1" in columns else "", row.level2 if "level2" in columns else "", row.name,
            f"≥{row.target}个", f"{row.actual}个", shown(Decimal(row.weight)), shown(row.score), row.reason,
        )
        for row in made.rows
    ]  # fmt: skip
    money = (
        shown(Decimal(made.budget)),
        shown(Decimal(made.executed)),
        shown(Decimal(made.weight)),
        shown(made.execution),
    )
    return [(made.title, made.name, "元"), money, (shown(made.total),), *rows]


def shown(number: Decimal) -> str:
    return f"{number.normalize():f}"


@ordinary
@given(sheets())
def test_what_was_put_in_is_read_cell_by_cell(case: tuple[list[Made], Sheet]) -> None:
    made, sheet = case
    read = read_sheet(sheet.grid())
    assert [said(form) for form in read] == [put_in(one) for one in made]
    for number, form in enumerate(read):
        for place, row in enumerate(form.rows):
            for concept, entry in (
                ("target", row.target),
                ("actual", row.actual),
                ("weight", row.weight),
                ("score", row.score),
            ):
                assert entry.cell == sheet.places[number, place, concept]


@ordinary
@given(sheets())
def test_a_right_form_raises_nothing(case: tuple[list[Made], Sheet]) -> None:
    _, sheet = case
    findings = check(Sheets({"表": sheet.grid()}))
    known = {"R26", "R31"}  # full marks everywhere; a hidden row: said, not held against the form
    assert [one for one in findings if one.level is Level.ERROR or one.kind.code not in known] == []


@ordinary
@given(sheets(), st.data())
def test_a_planted_fault_is_found_at_its_cell(case: tuple[list[Made], Sheet], data: st.DataObject) -> None:
    made, sheet = case
    number = data.draw(st.integers(0, len(made) - 1))
    one = made[number]
    place = data.draw(st.integers(0, len(one.rows) - 1))
    row = one.rows[place]
    faults = {
        "R03": ((number, -1, "total"), float(one.total) + 1),
        "R05": ((number, -1, "fund_score"), float(one.execution) - 1),
        "R04": ((number, -1, "rate"), "31.5%"),
        "R06": ((number, place, "score"), row.weight + 1.0),
        "R12": ((number, place, "actual"), f"{row.actual}%"),
        "R14": ((number, place, "actual"), None),
    }
    if row.actual < row.target:
        faults |= {"R08": ((number, place, "score"), float(row.weight)), "R09": ((number, place, "reason"), None)}
    code = data.draw(st.sampled_from(sorted(faults)))
    where, value = faults[code]
    cell = sheet.places[where]
    findings = check(Sheets({"表": sheet.grid({cell: value})}))
    assert (code, str(cell)) in {(finding.kind.code, finding.cell) for finding in findings}
