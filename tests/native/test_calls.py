"""PE_ calls found in formulas, and replaced."""

from __future__ import annotations

import pytest

from perfeval.native.calls import calls, cell_in, replaced


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("PE_TOTAL(I6,H13:H20)", [("PE_TOTAL", ("I6", "H13:H20"))]),
        ('IF(E6="","",PE_EXEC_RATE(E6,F6))', [("PE_EXEC_RATE", ("E6", "F6"))]),
        ('_xlfn.IFNA(PE_STD_SCORE(标准,"a,b)",表!$F$4:$F$9),"—")', [("PE_STD_SCORE", ("标准", '"a,b)"', "表!$F$4:$F$9"))]),
        ('"PE_TOTAL(A1)"&A1', []),
        ("PE_TOTAL(A1)+PE_TOTAL('01 (甲),乙'!A1)", [("PE_TOTAL", ("A1",)), ("PE_TOTAL", ("'01 (甲),乙'!A1",))]),
        ("SUM(A1:A3)", []),
    ],
)  # fmt: skip
def test_calls_are_found(formula: str, found: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(call.name, call.arguments) for call in calls(formula)] == found


def test_what_stands_around_a_call_stays() -> None:
    formula = 'IF(COUNTBLANK(E13:G13)>0,"",_xlfn.IFNA(PE_INDICATOR_SCORE(E13,F13,G13,$C$13,口径),"—"))'
    assert replaced(formula, lambda call: f"K({call.arguments[0]})") == 'IF(COUNTBLANK(E13:G13)>0,"",K(E13))'


@pytest.mark.parametrize(
    ("argument", "cell"),
    [('IF(E13="","",E13)', "E13"), ('I13&""', "I13"), ('""', ""), ("E13+F13", ""), ("甲!A1", ""), ("$C$13", "$C$13")],
)
def test_the_cell_of_an_argument(argument: str, cell: str) -> None:
    assert cell_in(argument) == cell
