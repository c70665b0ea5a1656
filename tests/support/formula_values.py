"""One formula with values for its cells, computed twice: by the house's evaluator, and in plain IEEE doubles.

The second mends nothing, as some program may: + − × ÷ as the processor gives them, ROUND and INT naively on the double,
comparisons to the last bit. What comes out alike of both does not hang on a program's care.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from perfeval.books.formulas import Context, Node, evaluate, parse
from perfeval.books.formulas.operands import Array
from perfeval.books.formulas.syntax import Binary, Call, Literal, Reference, Unary
from perfeval.errors import CellError
from perfeval.forms.grid import Address, Area, Cell, Grid, Value, address


@dataclass
class Sheet:
    """Cells by name, as the evaluator sees a book of one sheet."""

    cells: Mapping[str, Value]

    def sheet(self, name: str) -> str:
        return name

    def grid(self, sheet: str) -> Grid:
        return Grid(sheet, {address(place): Cell(value) for place, value in self.cells.items()})

    def used(self, sheet: str) -> Area:
        return Area(1, 1, 1000, 50)

    def value(self, sheet: str, cell: Address) -> Value:
        return self.cells.get(str(cell))

    def array(self, sheet: str, area: Area) -> Array:
        rows = range(area.top, area.bottom + 1)
        return tuple(
            tuple(self.cells.get(str(Address(row, column))) for column in range(area.left, area.right + 1))
            for row in rows
        )

    def name(self, text: str) -> Node:
        raise NotImplementedError(text)

    def spend(self, steps: int) -> None:
        pass


def computed(formula: str, cells: Mapping[str, Value]) -> Any:
    """What the house's evaluator gives."""
    return evaluate(parse(formula), Context(Sheet(cells), "", Address(1, 50)))


def plainly(formula: str, cells: Mapping[str, Value]) -> Any:
    """What plain doubles give; a CellError where something fails."""
    try:
        value = _plain(parse(formula), cells)
    except _Failing:
        return CellError("#VALUE!")
    return 0.0 if value is None else value


class _Failing(Exception):
    pass


def _plain(node: Node, cells: Mapping[str, Value]) -> Any:
    match node:
        case Literal(value):
            return value
        case Reference(_, area):
            return cells.get(str(Address(area.top, area.left)))
        case Unary("-", operand):
            return -_number(_plain(operand, cells))
        case Binary(operator, left, right):
            return _OPERATORS[operator](_plain(left, cells), _plain(right, cells))
        case Call("IF", (condition, one, *other)):
            truth = _plain(condition, cells)
            if isinstance(truth, (str, CellError)):
                raise _Failing
            return _plain(one, cells) if truth else _plain(other[0], cells) if other else False
        case Call(name, arguments):
            return _FUNCTIONS[name](*(_plain(argument, cells) for argument in arguments))
    raise NotImplementedError(node)


def _number(value: Any) -> float:
    if isinstance(value, (str, CellError)):
        raise _Failing
    return float(value or 0)


def _round(value: Any, digits: Any) -> float:
    scale = 10.0 ** int(digits)
    number = _number(value) * scale
    return math.copysign(math.floor(abs(number) + 0.5), number) / scale


def _compared(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(left: Any, right: Any) -> bool:
        pair = []
        for one, other in ((left, right), (right, left)):
            if isinstance(one, CellError):
                raise _Failing
            pair.append(("" if isinstance(other, str) else 0.0) if one is None else one)
        ranks = [2 if isinstance(one, bool) else 1 if isinstance(one, str) else 0 for one in pair]
        folded = [one.lower() if isinstance(one, str) else one for one in pair]
        return test(*folded) if ranks[0] == ranks[1] else test(*ranks)

    return compare


def _divided(left: Any, right: Any) -> float:
    if not _number(right):
        raise _Failing
    return _number(left) / _number(right)


def _truths(values: Sequence[Any]) -> list[bool]:
    return [_number(value) != 0 for value in values]


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: _number(left) + _number(right),
    "-": lambda left, right: _number(left) - _number(right),
    "*": lambda left, right: _number(left) * _number(right),
    "/": _divided,
    "=": _compared(lambda left, right: left == right),
    "<>": _compared(lambda left, right: left != right),
    "<": _compared(lambda left, right: left < right),
    "<=": _compared(lambda left, right: left <= right),
    ">": _compared(lambda left, right: left > right),
    ">=": _compared(lambda left, right: left >= right),
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ROUND": _round,
    "INT": lambda value: float(math.floor(_number(value))),
    "NOT": lambda value: not _number(value),
    "ABS": lambda value: abs(_number(value)),
    "MIN": lambda *values: min(map(_number, values)),
    "MAX": lambda *values: max(map(_number, values)),
    "AND": lambda *values: all(_truths(values)),
    "OR": lambda *values: any(_truths(values)),
    "COUNT": lambda *values: float(sum(isinstance(value, float) for value in values)),
    "N": lambda value: 0.0 if isinstance(value, str) or value is None else _number(value),
    "ISNUMBER": lambda value: isinstance(value, float),
    "EXACT": lambda left, right: (left or "") == (right or ""),
}


def cell(column: int, row: int = 1) -> str:
    """The name of a cell of the row that a test fills."""
    return str(Address(row, column))
