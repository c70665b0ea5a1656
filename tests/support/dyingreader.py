"""A reader of files for worker processes: one file ends the process that reads it."""

from __future__ import annotations

import os

from perfeval.rollup.rows import FileRow, Reading

POISON = "毒.xlsx"


def read_or_die(paths: list[str]) -> list[Reading]:
    """A row for every file but the poisonous one."""
    if POISON in paths:
        os._exit(1)
    return [Reading(FileRow(path, 0, 0, "", "")) for path in paths]
