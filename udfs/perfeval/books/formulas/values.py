"""What a worksheet makes of single values: as a number, as text, as a truth, compared, combined.

A value that cannot be taken raises a PerfEvalError whose ``cell_error`` is the formula's result.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time
from functools import reduce
from math import isfinite
from operator import add
from sys import float_info
from typing import TYPE_CHECKING

from perfeval.arithmetic import exact
from perfeval.books.formulas.syntax import Unsupported
from perfeval.errors import DIV0, NUM, VALUE, CellError, PerfEvalError, PropagatedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from perfeval.forms.grid import Value

LONGEST_TEXT = 32_767
_NUMBER = re.compile(r"\s*([+-]?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)([Ee][+-]?\d+)?(%?)\s*", re.ASCII)
# Text that some spreadsheet, in some language, takes as a date, a time, an amount or a fraction.
_DOUBTFUL = re.compile(r"(?i)\s*[-+(（.'￥¥$€£上下午]*\s*\d|.*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")
_CANCELLED = 2.0**-40  # of the largest number added: less is left where numbers cancel out
_EPOCH = datetime(1899, 12, 30)


def failing(error: CellError) -> PropagatedError:
    """The exception by which a value becomes a cell error."""
    return PropagatedError(error)


def number(value: Value) -> float:
    """A value where a number is needed: blank 0, TRUE 1, a date its serial, "5" 5, other text #VALUE!."""
    if value.__class__ is float:
        return value  # type: ignore[return-value]
    match value:
        case bool() | int() | float():
            return float(value)
        case None:
            return 0.0
        case str():
            return _number_in(value)
        case CellError():
            raise failing(value)
        case datetime() | date() | time():
            return serial(value)


def serial(value: datetime | date | time) -> float:
    """A date's number in the 1900 system; a time is a fraction of a day."""
    if isinstance(value, time):
        return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / 86_400
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    passed = moment.replace(tzinfo=None) - _EPOCH
    days = passed.days + (passed.seconds + passed.microseconds / 1e6) / 86_400
    return days if days >= 61 else days - 1  # the worksheet believes in a 29 February 1900


def _number_in(text: str) -> float:
    if plain := _NUMBER.fullmatch(text):
        sign, digits, exponent, percent = plain.groups()
        result = float(f"{sign}{digits.replace(',', '')}{exponent or ''}") / (100 if percent else 1)
        if exponent and digits.strip("0,.") and (not isfinite(result) or abs(result) < float_info.min):
            raise Unsupported(f"“{text[:20]}”超出数的范围，各表格软件看法不同")
        return finite(result)
    if _DOUBTFUL.match(text):
        raise Unsupported(f"“{text[:20]}”是不是数字，各表格软件看法不同")
    raise failing(VALUE)


def text(value: Value) -> str:
    """A value where text is needed, as ``&`` takes it."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case CellError():
            raise failing(value)
    amount = number(value)
    if amount and not 1e-4 <= abs(amount) < 1e15:
        raise Unsupported("很大或很小的数转成文字，各表格软件写法不同")
    return str(exact(amount)) if amount else "0"


def converted(value: Value) -> Value:
    """The number that a value stands for, or the error that it becomes."""
    try:
        return number(value)
    except PerfEvalError as error:
        return error.cell_error


def logical(value: Value) -> bool:
    """A value where a truth is needed."""
    if isinstance(value, str):
        if value.upper() in {"TRUE", "FALSE"}:
            return value.upper() == "TRUE"
        raise failing(VALUE)
    return number(value) != 0


def integer(value: Value) -> int:
    """A count or a position: the number without its decimals."""
    return int(finite(number(value)))


def finite(result: float) -> float:
    """The result, or #NUM! where a worksheet overflows."""
    if not math.isfinite(result):
        raise failing(NUM)
    return result


def mean(found: list[float]) -> float:
    """The average; #DIV/0! of nothing."""
    if not found:
        raise failing(DIV0)
    return total(found) / len(found)


