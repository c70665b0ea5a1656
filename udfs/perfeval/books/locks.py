"""A file that one process holds at a time: the lock beside a workbook that is being saved, and what is being written aside.

The lock is the system's own (flock, msvcrt) on the open file, so it ends with its process, however that ends; a file that was left
behind is one that nobody holds. Written here because LibreOffice's Python has no libraries (docs/architecture.md).
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from perfeval.books.package import Unreadable

if sys.platform == "win32":
    import ctypes
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _hide(path: Path) -> None:
        ctypes.windll.kernel32.SetFileAttributesW(str(path), 2)  # elsewhere the dot of its name hides it
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _hide(path: Path) -> None:
        """The dot of its name does."""


_PATIENCE, _PAUSE = 10.0, 0.01  # seconds: a save holds the lock for some milliseconds
_BY_ANOTHER = {errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK}
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)  # a name that somebody has laid out for us is not followed
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)


@dataclass(frozen=True, slots=True)
class Held:
    """A file that this process has open and holds; not ``is_locked`` where the folder knows no locks, as some shares do."""

    path: Path
    descriptor: int
    is_locked: bool

    def remove(self) -> None:
        """Take the file away, as only its holder may, and let go of it."""
        if os.name == "nt":  # an open file cannot be removed; whoever has opened it meanwhile does
            os.close(self.descriptor)
        with suppress(OSError):
            self.path.unlink()
        if os.name != "nt":
            os.close(self.descriptor)

    def let_go(self) -> None:
        """Let go of the file, which stays."""
        os.close(self.descriptor)


def hold(path: Path, flags: int = os.O_CREAT) -> Held | None:
    """Open a file and hold it, None where another process does. Raises OSError where it cannot be opened.

    Who gets the lock looks whether the path is still the file that is locked: its last holder may have removed it meanwhile.
    """
    while True:
        descriptor = _opened(path, flags)
        try:
            is_locked = _locked(descriptor)
            if is_locked is not None and _is_at(path, descriptor):
                return Held(path, descriptor, is_locked)
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        if is_locked is None:
            return None
        if not flags & os.O_CREAT:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))


def _opened(path: Path, flags: int) -> int:
    try:
        return os.open(path, os.O_RDWR | flags | _NO_LINKS | _BINARY, 0o666)
    except PermissionError:
        if flags & os.O_EXCL:
            raise
        return os.open(path, os.O_RDONLY | flags | _NO_LINKS | _BINARY, 0o666)  # left behind by another user


def _locked(descriptor: int) -> bool | None:
    """Whether it is locked now; False where there are no locks, None where another process holds it."""
    try:
        _lock(descriptor)
    except OSError as error:
        return None if error.errno in _BY_ANOTHER else False
    return True


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def begin(path: Path) -> BinaryIO:
    """A new file, held as long as it is open. Raises OSError, FileExistsError where a file of this name is there."""
    while True:
        file = path.open("x+b")
        if os.name == "nt":  # there it is enough that it is open
            return file
        _locked(file.fileno())
        if _is_at(path, file.fileno()):
            return file
        file.close()  # taken for one left behind, before it was held


def clear(path: Path, *, unlocked_too: bool) -> None:
    """Take away a file that was left behind; one that is held stays, and where nobody can tell, unless ``unlocked_too``."""
    with suppress(OSError):
        held = hold(path, 0)
        if held is not None and (held.is_locked or unlocked_too):
            held.remove()
        elif held is not None:
            held.let_go()


@contextmanager
def saving(path: Path) -> Iterator[None]:
    """While this lasts no other process saves the file at this path. Raises Unreadable where one does and does not come to an end."""
    until = time.monotonic() + _PATIENCE
    while (held := hold(lock_of(path))) is None:
        if time.monotonic() > until:
            raise Unreadable("文件正在被另一个 PerfEval 保存，没有写入；请稍后重试")
        time.sleep(_PAUSE)
    try:
        _hide(held.path)
        yield
    finally:
        held.remove()


def lock_of(path: Path) -> Path:
    """The lock beside a file: one for all spellings of its name, and short, however long that is."""
    name = unicodedata.normalize("NFC", path.name).casefold()
    return path.with_name(f".perfeval-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.lock")
