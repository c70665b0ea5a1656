"""What a roll-up has kept of a folder for the next run: its rows, as another run takes them in, and the file that they lie in."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfeval.rollup.files import below
from perfeval.rollup.journal import Journal
from perfeval.rollup.kept import Kept


def keep_caches_in(folder: Path, environment: pytest.MonkeyPatch) -> None:
    """Have this process, and those that it starts, keep in this folder what they would keep in the user's caches."""
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        environment.setenv(name, str(folder))


def kept_journal(folder: Path, standard: str = "") -> Journal:
    """A settled journal of the files below a folder whose rows are kept; to be closed."""
    journal = Journal()
    with Kept(folder, standard) as kept:
        names = list(below(folder, without=folder / "汇总.xlsx", closed=[]))
        journal.expect(names)
        journal.add(reading for name in names if (reading := kept.reading(folder, name)) is not None)
        assert not kept.notes
    journal.settle()
    return journal


def kept_in(folder: Path, standard: str = "") -> Path:
    """The file in which a roll-up of this folder keeps what it reads."""
    with Kept(folder, standard) as kept:
        return kept.path
