"""The buttons on an open workbook as Excel behaves: it tears no merged area, selects in front only, asks before it merges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from perfeval.books import FileBook
from perfeval.books.live import LiveBook
from perfeval.commands import buttons, new
from perfeval.commands.fill import plan
from perfeval.commands.fill_record import Memory
from perfeval.errors import DIV0
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Address, Grid, address
from perfeval.forms.model import IndicatorRow
from perfeval.forms.reader import read_forms
from perfeval.records import names
from perfeval.records.model import Funds
from perfeval.workbook.book import data_workbook
from support import fakeexcel
from support.growing import (
    BODY,
    FIRST,
    LISTED,
    PLACES,
    SHEET,
    WHOLE_BODY,
    WHOLE_PLACES,
    body,
    with_indicator,
    with_project,
    with_whole_indicator,
)
from support.published import BODY_FORMS, body_forms, texts
from support.sheettext import write_sheets
from support.tables import LAYOUTS, Layout, published, write_book


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new.new(tmp_path_factory.mktemp("new") / "自评.xlsm", BODY)


@pytest.fixture
def book(path: Path) -> xw.Book:
    return fakeexcel.open_book(path)


def press(book: xw.Book, name: str, at: str = "") -> str:
    """Press a button with the cursor in a cell of the first form; gives what it says."""
    if at:
        sheet, _, cell = at.rpartition("!")
        book.impl.in_front = sheet or SHEET
        book.sheets[sheet or SHEET].range(address(cell)).select()
    before = len(book.impl.app.alerts)
    buttons.press(name, book)
    app = book.impl.app
    assert (app.status_bar, app.screen_updating, app.calculation) == (False, True, "automatic")
    return "".join(app.alerts[before:])


def laid_out(grid: Grid) -> dict[str, Any]:
    """What a sheet is but for the values of its formulas, and for what is under a merged area's first cell."""
    cells = {str(p): (c.formula or c.value, c.format) for p, c in grid.cells.items() if grid.area_of(p)[:2] == p}
    return {p: found for p, found in cells.items() if found != (None, "General")} | {"merges": set(grid.merges)}


@pytest.mark.parametrize(("cursor", "row", "place"), PLACES.values(), ids=PLACES.keys())
def test_an_indicator_row_is_as_the_builder_makes_it(
    book: xw.Book, tmp_path: Path, cursor: str, row: int, place: int
) -> None:
    wanted = FileBook.open(new.new(tmp_path / "one more.xlsm", with_indicator(place)))
    assert press(book, "add_indicator", cursor) == ""
    assert book.impl.app.selection.row == row
    grown = LiveBook(book)
    for sheet in (SHEET, names.SUMMARY):
        assert laid_out(grown.grid(sheet)) == laid_out(wanted.grid(sheet))
    heights = book.impl.formulas[SHEET].row_dimensions
    assert heights[row].height == heights[row - 1].height


@pytest.fixture(scope="module")
def whole_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new.new(tmp_path_factory.mktemp("new") / "整体.xlsm", WHOLE_BODY)


@pytest.mark.parametrize(("cursor", "row", "place"), WHOLE_PLACES.values(), ids=WHOLE_PLACES.keys())
def test_an_indicator_row_of_the_whole_body_is_as_the_builder_makes_it(
    whole_path: Path, tmp_path: Path, cursor: str, row: int, place: int
) -> None:
    wanted = FileBook.open(new.new(tmp_path / "one more.xlsm", with_whole_indicator(place)))
    book = fakeexcel.open_book(whole_path)
    assert press(book, "add_indicator", f"{names.ASSESSMENT}!{cursor}") == ""
    assert book.impl.app.selection.row == row
    assert laid_out(LiveBook(book).grid(names.ASSESSMENT)) == laid_out(wanted.grid(names.ASSESSMENT))


def test_the_leaves_of_a_standard_are_not_added_to(whole_path: Path) -> None:
    book = fakeexcel.open_book(whole_path)
    before = laid_out(LiveBook(book).grid(names.SCORING))
    assert "请先点自评表里的一行指标" in press(book, "add_indicator", f"{names.SCORING}!D8")
    assert laid_out(LiveBook(book).grid(names.SCORING)) == before


