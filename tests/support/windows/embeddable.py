"""An embeddable Python of nothing but what it is known by."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

LICENCE = "A. HISTORY OF THE SOFTWARE\n"
_PROGRAM = b"MZ".ljust(60, b"\0") + struct.pack("<I4sH", 64, b"PE\0\0", 0x8664) + bytes(64)
_LIBRARY = b"MZ".ljust(80, b"\0") + struct.pack("<2I4H", 0xFEEF04BD, 1 << 16, 12, 3, 1013, 8150)  # 3.12.8


def write_python(path: Path, **changes: bytes | None) -> None:
    """Write a zip as python.org's for 3.12.8 is, with other files or without some (None)."""
    files: dict[str, bytes | None] = {
        "python.exe": _PROGRAM,
        "pythonw.exe": _PROGRAM,
        "python312.dll": _LIBRARY,
        "python312.zip": b"PK",
        "python312._pth": b"python312.zip\n.\n",
        "LICENSE.txt": LICENCE.encode(),
    }
    with zipfile.ZipFile(path, "w") as package:
        for name, content in (files | changes).items():
            if content is not None:
                package.writestr(name, content)
