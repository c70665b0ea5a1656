"""报送, 报告 and 汇总 on a workbook that is open in a running Calc: the files stand beside it, and it stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from perfeval.books.file import FileBook
from perfeval.commands import demo_data, fill, new
from perfeval.workbook.book import data_workbook
from support import calc as driver
from support.calc import Calc
from support.forms_in_memory import CORRECT
from support.sheettext import write_sheets

pytestmark = pytest.mark.skipif(bool(driver.missing()), reason=driver.missing())

Press = Callable[..., str]
HECHENG = demo_data.bodies()["hecheng-2020"]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    data = tmp_path / "data" / "数据.xlsx"
    data.parent.mkdir()
    data.write_bytes(data_workbook(HECHENG))
    made = new.new(tmp_path / "自评.xlsm", new.body_from(data))
    fill.fill(made, data)
    return made


def test_what_is_handed_over_stands_beside_the_workbook(calc: Calc, book: Path, press: Press) -> None:
    before = book.read_bytes()
    with calc.open(book) as document:
        assert "自评-报送版.xlsx" in press(document, "freeze")
        said = press(document, "report")
    assert book.read_bytes() == before
    frozen = FileBook.open(book.with_name("自评-报送版.xlsx"))
    assert not any(cell.formula for sheet in frozen.sheets for cell in frozen.grid(sheet).cells.values())
    assert book.with_name("自评-自评报告.docx").exists() or "perfeval report" in said


def test_a_folder_is_rolled_up_with_the_workbook_as_it_stands(calc: Calc, tmp_path: Path, press: Press) -> None:
    for name in ("甲", "乙"):
        write_sheets(tmp_path / f"{name}.xlsx", {"表": CORRECT})
    with calc.open(tmp_path / "甲.xlsx") as document:
        document.Sheets.getByName("表").getCellRangeByName("B2").String = "另一个项目"
        said = press(document, "rollup")
    assert "2 张项目自评表" in said
    summary = FileBook.open(tmp_path / "汇总.xlsx")
    projects = {str(cell.value) for cell in summary.grid("按项目").cells.values()}
    assert "另一个项目" in projects
