"""R37: a form that nobody has filled in is an error at the year's end, told once; with targets only there is one reminder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from perfeval.books.file import FileBook
from perfeval.books.opening import opened
from perfeval.checks import check
from perfeval.cli import main
from perfeval.commands import freeze, new, rollup
from perfeval.commands.live import handing
from perfeval.findings import Finding
from perfeval.forms.edits import Edit
from perfeval.forms.filled import is_prompt
from perfeval.forms.grid import Value, address
from perfeval.records import names
from perfeval.stepwise import finished
from support import fakeexcel
from support.sheettext import write_sheets
from support.wordtables import write_word

# An official blank: {executed} … are what a person fills in at the year's end.
FORM = """
项目支出绩效自评表 | < | < | < | < | < | < | <
项目名称 | {name} | < | < | 实施单位 | {body} | < | <
项目资金（万元） | < | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | {budget} | {budget} | {executed} | 10 | {rate} | {execution}
^ | 其中：当年财政拨款 | {budget} | {budget} | {executed} | — | {rate} | —
年度总体目标 | 预期目标 | < | < | 实际完成情况 | < | < | <
^ | {goal} | < | < | {outcome} | < | < | <
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | 数量指标 | {indicator} | {target} | {actual} | {weight} | {score} | {reason}
^ | 成本指标 | 单价 | {limit} | {cost} | 30 | {saved} |
效益指标 | 社会效益指标 | 指标1： |  |  | 30 |  |
总分 | < | < | < | < | 100 | {total} |
"""
PARTS = (
    "name body budget executed rate execution goal outcome indicator target actual weight score reason limit cost saved total"
).split()
TARGETS = {
    "name": "河道清淤",
    "body": "某局",
    "goal": "清淤20公里",
    "indicator": "长度",
    "target": "≥20公里",
    "weight": "30",
}
BUDGETED = TARGETS | {"budget": "60", "limit": "≤3万元"}
ANSWERED = BUDGETED | {"executed": "54", "rate": "90%", "execution": "9", "actual": "20公里", "score": "30"}


def form(**parts: str) -> str:
    return FORM.format(**(dict.fromkeys(PARTS, "") | parts))


def found(folder: Path, stage: str = "", **sheets: str) -> list[Finding]:
    return check(FileBook.open(write_sheets(folder / "表.xlsx", sheets)), stage=stage)


def blanks(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(str(one.level), one.sheet, one.cell) for one in findings if one.kind.code == "R37"]


# --- what fills a form in, and what does not --------------------------------------------------------------------

NOT_GIVEN: dict[str, Mapping[str, str]] = {
    "什么都没有": {},
    "只有项目名称": {"name": "河道清淤"},
    "只有目标": TARGETS,
    "目标和预算": BUDGETED,
    "占位的横线": BUDGETED | {"executed": "—", "actual": "/", "score": "—", "reason": "无", "outcome": "……"},
    "请填的提示": BUDGETED | {"outcome": "（请填写实际完成情况）", "reason": "请说明原因", "actual": "（据实填写）"},
    "逐个目标的空位": BUDGETED | {"outcome": "目标1完成情况：\\n目标2完成情况：\\n……"},
    "只印了单位": BUDGETED | {"executed": "万元", "actual": "公里", "cost": "万元"},
    "没有勾选的选项": BUDGETED | {"actual": "□完成 □未完成"},
    "公式给出零": BUDGETED | {"executed": "=SUM(J1:J3) -> 0", "execution": "=H4*10 -> 0", "total": "=SUM(G9:G11) -> 0"},
    "公式给出错误值": {"name": "河道清淤", "rate": "=E4/D4 -> #DIV/0!", "execution": "=G4*10 -> #DIV/0!"},
    "公式把空白的成本算作达标": BUDGETED | {"saved": "=IF(E10<=3,F10,0) -> 30", "total": "=SUM(G9:G11) -> 30"},
}  # fmt: skip

GIVEN: dict[str, Mapping[str, str]] = {
    "执行数": {"executed": "54"},
    "执行数是零": {"executed": "0"},
    "从别的表取来的执行数": {"executed": "=执行!B2 -> 54"},
    "完成值": {"actual": "18公里"},
    "得分": {"score": "27"},
    "从别的表取来的得分": {"score": "=打分!B2 -> 27"},
    "偏差原因": {"reason": "汛期停工"},
    "请示开头的原因": {"reason": "请示批复较晚"},
    "实际完成情况": {"outcome": "目标1完成情况：清淤20公里"},
    "勾选了的选项": {"actual": "☑完成 □未完成"},
}


@pytest.mark.parametrize("parts", NOT_GIVEN.values(), ids=NOT_GIVEN)
def test_a_blank_form_is_one_error_and_nothing_else(parts: Mapping[str, str], tmp_path: Path) -> None:
    findings = found(tmp_path, 自评表=form(**parts))
    assert [(one.kind.code, one.sheet, one.cell) for one in findings] == [("R37", "自评表", "A1")]
    assert findings[0].message.startswith("“河道清淤”" if "name" in parts else "什么都没有填")
    assert ("只填了目标" in findings[0].message) == ("target" in parts)


@pytest.mark.parametrize("parts", GIVEN.values(), ids=GIVEN)
def test_one_answer_makes_it_a_form_that_is_reviewed(parts: Mapping[str, str], tmp_path: Path) -> None:
    findings = found(tmp_path, 自评表=form(**(BUDGETED | parts)))
    assert blanks(findings) == []
    assert "R14" in {one.kind.code for one in findings}


IN_WORD = [name for name in NOT_GIVEN if "公式" not in name]


@pytest.mark.parametrize("parts", [NOT_GIVEN[name] for name in IN_WORD], ids=IN_WORD)
def test_a_blank_form_in_word_is_the_same(parts: Mapping[str, str], tmp_path: Path) -> None:
    book = FileBook.open(write_sheets(tmp_path / "表.xlsx", {"自评表": form(**parts)}))
    document = opened(write_word(tmp_path / "表.docx", ["某局自评材料", book.grid("自评表")]))
    assert [one.kind.code for one in check(document)] == ["R37"]


PROMPTS = (
    "",
    "  ",
    "—",
    "……",
    "无",
    "指标1：",
    "目标1：",
    "（请填写……）",
    "【此处填写】",
    "%",
    "万元",
    "□是 □否",
    "如实填写",
)
ANSWERS = (
    "0",
    "12",
    "100%",
    "5万元",
    "完成",
    "是",
    "优",
    "目标1：完成",
    "请示未批",
    "2023年6月",
    "■是 □否",
    "无法开工",
)


@pytest.mark.parametrize(("texts", "asks"), [(PROMPTS, True), (ANSWERS, False)])
def test_a_prompt_is_told_from_an_answer(texts: tuple[str, ...], asks: bool) -> None:
    assert [text for text in texts if is_prompt(text) is not asks] == []


BODY = """
部门整体支出绩效自评表 | < | < | < | < | <
部门名称 | {name} | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 分值 | 实际完成值 | 得分
投入 | 预算配置 | 人员控制率 | 40 | {actual} | {score}
产出 | 职责履行 | 完成及时率 | 60 | {actual} | {score}
总分 | < | < | 100 | | {total}
"""
BODIES = {
    "空白": ({"name": "某局"}, ["R37"]),
    "连名称也空白": ({}, ["R37"]),
    "填了": ({"name": "某局", "actual": "100%", "score": "40", "total": "80"}, []),
    "公式算出零": ({"name": "某局", "score": "=D4*E4 -> 0", "total": "=SUM(F4:F5) -> 0"}, ["R37"]),
}


@pytest.mark.parametrize(("parts", "codes"), BODIES.values(), ids=BODIES)
def test_a_form_of_a_whole_body_is_asked_the_same(parts: dict[str, str], codes: list[str], tmp_path: Path) -> None:
    text = BODY.format(**(dict.fromkeys(("name", "actual", "score", "total"), "") | parts))
    assert [one.kind.code for one in found(tmp_path, 整体=text) if one.kind.code == "R37"] == codes


def test_a_framework_without_a_place_for_answers_is_no_form_to_fill(tmp_path: Path) -> None:
    framework = (
        "部门整体支出绩效评价共性指标框架 | < | <\n一级指标 | 二级指标 | 三级指标 | 分值\n投入 | 配置 | 控制率 | 100"
    )
    assert blanks(found(tmp_path, 框架=framework, 自评表=form(**ANSWERED))) == []


# --- spare sheets, and the stage --------------------------------------------------------------------------------


def test_spare_sheets_are_one_note_beside_a_filled_form_and_errors_alone(tmp_path: Path) -> None:
    sheets = {"一": form(**ANSWERED), "二": form(), "三": form(target="≥5人"), "四": form(**TARGETS)}
    findings = found(tmp_path, **sheets)
    assert blanks(findings) == [("说明", "", ""), ("错误", "四", "A1")]
    assert "2 张备用的空白表" in findings[0].message
    assert "二、三" in findings[0].message
    assert {one.sheet for one in findings if one.kind.code != "R37"} == {"一"}
    assert blanks(found(tmp_path, 二=form(), 三=form(target="≥5人"))) == [("错误", "二", "A1"), ("错误", "三", "A1")]


def test_of_targets_there_is_one_reminder_a_file(tmp_path: Path) -> None:
    sheets = {str(place): form(**BUDGETED) for place in range(6)}
    findings = found(tmp_path, names.AT_YEAR_START, **sheets, 备用=form())
    assert [(str(one.level), one.sheet) for one in findings] == [("提醒", ""), ("说明", "")]
    assert findings[0].message == "6 张表还没有填自评，阶段是目标"
    assert blanks(found(tmp_path, names.AT_YEAR_END, **sheets)) == [("错误", sheet, "A1") for sheet in sheets]


@pytest.mark.parametrize(("option", "code", "level"), [([], 1, "错误"), (["--stage", "targets"], 0, "提醒")])
def test_the_shell_takes_the_stage(
    option: list[str], code: int, level: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, page = write_sheets(tmp_path / "表.xlsx", {"表": form(**BUDGETED)}), tmp_path / "复核.html"
    assert main(["check", str(path), "--html", str(page), *option]) == code
    said = capsys.readouterr().out
    assert f"{level} R37" in said
    assert "没有发现问题" not in said
    assert "R37" in page.read_text(encoding="utf-8")
    assert "没有发现问题" not in page.read_text(encoding="utf-8")


def test_a_reason_lets_a_blank_form_stand_until_it_is_filled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, reasons = write_sheets(tmp_path / "表.xlsx", {"表": form(**BUDGETED)}), tmp_path / "复核.json"
    main(["check", str(path), "--json"])
    items = [item | {"waived": "项目已取消"} for item in json.loads(capsys.readouterr().out)]
    reasons.write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
    assert main(["check", str(path), "--waive", str(reasons)]) == 0


# --- our own workbook -------------------------------------------------------------------------------------------


def made(folder: Path, projects: int = 6, cells: Mapping[str, Mapping[str, Value]] | None = None) -> Path:
    """A new workbook, with some cells of its forms typed in; the sheets by their place."""
    path = new.new(folder / "自评.xlsm", new.blank_body("某局", 2023, "cn-project-2020", "万元", projects))
    type_in(path, {f"{sheet} {names.TEMPLATE}": typed for sheet, typed in (cells or {}).items()})
    return path


def type_in(path: Path, sheets: Mapping[str, Mapping[str, Value]]) -> None:
    book = FileBook.open(path)
    book.apply([Edit(sheet, address(cell), value) for sheet, typed in sheets.items() for cell, value in typed.items()])
    book.save(path, backup=False)


def typed(name: str, *, answered: bool = True) -> dict[str, Value]:
    """What makes a form of ours right, every row met."""
    cells: dict[str, Value] = {"B3": name, "B11": "全部完成", "D6": 60, "E6": 60, "D7": 60, "E7": 60}
    rows = range(13, 31)
    weights = dict(zip(rows, [5] * 10 + [4] * 5 + [5] * 2 + [10], strict=True))
    for row in rows:
        cells |= {f"D{row}": f"事项{row}", f"E{row}": "100%", f"G{row}": weights[row]}
        if answered:
            cells |= {f"F{row}": "100%"}
    return cells | ({"F6": 60, "F7": 60, "F11": "全部完成"} if answered else {})


def test_an_untouched_workbook_is_an_error_a_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = made(tmp_path)
    findings = check(FileBook.open(path))
    assert blanks(findings) == [("错误", f"0{place} {names.TEMPLATE}", "A1") for place in range(1, 7)]
    assert len(findings) == 6
    assert main(["freeze", str(path)]) == 1
    assert "R37" in capsys.readouterr().out
    assert not (tmp_path / "自评-报送版.xlsx").exists()


def test_targets_only_are_an_error_a_form_until_the_stage_says_so(tmp_path: Path) -> None:
    sheets = {f"0{place}": typed(f"项目{place}", answered=False) for place in range(1, 7)}
    path = made(tmp_path, cells=sheets)
    findings = check(FileBook.open(path))
    assert [one.message.partition("：")[0] for one in findings] == [f"“项目{place}”只填了目标" for place in range(1, 7)]
    type_in(path, {names.BASICS: {stage_cell(path): names.AT_YEAR_START}})
    book = FileBook.open(path)
    assert [one.message for one in check(book)] == ["6 张表还没有填自评，阶段是目标"]
    assert len(check(book, stage=names.AT_YEAR_END)) == 6
    assert freeze.freeze(path).path == tmp_path / "自评-报送版.xlsx"


def test_one_of_six_filled_leaves_the_five_that_are_named(tmp_path: Path) -> None:
    sheets = {f"0{place}": typed(f"项目{place}", answered=place == 1) for place in range(1, 7)}
    path = made(tmp_path, cells=sheets)
    findings = check(FileBook.open(path))
    assert blanks(findings) == [("错误", f"0{place} {names.TEMPLATE}", "A1") for place in range(2, 7)]
    assert not any(one.kind.code == "R14" and not one.sheet.startswith("01") for one in findings)
    frozen = freeze.freeze(path)
    assert frozen.path is None
    assert len([one for one in frozen.stopped_by if one.kind.code == "R37"]) == 5


def test_a_workbook_from_before_the_cell_is_at_its_year_end(tmp_path: Path) -> None:
    path = made(tmp_path, projects=1)
    book = FileBook.open(path)
    row = address(stage_cell(path)).row
    type_in(path, {names.BASICS: {f"A{row}": None, f"B{row}": None}})
    assert book.grid(names.BASICS)[row, 1].value == names.STAGE
    assert blanks(check(FileBook.open(path))) == [("错误", names.TEMPLATE, "A1")]


def stage_cell(path: Path) -> str:
    return FileBook.open(path).names[names.STAGE].rpartition("!")[2].replace("$", "")


@pytest.fixture
def with_spares(tmp_path: Path) -> Path:
    """A workbook of six forms, one filled in and right, five not used."""
    return made(tmp_path, cells={"01": typed("清淤")})


def test_spare_sheets_are_not_sent(with_spares: Path) -> None:
    findings = check(FileBook.open(with_spares))
    assert blanks(findings) == [("说明", "", "")]
    assert not [one for one in findings if str(one.level) == "错误"]
    frozen = freeze.freeze(with_spares)
    assert frozen.path
    copy = FileBook.open(frozen.path)
    assert [sheet for sheet in copy.sheets if names.TEMPLATE in sheet] == [f"01 {names.TEMPLATE}"]
    assert any("没有用到的空白自评表 5 张" in change for change in frozen.changes)
    note = copy.grid(freeze.NOTE)
    told = {note[row, 1].value: note[row, 2].value for row in range(1, note.bottom + 1)}
    assert (told["项目数"], told[names.STAGE]) == ("1", names.AT_YEAR_END)


def test_the_summary_counts_what_is_filled_in(with_spares: Path) -> None:
    grid = FileBook.open(with_spares).grid(names.SUMMARY)
    assert [grid[row, 8].value for row in range(4, 10)] == ["可报送", *["未填"] * 5]
    assert (grid[11, 1].value, grid[11, 8].value) == ("合计（总分为 1 张表的平均）", "已填 1/6，可报送 1")
    type_in(with_spares, {f"02 {names.TEMPLATE}": {"F6": 0}, f"03 {names.TEMPLATE}": {"F33": "有"}})
    grid = FileBook.open(with_spares).grid(names.SUMMARY)
    assert grid[11, 8].value == "已填 2/6，可报送 1"  # F33 is none of the form's rows


@pytest.mark.parametrize("cell", ["F6", "F9", "F11", "F13", "F30", "H20", "I6", "I30"])
def test_workbook_and_review_agree_on_what_fills_a_form(cell: str, tmp_path: Path) -> None:
    path = made(tmp_path, cells={"02": {cell: 1}})
    book = FileBook.open(path)
    assert [book.grid(names.SUMMARY)[row, 8].value for row in (4, 5)] == ["未填", "填了一半"]
    assert f"02 {names.TEMPLATE}" not in {one.sheet for one in check(book) if one.kind.code == "R37"}


STATES = [
    ({}, "可报送"),
    ({"F13": None}, "填了一半"),  # a row with a target and no actual
    ({"F6": None}, "填了一半"),
    ({"H13": None}, "填了一半"),
    ({"H13": 1}, "有提示"),  # not what the values score
]


@pytest.mark.parametrize(("cells", "state"), STATES)
def test_the_summary_says_how_far_a_form_has_come(with_spares: Path, cells: dict[str, Value], state: str) -> None:
    sheet = f"01 {names.TEMPLATE}"
    type_in(with_spares, {sheet: cells})
    book = FileBook.open(with_spares)
    form, row = book.grid(sheet), 4
    assert (form[4, 12].value, book.grid(names.SUMMARY)[row, 8].value) == (state, state)
    hints = sum(form[row, 14].value not in (None, "") for row in (6, *range(13, 32)))
    rows = sum(form[row, 5].value is not None for row in range(13, 31))
    done = sum(form[row, 6].value is not None for row in range(13, 31))
    assert form[2, 11].value == f"已填 {done}/{rows}　提示 {hints} 条"


def test_the_button_refuses_to_send_it(tmp_path: Path) -> None:
    path = made(tmp_path, projects=2)
    said = finished(handing.freeze(fakeexcel.open_book(path)))
    assert "没有生成报送版" in said
    assert "什么都没有填" in said


# --- a folder of forms ------------------------------------------------------------------------------------------


def overview(path: Path) -> dict[str, Value]:
    grid = FileBook.open(path).grid("总览")
    return {str(grid[row, 1].value).strip(): grid[row, 2].value for row in range(4, grid.bottom + 1)}


def test_a_folder_says_how_many_are_filled_in_and_of_how_many_its_means_are(tmp_path: Path) -> None:
    for place in range(4):
        parts = ANSWERED | {"name": f"项目{place}", "total": "" if place == 3 else f"9{place}"}
        write_sheets(tmp_path / f"{place}.xlsx", {"表": form(**parts)})
    write_sheets(tmp_path / "只有目标.xlsx", {"表": form(**BUDGETED)})
    write_sheets(tmp_path / "有备用.xlsx", {"表": form(**(ANSWERED | {"name": "绿化", "total": "95"})), "空": form()})
    rolled = rollup.rollup(tmp_path)
    assert {(path, sheet, sort) for path, sheet, sort, _ in rolled.passed} == {
        ("只有目标.xlsx", "表", "没有填报"),
        ("有备用.xlsx", "空", "空白"),
    }
    told = overview(rolled.summary)
    assert (told["已填的项目自评表"], told["没有填报的自评表"], told["空白的自评表"]) == ("5/6", 1, 1)
    assert (told["总分的平均"], told["平均的项目"], told["加权平均的项目"]) == (92, 4, 4)
