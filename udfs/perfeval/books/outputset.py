"""Files that belong together: all are written aside before the first is swapped in, and a run that was killed between two swaps is
finished by the next one.

What is about to be swapped stands in a note beside the files, only while they are swapped: one that nobody holds was left by a run
that did not come to its end. What it names is only ever a file of that folder, in the place of one that is as it was.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from perfeval.books import seals
from perfeval.books.locks import Held, hold
from perfeval.books.outputs import Aside, Output, refusing, sweep
from perfeval.books.package import Unreadable
from perfeval.errors import FileRefused

_NOTE = ".perfeval-set.json"
_WAITING = ".new"  # of a file aside that a note may name: no other run sweeps it away
_ASIDE = re.compile(r"\.perfeval-[0-9a-f]{16}\.new")
_BUSY = "另一个 PerfEval 正在写这里的文件；请稍后重试"


class OutputSet:
    """Files below one folder, for a ``with`` block at whose end they are swapped in, all of them or, where one cannot be, none.

    ``finished`` says what an earlier run had left half done, and that it is done now. Raises FileRefused.
    """

    def __init__(self, folder: Path, *, overwrite: bool = False) -> None:
        self.folder, self._overwrite = folder, overwrite
        self._asides: list[Aside] = []
        self.finished: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        with refusing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            self.finished = tuple(_finish(self.folder))
        return self

    @contextmanager
    def writing(self, name: str, seal: Callable[[BinaryIO], None]) -> Iterator[BinaryIO]:
        """A file of the set, by its name below the folder, to write piece by piece; it is sealed at the end."""
        aside = self._aside(name)
        with refusing(aside.output.path):
            yield aside.file
            seal(aside.file)
            aside.close(seals.refuse_unless_sealed)

    def write(self, name: str, data: bytes) -> None:
        """A file of the set, at once."""
        aside = self._aside(name)
        with refusing(aside.output.path):
            aside.fill(data)

    def _aside(self, name: str) -> Aside:
        path = self.folder / name
        with refusing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            output = Output.to(path, overwrite=self._overwrite)
            sweep(output.real.parent, _WAITING)
            self._asides.append(Aside(output, _WAITING))
        return self._asides[-1]

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        try:
            if kind is None:
                with refusing(self.folder):
                    self._swap()
        finally:
            for aside in self._asides:
                aside.drop()

    def _swap(self) -> None:
        for aside in self._asides:
            with refusing(aside.output.path):
                aside.output.refuse_when_changed()
        note = hold(self.folder / _NOTE)
        if note is None:
            raise Unreadable(_BUSY)
        entries = [[self._below(one.path), self._below(one.output.real), one.output.before] for one in self._asides]
        os.ftruncate(note.descriptor, 0)
        os.write(note.descriptor, json.dumps(entries, ensure_ascii=False).encode())
        os.fsync(note.descriptor)
        swapped = 0
        try:
            for aside in self._asides:
                with refusing(aside.output.path):
                    aside.swap()
                swapped += 1
        except FileRefused as refused:
            if not swapped:
                note.remove()
                raise
            left, self._asides = self._asides[swapped:], []
            for aside in left:
                aside.file.close()
            note.let_go()
            names = "、".join(aside.output.path.name for aside in left)
            raise Unreadable(
                f"写到一半停下了（{refused}）：{names}还没有换成新的；排除原因后再运行一次，就会补完"
            ) from refused
        note.remove()

    def _below(self, path: Path) -> str:
        return path.relative_to(self.folder.resolve()).as_posix()


def _finish(folder: Path) -> Iterator[str]:
    """Put in their places what a killed run had written aside, and say so. Raises Unreadable where another run is at it."""
    try:
        note = hold(folder / _NOTE, 0)
    except FileNotFoundError:
        return
    if note is None:
        raise Unreadable(_BUSY)
    done, kept = [], []
    for aside, name, before in _entries(note):
        path, real = folder / aside, folder / name
        try:
            Output(real, real, before).refuse_when_changed()
        except Unreadable:
            path.unlink()
            kept.append(name)
        else:
            path.replace(real)
            done.append(name)
    note.remove()
    if done:
        yield f"上次写到一半就停了，现在补完了：{'、'.join(done)}"
    if kept:
        yield f"上次写到一半就停了，之后又被改过的保留着：{'、'.join(kept)}"


def _entries(note: Held) -> Iterator[tuple[str, str, str | None]]:
    """What a note names that still waits; one that was not yet whole names nothing, as nothing was swapped then."""
    if not note.path.is_file():  # a pipe of that name would be waited for
        return
    try:
        entries = json.loads(note.path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return
    for entry in entries if isinstance(entries, list) else ():
        match entry:
            case [str(aside), str(name), str() | None as before] if _is_inside(note.path.parent, aside, name):
                yield aside, name, before


def _is_inside(folder: Path, aside: str, name: str) -> bool:
    """Whether a file of the folder waits there for a place beside it; a note that somebody else laid out reaches no further."""
    path, real = folder / aside, folder / name
    return (
        _ASIDE.fullmatch(path.name) is not None
        and path.parent == real.parent
        and path.is_file()
        and not path.is_symlink()
        and path.parent.resolve().is_relative_to(folder.resolve())
    )
