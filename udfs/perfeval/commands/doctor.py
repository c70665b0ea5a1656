"""体检: what a desk has and lacks for PerfEval, each with what to do."""

from __future__ import annotations

import platform
import re
import shutil
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, resources

from perfeval import __version__


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``needed`` if nothing works without it; ``remedy`` says what to do."""

    name: str
    found: str
    good: bool
    needed: bool
    remedy: str = ""


def examine() -> list[Check]:
    """Everything looked at, in the order a person would."""
    return [_python(), *_libraries(), _resources(), _excel(), _calc()]


def as_text(checks: list[Check]) -> Iterator[str]:
    """One line a check."""
    yield f"PerfEval {__version__}"
    for check in checks:
        mark = "√" if check.good else "×" if check.needed else "－"
        yield f"{mark} {check.name}：{check.found}" + ("" if check.good or not check.remedy else f"。{check.remedy}")


def _python() -> Check:
    found = f"{platform.python_version()}（{struct.calcsize('P') * 8} 位）{sys.executable}"
    return Check("Python", found, sys.version_info >= (3, 11), needed=True, remedy="请安装 Python 3.11 或更新的版本")


def _libraries() -> Iterator[Check]:
    for requirement in metadata.requires("perfeval") or []:
        if "extra ==" in requirement:
            continue
        name = re.match(r"[\w-]+", requirement)
        assert name is not None
        yield _library(name[0], requirement)


def _library(name: str, requirement: str) -> Check:
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Check(name, "没有安装", good=False, needed=True, remedy=f'请运行 pip install "{requirement}"')
    pinned = re.search(r"==\s*([\w.]+)", requirement)
    good = pinned is None or pinned[1] == version
    return Check(
        name, version, good, needed=True, remedy=f'工作簿里的模块要求 {requirement}，请运行 pip install "{requirement}"'
    )


def _resources() -> Check:
    folder = resources.files("perfeval") / "resources" / "excel"
    there = folder.is_dir()
    return Check(
        "Excel 组件", "齐全" if there else "缺少", there, needed=True, remedy="安装不完整，请重新安装 perfeval"
    )


def _excel() -> Check:
    if sys.platform != "win32":
        found = f"本机是 {platform.system()}，Excel 里的函数只在 Windows 上可用；命令行不受影响"
        return Check("Microsoft Excel", found, good=False, needed=False)
    import winreg  # noqa: PLC0415 — exists on Windows only

    try:
        with winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, r"Excel.Application\CurVer") as key:
            return Check("Microsoft Excel", winreg.QueryValue(key, None), good=True, needed=False)
    except OSError:
        return Check(
            "Microsoft Excel", "没有找到", good=False, needed=False, remedy="没有 Excel 时仍可用命令行填报和计分"
        )


def _calc() -> Check:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    return Check("LibreOffice", program or "没有找到", program is not None, needed=False, remedy="不是必需的")
