"""The whole body in the standard workbook: 基础数据, 整体自评表 and 评分表 built, filled, typed into, scored, read back."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfeval.books.file import FileBook
from perfeval.cli import main
from perfeval.commands import demo
from perfeval.commands.demo_whole import PublishedWhole, wholes
from perfeval.commands.fill import fill
from perfeval.commands.new import blank_body, body_from, new, with_whole
from perfeval.errors import CellError, FileRefused
from perfeval.forms.amount_tables import figure
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Value, address
from perfeval.forms.model import Form
from perfeval.forms.reader import read_forms
from perfeval.records import names
from perfeval.records.model import Indicator, Money, Task, Whole
from perfeval.records.reading import read_body
from perfeval.standards import available_detailed, detailed_standard, load_detailed
from perfeval.standards.printed import PLAIN_FORM
from perfeval.workbook.book import data_workbook, wholeplan
from support.departments import DOCUMENTS
from support.published import BODY_FORMS, body_forms, texts
from support.sheettext import write_sheets

WHOLES = wholes()
ZHISHU = WHOLES["zhishu-2020"]
SZ, HN, EXPENDITURE = "sz-department-2020", "hn-department-2020", "hn-expenditure-2020"


class Workbook:
    """A workbook of a whole body, to be typed into."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = FileBook.open(path)

    def __getitem__(self, place: str) -> Value:
        sheet, _, cell = place.partition("!")
        return self.book.grid(sheet)[address(cell)].value

    def type(self, **cells: Value) -> None:
        """Type into 基础数据: ``F4="是"``."""
        edits = [Edit(names.BASE_DATA, address(cell), value) for cell, value in cells.items()]
        assert not self.book.apply(edits).unknown

    def form(self, sheet: str) -> Form:
        (form,) = body_forms(self.book.grid(sheet))
        return form

    def row_of(self, code: str) -> int:
        """The first row of a leaf's inputs on 基础数据."""
        grid = self.book.grid(names.BASE_DATA)
        return min(
            place.row for place, cell in grid.cells.items() if str(cell.value).startswith((f"{code}.", f"{code}/"))
        )


def made(folder: Path, published: PublishedWhole) -> Workbook:
    data, book = folder / "数据.xlsx", folder / "自评.xlsm"
    data.write_bytes(data_workbook(published.body))
    new(book, body_from(data))
    fill(book, data)
    return Workbook(book)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workbook]:
    return {name: made(tmp_path_factory.mktemp(name), published) for name, published in WHOLES.items()}


