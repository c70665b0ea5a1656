"""perfeval install excel and the doctor's look at Excel: a Windows desk of plain files and a made registry."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from perfeval.books import FileBook
from perfeval.books.package import archive
from perfeval.cli import main
from perfeval.commands.doctor import excel as doctor
from perfeval.commands.install_excel import User, install, uninstall
from perfeval.errors import FileRefused, PerfEvalError
from perfeval.excel import settings
from perfeval.excel.program import bits_of
from perfeval.records import names
from support import ROOT

ADDIN = ROOT / "udfs/perfeval/resources/excel/PerfEval.xlam"
EMPTY_ZIP = archive({}, zipfile.ZIP_STORED)
VERSION = metadata.version("xlwings")
CLSID = "{00024500-0000-0000-C000-000000000046}"
SECURITY = r"HKCU\Software\Microsoft\Office\16.0\Excel\Security"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"


class MadeRegistry:
    """A registry from a table: (key, name) → value."""

    def __init__(self, values: Mapping[tuple[str, str], Any]) -> None:
        self.values = values

    def value(self, key: str, name: str = "") -> Any:
        return self.values.get((key, name))

    def subkeys(self, key: str) -> Sequence[str]:
        below = (found.removeprefix(f"{key}\\") for found, _ in self.values if found.startswith(f"{key}\\"))
        return sorted({name.partition("\\")[0] for name in below})


def executable(path: Path, machine: int) -> Path:
    """As much of a program file as tells its bits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + struct.pack("<4sH", b"PE\0\0", machine))
    return path


@pytest.fixture
def user(tmp_path: Path) -> User:
    """A Windows user with PerfEval's environment in his own folder, as ``py -m venv .venv`` makes it."""
    scripts = tmp_path / "张三" / "perfeval" / ".venv" / "Scripts"
    for name in ("python.exe", "pythonw.exe"):
        executable(scripts / name, 0x8664)
    executable(scripts.parent / f"xlwings64-{VERSION}.dll", 0x8664)
    executable(scripts.parent / f"xlwings32-{VERSION}.dll", 0x14C)
    home = tmp_path / "张三"
    return User(home, scripts / "python.exe", "win32", home / "AppData" / "Roaming")


# --- install, uninstall ---


def test_installing_names_the_python_without_a_console(user: User) -> None:
    said = list(install(user))
    # A Chinese user name is in no code page's way: VBA expands the variable.
    line = rb'"INTERPRETER_WIN","%USERPROFILE%\perfeval\.venv\Scripts\pythonw.exe"' + b"\r\n"
    assert user.settings.read_bytes() == line
    assert str(user.interpreter) in said[1]
    assert list(install(user)) == [
        f"加载宏 {user.addin} 已经是这个版本，没有改动",
        f"{user.settings} 已经指向这个 Python，没有改动",
    ]


def test_other_settings_stay_to_the_byte(user: User) -> None:
    user.settings.parent.mkdir()
    others = b'"SHOW CONSOLE","False"\r\n' + '"PYTHONPATH","C:\\单位"\r\n'.encode("gbk")
    before = others + b'"interpreter_win","C:\\Python310\\pythonw.exe"'
    user.settings.write_bytes(before)
    list(install(user))
    assert user.settings.read_bytes().startswith(others)
    assert settings.read(user.settings, "SHOW CONSOLE") == "False"
    assert user.backup.read_bytes() == before
    list(uninstall(user))
    assert user.settings.read_bytes() == others + b'"INTERPRETER_WIN","C:\\Python310\\pythonw.exe"\r\n'
    assert not user.backup.exists()


def test_uninstalling_keeps_what_was_set_since(user: User) -> None:
    list(install(user))
    settings.write(user.settings, "SHOW CONSOLE", "True")
    list(uninstall(user))
    assert user.settings.read_bytes() == b'"SHOW CONSOLE","True"\r\n'


def tree(folder: Path) -> dict[str, bytes]:
    """Everything below a folder, folders too."""
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


@pytest.mark.parametrize("theirs", ["", "Microsoft/Excel/XLSTART/PERSONAL.XLSB", "Microsoft/Excel/Excel16.xlb"])
def test_uninstalling_leaves_nothing(user: User, theirs: str) -> None:
    if theirs:
        (user.appdata / theirs).parent.mkdir(parents=True)
        (user.appdata / theirs).write_bytes(b"theirs")
    else:
        user.appdata.mkdir(parents=True)
    before = tree(user.home)
    list(install(user))
    assert user.addin == user.appdata / "Microsoft" / "Excel" / "XLSTART" / "PerfEval.xlam"
    assert user.addin.read_bytes() == ADDIN.read_bytes()
    assert [path.name for path in user.addin.parent.glob("*erf*val*")] == ["PerfEval.xlam"]
    list(uninstall(user))
    assert tree(user.home) == before
    with pytest.raises(PerfEvalError, match="没有装过"):
        list(uninstall(user))


