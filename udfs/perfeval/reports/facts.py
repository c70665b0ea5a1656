"""What a report can say: the workbook's figures as exact numbers, with the workbook's own words.

A figure that the workbook does not hold, or not as a number, is None; whoever speaks of it leaves a blank.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from perfeval.arithmetic import Scaled, add, subtract
from perfeval.forms.values import same
from perfeval.standards import Standard


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts of a year in the report's unit."""

    initial: Scaled | None = None
    budget: Scaled | None = None
    executed: Scaled | None = None

    @property
    def left(self) -> Scaled | None:
        """What was not spent; negative where more was spent than there was."""
        return None if self.budget is None or self.executed is None else subtract(self.budget, self.executed)


@dataclass(frozen=True, slots=True)
class Measure:
    """What an indicator was to reach and reached. ``relation``: 达到, 低于, 高于 …指标值; "" where only a person can say."""

    name: str
    target: str
    actual: str
    relation: str


@dataclass(frozen=True, slots=True)
class Score:
    """One 分值 and its 得分, with the indicators that share it (mostly one) and the reason given."""

    level1: str
    level2: str
    measures: tuple[Measure, ...]
    weight: Scaled | None
    score: Scaled | None
    reason: str = ""

    @property
    def name(self) -> str:
        """The indicator, or the indicators that share the score."""
        return "、".join(measure.name for measure in self.measures)

    @property
    def lost(self) -> Scaled | None:
        """How many points were not reached; None where weight or score is unknown, or the row has no weight."""
        if self.weight is None or self.score is None or not self.weight.units:
            return None
        return subtract(self.weight, self.score)

    @property
    def is_full(self) -> bool:
        """Whether all points were reached."""
        return self.lost is not None and not self.lost.units

    @property
    def is_short(self) -> bool:
        """Whether points were lost."""
        return self.lost is not None and self.lost.units > 0


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """One project's 自评表. ``money`` is its 年度资金总额, ``funds`` each source as the form lists them.

    ``printed_total`` stands on the form; ``total`` is None until every 分值 has its 得分: until then it is a subtotal.
    """

    name: str
    department: str
    implementer: str
    goal: str
    outcome: str
    money: Money
    funds: tuple[tuple[str, Money], ...]
    execution: Score
    scores: tuple[Score, ...]
    printed_total: Scaled | None
    total: Scaled | None
    grade: str

    @property
    def weighed(self) -> tuple[Score, ...]:
        """The indicators' scores that count: those with a 分值 above 0."""
        return tuple(score for score in self.scores if score.weight is not None and score.weight.units)


@dataclass(frozen=True, slots=True)
class WholeFacts:
    """The whole body's own scoring: its 评分表 or 自评表 with scores; each score is one of a leaf.

    ``money`` sums its 年度主要任务, 基本支出 among them.
    """

    scores: tuple[Score, ...]
    total: Scaled | None
    grade: str
    money: Money = Money()

    @property
    def levels(self) -> list[tuple[str, Scaled, Scaled]]:
        """Each 一级指标 with the sums of its 分值 and 得分; empty where one is unknown."""
        sums = []
        for level1 in dict.fromkeys(score.level1 for score in self.scores):
            inside = [score for score in self.scores if score.level1 == level1]
            weight, given = (total_of(getattr(score, field) for score in inside) for field in ("weight", "score"))
            if weight is None or given is None:
                return []
            sums.append((level1, weight, given))
        return sums


@dataclass(frozen=True, slots=True)
class Facts:
    """A body's year. ``unit`` is 元 or 万元, of all amounts; ``unused`` are the sheets of forms of which nothing is told."""

    body: str
    year: int | None
    preparer: str
    phone: str
    head: str
    unit: str
    standard: Standard
    standards: tuple[str, ...]  # those that a report may go by, the whole body's first
    projects: tuple[ProjectFacts, ...]
    whole: WholeFacts | None
    unused: tuple[str, ...] = ()

    @property
    def money(self) -> Money:
        """The projects' sums; a figure that one project lacks is unknown."""
        return Money(*(total_of(getattr(one.money, field) for one in self.projects) for field in Money.__slots__))


def agree(one: Scaled | None, other: Scaled | None) -> bool:
    """Whether two figures are known and equal."""
    return one is not None and other is not None and same(one, other)


def total_of(numbers: Iterable[Scaled | None]) -> Scaled | None:
    """The sum; None where one of them is unknown, or there are none."""
    given = list(numbers)
    return None if not given or None in given else add([number for number in given if number is not None])
