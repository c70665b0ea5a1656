"""A VBA project ([MS-OVBA]) from source text: what Excel keeps as ``xl/vbaProject.bin``.

No compiled code is written, so Excel compiles the source it finds: [MS-OVBA] 2.3.4.1 asks that of every writer.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from perfeval.books.compound import compound_file

WORKBOOK_BASE = "0{00020819-0000-0000-C000-000000000046}"
SHEET_BASE = "0{00020820-0000-0000-C000-000000000046}"
CLASS_BASE = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"

# The code page of a Chinese desk, so that it may add comments of its own. Our source is ASCII.
_CODE_PAGE = 936

# An open project: not locked, no password, visible. The three values are bound to the ID ([MS-OVBA] 2.4.3).
_ID = "{E73B243E-09A5-4CB0-B261-A37357B461D3}"
_PROTECTION = 'CMG="DFDD63469DFA78FE78FE78FE78FE"\r\nDPB="BEBC02A73E591C5A1C5A1C"\r\nGC="9D9F2184DF62E062E09D"\r\n'

# The two libraries that Excel puts into every new project.
_REFERENCES = (
    ("stdole", r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation"),
    (
        "Office",
        r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#"
        r"C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
    ),
)


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its name, its whole source with the ``Attribute`` lines, and how the project declares it."""

    name: str
    source: str
    declared: str  # "Module", "Class" or "Document"


def standard_module(text: str) -> Module:
    """The module of an exported ``.bas`` file."""
    return Module(_module_name(text), text, "Module")


def class_module(text: str) -> Module:
    """The module of an exported ``.cls`` file, whose header a project holds in another form."""
    _, _, attributes = text.partition("\nEND\n")
    name = _module_name(attributes)
    head, exposed, body = attributes.partition("Attribute VB_Exposed = True\n")
    first = f'Attribute VB_Name = "{name}"\n'
    source = (
        head.replace(first, f'{first}Attribute VB_Base = "{CLASS_BASE}"\n')
        + exposed
        + "Attribute VB_TemplateDerived = False\nAttribute VB_Customizable = False\n"
        + body
    )
    return Module(name, source, "Class")


def document_module(name: str, base: str, body: str = "") -> Module:
    """The module behind the workbook (WORKBOOK_BASE) or a sheet (SHEET_BASE)."""
    header = (
        f'Attribute VB_Name = "{name}"\nAttribute VB_Base = "{base}"\n'
        "Attribute VB_GlobalNameSpace = False\nAttribute VB_Creatable = False\n"
        "Attribute VB_PredeclaredId = True\nAttribute VB_Exposed = True\n"
        "Attribute VB_TemplateDerived = False\nAttribute VB_Customizable = True\n"
    )
    return Module(name, header + body, "Document")


def vba_project(modules: Sequence[Module], name: str = "VBAProject") -> bytes:
    """The bytes of ``vbaProject.bin`` for these modules, in this order; ``name`` is the project's.

    Source must be ASCII (UnicodeEncodeError).
    """
    streams = {module.name: compress(_crlf(module.source).encode("ascii")) for module in modules}
    return compound_file(
        {
            "VBA": {
                "dir": compress(_dir_stream(modules, name)),
                "_VBA_PROJECT": bytes.fromhex("CC61FFFF000000"),
                **streams,
            },
            "PROJECTwm": b"".join(_text(m.name) + b"\0" + _wide(m.name) + b"\0\0" for m in modules) + b"\0\0",
            "PROJECT": _project_stream(modules, name),
        }
    )


def _module_name(text: str) -> str:
    first = text.partition("\n")[0]
    return first.removeprefix('Attribute VB_Name = "').removesuffix('"')


def _crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def _text(text: str) -> bytes:
    return text.encode("ascii")


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def _project_stream(modules: Iterable[Module], name: str) -> bytes:
    declarations = "".join(
        f"{m.declared}={m.name}{'/&H00000000' if m.declared == 'Document' else ''}\r\n" for m in modules
    )
    windows = "".join(f"{m.name}=0, 0, 0, 0, C\r\n" for m in modules)
    return _text(
        f'ID="{_ID}"\r\n{declarations}Name="{name}"\r\nHelpContextID="0"\r\nVersionCompatible32="393222000"\r\n'
        f"{_PROTECTION}\r\n[Host Extender Info]\r\n"
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000\r\n\r\n"
        f"[Workspace]\r\n{windows}"
    )


