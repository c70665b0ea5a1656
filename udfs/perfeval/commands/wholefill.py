"""填报 for the whole body: what its records put into 基础数据, 整体自评表 and 评分表, wherever a book has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfeval.errors import FormProblem
from perfeval.forms.body_form import BodyForm, read_body_forms
from perfeval.forms.grid import Book, Grid, Value
from perfeval.forms.grid_text import page_of
from perfeval.forms.leaves import recognised
from perfeval.forms.model import Entry
from perfeval.forms.taskblock import read_tasks
from perfeval.forms.values import in_unit
from perfeval.records import names
from perfeval.records.basedata import leaf_data, places_of_scores
from perfeval.records.into_body_forms import Converted, assessment_wishes, computed_wishes, scoring_wishes, task_wishes
from perfeval.records.into_forms import Wish, given_score, uncertain, wish
from perfeval.records.model import Body, Whole
from perfeval.standards import detailed_standard


def has_anything(whole: Whole) -> bool:
    """Whether there is anything to fill in for the whole body."""
    return bool(whole.indicators or whole.tasks or whole.data or whole.scores or whole.goal or whole.outcome)


def whole_wishes(
    book: Book, facts: Book, sheets: Sequence[str], body: Body, notes: list[str]
) -> Iterator[tuple[Grid, Wish]]:
    """Every value that the whole body's records, read from ``facts``, have for a book's 基础数据 and forms.

    Raises FormProblem where the forms cannot take them, or are several of one sort.
    """
    whole = body.whole
    if not has_anything(whole):
        return
    forms = [form for sheet in sheets for form in read_body_forms(book.grid(sheet))]
    assessment = _single([form for form in forms if not form.is_scored], names.ASSESSMENT)
    scoring = _single([form for form in forms if form.is_scored], names.SCORING)
    if names.BASE_DATA in book.sheets:
        grid = book.grid(names.BASE_DATA)
        yield from ((grid, one) for one in _base_data(book, grid, body))
    if assessment is not None:
        converted = _converter(body.unit, assessment.tasks.unit)
        grid = book.grid(assessment.sheet)
        notes.extend(f"{names.ASSESSMENT}{doubt}" for doubt in uncertain(assessment.block.rows, whole.indicators))
        yield from ((grid, one) for one in assessment_wishes(assessment, whole, body.name, converted))
    elif whole.indicators or whole.tasks:
        notes.append(f"工作簿里没有{names.ASSESSMENT}，“{names.WHOLE_BODY}”的指标和{names.TASK_LIST}没有填")
    if scoring is not None:
        grid = book.grid(scoring.sheet)
        yield from ((grid, one) for one in _scores(facts, grid, scoring, whole))
    elif whole.scores:
        notes.append(f"工作簿里没有{names.SCORING}，给定的 {len(whole.scores)} 项得分没有填")


def _scores(facts: Book, grid: Grid, form: BodyForm, whole: Whole) -> Iterator[Wish]:
    """The given scores, and in a 评分表 without formulas those that the rules give for what is known."""
    told = recognised(form.block)
    known = detailed_standard(whole.standard) if whole.standard else told and (told, told.convention)
    if not known:
        return
    yield from scoring_wishes(form, whole.scores, known[0])
    cells = [row.score.cell for row in form.block.rows if row.score.cell is not None]
    if not any(grid[cell].formula is not None for cell in cells):
        yield from computed_wishes(form, whole.scores, leaf_data(facts), *known)


def _single(forms: Sequence[BodyForm], what: str) -> BodyForm | None:
    if len(forms) > 1:
        sheets = "、".join(f"“{form.sheet}”" for form in forms)
        raise FormProblem(
            f"工作簿里有 {len(forms)} 张{what}（{sheets}），不知道填哪一张，请先删去多余的。没有写入任何内容"
        )
    return forms[0] if forms else None


def _base_data(book: Book, grid: Grid, body: Body) -> Iterator[Wish]:
    """What belongs into the cells of 基础数据; raises FormProblem for a 编码 that the sheet does not have."""
    values, scores = leaf_data(book).values, places_of_scores(book)
    for datum in body.whole.data:
        present = values.get((datum.code, datum.input))
        if present is None:
            raise FormProblem(
                f"工作表“{names.BASE_DATA}”没有编码 {datum.code}.{datum.input}：数据的整体标准与工作簿的不同，"
                "请核对后重新新建。没有写入任何内容"
            )
        yield from wish(present, datum.value, f"{datum.code}.{datum.input}")
    for one in body.whole.scores:
        if one.code in scores:
            score, reason = scores[one.code]
            yield from wish(Entry(None, score), given_score(one.score), f"“{one.code}”给定的得分")
            yield from wish(Entry(None, reason), one.reason, f"“{one.code}”的说明")
    yield from base_tasks(grid, body)


def base_tasks(grid: Grid, body: Body) -> Iterator[Wish]:
    """The 年度主要任务 for their rows on 基础数据. Raises FormProblem where the rows are too few."""
    block = read_tasks(page_of(grid), range(1, grid.bottom + 1))
    where = f"工作表“{names.BASE_DATA}”"
    yield from task_wishes(block, body.whole.tasks, where, _converter(body.unit, block.unit))


def _converter(unit: str, wanted: str) -> Converted:
    def converted(value: Value) -> Value:
        number = in_unit(value, unit, wanted or unit)
        return None if number is None else float(number)

    return converted
