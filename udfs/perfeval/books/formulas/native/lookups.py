"""Looking up: positions, parts of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfeval.books.formulas.criteria import position
from perfeval.books.formulas.native.table import whole
from perfeval.books.formulas.operands import Array, Operand, Range, one
from perfeval.books.formulas.syntax import Unsupported
from perfeval.books.formulas.values import failing, integer, logical, number
from perfeval.errors import NOT_AVAILABLE, REF, VALUE, PropagatedError

if TYPE_CHECKING:
    from perfeval.forms.grid import Value


@whole("ROWS")
def _rows(operand: Operand) -> float:
    return float(_shape(operand)[0])


@whole("COLUMNS")
def _columns(operand: Operand) -> float:
    return float(_shape(operand)[1])


def _shape(operand: Operand) -> tuple[int, int]:
    if isinstance(operand, Range):
        return operand.height, operand.width
    return (len(operand), len(operand[0])) if isinstance(operand, tuple) else (1, 1)


@whole("INDEX")
def _index(operand: Operand, row: Operand, column: Operand = None) -> Operand:
    height, width = _shape(operand)
    down, across = integer(one(row)), integer(one(column))
    if height == 1 and column is None:
        down, across = min(down, 1), down
    if down < 0 or across < 0:
        raise failing(VALUE)
    if down > height or across > width:
        raise failing(REF)
    top, tall = (down - 1, 1) if down else (0, height)
    left, wide = (across - 1, 1) if across else (0, width)
    if isinstance(operand, Range):
        return operand.part(top, left, tall, wide)
    table = _table(operand)
    return tuple(line[left : left + wide] for line in table[top : top + tall])


@whole("MATCH")
def _match(wanted: Operand, operand: Operand, kind: Operand = 1.0) -> float:
    if (code := number(one(kind))) < 0:
        raise Unsupported("MATCH 的降序查找不支持")
    height, width = _shape(operand)
    if height > 1 and width > 1:
        raise failing(NOT_AVAILABLE)
    vector = [value for line in _table(operand) for value in line]
    return position(one(wanted), vector, exact=code == 0) + 1.0


@whole("VLOOKUP")
def _vlookup(wanted: Operand, operand: Operand, column: Operand, approximate: Operand = True) -> Value:
    height, width = _shape(operand)
    across = integer(one(column))
    is_inside = 1 <= across <= width
    keys = operand.part(0, 0, height, 1) if isinstance(operand, Range) else operand
    try:
        row = position(one(wanted), [line[0] for line in _table(keys)], exact=not logical(one(approximate)))
    except PropagatedError as failed:
        if is_inside:
            raise
        raise Unsupported("VLOOKUP 找不到，列号又在区域之外：先报哪个错误，各表格软件不同") from failed
    if not is_inside:
        raise failing(VALUE if across < 1 else REF)
    return operand.at(row, across - 1) if isinstance(operand, Range) else _table(operand)[row][across - 1]


@whole("LOOKUP")
def _lookup(wanted: Operand, operand: Operand, results: Operand = None) -> Value:
    keys = [value for line in _table(operand) for value in line]
    found = keys if results is None else [value for line in _table(results) for value in line]
    if 1 not in _shape(operand) or 1 not in _shape(operand if results is None else results):
        raise Unsupported("LOOKUP 只支持单行或单列")
    row = position(one(wanted), keys, exact=False)
    if row >= len(found):
        raise Unsupported("LOOKUP 的结果区域比查找区域短")
    return found[row]


def _table(operand: Operand) -> Array:
    return operand.array() if isinstance(operand, Range) else operand if isinstance(operand, tuple) else ((operand,),)
