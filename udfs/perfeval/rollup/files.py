"""Which files below a folder a roll-up looks at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from perfeval.books.diskfile import is_aside
from perfeval.books.results import is_result
from perfeval.errors import FileRefused

# Tables, and what tables are handed in as: each is read, or named with the reason why it is not.
SUFFIXES = frozenset(
    ".xlsx .xlsm .xltx .xltm .xlsb .xls .xlt .et .ett .ods .csv .doc .docx .wps .rtf .pdf .zip .rar .7z".split()
)


def below(folder: Path, *, without: Path, closed: list[str]) -> Iterator[str]:
    """The files of a folder and its subfolders, but for the summary itself and our other results: their paths below it, with "/", as
    the disk names them.

    They come folder by folder, in the order of their names. Folders in it that do not open are put into ``closed``; where it does not
    open itself FileRefused is raised. Links to folders are not followed.
    """
    if not folder.is_dir():
        raise FileRefused(folder, "没有这个文件夹；请核对名称")
    return _walk(folder, os.path.realpath(without), closed)


def _walk(folder: Path, own: str, closed: list[str]) -> Iterator[str]:
    def keep(error: OSError) -> None:
        place = Path(error.filename or folder)
        if place == folder:
            raise FileRefused(folder, "读不了这个文件夹；请检查读取权限") from error
        closed.append(place.relative_to(folder).as_posix())

    for place, folders, files in os.walk(folder, onerror=keep):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            is_own = is_aside(name) or is_result(path) or os.path.realpath(path) == own
            if path.suffix.lower() in SUFFIXES and not is_own:
                yield path.relative_to(folder).as_posix()
