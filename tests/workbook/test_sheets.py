"""The standard workbook: what its sheets hold when they are new, and what they say as a person fills them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from perfeval.books.file import FileBook
from perfeval.commands.demo_data import bodies
from perfeval.commands.new import BLANK, blank_body, new
from perfeval.commands.score import score
from perfeval.errors import FileRefused
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Value, address
from perfeval.forms.model import Form
from perfeval.forms.reader import read_forms
from perfeval.records import names
from perfeval.records.model import SHARED, Body, Indicator, Project
from perfeval.records.reading import read_body
from perfeval.standards import available, load
from perfeval.workbook.book import build, data_workbook

SHENZHEN, HECHENG = bodies()["shenzhen-2021"], bodies()["hecheng-2020"]
FIRST = 13  # the first row of indicators


class Workbook:
    """A body's new workbook, to be filled by cell."""

    def __init__(self, folder: Path, body: Body) -> None:
        self.path = new(folder / "自评.xlsm", body)
        self.book = FileBook.open(self.path)

    @property
    def forms(self) -> tuple[str, ...]:
        sheets = self.book.sheets
        return sheets[sheets.index(names.EXECUTION) + 1 : sheets.index(names.SUMMARY)]

    def __getitem__(self, place: str) -> Value:
        sheet, _, cell = place.rpartition("!")
        return self.book.grid(sheet or self.forms[0])[address(cell)].value

    def fill(self, cells: dict[str, Value]) -> None:
        edits = []
        for place, value in cells.items():
            sheet, _, cell = place.rpartition("!")
            edits.append(Edit(sheet or self.forms[0], address(cell), value))
        assert not self.book.apply(edits).unknown

    def form(self, sheet: str) -> Form:
        (form,) = read_forms(self.book.grid(sheet))
        return form


@pytest.fixture(scope="module", params=bodies(), ids=list(bodies()))
def published(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Body, Workbook]:
    body = bodies()[request.param]
    return body, Workbook(tmp_path_factory.mktemp("new"), body)


def one_project(*indicators: Indicator, convention: str = "sz-project-2021") -> Body:
    project = Project("01", "社保经费", "市社保局", "市社保局", 100, indicators=indicators)
    return Body("市社保局", 2021, convention, "元", (project,))


# --- a new workbook ---


def test_sheets_stand_in_order(published: tuple[Body, Workbook]) -> None:
    body, made = published
    assert made.book.sheets[:4] == (names.BASICS, names.OPTIONS, names.TARGETS, names.EXECUTION)
    others = (names.SUMMARY, names.REVIEW, names.CORRESPONDENCE, names.GUIDE, names.MEMORY)
    assert made.book.sheets[4 + len(body.projects) :][:5] == others
    assert [int(sheet[:2]) for sheet in made.forms] == list(range(1, len(body.projects) + 1))
    hidden = [sheet for sheet in made.book.sheets if not made.book.grid(sheet).visible]
    assert hidden == [names.MEMORY, "xlwings.conf", "_帮助"]


def test_every_form_is_read_as_it_was_meant(published: tuple[Body, Workbook]) -> None:
    body, made = published
    for sheet, project in zip(made.forms, body.projects, strict=True):
        form = made.form(sheet)
        assert form.problems == ()
        assert form.unit == body.unit
        assert form.title == {"元": "项目支出绩效自评表", "万元": "预算支出绩效自评表"}[body.unit]
        assert (form.name.value, form.department.value) == (project.name, project.department)
        assert (form.amount.value, form.implementer.value) == (project.amount, project.implementer)
        assert form.goal.cell
        assert form.outcome.cell
        assert [row.source for row in form.funds] == ["年度资金总额", "当年财政拨款", "上年结转资金", "其他资金"]
        assert [(row.level1, row.level2) for row in form.rows] == [(i.level1, i.level2) for i in project.indicators]
        assert [len(group) for group in form.groups()] == sharing(project)
        assert all(row.is_placeholder for row in form.rows)


def sharing(project: Project) -> list[int]:
    """How many rows each 分值 of a project stands for."""
    counts: list[int] = []
    for indicator in project.indicators:
        if indicator.weight == SHARED:
            counts[-1] += 1
        else:
            counts.append(1)
    return counts


