"""转移支付区域（项目）绩效目标自评表: how it looks as a new sheet, how it is filled and begun, what a review finds in it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from perfeval.books.file import FileBook
from perfeval.books.live import LiveBook
from perfeval.checks import check
from perfeval.cli import main
from perfeval.commands import buttons
from perfeval.commands.fill import fill
from perfeval.findings import Finding, Level
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address, Grid, address
from perfeval.forms.model import TRANSFER, Form
from perfeval.forms.reader import read_forms
from perfeval.records import names
from perfeval.records.model import Body, Funds, Indicator, Project
from perfeval.workbook.book import data_workbook
from perfeval.workbook.tables import load
from support import calc as driver
from support import fakeexcel
from support.calc import Calc, content
from support.sheettext import write_sheets

PRINTED = """
转移支付区域（项目）绩效目标自评表 （2024年度）
转移支付（项目）名称 中央主管部门 地方主管部门 资金使用单位
资金投入情况（万元） 全年预算数（A） 全年执行数（B） 预算执行率（B/A×100%） 年度资金总额 其中：中央财政资金 地方资金 其他资金
资金管理情况 情况说明 存在问题和改进措施
分配科学性 下达及时性 拨付合规性 使用规范性 执行准确性 预算绩效管理情况 支出责任履行情况
总体目标完成情况 总体目标 全年实际完成情况
绩效指标 一级指标 二级指标 三级指标 指标值 全年实际完成值 未完成原因和改进措施
产出指标 数量指标 指标1： 指标2： 质量指标 指标1： 指标2： 时效指标 指标1： 指标2： 成本指标 指标1： 指标2：
效益指标 经济效益指标 指标1： 指标2： 社会效益指标 指标1： 指标2： 生态效益指标 指标1： 指标2： 可持续影响指标 指标1： 指标2：
满意度指标 服务对象满意度指标 指标1： 指标2：
说明
"""  # every text of the blank form in reading order, its notes apart

HEALTH = Project(
    "01", "基本公共卫生服务补助资金", "某县卫生健康局", "某县疾控中心", goal="向居民免费提供服务", outcome="服务了 5 万人",
    funds=(
        Funds("年度资金总额", None, 1000, 950), Funds("中央财政资金", None, 700, 690),
        Funds("地方资金", None, 300, 260), Funds("其他资金", None, 0, 0),
    ),
    indicators=(
        Indicator("产出指标", "数量指标", "接种人数", "≥1000人", actual="990人", reason="部分居民外出务工"),
        Indicator("产出指标", "数量指标", "建档率", "≥90%", actual="95%"),
        Indicator("产出指标", "质量指标", "合格率", "≥95%", actual="93%"),
        Indicator("效益指标", "社会效益指标", "居民健康水平", "提高", actual="85%"),
        Indicator("满意度指标", "", "居民满意度", "≥80%", actual="85%"),
    ),
)  # fmt: skip
SCHOOLS = Project("02", "义务教育补助经费", funds=(Funds("中央财政资金"), Funds("地方资金")))
ROADS = Project(
    "03", "农村公路养护", funds=(Funds("年度资金总额", 100, 100, 90), Funds("当年财政拨款", 100, 100, 90)),
    indicators=(Indicator("产出指标", "数量指标", "里程", "≥10公里", 50, "10公里"),),
)  # fmt: skip
BODY = Body("某县卫生健康局", 2024, "cn-project-2020", "元", (HEALTH, SCHOOLS, ROADS))
SHEET = "01 转移支付自评表 基本公共卫生服务补助资金"


def made(path: Path, *options: str) -> FileBook:
    assert main(["new", str(path), *options]) == 0
    return FileBook.open(path)


def form_on(grid: Grid) -> Form:
    (form,) = read_forms(grid)
    assert (form.kind, form.problems) == (TRANSFER, ())
    return form


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> FileBook:
    return made(tmp_path_factory.mktemp("blank") / "自评.xlsm", "--tables", "转移支付", "--year", "2024")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "数据.xlsx"
    path.write_bytes(data_workbook(BODY))
    return path


@pytest.fixture(scope="module")
def filled(data: Path, tmp_path_factory: pytest.TempPathFactory) -> FileBook:
    path = tmp_path_factory.mktemp("filled") / "自评.xlsm"
    made(path, "--data", str(data), "--tables", "转移支付")
    planned, applied = fill(path, data)
    assert not planned.kept
    assert not applied.unknown
    return FileBook.open(path)


# --- the sheet ---


def test_the_blank_prints_what_the_edition_prints_and_nothing_more(blank: FileBook) -> None:
    grid = blank.grid("01 转移支付自评表")
    texts = [
        re.sub(r"\s", "", str(cell.value))
        for place, cell in sorted(grid.cells.items())
        if place.column <= 7 and cell.value not in (None, "")
    ]
    assert [text for text in texts if not re.match(r"注：|[23]\.", text)] == PRINTED.split()
    assert [text[:6] for text in texts[-3:]] == ["注：1.其他", "2.定量指标"[:6], "3.定性指标"[:6]]


def test_one_page_wide_on_a4_and_only_the_form_prints(blank: FileBook) -> None:
    page = openpyxl.load_workbook(blank.path)["01 转移支付自评表"]
    assert (int(page.page_setup.paperSize), page.page_setup.fitToHeight) == (9, 0)
    assert str(page.print_area).endswith("$A$1:$G$43")
    assert page.print_title_rows == "$21:$21"
    beside = [cell.value for row in page.iter_rows(min_col=8) for cell in row if cell.value]
    assert beside[1] == "提示（不打印）"
    assert all(str(value).startswith("=") for value in beside if value != beside[1])


def test_a_blank_form_computes_nothing(blank: FileBook) -> None:
    grid = blank.grid("01 转移支付自评表")
    live = [cell for place, cell in grid.cells.items() if cell.formula and place.row > 2]
    assert len(live) == 4 + 1 + 18  # rates, the check of the sources, hints
    assert {cell.value for cell in live} == {""}


def test_a_workbook_is_made_of_what_was_asked_for(blank: FileBook, data: Path, tmp_path: Path) -> None:
    assert not {names.TEMPLATE, names.SUMMARY} & set(blank.sheets)
    both = made(tmp_path / "两样.xlsm", "--tables", "转移支付", "--projects", "1")
    assert {names.TEMPLATE, "01 转移支付自评表", names.SUMMARY} <= set(both.sheets)
    each = made(tmp_path / "各项.xlsm", "--data", str(data), "--tables", "转移支付")
    assert [sheet for sheet in each.sheets if sheet[:2].isdigit()] == [
        "01 农村公路养护", SHEET, "02 转移支付自评表 义务教育补助经费",
    ]  # fmt: skip


def test_data_of_a_transfer_asks_for_its_form_by_itself(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert SHEET in made(tmp_path / "自评.xlsm", "--data", str(data)).sheets
    said = capsys.readouterr().out
    assert "基本公共卫生服务补助资金、义务教育补助经费：资金来源是中央财政资金或地方资金，没有分值，按转移支付" in said


@pytest.mark.parametrize(
    ("project", "is_one"),
    [
        (HEALTH, True),
        (SCHOOLS, True),
        (ROADS, False),
        (replace(HEALTH, execution_score=9.5), False),
        (replace(HEALTH, indicators=(Indicator("产出指标", "", "人数", "1人", 10),)), False),
        (Project("", "没有资金"), False),
    ],
)
def test_a_transfer_is_told_by_its_money_and_by_having_no_points(project: Project, is_one: bool) -> None:
    assert project.is_transfer == is_one


# --- filled ---


def test_fill_brings_amounts_values_and_reasons_in_the_forms_unit(filled: FileBook) -> None:
    form = form_on(filled.grid(SHEET))
    assert (form.name.text, form.department.text, form.implementer.text) == (
        HEALTH.name, HEALTH.department, HEALTH.implementer,
    )  # fmt: skip
    assert (form.goal.text, form.outcome.text, form.unit, form.year) == (HEALTH.goal, HEALTH.outcome, "万元", 2024)
    assert [(row.source, row.budget.value, row.executed.value) for row in form.funds] == [
        (funds.source, funds.budget / 10_000, funds.executed / 10_000)  # type: ignore[operator]
        for funds in HEALTH.funds
    ]
    assert [
        (row.level1, row.level2, row.name.text, row.target.value, row.actual.value, row.reason.value)
        for row in form.rows
    ] == [(one.level1, one.level2, one.name, one.target, one.actual, one.reason) for one in HEALTH.indicators]


def test_rates_and_hints_are_live(filled: FileBook, tmp_path: Path) -> None:
    grid = filled.grid(SHEET)
    rows = {row.name.text: row.row for row in form_on(grid).rows}
    assert [grid[row, 7].value for row in range(7, 11)] == [0.95, 690 / 700, 260 / 300, 0]
    said = {name: grid[row, 9].value for name, row in rows.items()}
    assert said == dict.fromkeys(rows, "") | {"合格率": "没有达到指标值，未说明未完成原因"}
    copy = tmp_path / "改过.xlsm"
    copy.write_bytes(filled.path.read_bytes())
    changed = FileBook.open(copy)
    edits = {"E8": 0.05, f"F{rows['合格率']}": "96%", f"F{rows['建档率']}": "37个", f"F{rows['居民健康水平']}": "60%"}
    changed.apply([Edit(SHEET, address(cell), value) for cell, value in edits.items()])
    grid = changed.grid(SHEET)
    assert grid[8, 7].value == 0.05 / 0.07
    assert grid[7, 9].value == "“全年执行数（B）”是 0.10，各项之和是 0.08；"
    said = {name: str(grid[row, 9].value) for name, row in rows.items()}
    assert said["合格率"] == ""
    assert said["建档率"].startswith("单位不同：“90%”与“37个”不能比较")
    assert said["居民健康水平"] == "没有达到指标值，未说明未完成原因"


@pytest.mark.skipif(bool(driver.missing()), reason=driver.missing())
def test_calc_computes_the_same(filled: FileBook, tmp_path: Path) -> None:
    book = tmp_path / "自评.xlsm"
    book.write_bytes(filled.path.read_bytes())
    grid = filled.grid(SHEET)
    live = {place: cell.value for place, cell in grid.cells.items() if cell.formula}
    with Calc(driver.prepare(tmp_path / "profile")) as office, office.open(book) as document:
        document.calculateAll()
        page = document.Sheets.getByName(SHEET)
        for place, value in live.items():
            shown = content(page.getCellByPosition(place.column - 1, place.row - 1))
            assert shown == (pytest.approx(value) if isinstance(value, float | int) else value), str(place)


def test_a_second_fill_has_nothing_to_do_and_a_changed_cell_is_kept(
    filled: FileBook, data: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "再填.xlsm"
    copy.write_bytes(filled.path.read_bytes())
    planned, _ = fill(copy, data)
    assert (planned.edits, planned.kept) == ((), ())
    by_hand = FileBook.open(copy)
    by_hand.apply([Edit(SHEET, Address(8, 4), 7)])
    by_hand.save()
    (kept,) = fill(copy, data)[0].kept
    assert (kept.cell, kept.present, kept.wanted, kept.field) == (Address(8, 4), 7, 0.07, "中央财政资金全年预算数")


def test_a_transfer_fills_a_blank_form_of_its_kind(blank: FileBook, tmp_path: Path) -> None:
    own = tmp_path / "数据.xlsx"
    own.write_bytes(data_workbook(replace(BODY, projects=(replace(HEALTH, indicators=HEALTH.indicators[:3]),))))
    path = tmp_path / "自评.xlsm"
    path.write_bytes(blank.path.read_bytes())
    planned, _ = fill(path, own)
    assert planned.notes[2:] == ("空白的自评表“01 转移支付自评表”填入项目“基本公共卫生服务补助资金”",)
    form = form_on(FileBook.open(path).grid("01 转移支付自评表"))
    assert [row.name.text for row in form.rows if form.states(row)] == ["接种人数", "建档率", "合格率"]
    (tmp_path / "项目.xlsx").write_bytes(data_workbook(replace(BODY, projects=(ROADS,))))
    assert main(["fill", str(path), "--data", str(tmp_path / "项目.xlsx")]) != 0  # no form for a project


# --- more of it ---


def pressed(path: Path, button: str, cell: str) -> LiveBook:
    """The open workbook after a press of a button with the cursor in a cell of the first transfer."""
    book = fakeexcel.open_book(path)
    book.impl.in_front = SHEET
    book.sheets[SHEET].range(address(cell)).select()
    buttons.press(button, book)
    return LiveBook(book)


def test_a_row_more_is_of_its_kind_and_has_its_hint(filled: FileBook) -> None:
    grid = pressed(filled.path, "add_indicator", "D23").grid(SHEET)
    rows = form_on(grid).rows
    assert [(row.level2, row.name.text) for row in rows][:4] == [
        ("数量指标", "接种人数"), ("数量指标", "建档率"), ("数量指标", "指标3："), ("质量指标", "合格率"),
    ]  # fmt: skip
    assert grid[24, 9].formula == str(grid[23, 9].formula).replace("23", "24")
    assert "$C$22" in str(grid[24, 9].formula)


def test_a_transfer_more_is_a_blank_of_the_same_form(filled: FileBook, tmp_path: Path) -> None:
    copy = tmp_path / "写好.xlsm"
    copy.write_bytes(filled.path.read_bytes())
    book = FileBook.open(copy)
    book.apply([Edit(SHEET, address(cell), "按规定") for cell in ("C4", "D12", "F12", "B27")])
    book.save()
    live = pressed(copy, "add_project", "A1")
    form = form_on(live.grid(f"03 {load('cn-transfer-2024').sheet}"))
    heads = (form.name, form.central, form.department, form.implementer, form.goal, form.outcome, form.remarks)
    words = [entry for one in form.management for entry in (one.said, one.problems)]
    money = [entry for row in form.funds for entry in (row.budget, row.executed)]
    assert not any(entry.text for entry in (*heads, *words, *money))
    assert not any(form.states(row) for row in form.rows)


# --- from a form that there is ---

OLDER = """
中央对地方专项转移支付区域（项目）绩效目标自评表 | < | < | < | < | < | <
（2019年度） | < | < | < | < | < | <
专项名称 | < | 农田建设补助资金 | < | < | < | <
中央主管部门 | < | 农业农村部 | < | < | < | <
地方主管部门 | < | 某市农业农村局 | < | 实施单位 | 某县农业农村局 | <
项目资金\\n（万元） | | < | 全年预算数（A） | 全年执行数（B） | 执行率（B/A） | <
^ | 年度资金总额 | < | 500 | 480 | 96% | <
^ | 其中：中央补助 | < | 400 | 400 | 100% | <
^ | 地方资金 | < | 100 | 80 | 80% | <
^ | 其他资金 | < | 0 | 0 | | <
总体目标 | 年初设定目标 | < | < | 全年实际完成情况 | < | <
^ | 建设高标准农田 2000 亩 | < | < | 建成 2000 亩 | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 全年实际完成值 | 未完成原因和改进措施
^ | 产出指标 | 数量指标 | 高标准农田面积 | ≥2000亩 | 2000亩 |
^ | ^ | 质量指标 | 验收合格率 | 100% | 98% | 一处渠道返工，已安排二次验收
^ | 效益指标 | 社会效益指标 | 粮食生产能力 | 提升 | 90% |
^ | 满意度指标 | 服务对象满意度指标 | 农户满意度 | ≥90% | 95% |
说明 | 无 | < | < | < | < | <
"""
NEWER = OLDER.replace(
    "总体目标 | 年初",
    """\
