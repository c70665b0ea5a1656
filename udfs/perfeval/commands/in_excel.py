"""A press of a button in Excel: a sequence of short calls, between which VBA shows how far it is and looks whether Esc was pressed.

The Python of one Excel serves one press at a time. What is under way here is only ever between two steps: nothing has been written.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import xlwings as xw

from perfeval.commands import buttons

if TYPE_CHECKING:
    from perfeval.commands.buttons import Told
    from perfeval.stepwise import Steps

_SECONDS = 1  # of work in one call


class _Press:
    """One press, between two calls."""

    def __init__(self, name: str, book: xw.Book, chosen: Path | None) -> None:
        self._name, self._book = name, book
        self._steps: Steps[object, Told] = buttons.steps(name, book, chosen)

    def go_on(self) -> str:
        """What the status bar says next after a second's work; "" once it is done, and what it says has been shown."""
        until = time.monotonic() + _SECONDS
        try:
            step = next(self._steps)
            while time.monotonic() < until:
                step = next(self._steps)
        except StopIteration as end:
            return self._ended(end.value)
        return buttons.under_way(self._name, step)

    def stop(self) -> None:
        """End it where it is, and show what was left."""
        try:
            self._steps.throw(KeyboardInterrupt)
        except StopIteration as end:
            self._ended(end.value)

    def _ended(self, told: Told) -> str:
        told.show(self._book.app)
        return ""


_under_way: _Press | None = None


@xw.func
@xw.arg("name", "raw")
@xw.arg("chosen", "raw")
@xw.ret("raw")
def press(name: str, chosen: str) -> list[list[str]]:
    """Begin a press of the button ``name`` on the workbook that VBA hands over; ``chosen`` is a path, "" for none.

    What the status bar says meanwhile; nothing is done yet. A press that nobody went on with is forgotten.
    """
    global _under_way  # noqa: PLW0603 — what is under way outlives the call: that is what this module is for
    _under_way = _Press(name, xw.Book.caller(), Path(chosen) if chosen else None)
    return [[buttons.begun(name)]]


@xw.func
@xw.ret("raw")
def go_on() -> list[list[str]]:
    """A second's work of it: what the status bar says next, "" at the end. Raises LookupError where the Python that began it has ended."""
    global _under_way  # noqa: PLW0603
    if _under_way is None:
        raise LookupError("no press is under way")
    said = _under_way.go_on()
    if not said:
        _under_way = None
    return [[said]]


@xw.func
@xw.ret("raw")
def stop() -> list[list[str]]:
    """End it before its next step."""
    global _under_way  # noqa: PLW0603
    if _under_way is not None:
        _under_way.stop()
        _under_way = None
    return [[""]]
