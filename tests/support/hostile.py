"""Makers of files that no spreadsheet program would write, or that only a careless one would."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

CONTENT_TYPES = (
    f'{HEADER}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/calcChain.xml" ContentType="application/x-chain"/></Types>'
)
ROOT_LINKS = (
    f'{HEADER}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="176" formatCode="0.0%"/></numFmts>'
    '<cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="31"/>'
    '<xf numFmtId="0" applyProtection="1"><protection locked="0"/></xf><xf numFmtId="20"/></cellXfs>'
    '<dxfs><dxf><numFmt numFmtId="14" formatCode="0"/></dxf></dxfs></styleSheet>'
)


def links(sheet: str = "worksheets/sheet1.xml", office: str = OFFICE) -> str:
    """The workbook's relationships."""
    return (
        f'{HEADER}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="{sheet}"/>'
        f'<Relationship Id="rId2" Type="{office}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="rId4" Type="{office}/calcChain" Target="calcChain.xml"/></Relationships>'
    )


def workbook(inside: str = "", name: str = "表", before: str = "") -> str:
    """A workbook part with one sheet."""
    return (
        f'{HEADER}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheets><sheet name="{name}" sheetId="1" '
        f'r:id="rId1"/></sheets>{inside}</workbook>'
    )


def sheet(data: str, before: str = "", after: str = "") -> str:
    """A worksheet part around its ``<sheetData>`` content."""
    return f'{HEADER}<worksheet xmlns="{MAIN}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def parts(data: str = "", **given: str) -> dict[str, str | bytes]:
    """The parts of a small workbook."""
    return {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": ROOT_LINKS,
        "xl/workbook.xml": workbook(),
        "xl/_rels/workbook.xml.rels": links(),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"/>',
        "xl/calcChain.xml": f'<calcChain xmlns="{MAIN}"/>',
        "xl/worksheets/sheet1.xml": sheet(data, **given),
    }


def zipped(contents: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as package:
        for name, content in contents.items():
            package.writestr(zipfile.ZipInfo(name, (2024, 3, 1, 8, 30, 0)), content, compression)
    return out.getvalue()


def streamed(contents: Mapping[str, str | bytes]) -> bytes:
    """A zip written to a pipe: sizes only in data descriptors, zip64 fields in the local headers."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, chunk) -> int:
            self.data += bytes(chunk)
            return len(chunk)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in contents.items():
            with package.open(name, "w", force_zip64=True) as member:
                member.write(content.encode() if isinstance(content, str) else content)
    return bytes(pipe.data)


def save(folder: Path, contents: Mapping[str, str | bytes] | bytes, name: str = "表.xlsx") -> Path:
    """The workbook on disk."""
    path = folder / name
    path.write_bytes(contents if isinstance(contents, bytes) else zipped(contents))
    return path


def bomb(size: int) -> bytes:
    """A workbook whose sheet unpacks to ``size`` bytes of blanks."""
    return zipped(parts(" " * size))


def lying_size(size: int) -> bytes:
    """A workbook whose directory says that the sheet is small, while it unpacks to ``size`` bytes."""
    data = bytearray(zipped(parts(" " * size)))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        start = package.start_dir
        names = package.namelist()
    for name in names:
        if name.endswith("sheet1.xml"):
            struct.pack_into("<L", data, start + 24, 100)
        start += 46 + sum(struct.unpack_from("<3H", data, start + 28))
    return bytes(data)


def many_members(count: int) -> bytes:
    """A workbook with a great many tiny members."""
    return zipped(parts() | {f"xl/media/{number}": "" for number in range(count)})


def overlapping() -> bytes:
    """Two directory entries that share one member's bytes: how a bomb is made small."""
    data = zipped(parts())
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        start = package.start_dir
    entry = bytearray(data[start : start + 46 + struct.unpack_from("<H", data, start + 28)[0]])
    entry[46] = ord("X")
    end = bytearray(data[data.rindex(b"PK\5\6") :])
    count, size = struct.unpack_from("<H", end, 10)[0] + 1, struct.unpack_from("<L", end, 12)[0] + len(entry)
    struct.pack_into("<2HL", end, 8, count, count, size)
    return data[: data.rindex(b"PK\5\6")] + bytes(entry) + bytes(end)


def wrong_checksum() -> bytes:
    """A workbook whose sheet does not match its checksum."""
    contents = parts("<row/>")
    data = bytearray(zipped(contents, zipfile.ZIP_STORED))
    place = data.index(b"<row/>")
    data[place : place + 6] = b"<raw/>"
    assert zlib.crc32(b"<row/>") != zlib.crc32(b"<raw/>")
    return bytes(data)


def compound(*names: str) -> bytes:
    """What an OLE compound file (old Excel, or an encrypted workbook) begins with and names inside."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + b"".join(name.encode("utf-16-le") for name in names)
