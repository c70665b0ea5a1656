"""报送, 原生公式版 and 报告: what leaves the office, made from the open workbook's saved file.

The file is what is sent and what can be checked again; a workbook with changes that are not saved is told to be saved.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from perfeval.arithmetic import Scaled, exact
from perfeval.books.file import FileBook
from perfeval.books.live import LiveBook
from perfeval.commands import freeze as freezing
from perfeval.commands import livecopy
from perfeval.commands import report as reporting
from perfeval.commands.live import signing
from perfeval.commands.live.filling import listed
from perfeval.commands.live.location import file_of
from perfeval.errors import FormProblem, PerfEvalError
from perfeval.forms.grid import Address, Grid, Value
from perfeval.records import names
from perfeval.stepwise import Steps

if TYPE_CHECKING:
    from pathlib import Path

    import xlwings as xw

_IN_NO_NAME = "["  # no sheet's name can begin with it: all are printed


def freeze(book: xw.Book) -> Steps[str, str]:
    """Button 报送: write the copy that is sent beside the workbook; 错误 of 复核 are listed and stop it."""
    saved = yield from _saved(book)
    is_copied = names.MEMORY not in saved.sheets  # with its signature; our own copies are made anew, without one
    may_break = is_copied and saved.is_signed and signing.may_break(book)
    frozen = yield from freezing.freezing(
        saved, break_signature=may_break, print_with=lambda copy, pdf: _print(book, copy, pdf)
    )
    if frozen.path is None:
        found = [f"“{one.sheet}”{one.cell} {one.message}" for one in frozen.stopped_by]
        return "\n".join([f"{frozen.refusal}：", *listed(found)])
    hint = "对方没有 PerfEval、还要接着填的，请按“原生公式版”另存一份。"
    pdf = [str(frozen.pdf)] if frozen.pdf else []
    notes = [frozen.no_pdf] if frozen.no_pdf else []
    return "\n".join(["报送版已生成：", str(frozen.path), *pdf, "", *listed(frozen.changes), *notes, hint])


def _print(book: xw.Book, copy: Path, pdf: Path) -> None:
    """Print a copy with the program that the workbook is open in. The copy has no macros. Raises PerfEvalError."""
    try:
        opened = book.app.books.open(copy, update_links=False, read_only=True, add_to_mru=False)
        try:
            opened.to_pdf(pdf, exclude_start_string=_IN_NO_NAME)
        finally:
            opened.close()
    except Exception as error:  # a program's own: no printer, no such format
        raise PerfEvalError("表格软件没有打印出 PDF（可能没有装打印机）") from error


def live_copy(book: xw.Book) -> Steps[str, str]:
    """Button 原生公式版: write the working copy for desks without PerfEval beside the workbook, whatever 复核 still finds."""
    saved = yield from _saved(book)
    yield "换成原生公式"
    made = livecopy.live_book(saved)
    return "\n".join(["原生公式版已生成：", str(made.path), "", *listed(made.notes)])


def report(book: xw.Book) -> Steps[str, str]:
    """Button 报告: write the report beside the workbook; what people have to fill in is counted."""
    saved = yield from _saved(book)
    yield "写报告"
    written = reporting.report_of(saved, saved.path)
    blanks = [f"还有 {len(written.blanks)} 处要由单位填写，已用黄色标出。"] if written.blanks else []
    return "\n".join(["自评报告已生成：", str(written.path), *blanks])


def _saved(book: xw.Book) -> Steps[str, FileBook]:
    """The open workbook as it was last saved. Raises FormProblem where what is open differs from it."""
    path = file_of(book)
    if not path.is_file():
        raise FormProblem("工作簿还没有保存到这台电脑的文件夹里，请先保存（或另存）为 .xlsm 文件，再试")
    book.app.calculate()  # a formula that is not calculated yet is no change
    saved, live = FileBook.as_saved(path), LiveBook(book)
    yield from live.reading([sheet for sheet in saved.user_sheets if sheet in live.sheets])
    changed = next(_unsaved(live, saved), None)
    if changed is not None:
        raise FormProblem(f"工作簿有没有保存的改动（{changed}），请先保存，再试")
    return saved


def _unsaved(live: LiveBook, saved: FileBook) -> Iterator[str]:
    if live.sheets != saved.sheets:
        yield "工作表增减、改名或换了次序"
    for sheet in saved.user_sheets:
        ours, theirs = live.grid(sheet), saved.grid(sheet)
        for place in sorted({*ours.cells, *theirs.cells}):
            if _shown(ours, place) != _shown(theirs, place):
                yield f"“{sheet}”{place}"


def _shown(grid: Grid, place: Address) -> Value | Scaled | tuple[str, bool]:
    value = grid[place].value
    if isinstance(value, bool):
        return "bool", value
    if isinstance(value, (int, float)):
        return exact(value)  # the 15 digits that Calc writes of a number
    return None if value == "" else value
