"""补齐公式: puts our formulas back where hands have emptied cells, inserted rows, copied or renamed sheets.

Planned first, applied afterwards, on disk or live. Nothing that a person has written is replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfeval import formulatext
from perfeval.books.file import FileBook
from perfeval.books.outputs import Output
from perfeval.books.rowroom import with_rows
from perfeval.checks import upkeep
from perfeval.checks.context import Context
from perfeval.commands.fill_record import Memory
from perfeval.commands.nativereadings import is_native
from perfeval.conventions import Convention
from perfeval.errors import FileRefused, FormProblem
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Address, Book, address, column_letters
from perfeval.forms.model import IndicatorRow
from perfeval.forms.references import begun_higher, led, longer
from perfeval.records import names
from perfeval.records.upkeep import LiveForm, Overview, live_forms
from perfeval.workbook import formulas

STEP = "补齐公式"
NOT_OURS = (
    "不是 PerfEval 新建的工作簿，没有可以补的公式；要在别的自评表旁边加能算的列，请用“加测算列”（perfeval assist）"
)
_NATIVE_ROWS = "原生公式版的行不能只补公式：请删去这一行，把相邻的一行整行复制、插入，再改内容"
_OUR_COLUMNS = {
    8: "得分",
    11: "测算得分",
    12: "完成率",
    13: "达标",
    14: "提示",
}  # of a project's form as it is laid out
_MOST_NAMED = 8  # rows in a sentence


@dataclass(frozen=True, slots=True)
class Room:
    """Rows that 汇总 needs above row ``at``, one for each of these forms' sheets; their 序号 go on from ``number``."""

    at: int
    sheets: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Planned:
    """The edits, and what they do, a line each, for a person."""

    edits: tuple[Edit, ...]
    done: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was done, what is left to a person, and the backup of the file as it was."""

    done: tuple[str, ...]
    left: tuple[str, ...]
    backup: Path | None = None


def repair(path: Path, *, dry_run: bool = False, break_signature: bool = False) -> Repaired:
    """Mend a workbook in place. Raises FileRefused, FormProblem or EditRefused; the file is then as it was."""
    book = FileBook.open(path)
    if names.MEMORY not in book.sheets:
        raise FileRefused(path, NOT_OURS)
    room, grown, told = room_of(book), book, ()
    if room is not None:
        try:
            grown = with_rows(book, names.SUMMARY, room.at, len(room.sheets))
        except FormProblem as problem:
            room, told = None, (str(problem),)
    planned = plan(grown, room)
    grown.apply(planned.edits)
    mended = Repaired(planned.done, (*told, *left(grown)))
    if dry_run or not planned.done:
        return mended
    book.refuse_when_signed(path, break_signature)
    backup = Output.over(path, book.package.data, backup=True).write(grown.content)
    return Repaired(mended.done, mended.left, backup)


def room_of(book: Book) -> Room | None:
    """The rows that 汇总 needs for forms that it does not show; None where it needs none."""
    forms = live_forms(book, Context.of(book, None).forms)
    overview = Overview.of(book, forms)
    if overview is None:
        return None
    lacking = [one for one in overview.unlisted(forms) if _pattern(overview, forms, one) is not None]
    numbers = overview.numbers
    if not lacking or not numbers:
        return None
    return Room(max(numbers) + 1, tuple(one.form.sheet for one in lacking), int(max(numbers.values())) + 1)


def plan(book: Book, room: Room | None) -> Planned:
    """The edits of a workbook in which the rows of ``room`` have been inserted."""
    context, memory = Context.of(book, None), Memory(book)
    forms = live_forms(book, context.forms)
    steps = [step for one in forms for step in _of_form(book, one, context.convention)]
    overview = Overview.of(book, forms)
    if overview is not None:
        steps += _links(overview)
        steps += _rows_of(overview, forms, room) if room is not None else ()
        for _, old, sheet in overview.stale_links():
            if old not in book.sheets:
                memory.rename(old, sheet)
    steps = [(said, made) for said, made in steps if made]
    edits = {(edit.sheet, edit.cell): edit for _, made in steps for edit in made}
    memory.remember(list(edits.values()), STEP)
    return Planned((*edits.values(), *memory.edits()), tuple(said for said, _ in steps))


def left(book: Book) -> tuple[str, ...]:
    """What a person has to look at in a workbook that has been mended, a line each."""
    found = list(upkeep.check(Context.of(book, None)))
    native = is_native(book) and any(one.kind is upkeep.NO_FORMULA for one in found)
    return (*(f"{one.place}：{one.message}" for one in found), *([_NATIVE_ROWS] if native else []))


def as_text(repaired: Repaired, *, dry_run: bool) -> Iterator[str]:
    """What came of it, for a person."""
    if not repaired.done:
        yield "没有需要补的公式" if not repaired.left else "没有能补的公式"
    elif dry_run:
        yield "没有写文件；会做的是："
    yield from repaired.done
    if repaired.left:
        yield "以下要由人处理："
        yield from (f"  {line}" for line in repaired.left)
    if repaired.done and not dry_run:
        yield "要恢复原样：perfeval undo（撤销填报）"


def _listed(rows: Sequence[int]) -> str:
    more = f"等 {len(rows)} " if len(rows) > _MOST_NAMED else ""
    return "、".join(map(str, rows[:_MOST_NAMED])) + more


# --- the formulas of a form ---

_Step = tuple[str, list[Edit]]  # what is said of some edits


def _of_form(book: Book, one: LiveForm, convention: Convention) -> Iterator[_Step]:
    sheet = one.form.sheet
    if not is_native(book):  # whose rows hold more than formulas
        rows = [row for row in one.lacking() if None not in [formula for _, formula in row.cells.values()]]
        of_rows = [
            Edit(sheet, place, Formula(formula))
            for row in rows
            for place, (_, formula) in row.cells.items()
            if formula is not None
        ]
        yield f"“{sheet}”第 {_listed([row.indicator.row for row in rows])} 行补上了公式", of_rows
        emptied = list(_emptied(book, one, convention))
        yield f"“{sheet}”清空了的公式补上了：{'、'.join(str(edit.cell) for edit in emptied)}", emptied
    missing = sorted({row for short in one.short() for row in short.missing})
    yield f"“{sheet}”的合计、等级和进度包括了第 {_listed(missing)} 行", list(_extended(one))


def _extended(one: LiveForm) -> Iterator[Edit]:
    """Every formula outside the indicators that stops at the rows that the totals have, over all rows."""
    shorts = list(one.short())
    if not shorts:
        return
    first, last = min(short.first for short in shorts), max(short.last for short in shorts)
    rows = [row.row for row in one.form.rows]
    higher, lower = first - min(*rows, first), max(*rows, last) - last
    for place, cell in one.grid.cells.items():
        if cell.formula is not None and not min(rows) <= place.row <= max(rows):
            formula = begun_higher(longer(cell.formula, first, last, lower), first, last + lower, higher)
            if formula != cell.formula:
                yield Edit(one.form.sheet, place, Formula(formula))


def _emptied(book: Book, one: LiveForm, convention: Convention) -> Iterator[Edit]:
    """The single formulas of a form, as it is laid out, that somebody has emptied."""
    for cell, formula in _single_formulas(book, one, convention):
        present = one.grid[address(cell)]
        if present.formula is None and present.value in (None, ""):
            yield Edit(one.form.sheet, address(cell), formula)


def _single_formulas(book: Book, one: LiveForm, convention: Convention) -> Iterator[tuple[str, Formula]]:
    form, funds, total = one.form, one.form.execution, one.form.total_score.cell
    rows = range(form.rows[0].row, form.rows[-1].row + 1)
    as_laid_out = dict(one.titles) == _OUR_COLUMNS and total == (rows.stop, 8) and funds is not None
    if not as_laid_out or funds is None or funds.budget.cell is None or funds.budget.cell.column != 5:
        return
    at, budget, end = funds.budget.cell.row, "D" if convention.denominator == "initial" else "E", rows.stop
    yield f"G{end}", formulas.total_weight(at, rows)
    yield f"H{end}", formulas.total(at, rows, convention)
    for source in form.funds:
        if source.rate.cell is not None:
            yield str(source.rate.cell), formulas.execution_rate(source.rate.cell.row, budget)
    if names.FAULTS in book.names:  # workbooks of before compute these otherwise
        yield f"K{at}", formulas.execution_score(at, budget)
        yield f"N{at}", formulas.execution_hint(at, budget)
        yield f"L{end}", formulas.grade(at, rows)
        yield f"N{end}", formulas.weights_hint(rows)
        for group in form.groups():
            if len(group) > 1:
                yield from _shared_formulas(one, group, convention)


def _shared_formulas(
    one: LiveForm, group: Sequence[IndicatorRow], convention: Convention
) -> Iterator[tuple[str, Formula]]:
    """Those of rows that share one 分值."""
    rows, kinds = range(group[0].row, group[-1].row + 1), [one.kind_cell(row) for row in group]
    if None not in kinds:
        absolute = [f"${column_letters(kind.column)}${kind.row}" for kind in kinds if kind is not None]
        yield f"K{rows.start}", formulas.shared_score(rows, absolute, convention)
        yield f"H{rows.start}", Formula(f"K{rows.start}")
    for row in rows:
        yield f"N{row}", formulas.shared_hint(row, convention)


# --- 汇总 ---


def _links(overview: Overview) -> Iterator[_Step]:
    for cell, old, sheet in overview.stale_links():
        renamed = Formula(formulatext.renamed(overview.grid[cell].formula or "", old, sheet))
        yield f"“{names.SUMMARY}”{cell}的链接改为指向“{sheet}”", [Edit(names.SUMMARY, cell, renamed)]


def _rows_of(overview: Overview, forms: Sequence[LiveForm], room: Room) -> Iterator[_Step]:
    of_sheet = {one.form.sheet: one for one in forms}
    for place, sheet in enumerate(room.sheets):
        pattern = _pattern(overview, forms, of_sheet[sheet])
        if pattern is not None:
            number = Edit(names.SUMMARY, Address(room.at + place, 1), room.number + place)
            made = [number, *_summary_row(overview, pattern, of_sheet[sheet], room.at + place)]
            yield f"“{names.SUMMARY}”第 {room.at + place} 行列入了“{sheet}”", made


def _pattern(overview: Overview, forms: Sequence[LiveForm], new: LiveForm) -> LiveForm | None:
    """A form that 汇总 shows whose head stands where the new one's does, so that its row serves as a pattern."""
    return next((one for one in forms if one.form.sheet in overview.rows and _head(one) == _head(new) != ()), None)


def _head(one: LiveForm) -> tuple[object, ...]:
    funds, total = one.form.execution, one.form.total_score.cell
    if funds is None or total is None:
        return ()
    return one.form.name.cell, funds.budget.cell, funds.executed.cell, funds.rate.cell, total.column


def _summary_row(overview: Overview, pattern: LiveForm, new: LiveForm, row: int) -> Iterator[Edit]:
    """A row of 汇总 as that of the pattern, of the new form's cells: what stands from the total on lies deeper or higher."""
    old_total, total = pattern.form.total_score.cell, new.form.total_score.cell
    assert old_total is not None  # both have a head
    assert total is not None
    deeper = total.row - old_total.row

    def lead(cell: Address) -> Address:
        return Address(cell.row + deeper, cell.column) if cell.row >= old_total.row else cell

    for column in range(2, overview.grid.right + 1):
        formula = overview.grid[overview.rows[pattern.form.sheet], column].formula
        if formula is None:
            yield Edit(names.SUMMARY, Address(row, column), None)
        else:
            of_new = led(formula, pattern.form.sheet, lead)
            text = formulatext.renamed(of_new, pattern.form.sheet, new.form.sheet)
            yield Edit(names.SUMMARY, Address(row, column), Formula(text))
