"""What LibreOffice has on this desk: its version, its Python, and whether PerfEval is in the user's profile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from perfeval import __version__
from perfeval.commands.doctor.check import Check
from perfeval.errors import PerfEvalError
from perfeval.libreoffice import program
from perfeval.libreoffice.names import MINIMUM_PYTHON, MINIMUM_VERSION
from perfeval.libreoffice.program import Program
from perfeval.libreoffice.trial import try_out

_INSTALL = "请运行 perfeval install libreoffice"


def examine() -> Iterator[Check]:
    """Everything about LibreOffice; one line where there is none, as it is not needed."""
    try:
        office = program.find()
    except PerfEvalError as error:
        yield _check("LibreOffice", "没有找到", good=False, remedy=f"不是必需的；{error}")
        return
    yield _check(
        "LibreOffice",
        f"{office.version} {office.folder}",
        office.is_new_enough,
        f"PE_ 函数要 {MINIMUM_VERSION} 或更新的版本",
    )
    needed = ".".join(map(str, MINIMUM_PYTHON))
    yield _check(
        "LibreOffice 的 Python",
        str(office.python),
        office.python_is_new_enough,
        f"要 Python {needed}，请升级到 LibreOffice 25.8",
    )
    yield _extension(office, program.profile())


def _extension(office: Program, profile: Path) -> Check:
    """Whether the profile has this version, and a LibreOffice started from here loads it."""
    name = "LibreOffice 扩展"
    installed = program.installed_extension(profile)
    if installed is None:
        return _check(name, "没有装", good=False, remedy=_INSTALL)
    if installed != __version__:
        return _check(name, installed, good=False, remedy=f"本机的 PerfEval 是 {__version__}，{_INSTALL}")
    try:
        trial = try_out(office, profile)
    except PerfEvalError as error:
        return _check(name, f"{installed}，{error}", good=False)
    if trial.python:
        return _check(name, f"{installed}，在 LibreOffice 里由 Python {trial.python} 运行", good=True)
    return _check(name, f"{installed}，{trial.trouble}", good=False, remedy=trial.remedy or _INSTALL)


def _check(name: str, found: str, good: bool, remedy: str = "") -> Check:
    return Check(name, found, good, needed=False, remedy=remedy)