def test_an_add_in_of_another_version_or_that_excel_has_saved_is_ours(user: User) -> None:
    with zipfile.ZipFile(ADDIN) as package:
        parts = {name: package.read(name) for name in package.namelist()} | {"docProps/core.xml": b"<saved/>"}
    user.addin.parent.mkdir(parents=True)
    user.addin.write_bytes(archive(parts, zipfile.ZIP_DEFLATED))
    assert "已放好加载宏" in next(install(user))
    assert user.addin.read_bytes() == ADDIN.read_bytes()
    assert [path.name for path in user.addin.parent.iterdir()] == ["PerfEval.xlam"]  # Excel would open a backup too
    user.addin.write_bytes(archive(parts, zipfile.ZIP_DEFLATED))
    list(uninstall(user))
    assert not user.addin.exists()


@pytest.mark.parametrize("content", [b"", b"theirs", EMPTY_ZIP], ids=["nothing", "no package", "another package"])
@pytest.mark.parametrize("do", [install, uninstall])
def test_a_strangers_file_of_that_name_stays(user: User, do: Any, content: bytes) -> None:
    user.addin.parent.mkdir(parents=True)
    user.addin.write_bytes(content)
    before = tree(user.home)
    with pytest.raises(FileRefused, match="不是 PerfEval 的加载宏"):
        list(do(user))
    assert tree(user.home) == before


@pytest.mark.parametrize("do", [install, uninstall])
def test_nothing_is_done_while_excel_runs(user: User, do: Any) -> None:
    if do is uninstall:
        list(install(user))
    before = tree(user.home)
    with pytest.raises(PerfEvalError, match="正在运行"):
        list(do(replace(user, excel_runs=True)))
    assert tree(user.home) == before


def test_installing_again_keeps_the_first_backup(user: User, tmp_path: Path) -> None:
    list(install(user))
    other = replace(user, python=tmp_path / "another" / "python.exe")
    executable(other.interpreter, 0x8664)
    list(install(other))
    assert settings.read(user.settings, settings.INTERPRETER) == settings.written(other.interpreter, user.home)
    assert user.backup.read_bytes() == b""


@pytest.mark.parametrize("into", ["folder", "file"])
def test_the_standard_workbook_comes_along(user: User, tmp_path: Path, into: str) -> None:
    target = tmp_path if into == "folder" else tmp_path / "我的.xlsm"
    said = list(install(user, target))
    written = tmp_path / "PerfEval.xlsm" if into == "folder" else target
    assert str(written) in said[0]
    assert names.TEMPLATE in FileBook.open(written).sheets
    assert str(written) in next(iter(install(user, target)))  # ours, and untouched
    written.write_bytes(b"worked on")
    with pytest.raises(FileRefused, match="已经存在"):
        list(install(user, target))
    assert written.read_bytes() == b"worked on"


def test_a_missing_pythonw_is_named_and_nothing_written(user: User) -> None:
    user.interpreter.unlink()
    with pytest.raises(FileRefused, match=r"pythonw\.exe"):
        list(install(user))
    assert not user.settings.exists()


@pytest.mark.parametrize("command", [["install", "excel"], ["uninstall", "excel"]])
def test_other_systems_are_refused_in_one_sentence(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, user: User
) -> None:
    monkeypatch.setattr(User, "this", classmethod(lambda _: replace(user, platform="linux")))
    assert main(command) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "perfeval install libreoffice" in told.err


# --- doctor ---


@pytest.fixture
def good(user: User, tmp_path: Path) -> dict[tuple[str, str], Any]:
    """The registry of a desk where everything is as it should be."""
    list(install(user))
    excel = executable(tmp_path / "Office16" / "EXCEL.EXE", 0x8664)
    return {
        (r"HKCR\Excel.Application\CurVer", ""): "Excel.Application.16",
        (r"HKCR\Excel.Application\CLSID", ""): CLSID,
        (rf"HKCR\CLSID\{CLSID}\LocalServer32", ""): f'"{excel}" /automation',
        (SECURITY, "VBAWarnings"): 2,
        (rf"{SECURITY}\Trusted Locations\Location0", "Path"): r"C:\自评",
    }


def lines(user: User, values: Mapping[tuple[str, str], Any]) -> dict[str, str]:
    """What the doctor says of Excel, with × before what is not as it should be."""
    checks = doctor.examine(user, MadeRegistry(values))
    return {check.name: ("" if check.good else "× ") + f"{check.found} → {check.remedy}" for check in checks}


def test_a_good_desk(user: User, good: dict[tuple[str, str], Any]) -> None:
    said = lines(user, good)
    assert said.keys() == {"Microsoft Excel", "xlwings.conf", "xlwings DLL", "Excel 加载宏", "Excel 的宏"}
    assert not any(line.startswith("×") for line in said.values())
    assert said["Microsoft Excel"].startswith("16.0（64 位）")
    assert f"xlwings64-{VERSION}.dll（{VERSION}，64 位）" in said["xlwings DLL"]
    assert r"打开时询问；受信任的文件夹：C:\自评" in said["Excel 的宏"]


