"""The one way of everything that is written: aside, in the same folder; read back; then swapped in, if nothing stands in its way.

Whoever looks sees the old file or the new one, never a part, and where something goes wrong the old one is as it was. What stands
at the place is replaced without a question only where it is our own and untouched (``seals``, ``sealed``); anything else only
where a person says so, and is then kept as a dated backup. A file that appears or changes meanwhile is never replaced.
"""

from __future__ import annotations

import errno
import hashlib
import os
import platform
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Self

from perfeval.books import sealed, seals
from perfeval.books.diskfile import refuse_when_open
from perfeval.books.locks import begin, clear, saving
from perfeval.books.package import TORN, Unreadable
from perfeval.budget import FILE_SIZE
from perfeval.errors import FileRefused, OutputIsInput

_CHUNK = 1 << 20
_NAME = 255  # bytes that a file's name may have
_MINUTE, _DAY = 60, 24 * 3600
_HERE = hashlib.sha256(platform.node().encode("utf-8", "surrogateescape")).hexdigest()[
    :6
]  # of a file aside: which computer's
_CANNOT_LINK = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV})
_NOT_OURS = (
    "文件已经存在，而且不是 PerfEval 写出后原样未动的，没有覆盖；请换一个文件名，或先移走它（命令行可加 --overwrite）"
)
_APPEARED = "这期间别的程序写出了同名文件，没有覆盖它；请核对后重试"
_CHANGED = "文件刚被改过（打开之后又被改动过），没有写入；请重试"
_GONE = "文件不见了；请核对后重新运行"
_NO_TEMPORARY = "系统的临时文件夹写不进去，多半是磁盘满了，请清理后再试"
_WHY = {
    errno.ENOSPC: "磁盘空间已满，请清理后再试",
    errno.EDQUOT: "磁盘空间的配额已用完，请清理后再试",
    errno.EFBIG: "磁盘空间不许写这么大的文件，请清理或换一个地方再试",
    errno.ENAMETOOLONG: "文件名太长，请换一个短的",
    errno.EROFS: "这里是只读的，请换一个文件夹",
    errno.EACCES: "没有写入权限，请检查文件夹的权限，文件是否正被其他程序打开",
    errno.EPERM: "没有写入权限，请检查文件夹的权限，文件是否正被其他程序打开",
    errno.EEXIST: "这里已有一个文件叫这个名字，请换一个文件夹",
    errno.ELOOP: "链接绕成了圈，请给出真正的文件夹",
    errno.ENOENT: "没有这个文件夹，请先建好文件夹",
    errno.ENOTDIR: "没有这个文件夹，请先建好文件夹",
}


def why_not(error: OSError) -> str:
    """Why the system refuses a file, and what to do."""
    if error.errno == errno.ENOENT and error.filename is None:  # as tempfile says that no folder took a file
        return _NO_TEMPORARY
    default = "请检查磁盘空间和文件夹的写入权限，文件是否正被其他程序打开"
    return _WHY.get(error.errno or 0, default)


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Whatever cannot be written within this is a FileRefused of that path."""
    try:
        yield
    except Unreadable as reason:
        raise FileRefused(path, str(reason)) from reason
    except OSError as error:
        raise FileRefused(path, f"写不进去：{why_not(error)}") from error


# --- what is written, and what stands there -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Output:
    """A file that is to be written: ``path`` as it was named, ``real`` with its folders resolved; ``before`` is the digest of what
    stood there when it was looked at (None: nothing), ``keeps`` whether that is kept as a backup."""

    path: Path
    real: Path
    before: str | None
    keeps: bool = False

    @classmethod
    def to(cls, path: Path, *, overwrite: bool = False, inputs: Iterable[Path] = ()) -> Self:
        """A file to write, before any work is done for it.

        Raises OutputIsInput for a file that the same run reads, under any of its names; FileRefused where it cannot be written, or
        where a file stands that is not ours as we wrote it, unless ``overwrite``.
        """
        with refusing(path):
            real = _with_real_folder(path)
            _refuse_inputs(path, real, inputs)
            if not _is_there(real):
                return cls(path, real, None)
            refuse_when_open(real)
            _refuse_read_only(real)
            ours = is_ours(real)
            if not ours and not overwrite:
                raise Unreadable(_NOT_OURS)
            return cls(path, real, _digest_of(real), keeps=not ours)

    @classmethod
    def over(cls, path: Path, opened: bytes, *, backup: bool) -> Self:
        """A file to write in the place of the one that was read there, also by a link to it. Raises FileRefused."""
        with refusing(path):
            real = Path(os.path.realpath(path))
            if not _is_there(real):
                raise Unreadable(_GONE)
            refuse_when_open(real)
            _refuse_read_only(real)
            return cls(path, real, hashlib.sha256(opened).hexdigest(), keeps=backup)

    def write(self, data: bytes) -> Path | None:
        """Write it at once; the backup's path, where one was made. Raises FileRefused; what stood there is then as it was."""
        with refusing(self.path):
            aside = Aside(self)
            try:
                aside.fill(data)
                return aside.swap()
            finally:
                aside.drop()

    @contextmanager
    def writing(self, seal: Callable[[BinaryIO], None]) -> Iterator[BinaryIO]:
        """A file to write piece by piece, sealed and swapped in at the end. Raises FileRefused; what stood there is then as it was."""
        with refusing(self.path):
            aside = Aside(self)
            try:
                yield aside.file
                seal(aside.file)
                aside.close(seals.refuse_unless_sealed)
                aside.swap()
            finally:
                aside.drop()

    def refuse_when_changed(self) -> None:
        """Raises Unreadable unless what stands there is what stood there, and may be replaced."""
        refuse_when_open(self.real)
        if self.before is None:
            if os.path.lexists(self.real):
                raise Unreadable(_APPEARED)
            return
        try:
            _refuse_read_only(self.real)
            same = _digest_of(self.real) == self.before
        except FileNotFoundError as error:
            raise Unreadable(_GONE) from error
        if not same:
            raise Unreadable(_CHANGED)


