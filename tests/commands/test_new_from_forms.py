"""``perfeval new --data`` with 自评表 that a body has: after a fill the new workbook says what they said, and is live."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from perfeval.books import FileBook
from perfeval.cli import main
from perfeval.commands import new
from perfeval.forms.amount_tables import figure
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address, Grid
from perfeval.forms.reader import read_forms
from perfeval.records import names
from perfeval.records.model import SHARED, Funds, Indicator
from support.plain_form import form
from support.published import BODY_FORMS, body_forms, grids, texts
from support.tables import HECHENG_PROJECTS, LAYOUTS, SHENZHEN_PROJECTS, write_book
from support.wordtables import write_word

SHENZHEN, HECHENG = "sz-project-2021", "hn-hecheng-project-2020"
CASES = {
    "深圳": (SHENZHEN_PROJECTS, SHENZHEN), "三列指标值，两行表头": (SHENZHEN_PROJECTS, SHENZHEN),
    "四川": (SHENZHEN_PROJECTS, SHENZHEN), "鹤城": (HECHENG_PROJECTS, HECHENG), "万元": (SHENZHEN_PROJECTS[:2], SHENZHEN),
}  # fmt: skip


def sheets(path: Path) -> list[Grid]:
    book = FileBook.open(path)
    return [book.grid(sheet) for sheet in book.user_sheets]


def scored(path: Path, standard: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    assert main(["score", str(path), "--json", "--standard", standard]) == 0
    return json.loads(capsys.readouterr().out)


def said(scores: list[dict[str, Any]]) -> list[Any]:
    """What a form says, row by row, but for where it stands; its total is a sum again (96.1 was 96.09)."""
    keys = ("name", "target", "actual", "weight", "printed", "computed")
    rows = [[{key: row[key] for key in keys} for row in one["rows"] if row["name"] != "预算执行率"] for one in scores]
    money = [[row["printed"] for row in one["rows"] if row["name"] == "预算执行率"] for one in scores]
    return [
        (one["project"], one["computed_total"], paid, own) for one, paid, own in zip(scores, money, rows, strict=True)
    ]


@pytest.mark.parametrize("in_word", [False, True], ids=["工作簿", "Word"])
@pytest.mark.parametrize("layout", CASES)
def test_what_the_forms_said_is_said_again(
    layout: str, in_word: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    projects, standard = CASES[layout]
    had = write_book(tmp_path / "自评表.xlsx", LAYOUTS[layout], projects)
    if in_word:
        had = write_word(tmp_path / "自评表.docx", ("自评表", *sheets(had)))
    book = tmp_path / "自评.xlsm"
    assert main(["new", str(book), "--data", str(had), "--standard", standard]) == 0
    assert f"{len(projects)} 张自评表" in capsys.readouterr().out
    assert main(["fill", str(book)]) == 0
    capsys.readouterr()
    assert said(scored(book, standard, capsys)) == said(scored(had, standard, capsys))


@pytest.mark.parametrize("in_word", [False, True], ids=["工作簿", "Word"])
def test_what_the_form_of_the_whole_body_said_is_said_again(in_word: bool, tmp_path: Path) -> None:
    """直属分局's 整体自评表: 37 indicators, under the standard's words for their levels, its tasks and their money."""
    (printed,) = grids(tmp_path / "整体.xlsx", {"整体": texts(BODY_FORMS)["000_assessment"]}).values()
    had = write_word(tmp_path / "整体.docx", (printed,)) if in_word else tmp_path / "整体.xlsx"
    book = tmp_path / "自评.xlsm"
    assert main(["new", str(book), "--data", str(had), "--body-standard", "sz-department-2020", "--projects", "0"]) == 0
    assert main(["fill", str(book)]) == 0
    own = FileBook.open(book)
    one, other = (whole(grid) for grid in (own.grid(names.ASSESSMENT), printed))
    assert one == other
    assert own.grid(names.ASSESSMENT)[2, 3].value == "深圳市社会保险基金管理局直属分局"
    assert own.grid(names.ASSESSMENT)[2, 7].value == 2020


def whole(grid: Grid) -> Any:
    (form,) = body_forms(grid)
    rows = [(row.name.text, row.target.text, row.actual.text) for row in form.rows]
    tasks = [
        (
            row.name.text,
            row.outcome.text,
            *(figure(one) for money in (row.budget, row.executed) for one in (money.total, money.fiscal)),
        )
        for row in form.tasks.rows
    ]
    return form.goal.text, form.outcome.text, rows, tasks


def test_a_score_that_the_rule_gives_is_a_formula(tmp_path: Path) -> None:
    had = write_book(tmp_path / "自评表.xlsx", LAYOUTS["深圳"], SHENZHEN_PROJECTS[:2])
    book = tmp_path / "自评.xlsm"
    assert main(["new", str(book), "--data", str(had), "--standard", SHENZHEN]) == 0
    assert main(["fill", str(book)]) == 0
    own = FileBook.open(book)
    rows = [
        (row.name.text, row.score.text, own.grid(sheet)[row.score.cell].formula is not None)
        for sheet in own.user_sheets
        if sheet not in names.NO_FORMS
        for one in read_forms(own.grid(sheet))
        for row in one.rows
        if row.score.cell
    ]
    assert ("劳务派遣人员到岗率", "13.89", True) in rows  # 25 ÷ 27 × 15
    assert ("预算成本控制率", "8.6", False) in rows  # a reverse indicator scored as a forward one
    assert ("保障窗口及基金业务正常运转", "20", False) in rows  # a person's


def test_a_copy_that_was_sent_begins_a_workbook_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its 基本信息 gives 口径 and unit, its forms the rest: it was filled from a file, its import sheets are empty."""
    had = write_book(tmp_path / "自评表.xlsx", LAYOUTS["鹤城"], HECHENG_PROJECTS)
    data, first, sent, again = (tmp_path / name for name in ("数据.xlsm", "自评.xlsm", "报送.xlsx", "再.xlsm"))
    assert main(["new", str(data), "--data", str(had), "--standard", HECHENG, "--unit", "万元"]) == 0
    assert main(["new", str(first), "--data", str(data)]) == 0
    assert main(["fill", str(first), "--data", str(data)]) == 0
    own = FileBook.open(first)
    (place,) = (p for p, cell in own.grid(names.BASICS).cells.items() if cell.value == HECHENG_PROJECTS[0].name)
    own.apply([Edit(names.BASICS, Address(place.row, place.column - 1), "A1")])
    own.save(backup=False)
    assert main(["freeze", str(first), "--out", str(sent)]) == 0
    assert main(["new", str(again), "--data", str(sent)]) == 0
    assert main(["fill", str(again)]) == 0
    capsys.readouterr()
    assert said(scored(again, HECHENG, capsys)) == said(scored(first, HECHENG, capsys))
    assert [project.code for project in new.body_from(again).projects] == ["A1", ""]  # by the names in its 项目清单
    assert new.body_from(again).unit == "万元"
    assert new.body_from(again).convention == HECHENG


