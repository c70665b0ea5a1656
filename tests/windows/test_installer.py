"""install.bat of the bundle in Windows' own shell; a program stands in for the Python launcher and for what it makes."""

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

# Called as py.exe it serves Python 3.12 alone; ``-m venv`` makes an environment of copies of itself. It notes how it was called,
# and breaks, as a crash does, where it meets the word BREAKS.
STAND_IN = """
import os, pathlib, shutil, sys
own, words = pathlib.Path(sys.argv[0]), sys.argv[1:]
with open(os.environ["NOTES"], "a", encoding="utf-8") as notes:
    print(own.stem, *words, file=notes)
if os.environ["BREAKS"] in words:
    sys.exit(-1073741510)
if own.stem == "py" and words[0] != "-3.12":
    sys.exit(103)
if "venv" in words:
    scripts = pathlib.Path(words[-1], "Scripts")
    scripts.mkdir(parents=True)
    for name in ("python.exe", "perfeval.exe"):
        shutil.copy(own, scripts / name)
"""


class Desk(NamedTuple):
    """A folder with an unpacked bundle, and a launcher on the path."""

    bundle: Path
    notes: Path
    home: Path

    def install(self, breaks: str = "nothing") -> tuple[int, str]:
        """Run install.bat; its exit code, and what it says."""
        environment = os.environ | {
            "PATH": f"{self.home};{os.environ['PATH']}",
            "LOCALAPPDATA": str(self.home / "本地"),
            "NOTES": str(self.notes),
            "BREAKS": breaks,
        }
        command = f'cmd.exe /d /s /c ""{self.bundle / "install.bat"}""'
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        return done.returncode, (done.stdout + done.stderr).decode("mbcs", "replace")

    @property
    def calls(self) -> list[str]:
        """How the stand-in was called, the environment's folder left out."""
        return self.notes.read_text(encoding="utf-8").replace(str(self.home), "").splitlines()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "离线 包 (1)", tmp_path / "notes.txt", tmp_path / "张三")
    for folder in (desk.bundle, desk.home):
        folder.mkdir()
    script = io.BytesIO()
    with zipfile.ZipFile(script, "w") as package:
        package.writestr("__main__.py", STAND_IN)
    launcher = files("pip").joinpath("_vendor", "distlib", "t64.exe").read_bytes()
    (desk.home / "py.exe").write_bytes(launcher + f"#!{sys.executable}\r\n".encode() + script.getvalue())
    installer = files("perfeval").joinpath("resources", "windows", "install.bat").read_text(encoding="ascii")
    (desk.bundle / "install.bat").write_text(installer, encoding="ascii", newline="\r\n")
    for python in ("3.11", "3.12", "3.13"):
        (desk.bundle / f"requirements-{python}.txt").touch()
    return desk


ENVIRONMENT = r"py -3.12 -m venv \本地\PerfEval"
PACKAGES = "python -m pip install --no-index --find-links wheels --require-hashes -r requirements-3.12.txt"


def test_it_installs_for_the_newest_python_there_is(desk: Desk) -> None:
    code, said = desk.install()
    assert code == 0
    assert "PerfEval is installed" in said
    assert [call.partition(" -c ")[0] for call in desk.calls] == [
        "py -3.13",
        "py -3.12",
        ENVIRONMENT,
        PACKAGES,
        "perfeval install excel",
        "perfeval doctor",
    ]


@pytest.mark.parametrize(("breaks", "last"), [("venv", ENVIRONMENT), ("pip", PACKAGES)])
def test_it_stops_where_something_breaks(desk: Desk, breaks: str, last: str) -> None:
    code, said = desk.install(breaks)
    assert code == 1
    assert "PerfEval was NOT installed" in said
    assert "is installed:" not in said
    assert desk.calls[-1] == last


def test_without_a_python_it_says_so(desk: Desk) -> None:
    (desk.bundle / "requirements-3.12.txt").unlink()
    code, said = desk.install()
    assert code == 1
    assert "No 64-bit Python" in said
    assert [call.partition(" -c ")[0] for call in desk.calls] == ["py -3.13", "py -3.11"]
