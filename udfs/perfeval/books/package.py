"""A workbook's zip package: read with bounds, and rebuilt so that every untouched member keeps its very bytes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from perfeval.budget import FILE_SIZE, MEMBERS, PACKED_TIMES, PART_SIZE, SMALL_PART, UNPACKED, Limit

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_ZIP64_EXTRA = 1


class Unreadable(Exception):
    """Why a file cannot be read: one Chinese sentence. FileBook turns it into FileRefused, with the file's name."""


DAMAGED = "文件已损坏，请用 Office 或 WPS 打开修复后另存再试"
TORN = "写出的文件核对不符，没有换下原来的文件；请检查磁盘后再试"


def refuse_beyond(limit: Limit, count: int) -> None:
    """Raises Unreadable where a file has more of something than it may."""
    if count > limit.most:
        raise Unreadable(limit.refusal)


@dataclass(frozen=True, slots=True)
class _Member:
    info: zipfile.ZipInfo
    record: slice  # local header, data and data descriptor, up to the next member


class _Facts(NamedTuple):
    """What a member's headers say of its content, in their order."""

    flags: int
    method: int
    crc: int
    packed: int
    size: int


class Package:
    """A zip package in memory. It never changes; ``rebuilt`` gives the bytes of a new one."""

    def __init__(self, data: bytes) -> None:
        """Raises Unreadable for anything but a sound, reasonably sized zip."""
        refuse_beyond(FILE_SIZE, len(data))
        refuse_beyond(MEMBERS, data.count(b"PK\x01\x02"))
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as listed:
                infos, self._directory, self._comment = listed.infolist(), listed.start_dir, listed.comment
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OSError) as error:
            raise Unreadable(DAMAGED) from error
        self.data = data
        self._members = list(self._located(infos))
        self._by_name = {_folded(member.info.filename): member.info for member in self._members}
        if len(self._by_name) != len(self._members):
            raise Unreadable(DAMAGED)
        refuse_beyond(UNPACKED, sum(member.info.file_size for member in self._members))

    def _located(self, infos: Sequence[zipfile.ZipInfo]) -> Iterator[_Member]:
        starts = sorted({info.header_offset for info in infos})
        if len(starts) < len(infos):
            raise Unreadable(DAMAGED)
        ends = dict(zip(starts, [*starts[1:], self._directory], strict=True))
        for info in infos:
            start, end = info.header_offset, ends[info.header_offset]
            if not 0 <= start <= start + _LOCAL.size + info.compress_size <= end <= len(self.data):
                raise Unreadable(DAMAGED)
            yield _Member(info, slice(start, end))

    @property
    def names(self) -> tuple[str, ...]:
        """The members' names in directory order."""
        return tuple(member.info.filename for member in self._members)

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self._by_name

    def read(self, name: str) -> bytes:
        """One member, unpacked and its checksum verified. Raises Unreadable when missing, damaged or a bomb."""
        info = self._by_name.get(_folded(name))
        if info is None:
            raise Unreadable(f"文件缺少部件 {name}，{DAMAGED}")
        if info.flag_bits & _ENCRYPTED:
            raise Unreadable("文件有密码，请取消密码后另存再试")
        refuse_beyond(PART_SIZE, info.file_size)
        if info.file_size > SMALL_PART:
            refuse_beyond(PACKED_TIMES, info.file_size // max(info.compress_size, 1))
        try:
            content = self._unpacked(info)
        except (zlib.error, struct.error) as error:
            raise Unreadable(DAMAGED) from error
        if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
            raise Unreadable(DAMAGED)
        return content

    def _unpacked(self, info: zipfile.ZipInfo) -> bytes:
        """A member's content, never more than a byte beyond what the directory declares."""
        *_, name, extra = _LOCAL.unpack_from(self.data, info.header_offset)
        start = info.header_offset + _LOCAL.size + name + extra
        packed = self.data[start : start + info.compress_size]
        if info.compress_type == zipfile.ZIP_STORED:
            return packed
        if info.compress_type != zipfile.ZIP_DEFLATED:
            raise Unreadable(DAMAGED)
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, info.file_size + 1)

    def rebuilt(self, changes: Mapping[str, bytes | None]) -> bytes:
        """The package's bytes with some members' content replaced, or dropped (None); all others as they stand. A content
        whose name is not there becomes a member more, at the end."""
        changed = {_folded(name): content for name, content in changes.items()}
        first = min((member.record.start for member in self._members), default=0)
        out = bytearray(self.data[:first])
        directory = bytearray()
        count = 0
        for member in self._members:
            info, offset = member.info, len(out)
            name = _folded(info.filename)
            if name not in changed:
                out += self.data[member.record]
                facts = _Facts(info.flag_bits, info.compress_type, info.CRC, info.compress_size, info.file_size)
            elif (content := changed[name]) is not None:
                packed = _deflated(content)
                flags = info.flag_bits & _UTF8_NAME
                facts = _Facts(flags, zipfile.ZIP_DEFLATED, zlib.crc32(content), len(packed), len(content))
                out += _local_header(info, facts) + packed
            else:
                continue
            directory += _directory_entry(info, facts, offset)
            count += 1
        for name, content in changes.items():
            if content is None or name in self:
                continue
            info, packed, offset = zipfile.ZipInfo(name), _deflated(content), len(out)
            facts = _Facts(_UTF8_NAME, zipfile.ZIP_DEFLATED, zlib.crc32(content), len(packed), len(content))
            out += _local_header(info, facts) + packed
            directory += _directory_entry(info, facts, offset)
            count += 1
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), len(out), len(self._comment))
        return bytes(out + directory + end + self._comment)


