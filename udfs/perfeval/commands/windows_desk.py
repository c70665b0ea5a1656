"""What ``安装.bat`` and ``卸载.bat`` of a bundle do on a Windows desk, for its user alone.

``install`` runs in the bundle's own Python, from the wheel, before there is any package: it and what it imports are the standard
library and this package. ``settle`` runs in the Python that was installed; ``uninstall`` in either.
"""

from __future__ import annotations

import compileall
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from perfeval.books.outputs import is_ours, refusing
from perfeval.bundle import cpython, links, manifest, texts
from perfeval.bundle.manifest import MANIFEST, PYTHON, WHEELS
from perfeval.bundle.unpacking import SITE, places, unpack
from perfeval.commands import doctor, install_excel
from perfeval.commands.install_excel import WORKBOOK, User
from perfeval.errors import FileRefused, PerfEvalError
from perfeval.rollup.cachefolder import own_cache
from perfeval.standards.files import user_folder

_OWN_BATCHES = {"doctor.bat": "检查这台电脑.bat", "perfeval.cmd": "perfeval.cmd"}
_MANUAL, _UNINSTALL = "使用说明.html", "卸载.bat"
_MENU, _BOOKS = "PerfEval 绩效自评", "绩效自评"  # folders in the start menu, and in the user's documents
_RECEIPT = "installed.json"  # what was written outside the program's folder
_SCANNED = (0.2, 0.5, 1, 2, 4)  # seconds until a virus scanner lets go of what was just written
_IN_USE = "正在使用；请关闭所有 Excel 窗口，再试一次，还不行请重新启动电脑"


def program_folder() -> Path:
    """Where the program stands: in the place that Windows has for a user's own programs. Raises PerfEvalError elsewhere."""
    local = os.environ.get("LOCALAPPDATA")
    if os.name != "nt" or not local:
        raise PerfEvalError("这是离线安装包在 Windows 上的一步；别的系统请用 pip install")
    return Path(local, "Programs", "PerfEval")


def install(bundle: Path) -> Iterator[str]:
    """Install what an unpacked bundle holds, in place of an older one; tells each step.

    Raises PerfEvalError where the bundle is not whole, FileRefused where something cannot be written or is in use; what was
    installed before is then as it was.
    """
    program = program_folder()
    stated = manifest.read(bundle, bundle)
    if wrong := list(manifest.faults(bundle, stated)):
        raise PerfEvalError(
            f"安装包不完整：{wrong[0]}（共 {len(wrong)} 处）。请重新解压；还是这样，请看杀毒软件是不是隔离了它，或重新复制安装包"
        )
    _refuse_in_use(program)
    yield f"正在装进 {program} ……（约一分钟，请不要关闭这个窗口）"
    fresh, old = program.with_name("PerfEval.new"), program.with_name("PerfEval.old")
    with refusing(program):
        for left in (fresh, old):
            shutil.rmtree(left, ignore_errors=True)
        try:
            lay_out(bundle, fresh)
            compileall.compile_dir(
                fresh / PYTHON / SITE, quiet=2, stripdir=str(fresh), prependdir=str(program), workers=0
            )
            if program.exists():
                _rename(program, old)
            _rename(fresh, program)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)
    _settle_in(program / PYTHON / "python.exe")


def lay_out(bundle: Path, program: Path) -> None:
    """Write the program's folder: its Python with every wheel in it, and what a person opens. Each file is written anew: a copy by
    the system would keep the mark of a download."""
    for path in sorted(bundle.rglob("*")):
        name = path.relative_to(bundle)
        if path.is_file() and name.parts[0] != WHEELS and name.parts != (MANIFEST,) and name.suffix != ".bat":
            file = program / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(path.read_bytes())
    for wheel in sorted((bundle / WHEELS).glob("*.whl")):
        unpack(wheel, program / PYTHON)
    cpython.search(program / PYTHON, places(program / PYTHON))
    for name, shown in (*_OWN_BATCHES.items(), ("uninstall.bat", _UNINSTALL)):
        (program / shown).write_bytes(texts.batch(name))


