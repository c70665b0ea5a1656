"""Names with signs that mean something to a formula, from every place that a name can come from: they stay names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from perfeval import formulatext
from perfeval.books.file import FileBook
from perfeval.cli import main
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Value, address
from perfeval.records.model import Body, Funds, Indicator, Project
from perfeval.workbook.book import data_workbook
from support.plain_form import form
from support.published import grids
from support.target_sheets import table, tables
from support.wordtables import write_word

# The first two are R-1: a project of a real body, and one that carries a function.
NAMES = {
    "quotes": '"雪亮"工程建设',
    "a function": 'x",SUM(1))&"',
    "apostrophes": "小'区''",
    "a link": '=HYPERLINK("http://x","y")',
    "a sum": "+1+1",
    "an at sign": "@SUM(A1)",
    "an array": "{=1+1}",
    "and": "R&D <b>&amp;",
    "a footer": "&P&D",
    "a line break": "上\n下",
    "control characters": "控\x0b制\x01符",
    "no characters": "a\ufffe\uffffb",
    "a newer function": "SORT(1)",
    "an error": "#REF!",
    "an escape": "a_x0041_b",
    "wildcards": "~*?",
    "beyond a sheet's name": "长" * 300,
    "beyond the plane": "𠮷" * 40,
}


def renamed(path: Path, name: str) -> Path:
    """A book whose cells of 名称 are called otherwise, written as text."""
    book = FileBook.open(path)
    for sheet in book.sheets:
        cells = book.grid(sheet).cells.items()
        book.apply([Edit(sheet, place, name) for place, cell in cells if cell.value == "名称"])
    book.save()
    return path


def from_forms(folder: Path, name: str) -> Path:
    grids(folder / "表.xlsx", {"自评表": form(name="名称", body="名称")})
    return renamed(folder / "表.xlsx", name)


def from_word(folder: Path, name: str) -> Path:
    book = FileBook.open(from_forms(folder, name))
    return write_word(folder / "表.docx", [book.grid("自评表")])


def from_targets(folder: Path, name: str) -> Path:
    return renamed(tables(folder, table(name="名称")), name)


def from_data(folder: Path, name: str) -> Path:
    rows = (Indicator("产出指标", "数量指标", name, "≥1", 90, "1"),)
    funds = (Funds("财政拨款", 1, 1, 1),)
    project = Project("01", name, goal=name, funds=funds, indicators=rows)
    (folder / "数据.xlsx").write_bytes(data_workbook(Body(name, 2023, "cn-project-2020", "元", (project,))))
    return folder / "数据.xlsx"


def ran(*arguments: object) -> None:
    """A command comes to its end: what it finds is not the matter here, only that it is no fault of its own."""
    assert main([str(one) for one in arguments]) in {0, 1}, arguments


def summary(path: Path) -> tuple[Value, dict[str, str | None]]:
    """What 汇总 calls the project, and its formulas with another name for the project's sheet."""
    book = FileBook.open(path)
    assert tuple(openpyxl.load_workbook(path).sheetnames) == book.sheets
    sheet = next(sheet for sheet in book.sheets if sheet.startswith("01"))
    assert len(sheet.encode("utf-16-le")) <= 62
    grid = book.grid("汇总")
    formulas = {
        str(place): formulatext.renamed(cell.formula, sheet, "01") for place, cell in grid.cells.items() if cell.formula
    }
    assert formulas["B4"] == formulatext.link("01", "A1", "IF('01'!B3=\"\",\"（项目名称未填）\",'01'!B3)")
    return grid[address("B4")].value, formulas


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_stays_a_name_in_everything_that_is_made_of_it(tmp_path: Path, name: str) -> None:
    had, made, after = from_forms(tmp_path, name), tmp_path / "自评.xlsm", tmp_path / "明年.xlsm"
    assert main(["new", str(made), "--data", str(had)]) == 0
    assert main(["fill", str(made)]) == 0
    shown, formulas = summary(made)
    assert shown == name
    assert main(["new", str(after), "--from", str(made)]) == 0
    assert summary(after)[1] == formulas
    ran("check", made, "--html", tmp_path / "复核.html")
    ran("freeze", made)
    ran("report", made)
    ran("rollup", tmp_path)
    books = [FileBook.open(tmp_path / name) for name in ("自评-报送版.xlsx", "汇总.xlsx")]
    cells = [cell for book in books for sheet in book.sheets for cell in book.grid(sheet).cells.values()]
    assert not any(cell.formula for cell in cells)
    assert any(cell.value == name for cell in cells)


@pytest.mark.parametrize("source", [from_word, from_targets, from_data])
@pytest.mark.parametrize(
    "name", [NAMES[key] for key in ("quotes", "a function", "apostrophes", "a link", "a newer function")]
)
def test_a_name_may_come_from_anywhere(tmp_path: Path, name: str, source: Callable[[Path, str], Path]) -> None:
    had, made = source(tmp_path, name), tmp_path / "自评.xlsm"
    assert main(["new", str(made), "--data", str(had)]) == 0
    assert main(["fill", str(made), *(["--data", str(had)] if source is from_data else [])]) == 0
    ran("check", made)
    assert summary(made)[0] == name
