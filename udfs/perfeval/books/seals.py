"""The digest that a file of ours carries in itself, where a program that saves the file anew loses it or it no longer fits.

While a file's seal holds the file is as we wrote it, on whatever desk, under whatever name. The 64 digits stand for the digest of the
file with zeros in their place, so they may stand anywhere: in the comment of a zip, the last comment of a page, the footer of a
Parquet file. JSON has no comment, and a key more would be data: there they are 256 blanks and tabs after the last bracket.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from typing import BinaryIO

from perfeval.books.package import TORN, Unreadable, refuse_unless_whole

_DIGITS = 64
_TEXT = re.compile(rb"perfeval:([0-9a-f]{64})(?![0-9a-f])")
_BITS = re.compile(rb"([ \t]{256})\n\Z")
_TAIL = 1 << 16  # bytes at a file's end in which its seal stands
_CHUNK = 1 << 20

BLANK = "perfeval:" + "0" * _DIGITS
"""What a file holds where its seal is to stand."""


def seal_page(file: BinaryIO) -> None:
    """Seal an HTML page."""
    file.write(f"<!-- {BLANK} -->\n".encode())
    seal(file)


def seal_data(file: BinaryIO) -> None:
    """Seal a JSON file."""
    file.write(b" " * (4 * _DIGITS) + b"\n")
    seal(file)


def seal_toml(file: BinaryIO) -> None:
    """Seal a TOML file."""
    file.write(f"# {BLANK}\n".encode())
    seal(file)


def seal_package(file: BinaryIO) -> None:
    """Seal a zip. Raises Unreadable unless it is whole."""
    with zipfile.ZipFile(file, "a") as package:
        package.comment = BLANK.encode()
    seal(file)
    refuse_unless_whole(file)


def seal(file: BinaryIO) -> None:
    """Put the digest where the blank stands, in a file that is complete but for it."""
    at, bits, _ = _seal_in(file)
    digest = _digest(file, at, bits)
    file.seek(at)
    file.write(_as_bits(digest) if bits else digest.encode())
    file.seek(0, 2)


def holds(file: BinaryIO) -> bool:
    """Whether a file carries a seal and is as it was when it was sealed."""
    try:
        at, bits, present = _seal_in(file)
    except Unreadable:
        return False
    digest = _digest(file, at, bits)
    return present == (_as_bits(digest) if bits else digest.encode())


def refuse_unless_sealed(file: BinaryIO) -> None:
    """Raises Unreadable unless what came to disk is what was sealed."""
    if not holds(file):
        raise Unreadable(TORN)


def _seal_in(file: BinaryIO) -> tuple[int, bool, bytes]:
    """Where a file's seal stands, whether as blanks and tabs, and the seal. Raises Unreadable where there is none."""
    size = file.seek(0, 2)
    start = file.seek(max(0, size - _TAIL))
    tail = file.read()
    bits = _BITS.search(tail)
    last = bits or next(reversed([*_TEXT.finditer(tail)]), None)
    if last is None:
        raise Unreadable(TORN)
    return start + last.start(1), bits is not None, last[1]


def _digest(file: BinaryIO, at: int, bits: bool) -> str:
    """The digest of a file with nothing but zeros for its seal, which stands at ``at``."""
    whole, zeros = hashlib.sha256(), b" " * 4 * _DIGITS if bits else b"0" * _DIGITS
    file.seek(0)
    left = at
    while left and (chunk := file.read(min(left, _CHUNK))):
        whole.update(chunk)
        left -= len(chunk)
    whole.update(zeros)
    file.seek(at + len(zeros))
    while chunk := file.read(_CHUNK):
        whole.update(chunk)
    return whole.hexdigest()


def _as_bits(digest: str) -> bytes:
    return f"{int(digest, 16):0{4 * _DIGITS}b}".translate({ord("0"): " ", ord("1"): "\t"}).encode()
