"""What 安装.bat and 卸载.bat have done, but for what Windows alone has: a whole desk stands in ``tests/windows/test_bundle.py``."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from perfeval.bundle import manifest
from perfeval.commands import doctor, windows_desk
from perfeval.commands.install_excel import User
from perfeval.errors import FileRefused, PerfEvalError


class Desk(NamedTuple):
    """A user's folders, where a program stands as it does once it is installed."""

    home: Path
    program: Path

    @property
    def user(self) -> User:
        return User(self.home, self.program / "python" / "python.exe", "win32", self.home / "AppData" / "Roaming")

    @property
    def workbook(self) -> Path:
        return self.home / "文档" / "绩效自评" / "PerfEval.xlsm"

    def settle(self) -> str:
        return "\n".join(windows_desk.settle(self.user))

    def uninstall(self) -> str:
        return "\n".join(windows_desk.uninstall(self.user))

    def files(self) -> set[Path]:
        """What there is outside the program's folder."""
        return {path for path in self.home.rglob("*") if not path.is_relative_to(self.program)}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path / "张三", tmp_path / "张三" / "Programs" / "PerfEval")
    desk.user.appdata.mkdir(parents=True)
    (desk.program / "python").mkdir(parents=True)
    for name in ("python.exe", "pythonw.exe", "xlwings64-1.dll"):
        (desk.program / "python" / name).touch()
    (desk.home / "文档").mkdir()

    def write(link: Path, target: Path) -> None:
        link.parent.mkdir(parents=True, exist_ok=True)
        link.write_text(str(target), encoding="utf-8")

    folders = {"documents": "文档", "desktop": "桌面", "start_menu": "开始"}
    links = {name: (lambda folder=desk.home / shown: folder) for name, shown in folders.items()}
    (desk.home / "桌面").mkdir()
    (desk.home / "开始").mkdir()
    monkeypatch.setattr(windows_desk, "links", SimpleNamespace(write=write, **links))
    monkeypatch.setattr(windows_desk, "program_folder", lambda: desk.program)
    monkeypatch.setattr(windows_desk, "own_cache", lambda: desk.home / "cache")
    monkeypatch.setattr(windows_desk, "user_folder", lambda: desk.home / "cache" / "standards")
    monkeypatch.setattr(doctor, "examine", list)
    return desk


def test_installed_and_uninstalled_nothing_is_left(desk: Desk) -> None:
    before = desk.files()
    assert "装好了" in desk.settle()
    assert desk.workbook.is_file()
    (desk.home / "cache").mkdir()
    (desk.home / "cache" / "rows.sqlite").touch()
    desk.uninstall()
    assert desk.files() == before


def test_a_workbook_that_was_filled_in_is_the_users(desk: Desk) -> None:
    """Neither an update nor an uninstallation touches it; one that nobody has touched is written anew."""
    desk.settle()
    assert "是填过的" not in desk.settle()
    filled = desk.workbook.read_bytes() + b"\0"
    desk.workbook.write_bytes(filled)
    assert f"{desk.workbook} 是填过的，没有动" in desk.settle()
    assert f"填过的工作簿留在原处：{desk.workbook}" in desk.uninstall()
    assert desk.workbook.read_bytes() == filled


def test_own_standards_stay(desk: Desk) -> None:
    desk.settle()
    own = desk.home / "cache" / "standards" / "xx-county-2024.toml"
    own.parent.mkdir(parents=True)
    own.touch()
    assert f"自己加入的标准留在原处：{own.parent}" in desk.uninstall()
    assert own.exists()


def test_what_is_not_installed_is_not_uninstalled(desk: Desk) -> None:
    before = desk.files()
    with pytest.raises(PerfEvalError, match="没有装过"):
        desk.uninstall()
    assert desk.files() == before


def test_while_excel_uses_it_nothing_happens(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.settle()
    before = desk.files()
    opened = Path.open

    def taken(path: Path, mode: str = "r", **options: str) -> object:
        if path.name == "pythonw.exe" and "+" in mode:
            raise PermissionError(13, "sharing violation")
        return opened(path, mode, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", taken)
    with pytest.raises(FileRefused, match="请关闭所有 Excel 窗口"):
        desk.uninstall()
    assert desk.files() == before


@pytest.mark.parametrize("lost", [True, False])
def test_a_bundle_that_is_not_whole_installs_nothing(desk: Desk, tmp_path: Path, lost: bool) -> None:
    """As after a virus scanner has taken a file away, or a download broke off."""
    folder = tmp_path / "离线"
    (folder / "wheels").mkdir(parents=True)
    (folder / "wheels" / "w.whl").write_bytes(b"PK")
    manifest.write(folder, "3.11")
    if lost:
        (folder / "wheels" / "w.whl").unlink()
    else:
        (folder / "wheels" / "w.whl").write_bytes(b"P")
    before = {*desk.home.rglob("*")}
    with pytest.raises(PerfEvalError, match="缺少文件 wheels/w.whl" if lost else "文件 wheels/w.whl 与清单不符"):
        list(windows_desk.install(folder))
    assert {*desk.home.rglob("*")} == before


def test_elsewhere_it_is_refused() -> None:
    if sys.platform == "win32":
        pytest.skip("a desk of Windows")
    with pytest.raises(PerfEvalError, match="pip install"):
        windows_desk.program_folder()
