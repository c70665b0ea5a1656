"""Paths as a shell hands them over: names that a new file may have, and the patterns that Windows' shell leaves to the program."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from perfeval.books.diskfile import is_aside
from perfeval.errors import FileRefused

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]) *(?:\..*)?", re.IGNORECASE)
_WILDCARD = re.compile(r"[*?]")


def new_path(text: str) -> Path:
    """An argument that names a file or folder to write, for argparse's ``type``.

    Raises FileRefused for a name that Windows cannot have, on every system: what is written here is opened on other desks. The
    folders above it are only looked at on Windows; elsewhere they may have any name.
    """
    path = Path(text)
    for name in path.relative_to(path.anchor).parts if os.name == "nt" else (path.name,):
        reason = _why_not(name)
        if reason:
            raise FileRefused(path, f"{reason}；请换一个名字")
    return path


def _why_not(name: str) -> str:
    """Why Windows cannot have a file of this name; "" if it can."""
    forbidden = _FORBIDDEN.search(name)
    if forbidden:
        shown = forbidden[0] if forbidden[0].isprintable() else "控制字符"
        return f"Windows 的文件名里不能有 {shown}"
    if _DEVICE.fullmatch(name):
        return f"“{name.partition('.')[0].rstrip()}”是 Windows 给设备保留的名字，不能作文件名"
    if name.endswith((".", " ")) and name != "..":
        return "文件名末尾是句点或空格，Windows 会去掉它"
    return ""


def matched(paths: Iterable[Path]) -> list[Path]:
    """The files that arguments name, each pattern (``*.xlsm``) replaced by what it matches, sorted.

    As in a folder, marks of open files and backups are not looked at. A file that has the pattern for its name is meant itself.
    Raises FileRefused for a pattern that matches nothing.
    """
    return [path for given in paths for path in _matched(given)]


def _matched(path: Path) -> Iterator[Path]:
    if not _WILDCARD.search(str(path)) or path.exists():
        yield path
        return
    pattern = str(path).replace("[", "[[]")  # no wildcard of a shell of Windows
    matches = sorted(file for file in map(Path, glob.glob(pattern)) if not is_aside(file.name))  # noqa: PTH207 (with folders)
    if not matches:
        raise FileRefused(path, "没有文件符合这个写法；请核对文件名和所在文件夹")
    yield from matches
