"""Findings: what a reviewer objects to. Each kind is declared here, once: code, level, title, and what to do about it.

What raises them stands where the facts are: ``hints`` for one indicator row, ``checks`` for forms and workbooks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How grave a finding is: a file with an ERROR is sent back, a WARNING is asked about, a NOTE only told."""

    ERROR = "错误"
    WARNING = "提醒"
    NOTE = "说明"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding. ``code`` is stable; ``do`` says what to do about it.

    ``formerly`` is the code under which it was found before it had its own: a waiver or a level given to that holds.
    """

    code: str
    level: Level
    title: str
    do: str
    formerly: str = ""

    def __call__(
        self,
        message: str,
        *,
        sheet: str = "",
        cell: str = "",
        expected: str = "",
        found: str = "",
        basis: str = "",
    ) -> Finding:
        """A finding of this kind, at its level."""
        return Finding(self, self.level, message, sheet, cell, expected, found, basis)


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


KINDS: dict[str, Kind] = {}


def _kind(code: str, level: Level, title: str, do: str, formerly: str = "") -> Kind:
    KINDS[code] = Kind(code, level, title, do, formerly)
    return KINDS[code]


FILE_REFUSED = _kind("R00", Level.ERROR, "文件或表没有复核", "按说明处理这个文件，再复核一次")
WEIGHTS_NOT_100 = _kind("R01", Level.ERROR, "分值合计不是 100", "核对每一行的分值，末级指标加预算执行率应合计 100")
LEVEL_WEIGHTS = _kind("R02", Level.ERROR, "一级、二级分值不等于下级之和", "核对下级各行的分值，或改正上级的分值")
WRONG_TOTAL = _kind("R03", Level.ERROR, "总分不等于各项得分之和", "按各项得分重新合计总分")
WRONG_RATE = _kind(
    "R04", Level.ERROR, "执行率不等于执行数除以全年预算数", "用全年执行数除以全年预算数（调整后）重算执行率"
)
WRONG_EXECUTION_SCORE = _kind("R05", Level.ERROR, "执行率得分算错或超过分值", "按执行率乘分值重算，最高为分值")
SCORE_OUT_OF_RANGE = _kind("R06", Level.ERROR, "得分大于分值，或是负数", "得分应在 0 到分值之间")
REVERSE_AS_FORWARD = _kind("R07", Level.ERROR, "反向指标按正向计分", "反向指标（不超过）达到要求应得满分，超出才扣分")
WRONG_SCORE = _kind("R08", Level.ERROR, "未达标却满分，或比例分算错", "按测算得分改正；酌情扣分要写明依据")
UNEXPLAINED_LOSS = _kind("R09", Level.ERROR, "扣分未说明偏差原因", "在“偏差原因分析及改进措施”一栏写明原因和措施")
IDLE_REASON = _kind("R10", Level.WARNING, "满分却填了偏差原因", "核对得分，或删去偏差原因")
FAR_ABOVE_TARGET = _kind(
    "R11", Level.WARNING, "超额较多而未说明，指标值可能偏低", "说明超额的原因，或核对指标值是否定得偏低"
)
UNLIKE_UNITS = _kind("R12", Level.ERROR, "指标值与完成值单位或类型不一致", "把指标值和完成值写成同一单位")
NOT_MEASURED = _kind(
    "R13", Level.WARNING, "完成值不是测量值：照抄指标值，或填了选项列表", "填实际完成的数（带单位），或列表中的一项"
)
MISSING_VALUE = _kind("R14", Level.ERROR, "指标值、完成值、分值、得分或金额空白", "补填这一格")
SCORES_UNLIKE_EXECUTION = _kind(
    "R15", Level.WARNING, "执行率与指标得分背离", "核对指标完成值，或说明钱没花而事办成的原因"
)
MONEY_LEFT = _kind("R16", Level.WARNING, "资金结余较多，执行率偏低未说明", "在偏差原因里说明资金没有支出的原因")
NO_BUDGET = _kind("R17", Level.ERROR, "预算数为 0", "核对全年预算数；确无预算的，说明由来并在口径中选定计分办法")
FUNDS_DO_NOT_ADD_UP = _kind(
    "R18", Level.ERROR, "年度资金总额不等于各项来源之和", "核对各来源的金额，使其合计等于年度资金总额"
)
UNEXPLAINED_ADJUSTMENT = _kind("R19", Level.WARNING, "年初与全年预算不同，未说明调整", "说明预算调整的原因和批复")
UNLIKE_TARGETS = _kind("R20", Level.WARNING, "指标与年初绩效目标不一致", "按年初批复的绩效目标改正，或说明调整")
OUT_OF_BAND = _kind("R21", Level.WARNING, "定性得分不在档位之内", "按完成情况所在档位的分数范围评分")
WRONG_GRADE = _kind("R22", Level.WARNING, "等级与总分不符，或恰在分界", "按总分核对等级")
TABLES_DISAGREE = _kind("R23", Level.ERROR, "几处的数不一致", "核对两处的数，改成一致；口径不同的写明口径")
INAPPLICABLE_SCORED = _kind("R24", Level.WARNING, "不适用的指标有分值", "不适用的分值填 0，分数调整到别的指标")
FAULTY_TEMPLATE = _kind("R25", Level.NOTE, "模板的标准与分值矛盾，有得分无法达到", "向下发模板的部门核实")
ALL_FULL = _kind("R26", Level.WARNING, "全部满分而没有佐证", "附上佐证材料，或重新核对各项得分")
MIXED_CONVENTIONS = _kind(
    "R27", Level.WARNING, "口径或小数位数不一：与所用标准，或在同一文件里", "全文统一口径和小数位数"
)
MIXED_UNITS = _kind("R28", Level.NOTE, "元与万元混用，或单位丢失", "统一金额单位，并在表上写明")
TOTAL_BY_RULE = _kind("R29", Level.WARNING, "总分与按规则重算的不同", "改正各项得分后重新合计总分")
SUSPECT_NUMBER = _kind("R30", Level.WARNING, "数字像是识别或录入有误", "对照原件核对这个数")
NOT_READ = _kind("R31", Level.NOTE, "表里有没有认出的内容", "人工核对这一处；表头、标签照标准样式写，就能认出")
DOES_NOT_FOOT = _kind("R32", Level.ERROR, "合计不等于各部分之和", "按各部分重新合计，或改正其中一个数")
WRONG_RATIO = _kind("R33", Level.ERROR, "比率不等于两数之比", "用同一处的两个数重算比率，或写明用的是哪两个数")
OTHER_BASIS = _kind("R34", Level.WARNING, "文字与表格口径不同", "统一口径，或写明文字用的是哪个预算数")
NUMBERING_JUMPS = _kind("R35", Level.WARNING, "序号不连续", "核对是否漏写了一项，再改正序号")
NOT_A_DATE = _kind("R36", Level.ERROR, "日期有误", "改正日期；起止时间要先后相接")
NOT_FILLED_IN = _kind(
    "R37",
    Level.ERROR,
    "没有填报",
    "填上执行数、完成值和得分；用不着的表删去；只报目标的，“阶段”选“目标”，别的文件用 check --stage targets",
)
NOT_A_NUMBER = _kind("R38", Level.ERROR, "分值、得分或金额不是数", "在这一格只填数", formerly="R14")
VAGUE_REASON = _kind("R39", Level.WARNING, "偏差原因空泛", "写出为什么没有达到、准备怎么改进", formerly="R10")
CONTRADICTING_REASON = _kind(
    "R40", Level.WARNING, "扣了分，偏差原因却说没有偏差", "核对得分，或改写偏差原因", formerly="R10"
)
COUNTED_TWICE = _kind(
    "R41", Level.WARNING, "上下级或合并的分值重复计分", "只给末级指标分值，合用的分开写", formerly="R24"
)
NOT_A_FORM = _kind("R42", Level.NOTE, "不是自评表", "如果其实是自评表，请在表上写明标题，表头照标准样式写")
NOT_READABLE = _kind("R43", Level.NOTE, "文件夹里有读不了的文件", "其中有自评表的，另存为 .xlsx 或 .docx 再复核")
