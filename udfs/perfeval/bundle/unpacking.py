"""Wheels laid out in an embeddable Python, which has no pip: modules in its ``site-packages``, and libraries beside the interpreter.

A wheel is a zip whose folders say where they belong. Files are written anew, so that none bears the mark of a download. Of pywin32 its
installer's work is done too: its two libraries stand beside the interpreter, where every process finds them.
"""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

SITE = "Lib/site-packages"
_BESIDE_TOO = "pywin32_system32"
_LEFT_OUT = frozenset(
    {"tests", "test", "demos"}
)  # folders that only a component's own developers run: a third of all files
_BESIDE, _MODULES = "data", ("purelib", "platlib")  # of a wheel's folder ….data


def unpack(wheel: Path, python: Path) -> None:
    """Lay out a wheel in a Python's folder; programs of its own (``….data/scripts``) are left out, as nobody here has a command line."""
    with zipfile.ZipFile(wheel) as package:
        for member in package.infolist():
            place = None if member.is_dir() else _place(PurePosixPath(member.filename))
            if place is not None:
                file = python.joinpath(*place.parts)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(package.read(member))


def places(python: Path) -> list[str]:
    """The folders of a Python's modules, below its own: ``site-packages``, and what the ``.pth`` files there name."""
    site = python / SITE
    named = [
        f"{SITE}/{line.strip()}"
        for file in sorted(site.glob("*.pth"))
        for line in file.read_text(encoding="utf-8").replace("\\", "/").splitlines()
        if line.strip() and (site / line.strip()).is_dir()
    ]
    return [SITE, *named]


def _place(name: PurePosixPath) -> PurePosixPath | None:
    """Where a member goes, below the Python's folder; None: nowhere."""
    if name.is_absolute() or ".." in name.parts or not _LEFT_OUT.isdisjoint(name.parts[:-1]):
        return None
    if name.parts[0] == _BESIDE_TOO:
        return PurePosixPath(name.name)
    if not name.parts[0].endswith(".data"):
        return SITE / name
    kind, rest = name.parts[1], name.parts[2:]
    if kind == _BESIDE:
        return PurePosixPath(*rest)
    return PurePosixPath(SITE, *rest) if kind in _MODULES else None
