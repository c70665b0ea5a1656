"""What a body knows of its projects, apart from any sheet: the data that ``new`` sizes a workbook by and ``fill`` fills in.

Values are as the source holds them (numbers, or text such as ``56万元`` and ``≥95%``); None is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

from perfeval.forms.grid import Value

TOTAL_FUNDS = "年度资金总额"
SHARED = "同上"  # as a weight: the row shares the weight of the row above
FUND_SOURCES = (TOTAL_FUNDS, "当年财政拨款", "上年结转资金", "其他资金")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One 绩效指标 of a project. ``weight`` is SHARED where the row shares the weight of the row above."""

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
class Project:
    """A project; ``published`` is a 总分 published elsewhere, to compare with."""

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


@dataclass(frozen=True, slots=True)
class Body:
    """A public body and its projects of one year. ``convention`` is a standard's id with overrides, ``unit`` 元 or 万元."""

    name: str
    year: int | None
    convention: str
    unit: str
    projects: tuple[Project, ...]
    preparer: Value = None
    phone: Value = None
    head: Value = None