资金管理情况 | | < | 情况说明 | < | 存在问题和改进措施 | <
^ | 分配科学性 | < | 按因素法分配 | < | 无 | <
^ | 下达及时性 | < | 收到后 30 日内下达 | < | | <
总体目标 | 年初""",
)


def test_a_form_that_there_is_begins_a_workbook_and_nothing_is_lost(tmp_path: Path) -> None:
    source = write_sheets(tmp_path / "上报.xlsx", {"表1": NEWER})
    path = tmp_path / "自评.xlsm"
    made(path, "--data", str(source), "--unit", "元")
    fill(path)
    sheet = "01 转移支付自评表 农田建设补助资金"
    old, new = form_on(FileBook.open(source).grid("表1")), form_on(FileBook.open(path).grid(sheet))
    for field in ("name", "central", "department", "implementer", "goal", "outcome", "remarks"):
        assert getattr(new, field).text == getattr(old, field).text, field
    assert [(row.source, row.budget.text, row.executed.text) for row in new.funds] == [
        (row.source, row.budget.text, row.executed.text) for row in old.funds
    ]
    assert [(row.name.text, row.target.text, row.actual.text, row.reason.text) for row in new.rows] == [
        (row.name.text, row.target.text, row.actual.text, row.reason.text) for row in old.rows
    ]
    stated = [(one.matter, one.said.text, one.problems.text) for one in new.management]
    assert stated[:3] == [
        ("分配科学性", "按因素法分配", "无"), ("下达及时性", "收到后 30 日内下达", ""), ("拨付合规性", "", ""),
    ]  # fmt: skip


def test_next_year_begins_with_the_same_form(filled: FileBook, tmp_path: Path) -> None:
    following = made(tmp_path / "明年.xlsm", "--from", str(filled.path))
    grid = following.grid(SHEET)
    assert form_on(grid).year == 2025
    assert (form_on(grid).name.text, [row.budget.value for row in form_on(grid).funds]) == (HEALTH.name, [None] * 4)
    fill(following.path)
    form = form_on(FileBook.open(following.path).grid(SHEET))
    assert [(row.name.text, row.target.text, row.actual.text) for row in form.rows] == [
        (one.name, one.target, "") for one in HEALTH.indicators
    ]


# --- reviewed ---

# code, cell: what is the matter, the form, what is changed to raise it there, a like change that does not
FAULTS = [
    ("R18", "D7", "总额不等于各来源之和", OLDER, {"D7": 510, "F7": "94.12%"}, {"D7": 500}),
    ("R18", "E7", "执行数的总额", OLDER, {"E7": 490, "F7": "98%"}, {"E9": 80}),
    ("R04", "F7", "执行率算错", OLDER, {"F7": "95.5%"}, {"F7": "96.00%"}),
    ("R04", "F9", "其中一行的执行率", OLDER, {"F9": "82%"}, {"F9": 0.8}),
    ("R27", "F9", "只写到整数", OLDER, {"E9": 79.3, "E7": 479.3, "F7": "95.86%", "F9": "79%"}, {"F9": "80%"}),
    ("R09", "G15", "未达标没有原因", OLDER, {"G15": ""}, {"F15": "100%", "G15": ""}),
    ("R09", "G16", "部分达成没有原因", OLDER, {"F16": "部分达成预期指标并具有一定效果"}, {"F16": "全部或基本达成预期指标"}),
    ("R39", "G15", "原因空泛", OLDER, {"G15": "客观原因"}, {"G15": "雨季停工"}),
    ("R11", "F14", "超额较多而未说明", OLDER, {"F14": "2700亩"}, {"F14": "2700亩", "G14": "整合了其他资金"}),
    ("R12", "F15", "单位不同", OLDER, {"F15": "37个", "G15": ""}, {}),
    ("R13", "F17", "照抄指标值", OLDER, {"F17": "≥90%"}, {"F17": "90%"}),
    ("R13", "E12", "总体目标当作完成情况", OLDER, {"E12": "建设高标准农田2000亩"}, {}),
    ("R14", "F14", "完成值空白", OLDER, {"F14": ""}, {}),
    ("R14", "B18", "说明空白", OLDER, {"B18": ""}, {"B18": "审计发现问题 2 个，涉及 3 万元"}),
    ("R14", "D12", "情况说明空白", NEWER, {"D12": ""}, {"F12": ""}),
]  # fmt: skip
ASKED = {"说明空白", "情况说明空白", "总体目标当作完成情况", "只写到整数", "原因空泛", "超额较多而未说明", "照抄指标值"}


def reviewed(folder: Path, text: str, changes: dict[str, object]) -> list[Finding]:
    """What is found in a form with some of its cells put otherwise."""
    book = FileBook.open(write_sheets(folder / "上报.xlsx", {"表": text}))
    book.apply([Edit("表", address(cell), value) for cell, value in changes.items()])  # type: ignore[arg-type]
    return check(book)


@pytest.mark.parametrize("text", [OLDER, NEWER], ids=["2019", "2024"])
def test_a_right_form_is_left_in_peace(tmp_path: Path, text: str) -> None:
    assert reviewed(tmp_path, text, {}) == []


@pytest.mark.parametrize(
    ("code", "cell", "matter", "text", "changes", "alike"), FAULTS, ids=lambda part: str(part)[:12]
)
def test_a_fault_is_found_at_its_cell_and_its_like_is_not(
    tmp_path: Path, code: str, cell: str, matter: str, text: str, changes: dict[str, object], alike: dict[str, object]
) -> None:
    found = reviewed(tmp_path, text, changes)
    assert [(one.kind.code, one.cell) for one in found] == [(code, cell)]
    assert found[0].level is (Level.WARNING if matter in ASKED else Level.ERROR)
    assert reviewed(tmp_path, text, alike) == []


def test_a_rate_in_whole_percents_may_be_said_to_be_rounded(tmp_path: Path) -> None:
    changes = {"E9": 79.3, "E7": 479.3, "F7": "95.86%", "F9": "79%"}
    assert reviewed(tmp_path, OLDER, {**changes, "F6": "执行率（B/A，取整）"}) == []


def test_it_has_no_total_and_counts_once_in_a_roll_up(filled: FileBook, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(filled.path)]) == 0
    told = capsys.readouterr().out.partition(f"【{SHEET}】")[2].partition("【")[0]
    assert told.strip().endswith("没有分值和得分，不计总分")
    main(["rollup", str(filled.path.parent)])
    page = openpyxl.load_workbook(filled.path.parent / "汇总.xlsx")["按项目"]
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    (row,) = (row for row in rows if HEALTH.name in row)
    assert {1000, 950} <= set(row)  # 元


def test_a_filled_form_of_our_own_is_reviewed(filled: FileBook) -> None:
    found = {(one.kind.code, one.cell, one.level) for one in check(filled) if one.sheet == SHEET}
    blanks = {("R14", f"D{row}", Level.WARNING) for row in range(12, 19)} | {("R14", "B27", Level.WARNING)}
    assert found == blanks | {("R09", "G24", Level.ERROR)}
