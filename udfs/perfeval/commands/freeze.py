"""报送版: a copy of a workbook for those who have no PerfEval, with values, without macros, helpers and hidden sheets.

Every formula becomes its value, native ones too: what was reviewed is then what is read, in any program; a native
formula would be calculated anew by each, from cells (helper columns, hidden sheets) that are not sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from perfeval import __version__
from perfeval.books import sealed
from perfeval.books.beside.taking import Taken
from perfeval.books.file import FileBook
from perfeval.books.frozen import Note, frozen_parts, hiding_sheets, last_printed_column
from perfeval.books.frozensheet import formulas_without_value
from perfeval.books.notesheet import Line, Look
from perfeval.books.outputs import Output
from perfeval.books.package import Package
from perfeval.books.unlinked import formulas_of_ours, unlinked
from perfeval.checks import reviewing
from perfeval.checks.context import Context
from perfeval.checks.waivers import Waiver, WaiverFile
from perfeval.commands import assist, printing
from perfeval.commands.check import also_waived
from perfeval.commands.printing import Print
from perfeval.conventions import OPTIONS
from perfeval.errors import FileRefused, FormProblem, PerfEvalError, Place
from perfeval.findings import Finding, Level
from perfeval.forms.filled import Filling
from perfeval.forms.grid import MAX_COLUMN, Address, Grid, column_letters
from perfeval.forms.reader import read_forms
from perfeval.records import names
from perfeval.standards import detailed_standard
from perfeval.stepwise import Steps, finished
from perfeval.workbook.textsize import lines

SUFFIX = "-报送版"
NOTE = "报送说明"
NOT_SENT = (
    names.OPTIONS,
    *names.IMPORTS,
    names.CORRESPONDENCE,
    names.GUIDE,
    names.REVIEW,
    names.SELF_CHECK,
)  # of our own workbook: for those who fill it in
_HOW_TO_WAIVE = f"请改正；确实不改的，在“{names.REVIEW}”的“不改的理由”里写明（或用 check --json 和 --waive）"
_WIDTHS = (20, 30, 48)
_VALUES = 2  # the column of 基本信息 in which a field's value stands


@dataclass(frozen=True, slots=True)
class Frozen:
    """What came of it: the copy (None where ``stopped_by`` stopped it), and what differs from the original; the PDF of it, or why there
    is none though one was asked for."""

    path: Path | None
    stopped_by: tuple[Finding, ...] = ()
    waived: tuple[Finding, ...] = ()
    changes: tuple[str, ...] = ()
    pdf: Path | None = None
    no_pdf: str = ""

    @property
    def refusal(self) -> str:
        """What is said where errors stopped it."""
        return f"复核有 {len(self.stopped_by)} 处错误，没有生成报送版。{_HOW_TO_WAIVE}，再试"


def freeze(
    path: Path,
    out: Path | None = None,
    waivers: Sequence[Path] = (),
    *,
    today: date | None = None,
    overwrite: bool = False,
    break_signature: bool = False,
    print_with: Print | None = None,
) -> Frozen:
    """Write the copy that is sent; 错误 of 复核 that nobody waived stop it. The original is only read.

    ``waivers`` are earlier ``check --json`` with reasons, beside those on the workbook's own 复核结果.
    A copy that was made before and is untouched since is made anew, any other file only replaced with ``overwrite``. Of a
    workbook that is not ours only PE_ formulas become values, all else is left as it is. Raises FileRefused or FormProblem;
    nothing is then written. ``print_with`` prints a PDF beside it; where that fails, the copy alone is written.
    """
    book, given = FileBook.open(path), WaiverFile(waivers).of(path)
    return finished(
        freezing(
            book,
            out,
            given,
            today=today,
            overwrite=overwrite,
            break_signature=break_signature,
            inputs=waivers,
            print_with=print_with,
        )
    )


def freezing(
    book: FileBook,
    out: Path | None = None,
    given: Sequence[Waiver] = (),
    *,
    today: date | None = None,
    overwrite: bool = False,
    inputs: Sequence[Path] = (),
    break_signature: bool = False,
    print_with: Print | None = None,
) -> Steps[str, Frozen]:
    """The same in steps, of a book that has been read; ``inputs`` are the other files of the run."""
    context = Context.of(book, None)
    found = also_waived((yield from reviewing(context)), given)
    stopped_by = tuple(one for one in found if one.level is Level.ERROR and not one.waived)
    waived = tuple(one for one in found if one.waived)
    if stopped_by:
        return Frozen(None, stopped_by, waived)
    is_ours = names.MEMORY in book.sheets
    suffix = ".xlsx" if is_ours else book.path.suffix
    target = out or book.path.with_name(f"{book.path.stem}{SUFFIX}{suffix}")
    if target.suffix.lower() != suffix.lower():
        told = "报送版不带宏" if is_ours else "不是 PerfEval 新建的工作簿，格式保持不变"
        raise FileRefused(target, f"{told}，文件名应以 {suffix} 结尾；请改文件名")
    output = Output.to(target, overwrite=overwrite, inputs=(book.path, *inputs))
    pdf = printing.output_beside(target, overwrite=overwrite) if print_with and is_ours else None
    former = assist.without(book)
    if not is_ours:
        frozen = _foreign(book, former, output, waived, break_signature)
        return replace(
            frozen, no_pdf=f"没有打印 PDF：这不是 PerfEval 新建的工作簿，{printing.BY_HAND}" if print_with else ""
        )
    if former is not None:
        book = FileBook(book.path, former.package)
        context = Context.of(book, None)
    spare = _spare(context)
    sheets = _sheets(book, spare)
    _refuse_unknown(book, sheets)
    without_cells = {names.BASICS: _notes_beside(book)}
    changes = tuple(_changes(book, sheets, spare))
    note = Note(NOTE, [*_note(context, book.path, waived, changes, today or date.today())], _WIDTHS)
    parts = frozen_parts(book, sheets, note, without_cells=without_cells, tint=names.INPUT_TINT)
    if print_with is not None:
        yield "打印 PDF"
    output.write(sealed.sealed(parts, book.main_part, target.stem))
    frozen = Frozen(target, (), waived, changes)
    if print_with is None or pdf is None:
        return frozen
    try:
        printing.print_into(pdf, target, print_with)
    except PerfEvalError as problem:
        return replace(frozen, no_pdf=f"没有打印 PDF：{problem}；{printing.BY_HAND}")
    return replace(frozen, pdf=pdf.path)


def _spare(context: Context) -> tuple[str, ...]:
    """The sheets that hold spare forms of projects and nothing else; the whole body's sheets always go along."""
    spare = {one.form.sheet for one in context.projects if context.filling(one.form) is Filling.SPARE}
    used = {form.sheet for form in context.forms if context.filling(form) is not Filling.SPARE}
    return tuple(sheet for sheet in context.book.sheets if sheet in spare - used)