@pytest.fixture
def mine(filled: dict[str, Workbook], tmp_path: Path) -> Workbook:
    """The filled workbook of 直属分局, with its data file beside it, for one test alone."""
    for path in (filled["zhishu-2020"].path, filled["zhishu-2020"].path.parent / "数据.xlsx"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return Workbook(tmp_path / "自评.xlsm")


@pytest.fixture
def blank(tmp_path: Path) -> Workbook:
    return Workbook(new(tmp_path / "空白.xlsm", with_whole(blank_body("某局", 2024, "", "元", 0), SZ)))


# --- as it is built ---


def test_sheets_stand_in_order(filled: dict[str, Workbook], blank: Workbook) -> None:
    sheets = filled["zhishu-2020"].book.sheets
    assert sheets[:5] == (names.BASICS, names.OPTIONS, names.BASE_DATA, names.TARGETS, names.EXECUTION)
    assert sheets[10:14] == (names.ASSESSMENT, names.SCORING, names.SUMMARY, names.REVIEW)
    assert blank.book.sheets[5:8] == (names.ASSESSMENT, names.SCORING, names.REVIEW)


def test_without_a_standard_of_the_whole_body_there_is_no_such_sheet(tmp_path: Path) -> None:
    book = Workbook(new(tmp_path / "项目.xlsm", blank_body("某局", 2024, "", "元", 1))).book
    assert not {names.BASE_DATA, names.ASSESSMENT, names.SCORING} & {*book.sheets}


@pytest.mark.parametrize("identifier", available_detailed())
def test_the_scoring_table_is_that_of_its_document(tmp_path: Path, identifier: str) -> None:
    """Every leaf in its order, its points in the column or the label, read by our own reader; levels as printed."""
    book = Workbook(new(tmp_path / "空白.xlsm", with_whole(blank_body("某局", 2024, "", "元", 0), identifier)))
    form, standard = book.form(names.SCORING), load_detailed(identifier)
    assert (form.title, form.problems) == (standard.form.title, ())
    assert [(row.level1, Decimal(row.weight.text)) for row in form.rows] == [
        (leaf.path[0], Decimal(str(leaf.weight))) for leaf in standard.leaves
    ]
    points = {"/".join(filter(None, path)): entry.text for path, entry in form.points.items()}
    expected = {
        "sz": {"部门决策": "20", "部门管理": "20", "部门绩效": "60"},
        "hn-expenditure": {"过程": "20", "过程/资金管理": "10", "效益/预算支出效益": "10", "效益": "30"},
        "hn-department": {"投入": "20", "投入/目标设定": "14", "过程/预算执行": "26", "效果": "20"},
    }
    if identifier == "sz-department-2019":
        expected["sz"]["部门决策"], expected["sz"]["部门绩效"] = "25", "55"
    key = next(key for key in ("hn-expenditure", "hn-department", "sz") if identifier.startswith(key))
    assert expected[key].items() <= points.items()


def test_a_standard_without_a_form_of_its_own_gets_a_plain_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    standard = replace(load_detailed(SZ), form=PLAIN_FORM)
    monkeypatch.setattr(wholeplan, "detailed_standard", lambda _: (standard, standard.convention))
    book = Workbook(new(tmp_path / "空白.xlsm", with_whole(blank_body("某局", 2024, "", "元", 0), SZ)))
    form = book.form(names.SCORING)
    assert (form.title, len(form.rows), form.problems) == ("绩效评分表", 21, ())
    staff = book.row_of("staff-control")
    book.type(**{f"F{staff}": 34, f"F{staff + 1}": 40})
    assert [row.score.value for row in book.form(names.SCORING).rows if row.score.text] == [1]


def test_the_forms_are_none_of_a_project(filled: dict[str, Workbook]) -> None:
    for name in (names.BASE_DATA, names.ASSESSMENT, names.SCORING):
        assert read_forms(filled["zhishu-2020"].book.grid(name)) == []


def test_every_formula_has_its_value_and_is_scalar(filled: dict[str, Workbook]) -> None:
    for made_book in filled.values():
        for sheet in (names.BASE_DATA, names.ASSESSMENT, names.SCORING):
            grid = made_book.book.grid(sheet)
            formulas = [cell for cell in grid.cells.values() if cell.formula is not None]
            assert formulas
            assert not grid.arrays
            assert [cell for cell in formulas if not isinstance(cell.value, str | float | int)] == []
            scored_by = [cell.formula or "" for cell in formulas if "PE_STD" in (cell.formula or "")]
            assert all(names.WHOLE_STANDARD in formula for formula in scored_by)


def test_inputs_offer_what_can_be_chosen(blank: Workbook) -> None:
    sheet = openpyxl.load_workbook(blank.path)[names.BASE_DATA]
    rules = {str(rule.sqref): (rule.type, rule.formula1) for rule in sheet.data_validations.dataValidation}
    first, public, effects = (blank.row_of(code) for code in ("budget-soundness", "disclosure", "effects"))
    assert rules[f"F{first}"] == ("list", '"是,否"')
    assert rules[f"F{public}"] == ("list", '"按要求公开,公开但不完全符合要求,没有公开"')
    assert rules[f"F{effects}"] == ("decimal", "0")
    assert f"F{blank.row_of('staff-control')}" not in rules  # 97万元 may stand where money does


# --- the data file and back ---


@pytest.mark.parametrize("name", WHOLES)
def test_a_data_file_holds_the_whole_body(tmp_path: Path, name: str) -> None:
    path = tmp_path / "数据.xlsx"
    path.write_bytes(data_workbook(WHOLES[name].body))
    back, there = read_body(FileBook.open(path)).body.whole, WHOLES[name].body.whole
    assert replace(back, tasks=()) == replace(there, tasks=())
    assert [task.name for task in back.tasks] == [task.name for task in there.tasks]
    assert back.tasks == there.tasks


REFUSED = {  # what stands in the row of 在编人数, and what the refusal says
    "没有的编码": ("I", "staff-control.none", "没有编码 staff-control.none"),
    "不是编码": ("I", "在编人数", "“在编人数”不是编码，应像 staff-control.posts"),
    "没有编码": ("I", None, "没有编码，请补上"),
    "错误值": ("F", Formula("1/0"), "是错误值 #DIV/0!，请先改正"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_does_not_fit_is_refused_and_nothing_written(
    mine: Workbook, tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    column, content, reason = REFUSED[what]
    data = FileBook.open(tmp_path / "数据.xlsx")
    data.apply([Edit(names.BASE_DATA, address(f"{column}{mine.row_of('staff-control')}"), content)])
    data.save()
    before = mine.path.read_bytes()
    assert main(["fill", str(mine.path), "--data", str(data.path)]) == 1
    assert reason in capsys.readouterr().err
    assert mine.path.read_bytes() == before


def test_money_of_the_whole_body_belongs_to_its_tasks(
    mine: Workbook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = FileBook.open(tmp_path / "数据.xlsx")
    data.apply([Edit(names.EXECUTION, address("B2"), names.WHOLE_BODY)])
    data.save()
    assert main(["fill", str(mine.path), "--data", str(data.path)]) == 0
    said = capsys.readouterr().out
    assert "整体自评表没有这些栏，“部门整体”的数据没有填：" in said
    assert "年度主要任务" in said


# --- filled ---


@pytest.mark.parametrize("name", WHOLES)
def test_the_published_scores_stand_leaf_by_leaf(filled: dict[str, Workbook], name: str) -> None:
    """Seed 000: 91.14, 优. Seed 001: 附件1 98; 附件4-1, whose printed 98 its printed leaves do not reach: 95."""
    published, form = WHOLES[name], filled[name].form(names.SCORING)
    leaves = load_detailed(published.body.whole.standard).leaves
    scores = {leaf.code: Decimal(row.score.text) for leaf, row in zip(leaves, form.rows, strict=True)}
    assert scores == {code: Decimal(str(score)) for code, score in published.scores.items()}
    total = {"zhishu-2020": "91.14", "hecheng-department-2020": "98", "hecheng-expenditure-2020": "95"}[name]
    assert Decimal(form.total_score.text) == Decimal(total)
    if name == "zhishu-2020":
        assert form.grade.text == published.grade == "优"


def test_only_what_the_rule_does_not_give_is_a_constant(filled: dict[str, Workbook]) -> None:
    """The quarterly leaf is entered as printed: its rates are unpublished, and the tool says so."""
    workbook = filled["zhishu-2020"]
    grid, form = workbook.book.grid(names.SCORING), workbook.form(names.SCORING)
    constants = {row.name.text for row in form.rows if row.score.cell and grid[row.score.cell].formula is None}
    assert constants == {
        "预算编制合理性", "绩效指标明确性", "政府采购执行情况", "财务合规性", "固定资产利用率", "管理制度健全性", "预算执行率",
    }  # fmt: skip
    row = workbook.row_of("quarterly-execution")
    assert (workbook[f"{names.BASE_DATA}!G{row}"], workbook[f"{names.BASE_DATA}!K{row}"]) == (5.14, "")
    assert "各季度支出进度没有公开" in str(workbook[f"{names.BASE_DATA}!H{row}"])


def test_the_sums_of_the_tasks_are_those_printed(filled: dict[str, Workbook]) -> None:
    form = filled["zhishu-2020"].form(names.ASSESSMENT)
    total = form.tasks.total
    assert total is not None
    assert [entry.value for entry in (total.budget.total, total.executed.total)] == [33393643.41, 27504084.56]
    (money,) = form.amounts
    assert [str(figure(entry)) for entry in money.lines[-1].amounts.values()] == [
        "33393643.41", "33393643.41", "27504084.56", "27504084.56",
    ]  # fmt: skip


def test_the_targets_of_the_budget_come_back_from_the_form(filled: dict[str, Workbook]) -> None:
    """表14's 26 indicators, with the actuals of those that the year's end certainly knows."""
    form, whole = filled["zhishu-2020"].form(names.ASSESSMENT), ZHISHU.body.whole
    assert (form.body.text, form.goal.text, form.outcome.text) == (ZHISHU.body.name, whole.goal, whole.outcome)
    read = [(row.level1, row.level2, row.name.text, row.target.value, row.actual.value) for row in form.rows]
    assert read == [(one.level1, one.level2, one.name, one.target, one.actual) for one in whole.indicators]
    assert len(read) == 26
    assert sum(actual is not None for *_, actual in read) == len(ZHISHU.targets.pairs) == 10


def test_the_form_of_seed_000_comes_back_whole(tmp_path: Path) -> None:
    """整体自评表 as published: read, taken as records, built, filled, and read again."""
    (printed,) = body_forms(
        FileBook.open(write_sheets(tmp_path / "原.xlsx", {"表": texts(BODY_FORMS)["000_assessment"]})).grid("表")
    )
    tasks = [
        Task(
            row.name.text,
            None,
            row.outcome.text,
            Money(row.budget.total.value, row.budget.fiscal.value),
            Money(row.executed.total.value, row.executed.fiscal.value),
        )
        for row in printed.tasks.rows
    ]
    indicators = [
        Indicator(row.level1, row.level2, row.name.text, row.target.value, actual=row.actual.value)
        for row in printed.rows
    ]
    whole = Whole(SZ, printed.goal.value, printed.outcome.value, tuple(indicators), tuple(tasks))
    published = replace(ZHISHU, body=replace(ZHISHU.body, projects=(), whole=whole))
    built = made(tmp_path, published).form(names.ASSESSMENT)
    assert (built.title, built.body.text, built.goal.text) == (printed.title, printed.body.text, printed.goal.text)

    def told(form: Form) -> list[Any]:
        rows = [(r.level1, r.level2, r.name.text, r.target.text, r.actual.text) for r in form.rows]
        lines = [[e.text for e in (r.name, r.outcome)] for r in form.tasks.rows]
        sums = [[str(figure(e)) for e in line.amounts.values()] for line in form.amounts[0].lines]
        return [rows, lines, sums]

    assert told(built) == told(printed)


# --- typed into ---


def test_a_datum_moves_its_leaf_the_total_and_the_grade(mine: Workbook, tmp_path: Path) -> None:
    staff, served = mine.row_of("staff-control"), mine.row_of("satisfaction")
    line = {row.name.text: row.row for row in mine.form(names.SCORING).rows}
    mine.type(**{f"F{staff}": 41})
    assert mine[f"{names.SCORING}!G{line['财政供养人员控制率']}"] == 0
    assert mine.form(names.SCORING).total_score.value == 90.14
    mine.type(**{f"F{served}": "94%"})
    assert mine.form(names.SCORING).total_score.value == 88.14
    assert mine.form(names.SCORING).grade.text == "良"
    assert mine[f"{names.BASE_DATA}!K{served}"] == 4


BAD = {  # leaf → what is typed into its first input, and what is told beside it
    "缺一个数": ("staff-control", None, "还没有填：年度在编人数（含工勤）"),
    "负数": ("staff-control", -34, "“年度在编人数（含工勤）”-34 是负数"),
    "单位不同": ("staff-control", "34万元", "34万元 的单位应是“人”"),
    "元与万元": ("procurement", 88800, "“88800”没有单位，请在“88800”后写明单位"),
    "超过1000%": ("staff-control", 5000, "超过 1000%，请核对两个数的单位"),
    "百分号": ("satisfaction", 97, "97 还是 97%？请写明百分号"),
    "不是是否": ("petitions", "大概", "“大概”应是“是”或“否”"),
}


SAID_BY_SCORE = {"百分号": "“满意度”9700% 超过 1000%"}  # as the cell's format shows it


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_told_beside_the_leaf_and_by_score_with_its_cell(
    mine: Workbook, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, value, reason = BAD[what]
    workbook, path = mine, mine.path
    row, line = workbook.row_of(code), 5 + [leaf.code for leaf in load_detailed(SZ).leaves].index(code)
    if code == "procurement":
        workbook.type(**{f"F{row + 2}": 1})
    workbook.type(**{f"F{row}": value})
    assert reason in str(workbook[f"{names.SCORING}!J{line}"])
    assert reason in str(workbook[f"{names.BASE_DATA}!L{row}"])
    assert {workbook[f"{names.SCORING}!I{line}"]} <= {"", CellError("#VALUE!")}
    workbook.book.save(backup=False)
    before = path.read_bytes()
    assert main(["score", str(path)]) == 0
    told = next(one for one in capsys.readouterr().out.splitlines() if f" G{line} " in one)
    assert load_detailed(SZ).leaf(code).name in told
    assert SAID_BY_SCORE.get(what, reason) in told.replace(f"（{names.BASE_DATA}!F{row}）", "")
    assert value is None or f"{names.BASE_DATA}!F{row}" in told
    assert path.read_bytes() == before


def test_a_question_that_decides_needs_nothing_else(blank: Workbook) -> None:
    row = blank.row_of("financial-compliance") + 4
    line = next(r.row for r in blank.form(names.SCORING).rows if r.name.text == "财务合规性")
    assert blank[f"{names.SCORING}!I{line}"] == ""
    blank.type(**{f"F{row}": "是"})
    assert blank[f"{names.SCORING}!I{line}"] == 0
    blank.type(**{f"F{row}": "否"})
    assert blank[f"{names.SCORING}!I{line}"] == ""


def test_there_is_a_grade_only_when_every_leaf_has_its_score(filled: dict[str, Workbook], blank: Workbook) -> None:
    assert blank.form(names.SCORING).grade.text == ""
    blank.type(**{f"F{blank.row_of('effects')}": 25})
    assert blank.form(names.SCORING).total_score.value == 25
    assert blank.form(names.SCORING).grade.text == ""


# --- filled again ---


def test_a_second_fill_finds_its_own_work(mine: Workbook, tmp_path: Path) -> None:
    planned, _ = fill(mine.path, tmp_path / "数据.xlsx", dry_run=True)
    assert (planned.edits, planned.kept) == ((), ())


def test_what_a_person_typed_is_kept(mine: Workbook, tmp_path: Path) -> None:
    """A datum, a 得分, a task's amount and an indicator's actual: listed and kept, replaced only with --overwrite."""
    staff = mine.row_of("staff-control")
    score = next(r.row for r in mine.form(names.SCORING).rows if r.name.text == "预算执行率")
    typed = {
        (names.BASE_DATA, f"F{staff}"): 35,
        (names.SCORING, f"G{score}"): 5,
        (names.ASSESSMENT, "F5"): 1,
        (names.ASSESSMENT, "G25"): "完成",
    }
    mine.book.apply([Edit(sheet, address(cell), value) for (sheet, cell), value in typed.items()])
    mine.book.save(backup=False)
    planned, _ = fill(mine.path, tmp_path / "数据.xlsx")
    assert {(kept.sheet, str(kept.cell)): kept.present for kept in planned.kept} == typed
    assert planned.edits == ()
    planned, _ = fill(mine.path, tmp_path / "数据.xlsx", overwrite=True)
    assert {(edit.sheet, str(edit.cell)) for edit in planned.edits} >= typed.keys()


def test_the_books_own_sheets_fill_it(blank: Workbook) -> None:
    """Indicators in 绩效目标 and a 得分 in 基础数据 go into the forms without a data file."""
    quarters = blank.row_of("quarterly-execution")
    edits = [Edit(names.TARGETS, address(f"{letter}2"), text) for letter, text in zip(
        "BCDEFH", (names.WHOLE_BODY, "产出指标", "数量指标", "办结率", "≥95%", "96%"), strict=True)]  # fmt: skip
    edits.append(Edit(names.BASE_DATA, address(f"G{quarters}"), 5.5))
    blank.book.apply(edits)
    blank.book.save(backup=False)
    fill(blank.path)
    workbook = Workbook(blank.path)
    (row,) = [row for row in workbook.form(names.ASSESSMENT).rows if row.name.text == "办结率"]
    assert (row.target.text, row.actual.text) == ("≥95%", "96%")
    (row,) = [row for row in workbook.form(names.SCORING).rows if row.name.text == "预算执行率"]
    assert row.score.value == 5.5


def test_a_bureaus_own_tables_are_filled(tmp_path: Path) -> None:
    """The published blank of seed 000 without any of our sheets: tasks, goal, indicators and given scores."""
    form = texts(BODY_FORMS)["000_assessment"]
    lines = [line.split("|") for line in form.strip().splitlines()]
    for line in lines[4:10]:
        line[1:] = [" "] * 6
    empty = "\n".join("|".join(line) for line in lines)
    path = write_sheets(
        tmp_path / "局表.xlsx", {"自评": empty, "评分": texts(BODY_FORMS)["000_scoring"].replace("| 5.14", "| ")}
    )
    data = tmp_path / "数据.xlsx"
    whole = replace(ZHISHU.body.whole, indicators=(), data=())
    data.write_bytes(data_workbook(replace(ZHISHU.body, projects=(), whole=whole)))
    fill(path, data)
    book = FileBook.open(path)
    (assessment,), (scoring,) = body_forms(book.grid("自评")), body_forms(book.grid("评分"))
    assert [row.name.text for row in assessment.tasks.rows] == [task.name for task in whole.tasks]
    assert [row.executed.fiscal.value for row in assessment.tasks.rows] == [
        task.executed.fiscal for task in whole.tasks
    ]
    assert next(row.score.value for row in scoring.rows if row.name.text == "预算执行率") == 5.14


def test_a_blank_scoring_table_without_formulas_is_computed(tmp_path: Path) -> None:
    """The bureau's own blank: the rule's scores and the given ones come to 91.14, 优."""
    lines = [line.split("|") for line in texts(BODY_FORMS)["000_scoring"].strip().splitlines()]
    for line in lines[3:-1]:
        if line[-1].strip() not in {"", "^", "<", "分数"}:
            line[-1] = " "
    blank = "\n".join("|".join(line) for line in lines)
    path = write_sheets(tmp_path / "评分表.xlsx", {"评分": blank})
    (form,) = body_forms(FileBook.open(path).grid("评分"))
    assert not any(row.score.text for row in form.rows)
    data = tmp_path / "数据.xlsx"
    data.write_bytes(
        data_workbook(replace(ZHISHU.body, projects=(), whole=replace(ZHISHU.body.whole, indicators=(), tasks=())))
    )
    fill(path, data)
    (form,) = body_forms(FileBook.open(path).grid("评分"))
    assert [row.score.value for row in form.rows] == [float(score) for score in ZHISHU.scores.values()]
    assert (form.total_score.value, form.grade.text) == (91.14, "优")


def test_too_many_tasks_are_named(mine: Workbook, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "多.xlsx"
    whole = replace(ZHISHU.body.whole, tasks=(*ZHISHU.body.whole.tasks, Task("第七项任务")))
    data.write_bytes(data_workbook(replace(ZHISHU.body, whole=whole)))
    assert main(["fill", str(mine.path), "--data", str(data)]) == 1
    assert "放不下 1 项任务（第七项任务）" in capsys.readouterr().err


# --- scored ---


def scored(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    assert main(["score", str(path), "--json", *options]) == 0
    return [form for form in json.loads(capsys.readouterr().out) if form["kind"] == "whole"]


TOTALS = {  # printed in the workbook, by the rule; 附件1's own total is 99, as 90.02% of the limit is full marks
    "zhishu-2020": (91.14, 91.14),
    "hecheng-department-2020": (98, 99),
    "hecheng-expenditure-2020": (95, 86),
}


@pytest.mark.parametrize("name", WHOLES)
def test_score_recomputes_every_leaf(
    filled: dict[str, Workbook], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    *_, form = scored(filled[name].path, capsys)
    assert (form["printed_total"], form["computed_total"]) == TOTALS[name]
    assert [row["printed"] for row in form["rows"]] == [float(score) for score in WHOLES[name].scores.values()]
    told = {row["name"]: row["explanation"] for row in form["rows"]}
    if name == "hecheng-department-2020":
        assert "31 ÷ 37 = 83.78%" in told["在职人员控制率"]
        assert "779,800 ÷ 866,300 = 90.02%，得 3 分" in told["公用经费控制率"]
    if name == "hecheng-expenditure-2020":
        assert any("分值合计 97" in problem for problem in form["problems"])
        assert "只能得 5、2、0 分" in told["管理制度健全性"]
    if name == "zhishu-2020":
        assert "各季度支出进度没有公开" in told["预算执行率"]


SEEDS = {"sz": "000_scoring", "hn": "001_framework", "hn-expenditure": "001_expenditure"}


@pytest.mark.parametrize("key", SEEDS)
def test_a_published_table_is_scored_from_a_data_file(
    tmp_path: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The seeds' own layouts; the standard is told by the rows, the data by --data."""
    published = WHOLES[DOCUMENTS[key]]
    path = write_sheets(tmp_path / "评分表.xlsx", {"评分": texts(BODY_FORMS)[SEEDS[key]]})
    data = tmp_path / "数据.xlsx"
    data.write_bytes(data_workbook(published.body))
    (form,) = scored(path, capsys, "--data", str(data))
    assert form["standard"] == published.body.whole.standard
    assert form["computed_total"] == TOTALS[DOCUMENTS[key]][1]
    assert [row["printed"] for row in form["rows"]] == [float(score) for score in published.scores.values()]
    assert form["printed_total"] == float(published.total)
    (alone,) = scored(path, capsys)
    assert alone["standard"] == published.body.whole.standard  # told by its rows
    assert alone["computed_total"] == {"sz": 91.14, "hn": 98, "hn-expenditure": 95}[key]
    differs = [problem for problem in alone["problems"] if "各项得分之和是 95" in problem]
    assert bool(differs) == (key == "hn-expenditure")


def test_a_table_of_no_known_standard_is_only_summed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = """
某省部门整体支出绩效评分表 | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 分值 | 得分
履职 | 产出 | 桥梁完好率 | 60 | 50
履职 | 效果 | 群众出行时间 | 40 | 40
总分 | < | < | 100 | 91
"""
    (form,) = scored(write_sheets(tmp_path / "表.xlsx", {"表": table}), capsys)
    assert (form["standard"], form["computed_total"]) == ("", 90)
    assert any("没有找到与它相符的标准" in problem for problem in form["problems"])
    assert any("总分 91，各项得分之和是 90" in problem for problem in form["problems"])


def test_explain_tells_rule_convention_and_source(
    filled: dict[str, Workbook], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", str(filled["zhishu-2020"].path), f"{names.SCORING}!G16"]) == 0
    told = capsys.readouterr().out
    for part in ("财政供养人员控制率", "34 ÷ 40 = 85%", "规则：", "口径：sz-department-2020", "来源："):
        assert part in told


def test_the_convention_of_the_whole_body_counts(tmp_path: Path) -> None:
    body = with_whole(ZHISHU.body, f"{SZ}; three_public=zero")
    workbook = made(tmp_path, replace(ZHISHU, body=body))
    line = next(r for r in workbook.form(names.SCORING).rows if r.name.text == "公用经费控制率")
    assert workbook[f"{names.SCORING}!I{line.row}"] == 3
    assert detailed_standard(str(workbook[f"{names.BASICS}!B6"]))[1].three_public == "zero"


def test_every_option_of_the_whole_bodys_convention_is_shown(blank: Workbook) -> None:
    grid = blank.book.grid(names.OPTIONS)
    shown = {str(grid[row, 1].value): grid[row, 2].value for row in range(1, grid.bottom + 1)}
    convention = load_detailed(SZ).convention
    assert {option.title: convention.words(option.key) for option in convention.options}.items() <= shown.items()


# --- the demo and the shell ---


def test_the_demo_walks_from_the_targets_to_the_grade(tmp_path: Path) -> None:
    told = "\n".join(demo.whole_path(tmp_path / "直属", ZHISHU))
    for part in (
        "年初 26 项指标，年末自评表里同名的 10 项填入完成值",
        "预算数合计 33,393,643.41 元，执行数合计 27,504,084.56 元",
        "公布总分 91.14 优，工作簿 91.14 优，照规则测算 91.14 优",
        "预算执行率：公布 5.14，人给定。基础数据没有填，得分由人给定：各季度支出进度没有公开",
        "编外人员控制率：公布 0，测算 0。21 ÷ 55 = 38.18%",
    ):
        assert part in told
    list(demo.whole_path(tmp_path / "直属", ZHISHU))  # over what nobody has touched
    (tmp_path / "直属" / "data.xlsx").write_bytes(b"worked on")
    with pytest.raises(FileRefused):
        list(demo.whole_path(tmp_path / "直属", ZHISHU))


def test_new_from_the_shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "自评.xlsm"
    assert main(["new", str(path), "--body-standard", "深圳部门整体", "--projects", "0"]) == 0
    assert f"0 个项目，部门整体 {SZ}" in capsys.readouterr().out
    assert Workbook(path)[f"{names.BASICS}!B6"] == SZ
    assert main(["new", str(tmp_path / "二.xlsm"), "--body-standard", "上海"]) == 1
    assert "没有逐项计分的标准“上海”" in capsys.readouterr().err


def test_a_score_is_given_only_where_the_published_data_do_not_give_it() -> None:
    for published in WHOLES.values():
        whole = published.body.whole
        assert all(given.reason for given in whole.scores)
        complete = {leaf.code for leaf in load_detailed(whole.standard).leaves} - {one.code for one in whole.scores}
        assert complete <= {datum.code.partition("/")[0] for datum in whole.data}
