"""PE_ cells in the interpreter's calculation: a formula calls the workbook's own VBA, which gets ranges as Excel hands them over."""

from __future__ import annotations

from typing import Any

from pyopenvba._a1 import Area
from pyopenvba.apps.excel import Range
from pyopenvba.apps.excel._engine_book import scalar
from pyopenvba.apps.excel._worksheet_functions import answer
from pyopenvba.formula._calc import registry
from pyopenvba.formula._calc.nodes import Missing
from pyopenvba.formula._calc.values import Array, Reference
from pyopenvba.interpreter import MISSING, VBAArray

from perfeval.functions import FUNCTIONS
from support.vbahost import host_of


def _argument(context: Any, book: Any, node: Any) -> Any:
    if isinstance(node, Missing):
        return MISSING
    value = context.evaluate(node)
    if not isinstance(value, Reference):
        return answer(value, whole=True)
    areas = [Area(area.top, area.left, area.bottom, area.right, area.sheet) for area in value.areas]
    return Range(book.sheet_named(areas[0].sheet), areas)


def _result(value: Any) -> Any:
    if not isinstance(value, VBAArray):
        return scalar(value)
    rows, columns = (range(low, high + 1) for low, high in value.bounds)
    return Array([[scalar(value.items[value.offset([row, column])]) for column in columns] for row in rows])


def _cell_function(name: str) -> Any:
    def called(context: Any, *nodes: Any) -> Any:
        book = context.book.calculator.book
        host = host_of(book.application)
        arguments = [_argument(context, book, node) for node in nodes]
        with host.called_from(context.sheet, context.row, context.column):
            return _result(host.app.interpreter.run(name, arguments))

    return called


for _name in FUNCTIONS:
    registry.function(_name, registry.LAZY, minimum=0, maximum=registry.MAX_ARGUMENTS)(_cell_function(_name))
