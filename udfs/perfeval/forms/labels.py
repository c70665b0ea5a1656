"""The words that official forms print for one thing. A label is compared without blanks, line breaks and (notes)."""

from __future__ import annotations

import re
from functools import lru_cache

from perfeval.quantities import plain

_NOTE = re.compile(r"\([^()]*\)")
_BLANKS = re.compile(r"[\s:*]+")


def _vocabulary(words: dict[str, str]) -> dict[str, str]:
    return {label: concept for concept, labels in words.items() for label in labels.split()}


HEADER = _vocabulary(
    {
        "name": "项目名称 项目支出名称 项目",
        "amount": "项目金额 项目总金额 项目总额 项目资金总额",
        "department": "主管部门 主管单位 主管部门及代码 主管预算部门 预算主管部门",
        "implementer": "实施单位 项目实施单位 项目单位 项目承担单位 预算单位 资金使用单位 单位名称",
        "goal": "预期目标 年初设定目标 年度预期目标 预期绩效目标 年初预期目标 年度目标 绩效目标 总体目标",
        "outcome": "实际完成情况 全年实际完成情况 目标实际完成情况 年度总体目标完成情况 目标完成情况 完成情况",
    }
)
FUNDS = _vocabulary(
    {
        "initial": "年初预算数 年初预算 年初批复数 年初预算安排 年初预算安排数 年初批复预算数",
        "budget": "全年预算数 预算数 调整后预算数 调整预算数 全年预算 预算安排数 年度预算数 全年预算安排数 调整后全年预算数 "
        "调整后预算 预算金额",
        "executed": "全年执行数 执行数 预算执行数 实际支出数 全年支出数 实际执行数 支出数 全年执行 实际支出 决算数 执行金额",
        "rate": "执行率 预算执行率 执行比例",
        "weight": "分值 权重 满分 标准分",
        "score": "得分 自评得分 评分 执行率得分 预算执行得分",
    }
)
SOURCES = _vocabulary(
    {
        "年度资金总额": "年度资金总额 资金总额 总额 合计 总计 年度财政资金总额 年度总额 资金合计 全年资金总额 项目资金总额 年度预算总额",
        "当年财政拨款": "当年财政拨款 财政拨款 本年财政拨款 财政资金 当年财政资金 本年度财政拨款 财政性资金 一般公共预算 财政预算资金",
        "上年结转资金": "上年结转资金 上年结转 上年结转结余 上年结转结余资金 结转资金 以前年度结转",
        "其他资金": "其他资金 其他 自筹资金 单位资金 其他来源资金",
    }
)
COLUMNS = _vocabulary(
    {
        "level1": "一级指标",
        "level2": "二级指标",
        "level3": "三级指标 指标名称 绩效指标名称 具体指标 指标内容 绩效指标",
        "target": "年度指标值 指标值 年度目标值 目标值 绩效指标值 年初目标值 年初指标值 计划指标值 预期指标值 年度绩效指标值 "
        "预期目标值 计划完成值 年初设定指标值 指标目标值 全年目标值 年初设定目标值 年度目标 设定目标值 预期值 年初绩效指标值",
        "actual": "实际完成值 完成值 全年实际值 全年完成值 实际完成情况 实际值 完成情况 实际完成指标值 全年实际完成值 年度完成值 "
        "指标完成值 实际完成 年度实际完成值 全年实际完成情况 实际完成数",
        "weight": "分值 指标分值 满分 标准分 分数 标准分值",
        "share": "权重 指标权重 权重分 权重分值",
        "score": "得分 自评得分 评分 自评分 自评分数 指标得分 实际得分 自评分值",
        "operator": "符号 指标性质 指标符号 比较符 比较符号 运算符号 运算符 指标方向 关系符号",
        "measure": "计量单位 度量单位 单位 指标单位",
        "deducted": "扣分 扣减分 扣减分数",
    }
)
TOTALS = frozenset("总分 合计 总计 总得分 自评总分 得分合计 总分值 总评分 自评得分合计 最终得分 综合得分".split())


@lru_cache(maxsize=16384)
def key(text: str) -> str:
    """A label without blanks, colons and bracketed notes: ``得 分\\n（10分*执行率）`` → ``得分``."""
    bare = _BLANKS.sub("", plain(text))
    without_notes = _NOTE.sub("", bare)
    return without_notes or bare


@lru_cache(maxsize=16384)
def column(text: str) -> str | None:
    """The concept of a column header of the indicator block; None if it is none."""
    found = COLUMNS.get(key(text))
    if found is None and ("原因" in text or "改进措施" in text) and len(text) < 40:
        return "reason"
    return found


def source(text: str) -> str | None:
    """The source of funds that a row label names: ``其中：当年财政拨款`` → ``当年财政拨款``."""
    return SOURCES.get(key(text).removeprefix("其中").lstrip(",、:-"))


def header(text: str) -> str | None:
    """The concept of a header field's label."""
    return HEADER.get(key(text))


def funds(text: str) -> str | None:
    """The concept of a column header of the funds block."""
    return FUNDS.get(key(text))


def is_total(text: str) -> bool:
    """Whether a cell labels the row of the form's total."""
    return key(text) in TOTALS


def points_in(text: str) -> str | None:
    """The points a label carries: ``产出指标（50分）`` → ``50``, ``得分（10分*执行率）`` → ``10``."""
    match = re.search(r"\((\d+(?:\.\d+)?)分", plain(text))
    return match[1] if match else None
