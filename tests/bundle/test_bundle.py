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

from perfeval.bundle import cpython, unpacking
from perfeval.bundle.wheels import ROOT, resolve, wheels_in
from perfeval.cli import main
from perfeval.commands import bundle
from perfeval.errors import PerfEvalError
from support.complete import COMPLETE
from support.windows.embeddable import LICENCE, write_python

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


PE = b"MZ".ljust(60, b"\0") + b"\x40\0\0\0PE\0\0"
NO_PYTHON: dict[str, dict[str, bytes | None]] = {
    "no library": {"python312.dll": None},
    "no interpreter": {"python.exe": None},
    "for ARM": {"python.exe": PE + b"\x64\xaa" + bytes(64)},
    "for 32 bits": {"pythonw.exe": PE + b"\x4c\x01" + bytes(64)},
    "the installer's, not the embeddable": {"python312._pth": None},
    "a library without a version": {"python312.dll": b"MZ"},
    "too old": {"python312.dll": b"\xbd\x04\xef\xfe" + bytes(4) + b"\x0a\0\x03\0" + bytes(4)},
}


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
    write_python(tmp_path / "python.zip")
    bundle.assemble(folder, cpython.from_zip(tmp_path / "python.zip", folder / "python"))
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
    pinned = (made / "requirements.txt").read_text(encoding="ascii").splitlines()
    assert {line.partition("==")[0] for line in pinned} == NEEDED
    assert all("--hash=sha256:" in line for line in pinned)
    assert not [path for path in (made / "wheels").iterdir() if "manylinux" in path.name or "cp311" in path.name]


def test_what_a_person_meets_in_it(made: Path) -> None:
    """Batch files for a Chinese code page, whose signs have no byte of the shell's own; a manual, origins, licences."""
    for name in ("安装.bat", "卸载.bat"):
        batch = (made / name).read_bytes()
        assert batch.count(b"\n") == batch.count(b"\r\n") > 10
        assert batch.startswith(b"@echo off\r\nchcp 936 >nul\r\n")
        assert all(
            len(sign.encode("gb2312")) == 1 or min(sign.encode("gb2312")) > 0xA0 for sign in batch.decode("gb2312")
        )
    manual = (made / "使用说明.html").read_text(encoding="utf-8")
    assert "双击“安装.bat”" in manual
    assert "十分钟填完一张自评表" in manual  # the workbook's own guide
    assert "$" not in manual
    origin = (made / "来源和许可.txt").read_text(encoding="utf-8-sig")
    assert "python.zip（由做安装包的人提供），SHA-256 " in origin
    assert "xlwings 0.37.8" in origin
    licences = {path.name: path.read_text(encoding="utf-8-sig") for path in (made / "许可").iterdir()}
    assert licences["Python-3.12.8.txt"] == LICENCE
    assert len(licences) == len(NEEDED) + 1
    assert "没有许可全文；它的说明里写的是：（没有写）" in licences["tqdm-4.70.1.txt"]
    own = (made / "python" / "python312._pth").read_text(encoding="utf-8").splitlines()
    assert own == ["python312.zip", ".", r"..\wheels\perfeval-0.1.0-py3-none-any.whl"]


@pytest.mark.parametrize("changes", NO_PYTHON.values(), ids=NO_PYTHON.keys())
def test_what_is_no_embeddable_python_is_refused(
    tmp_path: Path, changes: dict[str, bytes | None], capsys: pytest.CaptureFixture[str]
) -> None:
    write_python(tmp_path / "python.zip", **changes)
    out = ["--out", str(tmp_path / "离线")]
    assert main(["bundle", "windows", "--python", str(tmp_path / "python.zip"), *out]) == 1
    said = capsys.readouterr().err
    assert "python.org" in said or "没有为它准备；可用：3.11、3.12、3.13" in said
    assert not (tmp_path / "离线").exists()


def test_a_wheel_laid_out_where_windows_looks(tmp_path: Path) -> None:
    """Modules, libraries beside the interpreter, folders that ``.pth`` files name; no scripts, no tests, nothing outside."""
    files = {
        "pywin32.pth": "# folders\nwin32\nwin32\\lib\nimport pywin32_bootstrap\n",
        "win32/lib/a.py": "",
        "win32/test/test_a.py": "",
        "pywin32_system32/pywintypes312.dll": "",
        "w-1.data/scripts/install.py": "",
        "w-1.data/data/xlwings64-1.dll": "",
        "w-1.data/platlib/b.pyd": "",
        "../outside.py": "",
    }
    wheel = tmp_path / "w.whl"
    with zipfile.ZipFile(wheel, "w") as package:
        for name, text in files.items():
            package.writestr(name, text)
    python = tmp_path / "desk" / "python"
    unpacking.unpack(wheel, python)
    laid = {path.relative_to(python).as_posix() for path in python.rglob("*") if path.is_file()}
    site = unpacking.SITE
    assert laid == {
        f"{site}/pywin32.pth", f"{site}/win32/lib/a.py", f"{site}/b.pyd", "pywintypes312.dll", "xlwings64-1.dll",
    }  # fmt: skip
    assert unpacking.places(python) == [site, f"{site}/win32", f"{site}/win32/lib"]
    assert {path.name for path in tmp_path.iterdir()} == {"w.whl", "desk"}


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


@pytest.mark.parametrize(
    "content", [None, "{}", "[]", '{"files": {}, "python": "2.7"}', '{"files": {}, "python": ["3.12"]}']
)
def test_no_bundle(tmp_path: Path, content: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    assert main(["bundle", "check", str(tmp_path)]) == 1
    assert "不是离线安装包" in capsys.readouterr().err


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "windows", "--out", str(tmp_path)]) == 1
    assert "没有覆盖" in capsys.readouterr().err


def test_a_real_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Fetches Python and wheels; where no package index answers, it is skipped, and fails where all must run."""
    out = tmp_path / "PerfEval.zip"
    try:
        steps = list(bundle.make(out))
    except PerfEvalError as error:
        if "检查网络" not in error.reason or os.environ.get(COMPLETE):
            raise
        pytest.skip(f"needs a package index: {error.reason}")
    assert [step[:3] for step in steps if step[0].isdigit()] == ["1/5", "2/5", "3/5", "4/5", "5/5"]
    assert main(["bundle", "check", str(out)]) == 0
    with zipfile.ZipFile(out) as package:
        members = package.namelist()
        stated = json.loads(package.read("PerfEval/manifest.json"))
        licences = {Path(name).stem: package.read(name).decode("utf-8-sig") for name in members if "/许可/" in name}
    names = {Path(name).name.partition("-")[0] for name in members if name.endswith(".whl")}
    assert names >= {"perfeval", "xlwings", "numpy", "openpyxl", "xlsxwriter", "pywin32", "colorama"}
    assert stated["python"] == "3.11"
    assert {"PerfEval/python/python.exe", "PerfEval/python/pythonw.exe", "PerfEval/python/python311.dll"} <= {*members}
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in licences.pop("Python-3.11.9")
    assert len(licences) == len(names)
    assert not [name for name, text in licences.items() if "没有许可全文" in text]
