"""A tree and the place where it stands → its value."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from perfeval.books.formulas.native import NATIVE, Native
from perfeval.books.formulas.operands import MOST_CELLS, Array, Context, Operand, Range, broadcast, one
from perfeval.books.formulas.syntax import (
    ArrayConstant,
    Binary,
    Call,
    External,
    Literal,
    Name,
    Node,
    Reference,
    Unary,
    Unsupported,
)
from perfeval.books.formulas.values import (
    OPERATORS,
    UNARY,
    Unsettled,
    failing,
    finite,
    integer,
    logical,
    number,
    summed,
)
from perfeval.errors import NOT_AVAILABLE, NULL, VALUE, CellError, PerfEvalError
from perfeval.forms.grid import Area, Value
from perfeval.functions import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

_SIGNS = {"+": 1, "-": -1}
_SUMS = {
    (operator, snaps): partial(summed, sign=sign, snaps=snaps)
    for operator, sign in _SIGNS.items()
    for snaps in (True, False, None)
}
DEEPEST = 100  # of formula and defined names together


def evaluate(node: Node, context: Context) -> Value | Array:
    """A formula's value: a single one (a reference to a blank cell gives 0), or an array.

    Errors of the worksheet are values (CellError). ``context.arrays`` says that it was entered as an array formula.
    Raises Unsupported for what is not computed here.
    """
    try:
        result = _whole(node, context)
    except Unsettled:
        snapped, plain = (_whole(node, context._replace(snaps=snaps)) for snaps in (True, False))
        if snapped != plain:
            raise
        result = plain
    return tuple(tuple(map(_shown, row)) for row in result) if isinstance(result, tuple) else _shown(result)


def _whole(node: Node, context: Context) -> Value | Array:
    """The value of a whole formula. Of two numbers that cancel out but for their last bits 0 is left, where taking the one from the
    other is the last thing that the formula does; within it programs differ."""
    if isinstance(node, Binary) and node.operator in _SIGNS:
        left = _scalar(node.left, context)
        return _each(context, _operation(node.operator, True), [left, _scalar(node.right, context)])
    return _scalar(node, context)


def _operation(operator: str, snaps: bool | None) -> Callable[[Value, Value], Value]:
    return _SUMS[operator, snaps] if operator in _SIGNS else OPERATORS[operator]


def _shown(value: Value) -> Value:
    if value is None:
        return 0.0
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _operand(node: Node, context: Context) -> Operand:
    return _OPERAND[node.__class__](node, context)


def _range(node: Reference, context: Context) -> Range:
    sheet = context.sheet if node.sheet is None else context.cells.sheet(node.sheet)
    return Range(context.cells, sheet, node.area)


def _named(node: Name, context: Context) -> Operand:
    depth = context.depth + node.depth
    if depth > DEEPEST:
        raise Unsupported("公式和名称嵌套太深")
    return _operand(context.cells.name(node.text), context._replace(depth=depth))


def _signed(node: Node, context: Context) -> Operand:
    """A value with signs before or behind it: there may be thousands."""
    signs: list[str] = []
    while isinstance(node, Unary):
        signs.append(node.operator)
        node = node.operand
    result = _scalar(node, context)
    for sign in reversed(signs):
        result = _each(context, UNARY[sign], [result])
    return result


def _chain(node: Node, context: Context) -> Operand:
    """A row of operators, from left to right: its tree may be thousands of levels deep on the left side."""
    chain: list[Binary] = []
    while isinstance(node, Binary):
        chain.append(node)
        node = node.left
    result = _scalar(node, context)
    for step in reversed(chain):
        result = _each(context, _operation(step.operator, context.snaps), [result, _scalar(step.right, context)])
    return result


def _scalar(node: Node, context: Context) -> Value | Array:
    """A single value, or an array to be taken cell by cell; a range is one only inside SUMPRODUCT or an array formula."""
    operand = _operand(node, context)
    if not isinstance(operand, Range):
        return operand
    return operand.whole() if context.arrays and not operand.single else one(operand)


def _each(
    context: Context, function: Callable[..., Value], arguments: list[Value | Array], takes_errors: bool = False
) -> Value | Array:
    """The function of single values; of arrays, cell by cell: one row or column serves for all."""
    if tuple not in map(type, arguments):
        return _guarded(function, arguments, takes_errors)  # type: ignore[arg-type]
    tables = [argument if isinstance(argument, tuple) else ((argument,),) for argument in arguments]
    height, width = max(map(len, tables)), max(len(table[0]) for table in tables)
    if height * width > MOST_CELLS:
        raise Unsupported("数组太大")
    context.cells.spend(height * width)
    return tuple(
        tuple(
            _guarded(function, [broadcast(table, row, column) for table in tables], takes_errors)
            for column in range(width)
        )
        for row in range(height)
    )


def _guarded(function: Callable[..., Value], arguments: list[Value], takes_errors: bool) -> Value:
    if not takes_errors:
        for argument in arguments:
            if isinstance(argument, CellError):
                return argument
    try:
        return function(*arguments)
    except PerfEvalError as error:
        return error.cell_error


def _call(call: Call, context: Context) -> Operand:
    try:
        return _called(call, context)
    except PerfEvalError as error:
        return error.cell_error


def _called(call: Call, context: Context) -> Operand:
    if control := _CONTROL.get(call.name):
        return control(call.arguments, context)
    if native := NATIVE.get(call.name):
        return _native(call, native, context)
    if function := FUNCTIONS.get(call.name):
        whole = context.arrays and not function.variadic
        return function.call(*(_handed_over(_operand(argument, context), whole) for argument in call.arguments))
    raise Unsupported(f"函数 {call.name} 不支持")


def _native(call: Call, native: Native, context: Context) -> Operand:
    if not native.fewest <= len(call.arguments) <= native.most:
        raise Unsupported(f"函数 {call.name} 的参数个数不对")
    if native.scalar:
        arguments = [_scalar(argument, context) for argument in call.arguments]
        return _each(context, native.call, arguments, native.takes_errors)
    operands = [_operand(argument, context) for argument in call.arguments]
    return native.call(*operands)


def _handed_over(operand: Operand, whole: bool) -> Value | Array:
    """An argument as our own functions take it: a single cell as its value, a larger range as a table; ``whole`` with the
    blanks behind the sheet's last cells, where each cell has a result."""
    if not isinstance(operand, Range):
        return operand
    return one(operand) if operand.single else operand.whole() if whole else operand.array()


