"""Exact decimals, half-up rounding and the share kernel, against fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perfeval.arithmetic import (
    Scaled,
    add,
    aligned,
    decimal,
    exact,
    half_up,
    ratio,
    rounded,
    share,
    subtract,
    times,
    worksheet_round,
)
from perfeval.errors import InvalidValue

UNITS = st.integers(0, 10**13)
WEIGHTS = st.builds(Scaled, st.integers(0, 10_000), st.integers(0, 3))
SCALED = st.builds(Scaled, st.integers(-(10**15), 10**15), st.integers(0, 12))


def fraction(number: Scaled) -> Fraction:
    return Fraction(number.units, 10**number.places)


def half_up_of(number: Fraction, places: int) -> Fraction:
    """The definition: the nearest decimal, a tie away from zero."""
    nearest = Fraction(math.floor(abs(number) * 10**places + Fraction(1, 2)), 10**places)
    return -nearest if number < 0 else nearest


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0.1 + 0.2, "0.3"),
        (2.675, "2.675"),
        (3866689.1, "3866689.1"),
        (1e-7, "0.0000001"),
        (-0.5, "-0.5"),
        (0.0, "0"),
        (-0.0, "0"),
        (123456789012345.0, "123456789012345"),
        (1e15, "1000000000000000"),
        (1.5e22, "15000000000000000000000"),
        (1 / 3, "0.333333333333333"),
        (9007199254740993, "9007199254740993"),
    ],
)
def test_a_number_is_its_fifteen_significant_digits(number: float, shown: str) -> None:
    assert str(exact(number)) == shown


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_what_is_not_finite_is_no_number(number: float) -> None:
    with pytest.raises(InvalidValue, match="不是有限的数"):
        exact(number)


@pytest.mark.parametrize(
    ("digits", "value"), [("2340000.00", 2340000), (".5", 0.5), ("-0.05", -0.05), ("1e-7", 1e-7), ("2.5e3", 2500)]
)
def test_a_literal_is_its_exact_value(digits: str, value: float) -> None:
    assert fraction(decimal(digits)) == Fraction(str(value))


@given(st.lists(SCALED, min_size=1, max_size=5))
def test_sums_are_exact(numbers: list[Scaled]) -> None:
    assert fraction(add(numbers)) == sum(map(fraction, numbers))
    assert fraction(subtract(numbers[0], numbers[-1])) == fraction(numbers[0]) - fraction(numbers[-1])
    assert fraction(times(numbers[0], numbers[-1])) == fraction(numbers[0]) * fraction(numbers[-1])
    assert (
        len(
            {
                Fraction(units) / fraction(number)
                for units, number in zip(aligned(*numbers), numbers, strict=True)
                if units
            }
        )
        <= 1
    )


def test_an_empty_sum_is_zero() -> None:
    assert float(add([])) == 0.0


@given(SCALED, SCALED.filter(lambda number: number.units != 0))
def test_a_ratio_is_the_nearest_float(part: Scaled, whole: Scaled) -> None:
    assert ratio(part, whole) == float(fraction(part) / fraction(whole))


@given(SCALED, st.integers(0, 14))
@example(Scaled(2675, 3), 2)
@example(Scaled(-2675, 3), 2)
@example(Scaled(-5, 1), 0)
def test_rounding_is_half_up_away_from_zero(number: Scaled, places: int) -> None:
    assert fraction(rounded(number, places)) == half_up_of(fraction(number), places)


@given(UNITS, st.integers(1, 10**13), WEIGHTS, st.integers(0, 4))
@example(17, 26, Scaled(13, 2), 2)  # 0.085 exactly: 0.09
@example(386668910, 444800000, Scaled(10, 0), 2)
def test_a_share_is_rounded_once(part: int, whole: int, weight: Scaled, places: int) -> None:
    expected = half_up_of(Fraction(part, whole) * fraction(weight), places)
    assert Fraction(share(part, whole, weight, places), 10**places) == expected


@given(UNITS, st.integers(1, 10**13), WEIGHTS, st.integers(0, 4), st.integers(0, 4))
@example(386668910, 444800000, Scaled(10, 0), 2, 2)  # 0.87 × 10 = 8.70
def test_a_share_of_a_rounded_rate_is_rounded_twice(
    part: int, whole: int, weight: Scaled, places: int, rate_places: int
) -> None:
    rate = half_up_of(Fraction(part, whole), rate_places)
    expected = half_up_of(rate * fraction(weight), places)
    assert Fraction(share(part, whole, weight, places, rate_places), 10**places) == expected


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(-1, 1), st.sampled_from([1, 2, 5, 10, 15, 20]))
def test_ties_and_their_neighbours(whole: int, units: int, off: int, weight: int) -> None:
    """part / whole × weight lies on a half of 0.01, or one hair beside it: only the half itself and above go up."""
    scale = 2 * 100 * weight
    part, denominator = (2 * units + 1) * whole * 10**6 + off, scale * whole * 10**6
    expected = units + 1 if off >= 0 else units
    assert share(part, denominator, Scaled(weight * weight, 0), 2) == half_up_of(
        Fraction(part * weight**2 * 100, denominator), 0
    )
    assert half_up(part * weight * 100, denominator) == expected


@pytest.mark.parametrize(
    ("number", "digits", "expected"),
    [
        (2.675, 2, 2.68),
        (1.005, 2, 1.01),
        (0.285, 2, 0.29),
        (1.115, 2, 1.12),
        (-2.675, 2, -2.68),
        (8.765, 2, 8.77),
        (0.615 * 100, 0, 62.0),
        (0.5, 0, 1.0),
        (-0.5, 0, -1.0),
        (2.5, 0, 3.0),
        (0.1 + 0.2, 1, 0.3),
        (1234567.891, -3, 1235000.0),
        (15.0, -1, 20.0),
        (-25.0, -1, -30.0),
        (49.999, -2, 0.0),
        (4.0, -1, 0.0),
        (3866689.1, 5, 3866689.1),
        (1e20, 2, 1e20),
        (123456789012345.6, 0, 123456789012346.0),
        (0.0, 2, 0.0),
    ],
)
def test_round_as_a_worksheet_does_it(number: float, digits: int, expected: float) -> None:
    assert worksheet_round(number, digits) == expected


@given(st.floats(-1e12, 1e12), st.integers(-6, 8))
def test_worksheet_round_is_half_up_on_fifteen_digits(number: float, digits: int) -> None:
    scale = Fraction(10) ** digits
    nearest = math.floor(abs(fraction(exact(number))) * scale + Fraction(1, 2)) / scale
    assert worksheet_round(number, digits) == float(math.copysign(1, number) * nearest)
