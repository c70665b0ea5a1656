"""填报: brings 绩效目标, 执行数据 and 基础数据 into the 自评表 and 评分表 sheets. Planned first, applied afterwards, on disk or live.

A cell is filled if it is empty, still holds what the last fill wrote (kept in a hidden sheet), or is a 得分 that only
repeats its 测算得分. Any other cell that differs is a person's: it is listed and kept, unless told to overwrite.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfeval.books.file import Applied, FileBook
from perfeval.commands.memory import Memory
from perfeval.commands.wholefill import has_anything, whole_wishes
from perfeval.conventions import Convention
from perfeval.errors import FormProblem
from perfeval.forms import labels, names
from perfeval.forms.body_form import read_body_forms
from perfeval.forms.computing import after, is_live, scores, total
from perfeval.forms.edits import Edit
from perfeval.forms.filling import Wish, wishes, without_place
from perfeval.forms.grid import Address, Book, Cell, Grid, Value
from perfeval.forms.importsheets import Imported, in_unit, read_body
from perfeval.forms.model import Form
from perfeval.forms.reader import read_forms
from perfeval.forms.records import Project
from perfeval.standards import NATIONAL, convention

_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?\d+")


@dataclass(frozen=True, slots=True)
class Kept:
    """A cell that holds something else than the data, and was left as it is."""

    sheet: str
    cell: Address
    field: str
    present: Value
    wanted: Value


@dataclass(frozen=True, slots=True)
class Plan:
    """The edits of a fill, what it keeps, and what it has to say."""

    edits: tuple[Edit, ...]
    kept: tuple[Kept, ...]
    notes: tuple[str, ...]


def fill(
    path: Path, data: Path | None = None, *, dry_run: bool = False, overwrite: bool = False
) -> tuple[Plan, Applied]:
    """Fill a workbook in place. ``data`` is a workbook with the import sheets; without it the book's own are read.

    Raises FileRefused, FormProblem or EditRefused; the file is then as it was.
    """
    book = FileBook.open(path)
    planned = plan(book, FileBook.open(data) if data else None, overwrite=overwrite)
    applied = book.apply(planned.edits)
    if not dry_run:
        book.save()
    return planned, applied


def plan(book: Book, data: Book | None = None, *, overwrite: bool = False) -> Plan:
    """The edits that bring the data into the book's forms. Raises FormProblem where something does not fit."""
    imported = read_body(data or book)
    to_fill = [project for project in imported.body.projects if project.indicators or project.funds]
    if not to_fill and not has_anything(imported.body.whole):
        raise FormProblem(
            f"没有可填的数据：请先在“{names.TARGETS}”和“{names.EXECUTION}”两张表里填入数据，或用 --data 指定数据文件"
        )
    others = names.NO_FORMS if names.MEMORY in book.sheets else ()
    sheets = [sheet for sheet in book.user_sheets if sheet not in others]
    forms = [form for sheet in sheets for form in read_forms(book.grid(sheet))]
    if not forms and (to_fill or not any(read_body_forms(book.grid(sheet)) for sheet in sheets)):
        raise FormProblem("工作簿里没有找到自评表，请先用 perfeval new 新建，或打开官方的空白表")
    memory = Memory(book)
    notes = [*imported.notes]
    decisions = _Decisions(memory, overwrite)
    options = convention(imported.body.convention or NATIONAL)
    without_formulas: dict[str, list[Form]] = defaultdict(list)
    from_data: set[tuple[str, Address]] = set()
    for grid, wish in whole_wishes(book, data or book, sheets, imported.body, notes):
        decisions.take(grid, wish)
    for project, form in _pairs(to_fill, forms, notes):
        grid = book.grid(form.sheet)
        for wish in _wishes(form, project, imported, notes):
            decisions.take(grid, wish)
            from_data.add((form.sheet, wish.cell))
        if not is_live(grid, form):
            without_formulas[form.sheet].append(form)
    for sheet, lacking in without_formulas.items():
        _compute(book.grid(sheet), lacking, from_data, decisions, options, notes)
    memory.remember(decisions.edits)
    return Plan((*decisions.edits, *memory.edits()), tuple(decisions.kept), tuple(notes))


def _pairs(projects: Sequence[Project], forms: Sequence[Form], notes: list[str]) -> Iterator[tuple[Project, Form]]:
    """Each project with its form, by 项目名称, otherwise the next form without a name.

    Raises FormProblem for a project without a form, and where two projects or two forms have one name.
    """
    by_name = _by_name([form for form in forms if form.name.text])
    blank = [form for form in forms if not form.name.text]
    codes: dict[str, str] = {}
    for project in projects:
        name = labels.key(project.name)
        if name in codes:
            raise FormProblem(
                f"项目编码“{codes[name]}”和“{project.code}”的项目名称相同（{project.name}），请核对项目编码。没有写入任何内容"
            )
        codes[name] = project.code
    unplaced = [project for project in projects if labels.key(project.name) not in by_name]
    if len(unplaced) > len(blank):
        raise FormProblem(
            f"有 {len(unplaced)} 个项目在工作簿里没有自评表：{'、'.join(project.name for project in unplaced[:5])}；"
            "请核对项目名称，或先为它们新增自评表。没有写入任何内容"
        )
    for project, form in zip(unplaced, blank, strict=False):
        notes.append(f"空白的自评表“{form.sheet}”填入项目“{project.name}”")
        by_name[labels.key(project.name)] = form
    untouched = [form.sheet for name, form in by_name.items() if name not in codes]
    untouched += [form.sheet for form in blank[len(unplaced) :]]
    notes.extend(f"自评表“{sheet}”没有数据，保持原样" for sheet in untouched)
    for project in projects:
        yield project, by_name[labels.key(project.name)]


