"""计分: every score of any 自评表 or 评分表 recomputed beside the printed one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from perfeval.arithmetic import Scaled
from perfeval.books.opening import opened
from perfeval.collecting import uncollected
from perfeval.errors import FormProblem, Place
from perfeval.forms.assessment import Assessment, ScoredRow, assess
from perfeval.forms.grid import Address, Book, address
from perfeval.forms.leafassessment import LeafAssessment, assess_leaves, unassessed
from perfeval.forms.leaves import recognised
from perfeval.forms.model import BODY, SCORING, Form
from perfeval.forms.values import plain
from perfeval.quantities import points
from perfeval.records import names
from perfeval.records.basedata import leaf_data
from perfeval.records.reading import stated_convention, stated_whole
from perfeval.records.searching import form_grids, not_read
from perfeval.standards import (
    NATIONAL,
    DetailedStandard,
    Standard,
    any_standard,
    convention,
    detailed_standard,
    project_standard,
)


@dataclass(frozen=True, slots=True)
class Scored:
    """A form's assessment with the standard and the 口径 it was made under ("" where none is known)."""

    standard: str
    convention: str
    assessment: Assessment | LeafAssessment


class Scores(NamedTuple):
    """The forms of a file, those of projects first, and what is said of sheets that are too much to look at."""

    forms: tuple[Scored, ...]
    unread: tuple[str, ...]


@uncollected()
def score(path: Path, standard: str | None = None, data: Path | None = None) -> Scores:
    """Every form of a workbook or of a Word document.

    ``standard`` is a convention text of either sort of standard; without it the workbook's own 口径 and 整体标准 count,
    else the national standard, and for a 评分表 the one that its rows tell. ``data`` is a workbook with the 基础数据 that
    a 评分表 was scored from; without it the book's own counts. Raises FileRefused, UnknownName, or FormProblem where the
    file holds no form.
    """
    book = opened(path)
    return scores_of(book, opened(data) if data else book, standard, str(path))


def scores_of(book: Book, facts: Book, standard: str | None = None, file: str = "") -> Scores:
    """The same of a book, of which ``facts`` holds the 基础数据; ``file`` is what it is called where it holds no form."""
    chosen = any_standard(standard)[0] if standard else None
    sheets = form_grids(book)
    forms, unread = sheets.forms, not_read(sheets.leftovers)
    scored = [*_by_values(book, forms, standard if isinstance(chosen, Standard) else None)]
    scored += _by_leaves(forms, facts, standard if isinstance(chosen, DetailedStandard) else None)
    if not scored:
        told = f"没有找到自评表。表头应有“年度指标值”“实际完成值”和“分值”或“得分”；共看了 {len(sheets.grids)} 张工作表"
        raise FormProblem("；".join([told, *unread]), Place(file=file))
    return Scores(tuple(scored), tuple(unread))


def _by_values(book: Book, forms: Sequence[Form], standard: str | None) -> Iterator[Scored]:
    """The forms whose rows have values: those of projects first."""
    chosen = standard or stated_convention(book) or NATIONAL
    options = convention(chosen)
    for form in sorted((form for form in forms if form.kind != SCORING), key=lambda form: form.kind == BODY):
        yield Scored(project_standard(chosen).id, options.name, assess(form, options))


def _by_leaves(forms: Sequence[Form], facts: Book, standard: str | None) -> Iterator[Scored]:
    """The forms of points alone, by their leaves."""
    forms = [form for form in forms if form.kind == SCORING and form.is_scored]
    if not forms:
        return
    stated = standard or stated_whole(facts)
    given = leaf_data(facts)
    for form in forms:
        known = detailed_standard(stated) if stated else None
        if known is None and (told := recognised(form.rows)) is not None:
            known = told, told.convention
        if known is None:
            yield Scored("", "", unassessed(form))
        else:
            yield Scored(known[0].id, known[1].name, assess_leaves(form, *known, given))


def explain(path: Path, cell: str, standard: str | None = None, data: Path | None = None) -> ScoredRow:
    """The score in one cell (``H12`` or ``工作表!H12``), with its arithmetic.

    Raises FormProblem where the cell is no 得分 of a form, or stands on several sheets.
    """
    sheet, _, place = cell.rpartition("!")
    wanted = address(place)
    scores = score(path, standard, data)
    found = [
        (scored.assessment.form.sheet, row)
        for scored in scores.forms
        for row in scored.assessment.rows
        if row.cell == wanted and sheet.strip("'") in {"", scored.assessment.form.sheet}
    ]
    if not found:
        told = "；".join(["不是自评表里的得分，请给出“得分”一列的单元格，例如 工作表名!H12", *scores.unread])
        raise FormProblem(told, Place(file=str(path), cell=cell))
    sheets = {name for name, _ in found}
    if len(sheets) > 1:
        told = f"几张工作表都有 {place}，请写明工作表，例如 {found[0][0]}!{place}"
        raise FormProblem(told, Place(file=str(path)))
    return found[0][1]


