"""安装、卸载: puts PerfEval into the LibreOffice of this desk, into a user's own profile, and takes it out again."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from perfeval.books.outputs import Output
from perfeval.errors import PerfEvalError
from perfeval.libreoffice import extension, program
from perfeval.libreoffice.names import IDENTIFIER, MINIMUM_VERSION
from perfeval.libreoffice.program import Program
from perfeval.libreoffice.trial import try_out

FILE_NAME = "PerfEval.oxt"


def write_extension(path: Path, *, overwrite: bool = False) -> Path:
    """Write the extension to a file, for desks without Python: there it is added with a double click.

    Raises FileRefused, also where another file stands there that is not ours as we wrote it, unless ``overwrite``.
    """
    Output.to(path, overwrite=overwrite).write(extension.package())
    return path


def install(profile: Path | None = None) -> str:
    """Add the extension, or replace an older one; gives the version of LibreOffice that has it now.

    ``profile`` is another user profile than the default. Raises PerfEvalError with what to do.
    """
    office = program.find()
    if not office.is_new_enough:
        raise PerfEvalError(
            f"本机是 LibreOffice {office.version}，需要 {MINIMUM_VERSION} 或更新的版本：旧版打开 .xlsx 时认不出 PE_ 函数"
            "（显示 #NAME?），保存后公式里的函数名在 Excel 里也认不出。请升级 LibreOffice；命令行的填报和计分不受影响"
        )
    if not office.python_is_new_enough:
        raise PerfEvalError(
            f"本机 LibreOffice {office.version} 带的 Python 太旧，需要 Python 3.11：请升级到 LibreOffice 25.8 或更新的版本"
        )
    with tempfile.TemporaryDirectory() as folder:
        made = write_extension(Path(folder) / FILE_NAME)
        _manage(office, profile, "add", made)
    return office.version


def shortcoming(profile: Path | None = None) -> str:
    """What keeps a LibreOffice that is started from here from loading what is installed, and what to do; "" if nothing."""
    trial = try_out(program.find(), profile or program.profile())
    return f"{trial.trouble}。{trial.remedy}" if trial.trouble else ""


def uninstall(profile: Path | None = None) -> None:
    """Take the extension out of the profile. Raises PerfEvalError, also where it is not installed."""
    _manage(program.find(), profile, "remove", IDENTIFIER)


def _manage(office: Program, profile: Path | None, action: str, what: Path | str) -> None:
    # unopkg refuses root; LibreOffice's own manager does not
    command = office.manager(profile, action, what) if _is_root() else _unopkg(office, profile, action, what)
    done = office.run(command)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise PerfEvalError(
            f"LibreOffice 没有{'装上' if action == 'add' else '卸下'} PerfEval：{said[-1] if said else '没有说明原因'}。"
            "请关闭所有 LibreOffice 窗口后再试"
        )


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _unopkg(office: Program, profile: Path | None, action: str, what: Path | str) -> list[str | Path]:
    options = [f"-env:UserInstallation={program.url(profile)}"] if profile else []
    return [office.tool("unopkg"), action, *(["--force"] if action == "add" else []), *options, what]