def _sheets(book: FileBook, spare: Sequence[str]) -> dict[str, int]:
    """The sheets that are sent, each with its last column: of its print area, else of the form on it."""
    kept: dict[str, int] = {}
    for sheet in book.sheets:
        grid = book.grid(sheet)
        if grid.visible and sheet not in (*NOT_SENT, NOTE, *spare):
            right = _columns_of_summary(grid) if sheet == names.SUMMARY else last_printed_column(book, sheet)
            if right is None:
                forms = read_forms(grid) if sheet not in names.NO_FORMS else []
                right = max((form.area.right for form in forms), default=MAX_COLUMN)
            kept[sheet] = right
    return kept


def _columns_of_summary(grid: Grid) -> int | None:
    """汇总 without its last column, where that is 进度: how far the forms have come is nobody's business elsewhere."""
    progress = {place.column for place, cell in grid.cells.items() if cell.value == names.PROGRESS}
    return grid.right - 1 if progress == {grid.right} else None


def _notes_beside(book: FileBook) -> frozenset[Address]:
    """What 基本信息 says beside a field on how it is filled in."""
    if names.BASICS not in book.sheets:
        return frozenset()
    grid = book.grid(names.BASICS)
    fields = {
        place.row for place, cell in grid.cells.items() if place.column == 1 and cell.value in names.DEFINED_NAMES
    }
    return frozenset(place for place in grid.cells if place.row in fields and place.column > _VALUES)


