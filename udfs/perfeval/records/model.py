"""What a body knows of itself and its projects, apart from any sheet: ``new`` sizes a workbook by it, ``fill`` fills it in.

Values are as the source holds them (numbers, or text such as ``56万元`` and ``≥95%``); None is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

from perfeval.arithmetic import Scaled
from perfeval.forms.grid import Value
from perfeval.forms.labels import FUND_SOURCES, TRANSFER_SOURCES
from perfeval.standards import Standard, project_standard

_OF_TRANSFERS = frozenset(TRANSFER_SOURCES) - frozenset(FUND_SOURCES)
OWN_WEIGHTS = "工作簿“口径”表里自定的分值"  # what gives a body's own points
SHARED = "同上"  # as a weight: the row shares the weight of the row above


@dataclass(frozen=True, slots=True)
class Indicator:
    """One 绩效指标 of a project or of the whole body. ``weight`` is SHARED where it shares that of the row above."""

    level1: str
    level2: str
    name: str
    target: Value = None
    weight: Value = None
    actual: Value = None
    score: Value = None
    reason: Value = None


@dataclass(frozen=True, slots=True)
class Funds:
    """A project's money of one source (年度资金总额 or one of its parts)."""

    source: str
    initial: Value = None
    budget: Value = None
    executed: Value = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What a transfer's form states of a matter of its 资金管理情况 (分配科学性 …): how it stands, and its problems."""

    matter: str
    said: Value = None
    problems: Value = None


@dataclass(frozen=True, slots=True)
class Project:
    """A project; ``published`` is a 总分 published elsewhere, to compare with.

    ``execution_weight`` are the points of 预算执行率 where they are not the standard's; 0 where it is not scored.
    Of a transfer ``central`` is the 中央主管部门, ``management`` its 资金管理情况, ``remarks`` its 说明.
    """

    code: str
    name: str
    department: Value = None
    implementer: Value = None
    amount: Value = None
    goal: Value = None
    outcome: Value = None
    funds: tuple[Funds, ...] = ()
    execution_score: Value = None
    indicators: tuple[Indicator, ...] = ()
    published: Value = None
    execution_weight: Value = None
    central: Value = None
    management: tuple[Statement, ...] = ()
    remarks: Value = None

    @property
    def is_transfer(self) -> bool:
        """Whether it is a 转移支付: money of 中央财政 or 地方 is named, and there are no points."""
        sources = {funds.source for funds in self.funds}
        points = [
            self.execution_score,
            *(one.weight for one in self.indicators),
            *(one.score for one in self.indicators),
        ]
        return bool(sources & _OF_TRANSFERS) and all(one in (None, "") for one in points)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, and how much of it is 财政拨款 and how much 其他资金."""

    total: Value = None
    fiscal: Value = None
    other: Value = None


@dataclass(frozen=True, slots=True)
class Task:
    """One of a body's 年度主要任务: ``content`` is what 表14 plans to do, ``outcome`` the 完成情况."""

    name: str
    content: Value = None
    outcome: Value = None
    budget: Money = Money()
    executed: Money = Money()


@dataclass(frozen=True, slots=True)
class Datum:
    """A value of the 基础数据: what is filled in for one input of a leaf, or of a part (``procurement/rate``)."""

    code: str
    input: str
    value: Value


@dataclass(frozen=True, slots=True)
class GivenScore:
    """The 得分 of a leaf where a person gives it instead of the rule, and what is to be said of it (偏差原因, 依据)."""

    code: str
    score: Value = None
    reason: Value = None


@dataclass(frozen=True, slots=True)
class Whole:
    """The side of the whole body (部门整体). ``standard`` is its id with overrides; "": the workbook has no 评分表.

    ``funds`` and 预算执行率 are those of a form with points, laid out as a project's; other forms have the money of tasks.
    """

    standard: str = ""
    goal: Value = None
    outcome: Value = None
    indicators: tuple[Indicator, ...] = ()
    tasks: tuple[Task, ...] = ()
    data: tuple[Datum, ...] = ()
    scores: tuple[GivenScore, ...] = ()
    funds: tuple[Funds, ...] = ()
    execution_score: Value = None
    execution_weight: Value = None

    @property
    def has_points(self) -> bool:
        """Whether an indicator has a 分值 or a 得分, or 预算执行率 has."""
        given = [value for one in self.indicators for value in (one.weight, one.score)]
        return any(value not in (None, "") for value in (*given, self.execution_weight, self.execution_score))

    @property
    def prints_points(self) -> bool:
        """Whether its form is laid out with points. The 整体自评表 that goes with a standard prints tasks and none."""
        return self.has_points and not (self.tasks and self.standard)


@dataclass(frozen=True, slots=True)
class Body:
    """A public body, its projects of one year and its own side (``whole``).

    ``convention`` is a project standard's id with overrides, ``unit`` 元 or 万元; ``weights`` are the points that the body's
    province gives 预算执行率 and 一级指标 where they are not the standard's.
    """

    name: str
    year: int | None
    convention: str
    unit: str
    projects: tuple[Project, ...]
    preparer: Value = None
    phone: Value = None
    head: Value = None
    whole: Whole = Whole()
    weights: tuple[tuple[str, Scaled], ...] = ()

    @property
    def standard(self) -> Standard:
        """The standard of its projects, with its own points. Raises UnknownName or InvalidValue."""
        return project_standard(self.convention).weighted(dict(self.weights), OWN_WEIGHTS)
