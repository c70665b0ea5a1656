"""What our own runs lay beside the files that they looked at, and no later run takes for a form."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from perfeval.books import seals

REVIEW = "复核结果.xlsx"
COMPARED = "-对照.xlsx"  # behind the name of the file


def is_result(path: Path) -> bool:
    """Whether a file is such a result, as we wrote it."""
    if path.name != REVIEW and not path.name.endswith(COMPARED):
        return False
    with suppress(OSError), path.open("rb") as file:
        return seals.holds(file)
    return False
