"""Amounts keep their size: what decides their unit, what is said of it, and what is asked where nothing decides.

One body's export is brought into workbooks in 元 and in 万元; the cases say only what differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from perfeval.books.file import FileBook
from perfeval.checks import check
from perfeval.cli import main
from perfeval.commands import new
from perfeval.commands.fill import fill
from perfeval.errors import FormProblem
from perfeval.findings import Level
from perfeval.forms.reader import read_forms
from support.sheettext import write_sheets

BUDGET = 1286.5  # 万元
ROWS = """
'01 | 低保核查 | 年度资金总额 | {0} | {0} | {1}
'01 | 低保核查 | 当年财政拨款 | {0} | {0} | {1}
'02 | 养老设施 | 年度资金总额 | 640{2} | 640{2} | 512.08{3}
'02 | 养老设施 | 当年财政拨款 | 640{2} | 640{2} | 512.08{3}
"""
IN_WAN = ROWS.format("1286.50", "1243.78", "", "")
IN_YUAN = (
    ROWS.format("12865000", "12437761", "0000", "").replace("512.08 ", "5120800 ").replace("512.08\n", "5120800\n")
)
NO_AMOUNTS = ROWS.format("", "", "", "").replace("640", "").replace("512.08", "")
PLAIN = "项目编码 | 项目名称 | 资金来源 | 年初预算数 | 全年预算数 | 全年执行数"
IN_HEADING = PLAIN.replace("数", "数（{}）")
MIXED = "项目编码 | 项目名称 | 资金来源 | 年初预算数（元） | 全年预算数（万元） | 全年执行数（万元）"
BASICS = "单位名称 | 某局\n年度 | 2025\n金额单位 | {}"


def export(folder: Path, header: str, rows: str, basics: str = "", line: str = "") -> Path:
    """What a finance system gives: amounts of two projects."""
    sheets = {"基本信息": BASICS.format(basics)} if basics else {}
    over = f"某局预算执行情况\n{line}\n" if line else ""
    return write_sheets(folder / "导出.xlsx", sheets | {"执行数据": f"{over}{header}{rows}"})


def workbook(folder: Path, unit: str, *, filled: bool) -> Path:
    """A workbook in a unit whose forms hold the budget, or nothing yet."""
    start = export(folder, PLAIN, IN_WAN if filled else NO_AMOUNTS, basics="万元")
    path = folder / f"自评-{unit}-{filled}.xlsm"
    assert main(["new", str(path), "--data", str(start), "--unit", unit]) == 0
    if filled:
        fill(path, start)
    return path


def budget_in(path: Path) -> object:
    """The 年初预算数 of the first form."""
    book = FileBook.open(path)
    first = next(sheet for sheet in book.user_sheets if sheet.startswith("01"))
    (form,) = read_forms(book.grid(first))
    assert form.execution is not None
    return form.execution.initial.value


@dataclass(frozen=True)
class Case:
    """An export, and what is said of its unit; ``read`` is False where no amount is to be written."""

    header: str
    rows: str
    says: str
    basics: str = ""
    line: str = ""
    option: str = ""
    filled: bool = False
    read: bool = True


CASES = {
    "标题": Case(IN_HEADING.format(*["万元"] * 3), IN_WAN, "金额按万元读入（列标题）"),
    "标题是元": Case(IN_HEADING.format(*["元"] * 3), IN_YUAN, "金额按元读入（列标题）"),
    "表上一行": Case(PLAIN, IN_WAN, "金额按万元读入（表上的单位）", line="单位：万元"),
    "基本信息": Case(PLAIN, IN_YUAN, "金额按元读入（“基本信息”）", basics="元"),
    "命令里写明": Case(PLAIN, IN_WAN, "金额按万元读入（--data-unit）", option="万元"),
    "命令里写明，基本信息另写": Case(PLAIN, IN_WAN, "金额按万元读入（--data-unit）", basics="元", option="万元"),
    "与工作簿一致": Case(PLAIN, IN_WAN, "金额按万元读入（与工作簿里同一项目的金额一致）", filled=True),
    "元，与工作簿一致": Case(PLAIN, IN_YUAN, "金额按元读入（与工作簿里同一项目的金额一致）", filled=True),
    "没有写": Case(PLAIN, IN_WAN, "D2 的 1286.5 可以是 1286.5 元，也可以是 1286.5 万元", read=False),
    "标题与基本信息不一": Case(
        IN_HEADING.format(*["万元"] * 3), IN_WAN, "列标题是万元，“基本信息”是元", basics="元", read=False
    ),
    "方括号": Case(IN_HEADING.format(*["万元"] * 3).replace("（", "[").replace("）", "]"), IN_WAN, "金额按万元读入（列标题）"),
    "空格": Case(IN_HEADING.format(*["万 元"] * 3), IN_WAN, "金额按万元读入（列标题）"),
    "以万元计": Case(IN_HEADING.format(*["以万元计"] * 3), IN_WAN, "金额按万元读入（列标题）"),
    "话里写着": Case(PLAIN, IN_WAN, "金额按万元读入（表上的单位）", line="本表金额以万元为单位"),
    "单位在两格里": Case(PLAIN, IN_WAN, "金额按万元读入（表上的单位）", line="某局 | 金额单位： | 万元"),
    "单位在表下": Case(PLAIN, IN_WAN + "注：单位：万元\n", "金额按万元读入（表上的单位）"),
    "单位在表下，基本信息另写": Case(PLAIN, IN_WAN + "注：单位：万元\n", "说法不一", basics="元", read=False),
    "方括号，基本信息另写": Case(
        IN_HEADING.format(*["万元"] * 3).replace("（", "[").replace("）", "]"), IN_WAN, "说法不一", basics="元", read=False
    ),
    "百万元": Case(IN_HEADING.format(*["百万元"] * 3), IN_WAN, "不能确定（列标题是百万元）", filled=True, read=False),
    "百万元，基本信息是万元": Case(IN_HEADING.format(*["百万元"] * 3), IN_WAN, "说法不一", basics="万元", read=False),
    "万": Case(IN_HEADING.format(*["万"] * 3), IN_WAN, "列标题是万", filled=True, read=False),
    "万美元": Case(IN_HEADING.format(*["万美元"] * 3), IN_WAN, "列标题是万美元", basics="元", read=False),
    "表上两个单位": Case(PLAIN, IN_WAN, "表上的单位是万元、元", line="单位：万元 | 单位：元", filled=True, read=False),
    "一个项目改了，其余一致": Case(PLAIN, IN_WAN.replace("640", "700"), "与工作簿里同一项目的金额一致", filled=True),
    "标题与表上一行不一": Case(
        IN_HEADING.format(*["万元"] * 3), IN_WAN, "列标题是万元，表上的单位是元", line="单位：元", filled=True, read=False
    ),
}  # fmt: skip


@pytest.mark.parametrize("unit", ["元", "万元"])
@pytest.mark.parametrize("name", CASES)
def test_the_unit_of_an_export(name: str, unit: str, tmp_path: Path) -> None:
    case = CASES[name]
    path = workbook(tmp_path, unit, filled=case.filled)
    before = budget_in(path)
    source = export(tmp_path, case.header, case.rows, case.basics, case.line)
    planned, _ = fill(path, source, data_unit=case.option)
    assert any(case.says in note for note in planned.notes)
    wanted = BUDGET * 10_000 if unit == "元" else BUDGET
    assert budget_in(path) == (wanted if case.read else before)


def test_a_column_out_of_proportion_to_the_agreeing_ones_is_asked_for(tmp_path: Path) -> None:
    """全年执行数 in 元 beside budgets in 万元, no heading says so, and nothing is known of what was spent."""
    start = export(tmp_path, PLAIN, IN_WAN.replace("1243.78", "").replace("512.08", ""), basics="万元")
    path = tmp_path / "自评.xlsm"
    assert main(["new", str(path), "--data", str(start), "--unit", "万元"]) == 0
    fill(path, start)
    rows = IN_WAN.replace("1243.78", "12437761").replace("512.08", "5120800")
    planned, _ = fill(path, export(tmp_path, PLAIN, rows))
    assert any("没有写单位" in note for note in planned.notes)
    (form,) = read_forms(FileBook.open(path).grid("02 养老设施"))
    assert form.execution is not None
    assert form.execution.executed.value is None


def test_one_of_many_amounts_that_agrees_is_chance(tmp_path: Path) -> None:
    path = workbook(tmp_path, "万元", filled=True)
    rows = IN_YUAN.replace("12865000", "9000000").replace("12437761", "8000000").replace("6400000", "5000000")
    fill(path, export(tmp_path, PLAIN, rows.replace("5120800", "512.08", 1)))
    assert budget_in(path) == BUDGET


def test_each_column_is_in_the_unit_of_its_heading(tmp_path: Path) -> None:
    path = workbook(tmp_path, "元", filled=False)
    rows = IN_WAN.replace("| 1286.50 | 1286.50", "| 12865000 | 1286.50").replace("| 640 | 640", "| 6400000 | 640")
    fill(path, export(tmp_path, MIXED, rows))
    (form,) = read_forms(FileBook.open(path).grid("02 养老设施"))
    assert form.execution is not None
    assert (form.execution.initial.value, form.execution.budget.value) == (6_400_000, 6_400_000)


@pytest.mark.parametrize("command", ["fill", "new"])
def test_an_option_against_a_heading_is_refused(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = export(tmp_path, IN_HEADING.format(*["万元"] * 3), IN_WAN)
    path = workbook(tmp_path, "元", filled=False) if command == "fill" else tmp_path / "新.xlsm"
    source = export(tmp_path, IN_HEADING.format(*["万元"] * 3), IN_WAN)
    assert main([command, str(path), "--data", str(source), "--data-unit", "元"]) == 1
    assert "表上写的单位是万元，--data-unit 写的是元" in capsys.readouterr().err
    assert command == "fill" or not path.exists()


def test_amounts_that_say_their_unit_need_no_other(tmp_path: Path) -> None:
    path = workbook(tmp_path, "元", filled=False)
    planned, _ = fill(path, export(tmp_path, PLAIN, IN_WAN.replace("1286.50", "1286.50万元")))
    assert budget_in(path) == BUDGET * 10_000
    assert any("没有写单位" in note for note in planned.notes)  # the others are still asked for


@pytest.mark.parametrize("unit", ["元", "万元"])
def test_an_amount_ten_thousand_times_what_stands_there_is_listed(unit: str, tmp_path: Path) -> None:
    """The last fill wrote the present amounts, so any other change would be taken."""
    path = workbook(tmp_path, unit, filled=True)
    before = budget_in(path)
    source = export(tmp_path, PLAIN, IN_WAN)
    planned, _ = fill(path, source, data_unit="元")
    assert budget_in(path) == before
    assert {kept.why for kept in planned.kept} == {"相差 10,000 倍，请核对金额单位"}
    fill(path, source, data_unit="元", overwrite=True)
    assert budget_in(path) == (BUDGET if unit == "元" else BUDGET / 10_000)


def test_new_takes_the_datas_unit_and_converts_into_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = export(tmp_path, IN_HEADING.format(*["万元"] * 3), IN_WAN)
    assert main(["new", str(tmp_path / "新.xlsm"), "--data", str(source), "--unit", "元"]) == 0
    assert "金额按万元读入（列标题），换算成元" in capsys.readouterr().out
    assert main(["fill", str(tmp_path / "新.xlsm"), "--data", str(source)]) == 0
    assert budget_in(tmp_path / "新.xlsm") == BUDGET * 10_000


# --- R46: the same amount in two places ---


def form(amount: str, initial: str, budget: str, executed: str = "900") -> str:
    return f"""
