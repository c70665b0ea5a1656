"""Tables of bodies whose forms were never seen: each is read as a person reads it, or refused by name.

The tables stand in ``layouts/unseen/*.toml`` as text (``sheettext``), with their reading beside them. Facts are invented;
layouts are those that bodies publish.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from perfeval.arithmetic import Scaled
from perfeval.books.file import FileBook
from perfeval.forms.assessment import Assessment, assess
from perfeval.forms.grid import Address, Area, Cell, Grid
from perfeval.forms.model import Entry
from perfeval.forms.reader import read_forms
from perfeval.standards import NATIONAL, convention
from support.sheettext import write_sheets
from support.unseen import TABLES


def readings(table: dict[str, Any], folder: Path) -> list[Assessment]:
    """Every form of the table's file, assessed under its 口径."""
    at = tuple(table.get("at", (1, 1)))
    path = write_sheets(folder / "自评表.xlsx", {"表": table["sheet"]}, at=at, hidden_rows=table.get("hidden_rows", ()))
    options = convention(table.get("standard", NATIONAL))
    return [assess(form, options) for form in read_forms(FileBook.open(path).grid("表"))]


def told(result: Assessment) -> Iterator[str]:
    """A reading in lines: the project, the funds, each row with printed and computed score, the totals, the problems."""
    form = result.form
    yield f"项目 {form.name.text}（{form.unit}）"
    for funds in form.funds:
        amounts = (funds.initial, funds.budget, funds.executed, funds.weight, funds.score)
        yield f"资金 {funds.source}：{' | '.join(map(shown, amounts))}"
    for row in form.rows:
        if not row.is_placeholder:
            entries = (row.name, row.target, row.actual, row.weight, row.score)
            yield f"{row.level1}·{row.level2}：{' | '.join(map(shown, entries))}"
    scores = " ".join(f"{number(row.computed)}" for row in result.rows)
    yield f"测算 {scores}"
    yield f"总分 {shown(form.total_weight)} | {shown(form.total_score)} = {number(result.computed_total)}"
    yield from (f"问题 {problem}" for problem in form.problems)


def shown(entry: Entry) -> str:
    value = entry.value
    return f"{value:g}" if isinstance(value, float) and value < 1e5 else entry.text.replace("\n", "")


def number(value: Scaled | None) -> str:
    return "？" if value is None else str(value)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_as_a_person_reads_it(name: str, tmp_path: Path) -> None:
    results = readings(TABLES[name], tmp_path)
    lines = [line for result in results for line in told(result)]
    assert lines == TABLES[name].get("reads", "").strip().splitlines()


@pytest.mark.parametrize("name", [name for name in TABLES if "says" in TABLES[name]])
def test_what_a_row_is_told(name: str, tmp_path: Path) -> None:
    explanations = {row.name: row.explanation for result in readings(TABLES[name], tmp_path) for row in result.rows}
    for row, words in TABLES[name]["says"].items():
        assert words in explanations[row]


def test_a_form_under_a_hundred_thousand_rows_among_a_thousand_merges() -> None:
    lines = [("项目支出绩效自评表",), ("项目名称", "水文监测"), ("三级指标", "指标值", "完成值", "分值", "得分")]
    lines += [("监测站点", "40个", "40个", 100.0, 100.0), ("总分", None, None, 100.0, 100.0)]
    data = 100_000
    cells = {Address(row, column): Cell(float(row * column)) for row in range(1, data) for column in range(1, 4)}
    cells |= {Address(row, 4): Cell(f"第{row}笔支出，年初预算数与实际完成值见附件") for row in range(1, data)}
    cells |= {
        Address(data + row, column): Cell(value)
        for row, line in enumerate(lines, 1)
        for column, value in enumerate(line, 1)
    }
    merges = tuple(Area(row, 6, row + 1, 9) for row in range(2, 2002, 2))
    (form,) = read_forms(Grid("流水", cells, merges))
    assert (form.name.text, form.rows[0].target.text, form.total_score.value) == ("水文监测", "40个", 100.0)
    assert form.rows[0].score.cell == Address(data + 4, 5)
