"""What a button asks the person at the desk, as data. A command yields it as a step; Excel or Calc shows a dialog of its own and
sends the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfeval.stepwise import Steps


class Declined(Exception):
    """The dialog was closed without an answer."""


@dataclass(frozen=True, slots=True)
class AskFile:
    """A file to read: what for, what such files are called, and how their names end."""

    title: str
    kind: str
    endings: Sequence[str]


@dataclass(frozen=True, slots=True)
class AskFolder:
    """A folder, and what for."""

    title: str


@dataclass(frozen=True, slots=True)
class AskSave:
    """A file to write: what for, the name that is proposed, and by the ending of its name what kind of file it can be."""

    title: str
    name: str
    kinds: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AskChoice:
    """One of several, the first where the person has no wish; answered with its number, from 1."""

    title: str
    choices: Sequence[str]


Question = AskFile | AskFolder | AskSave | AskChoice


def file(title: str, kind: str, endings: Sequence[str]) -> Steps[object, Path]:
    """A file that the person chooses. Raises Declined."""
    return Path((yield from _answer(AskFile(title, kind, endings))))


def folder(title: str) -> Steps[object, Path]:
    """A folder that the person chooses. Raises Declined."""
    return Path((yield from _answer(AskFolder(title))))


def new_file(title: str, name: str, kinds: Sequence[tuple[str, str]]) -> Steps[object, Path]:
    """Where the person wants a file, its name ending as one of the kinds. Raises Declined."""
    path = Path((yield from _answer(AskSave(title, name, kinds))))
    endings = [ending for _, ending in kinds]
    return path if path.suffix.lower() in endings else path.with_name(path.name + endings[0])


def choice(title: str, choices: Sequence[str]) -> Steps[object, int]:
    """The place of the choice that the person takes, from 0. Raises Declined."""
    places = {str(number): place for place, number in enumerate(range(1, len(choices) + 1))}
    while (answer := str((yield from _answer(AskChoice(title, choices)))).strip()) not in places:
        title = f"没有“{answer}”这一项，请从 1 到 {len(choices)} 里选。{title}" if "没有“" not in title else title
    return places[answer]


def _answer(question: Question) -> Steps[object, Any]:
    answer = yield question
    if answer in (None, ""):
        raise Declined
    return answer
