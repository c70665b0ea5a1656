"""Sums of a part of a form, and of a form on several sheets: 小计, 续表, one 分值 over several rows, 得分 without 分值."""

from __future__ import annotations

from typing import Any

import pytest

from perfeval.checks import check
from perfeval.checks.context import Context
from perfeval.forms.accounting import in_words
from perfeval.forms.grid import Area, Grid
from support.forms_in_memory import Sheets, grid

FIRST = """
项目支出绩效自评表
项目名称 | 水质监测 | | 主管部门 | 某县环保局
项目资金（元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
 | 年度资金总额 | 1000000 | 1000000 | 950000 | 10 | '95% | 9.5
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | 数量指标 | 监测断面数 | ≥40个 | 40个 | 20 | 20
 | 质量指标 | 数据有效率 | ≥95% | 90% | 20 | 18.95 | 两台仪器故障，已经更换
"""
SECOND = """
项目支出绩效自评表（续表）
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
效益指标 | 社会效益指标 | 预警能力 | ≥10次 | 10次 | 40 | 40
"""
LAST = """
项目支出绩效自评表（续）
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90% | 93% | 10 | 10
总分 | | | | | 100 | 98.45
"""
WITH_SUBTOTALS = """
项目支出绩效自评表
项目名称 | 水质监测 | | 主管部门 | 某县环保局
项目资金（元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
 | 年度资金总额 | 1000000 | 1000000 | 950000 | 10 | '95% | 9.5
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | 数量指标 | 监测断面数 | ≥40个 | 40个 | 20 | 20
 | 质量指标 | 数据有效率 | ≥95% | 90% | 20 | 18.95 | 两台仪器故障，已经更换
小计 | | | | | 40 | 38.95
效益指标 | 社会效益指标 | 预警次数 | ≥10次 | 10次 | 40 | 40
满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90% | 93% | 10 | 10
小计 | | | | | 50 | 50
总分 | | | | | 100 | 98.45
"""
SHARED = """
项目支出绩效自评表
项目名称 | 水质监测 | | 主管部门 | 某县环保局
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | 数量指标 | 监测断面数 | ≥40个 | 40个 | 60 | 60
 | | 数据有效率 | ≥95% | 96%
 | | 采样次数 | ≥9次 | 9次
效益指标 | 社会效益指标 | 预警次数 | ≥10次 | 10次 | 40 | 40
总分 | | | | | 100 | 100
"""
WITHOUT_WEIGHTS = """
项目支出绩效自评表
项目名称 | 水质监测
一级指标 | 三级指标 | 年度指标值 | 实际完成值 | 得分 | 偏差原因
产出指标 | 监测断面数 | ≥40个 | 40个 | 50
 | 数据有效率 | ≥95% | 90% | 40 | 两台仪器故障
效益指标 | 预警次数 | ≥10次 | 10次 | 10
总分 | | | | 100
"""


def found(book: Sheets) -> set[tuple[str, str, str]]:
    return {(one.kind.code, one.sheet, one.cell) for one in check(book)} - {("R31", "表", "A1")}


def sheets(*texts: str, changes: dict[str, dict[str, Any]] | None = None) -> Sheets:
    names = [f"第{place}页" for place in range(1, len(texts) + 1)]
    return Sheets({name: grid(text, (changes or {}).get(name), name) for name, text in zip(names, texts, strict=True)})


def merged(changes: dict[str, Any], *, with_score: bool) -> Sheets:
    sheet = grid(SHARED, changes)
    areas = [Area(4, 6, 6, 6), Area(4, 7, 6, 7)]
    return Sheets({"表": Grid("表", sheet.cells, tuple(areas if with_score else areas[:1]))})


# --- a form on several sheets ---


def test_the_total_of_a_further_sheet_is_that_of_all() -> None:
    assert found(sheets(FIRST, SECOND, LAST)) == set()


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"第3页": {"G4": 99}}, ("R03", "第3页", "G4")),
        ({"第3页": {"G4": 58.45}}, ("R03", "第3页", "G4")),
        ({"第2页": {"F3": 35, "G3": 35}, "第3页": {"G4": 93.45}}, ("R01", "第3页", "F4")),
    ],
)
def test_a_wrong_sum_over_sheets_is_found(changes: dict[str, dict[str, Any]], finding: tuple[str, str, str]) -> None:
    assert found(sheets(FIRST, SECOND, LAST, changes=changes)) == {finding}


def test_a_further_sheet_of_another_project_is_not_joined() -> None:
    other = LAST.replace("项目支出绩效自评表（续）\n", "项目支出绩效自评表（续）\n项目名称 | 垃圾清运\n")
    assert ("R31", "第2页", "A1") in found(sheets(FIRST, other))


def test_a_further_sheet_without_a_form_before_it_is_named() -> None:
    assert ("R31", "第1页", "A1") in found(sheets(LAST))


# --- 小计 ---


@pytest.mark.parametrize(
    ("changes", "findings"),
    [
        ({}, set()),
        ({"G8": 39}, {("R03", "表", "G8")}),
        ({"F8": 45}, {("R02", "表", "F8")}),
        ({"G11": 88.95}, set()),  # all rows above it
        ({"G11": 90}, {("R03", "表", "G11")}),
        ({"F8": 50, "G8": 48.45}, set()),  # with 预算执行率
        ({"A11": "满意度指标小计", "F11": 10, "G11": 10}, set()),
        ({"A11": "满意度指标小计", "F11": 10, "G11": 9}, {("R03", "表", "G11")}),
        ({"G8": "38.9"}, {("R03", "表", "G8")}),  # cut off, not rounded
        ({"G8": "39.0分"}, set()),  # one decimal
    ],
)
def test_a_subtotal_is_held_to_its_parts(changes: dict[str, Any], findings: set[tuple[str, str, str]]) -> None:
    assert found(Sheets({"表": grid(WITH_SUBTOTALS, changes)})) == findings


def test_a_subtotal_over_its_parts_is_of_those_below() -> None:
    lines = WITH_SUBTOTALS.strip("\n").splitlines()
    lines[5:11] = [lines[7], *lines[5:7], lines[10], *lines[8:10]]
    assert found(Sheets({"表": grid("\n".join(lines))})) == set()
    assert found(Sheets({"表": grid("\n".join(lines), {"G6": 39})})) == {("R03", "表", "G6")}


# --- one 分值 over several rows ---


@pytest.mark.parametrize("with_score", [True, False])
def test_full_points_together_though_one_is_missed(with_score: bool) -> None:
    own = {} if with_score else {"G4": 20, "G5": 20, "G6": 20}
    assert ("R08", "表", "G4") not in found(merged(own, with_score=with_score))
    assert ("R08", "表", "G4") in found(merged(own | {"E5": "90%"}, with_score=with_score))
    assert ("R08", "表", "G4") in found(merged(own | {"E6": "8次"}, with_score=with_score))


# --- a 得分 of nothing that is printed ---


def test_scores_without_points_are_counted_as_not_checked() -> None:
    book = Sheets({"表": grid(WITHOUT_WEIGHTS)})
    told = in_words(Context.of(book, None).accounts)
    assert told == "读到 1 张自评表：指标 3 行，其中 3 行没有分值，得分没有核对"
    assert ("R03", "表", "E7") in found(Sheets({"表": grid(WITHOUT_WEIGHTS, {"E7": 99})}))
