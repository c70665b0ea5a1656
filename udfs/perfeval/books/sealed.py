"""Files that PerfEval hands over: written as new files, the same bytes for the same content, and known again.

A seal in the file's properties is a digest of all its parts. Any program that saves the file changes a part, so a file
whose seal holds is PerfEval's own, untouched, and may be made anew; any other is a person's work (``outputs``). What leaves the office
has it here and not where ``seals`` puts it: nobody knows what a collecting system makes of a zip's comment.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Mapping

from perfeval.books.package import Package, Unreadable, archive
from perfeval.books.parts import CONTENT_TYPES, without
from perfeval.books.xmltext import escaped

_PROPERTIES, _PROGRAM = "docProps/core.xml", "docProps/app.xml"
_ROOT_LINKS = "_rels/.rels"
_SEAL = re.compile(rb"<dc:identifier>perfeval:([0-9a-f]{64})</dc:identifier>")
_VERSION = re.compile(rb"<(?:Application|AppVersion)>[\w. /-]{1,60}</(?:Application|AppVersion)>", re.ASCII)
_END = 22  # bytes of the record that ends a zip without a comment
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_TYPES = {
    _PROPERTIES: "application/vnd.openxmlformats-package.core-properties+xml",
    _PROGRAM: "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}


def sealed(parts: Mapping[str, bytes], main: str, title: str) -> bytes:
    """The file of these parts, ``main`` being the one that it opens with. Of the properties of the file that they come
    from only the program and its version are kept: readers of charts take different defaults for different versions."""
    kept = {name: data for name, data in parts.items() if not name.startswith("docProps/") and name != _ROOT_LINKS}
    kept[CONTENT_TYPES] = _typed(kept[CONTENT_TYPES])
    kept[_ROOT_LINKS] = _part(
        f"""<Relationships xmlns="{_PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument" Target="{main}"/>\
<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="{_PROPERTIES}"/>\
<Relationship Id="rId3" Type="{_OFFICE}/relationships/extended-properties" Target="{_PROGRAM}"/></Relationships>"""
    )
    version = "".join(found.decode() for found in _VERSION.findall(parts.get(_PROGRAM, b"")))
    kept[_PROGRAM] = _part(f'<Properties xmlns="{_OFFICE}/extended-properties">{version}</Properties>')
    properties = _part(
        f"""<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier>perfeval:{_digest(kept)}</dc:identifier>\
<dc:title>{escaped(title)}</dc:title></cp:coreProperties>"""
    )
    ordered = {name: kept.pop(name) for name in (CONTENT_TYPES, _ROOT_LINKS)}
    return archive({**ordered, **kept, _PROPERTIES: properties}, zipfile.ZIP_DEFLATED)


def _part(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def is_untouched(data: bytes) -> bool:
    """Whether a file is one of ours and as we wrote it, with nothing before it or behind it."""
    if not data.startswith(b"PK\3\4") or not data[-_END:].startswith(b"PK\5\6"):
        return False
    try:
        package = Package(data)
        found = _SEAL.search(package.read(_PROPERTIES)) if _PROPERTIES in package else None
        parts = {name: package.read(name) for name in package.names if name != _PROPERTIES}
    except Unreadable:
        return False
    return found is not None and found[1].decode() == _digest(parts)


def stamped(data: bytes) -> bytes:
    """A workbook that was made here, with the seal among its properties; the rest as it is."""
    package = Package(data)
    parts = {name: package.read(name) for name in package.names if name != _PROPERTIES}
    properties = _SEAL.sub(b"", package.read(_PROPERTIES))
    mark = f"<dc:identifier>perfeval:{_digest(parts)}</dc:identifier></cp:coreProperties>"
    return package.rebuilt({_PROPERTIES: properties.replace(b"</cp:coreProperties>", mark.encode())})


def _typed(types: bytes) -> bytes:
    left = without(types, "Override", lambda given: given.get("PartName", "").startswith("/docProps/"))
    entries = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in _TYPES.items())
    return left.replace(b"</Types>", entries.encode() + b"</Types>")


def _digest(parts: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name in sorted(parts):
        whole.update(name.encode() + b"\0" + hashlib.sha256(parts[name]).digest())
    return whole.hexdigest()
