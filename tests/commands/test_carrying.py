"""``perfeval new --from``: what last year's workbook hands on to the next year, and what stays behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from perfeval.books.file import FileBook
from perfeval.cli import main
from perfeval.commands import demo_data, new
from perfeval.commands.carrying import next_year
from perfeval.commands.fill import fill
from perfeval.errors import FileRefused
from perfeval.forms.labels import FUND_SOURCES
from perfeval.forms.reader import read_forms
from perfeval.quantities import points
from perfeval.records import names
from perfeval.records.model import SHARED, Body, Funds, Indicator, Project, Whole
from perfeval.records.reading import read_body
from perfeval.workbook.book import data_workbook
from support.sheettext import write_sheets

LAST = replace(
    demo_data.bodies()["hecheng-2020"],
    preparer="甲",
    phone="0745-1",
    head="乙",
    whole=Whole(goal="管好全局", indicators=(Indicator("产出指标", "数量指标", "督查次数", "≥4次", 10, "5次", 10, "加查"),)),
)  # fmt: skip


@pytest.fixture(scope="module")
def last_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished workbook whose import sheets hold everything."""
    folder = tmp_path_factory.mktemp("last")
    data = folder / "数据.xlsx"
    data.write_bytes(data_workbook(LAST))
    path = new.new(folder / "去年.xlsm", LAST, carried=True)
    fill(path, data)
    return path


@pytest.fixture(scope="module")
def from_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished workbook whose import sheets were emptied, as those that were filled from a data file used to be."""
    folder = tmp_path_factory.mktemp("data")
    body = demo_data.bodies()["shenzhen-2021"]
    body = replace(body, projects=body.projects[:3])
    data = folder / "数据.xlsx"
    data.write_bytes(data_workbook(body))
    path = new.new(folder / "去年.xlsm", body)
    fill(path, data)
    content = openpyxl.load_workbook(path, keep_vba=True)
    for sheet in (names.TARGETS, names.EXECUTION):
        content[sheet].delete_rows(2, content[sheet].max_row)
    content.save(path)
    return path


def planned(project: Project) -> list[tuple[object, ...]]:
    """What a project sets out to do, indicator by indicator."""
    return [
        (row.level1, row.level2, row.name, row.target, row.weight if row.weight == SHARED else points(row.weight))
        for row in project.indicators
    ]


def begun(last: Path, folder: Path) -> Body:
    """The next year's workbook on disk, read back."""
    path = folder / "今年.xlsm"
    assert main(["new", str(path), "--from", str(last)]) == 0
    return read_body(FileBook.open(path)).body


def test_what_a_body_sets_out_to_do_is_handed_on(last_year: Path, tmp_path: Path) -> None:
    found = begun(last_year, tmp_path)
    assert (found.name, found.year, found.convention, found.unit) == (LAST.name, 2021, LAST.convention, LAST.unit)
    assert (found.preparer, found.phone, found.head) == ("甲", "0745-1", "乙")
    for project, before in zip(found.projects, LAST.projects, strict=True):
        assert (project.code, project.name, project.department) == (before.code, before.name, before.department)
        assert (project.implementer, project.goal) == (before.implementer, before.goal)
        assert planned(project) == planned(before)
    assert found.whole == Whole(
        goal="管好全局",
        indicators=(Indicator("产出指标", "数量指标", "督查次数", "≥4次", 10.0),),
        funds=tuple(map(Funds, FUND_SOURCES)),  # its form has points, and so the rows of money beside them
    )


def test_what_a_year_brings_stays_behind(last_year: Path, tmp_path: Path) -> None:
    found = begun(last_year, tmp_path)
    for project in found.projects:
        assert (project.amount, project.outcome, project.published, project.execution_score) == (None,) * 4
        assert project.funds == tuple(Funds(funds.source) for funds in project.funds) != ()
        assert all((row.actual, row.score, row.reason) == (None, None, None) for row in project.indicators)
    book = FileBook.open(tmp_path / "今年.xlsm")
    forms = [form for sheet in book.user_sheets if sheet[:2].isdigit() for form in read_forms(book.grid(sheet))]
    money = [(row.initial, row.budget, row.executed) for form in forms for row in form.funds]
    assert len(forms) == 2
    assert {entry.value for amounts in money for entry in amounts} == {None}


def test_the_forms_say_what_empty_import_sheets_do_not(from_data: Path, tmp_path: Path) -> None:
    book = FileBook.open(from_data)
    before = {
        form.name.text: [
            (row.level1, row.level2, row.name.text, row.target.value, points(row.weight.value)) for row in form.rows
        ]
        for sheet in book.user_sheets
        if sheet[:2].isdigit()
        for form in read_forms(book.grid(sheet))
    }
    found = begun(from_data, tmp_path)
    assert {project.name: planned(project) for project in found.projects} == before
    assert all(before.values())
    assert (found.year, len(found.projects)) == (2022, 3)


