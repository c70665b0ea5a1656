"""Reads one file into the rows of a roll-up: its 自评表 of any layout, their findings, or its tables of amounts.

It runs in worker processes, so it takes and gives plain values only, and nothing a file holds can stop the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from perfeval.arithmetic import Scaled, aligned, subtract
from perfeval.books.documents import Document
from perfeval.books.opening import opened
from perfeval.checks import review
from perfeval.checks.context import Context
from perfeval.collecting import uncollected
from perfeval.errors import FormProblem, InvalidValue, PerfEvalError, unforeseen
from perfeval.filenames import shown
from perfeval.findings import Finding
from perfeval.forms import labels, model
from perfeval.forms.assessment import Assessment, ScoredRow
from perfeval.forms.filled import Filling
from perfeval.forms.grid import Book
from perfeval.forms.headings import report_title, year_of
from perfeval.forms.model import Entry, Form
from perfeval.forms.values import pair_of
from perfeval.quantities import Quantity, comparable, points
from perfeval.records import names
from perfeval.records.reading import read_basics, year_in
from perfeval.records.searching import not_read
from perfeval.rollup.amounts import amount_rows
from perfeval.rollup.areas import said_by
from perfeval.rollup.money import Money, alike, money
from perfeval.rollup.rows import FileRow, FindingRow, FormRow, IndicatorRow, Reading
from perfeval.rollup.twins import amounts_of
from perfeval.scoring import grade
from perfeval.standards import DetailedStandard, adopted, any_standard
from perfeval.targets import Threshold

Place = tuple[str, int]
"""A form: the file's path, and the form's place in it."""

_REPORT = "这是自评报告（“{}”），其中的表不计入；只有报告的，请把其中的自评表另存为一个文件"
_FOREIGN = "没有找到自评表，也没有预决算表；如是自评表，表头应有“年度指标值”“实际完成值”和“分值”或“得分”"


def read_files(root: str, names_: Sequence[str], standard: str) -> list[Reading]:
    """The rows of several files below ``root``. A file that cannot be read is a row that says why; nothing is raised."""
    known = adopted(standard)
    return [read_file(Path(root), name, known) for name in names_]


@uncollected()
def read_file(root: Path, name: str, standard: str) -> Reading:
    """The rows of one file; ``standard`` as in ``commands.score``, "" for the workbook's own."""
    path = shown(name)
    digest = ""
    try:
        book = opened(root / name)
        digest = book.digest
        if isinstance(book, Document) and (title := report_title(one.text for one in book.paragraphs)):
            raise FormProblem(_REPORT.format(title[1]))
        return read_book(book, FileRow(path, digest, ""), standard)
    except PerfEvalError as error:
        refusal = error.within_file
    except OSError:
        refusal, digest = "文件打不开；请检查是否有读取权限，或是否正被其他程序占用", ""
    except Exception as error:  # a fault of ours in one file must not cost the other thousands
        refusal, digest = unforeseen(error), ""
    return Reading(FileRow(path, digest, refusal))


def read_book(book: Book, file: FileRow, standard: str) -> Reading:
    """The rows of a workbook, on disk or live. Raises FormProblem where it holds none, FileRefused where it cannot be read."""
    of_bodies = standard and isinstance(any_standard(standard)[0], DetailedStandard)
    context = Context.of(book, None if of_bodies else standard)
    basics = read_basics(book) if context.is_ours else {}
    stated = year_of(one.text for one in book.paragraphs) if isinstance(book, Document) else year_in(basics)
    forms: list[FormRow] = []
    indicators: list[IndicatorRow] = []
    for place, one in enumerate((*context.projects, *context.body_forms)):
        at = (file.path, place)
        if isinstance(one, Assessment):
            form, rows = _project(at, one, context)
        else:
            form, rows = _body(at, one, standard if of_bodies else "", context)
        owner = form.body or basics.get(names.BODY_NAME, "") or form.department
        forms.append(_keyed(form._replace(body=owner, year=form.year or stated)))
        indicators += rows
    amounts = tuple(amount_rows(file.path, context.tables)) if not forms else ()
    if not forms and not amounts:
        raise FormProblem("；".join(not_read(context.leftovers)) or _FOREIGN)
    findings = tuple(_finding(file.path, one, forms) for one in review(context)) if forms else ()
    return Reading(file, tuple(forms), tuple(indicators), findings, amounts)


def _keyed(form: FormRow) -> FormRow:
    """The form with what tells it again in another file; "" where body or project is not named."""
    what, owner = labels.key(form.project), labels.key(form.body)
    return form._replace(key=f"{form.year or ''}|{owner}|{what}" if what and owner else "")


# --- a project's form ---


def _project(at: Place, result: Assessment, context: Context) -> tuple[FormRow, list[IndicatorRow]]:
    form = result.form
    total = result.printed_total
    amounts, half, trouble = _funds(form)
    row = FormRow(
        *at,
        sheet=form.sheet,
        kind=model.PROJECT if form.kind in model.OF_ONE else model.BODY,
        department=form.department.text,
        body=form.implementer.text,
        project=form.name.text,
        year=form.year,
        standard=context.standard.id,
        unit=form.unit,
        initial=amounts["initial"],
        budget=amounts["budget"],
        executed=amounts["executed"],
        half=half,
        total=_text(total),
        computed=_text(result.computed_total),
        grade=_grade(total, context),
        money_trouble=trouble,
        amounts=amounts_of(form),
        blank=_blank(form, context),
        key="",
        transfer=said_by(form),
    )
    printed = {entry.score.cell: entry for entry in form.rows}
    return row, [
        _indicator(at, scored, printed.get(scored.cell) if scored.cell else None)
        for scored in result.rows
        if scored.is_scored
    ]


