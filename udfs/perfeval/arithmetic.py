"""Exact decimal arithmetic: numbers as scaled integers, multiplied first, divided last, rounded half-up.

A number is the exact decimal of its 15 significant digits, the precision a worksheet shows and keeps. Binary floats
never decide a score: 2.675 rounds to 2.68, and 17/26 × 0.13 to 0.09. The two kernels at the end are plain operator
expressions, so one source serves Python integers and int64 arrays alike (``perfeval.arrays``).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

from perfeval.errors import InvalidValue, NumberTooLarge


class Scaled(NamedTuple):
    """The exact decimal ``units / 10**places``."""

    units: int
    places: int

    def __float__(self) -> float:
        return quotient(self.units, 10**self.places)

    def __str__(self) -> str:
        """The plain decimal, without trailing zeros: ``13.89``, ``-0.5``, ``2340000``."""
        sign = "-" if self.units < 0 else ""
        digits = str(abs(self.units)).rjust(self.places + 1, "0")
        if not self.places:
            return sign + digits
        whole, fraction = digits[: -self.places], digits[-self.places :].rstrip("0")
        return f"{sign}{whole}.{fraction}" if fraction else sign + whole


ZERO = Scaled(0, 0)
TOO_LARGE = "结果大于 1.8×10^308，单元格里放不下；请核对各个数和单位"
_INTEGERS = 1e15  # whole numbers below have at most 15 digits


@lru_cache(maxsize=4096, typed=True)
def exact(number: float) -> Scaled:
    """The exact decimal of a number's 15 significant digits; an int is taken whole.

    Raises InvalidValue for infinities and NaN.
    """
    if isinstance(number, int):
        return Scaled(number, 0)
    if number.is_integer() and -_INTEGERS < number < _INTEGERS:
        return Scaled(int(number), 0)
    if not math.isfinite(number):
        raise InvalidValue("不是有限的数")
    return decimal(f"{number:.15g}")


@lru_cache(maxsize=4096)
def decimal(digits: str) -> Scaled:
    """The exact value of a plain decimal literal: ``"2340000.00"``, ``"-0.5"``, ``".5"``, ``"1e-7"``."""
    whole, _, fraction = digits.partition(".")
    if "e" not in digits:
        return Scaled(int(whole + fraction), len(fraction))
    mantissa, _, exponent = digits.partition("e")
    units, places = decimal(mantissa)
    places -= int(exponent)
    return Scaled(units, places) if places >= 0 else Scaled(units * 10**-places, 0)


def times(number: Scaled, factor: Scaled) -> Scaled:
    """The exact product."""
    return Scaled(number.units * factor.units, number.places + factor.places)


def aligned(*numbers: Scaled) -> tuple[int, ...]:
    """The numbers' units at one common power of ten, in which they can be compared, added and divided."""
    places = max([number.places for number in numbers])
    return tuple([number.units * 10 ** (places - number.places) for number in numbers])


def add(numbers: list[Scaled]) -> Scaled:
    """The exact sum (0 for none)."""
    places = max([number.places for number in numbers], default=0)
    return Scaled(sum([number.units * 10 ** (places - number.places) for number in numbers]), places)


def subtract(number: Scaled, other: Scaled) -> Scaled:
    """The exact difference."""
    return add([number, Scaled(-other.units, other.places)])


def quotient(numerator: int, denominator: int) -> float:
    """numerator / denominator (not zero) as the nearest float. Raises NumberTooLarge where no double is that large."""
    try:
        return numerator / denominator
    except OverflowError:
        raise NumberTooLarge(TOO_LARGE) from None


def ratio(part: Scaled, whole: Scaled) -> float:
    """part / whole as the nearest float. ``whole`` is not zero. Raises NumberTooLarge."""
    return quotient(*aligned(part, whole))


def magnitude(number: Scaled) -> float:
    """About how large a number is, infinite beyond a double: to put numbers in order, never as a result."""
    try:
        return number.units / 10**number.places
    except OverflowError:
        return math.copysign(math.inf, number.units)


def lesser(number: Scaled, other: Scaled) -> Scaled:
    """The smaller of two; the first where they are equal."""
    if number.places == other.places:
        return other if other.units < number.units else number
    return other if other.units * 10**number.places < number.units * 10**other.places else number


def rounded(number: Scaled, places: int) -> Scaled:
    """Half-up, away from zero, to ``places`` decimals."""
    if number.places <= places:
        return number
    units = half_up(abs(number.units), 10 ** (number.places - places))
    return Scaled(-units if number.units < 0 else units, places)


def worksheet_round(number: float, digits: int = 0) -> float:
    """ROUND(number, digits) as Excel and Calc give it: half away from zero on 15 digits. Raises NumberTooLarge."""
    if digits >= 0 and number == math.floor(number):
        return number
    value = exact(number)
    if digits >= 0:
        return float(rounded(value, digits))
    tens = rounded(Scaled(value.units, value.places - digits), 0)
    return quotient(tens.units * 10**-digits, 1)


# --- kernels: Python integers or int64 arrays, from one source ---


def half_up(numerator: Any, denominator: Any) -> Any:
    """numerator / denominator to the nearest integer, ties up. numerator ≥ 0, denominator > 0."""
    return (2 * numerator + denominator) // (2 * denominator)


def share(part: Any, whole: Any, weight: Scaled, places: int, rate_places: int | None = None) -> Any:
    """part / whole × weight in units of ``10**-places``, half-up.

    part ≥ 0 and whole > 0 are units at one power of ten, integers or int64 arrays. With ``rate_places`` the rate is
    rounded to that many decimals before it is multiplied (the result is then rounded once more).
    """
    if rate_places is not None:
        part, whole = half_up(part * 10**rate_places, whole), 10**rate_places
    return half_up(part * (weight.units * 10**places), whole * 10**weight.places)


def finest(places: int, weight: Scaled) -> int:
    """The decimals in which both points of ``places`` decimals and a weight are whole units."""
    return weight.places if weight.places > places else places


def in_finer(units: Any, places: int, finer: int) -> Any:
    """Units of ``10**-places`` in units of ``10**-finer``."""
    return units * 10 ** (finer - places) if finer > places else units
