"""Writing a compound file ([MS-CFB], version 3): storages and streams in one blob, the container of a VBA project.

Only writing, only what a project needs. The same streams give the same bytes: no clock, no random number.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

Storage = Mapping[str, "bytes | Storage"]

SECTOR = 512
MINI_SECTOR = 64
MINI_LIMIT = 4096  # a shorter stream lives in the mini stream
HEADER_FAT_SLOTS = 109

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_ROOT, _STORAGE, _STREAM = 5, 1, 2
_RED, _BLACK = 0, 1


@dataclass(slots=True)
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    children: list[int] = field(default_factory=list)
    left: int = _FREE
    right: int = _FREE
    child: int = _FREE
    colour: int = _BLACK
    start: int = _END
    size: int = 0


def compound_file(root: Storage) -> bytes:
    """The compound file whose root holds ``root``: names to streams (bytes) or to storages (mappings).

    Raises ValueError for more than seven megabytes, which would need a second allocation table.
    """
    entries = _directory(root)
    mini, mini_fat = _mini_stream(entries)
    fat: list[int] = []
    sectors = bytearray()

    def store(data: bytes) -> int:
        """Append ``data`` as one chain of sectors; its first sector."""
        if not data:
            return _END
        first = len(fat)
        count = -(-len(data) // SECTOR)
        fat.extend(range(first + 1, first + count))
        fat.append(_END)
        sectors.extend(data.ljust(count * SECTOR, b"\0"))
        return first

    for entry in entries:
        if entry.kind == _STREAM and entry.size >= MINI_LIMIT:
            entry.start = store(entry.data)
    entries[0].start, entries[0].size = store(mini), len(mini)
    mini_fat_bytes = _table(mini_fat)
    mini_fat_start = store(mini_fat_bytes)
    directory_start = store(b"".join(map(_directory_entry, entries)) + _padding_entries(len(entries)))

    fat_sectors = 1
    while fat_sectors * (SECTOR // 4) < len(fat) + fat_sectors:
        fat_sectors += 1
    if fat_sectors > HEADER_FAT_SLOTS:
        raise ValueError("the compound file would need a second allocation table")
    fat_at = range(len(fat), len(fat) + fat_sectors)
    fat.extend([_FAT] * fat_sectors)
    header = _header(fat_at, directory_start, mini_fat_start, len(mini_fat_bytes) // SECTOR)
    return header + bytes(sectors) + _table(fat)


def _directory(root: Storage) -> list[_Entry]:
    """All entries, the root first, each storage's children linked as a red-black tree."""
    entries = [_Entry("Root Entry", _ROOT)]

    def add(parent: int, storage: Storage) -> None:
        for name, content in storage.items():
            number = len(entries)
            entries[parent].children.append(number)
            if isinstance(content, bytes):
                entries.append(_Entry(name, _STREAM, content, size=len(content)))
            else:
                entries.append(_Entry(name, _STORAGE))
                add(number, content)

    add(0, root)
    for entry in entries:
        # [MS-CFB] 2.6.4: shorter names first, then by upper case.
        ordered = sorted(entry.children, key=lambda n: (len(entries[n].name), entries[n].name.upper()))
        entry.child = _balanced(entries, ordered, len(ordered).bit_length())
        if ordered:
            entries[entry.child].colour = _BLACK
    return entries


def _balanced(entries: list[_Entry], ordered: list[int], height: int) -> int:
    """Link sorted entries as a balanced tree; its top. Only the last level is red, so every path holds as many blacks."""
    if not ordered:
        return _FREE
    middle = len(ordered) // 2
    top = entries[ordered[middle]]
    top.colour = _RED if height == 1 else _BLACK
    top.left = _balanced(entries, ordered[:middle], height - 1)
    top.right = _balanced(entries, ordered[middle + 1 :], height - 1)
    return ordered[middle]


def _mini_stream(entries: list[_Entry]) -> tuple[bytes, list[int]]:
    """The mini stream with its allocation table; short streams learn where they start in it."""
    stream, table = bytearray(), []
    for entry in entries:
        if entry.kind == _STREAM and 0 < entry.size < MINI_LIMIT:
            entry.start = len(table)
            count = -(-entry.size // MINI_SECTOR)
            table.extend(range(entry.start + 1, entry.start + count))
            table.append(_END)
            stream.extend(entry.data.ljust(count * MINI_SECTOR, b"\0"))
    return bytes(stream), table


def _table(values: list[int]) -> bytes:
    """An allocation table, filled up to whole sectors."""
    filled = values + [_FREE] * (-len(values) % (SECTOR // 4))
    return struct.pack(f"<{len(filled)}I", *filled)


def _directory_entry(entry: _Entry) -> bytes:
    name = (entry.name + "\0").encode("utf-16-le")
    start = 0 if entry.kind == _STORAGE else entry.start
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        *(name, len(name), entry.kind, entry.colour, entry.left, entry.right, entry.child),
        *(b"", 0, 0, 0, start, entry.size),
    )


def _padding_entries(count: int) -> bytes:
    """Unused entries that fill the directory's last sector."""
    unused = struct.pack("<64sHBBIII16sIQQIQ", b"", 0, 0, 0, _FREE, _FREE, _FREE, b"", 0, 0, 0, 0, 0)
    return unused * (-count % (SECTOR // len(unused)))


def _header(fat_at: range, directory: int, mini_fat: int, mini_fat_sectors: int) -> bytes:
    slots = [*fat_at, *[_FREE] * (HEADER_FAT_SLOTS - len(fat_at))]
    return struct.pack(
        f"<8s16sHHHHH6sIIIIIIIII{HEADER_FAT_SLOTS}I",
        *(bytes.fromhex("D0CF11E0A1B11AE1"), b"", 0x3E, 3, 0xFFFE, 9, 6, b""),
        *(0, len(fat_at), directory, 0, MINI_LIMIT, mini_fat, mini_fat_sectors, _END, 0),
        *slots,
    )
