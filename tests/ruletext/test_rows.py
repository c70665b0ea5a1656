"""A form's row that prints its rule: scored by it where the row holds what the rule needs, and reviewed by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfeval.arithmetic import Scaled
from perfeval.books.file import FileBook
from perfeval.checks import check
from perfeval.errors import InvalidValue
from perfeval.findings import Level
from perfeval.forms.assessment import assess
from perfeval.forms.reader import read_forms
from perfeval.hints import row_hints
from perfeval.ruletext import of_row
from perfeval.standards import convention
from support.sheettext import write_sheets

FORM = """
项目支出绩效自评表 | < | < | < | < | < | < | <
项目名称 | 测试项目 | < | < | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 评分标准 | 分值 | 得分
产出指标 | 数量指标 | {name} | {target} | {actual} | {rule} | 40 | {score}
产出指标 | 数量指标 | 场次 | 5场 | 5场 | | 60 | 60
总分 | < | < | < | < | | 100 | {total}
"""

STEPS = "100%得满分，每低于1个百分点扣2分，扣完为止"
TIERS = "完成率≥95%得满分，80%≤完成率<95%得50%，完成率<80%不得分"

ROWS = [
    # name, target, actual, rule, points (None: a person's), what the row is told
    ("到位率", "100%", "95%", STEPS, 30, "每低于 1 个百分点扣 2 分"),
    ("到位率", "100%", "94.5%", STEPS, None, "steps=floor"),
    ("到位率", "100%", "94.5%", STEPS + "，不足1个百分点不扣分", 30, "不满一档不扣"),
    ("培训人次", "100人次", "96人次", TIERS, 40, "完成值 ÷ 指标值"),
    ("培训人次", "100人次", "90人次", TIERS, 20, "完成值 ÷ 指标值"),
    ("培训人次", "≤100人次", "90人次", TIERS, None, "没有规则要的数"),
    ("满意度", "≥80%", "90%", "满意度≥90%得满分，满意度<90%得20分", 40, "满意度"),
    ("满意度", "≥80%", "60%", "90%以上得满分，其余得20分", 20, ""),
    ("满意度", "≥80%", "85%", "90%以上得满分，其余得20分", None, "完成率"),  # 85% is below 90%, 85% of 80% above it
    ("违规", "0例", "2例", "每发现一例扣5分", 30, "每 1 例扣 5 分"),
    ("检查", "10例", "2例", "每发现一例扣5分", None, "没有规则要的数"),
    ("办结天数", "≤30天", "35天", "每超1天扣2分", 30, "超过时限的天数 5天"),
    ("办结天数", "≤30天", "28天", "每超过1天扣2分，扣完为止", 40, "超过时限的天数 0天"),
    ("完成时间", "2025年6月30日前", "2025年7月3日", "按期完成得满分，每延迟1天扣2分，扣完为止", 34, "延迟的天数 3"),
    ("完成时间", "2025年6月30日前", "2025年6月20日", "每逾期1天扣2分", 40, "逾期的天数 0"),
    ("完成时间", "2025年6月30日前", "2025年7月", "每延迟1天扣2分", None, "没有规则要的数"),
    ("完成时间", "6月30日前", "2025年7月3日", "每延迟1天扣2分", None, "没有规则要的数"),
    ("办结天数", "≤30天", "32.5天", "每超1天扣2分", None, "没有规则要的数"),
    ("办结天数", "≤30天", "35天", "每停工1天扣2分", None, "没有规则要的数"),
    ("办结天数", "≤30天", "35天", "每超1个工作日扣2分", None, "没有规则要的数"),
    ("制度", "健全", "健全", "是否健全，酌情扣分", None, "由人评定"),
    ("培训人次", "100人次", "90人次", "达到指标值记满分，未达到按B/A或A/B×分值", 36, "90人次"),
    ("成本", "≤100元", "110元", "达到指标值记满分，未达到按B/A或A/B×分值", None, "inverse=reciprocal"),
]


def _form(name: str, target: str, actual: str, rule: str, score: str = "40") -> str:
    return FORM.format(name=name, target=target, actual=actual, rule=rule, score=score, total=float(score) + 60)


@pytest.mark.parametrize(("name", "target", "actual", "rule", "points", "says"), ROWS)
def test_a_row_is_scored_by_the_rule_that_it_prints(
    name: str, target: str, actual: str, rule: str, points: float | None, says: str, tmp_path: Path
) -> None:
    path = write_sheets(tmp_path / "自评表.xlsx", {"表": _form(name, target, actual, rule)})
    (form,) = read_forms(FileBook.open(path).grid("表"))
    row = assess(form, convention()).rows[0]
    assert (row.computed and float(row.computed)) == points
    assert says in row.explanation


@pytest.mark.parametrize(
    ("actual", "year", "points"), [("2025年7月1日", 2025, 0), ("2025年6月1日", 2025, 40), ("2025年7月1日", None, None)]
)
def test_a_deadline_without_a_year_is_of_the_forms(actual: str, year: int | None, points: float | None) -> None:
    rule = "达到目标值得满分，否则不得分"
    outcome = of_row(rule, "完工时间", "6月底前", actual, "", Scaled(40, 0), convention().in_year(year))
    assert (outcome.value if outcome.value is None else float(outcome.value)) == points


def test_the_review_says_what_the_printed_rule_gives(tmp_path: Path) -> None:
    right = write_sheets(tmp_path / "对.xlsx", {"表": _form("到位率", "100%", "95%", STEPS, "30")})
    wrong = write_sheets(tmp_path / "错.xlsx", {"表": _form("到位率", "100%", "95%", STEPS, "38")})
    open_ = write_sheets(tmp_path / "未定.xlsx", {"表": _form("到位率", "100%", "94.5%", STEPS, "30")})
    found = {
        path.stem: [one for one in check(FileBook.open(path)) if one.kind.code == "R08"]
        for path in (right, wrong, open_)
    }
    assert not found["对"]
    assert not found["未定"]
    (finding,) = found["错"]
    assert (finding.cell, finding.expected, finding.level) == ("H4", "30", Level.ERROR)
    assert "每低于 1 个百分点扣 2 分" in finding.message


def test_a_choice_of_the_book_decides_what_the_words_leave_open() -> None:
    open_ = ("到位率", "100%", "94.5%", "", Scaled(40, 0))
    with pytest.raises(InvalidValue, match=r"steps=floor.*30 分.*steps=ceil.*28 分"):
        of_row(STEPS, *open_, convention())
    assert of_row(STEPS, *open_, convention("; steps=ceil")).value == Scaled(2800, 2)


def test_the_hint_of_a_row_follows_its_printed_rule() -> None:
    said = [hint.message for hint in row_hints("100%", "95%", 40.0, 38.0, "延期", "", convention(), STEPS)]
    assert len(said) == 1
    assert "测算为 30 分，得分为 38" in said[0]
    assert not row_hints("100%", "95%", 40.0, 30.0, "付款延期到次年", "", convention(), STEPS)
