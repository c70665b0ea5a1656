"""The ribbon's commands on an open workbook: the same plan as on the file, told in one message."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

import fakeexcel
from perfeval.books import FileBook
from perfeval.books.live import LiveBook
from perfeval.commands.fill import plan
from perfeval.excel import commands
from perfeval.forms.grid import address
from tables import LAYOUTS, published, write_book

PROJECT = published("shenzhen-2021")[0]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A workbook with one published form, emptied of what is filled in, and the import sheets."""
    path = write_book(tmp_path / "自评表.xlsx", next(iter(LAYOUTS.values())), [PROJECT])
    book = openpyxl.load_workbook(path)
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if cell.value is not None and str(cell.value) in {i.actual for i in PROJECT.indicators}:
                cell.value = None
    targets = book.create_sheet("绩效目标")
    targets.append(["项目编码", "项目名称", "一级指标", "二级指标", "三级指标", "年度指标值", "分值", "实际完成值"])
    for i in PROJECT.indicators:
        targets.append(["01", PROJECT.name, i.level1, i.level2, i.level3, i.target, float(i.weight), i.actual])
    book.create_sheet("执行数据").append(["项目编码", "项目名称", "资金来源", "年初预算数", "全年预算数", "全年执行数"])
    book.save(path)
    return path


@pytest.fixture
def opened(path: Path, monkeypatch: pytest.MonkeyPatch) -> xw.Book:
    book = fakeexcel.open_book(path)
    monkeypatch.setattr(xw.Book, "caller", lambda: book)
    return book


def test_the_plan_is_that_of_the_file(path: Path) -> None:
    live = plan(LiveBook(fakeexcel.open_book(path)))
    assert live == plan(FileBook.open(path))
    assert live.edits


def test_filling_writes_and_says_so_once(opened: xw.Book) -> None:
    planned = plan(LiveBook(opened)).edits
    commands.fill()
    (message,) = opened.impl.app.alerts
    assert message.startswith(f"填写了 {len(planned)} 个单元格。")
    after = LiveBook(opened)
    for edit in planned:
        assert after.grid(edit.sheet)[edit.cell].value == edit.content


def test_filling_twice_changes_nothing(opened: xw.Book) -> None:
    commands.fill()
    commands.fill()
    assert opened.impl.app.alerts[1].startswith("没有需要填写的单元格")


def test_a_cell_of_ones_own_is_kept_and_named(opened: xw.Book) -> None:
    (first, *_) = plan(LiveBook(opened)).edits
    sheet = opened.impl.sheets(first.sheet)
    for book in (sheet.formulas, sheet.cached):
        book.cell(*first.cell).value = "另有数据"
    commands.fill()
    assert f"“{first.sheet}”{first.cell}" in opened.impl.app.alerts[0]
    assert LiveBook(opened).grid(first.sheet)[first.cell].value == "另有数据"


def test_a_refusal_is_said_and_changes_nothing(opened: xw.Book) -> None:
    sheet = opened.impl.sheets("绩效目标")
    for book in (sheet.formulas, sheet.cached):
        book.delete_rows(2, 100)
    before = LiveBook(opened).grid(LiveBook(opened).sheets[0])[address("A1")]
    commands.fill()
    (message,) = opened.impl.app.alerts
    assert "没有可填的数据" in message
    assert message.endswith("没有改动任何单元格。")
    assert LiveBook(opened).grid(LiveBook(opened).sheets[0])[address("A1")] == before
