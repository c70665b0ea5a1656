"""``perfeval bundle windows``: the wheels that Windows resolves to, all there; a bundle that lacks one names it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from perfeval.bundle.wheels import ROOT, resolve, wheels_in
from perfeval.cli import main
from perfeval.commands import bundle
from perfeval.errors import PerfEvalError
from support.complete import COMPLETE

# Small wheels with the names, tags and markers of the real ones: file name → what it requires.
WHEELS = {
    "perfeval-0.1.0-py3-none-any": ["xlwings==0.37.8", "numpy<3,>=1.26", "tqdm<5", 'pytest; extra == "test"'],
    "xlwings-0.37.8-cp312-cp312-win_amd64": [
        'pywin32>=224; platform_system == "Windows"',
        'psutil; sys_platform == "darwin"',
    ],
    "tqdm-4.70.1-py3-none-any": ['colorama; platform_system == "Windows"', 'uvloop; sys_platform == "linux"'],
    "colorama-0.4.6-py2.py3-none-any": [],
    "pywin32-312-cp312-cp312-win_amd64": [],
    "numpy-2.5.5-cp312-cp312-win_amd64": [],
    "numpy-2.4.6-cp311-cp311-win_amd64": [],
    "numpy-2.5.5-cp312-cp312-manylinux_2_28_x86_64": [],
}
NEEDED = {"perfeval", "xlwings", "tqdm", "colorama", "pywin32", "numpy"}


def write_wheel(folder: Path, stem: str, requires: Sequence[str]) -> Path:
    name, version, *tag = stem.split("-")
    own = f"{name}-{version}.dist-info"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Python: >=3.11\n"
    files = {
        f"{own}/METADATA": head + "".join(f"Requires-Dist: {one}\n" for one in requires),
        f"{own}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {'-'.join(tag)}\n",
    }
    record = [
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip('=')},{len(text)}"
        for path, text in files.items()
    ]
    path = folder / f"{stem}.whl"
    with zipfile.ZipFile(path, "w") as package:
        for member, text in {**files, f"{own}/RECORD": "\n".join([*record, f"{own}/RECORD,,\n"])}.items():
            package.writestr(member, text)
    return path


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A bundle of the small wheels, for one Python."""
    folder = tmp_path / "离线"
    (folder / "wheels").mkdir(parents=True)
    for stem, requires in WHEELS.items():
        write_wheel(folder / "wheels", stem, requires)
    bundle.assemble(folder, ("3.12",))
    return folder


def test_what_windows_resolves_to(tmp_path: Path) -> None:
    """pywin32 and colorama, that only Windows needs; nothing of other systems, other Pythons or extras."""
    for stem, requires in WHEELS.items():
        write_wheel(tmp_path, stem, requires)
    resolved = resolve(wheels_in(tmp_path), "3.12")
    assert {wheel.name for wheel in resolved.wheels} == NEEDED
    assert resolved.missing == ()
    assert {str(wheel.version) for wheel in resolved.wheels if wheel.name == "numpy"} == {"2.5.5"}
    assert [one.requirement for one in resolve(wheels_in(tmp_path), "3.13").missing] == [
        "xlwings==0.37.8",
        "numpy<3,>=1.26",
    ]


def test_a_complete_bundle(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "check", str(made)]) == 0
    assert "是齐全的" in capsys.readouterr().out
    pinned = (made / "requirements-3.12.txt").read_text(encoding="ascii").splitlines()
    assert {line.partition("==")[0] for line in pinned} == NEEDED
    assert all("--hash=sha256:" in line for line in pinned)
    assert not [path for path in (made / "wheels").iterdir() if "manylinux" in path.name or "cp311" in path.name]
    installer = (made / "install.bat").read_bytes()
    assert installer.isascii()
    assert installer.count(b"\n") == installer.count(b"\r\n")
    assert (made / "安装说明.txt").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (made / "PerfEval.xlsm").exists()


@pytest.mark.parametrize("name", sorted(NEEDED - {ROOT}))
@pytest.mark.parametrize("packed", [False, True])
def test_a_bundle_that_lacks_a_wheel_names_it(
    made: Path, name: str, packed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    (lost,) = (made / "wheels").glob(f"{name}-*")
    lost.unlink()
    place = Path(shutil.make_archive(str(made), "zip", made)) if packed else made
    assert main(["bundle", "check", str(place)]) == 1
    said = capsys.readouterr().out
    assert f"缺少文件 wheels/{lost.name}" in said
    assert f"Python 3.12 缺少 {name}" in said


def test_a_file_that_was_changed_is_named(made: Path) -> None:
    write_wheel(made / "wheels", "tqdm-4.70.1-py3-none-any", [])
    wrong = list(bundle.check(made))
    assert wrong[0] == "文件 wheels/tqdm-4.70.1-py3-none-any.whl 与清单不符"
    assert "pip 不能从包里安装" in wrong[1]  # the hash that is pinned


@pytest.mark.parametrize("content", [None, "{}", "[]", '{"files": {}, "python": ["2.7"]}'])
def test_no_bundle(tmp_path: Path, content: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    assert main(["bundle", "check", str(tmp_path)]) == 1
    assert "不是离线安装包" in capsys.readouterr().err


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "windows", "--out", str(tmp_path)]) == 1
    assert "没有覆盖" in capsys.readouterr().err


def test_a_real_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Fetches the wheels for one Python; where no package index answers, it is skipped, and fails where all must run."""
    out = tmp_path / "PerfEval.zip"
    try:
        bundle.make(out, ("3.12",))
    except PerfEvalError as error:
        if "检查网络" not in error.reason or os.environ.get(COMPLETE):
            raise
        pytest.skip(f"needs a package index: {error.reason}")
    assert main(["bundle", "check", str(out)]) == 0
    with zipfile.ZipFile(out) as package:
        names = {Path(name).name.partition("-")[0] for name in package.namelist() if name.endswith(".whl")}
        manifest = json.loads(package.read("PerfEval/manifest.json"))
    assert names >= {"perfeval", "xlwings", "numpy", "openpyxl", "xlsxwriter", "pywin32", "colorama"}
    assert manifest["python"] == ["3.12"]