def _refuse_unknown(book: FileBook, sheets: dict[str, int]) -> None:
    unknown = [
        f"“{sheet}”{cell}" for sheet in sheets for cell in formulas_without_value(book.grid(sheet), sheets[sheet])
    ]
    if unknown:
        more = f"等 {len(unknown)} 个" if len(unknown) > 5 else ""
        raise FormProblem(
            f"单元格 {'、'.join(unknown[:5])}{more}的公式没有算出的值；"
            "请在装有 PerfEval 的表格软件里打开，重新计算并保存，再生成报送版",
            Place(file=str(book.path)),
        )


def _changes(book: FileBook, sheets: dict[str, int], spare: Sequence[str]) -> Iterator[str]:
    """What differs from the original, for a person."""
    grids = {sheet: book.grid(sheet) for sheet in sheets}
    count = sum(
        cell.formula is not None and place.column <= sheets[sheet]
        for sheet, grid in grids.items()
        for place, cell in grid.cells.items()
    )
    yield f"{count} 个公式换成了算出的值，不装 PerfEval 也显示同样的数，也不会再变"
    helped = {sheet: grid.right for sheet, grid in grids.items() if grid.right > sheets[sheet]}
    if helped:
        columns = {f"{column_letters(sheets[sheet] + 1)}—{column_letters(right)}" for sheet, right in helped.items()}
        yield f"删去了 {len(helped)} 张表打印范围右侧的辅助列（{'、'.join(sorted(columns))} 列）：测算得分、完成率、提示等"
    gone = [sheet for sheet in book.sheets if sheet not in (*sheets, *spare)]
    blank = f"；没有用到的空白自评表 {len(spare)} 张：{'、'.join(spare)}" if spare else ""
    yield f"没有放进报送版的工作表：填表和导入数据用的 {len(gone)} 张：{'、'.join(gone)}{blank}"
    if hiding := hiding_sheets(book, sheets):
        yield f"{'、'.join(hiding)}里隐藏的行、列在报送版里显示出来；不该给对方看的，请在原工作簿里删去再生成"
    yield "删去了宏、功能区、批注、跳转链接、筛选、填写时的下拉列表和待填单元格的底色；外部链接和文件属性里的作者也不再有"
    yield f"加了“{NOTE}”；每张表加了保护，没有密码，在“审阅”里点“撤消工作表保护”即可修改"


def _note(
    context: Context, path: Path, waived: Sequence[Finding], changes: Sequence[str], today: date
) -> Iterator[Line]:
    body = context.records
    yield Line(Look.TITLE, (NOTE,))
    facts = (
        ("单位名称", body.name if body else ""),
        ("年度", str(body.year or "") if body else ""),
        ("项目数", str(sum(context.filling(one.form) is not Filling.SPARE for one in context.projects))),
        (names.STAGE, context.stage),
        ("生成日期", today.isoformat()),
        ("生成程序", f"PerfEval {__version__}"),
        ("原工作簿", path.name),
    )
    for label, text in facts:
        yield _line(label, text)
    yield Line(Look.HEADING, ("一、标准和口径",))
    yield _line("标准", f"{context.standard.title}（{context.standard.id}）")
    yield _line("标准出处", context.standard.document)
    for option in OPTIONS:
        yield _line(option.title, context.convention.words(option.key))
    if body and body.whole.standard:
        standard, convention = detailed_standard(body.whole.standard)
        yield _line("整体标准", f"{standard.title}（{standard.id}）")
        yield _line("整体标准出处", standard.document)
        for option in convention.options:
            yield _line(option.title, convention.words(option.key))
    yield Line(Look.HEADING, ("二、复核",))
    if waived:
        yield _line("位置", "复核发现", "不改的理由", look=Look.LABEL)
        for one in waived:
            yield _line(one.place, one.message, one.waived)
    else:
        yield _line("复核结果", "没有错误，也没有写明理由后不改的错误")
    yield Line(Look.HEADING, ("三、与原工作簿的不同",))
    for number, text in enumerate(changes, start=1):
        yield _line(f"{number}", text)


