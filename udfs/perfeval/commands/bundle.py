"""离线安装包: everything that a Windows desk without a network, without Python and without a command line needs, in a folder or a zip.

Making one fetches Python and wheels, so it needs a network; checking one does not.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from importlib.metadata import distribution
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit
from urllib.request import url2pathname

from perfeval import __version__
from perfeval.books.outputs import Output, refuse_existing_folder, write_folder
from perfeval.books.seals import seal_package
from perfeval.bundle import cpython, licences, manifest, pip, texts
from perfeval.bundle.cpython import Python
from perfeval.bundle.manifest import MANIFEST, PYTHON, WHEELS
from perfeval.bundle.wheels import ROOT, Wheel, resolve, wheels_in
from perfeval.errors import FileRefused, PerfEvalError
from perfeval.workbook import guide

PINS = "requirements.txt"
_LICENCES = "许可"
_BATCHES = {"install.bat": "安装.bat", "uninstall.bat": "卸载.bat"}
_DATE = (2026, 1, 1, 0, 0, 0)  # of the members of a zip, so that equal content is an equal file
_ROUNDS = 10  # of fetching what the wheels of the round before require
_MEGABYTE = 1_000_000


def make(out: Path, python: Path | None = None, *, overwrite: bool = False) -> Iterator[str]:
    """Make a bundle as a new folder, or a zip if the name ends so; tells each step before it begins.

    ``python`` is python.org's embeddable zip, instead of the pinned one of PyPI. Raises FileRefused where a folder of that name
    exists, a zip that is not ours as we wrote it (unless ``overwrite``), or for another ``python``; PerfEvalError with pip's words
    where something cannot be fetched, or where the bundle is not complete.
    """
    output = Output.to(out, overwrite=overwrite) if out.suffix.lower() == ".zip" else None
    if output is None:
        refuse_existing_folder(out)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, out.stem)
        wheels = folder / WHEELS
        wheels.mkdir(parents=True)
        yield "1/5 取 Windows 用的 Python（10 MB）……" if python is None else f"1/5 解开 {python.name}……"
        interpreter = _interpreter(python, Path(place), folder / PYTHON)
        yield f"2/5 打包 PerfEval {__version__}……"
        pip.build(_source(), wheels)
        yield f"3/5 取 Python {interpreter.release} 所需的组件（30 MB，第一次要几分钟，看网速）……"
        for names in _fetch_all(wheels, interpreter.version):
            yield f"    {names}"
        yield "4/5 写安装程序、说明和许可……"
        assemble(folder, interpreter)
        yield "5/5 核对……"
        wrong = list(check(folder))
        if wrong:
            raise PerfEvalError("离线安装包不完整：" + "；".join(wrong))
        if output is None:
            write_folder(folder, out)
        else:
            with output.writing(seal_package) as file:
                _pack(folder, file)
    size = f"（{out.stat().st_size / _MEGABYTE:.0f} MB）" if output else ""
    yield f"已做成 {out}{size}，已核对齐全：拿到没有网络的 Windows 电脑上，全部解压后双击“安装.bat”"


def assemble(folder: Path, python: Python) -> None:
    """Write what goes with the Python and the wheels of a bundle: pinned versions, installer, manual, licences, manifest."""
    taken = sorted(resolve(wheels_in(folder / WHEELS), python.version).wheels, key=lambda wheel: wheel.name)
    for path in (folder / WHEELS).iterdir():
        if path not in {wheel.path for wheel in taken}:
            path.unlink()  # pip fetched it for a requirement of this system
    pins = [f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.digest}\n" for wheel in taken]
    (folder / PINS).write_text("".join(pins), encoding="ascii", newline="\n")
    cpython.search(python.folder, (f"../{WHEELS}/{wheel.path.name}" for wheel in taken if wheel.name == ROOT))
    for name, shown in _BATCHES.items():
        (folder / shown).write_bytes(texts.batch(name))
    licences.write(folder / _LICENCES, (wheel.path for wheel in taken))
    shutil.copyfile(python.folder / cpython.LICENCE, folder / _LICENCES / f"Python-{python.release}.txt")
    _tell(folder, python, taken)
    manifest.write(folder, python.version)


def check(bundle: Path) -> Iterator[str]:
    """What is missing in a bundle, or is not as it was made; nothing if a desk can install from it.

    Raises FileRefused where it is no bundle.
    """
    with _unpacked(bundle) as folder:
        stated = manifest.read(folder, bundle)
        yield from manifest.faults(folder, stated)
        python = stated.python
        lacking = resolve(wheels_in(folder / WHEELS), python).missing
        for one in lacking:
            wanted_by = f"（{one.wanted_by} 需要）" if one.wanted_by else ""
            yield f"Python {python} 缺少 {one.requirement} 的 wheel{wanted_by}"
        refused = "" if lacking else pip.refusal(folder / WHEELS, folder / PINS, python)
        if refused:
            yield f"Python {python}：pip 不能从包里安装：{refused}"


def _interpreter(python: Path | None, place: Path, folder: Path) -> Python:
    if python is not None:
        return cpython.from_zip(python, folder)
    downloads = place / "downloads"
    downloads.mkdir()
    return cpython.from_pypi(pip.fetch_source(cpython.PIN, downloads), folder)


def _fetch_all(wheels: Path, python: str) -> Iterator[str]:
    """Fetch until nothing is missing for a Python, as pip leaves out what only Windows needs; tells what is fetched."""
    missing = resolve(wheels_in(wheels), python).missing
    for _ in range(_ROUNDS):
        if not missing:
            return
        yield "、".join(one.requirement for one in missing)
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


def _tell(folder: Path, python: Python, wheels: list[Wheel]) -> None:
    """Write the manual, and where everything comes from."""
    words = {
        "version": __version__,
        "release": python.release,
        "origin": python.origin,
        "paths": ", ".join(path.name for path in python.folder.glob("*._pth")),
        "components": "\n".join(f"  {wheel.name} {wheel.version}" for wheel in wheels),
        "guide": "\n".join(_as_html(guide.TEXT)),
    }
    (folder / "使用说明.html").write_text(texts.filled("manual.html", words), encoding="utf-8")
    origin = texts.filled("origin.txt", words)
    (folder / "来源和许可.txt").write_text(origin, encoding="utf-8-sig", newline="\r\n")


def _as_html(text: str) -> Iterator[str]:
    """Lines of a guide: those with # are headings."""
    for line in text.splitlines():
        heading = line.startswith("# ")
        yield f"<h2>{escape(line[2:])}</h2>" if heading else f"<p>{escape(line)}</p>"


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
        yield next((path.parent for path in Path(place).rglob(MANIFEST)), Path(place))


def _pack(folder: Path, file: BinaryIO) -> None:
    with zipfile.ZipFile(file, "w") as package:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                packed = zipfile.ZIP_STORED if path.suffix in (".whl", ".zip") else zipfile.ZIP_DEFLATED
                member = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", _DATE)
                package.writestr(member, path.read_bytes(), packed)
