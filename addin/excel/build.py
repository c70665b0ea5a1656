"""Build Excel's side from text: ``python -m addin.excel.build [--check]``, from the repository's root.

Makes ``udfs/perfeval/resources/excel/macros.zip`` (VBA sources, generated wrappers, xlwings' own module of the pinned
version, the ribbon), of the same texts ``PerfEval.xlam`` beside it, and ``workbook/PerfEval.xlsm``. ``--check`` builds in
memory and names every part in which the committed files differ.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from importlib import metadata
from importlib.resources import files
from pathlib import Path

from addin.excel import editions
from addin.excel.wrappers import MODULE, wrappers
from perfeval.books.macros import ADDIN_NAME, LOST_SHEETS, addin_package
from perfeval.books.package import archive
from perfeval.commands.new import BLANK, new
from perfeval.functions import FUNCTIONS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MACROS = ROOT / "udfs/perfeval/resources/excel/macros.zip"
ADDIN = ROOT / "udfs/perfeval/resources/excel" / ADDIN_NAME
WORKBOOK = ROOT / "workbook/PerfEval.xlsm"

EMPTY_ZIP = archive({}, zipfile.ZIP_STORED)

XLWINGS_MODULES = {"xlwings.bas": "xlwings.bas", "Dictionary.cls": "addin/Dictionary.cls"}

# What stands between @ in our modules: the version in the names of xlwings' library, and the one sentence that a workbook
# without its help sheet has to say by itself, four digits a letter as VBA source is ASCII.
PLACEHOLDERS = {
    "@XLWINGS@": metadata.version("xlwings"),
    "@LOST_SHEETS@": LOST_SHEETS.encode("utf-16-be").hex().upper(),
}


def sources() -> dict[str, str]:
    """Every text of the macros by its name, newlines as \\n; modules in the order of the project."""
    own = sorted((HERE / "vba").iterdir())
    texts = {path.name: _filled(path.read_text("ascii")) for path in own}
    texts[f"{MODULE}.bas"] = wrappers(FUNCTIONS.values())
    for name, path in XLWINGS_MODULES.items():
        texts[name] = files("xlwings").joinpath(path).read_text("ascii")
    texts["customUI14.xml"] = (HERE / "customUI14.xml").read_text("utf-8")
    return {name: text.replace("\r\n", "\n") for name, text in texts.items()}


def _filled(text: str) -> str:
    for name, value in PLACEHOLDERS.items():
        text = text.replace(name, value)
    return text


def build_macros() -> bytes:
    """The bytes of ``macros.zip``: stored, not deflated, so that no compressor's version shows."""
    return archive({name: text.encode() for name, text in sources().items()}, zipfile.ZIP_STORED)


def build_addin() -> bytes:
    """The bytes of the add-in: the macros without a workbook, for whatever workbook is in front."""
    return archive(_parts(addin_package(editions.addin(sources()))), zipfile.ZIP_DEFLATED)


def build_workbook() -> bytes:
    """The bytes of the standard workbook for no body in particular, with the macros as they are packaged."""
    with tempfile.TemporaryDirectory() as folder:
        made = new(Path(folder) / WORKBOOK.name, BLANK)
        return archive(_parts(made.read_bytes()), zipfile.ZIP_DEFLATED)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the files, or with ``--check`` say in which parts the committed ones differ; 1 if they do."""
    parser = argparse.ArgumentParser(prog="python -m addin.excel.build", description="Build Excel's side from text.")
    parser.add_argument("--check", action="store_true", help="compare with the committed files instead of writing them")
    check = parser.parse_args(arguments).check
    stale = False
    # The workbook is made with the packaged macros, so these come first.
    for path, build in ((MACROS, build_macros), (ADDIN, build_addin), (WORKBOOK, build_workbook)):
        built, committed = build(), path.read_bytes() if path.exists() else EMPTY_ZIP
        for part in differences(built, committed):
            stale = True
            print(f"{path.relative_to(ROOT).as_posix()}: {part}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(built)
    return int(check and stale)


def differences(built: bytes, committed: bytes) -> list[str]:
    """The parts in which two packages differ, by name."""
    ours, theirs = _parts(built), _parts(committed)
    return sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))


def _parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


if __name__ == "__main__":
    sys.exit(main())
