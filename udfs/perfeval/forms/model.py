"""A form as it was read: every field with the cell it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from perfeval.arithmetic import Scaled, add, aligned, exact
from perfeval.digits import is_whole
from perfeval.forms import labels
from perfeval.forms.grid import Address, Area, Value
from perfeval.forms.labels import TOTAL_FUNDS
from perfeval.quantities import points

if TYPE_CHECKING:
    from perfeval.forms.amount_tables import AmountTable
    from perfeval.forms.taskblock import TaskBlock

PROJECT, TRANSFER, BODY, SCORING = "project", "transfer", "body", "scoring"
OF_ONE = frozenset({PROJECT, TRANSFER})  # forms of one project, not of a whole body


@dataclass(frozen=True, slots=True)
class Entry:
    """A field: what a person sees there, and its cell (None: the form has no such cell).

    A number whose format prints a percentage or a unit is the text that is seen: 0.95 as ``0%`` is ``95%``.
    """

    value: Value = None
    cell: Address | None = None

    @property
    def text(self) -> str:
        """The value as text, a number without needless decimals; "" for an empty cell."""
        value = self.value
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, float):
            return str(exact(value))
        return "" if value is None else str(value).strip()


ABSENT = Entry()


@dataclass(frozen=True, slots=True)
class FundRow:
    """A row of the 项目资金 block; ``source`` is a key of ``[sources]`` in the vocabulary, or what the form prints where that is none."""

    source: str
    initial: Entry = ABSENT
    budget: Entry = ABSENT
    executed: Entry = ABSENT
    weight: Entry = ABSENT
    rate: Entry = ABSENT
    score: Entry = ABSENT

    def base(self, denominator: str) -> tuple[Entry, str]:
        """What 执行率 is of, and its name: as the 口径 says (``initial`` or not), or the only budget that the form prints."""
        is_initial = denominator == "initial" or (self.budget.cell is None and self.initial.cell is not None)
        return (self.initial, "年初预算数") if is_initial else (self.budget, "全年预算数")


@dataclass(frozen=True, slots=True)
class Statement:
    """A row of 资金管理情况: what is said of a matter (分配科学性 …), and the problems with it."""

    matter: str
    said: Entry
    problems: Entry


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A row of a block of indicators; what the block does not print is absent. Rows that share one merged 分值 have the
    same ``weight.cell``.

    ``target`` is the whole 指标值, also where the form splits it into 符号, 指标值 and 计量单位 (``target_parts`` are then the
    cells of the three), or adjusts it. ``weight`` holds what the form prints, also where the points stand in the label.
    ``rule`` is the 评分标准 that stands beside the row, ``source`` what its target rests on, ``review`` the score of a reviewer.
    """

    row: int
    level1: str
    level2: str
    name: Entry
    target: Entry = ABSENT
    actual: Entry = ABSENT
    weight: Entry = ABSENT
    score: Entry = ABSENT
    reason: Entry = ABSENT
    rule: Entry = ABSENT
    source: Entry = ABSENT
    coefficient: Entry = ABSENT
    review: Entry = ABSENT
    last_year: Entry = ABSENT
    target_parts: tuple[Entry, Entry, Entry] | None = None

    @property
    def kind(self) -> str:
        """What gives a bare target its direction: the 二级指标, or the 一级指标 where there is none."""
        return self.level2 or self.level1

    @property
    def is_execution(self) -> bool:
        """Whether the row is called 预算执行率. Whether it is the form's own 预算执行率, ``Form.is_execution`` says."""
        return labels.is_execution(self.name.text)

    @property
    def is_placeholder(self) -> bool:
        """A row the form only offers: no weight, no score, and no name or one like “……” and “指标1：”."""
        unnamed = all(is_placeholder(entry.text) for entry in (self.name, self.target, self.actual))
        return unnamed and not self.weight.text and not self.score.text

    @property
    def is_of_values(self) -> bool:
        """Whether the form prints a 指标值 and a 完成值 for the row, filled in or not, of which its score is computed; a row that
        prints a rule of its own (评分标准) is scored by that."""
        return self.target.cell is not None and self.actual.cell is not None and not self.rule.text


def is_placeholder(text: str) -> bool:
    """Whether a cell only offers a place: blank, “……”, “指标1：”, or says that there is nothing."""
    word = text.strip("…. :：")
    return word in {"", "无", "不适用"} or (word.startswith("指标") and is_whole(word[2:]))


@dataclass(frozen=True, slots=True)
class Subtotal:
    """A row that only sums rows of its block: 小计. With a ``level``, the total's row where it sums the points of that level."""

    label: Entry
    weight: Entry
    score: Entry
    level: str = ""