def test_a_project_is_as_the_builder_makes_it(book: xw.Book, tmp_path: Path) -> None:
    wanted = FileBook.open(new.new(tmp_path / "one more.xlsm", with_project()))
    live, title = LiveBook(book), names.form_title(3, "")
    typed = {"B3": "旧名", "E6": 100.0, "I6": 8.0, "D13": "长度", "G13": 9.0, "H13": 7.0, "I13": "原因"}
    live.apply([Edit(SHEET, address(cell), value) for cell, value in typed.items()])
    assert f"新增了自评表“{title}”" in press(book, "add_project", "A1")
    grown = LiveBook(book)
    assert grown.user_sheets[:7] == wanted.user_sheets[:7]
    for sheet in (title, names.SUMMARY):
        assert laid_out(grown.grid(sheet)) == laid_out(wanted.grid(sheet))
    assert grown.grid(names.BASICS)[LISTED + 2, 1].value == "03"
    assert grown.grid(names.BASICS)[LISTED + 2, 2].formula == f"IF('{title}'!B3=\"\",\"\",'{title}'!B3)"
    assert book.impl.in_front == title


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_any_form_grows_and_stays_the_form_it_was(layout: Layout, tmp_path: Path) -> None:
    """Below its first and its last row: all other rows keep what they held, the new one is of the kind above it."""
    path = write_book(tmp_path / "自评表.xlsx", layout, published("shenzhen-2021")[:1])
    sheet = FileBook.open(path).sheets[0]
    (before,) = read_forms(LiveBook(fakeexcel.open_book(path)).grid(sheet))
    for group in (next(before.groups()), list(before.groups())[-1]):
        book = fakeexcel.open_book(path)
        said = press(book, "add_indicator", f"{sheet}!{group[0].name.cell}")
        (form,) = read_forms(LiveBook(book).grid(sheet))
        assert said == ""
        place = next(place for place, row in enumerate(form.rows) if row.row == book.impl.app.selection.row)
        new, others = form.rows[place], (*form.rows[:place], *form.rows[place + 1 :])
        assert [held(row) for row in others] == [held(row) for row in before.rows]
        assert new.is_placeholder
        assert (new.level1, new.level2) == (group[-1].level1, group[-1].level2)
        assert (form.total_score.text, form.problems) == (before.total_score.text, before.problems)


def held(row: IndicatorRow) -> tuple[str, ...]:
    entries = (row.name, row.target, row.actual, row.weight, row.score, row.reason)
    return (row.level1, row.level2, *(entry.text for entry in entries))


def test_a_published_form_of_a_whole_body_grows(tmp_path: Path) -> None:
    """直属分局's 37 indicators below its tasks: one more below the first and the last, and all others as they were."""
    path = write_sheets(tmp_path / "整体.xlsx", {"整体": texts(BODY_FORMS)["000_assessment"]})
    (before,) = body_forms(FileBook.open(path).grid("整体"))
    for row in (before.rows[0], before.rows[-1]):
        book = fakeexcel.open_book(path)
        assert press(book, "add_indicator", f"整体!{row.name.cell}") == ""
        (form,) = body_forms(LiveBook(book).grid("整体"))
        place = next(n for n, one in enumerate(form.rows) if one.row == book.impl.app.selection.row)
        new = form.rows[place]
        assert new.is_placeholder
        assert (new.level1, new.level2) == (row.level1, row.level2)
        others = (*form.rows[:place], *form.rows[place + 1 :])
        assert [(one.name.text, one.target.text, one.actual.text) for one in others] == [
            (one.name.text, one.target.text, one.actual.text) for one in before.rows
        ]
        assert form.amounts[0].lines[0].amounts.keys() == before.amounts[0].lines[0].amounts.keys()


CODES = {
    "counted": (["01", "02"], "03"), "counted from 1 to 2": (["1", "2"], "3"), "a body's own": (["A-7", "A-8"], None),
    "out of turn": (["02", "03"], None),
}  # fmt: skip


