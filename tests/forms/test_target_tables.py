"""Target tables of a published budget, read from .xlsx: 12 bodies, 69 projects, every indicator with its cell."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from perfeval.books.file import FileBook
from perfeval.forms.model import Entry
from perfeval.forms.reader import read_forms
from perfeval.forms.target_tables import TargetTable, read_target_tables, ticked
from support import DATA
from support.audits import short
from support.seed004 import BODIES, DEPARTMENT, PROJECTS, Body, Project, body_sheet, project_sheet
from support.sheettext import write_sheets
from support.target_reading import number, plan, targets, tasks

# Counted over the document's own text, by another route than the data: lines between 一级指标 and the next table that
# hold a name (表14), lines that hold a 二级指标 of 表15's own list (14 of them a page that the document prints twice).
INDICATORS = {
    "本级": (55, 87), "宝安分局": (5, 43), "罗湖分局": (14, 34), "福田分局": (9, 36), "南山分局": (31, 53),
    "龙岗分局": (8, 38), "盐田分局": (43, 80), "光明分局": (22, 36), "坪山分局": (16, 34), "直属分局": (26, 26),
    "龙华分局": (13, 15), "大鹏分局": (42, 35), "(社保专项)": (0, 11),
}  # fmt: skip
# What the published text no longer shows.
LOST = {("本级", "项目管理人员满意度"), ("大鹏分局", "印刷品验收合格率")}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> list[TargetTable]:
    """The whole document as a book: a sheet for each body, its own table first, then those of its projects."""
    sheets: dict[str, str] = {}
    for body in dict.fromkeys(project.body for project in PROJECTS):
        whole = [body_sheet(other) for other in BODIES if other.name == body]
        own = [project_sheet(project) for project in PROJECTS if project.body == body]
        sheets[short(body)] = "\n\n".join([*whole, *own])
    book = FileBook.open(write_sheets(tmp_path_factory.mktemp("budget") / "预算.xlsx", sheets))
    return [table for sheet in book.sheets for table in read_target_tables(book.grid(sheet))]


def test_counts(tables: list[TargetTable]) -> None:
    kinds = Counter(table.kind for table in tables)
    assert kinds == {"body": 12, "project": 69}
    rows: dict[str, list[int]] = {}
    for table in tables:
        rows.setdefault(short(table.field("body").text), [0, 0])[table.kind == "project"] += len(table.rows)
    assert {body: tuple(counts) for body, counts in rows.items()} == INDICATORS
    assert tuple(map(sum, zip(*INDICATORS.values(), strict=True))) == (284, 528)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: short(body.name))
def test_body_table_comes_back_whole(tables: list[TargetTable], body: Body) -> None:
    (table,) = [other for other in tables if other.kind == "body" and other.field("body").text == body.name]
    assert (table.title, table.field("department").text) == ("部门（单位）整体支出绩效目标表", DEPARTMENT)
    assert table.field("goal").text == body.goal
    assert set(table.fields) == {"body", "department", "goal"}  # 其他资金 is a column of the tasks
    assert targets(table) == body.targets
    (money,) = table.amounts
    assert money.unit == "万元"
    total, found = tasks(money)
    assert [number(text) for text in total] == [number(body.total), number(body.total), 0]
    assert [(name, content, number(amount)) for name, content, amount, *_ in found] == [
        (name, content, number(amount)) for name, content, amount in body.tasks
    ]
    assert all(number(whole) == number(state) and number(other) == 0 for _, _, whole, state, other in found)


@pytest.mark.parametrize("place", range(len(PROJECTS)), ids=lambda place: f"{place + 1:02} {PROJECTS[place].name}")
def test_project_table_comes_back_whole(tables: list[TargetTable], place: int) -> None:
    project: Project = PROJECTS[place]
    table = [other for other in tables if other.kind == "project"][place]
    assert (table.field("body").text, table.field("name").text) == (project.body, project.name)
    assert (table.field("department").text, table.field("goal").text) == (DEPARTMENT, project.goal)
    assert (table.field("start").text, table.field("end").text) == project.dates
    for concept, printed in {
        "amount": project.amount,
        "year_amount": project.amount,
        "fiscal": project.amount,
        "other": project.other,
        "assets": project.assets or "",
    }.items():
        assert number(table.field(concept).text) == number(printed), concept
    assert ticked(table.field("type").text) == ((project.type,) if project.type else ())
    assert ticked(table.field("use").text) == ((project.use,) if project.use else ())
    assert targets(table) == project.targets
    assert plan(table.amounts) == [
        (name, [number(amount), Decimal(), number(amount), *map(number, planned), *[None] * (4 - len(planned))])
        for name, amount, *planned in project.plan
    ]


def test_every_field_keeps_its_cell(tables: list[TargetTable]) -> None:
    for table in tables:
        cells = [row.name.cell for row in table.rows] + [row.target.cell for row in table.rows]
        assert None not in cells
        assert len(set(cells)) == len(cells)
        assert all(cell in table.area for cell in cells)
        printed_in_one_cell = {"body", "department"} if table.kind == "project" else set()
        assert {concept for concept, entry in table.fields.items() if entry.cell is None} == printed_in_one_cell


def test_names_what_the_source_left_unreadable(tables: list[TargetTable]) -> None:
    missing = {
        (short(table.field("body").text), row.name.text)
        for table in tables
        for row in table.rows
        if not row.target.text
    }
    assert missing == LOST
    told = [(short(table.field("body").text), problem) for table in tables for problem in table.problems]
    assert [(body, problem.split("“")[1].split("”")[0]) for body, problem in told] == sorted(
        LOST, key=lambda p: p[0] != "本级"
    )
    assert all(problem.endswith("没有指标值，请对照原表补上") for _, problem in told)


def test_projects_are_those_of_the_budget() -> None:
    """表13 lists as many projects for each body as have a table of their own; the two names differ in four places."""
    listed = [
        tuple(cell.strip() for cell in line.split("|")[:2])
        for line in (DATA / "seed004/tables/table13.txt").read_text(encoding="utf-8").splitlines()[6:]
    ]
    own = [(project.body, project.name) for project in PROJECTS]
    assert Counter(body for body, _ in listed) == Counter(body for body, _ in own)
    differing = Counter(listed) - Counter(own)
    assert {name for _, name in differing} == {
        "政府投资项目建设", "待支付以前年度政府采购项目", "社保专项", "社保基金征收和偿付管理", "部门预算准备金",
    }  # fmt: skip


def test_amounts_of_the_projects_are_those_of_the_budget_rounded() -> None:
    """万元 of 表13 beside the 元 of each project's own table: four of 69 figures are not the rounded ones."""
    lines = (DATA / "seed004/tables/table13.txt").read_text(encoding="utf-8").splitlines()[6:]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    listed = Counter((short(body), Decimal(amount.replace(",", ""))) for body, _, amount, *_ in cells)
    own = Counter((short(p.body), (Decimal(p.amount) / 10_000).quantize(Decimal(1), ROUND_HALF_UP)) for p in PROJECTS)
    printed, rounded = ({(body, int(amount)) for body, amount in more} for more in (listed - own, own - listed))
    assert printed == {("本级", 452), ("本级", 25), ("本级", 2583), ("福田分局", 752)}
    assert rounded == {("本级", 451), ("本级", 26), ("本级", 2584), ("福田分局", 753)}


