"""The add-in PerfEval.xlam: as it comes with the package, and in the folder from which Excel opens whatever lies in it."""

from __future__ import annotations

import os
import zipfile
from importlib.resources import files
from pathlib import Path

from perfeval.books.macros import ADDIN_NAME, RIBBON_PART
from perfeval.books.outputs import Output, refusing
from perfeval.errors import FileRefused

_CALLBACK = b"PerfEvalAddin_Press"  # which nobody else's ribbon calls
_STARTUP = ("Microsoft", "Excel", "XLSTART")


def place(appdata: Path) -> Path:
    """Where the add-in of a user lies; ``appdata`` is the user's roaming folder."""
    return appdata.joinpath(*_STARTUP, ADDIN_NAME)


def packaged() -> bytes:
    """The add-in of this version."""
    return files("perfeval").joinpath("resources/excel", ADDIN_NAME).read_bytes()


def is_current(file: Path) -> bool:
    """Whether the add-in that lies there is the one of this version. Raises FileRefused for a file that cannot be read."""
    return _content(file) == packaged()


def put(file: Path) -> None:
    """Bring the add-in there, over an older or a saved one of ours. Raises FileRefused, also for a file of that name that is not ours."""
    present = _content(file)
    if present is None:
        with refusing(file):
            file.parent.mkdir(parents=True, exist_ok=True)
        Output.to(file).write(packaged())
    else:
        _refuse_strangers(file)
        Output.over(file, present, backup=False).write(packaged())  # Excel would open a backup beside it too


def take_out(file: Path) -> bool:
    """Remove it, and the folders above that are empty then; whether there was one. Raises FileRefused as ``put``."""
    if _content(file) is None:
        return False
    _refuse_strangers(file)
    with refusing(file):
        file.unlink()
        for folder in list(file.parents)[: len(_STARTUP)]:
            if os.listdir(folder):  # noqa: PTH208  (names alone)
                break
            folder.rmdir()
    return True


def _content(file: Path) -> bytes | None:
    with refusing(file):
        return file.read_bytes() if file.exists() else None


def _refuse_strangers(file: Path) -> None:
    """Raises FileRefused for a file that is no add-in of ours, of whatever version."""
    try:
        with zipfile.ZipFile(file) as package:
            is_ours = _CALLBACK in package.read(RIBBON_PART)
    except (OSError, KeyError, zipfile.BadZipFile):
        is_ours = False
    if not is_ours:
        raise FileRefused(file, "不是 PerfEval 的加载宏，没有动它；请把它移到别处，再运行一次")