def refuse_unless_whole(file: BinaryIO) -> None:
    """Raises Unreadable unless a written package reads back whole, member by member."""
    try:
        with zipfile.ZipFile(file) as package:
            torn = package.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Unreadable(TORN) from error
    if torn:
        raise Unreadable(TORN)


def _folded(name: str) -> str:
    """Part names compare without regard to case; some writers use backslashes."""
    return name.replace("\\", "/").lstrip("/").lower()


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def _dos_time(info: zipfile.ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = info.date_time
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _name_bytes(info: zipfile.ZipInfo, flags: int) -> bytes:
    return info.orig_filename.encode("utf-8" if flags & _UTF8_NAME else "cp437")


def _local_header(info: zipfile.ZipInfo, facts: _Facts) -> bytes:
    flags, method, *sizes = facts
    name = _name_bytes(info, flags)
    return _LOCAL.pack(b"PK\3\4", 20, flags, method, *_dos_time(info), *sizes, len(name), 0) + name


def _directory_entry(info: zipfile.ZipInfo, facts: _Facts, offset: int) -> bytes:
    flags, method, *sizes = facts
    name, extra = _name_bytes(info, flags), _without_zip64(info.extra)
    return (
        _CENTRAL.pack(
            b"PK\1\2",
            info.create_version | info.create_system << 8,
            info.extract_version,
            flags,
            method,
            *_dos_time(info),
            *sizes,
            len(name),
            len(extra),
            len(info.comment),
            0,
            info.internal_attr,
            info.external_attr,
            offset,
        )
        + name
        + extra
        + info.comment
    )


def _without_zip64(extra: bytes) -> bytes:
    """The extra fields without the 64-bit sizes: no package read here needs them."""
    kept, position = b"", 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        if kind != _ZIP64_EXTRA:
            kept += extra[position : position + 4 + length]
        position += 4 + length
    return kept + extra[position:]


def archive(parts: Mapping[str, bytes], compression: int) -> bytes:
    """A zip file of these parts in this order, without a clock or a trace of the system that made it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as target:
        for name, data in parts.items():
            member = zipfile.ZipInfo(name)
            member.create_system, member.external_attr = 3, 0o600 << 16
            target.writestr(member, data, compression)
    return out.getvalue()
