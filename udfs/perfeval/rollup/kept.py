"""What earlier runs have read of a folder: an SQLite file in this user's cache, a row a file and content.

A run that was stopped goes on where it was; a later one reads only what is new or changed. A reading is known by the SHA-256 of the
content that it follows from, never by a date. The file is named after the folder, the standard and the code that reads, so another
program begins another. What is not as this program left it is thrown away and said; without the file everything is read.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Self, TypeVar

from perfeval.books.diskfile import bounded
from perfeval.books.package import Unreadable
from perfeval.filenames import shown
from perfeval.rollup.cachefolder import NotOurs, own_folder, refuse_another_s
from perfeval.rollup.rows import TABLES, FileRow, Reading

_WAIT = 5  # seconds for another run on the same folder to finish a write
_AGE = 90 * 24 * 3600  # seconds after which a file that no run has used is swept
_TABLE = "CREATE TABLE kept (file TEXT PRIMARY KEY, seal TEXT, reading TEXT)"
_SCHEMA = [("index", "sqlite_autoindex_kept_1", "kept", None), ("table", "kept", "kept", _TABLE)]
_BELONGING = ("", "-journal", "-wal", "-shm")  # what SQLite keeps beside a file
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_WHY = {
    sqlite3.SQLITE_BUSY: "另一次汇总正在写它",
    sqlite3.SQLITE_FULL: "磁盘满了",
    sqlite3.SQLITE_IOERR: "磁盘读写出错",
    sqlite3.SQLITE_READONLY: "写不进去",
    sqlite3.SQLITE_CANTOPEN: "打不开",
}
T = TypeVar("T")


class _NotAsLeft(Exception):
    """What stands in the file is not what this program has written."""


class Kept:
    """Readings of one folder under one standard. Nothing is raised: where the file fails ``notes`` say so, and the run goes on."""

    def __init__(self, folder: Path, standard: str) -> None:
        self.notes: list[str] = []
        self._database: sqlite3.Connection | None = None
        try:
            own = own_folder()
        except NotOurs as error:
            self._go_without(str(error))
            return
        _sweep(own)
        self.path = own / f"rollup-{_key(folder, standard)}.sqlite"
        self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    @property
    def is_kept(self) -> bool:
        """Whether what is read is kept for the next run."""
        return self._database is not None

    def reading(self, folder: Path, name: str) -> Reading | None:
        """The rows of a file, by its path below the folder, if what it holds now has been read, and it may be read now."""
        if not self._attempt(lambda database: database.execute("SELECT 1 FROM kept LIMIT 1").fetchone()):
            return None
        path = shown(name)
        try:
            digest = hashlib.sha256(bounded(folder / name)).hexdigest()
        except Unreadable:
            return None
        return self._attempt(lambda database: _unpacked(database, path, digest))

    def add(self, readings: Iterable[Reading]) -> None:
        """Keep the rows of some files, of those whose rows follow from their content."""
        rows = [_packed(reading) for reading in readings if reading.file.digest]

        def add(database: sqlite3.Connection) -> None:
            with database:
                database.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)
                database.executemany("INSERT INTO temp.used VALUES (?)", (row[:1] for row in rows))

        self._attempt(add)

    def forget_others(self) -> None:
        """Forget every reading that this run neither gave nor took: of files that are gone or have changed."""

        def forget(database: sqlite3.Connection) -> None:
            with database:
                database.execute("DELETE FROM kept WHERE file NOT IN (SELECT file FROM temp.used)")

        self._attempt(forget)

    def _attempt(self, do: Callable[[sqlite3.Connection], T]) -> T | None:
        """What is done with the file gives; None where there is none, or it fails."""
        if self._database is None:
            return None
        try:
            return do(self._database)
        except (sqlite3.Error, _NotAsLeft) as error:
            self._fail(error)
            return None

    def _open(self) -> None:
        try:
            with suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            refuse_another_s(self.path, stat.S_ISREG)
            os.utime(self.path)
            self._database = sqlite3.connect(os.fsencode(self.path), timeout=_WAIT)
            _begin(self._database)
        except NotOurs as error:
            self._go_without(str(error))
        except OSError as error:
            self._go_without(f"{error.strerror}（{shown(self.path)}）")
        except (sqlite3.Error, _NotAsLeft) as error:
            self._fail(error)

    def _fail(self, error: sqlite3.Error | _NotAsLeft) -> None:
        """Begin anew once where the file is damaged or not as it was left; go without it otherwise."""
        code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)  # without one it is a text that is none
        kind = code & 0xFF  # the rest tells it in more detail
        if kind in _DAMAGED and not self.notes:
            self._close()
            self.notes.append(f"以前记下的汇总进度已损坏或被改动过，没有用它，从头读起（{shown(self.path)}，已删除）")
            try:
                for ending in _BELONGING:
                    self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
            except OSError as trouble:
                self._go_without(f"{trouble.strerror}；请删除 {shown(self.path)}")
            else:
                self._open()
        else:
            self._go_without(f"{_WHY.get(kind, str(error))}；如总是这样，请删除 {shown(self.path)}")

    def _go_without(self, reason: str) -> None:
        self._close()
        self.notes.append(f"这次没有记下进度，停下后要从头读：{reason}")

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


def _begin(database: sqlite3.Connection) -> None:
    """Make the one table that there is. Raises _NotAsLeft where there is anything else."""
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA synchronous = NORMAL")
    with database:
        database.execute("BEGIN IMMEDIATE")
        schema = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name DESC").fetchall()
        if not schema:
            database.execute(_TABLE)
        elif schema != _SCHEMA:
            raise _NotAsLeft
    database.execute("CREATE TEMP TABLE used (file TEXT)")


def _packed(reading: Reading) -> tuple[str, str, str]:
    file, *rows = reading
    key = _file(file.path, file.digest)
    text = json.dumps([file.refusal, *([row[1:] for row in each] for each in rows)])  # each begins with the path
    return key, _seal(key, text), text


def _unpacked(database: sqlite3.Connection, path: str, digest: str) -> Reading | None:
    """The rows that are kept of a file with this content. Raises _NotAsLeft where they are not those that were put there."""
    key = _file(path, digest)
    row = database.execute("SELECT seal, reading FROM kept WHERE file = ?", (key,)).fetchone()
    if row is None:
        return None
    seal, text = row
    if not isinstance(text, str) or seal != _seal(key, text):
        raise _NotAsLeft
    database.execute("INSERT INTO temp.used VALUES (?)", (key,))
    refusal, *rows = json.loads(text)
    kinds = list(TABLES.values())[1:]
    return Reading(
        FileRow(path, digest, refusal),
        *(tuple(kind(path, *one) for one in each) for kind, each in zip(kinds, rows, strict=True)),
    )


def _file(path: str, digest: str) -> str:
    return f"{digest} {path}"


def _seal(key: str, text: str) -> str:
    return hashlib.sha256(f"{key}\n{text}".encode()).hexdigest()


def _key(folder: Path, standard: str) -> str:
    parts = (os.fsencode(os.path.realpath(folder)), standard.encode(), _code())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:32]


@cache
def _code() -> bytes:
    """The SHA-256 of everything of this package that a reading follows from: its source, its standards, its words."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted((*package.rglob("*.py"), *package.rglob("*.toml"))):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()} {len(data)}\n".encode())
        digest.update(data)
    return digest.digest()


def _sweep(folder: Path) -> None:
    """Remove what runs have left here and none has used for a long time."""
    for path in folder.glob("rollup-*.sqlite*"):
        with suppress(OSError):  # another run may sweep it too
            if time.time() - path.lstat().st_mtime > _AGE:
                path.unlink()
