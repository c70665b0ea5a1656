"""What the whole body's records put into 基础数据, 整体自评表 and 评分表, wherever a book has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfeval.arithmetic import Scaled, add
from perfeval.conventions import DetailedConvention
from perfeval.errors import FormProblem, Place
from perfeval.forms import labels
from perfeval.forms.grid import Book, Grid, Value
from perfeval.forms.grid_text import page_of
from perfeval.forms.leafassessment import LeafData, assess_leaves
from perfeval.forms.leaves import leaves_of, recognised
from perfeval.forms.model import SCORING, Entry, Form
from perfeval.forms.taskblock import MoneyCells, TaskBlock, TaskRow, read_tasks
from perfeval.forms.values import in_unit
from perfeval.quantities import points
from perfeval.records import names
from perfeval.records.basedata import leaf_data, places_of_scores
from perfeval.records.into_forms import (
    Converted,
    Wish,
    amounts_of,
    given_score,
    indicator_wishes,
    money_wishes,
    money_without_place,
    placed,
    points_without_place,
    uncertain,
    wish,
)
from perfeval.records.model import Body, GivenScore, Money, Task, Whole
from perfeval.records.reading import read_basics
from perfeval.records.units import in_unit_of
from perfeval.scoring import grade
from perfeval.standards import DetailedStandard, detailed_standard


def has_anything(whole: Whole) -> bool:
    """Whether there is anything to fill in for the whole body."""
    own = (whole.indicators, whole.tasks, whole.data, whole.scores, whole.funds, whole.goal, whole.outcome)
    return any(own)


def whole_wishes(
    book: Book, facts: Book, forms: Sequence[Form], body: Body, notes: list[str]
) -> Iterator[tuple[Grid, Wish]]:
    """Every value that the whole body's records, read from ``facts``, have for a book's 基础数据 and its ``forms`` of the whole body.

    Raises FormProblem where the forms cannot take them, or are several of one sort.
    """
    whole = body.whole
    if not has_anything(whole):
        return
    assessment = _single([form for form in forms if form.kind != SCORING], names.ASSESSMENT)
    scoring = _single([form for form in forms if form.kind == SCORING], names.SCORING)
    if names.BASE_DATA in book.sheets:
        grid = book.grid(names.BASE_DATA)
        unit = read_basics(book).get(names.UNIT, "")
        own = in_unit_of(body, unit) if unit in names.UNITS else body
        yield from ((grid, one) for one in _base_data(book, grid, own))
    if assessment is not None:
        grid = book.grid(assessment.sheet)
        notes.extend(f"{names.ASSESSMENT}{doubt}" for doubt in uncertain(assessment.rows, whole.indicators))
        yield from ((grid, one) for one in assessment_wishes(assessment, body))
        amounts = amounts_of(whole.funds, _converter(body.unit, assessment.unit))
        money = money_without_place(assessment, amounts)
        homeless = money + points_without_place(assessment, whole)
        if homeless:
            instead = f"；这张表的金额请填在“{names.BASE_DATA}”的{names.TASK_LIST}里" if money else ""
            notes.append(
                f"{names.ASSESSMENT}没有这些栏，“{names.WHOLE_BODY}”的数据没有填：{'、'.join(homeless)}{instead}"
            )
        yield from ((grid, one) for one in money_wishes(assessment, whole, amounts))
    elif whole.indicators or whole.tasks or whole.funds:
        notes.append(f"工作簿里没有{names.ASSESSMENT}，“{names.WHOLE_BODY}”的指标、资金和{names.TASK_LIST}没有填")
    if scoring is not None:
        grid = book.grid(scoring.sheet)
        yield from ((grid, one) for one in _scores(facts, grid, scoring, whole))
    elif whole.scores:
        notes.append(f"工作簿里没有{names.SCORING}，给定的 {len(whole.scores)} 项得分没有填")


def _scores(facts: Book, grid: Grid, form: Form, whole: Whole) -> Iterator[Wish]:
    """The given scores, and in a 评分表 without formulas those that the rules give for what is known."""
    told = recognised(form.rows)
    known = detailed_standard(whole.standard) if whole.standard else told and (told, told.convention)
    if not known:
        return
    yield from scoring_wishes(form, whole.scores, known[0])
    cells = [row.score.cell for row in form.rows if row.score.cell is not None]
    if not any(grid[cell].formula is not None for cell in cells):
        yield from computed_wishes(form, whole.scores, leaf_data(facts), *known)


def _single(forms: Sequence[Form], what: str) -> Form | None:
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
                f"没有编码 {datum.code}.{datum.input}，数据的整体标准与工作簿的不同；请核对后重新新建。没有写入任何内容",
                Place(sheet=names.BASE_DATA),
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
    place = Place(sheet=names.BASE_DATA)
    yield from task_wishes(block, body.whole.tasks, place, _converter(body.unit, block.unit))


def _converter(unit: str, wanted: str) -> Converted:
    def converted(value: Value) -> Value:
        number = in_unit(value, unit, wanted or unit)
        return None if number is None else float(number)

    return converted


def assessment_wishes(form: Form, body: Body) -> Iterator[Wish]:
    """What the records have for a 整体自评表 but for its funds. Raises FormProblem where it has too few rows."""
    whole = body.whole
    if form.body.value in (None, ""):
        yield from wish(form.body, body.name, "部门名称")
    yield from wish(form.goal, whole.goal, "预期目标")
    yield from wish(form.outcome, whole.outcome, "目标实际完成情况")
    converted = _converter(body.unit, form.tasks.unit)
    yield from task_wishes(form.tasks, whole.tasks, Place(sheet=form.sheet), converted)
    for row, indicator in placed(form.rows, whole.indicators, Place(sheet=form.sheet)):
        yield from indicator_wishes(row, indicator)


def scoring_wishes(form: Form, scores: Sequence[GivenScore], standard: DetailedStandard) -> Iterator[Wish]:
    """The 得分 that a person gave, for a 评分表 of this standard."""
    given = {one.code: one.score for one in scores}
    for row, leaf in leaves_of(form.rows, standard):
        if leaf is not None:
            score = given_score(given.get(leaf.code))
            yield from wish(row.score, score, f"“{leaf.name}”的得分", given=True)


def computed_wishes(
    form: Form,
    scores: Sequence[GivenScore],
    data: LeafData,
    standard: DetailedStandard,
    convention: DetailedConvention,
) -> Iterator[Wish]:
    """What an official blank 评分表 cannot compute itself: the leaves' scores, and once all are there total and grade."""
    given = {one.code: given_score(one.score) for one in scores if one.score is not None}
    rows = assess_leaves(form, standard, convention, data).rows
    final: list[Scaled | None] = []
    for row, (_, leaf) in zip(rows, leaves_of(form.rows, standard), strict=True):
        said = points(given.get(leaf.code)) if leaf is not None else None
        if said is None and row.computed is not None and row.cell is not None and row.printed is None:
            yield Wish(row.cell, float(row.computed), f"“{row.name}”的测算得分")
        final.append(next((one for one in (said, row.printed, row.computed) if one is not None), None))
    known = [one for one in final if one is not None]
    if len(known) == len(final) and form.total_score.cell is not None:
        total = add(known)
        yield Wish(form.total_score.cell, float(total), "总分")
        if form.grade.cell is not None:
            yield Wish(form.grade.cell, grade(total, standard, convention), "等级")


