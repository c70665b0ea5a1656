"""安装、卸载 for Excel on Windows: tells xlwings which Python to use, and brings the add-in and the standard workbook."""

from __future__ import annotations

import os
import platform as system
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from perfeval.books.outputs import Output, refusing
from perfeval.errors import FileRefused, PerfEvalError
from perfeval.excel import addin, settings, windows

WORKBOOK = "PerfEval.xlsm"


@dataclass(frozen=True, slots=True)
class User:
    """Who it is installed for: the user's folder, the Python that runs now, the kind of system, and whether Excel runs. ``appdata`` is the
    user's roaming folder, which an office may keep elsewhere than in the user's own."""

    home: Path
    python: Path
    platform: str
    appdata: Path
    excel_runs: bool = False

    @classmethod
    def this(cls) -> User:
        """The user of this desk."""
        home = Path.home()
        appdata = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
        return cls(home, Path(sys.executable), sys.platform, appdata, sys.platform == "win32" and windows.excel_runs())

    @property
    def interpreter(self) -> Path:
        """The Python without a console window, beside the one that runs now."""
        return self.python.with_name("pythonw.exe")

    @property
    def settings(self) -> Path:
        """The user's settings of xlwings."""
        return settings.settings_file(self.home)

    @property
    def addin(self) -> Path:
        """Where the user's Excel finds the add-in."""
        return addin.place(self.appdata)

    @property
    def backup(self) -> Path:
        """The settings as they were before PerfEval was installed; empty where there were none."""
        return self.settings.with_name("xlwings.conf.perfeval-backup")


def install(user: User, workbook: Path | None = None, *, overwrite: bool = False) -> Iterator[str]:
    """Write the user's settings, the add-in and, where it is said, the standard workbook (``overwrite``: over any other file); tells what
    was done.

    Raises PerfEvalError where it is not Windows or Excel runs, FileRefused for a file that cannot be read or written.
    """
    _refuse_other_systems(user)
    _refuse_running(user)
    if not user.interpreter.is_file():
        raise FileRefused(user.interpreter, "没有这个文件；请用 python.org 的 Python 重新建立环境")
    if workbook is not None:
        from perfeval.commands.new import BLANK, new  # noqa: PLC0415 — only here

        target = workbook / WORKBOOK if workbook.is_dir() else workbook
        yield f"已写成标准工作簿 {new(target, BLANK, overwrite=overwrite)}"
    if addin.is_current(user.addin):
        yield f"加载宏 {user.addin} 已经是这个版本，没有改动"
    else:
        addin.put(user.addin)
        yield f"已放好加载宏 {user.addin}：打开任何工作簿都有“绩效评价”和 PE_ 函数"
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
    yield "请打开 Excel；运行 perfeval doctor 可以再检查一遍"


def uninstall(user: User) -> Iterator[str]:
    """Take the add-in out, and put back what the setting was before; the other settings stay as they are now.

    Raises PerfEvalError where it is not Windows, Excel runs, or nothing was installed.
    """
    _refuse_other_systems(user)
    _refuse_running(user)
    was_there = addin.take_out(user.addin)
    if was_there:
        yield f"已取走加载宏 {user.addin}"
    if user.backup.exists():
        settings.write(user.settings, settings.INTERPRETER, settings.read(user.backup, settings.INTERPRETER))
        with refusing(user.backup):
            user.backup.unlink()
            if not any(user.backup.parent.iterdir()):
                user.backup.parent.rmdir()
        yield f"已把 {user.settings} 恢复成安装前的设置；工作簿没有动"
    elif not was_there:
        raise PerfEvalError(f"没有装过：{user.addin} 和 {user.backup} 都不存在，没有改动任何文件")


def _back_up(user: User) -> None:
    with refusing(user.backup):
        user.backup.parent.mkdir(exist_ok=True)
        present = user.settings.read_bytes() if user.settings.exists() else b""
    Output.to(user.backup).write(present)


def _refuse_running(user: User) -> None:
    if user.excel_runs:
        raise PerfEvalError(
            "Excel 正在运行，没有改动任何文件；请保存好工作簿，关闭它的全部窗口，再运行一次；"
            "看不到窗口的，在任务管理器里结束 EXCEL.EXE"
        )


def _refuse_other_systems(user: User) -> None:
    if user.platform != "win32":
        raise PerfEvalError(
            f"PE_ 函数在 Excel 里只能在 Windows 上用，本机是 {system.system()}；请装进 LibreOffice：perfeval install libreoffice"
        )
