"""From an export to a filled workbook and back: new, import, fill --data, 导入对照, the template, undo in the shell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfeval.books.file import FileBook
from perfeval.cli import main
from perfeval.forms.reader import read_forms
from perfeval.records import names
from perfeval.records.correspondence import choices_of
from perfeval.records.reading import read_body
from support.exports import SYSTEMS, A, B, C, write

EXPORT = SYSTEMS["一体化：指标与支付，单位行，编码带制表符"]
TWO = SYSTEMS["两列都可能是全年预算数"]


def run(*arguments: object) -> int:
    return main([str(one) for one in arguments])


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write(tmp_path / "导出.xlsx", EXPORT.sheets)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook of the year 2025 with three projects, in 万元, nothing filled in."""
    rows: list[list[Any]] = [["项目编码", "项目名称", "资金来源", "年初预算数", "全年预算数", "全年执行数"]]
    rows += [
        [code, name, "年度资金总额", None, None, None] for code, name in (("MZ2501", A), ("MZ2502", B), ("MZ2504", C))
    ]
    basics = [["单位名称", "某局"], ["年度", "2025"], ["金额单位", "万元"]]
    start = write(tmp_path / "开始.xlsx", {names.BASICS: basics, names.EXECUTION: rows})
    path = tmp_path / "自评.xlsm"
    assert run("new", path, "--data", start) == 0
    return path


def money(path: Path) -> dict[str, tuple[object, ...]]:
    """The year's money that each form prints."""
    book = FileBook.open(path)
    forms = [form for sheet in book.user_sheets if sheet[:2].isdigit() for form in read_forms(book.grid(sheet))]
    return {
        form.name.text: (form.execution.initial.value, form.execution.budget.value, form.execution.executed.value)
        for form in forms
        if form.execution is not None
    }


def in_sheets(path: Path) -> dict[str, tuple[object, ...]]:
    """The same as the workbook's own 执行数据 holds it."""
    body = read_body(FileBook.open(path)).body
    return {
        project.name: (one.initial, one.budget, one.executed)
        for project in body.projects
        for one in project.funds
        if one.source == "年度资金总额"
    }


FILLED = {A: (1286.5, 1250, 1243.7761), B: (640, 640, 512.08), C: (None, None, None)}


