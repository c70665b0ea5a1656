"""``install excel``, ``doctor`` and ``uninstall excel`` in the registry and the home of a Windows that has no Excel of its own."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
import winreg
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from perfeval.cli import main
from perfeval.commands.install_excel import User
from perfeval.excel import addin, settings, windows

CLSID = "{00024500-0000-0000-C000-000000000046}"
CLASSES = r"HKLM\Software\Classes"
SECURITY = r"HKCU\Software\Microsoft\Office\16.0\Excel\Security"


pytestmark = pytest.mark.skipif(
    not hasattr(ctypes.windll.ntdll, "wine_get_version"), reason="puts an Excel into the registry"
)


class Registry:
    """Writes keys, and takes out again what it wrote."""

    roots: ClassVar = {"HKLM": winreg.HKEY_LOCAL_MACHINE, "HKCU": winreg.HKEY_CURRENT_USER}

    def __init__(self) -> None:
        self._keys: list[str] = []

    def write(self, key: str, name: str = "", value: str | int = "") -> None:
        root, _, path = key.partition("\\")
        with winreg.CreateKey(self.roots[root], path) as opened:
            kind = winreg.REG_DWORD if isinstance(value, int) else winreg.REG_SZ
            winreg.SetValueEx(opened, name, 0, kind, value)
        self._keys.append(key)

    def clean(self) -> None:
        for key in sorted(set(self._keys), key=len, reverse=True):
            root, _, path = key.partition("\\")
            winreg.DeleteKey(self.roots[root], path)


@pytest.fixture
def registry() -> Iterator[Registry]:
    made = Registry()
    yield made
    made.clean()


@pytest.fixture
def user() -> Iterator[User]:
    """This user, whose settings are as before in the end."""
    this = User.this()
    kept = {path: path.read_bytes() if path.exists() else None for path in (this.settings, this.backup)}
    for path in kept:
        path.unlink(missing_ok=True)
    yield this
    for path, content in kept.items():
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)


def lines(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What ``perfeval doctor`` prints: the name of each thing, and what is said of it after its mark."""
    main(["doctor"])
    said = [line.partition(" ") for line in capsys.readouterr().out.splitlines()[1:]]
    return {text.partition("：")[0]: f"{mark} {text.partition('：')[2]}" for mark, _, text in said}


def test_the_whole_way(user: User, registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "请运行 perfeval install excel" in lines(capsys)["xlwings.conf"]
    before = below(user.appdata), below(user.home / ".xlwings")
    assert main(["install", "excel", "--workbook", str(tmp_path / "标准.xlsm")]) == 0
    assert (tmp_path / "标准.xlsm").is_file()
    assert user.addin.read_bytes() == addin.packaged()
    assert str(user.addin).endswith(r"AppData\Roaming\Microsoft\Excel\XLSTART\PerfEval.xlam")
    capsys.readouterr()
    said = lines(capsys)
    assert said["Excel 加载宏"] == f"√ {user.addin}"
    assert said["xlwings.conf"] == f"√ Excel 用 {user.interpreter}"
    assert said["xlwings DLL"].startswith("√ ")
    assert said["Microsoft Excel"].startswith("－ 没有找到")

    program = r"C:\windows\system32\notepad.exe"  # a real program file, whose header tells its bits
    registry.write(rf"{CLASSES}\Excel.Application")
    registry.write(rf"{CLASSES}\Excel.Application\CurVer", value="Excel.Application.16")
    registry.write(rf"{CLASSES}\Excel.Application\CLSID", value=CLSID)
    registry.write(rf"{CLASSES}\CLSID\{CLSID}")
    registry.write(rf"{CLASSES}\CLSID\{CLSID}\LocalServer32", value=f'"{program}" /automation')
    registry.write(SECURITY, "VBAWarnings", 4)
    said = lines(capsys)
    assert said["Microsoft Excel"] == f"√ 16.0（64 位）{program}"
    assert said["Excel 的宏"].startswith("－ 全部禁用。请在 Excel")
    registry.write(rf"{SECURITY}\Trusted Locations")
    registry.write(rf"{SECURITY}\Trusted Locations\Location0", "Path", "D:\\单位\\")
    assert lines(capsys)["Excel 的宏"] == "√ 全部禁用；受信任的文件夹：D:\\单位\\"
    registry.write(
        rf"{CLASSES}\CLSID\{CLSID}\LocalServer32", value=r'"C:\Kingsoft\WPS Office\office6\et.exe" /automation'
    )
    assert lines(capsys)["Microsoft Excel"].startswith("－ “Excel.Application”指向 WPS")

    assert main(["uninstall", "excel"]) == 0
    assert (below(user.appdata), below(user.home / ".xlwings")) == before


def below(folder: Path) -> set[str]:
    """Everything that lies below a folder."""
    return {str(path) for path in folder.rglob("*")}


@pytest.fixture
def excel() -> Iterator[subprocess.Popen[bytes]]:
    """A process of Excel's name, which shows no window: this Python under that name, until its input ends."""
    program = Path(sys.executable).with_name("EXCEL.EXE")
    shutil.copy(sys.executable, program)
    with subprocess.Popen([program, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        yield running
        running.kill()
    program.unlink()


@pytest.mark.parametrize("command", ["install", "uninstall"])
def test_nothing_is_done_while_excel_runs(
    user: User, excel: subprocess.Popen[bytes], capsys: pytest.CaptureFixture[str], command: str
) -> None:
    before = below(user.appdata), below(user.home / ".xlwings")
    assert windows.excel_runs()
    assert main([command, "excel"]) != 0
    assert "Excel 正在运行，没有改动任何文件" in capsys.readouterr().err
    assert (below(user.appdata), below(user.home / ".xlwings")) == before
    excel.kill()
    excel.wait()
    assert not windows.excel_runs()


def test_a_setting_of_before_comes_back(user: User) -> None:
    user.settings.parent.mkdir(exist_ok=True)
    before = b'"SHOW CONSOLE","False"\r\n"INTERPRETER_WIN","C:\\Python310\\pythonw.exe"\r\n'
    user.settings.write_bytes(before)
    assert main(["install", "excel"]) == 0
    assert settings.read(user.settings, settings.INTERPRETER) == settings.written(user.interpreter, user.home)
    assert main(["uninstall", "excel"]) == 0
    assert user.settings.read_bytes() == before
