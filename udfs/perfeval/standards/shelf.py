"""Finds published standards: a folder of files, each read when it is first asked for, by id or Chinese name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from perfeval.conventions import overridden
from perfeval.datafiles import Place
from perfeval.errors import PerfEvalError, StandardError, UnknownName
from perfeval.quantities import plain
from perfeval.standards.files import content, in_standard


class Stated(Protocol):
    """A standard with the convention it names."""

    @property
    def id(self) -> str: ...
    @property
    def convention(self) -> Any: ...
    def known_as(self, name: str) -> bool: ...


S = TypeVar("S", bound=Stated)
Kept_co = TypeVar("Kept_co", bound=Stated, covariant=True)


class Shelf(Generic[Kept_co]):
    """The standards of one folder. ``build`` makes one from a file's checked table; ``called`` is what is asked for."""

    def __init__(
        self,
        folder: Path,
        kinds: Iterable[str],
        sections: Mapping[str, Any],
        build: Callable[[dict[str, Any], Place], Kept_co],
        called: str,
    ) -> None:
        self._folder = folder
        self._kinds = tuple(kinds)
        self._sections = sections
        self._build = build
        self._called = called
        self._loaded: dict[str, Kept_co] = {}

    def available(self) -> tuple[str, ...]:
        """The ids of all its standards, in alphabetical order."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.toml")))

    def load(self, identifier: str) -> Kept_co:
        """The standard of this id. Raises UnknownName, or StandardError for a faulty file."""
        if identifier not in self._loaded:
            if identifier not in self.available():
                raise _unknown("标准", identifier, self.available())
            self._loaded[identifier] = self.load_file(self._folder / f"{identifier}.toml")
        return self._loaded[identifier]

    def load_file(self, path: Path) -> Kept_co:
        """The standard in one TOML file. Raises StandardError naming the file, the key and the fault."""
        place = in_standard(path)
        try:
            return self._build(content(path, self._kinds, self._sections), place)
        except StandardError:
            raise
        except PerfEvalError as error:
            raise place.fault(error.reason) from error

    def named(self, name: str) -> Kept_co:
        """The standard of this id or Chinese name. Raises UnknownName."""
        return named(name, [self], self._called)


def named(name: str, shelves: Sequence[Shelf[S]], called: str) -> S:
    """The standard of this id or Chinese name, wherever it stands; an id goes first. Raises UnknownName."""
    places = [(shelf, identifier) for shelf in shelves for identifier in shelf.available()]
    for shelf, identifier in places:
        if identifier == name:
            return shelf.load(identifier)
    for shelf, identifier in places:
        if shelf.load(identifier).known_as(name):
            return shelf.load(identifier)
    raise _unknown(called, name, [identifier for _, identifier in places])


def parsed(text: str, default: str, find: Callable[[str], S]) -> tuple[S, Any]:
    """The standard that a text names, and its convention with the overrides behind ``;``.

    ``default`` is meant where the text begins with an override. Raises UnknownName or InvalidValue.
    """
    parts = [part.strip() for part in plain(text).split(";") if part.strip()]
    name = parts.pop(0) if parts and "=" not in parts[0] else default
    standard = find(name)
    if not parts:
        return standard, standard.convention
    overrides = {}
    for part in parts:
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not value:
            raise UnknownName(f"口径“{part}”应写成“名称=值”，例如 reverse=reciprocal")
        overrides[key] = value
    return standard, overridden(standard.convention, overrides, "; ".join((standard.id, *parts)))


def _unknown(called: str, name: str, known: Iterable[str]) -> UnknownName:
    return UnknownName(f"没有{called}“{name}”，可用：" + "、".join(known))
