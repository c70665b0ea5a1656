"""``perfeval new --data``: whatever a form of another province prints is in the workbook after a fill, or is said to be left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from perfeval.books.file import FileBook
from perfeval.cli import main
from perfeval.commands import new
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Value, address
from perfeval.forms.model import BODY, TRANSFER, Form
from perfeval.forms.reader import read_sheet
from perfeval.records import names
from perfeval.records.model import Funds
from perfeval.reports.gathering import facts
from support.plain_form import form
from support.published import grids

Said = str


def began(tmp_path: Path, capsys: pytest.CaptureFixture[str], *sheets: str, options: tuple[str, ...] = ()) -> Said:
    """What is said where a workbook is made of these sheets and filled."""
    had, book = tmp_path / "原表.xlsx", tmp_path / "自评.xlsm"
    grids(had, {f"表{number}": sheet for number, sheet in enumerate(sheets, start=1)})
    assert main(["new", str(book), "--data", str(had), *options]) == 0, capsys.readouterr()
    assert main(["fill", str(book)]) == 0, capsys.readouterr()
    return capsys.readouterr().out


def forms(path: Path) -> list[Form]:
    book = FileBook.open(path)
    return [one for sheet in names.form_sheets(book) for one in read_sheet(book.grid(sheet))]


def only(tmp_path: Path, name: str = "自评.xlsm") -> Form:
    (one,) = forms(tmp_path / name)
    return one


def score(path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    capsys.readouterr()
    main(["score", str(path), "--json"])
    (one,) = json.loads(capsys.readouterr().out)
    return one


# --- 预算执行率: its points, and an indicator of its name ---

POINTS_OF_EXECUTION = """
项目支出绩效自评表（2023年度） | < | < | < | < | < | < | < | <
项目名称 | 某项目 | < | < | < | < | < | < | <
项目资金（元） | | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | < | 100 | 100 | 100 | {weight} | 100% | {score}
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
{rows}
总分 | < | < | < | < | < | 100 | 100 |
"""
EXECUTION = {
    "F-A1 an indicator of that name, with points and a target of its own": (
        "10", "10",
        ["过程指标 | 资金管理 | 预算执行率 | ≥95% | 98% | 45 | 45 |", "产出指标 | 数量指标 | 培训 | 100人次 | 100人次 | 45 | 45 |"],
    ),
    "the only indicator": ("10", "10", ["过程指标 | 资金管理 | 预算执行率 | ≥95% | 98% | 90 | 90 |"]),
    "two of them": (
        "10", "10",
        ["过程指标 | 资金管理 | 执行率 | ≥95% | 98% | 40 | 40 |", "过程指标 | 支出进度 | 预算执行率 | ≥90% | 98% | 50 | 50 |"],
    ),
    "F-A2 20 points": ("20", "20", ["产出指标 | 数量指标 | 培训 | 100人次 | 100人次 | 80 | 80 |"]),
    "5 points": ("5", "5", ["产出指标 | 数量指标 | 培训 | 100人次 | 100人次 | 95 | 95 |"]),
    "not scored": ("", "", ["产出指标 | 数量指标 | 培训 | 100人次 | 100人次 | 100 | 100 |"]),
    "printed twice, counted once": (
        "10", "10",
        ["预算执行 | 预算执行 | 预算执行率 | 100% | 100% | 10 | 10 |", "产出指标 | 数量指标 | 培训 | 100人次 | 100人次 | 90 | 90 |"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", EXECUTION)
def test_the_points_of_execution_stay(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weight, given, rows = EXECUTION[case]
    lines = "\n".join(f"绩效指标 | {row}" for row in rows)
    sheet = POINTS_OF_EXECUTION.format(weight=weight, score=given, rows=lines)
    if not weight:
        sheet = sheet.replace("| 分值 | 执行率 | 得分\n^", "| | 执行率 |\n^")
    began(tmp_path, capsys, sheet)
    own = only(tmp_path)
    assert own.execution is not None
    assert (own.execution.weight.text, own.execution.score.text) == (weight or "0", given or "0")
    assert own.total_weight.text == own.total_score.text == "100"
    stated = [row.split(" | ")[2] for row in rows if "预算执行 |" not in row]
    assert [row.name.text for row in own.rows if own.states(row)] == stated
    had, has = (score(tmp_path / name, capsys) for name in ("原表.xlsx", "自评.xlsm"))
    assert (has["printed_total"], has["computed_total"]) == (had["printed_total"], had["computed_total"])


def test_execution_among_the_indicators_is_execution(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """15 points in a row without a target of its own; the score is a person's."""
    rows = (
        "绩效指标 | 预算执行 | 预算执行 | 预算执行率 | | 100% | 15 | 14 |\n"
        "绩效指标 | 产出指标 | 数量指标 | 培训 | 100人次 | 100人次 | 85 | 85 |"
    )
    sheet = POINTS_OF_EXECUTION.format(weight="", score="", rows=rows).replace(
        "| 分值 | 执行率 | 得分\n^", "| | 执行率 |\n^"
    )
    began(tmp_path, capsys, sheet.replace("| 100 | 100 |\n", "| 100 | 99 |\n"))
    own = only(tmp_path)
    assert own.execution is not None
    assert (own.execution.weight.text, own.execution.score.text, own.total_score.text) == ("15", "14", "99")


