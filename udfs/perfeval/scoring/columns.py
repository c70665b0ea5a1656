"""The proportional rules over whole columns: the kernels of ``proportion`` on int64 arrays. Imports numpy.

Each takes float64 arrays of equal length and gives (values, done): rows that are not plain (no number, a denominator
that is not positive) are left undone, for the scalar form to name their error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from perfeval.arithmetic import Scaled, finest
from perfeval.arrays import blockwise, fits, integers, quotients
from perfeval.scoring.proportion import execution_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perfeval.conventions import Convention

    Column = NDArray[np.float64]
    Done = NDArray[np.bool_]


def execution(budget: Column, executed: Column, weight: Scaled, convention: Convention) -> tuple[Column, Done]:
    """预算执行率得分 of every row."""

    def scores(budget: Column, executed: Column) -> tuple[Column, Done]:
        done = _plain(budget, executed)
        whole, part = integers(_or(budget, done, 1.0), _or(np.maximum(executed, 0.0), done, 0.0))
        if not fits(_largest_intermediate(int(whole.max()), int(part.max()), weight, convention)):
            whole, part = whole.astype(object), part.astype(object)
        units = execution_units(part, whole, weight, convention)
        return quotients(units, 10 ** finest(convention.score, weight), done)

    return blockwise(scores, budget, executed)


def rate(part: Column, whole: Column) -> tuple[Column, Done]:
    """part / whole of every row, a negative part counting as 0."""

    def rates(part: Column, whole: Column) -> tuple[Column, Done]:
        done = _plain(whole, part)
        numerator, denominator = integers(_or(np.maximum(part, 0.0), done, 0.0), _or(whole, done, 1.0))
        return quotients(numerator, denominator, done)

    return blockwise(rates, part, whole)


def change(current: Column, previous: Column) -> tuple[Column, Done]:
    """(current − previous) / previous of every row."""

    def changes(current: Column, previous: Column) -> tuple[Column, Done]:
        done = _plain(previous, current)
        now, before = integers(_or(current, done, 0.0), _or(previous, done, 1.0))
        return quotients(now - before, before, done)

    return blockwise(changes, current, previous)


def _plain(denominator: Column, other: Column) -> Done:
    return np.isfinite(denominator) & np.isfinite(other) & (denominator > 0)


def _or(column: Column, done: Done, filler: float) -> Column:
    """The column, with a harmless number where a row is left undone."""
    return column if done.all() else np.where(done, column, filler)


def _largest_intermediate(whole: int, part: int, weight: Scaled, convention: Convention) -> int:
    """A bound on every product the kernel forms."""
    if convention.execution_cap == "cap":
        part = min(part, whole)
    places = convention.rate_places
    denominator, scale = whole * 10**weight.places, 10 ** finest(convention.score, weight)
    full = weight.units * scale  # and more
    if places is None:
        return max(2 * part * weight.units * scale + 2 * denominator, full)
    rate = 2 * part * 10**places + 2 * whole
    quotient = part * 10**places + 1  # at most: whole ≥ 1
    return max(rate, 2 * quotient * weight.units * scale + 2 * 10 ** (places + weight.places), full)
