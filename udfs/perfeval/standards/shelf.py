"""Finds published standards: a folder of files, each read when it is first asked for, by id or Chinese name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from perfeval.conventions import overridden
from perfeval.datafiles import Place
from perfeval.errors import PerfEvalError, StandardError, UnknownName
from perfeval.quantities import folded, plain
from perfeval.standards.files import FOLDERS, IDENTIFIER, content, digest, in_standard, user_folder


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
    """The standards of one folder of the package, and of the same folder of the user's.

    ``build`` makes one from a file's checked table; ``called`` is what is asked for.
    """

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
        self._adopted: dict[str, Path] = {}

    def available(self) -> tuple[str, ...]:
        """The ids of all its standards that come with the package, in alphabetical order."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.toml")))

    @property
    def user_folder(self) -> Path:
        """Where this user's own stand."""
        return user_folder() / self._folder.relative_to(FOLDERS[0])

    def added(self) -> tuple[str, ...]:
        """The ids that this user has added, or a command has named by its file."""
        files = (path.stem for path in self.user_folder.glob("*.toml"))
        own = set(filter(IDENTIFIER.fullmatch, files)) - set(self.available())  # a backup's name is no id
        return tuple(sorted(own | self._adopted.keys()))

    def load(self, identifier: str) -> Kept_co:
        """The standard of this id. Raises UnknownName, or StandardError for a faulty file."""
        if identifier not in self._loaded:
            self._loaded[identifier] = self.load_file(self._path(identifier))
        return self._loaded[identifier]

    def _path(self, identifier: str) -> Path:
        if identifier in self.available():
            return self._folder / f"{identifier}.toml"
        if identifier in self._adopted:
            return self._adopted[identifier]
        if identifier in self.added():
            return self.user_folder / f"{identifier}.toml"
        raise _unknown("标准", identifier, (*self.available(), *self.added()))

    def version(self, identifier: str) -> str:
        """The digest of the file of a standard that does not come with the package; "" for one that does."""
        return "" if identifier in self.available() else digest(self._path(identifier))

    def adopt(self, path: Path) -> Kept_co:
        """The standard in a file, which this process then knows by its id. Raises StandardError."""
        standard = self.load_file(path)
        if standard.id in self.available():
            raise in_standard(path).fault(f"id “{standard.id}”是随程序的标准，请换一个 id")
        if not IDENTIFIER.fullmatch(standard.id):
            raise in_standard(path).fault(f"id “{standard.id}”应是小写英文字母、数字和 -，3 到 62 个字")
        self._adopted[standard.id], self._loaded[standard.id] = path, standard
        return standard

    def takes(self, kind: Any) -> bool:
        """Whether a file of this ``kind`` stands here."""
        return kind in self._kinds

    def load_file(self, path: Path) -> Kept_co:
        """The standard in one TOML file. Raises StandardError naming the file, the key and the fault."""
        place = in_standard(path)
        try:
            return self._build(content(path, self._kinds, self._sections), place)
        except StandardError:
            raise
        except PerfEvalError as error:
            raise place.fault(error.reason) from error

    def readable(self) -> Iterator[Kept_co]:
        """Every standard that can be read: the package's, and those of the user's whose files are in order."""
        yield from map(self.load, self.available())
        for identifier in self.added():
            with suppress(StandardError):
                yield self.load(identifier)

    def named(self, name: str) -> Kept_co:
        """The standard of this id or Chinese name. Raises UnknownName."""
        return named(name, [self], self._called)


def named(name: str, shelves: Sequence[Shelf[S]], called: str) -> S:
    """The standard of this id or Chinese name, in any case, wherever it stands; an id goes first.

    Raises UnknownName, or StandardError where that of the id has a fault.
    """
    places = [(shelf, identifier) for shelf in shelves for identifier in (*shelf.available(), *shelf.added())]
    for shelf, identifier in places:
        if identifier == folded(name):
            return shelf.load(identifier)
    for shelf in shelves:
        for standard in shelf.readable():
            if standard.known_as(name):
                return standard
    raise _unknown(called, name, [identifier for _, identifier in places])


VERSION = ("版本", "version")


def is_version(key: str) -> bool:
    """Whether a key behind a standard's name is that of its version."""
    return folded(key) in VERSION


def parsed(text: str, default: str, find: Callable[[str], S], version: Callable[[str], str]) -> tuple[S, Any]:
    """The standard that a text names, and its convention with the overrides behind ``;``.

    ``default`` is meant where the text begins with an override. A workbook also names the ``版本`` of a standard that does
    not come with the package. Raises UnknownName, also for another version, or InvalidValue.
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
        if is_version(key):
            _check_version(standard.id, value.lower(), version(standard.id))
        else:
            overrides[key] = value
    parts = [part for part in parts if not is_version(part.partition("=")[0])]
    if not overrides:
        return standard, standard.convention
    return standard, overridden(standard.convention, overrides, "; ".join((standard.id, *parts)))


def _check_version(identifier: str, wanted: str, own: str) -> None:
    if own and wanted != own:
        told = f"标准“{identifier}”在这台电脑上是另一个版本（{own}，工作簿用的是 {wanted}），得分可能不同"
        raise UnknownName(f"{told}；请用 perfeval standards add 加入同一个标准文件")


def _unknown(called: str, name: str, known: Iterable[str]) -> UnknownName:
    return UnknownName(
        f"没有{called}“{name}”，可用：{'、'.join(known)}；自己的标准先用 perfeval standards add 标准.toml 加入这台电脑"
    )