def task_wishes(block: TaskBlock, tasks: Sequence[Task], place: Place, converted: Converted) -> Iterator[Wish]:
    """The tasks, each in the row of its name, otherwise in the next row without one.

    A form that has no block of tasks gets none. Raises FormProblem, at ``place``, for those without a row.
    """
    if not block.taken:
        return
    free = [row for row in block.rows if not row.name.text]
    by_name = {labels.key(row.name.text): row for row in block.rows if row.name.text}
    unplaced = []
    for task in tasks:
        row = by_name.get(labels.key(task.name)) or (free.pop(0) if free else None)
        if row is None:
            unplaced.append(task.name)
        else:
            yield from _task(row, task, converted)
    if unplaced:
        told = f"放不下 {len(unplaced)} 项任务（{'、'.join(unplaced[:5])}），请先在表格软件里插入任务行"
        raise FormProblem(told, place)


def _task(row: TaskRow, task: Task, converted: Converted) -> Iterator[Wish]:
    yield from wish(row.name, task.name, "任务名称")
    yield from wish(row.content, task.content, f"任务“{task.name}”的主要内容")
    yield from wish(row.outcome, task.outcome, f"任务“{task.name}”的完成情况")
    for cells, money, what in ((row.budget, task.budget, "预算数"), (row.executed, task.executed, "执行数")):
        yield from _money(cells, money, f"任务“{task.name}”的{what}", converted)


def _money(cells: MoneyCells, money: Money, field: str, converted: Converted) -> Iterator[Wish]:
    yield from wish(cells.total, converted(money.total), field, money=True)
    yield from wish(cells.fiscal, converted(money.fiscal), f"{field}（财政拨款）", money=True)
    yield from wish(cells.other, converted(money.other), f"{field}（其他资金）", money=True)