def _with_real_folder(path: Path) -> Path:
    """The path with the links of its folders followed, its last name as it is."""
    try:
        folder = path.parent.resolve(strict=True)
    except RuntimeError as error:  # before Python 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from error
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if path.name in ("", ".."):
        raise Unreadable("这是文件夹；请给出要保存的文件名")
    return folder / path.name


def _refuse_inputs(path: Path, real: Path, inputs: Iterable[Path]) -> None:
    for each in inputs:
        with suppress(
            OSError, RuntimeError, ValueError
        ):  # an input that cannot be looked at is no file that could be overwritten
            if each.resolve() == real or (real.exists() and real.samefile(each)):
                raise OutputIsInput(path)


def _is_there(real: Path) -> bool:
    """Whether a file stands there; raises Unreadable for whatever else does."""
    try:
        mode = real.lstat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISLNK(mode):
        raise Unreadable("这是一个链接，没有顺着它写；请给出真正的文件，或换一个文件名")
    if stat.S_ISDIR(mode):
        raise Unreadable("这是文件夹，没有覆盖；请给出要保存的文件名")
    if not stat.S_ISREG(mode):
        raise Unreadable("这不是普通文件，写不进去；请换一个文件名")
    return True


def _refuse_read_only(real: Path) -> None:
    if not real.stat().st_mode & stat.S_IWRITE or not os.access(real, os.W_OK):
        raise Unreadable("文件是只读的；请在文件属性里取消只读后再试")


def is_ours(real: Path) -> bool:
    """Whether a file is one of ours and as we wrote it."""
    with real.open("rb") as file:
        if seals.holds(file):
            return True
        file.seek(0)
        is_package = file.read(2) == b"PK" and real.stat().st_size <= FILE_SIZE.most
        file.seek(0)
        return is_package and sealed.is_untouched(file.read())


def _digest_of(real: Path) -> str:
    with real.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_unless(file: BinaryIO, data: bytes) -> None:
    if file.read() != data:
        raise Unreadable(TORN)


# --- aside, and into its place ------------------------------------------------------------------------------------


