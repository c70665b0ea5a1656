"""What the whole body's records put into its forms: 年度主要任务, goal and indicators, and the 得分 that a person gave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from perfeval.arithmetic import Scaled, add
from perfeval.conventions import DetailedConvention
from perfeval.errors import FormProblem
from perfeval.forms import labels
from perfeval.forms.body_form import BodyForm
from perfeval.forms.grid import Value
from perfeval.forms.leafassessment import LeafData, assess_leaves
from perfeval.forms.leaves import leaves_of
from perfeval.forms.levels import LevelRow
from perfeval.forms.taskblock import MoneyCells, TaskBlock, TaskRow
from perfeval.quantities import points
from perfeval.records.into_forms import Wish, given_score, placed, wish
from perfeval.records.model import SHARED, GivenScore, Indicator, Money, Task, Whole
from perfeval.scoring import grade
from perfeval.standards import DetailedStandard

Converted = Callable[[Value], Value]
"""An amount of the records in a form's unit."""


def assessment_wishes(form: BodyForm, whole: Whole, body: str, converted: Converted) -> Iterator[Wish]:
    """Every value that the records have for a 整体自评表. Raises FormProblem where it has too few rows."""
    if form.body.value is None:
        yield from wish(form.body, body, "部门名称")
    yield from wish(form.goal, whole.goal, "预期目标")
    yield from wish(form.outcome, whole.outcome, "目标实际完成情况")
    yield from task_wishes(form.tasks, whole.tasks, f"工作表“{form.sheet}”", converted)
    for row, indicator in placed(form.block.rows, whole.indicators, f"工作表“{form.sheet}”"):
        yield from _indicator(row, indicator)


def scoring_wishes(form: BodyForm, scores: Sequence[GivenScore], standard: DetailedStandard) -> Iterator[Wish]:
    """The 得分 that a person gave, for a 评分表 of this standard."""
    given = {one.code: one.score for one in scores}
    for row, leaf in leaves_of(form.block, standard):
        if leaf is not None:
            score = given_score(given.get(leaf.code))
            yield from wish(row.score, score, f"“{leaf.name}”的得分", given=True)


def computed_wishes(
    form: BodyForm,
    scores: Sequence[GivenScore],
    data: LeafData,
    standard: DetailedStandard,
    convention: DetailedConvention,
) -> Iterator[Wish]:
    """What an official blank 评分表 cannot compute itself: the leaves' scores, and once all are there total and grade."""
    given = {one.code: given_score(one.score) for one in scores if one.score is not None}
    rows = assess_leaves(form, standard, convention, data).rows
    final: list[Scaled | None] = []
    for row, (_, leaf) in zip(rows, leaves_of(form.block, standard), strict=True):
        said = points(given.get(leaf.code)) if leaf is not None else None
        if said is None and row.computed is not None and row.cell is not None and row.printed is None:
            yield Wish(row.cell, float(row.computed), f"“{row.name}”的测算得分")
        final.append(next((one for one in (said, row.printed, row.computed) if one is not None), None))
    known = [one for one in final if one is not None]
    if len(known) == len(final) and form.block.total_score.cell is not None:
        total = add(known)
        yield Wish(form.block.total_score.cell, float(total), "总分")
        if form.block.grade.cell is not None:
            yield Wish(form.block.grade.cell, grade(total, standard, convention), "等级")


def task_wishes(block: TaskBlock, tasks: Sequence[Task], where: str, converted: Converted) -> Iterator[Wish]:
    """The tasks, each in the row of its name, otherwise in the next row without one.

    A form that has no block of tasks gets none. Raises FormProblem, naming ``where``, for those without a row.
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
        raise FormProblem(
            f"{where}：放不下 {len(unplaced)} 项任务（{'、'.join(unplaced[:5])}），请先在表格软件里插入任务行"
        )


def _task(row: TaskRow, task: Task, converted: Converted) -> Iterator[Wish]:
    yield from wish(row.name, task.name, "任务名称")
    yield from wish(row.content, task.content, f"任务“{task.name}”的主要内容")
    yield from wish(row.outcome, task.outcome, f"任务“{task.name}”的完成情况")
    for cells, money, what in ((row.budget, task.budget, "预算数"), (row.executed, task.executed, "执行数")):
        yield from _money(cells, money, f"任务“{task.name}”的{what}", converted)


def _money(cells: MoneyCells, money: Money, field: str, converted: Converted) -> Iterator[Wish]:
    yield from wish(cells.total, converted(money.total), field)
    yield from wish(cells.fiscal, converted(money.fiscal), f"{field}（财政拨款）")
    yield from wish(cells.other, converted(money.other), f"{field}（其他资金）")


def _indicator(row: LevelRow, indicator: Indicator) -> Iterator[Wish]:
    name = indicator.name or row.name.text
    yield from wish(row.name, indicator.name, "三级指标")
    yield from wish(row.target, indicator.target, f"“{name}”的指标值")
    yield from wish(row.actual, indicator.actual, f"“{name}”的完成值")
    if indicator.weight != SHARED:
        yield from wish(row.weight, given_score(indicator.weight), f"“{name}”的分值")
        yield from wish(row.score, given_score(indicator.score), f"“{name}”的得分", given=True)