def total(amounts: Iterable[float]) -> float:
    """The sum; #NUM! where a worksheet overflows. Raises Unsupported where the numbers cancel out but for what adding them in an order
    leaves."""
    amounts = list(amounts)
    try:
        result = finite(math.fsum(amounts))
    except OverflowError:
        raise failing(NUM) from None
    if abs(result) < _CANCELLED * max(map(abs, amounts), default=0.0):
        one_by_one = reduce(add, amounts, 0.0)
        if abs(one_by_one - result) > _CANCELLED * abs(result):
            raise Unsupported("各数相加几乎抵消，各表格软件的结果不同")
    return result


def equal(left: Value, right: Value) -> bool:
    """Whether ``=`` holds: texts without regard to case, numbers in 15 digits, a blank like 0, "" and FALSE."""
    if isinstance(left, str) and isinstance(right, str):
        return same_text(left, right)
    return compare(left, right) == 0


def compare(left: Value, right: Value) -> int:
    """-1, 0 or 1. Numbers stand before text, text before truths; case does not count, nor digits behind the 15th."""
    for value in (left, right):
        if isinstance(value, CellError):
            raise failing(value)
    left, right = _blank_like(left, right), _blank_like(right, left)
    if (difference := _rank(left) - _rank(right)) != 0:
        return 1 if difference > 0 else -1
    if isinstance(left, str) and isinstance(right, str):
        return _compare_texts(left, right)
    one, other = number(left), number(right)
    return 0 if one == other or f"{one:.15g}" == f"{other:.15g}" else -1 if one < other else 1


def _blank_like(value: Value, other: Value) -> Value:
    """A blank takes the kind of what it is compared with."""
    if value is not None:
        return value
    return "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0


def _rank(value: Value) -> int:
    return 2 if isinstance(value, bool) else 1 if isinstance(value, str) else 0


def same_text(left: str, right: str) -> bool:
    """Equal, upper and lower case alike."""
    return left == right or left.lower() == right.lower()


def _compare_texts(left: str, right: str) -> int:
    if same_text(left, right):
        return 0
    if not (left and right):
        return 1 if left else -1
    if not (left + right).isascii() or not (left + right).isalnum():
        raise Unsupported("文字的先后次序，各表格软件不同")
    return 1 if left.lower() > right.lower() else -1


class Unsettled(Unsupported):
    """A sum of two numbers that cancel out but for their last bits: 0 to one program, the last bits to another."""


def summed(left: Value, right: Value, sign: int, snaps: bool | None) -> float:
    """``left + sign × right``. What is left of two numbers that cancel out to the last bits is 0 where it ``snaps``, and as it is
    where not. Raises Unsettled where that makes a difference and nobody says which (None)."""
    one, other = number(left), sign * number(right)
    result = finite(one + other)
    if not result or one * other >= 0 or abs(result) >= abs(one) * 2.0**-48:
        return result
    if snaps is None:
        raise Unsettled("两数相减几乎抵消，各表格软件的结果不同")
    return 0.0 if snaps else result


def _divide(left: Value, right: Value) -> float:
    part, whole = number(left), number(right)
    if whole == 0:
        raise failing(DIV0)
    return finite(part / whole)


def _power(left: Value, right: Value) -> float:
    base, exponent = number(left), number(right)
    if base == 0 and exponent <= 0:
        raise Unsupported("0 的 0 次幂和负次幂，各表格软件不同")
    if base < 0 and exponent != int(exponent):
        raise failing(NUM)
    try:
        return base**exponent
    except OverflowError:
        raise failing(NUM) from None


def joined(*values: Value) -> str:
    """The values' texts, one behind the other; #VALUE! where a cell could not hold it."""
    whole = "".join(map(text, values))
    if len(whole) > LONGEST_TEXT:
        raise failing(VALUE)
    return whole


OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "*": lambda left, right: finite(number(left) * number(right)),
    "/": _divide,
    "^": _power,
    "&": joined,
    "=": equal,
    "<>": lambda left, right: not equal(left, right),
    "<": lambda left, right: compare(left, right) < 0,
    ">": lambda left, right: compare(left, right) > 0,
    "<=": lambda left, right: compare(left, right) <= 0,
    ">=": lambda left, right: compare(left, right) >= 0,
}
UNARY: dict[str, Callable[[Value], Value]] = {
    "+": lambda value: value,
    "-": lambda value: -number(value),
    "%": lambda value: number(value) / 100,
}
