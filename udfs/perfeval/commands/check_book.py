"""A review as a workbook beside the files: a line each with what was read of it, then every finding, with links to file, sheet and cell."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from types import TracebackType

from xlsxwriter import Workbook

from perfeval import formulatext
from perfeval.books.outputs import Output
from perfeval.books.seals import seal_package
from perfeval.commands.check import Reviewed, Total
from perfeval.commands.check_report import read_of
from perfeval.filenames import shown
from perfeval.findings import Finding, Level
from perfeval.forms.edits import Formula
from perfeval.rollup.table import COUNT, LINK, SIGN, WORDS, Column, Table
from perfeval.workbook.canvas import Pages

_FILES = (
    Column("文件", 44, LINK),
    Column("读到", 60, WORDS),
    *(Column(str(level), 8, COUNT) for level in Level),
)
_FINDINGS = (
    Column("级别", 7, SIGN),
    Column("编号", 7, SIGN),
    Column("文件", 30, WORDS),
    Column("位置", 26, LINK),
    Column("发现", 60, WORDS),
    Column("应为", 16, WORDS),
    Column("表中", 16, WORDS),
    Column("怎么办", 44, WORDS),
)


class ReviewBook:
    """The workbook being made: files are added as they come; for a ``with`` block, at whose end it is written.

    Raises FileRefused where it cannot be written.
    """

    def __init__(self, output: Output) -> None:
        self._output, self._total = output, Total()
        self._writing = output.writing(seal_package)

    def __enter__(self) -> ReviewBook:
        self._book = Workbook(self._writing.__enter__(), {"in_memory": True})
        self._book.set_properties({"created": datetime(2026, 1, 1)})
        pages = Pages(self._book)
        note = "点文件名打开文件，点位置打开文件里的那一格；改好以后再复核一次。"
        self._files = Table(pages, "复核结果", note, _FILES)
        self._findings = Table(pages, "逐条", note, _FINDINGS)
        return self

    def add(self, reviewed: Reviewed) -> None:
        """Add a file and its findings."""
        self._total.add(reviewed)
        counts = [reviewed.counts[level] or None for level in Level]
        self._files.add([self._link(reviewed.path, "", "", reviewed.name), read_of(reviewed), *counts])
        for finding in reviewed.findings:
            path = reviewed.file_of(finding)
            self._findings.add(
                [
                    str(finding.level),
                    finding.kind.code,
                    shown(path.name),
                    self._place(path, finding),
                    finding.message,
                    finding.expected,
                    finding.found,
                    f"已说明不改：{finding.waived}" if finding.waived else finding.kind.do,
                ]
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._files.close()
            self._findings.close()
            self._book.close()
        self._writing.__exit__(kind, error, trace)

    def _place(self, path: Path, finding: Finding) -> str | Formula:
        words = " ".join(part for part in (finding.sheet, finding.cell) if part)
        in_workbook = finding.cell and path.suffix.lower() in {".xlsx", ".xlsm"}
        return self._link(path, finding.sheet, finding.cell, words) if in_workbook else words

    def _link(self, path: Path, sheet: str, cell: str, words: str) -> str | Formula:
        """A link that leads from where the workbook lies; words alone where none can."""
        try:
            place = Path(os.path.relpath(path.resolve(), self._output.real.parent)).as_posix()
            place.encode()
        except (OSError, ValueError):  # on another drive, or a name that is no text
            return words
        return Formula(formulatext.link_into(place, sheet, cell, words)) if formulatext.can_lead_to(place) else words
