"""Links on the desktop and in the start menu, and the folders that Windows has for a user's things, wherever they were moved to.

Needs pywin32, which is there once a bundle is installed; so it is only looked for when one of these is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


def documents() -> Path:
    """The user's folder for documents."""
    return _known("FOLDERID_Documents")


def desktop() -> Path:
    """What the user sees as the desktop."""
    return _known("FOLDERID_Desktop")


def start_menu() -> Path:
    """The user's own programs in the start menu."""
    return _known("FOLDERID_Programs")


def write(link: Path, target: Path) -> None:
    """Write a link to a file, over one of that name."""
    import pythoncom  # noqa: PLC0415
    from win32com.shell import shell  # noqa: PLC0415

    link.parent.mkdir(parents=True, exist_ok=True)
    made: Any = pythoncom.CoCreateInstance(
        shell.CLSID_ShellLink, None, pythoncom.CLSCTX_INPROC_SERVER, shell.IID_IShellLink
    )
    made.SetPath(str(target))
    made.SetWorkingDirectory(str(target.parent))
    made.QueryInterface(pythoncom.IID_IPersistFile).Save(str(link), 0)


def _known(name: str) -> Path:
    from win32com.shell import shell  # noqa: PLC0415

    return Path(shell.SHGetKnownFolderPath(getattr(shell, name), 0, None))
