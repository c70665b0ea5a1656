"""The PDF beside a 报送版: printed by the program that is at hand, written as every output is."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

from perfeval.books import seals
from perfeval.books.outputs import Output
from perfeval.errors import PerfEvalError
from perfeval.libreoffice.program import find, url

Print = Callable[[Path, Path], None]
"""Prints a workbook into a PDF of its name in an empty folder. Raises PerfEvalError where the program cannot."""

BY_HAND = "请在表格软件里打开报送版，用“文件 → 导出（另存为）→ PDF”"


def output_beside(copy: Path, *, overwrite: bool = False) -> Output:
    """Where the PDF of a 报送版 is written: beside it, under its name. Raises FileRefused."""
    return Output.to(copy.with_suffix(".pdf"), overwrite=overwrite, inputs=(copy,))


def print_into(output: Output, copy: Path, print_with: Print) -> None:
    """Print a 报送版. Raises PerfEvalError; nothing is then written."""
    with tempfile.TemporaryDirectory(prefix="perfeval-") as folder:
        draft = Path(folder) / copy.with_suffix(".pdf").name
        print_with(copy, draft)
        printed = draft.read_bytes() if draft.is_file() else b""
    output.write(_sealed(printed))


def with_libreoffice(copy: Path, pdf: Path) -> None:
    """Prints with the LibreOffice of this desk, in a profile of its own, whether or not one is open."""
    program, folder = find(), pdf.parent
    profile = f"-env:UserInstallation={url(folder / 'profile')}"
    program.run(
        [program.tool("soffice"), profile, "--headless", "--convert-to", "pdf", "--outdir", folder, copy.resolve()]
    )


def _sealed(printed: bytes) -> bytes:
    """The PDF with a comment before its last lines, by which it is known again. Raises PerfEvalError for what is none."""
    at = printed.rfind(b"startxref")
    if not printed.startswith(b"%PDF-") or at < 0:
        raise PerfEvalError("这个程序没有打印出 PDF")
    file = io.BytesIO(printed[:at] + f"%{seals.BLANK}\n".encode() + printed[at:])
    seals.seal(file)
    return file.getvalue()
