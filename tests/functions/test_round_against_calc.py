"""ROUND as LibreOffice Calc gives it: ``worksheet_round`` agrees on ties, products, sums and negative digits."""

from __future__ import annotations

import random
from pathlib import Path

import openpyxl
import pytest

from perfeval.arithmetic import worksheet_round
from support.headless import MISSING, SOFFICE, recalculated

pytestmark = [pytest.mark.host, pytest.mark.skipif(SOFFICE is None, reason=MISSING)]


def cases() -> list[tuple[float, int]]:
    """Numbers as sheets hold them, with the digits they are rounded to."""
    choose = random.Random(20260321)
    made: list[tuple[float, int]] = [
        (2.675, 2), (1.005, 2), (0.285, 2), (1.115, 2), (-2.675, 2), (8.765, 2), (0.5, 0), (-0.5, 0), (1e15 + 0.5, 0),
        (0.0, 2), (49.999, -2), (1e20, 2), (1e-20, 2), (123456789012345.6, 0), (999999999.995, 2), (1.5, 0), (2.5, 0),
    ]  # fmt: skip
    for _ in range(800):
        digits = choose.randint(0, 4)
        made.append(
            (float(f"{choose.randint(0, 10**6)}.{choose.randint(0, 10**digits - 1):0{digits}d}5"), digits)
        )  # a tie
    for _ in range(800):
        made.append(
            (choose.randint(0, 10_000) / 10_000 * choose.choice([5, 10, 12.5, 15, 20, 22.5]), 2)
        )  # rate × weight
    for _ in range(800):
        part, whole = choose.randint(1, 10**9) / 100, choose.randint(1, 10**9) / 100
        made.append((part / whole * 10, choose.randint(0, 4)))
    for _ in range(600):
        made.append((sum(choose.randint(0, 2000) / 100 for _ in range(8)) + 0.005, 2))
    for _ in range(600):
        made.append(
            (choose.choice([-1, 1]) * choose.randint(0, 10**8) / choose.choice([1, 2, 4]), -choose.randint(1, 6))
        )
    return made


def test_calc_rounds_alike(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row, (number, digits) in enumerate(cases(), start=1):
        sheet.cell(row, 1, number)
        sheet.cell(row, 2, digits)
        sheet.cell(row, 3, f"=ROUND(A{row},B{row})")
    theirs = recalculated(book, tmp_path).worksheets[0]
    rows = theirs.iter_rows(max_col=3, values_only=True)
    different = [
        f"ROUND({number!r},{digits}): ours {worksheet_round(number, digits)!r}, Calc {given!r}"
        for (number, digits), (_, _, given) in zip(cases(), rows, strict=True)
        if worksheet_round(number, digits) != given
    ]
    assert not different, f"{len(different)}\n" + "\n".join(different[:20])
