"""复核, 报送, 报告 and 汇总 pressed on a workbook that is open in a running Calc give what the shell gives.

The presses run in the interpreter that Calc loads, which on Debian is not the one that runs these tests.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from perfeval.books.file import FileBook
from perfeval.books.outputs import is_ours
from perfeval.cli import main
from perfeval.commands import demo_data, fill, new
from perfeval.forms.grid import Cell
from perfeval.libreoffice import program
from perfeval.records import names
from perfeval.workbook.book import data_workbook
from support import calc as driver
from support.calc import Calc, content
from support.forms_in_memory import CORRECT
from support.growing import BODY, SHEET
from support.sheettext import write_sheets

pytestmark = [pytest.mark.host, pytest.mark.skipif(bool(driver.missing()), reason=driver.missing())]

Shell = Callable[..., str]
BODIES = demo_data.bodies()
SOUND = "hecheng-2020"  # the one whose published tables have no 错误


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    """Runs a command of the shell; gives what it prints."""

    def run(*arguments: str | Path) -> str:
        capsys.readouterr()
        main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return told.out + told.err

    return run


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of fresh workbooks: made by ``new``, filled from the body's data, saved by nobody else."""
    folders = {name: tmp_path_factory.mktemp(name) for name in BODIES}
    for name, folder in folders.items():
        data = folder.parent / f"{name}.xlsx"
        data.write_bytes(data_workbook(BODIES[name]))
        fill.fill(new.new(folder / "自评.xlsm", new.body_from(data)), data)
    return folders


@pytest.fixture(params=BODIES)
def body(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def both(fresh: dict[str, Path], body: str, tmp_path: Path) -> tuple[Path, Path]:
    """The same workbook twice: one to press buttons on, one for the shell."""
    folders = tmp_path / "按按钮" / "单位", tmp_path / "命令行" / "单位"
    for folder in folders:
        shutil.copytree(fresh[body], folder)
    pressed, typed = (folder / "自评.xlsm" for folder in folders)
    return pressed, typed


def cells(path: Path) -> dict[str, Cell]:
    book = FileBook.open(path)
    return {f"{sheet}!{at}": cell for sheet in book.sheets for at, cell in book.grid(sheet).cells.items()}


def test_calc_runs_another_python_than_the_tests(calc: Calc) -> None:
    """Debian's Calc runs the system's; LibreOffice's makers bring one of their own."""
    python = subprocess.run(
        [program.find().python, "-c", "import sys; print(sys.version)"], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert calc.interpreter == python
    print(f"Calc: {python}\ntests: {sys.version}")


def test_a_review_lists_what_the_shell_lists(calc: Calc, both: tuple[Path, Path], shell: Shell) -> None:
    pressed, typed = both
    wanted = json.loads(shell("check", "--json", typed))
    with calc.open(pressed) as document:
        said = calc.press(document, "review")
        listed = list(review_of(document))
    told = ("level", "code", "sheet", "cell", "message", "expected", "found", "do")
    assert listed == [tuple(finding[name] for name in told) for finding in wanted]
    for level in ("错误", "提醒"):
        count = sum(finding["level"] == level for finding in wanted)
        assert f"{count} 处{level}" in said or not count


def review_of(document: Any) -> Iterator[tuple[str, ...]]:
    """The findings on the sheet 复核结果."""
    sheet = document.Sheets.getByName(names.REVIEW)
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    for row in range(names.REVIEW_HEADER, cursor.RangeAddress.EndRow + 1):
        line = [content(sheet.getCellByPosition(column, row)) for column in range(8)]
        if any(line):
            yield tuple(map(str, line))


def test_a_copy_to_hand_over_is_the_shells(calc: Calc, body: str, both: tuple[Path, Path], shell: Shell) -> None:
    pressed, typed = both
    before = pressed.read_bytes()
    told = shell("freeze", typed)
    with calc.open(pressed) as document:
        said = calc.press(document, "freeze")
    assert pressed.read_bytes() == before
    copy, wanted = (path.with_name("自评-报送版.xlsx") for path in both)
    if body == SOUND:
        pdf = copy.with_suffix(".pdf")
        assert said.startswith(f"报送版已生成：\n{copy}\n{pdf}\n")
        assert pdf.read_bytes().startswith(b"%PDF-")
        assert is_ours(pdf)
        assert cells(copy) == cells(wanted)
        assert not any(cell.formula for cell in cells(copy).values())
    else:
        assert not copy.exists()
        assert not wanted.exists()
        refusal = told.strip().splitlines()[-1]
        assert said.startswith(f"{refusal}：\n· ")


def test_a_report_is_written_or_the_command_that_writes_it_is_told(calc: Calc, both: tuple[Path, Path]) -> None:
    pressed, _ = both
    has_word = subprocess.run([program.find().python, "-c", "import docx"], capture_output=True, check=False)
    with calc.open(pressed) as document:
        said = calc.press(document, "report")
    report = pressed.with_name("自评-自评报告.docx")
    if has_word.returncode:
        assert said.splitlines()[0] == (
            f'写报告要 python-docx，这里的 Python 没有；请在命令行运行 perfeval report "{pressed}"'
        )
        assert not report.exists()
    else:
        assert said.startswith(f"自评报告已生成：\n{report}\n")
        assert report.exists()


def test_a_roll_up_is_the_shells(
    calc: Calc, fresh: dict[str, Path], body: str, both: tuple[Path, Path], shell: Shell, tmp_path: Path
) -> None:
    """Of the open workbook and another body's, which is read from its file."""
    pressed, _ = both
    other = next(name for name in fresh if name != body)
    shutil.copy(fresh[other] / "自评.xlsm", pressed.with_name("下属单位.xlsm"))
    shell("rollup", pressed.parent)
    wanted = shutil.copy(pressed.with_name("汇总.xlsx"), tmp_path)  # it names its folder
    for path in pressed.parent.iterdir():  # what the shell has read is not read for the button
        if path.suffix != ".xlsm":
            path.unlink()
    with calc.open(pressed) as document:
        said = calc.press(document, "rollup")
    summary = pressed.with_name("汇总.xlsx")
    assert said.startswith(f"已汇总 {summary}：")
    assert cells(summary) == cells(Path(wanted))


def test_a_folder_is_rolled_up_with_the_workbook_as_it_stands(calc: Calc, tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        write_sheets(tmp_path / f"{name}.xlsx", {"表": CORRECT})
    with calc.open(tmp_path / "甲.xlsx") as document:
        document.Sheets.getByName("表").getCellRangeByName("B2").String = "另一个项目"
        said = calc.press(document, "rollup")
    assert "2 张项目自评表" in said
    summary = FileBook.open(tmp_path / "汇总.xlsx")
    projects = {str(cell.value) for cell in summary.grid("按项目").cells.values()}
    assert "另一个项目" in projects


def test_what_calc_has_just_saved_holds_no_changes(calc: Calc, tmp_path: Path) -> None:
    """Calc stores 15 digits of a number and shows all of them."""
    path = new.new(tmp_path / "自评.xlsm", BODY)
    with calc.open(path) as document:
        sheet = document.Sheets.getByName(SHEET)
        for place, value in {"E6": 3.0, "F6": 1.0}.items():
            sheet.getCellRangeByName(place).Value = value
        document.store()
        assert "原生公式版已生成" in calc.press(document, "live_copy")