@dataclass(slots=True)
class IndicatorBlock:
    """The rows under one header (and its repetitions on further pages).

    ``columns`` are the concepts that the header prints, ``money`` is the row with which the money of the form begins, where it stands
    among the indicators (0: it does not). ``points`` are those printed for a level, by (一级, "") and by
    (一级, 二级); ``whole`` are those printed for the block: 项目绩效指标（80分）. ``reasons`` are those given in a row below.
    """

    area: Area
    columns: Mapping[str, int]
    rows: list[IndicatorRow] = field(default_factory=list)
    points: dict[tuple[str, str], Entry] = field(default_factory=dict)
    whole: Entry = ABSENT
    total_weight: Entry = ABSENT
    total_score: Entry = ABSENT
    grade: Entry = ABSENT
    reasons: Entry = ABSENT
    subtotals: list[Subtotal] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    money: int = 0


@dataclass(frozen=True)
class Form:
    """A 自评表 or 评分表 on a sheet.

    ``kind`` is PROJECT, TRANSFER (转移支付, without points), BODY (a whole body's 自评表) or SCORING (points without
    values: 评分表, 共性指标框架). ``name`` is the project's, ``body`` the body's; ``year`` is that of a cell or of the heading.
    ``unit`` is that of its money, ``amount_unit`` that of its 项目金额, which may have another. ``tasks`` and ``amounts`` are the
    money of a whole body: 年度主要任务, 预算情况. ``central`` is a transfer's 中央主管部门, ``management`` its 资金管理情况, ``remarks``
    its 说明. ``problems`` name what could not be placed.
    """

    kind: str
    sheet: str
    area: Area
    title: str
    year: int | None
    unit: str
    name: Entry
    body: Entry
    amount: Entry
    department: Entry
    implementer: Entry
    goal: Entry
    outcome: Entry
    funds: tuple[FundRow, ...]
    blocks: tuple[IndicatorBlock, ...]
    total_weight: Entry
    total_score: Entry
    grade: Entry
    tasks: TaskBlock
    amounts: tuple[AmountTable, ...]
    amount_unit: str = ""
    central: Entry = ABSENT
    management: tuple[Statement, ...] = ()
    remarks: Entry = ABSENT
    problems: tuple[str, ...] = ()

    @cached_property
    def rows(self) -> tuple[IndicatorRow, ...]:
        """The rows of all blocks."""
        return tuple(row for block in self.blocks for row in block.rows)

    @cached_property
    def points(self) -> Mapping[tuple[str, str], Entry]:
        """The points printed for levels, by (一级, "") and by (一级, 二级)."""
        return {place: entry for block in self.blocks for place, entry in block.points.items()}

    @property
    def execution(self) -> FundRow | None:
        """The 年度资金总额 row, which alone carries the score of 预算执行率."""
        return next((row for row in self.funds if row.source == TOTAL_FUNDS), None)

    @property
    def scores_execution(self) -> bool:
        """Whether 预算执行率 has its points beside the money of the form, not (only) among the indicators."""
        funds = self.execution
        return funds is not None and bool(funds.weight.text or funds.score.cell)

    def is_execution(self, row: IndicatorRow) -> bool:
        """Whether a row is the form's own 预算执行率, printed (once more) among the indicators: not an indicator of that name
        with points and a target of its own."""
        funds = self.execution
        if funds is None or not row.is_execution:
            return False
        if not self.scores_execution:
            return not row.target.text
        return row.weight.text == funds.weight.text and not self._counts_twice

    @cached_property
    def _counts_twice(self) -> bool:
        """Whether all points, those beside the money too, make the printed total: then a row called 预算执行率 is another."""
        funds, total = self.execution, points(self.total_weight.value)
        weights = [points(group[0].weight.value) for group in self.groups()]
        weights.append(points(funds.weight.value) if funds else None)
        known = [weight for weight in weights if weight is not None]
        return bool(known) and len(set(aligned(add(known), total or Scaled(100, 0)))) == 1

    @property
    def execution_points(self) -> tuple[Entry, Entry]:
        """分值 and 得分 of the form's 预算执行率: beside its money, or among the indicators; absent where it is not scored."""
        if self.scores_execution:
            return (self.execution.weight, self.execution.score) if self.execution else (ABSENT, ABSENT)
        own = next((row for row in self.rows if self.is_execution(row)), None)
        return (own.weight, own.score) if own else (ABSENT, ABSENT)

    def states(self, row: IndicatorRow) -> bool:
        """Whether a row states an indicator: it is not only offered, nor the form's own 预算执行率."""
        return not row.is_placeholder and not self.is_execution(row)

    @property
    def is_continued(self) -> bool:
        """Whether it only goes on with the form of another sheet (续表): its total is that of both."""
        return labels.is_continued(self.title)

    @property
    def is_scored(self) -> bool:
        """Whether its rows have cells for a 得分."""
        return any(row.score.cell is not None for row in self.rows)

    def groups(self) -> Iterator[tuple[IndicatorRow, ...]]:
        """The indicator rows, those that share one 分值 together."""
        group: list[IndicatorRow] = []
        for row in self.rows:
            if group and (row.weight.cell is None or row.weight.cell != group[-1].weight.cell):
                yield tuple(group)
                group = []
            group.append(row)
        if group:
            yield tuple(group)