def test_every_formula_has_its_value(published: tuple[Body, Workbook]) -> None:
    _, made = published
    formulas = [(sheet, str(place), cell.value) for sheet, place, cell in formula_cells(made.book)]
    assert len(formulas) > 100
    assert [
        formula for formula in formulas if formula[2] is None or not isinstance(formula[2], str | float | int)
    ] == []


def formula_cells(book: FileBook) -> Iterator[tuple]:
    for sheet in book.sheets:
        for place, cell in book.grid(sheet).cells.items():
            if cell.formula is not None:
                yield sheet, place, cell


def test_formulas_are_scalar_and_pass_the_convention(published: tuple[Body, Workbook]) -> None:
    _, made = published
    for sheet, _, cell in formula_cells(made.book):
        assert not made.book.grid(sheet).arrays
        if re.search(r"PE_(EXEC_SCORE|INDICATOR_SCORE|HINT|GRADE)", cell.formula):
            assert f",{names.CONVENTION})" in cell.formula


def test_the_name_convention_is_the_bodys(published: tuple[Body, Workbook]) -> None:
    body, made = published
    assert set(names.DEFINED_NAMES) <= set(made.book.names)
    assert made[made.book.names[names.CONVENTION].replace("$", "")] == f"{body.convention}; 年度={body.year}"
    assert made[made.book.names[names.UNIT].replace("$", "")] == body.unit


def test_only_official_columns_print(published: tuple[Body, Workbook]) -> None:
    _, made = published
    book = openpyxl.load_workbook(made.path)
    for sheet in made.forms:
        page = book[sheet]
        form = made.form(sheet)
        assert page.print_area == f"'{sheet}'!$A$1:$I${form.total_score.cell.row + 1}"  # type: ignore[union-attr]
        assert (page.page_setup.fitToHeight, page.page_setup.paperSize) == (0, 9)  # A4, one page wide
        assert not page.protection.sheet


def test_sheet_names_are_valid_whatever_the_projects_are_called(tmp_path: Path) -> None:
    called = ("a/b\\c:d*e?f[g]", "'引号'", "很长的项目名称" * 9, "同名", "同名", "𠮷" * 40, "=1+1", " ", "换\n行")
    body = replace(SHENZHEN, projects=tuple(Project(f"{n}", name) for n, name in enumerate(called)))
    made = Workbook(tmp_path, body)
    assert len({sheet.casefold() for sheet in made.forms}) == len(called)
    for sheet, name in zip(made.forms, called, strict=True):
        assert len(sheet.encode("utf-16-le")) <= 62
        assert not re.search(r"[\[\]:*?/\\'\n]", sheet)
        cell = made.book.grid(sheet)[address("B3")]
        assert (cell.value, cell.formula) == (name, None)


def test_the_same_body_gives_the_same_bytes(tmp_path: Path) -> None:
    assert build(HECHENG) == build(HECHENG)
    assert data_workbook(HECHENG) == data_workbook(HECHENG)
    one, other = (new(tmp_path / f"{n}.xlsm", HECHENG).read_bytes() for n in "12")
    assert one == other


@pytest.mark.parametrize("standard", available())
def test_a_blank_form_is_its_standards(tmp_path: Path, standard: str) -> None:
    made = Workbook(tmp_path, replace(BLANK, convention=standard))
    assert made.forms == (names.TEMPLATE,)
    rows = made.form(names.TEMPLATE).rows
    kinds = [
        (group.name, kind if kind != group.name else "") for group in load(standard).groups for kind in group.kinds
    ]
    assert [(row.level1, row.level2) for row in rows] == [kind for kind in kinds for _ in range(2)]
    assert [row.name.value for row in rows[:3]] == ["指标1：", "指标2：", "指标1："]
    assert made["G6"] == float(load(standard).execution.weight)
    assert made["A2"] == "（　　　　年度）"


def test_unnamed_projects_get_numbered_forms(tmp_path: Path) -> None:
    made = Workbook(tmp_path, blank_body("某局", 2026, "深圳", "元", 3))
    assert made.forms == ("01 项目自评表", "02 项目自评表", "03 项目自评表")
    assert made["基本信息!B5"] == "sz-project-2021; 年度=2026"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("已有.xlsm", "已经存在"), ("新.xlsx", ".xlsm"), ("没有/新.xlsm", "没有这个文件夹")],
)
def test_new_refuses(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "已有.xlsm").write_bytes(b"kept")
    with pytest.raises(FileRefused, match=reason):
        new(tmp_path / name, BLANK)
    assert [path.name for path in tmp_path.iterdir()] == ["已有.xlsm"]
    assert (tmp_path / "已有.xlsm").read_bytes() == b"kept"


