"""Which files below a folder a roll-up looks at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from perfeval.books.diskfile import is_aside
from perfeval.errors import FileRefused

# Tables, and what tables are handed in as: each is read, or named with the reason why it is not.
SUFFIXES = frozenset(
    ".xlsx .xlsm .xltx .xltm .xlsb .xls .xlt .et .ett .ods .csv .doc .docx .wps .rtf .pdf .zip .rar .7z".split()
)


class Found(NamedTuple):
    """A file to read: its path below the folder, with "/", and what tells whether it has changed."""

    path: str
    size: int
    modified: int


def below(folder: Path, *, without: Path) -> Iterator[Found]:
    """The files of a folder and its subfolders, in the order of their names, but for the summary itself.

    Raises FileRefused where the folder cannot be read. Links to folders are not followed.
    """
    if not folder.is_dir():
        raise FileRefused(folder, "没有这个文件夹；请核对名称")
    return _walk(folder, os.path.realpath(without))


def _walk(folder: Path, own: str) -> Iterator[Found]:
    try:
        for place, folders, files in os.walk(folder, onerror=_raise):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                path = Path(place, name)
                if path.suffix.lower() in SUFFIXES and not is_aside(name) and os.path.realpath(path) != own:
                    status = _status(path)
                    yield Found(path.relative_to(folder).as_posix(), status.st_size, status.st_mtime_ns)
    except OSError as error:
        raise FileRefused(error.filename or folder, "读不了这个文件夹；请检查读取权限") from error


def _status(path: Path) -> os.stat_result:
    """A file's size and time; of a link that leads nowhere its own, as its reader says what is wrong with it."""
    try:
        return path.stat()
    except OSError:
        return path.lstat()


def _raise(error: OSError) -> None:
    raise error
