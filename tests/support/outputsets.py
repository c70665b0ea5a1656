"""A set of three pages, to be killed while it is written."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from perfeval.books.outputset import OutputSet
from perfeval.books.seals import seal_page

NAMES = ("甲.html", "乙.html", "下/丙.html")


def page(file: BinaryIO, text: str) -> None:
    """A page, not sealed yet."""
    file.write(f"<!DOCTYPE html><p>{text}</p>\n".encode())


def write_set(folder: Path, text: str) -> tuple[str, ...]:
    """Write the set; what is said of an earlier run that was stopped."""
    with OutputSet(folder) as files:
        for name in NAMES:
            with files.writing(name, seal_page) as file:
                page(file, text)
    return files.finished
