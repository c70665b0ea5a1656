"""A press of a button in Excel: a sequence of short calls, between which VBA shows how far it is and looks whether Esc was pressed.

The Python of one Excel serves one press at a time. What is under way here is always between two steps: nothing has been written.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import xlwings as xw

from perfeval.commands import buttons
from perfeval.commands.buttons import Told

if TYPE_CHECKING:
    from perfeval.stepwise import Steps

_SECONDS = 1  # of work in one call


class _Press:
    """One press, between two calls. It answers a row: what the status bar says next, "" at the end; then what to tell the user ("" for
    nothing), and "1" where that is trouble."""

    def __init__(self, name: str, steps: Steps[object, Told]) -> None:
        self._name, self._steps = name, steps
        self._ended: list[str] = []

    def go_on(self) -> list[str]:
        """A second's work."""
        until = time.monotonic() + _SECONDS
        return self._ended or self._answer(lambda: self._work(until))

    def stop(self) -> list[str]:
        """End it before its next step; one that has ended by then says again what it said."""
        return self._ended or self._answer(lambda: self._steps.throw(KeyboardInterrupt))

    def _work(self, until: float) -> object:
        step = next(self._steps)
        while time.monotonic() < until:
            step = next(self._steps)
        return step

    def _answer(self, work: Callable[[], object]) -> list[str]:
        try:
            with xw.Book.caller().app.properties(screen_updating=False, calculation="manual"):
                return [buttons.under_way(self._name, work()), "", ""]
        except StopIteration as end:
            told: Told = end.value
            self._ended = ["", told.message, "1" if told.is_trouble else ""]
            return self._ended


_under_way: list[_Press] = []  # one at most


@xw.func
@xw.arg("name", "raw")
@xw.arg("chosen", "raw")
@xw.ret("raw")
def press(name: str, chosen: str) -> list[list[str]]:
    """Begin a press of the button ``name`` on the workbook that VBA hands over; ``chosen`` is a path, "" for none.

    What the status bar says, and nothing is done yet. A press that nobody went on with is forgotten.
    """
    steps = buttons.steps(name, xw.Book.caller(), Path(chosen) if chosen else None)
    _under_way[:] = [_Press(name, steps)]
    return [[buttons.begun(name)]]


@xw.func
@xw.ret("raw")
def go_on() -> list[list[str]]:
    """A second's work of it, as ``_Press`` answers. Raises LookupError where the Python that began it has ended."""
    return [_pressed().go_on()]


@xw.func
@xw.ret("raw")
def stop() -> list[list[str]]:
    """End it before its next step; as ``go_on``."""
    return [_pressed().stop()]


def _pressed() -> _Press:
    if not _under_way:
        raise LookupError("no press is under way")
    return _under_way[0]


@xw.func
@xw.arg("message", "raw")
@xw.arg("trouble", "raw")
@xw.ret("raw")
def tell(message: str, trouble: str) -> list[list[str]]:
    """Show the user what a press has to say; cells that it made stale are calculated before."""
    buttons.tell(xw.Book.caller().app, Told(message, bool(trouble)))
    return [[""]]
