"""Counting and conditional sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfeval.books.formulas.criteria import criterion, matching
from perfeval.books.formulas.native.table import whole
from perfeval.books.formulas.operands import Operand, Range, cell_of, one
from perfeval.books.formulas.syntax import Unsupported
from perfeval.books.formulas.values import converted, failing, mean, number, total
from perfeval.errors import VALUE, CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from perfeval.forms.grid import Value


@whole("COUNT")
def _count(*operands: Operand) -> float:
    return float(sum(_counts_as_number(value, direct) for value, direct in _all_values(operands)))


@whole("COUNTA")
def _count_all(*operands: Operand) -> float:
    return float(sum(value is not None or direct for value, direct in _all_values(operands)))


def _all_values(operands: Iterable[Operand]) -> Iterator[tuple[Value, bool]]:
    """Every value that is not blank, and whether it is an argument by itself (then a blank is one, too)."""
    for operand in operands:
        if isinstance(operand, Range):
            yield from ((value, False) for value in operand.values())
        elif isinstance(operand, tuple):
            yield from ((value, False) for row in operand for value in row)
        else:
            yield operand, True


def _counts_as_number(value: Value, direct: bool) -> bool:
    if isinstance(value, CellError):
        return False
    if isinstance(value, (str, bool)):
        return direct and (isinstance(value, bool) or not isinstance(converted(value), CellError))
    return value is not None or direct


@whole("COUNTBLANK")
def _count_blank(operand: Operand) -> float:
    tested = _range(operand)
    return float(tested.height * tested.width - sum(value != "" for value in tested.values()))


@whole("COUNTIF COUNTIFS")
def _count_if(*operands: Operand) -> float:
    offsets, beyond = matching(_pairs(operands))
    return float(sum(1 for _ in offsets) + beyond)


@whole("SUMIF")
def _sum_if(tested: Operand, wanted: Operand, summed: Operand = None) -> float:
    return total(_chosen(tested if summed is None else summed, (tested, wanted)))


@whole("AVERAGEIF")
def _average_if(tested: Operand, wanted: Operand, averaged: Operand = None) -> float:
    return mean(list(_chosen(tested if averaged is None else averaged, (tested, wanted))))


@whole("SUMIFS")
def _sum_ifs(summed: Operand, *operands: Operand) -> float:
    return total(_chosen(summed, operands))


@whole("AVERAGEIFS")
def _average_ifs(averaged: Operand, *operands: Operand) -> float:
    return mean(list(_chosen(averaged, operands)))


def _pairs(operands: tuple[Operand, ...]) -> list[tuple[Range, Callable[[Value], bool]]]:
    if not operands or len(operands) % 2:
        raise Unsupported("条件区域和条件不成对")
    return [
        (_range(tested), criterion(one(wanted))) for tested, wanted in zip(operands[::2], operands[1::2], strict=True)
    ]


def _chosen(taken: Operand, operands: tuple[Operand, ...]) -> Iterator[float]:
    """The numbers of a range at the offsets where all criteria hold."""
    source, pairs = _range(taken), _pairs(operands)
    if (source.height, source.width) != (pairs[0][0].height, pairs[0][0].width):
        raise failing(VALUE)
    array = source.array()
    for row, column in matching(pairs)[0]:
        value = cell_of(array, row, column)
        if isinstance(value, CellError):
            raise failing(value)
        if value is not None and not isinstance(value, (str, bool)):
            yield number(value)


def _range(operand: Operand) -> Range:
    if not isinstance(operand, Range):
        raise Unsupported("需要区域的地方不是区域")
    return operand
