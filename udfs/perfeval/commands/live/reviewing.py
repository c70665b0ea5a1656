"""复核: what a reviewer would find, listed on the sheet 复核结果 and marked at the cells; 清除标记 takes the marks off."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from perfeval import formulatext
from perfeval.books import marks
from perfeval.books.live import LiveBook
from perfeval.checks import reviewing
from perfeval.checks.accounts import FILE_REFUSED
from perfeval.checks.context import Context
from perfeval.errors import FormProblem
from perfeval.findings import Finding, Level
from perfeval.forms.accounting import in_words
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Address, Grid
from perfeval.records import names
from perfeval.stepwise import Steps

if TYPE_CHECKING:
    import xlwings as xw

_COLOURS = {Level.ERROR: "#ffc7ce", Level.WARNING: "#ffeb9c", Level.NOTE: "#ddebf7"}
_SEVERITY = list(Level)


def review(book: xw.Book) -> Steps[str, str]:
    """Button 复核: list everything found, and mark the cells, but those that a person gave a reason for."""
    live = LiveBook(book)
    yield from live.reading(names.form_sheets(live))
    context = Context.of(live, None)
    found = yield from reviewing(context)
    if [one.kind for one in found if not one.sheet] == [FILE_REFUSED] and not any(
        one.is_read for one in context.accounts
    ):
        raise FormProblem(found[0].message)
    read = in_words(context.accounts)
    _clear(book)
    if names.REVIEW not in live.sheets:
        _add_page(book)
        live = LiveBook(book)
    live.apply(list(_list(live.grid(names.REVIEW), found, read)))
    unmarked = _mark(book, live, [finding for finding in found if not finding.waived and finding.cell])
    return "\n".join(_said(found, unmarked))


def clear(book: xw.Book) -> str:
    """Button 清除标记: take the marks off every sheet; the sheets' own formats, notes and the list stay."""
    count = _clear(book)
    return f"已清除 {count} 个单元格的复核标记。" if count else "没有复核标记可以清除。"


def _clear(book: xw.Book) -> int:
    return sum(marks.clear(sheet) for sheet in book.sheets if sheet.api.ProtectContents is not True)


def _add_page(book: xw.Book) -> None:
    """The sheet for the list, in a workbook that is not ours."""
    sheet = book.sheets.add(names.REVIEW, after=book.sheets[len(book.sheets) - 1])
    for column, width in enumerate(names.REVIEW_WIDTHS, 1):
        sheet.range((1, column)).column_width = width


def _list(grid: Grid, found: Sequence[Finding], read: str) -> Iterator[Edit]:
    """The edits that make the sheet say what was read and found now, and nothing of before."""
    hint = f"{read}。{names.REVIEW_HINT}"
    rows: list[tuple[str | Formula | None, ...]] = [(names.REVIEW,), (hint,), names.REVIEW_COLUMNS]
    rows += [_row(finding) for finding in found]
    rows += [()] * max(grid.bottom - len(rows), 0)
    for number, row in enumerate(rows, 1):
        width = len(row) if number < names.REVIEW_HEADER else len(names.REVIEW_COLUMNS)
        for column in range(width):
            content = row[column] if column < len(row) else None
            yield Edit(grid.name, Address(number, column + 1), content)


def _row(finding: Finding) -> tuple[str | Formula | None, ...]:
    kind = finding.kind
    told = (finding.message, finding.expected, finding.found, kind.do, finding.waived)
    return (str(finding.level), kind.code, finding.sheet, _link(finding), *(text or None for text in told))


def _link(finding: Finding) -> str | Formula | None:
    """The cell's address, on which a click leads there."""
    if not finding.cell:
        return None
    return Formula(formulatext.link(finding.sheet, finding.cell, formulatext.text(finding.cell)))


def _mark(book: xw.Book, live: LiveBook, found: Sequence[Finding]) -> list[str]:
    """Mark the cells, each once; gives the protected sheets, which stay without."""
    by_cell: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in found:
        by_cell[finding.sheet, finding.cell].append(finding)
    protected = dict.fromkeys(sheet for sheet, _ in by_cell if live.grid(sheet).protected)
    for (sheet, cell), here in by_cell.items():
        if sheet not in protected:
            worst = min((finding.level for finding in here), key=_SEVERITY.index)
            text = "\n".join(f"{one.level} {one.kind.code}：{one.message}。{one.kind.do}" for one in here)
            marks.mark(book.sheets[sheet].range(cell), _COLOURS[worst], text)
    return list(protected)


def _said(found: Sequence[Finding], unmarked: Sequence[str]) -> Iterator[str]:
    counts = Counter(finding.level for finding in found if not finding.waived)
    waived = sum(1 for finding in found if finding.waived)
    told = "，".join(f"{counts[level]} 处{level}" for level in Level if counts[level])
    if told:
        yield f"复核发现 {told}，已列在“{names.REVIEW}”，并在单元格上标出。"
    else:
        yield "没有发现问题。"
    if waived:
        yield f"另有 {waived} 处写明了不改的理由，没有计入。"
    if unmarked:
        yield f"这些工作表受保护，没有标出：{'、'.join(unmarked)}。"