def _record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(data)) + data


def _named(narrow: int, wide: int, text: str) -> bytes:
    """A text that the format wants twice: in the code page, and in UTF-16."""
    return _record(narrow, _text(text)) + _record(wide, _wide(text))


def _dir_stream(modules: Sequence[Module], name: str) -> bytes:
    """The catalogue of the project, record by record as [MS-OVBA] 2.3.4.2 lists them."""
    number, short = struct.Struct("<I"), struct.Struct("<H")
    records = [
        _record(0x01, number.pack(3)),  # SysKind: 64-bit Windows
        _record(0x02, number.pack(0x409)),
        _record(0x14, number.pack(0x409)),
        _record(0x03, short.pack(_CODE_PAGE)),
        _record(0x04, _text(name)),
        _named(0x05, 0x40, ""),  # description
        _record(0x06) + _record(0x3D),  # help file
        _record(0x07, number.pack(0)),  # help context
        _record(0x08, number.pack(0)),  # library flags
        struct.pack("<HIIH", 0x09, 4, 1, 0),  # version: its stated size counts the major number only
        _named(0x0C, 0x3C, ""),  # conditional compilation constants
    ]
    for reference, library in _REFERENCES:
        registered = number.pack(len(library)) + _text(library) + bytes(6)
        records += [_named(0x16, 0x3E, reference), _record(0x0D, registered)]
    records += [_record(0x0F, short.pack(len(modules))), _record(0x13, short.pack(0xFFFF))]
    for module in modules:
        records += [
            _named(0x19, 0x47, module.name),
            _named(0x1A, 0x32, module.name),  # its stream
            _named(0x1C, 0x48, ""),  # description
            _record(0x31, number.pack(0)),  # the source starts at once: there is no compiled code before it
            _record(0x1E, number.pack(0)),  # help context
            _record(0x2C, short.pack(0xFFFF)),  # cookie
            _record(0x21 if module.declared == "Module" else 0x22),
            _record(0x2B),
        ]
    return b"".join(records) + _record(0x10)


def compress(data: bytes) -> bytes:
    """[MS-OVBA] 2.4.1: chunks of 4,096 bytes, each compressed for itself. Text always grows shorter."""
    return b"\x01" + b"".join(_chunk(data[start : start + 4096]) for start in range(0, len(data), 4096))


def _chunk(data: bytes) -> bytes:
    tokens = bytearray()
    seen: dict[bytes, list[int]] = {}  # three bytes → where they stood
    place = 0
    while place < len(data):
        flags_at = len(tokens)
        tokens.append(0)
        for bit in range(8):
            if place == len(data):
                break
            offset, length = _longest_match(data, place, seen)
            if length:
                bits = max((place - 1).bit_length(), 4)
                tokens += struct.pack("<H", offset - 1 << 16 - bits | length - 3)
                tokens[flags_at] |= 1 << bit
            else:
                tokens.append(data[place])
            for at in range(place, place + (length or 1)):
                seen.setdefault(data[at : at + 3], []).append(at)
            place += length or 1
    if len(tokens) > 4096:
        raise ValueError("data that does not compress cannot be a module's source")
    return struct.pack("<H", len(tokens) - 1 | 0xB000) + bytes(tokens)


def _longest_match(data: bytes, place: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """How far back the longest earlier copy of what follows stands, and its length; (0, 0) below three bytes."""
    limit = min(len(data) - place, (0xFFFF >> max((place - 1).bit_length(), 4)) + 3) if place else 0
    best_offset, best = 0, 2
    if limit >= 3:
        # The nearest copies first; after a few dozen a longer one is rare and looking on costs more than it saves.
        for start in reversed(seen.get(data[place : place + 3], ())[-32:]):
            length = 3
            while length < limit and data[start + length] == data[place + length]:
                length += 1
            if length > best:
                best_offset, best = place - start, length
                if length == limit:
                    break
    return (best_offset, best) if best_offset else (0, 0)
