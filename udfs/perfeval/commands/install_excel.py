"""安装、卸载 for Excel on Windows: tells xlwings which Python to use, and brings the standard workbook."""

from __future__ import annotations

import platform as system
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from perfeval.books.outputs import Output, refusing
from perfeval.errors import FileRefused, PerfEvalError
from perfeval.excel import settings

WORKBOOK = "PerfEval.xlsm"


@dataclass(frozen=True, slots=True)
class User:
    """Who it is installed for: the user's folder, the Python that runs now, and the kind of system."""

    home: Path
    python: Path
    platform: str

    @classmethod
    def this(cls) -> User:
        """The user of this desk."""
        return cls(Path.home(), Path(sys.executable), sys.platform)

    @property
    def interpreter(self) -> Path:
        """The Python without a console window, beside the one that runs now."""
        return self.python.with_name("pythonw.exe")

    @property
    def settings(self) -> Path:
        """The user's settings of xlwings."""
        return settings.settings_file(self.home)

    @property
    def backup(self) -> Path:
        """The settings as they were before PerfEval was installed; empty where there were none."""
        return self.settings.with_name("xlwings.conf.perfeval-backup")


def install(user: User, workbook: Path | None = None, *, overwrite: bool = False) -> Iterator[str]:
    """Write the user's settings and, where it is said, the standard workbook (``overwrite``: over any other file); tells what was done.

    Raises PerfEvalError where it is not Windows, FileRefused for a file that cannot be read or written.
    """
    _refuse_other_systems(user)
    if not user.interpreter.is_file():
        raise FileRefused(user.interpreter, "没有这个文件；请用 python.org 的 Python 重新建立环境")
    if workbook is not None:
        from perfeval.commands.new import BLANK, new  # noqa: PLC0415 — only here

        target = workbook / WORKBOOK if workbook.is_dir() else workbook
        yield f"已写成标准工作簿 {new(target, BLANK, overwrite=overwrite)}"
    value = settings.written(user.interpreter, user.home)
    if settings.read(user.settings, settings.INTERPRETER) == value:
        yield f"{user.settings} 已经指向这个 Python，没有改动"
        return
    if not user.backup.exists():
        _back_up(user)
    settings.write(user.settings, settings.INTERPRETER, value)
    found = settings.read(user.settings, settings.INTERPRETER)
    if found is None or settings.expanded(found, user.home) != user.interpreter:
        raise FileRefused(user.settings, f"写入后读回的是“{found}”，不是 {user.interpreter}；请检查这个文件")
    yield f"已在 {user.settings} 里写明 Excel 用的 Python：{user.interpreter}"
    yield "请重新打开 Excel；运行 perfeval doctor 可以再检查一遍"


def uninstall(user: User) -> Iterator[str]:
    """Put back what the setting was before; the other settings stay as they are now."""
    _refuse_other_systems(user)
    if not user.backup.exists():
        raise PerfEvalError(f"没有装过：{user.backup} 不存在，没有改动任何文件")
    settings.write(user.settings, settings.INTERPRETER, settings.read(user.backup, settings.INTERPRETER))
    user.backup.unlink()
    yield f"已把 {user.settings} 恢复成安装前的设置；工作簿没有动"


def _back_up(user: User) -> None:
    with refusing(user.backup):
        user.backup.parent.mkdir(exist_ok=True)
        present = user.settings.read_bytes() if user.settings.exists() else b""
    Output.to(user.backup).write(present)


def _refuse_other_systems(user: User) -> None:
    if user.platform != "win32":
        raise PerfEvalError(
            f"PE_ 函数在 Excel 里只能在 Windows 上用，本机是 {system.system()}；请装进 LibreOffice：perfeval install libreoffice"
        )
