"""复核文件夹: a folder's review in the folder itself, as a workbook with links and as a page that can be mailed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from perfeval.books.outputs import Output
from perfeval.books.results import REVIEW
from perfeval.commands.check import Reviewed, Total
from perfeval.commands.check_book import ReviewBook
from perfeval.commands.check_report import Report


class Results:
    """Both being made, for a ``with`` block at whose end they are written; where one cannot be, FileRefused says why."""

    def __init__(self, folder: Path, inputs: Sequence[Path]) -> None:
        self.workbook, self.page = folder / REVIEW, (folder / REVIEW).with_suffix(".html")
        self.total = Total()
        book, page = (Output.to(path, inputs=inputs) for path in (self.workbook, self.page))
        self._parts = ReviewBook(book), Report(page)

    def __enter__(self) -> Results:
        with ExitStack() as entered:  # where the second cannot begin, the first is dropped
            for part in self._parts:
                entered.enter_context(part)
            self._entered = entered.pop_all()
        return self

    def add(self, reviewed: Reviewed) -> None:
        """Add a file and its findings."""
        self.total.add(reviewed)
        for part in self._parts:
            part.add(reviewed)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._entered.__exit__(kind, error, trace)
