"""Build LibreOffice's side from text: ``python -m addin.libreoffice.build [--check]``, from the repository's root.

Makes ``udfs/perfeval/resources/libreoffice/extension.zip``: what an extension declares (functions, help, menu) and the
file that LibreOffice loads. ``perfeval install libreoffice`` adds the Python of the installed package to it; so the
extension never carries another version than the one that installs it. ``--check`` names every part in which the
committed file differs.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

from addin.excel.build import EMPTY_ZIP, differences
from addin.libreoffice.declarations import interface, wizard
from addin.libreoffice.menu import addons, window_state
from perfeval import __version__
from perfeval.books.package import archive
from perfeval.functions import FUNCTIONS
from perfeval.libreoffice.names import MINIMUM_VERSION

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RIBBON = ROOT / "addin/excel/customUI14.xml"
EXTENSION = ROOT / "udfs/perfeval/resources/libreoffice/extension.zip"


def parts() -> dict[str, str]:
    """Every text of the extension by its name, but the Python packages."""
    ribbon = RIBBON.read_text("utf-8")
    english = tomllib.loads((HERE / "english.toml").read_text("utf-8"))
    if missing := sorted(FUNCTIONS.keys() ^ english.keys()):
        raise SystemExit(f"addin/libreoffice/english.toml needs one sentence for each function: {', '.join(missing)}")
    description = (HERE / "description.xml").read_text("utf-8")
    return {
        "META-INF/manifest.xml": (HERE / "manifest.xml").read_text("utf-8"),
        "description.xml": description.format(version=__version__, minimum=MINIMUM_VERSION),
        "perfeval_component.py": (HERE / "perfeval_component.py").read_text("utf-8"),
        "perfeval.idl": interface(FUNCTIONS.values()),
        "CalcAddIns.xcu": wizard(FUNCTIONS.values(), english),
        "Addons.xcu": addons(ribbon),
        "CalcWindowState.xcu": window_state(ribbon),
    }


def build() -> bytes:
    """The bytes of ``extension.zip``: stored, not deflated, so that no compressor's version shows."""
    return archive({name: text.encode() for name, text in parts().items()}, zipfile.ZIP_STORED)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the file, or with ``--check`` say in which parts the committed one differs; 1 if it does."""
    parser = argparse.ArgumentParser(prog="python -m addin.libreoffice.build")
    parser.add_argument("--check", action="store_true", help="compare with the committed file instead of writing it")
    check = parser.parse_args(arguments).check
    built, committed = build(), EXTENSION.read_bytes() if EXTENSION.exists() else EMPTY_ZIP
    stale = differences(built, committed)
    for part in stale:
        print(f"{EXTENSION.relative_to(ROOT).as_posix()}: {part}")
    if not check:
        EXTENSION.parent.mkdir(parents=True, exist_ok=True)
        EXTENSION.write_bytes(built)
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
