"""A press of a button in Excel: a sequence of short calls, between which VBA shows how far it is and looks whether Esc was pressed.

The Python of one Excel serves one press at a time. What is under way here is always between two steps: nothing has been written.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import xlwings as xw

from perfeval.commands import buttons
from perfeval.commands.buttons import Told
from perfeval.commands.questions import AskChoice, AskFile, AskFolder, AskSave, Question

if TYPE_CHECKING:
    from perfeval.stepwise import Steps

_SECONDS = 1  # of work in one call


class _Press:
    """One press, between two calls. It answers a row: what the status bar says next, "" at the end; then what to tell the user ("" for
    nothing), and "1" where that is trouble. A question to the person is a row too, as ``_row`` makes it."""

    def __init__(self, name: str, steps: Steps[object, Told]) -> None:
        self._name, self._steps = name, steps
        self._has_begun = False
        self._ended: list[str] = []

    def go_on(self) -> list[str]:
        """A second's work."""
        return self._ended or self._answer(lambda: self._work(None))

    def answer(self, reply: str) -> list[str]:
        """A second's work, with the answer to the question that was asked, "" for none."""
        return self._ended or self._answer(lambda: self._work(reply))

    def stop(self) -> list[str]:
        """End it before its next step; one that has ended by then says again what it said."""
        return self._ended or self._answer(lambda: self._steps.throw(KeyboardInterrupt))

    def _work(self, reply: str | None) -> object:
        until = time.monotonic() + _SECONDS
        step = self._steps.send(reply) if self._has_begun else next(self._steps)
        self._has_begun = True
        while not isinstance(step, Question) and time.monotonic() < until:
            step = next(self._steps)
        return step

    def _answer(self, work: Callable[[], object]) -> list[str]:
        try:
            with xw.Book.caller().app.properties(screen_updating=False):
                step = work()
        except StopIteration as end:
            told: Told = end.value
            self._ended = ["", told.message, "1" if told.is_trouble else ""]
            return self._ended
        return _row(step) if isinstance(step, Question) else [buttons.under_way(self._name, step), "", ""]


def _row(question: Question) -> list[str]:
    """A question as VBA takes it: a mark of its kind, its title, then what its dialog takes: a proposed name, a filter of files, or
    the choices."""
    match question:
        case AskFile(title, kind, endings):
            patterns = ";".join(f"*{ending}" for ending in endings)
            return ["?file", title, f"{kind} ({patterns}),{patterns}"]
        case AskFolder(title):
            return ["?folder", title, ""]
        case AskSave(title, name, kinds):
            return ["?save", title, ",".join(f"{kind} (*{ending}),*{ending}" for kind, ending in kinds), name]
        case AskChoice(title, choices):
            lines = [f"{number}  {one}" for number, one in enumerate(choices, 1)]
            return ["?choice", "\n".join([title, "", *lines]), str(len(lines))]


_under_way: list[_Press] = []  # one at most


@xw.func
@xw.arg("name", "raw")
@xw.ret("raw")
def press(name: str) -> list[list[str]]:
    """Begin a press of the button ``name`` on the workbook that VBA hands over: the user's, or, where none is open, the add-in's own.

    What the status bar says, and nothing is done yet. A press that nobody went on with is forgotten.
    """
    _under_way[:] = [_Press(name, buttons.steps(name, xw.Book.caller()))]
    return [[buttons.begun(name)]]


@xw.func
@xw.ret("raw")
def go_on() -> list[list[str]]:
    """A second's work of it, as ``_Press`` answers. Raises LookupError where the Python that began it has ended."""
    return [_pressed().go_on()]


@xw.func
@xw.arg("reply", "raw")
@xw.ret("raw")
def answer(reply: str) -> list[list[str]]:
    """A second's work, with the person's answer to the question that was the last row: a path, the number of a choice from 1, "" for
    none."""
    return [_pressed().answer(reply)]


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