def test_a_plan_adds_up_to_its_project() -> None:
    planned = [project for project in PROJECTS if project.plan]
    assert [project.name for project in planned] == [
        "罗湖社保办事大厅及业务用房改造工程（结转）",
        "预算准备金",
        "社保综合管理",
    ]
    for project in planned:
        assert sum(number(row[1]) or 0 for row in project.plan) == Decimal(project.amount)


def test_a_target_table_is_no_assessment(tmp_path: Path) -> None:
    book = FileBook.open(write_sheets(tmp_path / "目标.xlsx", {"目标": project_sheet(PROJECTS[0])}))
    assert read_forms(book.grid("目标")) == []


FORMS = {
    "国家的项目支出绩效目标表": (
        """
项目支出绩效目标表 | < | < | < | < | <
（2024年度） | < | < | < | < | <
项目名称 | 道路养护 | < | < | < | <
主管部门及代码 | 某局 | < | 实施单位 | 某中心 | <
项目资金（万元） | 年度资金总额： | < | 120 | < | <
^ | 其中：财政拨款 | < | 100 | < | <
^ | 其他资金 | < | 20 | < | <
总体目标 | 保持道路完好 | < | < | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 分值
^ | 产出指标 | 数量指标 | 养护里程 | ≥500公里 | 30
^ | ^ | 质量指标 | 验收合格率 | 0.95 [0%] | 20
^ | 效益指标 | 社会效益指标 | 通行效率 | 提高 | 30
^ | 满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90% | 10
""",
        ["道路养护 某中心 120 100 20 保持道路完好", "养护里程 ≥500公里 30", "验收合格率 95% 20", "通行效率 提高 30", "群众满意度 ≥90% 10"],
    ),
    "没有标题，两张相连": (
        """
实施单位：某中心 | < | < | 主管单位：某局 | <
项目名称 | 甲 | < | < | <
年度绩效目标 | 目标甲 | < | < | <
目标内容 | 二级指标 | 绩效指标 | 指标目标值 | 目标值来源
产出目标 | 数量 | 次数 | 3次 | 计划
实施单位：某中心 | < | < | 主管单位：某局 | <
项目名称 | 乙 | < | < | <
年度绩效目标 | 目标乙 | < | < | <
目标内容 | 二级指标 | 绩效指标 | 指标目标值 | 目标值来源
产出目标 | 数量 | 件数 | 5件 | 计划
""",
        ["甲 某中心 目标甲", "次数 3次", "乙 某中心 目标乙", "件数 5件"],
    ),
    "自评表不是目标表": (
        """
项目支出绩效自评表 | < | < | < | < | <
项目名称 | 甲 | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 得分
产出指标 | 数量指标 | 次数 | 3次 | 3次 | 10
""",
        [],
    ),
    "工资表不是目标表": ("姓名 | 基本工资 | 合计\n张三 | 4000 | 4800", []),
}  # fmt: skip


def said(table: TargetTable) -> list[str]:
    head = ("name", "body", "year_amount", "fiscal", "other", "goal")
    lines: list[tuple[Entry, ...]] = [tuple(table.field(concept) for concept in head)]
    lines += [(row.name, row.target, row.weight) for row in table.rows]
    return [" ".join(entry.text for entry in line if entry.text) for line in lines]


@pytest.mark.parametrize("name", FORMS)
def test_other_layouts(tmp_path: Path, name: str) -> None:
    sheet, expected = FORMS[name]
    book = FileBook.open(write_sheets(tmp_path / "表.xlsx", {"表": sheet}))
    assert [line for table in read_target_tables(book.grid("表")) for line in said(table)] == expected


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("业务类√ 政策类□", ("业务类",)),
        ("□业务类 ☑政策类（转移性支出） ☑其他", ("政策类（转移性支出）", "其他")),
        ("业务类□ 政策类□", ()),
        ("经常性项目", ()),
    ],
)
def test_ticked_options(text: str, options: tuple[str, ...]) -> None:
    assert ticked(text) == options
