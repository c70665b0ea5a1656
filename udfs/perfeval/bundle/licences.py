"""The licence of each component of a bundle, as its own authors packed it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from email.parser import BytesParser
from pathlib import Path

_TEXT = re.compile(r"[^/]+\.dist-info/(?:licenses/.+|(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*)", re.IGNORECASE)
_NONE = "这个组件的 wheel 里没有许可全文；它的说明里写的是："


def write(folder: Path, wheels: Iterable[Path]) -> None:
    """Write a text file a wheel into a new folder."""
    folder.mkdir()
    for wheel in wheels:
        name, version, *_ = wheel.stem.split("-")
        (folder / f"{name}-{version}.txt").write_text(_of(wheel), encoding="utf-8-sig", newline="\r\n")


def _of(wheel: Path) -> str:
    """All licence texts of a wheel; where it has none, what its metadata say."""
    with zipfile.ZipFile(wheel) as package:
        names = [name for name in package.namelist() if _TEXT.fullmatch(name) and not name.endswith("/")]
        texts = [
            f"===== {name.partition('/')[2]} =====\n\n{package.read(name).decode('utf-8', 'replace')}" for name in names
        ]
        if texts:
            return "\n\n".join(texts).replace("\r\n", "\n")
        metadata = next(name for name in package.namelist() if name.endswith(".dist-info/METADATA"))
        told = BytesParser().parsebytes(package.read(metadata), headersonly=True)
    return f"{_NONE}{told.get('License-Expression') or told.get('License') or '（没有写）'}\n"