WPS = {
    "et.exe": r'"C:\Program Files (x86)\Kingsoft\WPS Office\12.1.0\office6\et.exe" /automation',
    "ksolaunch": r"C:\Users\zhang\AppData\Local\Kingsoft\WPS Office\ksolaunch.exe /et -Embedding",
    "wps": r'"D:\WPS\office6\wps.exe" /et',
}


@pytest.mark.parametrize("command", WPS.values(), ids=WPS.keys())
def test_a_wps_that_took_the_name_is_found(user: User, good: dict[tuple[str, str], Any], command: str) -> None:
    said = lines(user, good | {(rf"HKCR\CLSID\{CLSID}\LocalServer32", ""): command})
    assert said["Microsoft Excel"].startswith("× “Excel.Application”指向 WPS")
    assert "兼容设置" in said["Microsoft Excel"]


def test_no_excel(user: User) -> None:
    assert lines(user, {})["Microsoft Excel"].startswith("× 没有找到")


def test_the_dll_must_be_for_excels_bits(user: User, good: dict[tuple[str, str], Any], tmp_path: Path) -> None:
    executable(tmp_path / "Office16" / "EXCEL.EXE", 0x14C)
    assert f"xlwings32-{VERSION}.dll（{VERSION}，32 位）" in lines(user, good)["xlwings DLL"]
    environment = user.python.parent.parent
    (environment / f"xlwings32-{VERSION}.dll").rename(environment / "xlwings32-0.30.1.dll")
    said = lines(user, good)["xlwings DLL"]
    assert said.startswith("×")
    assert f"没有 xlwings32-{VERSION}.dll，只有 xlwings32-0.30.1.dll、xlwings64-{VERSION}.dll" in said
    assert f'pip install --force-reinstall "xlwings=={VERSION}"' in said


def test_without_xlwings_there_is_a_line_and_no_traceback(
    user: User, good: dict[tuple[str, str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert lines(user, good)["xlwings DLL"] == "× 没有，因为没有安装 xlwings → 请先装好 xlwings"


def test_an_add_in_that_is_missing_or_old_is_told(user: User, good: dict[tuple[str, str], Any]) -> None:
    user.addin.write_bytes(b"older")
    assert "另一个版本" in lines(user, good)["Excel 加载宏"]
    user.addin.unlink()
    assert lines(user, good)["Excel 加载宏"].endswith("请运行 perfeval install excel")


def test_settings_that_name_no_python_or_another(user: User, good: dict[tuple[str, str], Any], tmp_path: Path) -> None:
    settings.write(user.settings, settings.INTERPRETER, str(executable(tmp_path / "py" / "pythonw.exe", 0x8664)))
    assert "不是现在这个 Python" in lines(user, good)["xlwings.conf"]
    settings.write(user.settings, settings.INTERPRETER, r"C:\nowhere\pythonw.exe")
    assert "没有这个文件" in lines(user, good)["xlwings.conf"]
    settings.write(user.settings, settings.INTERPRETER, None)
    assert lines(user, good)["xlwings.conf"].endswith("请运行 perfeval install excel")


MACROS: dict[str, tuple[dict[tuple[str, str], Any], str]] = {
    "never set": ({}, "打开时询问 →"),
    "all": ({(SECURITY, "VBAWarnings"): 1}, "全部启用 →"),
    "none": ({(SECURITY, "VBAWarnings"): 4}, "× 全部禁用 → 请在 Excel"),
    "signed, by policy": ({(SECURITY, "VBAWarnings"): 1, (POLICY, "VBAWarnings"): 3}, "× 只运行签名的宏（由管理员规定） →"),
    "none, but a trusted folder": (
        {(SECURITY, "VBAWarnings"): 4, (rf"{SECURITY}\Trusted Locations\Location1", "Path"): r"D:\单位"},
        r"全部禁用；受信任的文件夹：D:\单位 →",
    ),
    "no trusted folder counts": (
        {
            (SECURITY, "VBAWarnings"): 4,
            (rf"{SECURITY}\Trusted Locations", "AllLocationsDisabled"): 1,
            (rf"{SECURITY}\Trusted Locations\Location1", "Path"): r"D:\单位",
        },
        "× 全部禁用 →",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("values", "said"), MACROS.values(), ids=MACROS.keys())
def test_what_excel_does_with_macros(
    user: User, good: dict[tuple[str, str], Any], values: dict[tuple[str, str], Any], said: str
) -> None:
    others = {place: value for place, value in good.items() if "Security" not in place[0]}
    assert lines(user, others | values)["Excel 的宏"].startswith(said)


@pytest.mark.parametrize("content", [b"", b"MZ", b"MZ".ljust(60, b"\0") + b"\xff\xff\xff\xff", b"PK" * 40])
def test_a_file_that_is_no_program_has_no_bits(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.exe").write_bytes(content)
    assert bits_of(tmp_path / "x.exe") is None
