"""Reports and workbooks under review: what is found in them, by code and place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from perfeval.books.documents import Document, read_document
from perfeval.books.file import FileBook
from perfeval.checks import check
from perfeval.checks.accounts import NOT_A_FORM
from perfeval.findings import Finding, Level
from support import DATA
from support.sheettext import write_sheets

REPORTS = DATA / "reports"


def document(folder: Path, text: str, name: str = "报告.txt") -> Document:
    """A report written to a file and read back."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_document(path)


def review(folder: Path, sheets: Mapping[str, str], *reports: Document) -> list[Finding]:
    """Everything found in a workbook of these sheets and the reports; without sheets in the reports alone."""
    if not sheets:
        return check(reports[0], documents=reports)
    return check(FileBook.open(write_sheets(folder / "工作簿.xlsx", sheets)), documents=reports)


def places(found: list[Finding], level: Level | None = Level.ERROR) -> set[tuple[str, str, str]]:
    """Code, sheet and cell of the findings of a level, of all where it is None; R42 apart, which says that a file is no 自评表."""
    return {
        (one.kind.code, one.sheet, one.cell)
        for one in found
        if level in (None, one.level) and one.kind is not NOT_A_FORM
    }
