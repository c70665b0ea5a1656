"""自评报告: a report in Word from a filled workbook, after an outline of ours or a template of one's own.

Every figure comes from the workbook; what only a person can write is a marked blank.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from perfeval.books import sealed
from perfeval.books.file import FileBook
from perfeval.books.outputs import Output
from perfeval.books.package import Package, Unreadable
from perfeval.budget import FILE_SIZE
from perfeval.errors import FileRefused, FormProblem, PerfEvalError, Place
from perfeval.forms.grid import Book
from perfeval.reports.facts import Facts
from perfeval.reports.gathering import facts
from perfeval.reports.outlines import Outline, outline, outline_for

if TYPE_CHECKING:
    from docx.document import Document

SUFFIX = "-自评报告.docx"
MAIN_PART = "word/document.xml"


@dataclass(frozen=True, slots=True)
class Report:
    """The report that was written, after which outline (None: a template), the blanks that people fill, and the sheets of
    forms of which it tells nothing."""

    path: Path
    outline: Outline | None
    blanks: tuple[str, ...]
    unused: tuple[str, ...] = ()


def report(
    path: Path,
    outline_id: str | None = None,
    out: Path | None = None,
    template: Path | None = None,
    *,
    overwrite: bool = False,
) -> Report:
    """Write the report of a workbook beside it, or to ``out``.

    ``outline_id`` names an outline of ours (default: that of the workbook's standard), ``template`` a .docx of one's own.
    A report that is still as it was written is made anew; one that somebody has worked on is kept, unless ``overwrite``.
    Raises FileRefused, FormProblem, UnknownName, or PerfEvalError where Word's library is missing; nothing is then written.
    """
    return report_of(FileBook.open(path), path, outline_id, out, template, overwrite=overwrite)


def report_of(
    book: Book,
    path: Path,
    outline_id: str | None = None,
    out: Path | None = None,
    template: Path | None = None,
    *,
    overwrite: bool = False,
) -> Report:
    """The same of a book that has been read, and whose file is ``path``."""
    if find_spec("docx") is None:  # LibreOffice's own Python
        raise PerfEvalError(f'写报告要 python-docx，这里的 Python 没有；请在命令行运行 perfeval report "{path}"')
    target = out or path.with_name(path.stem + SUFFIX)
    if target.suffix.lower() != ".docx":
        raise FileRefused(target, "报告是 Word 文档，文件名应以 .docx 结尾；请改文件名")
    output = Output.to(target, overwrite=overwrite, inputs=(path, *([template] if template else [])))
    told = facts(book)
    if not told.projects and told.whole is None:
        raise FormProblem("没有找到自评表，写不出报告；请先新建并填报", Place(file=str(path)))
    chosen = None if template else outline(outline_id) if outline_id else outline_for(told.standards)
    document, blanks = _filled(told, chosen, template)
    output.write(_bytes(document, target.stem))
    return Report(target, chosen, blanks, told.unused)


def write_template(outline_id: str, target: Path, *, overwrite: bool = False) -> Path:
    """Write an outline of ours as a template to edit in Word. Raises UnknownName or FileRefused."""
    from perfeval.reports.template import template  # noqa: PLC0415  (brings Word's library)

    if target.suffix.lower() != ".docx":
        raise FileRefused(target, "模板是 Word 文档，文件名应以 .docx 结尾；请改文件名")
    output = Output.to(target, overwrite=overwrite)
    output.write(_bytes(template(outline(outline_id)), target.stem))
    return target


def _filled(told: Facts, chosen: Outline | None, path: Path | None) -> tuple[Document, tuple[str, ...]]:
    from perfeval.reports import template, word  # noqa: PLC0415  (brings Word's library)

    document = template.template(chosen) if chosen else _opened(path)
    return document, tuple(word.fill(document, told))


def _opened(path: Path | None) -> Document:
    """A template of one's own, if it is a sound Word document."""
    from docx import Document as read  # noqa: N813, PLC0415

    assert path is not None  # where no outline is chosen there is one
    try:
        if not path.is_file():
            raise Unreadable("没有这个文件；请核对文件名和所在文件夹")
        if path.stat().st_size > FILE_SIZE.most:
            raise Unreadable("文件异常庞大，不像一份模板")
        package = Package(path.read_bytes())
        if MAIN_PART not in package:
            raise Unreadable("这不是 Word 文档（.docx）；请用 Word 或 WPS 另存为 .docx")
        for name in package.names:
            package.read(name)
        return read(io.BytesIO(package.data))
    except Unreadable as reason:
        raise FileRefused(path, str(reason)) from reason
    except (OSError, ValueError, KeyError, SyntaxError) as error:
        raise FileRefused(path, "模板打不开，可能已损坏或带宏；请用 Word 或 WPS 另存为 .docx 再试") from error


def _bytes(document: Document, title: str) -> bytes:
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return sealed.sealed(parts, MAIN_PART, title)


def as_text(written: Report) -> Iterator[str]:
    """What was written, for a person."""
    after = f"，提纲 {written.outline.id}（{written.outline.title}）" if written.outline else ""
    yield f"自评报告：{written.path}{after}"
    if written.unused:
        yield f"  没有写进报告的表：{'、'.join(written.unused)}"
    if written.blanks:
        yield f"  还有 {len(written.blanks)} 处要由单位填写，已用黄色标出：在 Word 里查找“【此处由单位填写”"