# --- the import sheets ---


def test_a_data_file_holds_the_records(tmp_path: Path) -> None:
    book = data_book(tmp_path, SHENZHEN)
    assert book.sheets == (names.BASICS, names.TARGETS, names.EXECUTION)
    assert read_body(book).body == SHENZHEN


def test_rows_that_share_a_weight_say_so(tmp_path: Path) -> None:
    grid = data_book(tmp_path, HECHENG).grid(names.TARGETS)
    weights = [grid[row, 7].value for row in range(2, 7)]
    assert weights == [10, SHARED, SHARED, 10, None]


def test_columns_are_named_once(tmp_path: Path) -> None:
    book = data_book(tmp_path, SHENZHEN)
    for sheet, columns in ((names.TARGETS, names.TARGET_COLUMNS), (names.EXECUTION, names.EXECUTION_COLUMNS)):
        assert tuple(book.grid(sheet)[1, column].value for column in range(1, len(columns) + 1)) == columns
        assert book.grid(sheet).right == len(columns)


def test_a_new_workbook_brings_no_figures(published: tuple[Body, Workbook]) -> None:
    _, made = published
    assert made.book.grid(names.TARGETS).bottom == 1
    assert made.book.grid(names.EXECUTION).bottom == 1


def data_book(folder: Path, body: Body) -> FileBook:
    path = folder / "data.xlsx"
    path.write_bytes(data_workbook(body))
    return FileBook.open(path)


# --- a form while it is filled ---


def test_published_tables_give_their_totals(tmp_path: Path) -> None:
    """With the indicators' 得分 as published, and 预算执行率 computed, the totals are those published but for one."""
    made = Workbook(tmp_path, SHENZHEN)
    for sheet, project in zip(made.forms, SHENZHEN.projects, strict=True):
        made.fill(as_published(sheet, project))
    totals = {project.name: made[f"汇总!F{row}"] for row, project in enumerate(SHENZHEN.projects, start=4)}
    expected = {project.name: project.published for project in SHENZHEN.projects}
    expected["社保业务公众服务经费"] = 96.19  # printed 96.1: 96.09 rounded, with 8.60 where 8.70 is due
    assert totals == expected
    assert [made[f"汇总!G{row}"] for row in range(4, 12)] == ["优"] * 6 + ["良", "优"]
    assert [made[f"汇总!C{row}"] for row in range(16, 20)] == [7, 1, 0, 0]
    assert made["汇总!C13"] == sum(project.funds[0].budget for project in SHENZHEN.projects)  # type: ignore[misc]
    assert made["汇总!E13"] == pytest.approx(made["汇总!D13"] / made["汇总!C13"])  # type: ignore[operator]
    assert made["汇总!B4"] == SHENZHEN.projects[0].name


def as_published(sheet: str, project: Project) -> dict[str, Value]:
    cells: dict[str, Value] = {}
    for row, funds in enumerate(project.funds, start=6):
        cells |= {f"{sheet}!D{row}": funds.initial, f"{sheet}!E{row}": funds.budget, f"{sheet}!F{row}": funds.executed}
    for row, indicator in enumerate(project.indicators, start=FIRST):
        cells |= filled(indicator, row, sheet) | {f"{sheet}!H{row}": indicator.score}
    return cells


def filled(indicator: Indicator, row: int = FIRST, sheet: str = "") -> dict[str, Value]:
    place = f"{sheet}!" if sheet else ""
    cells = {"D": indicator.name, "E": indicator.target, "F": indicator.actual, "I": indicator.reason}
    if indicator.weight != SHARED:
        cells["G"] = indicator.weight
    return {f"{place}{letter}{row}": value for letter, value in cells.items()}


