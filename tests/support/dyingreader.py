"""A reader of files for worker processes: one file ends the process that reads it."""

from __future__ import annotations

import os
from collections.abc import Sequence

from perfeval.rollup.rows import FileRow, Reading

POISON = "毒.xlsx"


def read_or_die(paths: Sequence[str]) -> list[Reading]:
    """A row for every file but the poisonous one."""
    if POISON in paths:
        os._exit(1)
    return [Reading(FileRow(path, "", "")) for path in paths]
