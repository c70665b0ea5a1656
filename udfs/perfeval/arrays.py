"""int64 arrays for the kernels of ``perfeval.arithmetic``. Imports numpy, so it is loaded on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from perfeval.arithmetic import Scaled, exact

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

BLOCK = 16_384  # rows handled at a time: the temporaries of a block stay in the processor's cache
INT64_MAX = 2**63 - 1
MOST_DIGITS = 10**15  # a number is its 15 significant digits; integers of that size are exact in a float
MOST_PLACES = 12  # money in 亿元 to the 分 has ten


class Columns(NamedTuple):
    """Several arrays at one power of ten: object arrays of Python integers where int64 would not hold them."""

    arrays: tuple[NDArray[np.int64] | NDArray[np.object_], ...]
    places: int


def columns(*values: NDArray[np.float64]) -> Columns:
    """Arrays of floats as integers at one common power of ten, each the exact decimal of its 15 digits."""
    needed = [_places(array) for array in values]
    if None not in needed:
        places = max(place for place in needed if place is not None)
        if all(np.abs(array).max(initial=0.0) * 10.0**places < MOST_DIGITS for array in values):
            return Columns(tuple(np.rint(array * 10.0**places).astype(np.int64) for array in values), places)
    decimals = [[exact(number) for number in array.ravel().tolist()] for array in values]
    places = max((number.places for column in decimals for number in column), default=0)
    return Columns(tuple(_objects(column, places) for column in decimals), places)


def _objects(numbers: list[Scaled], places: int) -> NDArray[np.object_]:
    array = np.empty(len(numbers), dtype=object)
    array[:] = [number.units * 10 ** (places - number.places) for number in numbers]
    return array


def _places(array: NDArray[np.float64]) -> int | None:
    """The decimals at which every number is a whole decimal of 15 digits; None if that takes more than int64 holds."""
    places = 0
    for start in range(0, len(array), BLOCK):
        block = array[start : start + BLOCK]
        while not _whole_at(block, places):
            places += 1
            if places > MOST_PLACES:
                return None
    return places


def _whole_at(block: NDArray[np.float64], places: int) -> bool:
    """Whether each number is within one ulp of a decimal with ``places`` decimals: its 15 digits are that decimal."""
    scale = 10.0**places
    nearest = np.rint(block * scale) / scale
    return bool((np.abs(block - nearest) <= np.spacing(np.abs(block))).all())


def fits(largest: int) -> bool:
    """Whether an intermediate result of this size stays within int64."""
    return largest <= INT64_MAX


def blockwise(kernel: Callable[..., NDArray[Any]], arrays: tuple[NDArray[Any], ...]) -> NDArray[Any]:
    """kernel over the arrays, a block at a time."""
    out = np.empty(len(arrays[0]), dtype=arrays[0].dtype)
    for start in range(0, len(out), BLOCK):
        stop = start + BLOCK
        out[start:stop] = kernel(*(array[start:stop] for array in arrays))
    return out