ROWS = [
    # 二级指标, 指标值, 完成值, 分值, 原因 → 测算得分, 完成率, 达标, 提示
    ("数量指标", "27人", "25人", 15, "未及时补员", 13.89, 25 / 27, "否", ""),
    ("数量指标", "27人", "25人", 15, None, 13.89, 25 / 27, "否", "未说明偏差原因"),
    ("成本指标", "50万元", "43万元", 10, None, 10, 0.86, "是", ""),
    ("质量指标", "≥95%", 0.98, 10, None, 10, 0.98 / 0.95, "是", ""),
    ("质量指标", "≥95%", 98, 10, None, "#VALUE!", "—", "—", "98"),
    ("时效指标", "及时", "及时", 10, None, "", "", "", "由人评定"),
    ("数量指标", "不适用", "不适用", 0, None, "—", "—", "—", ""),
    ("数量指标", "27人", None, 15, None, "", "", "", "完成值空白"),
    ("数量指标", "27人", "27台", 15, None, "#VALUE!", "—", "—", "27台"),
    ("数量指标", None, None, None, None, "", "", "", ""),
]


@pytest.mark.parametrize(("kind", "target", "actual", "weight", "reason", "score", "rate", "met", "hint"), ROWS)
def test_a_row_says_how_far_it_is(
    tmp_path: Path, kind: str, target: Value, actual: Value, weight: Value, reason: Value, score: Value,
    rate: Value, met: str, hint: str,
) -> None:  # fmt: skip
    made = Workbook(tmp_path, one_project(Indicator("产出指标", kind, "")))
    made.fill({"E13": target, "F13": actual, "G13": weight, "I13": reason})
    assert str(made["K13"]) == str(score)
    assert made["H13"] == made["K13"]  # 得分 is the computed one until a person gives another
    assert made["L13"] == (pytest.approx(rate) if isinstance(rate, float) else rate)
    assert made["M13"] == met
    assert (hint in str(made["N13"])) if hint else made["N13"] == ""


def test_a_given_score_counts_and_is_questioned(tmp_path: Path) -> None:
    made = Workbook(tmp_path, one_project(Indicator("产出指标", "数量指标", "")))
    made.fill({"E13": "27人", "F13": "27人", "G13": 90, "H13": 80})
    assert (made["K13"], made["H14"]) == (90, 80)
    assert "测算为 90 分" in str(made["N13"])


def test_an_inapplicable_indicator_leaves_the_total_alone(tmp_path: Path) -> None:
    made = Workbook(tmp_path, one_project(*[Indicator("效益指标", "经济效益指标", "")] * 2))
    made.fill({"E13": "不适用", "F13": "不适用", "G13": 0, "E14": "10户", "F14": "10户", "G14": 90})
    made.fill({"E6": 100, "F6": 95})
    assert (made["H13"], made["H14"], made["H15"], made["L15"]) == ("—", 90, 99.5, "优")


def test_the_grade_waits_for_every_score(tmp_path: Path) -> None:
    made = Workbook(tmp_path, one_project(Indicator("产出指标", "数量指标", ""), Indicator("产出指标", "时效指标", "")))
    seen = []
    for cells in (
        {"E6": 100, "F6": 100},
        {"E13": "27人", "F13": "27人", "G13": 50, "G14": 40},
        {"E14": "及时", "F14": "及时"},
        {"H14": 28},
    ):
        made.fill(cells)  # type: ignore[arg-type]
        seen.append((made["H15"], made["L15"]))
    assert seen == [(10, ""), (60, ""), (60, ""), (88, "良")]


def test_the_sum_of_weights_is_watched(tmp_path: Path) -> None:
    made = Workbook(tmp_path, one_project(Indicator("产出指标", "数量指标", "")))
    assert made["N14"] == ""
    made.fill({"G13": 85})
    assert made["N14"] == "分值合计应为 100，现为 95"
    made.fill({"G13": 90})
    assert made["N14"] == ""


@pytest.mark.parametrize(
    ("budget", "executed", "score", "hint"),
    [
        (100, 86.93, 8.7, ""),
        (100, 120, 10, "执行数大于预算数"),
        (0, 0, "#DIV/0!", "算不出得分"),
        (0, 5, "#DIV/0!", "算不出得分"),
        (100, None, "", ""),
        ("56万元", "56万元", 10, ""),
    ],
)
def test_execution(tmp_path: Path, budget: Value, executed: Value, score: Value, hint: str) -> None:
    made = Workbook(tmp_path, one_project(Indicator("产出指标", "数量指标", "")))
    made.fill({"E6": budget, "F6": executed})
    assert str(made["I6"]) == str(score)
    assert (hint in str(made["N6"])) if hint else made["N6"] == ""


