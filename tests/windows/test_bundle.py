"""The bundle as a person meets it: unpacked, 安装.bat, a function's value through xlwings' DLL and COM, 卸载.bat, and no trace left."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import time
import winreg
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import pythoncom
from win32com.shell import shell

from perfeval.excel import settings
from support.windows.pythonserver import BRIDGE, COMMAND, PYTHONW, ask
from support.windows.vbacom import CallFailed, Library, Object, value_of, variant

BUNDLE = Path(os.environ.get("PERFEVAL_BUNDLE", ""))  # ``wine.py`` makes it
PLACE = Path("C:\\用户资料")
PATIENCE = 300  # seconds
SHELL_FOLDERS = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
# Windows itself notes there what it was asked.
ASKED_FOR = r"Software\Microsoft\Windows\CurrentVersion\Explorer\Shell Folders"
# Of the user that Wine made; the rest are links into Linux.
REAL = ("AppData/Local", "AppData/Roaming/Microsoft/Windows/Start Menu", ".xlwings")
USUAL = {
    "Desktop": "Desktop",
    "Personal": "Documents",
    "Programs": r"AppData\Roaming\Microsoft\Windows\Start Menu\Programs",
}

pytestmark = [
    pytest.mark.skipif(not BUNDLE.is_file(), reason="no bundle was made for this run"),
    pytest.mark.skipif(not hasattr(ctypes.windll.ntdll, "wine_get_version"), reason="changes a user's folders"),
]


class Desk(NamedTuple):
    """A user's folders, moved to where a Chinese name is in every path, and the unpacked bundle."""

    home: Path
    bundle: Path

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "USERPROFILE": self.home,
            "LOCALAPPDATA": self.home / "AppData" / "Local",
            "APPDATA": self.home / "AppData",
        }
        return os.environ | {name: str(path) for name, path in own.items()}

    @property
    def program(self) -> Path:
        return self.home / "AppData" / "Local" / "Programs" / "PerfEval"

    @property
    def workbook(self) -> Path:
        return self.home / "文档" / "绩效自评" / "PerfEval.xlsm"

    def run(self, batch: Path) -> tuple[int, str]:
        """Double-click a batch file; its code and what it says. Into a file: Windows' own services would hold a pipe open."""
        said = PLACE / "said.txt"
        with said.open("wb") as out:
            done = subprocess.run(
                f'cmd.exe /d /s /c ""{batch}""',
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                timeout=PATIENCE,
                check=False,
            )
        lines = said.read_bytes().splitlines()
        said.unlink()
        return done.returncode, "\n".join(map(_decoded, lines))

    def trace(self) -> dict[str, str]:
        """Every file and every key of the user's registry, the bundle left out."""
        files = {
            str(path): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
            for root in (self.home, *(Path.home() / name for name in REAL))
            for path in root.rglob("*")
        }
        keys = dict(_keys(winreg.HKEY_CURRENT_USER, "Software"))
        del keys[ASKED_FOR]
        return files | keys


