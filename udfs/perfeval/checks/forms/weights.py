"""The weights of a form: do they sum to what it says, do levels agree with their rows, is anything weighted that should not be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from perfeval.arithmetic import Scaled, add, aligned
from perfeval.checks.forms.form import FormReview
from perfeval.checks.forms.leaves import FAULTY_TEMPLATE
from perfeval.findings import Finding, Level, declare
from perfeval.forms.grid import Address
from perfeval.forms.model import PROJECT, SCORING, Entry, IndicatorRow
from perfeval.forms.values import same
from perfeval.quantities import points
from perfeval.records.model import OWN_WEIGHTS
from perfeval.standards import Group

WEIGHTS_NOT_100 = declare(
    "R01",
    Level.ERROR,
    "分值合计不是 100",
    "核对每一行的分值，末级指标加预算执行率应合计 100",
    "各行分值合计 {sum}{missing}，应为 {due}{stated}",
)
_UNLIKE_TOTAL = WEIGHTS_NOT_100.says("各行分值合计 {sum}，合计一行却是 {printed}")
_UNLIKE_BLOCK = WEIGHTS_NOT_100.says("表中写明这些指标共 {stated} 分，各行分值合计 {sum}")
LEVEL_WEIGHTS = declare(
    "R02",
    Level.ERROR,
    "一级、二级分值不等于下级之和",
    "核对下级各行的分值，或改正上级的分值",
    "“{level}”标明 {stated} 分，下级各行合计 {sum} 分",
)
COUNTED_TWICE = declare(
    "R41",
    Level.WARNING,
    "上下级或合并的分值重复计分",
    "只给末级指标分值，合用的分开写",
    "“{name}”是下级各行的合计，又计入了总分",
    formerly="R24",
)
_SHARED = COUNTED_TWICE.says("{count} 个指标合用 {weight} 分，各占几分看不出来")
_UNLIKE_TOTAL_OF_LEVEL = LEVEL_WEIGHTS.says("合计一行里{level}的分值是 {printed}，上面各项合计 {sum}")
_UNLIKE_STANDARD = FAULTY_TEMPLATE.says("“{level}”共 {sum} 分，{whose}是 {due} 分")
_UNLIKE_EXECUTION = FAULTY_TEMPLATE.says("预算执行率 {weight} 分，{whose}是 {due} 分")

_FULL = Scaled(100, 0)
_LEVEL_NAMES = {"level1": "一级指标", "level2": "二级指标"}


def check(review: FormReview) -> Iterator[Finding]:
    """Everything to be said of the weights of a form."""
    yield from _sum(review)
    yield from _levels(review)
    yield from _totals_of_levels(review)
    yield from _shared(review)
    yield from _template(review)


def _sum(review: FormReview) -> Iterator[Finding]:
    """分值 of 预算执行率 and of the lowest indicators, beside what the form says that they are together."""
    yield from _blocks(review)
    weights = [row.weight for row in review.assessment.rows if row.weight is not None]
    if not any(row.weight is not None for row in review.indicators) or _lacks_weights(review):
        return
    total, entry = add(weights), review.form.total_weight
    printed, claimed = points(entry.value), _claimed(review)
    if review.form.is_continued or (claimed is not None and _leaves_room_for_execution(review, total, claimed)):
        return
    cells = (row.weight.cell or row.score.cell for row in review.form.rows)
    at = entry if entry.cell else next((cell for cell in cells if cell), None)
    unlike = [whole for whole in (claimed, printed) if whole is not None and not same(whole, total)]
    if any(review.may_be_unread(whole, total) for whole in unlike):
        return
    if claimed is not None and not same(total, claimed):
        missing = "" if review.execution or review.form.kind == SCORING else "（表中没有预算执行率的分值）"
        stated = f"，表中印的是 {printed}" if printed is not None and not same(printed, total) else ""
        said = WEIGHTS_NOT_100.of(sum=total, missing=missing, due=claimed, stated=stated)
        yield review.found(said, at, claimed, total)
    elif printed is not None and not same(printed, total):
        yield review.found(_UNLIKE_TOTAL.of(sum=total, printed=printed), at, total, printed)


def _leaves_room_for_execution(review: FormReview, sum_of_rows: Scaled, claimed: Scaled) -> bool:
    """Whether 预算执行率 is scored, no 分值 is printed for it, and its 得分 fits into what the rows leave of the whole."""
    execution = review.execution
    if execution is None or execution.weight is not None or execution.printed is None:
        return False
    used, due = aligned(add([sum_of_rows, execution.printed]), claimed)
    return execution.printed.units > 0 and used <= due


def _lacks_weights(review: FormReview) -> bool:
    """Whether some rows have no points, or print none, so that no sum can be told; a blank 分值 of a 自评表 is a fault by itself."""
    rows = [row for row in review.form.rows if review.form.states(row)]
    prints_none = any(row.weight.cell is None and not row.weight.text for row in rows)
    return prints_none or (review.form.kind == SCORING and any(row.weight is None for row in review.indicators))


def _claimed(review: FormReview) -> Scaled | None:
    """What the form says that all points are together: 100 by its total, or by the points of its levels. None: it says nothing,
    or only what a part of it has (80分)."""
    form = review.form
    printed = points(form.total_weight.value)
    if printed is not None and same(printed, _FULL):
        return _FULL
    if form.kind == SCORING:
        tops = [points(entry.value) for (_, level2), entry in form.points.items() if not level2]
        known = [top for top in tops if top is not None]
        return _FULL if printed is None and len(known) > 1 and same(add(known), _FULL) else None
    is_whole = not any(block.whole.text for block in form.blocks) and form.total_score.cell is not None
    return _FULL if is_whole else None


def _blocks(review: FormReview) -> Iterator[Finding]:
    """The points that a form states for a block (项目绩效指标（80分）) beside those of its rows."""
    for block in review.form.blocks:
        stated = points(block.whole.value)
        rows = [row for row in block.rows if not review.form.is_execution(row)]
        heads = {
            row.weight.cell or row.row: points(row.weight.value) for row in rows
        }  # one weight over several rows once
        weights = [weight for weight in heads.values() if weight is not None]
        if stated is not None and weights and not same(add(weights), stated):
            said = _UNLIKE_BLOCK.of(stated=stated, sum=add(weights))
            yield review.found(said, block.whole, stated, add(weights))


def _levels(review: FormReview) -> Iterator[Finding]:
    """The points printed for a level (产出指标（50分）) beside the sum of its rows; 预算执行率 may be counted in a 一级指标 or not."""
    if not review.form.points or _lacks_weights(review):
        return
    sums, with_execution = _by_level(review), _by_level(review, with_execution=True)
    for (level1, level2), label in review.form.points.items():
        stated, total = points(label.value), with_execution.get((level1, level2))
        if stated is None or total is None:
            continue
        if not same(stated, total) and not same(stated, sums.get((level1, level2), total)):
            said = LEVEL_WEIGHTS.of(level=level2 or level1, stated=stated, sum=total)
            yield review.found(said, label, stated, total)


def _totals_of_levels(review: FormReview) -> Iterator[Finding]:
    """What the total's row prints for the points of 一级 or of 二级指标 beside their sum."""
    for block in review.form.blocks:
        for one in block.subtotals:
            printed = points(one.weight.value)
            if not one.level or printed is None:
                continue
            stated = [
                points(entry.value)
                for (_, level2), entry in block.points.items()
                if bool(level2) == (one.level == "level2")
            ]
            known = [number for number in stated if number is not None]
            if known and len(known) == len(stated) and not same(add(known), printed):
                said = _UNLIKE_TOTAL_OF_LEVEL.of(level=_LEVEL_NAMES[one.level], printed=printed, sum=add(known))
                yield review.found(said, one.weight, add(known), printed)


