"""补齐公式: what hands have done to a workbook is noticed by 复核 and mended; the measure is the workbook that the builder makes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from perfeval.books.file import FileBook
from perfeval.books.rowroom import with_rows
from perfeval.checks import check
from perfeval.cli import main
from perfeval.commands import demo_data, fill, livecopy, new, repair, undoing
from perfeval.commands.live import filling, indicators, projects, repairing
from perfeval.errors import FileRefused
from perfeval.findings import Finding
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Grid, address
from perfeval.records import names
from perfeval.stepwise import finished
from perfeval.workbook.book import data_workbook
from support import fakeexcel
from support.growing import (
    BODY,
    FIRST,
    PLACES,
    SHEET,
    WHOLE_BODY,
    WHOLE_PLACES,
    with_indicator,
    with_project,
    with_whole_indicator,
)

OURS = {"R49", "R50", "R51", "R52", "R53", "R54"}


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new.new(tmp_path_factory.mktemp("新") / "自评.xlsm", BODY)


@pytest.fixture
def book(blank: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "自评.xlsm"
    copy.write_bytes(blank.read_bytes())
    return copy


def found(path: Path) -> list[Finding]:
    return [one for one in check(FileBook.open(path)) if one.kind.code in OURS]


def codes(path: Path) -> list[tuple[str, str, str]]:
    return [(one.kind.code, one.sheet, one.cell) for one in found(path)]


def formulas(grid: Grid) -> dict[str, str]:
    return {str(place): cell.formula for place, cell in sorted(grid.cells.items()) if cell.formula is not None}


def inserted(path: Path, sheet: str, at: int, contents: dict[str, object]) -> None:
    """A row inserted by hand, as a spreadsheet program does it, and what is typed into it."""
    grown = with_rows(FileBook.open(path), sheet, at, 1)
    grown.apply([Edit(sheet, address(f"{letter}{at}"), value) for letter, value in contents.items()])
    path.write_bytes(grown.content)


def typed(path: Path, sheet: str, contents: dict[str, object]) -> None:
    edited = FileBook.open(path)
    edited.apply([Edit(sheet, address(cell), value) for cell, value in contents.items()])
    edited.save(backup=False)


def changed(path: Path, change: Callable[[openpyxl.Workbook], None]) -> None:
    """What openpyxl can do to a workbook: sheets copied, renamed, cells moved."""
    opened = openpyxl.load_workbook(path, keep_vba=True)
    change(opened)
    opened.save(path)


# --- rows ---


@pytest.mark.parametrize(("_", "row", "place"), PLACES.values(), ids=PLACES.keys())
def test_an_inserted_row_gets_the_formulas_that_the_builder_writes(
    book: Path, tmp_path: Path, _: str, row: int, place: int
) -> None:
    inserted(book, SHEET, row, {"D": "新指标", "E": "≥5", "F": "6", "G": 10})
    assert ("R49", SHEET, f"K{row}") in codes(book)
    said = repair.repair(book)
    assert said.left == ()
    assert found(book) == []
    wanted = FileBook.open(new.new(tmp_path / "多一行.xlsm", with_indicator(place))).grid(SHEET)
    assert formulas(FileBook.open(book).grid(SHEET)) == formulas(wanted)


@pytest.mark.parametrize(("_", "row", "place"), WHOLE_PLACES.values(), ids=WHOLE_PLACES.keys())
def test_so_does_one_of_the_whole_body(tmp_path: Path, _: str, row: int, place: int) -> None:
    path = new.new(tmp_path / "整体.xlsm", WHOLE_BODY)
    inserted(path, names.ASSESSMENT, row, {"D": "新指标", "E": "≥5", "G": "6"})
    assert [one.kind.code for one in found(path)] == ["R49"]
    repair.repair(path)
    assert found(path) == []
    wanted = FileBook.open(new.new(tmp_path / "多一行.xlsm", with_whole_indicator(place))).grid(names.ASSESSMENT)
    mended = FileBook.open(path).grid(names.ASSESSMENT)
    rows = {str(row), *map(str, range(15, 22))}
    of_rows = [{c: f for c, f in formulas(grid).items() if re.sub("[A-Z]", "", c) in rows} for grid in (mended, wanted)]
    assert of_rows[0] == of_rows[1]


def test_several_rows_above_below_and_between(book: Path) -> None:
    inserted(book, SHEET, 21, {"D": "末行", "G": 5})
    inserted(book, SHEET, 21, {"D": "末前行", "G": 5})
    inserted(book, SHEET, 13, {"B": "产出指标", "C": "数量指标", "D": "首行", "G": 5})
    told = {(one.kind.code, one.cell, one.message[:40]) for one in found(book)}
    assert ("R51", "H24", "总分的公式没有包括第 13、22、23 行") in told
    assert repair.repair(book).left == ()
    grid = FileBook.open(book).grid(SHEET)
    assert grid[24, 7].formula == "SUM(G6,G13:G23)"
    assert (
        grid[13, 11].formula
        == 'IF(COUNTBLANK(E13:G13)+口径有误>0,"",_xlfn.IFNA(PE_INDICATOR_SCORE(E13,F13,G13,$C$13,口径),"—"))'
    )


def test_a_row_without_a_label_is_left_to_a_person(book: Path) -> None:
    inserted(book, SHEET, 13, {"D": "首行", "E": "≥5", "F": "6", "G": 5})
    said = repair.repair(book)
    assert [line for line in said.left if "看不出是哪个一级、二级指标" in line]
    assert FileBook.open(book).grid(SHEET)[13, 11].formula is None


EMPTIED = {
    "a row": [f"{letter}14" for letter in "HKLMN"],
    "a column": [f"K{row}" for row in range(13, 21) if row != 17],
    "rows that share one 分值": ["K16", "H16", "L16", "M17", "N16", "N17"],
    "the totals": ["G21", "H21", "L21", "N21"],
    "the money": ["H6", "H7", "K6", "N6"],
}


@pytest.mark.parametrize("cells", EMPTIED.values(), ids=EMPTIED.keys())
def test_emptied_cells_are_as_before(book: Path, cells: list[str]) -> None:
    before = formulas(FileBook.open(book).grid(SHEET))
    typed(book, SHEET, dict.fromkeys(cells))
    assert formulas(FileBook.open(book).grid(SHEET)) != before
    assert repair.repair(book).left == ()
    assert formulas(FileBook.open(book).grid(SHEET)) == before


# --- what a person has written ---


def test_what_stands_over_a_formula_is_named_and_stays(book: Path) -> None:
    over = {"H21": 95, "G21": 100, "L13": "150%", "H6": 0.9}
    typed(book, SHEET, {**over, "H14": 8, "I6": 9})
    assert sorted((one.kind.code, one.cell) for one in found(book)) == [("R50", cell) for cell in sorted(over)]
    said = repair.repair(book)
    assert len(said.left) == len(over)
    assert said.done == ()
    grid = FileBook.open(book).grid(SHEET)
    assert {cell: grid[address(cell)].value for cell in over} == over


def test_a_number_over_a_cell_of_the_summary_is_named(book: Path) -> None:
    typed(book, names.SUMMARY, {"C5": 1000})
    assert codes(book) == [("R50", names.SUMMARY, "C5")]


# --- sheets ---


def copied(title: str, name: str | None) -> Callable[[openpyxl.Workbook], None]:
    def change(opened: openpyxl.Workbook) -> None:
        copy = opened.copy_worksheet(opened[SHEET])
        copy.title = title
        copy["B3"] = name

    return change


def renamed(opened: openpyxl.Workbook) -> None:
    """As a program renames: references follow, the texts of links do not."""
    opened[SHEET].title = "01 管网（二期）"
    for sheet in opened.worksheets:
        for row in sheet:
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.value = cell.value.replace(f"('{SHEET}'!", "('01 管网（二期）'!").replace(
                        f",'{SHEET}'!", ",'01 管网（二期）'!"
                    )
                    cell.value = re.sub(f"(?<!#)'{SHEET}'!", "'01 管网（二期）'!", cell.value)


def test_a_copied_sheet_is_listed_as_the_builder_lists_a_project(book: Path, tmp_path: Path) -> None:
    title = names.form_title(3, "")
    changed(book, copied(title, None))
    assert codes(book) == [("R52", title, "")]
    assert repair.repair(book).left == ()
    wanted = FileBook.open(new.new(tmp_path / "多一个.xlsm", with_project())).grid(names.SUMMARY)
    mended = FileBook.open(book).grid(names.SUMMARY)
    assert formulas(mended) == formulas(wanted)
    assert [mended[row, 1].value for row in (4, 5, 6)] == [1, 2, 3]
    assert found(book) == []


def test_a_copied_sheet_with_more_rows_is_listed_by_its_own_cells(book: Path) -> None:
    changed(book, copied("03 O'Brien", "新项目"))
    inserted(book, "03 O'Brien", 14, {"D": "新指标", "G": 5})
    repair.repair(book)
    grid = FileBook.open(book).grid(names.SUMMARY)
    assert grid[6, 6].formula == "IF('03 O''Brien'!H22=\"\",\"\",'03 O''Brien'!H22)"
    assert grid[6, 8].formula == "'03 O''Brien'!L4"


def test_two_forms_of_one_project_are_named(book: Path) -> None:
    typed(book, SHEET, {"B3": "管网改造"})
    changed(book, copied("01 管网改造 (2)", "管网改造"))
    assert sorted(codes(book)) == [("R52", "01 管网改造 (2)", ""), ("R53", "01 管网改造 (2)", "B3")]
    assert [line for line in repair.repair(book).left if "相同" in line]


def test_two_projects_of_one_name_are_two_projects(tmp_path: Path) -> None:
    twice = replace(BODY, projects=(FIRST, replace(FIRST, code="02")))
    path = new.new(tmp_path / "同名.xlsm", twice, carried=True)
    assert found(path) == []


def test_a_renamed_sheets_link_leads_there_again(book: Path) -> None:
    changed(book, renamed)
    assert codes(book) == [("R52", names.SUMMARY, "B4")]
    assert repair.repair(book).left == ()
    grid = FileBook.open(book).grid(names.SUMMARY)
    assert str(grid[4, 2].formula).startswith("HYPERLINK(\"#'01 管网（二期）'!A1\"")


def test_after_a_renaming_fill_knows_its_own_work_again(book: Path, tmp_path: Path) -> None:
    body = demo_data.bodies()["shenzhen-2021"]
    data = tmp_path / "数据.xlsx"
    projects = (replace(body.projects[4], name="管网改造"), replace(body.projects[0], name="河道清淤"))
    data.write_bytes(data_workbook(replace(body, projects=projects)))
    path = new.new(tmp_path / "另.xlsm", new.body_from(data))
    fill.fill(path, data)
    old = FileBook.open(path).sheets[4]
    changed(path, lambda opened: _rename(opened, old, "改名"))
    assert ("R52", names.SUMMARY, "B4") in codes(path)
    repair.repair(path)
    planned, _ = fill.fill(path, dry_run=True)
    assert [kept for kept in planned.kept if kept.sheet == "改名"] == []


def _rename(opened: openpyxl.Workbook, old: str, title: str) -> None:
    opened[old].title = title
    for sheet in opened.worksheets:
        for row in sheet:
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.value = re.sub(f"(?<!#)'{re.escape(old)}'!", f"{title}!", cell.value)


# --- sorted rows ---


def test_rows_sorted_with_their_formulas_stand_under_another_label(book: Path) -> None:
    """A program moves references to the row, and not those to $C$13."""
    typed(book, SHEET, {"D13": "里程", "D15": "合格率"})

    def sort(opened: openpyxl.Workbook) -> None:
        sheet: Worksheet = opened[SHEET]
        for letter in "DEFGHIKLMN":
            one, other = sheet[f"{letter}13"], sheet[f"{letter}15"]
            moved = [
                re.sub(rf"(?<![$\d])(\b[A-Z]){old}\b", rf"\g<1>{row}", str(cell.value))
                if cell.value is not None
                else None
                for cell, old, row in ((one, 13, 15), (other, 15, 13))
            ]
            one.value, other.value = moved[1], moved[0]

    changed(book, sort)
    assert {(one.kind.code, one.cell) for one in found(book)} == {("R54", "D13"), ("R54", "D15")}
    assert found(book)[0].message == "“合格率”的公式按“质量指标”计算，现在排在“数量指标”下"
    said = repair.repair(book)
    assert (said.done, len(said.left)) == ((), 2)


def test_rows_sorted_without_them_differ_from_the_targets(tmp_path: Path) -> None:
    body = demo_data.bodies()["shenzhen-2021"]
    data = tmp_path / "数据.xlsx"
    data.write_bytes(data_workbook(replace(body, projects=body.projects[:1])))
    path = new.new(tmp_path / "自评.xlsm", new.body_from(data))
    fill.fill(path, data)
    assert found(path) == []
    sheet = FileBook.open(path).sheets[4]
    grid = FileBook.open(path).grid(sheet)
    swapped = {
        f"{letter}{a}": grid[address(f"{letter}{b}")].value for letter in "DEFG" for a, b in ((13, 14), (14, 13))
    }
    typed(path, sheet, swapped)
    assert {(one.kind.code, one.cell) for one in found(path)} == {("R54", "D13"), ("R54", "D14")}


# --- nothing is done without need ---


def test_a_workbook_in_order_is_left_to_the_byte(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = book.read_bytes()
    assert main(["repair", str(book)]) == 0
    assert capsys.readouterr().out == "没有需要补的公式\n"
    assert book.read_bytes() == before
    assert list(book.parent.iterdir()) == [book]


@pytest.mark.parametrize("bodies", ["projects", "wholes"])
def test_no_workbook_of_ours_raises_anything(tmp_path: Path, bodies: str) -> None:
    """Blank, filled, taken back, with native formulas: every published body."""
    from perfeval.commands import demo_whole  # noqa: PLC0415

    every = demo_data.bodies() if bodies == "projects" else {key: one.body for key, one in demo_whole.wholes().items()}
    for key, body in every.items():
        data = tmp_path / f"{key}.xlsx"
        data.write_bytes(data_workbook(body))
        path = new.new(tmp_path / f"{key}.xlsm", new.body_from(data))
        assert found(path) == []
        fill.fill(path, data)
        assert found(path) == []
        live = livecopy.live(path).path
        assert found(live) == []
        assert repair.repair(live).done == ()
        assert repair.repair(path).done == ()
        undoing.undo(path, earlier=True)
        assert found(path) == []


def test_rows_and_projects_added_by_the_buttons_raise_nothing(blank: Path) -> None:
    opened = fakeexcel.open_book(blank)
    with opened.app.properties(status_bar="", screen_updating=False, calculation="manual"):
        opened.impl.in_front = SHEET
        opened.sheets[SHEET].range((14, 4)).select()
        indicators.add(opened)
        projects.add(opened)
        assert finished(repairing.repair(opened)) == "没有需要补的公式。"


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "外来.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(FileRefused, match="不是 PerfEval 新建的工作簿"):
        repair.repair(path)


def test_native_rows_are_named_and_left(book: Path, tmp_path: Path) -> None:
    live = livecopy.live(book).path
    inserted(live, SHEET, 14, {"D": "新指标", "E": "≥5", "F": "6", "G": 10})
    assert ("R49", SHEET, "K14") in codes(live)
    said = repair.repair(live)
    assert [line for line in said.left if line.startswith(f"{SHEET}!K14")]


# --- taken back ---


def test_it_is_taken_back_and_done_again(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inserted(book, SHEET, 21, {"D": "新指标", "E": "≥5", "F": "6", "G": 10})
    before = formulas(FileBook.open(book).grid(SHEET))
    assert main(["repair", str(book)]) == 0
    assert f"“{SHEET}”第 21 行补上了公式" in capsys.readouterr().out
    after = formulas(FileBook.open(book).grid(SHEET))
    assert main(["undo", str(book)]) == 0
    assert "补齐公式前的内容" in capsys.readouterr().out
    assert formulas(FileBook.open(book).grid(SHEET)) == before
    assert main(["undo", str(book)]) == 0
    assert "撤销的那次补齐公式又回来了" in capsys.readouterr().out
    assert formulas(FileBook.open(book).grid(SHEET)) == after


def test_the_dry_run_writes_nothing(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inserted(book, SHEET, 14, {"D": "新指标", "G": 10})
    before = book.read_bytes()
    assert main(["repair", str(book), "--dry-run"]) == 0
    assert "没有写文件；会做的是：" in capsys.readouterr().out
    assert book.read_bytes() == before


# --- the button ---


def test_the_button_does_what_the_shell_does(book: Path) -> None:
    changed(book, copied("03 新", "新项目"))
    inserted(book, SHEET, 21, {"D": "新指标", "E": "≥5", "F": "6", "G": 10})
    opened = fakeexcel.open_book(book)
    with opened.app.properties(status_bar="", screen_updating=False, calculation="manual"):
        said = finished(repairing.repair(opened))
        repair.repair(book)
        from perfeval.books.live import LiveBook  # noqa: PLC0415

        live, mended = LiveBook(opened), FileBook.open(book)
        for sheet in (SHEET, names.SUMMARY):
            assert formulas(live.grid(sheet)) == formulas(mended.grid(sheet))
        assert "· “汇总”第 6 行列入了“03 新”" in said
        assert "补齐公式前的内容" in filling.undo(opened)
        assert LiveBook(opened).grid(SHEET)[21, 11].formula is None
