"""Official tables as sheets: filled with the published figures they read back, add up, and say where they do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.arithmetic import decimal
from perfeval.books.file import FileBook
from perfeval.checks.figures.footing import footing
from perfeval.errors import InvalidValue
from perfeval.forms.amount_tables import AmountTable, figure, read_tables
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address, Grid, Value, address
from perfeval.forms.target_tables import TargetTable, read_target_tables, ticked
from perfeval.records import names
from perfeval.workbook.tables import Table, chosen, contents, load
from perfeval.workbook.tables.layout import sums
from perfeval.workbook.tables.placing import placed
from support.audits import Item, Published, bodies, budgets, foots, short
from support.plain_book import book as plain_book
from support.published import BODY_FORMS, BUDGET_TABLES, grids, texts
from support.seed004 import BODIES, PROJECTS, Body, Project
from support.shapes import SHAPES
from support.tablesheets import ACCOUNTS, ACCOUNTS_2021, AMOUNTS, BUDGET, BUDGET_2020, amounts, blanks, tables, targets
from support.target_reading import number, plan, tasks
from support.target_reading import targets as indicators

SHEETS = {**texts(BUDGET_TABLES), **texts(BODY_FORMS)}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Grid]:
    """The published tables as printed."""
    return grids(tmp_path_factory.mktemp("published") / "公布.xlsx", {name: SHEETS[name] for name in AMOUNTS})


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Grid]:
    """The same on the official sheets."""
    budget = amounts(tmp_path_factory.mktemp("budget"), BUDGET, BUDGET_2020)
    accounts = amounts(tmp_path_factory.mktemp("accounts"), ACCOUNTS, ACCOUNTS_2021)
    return {name: (budget if name in BUDGET else accounts).grid(name) for name in AMOUNTS}


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> FileBook:
    return blanks(tmp_path_factory.mktemp("blank") / "空白.xlsx")


# --- as data ---


def test_every_table_of_the_issue_is_described() -> None:
    assert sorted(AMOUNTS.values()) == sorted(table.id for table in tables() if table.group in {"预算", "决算"})
    assert [table.number for table in chosen("预算")] == ["表1", "表3", "表6", "表7", "表11", "表12", "表13"]
    assert [table.number for table in chosen("目标")] == ["表14", "表15"]


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.id)
def test_a_table_names_its_source_and_has_its_own_sheet(table: Table) -> None:
    assert re.search("《.+》", table.document)
    assert len({other.sheet for other in tables()}) == len(tables())
    assert len(table.sheet) <= 20  # a project's name goes behind it
    assert table.title


# --- the published tables of amounts ---


def entries(read: AmountTable) -> Iterator[list[object]]:
    """Line by line: labels as they are compared, amounts as numbers."""
    for line in read.lines:
        labels = [re.sub(r"\s", "", entry.text) for entry in line.labels.values()]
        yield [*labels, *(figure(entry) and float(figure(entry) or 0) for entry in line.amounts.values())]


@pytest.mark.parametrize("name", AMOUNTS)
def test_every_published_figure_is_read_back_from_its_cell(
    published: dict[str, Grid], filled: dict[str, Grid], name: str
) -> None:
    before, after = read_tables(published[name]), read_tables(filled[name])
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        assert (other.side, len(other.lines)) == (one.side, len(one.lines))
        assert re.sub(r"\d{4}年?", "", other.title) == re.sub(r"\d{4}年?", "", one.title)
        for was, now in zip(entries(one), entries(other), strict=True):
            differing = [(old, new) for old, new in zip(was, now, strict=True) if old != new]
            assert all(old is None and new == 0 for old, new in differing), (name, was, now)  # a dash, derived: 0
        cells = [entry.cell for line in other.lines for entry in line.amounts.values() if entry.text]
        assert len(set(cells)) == len(cells)
        assert None not in cells
    assert len(after) == len(SHAPES[name])


def official(filled: dict[str, Grid]) -> Published:
    """Everything read from the official sheets, as the audit asks for it."""
    return Published({name: read_tables(grid) for name, grid in filled.items()}, {}, {})


ITEMS = [
    (item, finder)
    for item, finder in (*budgets.TABLED, *bodies.TABLED)
    if item["seed"] in {"002", "004"} and "指标框架" not in item["table"] and item["table"] != "表14"
]


@pytest.mark.parametrize(("item", "finder"), [pytest.param(*case, id=case[0]["id"]) for case in ITEMS])
def test_an_audited_sum_has_its_verdict_on_the_official_sheet(
    filled: dict[str, Grid], item: Item, finder: budgets.Finder
) -> None:
    foots(item, *finder.find(official(filled), item))


WITHIN = [item for item, _ in ITEMS if item["table"] in {"表1", "表3", "表7", "表11", "表12"}]


def test_a_given_total_stays_where_it_is_not_the_sum(filled: dict[str, Grid]) -> None:
    """表11: 货物类 of 南山 prints 17 over 17 and 17. Everything else is the sum, or within the rounding of 万元."""
    assert {item["verdict"] for item in WITHIN} == {"agree", "agree_within_unit_rounding", "disagree"}
    (wrong,) = [item for item in WITHIN if item["verdict"] == "disagree"]
    assert (wrong["table"], wrong["published"], wrong["recomputed"]) == ("表11", "17", "34")
    said = {
        (name, str(place)): cell.value
        for name, grid in filled.items()
        for place, cell in grid.cells.items()
        if isinstance(cell.value, str) and cell.value.endswith("；")
    }
    assert said == {("table11", "F29"): "“金额”是 17.00，各项之和是 34.00；"}
    live = {
        name: sum(cell.formula is not None and isinstance(cell.value, float | int) for cell in grid.cells.values())
        for name, grid in filled.items()
    }
    assert live["002_accounts"] == 7  # every total of three columns, and 基本支出和项目支出合计
    assert min(live.values()) > 0


def test_the_columns_of_the_accounts_add_up(filled: dict[str, Grid]) -> None:
    grid = filled["002_accounts"]
    totals = [grid[26, column] for column in (2, 3, 4)]
    assert grid[26, 1].value == "合计"
    assert [cell.value for cell in totals] == [57295409.26, 73330709.26, 72883361.51]
    assert all(cell.formula for cell in totals)


def test_what_the_table_has_no_place_for_is_refused(tmp_path: Path) -> None:
    for change, said in (
        (("三、上缴上级支出", "三、借给别人"), "“三、借给别人”一行在表样里没有位置"),
        (("决算数", "支付数"), "“支付数”一列在表样里没有"),
    ):
        sheet = SHEETS["002_accounts"].replace(*change)
        (grid,) = grids(tmp_path / "改.xlsx", {"表": sheet}).values()
        with pytest.raises(InvalidValue, match=said):
            contents.of_amounts(load("sz-accounts-expenditure"), read_tables(grid))


def test_amounts_are_brought_to_the_tables_unit(tmp_path: Path) -> None:
    """A budget in 元, one amount with a unit of its own, carried into the table that prints 万元."""
    sheet = (
        "部门预算绩效管理项目情况表 | < | < | < | < | <\n | | | | | 单位：元\n"
        "实施单位 | 项目名称 | 预算金额 | < | < | 预算执行时间\n^ | ^ | 合计 | 一般公共预算拨款 | 其他资金 | ^\n"
        "甲 | 乙项目 | 12345678.9 | 1,234万元 | — | 2020年\n"
    )
    (grid,) = grids(tmp_path / "元.xlsx", {"表": sheet}).values()
    content = contents.of_amounts(load("sz-budget-13"), read_tables(grid))
    assert content
    assert content.lines[0][0] == {
        "unit": "甲", "project": "乙项目", "total": 1234.56789, "fiscal": 1234, "other": "—", "period": "2020年",
    }  # fmt: skip


def test_a_table_beyond_measure_is_refused(tmp_path: Path) -> None:
    lines = "\n".join(f"甲 | 项目{number} | 1 | 1 |  | 全年" for number in range(2001))
    sheet = SHEETS["table13"].rsplit("\n深", 69)[0] + "\n" + lines
    (grid,) = grids(tmp_path / "长.xlsx", {"表": sheet}).values()
    with pytest.raises(InvalidValue, match="有 2001 行，超过 2000 行"):
        contents.of_amounts(load("sz-budget-13"), read_tables(grid))


def test_codes_are_known_by_name_and_place() -> None:
    """其他社会保障和就业支出 is a 款 and its own 项."""
    (block,) = [block for block in load("sz-budget-1").amounts if block.side == "支 出"]
    names = ["社会保障和就业支出", "其他社会保障和就业支出", "其他社会保障和就业支出", "不知道的支出", "住房公积金"]
    rows = placed(block, [{"expenditure": name} for name in names])
    assert [row.line.get("code") for row in rows[:5]] == ["208", "20899", "2089901", None, "2210201"]


# --- a blank one, while it is filled ---


def test_a_blank_shows_no_figure_and_complains_of_nothing(blank: FileBook) -> None:
    for table in tables():
        for cell in blank.grid(table.id).cells.values():
            if cell.formula:
                assert isinstance(cell.value, str)
                assert "；" not in cell.value


def test_labels_follow_body_and_year(tmp_path: Path, blank: FileBook) -> None:
    assert blank.grid("sz-budget-3")[6, 1].value == BUDGET_2020.name
    assert blank.grid("sz-budget-1")[5, 2].value == "2020年预算数"
    assert [blank.grid("sz-budget-12")[row, 2].value for row in (6, 7)] == ["2019年", "2020年"]
    unnamed = blanks(tmp_path / "未定.xlsx", ACCOUNTS_2021.__class__("", None, ACCOUNTS_2021.convention, "元", ()))
    assert unnamed.grid("sz-budget-1")[5, 2].value == "本年预算数"
    assert [unnamed.grid("sz-budget-12")[row, 2].value for row in (6, 7)] == ["上年", "本年"]


def typed(path: Path, sheet: str, cells: dict[str, Value]) -> Grid:
    made = blanks(path)
    assert not made.apply([Edit(sheet, address(place), value) for place, value in cells.items()]).unknown
    return made.grid(sheet)


def test_sums_follow_what_is_typed(tmp_path: Path) -> None:
    grid = typed(
        tmp_path / "表.xlsx",
        "sz-budget-7",
        {"A6": "甲中心", "B7": "2080109", "E7": 100, "F7": 20, "E8": 5, "A19": "乙中心", "E20": 7, "B20": "2210201"},
    )
    values = {place: grid[address(place)].value for place in ("D6", "E6", "F6", "D19", "D5", "E5", "H5")}
    assert values == {"D6": 125, "E6": 105, "F6": 20, "D19": 7, "D5": 132, "E5": 112, "H5": ""}


def test_codes_decide_what_adds_up_to_what(tmp_path: Path) -> None:
    cells: dict[str, Value] = {
        "C6": "社会保障和就业支出",
        "F6": "208",
        "F7": "20801",
        "F8": "2080109",
        "D8": 43,
        "D9": 5,
    }
    grid = typed(tmp_path / "表.xlsx", "sz-budget-1", cells)
    total = next(place for place, cell in grid.cells.items() if cell.value == "本年支出合计")
    assert [grid[address(place)].value for place in ("D6", "D7", "G9")] == [43, 43, "没有编码，未计入合计；"]
    assert grid[total.row, 4].value == 43


def test_a_wrong_total_is_told_beside_the_table(tmp_path: Path) -> None:
    cells: dict[str, Value] = {"A7": "甲", "C7": 100, "D7": 20, "A8": "乙", "C8": 7, "B6": 130, "B8": 8}
    grid = typed(tmp_path / "表.xlsx", "sz-budget-3", cells)
    assert (
        grid[6, 10].value == "“支出总计”是 130.00，各项之和是 128.00；“支出总计”是 130.00，各项之和是 127.00；"
    )  # down the rows, across
    assert grid[8, 10].value == ""  # 8 beside 7: rounding


def test_parts_may_not_exceed_what_they_are_part_of(tmp_path: Path) -> None:
    grid = typed(tmp_path / "表.xlsx", "sz-accounts-expenditure", {"D8": 100, "D9": 80, "D10": 30})
    assert grid[8, 6].value == "“决算数”是 100.00，其中各项之和已是 110.00；"


def test_both_sides_of_the_budget_must_agree(tmp_path: Path) -> None:
    grid = typed(tmp_path / "表.xlsx", "sz-budget-6", {"B7": 90, "D6": 100, "F6": "201"})
    assert [grid[32, column].value for column in (1, 2, 3, 4, 7)] == [
        "收 入 总 计", 90, "支 出 总 计", 100, "“2020年预算数”是 100.00，各项之和是 90.00；",
    ]  # fmt: skip


AMOUNT = st.decimals(-99_999, 99_999, places=2)


@settings(max_examples=60, deadline=None)
@given(
    total=AMOUNT,
    parts=st.lists(AMOUNT, min_size=1, max_size=5),
    unit=st.sampled_from(["元", "万元"]),
    near=st.booleans(),
)
def test_the_check_allows_what_footing_allows(total, parts, unit, near) -> None:
    if near:
        total = sum(parts) + total % 2 / 50
    cells = {f"B{row}": float(part) for row, part in enumerate(parts, start=2)}
    rule = sums.Rule("合计", Address(1, 2), sums.of_cells([address(cell) for cell in cells]))
    check = sums.check([rule], unit, 0)
    assert check
    made = plain_book({"表": {"B1": float(total), "C1": "=" + check.text, **cells}})
    found = made.recalculated().values["表", Address(1, 3)]
    exact = footing(decimal(f"{total.normalize():f}"), [decimal(f"{part.normalize():f}") for part in parts], unit)
    assert (found == "") == exact.holds


# --- printing ---


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.id)
def test_only_the_official_table_prints(blank: FileBook, table: Table) -> None:
    page = openpyxl.load_workbook(blank.path)[table.id]
    assert (page.page_setup.paperSize, page.page_setup.fitToHeight, page.page_setup.fitToWidth) == ("9", 0, 1) or (
        int(page.page_setup.paperSize), page.page_setup.fitToHeight
    ) == (9, 0)  # fmt: skip
    assert page.print_area
    right = openpyxl.utils.cell.range_boundaries(str(page.print_area).rpartition("!")[2])[2]
    beside = [cell.value for row in page.iter_rows(min_col=right + 1) for cell in row if cell.value]
    assert any("核对" in str(value) or "提示" in str(value) for value in beside)
    if table.has_amounts_only:
        assert page.print_title_rows
        assert page.freeze_panes


# --- target tables ---


@pytest.fixture(scope="module")
def target_tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, TargetTable]:
    made = targets(tmp_path_factory.mktemp("targets"))
    return {sheet: read_target_tables(made.grid(sheet))[0] for sheet in made.sheets if sheet not in names.NO_FORMS}


@pytest.mark.parametrize("place", range(len(BODIES)), ids=lambda place: short(BODIES[place].name))
def test_targets_of_a_body_come_back_whole(target_tables: dict[str, TargetTable], place: int) -> None:
    body: Body = BODIES[place]
    read = target_tables[f"B{place + 1:02}"]
    assert (read.title, read.field("body").text, read.field("goal").text) == (
        "部门（单位）整体支出绩效目标表", body.name, body.goal,
    )  # fmt: skip
    assert indicators(read) == body.targets
    total, found = tasks(read.amounts[0])
    assert [number(text) for text in total] == [number(body.total), number(body.total), 0]
    assert [(name, content, number(amount)) for name, content, amount, *_ in found] == [
        (name, content, number(amount)) for name, content, amount in body.tasks
    ]


@pytest.mark.parametrize("place", range(len(PROJECTS)), ids=lambda place: f"{place + 1:02} {PROJECTS[place].name}")
def test_targets_of_a_project_come_back_whole(target_tables: dict[str, TargetTable], place: int) -> None:
    project: Project = PROJECTS[place]
    read = target_tables[f"P{place + 1:02}"]
    assert (read.field("name").text, read.field("body").text) == (project.name, project.body)
    assert read.field("goal").text == project.goal
    assert (read.field("start").text, read.field("end").text) == project.dates
    for concept in ("amount", "year_amount", "fiscal"):
        assert number(read.field(concept).text) == number(project.amount), concept
    assert number(read.field("other").text) == number(project.other)
    assert ticked(read.field("type").text) == ((project.type,) if project.type else ())
    assert indicators(read) == project.targets
    assert plan(read.amounts) == [
        (name, [number(amount), 0, number(amount), *map(number, planned), *[None] * (4 - len(planned))])
        for name, amount, *planned in project.plan
    ]


def test_a_blank_target_table_offers_every_kind(blank: FileBook) -> None:
    (whole,) = read_target_tables(blank.grid("sz-targets-body"))
    assert (whole.kind, whole.rows, whole.field("goal").text) == ("body", (), "")
    grid = blank.grid("sz-targets-body")
    offered = [cell.value for place, cell in sorted(grid.cells.items()) if place.column == 3 and cell.value]
    assert offered[-10:] == [kind for _, kind in load("sz-targets-body").blocks[-1].kinds]  # type: ignore[union-attr]
