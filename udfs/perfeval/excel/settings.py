"""The user's settings of xlwings, ``~/.xlwings/xlwings.conf``: lines like ``"INTERPRETER_WIN","C:\\…\\pythonw.exe"``.

VBA reads the file in the system's own code page, so every line that is not ours stays as it is, to the byte. A path below
the user's folder is written with ``%USERPROFILE%``, which VBA expands: a Chinese user name then needs no code page.
"""

from __future__ import annotations

import locale
import re
from pathlib import Path, PureWindowsPath

from perfeval.books.outputs import Output, refusing
from perfeval.errors import FileRefused

INTERPRETER = "INTERPRETER_WIN"
_LINE = re.compile(rb'\s*"([^"]*)"\s*,\s*"?([^"\r\n]*)"?\s*')
_HOME = "%USERPROFILE%"


def settings_file(home: Path) -> Path:
    """Where the settings of a user stand."""
    return home / ".xlwings" / "xlwings.conf"


def read(file: Path, name: str) -> str | None:
    """A setting's value as it is written; None where it is not set. Raises FileRefused for an unreadable file."""
    values = [value for line in _content(file).splitlines() if (value := _value(line, name)) is not None]
    return values[0] if values else None


def write(file: Path, name: str, value: str | None) -> None:
    """Set a setting, or take it out with None; an empty file goes. Raises FileRefused where it cannot be written."""
    present = _content(file)
    lines = [line for line in present.splitlines(keepends=True) if _value(line, name) is None]
    if value is not None:
        try:
            line = f'"{name}","{value}"\r\n'.encode(locale.getencoding())
        except UnicodeEncodeError as error:
            raise FileRefused(
                file, f"路径“{value}”里有本机代码页没有的字，Excel 读不出；请把 PerfEval 装到只含英文的文件夹"
            ) from error
        if lines and not lines[-1].endswith(b"\n"):
            lines[-1] += b"\r\n"
        lines.append(line)
    with refusing(file):
        if not lines:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(exist_ok=True)
    output = Output.over(file, present, backup=False) if file.exists() else Output.to(file)
    output.write(b"".join(lines))


def written(path: Path, home: Path) -> str:
    """A path as the settings hold it: below the user's folder without the folder's own name."""
    return str(PureWindowsPath(_HOME, *path.relative_to(home).parts)) if path.is_relative_to(home) else str(path)


def expanded(value: str, home: Path) -> Path:
    """The path that a setting means."""
    first, *rest = PureWindowsPath(value).parts or ("",)
    return home.joinpath(*rest) if first.upper() == _HOME else Path(value)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes() if file.exists() else b""
    except OSError as error:
        raise FileRefused(file, f"不能读取（{error.strerror}）；请检查文件夹权限") from error


def _value(line: bytes, name: str) -> str | None:
    """The value of a line that sets this; the first of several counts, as for VBA."""
    found = _LINE.fullmatch(line)
    if found is None or found[1].decode("ascii", "replace").lower() != name.lower():
        return None
    return found[2].decode(locale.getencoding(), "replace")
