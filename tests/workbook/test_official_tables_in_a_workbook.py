"""``perfeval new --tables``: official tables in the standard workbook, filled from a data file, and in LibreOffice Calc."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from perfeval.books.file import FileBook
from perfeval.cli import main
from perfeval.commands import tables
from perfeval.commands.demo_data import bodies
from perfeval.commands.new import new
from perfeval.forms.amount_tables import read_tables
from perfeval.forms.target_tables import read_target_tables
from perfeval.records import names
from perfeval.records.model import Body, Indicator, Money, Project, Task, Whole
from perfeval.workbook.book import data_workbook
from perfeval.workbook.tables import available, chosen
from support import calc as driver
from support.calc import Calc, content
from support.published import BODY_FORMS, BUDGET_TABLES, texts
from support.seed004 import BODIES, DEPARTMENT, PROJECTS, body_sheet, project_sheet
from support.sheettext import write_sheets

ALL = chosen("目标,预算,决算")
INDICATORS = (Indicator("产出指标", "数量指标", "转移件数", "≥8万件"),)
OWN = Body(
    "市社保局", 2026, "sz-project-2021", "元",
    (
        Project("01", "社保经费", "市人社局", "社保中心", 1_234_500, goal="按时", indicators=INDICATORS),
        Project("02", "社保经费", amount="56万元"),
    ),
    whole=Whole(
        goal="保障社保运行",
        indicators=(
            Indicator("效益指标", "社会效益指标", "投诉", "=0起"),
            Indicator("其他指标", "其他", "另一项", "及时"),
        ),
        tasks=(Task("转移接续", "办理转移", budget=Money(1_234_500, 1_234_500, 0)), Task("宣传")),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data file that prints what a budget and an account do, and the tables of one body's targets."""
    sheets = {**texts(BUDGET_TABLES), **texts(BODY_FORMS), "表14": body_sheet(BODIES[9])}
    own = [project for project in PROJECTS if project.body == BODIES[9].name]
    sheets |= {f"表15 {place}": project_sheet(project) for place, project in enumerate(own)}
    return write_sheets(tmp_path_factory.mktemp("printed") / "预算.xlsx", sheets)


@pytest.fixture(scope="module")
def carried(printed: Path, tmp_path_factory: pytest.TempPathFactory) -> FileBook:
    """The workbook of that body, with every official table."""
    body = Body(BODIES[9].name, 2020, "sz-project-2021", "元", ())
    planned = tables.plan(ALL, body, printed)
    assert planned.notes == ()
    return FileBook.open(new(tmp_path_factory.mktemp("new") / "自评.xlsm", body, official=planned.sheets))


def test_the_tables_stand_behind_the_summary(carried: FileBook) -> None:
    own = carried.sheets[carried.sheets.index(names.SUMMARY) + 1 : carried.sheets.index(names.REVIEW)]
    assert own[0] == "整体绩效目标表"
    assert [sheet for sheet in own if sheet.startswith("0")] == [
        f"{place:02} 绩效目标表 {project.name}"
        for place, project in enumerate([one for one in PROJECTS if one.body == BODIES[9].name], start=1)
    ]
    assert own[-10:] == tuple(table.sheet for table in ALL[2:])


def test_what_a_data_file_prints_is_carried(carried: FileBook) -> None:
    (whole,) = read_target_tables(carried.grid("整体绩效目标表"))
    assert [row.name.text for row in whole.rows] == [target.name for target in BODIES[9].targets]
    (budget,) = read_tables(carried.grid("表3 支出预算"))
    assert (budget.body, len(budget.lines)) == (BODIES[9].name, 14)
    assert budget.lines[0].label == DEPARTMENT  # the department's table, in the workbook of one of its bodies
    assert budget.lines[0].amounts["支出总计"].value == 62590


def test_every_formula_has_its_value(carried: FileBook) -> None:
    formulas = [cell for sheet in carried.sheets for cell in carried.grid(sheet).cells.values() if cell.formula]
    assert len(formulas) > 900
    assert all(isinstance(cell.value, str | float | int) for cell in formulas)