def _by_level(review: FormReview, *, with_execution: bool = False) -> dict[tuple[str, str], Scaled]:
    """The weights of the scored rows, summed by 一级 and by 一级 and 二级指标; 预算执行率 may be printed among them."""
    scored = {row.cell for row in review.indicators if row.cell}
    weights: dict[tuple[str, str], list[Scaled]] = defaultdict(list)
    for head, *_ in review.form.groups():
        weight = points(head.weight.value)
        is_own = head.score.cell is None or head.score.cell in scored
        is_counted = with_execution if review.form.is_execution(head) else is_own
        if weight is not None and is_counted:
            weights[head.level1, ""].append(weight)
            if head.level2:
                weights[head.level1, head.level2].append(weight)
    return {level: add(parts) for level, parts in weights.items()}


def _shared(review: FormReview) -> Iterator[Finding]:
    """One weight over several indicators, and levels that are scored beside their own rows."""
    for group in review.form.groups():
        weight = points(group[0].weight.value)
        named = [row for row in group if row.name.text or row.target.text]
        if len(named) > 1 and weight is not None and weight.units:
            said = _SHARED.of(count=len(named), weight=weight)
            yield review.found(said, group[0].weight, "每个指标各有分值", weight)
    yield from _counted_parents(review)


def _counted_parents(review: FormReview) -> Iterator[Finding]:
    """Rows that only sum the rows below them, and were added into the total once more."""
    total = review.assessment.printed_total
    parents = _parents(review)
    leaves = [row.printed for row in review.assessment.rows if row.printed is not None]
    given = [score for parent in parents if (score := points(parent.score.value)) is not None]
    if total is None or not given or same(add(leaves), total) or not same(add([*leaves, *given]), total):
        return
    for parent in parents:
        said = COUNTED_TWICE.of(name=parent.name.text or parent.kind)
        yield review.found(said, parent.score, "只计末级", parent.score.text)


def _parents(review: FormReview) -> list[IndicatorRow]:
    scored: set[Address] = {row.cell for row in review.assessment.rows if row.cell}
    return [
        row
        for row in review.form.rows
        if row.score.cell and row.score.cell not in scored and row.score.text and not review.form.is_execution(row)
    ]


def _template(review: FormReview) -> Iterator[Finding]:
    """The weights of the groups beside those of a standard that was named."""
    if not review.context.is_stated or review.form.kind != PROJECT:
        return
    sums = _by_level(review)
    for group in review.context.standard.groups:
        total = sums.get((group.name, ""))
        if total is not None and not same(total, group.weight):
            first = next(row for row in review.form.rows if row.level1 == group.name)
            said = _UNLIKE_STANDARD.of(level=group.name, sum=total, due=group.weight, whose=_whose(group))
            yield review.found(said, first.weight, group.weight, total, group.source)
    yield from _execution_weight(review)


def _execution_weight(review: FormReview) -> Iterator[Finding]:
    standard, row = review.context.standard.execution, review.execution
    if row is None or row.weight is None or same(row.weight, standard.weight):
        return
    entry: Entry | Address | None = review.form.execution.weight if review.form.execution else None
    at = entry if isinstance(entry, Entry) and entry.cell else row.cell
    said = _UNLIKE_EXECUTION.of(weight=row.weight, due=standard.weight, whose=_whose(standard))
    yield review.found(said, at, standard.weight, row.weight, standard.source)


def _whose(group: Group) -> str:
    return group.source if group.source == OWN_WEIGHTS else "标准"


def is_full(row_weight: Scaled | None, printed: Scaled | None) -> bool:
    """Whether a row got all of its points."""
    if row_weight is None or printed is None:
        return False
    weight, given = aligned(row_weight, printed)
    return weight == given