def _funds(form: Form) -> tuple[dict[str, int | None], int, str]:
    """年初预算数, 全年预算数 and 全年执行数 in 分, their half, and why they cannot be added ("" if they can)."""
    found: dict[str, Money] = {}
    trouble = "" if form.execution else "没有找到“全年预算数、全年执行数”"
    for field, what in (("initial", "年初预算数"), ("budget", "全年预算数"), ("executed", "全年执行数")):
        entry = getattr(form.execution, field, model.ABSENT)
        if form.execution is None or (field == "initial" and not entry.text.strip("—-/")):
            continue
        try:
            found[field] = money(entry, form.unit, what)
        except InvalidValue as error:
            trouble = trouble or error.reason
    money_rows = dict(zip(found, alike(found.values()), strict=True))
    half = next((one.half for one in money_rows.values()), 0)
    fen = {field: money_rows[field].fen if field in money_rows else None for field in ("initial", "budget", "executed")}
    return fen, half, trouble


def _indicator(at: Place, scored: ScoredRow, printed: model.IndicatorRow | None) -> IndicatorRow:
    bound, unit, wanted, reached = _measures(printed)
    return IndicatorRow(
        *at,
        cell=str(scored.cell or ""),
        level1=printed.level1 if printed else scored.name,
        level2=printed.level2 if printed else scored.name,
        name=scored.name,
        target=Entry(scored.target).text,
        actual=Entry(scored.actual).text,
        weight=_text(scored.weight),
        score=_text(scored.printed),
        computed=_text(scored.computed),
        lost=_lost(scored.weight, scored.printed) if scored.applies else "",
        reason=printed.reason.text if printed else "",
        bound=bound,
        unit=unit,
        wanted=wanted,
        reached=reached,
    )


def _measures(row: model.IndicatorRow | None) -> tuple[str, str, str, str]:
    """The bound, the unit, 指标值 and 完成值 as numbers, where both are one measure of one unit; blanks otherwise."""
    nothing = ("", "", "", "")
    if row is None:
        return nothing
    try:
        target, actual = pair_of(row)
    except InvalidValue:
        return nothing
    if not isinstance(target, Threshold) or not isinstance(actual, Quantity) or target.approximate:
        return nothing
    if comparable(target.quantity, actual) or target.quantity.trend or actual.trend:
        return nothing
    unit = target.quantity.unit or actual.unit
    return "≤" if target.upper else "≥", unit, str(target.quantity.number), str(actual.number)


# --- a whole body's form ---


def _body(at: Place, form: Form, standard: str, context: Context) -> tuple[FormRow, list[IndicatorRow]]:
    total = points(form.total_score.value)
    row = FormRow(
        *at,
        sheet=form.sheet,
        kind="body",
        department="",
        body=form.body.text,
        project=form.title,
        year=form.year,
        standard=standard,
        unit="",
        initial=None,
        budget=None,
        executed=None,
        half=0,
        total=_text(total),
        computed="",
        grade=form.grade.text or _grade(total, context),
        money_trouble="",
        amounts=amounts_of(form),
        blank=_blank(form, context),
        key="",
        transfer=said_by(form),
    )
    return row, [
        IndicatorRow(
            *at,
            cell=str(one.score.cell or ""),
            level1=one.level1,
            level2=one.level2,
            name=one.name.text,
            target=one.target.text,
            actual=one.actual.text,
            weight=_text(points(one.weight.value)),
            score=_text(points(one.score.value)),
            computed="",
            lost=_lost(points(one.weight.value), points(one.score.value)),
            reason="",
            bound="",
            unit="",
            wanted="",
            reached="",
        )
        for one in form.rows
        if one.weight.text
    ]


# --- what both have ---


def _blank(form: Form, context: Context) -> int:
    """As ``FormRow.blank``."""
    state = context.filling(form)
    return 0 if state is Filling.ANSWERED else 1 if state.is_missing else 2


def _grade(total: Scaled | None, context: Context) -> str:
    if total is None:
        return ""
    try:
        return grade(total, context.standard, context.convention)
    except InvalidValue:
        return ""


def _lost(weight: Scaled | None, score: Scaled | None) -> str:
    """分值 less 得分; "" where either is missing. A score above the weight loses nothing (复核 names it)."""
    if weight is None or score is None:
        return ""
    full, given = aligned(weight, score)
    return str(subtract(weight, score)) if given < full else "0"


def _text(number: Scaled | None) -> str:
    return "" if number is None else str(number)


def _finding(path: str, found: Finding, forms: Sequence[FormRow]) -> FindingRow:
    """A finding, with the form of its sheet (that of the file's first where it stands elsewhere)."""
    place = next((form.place for form in forms if form.sheet == found.sheet), 0)
    return FindingRow(path, place, found.sheet, found.cell, found.kind.code, str(found.level), found.message)
