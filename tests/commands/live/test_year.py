"""新建, 导入, 复核文件夹, 汇总 and 对照, pressed in a running Calc and answered in its own dialogs: they write what the shell writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfeval.books import FileBook
from perfeval.books.results import REVIEW
from perfeval.commands import new
from perfeval.commands.importing import import_files
from perfeval.records import names
from perfeval.workbook.book import data_workbook
from support import calc as driver
from support.calc import Calc
from support.growing import BODY
from support.tables import LAYOUTS, published, write_book

pytestmark = [pytest.mark.host, pytest.mark.skipif(bool(driver.missing()), reason=driver.missing())]

Press = Callable[..., str]
BLANK, DATA, LAST_YEAR, TEMPLATE = "1234"
FIRST, SECOND = "12"


@pytest.fixture
def sheet(calc: Calc) -> Iterator[Any]:
    """An empty spreadsheet that lies nowhere."""
    with calc.open() as document:
        yield document
    close_others(calc)


def close_others(calc: Calc) -> None:
    """Close what a button has opened."""
    documents = calc.desktop.Components.createEnumeration()
    while documents.hasMoreElements():
        document = documents.nextElement()
        if hasattr(document, "URL") and document.URL:
            document.close(True)


def content_of(path: Path) -> dict[str, Any]:
    """What a workbook shows, sheet by sheet."""
    book = FileBook.open(path)
    return {name: {place: one.value for place, one in book.grid(name).cells.items()} for name in book.sheets}


def test_new_workbooks_are_those_of_the_shell(calc: Calc, sheet: Any, press: Press, tmp_path: Path) -> None:
    data = tmp_path / "数据.xlsx"
    data.write_bytes(data_workbook(BODY))
    said = press(sheet, "new", answers=[DATA, str(data), FIRST, str(tmp_path / "自评.xlsm")])
    assert "已新建 自评.xlsm" in said
    close_others(calc)
    start = new.from_file(data, new.Wanted())
    shell = new.new(tmp_path / "命令行.xlsm", start.body, carried=start.carried, with_amount=start.with_amount)
    assert content_of(tmp_path / "自评.xlsm") == content_of(shell)


def test_last_year_and_the_template(sheet: Any, press: Press, tmp_path: Path) -> None:
    last = new.new(tmp_path / "去年.xlsm", BODY)
    assert "已新建" in press(sheet, "new", answers=[LAST_YEAR, str(last), str(tmp_path / "今年.xlsm")])
    assert "数据模板已写成" in press(sheet, "new", answers=[TEMPLATE, str(tmp_path / "数据.xlsx")])
    assert names.EXECUTION in openpyxl.load_workbook(tmp_path / "数据.xlsx").sheetnames


def test_an_import_is_what_the_shell_brings(calc: Calc, press: Press, tmp_path: Path) -> None:
    data = tmp_path / "数据.xlsx"
    data.write_bytes(data_workbook(BODY))
    path, other = (new.new(tmp_path / name, new.BLANK) for name in ("自评.xlsm", "命令行.xlsm"))
    with calc.open(path) as document:
        assert "导入了" in press(document, "import_files", answers=[str(data)])
        saved = calc.save(document, tmp_path / "存.xlsm")
    import_files(other, [data])
    ours, theirs = content_of(saved), content_of(other)
    for name in names.IMPORTS:
        assert {k: v for k, v in ours[name].items() if v not in (None, "")} == {
            k: v for k, v in theirs[name].items() if v not in (None, "")
        }


def test_a_folder_and_the_comparison(calc: Calc, sheet: Any, press: Press, tmp_path: Path) -> None:
    layout, forms = next(iter(LAYOUTS.values())), published("shenzhen-2021")
    folder = tmp_path / "各单位"
    folder.mkdir()
    for number, form in enumerate(forms[:2]):
        write_book(folder / f"{number}.xlsx", layout, [form])
    assert "共 2 个文件" in press(sheet, "review_folder", answers=[str(folder)])
    assert openpyxl.load_workbook(folder / REVIEW).sheetnames == ["复核结果", "逐条"]
    assert "2 张项目自评表" in press(sheet, "rollup", answers=[str(folder)])
    with calc.open(folder / "0.xlsx") as document:
        assert "对照了 1 张表" in press(document, "compare")
    assert (folder / "0-对照.xlsx").exists()


CLOSED = [("new", [""]), ("new", [BLANK, ""]), ("new", [DATA, ""]), ("review_folder", [""]), ("rollup", [""])]


@pytest.mark.parametrize(("name", "answers"), CLOSED)
def test_a_closed_dialog_changes_nothing(sheet: Any, press: Press, name: str, answers: list[str]) -> None:
    first = sheet.Sheets.getByIndex(0).getCellByPosition(0, 0)
    first.String = "原样"
    assert press(sheet, name, answers=answers) == ""
    assert first.String == "原样"
    assert not sheet.URL
