"""A form as it was read: every field with the cell it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perfeval.arithmetic import exact
from perfeval.forms.grid import Address, Area, Value
from perfeval.forms.labels import TOTAL_FUNDS


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
    """A row of the 项目资金 block; ``source`` as in ``labels.FUND_SOURCES``."""

    source: str
    initial: Entry = ABSENT
    budget: Entry = ABSENT
    executed: Entry = ABSENT
    weight: Entry = ABSENT
    rate: Entry = ABSENT
    score: Entry = ABSENT


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A row of the 绩效指标 block. Rows that share one merged 分值 have the same ``weight.cell``.

    ``target`` is the whole 指标值, also where the form splits it into 符号, 指标值 and 计量单位; ``target_parts`` are then
    the cells of the three.
    """

    row: int
    level1: str
    level2: str
    name: Entry
    target: Entry
    actual: Entry
    weight: Entry
    score: Entry
    reason: Entry = ABSENT
    target_parts: tuple[Entry, Entry, Entry] | None = None

    @property
    def kind(self) -> str:
        """What gives a bare target its direction: the 二级指标, or the 一级指标 where there is none."""
        return self.level2 or self.level1

    @property
    def is_execution(self) -> bool:
        """Whether the row is 预算执行率 itself, printed among the indicators."""
        return self.name.text in {"预算执行率", "执行率", "资金执行率", "预算执行率得分"}

    @property
    def is_stated(self) -> bool:
        """Whether the row states an indicator: it is not only offered, nor 预算执行率."""
        return not self.is_placeholder and not self.is_execution

    @property
    def is_placeholder(self) -> bool:
        """A row the form only offers: no weight, no score, and no name or one like “……” and “指标1：”."""
        unnamed = all(is_placeholder(entry.text) for entry in (self.name, self.target, self.actual))
        return unnamed and not self.weight.text and not self.score.text


def is_placeholder(text: str) -> bool:
    """Whether a cell only offers a place: blank, “……”, “指标1：”, or says that there is nothing."""
    word = text.strip("…. :：")
    return word in {"", "无", "不适用"} or (word.startswith("指标") and word[2:].isdigit())


@dataclass(frozen=True, slots=True)
class Form:
    """A 项目支出绩效自评表 on a sheet. ``year`` is that of the sheet's heading; ``level_points`` are the points that the labels
    of 一级指标 carry: 产出指标（50分）. ``problems`` name what could not be placed."""

    kind: str
    sheet: str
    area: Area
    title: str
    year: int | None
    unit: str
    name: Entry
    amount: Entry
    department: Entry
    implementer: Entry
    goal: Entry
    outcome: Entry
    funds: tuple[FundRow, ...]
    rows: tuple[IndicatorRow, ...]
    level_points: tuple[tuple[str, Entry], ...]
    total_weight: Entry
    total_score: Entry
    problems: tuple[str, ...] = ()

    @property
    def execution(self) -> FundRow | None:
        """The 年度资金总额 row, which alone carries the score of 预算执行率."""
        return next((row for row in self.funds if row.source == TOTAL_FUNDS), None)

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
