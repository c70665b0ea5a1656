"""A printed 评分标准 has no column in a workbook of projects: wherever it comes from, it is named as not carried."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfeval.books.opening import opened
from perfeval.records.from_targets import read_targets
from perfeval.records.model import Body
from perfeval.records.reading import read_body
from support import target_sheets
from support.sheettext import write_sheets

SHEET = """
项目名称 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 分值 | {heading}
路灯维护 | 产出指标 | 数量指标 | 路灯数量 | ≥100盏 | 50 | 每少1盏扣1分
路灯维护 | 产出指标 | 质量指标 | 完好率 | ≥95% | 50 |
"""


BODY = Body(name="", year=2023, convention="", unit="元", projects=())


@pytest.mark.parametrize(
    ("heading", "notes"),
    [
        ("评分标准", ("“绩效目标”没有带入：评分标准（1 行）",)),
        ("计分方法", ("“绩效目标”没有带入：评分标准（1 行）",)),
        ("扣分规则", ("“绩效目标”没有带入：评分标准（1 行）",)),
        ("数据来源", ("“绩效目标”没有带入：数据来源（1 行）",)),
        ("经办人的备注", ()),
    ],
)
def test_a_column_of_an_import_sheet_is_named(tmp_path: Path, heading: str, notes: tuple[str, ...]) -> None:
    path = write_sheets(tmp_path / "数据.xlsx", {"绩效目标": SHEET.format(heading=heading).strip()})
    assert read_body(opened(path)).notes == notes


def test_a_column_of_a_target_table_is_named(tmp_path: Path) -> None:
    head, *rows = target_sheets.table().split("目标内容")
    lines = ("目标内容" + "".join(rows)).split("\n")
    ruled = [lines[0] + " | 评分标准", lines[1] + " | 每少1公里扣1分", *(line + " |" for line in lines[2:])]
    read = read_targets([target_sheets.tables(tmp_path, head + "\n".join(ruled))], BODY)
    assert "绩效目标表没有带入：评分标准（1 行）" in read.notes


def test_a_target_table_without_such_columns_is_read_in_silence(tmp_path: Path) -> None:
    read = read_targets([target_sheets.tables(tmp_path, target_sheets.table())], BODY)
    assert not [note for note in read.notes if "没有带入" in note]
