"""What lies in a folder and in the folders in it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple


class Below(NamedTuple):
    """The files below a folder, sorted, and the folders there that cannot be opened."""

    files: tuple[Path, ...]
    closed: tuple[Path, ...]


def below(folder: Path) -> Below:
    """Everything below a folder. Links to folders are not followed; however deep folders lie in folders, none is passed over unsaid."""
    files: list[Path] = []
    closed: list[Path] = []
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    (waiting if entry.is_dir(follow_symlinks=False) else files).append(Path(entry.path))
        except OSError:
            closed.append(place)
    return Below(tuple(sorted(files)), tuple(sorted(closed)))
