"""补齐公式 pressed in a running Calc gives what the shell gives, and 撤销填报 takes it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from perfeval.books.file import FileBook
from perfeval.commands import new, repair
from perfeval.forms.grid import Grid
from perfeval.records import names
from support import calc as driver
from support.calc import Calc
from support.growing import BODY, SHEET, cell

pytestmark = [pytest.mark.host, pytest.mark.skipif(bool(driver.missing()), reason=driver.missing())]

Press = Callable[..., str]


@pytest.fixture
def document(calc: Calc, tmp_path: Path) -> Iterator[Any]:
    with calc.open(new.new(tmp_path / "自评.xlsm", BODY)) as opened:
        yield opened


def formulas(grid: Grid) -> dict[str, str]:
    return {str(place): one.formula.replace("_xlfn.", "") for place, one in grid.cells.items() if one.formula}


def test_rows_and_sheets_of_a_hand_are_mended_as_by_the_shell(
    calc: Calc, document: Any, press: Press, tmp_path: Path
) -> None:
    sheets = document.Sheets
    sheets.getByName(SHEET).Rows.insertByIndex(20, 1)  # above the total
    for place, text in {"D21": "新指标", "E21": "≥5", "F21": "6"}.items():
        cell(document, place).setString(text)
    cell(document, "G21").setValue(10)
    sheets.copyByName(SHEET, "03 新", 6)
    cell(document, "03 新!B3").setString("新项目")
    sheets.getByName("02 河道清淤").setName("02 清淤")
    typed = calc.save(document, tmp_path / "手改.xlsm")
    assert repair.repair(typed).left == ()
    said = press(document, "repair")
    pressed = FileBook.open(calc.save(document, tmp_path / "按过.xlsx"))
    assert f"· “{SHEET}”第 21 行补上了公式" in said
    assert f"· “{names.SUMMARY}”第 6 行列入了“03 新”" in said
    assert f"· “{names.SUMMARY}”B5的链接改为指向“02 清淤”" in said
    for sheet in (SHEET, "03 新", names.SUMMARY):
        assert formulas(pressed.grid(sheet)) == formulas(FileBook.open(typed).grid(sheet))
    assert "补齐公式前的内容" in press(document, "undo")
    back = FileBook.open(calc.save(document, tmp_path / "撤销.xlsx")).grid(SHEET)
    assert back[21, 11].formula is None
