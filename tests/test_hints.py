"""What a reviewer says of a row, and says not of one that only looks alike."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import perfeval.hints
from perfeval.errors import DIV0
from perfeval.hints import row_hints
from perfeval.standards import convention

# code: (what is the matter, the row that has it, a row alike that has it not)
# A row is 指标值, 完成值, 分值, 得分, 偏差原因, then perhaps 二级指标 and 口径.
Row = tuple[Any, ...]
PAIRS: list[tuple[str, str, Row, Row]] = [
    ("R06", "得分大于分值", ("≥5人", "5人", 10, 10.5, ""), ("≥5人", "5人", 10, 10, "")),
    ("R06", "得分为负", ("≥5人", "0人", 10, -1, "停办"), ("≥5人", "0人", 10, 0, "停办")),
    ("R07", "S003 表2：反向指标按正向计分", ("≤100%", "86%", 10, 8.6, "见说明"), ("≤100%", "86%", 10, 10, "")),
    ("R07", "成本指标不带比较号", ("50万元", "43万元", 10, 8.6, "结余", "成本指标"), ("50万元", "43万元", 10, 8.6, "结余", "数量指标")),
    ("R08", "S003 表6：未达标却满分", ("≥30.68万份", "30.5万份", 10, 10, ""), ("≥30.68万份", "30.5万份", 10, 9.94, "顺延")),
    ("R08", "S003 表7：比例分截断", ("29", "8", 10, 2.75, "疫情"), ("29", "8", 10, 2.76, "疫情")),
    ("R08", "达标却扣分", ("≥95%", "95%", 20, 18, "从严"), ("≥95%", "95%", 20, 20, "")),
    ("R08", "超标的反向指标仍满分", ("≤3天", "4天", 10, 10, ""), ("≤3天", "3天", 10, 10, "")),
    ("R09", "扣分没有原因", ("≥10人", "9人", 10, 9, "—"), ("≥10人", "9人", 10, 9, "一人退出")),
    ("R09", "定性指标扣分没有原因", ("及时", "基本及时", 10, 8, ""), ("及时", "基本及时", 10, 8, "两笔延迟")),
    ("R10", "满分却填原因", ("≥10人", "10人", 10, 10, "人员不足"), ("≥10人", "10人", 10, 10, "无")),
    ("R11", "S003 表3：171%", ("≥14人", "24人", 10, 10, ""), ("≥14人", "24人", 10, 10, "增加了两期")),
    ("R11", "恰好超过 30%", ("≥100人", "130人", 10, 10, ""), ("≥100人", "129人", 10, 10, "")),
    ("R11", "口径定为 20%", ("≥100人", "125人", 10, 10, "", "", "over_threshold=20%"), ("≥100人", "125人", 10, 10, "")),
    ("R11", "只对正向指标", ("≥100人", "200人", 10, 10, ""), ("≤100人", "10人", 10, 10, "")),
    ("R12", "单位不同", ("37个", "100%", 10, 10, ""), ("37个", "37个", 10, 10, "")),
    ("R12", "数与百分数", ("100", "100%", 10, 10, ""), ("100%", "100%", 10, 10, "")),
    ("R12", "数量对文字", ("27人", "完成", 10, 10, ""), ("完成", "完成", 10, 10, "")),
    ("R12", "一格两个指标值", ("100%1000件", "100%", 10, 10, ""), ("100%", "100%", 10, 10, "")),
    ("R12", "≥90% 认成 290%", ("290%", "92%", 10, 3.17, "少"), ("≥90%", "92%", 10, 10, "")),
    ("R12", "完成值 ≥8 认成 28", ("≥8次", "28次", 10, 10, "多"), ("≥8次", "18次", 10, 10, "多")),
    ("R12", "指标值是错误值", (DIV0, "5人", 10, 10, ""), ("5人", "5人", 10, 10, "")),
    ("R13", "S001：完成值照抄指标值", ("≥98%", "≥98%", 10, 10, ""), ("≥98%", "98%", 10, 10, "")),
    ("R13", "口径允许取界限", ("≥98%", "≥98%", 10, 10, ""), ("≥98%", "≥98%", 10, 10, "", "", "inequality=bound")),
    ("R13", "S001：填了整个选项列表", ("好", "好坏", 10, 10, ""), ("好", "好", 10, 10, "")),
    ("R13", "完成值是范围", ("≥3次", "3-5次", 10, 10, ""), ("≥3次", "4次", 10, 10, "超一次")),
    ("R13", "完成值是错误值", ("5人", DIV0, 10, 10, ""), ("5人", "5人", 10, 10, "")),
    ("R14", "完成值空白", ("≥5人", None, 10, 10, ""), ("≥5人", "5人", 10, 10, "")),
    ("R14", "指标值空白", ("", "5人", 10, 10, ""), ("5人", "5人", 10, 10, "")),
    ("R14", "得分空白", ("≥5人", "4人", 10, None, ""), ("≥5人", "4人", 10, 8, "少一人")),
    ("R14", "定性得分空白", ("及时", "及时", 10, "", ""), ("及时", "及时", 10, 9, "略迟")),
    ("R14", "得分不是数", ("≥5人", "5人", 10, "满分", ""), ("≥5人", "5人", 10, "10分", "")),
    ("R14", "分值不是数", ("≥5人", "5人", "若干", 10, ""), ("≥5人", "5人", "10分", 10, "")),
    ("R14", "没有分值的行不问", ("≥5人", None, 10, None, ""), ("≥5人", None, 0, None, "")),
    ("R14", "空行不问", ("≥5人", None, 10, None, ""), (None, None, 10, None, "")),
    ("R24", "不适用却有分值", ("不适用", "", 10, 10, ""), ("不适用", "", 0, "", "")),
    ("R24", "不适用，分值也是横线", ("——", "——", 10, 10, ""), ("——", "——", "——", "——", "")),
]  # fmt: skip


def codes(row: Row) -> list[str]:
    cells, options = row[:5], row[5:]
    kind, text = (*options, "", "")[:2]
    return [hint.code for hint in row_hints(*cells, kind, convention(text))]


@pytest.mark.parametrize(
    ("code", "matter", "faulty", "alike"), PAIRS, ids=lambda part: part if isinstance(part, str) else ""
)
def test_a_fault_is_told_and_its_like_is_not(code: str, matter: str, faulty: Row, alike: Row) -> None:
    assert code in codes(faulty), matter
    assert code not in codes(alike), matter


def test_every_code_of_the_module_has_its_pair() -> None:
    source = Path(perfeval.hints.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r'Hint\(\s*"(R\d\d)"', source)) == {code for code, *_ in PAIRS}


@pytest.mark.parametrize(
    "row",
    [
        ("≥95%", 0.96, 10, 10.0, None),
        ("≥95%", "90%", 10, 9.47, "两项延期"),
        ("≤0宗", "0宗", 10, 10, "无"),
        ("2021年12月31日", date(2021, 12, 31), 10, 10, ""),
        ("及时", "及时", 10, 10, "不适用"),
        ("15-18次", "16次", 10, 10, ""),
        (None, None, None, None, None),
    ],
)
def test_a_sound_row_is_left_in_peace(row: Row) -> None:
    assert codes(row) == []


def test_a_hint_says_what_to_do() -> None:
    (hint,) = row_hints("≥29期", "8期", 10, 2.75, "疫情", "", convention())
    assert hint.message == "测算为 2.76 分，得分为 2.75"
    (hint,) = row_hints("≥10人", "9人", 10, 9, "", "", convention())
    assert hint.message == "扣了 1 分，未说明偏差原因"


def test_the_glossary_marks_the_codes_that_hints_raise() -> None:
    glossary = (Path(__file__).parents[1] / "docs" / "glossary.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (R\d\d) \|.*\| (●?) ?\|$", glossary, re.MULTILINE)
    assert [code for code, _ in listed] == [f"R{number:02d}" for number in range(1, 29)]
    assert {code for code, mark in listed if mark} == {code for code, *_ in PAIRS}
