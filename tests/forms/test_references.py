"""References in formulas as a sheet grows or is copied: only what is a reference, only to the sheet that is meant."""

from __future__ import annotations

import pytest

from perfeval.forms.grid import address
from perfeval.forms.references import longer, pointed

# Rows 13 to 20 hold the indicators; a row comes below row 20.
LONGER = {
    "a sum": ("SUM(G6,G13:G20)", "SUM(G6,G13:G21)"),
    "a part of the rows": ("SUM(H18:H20)", "SUM(H18:H21)"),
    "several columns": ("COUNTBLANK(E13:F20)", "COUNTBLANK(E13:F21)"),
    "absolute": ("SUM($G$13:$G$20)", "SUM($G$13:$G$21)"),
    "several ranges": ('COUNTIFS(G13:G20,">0",H13:H20,">=0")', 'COUNTIFS(G13:G21,">0",H13:H21,">=0")'),
    "rows that end above": ("SUM(G13:G19)", "SUM(G13:G19)"),
    "rows that begin above": ("SUM(G6:G20)", "SUM(G6:G20)"),
    "a cell": ("H20+H21", "H20+H21"),
    "a text": ('"G13:G20"&G13:G20', '"G13:G20"&G13:G21'),
    "a text with quotes": ('"说""G13:G20"""&H13:H20', '"说""G13:G20"""&H13:H21'),
    "another sheet": ("SUM('01 管网'!G13:G20,汇总!G13:G20)", "SUM('01 管网'!G13:G20,汇总!G13:G20)"),
    "a function's name": ("LOG10(G20)+PE_TOTAL(H13:H20)", "LOG10(G20)+PE_TOTAL(H13:H21)"),
    "a defined name": ("SUM(G13:G20)*口径A20", "SUM(G13:G21)*口径A20"),
}


@pytest.mark.parametrize(("formula", "grown"), LONGER.values(), ids=LONGER.keys())
def test_ranges_over_the_rows_grow(formula: str, grown: str) -> None:
    assert longer(formula, 13, 20) == grown


def test_one_row_alone_is_a_cell_to_calc_and_grows_too() -> None:
    assert longer("SUM(G6,G13)+SUM(H13:H13)", 13, 13) == "SUM(G6,G13:G14)+SUM(H13:H14)"


POINTED = {
    "the label": ("PE_MEETS(E15,F15,$C$16)", "PE_MEETS(E15,F15,$C$13)"),
    "not a relative one": ("C16&$C16", "C16&$C16"),
    "not a longer number": ("$C$160", "$C$160"),
    "not a text": ('"$C$16"', '"$C$16"'),
    "not another sheet's": ("汇总!$C$16", "汇总!$C$16"),
}


@pytest.mark.parametrize(("formula", "led"), POINTED.values(), ids=POINTED.keys())
def test_absolute_cells_are_led_elsewhere(formula: str, led: str) -> None:
    assert pointed(formula, {address("C16"): address("C13")}) == led
