"""测算列 beside forms of any origin: the scores are PerfEval's or blank with a 提示, the form is read as before, and what cannot
be done is refused by name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from openpyxl.workbook.protection import WorkbookProtection

from perfeval import cli
from perfeval.books.beside.model import SHEET
from perfeval.books.beside.taking import blocks_of
from perfeval.books.file import FileBook
from perfeval.checks import check
from perfeval.commands import assist, fill, freeze, new, rollup
from perfeval.errors import FormProblem
from perfeval.forms.assessment import assess
from perfeval.forms.grid import Area, Grid
from perfeval.forms.model import Form
from perfeval.forms.reader import read_sheet
from perfeval.records.model import Body, Project
from perfeval.standards import NATIONAL, convention
from support import hostile, plain_form
from support.beside import parts, sheets, written
from support.forms_in_memory import CORRECT
from support.sheettext import write_sheets
from support.unseen import TABLES

OPTIONS = convention(NATIONAL)
REFUSED = "没有找到有指标行的自评表"


@pytest.fixture
def form(tmp_path: Path) -> Path:
    return write_sheets(tmp_path / "自评表.xlsx", {"表": CORRECT})


def with_columns(path: Path) -> Path:
    return assist.add(path, path.with_name("加了.xlsx"), overwrite=True).path or path


def blocks(path: Path) -> tuple[Grid, list[Area]]:
    book = FileBook.open(path)
    named = [text for name, text in book.names.items() if name.startswith("_测算_")]
    return book.grid("表"), blocks_of(book, named)["表"]


def held_to(form: Form, grid: Grid, block: Area) -> list[str]:
    """What a form's block computes beside PerfEval's own: every score equal or blank with a 提示; what is not, in words."""
    wrong = []
    assessment = assess(form, OPTIONS)
    rows = {row.score.cell: row.row for row in form.rows if row.score.cell is not None}
    for row in assessment.rows:
        if row.cell is None:
            continue
        at = rows.get(
            row.cell, form.execution.executed.cell.row if form.execution and form.execution.executed.cell else 0
        )
        score, hint = grid[at, block.left].value, grid[at, block.left + 2].value
        if row.weight is None and row.computed is None:  # it shares the points of the row above
            continue
        is_right = (
            row.computed is not None and isinstance(score, float | int) and abs(score - float(row.computed)) < 1e-9
        )
        if not (is_right or (not isinstance(score, float | int) and (hint or row.printed is not None))):
            wrong.append(f"{row.name}: {score} {hint}, {row.computed}")
    at = form.total_score.cell.row if form.total_score.cell else 0
    total = grid[at, block.left].value if block.top < at <= block.bottom else None
    if isinstance(total, float | int) and (
        assessment.computed_total is None or abs(total - float(assessment.computed_total)) > 1e-9
    ):
        wrong.append(f"总分 {total}, {assessment.computed_total}")
    return wrong


@pytest.mark.parametrize("name", list(TABLES)[::5])
def test_forms_of_other_bodies(name: str, tmp_path: Path) -> None:
    table = TABLES[name]
    at = tuple(table.get("at", (1, 1)))
    path = write_sheets(
        tmp_path / "自评表.xlsx", {"表": table["sheet"]}, at=at, hidden_rows=table.get("hidden_rows", ())
    )
    before = FileBook.open(path).grid("表")
    forms = read_sheet(before)
    if not any(form.rows for form in forms):
        with pytest.raises(FormProblem, match=REFUSED):
            with_columns(path)
        return
    mine = with_columns(path)
    grid, areas = blocks(mine)
    assert read_sheet(grid) == forms
    assert [told for form, area in zip(forms, areas, strict=True) for told in held_to(form, grid, area)] == []
    assist.remove(mine)
    assert parts(mine) == parts(path)


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(sheet=sheets())
def test_made_up_layouts(sheet, tmp_path: Path) -> None:
    path = written(tmp_path / "自评表.xlsx", sheet)
    book = FileBook.open(path)
    forms, found = read_sheet(book.grid("表")), [str(one) for one in check(book)]
    mine = with_columns(path)
    grid, areas = blocks(mine)
    assert read_sheet(grid) == forms
    assert [str(one).replace("加了.xlsx", "自评表.xlsx") for one in check(FileBook.open(mine))] == found
    assert [told for form, area in zip(forms, areas, strict=True) for told in held_to(form, grid, area)] == []


def test_a_part_in_which_every_sheet_says_itself_what_its_prefix_stands_for(tmp_path: Path) -> None:
    """As openpyxl writes the list of sheets."""
    plain = write_sheets(tmp_path / "甲.xlsx", {"自评表": CORRECT})
    path = tmp_path / "乙.xlsx"
    openpyxl.load_workbook(plain).save(path)
    before = parts(path)
    assert b"<sheet xmlns:r=" in before["xl/workbook.xml"]
    assist.add(path)
    assert SHEET in openpyxl.load_workbook(path).sheetnames
    assert [*check(FileBook.open(path))] == [*check(FileBook.open(plain))]
    assist.remove(path)
    assert parts(path) == before


def test_in_the_shell(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = parts(form)
    assert cli.main(["assist", str(form)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("在 1 张自评表右侧加了测算得分、完成率和提示：“表”J3:")
    assert "“表”没有设打印区域，设成了原来打印的范围" in said
    assert "原来的留作 自评表.备份-" in said
    book = FileBook.open(form)
    assert (book.sheets, book.user_sheets, book.print_areas) == (("表", SHEET), ("表",), {"表": "表!$A$1:$H$17"})
    grid = book.grid("表")
    assert [grid[row, 10].value for row in (4, *range(10, 17))] == [9.5, 20, 9.47, 10, 9, "", 10, 95.97]
    assert grid[11, 11].value == pytest.approx(90 / 95)
    assert cli.main(["assist", str(form)]) == 0
    assert capsys.readouterr().out.startswith("原来已有测算列，按现在的表重新加了")
    assert cli.main(["assist", str(form), "--remove"]) == 0
    assert capsys.readouterr().out.startswith("去掉了 1 张工作表上的测算列")
    assert parts(form) == before
    assert cli.main(["assist", str(form), "--remove"]) == 0
    assert capsys.readouterr().out == "文件里没有测算列，没有改动\n"


def test_every_command_reads_the_form_as_before(form: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "甲"
    other.mkdir()
    mine = with_columns(form).rename(other / "自评表.xlsx")
    alone = tmp_path / "乙"
    alone.mkdir()
    shutil.copy(form, alone / "自评表.xlsx")
    plainly, beside = (rollup.rollup(folder) for folder in (alone, other))
    assert [str(line).replace("甲", "乙") for line in rollup.as_text(beside)] == [
        str(line) for line in rollup.as_text(plainly)
    ]
    assert [str(one) for one in check(FileBook.open(mine))] == [str(one) for one in check(FileBook.open(form))]


def test_a_fill_computes_the_columns_anew(tmp_path: Path) -> None:
    text = plain_form.form(score="", total="").replace("| 100人次 | 60 | 60", "| | 60 | ").replace("| 85% |", "| |")
    path = write_sheets(tmp_path / "表.xlsx", {"表": text})
    mine = with_columns(path)
    data = write_sheets(
        tmp_path / "数据.xlsx",
        {
            "绩效目标": "项目编码 | 项目名称 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 分值 | 实际完成值\n"
            "1 | 培训 | 产出指标 | 数量指标 | 培训人次 | ≥100人次 | 60 | 90人次",
            "执行数据": "项目编码 | 项目名称 | 资金来源 | 全年预算数 | 全年执行数",
        },
    )  # fmt: skip
    _, applied = fill.fill(mine, data, data_unit="元")
    assert applied.changed
    grid, (block,) = blocks(mine)
    assert (grid[8, 5].value, grid[8, block.left].value) == ("90人次", 54)
    assist.remove(mine)
    assert FileBook.open(mine).grid("表").cells == {
        place: cell for place, cell in grid.cells.items() if place.column < block.left
    }


def test_freeze_takes_them_out_first(form: Path, tmp_path: Path) -> None:
    mine = with_columns(form)
    frozen = freeze.freeze(mine)
    assert frozen.path is not None
    assert frozen.changes == ("去掉了测算列；这不是 PerfEval 新建的工作簿，其余都保持原样",)
    assert parts(frozen.path) == parts(form)


def test_a_workbook_of_ours_needs_none(tmp_path: Path) -> None:
    book = new.new(tmp_path / "自评.xlsm", Body("市水务局", 2021, NATIONAL, "元", (Project("01", "管网改造"),)))
    with pytest.raises(FormProblem, match="本来就有测算得分、完成率和提示"):
        assist.add(book)


def drawn(draw: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], object], path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("表")
        for row, line in enumerate(CORRECT.strip().splitlines()):
            page.write_row(row, 0, [cell.strip().lstrip("'") for cell in line.split("|")])
        draw(book, page)
    return path


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        (lambda _, page: page.protect(), "工作表“表”受保护，没有加测算列"),
        (lambda _, page: page.write("XFA1", "备注"), "右侧已经没有空列"),
        (lambda _, page: page.write_formula("A30", "=COUNTA(3:3)"), "引用了整行"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(draw, told: str, tmp_path: Path) -> None:
    path = drawn(draw, tmp_path / "表.xlsx")
    before = path.read_bytes()
    with pytest.raises(FormProblem, match=told):
        assist.add(path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["表.xlsx"]


def test_a_file_without_a_form(tmp_path: Path) -> None:
    with pytest.raises(FormProblem, match=REFUSED):
        assist.add(write_sheets(tmp_path / "表.xlsx", {"表": "通讯录 | <\n王某 | 12345"}))


def test_a_workbook_whose_structure_is_protected(form: Path) -> None:
    book = openpyxl.load_workbook(form)
    book.security = WorkbookProtection(lockStructure=True)
    book.save(form)
    with pytest.raises(FormProblem, match="工作簿的结构受保护"):
        assist.add(form)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (hostile.compound("EncryptedPackage"), "打开密码"),
        (hostile.compound("Workbook"), "旧格式"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_files_that_are_no_workbooks(
    content: bytes, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "表.xls"
    path.write_bytes(content)
    assert cli.main(["assist", str(path)]) == 1
    assert told in capsys.readouterr().err
    assert path.read_bytes() == content


def test_a_signature_may_not_break_unasked(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    signed = FileBook.open(form).package.rebuilt({"_xmlsignatures/origin.sigs": b""})
    form.write_bytes(signed)
    assert cli.main(["assist", str(form)]) == 1
    assert "数字签名" in capsys.readouterr().err
    assert form.read_bytes() == signed
    assert cli.main(["assist", str(form), "--break-signature"]) == 0


def test_where_the_result_goes(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = form.read_bytes()
    assert cli.main(["assist", str(form), "--out", str(form)]) == 2
    assert cli.main(["assist", str(form), "--out", str(form.with_suffix(".xlsm"))]) == 1
    assert "文件名应以 .xlsx 结尾" in capsys.readouterr().err
    taken = form.with_name("别的.xlsx")
    taken.write_bytes(b"someone's")
    assert cli.main(["assist", str(form), "--out", str(taken)]) == 1
    assert (form.read_bytes(), taken.read_bytes()) == (before, b"someone's")
