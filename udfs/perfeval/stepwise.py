"""Long work in steps: whoever has it done shows what comes next, and may stop it between two of them.

A step is short, a file or a sheet. It yields what is under way; what came of the work is returned at its end. Where it yields a
question, it is sent the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

S = TypeVar("S")
T = TypeVar("T")
Steps = Generator[S, Any, T]


def finished(steps: Steps[S, T], meet: Callable[[S], Any] = lambda _: None) -> T:
    """What came of the work, all of it at once; ``meet`` is told what each step yields, and gives the answer to a question."""
    answer: Any = None
    while True:
        try:
            answer = meet(steps.send(answer))
        except StopIteration as end:
            return end.value