def settle(user: User) -> Iterator[str]:
    """Tell Excel of this Python, write the workbook where there is none, and the links to it; then look at the desk."""
    program = program_folder()
    workbook = links.documents() / _BOOKS / WORKBOOK
    is_anybodys = workbook.exists() and not is_ours(workbook)
    workbook.parent.mkdir(parents=True, exist_ok=True)
    yield from install_excel.install(user, None if is_anybodys else workbook)
    if is_anybodys:
        yield f"{workbook} 是填过的，没有动"
    menu = links.start_menu() / _MENU
    made = {
        links.desktop() / "绩效自评.lnk": workbook,
        links.desktop() / "绩效自评使用说明.lnk": program / _MANUAL,
        menu / "绩效自评工作簿.lnk": workbook,
        menu / "使用说明.lnk": program / _MANUAL,
        menu / "检查这台电脑.lnk": program / _OWN_BATCHES["doctor.bat"],
        menu / "卸载.lnk": program / _UNINSTALL,
    }
    for link, target in made.items():
        links.write(link, target)
    receipt = {"links": list(map(str, made)), "workbook": str(workbook)}
    (program / _RECEIPT).write_text(json.dumps(receipt, ensure_ascii=False), encoding="utf-8")
    yield from doctor.as_text(doctor.examine())
    yield "装好了：桌面上的“绩效自评”打开工作簿，“绩效自评使用说明”讲怎样用"


def uninstall(user: User) -> Iterator[str]:
    """Take out all but the program's own folder, in which this may run; ``卸载.bat`` removes that. What a person has filled in stays.

    Raises PerfEvalError where nothing is installed, FileRefused where it is in use; nothing is changed then.
    """
    program = program_folder()
    receipt = _receipt(program)
    _refuse_in_use(program)
    if user.backup.exists():
        yield from install_excel.uninstall(user)
    _remove_if_empty(user.settings.parent)
    for link in map(Path, receipt["links"]):
        link.unlink(missing_ok=True)
        if link.parent.name == _MENU:
            _remove_if_empty(link.parent)
    workbook = Path(receipt["workbook"])
    if workbook.exists() and not is_ours(workbook):
        yield f"填过的工作簿留在原处：{workbook}"
    else:
        workbook.unlink(missing_ok=True)
        _remove_if_empty(workbook.parent)
    yield from _forget(own_cache())


def _forget(cache: Path) -> Iterator[str]:
    """Take away what earlier runs have kept; the standards that a person has added stay."""
    standards = user_folder()
    for path in cache.iterdir() if cache.is_dir() else ():
        if path.name == standards.name:
            yield f"自己加入的标准留在原处：{path}"
        elif path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    _remove_if_empty(cache)


def _receipt(program: Path) -> dict[str, Any]:
    try:
        return json.loads((program / _RECEIPT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PerfEvalError(f"没有装过，或没有装完：{program} 里没有 {_RECEIPT}。没有改动任何文件") from error


def _refuse_in_use(program: Path) -> None:
    """Raises FileRefused while Excel runs its Python, or has loaded its library: such a file takes no writer."""
    python = program / PYTHON
    for file in (python / "pythonw.exe", *python.glob("xlwings64-*.dll")):
        try:
            with suppress(FileNotFoundError), file.open("r+b"):
                pass
        except OSError as error:
            raise FileRefused(file, _IN_USE) from error


def _rename(folder: Path, name: Path) -> None:
    for seconds in _SCANNED:
        with suppress(PermissionError):
            folder.rename(name)
            return
        time.sleep(seconds)
    folder.rename(name)


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _settle_in(python: Path) -> None:
    """Run ``settle`` in the Python that was installed, which says itself what it does. Raises PerfEvalError where it fails."""
    try:
        done = subprocess.run(
            [str(python), "-m", "perfeval", "bundle", "settle"], stdin=subprocess.DEVNULL, check=False
        )
    except OSError as error:
        raise PerfEvalError(f"{python} 不能运行（{error.strerror}）；请看杀毒软件是不是拦住了它，再试一次") from error
    if done.returncode:
        raise PerfEvalError("程序已经装好，但没有全部设置好，原因见上一行；请照做后再双击“安装.bat”")
