"""Findings: what a reviewer objects to. A kind is declared where it is raised: code, level, title, what to do, and its sentence.

``hints`` declares what is said of one indicator row, ``checks`` what is said of forms, tables and reports; a kind that both
raise is declared in ``hints``. ``kinds()`` gathers all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import NamedTuple


class Level(StrEnum):
    """How grave a finding is: a file with an ERROR is sent back, a WARNING is asked about, a NOTE only told."""

    ERROR = "错误"
    WARNING = "提醒"
    NOTE = "说明"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding. ``code`` is stable; ``do`` says what to do about it; ``of_row``: PE_HINT says it too.

    ``sentence`` is what is said of one, with the names of its facts in braces; ``formerly`` the code under which it was
    found before it had its own: a waiver or a level given to that holds.
    """

    code: str
    level: Level
    title: str
    do: str
    sentence: str = ""
    of_row: bool = False
    formerly: str = ""

    def of(self, **facts: object) -> Said:
        """The kind, said of these facts."""
        return Said(self, self.sentence.format_map(facts))

    def says(self, sentence: str) -> Sentence:
        """Another sentence of this kind."""
        return Sentence(self, sentence)


class Sentence(NamedTuple):
    """One of several sentences of a kind, declared beside what says it."""

    kind: Kind
    sentence: str

    def of(self, **facts: object) -> Said:
        """The kind, said of these facts."""
        return Said(self.kind, self.sentence.format_map(facts))


class Said(NamedTuple):
    """A kind, and what it says of something."""

    kind: Kind
    message: str

    def at(self, sheet: str = "", cell: str = "", expected: str = "", found: str = "", basis: str = "") -> Finding:
        """The finding, at its cell (``H13``; "" for a whole sheet or file)."""
        return Finding(self.kind, self.kind.level, self.message, sheet, cell, expected, found, basis)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, at a cell (``H13``; "" for a whole sheet or file).

    ``message`` is the sentence for a person, ``basis`` the standard or 口径 it rests on.
    ``level`` is the kind's own unless a standard sets another; ``waived`` is the reason why a person lets it stand.
    """

    kind: Kind
    level: Level
    message: str
    sheet: str = ""
    cell: str = ""
    expected: str = ""
    found: str = ""
    basis: str = ""
    waived: str = ""

    @property
    def place(self) -> str:
        """Where it was found, for a person: ``表!H13``, a report's 第 3 段, or a whole sheet."""
        between = " " if self.cell.startswith("第") else "!"
        return f"{self.sheet}{between}{self.cell}" if self.cell else self.sheet


_DECLARING = ("perfeval.hints", "perfeval.checks")  # the rooms whose modules declare kinds
_kinds: dict[str, Kind] = {}


def declare(
    code: str, level: Level, title: str, do: str, sentence: str = "", *, of_row: bool = False, formerly: str = ""
) -> Kind:
    """Declare a kind. Raises ValueError where the code is another's."""
    if code in _kinds:
        raise ValueError(f"{code} is {_kinds[code].title}")
    _kinds[code] = Kind(code, level, title, do, sentence, of_row, formerly)
    return _kinds[code]


def kinds() -> dict[str, Kind]:
    """Every kind by its code, in their order; the rooms that declare them are imported for it."""
    for room in _DECLARING:
        import_module(room)
    return dict(sorted(_kinds.items()))
