"""Tables of amounts, read from .xlsx: which columns are labels, which amounts, what belongs to which header."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfeval.arithmetic import Scaled, decimal
from perfeval.checks.figures.footing import footing
from perfeval.forms.amount_tables import AmountTable, figure, read_tables
from perfeval.forms.grid import Grid
from perfeval.forms.model import Entry
from support.published import BODY_FORMS, BUDGET_TABLES, as_numbers, grids, texts
from support.seed004 import DEPARTMENT
from support.shapes import SHAPES

SHEETS = texts(BUDGET_TABLES) | texts(BODY_FORMS)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Grid]:
    return grids(tmp_path_factory.mktemp("tables") / "表.xlsx", SHEETS)


def one(tmp_path: Path, sheet: str) -> list[AmountTable]:
    return read_tables(grids(tmp_path / "表.xlsx", {"表": sheet})["表"])


def shape(table: AmountTable) -> tuple[str, str, str, int, int, int]:
    line = table.lines[0]
    return table.title, table.side, table.unit, len(table.lines), len(line.labels), len(line.amounts)


def content(table: AmountTable) -> list[tuple[dict[str, str], dict[str, Scaled | None]]]:
    return [
        ({k: v.text for k, v in line.labels.items()}, {k: figure(v) for k, v in line.amounts.items()})
        for line in table.lines
    ]


@pytest.mark.parametrize("name", SHEETS)
def test_published_table(published: dict[str, Grid], name: str) -> None:
    assert [shape(table) for table in read_tables(published[name])] == SHAPES[name]


@pytest.mark.parametrize("name", texts(BUDGET_TABLES))
def test_every_printed_amount_comes_back_from_its_cell(published: dict[str, Grid], name: str) -> None:
    grid = published[name]
    read = {
        entry.cell: entry.value
        for table in read_tables(grid)
        for line in table.lines
        for entry in (*line.labels.values(), *line.amounts.values())
        if entry.cell and entry.text
    }
    first = min(place.row for place in read)
    assert read == {
        place: cell.value for place, cell in grid.cells.items() if place.row >= first and cell.value is not None
    }


@pytest.mark.parametrize("name", texts(BUDGET_TABLES))
def test_numbers_read_as_printed_amounts_do(published: dict[str, Grid], tmp_path: Path, name: str) -> None:
    assert "[#,##0]" in as_numbers(SHEETS[name])
    numbers = one(tmp_path, as_numbers(SHEETS[name]))
    assert [content(table) for table in numbers] == [content(table) for table in read_tables(published[name])]


def test_lines_below_a_body_are_its_own(published: dict[str, Grid]) -> None:
    (table,) = read_tables(published["table7"])
    groups = {head.label: [line.labels["科目名称"].text for line in lines] for head, lines in table.groups()}
    assert len(groups) == 14
    assert groups[DEPARTMENT] == []
    assert groups[f"{DEPARTMENT}(社保专项)"] == ["其他社会保障和就业支出", "财政对城乡居民基本养老保险基金的补助"]
    assert sum(map(len, groups.values())) == len(table.lines) - len(groups)


LAYOUTS: dict[str, tuple[str, list[list[str]]]] = {
    "合并的金额只计一次": (
        "单位：万元 | < | <\n项目名称 | 预算数 | 决算数\n甲 | 100 | 80\n乙 | ^ | 20",
        [["万元", "甲 100 80", "乙 - 20"]],
    ),
    "年份作表头，负数，万元写在金额里": (
        "支出项目 | 2019年 | 2020年\n会议费 | 2.5万元 | -300\n培训费 | 0 | 1,200.50",
        [["", "会议费 25000 -300", "培训费 0 1200.5"]],
    ),
    "两张表上下相接": (
        "项目 | 预算数\n甲 | 1\n类别 | 决算数\n乙 | 2",
        [["", "甲 1"], ["", "乙 2"]],
    ),
    "注不算行": ("项目 | 金额（元）\n甲 | 1\n注：甲为试点 | <", [["元", "甲 1"]]),
    "预算数是文字，不是2020这个数": ("项目 | 2020预算数\n甲 | 1", [["", "甲 1"]]),
    "只有文字的表": ("项目 | 说明\n甲 | 正常", []),
    "字段和值不是表": ("主管部门 | 某局 | 实施单位 | 某中心\n项目资金 | 120 | 其中拨款 | 100", []),
    "空表": ("", []),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(tmp_path: Path, name: str) -> None:
    sheet, expected = LAYOUTS[name]
    assert [
        [
            table.unit,
            *(" ".join([line.label, *(str(figure(e) or "-") for e in line.amounts.values())]) for line in table.lines),
        ]
        for table in one(tmp_path, sheet)
    ] == expected


def test_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    (table,) = one(tmp_path, "项目 | 金额 | 金额\n甲 | 1 | 2")
    assert {header: entry.value for header, entry in table.lines[0].amounts.items()} == {"金额": 1, "金额（C列）": 2}


@pytest.mark.parametrize("text", ["", "—", "— —", "-", "/", "不适用", "见附表", "12次", "2020年", "#DIV/0!"])
def test_no_figure(text: str) -> None:
    assert figure(Entry(text or None)) is None


@pytest.mark.parametrize(
    ("total", "parts", "unit", "exact", "holds"),
    [
        ("62590", ["37345", "25245"], "万元", True, True),
        ("7002", ["5534", "1469"], "万元", False, True),  # 1 apart: two addends
        ("6335", ["5370", "965", "2"], "万元", False, False),  # 2 apart: three addends
        ("5371", ["5370"], "万元", False, True),  # one figure in two tables
        ("5372", ["5370"], "万元", False, False),
        ("3294.86", ["2833.57", "505.79", "-40", "-4.49"], "万元", False, True),  # 0.01 apart, printed to 0.01
        ("3294.86", ["2833.57", "505.79", "-40", "-4.46"], "万元", False, False),
        ("33393643.41", ["33393643.40"], "元", False, False),  # 元 are not rounded
        ("0", [], "万元", True, True),
    ],
)
def test_footing(total: str, parts: list[str], unit: str, exact: bool, holds: bool) -> None:
    foot = footing(decimal(total), [decimal(part) for part in parts], unit)
    assert (foot.is_exact, foot.holds) == (exact, holds)