def test_the_next_year_is_filled_as_it_stands(from_data: Path, tmp_path: Path) -> None:
    body = begun(from_data, tmp_path)
    path = tmp_path / "今年.xlsm"
    plan, _ = fill(path)
    assert (plan.kept, plan.notes) == ((), ())
    book = FileBook.open(path)
    form = next(form for sheet in book.user_sheets if sheet.startswith("01") for form in read_forms(book.grid(sheet)))
    assert form.amount.cell is not None  # last year's form printed 项目金额
    assert [row.target.value for row in form.rows] == [row.target for row in body.projects[0].indicators]
    assert {(row.actual.value, row.reason.value) for row in form.rows} == {(None, None)}


def test_a_weight_given_on_the_form_alone_is_handed_on(from_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "去年.xlsm"
    path.write_bytes(from_data.read_bytes())
    project = read_forms(FileBook.open(path).grid(FileBook.open(path).user_sheets[4]))[0]
    row = project.rows[0]
    content = openpyxl.load_workbook(path, keep_vba=True)
    content[names.TARGETS].append([None, project.name.text, row.level1, row.level2, f"{row.name.text} ", "≥1000件"])
    content.save(path)
    start = next_year(path)
    first = next(one for one in start.body.projects if one.name == project.name.text)
    assert (first.indicators[0].target, first.indicators[0].weight) == ("≥1000件", row.weight.value)
    assert len(first.indicators) == len(project.rows)


def test_the_whole_bodys_form_says_what_its_rows_do_not(tmp_path: Path) -> None:
    body = replace(LAST, projects=(), whole=replace(LAST.whole, standard="hn-department-2020"))
    data = tmp_path / "数据.xlsx"
    data.write_bytes(data_workbook(body))
    path = new.new(tmp_path / "去年.xlsm", body)
    fill(path, data)
    found = begun(path, tmp_path).whole
    assert (found.standard, found.goal) == ("hn-department-2020", "管好全局")
    assert [(row.level2, row.name, row.target, row.actual) for row in found.indicators] == [
        ("数量指标", "督查次数", "≥4次", None)
    ]


def test_an_error_value_on_a_form_is_left_blank(from_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "去年.xlsm"
    path.write_bytes(from_data.read_bytes())
    sheet = FileBook.open(path).user_sheets[4]
    row = read_forms(FileBook.open(path).grid(sheet))[0].rows[0]
    content = openpyxl.load_workbook(path, keep_vba=True)
    content[sheet][str(row.target.cell)] = "#REF!"
    content.save(path)
    assert begun(path, tmp_path).projects[0].indicators[0].target is None


def test_what_was_carried_and_what_was_left_is_said(
    last_year: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    before = last_year.read_bytes()
    begun(last_year, tmp_path)
    told = capsys.readouterr().out
    count = sum(len(project.indicators) for project in LAST.projects)
    assert f"从 2020 年度带入 2021 年度：2 个项目的 {count} 个指标；部门整体的 1 个指标" in told
    assert all(word in told for word in ("带入了：单位、标准、口径", "没有带入：项目金额、预算数、执行数"))
    assert last_year.read_bytes() == before


@pytest.mark.parametrize(("given", "year"), [(None, None), (2024, 2024)])
def test_a_workbook_without_a_year(given: int | None, year: int | None, tmp_path: Path) -> None:
    path = new.new(tmp_path / "去年.xlsm", replace(LAST, year=None))
    assert next_year(path, given).body.year == year


def test_only_our_own_workbook_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    foreign = write_sheets(tmp_path / "别的.xlsx", {"绩效目标": "项目名称 | 三级指标 | 分值\n甲 | 次数 | 10"})
    data = tmp_path / "数据.xlsx"
    data.write_bytes(data_workbook(LAST))
    for path in (foreign, data):
        with pytest.raises(FileRefused, match="不是 PerfEval 的工作簿，不能接着做下一年"):
            next_year(path)
        assert main(["new", str(tmp_path / "今年.xlsm"), "--from", str(path)]) == 1
        assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not (tmp_path / "今年.xlsm").exists()


def test_what_last_year_settles_is_not_given_again(last_year: Path, tmp_path: Path) -> None:
    for option in (["--body", "某局"], ["--standard", "cn-project-2020"], ["--unit", "元"], ["--data", str(last_year)]):
        with pytest.raises(SystemExit) as leaving:
            main(["new", str(tmp_path / "今年.xlsm"), "--from", str(last_year), *option])
        assert leaving.value.code == 2
