"""Deadlines on forms, with the year that the form prints; also where the year is that of the spreadsheet."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from perfeval.books.file import FileBook
from perfeval.checks import check
from perfeval.commands import score
from support.sheettext import write_sheets

FORM = """
项目支出绩效自评表 | < | < | < | < | < | < | <
{year} | < | < | < | < | < | < | <
项目名称 | 河道清淤 | < | < | 实施单位 | 某局 | < | <
项目资金（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | 100 | 100 | 100 | 10 | 100% | 10
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
^ | 产出指标 | 时效指标 | 完工时间 | {target} | {actual} | 90 | {score}
总分 | < | < | < | < | < | 100 | {total}
"""

CASES = {
    # year line, target, actual (a datetime is a date cell), score: codes at F7, H7
    "晚了，满分": ("（2025年度）", "2025年6月30日前", "2025年7月20日", 90, ["R08"]),
    "晚了，满分，都没有年份": ("（2025年度）", "6月底前", "7月20日", 90, ["R08"]),
    "日期格，表上有年度": ("（2025年度）", "12月底前", datetime(2025, 12, 25), 90, []),
    "日期格是今年的": ("（2025年度）", "12月底前", datetime(2026, 12, 25), 90, ["R08"]),
    "哪里都没有年度": ("", "12月底前", datetime(2026, 12, 25), 90, []),
    "比区间短": ("（2025年度）", "3-5天", "2天", 90, []),
}


def book(tmp_path: Path, name: str) -> FileBook:
    year, target, actual, points, _ = CASES[name]
    text = "" if isinstance(actual, datetime) else actual
    sheet = FORM.format(year=year, target=target, actual=text, score=points, total=points + 10)
    path = write_sheets(tmp_path / "表.xlsx", {"自评": sheet})
    if isinstance(actual, datetime):
        content = openpyxl.load_workbook(path)
        content["自评"]["F7"] = actual
        content.save(path)
    return FileBook.open(path)


@pytest.mark.parametrize("name", CASES)
def test_a_deadline_on_a_form(name: str, tmp_path: Path) -> None:
    findings = [one for one in check(book(tmp_path, name)) if one.cell in {"E7", "F7", "G7", "H7"}]
    assert [one.kind.code for one in findings] == CASES[name][-1]
    if name == "日期格是今年的":
        assert "请连年份输入：2025-12-25" in findings[0].message


def test_a_deadline_that_was_kept_is_scored(tmp_path: Path) -> None:
    read = book(tmp_path, "日期格，表上有年度")
    row = score.explain(read.path, "自评!H7")
    assert (str(row.computed), row.differs) == ("90", False)
