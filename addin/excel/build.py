"""Build Excel's side from text: ``python -m addin.excel.build [--check]``, from the repository's root.

Makes ``udfs/perfeval/resources/excel/macros.zip`` (VBA sources, generated wrappers, xlwings' own module of the pinned
version, the ribbon) and, with it, ``workbook/PerfEval.xlsm``. ``--check`` builds in memory and names every part in which
the committed files differ.
"""

from __future__ import annotations

import io
import zipfile
from importlib.resources import files
from pathlib import Path

from addin.excel.wrappers import MODULE, wrappers
from perfeval.books.macros import archive
from perfeval.functions import FUNCTIONS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MACROS = ROOT / "udfs/perfeval/resources/excel/macros.zip"
WORKBOOK = ROOT / "workbook/PerfEval.xlsm"

XLWINGS_MODULES = {"xlwings.bas": "xlwings.bas", "Dictionary.cls": "addin/Dictionary.cls"}


def sources() -> dict[str, str]:
    """Every text of the macros by its name, newlines as \\n; modules in the order of the project."""
    own = sorted((HERE / "vba").iterdir())
    texts = {path.name: path.read_text("ascii") for path in own}
    texts[f"{MODULE}.bas"] = wrappers(FUNCTIONS.values())
    for name, path in XLWINGS_MODULES.items():
        texts[name] = files("xlwings").joinpath(path).read_text("ascii")
    texts["customUI14.xml"] = (HERE / "customUI14.xml").read_text("utf-8")
    return {name: text.replace("\r\n", "\n") for name, text in texts.items()}


def build_macros() -> bytes:
    """The bytes of ``macros.zip``: stored, not deflated, so that no compressor's version shows."""
    return archive({name: text.encode() for name, text in sources().items()}, zipfile.ZIP_STORED)


def differences(built: bytes, committed: bytes) -> list[str]:
    """The parts in which two packages differ, by name."""
    ours, theirs = _parts(built), _parts(committed)
    return sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))


def _parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
