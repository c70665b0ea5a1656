"""Project forms as plain grids, for tests that change a cell and look what a review says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from perfeval.forms.grid import Address, Cell, Grid, address

CORRECT = """
项目支出绩效自评表
项目名称 | 水质监测 | | 主管部门 | 某县环保局
项目资金（元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
 | 年度资金总额 | 1000000 | 1000000 | 950000 | 10 | '95% | 9.5
 | 其中：当年财政拨款 | 800000 | 800000 | 760000 | — | '95% | —
 | 上年结转资金 | 200000 | 200000 | 190000 | — | '95% | —
年度总体目标 | 预期目标 | | | 实际完成情况
 | 监测全部断面 | | | 监测全部断面
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标（50分） | 数量指标 | 监测断面数 | ≥40个 | 40个 | 20 | 20
 | 质量指标 | 数据有效率 | ≥95% | 90% | 10 | 9.47 | 两台仪器故障，已经更换
 | 时效指标 | 报告及时率 | '100% | '100% | 10 | 10
 | 成本指标 | 单个断面成本 | ≤2万元 | 2.2万元 | 10 | 9 | 化验试剂涨价
效益指标（30分） | 社会效益指标 | 预警能力 | 有效提升 | 有效提升 | 30 | 28 | 预警偶有延迟
满意度指标（10分） | 服务对象满意度指标 | 群众满意度 | ≥90% | 93% | 10 | 10
总分 | | | | | 100 | 95.97
自评等级 | 优
"""


@dataclass
class Sheets:
    """Grids as a book."""

    grids: Mapping[str, Grid]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def sheets(self) -> Sequence[str]:
        return tuple(self.grids)

    user_sheets = sheets

    def grid(self, sheet: str) -> Grid:
        return self.grids[sheet]


def grid(text: str = CORRECT, changes: Mapping[str, Any] | None = None, name: str = "表") -> Grid:
    """A sheet written as text, ``|`` between cells (``'`` before what is text), with some cells put otherwise."""
    cells: dict[Address, Any] = {
        Address(row, column): _value(cell.strip())
        for row, line in enumerate(text.strip("\n").splitlines(), 1)
        for column, cell in enumerate(line.split("|"), 1)
    }
    cells |= {address(place): value for place, value in (changes or {}).items()}
    return Grid(name, {place: Cell(value) for place, value in sorted(cells.items()) if value not in ("", None)})


def book(changes: Mapping[str, Any] | None = None, text: str = CORRECT) -> Sheets:
    """A book of one form."""
    return Sheets({"表": grid(text, changes)})


def _value(text: str) -> str | float:
    if text.startswith("'"):
        return text[1:]
    try:
        return float(text)
    except ValueError:
        return text
