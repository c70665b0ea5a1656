"""The official blank of a bureau, and the data of its project."""

from __future__ import annotations

from pathlib import Path

from support.sheettext import write_sheets

# The official blank of a bureau: no formulas, amounts in 万元, three rows for each kind of indicator.
BLANK = """
项目支出绩效自评表 | < | < | < | < | < | < | <
项目名称 | {name} | < | < | 实施单位 |  | < | <
项目资金（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 |  |  |  | 10 |  |
^ | 其中：当年财政拨款 |  |  |  | — |  | —
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
^ | 产出指标 | 数量指标 | 指标1： |  |  |  |
^ | ^ | ^ | …… |  |  |  |
^ | ^ | 成本指标 | 指标1： |  |  |  |
^ | 效益指标 | 社会效益指标 | 指标1： |  |  |  |
总分 | < | < | < | < | < | 100 |
"""
BASICS = "单位名称 | 某局\n年度 | 2023\n金额单位 | 元\n标准 | cn-project-2020"
TARGETS = """
项目编码 | 项目名称 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 分值 | 实际完成值 | 得分 | 偏差原因
'01 | 河道清淤 | 产出指标 | 数量指标 | 清淤长度 | ≥20公里 | 30 | 18公里 |  |
'01 | 河道清淤 | 产出指标 | 数量指标 | 清淤河段 | 6段 | 20 | 6段 |  |
'01 | 河道清淤 | 产出指标 | 成本指标 | 每公里成本 | ≤3万元 | 20 | 3万元 |  |
'01 | 河道清淤 | 效益指标 | 社会效益指标 | 水环境 | 明显改善 | 20 | 明显改善 | {score} |
"""
EXECUTION = """
项目编码 | 项目名称 | 资金来源 | 年初预算数 | 全年预算数 | 全年执行数
'01 | 河道清淤 | 年度资金总额 | 600000 | 600000 | 540000
'01 | 河道清淤 | 当年财政拨款 | 600000 | 600000 | 540000
"""


def blank(folder: Path, name: str = "河道清淤") -> Path:
    return write_sheets(folder / "空表.xlsx", {"自评表": BLANK.format(name=name)})


def data(
    folder: Path, *, targets: str = TARGETS, execution: str = EXECUTION, basics: str = BASICS, score: str = "18"
) -> Path:
    tables = {"基本信息": basics, "绩效目标": targets.format(score=score), "执行数据": execution}
    return write_sheets(folder / "数据.xlsx", tables)
