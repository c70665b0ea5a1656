"""``check --xlsx`` and ``score --xlsx``: what the buttons 复核文件夹 and 对照 write, from the shell."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from perfeval.cli import main
from support.tables import LAYOUTS, published, write_book


def test_both_are_written_and_lead_to_the_cells(tmp_path: Path) -> None:
    form = write_book(tmp_path / "甲.xlsx", next(iter(LAYOUTS.values())), published("shenzhen-2021")[:1])
    review, compared = tmp_path / "结果.xlsx", tmp_path / "分.xlsx"
    assert main(["check", str(form), "--xlsx", str(review)]) in (0, 1)
    assert main(["score", str(form), "--xlsx", str(compared)]) == 0
    links = [str(row[3].value) for row in openpyxl.load_workbook(review)["逐条"].iter_rows(min_row=5)]
    assert any(link.startswith('=HYPERLINK("甲.xlsx#') for link in links)
    verdicts = {row[8].value for row in openpyxl.load_workbook(compared)["逐项"].iter_rows(min_row=5)}
    assert verdicts <= {"相同", "不同", "由人评定", "不计分", "表中没有"}
    assert "不同" in verdicts
