"""PE_STD_HINT: what a reviewer says of a leaf; every kind of bad input is told by its name and its reason."""

from __future__ import annotations

from typing import Any

import pytest

from perfeval.errors import CellError
from perfeval.functions import FUNCTIONS

SZ, HN = "sz-department-2020", "hn-department-2020"
STAFF, QUARTERS, COST = "staff-control", "quarterly-execution", "running-cost-control"
COMPLIANCE, PUBLIC = "financial-compliance", "disclosure"

# (standard, leaf, 得分, 说明, values…, what is said; "" is nothing)
HINTS: list[tuple[Any, ...]] = [
    (SZ, STAFF, 1.0, "", 34.0, 40.0, ""),
    (SZ, STAFF, "", "", "", "", ""),
    (SZ, STAFF, "", "", 34.0, "", "还没有填：核定编制数（含工勤）"),
    (SZ, STAFF, "", "", 34.0, 40.0, "得分空白，测算为 1 分"),
    (SZ, STAFF, 0.5, "", 34.0, 40.0, "测算为 1 分，得分为 0.5，请在“说明”里写明原因；扣了 0.5 分，未说明偏差原因"),
    (SZ, STAFF, 0.5, "上级核减", 34.0, 40.0, "测算为 1 分，得分为 0.5"),
    (SZ, STAFF, 2.0, "", 34.0, 40.0, "测算为 1 分，得分为 2，请在“说明”里写明原因；得分 2 大于分值 1"),
    (SZ, STAFF, -1.0, "", 34.0, 40.0, "测算为 1 分，得分为 -1，请在“说明”里写明原因；得分 -1 是负数"),
    (SZ, STAFF, "好", "", 34.0, 40.0, "得分“好”不是数；得分空白，测算为 1 分"),
    (SZ, STAFF, 0.0, "超编", 41.0, 40.0, ""),
    # bad input: negative, of another unit, an error value, words, a rate above 1000%, no denominator
    (SZ, STAFF, "", "", -3.0, 40.0, "“年度在编人数（含工勤）”-3 是负数，请核对"),
    (SZ, STAFF, "", "", "34元", 40.0, "“年度在编人数（含工勤）”34元 的单位应是“人”"),
    (SZ, STAFF, "", "", CellError("#REF!"), 40.0, "“年度在编人数（含工勤）”是错误值 #REF!，请先改正"),
    (SZ, STAFF, "", "", "若干", 40.0, "“年度在编人数（含工勤）”"),
    (SZ, STAFF, "", "", 500.0, 40.0, "超过 1000%"),
    (SZ, STAFF, "", "", 3.0, 0.0, "分母是 0"),
    (SZ, STAFF, "", "", "不适用", 40.0, ""),
    (SZ, COST, "", "", 0.0, 0.0, "97万元", 1417300.0, "“1417300”没有单位，请在“1417300”后写明单位"),
    (SZ, QUARTERS, "", "", 23.0, 0.5, 0.75, 1.0, "“3月末累计支出进度”23 还是 23%？请写明百分号"),
    (SZ, QUARTERS, 5.14, "", "", "", "", "", "得分由人给定，请在“说明”里写明依据；扣了 0.86 分，未说明偏差原因"),
    (SZ, QUARTERS, 5.14, "各季度进度没有公开", "", "", "", "", ""),
    (SZ, PUBLIC, 3.0, "", "按要求公开", "按要求公开", "否", ""),
    (SZ, PUBLIC, "", "", "很好", "按要求公开", "否", "“部门预算公开评定得分”"),
    (SZ, PUBLIC, 3.0, "涉密", "", "", "是", ""),
    (SZ, COMPLIANCE, 0.0, "有虚列支出", "", "", "", "", "是", ""),
    (SZ, "satisfaction", "", "", 1.2, "“满意度”1.2 大于 100%，请核对"),
    (SZ, "budget-compliance", "", "", 1.5, "不是整数"),
    ("hn-expenditure-2020", "timeliness", "", "", 120.0, 100.0, "规则没有写明，由人评定，请填得分"),
]  # fmt: skip


@pytest.mark.parametrize("case", HINTS, ids=lambda case: f"{case[1]} {case[2]} {case[4:-1]}")
def test_hint(case: tuple[Any, ...]) -> None:
    *arguments, expected = case
    told = FUNCTIONS["PE_STD_HINT"].call(*arguments)
    assert (expected in told) if expected else (told == "")


def test_a_range_is_taken_as_its_cells() -> None:
    hint = FUNCTIONS["PE_STD_HINT"]
    assert hint.call(SZ, STAFF, "", "", ((34.0,), (None,))) == hint.call(SZ, STAFF, "", "", 34.0, None)


def test_the_two_scores_of_seed_001_that_the_rule_does_not_give() -> None:
    hint = FUNCTIONS["PE_STD_HINT"]
    assert hint.call(HN, STAFF, 2.0, "", 31.0, 37.0) == ""
    assert hint.call(HN, COST, 2.0, "未说明", "77.98万元", "86.63万元") == "测算为 3 分，得分为 2"