@pytest.mark.parametrize(("codes", "following"), CODES.values(), ids=CODES.keys())
def test_a_code_is_only_given_where_codes_count(book: xw.Book, codes: list[str], following: str | None) -> None:
    edits = [Edit(names.BASICS, Address(row, 1), code) for row, code in enumerate(codes, start=LISTED)]
    LiveBook(book).apply(edits)
    press(book, "add_project")
    assert LiveBook(book).grid(names.BASICS)[LISTED + 2, 1].value == following


# --- 填报, 撤销填报 ---


def data(**of_the_first: Any) -> Any:
    funds = (Funds("年度资金总额", 100.0, 100.0, 80.0),)
    rows = tuple(
        replace(row, name=f"第{n}项", target="≥5个", actual=f"{n}个", weight=row.weight or 10.0, score=9.0)
        for n, row in enumerate(FIRST.indicators)
    )
    rows = (replace(rows[0], **of_the_first), *rows[1:])
    return body(replace(FIRST, funds=funds, indicators=rows))


def give(book: xw.Book, folder: Path, what: Any) -> list[Edit]:
    """Put data into the import sheets; gives what a fill then writes."""
    (folder / "data.xlsx").write_bytes(data_workbook(what))
    source = FileBook.open(folder / "data.xlsx")
    edits = [
        Edit(sheet, place, cell.value)
        for sheet in (names.TARGETS, names.EXECUTION)
        for place, cell in source.grid(sheet).cells.items()
        if place.row > 1 and cell.value is not None
    ]
    LiveBook(book).apply(edits)
    return [edit for edit in plan(LiveBook(book)).edits if edit.sheet != names.MEMORY]


def test_a_fill_is_taken_back_values_and_formulas(book: xw.Book, tmp_path: Path) -> None:
    edits = give(book, tmp_path, data(target=date(2021, 12, 31), reason="雨"))
    before = laid_out(LiveBook(book).grid(SHEET))
    assert before["H13"] == ("K13", "0.00")
    assert f"填写了 {len(edits)} 个单元格" in press(book, "fill")
    assert LiveBook(book).grid(SHEET)[address("H13")].value == 9.0
    book.sheets[SHEET].range((13, 5)).number_format = "yyyy/m/d"  # as Excel shows a date from then on
    emptied = sum(former.content in (None, "") for former in Memory(LiveBook(book)).former)
    assert 0 < emptied < len(edits)
    said = f"已恢复 {len(edits)} 个单元格填报前的内容，其中 {emptied} 个清空。再撤销一次，就又填回去。"
    filled = laid_out(LiveBook(book).grid(SHEET))
    assert press(book, "undo") == said
    assert laid_out(LiveBook(book).grid(SHEET)) == before
    assert press(book, "undo") == f"已填回 {len(edits)} 个单元格：撤销的那次填报又回来了。"
    again = laid_out(LiveBook(book).grid(SHEET))
    assert {c: again[c][0] for c in again if c != "merges"} == {c: filled[c][0] for c in filled if c != "merges"}
    assert press(book, "undo") == said
    assert f"填写了 {len(edits)} 个单元格" in press(book, "fill")


def test_what_was_changed_since_is_listed_and_kept(book: xw.Book, tmp_path: Path) -> None:
    edits = give(book, tmp_path, data())
    press(book, "fill")
    LiveBook(book).apply(
        [
            Edit(SHEET, address("F13"), "改过"),
            Edit(SHEET, address("H15"), Formula("K15")),
            Edit(SHEET, address("E6"), None),
        ]
    )
    said = press(book, "undo")
    assert f"已恢复 {len(edits) - 3} 个单元格" in said
    assert all(f"“{SHEET}”{cell}" in said for cell in ("F13", "H15", "E6"))
    grid = LiveBook(book).grid(SHEET)
    assert [(grid[address(c)].value, grid[address(c)].formula) for c in ("F13", "E6")] == [("改过", None), (None, None)]


