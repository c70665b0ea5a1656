"""Worksheet functions of 绩效指标: what a cell says, whether it is met, what it scores, what a reviewer would say."""

from datetime import date

from perfeval.conventions import Convention
from perfeval.functions.execution import CONVENTION_HELP
from perfeval.functions.kinds import (
    NATIONAL,
    Amount,
    Cell,
    ConventionText,
    CriterionText,
    KindText,
    Measured,
    Points,
    Text,
)
from perfeval.functions.registry import worksheet_function
from perfeval.hints import row_hints
from perfeval.scoring import Outcome, completion, indicator, meets
from perfeval.targets import Actual, actual_of, in_words, parse_target, target_of

_TARGET = ("年度指标值", "指标值：≥95%、27人、1-1.2万人、不超过50万元、及时 ……")
_ACTUAL = ("实际完成值", "实际完成的数（带单位）或文字；目标是百分数时，单元格里的数 0.95 即 95%")
_KIND = ("二级指标", "二级指标名称，或“正向”“反向”；指标值不带比较号时用它定方向，成本指标为反向")
_WEIGHT = ("分值", "这项指标的分值")
_TEXT = ("文字", "带单位的数，例如 2.6亿元、98%")


def _actual(value: str | float | date, convention: Convention) -> Actual:
    return actual_of(value, bound=convention.inequality == "bound")


@worksheet_function(title="取数", group="绩效指标", text=_TEXT)
def pe_number(text: Amount) -> float:
    """文字里的数，按基本单位：2.6亿元 得 260000000，98% 得 0.98。"""
    return float(text.number)


@worksheet_function(title="取单位", group="绩效指标", text=_TEXT)
def pe_unit(text: Amount) -> str:
    """文字里的基本单位：2.6亿元 得 元，98% 得 %，1.1万人 得 人。"""
    return text.unit


@worksheet_function(title="指标值的含义", group="绩效指标", text=_TARGET, kind=_KIND)
def pe_target(text: Text, kind: KindText = "") -> str:
    """指标值被理解成什么：≥ 95%、15 至 18 次、定性：及时。看不懂的得 #VALUE!。"""
    return in_words(parse_target(text, kind))


@worksheet_function(
    title="完成率",
    group="绩效指标",
    rule="完成率 = 完成值 ÷ 指标值",
    target=_TARGET,
    actual=_ACTUAL,
    kind=_KIND,
    convention=CONVENTION_HELP,
)
def pe_completion(
    target: Measured, actual: Measured, kind: KindText = "", convention: ConventionText = NATIONAL
) -> Outcome:
    """完成率，小数：完成值 ÷ 指标值，不封顶；区间之内得 1。定性指标为空白，指标值是 0 时得 #DIV/0!。"""
    return completion(target_of(target, kind), _actual(actual, convention))


@worksheet_function(
    title="是否达标",
    group="绩效指标",
    rule="完成值达到指标值",
    target=_TARGET,
    actual=_ACTUAL,
    kind=_KIND,
    convention=CONVENTION_HELP,
)
def pe_meets(
    target: Measured, actual: Measured, kind: KindText = "", convention: ConventionText = NATIONAL
) -> str | None:
    """完成值是否达到指标值：是、否；定性指标为空白。没有写年份的时限按口径的年度比较。"""
    met = meets(target_of(target, kind), _actual(actual, convention), convention.year)
    return None if met is None else "是" if met else "否"


@worksheet_function(
    title="指标得分",
    group="绩效指标",
    rule="完成指标值得满分，未完成按比例计分（财预〔2020〕10号）；反向、区间等按口径",
    options=("score", "reverse", "over"),
    target=_TARGET,
    actual=_ACTUAL,
    weight=_WEIGHT,
    kind=_KIND,
    convention=CONVENTION_HELP,
)
def pe_indicator_score(
    target: Measured,
    actual: Measured,
    weight: Points,
    kind: KindText = "",
    convention: ConventionText = NATIONAL,
) -> Outcome:
    """指标得分，按口径舍入，不超过分值。定性指标为空白，由人评定；单位不同或看不懂的得 #VALUE!，不适用的得 #N/A。"""
    return indicator(target_of(target, kind), _actual(actual, convention), weight, convention)


@worksheet_function(
    title="复核提示",
    group="绩效指标",
    options=("score", "reverse", "over", "over_threshold"),
    target=_TARGET,
    actual=_ACTUAL,
    weight=_WEIGHT,
    score=("得分", "填报的得分"),
    reason=("偏差原因", "偏差原因分析及改进措施"),
    kind=_KIND,
    convention=CONVENTION_HELP,
    criterion=("评分标准", "这一行印的评分标准，有就按它核对得分"),
)
def pe_hint(
    target: Cell,
    actual: Cell,
    weight: Cell,
    score: Cell,
    reason: Cell,
    kind: KindText = "",
    convention: ConventionText = NATIONAL,
    criterion: CriterionText = None,
) -> str:
    """复核人会对这一行说什么：得分不对、扣分没有原因、单位不同、完成值空白 ……；没有问题为空白。"""
    return "；".join(
        hint.message for hint in row_hints(target, actual, weight, score, reason, kind, convention, criterion)
    )
