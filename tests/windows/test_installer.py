"""The bundle's batch files in Windows' own shell; a program stands in for the Python beside them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pytest

from perfeval.bundle import texts

# It notes how it was called, and fails, as a refusal does, where it is told to.
STAND_IN = """
import os, sys
with open(os.environ["NOTES"], "a", encoding="utf-8") as notes:
    print(*sys.argv[1:], file=notes)
sys.exit(int(os.environ["CODE"]))
"""


class Desk(NamedTuple):
    """A folder with an unpacked bundle, and a user's folder with what was installed."""

    bundle: Path
    notes: Path
    home: Path

    def run(self, name: str, code: int = 0) -> tuple[int, str]:
        """Run a batch file, its Python ending with a code; its own code, and what it says."""
        (self.bundle / f"{name}.bat").write_bytes(texts.batch({"安装": "install.bat", "卸载": "uninstall.bat"}[name]))
        environment = os.environ | {"LOCALAPPDATA": str(self.home), "NOTES": str(self.notes), "CODE": str(code)}
        command = f'cmd.exe /d /s /c ""{self.bundle / f"{name}.bat"}""'
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        return done.returncode, (done.stdout + done.stderr).decode("cp936", "replace")

    @property
    def calls(self) -> list[str]:
        """How the stand-in was called, the bundle's folder left out."""
        return self.notes.read_text(encoding="utf-8").replace(str(self.bundle), "").splitlines()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "离线 包 (1) & 二", tmp_path / "notes.txt", tmp_path / "张三")
    for folder in (desk.bundle / "python", desk.home / "Programs" / "PerfEval" / "python"):
        folder.mkdir(parents=True)
    script = io.BytesIO()
    with zipfile.ZipFile(script, "w") as package:
        package.writestr("__main__.py", STAND_IN)
    launcher = files("pip").joinpath("_vendor", "distlib", "t64.exe").read_bytes()
    stand_in = launcher + f"#!{sys.executable}\r\n".encode() + script.getvalue()
    (desk.bundle / "python" / "python.exe").write_bytes(stand_in)
    (desk.bundle / "manifest.json").touch()
    return desk


def test_it_installs_from_its_own_folder(desk: Desk) -> None:
    code, said = desk.run("安装")
    assert code == 0, said
    assert "没有" not in said
    assert desk.calls == ["-m perfeval bundle install \\."]


def test_where_it_fails_it_says_so(desk: Desk) -> None:
    code, said = desk.run("安装", code=1)
    assert code == 1, said
    assert "没有装好。原因见上面" in said


@pytest.mark.parametrize("name", ["安装", "卸载"])
def test_out_of_a_packed_zip_it_says_what_to_do(desk: Desk, name: str) -> None:
    """The shell of Windows opens a zip as a folder, and runs of it the one file that was clicked on."""
    (desk.bundle / "python" / "python.exe").unlink()
    code, said = desk.run(name)
    assert code == 1, said
    assert "全部解压" in said


def test_uninstalling_removes_the_program(desk: Desk) -> None:
    code, said = desk.run("卸载")
    assert code == 0, said
    assert "已经卸载" in said
    assert desk.calls == ["-m perfeval bundle uninstall"]
    assert not (desk.home / "Programs" / "PerfEval").exists()


def test_uninstalling_that_is_refused_removes_nothing(desk: Desk) -> None:
    code, said = desk.run("卸载", code=1)
    assert code == 1, said
    assert "没有卸载" in said
    assert (desk.home / "Programs" / "PerfEval").is_dir()


def test_it_can_remove_the_folder_that_it_stands_in(desk: Desk) -> None:
    program = desk.home / "Programs" / "PerfEval"
    (program / "python" / "python.exe").write_bytes((desk.bundle / "python" / "python.exe").read_bytes())
    code, said = Desk(program, desk.notes, desk.home).run("卸载")
    assert code == 0, said
    assert "已经卸载" in said
    assert not program.exists()