def test_an_export_fills_the_forms_and_the_import_sheets(
    book: Path, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("fill", book, "--data", export) == 0
    told = capsys.readouterr().out
    assert "全年预算数 ← F 列“调整预算数”，万元" in told
    assert f"自评表“03 {C}”没有数据，保持原样" in told
    assert "已填 12 个单元格" in told  # six amounts, on the forms and in 执行数据
    assert money(book) == FILLED
    assert in_sheets(book) == FILLED
    assert run("fill", book) == 0  # from its own sheets: nothing new
    assert "已填 0 个单元格" in capsys.readouterr().out


def test_an_import_fills_the_import_sheets_and_the_next_fill_the_forms(book: Path, export: Path) -> None:
    assert run("import", book, export) == 0
    assert in_sheets(book) == FILLED
    assert money(book)[A] == (None, None, None)
    assert run("fill", book) == 0
    assert money(book) == FILLED


def test_a_new_workbook_holds_what_it_was_made_from(tmp_path: Path, export: Path) -> None:
    path = tmp_path / "新.xlsm"
    assert run("new", path, "--data", export) == 0
    assert in_sheets(path) == {A: FILLED[A], B: FILLED[B]}
    body = read_body(FileBook.open(path)).body
    assert (body.year, body.unit) == (2025, "万元")


def test_an_amount_in_yuan_is_brought_to_the_workbooks_unit(book: Path, tmp_path: Path) -> None:
    system = SYSTEMS["用友：辅助核算，经济分类逐行，小计"]
    assert run("fill", book, "--data", write(tmp_path / "用友.xlsx", system.sheets)) == 0
    assert money(book)[A] == in_sheets(book)[A] == (None, 20, 17.90005)


def test_projects_that_the_workbook_does_not_have_are_listed(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        ["项目编码", "项目名称", "预算数（万元）", "支出数（万元）"],
        ["X1", A, 10, 9],
        ["X000009", "别的项目", 5, 5],
    ]
    assert run("fill", book, "--data", write(tmp_path / "导出.xlsx", {"表": rows})) == 0
    assert "导出表里有 1 个项目工作簿没有，没有导入：别的项目（X000009）" in capsys.readouterr().out
    assert in_sheets(book).keys() == FILLED.keys()
    other = write(tmp_path / "别的.xlsx", {"表": [rows[0], rows[2]]})
    before = book.read_bytes()
    for command in (("fill", book, "--data", other), ("import", book, other)):
        assert run(*command) == 1
        assert "没有一个对得上工作簿的项目" in capsys.readouterr().err
    assert book.read_bytes() == before


@pytest.mark.parametrize("command", ["fill", "import", "new"])
def test_what_is_not_certain_writes_nothing(
    command: str, book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, before = write(tmp_path / "导出.xlsx", TWO.sheets), book.read_bytes()
    target = tmp_path / "新.xlsm" if command == "new" else book
    arguments = [command, target, *([] if command == "import" else ["--data"]), source]
    assert run(*arguments) == 1
    said = capsys.readouterr().err
    assert all(
        word in said for word in ("B 列“预算数”、C 列“调整预算数”都可能", "“导出”项目名称、预算数、调整预算数、支出数")
    )
    assert book.read_bytes() == before
    assert not (tmp_path / "新.xlsm").exists()


def test_a_choice_made_once_is_kept_and_used_next_year(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write(tmp_path / "导出.xlsx", TWO.sheets)
    assert run("fill", book, "--data", source, "--data-unit", "万元", "--column", "全年预算数=调整预算数") == 0
    assert money(book)[A] == (None, 90, 80)
    assert choices_of(FileBook.open(book)) == {"全年预算数": "调整预算数"}
    assert run("fill", book, "--data", source, "--data-unit", "万元") == 0
    following = tmp_path / "明年.xlsm"
    assert run("new", following, "--from", book) == 0
    assert run("import", following, source, "--data-unit", "万元") == 0
    assert in_sheets(following)[A] == (None, 90, 80)


def test_headings_are_listed_to_choose_from_and_a_choice_in_the_sheet_counts(book: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "导出.xlsx", TWO.sheets)
    before = in_sheets(book)
    assert run("import", book, source, "--headings") == 0
    assert in_sheets(book) == before
    content = openpyxl.load_workbook(book, keep_vba=True)
    sheet = content[names.CORRESPONDENCE]
    assert [sheet.cell(row, 5).value for row in range(3, 7)] == ["项目名称", "预算数", "调整预算数", "支出数"]
    (row,) = [row for row in range(3, 12) if sheet.cell(row, 1).value == "全年预算数"]
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert lists[f"B{row}"] == "$E$3:$E$202"
    sheet.cell(row, 2).value = "预算数"
    content.save(book)
    assert run("import", book, source, "--data-unit", "万元") == 0
    assert in_sheets(book)[A] == (None, 100, 80)


def test_an_export_pasted_over_the_sheet_is_read(book: Path) -> None:
    content = openpyxl.load_workbook(book, keep_vba=True)
    content[names.EXECUTION].delete_rows(1, 20)
    for row in EXPORT.sheets["项目支出执行情况表"]:
        content[names.EXECUTION].append(list(row))
    content.save(book)
    assert run("fill", book) == 0
    assert money(book) == FILLED


def test_a_sum_under_our_own_columns_is_no_project(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = openpyxl.load_workbook(book, keep_vba=True)
    sheet = content[names.EXECUTION]
    sheet["E2"], sheet["F2"] = 10, 9
    sheet["B9"], sheet["E9"] = "合  计", 10
    sheet["A10"], sheet["E10"] = "总计", 10
    content.save(book)
    assert run("fill", book) == 0
    assert money(book)[A] == (None, 10, 9)


def test_another_years_export_is_refused(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("fill", book, "--data", write(tmp_path / "去年.xlsx", SYSTEMS["去年的表"].sheets)) == 1
    assert "这是 2024 年度的表，工作簿是 2025 年度的" in capsys.readouterr().err


# --- the template ---


def test_a_template_with_the_workbooks_projects_comes_back_filled(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "数据.xlsx"
    assert run("template", path, "--from", book) == 0
    content = openpyxl.load_workbook(path)
    sheet = content[names.EXECUTION]
    assert [sheet.cell(row, 2).value for row in range(2, 5)] == [A, B, C]
    assert "怎么填" in content.sheetnames
    for row in range(2, 5):
        sheet.cell(row, 5).value, sheet.cell(row, 6).value = row * 10, row * 9
    content.save(path)
    assert run("fill", book, "--data", path) == 0
    assert money(book) == {A: (None, 20, 18), B: (None, 30, 27), C: (None, 40, 36)}


def test_a_blank_template_makes_a_workbook_once_it_is_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "数据.xlsx"
    assert run("template", path) == 0
    content = openpyxl.load_workbook(path)
    content[names.EXECUTION].append([None, A, None, None, 10, 9])
    content.save(path)
    assert run("new", tmp_path / "新.xlsm", "--data", path) == 0
    assert in_sheets(tmp_path / "新.xlsm") == {A: (None, 10, 9)}


# --- undo ---


def test_undo_takes_the_last_fill_back_and_that_again(
    book: Path, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("undo", book) == 1
    assert "没有可以撤销的填报" in capsys.readouterr().err  # what new brought is no fill
    run("import", book, export)
    run("fill", book)
    before = money(book)
    capsys.readouterr()
    assert run("undo", book) == 0
    assert "清空" in capsys.readouterr().out
    assert (money(book)[A], in_sheets(book)) == ((None, None, None), FILLED)
    assert run("undo", book) == 0
    assert money(book) == before
    assert run("undo", book) == 0
    assert money(book)[A] == (None, None, None)


def test_undo_after_a_later_import_asks(book: Path, export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The fill is no longer the last step, and taking it back empties cells."""
    run("import", book, export)
    run("fill", book)
    later = EXPORT.sheets["项目支出执行情况表"]
    changed = [[str(cell).replace("512.0800", "500.0800") if cell else cell for cell in row] for row in later]
    run("import", book, write(export.parent / "后来.xlsx", {"表": changed[:-1]}))
    before = book.read_bytes()
    capsys.readouterr()
    assert run("undo", book) == 1
    assert "其中" in (said := capsys.readouterr().err)
    assert "请加 --earlier" in said
    assert book.read_bytes() == before
    assert run("undo", book, "--dry-run") == 0
    assert book.read_bytes() == before
    assert run("undo", book, "--earlier") == 0
    assert money(book)[A] == (None, None, None)
    assert in_sheets(book)[B] == (640, 640, 500.08)