def _decoded(line: bytes) -> str:
    """A line of Python's, or of the shell's."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp936", "replace")


def _keys(root: int, path: str) -> Iterator[tuple[str, str]]:
    with winreg.OpenKey(root, path) as key:
        folders, values, _ = winreg.QueryInfoKey(key)
        yield path, repr(sorted(map(repr, (winreg.EnumValue(key, number)[:2] for number in range(values)))))
        names = [winreg.EnumKey(key, number) for number in range(folders)]
    for name in names:
        yield from _keys(root, f"{path}\\{name}")


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    desk = Desk(PLACE / "张三", PLACE / "绩效 (1)" / BUNDLE.stem)
    shutil.rmtree(PLACE, ignore_errors=True)  # of a run that was stopped
    moved = {"Desktop": desk.home / "桌面", "Personal": desk.home / "文档", "Programs": desk.home / "开始菜单"}
    for folder in (*moved.values(), desk.home / "AppData" / "Local"):
        folder.mkdir(parents=True)
    with zipfile.ZipFile(BUNDLE) as package:
        package.extractall(desk.bundle.parent)
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, SHELL_FOLDERS, 0, winreg.KEY_ALL_ACCESS) as key:
        for name, folder in moved.items():
            winreg.SetValueEx(key, name, 0, winreg.REG_SZ, str(folder))
        yield desk
        for name, folder in USUAL.items():
            winreg.SetValueEx(key, name, 0, winreg.REG_EXPAND_SZ, rf"%USERPROFILE%\{folder}")
    shutil.rmtree(PLACE, ignore_errors=True)


@pytest.fixture(scope="module")
def before(desk: Desk) -> dict[str, str]:
    """What was there before anything was installed."""
    return desk.trace()


@pytest.fixture(scope="module")
def said(desk: Desk, before: dict[str, str]) -> str:
    """What 安装.bat says."""
    began = time.monotonic()
    code, said = desk.run(desk.bundle / "安装.bat")
    print(f"\n  installed in {time.monotonic() - began:.0f} s")
    assert code == 0, said
    return said


def test_it_is_installed(desk: Desk, said: str) -> None:
    assert "装好了" in said
    assert f"√ Python：3.11.9（64 位）{desk.program}" in said
    assert f"√ xlwings.conf：Excel 用 {desk.program}" in said
    assert "√ xlwings DLL：" in said
    assert "×" not in said
    assert desk.workbook.is_file()
    conf = settings.settings_file(desk.home).read_text(encoding="cp936")
    assert '"%USERPROFILE%\\AppData\\Local\\Programs\\PerfEval\\python\\pythonw.exe"' in conf
    links = {path.relative_to(desk.home).as_posix() for path in desk.home.rglob("*.lnk")}
    menu = "开始菜单/PerfEval 绩效自评"
    assert links == {
        "桌面/绩效自评.lnk", "桌面/绩效自评使用说明.lnk", f"{menu}/绩效自评工作簿.lnk", f"{menu}/使用说明.lnk",
        f"{menu}/检查这台电脑.lnk", f"{menu}/卸载.lnk",
    }  # fmt: skip
    assert {target(desk.home / link) for link in links} == {
        desk.workbook, desk.program / "使用说明.html", desk.program / "检查这台电脑.bat", desk.program / "卸载.bat",
    }  # fmt: skip
    assert all(path.is_file() for path in map(target, desk.home.rglob("*.lnk")))


def target(link: Path) -> Path:
    """The file that a link opens."""
    opened = pythoncom.CoCreateInstance(
        shell.CLSID_ShellLink, None, pythoncom.CLSCTX_INPROC_SERVER, shell.IID_IShellLink
    )
    opened.QueryInterface(pythoncom.IID_IPersistFile).Load(str(link))
    return Path(opened.GetPath(0)[0])


@pytest.fixture
def server(desk: Desk, said: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Object]:
    """The Python that Excel would start: as the settings say, by the library beside it, in the user's own environment."""
    for name, value in desk.environment.items():
        monkeypatch.setenv(name, value)
    value = settings.read(settings.settings_file(desk.home), settings.INTERPRETER)
    assert value is not None
    interpreter = settings.expanded(value, desk.home)
    (library,) = interpreter.parent.glob("xlwings64-*.dll")
    made = Library(library).activate(COMMAND.replace(str(PYTHONW), str(interpreter)))
    yield made
    with pytest.raises(CallFailed):
        made.call("Exec", variant("import os; os._exit(3)"))
    time.sleep(1)
    let_go(library)


def let_go(library: Path) -> None:
    """Unload a library from this process, as it goes with Excel."""
    kernel = ctypes.windll.kernel32
    kernel.GetModuleHandleW.argtypes, kernel.GetModuleHandleW.restype = [ctypes.c_wchar_p], ctypes.c_void_p
    kernel.FreeLibrary.argtypes = [ctypes.c_void_p]
    while handle := kernel.GetModuleHandleW(str(library)):
        kernel.FreeLibrary(handle)


def test_a_function_gives_its_value(desk: Desk, server: Object) -> None:
    assert ask(server, "PE_EXEC_SCORE", 100.0, 90.0) == 9.0
    assert ask(server, "PE_INDICATOR_SCORE", "≥95%", 0.95, 10.0) == 10.0
    places = value_of(server.call("Str", server.call("Eval", variant("__import__('sys').path"))))
    assert repr(str(desk.program))[1:-1] in places
    assert "site-packages" in places
    assert "Roaming" not in places
    told = value_of(server.call("Str", server.call("Eval", variant(f"__import__('{BRIDGE}').__file__"))))
    assert Path(told).is_relative_to(desk.program)


def test_while_excel_uses_it_nothing_is_uninstalled(desk: Desk, server: Object) -> None:
    before = {*desk.home.rglob("*")}
    code, said = desk.run(desk.program / "卸载.bat")
    assert code == 1
    assert "正在使用；请关闭所有 Excel 窗口" in said
    assert {*desk.home.rglob("*")} == before


def test_it_leaves_no_trace(desk: Desk, said: str, before: dict[str, str]) -> None:
    code, said = desk.run(desk.program / "卸载.bat")
    assert code == 0, said
    assert "已经卸载" in said
    after = desk.trace()
    assert {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)} == set()


def test_what_is_not_installed_is_not_uninstalled(desk: Desk) -> None:
    code, said = desk.run(desk.bundle / "卸载.bat")
    assert code == 1
    assert "没有装过" in said
