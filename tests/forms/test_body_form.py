"""Forms of a whole body, read from .xlsx: 自评表, 评分表 and 共性指标框架 as three bodies published them, and other layouts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from perfeval.books.file import FileBook
from perfeval.forms.amount_tables import figure
from perfeval.forms.model import Form, IndicatorRow
from perfeval.forms.reader import read_forms
from perfeval.forms.target_tables import read_target_tables
from support.published import BODY_FORMS, body_forms, grids, texts
from support.sheettext import write_sheets
from support.tables import LAYOUTS, PROJECTS, write_book

# Leaves, their weights, their scores, the printed total, 等级.
SUMS = {
    "000_scoring": (21, "100", "91.14", "91.14", "优"),
    "001_framework": (28, "100", "98", "98", ""),
    "001_expenditure": (17, "97", "95", "98", ""),
    "002_framework": (21, "100", "0", "", ""),
    "000_assessment": (37, "0", "0", "", ""),
}


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Form]]:
    sheets = grids(tmp_path_factory.mktemp("forms") / "整体.xlsx", texts(BODY_FORMS))
    return {name: body_forms(grid) for name, grid in sheets.items()}


def total(rows: list[IndicatorRow], what: str) -> Decimal:
    return sum((Decimal(getattr(row, what).text or "0") for row in rows), Decimal())


@pytest.mark.parametrize("name", texts(BODY_FORMS))
def test_published_form(forms: dict[str, list[Form]], name: str) -> None:
    if name not in SUMS:
        assert forms[name] == []  # a table of amounts
        return
    (form,) = forms[name]
    leaves, weights, scores, printed, grade = SUMS[name]
    rows = form.rows
    assert len(rows) == leaves
    assert (total(rows, "weight"), total(rows, "score")) == (Decimal(weights), Decimal(scores))
    assert (form.total_score.text, form.grade.text) == (printed, grade)
    assert form.problems == ()


def test_points_of_the_levels_are_read_from_columns_and_from_labels(forms: dict[str, list[Form]]) -> None:
    points = {
        name: {"/".join(filter(None, path)): entry.text for path, entry in forms[name][0].points.items()}
        for name in ("002_framework", "001_expenditure", "000_scoring")
    }
    assert points["002_framework"] == {
        "部门决策": "25", "部门决策/预算编制": "10", "部门决策/目标设置": "15", "部门管理": "20", "部门管理/资金管理": "8",
        "部门管理/项目管理": "4", "部门管理/资产管理": "3", "部门管理/人员管理": "2", "部门管理/制度管理": "3",
        "部门绩效": "55", "部门绩效/经济性": "6", "部门绩效/效率性": "20", "部门绩效/效果性": "20", "部门绩效/公平性": "9",
    }  # fmt: skip
    assert points["001_expenditure"] == {
        "决策": "10", "决策/预算支出决策": "4", "决策/绩效目标": "3", "决策/资金投入": "3", "过程": "20",
        "过程/资金管理": "10", "过程/组织实施": "10", "产出": "40", "产出/产出数量": "10", "产出/产出质量": "10",
        "产出/产出时效": "10", "产出/产出成本": "10", "效益": "30", "效益/预算支出效益": "10",
    }  # fmt: skip
    assert points["000_scoring"] == {"部门决策": "20", "部门管理": "20", "部门绩效": "60"}


def test_assessment_of_a_body(forms: dict[str, list[Form]]) -> None:
    (form,) = forms["000_assessment"]
    assert (form.body.text, form.goal.text) == (
        "深圳市社会保险基金管理局直属分局",
        "做好机关征缴、待遇、关系转移和档案整理",
    )
    assert form.outcome.text == "基本支出和各项目总体完成良好，部分项目执行率偏低"
    (money,) = form.amounts
    assert money.unit == "元"
    *tasks, whole = money.lines
    for header, printed in (("预算数（元）/全额", "33393643.41"), ("执行数（元）/全额", "27504084.56")):
        figures = [figure(line.amounts[header]) for line in tasks]
        assert sum(Decimal(str(number)) for number in figures) == Decimal(printed)
        assert str(figure(whole.amounts[header])) == printed
    read = {(row.level2, row.name.text): (row.target.text, row.actual.text) for row in form.rows}
    assert read["社会效益指标", "较低成本完成邮寄业务"] == ("平均单价不高于10元", "5.7元")
    assert read["成本指标", "档案库房修缮费用"] == ("三方比价最低", "最低")


def test_every_field_keeps_its_cell(forms: dict[str, list[Form]]) -> None:
    for name, leaf in (("000_scoring", "预算执行率"), ("001_framework", "“三公经费”变动率 （2分）")):
        (form,) = forms[name]
        row = next(row for row in form.rows if row.name.text == leaf)
        cells = {what: str(getattr(row, what).cell) for what in ("name", "weight", "score")}
        assert (
            cells
            == {
                "000_scoring": {"name": "C22", "weight": "D22", "score": "G22"},
                "001_framework": {"name": "C6", "weight": "C6", "score": "F6"},
            }[name]
        )


LAYOUTS_OF_BODIES = {
    "国家的部门整体自评表": (
        """