项目支出绩效自评表 | < | < | < | < | < | < | <
项目名称 | 河道清淤 | < | < | 项目金额 | {amount} | < | <
项目资金（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | {initial} | {budget} | {executed} | 10 |  |
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
^ | 产出指标 | 数量指标 | 清淤河段 | 6段 | 6段 | 90 | 90
总分 | < | < | < | < | < | 100 |
"""


PAIRS = {
    "项目金额按元": (form("12865000", "1286.5", "1286.5"), [("错误", "F2")]),
    "年初按元": (form("1286.5", "12865000", "1286.5"), [("错误", "C4")]),
    "全年按元，只有两处": (form("", "1286.5", "12865000"), [("错误", "D4")]),
    "都对": (form("1286.5", "1286.5", "1286.5"), []),
    "项目金额是几年的总额": (form("12865", "1286.5", "1286.5"), []),
    "项目金额恰好是当年的一千倍": (form("1286500", "1286.5", "1286.5"), []),
    "预算调整": (form("1286.5", "1286.5", "1000"), []),
    "零": (form("0", "1286.5", "1286.5"), []),
}


@pytest.mark.parametrize("name", PAIRS)
def test_one_amount_in_two_places(name: str, tmp_path: Path) -> None:
    sheet, wanted = PAIRS[name]
    findings = check(FileBook.open(write_sheets(tmp_path / "表.xlsx", {"自评": sheet})))
    assert [(str(one.level), one.cell) for one in findings if one.kind.code == "R46"] == wanted


@pytest.mark.parametrize(("factor", "level"), [(10_000, Level.ERROR), (1_000, Level.WARNING), (10, None)])
def test_a_form_beside_the_import_sheets_of_its_workbook(factor: int, level: Level | None, tmp_path: Path) -> None:
    path = workbook(tmp_path, "元", filled=True)
    content = openpyxl.load_workbook(path, keep_vba=True)
    content["执行数据"].delete_rows(2, 9)
    for column, value in enumerate(("01", "低保核查", "当年财政拨款", BUDGET * 10_000 / factor), 1):
        content["执行数据"].cell(2, column, value)
    content.save(path)
    found = [one for one in check(FileBook.open(path)) if one.kind.code == "R46"]
    assert [one.level for one in found] == ([level] * 2 if level else [])  # 年度资金总额 is summed up from its sources
    assert all("“执行数据”里" in one.message and one.sheet == "01 低保核查" for one in found)


def test_forms_without_a_name_and_unreadable_amounts_raise_nothing(tmp_path: Path) -> None:
    sheet = form("见附件", "1286.5", "待定").replace("河道清淤", "")
    findings = check(FileBook.open(write_sheets(tmp_path / "表.xlsx", {"自评": sheet})))
    assert not [one for one in findings if one.kind.code == "R46"]


def test_an_unknown_unit_in_the_basics_is_one_sentence(tmp_path: Path) -> None:
    source = export(tmp_path, PLAIN, IN_WAN, basics="万圆")
    with pytest.raises(FormProblem, match="金额单位“万圆”不认识"):
        new.body_from(source)


@pytest.mark.parametrize(
    ("cells", "cell"),
    [({1: "01", 2: "低保核查", 3: "财政全额", 4: 5}, "C2"), ({1: None, 2: None, 3: "年度资金总额", 4: 5}, "")],
    ids=["an unknown source", "a row without a project"],
)
def test_import_sheets_that_cannot_be_read_are_told_by_a_review(
    cells: dict[int, object], cell: str, tmp_path: Path
) -> None:
    path = workbook(tmp_path, "元", filled=True)
    assert not [one for one in check(FileBook.open(path)) if "数据表没有读" in one.message]
    content = openpyxl.load_workbook(path, keep_vba=True)
    for column, value in cells.items():
        content["执行数据"].cell(2, column).value = value
    content.save(path)
    (found,) = [one for one in check(FileBook.open(path)) if "数据表没有读" in one.message]
    assert (found.kind.code, found.sheet, found.cell) == ("R31", "执行数据", cell)


# --- what nobody has decided is asked in a review, too ---


@pytest.mark.parametrize(
    ("header", "unit", "told"),
    [
        (PLAIN, None, "的金额没有写单位"),
        (IN_HEADING.format("万元", "万元", "万元"), None, ""),
        (IN_HEADING.format("元", "元", "元"), "万元", "说法不一"),
        (PLAIN, "万元", ""),
    ],
)
def test_a_review_asks_for_the_unit_of_its_own_import_sheets(
    header: str, unit: str | None, told: str, tmp_path: Path
) -> None:
    path = workbook(tmp_path, "万元", filled=False)
    book = openpyxl.load_workbook(path, keep_vba=True)
    basics = book["基本信息"]
    (stated,) = (row[0].row for row in basics.iter_rows() if row[0].value == "金额单位")
    basics.cell(stated, 2, unit or "")
    sheet = book["执行数据"]
    for column, heading in enumerate(header.split(" | "), start=1):
        sheet.cell(1, column, heading)
    for row, line in enumerate(IN_WAN.strip().splitlines(), start=2):
        for column, value in enumerate(line.split(" | "), start=1):
            sheet.cell(row, column, float(value) if column > 3 else value.strip("'"))
    book.save(path)
    asked = [one for one in check(FileBook.open(path)) if one.kind.code == "R31" and one.sheet == "执行数据"]
    assert [told in one.message and "--data-unit" not in one.message for one in asked] == [True] * bool(told)
    assert all(one.cell for one in asked)
