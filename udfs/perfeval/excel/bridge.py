"""What the VBA bridge calls for cells: worksheet functions by name, one or many, and the greeting that compares versions."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

import xlwings as xw

from perfeval.errors import VALUE, PerfEvalError
from perfeval.excel.values import incoming, outgoing
from perfeval.functions import FUNCTIONS

logger = logging.getLogger(__name__)


_MISSING = -2147352572  # an omitted argument, as COM has it; xlwings knows it only as an argument of its own


@xw.func
@xw.arg("name", "raw")
@xw.arg("values", "raw")
@xw.ret("raw")
def pe_call(name: str, *values: Any) -> list[list[Any]]:
    """The value of the function ``name`` as rows; every failure is an error mark that VBA turns into a cell's error."""
    return _called(name, values)


@xw.func
@xw.arg("calls", "raw")
@xw.ret("raw")
def pe_calls(calls: tuple[tuple[Any, ...], ...]) -> list[list[Any]]:
    """The values of many calls, each a name and its values: one row of, for each call, its rows, its columns, and its cells row by row.

    COM takes no table within a table, so they leave flat.
    """
    flat: list[Any] = []
    for name, *values in calls:
        rows = _called(name, [None if _is_missing(value) else value for value in values])
        flat += len(rows), len(rows[0])
        flat += (cell for row in rows for cell in row)
    return [flat]


def _is_missing(value: Any) -> bool:
    return isinstance(value, int) and value == _MISSING


def _called(name: str, values: Iterable[Any]) -> list[list[Any]]:
    try:
        result = FUNCTIONS[name].call(*map(incoming, values))
    except PerfEvalError as error:
        result = error.cell_error
    except Exception:
        logger.exception("%s failed", name)
        result = VALUE
    return outgoing(result)


@xw.func
@xw.arg("embedded", "raw")
@xw.ret("raw")
def greeting(embedded: str) -> list[list[str]]:
    """Empty if the xlwings module in the workbook is of the installed version; otherwise what to do."""
    installed = version("xlwings")
    if embedded == installed:
        return [[""]]
    return [
        [
            f"工作簿里的 xlwings 模块是 {embedded}，本机安装的是 {installed}，两者必须相同。"
            f"请安装 xlwings {embedded}，或用本机的 PerfEval 重新生成工作簿（perfeval new）。"
        ]
    ]