THREE = (
    Indicator("产出指标", "数量指标", "一", "1-1.2万人", 10, "1.1万人"),
    Indicator("产出指标", "数量指标", "二", "≥50人", SHARED, "50人"),
    Indicator("产出指标", "数量指标", "三", "≥20人", SHARED, "20人"),
)


@pytest.mark.parametrize(
    ("convention", "third", "score", "hint"),
    [
        ("hn-hecheng-project-2020", "20人", 10, ""),
        ("hn-hecheng-project-2020", "15人", "", "未达标，共用分值的得分由人评定"),
        ("hn-hecheng-project-2020; shared=average", "15人", 9.17, "未达标，按各行得分率平均"),
        ("hn-hecheng-project-2020; shared=average", "较好", "", "由人评定"),
        ("hn-hecheng-project-2020", None, "", ""),
    ],
)
def test_rows_that_share_a_weight(tmp_path: Path, convention: str, third: Value, score: Value, hint: str) -> None:
    made = Workbook(tmp_path, one_project(*THREE, convention=convention))
    for row, indicator in enumerate(THREE, start=FIRST):
        made.fill(filled(indicator, row))
    made.fill({"F15": third})
    assert (made["K13"], made["H13"]) == (score, score)
    assert (hint in str(made["N15"])) if hint else made["N15"] == ""
    assert made["N13"] == made["N14"] == ""


@pytest.mark.parametrize(("convention", "score"), [("=标准", 9), ("cn-project-2020; reverse=reciprocal", 9.09)])
def test_the_convention_cell_rules_every_formula(tmp_path: Path, convention: str, score: float) -> None:
    body = one_project(Indicator("产出指标", "成本指标", ""), convention="cn-project-2020")
    made = Workbook(tmp_path, body)
    made.fill({"E13": "≤100元", "F13": "110元", "G13": 10})
    if convention != "=标准":
        made.fill({"基本信息!B5": convention})
    assert made["K13"] == score


def test_an_initial_denominator_is_in_the_formulas(tmp_path: Path) -> None:
    made = Workbook(tmp_path, one_project(*THREE[:1], convention="cn-project-2020; denominator=initial"))
    made.fill({"D6": 200, "E6": 100, "F6": 100})
    assert (made["H6"], made["I6"]) == (0.5, 5)


def test_who_filled_the_form_stands_below_it(tmp_path: Path) -> None:
    made = Workbook(tmp_path, replace(one_project(*THREE[:1]), preparer="张三", phone="0755-1234567"))
    assert (made["A2"], made["A15"], made["E15"]) == ("（2021年度）", "填表人：张三", "联系电话：0755-1234567")


@pytest.mark.parametrize(
    ("convention", "total"), [("cn-project-2020", 60.0), ("cn-project-2020; not_applicable=rescale", 75.0)]
)
def test_what_does_not_apply_is_left_out_or_the_rest_is_rescaled(tmp_path: Path, convention: str, total: float) -> None:
    """The total beside the one that score computes: 10 + 50 of 80 points that apply."""
    indicators = (*THREE[:2], Indicator("产出指标", "数量指标", "第三个"))
    rows = {
        "G13": 20,
        "E13": "不适用",
        "F13": "不适用",
        "G14": 50,
        "E14": "10户",
        "F14": "10户",
        "G15": 20,
        "E15": "10户",
        "F15": "0户",
    }
    made = Workbook(tmp_path, one_project(*(replace(one, weight=None) for one in indicators), convention=convention))
    made.fill({"E6": 100, "F6": 100, **rows})
    assert made["H16"] == total
    made.book.save(backup=False)
    (scored,) = score(made.path).forms
    assert float(scored.assessment.computed_total or 0) == total


def test_a_standard_may_print_the_points_of_a_group_beside_its_name(tmp_path: Path) -> None:
    """鹤城区 prints 产出指标（50分）; the reader and fill take the name without them."""
    made = Workbook(tmp_path, HECHENG)
    assert [made[f"B{row}"] for row in (13,)] == ["产出指标\n（50分）"]
    form = made.form(made.forms[0])
    assert {row.level1 for row in form.rows} == {indicator.level1 for indicator in HECHENG.projects[0].indicators}
    assert form.points["产出指标", ""].text == "50"
    assert load("sz-project-2021").pointed == ()
