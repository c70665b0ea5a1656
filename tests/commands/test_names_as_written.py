"""Names with signs that mean something to a formula, from every place that a name can come from: they stay names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.formula import Tokenizer

from perfeval import formulatext
from perfeval.books.file import FileBook
from perfeval.cli import main
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Value, address
from perfeval.records.model import Body, Funds, Indicator, Project
from perfeval.workbook.book import data_workbook
from support.adopted import forget_adopted
from support.plain_form import form
from support.published import grids
from support.sheettext import write_sheets
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


def summary(path: Path) -> tuple[Value, dict[str, str]]:
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


def formulas(path: Path) -> Iterator[str]:
    """Everything in a workbook that a program computes: cells, rules of colour and of input, names."""
    book = openpyxl.load_workbook(path)
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.data_type == "f":
                yield str(getattr(cell.value, "text", cell.value))
        for rule in sheet.data_validations.dataValidation:
            yield from (f"={text}" for text in (rule.formula1, rule.formula2) if text)
        for ranged in sheet.conditional_formatting:
            yield from (f"={text}" for rule in ranged.rules for text in rule.formula)
    yield from (f"={name.attr_text}" for name in book.defined_names.values())


def carries(formula: str, word: str) -> bool:
    """Whether a word stands in a formula as anything but a text or a sheet's name."""
    return any(
        word in token.value and token.subtype != "TEXT" and not token.value.startswith(("'", '"'))
        for token in Tokenizer(formula).items
    )


SIGNS = (
    'x",EVIL(1))&"',
    "O'EVIL''(1)",
    "=EVIL(1)",
    "EVIL!A1:B2",
    "上\nEVIL(1)\r\n下",
    "长'" * 15 + "长EVIL",
    "[EVIL.xlsx]表!A1",
)


def of_signs(name: str) -> Body:
    """A body all of whose words are one and the same."""
    rows = (
        Indicator("产出指标", "数量指标", name, "≥1人", 50, "1人"),
        Indicator("效益指标", name, f"{name}二", name, 40, name),
    )
    project = Project("01", name, name, name, None, name, name, (Funds("财政拨款", 1, 1, 1),), 10, rows)
    return Body(name, 2023, "cn-project-2020", "元", (project,), preparer=name, phone=name, head=name)


@pytest.mark.parametrize("name", SIGNS)
def test_every_word_of_a_body_stays_a_word(tmp_path: Path, name: str) -> None:
    """In official tables, the native edition, 测算列 and their copies too."""
    data, made, native = tmp_path / "数据.xlsx", tmp_path / "自评.xlsm", tmp_path / "原生.xlsx"
    data.write_bytes(data_workbook(of_signs(name)))
    assert main(["new", str(made), "--data", str(data), "--tables", "目标"]) == 0
    assert main(["fill", str(made), "--data", str(data)]) == 0
    assert main(["new", str(native), "--data", str(data), "--native"]) == 0
    assert main(["fill", str(native), "--data", str(data)]) == 0
    official = renamed(write_sheets(tmp_path / "官方.xlsx", {"表": form(name="名称", body="名称")}), name)
    ran("assist", official)
    ran("check", made, "--html", tmp_path / "复核.html")
    ran("rollup", tmp_path)
    for path in sorted(tmp_path.glob("*.xls[xm]")):
        assert not [formula for formula in formulas(path) if carries(formula, "EVIL")], path.name


LEVELS = [
    ("一级指标", "二级指标", "三级指标", "分值", "指标解释", "评分标准"),
    ("投入{0}", "预算{0}", "预算{0}执行率", "60", "预算{0}执行率=（预算执行数{0}/预算数）×100%。", "得分=预算{0}执行率×分值"),
    ("过程{0}", "管理{0}", "合规{0}性", "40", "", "每发现一例不合规扣2分，扣完为止"),
]  # fmt: skip


@pytest.mark.parametrize("name", SIGNS[:4])
def test_names_of_a_standard_that_was_read_stay_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """From the document that prints them through the TOML file into a workbook."""
    monkeypatch.chdir(tmp_path)
    table = write_sheets(
        tmp_path / "表.xlsx", {"体系": "标题 | | | | |\n" + "\n".join(" | ".join(row) for row in LEVELS)}
    )
    book = FileBook.open(table)
    grid = book.grid("体系")
    texts = [(place, str(cell.value).format(name)) for place, cell in grid.cells.items() if cell.value is not None]
    book.apply([Edit("体系", place, text) for place, text in texts])
    book.save(backup=False)
    assert main(["standards", "read", str(table), "--id", "own-signs"]) == 0
    arguments = ["--body", name, "--year", "2024", "--projects", "1", "--body-standard", "own-signs.toml"]
    assert main(["new", "整体.xlsm", *arguments]) == 0
    assert main(["new", "原生.xlsx", "--native", *arguments]) == 0
    ran("check", "整体.xlsm", "--html", "复核.html")
    for path in (tmp_path / "整体.xlsm", tmp_path / "原生.xlsx"):
        book = FileBook.open(path)
        scored = {cell.value for cell in book.grid("评分表").cells.values()}
        assert f"合规{name}性" in {str(value).replace("\r", "") for value in scored}
        assert not [formula for formula in formulas(path) if carries(formula, "EVIL")], path.name
    forget_adopted()
