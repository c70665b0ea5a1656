"""Lists of several projects in one sheet: each project is a form of its own, what the list sums is left and named."""

from __future__ import annotations

import pytest

from perfeval.checks import check
from perfeval.forms.grid import Area, Grid
from perfeval.forms.model import TRANSFER, Form
from perfeval.forms.reader import read_sheet
from support.forms_in_memory import Sheets, grid

REPEATED = """
2024年度项目支出绩效自评汇总表
单位：某县环保局 | | | | | | | | 单位：万元
序号 | 项目名称 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 未完成原因
1 | 水质监测 | 产出指标 | 数量指标 | 监测断面数 | ≥40个 | 40个 | 50 | 50
1 | 水质监测 | 效益指标 | 社会效益指标 | 预警次数 | ≥10次 | 9次 | 50 | 45 | 设备故障停机
2 | 垃圾清运 | 产出指标 | 数量指标 | 清运量 | ≥400吨 | 400吨 | 60 | 60
2 | 垃圾清运 | 满意度指标 | 满意度 | 群众满意度 | ≥90% | 93% | 40 | 40
"""
WITH_MONEY = """
2024年度项目支出绩效自评表
项目名称 | 主管部门 | 全年预算数（万元） | 全年执行数（万元） | 执行率 | 分值 | 得分 \
| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 未完成原因 | 自评总分
水质监测 | 环保局 | 100 | 95 | '95% | 10 | 9.5 | 产出指标 | 数量指标 | 监测断面数 | ≥40个 | 40个 | 50 | 50 | | 95.5
 | | | | | | | 效益指标 | 社会效益指标 | 预警次数 | ≥10次 | 9次 | 40 | 36 | 设备故障停机
垃圾清运 | 城管局 | 200 | 190 | '95% | 10 | 9.5 | 产出指标 | 数量指标 | 清运量 | ≥400吨 | 400吨 | 60 | 60 | | 99.5
 | | | | | | | 满意度指标 | 满意度 | 群众满意度 | ≥90% | 93% | 30 | 30
填报人：张三
"""
TRANSFERS = """
转移支付绩效自评汇总表
转移支付项目名称 | 绩效指标 | 指标值 | 全年实际完成值 | 未完成原因和改进措施
危房改造补助 | 改造户数 | ≥100户 | 100户
危房改造补助 | 按期完工率 | ≥95% | 96%
公路养护补助 | 养护里程 | ≥30公里 | 31公里
"""
WITH_SUMS = """
项目支出绩效自评汇总表
项目名称 | 三级指标 | 指标值 | 完成值 | 分值 | 得分
修路 | 里程 | ≥10公里 | 10公里 | 60 | 60
 | 验收合格率 | '100% | '100% | 40 | 40
 | 合计 | | | 100 | 100
架桥 | 座数 | ≥2座 | 2座 | 100 | 100
 | 合计 | | | 100 | 100
总计 | | | | 200 | 200
"""


def found(text: str, changes: dict[str, object] | None = None) -> list[tuple[str, str]]:
    return [(finding.kind.code, finding.cell) for finding in check(Sheets({"表": grid(text, changes)}))]


def read(text: str) -> dict[str, Form]:
    return {form.name.text: form for form in read_sheet(grid(text))}


def test_the_rows_of_a_project_are_its_form() -> None:
    forms = read(REPEATED)
    assert [(name, str(form.area.top), form.area.bottom) for name, form in forms.items()] == [
        ("水质监测", "1", 5),
        ("垃圾清运", "6", 7),
    ]
    rows = [(row.level1, row.level2, row.name.text, row.score.text) for row in forms["垃圾清运"].rows]
    assert rows == [("产出指标", "数量指标", "清运量", "60"), ("满意度指标", "满意度", "群众满意度", "40")]
    assert {(form.year, form.unit, form.problems) for form in forms.values()} == {(2024, "万元", ())}


def test_a_name_merged_over_its_rows_is_one_project() -> None:
    sheet = grid(WITH_MONEY)
    merged = Grid(
        sheet.name, sheet.cells, tuple(Area(top, column, top + 1, column) for top in (3, 5) for column in range(1, 8))
    )
    assert [(form.name.text, len(form.rows)) for form in read_sheet(merged)] == [("水质监测", 2), ("垃圾清运", 2)]


def test_money_and_total_of_a_project_stand_in_its_columns() -> None:
    form = read(WITH_MONEY)["垃圾清运"]
    (funds,) = form.funds
    entries = (funds.budget, funds.executed, funds.rate, funds.weight, funds.score, form.total_score, form.department)
    assert [entry.text for entry in entries] == ["200", "190", "95%", "10", "9.5", "99.5", "城管局"]
    assert form.unit == "万元"


def test_a_list_of_transfers_is_of_transfers() -> None:
    forms = read(TRANSFERS)
    assert {name: (form.kind, len(form.rows)) for name, form in forms.items()} == {
        "危房改造补助": (TRANSFER, 2),
        "公路养护补助": (TRANSFER, 1),
    }


@pytest.mark.parametrize("text", [REPEATED, WITH_MONEY])
def test_a_right_list_raises_nothing(text: str) -> None:
    assert [code for code, _ in found(text) if code != "R26"] == []


@pytest.mark.parametrize(
    ("text", "changes", "finding"),
    [
        (REPEATED, {"G7": "80%"}, ("R08", "I7")),
        (REPEATED, {"J5": None}, ("R09", "J5")),
        (REPEATED, {"G6": None}, ("R14", "G6")),
        (WITH_MONEY, {"E3": "96%"}, ("R04", "E3")),
        (WITH_MONEY, {"P5": 98}, ("R03", "P5")),
        (WITH_MONEY, {"M5": 70}, ("R01", "M5")),
        (TRANSFERS, {"D4": "90%"}, ("R09", "E4")),
    ],
)
def test_a_fault_is_found_at_its_cell(text: str, changes: dict[str, object], finding: tuple[str, str]) -> None:
    assert finding in found(text, changes)


def test_the_sum_of_a_list_is_named_as_unread_and_no_project() -> None:
    assert list(read(WITH_SUMS)) == ["修路", "架桥"]
    assert [form.total_score.text for form in read(WITH_SUMS).values()] == ["100", "100"]
    assert ("R31", "E8") in found(WITH_SUMS)


def test_a_list_of_targets_is_no_form() -> None:
    assert read("项目名称 | 一级指标 | 三级指标 | 指标值\n修路 | 产出指标 | 里程 | 10公里") == {}


@pytest.mark.parametrize("name", ["绩效目标", "执行数据", "项目清单"])
def test_import_sheets_are_no_forms(name: str) -> None:
    assert read_sheet(grid(REPEATED.partition("单位：万元")[2], name=name)) == ()
