"""Findings: what a reviewer objects to. A kind is declared where it is raised: code, level, title, what to do, and its sentence.

``hints`` declares what is said of one indicator row, ``checks`` what is said of forms, tables and reports; a kind that both
raise is declared in ``hints``. ``kinds()`` gathers all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import NamedTuple


class Level(StrEnum):
    """How grave a finding is: a file with an ERROR is sent back, a WARNING is asked about, a NOTE only told."""

    ERROR = "错误"
    WARNING = "提醒"
    NOTE = "说明"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding. ``code`` is stable; ``do`` says what to do about it; ``of_row``: PE_HINT says it too.

    ``sentence`` is what is said of one, with the names of its facts in braces; ``formerly`` the code under which it was
    found before it had its own: a waiver or a level given to that holds.
    """

    code: str
    level: Level
    title: str
    do: str
    sentence: str = ""
    of_row: bool = False
    formerly: str = ""

    def of(self, **facts: object) -> Said:
        """The kind, said of these facts."""
        return Said(self, self.sentence.format_map(facts))

    def says(self, sentence: str) -> Sentence:
        """Another sentence of this kind."""
        return Sentence(self, sentence)

    def __call__(
        self, message: str, *, sheet: str = "", cell: str = "", expected: str = "", found: str = "", basis: str = ""
    ) -> Finding:
        """A finding of this kind, at its level."""
        return Finding(self, self.level, message, sheet, cell, expected, found, basis)


class Sentence(NamedTuple):
    """One of several sentences of a kind, declared beside what says it."""

    kind: Kind
    sentence: str

    def of(self, **facts: object) -> Said:
        """The kind, said of these facts."""
        return Said(self.kind, self.sentence.format_map(facts))


class Said(NamedTuple):
    """A kind, and what it says of something."""

    kind: Kind
    message: str

    def at(self, sheet: str, cell: str, expected: str = "", found: str = "", basis: str = "") -> Finding:
        """The finding, at its cell (``H13``; "" for a whole sheet or file)."""
        return Finding(self.kind, self.kind.level, self.message, sheet, cell, expected, found, basis)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, at a cell (``H13``; "" for a whole sheet or file).

    ``message`` is the sentence for a person, ``basis`` the standard or 口径 it rests on.
    ``level`` is the kind's own unless a standard sets another; ``waived`` is the reason why a person lets it stand.
    """

    kind: Kind
    level: Level
    message: str
    sheet: str = ""
    cell: str = ""
    expected: str = ""
    found: str = ""
    basis: str = ""
    waived: str = ""

    @property
    def place(self) -> str:
        """Where it was found, for a person: ``表!H13``, a report's 第 3 段, or a whole sheet."""
        between = " " if self.cell.startswith("第") else "!"
        return f"{self.sheet}{between}{self.cell}" if self.cell else self.sheet


_DECLARING = ("perfeval.hints", "perfeval.checks")  # the rooms whose modules declare kinds
_kinds: dict[str, Kind] = {}


def declare(
    code: str, level: Level, title: str, do: str, sentence: str = "", *, of_row: bool = False, formerly: str = ""
) -> Kind:
    """Declare a kind. Raises ValueError where the code is another's."""
    if code in _kinds:
        raise ValueError(f"{code} is {_kinds[code].title}")
    _kinds[code] = Kind(code, level, title, do, sentence, of_row, formerly)
    return _kinds[code]


def kinds() -> dict[str, Kind]:
    """Every kind by its code, in their order; the rooms that declare them are imported for it."""
    for room in _DECLARING:
        import_module(room)
    return dict(sorted(_kinds.items()))


# Raised by ``checks.projects`` and ``checks.bodies`` in the same words or their own; theirs to declare.
WEIGHTS_NOT_100 = declare("R01", Level.ERROR, "分值合计不是 100", "核对每一行的分值，末级指标加预算执行率应合计 100")
LEVEL_WEIGHTS = declare("R02", Level.ERROR, "一级、二级分值不等于下级之和", "核对下级各行的分值，或改正上级的分值")
WRONG_TOTAL = declare("R03", Level.ERROR, "总分不等于各项得分之和", "按各项得分重新合计总分")
WRONG_EXECUTION_SCORE = declare("R05", Level.ERROR, "执行率得分算错或超过分值", "按执行率乘分值重算，最高为分值")
SCORES_UNLIKE_EXECUTION = declare(
    "R15", Level.WARNING, "执行率与指标得分背离", "核对指标完成值，或说明钱没花而事办成的原因"
)
MONEY_LEFT = declare("R16", Level.WARNING, "资金结余较多，执行率偏低未说明", "在偏差原因里说明资金没有支出的原因")
NO_BUDGET = declare("R17", Level.ERROR, "预算数为 0", "核对全年预算数；确无预算的，说明由来并在口径中选定计分办法")
FUNDS_DO_NOT_ADD_UP = declare(
    "R18", Level.ERROR, "年度资金总额不等于各项来源之和", "核对各来源的金额，使其合计等于年度资金总额"
)
UNEXPLAINED_ADJUSTMENT = declare("R19", Level.WARNING, "年初与全年预算不同，未说明调整", "说明预算调整的原因和批复")
WRONG_GRADE = declare("R22", Level.WARNING, "等级与总分不符，或恰在分界", "按总分核对等级")
FAULTY_TEMPLATE = declare("R25", Level.NOTE, "模板的标准与分值矛盾，有得分无法达到", "向下发模板的部门核实")
ALL_FULL = declare("R26", Level.WARNING, "全部满分而没有佐证", "附上佐证材料，或重新核对各项得分")
MIXED_UNITS = declare("R28", Level.NOTE, "元与万元混用，或单位丢失", "统一金额单位，并在表上写明")
TOTAL_BY_RULE = declare("R29", Level.WARNING, "总分与按规则重算的不同", "改正各项得分后重新合计总分")
NOT_READ = declare("R31", Level.NOTE, "表里有没有认出的内容", "人工核对这一处；表头、标签照标准样式写，就能认出")
COUNTED_TWICE = declare(
    "R41", Level.WARNING, "上下级或合并的分值重复计分", "只给末级指标分值，合用的分开写", formerly="R24"
)
