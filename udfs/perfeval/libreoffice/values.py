"""What crosses the boundary between Calc and Python, in both directions.

Calc hands over a float or a text for a single cell (0.0 for a blank one), None for an omitted argument, and rows for a
range, where a blank is "" or None. An error value travels both ways as a NaN that carries its number.
"""

from __future__ import annotations

import math
import struct
from typing import Any

from perfeval.errors import DIV0, NAME, NOT_AVAILABLE, NULL, NUM, REF, VALUE, CellError

ERROR_NUMBERS = {NULL: 521, DIV0: 532, VALUE: 519, REF: 524, NAME: 525, NUM: 503, NOT_AVAILABLE: 32767}

_QUIET_NAN = 0x7FF8_0000_0000_0000
_PAYLOAD = 0xFFFF
_ERRORS = {number: error for error, number in ERROR_NUMBERS.items()}
_NANS: dict[CellError, float] = {
    error: struct.unpack("<d", struct.pack("<Q", _QUIET_NAN | number))[0] for error, number in ERROR_NUMBERS.items()
}


def incoming(value: Any) -> Any:
    """An argument as ``WorksheetFunction.call`` takes it: a scalar, or a tuple of rows for a range of several cells."""
    if value.__class__ is tuple:
        rows = tuple(tuple(map(_scalar, row)) for row in value)
        return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows
    return _scalar(value)


def outgoing(result: Any) -> Any:
    """A function's result with its errors as Calc's: a value, or rows of values."""
    if result.__class__ is tuple:
        return tuple(tuple(map(_cell, row)) for row in result)
    return _cell(result)


def error_of(number: int) -> CellError:
    """The error value behind Calc's number for it; the many that only Calc knows are #VALUE!."""
    return _ERRORS.get(number, VALUE)


def _scalar(value: Any) -> Any:
    if value.__class__ is float:
        if math.isnan(value):
            return error_of(struct.unpack("<Q", struct.pack("<d", value))[0] & _PAYLOAD)
        return value
    return None if value is None or value == "" else value


def _cell(value: Any) -> Any:
    return _NANS[value] if value.__class__ is CellError else float(value) if value.__class__ is bool else value
