"""A printed rate beside the two figures it is said to come from, both perhaps rounded themselves."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from perfeval.arithmetic import Scaled, add, aligned, decimal, half_up, subtract
from perfeval.quantities import plain

_DIGITS = re.compile(r"(\d+(?:\.\d+)?)\s*(%?)")


_OF_A_DOUBLE = 15  # digits: a quotient as a program stores it, whose last digit is not to be relied on


class Ratio(NamedTuple):
    """part / whole; each may be off by its ``slack``, half of the last decimal that was printed (0: exact)."""

    part: Scaled
    whole: Scaled
    part_slack: Scaled = Scaled(0, 0)
    whole_slack: Scaled = Scaled(0, 0)

    def rounds_to(self, printed: str) -> bool:
        """Whether a printed rate (``81.52%``, or 0.87 as a fraction) can come from the two figures, half up."""
        digits, percent = _DIGITS.findall(plain(printed))[0]
        rate = decimal(digits)
        places = rate.places + (2 if percent else 0)
        unit = Scaled(1, places + 1)  # half of the printed rate's last decimal is five of these
        slack = 15 if len(str(abs(rate.units))) >= _OF_A_DOUBLE else 5
        part, whole, part_slack, whole_slack, five = aligned(
            self.part, self.whole, self.part_slack, self.whole_slack, Scaled(unit.units * slack, unit.places)
        )
        one = 10 ** max(number.places for number in (*self, unit))
        told = rate.units * one // 10**places
        low, high = (told - five) * (whole - whole_slack), (told + five) * (whole + whole_slack)
        return low <= (part + part_slack) * one and (part - part_slack) * one <= high

    def apart(self, printed: str) -> Fraction:
        """How far a printed rate is from the two figures', to tell which pair is the likeliest meant."""
        digits, percent = _DIGITS.findall(plain(printed))[0]
        rate = Fraction(*aligned(self.part, self.whole))
        return abs(Fraction(digits) / (100 if percent else 1) - rate)

    def percent(self, places: int = 2) -> str:
        """The rate as a percentage, half up: ``81.34%``."""
        part, whole = aligned(self.part, self.whole)
        return f"{Scaled(half_up(part * 100 * 10**places, whole), places)}%"


def ratio_of(part: Scaled, whole: Scaled) -> Ratio:
    """The ratio of two figures that are exact. ``whole`` is above zero."""
    return Ratio(part, whole)


def near(one: Scaled, one_slack: Scaled, other: Scaled, other_slack: Scaled) -> bool:
    """Whether two figures may be one, each off by its rounding."""
    apart, allowed = aligned(subtract(one, other), add([one_slack, other_slack]))
    return abs(apart) <= allowed
