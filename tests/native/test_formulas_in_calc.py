"""Leaves, and bounds with their ties, as formulas in LibreOffice Calc without our extension: PerfEval's score, or none."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfeval.forms.grid import Value, column_letters
from perfeval.native import leaves
from perfeval.native.leaves import Operand
from support import native_leaves, native_ties
from support.headless import MISSING, SOFFICE, recalculated
from support.native_leaves import Case, verdict

pytestmark = [pytest.mark.host, pytest.mark.skipif(SOFFICE is None, reason=MISSING)]

READ = 10  # the column behind the inputs


def test_leaves(tmp_path: Path) -> None:
    """A row a filling: its inputs, what each is read as, the score."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    cases = list(native_leaves.cases(fillings=4, seed=4))
    for row, case in enumerate(cases, start=1):
        for column, (one, value) in enumerate(zip(case.leaf.inputs, case.values, strict=True), start=1):
            _put(sheet.cell(row, column), value)
            reading = leaves.reading(one, f"{column_letters(column)}{row}")
            sheet.cell(row, READ + column, f"={reading}")
        operands = [Operand(f"{column_letters(READ + place)}{row}") for place in range(1, len(case.leaf.inputs) + 1)]
        sheet.cell(row, 2 * READ, f"={leaves.score(case.leaf, operands, case.convention)}")
    became: Counter[str] = Counter()
    wrong: list[tuple[Case, Any]] = []
    scores = recalculated(book, tmp_path).worksheets[0].iter_rows(min_col=2 * READ, max_col=2 * READ, values_only=True)
    for case, (score,) in zip(cases, scores, strict=True):
        shown = float(score) if isinstance(score, int | float) else score or ""
        became[verdict(case, shown)] += 1
        if shown != native_leaves.native(case):
            wrong.append((case, score))
    assert wrong == []
    assert became["WRONG"] == 0
    assert became["equal"] > 0.5 * len(cases) > 800


def _put(cell: Any, value: Value) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def test_ties(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    cases = [
        case
        for case in native_ties.cases(3_000, seed=5)
        if case.shape != "execution" or (case.bound > 0 and case.measured >= 0)
    ]
    for row, case in enumerate(cases, start=1):
        formula = native_ties.formula(case.shape, case.weight.places, case.chosen)
        for name in "ABCD":
            formula = formula.replace(f"{name}1*", f"{name}{row}*").replace(f"{name}1,", f"{name}{row},")
        for column, value in enumerate((case.bound / 100, case.high / 100, case.measured / 100, float(case.weight)), 1):
            sheet.cell(row, column, value)
        sheet.cell(row, 5, f"={formula}")
    scores = recalculated(book, tmp_path).worksheets[0].iter_rows(min_col=5, max_col=5, values_only=True)
    differing = [
        (case, score)
        for case, (score,) in zip(cases, scores, strict=True)
        if (score if score is not None else "") != native_ties.expected(case)
    ]
    assert differing == []
