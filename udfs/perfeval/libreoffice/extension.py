"""The extension PerfEval for LibreOffice (.oxt): made from the installed package, so both are always of one version.

In it: what ``addin.libreoffice.build`` declared, this package with the macros that a new workbook gets, xlwings without its commercial
parts, and XlsxWriter, with which workbooks are written. Nothing else is needed on the desk: LibreOffice brings Python, and the
network is not asked.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from importlib import metadata
from importlib.resources import files
from pathlib import Path, PurePosixPath

import perfeval
from perfeval.books.package import archive
from perfeval.books.seals import seal_package

_DECLARED = "resources/libreoffice/extension.zip"
_MACROS = "resources/excel/macros.zip"
_XLWINGS = frozenset(
    "__init__.py _names.py _types.py base_classes.py constants.py conversion expansion.py main.py utils.py".split()
)


def package() -> bytes:
    """The bytes of the .oxt, sealed; the same for the same installed packages."""
    with zipfile.ZipFile(io.BytesIO(files("perfeval").joinpath(_DECLARED).read_bytes())) as declared:
        parts = {name: declared.read(name) for name in declared.namelist()}
    parts |= _python(Path(perfeval.__file__).parent, _is_ours)
    parts[f"pythonpath/perfeval/{_MACROS}"] = files("perfeval").joinpath(_MACROS).read_bytes()
    parts |= _library("xlwings", lambda place: place.parts[0] in _XLWINGS)
    parts |= _library("xlsxwriter", lambda place: place.parts[0] != "test")
    out = io.BytesIO(archive(parts, zipfile.ZIP_DEFLATED))
    seal_package(out)
    return out.getvalue()


def _is_ours(place: PurePosixPath) -> bool:
    """The whole package, and of its resources the outlines of reports."""
    return place.parts[0] != "resources" or place.parts[1] == "reports"


def _library(name: str, wanted: Callable[[PurePosixPath], bool]) -> dict[str, bytes]:
    """The modules of an installed library, with its licence."""
    installed = metadata.distribution(name)
    license_text = installed.read_text("licenses/LICENSE.txt") or installed.read_text("LICENSE.txt")
    assert license_text  # every release that we require has it
    own = {f"pythonpath/{name}/LICENSE.txt": license_text.encode()}
    return own | _python(Path(str(installed.locate_file(name))), wanted)


def _python(folder: Path, wanted: Callable[[PurePosixPath], bool]) -> dict[str, bytes]:
    """The modules and standards of a package, by their name in the extension."""
    return {
        f"pythonpath/{folder.name}/{place}": (folder / place).read_bytes() for place in _places(folder) if wanted(place)
    }


def _places(folder: Path) -> Iterator[PurePosixPath]:
    for suffix in ("*.py", "*.toml"):
        for path in sorted(folder.rglob(suffix)):
            yield PurePosixPath(path.relative_to(folder).as_posix())
