"""自评表 handed in as Word documents: read as the same tables in a workbook are, by score, check, rollup and import."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from perfeval.books import FileBook
from perfeval.books.documents import read_document
from perfeval.cli import main
from perfeval.commands import new, rollup
from perfeval.forms.grid import Grid
from perfeval.forms.model import Form
from perfeval.forms.reader import read_forms
from support.plain_form import form
from support.published import BODY_FORMS, body_forms, grids, texts
from support.rolled import kept_journal
from support.tables import LAYOUTS, PROJECTS, SHENZHEN_PROJECTS, write_book
from support.target_sheets import table, tables
from support.wordtables import write_with_writer, write_word

SOFFICE = shutil.which("soffice")


def sheets(path: Path) -> list[Grid]:
    book = FileBook.open(path)
    return [book.grid(sheet) for sheet in book.sheets]


def held(form: Form) -> tuple[Any, ...]:
    rows = [
        (
            row.level1,
            row.level2,
            *(one.text for one in (row.name, row.target, row.actual, row.weight, row.score, row.reason)),
        )
        for row in form.rows
    ]
    money = [(row.source, row.initial.text, row.budget.text, row.executed.text, row.score.text) for row in form.funds]
    return form.name.text, form.department.text, form.unit, form.total_score.text, form.problems, money, rows


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_layout_is_the_same_in_word(layout: str, tmp_path: Path) -> None:
    printed = sheets(write_book(tmp_path / "自评表.xlsx", LAYOUTS[layout], PROJECTS[:2]))
    document = read_document(write_word(tmp_path / "自评表.docx", printed))
    assert [held(one) for grid in document.tables for one in read_forms(grid)] == [
        held(one) for grid in printed for one in read_forms(grid)
    ]


@pytest.mark.host
@pytest.mark.skipif(SOFFICE is None, reason="soffice 不在此机，不能由 Writer 写 Word 文档")
def test_any_layout_is_the_same_in_word_as_writer_keeps_it(tmp_path: Path) -> None:
    printed = {name: sheets(write_book(tmp_path / "表.xlsx", LAYOUTS[name], PROJECTS[:1])) for name in LAYOUTS}
    assert SOFFICE
    written = write_with_writer(SOFFICE, tmp_path, printed)
    for name, path in written.items():
        found = [held(one) for grid in read_document(path).tables for one in read_forms(grid)]
        assert found == [held(one) for grid in printed[name] for one in read_forms(grid)], name


def test_the_forms_of_whole_bodies_are_the_same_in_word(tmp_path: Path) -> None:
    printed = grids(tmp_path / "整体.xlsx", texts(BODY_FORMS))
    document = read_document(write_word(tmp_path / "整体.docx", printed.values()))
    for grid, in_word in zip(printed.values(), document.tables, strict=True):
        assert [
            [(row.level1, row.level2, row.name.text, row.weight.text, row.score.text) for row in one.rows]
            for one in body_forms(in_word)
        ] == [
            [(row.level1, row.level2, row.name.text, row.weight.text, row.score.text) for row in one.rows]
            for one in body_forms(grid)
        ]


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    main([str(argument) for argument in arguments])
    return json.loads(capsys.readouterr().out)


def test_score_and_check_read_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_book(tmp_path / "自评表.xlsx", LAYOUTS["深圳"], SHENZHEN_PROJECTS)
    word = write_word(tmp_path / "自评表.docx", sheets(path))
    one, other = (told(capsys, "score", file, "--json") for file in (path, word))
    assert [form["computed_total"] for form in other] == [form["computed_total"] for form in one]
    assert main(["explain", str(word), f"{other[0]['rows'][0]['cell']}"]) == 0
    assert "分" in capsys.readouterr().out
    in_workbook, in_word = (told(capsys, "check", file, "--json") for file in (path, word))
    assert [(item["code"], item["expected"]) for item in in_word] == [
        (item["code"], item["expected"]) for item in in_workbook
    ]
    total = next(item for item in in_word if item["code"] == "R29")
    assert total["cell"] == "第 20 行第 3 格"  # H20 of the workbook: 总分 over six columns is one cell


def test_a_folder_is_reviewed_with_its_word_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_book(tmp_path / "甲.xlsx", LAYOUTS["深圳"], SHENZHEN_PROJECTS[:1])
    (tmp_path / "乙").mkdir()
    write_word(tmp_path / "乙" / "乙.docx", sheets(path))
    (tmp_path / "乙" / "丙.doc").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600)
    for name in ("甲.备份-20261125-080000.xlsx", "~$甲.xlsx", ".~lock.甲.xlsx#"):
        (tmp_path / name).write_bytes(path.read_bytes())
    items = told(capsys, "check", tmp_path, "--json")
    by_file = {Path(item["file"]).name for item in items}
    assert by_file == {"甲.xlsx", "乙.docx", tmp_path.name}
    (passed_over,) = [item for item in items if item["file"] == str(tmp_path)]
    assert (passed_over["code"], passed_over["level"]) == ("R43", "说明")
    assert str(Path("乙", "丙.doc")) in passed_over["message"]
    (refused,) = told(capsys, "check", tmp_path / "乙" / "丙.doc", "--json")
    assert (refused["code"], refused["level"]) == ("R00", "错误")
    assert "另存为 .docx" in refused["message"]


# --- 汇总 ---


def put(folder: Path, name: str, *blocks: Grid | str) -> Path:
    return write_word(folder / name, blocks)


def rolled(folder: Path) -> tuple[rollup.Rolled, list[tuple[Any, ...]]]:
    found = rollup.rollup(folder)
    with kept_journal(folder) as journal:
        rows = journal.rows("SELECT path, body, project, year, budget, executed, total FROM counted ORDER BY project")
        return found, rows.fetchall()


def test_forms_in_word_count(tmp_path: Path) -> None:
    printed = grids(tmp_path / "表.xlsx", {"表": form(name="食堂")})["表"]
    (tmp_path / "表.xlsx").unlink()
    put(tmp_path, "自评表.docx", "项目支出绩效自评表", printed)
    found, rows = rolled(tmp_path)
    assert found.passed == ()
    assert rows == [("自评表.docx", "一小", "食堂", 2023, 100_00, 100_00, "100")]


def test_the_year_of_a_form_in_word_may_stand_above_it(tmp_path: Path) -> None:
    text = "\n".join(line for line in form().splitlines() if "2023" not in line)
    printed = grids(tmp_path / "表.xlsx", {"表": text})["表"]
    (tmp_path / "表.xlsx").unlink()
    put(tmp_path, "自评表.docx", "2022年度项目支出绩效自评表", "填报单位：一小", printed)
    assert rolled(tmp_path)[1][0][3] == 2022


def test_a_workbook_counts_before_its_word_copy_and_a_report_never(tmp_path: Path) -> None:
    both = {"一": form(name="培训"), "二": form(name="食堂")}
    printed = grids(tmp_path / "自评表.xlsx", both)
    put(tmp_path, "打印稿.docx", *printed.values())
    put(tmp_path, "报告.docx", "市教育局2023年度", "部门整体支出绩效自评报告", "一、基本情况", *printed.values())
    found, rows = rolled(tmp_path)
    assert [row[0] for row in rows] == ["自评表.xlsx"] * 2
    assert {(path, sort, why) for path, _, sort, why in found.passed} == {
        ("打印稿.docx", "重复", "与“自评表.xlsx”是同一批自评表（2 张），内容相同，只计一次"),
        (
            "报告.docx",
            "没有读",
            "这是自评报告（“部门整体支出绩效自评报告”），其中的表不计入；只有报告的，请把其中的自评表另存为一个文件",
        ),
    }


# --- 导入 ---


def test_target_tables_are_imported_from_word(tmp_path: Path) -> None:
    path = tables(tmp_path, table(), table("食堂", amount="20"))
    word = write_word(tmp_path / "目标.docx", sheets(path))
    like = new.Wanted()
    assert new.from_file(word, like).body == new.from_file(path, like).body
