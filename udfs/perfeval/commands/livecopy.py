"""``freeze --live``: 自评-原生公式版.xlsx, a working copy of a workbook of ours that computes without PerfEval.

It is no copy to be sent, so nothing that 复核 finds stops it: what is open is counted in one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from perfeval.books.file import FileBook
from perfeval.books.outputs import Output
from perfeval.checks import check
from perfeval.checks.blank import NOT_FILLED_IN
from perfeval.commands.nativecopy import native_copy
from perfeval.commands.nativereadings import is_native
from perfeval.errors import FileRefused
from perfeval.findings import Finding, Level
from perfeval.records import names

SUFFIX = "-原生公式版"


@dataclass(frozen=True, slots=True)
class Live:
    """The copy's path, and what is to be said of it."""

    path: Path
    notes: tuple[str, ...]


def live(path: Path, out: Path | None = None, *, overwrite: bool = False) -> Live:
    """Write the copy of a workbook file; the original is only read. Raises FileRefused or PerfEvalError; nothing is then written."""
    return live_book(FileBook.open(path), out, overwrite=overwrite)


def live_book(book: FileBook, out: Path | None = None, *, overwrite: bool = False) -> Live:
    """The same of a book that has been read."""
    if names.MEMORY not in book.sheets:
        raise FileRefused(
            book.path,
            "不是 PerfEval 新建的工作簿，没有可以换成原生公式的 PE_ 公式；要在别的表旁边加能算的列，请用 perfeval assist",
        )
    if is_native(book):
        raise FileRefused(book.path, "已经是原生公式版，不用另存")
    target = out or book.path.with_name(f"{book.path.stem}{SUFFIX}.xlsx")
    if target.suffix.lower() != ".xlsx":
        raise FileRefused(target, "原生公式版不带宏，文件名应以 .xlsx 结尾；请改文件名")
    output = Output.to(target, overwrite=overwrite, inputs=(book.path,))
    copy = native_copy(book)
    output.write(copy.content)
    return Live(target, (*_open_points(check(book)), *copy.notes))


def _open_points(found: list[Finding]) -> Iterator[str]:
    """What 复核 still finds, in one line."""
    errors = sum(one.level is Level.ERROR and not one.waived and one.kind is not NOT_FILLED_IN for one in found)
    unfilled = sum(one.kind is NOT_FILLED_IN for one in found)
    counted = [f"{errors} 处错误"] * bool(errors) + [f"{unfilled} 张表还没有填自评"] * bool(unfilled)
    if counted:
        yield f"这是工作副本，报送之前还要改：复核有 {'，'.join(counted)}"


def as_text(made: Live) -> Iterator[str]:
    """What came of it, for a person."""
    yield f"原生公式版：{made.path}"
    yield "  没有宏，不装 PerfEval 也能接着填、随时重算；换一种表格软件打开，先看“自检”一张"
    for note in made.notes:
        yield f"  {note}"