def _line(*texts: str, look: Look = Look.TEXT) -> Line:
    widths = (*_WIDTHS[: len(texts) - 1], sum(_WIDTHS[len(texts) - 1 :]))
    return Line(look, texts, max(lines(text, width) for text, width in zip(texts, widths, strict=True)))


def _foreign(
    book: FileBook, former: Taken | None, output: Output, waived: tuple[Finding, ...], break_signature: bool
) -> Frozen:
    """A workbook of someone else's: its make-up is theirs, so only what needs the add-in becomes a value, and 测算列 go
    (``former``)."""
    signed = book.is_signed
    if former is not None:
        book.refuse_when_signed(output.path, break_signature)
        book = FileBook(book.path, former.package)
    calling, reading = formulas_of_ours(book)
    _refuse_unknown(book, dict.fromkeys({sheet for sheet, _ in calling}, MAX_COLUMN))
    formulas = [str(book.grid(sheet)[place].formula) for sheet, place in calling]
    book.settle([*calling, *reading])
    rest = unlinked(Package(book.content), book.main_part, formulas)
    is_as_before = not (calling or rest.files or rest.names)
    if is_as_before and former is None:
        told = "不是 PerfEval 新建的工作簿，也没有用 PE_ 函数，本来就能原样报送，没有另存"
        raise FormProblem(told, Place(file=str(book.path)))
    if not is_as_before:
        book.refuse_when_signed(output.path, break_signature)
    output.write(rest.package.data)
    told = [*assist.said_of_taking(former), *(["去掉了测算列"] if former is not None else [])]
    if calling:
        told.append(f"{len(calling)} 个 PE_ 公式换成了算出的值")
    if reading:
        told.append(f"另有 {len(reading)} 个公式用到它们铺开的区域（如 E1#），也换成了值")
    if rest.files:
        told.append(f"去掉了只为 PE_ 公式留着的外部链接（{'、'.join(rest.files)}）")
    if rest.names:
        told.append(f"去掉了调用 PE_ 函数的名称（{'、'.join(rest.names)}）")
    if rest.staying:
        told.append(
            f"指向“{'、'.join(rest.staying)}”的外部链接留着：条件格式、有效性、名称或隐藏的表里还有 PE_ 公式；"
            "不要它，请先删去那些公式"
        )
    told[-1] += "；这不是 PerfEval 新建的工作簿，其余都保持原样"
    if signed:
        told.append("数字签名在报送版里已失效，请签名人重新签名")
    return Frozen(output.path, (), waived, tuple(told))


def as_text(frozen: Frozen) -> Iterator[str]:
    """What came of it, for a person."""
    for one in frozen.stopped_by:
        yield f"  {one.kind.code} {one.place}：{one.message}"
    if frozen.path is None:
        yield frozen.refusal
        return
    yield f"报送版：{frozen.path}"
    if frozen.pdf is not None:
        yield f"PDF：{frozen.pdf}"
    for change in frozen.changes:
        yield f"  {change}"
    if frozen.waived:
        yield f"  有 {len(frozen.waived)} 处写明理由后不改的复核发现，已写在“{NOTE}”里"
    if frozen.no_pdf:
        yield frozen.no_pdf