def start(tmp_path: Path, *texts: str, unit: str = "元") -> new.Start:
    path = tmp_path / "表.xlsx"
    grids(path, {f"表{number}": text for number, text in enumerate(texts, start=1)})
    return new.from_file(path, new.Wanted(unit=unit))


def test_a_form_becomes_a_record(tmp_path: Path) -> None:
    found = start(
        tmp_path,
        form(funds="项目资金（万元）", budget="1.25", executed="1", score="29", reason="一所分校未参加", total="99"),
    )
    assert (found.body.name, found.body.year, found.body.unit) == ("一小", 2023, "元")
    (project,) = found.body.projects
    assert (project.name, project.department, project.implementer) == ("培训", "市教育局", "一小")
    assert project.funds == (Funds("年度资金总额", 12_500.0, 12_500.0, 10_000.0),)
    assert project.execution_score == 10.0  # the rule gives 8
    assert project.indicators == (
        Indicator("产出指标", "数量指标", "培训人次", "≥100人次", 60.0, "100人次"),
        Indicator("效益指标", "社会效益指标", "知晓率", "≥80%", 30.0, "85%", 29.0, "一所分校未参加"),
    )


def test_rows_that_share_a_weight_share_it_still(tmp_path: Path) -> None:
    shared = form().replace(
        "知晓率 | ≥80% | 85% | 30 | 30 |", "知晓率 | ≥80% | 85% | 30 | 30 |\n^ | ^ | 参与率 | ≥70% | 75% | ^ | ^ |"
    )
    (project,) = start(tmp_path, shared).body.projects
    assert [(row.name, row.weight) for row in project.indicators] == [
        ("培训人次", 60.0),
        ("知晓率", 30.0),
        ("参与率", SHARED),
    ]


def test_what_had_to_be_assumed_or_left_is_told(tmp_path: Path) -> None:
    found = start(
        tmp_path, form(funds="项目资金"), form(), form(name="食堂", budget="见附件", body="二小"), unit="万元"
    )
    told = "\n".join(found.notes)
    assert "“表1”的金额没有写单位，3 个金额没有写入：" in told
    assert "项目“培训”有几张自评表，只带入第一张，没有带入“表2”的" in told
    assert "“表3”单元格" in told
    assert "见附件" in told
    assert found.body.name == ""  # two bodies
    assert [one.funds[0].budget for one in found.body.projects] == [None, None]


def test_a_file_with_nothing_to_begin_with_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "表.xlsx"
    grids(path, {"表": "姓名 | 工资\n甲 | 100"})
    assert main(["new", str(tmp_path / "自评.xlsm"), "--data", str(path)]) == 1
    assert "没有找到绩效目标表" in (told := capsys.readouterr().err)
    assert "自评表" in told
    assert not (tmp_path / "自评.xlsm").exists()
