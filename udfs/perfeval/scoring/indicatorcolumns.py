"""Indicators over whole columns: the kernel of ``bounds`` on int64 arrays. Imports numpy.

Takes the parsed operands of targets that are one bound and gives (values, done): rows that no rule scores are left undone, for
the scalar form to name the reason. Ranges, days and words are the scalar form's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from perfeval.arithmetic import Scaled, finest
from perfeval.arrays import blockwise, fits, integers, quotients
from perfeval.scoring import bounds
from perfeval.scoring.outcome import UNDECIDED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perfeval.conventions import Convention

    Column = NDArray[np.float64]
    Done = NDArray[np.bool_]


def score(
    signs: NDArray[np.str_], bound: Column, measured: Column, weight: Column, convention: Convention
) -> tuple[Column, Done]:
    """The score of every row; ``signs`` are of ``bounds.SIGNS``, bound and measure in one unit."""

    def scores(codes: NDArray[np.uint32], bound: Column, measured: Column, weight: Column) -> tuple[Column, Done]:
        done = np.isfinite(bound) & np.isfinite(measured) & np.isfinite(weight) & (weight >= 0)
        if not done.all():
            bound, measured, weight = (np.where(done, column, 1.0) for column in (bound, measured, weight))
        limit, actual = integers(bound, measured)
        points, (one,) = integers(weight, np.ones(1))
        places = len(str(int(one))) - 1
        most = Scaled(int(points.max()), places)
        largest, most_measured = (int(np.abs(column).max()) for column in (limit, actual))
        if not fits(bounds.largest(largest, most_measured, most, convention)):
            limit, actual, points = (column.astype(object) for column in (limit, actual, points))
        units = _units(codes, limit, actual, points, places, convention)
        return quotients(units, 10 ** finest(convention.score, most), done & (units >= 0))

    codes = np.ascontiguousarray(signs, dtype="<U1").view(np.uint32)  # a text of one sign is its number
    return blockwise(scores, codes, bound, measured, weight)  # type: ignore[arg-type]


def _units(codes: NDArray[np.uint32], limit: Any, actual: Any, points: Any, places: int, convention: Convention) -> Any:
    """The units of every row, by the kernel of its sign; negative where there is none."""
    if (codes == codes[0]).all() and chr(codes[0]) in bounds.SIGNS:
        return bounds.units(chr(codes[0]), limit, actual, Scaled(points, places), convention)
    units = np.full(len(codes), UNDECIDED, dtype=limit.dtype)
    for sign in bounds.SIGNS:
        rows = np.flatnonzero(codes == ord(sign))
        if rows.size:
            weight = Scaled(points.take(rows), places)
            units[rows] = bounds.units(sign, limit.take(rows), actual.take(rows), weight, convention)
    return units
