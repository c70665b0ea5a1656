"""Calc as a person has it, under a virtual screen: a real key press in a cell, a real click on the toolbar."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfeval.books import FileBook
from perfeval.commands import demo_data, new
from perfeval.commands.fill import plan
from perfeval.forms.edits import Edit
from perfeval.records.names import MEMORY
from perfeval.workbook.book import data_workbook
from support import calc as driver
from support.calc import PUSH_BUTTON, Calc, content
from support.desk import brought_to_front, click, found, press, screen, until

MISSING = driver.missing() or next(
    (f"{program} 不在此机，不能按真的键、点真的按钮" for program in ("Xvfb", "xdotool") if not shutil.which(program)),
    "",
)
pytestmark = [pytest.mark.host, pytest.mark.skipif(bool(MISSING), reason=MISSING)]

IMPORTED = ("绩效目标", "执行数据")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with screen() as made:
        yield made


@pytest.fixture(scope="module")
def calc(display: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calc]:
    with Calc(driver.prepare(tmp_path_factory.mktemp("profile")), display=display) as running:
        yield running


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A workbook whose forms are empty and whose import sheets hold a body's data."""
    body = next(iter(demo_data.bodies().values()))
    data = tmp_path / "data.xlsx"
    data.write_bytes(data_workbook(body))
    book = new.new(tmp_path / "book.xlsm", new.body_from(data))
    ours, theirs = FileBook.open(book), FileBook.open(data)
    ours.apply(copied(theirs, ours))
    ours.save(backup=False)
    return book


def copied(source: FileBook, target: FileBook) -> list[Edit]:
    """The edits that put the data sheets' rows into the workbook's own."""
    return [
        Edit(sheet, place, cell.value)
        for sheet in IMPORTED
        for place, cell in source.grid(sheet).cells.items()
        if place.row > 1 and cell.value not in (None, target.grid(sheet)[place].value)
    ]


def test_keys_typed_into_cells_score_at_once(calc: Calc, display: str, path: Path) -> None:
    with calc.open(path) as document:
        brought_to_front(display, document)
        form = document.Sheets.getByIndex(4)
        document.CurrentController.setActiveSheet(form)
        for address, typed in {"E6": "2000", "F6": "1500", "G6": "10"}.items():
            found = form.getCellRangeByName(address)
            document.CurrentController.select(found)
            press(display, "type", "--delay", "30", typed)
            press(display, "key", "Return")
            until(lambda found=found, typed=typed: content(found) == float(typed))
        assert content(form.getCellRangeByName("H6")) == 0.75
        assert content(form.getCellRangeByName("K6")) == 7.5


def test_a_click_on_the_toolbar_fills_the_forms(calc: Calc, display: str, path: Path) -> None:
    wanted = plan(FileBook.open(path)).edits
    with calc.open(path) as document:
        window = brought_to_front(display, document)
        cells = [
            document.Sheets.getByName(edit.sheet).getCellByPosition(edit.cell.column - 1, edit.cell.row - 1)
            for edit in wanted
        ]
        before = [cell.getFormula() for cell in cells]
        click(display, until(lambda: next(found(window, "填报", PUSH_BUTTON), None)))
        (box,) = until(calc.message_boxes)
        said = [one.getAccessibleName() for one in box]
        click(display, next(one for one in box if one.getAccessibleRole() == PUSH_BUTTON))
        until(lambda: not calc.message_boxes())
        assert any(f"填写了 {sum(edit.sheet != MEMORY for edit in wanted)} 个单元格" in text for text in said)
        assert [content(cell) for cell in cells] == [edit.content for edit in wanted]
        undo = document.getUndoManager()
        assert undo.getCurrentUndoActionTitle() == "绩效评价：填报"
        undo.undo()  # the whole fill is one step
        assert [cell.getFormula() for cell in cells] == before
