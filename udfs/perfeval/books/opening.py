"""Opens whatever tables are handed in as: a workbook, or a text whose tables stand for its sheets."""

from __future__ import annotations

from pathlib import Path

from perfeval.books.documents import SUFFIXES, Document, read_document
from perfeval.books.file import FileBook


def opened(path: Path) -> FileBook | Document:
    """The book in a file, to be read only, by the file's name. Raises FileRefused."""
    return read_document(path) if path.suffix.lower() in SUFFIXES else FileBook.open(path)
