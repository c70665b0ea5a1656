"""The kernels over integers and over formulas: one source, one score, to the last tie, also in a program that mends no doubles."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.arithmetic import Scaled
from perfeval.scoring import bounds
from perfeval.scoring.either import choose, greater, lesser
from perfeval.standards import convention
from perfeval.worksheet import Term, in_points, units
from support import native_ties
from support.formula_values import computed, plainly
from support.native_lint import faults


def test_ties_and_their_neighbours_score_alike() -> None:
    counts, differing = native_ties.differing(3_000, seed=2026)
    assert differing == []
    assert counts["ties"] > 1_500
    assert min(counts[shape] for shape in native_ties.SHAPES) > 200


def test_a_naive_formula_fails_on_such_ties() -> None:
    """The oracle can see a wrong one: the same ties, rounded as one writes it by hand."""
    wrong = 0
    for case in native_ties.cases(2_000, seed=2026):
        if case.shape == "≥" and 0 < case.measured < case.bound:
            cells = {"A1": case.bound / 100, "C1": case.measured / 100, "D1": float(case.weight)}
            naive = plainly(f"ROUND(MIN(1,C1/A1)*D1,{case.chosen.score})", cells)
            wrong += abs(naive - native_ties.expected(case)) > 1e-9  # type: ignore[operator]
    assert wrong > 10


AMOUNTS = st.integers(0, 10**10)
SIGNED = st.integers(-(10**9), 10**10)
WEIGHTS = st.sampled_from([Scaled(10, 0), Scaled(75, 1), Scaled(333, 2), Scaled(0, 0)])


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(native_ties.SHAPES),
    SIGNED,
    AMOUNTS,
    st.one_of(SIGNED, st.none()),
    WEIGHTS,
    st.sampled_from(native_ties.CONVENTIONS),
)
def test_any_amounts_score_alike(
    shape: str, bound: int, width: int, measured: int | None, weight: Scaled, chosen: Any
) -> None:
    """Also at the bound itself (measured: None), at 0 and below."""
    case = native_ties.Case(shape, bound, bound + width, bound if measured is None else measured, weight, chosen)
    if shape == "execution" and (case.bound <= 0 or case.measured < 0):
        return
    text = native_ties.formula(shape, weight.places, chosen)
    cells = {"A1": case.bound / 100, "B1": case.high / 100, "C1": case.measured / 100, "D1": float(weight)}
    assert computed(text, cells) == plainly(text, cells) == native_ties.expected(case)


@pytest.mark.parametrize("chosen", native_ties.CONVENTIONS, ids=range(len(native_ties.CONVENTIONS)))
def test_what_is_written_is_fit_for_every_program(chosen: Any) -> None:
    for shape in native_ties.SHAPES:
        for places in range(4):
            assert faults(native_ties.formula(shape, places, chosen)) == []


def test_the_direction_may_stand_in_a_cell() -> None:
    chosen = convention("cn-project-2020; equal=judge")
    weight = Scaled(10, 0)
    formula = in_points(bounds.units(Term("E1"), units("A1", 2, None), units("C1", 2, None), weight, chosen), 2)
    met = bounds.is_met(Term("E1"), units("A1", 2, None), units("C1", 2, None)).text
    assert faults(formula) == faults(met) == []
    for sign in bounds.SIGNS:
        for bound, measured in (
            (100, 95),
            (100, 100),
            (100, 110),
            (100, 250),
            (0, 0),
            (0, 3),
            (-3, -5),
            (-3, -2),
            (5, -1),
        ):
            cells = {"E1": sign, "A1": float(bound), "C1": float(measured)}
            scored = bounds.units(sign, bound, measured, weight, chosen)
            assert computed(formula, cells) == plainly(formula, cells) == ("" if scored < 0 else scored / 100)
            assert computed(met, cells) is plainly(met, cells) is bounds.is_met(sign, bound, measured)


# --- the operand itself ---


X, Y, AMOUNT = Term("A1"), Term("B1"), units("C1", 2)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (X + 0, "A1"), (0 + X, "A1"), (X - 0, "A1"), (X * 1, "A1"), (X // 1, "A1"), (X + Y * 2, "A1+B1*2"),
        ((X + Y) * 2, "(A1+B1)*2"), (X - (Y - 1), "A1-(B1-1)"), (X - Y + 1, "A1-B1+1"), (-(X + Y), "-(A1+B1)"),
        (2 - X, "2-A1"), (0 - X, "-A1"), (X * (Y * 3), "A1*B1*3"), (X // (Y * 3), "INT(ROUND(A1/(B1*3),11))"),
        (X * 2 // Y, "INT(ROUND(A1*2/B1,11))"), (7 // X, "INT(ROUND(7/A1,11))"), (-X // Y, "INT(ROUND(-A1/B1,11))"),
        (X * -2, "A1*(-2)"), (X >= Y + 1, "A1>=B1+1"), ((X > 1) & (Y > 2), "AND(A1>1,B1>2)"), (AMOUNT, "ROUND(C1*100,0)"),
        (units("C1", 0), "ROUND(C1,0)"), (units("C1", 12), "ROUND(C1*1E12,0)"), (X == "≥", 'A1="≥"'),
        (choose(X > 1, Y, 3), "IF(A1>1,B1,3)"), (choose(X > 1, 3, 3), 3), (lesser(X, 5), "MIN(A1,5)"), (greater(3, X), "MAX(3,A1)"),
        (choose(X > 1, X > Y, X >= Y), "IF(A1>1,A1>B1,A1>=B1)"), (choose(X > 1, False, X > Y), "IF(A1>1,1=0,A1>B1)"),
    ],
)  # fmt: skip
def test_operators_write_text(term: Any, text: object) -> None:
    assert (term.text if isinstance(term, Term) else term) == text


def test_what_is_known_is_not_written() -> None:
    """Of an amount that is not negative, of a text beside itself, of a truth."""
    assert (AMOUNT >= 0, AMOUNT < 0, AMOUNT == -1, AMOUNT + X * 0 == -1, AMOUNT * 2 + 3 != 2) == (
        True,
        False,
        False,
        False,
        True,
    )
    assert ((X == X), (X != X)) == (True, False)  # noqa: PLR0124
    assert ((X > 1) & False, (X > 1) | True) == (False, True)
    assert greater(AMOUNT, 0) is AMOUNT
    assert choose(X > 1, 0, 2) * 0 == 0
    assert (X >= 0).text == "A1>=0"


def test_no_truth_is_asked_of_a_formula_and_no_digit_is_lost() -> None:
    with pytest.raises(TypeError):
        bool(X > 1)
    with pytest.raises(TypeError):
        min(X, 1)
    with pytest.raises(ValueError, match="digits"):
        _ = X * 1_234_567_890_123_456
    with pytest.raises(TypeError):
        _ = X + 0.5
    assert (X * 10**18).text == "A1*1000000000000000000"


@pytest.mark.parametrize(
    ("scored", "places", "text"),
    [
        (X, 2, 'IF(A1<0,"",A1/100)'), (AMOUNT, 2, "ROUND(C1*100,0)/100"), (X, 0, 'IF(A1<0,"",A1)'), (200, 2, "2"),
        (-1, 2, '""'), (5, 1, "0.5"),
    ],
)  # fmt: skip
def test_units_as_points(scored: Any, places: int, text: str) -> None:
    assert in_points(scored, places) == text
