"""Rows as the result of a function whose result may also be a single value.

Python's UNO bridge gives Calc a tuple as a sequence without a type, which Calc refuses; inside a structure the type can
be said. The one structure Calc takes from a function is the event of an XVolatileResult, a result that may change: this
one tells its rows when Calc begins to listen, and never again.
"""

from __future__ import annotations

from typing import Any

import uno  # pyright: ignore[reportMissingImports]
import unohelper  # pyright: ignore[reportMissingImports]
from com.sun.star.sheet import ResultEvent, XVolatileResult  # pyright: ignore[reportMissingImports]


class Rows(unohelper.Base, XVolatileResult):
    """Rows of numbers and texts. Where all are texts the type says so: Calc finds only such texts equal to others."""

    def __init__(self, rows: tuple[tuple[Any, ...], ...]) -> None:
        kinds = {cell.__class__ for row in rows for cell in row}
        kind = {frozenset({str}): "string", frozenset({float}): "double"}.get(frozenset(kinds), "any")
        self._value = uno.Any(f"[][]{kind}", rows)

    def addResultListener(self, listener: Any) -> None:  # noqa: N802
        """Called once, by Calc."""
        event = ResultEvent()
        event.Source, event.Value = self, self._value
        listener.modified(event)

    def removeResultListener(self, listener: Any) -> None:  # noqa: N802
        """Nothing is kept of it."""
