"""What crosses the boundary between Excel and Python, in both directions.

COM hands over None for a blank cell, float, bool, str, a datetime with a time zone, Decimal for currency, an int for an
error, and a range as a tuple of rows. It has no way to hand an error value back, so an error leaves as a marked text.
Rows leave as lists: pywin32 takes a tuple for a method's value followed by new values of its by-reference arguments, so of a tuple
of rows only the first would arrive, and the others would overwrite the caller's variables.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from perfeval.errors import DIV0, NAME, NOT_AVAILABLE, NULL, NUM, REF, VALUE, CellError

ERROR_NUMBERS = {NULL: 2000, DIV0: 2007, VALUE: 2015, REF: 2023, NAME: 2029, NUM: 2036, NOT_AVAILABLE: 2042}
ERROR_MARK = "\x1b"

_ERROR_BASE = -2146826288 - 2000  # an error's COM code is this plus its number
_ERRORS = {_ERROR_BASE + number: error for error, number in ERROR_NUMBERS.items()}
_ERROR_CODES = range(_ERROR_BASE + 2000, _ERROR_BASE + 2100)


def incoming(value: Any) -> Any:
    """An argument as ``WorksheetFunction.call`` takes it: a scalar, or a tuple of rows for a range of several cells."""
    if not isinstance(value, tuple):
        return _scalar(value)
    rows = value if value and isinstance(value[0], tuple) else (value,)  # {1,2,3} arrives flat
    return tuple(tuple(map(_scalar, row)) for row in rows)


def outgoing(result: Any) -> list[list[Any]]:
    """A function's result as the bridge hands it to VBA: rows, an error as a marked text."""
    return [list(map(_marked, row)) for row in rows_of(result)]


def rows_of(result: Any) -> list[list[Any]]:
    """A function's result as rows, which xlwings expects of every function."""
    return [list(row) for row in result] if isinstance(result, tuple) else [[result]]


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime):
        return datetime.combine(value.date(), value.time())  # a plain one, without the time zone
    if isinstance(value, int) and value in _ERROR_CODES:
        return _ERRORS.get(value, VALUE)  # newer errors such as #SPILL! have no name here
    return float(value) if isinstance(value, Decimal) else value


def _marked(value: Any) -> Any:
    if isinstance(value, CellError):
        return f"{ERROR_MARK}{ERROR_NUMBERS[value]}"
    return value.lstrip(ERROR_MARK) if isinstance(value, str) else value
