"""Which files below a folder a roll-up looks at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from perfeval.books.diskfile import is_aside
from perfeval.errors import FileRefused

# Tables, and what tables are handed in as: each is read, or named with the reason why it is not.
_SUFFIXES = frozenset(
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
    return _walk(folder, without.resolve())


def _walk(folder: Path, own: Path) -> Iterator[Found]:
    try:
        for place, folders, files in os.walk(folder, onerror=_raise):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                path = Path(place, name)
                if path.suffix.lower() in _SUFFIXES and not is_aside(name) and path.resolve() != own:
                    status = path.stat()
                    yield Found(path.relative_to(folder).as_posix(), status.st_size, status.st_mtime_ns)
    except OSError as error:
        raise FileRefused(error.filename or folder, "读不了这个文件夹；请检查读取权限") from error


def _raise(error: OSError) -> None:
    raise error
