"""A trial of the installed extension: a LibreOffice of our own, on a copy of the profile, is asked which Python answers.

Only a trial knows. What stands in the profile is loaded by a Python that LibreOffice finds along the environment.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from perfeval.errors import PerfEvalError
from perfeval.libreoffice.names import INTERPRETER_SERVICE
from perfeval.libreoffice.program import Program

_COPIED = ("uno_packages", "extensions", "registrymodifications.xcu")  # what a start reads of the extensions
_NAMED = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME", "PYTHONPATH")


@dataclass(frozen=True, slots=True)
class Trial:
    """How a LibreOffice that is started from here fares with the extension.

    ``python`` is the version of the Python that runs it, e.g. 3.11.2; empty where it could not be loaded. ``hidden_by``
    names what is active here and keeps LibreOffice from its own Python: without that, it would be loaded.
    """

    python: str = ""
    hidden_by: str = ""

    @property
    def trouble(self) -> str:
        """Why it is not loaded; empty where it is."""
        if self.python:
            return ""
        if self.hidden_by:
            return f"从这个终端启动的 LibreOffice 打不开带 PE_ 函数的工作簿：{self.hidden_by} 盖住了它自己的 Python"
        return "LibreOffice 载入不了它"

    @property
    def remedy(self) -> str:
        """What to do about what hides it."""
        if not self.hidden_by:
            return ""
        return "请从桌面的菜单启动 LibreOffice，或先退出这个 Python 环境（运行 deactivate，或 unset 这个变量）再启动"


def try_out(office: Program, profile: Path) -> Trial:
    """Start LibreOffice as from this shell, and where that fails once more in its own environment.

    Raises PerfEvalError where no trial could be made.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copy = Path(folder)
        for name in _COPIED:
            there = profile / "user" / name
            if there.is_dir():
                shutil.copytree(there, copy / "user" / name)
            elif there.is_file():
                shutil.copy(there, copy / "user" / name)
        if python := _answer(office, copy, os.environ):
            return Trial(python)
        return Trial(hidden_by=_active() if _answer(office, copy, office.environment) else "")


def _answer(office: Program, profile: Path, environment: Mapping[str, str]) -> str:
    """The version of the Python that answers, or "" where none does."""
    asked = office.run(office.manager(profile, "ask", INTERPRETER_SERVICE), environment)
    if asked.returncode:
        trouble = (asked.stderr.strip() or "没有说明原因").splitlines()[-1]
        raise PerfEvalError(f"没能试着启动 LibreOffice：{trouble}")
    return asked.stdout.strip().partition(" ")[0]


def _active() -> str:
    """What of this shell's environment a Python takes for its home."""
    named = "、".join(f"{name}={os.environ[name]}" for name in _NAMED if os.environ.get(name))
    return named or f"PATH 里的 {shutil.which('python3')}"
