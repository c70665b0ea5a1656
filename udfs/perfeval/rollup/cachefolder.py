"""This user's own folder for what a later run may use again and nobody misses.

The libraries that know such folders are not there where a button in Calc runs, so the few lines stand here.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from perfeval.filenames import shown


class NotOurs(Exception):
    """The folder, or a file in it, is not this user's alone, or cannot be had; says why."""


def own_folder() -> Path:
    """The folder, made if need be, which nobody else can read or write. Raises NotOurs."""
    try:
        folder = own_cache()
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        refuse_another_s(folder, stat.S_ISDIR)
        if os.name != "nt":
            folder.chmod(0o700)
    except RuntimeError as error:  # of Path.home
        raise NotOurs("没有用户目录") from error
    except OSError as error:
        raise NotOurs(f"缓存文件夹用不了：{error.strerror}") from error
    return folder


def own_cache() -> Path:
    """The folder, which need not be there. Raises RuntimeError where the user has no home."""
    return _caches() / "perfeval"


def refuse_another_s(path: Path, is_kind: Callable[[int], bool]) -> None:
    """Raises NotOurs where something is not of this kind, is a link, belongs to another user, or others may write it."""
    status = path.lstat()
    if not is_kind(status.st_mode) or getattr(status, "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_REPARSE_POINT:
        raise NotOurs(f"{shown(path)} 是链接，或不是原来的文件夹、文件")
    if os.name != "nt" and (status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)):
        raise NotOurs(f"{shown(path)} 别的用户也能写")


def _caches() -> Path:
    """Where this system keeps a user's caches. Raises RuntimeError where the user has no home."""
    stated = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME", "")
    if Path(stated).is_absolute():
        return Path(stated)
    if os.name == "nt":
        return Path.home() / "AppData" / "Local"
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
