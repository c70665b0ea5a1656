"""A 自评表 as a body hands it in."""

from __future__ import annotations

FORM = """
项目支出绩效自评表 | < | < | < | < | < | < | <
（2023年度） | < | < | < | < | < | < | <
项目名称 | {name} | < | < | 主管部门 | 市教育局 | < | <
实施单位 | {body} | < | < | | | | <
{funds} | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | {budget} | {budget} | {executed} | 10 | 100% | 10
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | 数量指标 | 培训人次 | ≥100人次 | 100人次 | 60 | 60 |
效益指标 | 社会效益指标 | 知晓率 | ≥80% | 85% | 30 | {score} | {reason}
总分 | < | < | < | < | 100 | {total} |
"""


def form(**fields: str) -> str:
    usual = {"name": "培训", "body": "一小", "funds": "项目资金（元）", "budget": "100.00", "executed": "100.00"}
    return FORM.format(**usual | {"score": "30", "total": "100", "reason": ""} | fields)
