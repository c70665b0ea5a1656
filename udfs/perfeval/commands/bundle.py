"""离线安装包: everything that a Windows desk without a network needs, in a folder or a zip, and whether it is all there.

Making one fetches wheels, so it needs a network; checking one does not.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit
from urllib.request import url2pathname

from perfeval import __version__
from perfeval.books.outputs import Output, refuse_existing_folder, write_folder
from perfeval.books.seals import seal_package
from perfeval.bundle import pip
from perfeval.bundle.wheels import ROOT, resolve, wheels_in
from perfeval.commands.new import BLANK, new
from perfeval.errors import FileRefused, InvalidValue, PerfEvalError

PYTHONS = ("3.11", "3.12", "3.13")
_WHEELS, _MANIFEST, _INSTRUCTIONS = "wheels", "manifest.json", "安装说明.txt"
_DATE = (2026, 1, 1, 0, 0, 0)  # of the members of a zip, so that equal content is an equal file
_ROUNDS = 10  # of fetching what the wheels of the round before require


def make(out: Path, pythons: Sequence[str] = PYTHONS, *, overwrite: bool = False) -> Path:
    """Make a bundle as a new folder, or a zip if the name ends so; gives its path.

    Raises InvalidValue for another Python, FileRefused where a folder of that name exists, or a zip that is not ours as we wrote it
    (unless ``overwrite``), PerfEvalError with pip's words where something cannot be
    fetched, or where the bundle is not complete.
    """
    if unknown := set(pythons) - set(PYTHONS):
        raise InvalidValue(f"没有为 Python {'、'.join(sorted(unknown))} 准备，可用：{'、'.join(PYTHONS)}")
    output = Output.to(out, overwrite=overwrite) if out.suffix.lower() == ".zip" else None
    if output is None:
        refuse_existing_folder(out)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, out.stem)
        wheels = folder / _WHEELS
        wheels.mkdir(parents=True)
        pip.build(_source(), wheels)
        for python in pythons:
            _fetch_all(wheels, python)
        assemble(folder, pythons)
        wrong = list(check(folder))
        if wrong:
            raise PerfEvalError("离线安装包不完整：" + "；".join(wrong))
        if output is None:
            write_folder(folder, out)
        else:
            with output.writing(seal_package) as file:
                _pack(folder, file)
    return out


def assemble(folder: Path, pythons: Sequence[str]) -> None:
    """Write what goes with the wheels of a bundle: pinned versions, installer, instructions, workbook, manifest."""
    wheels = wheels_in(folder / _WHEELS)
    used = set()
    for python in pythons:
        taken = resolve(wheels, python).wheels
        used.update(wheel.path for wheel in taken)
        pins = [f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.digest}\n" for wheel in taken]
        _pins(folder, python).write_text("".join(sorted(pins)), encoding="ascii", newline="\n")
    for wheel in wheels:
        if wheel.path not in used:
            wheel.path.unlink()  # pip fetched it for a requirement of this system
    texts = resources.files("perfeval") / "resources" / "windows"
    installer = (texts / "install.bat").read_text(encoding="ascii")
    (folder / "install.bat").write_text(installer, encoding="ascii", newline="\r\n")
    told = (texts / "instructions.txt").read_text(encoding="utf-8").replace("{python}", "、".join(pythons))
    (folder / _INSTRUCTIONS).write_text(told, encoding="utf-8-sig", newline="\r\n")
    new(folder / "PerfEval.xlsm", BLANK)
    manifest = {"perfeval": __version__, "python": list(pythons), "files": dict(_digests(folder))}
    (folder / _MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")


def check(bundle: Path) -> Iterator[str]:
    """What is missing in a bundle, or is not as it was made; nothing if a desk can install from it.

    Raises FileRefused where it is no bundle.
    """
    with _unpacked(bundle) as folder:
        manifest = _manifest(folder, bundle)
        present = dict(_digests(folder))
        for name, digest in manifest["files"].items():
            if name not in present:
                yield f"缺少文件 {name}"
            elif present[name] != digest:
                yield f"文件 {name} 与清单不符"
        wheels = wheels_in(folder / _WHEELS)
        for python in manifest["python"]:
            lacking = resolve(wheels, python).missing
            for one in lacking:
                yield f"Python {python} 缺少 {one.requirement} 的 wheel" + (
                    f"（{one.wanted_by} 需要）" if one.wanted_by else ""
                )
            told = "" if lacking else pip.refusal(folder / _WHEELS, _pins(folder, python), python)
            if told:
                yield f"Python {python}：pip 不能从包里安装：{told}"


def _fetch_all(wheels: Path, python: str) -> None:
    """Fetch until nothing is missing for a Python: pip leaves out what only Windows needs."""
    missing = resolve(wheels_in(wheels), python).missing
    for _ in range(_ROUNDS):
        if not missing:
            return
        pip.fetch([one.requirement for one in missing], python, wheels)
        missing = resolve(wheels_in(wheels), python).missing
    raise PerfEvalError(f"Python {python} 所需的组件互相矛盾：{missing[0].wanted_by} 需要 {missing[0].requirement}")


def _source() -> Path:
    """The source tree that this package was installed from. Raises PerfEvalError where it is not at hand."""
    told = distribution(ROOT).read_text("direct_url.json")
    address = urlsplit(json.loads(told)["url"]) if told else None
    if address is not None and address.scheme == "file":
        source = Path(url2pathname(address.path))
        if (source / "pyproject.toml").is_file():
            return source
    raise PerfEvalError("找不到 PerfEval 的源代码；请在它的目录里运行 pip install . 之后再做离线安装包")


def _pins(folder: Path, python: str) -> Path:
    return folder / f"requirements-{python}.txt"


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file of a bundle but the manifest, with its SHA-256."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != _MANIFEST:
            yield name, hashlib.sha256(path.read_bytes()).hexdigest()


def _manifest(folder: Path, bundle: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if isinstance(manifest["files"], dict) and set(manifest["python"]) <= set(PYTHONS):
            return manifest
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileRefused(bundle, f"不是离线安装包，或它的 {_MANIFEST} 损坏了") from error
    raise FileRefused(bundle, f"不是离线安装包，或它的 {_MANIFEST} 损坏了")


@contextmanager
def _unpacked(bundle: Path) -> Iterator[Path]:
    """A bundle as a folder. Raises FileRefused where it is neither a folder nor a sound zip."""
    if bundle.is_dir():
        yield bundle
        return
    with tempfile.TemporaryDirectory() as place:
        try:
            shutil.unpack_archive(bundle, place, "zip")
        except (OSError, ValueError, shutil.ReadError, zipfile.BadZipFile) as error:
            raise FileRefused(bundle, "不是离线安装包（文件夹或 .zip）") from error
        yield next((path.parent for path in Path(place).rglob(_MANIFEST)), Path(place))


def _pack(folder: Path, file: BinaryIO) -> None:
    with zipfile.ZipFile(file, "w") as package:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                packed = zipfile.ZIP_STORED if path.suffix == ".whl" else zipfile.ZIP_DEFLATED
                member = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", _DATE)
                package.writestr(member, path.read_bytes(), packed)
