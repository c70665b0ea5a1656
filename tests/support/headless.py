"""A workbook computed by LibreOffice from scratch: a profile of its own, no extension, no window."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl

SOFFICE = shutil.which("soffice")
MISSING = "soffice 不在此机，不能与 LibreOffice Calc 对照"


def recalculated(book: openpyxl.Workbook, folder: Path) -> openpyxl.Workbook:
    """The book with Calc's values: openpyxl writes none, so Calc has to compute them."""
    book.save(folder / "in.xlsx")
    return reopened(folder / "in.xlsx", folder)


def reopened(path: Path, folder: Path) -> openpyxl.Workbook:
    """A workbook as Calc opens and saves it, with the values that it shows."""
    assert SOFFICE
    subprocess.run(
        [
            SOFFICE, "--headless", f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}",
            "--convert-to", "xlsx", "--outdir", str(folder / "out"), str(path),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return openpyxl.load_workbook(folder / "out" / path.with_suffix(".xlsx").name, data_only=True)
