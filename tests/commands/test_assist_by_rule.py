"""测算列 beside rows that print a 评分标准: the score is that of ``ruletext.of_row``, or none and the 提示 says that it is a person's."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path

import pytest

from perfeval.arithmetic import Scaled
from perfeval.books.file import FileBook
from perfeval.commands import assist
from perfeval.errors import PerfEvalError
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Grid, Value, address
from perfeval.ruletext import of_row, with_choices
from perfeval.standards import NATIONAL, convention
from support import DATA
from support.sheettext import write_sheets

OPTIONS = convention(NATIONAL)
HEAD = """
项目支出绩效自评表（2025年度）
项目名称 | 管网改造
一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 评分标准 | 分值 | 得分 | 偏差原因
"""
WEIGHT = Scaled(10, 0)
RULES = [
    with_choices(case["text"])[0]
    for case in tomllib.loads((DATA / "printed_rules/sentences.toml").read_text(encoding="utf-8"))["rule"]
    if case["weight"] == "10" and "refused" not in case
]
RULES += ["达到指标值得满分，未达到的按完成比例得分", "完成得满分，未完成不得分", "达到目标值得满分，否则不得分"]
TARGETS = (
    "≥100%",
    "100%",
    "95%",
    "≤5%",
    "≥50人",
    "80件",
    "≤30天",
    "0次",
    "10—20%",
    "及时",
    ">40万元",
    "约500人",
    "增长10%",
)
ACTUALS = {
    "%": ("100%", "95%", "94.99%", "90%", "0%", "5%", "5.5%", "12.5%", "130%", "增长8%", "≥95%"),
    "人": ("50人", "45人", "47.5人", "480人", "约45人"), "件": ("80件", "60件"), "天": ("30天", "33天", "70天"),
    "次": ("0次", "1次", "2次"), "时": ("及时", "不及时"), "元": ("40万元", "415000元", "38万元"),
}  # fmt: skip


def _rows(count: int) -> list[tuple[str, str, str, str]]:
    """Name, 指标值, 完成值 and rule of so many rows, every rule among them."""
    draw = random.Random(15)
    rows = []
    for place in range(count):
        target = draw.choice(TARGETS)
        rows.append(
            (
                draw.choice(("完成率", "到位率", "指标")),
                target,
                draw.choice(ACTUALS[target[-1]]),
                RULES[place % len(RULES)],
            )
        )
    return rows


def _form(path: Path, rows: list[tuple[str, str, str, str]], score: str = "") -> Path:
    lines = [
        f"产出指标 | 数量指标 | {name}{place} | {target} | {actual} | {rule} | {WEIGHT} | {score} | "
        for place, (name, target, actual, rule) in enumerate(rows)
    ]
    write_sheets(path, {"表": HEAD + "\n".join(lines)})
    return assist.add(path, path.with_name("加了.xlsx"), overwrite=True).path or path


def _beside(grid: Grid, row: int) -> tuple[Value, Value]:
    """测算得分 and 提示 of a row."""
    left = next(place.column for place, cell in grid.cells.items() if cell.value == "测算得分")
    return grid[row, left].value, grid[row, left + 2].value


def _by_rule(name: str, target: str, actual: str, rule: str) -> float | None:
    try:
        points = of_row(rule, name, target, actual, "数量指标", WEIGHT, OPTIONS.in_year(2025)).value
    except PerfEvalError:
        return None
    return None if points is None else float(points)  # type: ignore[arg-type]


def _first(grid: Grid) -> int:
    return next(place.row for place, cell in grid.cells.items() if cell.value == "三级指标") + 1


def test_every_score_is_that_of_the_rule_or_none(tmp_path: Path) -> None:
    rows = _rows(max(300, 4 * len(RULES)))
    grid = FileBook.open(_form(tmp_path / "自评表.xlsx", rows)).grid("表")
    equal = handed = 0
    for at, (name, target, actual, rule) in enumerate(rows, start=_first(grid)):
        score, hint = _beside(grid, at)
        wanted = _by_rule(f"{name}{at - _first(grid)}", target, actual, rule)
        if score in ("", None):
            assert hint, (target, actual, rule)
            handed += wanted is not None
        else:
            assert score == wanted, (name, target, actual, rule)
            assert "得分空白" in str(hint)
            equal += 1
    assert equal > 60
    assert handed <= equal // 10


@pytest.mark.parametrize(
    ("column", "value", "score", "said"),
    [
        ("E", "90%", 0, "得分空白"),  # what is typed later is scored by the same rule
        ("E", "98%", 8, "得分空白"),
        ("E", "好", "", "不是测量值"),
        ("F", "完成得满分，未完成不得分", "", "评分标准或分值改过"),
        ("G", 20, "", "评分标准或分值改过"),
        ("H", 10, 10, ""),
        ("H", 9, 10, "按印的标准测算为 10 分，得分为 9"),
        ("H", 11, 10, "大于分值"),
        ("H", "优", 10, "不是数"),
    ],
)
def test_an_edited_row(column: str, value: Value, score: float | str, said: str, tmp_path: Path) -> None:
    rule = "100%得满分，每低于1个百分点扣1分，扣完为止"
    path = _form(tmp_path / "自评表.xlsx", [("到位率", "100%", "100%", rule)])
    book = FileBook.open(path)
    at = _first(book.grid("表"))
    book.apply([Edit("表", address(f"{column}{at}"), value)])
    computed, hint = _beside(book.grid("表"), at)
    assert computed == score
    assert said in str(hint)
    assert said or not hint


def test_a_rule_that_is_not_understood_is_a_persons(tmp_path: Path) -> None:
    path = _form(
        tmp_path / "自评表.xlsx", [("到位率", "100%", "95%", "由专家酌情打分"), ("到位率", "100%", "95%", "看着给")]
    )
    grid = FileBook.open(path).grid("表")
    for at in (_first(grid), _first(grid) + 1):
        score, hint = _beside(grid, at)
        assert score is None
        assert str(hint).startswith("按印的评分标准由人评定")


def test_the_total_counts_what_rules_score(tmp_path: Path) -> None:
    rule = "达到目标值得满分，否则不得分"
    path = tmp_path / "自评表.xlsx"
    lines = (
        f"产出指标 | 数量指标 | 甲 | 100% | 95% | {rule} | 40 | 0 |\n产出指标 | 质量指标 | 乙 | ≥90% | 95% | {rule} | 60 | 60 |\n"
        "总分 | | | | | | 100 | 60 |"
    )
    write_sheets(path, {"表": HEAD + lines})
    grid = FileBook.open(assist.add(path, tmp_path / "加了.xlsx").path or path).grid("表")
    at = _first(grid)
    assert [_beside(grid, row)[0] for row in (at, at + 1, at + 2)] == [0, 60, 60]


def test_a_form_that_asks_for_no_reasons_is_told_of_none(tmp_path: Path) -> None:
    path = tmp_path / "自评表.xlsx"
    head = HEAD.replace(" | 偏差原因", "").replace(" | 评分标准", "")
    write_sheets(path, {"表": head + "产出指标 | 数量指标 | 甲 | 100% | 95% | 40 | 38"})
    grid = FileBook.open(assist.add(path, tmp_path / "加了.xlsx").path or path).grid("表")
    assert _beside(grid, _first(grid)) == (38, "")