# --- points that do not stand in a column ---

WITHOUT_POINTS = """
项目支出绩效自评表 | < | < | < | < | < | <
项目名称 | 某项目 | < | < | < | < | <
预算执行情况（万元）（20分） | < | < | 预算数（A） | 执行数（B） | 执行率（B/A） | 得分（20分*执行率）
^ | < | 年度财政资金总额 | 100 | 100 | 100% | 20
年度绩效目标（80分） | 一级指标 | 二级指标 | 三级指标 | 年初目标值（A） | 实际完成值（B） | 得分
^ | 产出指标 | 数量指标 | 培训人次 | 100 | 100 | 40
^ | 效益指标 | 社会效益指标 | 增收（元） | 1000 | 2000 | 40
总分 | < | < | < | < | < | 100
"""


def test_scores_without_points_are_carried_as_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = began(tmp_path, capsys, WITHOUT_POINTS)
    own = only(tmp_path)
    assert [(row.weight.text, row.score.text) for row in own.rows] == [("", "40"), ("", "40")]
    assert own.execution is not None
    assert (own.execution.weight.text, own.execution.score.text, own.total_score.text) == ("20", "20", "100")
    assert "没有印分值的 2 个指标，分值空着，得分照原表带入；原表写明指标共 80 分" in said


LEVELS = {
    "of one row each": (
        ["产出指标（40分） | 数量指标 | 培训 | 100 | 100 | 40",
         "效益指标（50分） | 社会效益指标 | 增收 | 10 | 10 | 50"],
        ["40", "50"],
    ),
    "of second levels": (
        ["产出指标 | 数量指标（40分） | 培训 | 100 | 100 | 40",
         "产出指标 | 质量指标（50分） | 合格率 | 90% | 95% | 50"],
        ["40", "50"],
    ),
    "of the names": (
        ["产出指标 | 数量指标 | 培训（40分） | 100 | 100 | 40",
         "效益指标 | 社会效益指标 | 增收（50分） | 10 | 10 | 50"],
        ["40", "50"],
    ),
    "of several rows": (
        ["产出指标（90分） | 数量指标 | 培训 | 100 | 100 | 40",
         "产出指标（90分） | 质量指标 | 合格率 | 90% | 95% | 50"],
        ["", ""],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LEVELS)
def test_points_in_labels_are_points(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, weights = LEVELS[case]
    sheet = f"""
项目支出绩效自评表 | < | < | < | < | <
项目名称 | 某项目 | < | < | < | <
项目资金（元） | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
年度资金总额 | 100 | 100 | 10 | 100% | 10
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 得分
{chr(10).join(rows)}
总分 | < | < | < | < | 100
"""
    if case == "of several rows":
        sheet = sheet.replace("40\n产出指标（90分）", "40\n^")
    began(tmp_path, capsys, sheet)
    own = only(tmp_path)
    assert [row.weight.text for row in own.rows] == weights
    assert own.total_score.text == "100"
    if case == "of several rows":
        assert own.points["产出指标", ""].text == "90"


def test_a_column_of_kinds_is_the_first_level(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = form().replace("一级指标 | 二级指标 |", "类别 | 二级指标 |")
    began(tmp_path, capsys, sheet)
    assert [row.level1 for row in only(tmp_path).rows] == ["产出指标", "效益指标"]


# --- the whole body ---

WHOLE = """
2022年度部门整体支出绩效自评表 | < | < | < | < | < | < | < | <
部门名称 | < | 某县某局 | < | < | < | < | < | <
年度预算申请（万元） | | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | < | 100 | 100 | 80 | {execution}
年度总体目标 | 预期目标 | < | < | 实际完成情况 | < | < | < | <
^ | 完成培训 | < | < | 已完成 | < | < | < | <
绩效指标 | {first} | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
^ | 产出指标（50分） | 数量指标 | 培训人次 | ≥100人次 | 90人次 | {points} | {points} | 场地不足
^ | 效益指标（30分） | 社会效益指标 | 知晓率 | ≥90% | 95% | 30 | 30 |
^ | 满意度指标（10分） | 服务对象满意度指标 | 满意度 | ≥90% | 95% | 10 | 10 |
总分 | < | < | < | < | < | 100 | {total} |
"""
WHOLES = {
    "as Hunan prints it": {"execution": "10 | 80% | 8", "first": "一级指标", "points": "50", "total": "98"},
    "without points for execution": {"execution": " | 80% | ", "first": "一级指标", "points": "60", "total": "100"},
    "20 points for execution, kinds": {"execution": "20 | 80% | 16", "first": "类别", "points": "40", "total": "96"},
}


@pytest.mark.parametrize("case", WHOLES)
def test_a_form_of_the_whole_body_keeps_its_points(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = WHOLES[case]
    began(tmp_path, capsys, WHOLE.format(**printed), options=("--unit", "万元"))
    had, own = only(tmp_path, "原表.xlsx"), only(tmp_path)
    assert (own.kind, own.body.text, own.goal.text, own.outcome.text) == (BODY, "某县某局", "完成培训", "已完成")
    said = [
        [(row.name.text, row.target.text, row.actual.text, row.weight.text, row.score.text, row.reason.text) for row in one.rows]
        for one in (own, had)
    ]  # fmt: skip
    assert said[0] == said[1]
    assert own.total_score.text == had.total_score.text == printed["total"]
    assert own.execution is not None
    assert (own.execution.budget.text, own.execution.executed.text) == ("100", "80")
    had, has = (score(tmp_path / name, capsys) for name in ("原表.xlsx", "自评.xlsm"))
    assert has["computed_total"] == had["computed_total"]


def test_a_form_of_the_whole_body_begins_the_next_year(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    began(tmp_path, capsys, WHOLE.format(**WHOLES["20 points for execution, kinds"]))
    assert main(["new", str(tmp_path / "次年.xlsm"), "--from", str(tmp_path / "自评.xlsm")]) == 0
    own = only(tmp_path, "次年.xlsm")
    assert own.execution is not None
    assert own.execution.weight.text == "20"
    whole = new.body_from(tmp_path / "次年.xlsm").whole
    assert [(one.name, one.weight) for one in whole.indicators] == [("培训人次", 40), ("知晓率", 30), ("满意度", 10)]
    assert whole.execution_weight == 20


# --- money ---

UNITS = {
    "项目资金（万元）": 10_000, "项目资金（单位：万元）": 10_000, "项目资金（人民币万元）": 10_000, "项目资金（金额：万元）": 10_000,
    "项目资金（元）": 1, "项目资金（千元）": 1_000, "项目资金（单位：亿元）": 100_000_000,
}  # fmt: skip


@pytest.mark.parametrize("label", UNITS)
def test_amounts_are_in_the_unit_that_was_asked_for(
    label: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = began(tmp_path, capsys, form(funds=label, budget="100", executed="90", score="30"))
    factor = UNITS[label]
    own = only(tmp_path)
    assert own.execution is not None
    assert (own.execution.budget.value, own.execution.executed.value) == (100 * factor, 90 * factor)
    unit = label.removeprefix("项目资金（").removesuffix("）")[-2:].removeprefix("（").removeprefix("：")
    assert (f"按{unit}读入，换算成元" in said) == (factor != 1)


def test_a_unit_on_a_line_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = form(funds="项目资金", budget="100", executed="5.8万").replace("（2023年度） |", "单位：万元 |", 1)
    began(tmp_path, capsys, sheet, options=("--unit", "万元"))
    own = only(tmp_path)
    assert own.execution is not None
    assert own.unit == "万元"
    assert (own.execution.budget.value, own.execution.executed.value) == (100, 5.8)


def test_tasks_are_converted_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = """
部门（单位）整体支出绩效目标完成情况自评表 | < | < | < | < | < | <
部门（单位）名称 | < | 某局 | < | < | 预算年度 | 2020
年度主要任务完成情况 | 任务名称 | 完成情况 | 预算数（人民币万元） | < | 执行数（人民币万元） | <
^ | ^ | ^ | 全额 | 其中：财政拨款 | 全额 | 其中：财政拨款
^ | 办好学校 | 已办 | 12 | 10 | 11 | 10
^ | 金额合计 | < | 12 | 10 | 11 | 10
一级指标 | 二级指标 | 三级指标 | 预期指标值 | < | 实际完成指标值 | <
产出指标 | 数量指标 | 学校数 | 3所 | < | 3所 | <
"""
    said = began(tmp_path, capsys, sheet, options=("--body-standard", "sz-department-2020"))
    (task,) = new.body_from(tmp_path / "自评.xlsm").whole.tasks
    assert (task.budget.total, task.budget.fiscal, task.executed.total) == (120_000, 100_000, 110_000)
    assert "按万元读入，换算成元" in said


# --- what is asked wins ---


@pytest.fixture
def data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A workbook in 万元 of 甲局, 2023, whose import sheets hold what was carried into them."""
    sheet = form(funds="项目资金（万元）", budget="100", executed="90", score="30", body="甲局")
    began(tmp_path, capsys, sheet, options=("--unit", "万元", "--standard", "sz-project-2021"))
    return tmp_path / "自评.xlsm"


ASKED = {
    "unit": (("--unit", "元"), "金额按万元读入（“基本信息”），换算成元"),
    "year": (("--year", "2024"), "年度：数据写的是“2023”，按 --year 用“2024”"),
    "body": (("--body", "乙局"), "单位名称：数据写的是“甲局”，按 --body 用“乙局”"),
    "standard": (("--standard", "国家"), "口径：数据写的是“sz-project-2021”，按 --standard 用“cn-project-2020”"),
    "nothing": ((), ""),
    "the same": (("--unit", "万元", "--year", "2023", "--body", "甲局", "--standard", "深圳"), ""),
}


@pytest.mark.parametrize("case", ASKED)
def test_what_is_asked_wins_over_the_data(
    case: str, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options, note = ASKED[case]
    book = tmp_path / "新.xlsm"
    assert main(["new", str(book), "--data", str(data), *options]) == 0
    said = capsys.readouterr().out
    assert note in said
    assert ("数据写的" in said or "换算" in said) == bool(note)
    assert main(["fill", str(book), "--data", str(data)]) == 0
    body, own = new.body_from(book), only(tmp_path, "新.xlsm")
    wanted = {"unit": "元", "year": 2024, "body": "乙局", "standard": "cn-project-2020"}
    usual = {"unit": "万元", "year": 2023, "body": "甲局", "standard": "sz-project-2021"}
    chosen = usual | ({case: wanted[case]} if case in wanted else {})
    assert {"unit": body.unit, "year": body.year, "body": body.name, "standard": body.convention} == chosen
    assert own.execution is not None
    assert own.unit == chosen["unit"]
    assert own.execution.budget.value == (1_000_000 if case == "unit" else 100)


def test_data_in_a_unit_that_no_workbook_has(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """千元 and 亿元 are known; a workbook is in 元 or 万元."""
    book = FileBook.open(data)
    sheet, _, cell = book.names[names.UNIT].rpartition("!")
    book.apply([Edit(sheet.strip("'"), address(cell), "千元")])
    book.save(backup=False)
    assert main(["new", str(tmp_path / "新.xlsm"), "--data", str(data)]) == 0
    assert "金额按千元读入（“基本信息”），换算成元" in capsys.readouterr().out


# --- what cannot be carried is named ---

OTHER_SOURCES = """
项目支出绩效自评表（2023年度） | < | < | < | < | < | < | <
项目名称 | 某项目 | < | < | < | < | < | <
项目资金（元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | 100 | 100 | 100 | 10 | 100% | 10
^ | 其中：中央财政资金 | 60 | 60 | 60 | | 100% |
^ | 地方资金 | 40 | 40 | 40 | | 100% |
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | 数量指标 | 培训 | 100人次 | 100人次 | 90 | 90 |
总分 | < | < | < | < | 100 | 100 |
"""


def test_sources_without_a_row_stay_in_the_import_sheets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = began(tmp_path, capsys, OTHER_SOURCES)
    assert "资金来源 中央财政资金、地方资金 在新的自评表上没有对应的行，只带入“执行数据”" in said
    assert "没有这些栏，数据没有填：中央财政资金、地方资金" in said
    (project,) = new.body_from(tmp_path / "自评.xlsm").projects
    assert project.funds[1:] == (Funds("中央财政资金", 60.0, 60.0, 60.0), Funds("地方资金", 40.0, 40.0, 40.0))


@pytest.mark.parametrize(
    ("sources", "total"),
    [
        ({"中央财政资金": 60, "省级资金": 30, "市级资金": 10}, 100),
        ({"地方资金": 40, "省级资金": 30, "市级资金": 10, "其他资金": 5}, 45),
        ({"当年财政拨款": 100, "中央财政资金": 60, "地方资金": 40, "其他资金": 5}, 105),
    ],
)
def test_a_total_of_sources_counts_none_twice(sources: dict[str, int], total: int, tmp_path: Path) -> None:
    path = new.new(tmp_path / "自评.xlsm", new.blank_body("某局", 2023, "", "元", 1))
    book = FileBook.open(path)
    cells: dict[str, Value] = {}
    for row, (source, amount) in enumerate(sources.items(), start=2):
        cells |= {f"B{row}": "某项目", f"C{row}": source, f"E{row}": amount}
    book.apply([Edit(names.EXECUTION, address(place), value) for place, value in cells.items()])
    book.save(backup=False)
    (project,) = [one for one in new.body_from(path).projects if one.funds]
    budgets = {one.source: one.budget for one in project.funds}
    assert budgets == {**sources, "年度资金总额": total}


RICH = """
项目支出绩效自评表（2023年度） | < | < | < | < | < | < | < | < | <
项目名称 | 某项目 | < | < | < | < | < | < | < | <
项目资金（元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 | | <
^ | 年度资金总额 | 100 | 100 | 100 | 10 | 100% | 10 | | <
一级指标 | 二级指标 | 三级指标 | 上年完成值 | 年度指标值 | 实际完成值 | 得分系数 | 分值 | 得分 | 复核分
产出指标 | 数量指标 | 培训 | 90人次 | 100人次 | 100人次 | 1 | 60 | 60 | 58
产出指标 | 质量指标 | | | ≥90% | 95% | 1 | 30 | 30 | 30
总分 | < | < | < | < | < | < | 100 | 99 |
评定等级 | < | 优 | < | < | < | < | < | < | <
偏差大或目标未完成原因分析 | < | 场地不足 | < | < | < | < | < | < | <
"""


def test_what_has_no_place_is_listed_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = began(tmp_path, capsys, RICH)
    (left,) = (line for line in said.splitlines() if "“表1”没有带入：" in line)
    for name in (
        "得分系数（2 行）",
        "复核分（2 行）",
        "上年值（1 行）",
        "等级“优”",
        "原因说明",
        "总分 99（各项得分之和是 100）",
    ):
        assert name in left
    assert "第 7 行没有指标名称" in said
    own = only(tmp_path)
    assert [(row.name.text, row.score.text) for row in own.rows] == [("培训", "60"), ("指标1：", "30")]


def test_scores_that_stand_apart_under_one_weight_are_added(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = form(score="18").replace(
        "知晓率 | ≥80% | 85% | 30 | 18 |", "知晓率 | ≥80% | 85% | 30 | 18 |\n^ | ^ | 参与率 | ≥70% | 60% | ^ | 9 |"
    ).replace("| 100 | 100 |\n", "| 100 | 97 |\n")  # fmt: skip
    said = began(tmp_path, capsys, sheet)
    assert "共用一个分值，得分合成 27 分" in said
    assert only(tmp_path).total_score.text == "97"


SCORED = """
2023年度部门整体支出绩效评分表 | < | < | <
一级指标 | 二级指标 | 分值 | 得分
投入 | 目标设定 | 50 | 45
过程 | 预算执行 | 50 | 48
总分 | < | 100 | 93
"""
LEFT_OUT = {
    "a second form of a project": ([form(), form(score="29")], "项目“培训”有几张自评表，只带入第一张，没有带入“表2”的"),
    "a third of another name": ([form(), form(name="食堂"), form(name="食堂")], "项目“食堂”有几张自评表，只带入第一张，没有带入“表3”的"),
    "a second form of the whole body": (
        [WHOLE.format(**WHOLES["as Hunan prints it"])] * 2, "有几张整体自评表，只带入第一张，没有带入“表2”的"
    ),
    "a 评分表": ([form(), SCORED], "“表2”是评分表，没有带入"),
    "a form without a name": ([form(), form(name="")], "“表2”的自评表没有项目名称，没有带入"),
    "a transfer": ([form().replace("项目支出绩效自评表", "转移支付区域绩效目标自评表")], "“表1”是转移支付自评表，按项目自评表带入"),
}  # fmt: skip


@pytest.mark.parametrize("case", LEFT_OUT)
def test_a_form_that_is_left_out_is_named(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheets, note = LEFT_OUT[case]
    assert note in began(tmp_path, capsys, *sheets)


def test_a_file_of_which_nothing_can_be_carried_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grids(tmp_path / "表.xlsx", {"评分": SCORED})
    assert main(["new", str(tmp_path / "自评.xlsm"), "--data", str(tmp_path / "表.xlsx")]) == 1
    assert "“评分”是评分表，没有带入" in capsys.readouterr().err


def test_other_commands_name_what_they_do_not_take(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    had = tmp_path / "原表.xlsx"
    assert main(["import", str(data), str(had)]) == 1
    assert "表1 是自评表，不是绩效目标表；请用 perfeval new --data" in capsys.readouterr().err
    assert main(["fill", str(data), "--data", str(had)]) == 1
    assert "只有自评表或评分表（表1）；请用 perfeval new --data" in capsys.readouterr().err


TRANSFER_FORM = """
转移支付区域（项目）绩效目标自评表 | < | < | < | < | < | <
（2024年度） | < | < | < | < | < | <
转移支付（项目）名称 | 义务教育补助经费 | < | < | < | < | <
中央主管部门 | 教育部 | < | < | 地方主管部门 | 某省教育厅 | <
资金投入情况（万元） | | | 全年预算数（A） | 全年执行数（B） | < | 预算执行率（B/A×100%）
^ | 年度资金总额 | < | 100 | 90 | < | 90%
^ | 其中：中央财政资金 | < | 60 | 60 | < | 100%
^ | 地方资金 | < | 40 | 30 | < | 75%
总体目标完成情况 | 总体目标 | < | < | 全年实际完成情况 | < | <
^ | 补助学校 | < | < | 已补助 | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 全年实际完成值 | 未完成原因和改进措施
^ | 产出指标 | 数量指标 | 补助学校数 | ≥10所 | 9所 | 一所撤并
"""


def test_a_transfer_stays_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = began(tmp_path, capsys, TRANSFER_FORM)
    assert "按项目自评表带入" not in said
    assert "没有对应的行" not in said
    (own,) = [one for one in forms(tmp_path / "自评.xlsm") if one.kind == TRANSFER]
    assert own.unit == "万元"  # as its edition prints it, in a workbook in 元
    assert {one.source: (one.budget.value, one.executed.value) for one in own.funds if one.budget.text} == {
        "年度资金总额": (100, 90), "中央财政资金": (60, 60), "地方资金": (40, 30),
    }  # fmt: skip
    stated = [row for row in own.rows if own.states(row)]
    assert [(row.name.text, row.actual.text, row.reason.text) for row in stated] == [("补助学校数", "9所", "一所撤并")]


def test_another_standard_of_the_whole_body_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = WHOLE.format(**WHOLES["as Hunan prints it"])
    began(tmp_path, capsys, sheet, options=("--body-standard", "sz-department-2020"))
    data, book = tmp_path / "自评.xlsm", tmp_path / "新.xlsm"
    assert main(["new", str(book), "--data", str(data), "--body-standard", "hn-department-2020"]) == 0
    assert "数据写的是“sz-department-2020”，按 --body-standard 用“hn-department-2020”" in capsys.readouterr().out
    assert new.body_from(book).whole.standard == "hn-department-2020"


def test_a_report_tells_of_a_form_with_points_and_names_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began(tmp_path, capsys, WHOLE.format(**WHOLES["as Hunan prints it"]), form(), options=("--unit", "万元"))
    told = facts(FileBook.open(tmp_path / "自评.xlsm"))
    assert told.whole is not None
    assert [(one.name, str(one.weight), str(one.score)) for one in told.whole.scores] == [
        ("预算执行率", "10", "8"), ("培训人次", "50", "50"), ("知晓率", "30", "30"), ("满意度", "10", "10"),
    ]  # fmt: skip
    assert (str(told.whole.money.budget), str(told.whole.money.executed), str(told.whole.total)) == ("100", "80", "98")
    assert told.unused == ()
    two = tmp_path / "两张.xlsx"
    grids(two, {"甲": WHOLE.format(**WHOLES["as Hunan prints it"]), "乙": WHOLE.format(**WHOLES["as Hunan prints it"])})
    assert facts(FileBook.open(two)).unused == ("乙",)
