"""Numbers: rounding, sums, extremes, ranks."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from perfeval.arithmetic import exact, quotient, worksheet_round
from perfeval.books.formulas.native.table import scalar, whole
from perfeval.books.formulas.operands import Operand, Range, numbers, one
from perfeval.books.formulas.syntax import Unsupported
from perfeval.books.formulas.values import failing, finite, integer, logical, mean, number, total
from perfeval.errors import DIV0, NOT_AVAILABLE, NUM, CellError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfeval.forms.grid import Value


@scalar("ROUND")
def _round(value: Value, digits: Value) -> float:
    return worksheet_round(number(value), _digits(digits))


@scalar("ROUNDUP")
def _round_up(value: Value, digits: Value) -> float:
    return _cut(number(value), _digits(digits), up=True)


@scalar("ROUNDDOWN TRUNC")
def _round_down(value: Value, digits: Value = 0.0) -> float:
    return _cut(number(value), _digits(digits), up=False)


def _digits(value: Value) -> int:
    return max(-400, min(400, integer(value)))  # floats have no digits beyond


def _cut(amount: float, digits: int, *, up: bool) -> float:
    """The number's 15 digits, cut behind ``digits`` decimals; ``up`` goes away from zero if anything is cut."""
    value = exact(amount)
    if value.places <= digits:
        return amount
    whole_part, rest = divmod(abs(value.units), 10 ** (value.places - digits))
    units = whole_part + (up and rest > 0)
    size = quotient(units, 10**digits) if digits >= 0 else quotient(units * 10**-digits, 1)
    return math.copysign(size, amount) if size else 0.0


@scalar("ABS")
def _abs(value: Value) -> float:
    return abs(number(value))


@scalar("INT")
def _int(value: Value) -> float:
    return _floor(number(value))


def _floor(amount: float) -> float:
    if math.floor(amount) != math.floor(float(f"{amount:.15g}")):
        raise Unsupported("差一点到整数的数怎样取整，各表格软件不同")
    return float(math.floor(amount))


@scalar("MOD")
def _mod(value: Value, divisor: Value) -> float:
    dividend, by = number(value), number(divisor)
    if by == 0:
        raise failing(DIV0)
    return dividend - by * _floor(finite(dividend / by))


@whole("SUM")
def _sum(*operands: Operand) -> float:
    return total(numbers(operands))


@whole("PRODUCT")
def _product(*operands: Operand) -> float:
    factors = list(numbers(operands))
    return finite(math.prod(factors)) if factors else 0.0


@whole("MIN")
def _min(*operands: Operand) -> float:
    return min(numbers(operands), default=0.0)


@whole("MAX")
def _max(*operands: Operand) -> float:
    return max(numbers(operands), default=0.0)


@whole("AVERAGE")
def _average(*operands: Operand) -> float:
    return mean(list(numbers(operands)))


@whole("LARGE")
def _large(operand: Operand, rank: Operand) -> float:
    return _nth(sorted(numbers([operand]), reverse=True), rank)


@whole("SMALL")
def _small(operand: Operand, rank: Operand) -> float:
    return _nth(sorted(numbers([operand])), rank)


def _nth(ordered: list[float], rank: Operand) -> float:
    place = integer(one(rank))
    if place != number(one(rank)):
        raise Unsupported("名次不是整数，各表格软件不同")
    if not 1 <= place <= len(ordered):
        raise failing(NUM)
    return ordered[place - 1]


@whole("RANK RANK.EQ")
def _rank(value: Operand, operand: Operand, ascending: Operand = None) -> float:
    amount, others = number(one(value)), list(numbers([operand]))
    if amount not in others:
        raise failing(NOT_AVAILABLE)
    upwards = logical(one(ascending))
    return 1.0 + sum(other < amount if upwards else other > amount for other in others)


@whole("SUBTOTAL")
def _subtotal(kind: Operand, *operands: Operand) -> float:
    if (code := integer(one(kind))) not in {9, 109}:
        raise Unsupported("SUBTOTAL 只支持求和（9、109）")
    return total(amount for operand in operands for amount in _subtotal_numbers(operand, code == 109))


def _subtotal_numbers(operand: Operand, skip_hidden: bool) -> Iterator[float]:
    if not isinstance(operand, Range):
        raise Unsupported("SUBTOTAL 只接受区域")
    grid = operand.cells.grid(operand.sheet)
    for place, value in operand.filled():
        if re.search(r"(?i)\b(SUBTOTAL|AGGREGATE)\s*\(", grid[place].formula or ""):
            continue
        if place.row in grid.hidden_rows and not skip_hidden:
            raise Unsupported("区域里有隐藏的行，无法知道是不是筛选隐藏的")
        if isinstance(value, CellError):
            raise failing(value)
        if place.row not in grid.hidden_rows and not isinstance(value, (str, bool)):
            yield number(value)
