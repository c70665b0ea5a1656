"""The worksheet functions as xlwings functions, for “Import Functions” in a workbook of one's own.

PerfEval.xlsm does not need this: its wrappers call ``perfeval.excel.bridge``. xlwings' own wrapper puts the reason of a
failure into the cell as text, and an error within an array as the text of the error.
"""

from __future__ import annotations

from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any

import xlwings as xw

from perfeval.errors import CellError
from perfeval.excel.names import vba_name
from perfeval.excel.values import incoming, rows_of
from perfeval.functions import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfeval.functions.kinds import Argument
    from perfeval.functions.registry import WorksheetFunction


def bound(function: WorksheetFunction) -> Callable[..., Any]:
    """The function as xlwings wants it: raw values in, rows out, help texts of the registry."""

    def udf(*values: Any) -> list[list[Any]]:
        rows = rows_of(function.call(*map(incoming, values)))
        return [[str(value) if isinstance(value, CellError) else value for value in row] for row in rows]

    udf.__name__ = function.name
    udf.__doc__ = function.description
    udf.__signature__ = Signature([_parameter(argument) for argument in function.arguments])  # type: ignore[attr-defined]
    for argument in function.arguments:
        xw.arg(vba_name(argument.name), "raw", doc=argument.help)(udf)
    xw.ret("raw")(udf)
    return xw.func(category=function.group)(udf)


def _parameter(argument: Argument) -> Parameter:
    if argument.variadic:
        return Parameter(vba_name(argument.name), Parameter.VAR_POSITIONAL)
    default = None if argument.optional else Parameter.empty
    return Parameter(vba_name(argument.name), Parameter.POSITIONAL_OR_KEYWORD, default=default)


globals().update({name: bound(function) for name, function in FUNCTIONS.items()})