def _by_name(forms: Sequence[Form]) -> dict[str, Form]:
    by_name: dict[str, Form] = {}
    for form in forms:
        other = by_name.setdefault(labels.key(form.name.text), form)
        if other is not form:
            raise FormProblem(
                f"工作表“{other.sheet}”和“{form.sheet}”的项目名称相同（{form.name.text}），请改名后再填。没有写入任何内容"
            )
    return by_name


def _wishes(form: Form, project: Project, imported: Imported, notes: list[str]) -> list[Wish]:
    unit = imported.body.unit
    wanted = form.unit or unit
    amounts = {
        funds.source: {
            column: _converted(getattr(funds, column), unit, wanted) for column in ("initial", "budget", "executed")
        }
        for funds in project.funds
    }
    amount = _converted(project.amount, unit, wanted)
    homeless = without_place(form, project, amounts, amount)
    if homeless:
        notes.append(f"自评表“{form.sheet}”没有这些栏，数据没有填：{'、'.join(homeless)}")
    return wishes(form, project, amounts, amount)


def _compute(
    grid: Grid,
    forms: Sequence[Form],
    from_data: set[tuple[str, Address]],
    decisions: _Decisions,
    options: Convention,
    notes: list[str],
) -> None:
    """Give a sheet's forms without formulas what a rule gives, and their totals; a cell that the data fills is its."""
    before = len(decisions.edits)
    filled, now = after(grid, forms, decisions.contents(grid))
    for form in now:
        for wish in scores(filled, form, options):
            if (grid.name, wish.cell) not in from_data:
                decisions.take(grid, wish)
    for form in after(grid, forms, decisions.contents(grid))[1]:
        sum_of_scores, missing = total(form, options)
        if sum_of_scores is not None:
            decisions.take(grid, sum_of_scores)
        if missing:
            left = f"有 {len(missing)} 项得分由人评定，没有填：{'、'.join(missing)}；总分留空"
            notes.append(f"自评表“{grid.name}”的“{form.name.text}”{left}")
    if len(decisions.edits) > before:
        count = len(decisions.edits) - before
        notes.append(f"自评表“{grid.name}”没有公式，已按口径 {options.name} 填入 {count} 个算出的值")


def _converted(value: Value, unit: str, wanted: str) -> float | None:
    number = in_unit(value, unit, wanted)
    return None if number is None else float(number)


class _Decisions:
    """What becomes of each wish: an edit, a cell to keep, or nothing to do."""

    def __init__(self, memory: Memory, overwrite: bool) -> None:
        self._memory = memory
        self._overwrite = overwrite
        self.edits: list[Edit] = []
        self.kept: list[Kept] = []

    def take(self, grid: Grid, wish: Wish) -> None:
        """Decide on one wish for a cell of this sheet."""
        present = grid[wish.cell]
        if _holds(present, wish.value):
            return
        if self._overwrite or self._is_free(grid, wish, present):
            self.edits.append(Edit(grid.name, wish.cell, wish.value))
        else:
            self.kept.append(Kept(grid.name, wish.cell, wish.field, present.value, wish.value))

    def contents(self, grid: Grid) -> dict[Address, Value]:
        """What is to be written on this sheet so far."""
        return {edit.cell: edit.content for edit in self.edits if edit.sheet == grid.name}  # type: ignore[misc]

    def _is_free(self, grid: Grid, wish: Wish, present: Cell) -> bool:
        if present.formula is not None:
            return wish.given and _REFERENCE.fullmatch(present.formula) is not None
        is_empty = present.value in (None, "") or _is_placeholder(present)
        return is_empty or self._memory.wrote(grid.name, wish.cell, present)


def _holds(present: Cell, value: Value) -> bool:
    """Whether a cell already holds a value as a constant. 20 and 20.0 are one number."""
    return (
        present.formula is None
        and present.value == value
        and isinstance(present.value, bool) == isinstance(value, bool)
    )


def _is_placeholder(present: Cell) -> bool:
    """The official blank's own fillers: …… and 指标1："""
    text = present.value
    return isinstance(text, str) and re.fullmatch(r"[….\s]*|指标\s*\d+[：:]?", text.strip()) is not None


def as_text(planned: Plan, applied: Applied, *, dry_run: bool) -> Iterator[str]:
    """What a fill did, for a person."""
    visible = [edit for edit in planned.edits if edit.sheet != names.MEMORY]
    yield from planned.notes
    if dry_run:
        for edit in visible:
            yield f"  {edit.sheet}!{edit.cell} ← {_shown(edit.content)}"  # type: ignore[arg-type]
    verb = "将改" if dry_run else "已填"
    yield f"{verb} {len(visible)} 个单元格，{len(applied.recalculated)} 个公式重新计算"
    if applied.unknown:
        yield f"{len(applied.unknown)} 个公式要由表格软件打开后计算"
    for kept in planned.kept:
        yield f"  保留 {kept.sheet}!{kept.cell} {kept.field}：现为 {_shown(kept.present)}，数据是 {_shown(kept.wanted)}"
    if planned.kept:
        yield f"有 {len(planned.kept)} 个单元格与数据不同而保留；要用数据覆盖，请加 --overwrite"


def _shown(value: Value) -> str:
    return "（空白）" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)
