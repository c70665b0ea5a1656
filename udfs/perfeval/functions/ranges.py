"""Ranges: a function over many cells, one by one, or with its int64 column form where it has one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from perfeval.errors import InvalidValue, PerfEvalError
from perfeval.functions.kinds import AMOUNT, Argument, is_blank

_WHOLE = 2**53
SMALL = 256  # below, importing numpy costs more than it saves


class Function(Protocol):
    """A worksheet function, as far as walking its ranges needs it; ``kernel`` is its int64 column form."""

    name: str
    arguments: tuple[Argument, ...]
    kernel: Callable[..., Any] | None

    def call(self, *values: Any) -> Any:
        """The function of single values."""
        ...


def is_range(value: Any) -> bool:
    """Whether a value is a range: a tuple or list of rows, or a numpy array."""
    return isinstance(value, tuple | list) or is_numpy(value)


def cells(value: Any) -> Iterator[Any]:
    """The cells of a range one after another; a single value as it is."""
    if not is_range(value):
        yield value
        return
    for inner in value:
        yield from cells(inner)


def is_numpy(value: Any) -> bool:
    """Whether a value is a numpy array, found out without importing numpy; its single numbers are none."""
    return getattr(value, "ndim", 0) > 0


def each(function: Function, values: Sequence[Any]) -> Any:
    """The function over the cells of its ranges; single values stand for every cell. Same shape out as in.

    Raises InvalidValue where ranges differ in shape or stand where only one value may.
    """
    shape, numpy_given = _common_shape(function, values)
    columns = [_flat(value) if is_range(value) else None for value in values]
    if function.kernel is not None and (numpy_given or shape[0] * shape[1] >= SMALL):
        results = _by_kernel(function, values, columns)
    else:
        results = None
    if results is None:
        results = _one_by_one(function, values, columns)
    if numpy_given:
        return _as_numpy(results, next(value for value in values if is_numpy(value)).shape)
    if not isinstance(results, list):
        results = results.tolist()
    if shape == (1, 1):
        return results[0]
    rows, width = shape
    return tuple(tuple(results[row * width : (row + 1) * width]) for row in range(rows))


def _common_shape(function: Function, values: Sequence[Any]) -> tuple[tuple[int, int], bool]:
    shape: tuple[int, int] | None = None
    numpy_given = False
    for place, value in enumerate(values):
        if not is_range(value):
            continue
        argument = function.arguments[min(place, len(function.arguments) - 1)]
        if not argument.array:
            raise InvalidValue(f"{function.name} 的“{argument.label}”只能是一个单元格")
        numpy_given = numpy_given or is_numpy(value)
        found = _shape(value)
        if shape is not None and found != shape:
            raise InvalidValue(f"{function.name} 的几个区域大小不同：{shape[0]}×{shape[1]} 与 {found[0]}×{found[1]}")
        shape = found
    return shape or (0, 0), numpy_given


def _shape(value: Any) -> tuple[int, int]:
    """Rows and columns. Raises InvalidValue for rows of different length."""
    if is_numpy(value):
        return (value.shape[0], value.size // value.shape[0]) if value.size else (0, 0)
    widths = {len(row) if is_range(row) else 1 for row in value}
    if len(widths) > 1:
        raise InvalidValue("区域每行的单元格个数不同，请选一个矩形区域")
    return len(value), widths.pop() if widths else 1


def _flat(value: Any) -> Any:
    if is_numpy(value):
        return value.ravel()
    return [cell for row in value for cell in (row if is_range(row) else (row,))]


def _one_by_one(function: Function, values: Sequence[Any], columns: list[Any]) -> list[Any]:
    size = max(len(column) for column in columns if column is not None)
    spread = [
        [value] * size if column is None else column if isinstance(column, list) else column.tolist()
        for value, column in zip(values, columns, strict=True)
    ]
    return [_cell(function, row) for row in zip(*spread, strict=True)]


def _cell(function: Function, row: Sequence[Any]) -> Any:
    try:
        return function.call(*row)
    except PerfEvalError as error:
        return error.cell_error


def _by_kernel(function: Function, values: Sequence[Any], columns: list[Any]) -> Any:
    """The column form, for ranges of plain numbers; the few cells it does not take are done one by one.

    None if the function must go one by one: another argument than an amount is a range, or an amount is one cell, or
    there is no numpy, as in LibreOffice's own Python.
    """
    try:
        import numpy as np  # noqa: PLC0415 — only where an array came in
    except ImportError:
        return None

    amounts = [place for place, argument in enumerate(function.arguments) if argument.kind is AMOUNT]
    if any((column is not None) != (place in amounts) for place, column in enumerate(columns)):
        return None
    numbers = [_numbers(columns[place], np) for place in amounts]
    rest = function.arguments[len(amounts) :]
    given = [*values[len(amounts) :], *[None] * len(rest)]
    others = [
        argument.kind.read(argument.default if is_blank(value) else value)
        for argument, value in zip(rest, given, strict=False)
    ]
    assert function.kernel is not None
    results, done = function.kernel(*numbers, *others)
    if done.all():
        return results
    cells = results.tolist()
    spread = [columns[place] if columns[place] is not None else None for place in range(len(values))]
    for index in np.flatnonzero(~done).tolist():
        row = [
            value if column is None else column[index] if isinstance(column, list) else column[index].item()
            for value, column in zip(values, spread, strict=True)
        ]
        cells[index] = _cell(function, row)
    return cells


def _numbers(column: Any, np: Any) -> Any:
    """The column as floats, NaN where a cell holds no plain number."""
    if not isinstance(column, list):
        return np.asarray(column, dtype=np.float64)
    plain = (cell if cell.__class__ is float or _is_plain(cell) else np.nan for cell in column)
    return np.array(list(plain), dtype=np.float64)


def _is_plain(cell: Any) -> bool:
    """Whether an integer is one that a double holds to the last digit; a larger one is done by itself."""
    return cell.__class__ is int and abs(cell) <= _WHOLE


def _as_numpy(results: Any, shape: tuple[int, ...]) -> Any:
    import numpy as np  # noqa: PLC0415 — a numpy array came in

    if isinstance(results, list):
        plain = all(result.__class__ is float for result in results)
        array = np.empty(len(results), dtype=np.float64 if plain else object)
        array[:] = results
        results = array
    return results.reshape(shape)