def test_a_fill_is_taken_back_to_what_the_fill_before_wrote(book: xw.Book, tmp_path: Path) -> None:
    give(book, tmp_path, data())
    press(book, "fill")
    give(book, tmp_path, data(actual="70个"))
    assert "填写了 1 个单元格" in press(book, "fill")
    assert "没有需要填写的单元格" in press(book, "fill")  # which replaces nothing, and so leaves the last one to undo
    assert "已恢复 1 个单元格" in press(book, "undo")
    assert LiveBook(book).grid(SHEET)[address("F13")].value == "0个"
    assert "填写了 1 个单元格" in press(book, "fill")  # it is still the fill's own, not a person's


def test_a_fill_is_remembered_below_an_inserted_row(book: xw.Book, tmp_path: Path) -> None:
    give(book, tmp_path, data())
    press(book, "fill")
    press(book, "add_indicator", "D13")
    give(book, tmp_path, data(actual="70个"))
    LiveBook(book).apply([Edit(names.TARGETS, address("H4"), "77个")])  # the third indicator, which has moved to row 16
    assert "填写了 2 个单元格" in press(book, "fill")
    grid = LiveBook(book).grid(SHEET)
    assert [grid[address(cell)].value for cell in ("F13", "F16")] == ["70个", "77个"]
    assert "已恢复 2 个单元格" in press(book, "undo")
    assert LiveBook(book).grid(SHEET)[address("F16")].value == "2个"


def test_a_sheet_that_is_gone_is_left_out(book: xw.Book, tmp_path: Path) -> None:
    give(book, tmp_path, data())
    press(book, "fill")
    book.sheets[SHEET].name = "改名"
    assert f"“{SHEET}”E6" in press(book, "undo")


FORMER = [None, "", "文字", 9.5, True, date(2021, 12, 31), DIV0, Formula("K13"), "长" * 40_000]


@pytest.mark.parametrize("content", FORMER, ids=lambda content: str(content)[:20])
def test_every_kind_of_content_is_remembered(book: xw.Book, content: Any) -> None:
    live = LiveBook(book)
    live.apply([Edit(SHEET, address("E13"), content)])
    before = live.grid(SHEET)[address("E13")]
    memory = Memory(live)
    memory.remember([Edit(SHEET, address("E13"), "新")])
    live.apply(list(memory.edits()))
    (former,) = Memory(live).former
    assert former.content == (before.value if before.formula is None else Formula(before.formula))


@pytest.mark.parametrize("text", ["{", "[1]", '[["a"]]', '[["a", "B", {"x": 1}, 1, 1]]', "[" * 15_000, '{"a": 1}'])
def test_a_memory_that_is_not_ours_remembers_nothing(book: xw.Book, text: str) -> None:
    LiveBook(book).apply([Edit(names.MEMORY, Address(2, 2), text)])
    assert Memory(LiveBook(book)).former == ()
    assert "没有可以撤销的填报" in press(book, "undo")


# --- what a program of another version, or a broken one, comes to ---


def test_a_command_that_this_version_lacks_is_one_sentence(book: xw.Book) -> None:
    assert "没有“later”这个命令" in press(book, "later")


def test_what_goes_wrong_unforeseen_is_one_sentence(book: xw.Book, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Any) -> str:
        raise RuntimeError("接线断了")

    monkeypatch.setitem(buttons.BUTTONS, "fill", replace(buttons.BUTTONS["fill"], command=broken))
    assert press(book, "fill") == "“填报”没有完成，请把这句话告诉维护者：RuntimeError('接线断了')"


@pytest.mark.parametrize("name", ["freeze", "report", "rollup"])
def test_a_workbook_at_an_address_on_the_network_is_one_sentence(
    book: xw.Book, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def address(_: Any) -> str:
        raise xw.XlwingsError("Couldn't find the local path of the OneDrive")  # as xlwings does on Windows

    monkeypatch.setattr(type(book), "fullname", property(address))
    assert "OneDrive 或 SharePoint 的网址打开的" in press(book, name)
    monkeypatch.setattr(type(book), "fullname", property(lambda _: "https://d.docs.live.net/1/自评表.xlsm"))
    assert "另存为" in press(book, name)
    assert "OneDrive" not in press(book, "clear")  # what works on the open workbook alone goes on