2022年度部门整体支出绩效自评表 | < | < | < | < | < | <
部门名称 | 某局 | < | < | < | < | <
预算情况（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
年度资金总额 | 800 | 800 | 780 | 10 | 97.5% | 9.75
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 办结率 | 100% | 100% | 90 | 90
总分 | < | < | < | < | 100 | 99.75
填表人：张 | < | < | < | < | < | <
""",
        ["某局", "年度资金总额 800 800 780 10 0.975 9.75", "产出指标/数量指标/办结率 100% 100% 90 90", "总分 100 99.75"],
    ),
    "评分表，各级在每一行重复": (
        """
某局部门整体支出绩效评分表 | < | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 分值 | 评分标准 | 得分
部门决策 | 预算编制 | 编制合理性 | 5 | 要点 | 4
部门决策 | 预算编制 | 编制规范性 | 5 | 要点 | 5
部门管理 | 资金管理 | 财务合规性 | 3 | 要点 |
合计 | < | < | 13 | | 9
等级 | < | < | 良 | < | <
""",
        ["", "部门决策/预算编制/编制合理性 5 4", "部门决策/预算编制/编制规范性 5 5", "部门管理/资金管理/财务合规性 3", "总分 13 9 良"],
    ),
    "没有总分，少一个分值": (
        """
部门整体支出绩效评分表 | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 分值 | 得分
部门决策 | 预算编制 | 编制合理性 | 5 | 4
部门决策 | 预算编制 | 编制规范性 | | 5
""",
        [
            "", "部门决策/预算编制/编制合理性 5 4", "部门决策/预算编制/编制规范性 5", "总分",
            "没有找到总分，请在指标下补上“综合评分”或“总分”一行", "第 4 行的指标“编制规范性”没有分值",
        ],
    ),
    "满意度没有二级指标，一个指标占两行": (
        """
部门整体支出绩效自评表 | < | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 得分
产出指标 | 数量指标 | 次数 | 3次 | 3次 | 50
^ | ^ | ^ | 分两批 | 已分两批 | ^
满意度指标 | | 群众满意度 | ≥90% | 95% | 50
总分 | < | < | < | < | 100
""",
        [
            "", "产出指标/数量指标/次数 3次 3次 50", "产出指标/数量指标/次数 分两批 已分两批 50",
            "满意度指标//群众满意度 ≥90% 95% 50", "总分 100",
        ],
    ),
    "目标表不是自评表": (
        """
部门整体支出绩效目标表 | < | < | <
部门名称 | 某局 | < | <
一级指标 | 二级指标 | 三级指标 | 指标值
产出指标 | 数量指标 | 次数 | 3次
""",
        [],
    ),
    "空白页": ("", []),
}  # fmt: skip


def said(form: Form) -> list[str]:
    block = form
    lines = [form.body.text]
    lines += [
        " ".join([line.label, *(str(figure(entry)) for entry in line.amounts.values())])
        for table in form.amounts
        for line in table.lines
    ]
    for row in block.rows:
        cells = (row.target, row.actual, row.weight, row.score)
        lines.append(" ".join([f"{row.level1}/{row.level2}/{row.name.text}", *(e.text for e in cells if e.text)]))
    ends = (block.total_weight, block.total_score, block.grade)
    return [*lines, " ".join(["总分", *(entry.text for entry in ends if entry.text)]), *form.problems]


@pytest.mark.parametrize("name", LAYOUTS_OF_BODIES)
def test_other_layouts(tmp_path: Path, name: str) -> None:
    sheet, expected = LAYOUTS_OF_BODIES[name]
    grid = grids(tmp_path / "表.xlsx", {"表": sheet})["表"]
    assert [line for form in body_forms(grid) for line in said(form)] == expected
    assert read_forms(grid) == []


def test_a_column_of_the_tasks_is_not_the_outcome(tmp_path: Path) -> None:
    sheet = """
部门整体支出绩效自评表 | < | < | <
主要任务 | 完成情况 | 预算数（元） | 执行数（元）
任务甲 | 已完成 | 100 | 90
一级指标 | 二级指标 | 三级指标 | 实际完成值
产出指标 | 数量指标 | 次数 | 3次
"""
    (form,) = body_forms(grids(tmp_path / "表.xlsx", {"表": sheet})["表"])
    assert (form.outcome.text, [line.label for line in form.amounts[0].lines]) == ("", ["任务甲 已完成"])


def test_two_forms_on_one_sheet(tmp_path: Path) -> None:
    sheets = texts(BODY_FORMS)
    together = sheets["000_assessment"] + "\n" + sheets["000_scoring"]
    grid = grids(tmp_path / "表.xlsx", {"表": together})["表"]
    found = body_forms(grid)
    assert [(form.title, len(form.rows)) for form in found] == [
        ("部门（单位）整体支出绩效目标完成情况自评表", 37),
        ("部门整体支出绩效评分表", 21),
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_project_form_is_none_of_these(tmp_path: Path, layout: str) -> None:
    book = FileBook.open(write_book(tmp_path / "项目.xlsx", LAYOUTS[layout], PROJECTS[:2]))
    for sheet in book.sheets:
        assert body_forms(book.grid(sheet)) == []
        assert read_target_tables(book.grid(sheet)) == []


def test_a_published_form_is_no_target_table(tmp_path: Path) -> None:
    book = FileBook.open(write_sheets(tmp_path / "表.xlsx", texts(BODY_FORMS)))
    assert [table for sheet in book.sheets for table in read_target_tables(book.grid(sheet))] == []