def as_json(scored: Sequence[Scored]) -> list[dict[str, Any]]:
    """The forms as plain data; a cell carries its sheet where the file has forms on several."""
    several = len({one.assessment.form.sheet for one in scored}) > 1
    return [_form(one, several) for one in scored]


def _form(scored: Scored, several: bool) -> dict[str, Any]:
    result = scored.assessment
    form, sheet = result.form, result.form.sheet if several else ""
    is_whole = form.kind in {BODY, SCORING}
    told = {
        "sheet": form.sheet,
        "kind": "whole" if is_whole else form.kind,
        "standard": scored.standard,
        "convention": scored.convention,
        "project": names.WHOLE_BODY if is_whole else form.name.text or None,
        "unit": form.unit or None,
        "printed_total": _number(result.printed_total),
        "computed_total": _number(result.computed_total),
        "rows": [_row(row, sheet) for row in (*result.rows, *others(result))],
        "problems": list(form.problems),
    }
    if isinstance(result, LeafAssessment):
        told |= {"printed_grade": result.printed_grade or None, "computed_grade": result.computed_grade or None}
        told["problems"] += result.notes
    return told


def others(result: Assessment | LeafAssessment) -> Iterator[ScoredRow]:
    """The rows that were read and are not scored: 预算执行率 of a form without points for it, rows that only sum their parts."""
    form, funds = result.form, result.form.execution
    if isinstance(result, LeafAssessment):
        return
    if funds is not None and not any(row.is_execution for row in result.rows):
        values = (funds.budget if funds.budget.text else funds.initial).value, funds.executed.value
        told = "表中没有预算执行率的分值"
        yield ScoredRow(None, "预算执行率", *values, None, None, None, None, told, is_execution=True)
    listed = {row.cell for row in result.rows}
    for row in form.rows:
        if form.states(row) and row.score.cell is not None and row.score.cell not in listed:
            values = row.target.value, row.actual.value
            numbers = points(row.weight.value), points(row.score.value)
            yield ScoredRow(
                row.score.cell, row.name.text, *values, *numbers, None, None, "上级行，分值和得分在下级各行"
            )


def _row(row: ScoredRow, sheet: str) -> dict[str, Any]:
    return {
        "cell": _cell(row.cell, sheet),
        "name": row.name,
        "target": plain(row.target),
        "actual": plain(row.actual),
        "weight": _number(row.weight),
        "printed": _number(row.printed),
        "computed": _number(row.computed),
        "explanation": row.explanation,
    }


def _cell(cell: Address | None, sheet: str) -> str | None:
    if cell is None:
        return None
    return f"{sheet}!{cell}" if sheet else str(cell)


def _number(value: Scaled | None) -> float | None:
    return None if value is None else float(value)


def as_text(scored: Sequence[Scored]) -> Iterator[str]:
    """The forms for a person: totals, and every row that differs or could not be scored, with its reason.

    Of a 评分表 every leaf, as it is read leaf by leaf.
    """
    for one in scored:
        result = one.assessment
        form = result.form
        yield f"【{form.sheet}】{form.title if form.kind in {BODY, SCORING} else form.name.text}"
        yield f"  标准：{one.standard or '没有认出'}" + (f"（口径 {one.convention}）" if one.convention else "")
        printed, computed = _shown(result.printed_total), _shown(result.computed_total)
        if isinstance(result, LeafAssessment):
            printed, computed = (
                f"{printed} {result.printed_grade}".rstrip(),
                f"{computed} {result.computed_grade}".rstrip(),
            )
        has_points = result.printed_total is not None or any(row.is_scored for row in result.rows)
        yield f"  表中总分 {printed}，测算总分 {computed}" if has_points else "  没有分值和得分，不计总分"
        for row in result.rows:
            if row.differs:
                yield f"  × {row.cell} {row.name}：表中 {row.printed}，测算 {row.computed}。{row.explanation}"
            elif row.computed is None and row.weight is not None and row.weight.units and row.applies:
                yield f"  · {row.cell} {row.name}：{row.explanation}"
            elif isinstance(result, LeafAssessment):
                yield f"  {'=' if row.printed is not None else '·'} {row.cell} {row.name}：{row.explanation}"
        for problem in (*form.problems, *(result.notes if isinstance(result, LeafAssessment) else ())):
            yield f"  ! {problem}"


def _shown(value: Scaled | None) -> str:
    return "（缺）" if value is None else str(value)