# --- functions that choose what to compute, or look at references instead of values ---


def _if(arguments: tuple[Node, ...], context: Context) -> Operand:
    condition, chosen, *otherwise = _counted("IF", arguments, 2, 3)
    if _truth(condition, context):
        return _operand(chosen, context)
    return _operand(otherwise[0], context) if otherwise else False


def _truth(condition: Node, context: Context) -> bool:
    value = one(_operand(condition, context))
    if isinstance(value, str) and not value:
        raise failing(VALUE)
    return logical(value)


def _if_error(arguments: tuple[Node, ...], context: Context) -> Operand:
    value, instead = _counted("IFERROR", arguments, 2, 2)
    result = one(_operand(value, context))
    return _operand(instead, context) if isinstance(result, CellError) else result


def _if_na(arguments: tuple[Node, ...], context: Context) -> Operand:
    value, instead = _counted("IFNA", arguments, 2, 2)
    result = one(_operand(value, context))
    return _operand(instead, context) if result == NOT_AVAILABLE else result


def _choose(arguments: tuple[Node, ...], context: Context) -> Operand:
    index, *choices = _counted("CHOOSE", arguments, 2, 255)
    place = integer(one(_operand(index, context)))
    if not 1 <= place <= len(choices):
        raise failing(VALUE)
    return _operand(choices[place - 1], context)


def _sum_product(arguments: tuple[Node, ...], context: Context) -> Operand:
    """The sum of the products, cell by cell; text and truths count as 0."""
    inside = context._replace(arrays=True)
    tables = [_scalar(argument, inside) for argument in _counted("SUMPRODUCT", arguments, 1, 255)]
    if any(table is None or isinstance(table, (str, bool)) for table in tables):
        raise Unsupported("SUMPRODUCT 的参数是单个文字、逻辑值或空白，各表格软件不同")
    if len({(len(table), len(table[0])) if isinstance(table, tuple) else (1, 1) for table in tables}) > 1:
        raise Unsupported("SUMPRODUCT 的各数组大小不同")
    products = _each(context, _product, tables)
    total = 0.0
    for row in products if isinstance(products, tuple) else ((products,),):
        for value in row:
            total += number(value)
    return finite(total)


def _product(*factors: Value) -> float:
    result = 1.0
    for factor in factors:
        result *= 0.0 if isinstance(factor, (str, bool)) else number(factor)
    return result


def _row(arguments: tuple[Node, ...], context: Context) -> Operand:
    area = _area("ROW", arguments, context)
    if area.bottom - area.top >= MOST_CELLS:
        raise Unsupported("区域太大")
    if area.top == area.bottom:
        return float(area.top)
    context.cells.spend(area.bottom - area.top)
    return tuple((float(row),) for row in range(area.top, area.bottom + 1))


def _column(arguments: tuple[Node, ...], context: Context) -> Operand:
    area = _area("COLUMN", arguments, context)
    if area.left == area.right:
        return float(area.left)
    return (tuple(float(column) for column in range(area.left, area.right + 1)),)


def _single(arguments: tuple[Node, ...], context: Context) -> Operand:
    """What @ says in Excel 365: of an array its first value, of a range the cell in the formula's own row or column."""
    operand = _operand(_counted("SINGLE", arguments, 1, 1)[0], context)
    if isinstance(operand, tuple):
        return operand[0][0]
    if not isinstance(operand, Range) or operand.single:
        return operand
    (row, column), (top, left, bottom, right) = context.cell, operand.area
    if left == right and top <= row <= bottom:
        return operand.at(row - top, 0)
    if top == bottom and left <= column <= right:
        return operand.at(0, column - left)
    raise failing(VALUE)


def _area(function: str, arguments: tuple[Node, ...], context: Context) -> Area:
    if not arguments:
        return Area(*context.cell, *context.cell)
    operand = _operand(_counted(function, arguments, 0, 1)[0], context)
    if not isinstance(operand, Range):
        raise failing(NULL if operand is None else VALUE)
    return operand.area


def _counted(function: str, arguments: tuple[Node, ...], fewest: int, most: int) -> tuple[Node, ...]:
    if not fewest <= len(arguments) <= most:
        raise Unsupported(f"函数 {function} 的参数个数不对")
    return arguments


_CONTROL: dict[str, Callable[[tuple[Node, ...], Context], Operand]] = {
    "IF": _if,
    "IFERROR": _if_error,
    "IFNA": _if_na,
    "CHOOSE": _choose,
    "SUMPRODUCT": _sum_product,
    "ROW": _row,
    "COLUMN": _column,
    "SINGLE": _single,
}


def _external(node: External, _: Context) -> Operand:
    raise Unsupported(f"“{node.text}”引用另一个工作簿")


_OPERAND: dict[type[Node], Callable[[Any, Context], Operand]] = {
    Literal: lambda node, _: node.value,
    Reference: _range,
    Name: _named,
    Unary: _signed,
    Binary: _chain,
    Call: _call,
    ArrayConstant: lambda node, _: node.rows,
    External: _external,
}
