"""体检: what a desk has and lacks for PerfEval, each with what to do."""

from __future__ import annotations

import platform
import re
import struct
import sys
from collections.abc import Iterator
from importlib import metadata, resources

from perfeval import __version__
from perfeval.books.selfcheck import prove_reading
from perfeval.commands.doctor import calc, excel
from perfeval.commands.doctor.check import Check
from perfeval.commands.install_excel import User
from perfeval.errors import UnfitInterpreter
from perfeval.excel.windows import MachineRegistry


def examine() -> list[Check]:
    """Everything looked at, in the order a person would."""
    user = User.this()
    if user.platform == "win32":
        on_excel = excel.examine(user, MachineRegistry())
    else:
        said = f"本机是 {platform.system()}，Excel 里的函数只在 Windows 上可用；命令行不受影响"
        on_excel = iter([Check("Microsoft Excel", said, good=False, needed=False)])
    return [_python(), _reading(), *_libraries(), _resources(), *on_excel, *calc.examine()]


def as_text(checks: list[Check]) -> Iterator[str]:
    """One line a check."""
    yield f"PerfEval {__version__}"
    for check in checks:
        mark = "√" if check.good else "×" if check.needed else "－"
        yield f"{mark} {check.name}：{check.found}" + ("" if check.good or not check.remedy else f"。{check.remedy}")


def _python() -> Check:
    found = f"{platform.python_version()}（{struct.calcsize('P') * 8} 位）{sys.executable}"
    return Check("Python", found, sys.version_info >= (3, 11), needed=True, remedy="请安装 Python 3.11 或更新的版本")


def _reading() -> Check:
    try:
        prove_reading()
    except UnfitInterpreter as error:
        return Check("读表自检", str(error), good=False, needed=True)
    return Check("读表自检", "内置的检验表读得对", good=True, needed=True)


def _libraries() -> Iterator[Check]:
    try:
        requirements = metadata.requires("perfeval") or []
    except metadata.PackageNotFoundError:
        said = "没有装成软件包，看不出它需要什么"
        yield Check("PerfEval", said, good=False, needed=True, remedy="请在 PerfEval 的目录里运行 pip install .")
        return
    for requirement in requirements:
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
