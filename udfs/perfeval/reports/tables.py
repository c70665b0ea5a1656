"""The tables of a report: cells with their spans, a level merged over its rows as on the forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from perfeval.arithmetic import Scaled, add, half_up
from perfeval.forms.labels import TOTAL_FUNDS
from perfeval.reports.facts import Facts, Measure, ProjectFacts, Score
from perfeval.reports.wording import money, number, percent

LEFT, CENTRE, RIGHT = "left", "center", "right"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, how many rows and columns it takes, and how it is aligned."""

    text: str
    rows: int = 1
    columns: int = 1
    align: str = CENTRE


@dataclass(frozen=True, slots=True)
class Table:
    """A table: relative widths of its columns, and rows of cells; a cell covers the places below and beside it.

    The first ``headers`` rows are repeated on every page. Without rows there is nothing to show.
    """

    widths: tuple[int, ...]
    rows: list[list[Cell]] = field(default_factory=list)
    headers: int = 1


_NONE = "—"


def _text(value: Scaled | None) -> str:
    return _NONE if value is None else number(value)


def _amount(value: Scaled | None) -> str:
    return _NONE if value is None else money(value, "")


def projects(facts: Facts, _: ProjectFacts | None) -> Table:
    """项目汇总: a row a project, and the sums; nothing where there is no project."""
    if not facts.projects:
        return Table(())
    unit = f"（{facts.unit}）"
    header = (
        "序号",
        "项目名称",
        f"年初预算数{unit}",
        f"全年预算数{unit}",
        f"全年执行数{unit}",
        "执行率",
        "总分",
        "等级",
    )
    rows = [[Cell(text) for text in header]]
    for place, one in enumerate(facts.projects, start=1):
        spent = (one.money.initial, one.money.budget, one.money.executed)
        amounts = [Cell(_amount(value), align=RIGHT) for value in spent]
        rate = Cell(_rate(one.money.executed, one.money.budget))
        rows.append(
            [
                Cell(str(place)),
                Cell(one.name, align=LEFT),
                *amounts,
                rate,
                Cell(_text(one.total)),
                Cell(one.grade or _NONE),
            ]
        )
    if len(facts.projects) > 1:
        rows.append(_sums(facts))
    return Table((4, 16, 17, 17, 17, 10, 8, 6), rows)


def _sums(facts: Facts) -> list[Cell]:
    spent = facts.money
    totals = [one.total for one in facts.projects if one.total is not None]
    mean = None
    if len(totals) == len(facts.projects):
        whole = add(totals)
        mean = Scaled(half_up(whole.units * 100, len(totals) * 10**whole.places), 2)
    amounts = [Cell(_amount(value), align=RIGHT) for value in (spent.initial, spent.budget, spent.executed)]
    return [
        Cell("合计（总分为平均）", columns=2), *amounts, Cell(_rate(spent.executed, spent.budget)), Cell(_text(mean)),
        Cell(_NONE),
    ]  # fmt: skip


def _rate(executed: Scaled | None, budget: Scaled | None) -> str:
    return percent(executed, budget) if executed is not None and budget is not None and budget.units > 0 else _NONE


def form(facts: Facts, one: ProjectFacts | None) -> Table | None:
    """项目自评表: a project's whole 自评表 as the official form prints it, so that it can be attached and read again."""
    if one is None or not one.scores:
        return None
    header = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
    indicators = list(
        _levels(one.scores, _with_target, lambda score: Cell(score.reason, len(score.measures), align=LEFT))
    )
    return Table(
        (6, 7, 8, 14, 14, 14, 6, 9, 13),  # an amount of 千万 and 100.00% on one line
        [
            [Cell("项目名称"), Cell(one.name, columns=8)],
            [Cell("主管部门"), Cell(one.department, columns=4), Cell("实施单位"), Cell(one.implementer, columns=3)],
            *_funds(facts, one),
            [Cell("年度总体目标", 2), Cell("预期目标", columns=4), Cell("实际完成情况", columns=4)],
            [Cell(one.goal, columns=4, align=LEFT), Cell(one.outcome, columns=4, align=LEFT)],
            [Cell("年度绩效指标", len(indicators) + 1), *map(Cell, header)],
            *indicators,
            [Cell("总分", columns=6), Cell(_text(_weights(one))), Cell(_text(one.printed_total)), Cell(_NONE)],
        ],
        headers=0,
    )


def _funds(facts: Facts, one: ProjectFacts) -> Iterator[list[Cell]]:
    """The block 项目资金: only 年度资金总额 carries the 分值 and 得分 of 预算执行率."""
    labels = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    yield [Cell(f"项目资金（{facts.unit}）", len(one.funds) + 1), Cell("", columns=2), *map(Cell, labels)]
    for source, spent in one.funds:
        amounts = (spent.initial, spent.budget, spent.executed)
        rate = Cell(_rate(spent.executed, spent.budget) if any(amounts) else "")
        scored = (one.execution.weight, one.execution.score) if source == TOTAL_FUNDS else (None, None)
        weight, score = (Cell(_text(value)) for value in scored)
        shown = [Cell("" if value is None else money(value, ""), align=RIGHT) for value in amounts]
        yield [Cell(source, columns=2, align=LEFT), *shown, weight, rate, score]


def _weights(one: ProjectFacts) -> Scaled | None:
    weights = [score.weight for score in (one.execution, *one.weighed)]
    return None if None in weights else add([weight for weight in weights if weight is not None])


def scoring(facts: Facts, _: ProjectFacts | None) -> Table | None:
    """评分表: the whole body's leaves with their levels merged, and the total."""
    if facts.whole is None:
        return None
    rows = [
        [Cell(text) for text in ("一级指标", "二级指标", "三级指标", "分值", "得分")],
        *_levels(facts.whole.scores, lambda _: []),
        [Cell("总分", columns=4), Cell(_text(facts.whole.total))],
    ]
    return Table((10, 14, 30, 7, 7), rows)


def _with_target(measure: Measure) -> list[Cell]:
    return [Cell(measure.target), Cell(measure.actual)]


def _levels(
    scores: Sequence[Score],
    between: Callable[[Measure], list[Cell]],
    *behind: Callable[[Score], Cell],
) -> Iterator[list[Cell]]:
    """A row for each measure; levels and scores reach over the rows that they have in common."""
    for level1, outer in groupby(scores, lambda score: score.level1):
        inside = list(outer)
        is_one_level = not any(score.level2 for score in inside)
        first = [Cell(level1, _height(inside), columns=2 if is_one_level else 1)]
        for level2, inner in groupby(inside, lambda score: score.level2):
            within = list(inner)
            if not is_one_level:
                first.append(Cell(level2, _height(within)))
            for score in within:
                high = len(score.measures)
                last = [
                    Cell(_text(score.weight), high),
                    Cell(_text(score.score), high),
                    *(cell(score) for cell in behind),
                ]
                for measure in score.measures:
                    yield [*first, Cell(measure.name, align=LEFT), *between(measure), *last]
                    first, last = [], []


def _height(scores: Sequence[Score]) -> int:
    return sum(len(score.measures) for score in scores)


TABLES: dict[str, Callable[[Facts, ProjectFacts | None], Table | None]] = {
    "项目汇总": projects,
    "项目自评表": form,
    "评分表": scoring,
}
PROJECT_TABLES = frozenset({"项目自评表"})
