"""Opens whatever tables are handed in as: a workbook, a text whose tables stand for its sheets, a .csv."""

from __future__ import annotations

from pathlib import Path

from perfeval.books import csvtable
from perfeval.books.csvtable import CsvTable
from perfeval.books.documents import SUFFIXES, Document, read_document
from perfeval.books.file import FileBook


def opened(path: Path) -> FileBook | Document | CsvTable:
    """The book in a file, to be read only, by the file's name. Raises FileRefused."""
    if path.suffix.lower() in csvtable.SUFFIXES:
        return csvtable.read_csv(path)
    return read_document(path) if path.suffix.lower() in SUFFIXES else FileBook.open(path)
