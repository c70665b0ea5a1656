"""References in formulas as a sheet grows or is copied: only what is a reference, only to the sheet that is meant."""

from __future__ import annotations

import pytest

from perfeval.forms.grid import Address, address
from perfeval.forms.references import begun_higher, copied, led, longer, pointed, with_room

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


# Rows 13 to 20 hold the indicators; two come above row 13.
HIGHER = {
    "a sum": ("SUM(G6,G13:G20)", "SUM(G6,G11:G20)"),
    "rows that end below": ("COUNTBLANK(N13:N21)", "COUNTBLANK(N11:N21)"),
    "a part of the rows": ("SUM(H13:H19)", "SUM(H13:H19)"),
    "a cell": ("H13+H20", "H13+H20"),
}


@pytest.mark.parametrize(("formula", "grown"), HIGHER.values(), ids=HIGHER.keys())
def test_ranges_over_the_rows_begin_higher(formula: str, grown: str) -> None:
    assert begun_higher(formula, 13, 20, 2) == grown


def test_a_range_grows_by_several_rows() -> None:
    assert longer("SUM(G6,G13:G20)", 13, 20, 3) == "SUM(G6,G13:G23)"


COPIED = {
    "relative": ("SUM(E13:G13)+H13", "SUM(E15:G15)+H15"),
    "a fixed row": ("PE_MEETS(E13,F$13,$C$13)", "PE_MEETS(E15,F$13,$C$13)"),
    "a fixed column": ("$H13", "$H15"),
    "a name, a text, another sheet": ('口径&"A13"&汇总!A13', '口径&"A13"&汇总!A13'),
}


@pytest.mark.parametrize(("formula", "moved"), COPIED.values(), ids=COPIED.keys())
def test_a_formula_is_copied_two_rows_down(formula: str, moved: str) -> None:
    assert copied(formula, 2) == moved


# Two rows come above row 6.
ROOM = {
    "a range that ends below": ("SUM(C4:C6)", "", "SUM(C4:C8)"),
    "a range above": ("SUM(C4:C5)", "", "SUM(C4:C5)"),
    "a cell below, fixed": ("$D$7/C7", "", "$D$9/C9"),
    "another sheet's": ("SUM('01 管网'!C4:C6)", "", "SUM('01 管网'!C4:C6)"),
    "of the sheet that is named": ("汇总!$B$4:$B$6&C6", "汇总", "汇总!$B$4:$B$8&C6"),
    "a text of it": ('HYPERLINK("#汇总!A6",汇总!A6)', "汇总", 'HYPERLINK("#汇总!A6",汇总!A8)'),
}


@pytest.mark.parametrize(("formula", "of", "moved"), ROOM.values(), ids=ROOM.keys())
def test_inserted_rows_move_references(formula: str, of: str, moved: str) -> None:
    assert with_room(formula, 6, 2, of) == moved


def test_cells_of_another_sheet_are_led_elsewhere() -> None:
    formula = "IF('O''B'!H21=\"\",H21,'O''B'!$H$21)&SUM('O''B'!H21:H22)&别的!H21"
    wanted = "IF('O''B'!H23=\"\",H21,'O''B'!$H$23)&SUM('O''B'!H21:H22)&别的!H21"
    assert led(formula, "O'B", lambda cell: Address(cell.row + 2, cell.column)) == wanted