def test_the_records_go_into_the_target_tables(tmp_path: Path) -> None:
    planned = tables.plan(chosen("目标"), OWN)
    book = FileBook.open(new(tmp_path / "自评.xlsm", OWN, official=planned.sheets))
    (whole,) = read_target_tables(book.grid("整体绩效目标表"))
    assert (whole.field("body").text, whole.field("goal").text) == (OWN.name, "保障社保运行")
    assert [(row.level2, row.name.text, row.target.text) for row in whole.rows] == [
        ("社会效益指标", "投诉", "=0起"), ("其他", "另一项", "及时"),
    ]  # fmt: skip
    total, *tasks = whole.amounts[0].lines
    assert [entry.value for entry in total.amounts.values()] == [123.45, 123.45, 0]
    assert [line.label for line in tasks] == ["转移接续 办理转移", "宣传"]
    first, second = (book.grid(f"{place:02} 绩效目标表 社保经费") for place in (1, 2))
    (read,) = read_target_tables(first)
    assert {key: read.field(key).value for key in ("name", "body", "department", "goal", "amount")} == {
        "name": "社保经费", "body": "社保中心", "department": "市人社局", "goal": "按时", "amount": 1_234_500,
    }  # fmt: skip
    assert [(row.level1, row.name.text, row.target.text) for row in read.rows] == [("产出指标", "转移件数", "≥8万件")]
    assert read_target_tables(second)[0].field("amount").value == 560_000


def test_a_table_that_differs_is_left_blank_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accounts = texts(BODY_FORMS)["002_accounts"].replace("三、上缴上级支出", "三、借给别人")
    data = write_sheets(tmp_path / "决算.xlsx", {"决算": accounts})
    assert main(["new", str(tmp_path / "自评.xlsm"), "--data", str(data), "--tables", "决算"]) == 0
    said = capsys.readouterr().out
    assert "3 张官方表格" in said
    assert "工作表“决算”里的“支出决算表”没有带入：“三、借给别人”一行在表样里没有位置；已留空白表，请对照填写" in said
    assert FileBook.open(tmp_path / "自评.xlsm").grid("支出决算表")[5, 2].value == ""


def test_an_unknown_table_is_refused_and_nothing_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "自评.xlsm"), "--tables", "表2"]) == 1
    assert "没有表“表2”，可用：" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_filling_and_scoring_pass_the_tables_by(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = bodies()["hecheng-2020"]
    data = tmp_path / "数据.xlsx"
    data.write_bytes(data_workbook(body))
    plain, official = tmp_path / "一.xlsm", tmp_path / "二.xlsm"
    assert main(["new", str(plain), "--data", str(data)]) == 0
    assert main(["new", str(official), "--data", str(data), "--tables", "目标,预算,决算"]) == 0
    said = []
    for book in (plain, official):
        capsys.readouterr()
        assert main(["fill", str(book), "--data", str(data)]) == 0
        assert main(["score", str(book)]) == 0
        said.append(re.sub(r"\d+ 个公式|[一二]\.xlsm", "", capsys.readouterr().out))
    assert said[0] == said[1]


def test_the_file_is_one_a_spreadsheet_opens(carried: FileBook) -> None:
    book = openpyxl.load_workbook(carried.path)
    assert len(book.sheetnames) == len(set(book.sheetnames))
    long = [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=") and len(cell.value) > 8192
    ]
    assert long == []


@pytest.mark.host
@pytest.mark.skipif(bool(driver.missing()), reason=driver.missing())
def test_calc_finds_the_same_sums_and_says_the_same(carried: FileBook, tmp_path: Path) -> None:
    book = tmp_path / "自评.xlsm"
    book.write_bytes(carried.path.read_bytes())
    sheets = carried.sheets[carried.sheets.index(names.SUMMARY) + 1 : carried.sheets.index(names.GUIDE)]
    assert len(sheets) >= len(available())
    with Calc(driver.prepare(tmp_path / "profile")) as office, office.open(book) as document:
        document.calculateAll()
        for sheet in sheets:
            page = document.Sheets.getByName(sheet)
            for place, cell in carried.grid(sheet).cells.items():
                if cell.formula:
                    found = content(page.getCellByPosition(place.column - 1, place.row - 1))
                    assert found == (
                        pytest.approx(cell.value) if isinstance(cell.value, float | int) else cell.value
                    ), (
                        sheet,
                        str(place),
                    )