class Aside:
    """An output while it is written: a file of its own in the folder, held, so that nobody takes it for one left behind."""

    def __init__(self, output: Output, suffix: str = ".tmp") -> None:
        """Begin it. Raises Unreadable, OSError where the folder takes no file."""
        self.output = output
        sweep(output.real.parent)
        like = output.real if output.before is not None else None
        self.path, self.file = _new_file(output.real.parent, like, suffix)

    def fill(self, data: bytes) -> None:
        """Write all of it. Raises Unreadable, OSError."""
        self.file.write(data)
        self.close(lambda file: _refuse_unless(file, data))

    def close(self, check: Callable[[BinaryIO], None]) -> None:
        """Bring it to disk and read back what came there. Raises Unreadable, OSError."""
        _settle(self.file)
        with self.path.open("rb") as written:
            check(written)

    def swap(self) -> Path | None:
        """Put it in its place, if what stands there is what stood there; the backup's path, where one is kept."""
        output = self.output
        if not output.keeps or output.before is None:
            with saving(output.real):
                output.refuse_when_changed()
                self._put()
            return None
        kept = _copied(output.real)
        try:
            with saving(output.real):
                output.refuse_when_changed()
                backup = _published_beside(kept, output.real)
                try:
                    self._put()
                except BaseException:
                    backup.unlink()
                    raise
            return backup
        finally:
            kept.unlink(missing_ok=True)

    def _put(self) -> None:
        if os.name == "nt":
            self.file.close()
        if self.output.before is None:
            _publish(self.path, self.output.real)
        else:
            self.path.replace(self.output.real)

    def drop(self) -> None:
        """Let go of it, and take it away where it is not in its place."""
        with suppress(OSError):
            self.file.close()
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def _new_file(folder: Path, like: Path | None, suffix: str = ".tmp") -> tuple[Path, BinaryIO]:
    """A file beside the others, read and written by whom ``like`` may be, or any new file."""
    path = folder / f".perfeval-{_HERE}{secrets.token_hex(5)}{suffix}"
    file = begin(path)
    try:
        if like is not None:
            shutil.copymode(like, path)
    except BaseException as error:
        file.close()
        path.unlink(missing_ok=True)
        if isinstance(error, FileNotFoundError):
            raise Unreadable(_GONE) from error
        raise
    return path, file


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _copied(real: Path) -> Path:
    """A copy of a file, for its backup, not yet under its name."""
    path, file = _new_file(real.parent, real)
    with file, real.open("rb") as old:
        shutil.copyfileobj(old, file, _CHUNK)
        _settle(file)
    return path


def _publish(path: Path, name: Path) -> None:
    """Give a file a name that no other has. Raises Unreadable where one has it by now."""
    try:
        if os.name == "nt":
            path.rename(name)  # never replaces there
        else:
            os.link(path, name)
            path.unlink()
    except FileExistsError as error:
        raise Unreadable(_APPEARED) from error
    except OSError as error:
        if error.errno not in _CANNOT_LINK:
            raise
        if os.path.lexists(name):
            raise Unreadable(_APPEARED) from error
        path.rename(name)


def _published_beside(path: Path, real: Path) -> Path:
    """Give a backup its dated name; an older one is never overwritten."""
    moment = f".备份-{datetime.now():%Y%m%d-%H%M%S}"
    number = 1
    while True:
        ending = f"{moment}{f'-{number}' if number > 1 else ''}{real.suffix}"
        stem = real.stem
        while len(os.fsencode(stem + ending)) > _NAME:
            stem = stem[:-1]
        with suppress(Unreadable):
            _publish(path, real.with_name(stem + ending))
            return real.with_name(stem + ending)
        number += 1


# --- a whole folder, and what killed runs leave behind ------------------------------------------------------------


def refuse_existing_folder(path: Path) -> None:
    """Raises FileRefused where something of this name is there: a folder is never replaced."""
    with refusing(path):
        if os.path.lexists(_with_real_folder(path)):
            raise Unreadable("已经存在，没有覆盖；请换个名字，或先移走原来的")


def write_folder(draft: Path, path: Path) -> None:
    """Copy a folder to a place where nothing is, at once. Raises FileRefused."""
    refuse_existing_folder(path)
    with refusing(path):
        real = _with_real_folder(path)
        aside = real.with_name(f".perfeval-{_HERE}{secrets.token_hex(5)}.tmp")
        try:
            shutil.copytree(draft, aside)
            with saving(real):
                if os.path.lexists(real):
                    raise Unreadable(_APPEARED)
                aside.rename(real)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def sweep(folder: Path, *endings: str) -> None:
    """Take away what killed runs left in a folder: files that nobody holds; where nobody can tell, those of yesterday; our own only."""
    now = time.time()
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".perfeval-") and entry.name.endswith(endings or (".tmp", ".lock")):
                with suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    age = now - status.st_mtime
                    if not _is_own(status) or age < _resting(entry.name):
                        continue
                    if stat.S_ISREG(status.st_mode):
                        clear(Path(entry.path), unlocked_too=age > _DAY)
                    elif stat.S_ISDIR(status.st_mode) and age > _DAY:
                        shutil.rmtree(entry.path)


def _resting(name: str) -> int:
    """How many seconds a file has to lie there before it is looked at: other computers' locks are not seen on every share."""
    if name.endswith(".lock"):
        return _MINUTE
    is_from_here = name.startswith(f".perfeval-{_HERE}")
    return _DAY if not is_from_here else _MINUTE if os.name == "nt" else 0  # there it is let go of just before the swap


def _is_own(status: os.stat_result) -> bool:
    return os.name == "nt" or status.st_uid == os.getuid()
