"""Truths, and what kind of value a cell holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfeval.books.formulas.native.table import scalar, whole
from perfeval.books.formulas.operands import Operand, Range, items
from perfeval.books.formulas.values import failing, logical
from perfeval.errors import NOT_AVAILABLE, VALUE, CellError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfeval.forms.grid import Value


@whole("AND")
def _and(*operands: Operand) -> bool:
    return all(_truths(operands))


@whole("OR")
def _or(*operands: Operand) -> bool:
    return any(_truths(operands))


def _truths(operands: Iterable[Operand]) -> list[bool]:
    """What AND and OR see: in ranges all but text; #VALUE! if there is nothing."""
    found: list[bool] = []
    for operand in operands:
        if isinstance(operand, (Range, tuple)):
            found += [logical(value) for value in items(operand) if not isinstance(value, str)]
        else:
            found.append(logical(operand))
    if not found:
        raise failing(VALUE)
    return found


@scalar("NOT")
def _not(value: Value) -> bool:
    return not logical(value)


@scalar("TRUE")
def _true() -> bool:
    return True


@scalar("FALSE")
def _false() -> bool:
    return False


@scalar("NA")
def _na() -> CellError:
    return NOT_AVAILABLE


@scalar("ISBLANK", takes_errors=True)
def _is_blank(value: Value) -> bool:
    return value is None


@scalar("ISNUMBER", takes_errors=True)
def _is_number(value: Value) -> bool:
    return value is not None and not isinstance(value, (str, bool, CellError))


@scalar("ISTEXT", takes_errors=True)
def _is_text(value: Value) -> bool:
    return isinstance(value, str)


@scalar("ISNONTEXT", takes_errors=True)
def _is_not_text(value: Value) -> bool:
    return not isinstance(value, str)


@scalar("ISLOGICAL", takes_errors=True)
def _is_logical(value: Value) -> bool:
    return isinstance(value, bool)


@scalar("ISERROR", takes_errors=True)
def _is_error(value: Value) -> bool:
    return isinstance(value, CellError)


@scalar("ISERR", takes_errors=True)
def _is_err(value: Value) -> bool:
    return isinstance(value, CellError) and value != NOT_AVAILABLE


@scalar("ISNA", takes_errors=True)
def _is_na(value: Value) -> bool:
    return value == NOT_AVAILABLE
