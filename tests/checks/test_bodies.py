"""Each finding of a whole body's form: a form that must raise it, and one like it that must not; a correct form raises nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from perfeval.checks import check
from perfeval.findings import Level
from support import DATA
from support.forms_in_memory import Sheets, grid
from support.reported import places, review
from support.seed004 import BODIES, body_sheet

# A 评分表 of a region of its own: leaves that no standard in the house knows.
FORM = """
某区部门整体支出绩效评分表
一级指标 | 二级指标 | 三级指标 | 分值 | 评分标准 | 得分
投入（40分） | 预算编制 | 编制完整性 | 20 | 每缺一项扣5分 | 15
 | | 编制及时性 | 20 | 按时得满分 | 20
产出（60分） | 履职 | 任务完成率 | 40 | 按完成率计分 | 38
 | | 群众评价 | 20 | 由第三方评定 | 19
总分 | | | 100 | | 92
评价等级 | 优
"""
# The leaves of 湖南鹤城's 附件1 that need the base data of a body, and the table that holds them.
BASICS = """
部门整体支出绩效评价基础数据表
单位：元
人员情况 | 编制数 | 2020年实际在职人数 | 控制率
合计 | {posts} | {staff} |
经费情况 | 2020年预算数 | 2020年决算数
三公经费 | 20000 | {official}
公用经费 | 100000 | {running}
"""

PAIRS: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "分值合计不是100": ("R01", "D7", {"D6": 25, "A5": "产出"}, {"D6": 20}),
    "一级分值不等于下级之和": ("R02", "A5", {"A5": "产出（50分）"}, {"A5": "产出（60）"}),
    "总分加错": ("R03", "F7", {"F7": 93}, {"F7": 92.0}),
    "总分取整": ("R03", "F7", {"F5": 38.4, "F7": 93}, {"F5": 38.4, "F7": 92}),
    "得分大于分值": ("R06", "F6", {"F6": 21, "F7": 94}, {"F6": 20, "F7": 93}),
    "得分是负数": ("R06", "F3", {"F3": -5, "F7": 72}, {"F3": 0, "F7": 77, "B8": "中"}),
    "得分空白": ("R14", "F6", {"F6": None, "F7": 73, "B8": "中"}, {"F6": "19分"}),
    "按扣分得不出的分": ("R08", "F3", {"F3": 18, "F7": 95}, {"F3": 10, "F7": 87, "B8": "良"}),
    "另有酌情的规则不查": ("R08", "F3", {"F3": 18, "F7": 95}, {"F3": 18, "F7": 95, "E3": "每缺一项扣5分，酌情另扣1至3分"}),
}  # fmt: skip


def formed(changes: dict[str, Any]) -> Sheets:
    return Sheets({"表": grid(FORM, changes)})


def test_a_correct_form_raises_nothing() -> None:
    assert check(formed({})) == []


@pytest.mark.parametrize("name", PAIRS)
def test_each_finding_has_a_form_that_raises_it_and_one_that_does_not(name: str) -> None:
    code, cell, wrong, right = PAIRS[name]
    assert (code, "表", cell) in places(check(formed(wrong)))
    assert places(check(formed(right)), None) == set()


@pytest.mark.parametrize(("total", "grade", "wrong"), [(92, "良", True), (92, "优秀", False), (89.99, "优", True)])
def test_grade(total: float, grade: str, wrong: bool) -> None:
    changes = {"F5": 38 - (92 - total), "F7": total, "B8": grade}
    assert (("R22", "表", "B8") in places(check(formed(changes)), Level.WARNING)) == wrong


def test_a_rule_of_more_points_than_the_weight_is_told_of_the_template() -> None:
    assert places(check(formed({"E4": "全部按时（25分）"})), None) == {("R25", "表", "E4")}
    assert places(check(formed({"E4": "满意度90分以上的（20分）"})), None) == set()


def framework(**scores: float) -> str:
    """附件1 of 湖南鹤城 with full marks but for some leaves."""
    path = DATA / "body_forms" / "001_framework.txt"
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        name = cells[2].partition("（")[0].strip().replace("“", "").replace("”", "") if len(cells) > 5 else ""
        if name and "分" in cells[2]:
            cells[5] = str(scores.get(name, cells[2].partition("（")[2].rstrip("分） ")))
        rows.append(" | ".join(cells))
    return "\n".join(rows[:-1])


@pytest.mark.parametrize(
    ("facts", "score", "right"),
    [
        ({"running": 90_020}, {"公用经费控制率": 2}, "3"),
        ({"running": 101_500}, {"公用经费控制率": 3}, "2"),  # 1.5 points above: one full point counts, or two begun
        ({"official": 25_000}, {"三公经费控制率": 3}, "0"),
        ({"staff": 38}, {"在职人员控制率": 2}, "1"),
    ],
)
def test_a_leaf_beside_its_rule_and_the_body_s_own_data(
    facts: dict[str, int], score: dict[str, float], right: str, tmp_path: Path
) -> None:
    basics = BASICS.format(**{"posts": 37, "staff": 31, "official": 11_700, "running": 90_020} | facts)
    sheets = {"基础数据": basics, "评分": framework(**score)}
    wrong = [one for one in review(tmp_path, sheets) if one.kind.code == "R08"]
    assert [(one.sheet, one.expected.partition(".")[0]) for one in wrong] == [("评分", right)]
    (name,) = score
    sheets["评分"] = framework(**{name: float(right)})
    assert not [one for one in review(tmp_path, sheets) if one.kind.code == "R08"]


def test_without_the_base_data_nothing_is_said_of_a_leaf(tmp_path: Path) -> None:
    found = review(tmp_path, {"评分": framework(公用经费控制率=1, 在职人员控制率=0)})
    assert not [one for one in found if one.kind.code == "R08"]


ASSESSMENT = """
部门（单位）整体支出绩效目标完成情况自评表
部门（单位）名称 | 深圳市社会保险基金管理局直属分局
一级指标 | 二级指标 | 三级指标 | 预期指标值 | 实际完成指标值
产出指标 | 数量指标 | 案件调查是否全覆盖 | {} | 是
"""


def test_a_year_end_beside_its_beginning(tmp_path: Path) -> None:
    """表14 plans 是 for 案件调查; a year's end that measures 14宗 is asked about, one that measures 是 is not."""
    (body,) = [body for body in BODIES if "直属" in body.name]
    sheets = {"表14": body_sheet(body), "自评": ASSESSMENT.format("14宗")}
    assert ("R20", "自评", "D4") in places(review(tmp_path, sheets), Level.WARNING)
    sheets["自评"] = ASSESSMENT.format("是")
    assert ("R20", "自评", "D4") not in places(review(tmp_path, sheets), Level.WARNING)
    sheets["自评"] = ASSESSMENT.format("14宗").replace("直属分局", "罗湖分局")
    assert not places(review(tmp_path, sheets), Level.WARNING)
