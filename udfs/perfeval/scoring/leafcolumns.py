"""Leaves over whole columns: the kernels of ``rated`` and ``counted`` on int64 arrays. Imports numpy.

Takes one float64 array an input and gives (values, done): rows that are not plain (no number, a rate without
denominator, out of range, for a person to judge) are left undone, for the scalar form to name the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from perfeval.arrays import blockwise, fits, integers, quotients
from perfeval.quantities import PERCENT
from perfeval.scoring import counted, rated
from perfeval.scoring.either import choose
from perfeval.scoring.inputs import HIGHEST_RATE
from perfeval.scoring.leaf import assembled, places_of, rule_of, within
from perfeval.scoring.outcome import REFUSED
from perfeval.standards.rules import YES_NO, Cases, Input, Rated, Rule

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perfeval.conventions import DetailedConvention
    from perfeval.standards import Leaf

    Column = NDArray[np.float64]
    Done = NDArray[np.bool_]


def score(leaf: Leaf, values: Sequence[Column], convention: DetailedConvention) -> tuple[Column, Done]:
    """The leaf's score of every row."""

    places = places_of(leaf, convention)

    def scores(*block: Column) -> tuple[Column, Done]:
        plain = np.logical_and.reduce([_plain(one, column) for one, column in zip(leaf.inputs, block, strict=True)])
        units, _, done = assembled(leaf, block, by_rule, lambda answer: answer, convention)
        return quotients(units, 10**places, plain & done & (units >= 0))

    def by_rule(part: Leaf, values: Sequence[Column]) -> tuple[Any, Any, Done]:
        return _by_rule(part, rule_of(part, convention), values, places, convention)

    return blockwise(scores, *values)


def _by_rule(
    leaf: Leaf, rule: Rule, values: Sequence[Column], places: int, convention: DetailedConvention
) -> tuple[Any, Any, Done]:
    inputs = leaf.inputs[: len(values)]
    done = np.logical_and.reduce([_plain(one, column) for one, column in zip(inputs, values, strict=True)])
    if isinstance(rule, Cases):
        done &= values[0] == np.floor(values[0])
    *whole, (one,) = integers(*(np.where(done, column, 1.0) for column in values), np.ones(1))
    units = dict(zip((each.name for each in inputs), whole, strict=True))
    largest = {name: int(column.max()) for name, column in units.items()}
    if not fits(_bound(leaf, rule, largest, int(one), convention) * 10 ** (places - convention.score)):
        units = {name: column.astype(object) for name, column in units.items()}
    if not isinstance(rule, Rated):
        scored = counted.units(rule, list(units.values()), int(one), leaf.weight, convention)
        return within(leaf, scored, places, convention), False, done
    n, d = rule.of.fraction(units, int(one))
    good = done & rated.is_scored(rule, n, d)
    n, d = choose(good, n, 0), choose(good, d, 1)
    scored = rated.units(rule, n, d, leaf.weight, convention)
    good &= scored != REFUSED
    return within(leaf, scored, places, convention), rated.zeroed(rule, n, d), good


def _bound(leaf: Leaf, rule: Rule, largest: Mapping[str, int], one: int, convention: DetailedConvention) -> int:
    """What every product of the kernels stays within."""
    if not isinstance(rule, Rated):
        return counted.largest(rule, max(largest.values()), one, leaf.weight, convention)
    n, d = rule.of.bounds(largest, one)
    return max(HIGHEST_RATE * d, n, rated.largest(rule, n, d, leaf.weight, convention))


def _plain(one: Input, column: Column) -> Done:
    """Which rows hold a number that the input can have."""
    plain = np.isfinite(column) & (column >= (-HIGHEST_RATE if one.may_be_negative else 0))
    if one.unit == YES_NO:
        return (column == 0) | (column == 1)
    if one.unit == PERCENT:
        plain &= column <= HIGHEST_RATE
    if one.most is not None:
        plain &= column <= float(one.most)
    if one.levels:
        plain &= np.isin(column, [float(points) for _, points in one.levels])
    return plain
