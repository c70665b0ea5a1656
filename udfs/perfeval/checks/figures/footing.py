"""Whether a printed total is the sum of its printed parts, as far as rounding lets anyone say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from perfeval.arithmetic import Scaled, add, aligned, subtract


class Footing(NamedTuple):
    """A total beside the sum of its parts; the two may lie ``tolerance`` apart where the figures are rounded."""

    total: Scaled
    sum: Scaled
    tolerance: Scaled

    @property
    def difference(self) -> Scaled:
        """Sum less total: above zero where the parts come to more."""
        return subtract(self.sum, self.total)

    @property
    def is_exact(self) -> bool:
        """Whether the total is the sum."""
        total, found = aligned(self.total, self.sum)
        return total == found

    @property
    def holds(self) -> bool:
        """Whether the total is the sum, rounding allowed for."""
        apart, allowed = aligned(self.difference, self.tolerance)
        return abs(apart) <= allowed


def footing(total: Scaled, parts: Sequence[Scaled], unit: str) -> Footing:
    """A total and its parts, in ``unit``, beside one another.

    In 元 the two are equal or wrong. Figures in a larger unit (万元) are rounded, each addend by up to half of the last
    decimal that the total prints. One figure beside the same figure of another table counts as two addends: either may
    itself be the sum of rounded ones.
    """
    halves = 0 if unit == "元" else max(len(parts), 2)
    return Footing(total, add(list(parts)), Scaled(5 * halves, total.places + 1))
