"""int64 arrays for the kernels of ``perfeval.arithmetic``. Imports numpy, so it is loaded on demand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from perfeval.arithmetic import Scaled, exact

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

BLOCK = 16_384  # rows handled at a time: the temporaries of a block stay in the processor's cache
INT64_MAX = 2**63 - 1
MOST_DIGITS = 10**15  # a number is its 15 significant digits; integers of that size are exact in a float
PLACES = (2, 0, 4, 6, 8, 10, 12)  # decimals tried: money mostly has two, in 亿元 to the 分 ten


def blockwise(
    kernel: Callable[..., tuple[NDArray[Any], NDArray[np.bool_]]], *columns: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """kernel over columns of equal length, a block at a time: the (values, done) of all rows."""
    size = len(columns[0])
    values, done = np.empty(size, dtype=np.float64), np.empty(size, dtype=np.bool_)
    for start in range(0, size, BLOCK):
        rows = slice(start, start + BLOCK)
        values[rows], done[rows] = kernel(*(column[rows] for column in columns))
    return values, done


def integers(*columns: NDArray[np.float64]) -> tuple[NDArray[Any], ...]:
    """Columns of floats as integers at one common power of ten, each the exact decimal of its 15 digits.

    int64 arrays, or object arrays of Python integers where int64 would not hold them.
    """
    for places in PLACES:
        units = [_units(column, places) for column in columns]
        if all(column is not None for column in units):
            return tuple(units)  # type: ignore[arg-type]
    decimals = [[exact(number) for number in column.tolist()] for column in columns]
    places = max(number.places for column in decimals for number in column)
    return tuple(_objects(column, places) for column in decimals)


def _units(column: NDArray[np.float64], places: int) -> NDArray[np.int64] | None:
    """The column in units of ``10**-places``; None if a number is no decimal of so many places and 15 digits.

    A number within one ulp of such a decimal is it: that decimal is what its 15 digits say.
    """
    scale = 10.0**places
    with np.errstate(over="ignore"):  # what is beyond is too large by far
        units = np.rint(column * scale)
    if np.abs(units).max(initial=0.0) >= MOST_DIGITS:
        return None
    nearest = units / scale
    if not (nearest == column).all():
        apart = np.abs(column - nearest) > np.spacing(np.abs(column))
        if (apart | ((units == 0) & (column != 0))).any():  # the smallest doubles are an ulp from 0
            return None
    return units.astype(np.int64)


def _objects(numbers: list[Scaled], places: int) -> NDArray[np.object_]:
    array = np.empty(len(numbers), dtype=object)
    array[:] = [number.units * 10 ** (places - number.places) for number in numbers]
    return array


def quotients(numerator: NDArray[Any], denominator: Any, done: NDArray[np.bool_]) -> tuple[Any, NDArray[np.bool_]]:
    """numerator / denominator of every row; a row whose result no double holds is not done."""
    if numerator.dtype != object:
        return numerator / denominator, done
    whole = np.broadcast_to(np.asarray(denominator, dtype=object), numerator.shape)
    values = np.array([_quotient(*row) for row in zip(numerator, whole, strict=True)], dtype=np.float64)
    return values, done & np.isfinite(values)


def _quotient(numerator: int, denominator: int) -> float:
    try:
        return numerator / denominator
    except OverflowError:
        return math.nan


def fits(largest: int) -> bool:
    """Whether an intermediate result of this size stays within int64."""
    return largest <= INT64_MAX
