"""A year's work by buttons alone, in the stand-in of Excel: 新建, 导入, 复核文件夹, 汇总, 对照, with every dialog answered or closed."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw

from perfeval.books import FileBook
from perfeval.books.results import REVIEW
from perfeval.commands import check, in_excel, new
from perfeval.commands.live.beginning import _SOURCES
from perfeval.records import names
from perfeval.workbook.book import data_workbook
from support import fakeexcel
from support.exports import SYSTEMS, write
from support.growing import BODY
from support.tables import LAYOUTS, published, write_book
from support.vbahost import Host, build

BLANK, DATA, LAST_YEAR, TEMPLATE = (str(number) for number in range(1, len(_SOURCES) + 1))
FIRST = "1"


@pytest.fixture
def excel() -> Host:
    """Excel with the add-in, and no workbook open."""
    return Host(build.ADDIN, version("xlwings"))


@pytest.fixture
def addin(excel: Host, monkeypatch: pytest.MonkeyPatch) -> xw.Book:
    """What Python is handed while no workbook is open."""
    alone = fakeexcel.addin_alone(build.ADDIN)
    monkeypatch.setattr(xw.Book, "caller", classmethod(lambda _: alone))
    return alone


@pytest.fixture
def opened(excel: Host, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], xw.Book]:
    """Puts a workbook in front."""

    def open_it(path: Path) -> xw.Book:
        excel.app.open_workbook(path)
        book = fakeexcel.open_book(path)
        monkeypatch.setattr(xw.Book, "caller", classmethod(lambda _: book))
        return book

    return open_it


def said(book: xw.Book) -> str:
    return "\n".join(book.impl.app.alerts)


def below(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- 新建 ---


def data_file(folder: Path) -> Path:
    path = folder / "数据.xlsx"
    path.write_bytes(data_workbook(BODY))
    return path


def test_a_blank_workbook_with_no_workbook_open(excel: Host, addin: xw.Book, tmp_path: Path) -> None:
    target = tmp_path / "自评.xlsm"
    excel.chosen = [BLANK, FIRST, FIRST, str(target)]
    excel.press("new")
    assert names.BASICS in FileBook.open(target).sheets
    assert addin.impl.app.opened == [str(target)]
    assert "请先在“基本信息”填单位和年度" in said(addin)


def test_from_data_with_the_sheets_of_the_whole_body(excel: Host, addin: xw.Book, tmp_path: Path) -> None:
    target = tmp_path / "自评.xlsm"
    excel.chosen = [DATA, str(data_file(tmp_path)), "2", str(tmp_path / "自评")]  # an ending is added
    excel.press("new")
    sheets = FileBook.open(target).sheets
    assert names.SCORING in sheets
    assert f"{len(BODY.projects)} 个项目" in said(addin)


def test_an_ending_of_xlsx_is_the_edition_without_macros(excel: Host, addin: xw.Book, tmp_path: Path) -> None:
    excel.chosen = [DATA, str(data_file(tmp_path)), FIRST, str(tmp_path / "自评.xlsx")]
    excel.press("new")
    assert "自检" in openpyxl.load_workbook(tmp_path / "自评.xlsx").sheetnames


def test_from_an_export_whatever_its_sheet_is_called(excel: Host, addin: xw.Book, tmp_path: Path) -> None:
    system = SYSTEMS["用友：辅助核算，经济分类逐行，小计"]
    export = write(tmp_path / "导出.xlsx", system.sheets, system.merges)
    excel.chosen = [DATA, str(export), FIRST, str(tmp_path / "自评.xlsm")]
    excel.press("new")
    assert (tmp_path / "自评.xlsm").exists()
    assert "已新建" in said(addin)


def test_from_last_year(excel: Host, addin: xw.Book, tmp_path: Path) -> None:
    last = new.new(tmp_path / "去年.xlsm", BODY)
    before = last.read_bytes()
    excel.chosen = [LAST_YEAR, str(last), str(tmp_path / "今年.xlsm")]
    excel.press("new")
    assert (tmp_path / "今年.xlsm").exists()
    assert last.read_bytes() == before
    assert "带入了项目、指标、指标值和分值" in said(addin)


def test_the_template_lists_the_projects_of_the_workbook_in_front(
    excel: Host, opened: Callable[[Path], xw.Book], tmp_path: Path
) -> None:
    book = opened(new.new(tmp_path / "自评.xlsm", BODY))
    excel.chosen = [TEMPLATE, str(tmp_path / "数据.xlsx")]
    excel.press("new")
    cells = [cell.value for row in openpyxl.load_workbook(tmp_path / "数据.xlsx")[names.EXECUTION] for cell in row]
    assert BODY.projects[0].name in cells
    assert f"已列入 {len(BODY.projects)} 个项目" in said(book)


def test_nothing_of_others_is_overwritten(excel: Host, addin: xw.Book, tmp_path: Path) -> None:
    target = tmp_path / "自评.xlsm"
    target.write_bytes(b"theirs")
    excel.chosen = [BLANK, FIRST, FIRST, str(target)]
    excel.press("new")
    assert target.read_bytes() == b"theirs"
    assert "没有覆盖" in said(addin)


def test_a_number_that_is_no_choice_is_asked_for_again(excel: Host, addin: xw.Book, tmp_path: Path) -> None:
    excel.chosen = ["9", BLANK, FIRST, FIRST, str(tmp_path / "自评.xlsm")]
    excel.press("new")
    assert "请从 1 到 4 里选" in excel.asked[1]
    assert (tmp_path / "自评.xlsm").exists()


# --- 导入 ---


def test_an_import_is_what_the_shell_brings(excel: Host, opened: Callable[[Path], xw.Book], tmp_path: Path) -> None:
    from perfeval.commands.importing import import_files  # noqa: PLC0415

    path = new.new(tmp_path / "自评.xlsm", new.BLANK)
    book, data = opened(path), data_file(tmp_path)
    excel.chosen = [str(data)]
    excel.press("import_files")
    import_files(path, [data])
    wanted = openpyxl.load_workbook(path)
    for sheet in names.IMPORTS:
        theirs = {c.coordinate: c.value for row in wanted[sheet] for c in row if c.value is not None}
        ours = {c.coordinate: c.value for row in book.impl.formulas[sheet] for c in row if c.value not in (None, "")}
        assert {place: str(value).removeprefix("'") for place, value in ours.items()} == {
            place: str(value) for place, value in theirs.items()
        }
    assert "请按“填报”" in said(book)


def test_a_workbook_without_import_sheets_says_what_to_do(
    excel: Host, opened: Callable[[Path], xw.Book], tmp_path: Path
) -> None:
    book = opened(write_book(tmp_path / "外.xlsx", next(iter(LAYOUTS.values())), published("shenzhen-2021")[:1]))
    excel.press("import_files")
    assert "请先按“新建”" in said(book)
    assert excel.asked == []


def test_where_a_column_is_not_certain_the_headings_are_listed_to_choose_from(
    excel: Host, opened: Callable[[Path], xw.Book], tmp_path: Path
) -> None:
    system = SYSTEMS["两列都可能是全年预算数"]
    book = opened(new.new(tmp_path / "自评.xlsm", new.BLANK))
    excel.chosen = [str(write(tmp_path / "导出.xlsx", system.sheets))]
    excel.press("import_files")
    listed = {str(c.value) for row in book.impl.formulas[names.CORRESPONDENCE] for c in row if c.value}
    assert any("预算" in one for one in listed)
    assert "请在那里选好，再按“导入”" in said(book)


# --- 复核文件夹, 汇总, 对照 ---


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    folder = tmp_path / "各单位"
    (folder / "乙 局's").mkdir(parents=True)
    forms, layout = published("shenzhen-2021"), next(iter(LAYOUTS.values()))
    write_book(folder / "甲.xlsx", layout, forms[:1])
    write_book(folder / "乙 局's" / "表 (1).xlsx", layout, forms[1:2])
    (folder / "坏.xlsx").write_bytes(b"PK nothing")
    return folder


def test_a_folder_is_reviewed_with_links(excel: Host, addin: xw.Book, handed_in: Path) -> None:
    excel.chosen = [str(handed_in)]
    excel.press("review_folder")
    book = openpyxl.load_workbook(handed_in / REVIEW)
    files = [row[0].value for row in book["复核结果"].iter_rows(min_row=5)]
    assert len(files) == 3
    assert any("表 (1).xlsx" in str(one) for one in files)
    links = [row[3].value for row in book["逐条"].iter_rows(min_row=5)]
    assert any(str(one).startswith('=HYPERLINK("甲.xlsx#') for one in links)
    assert "共 3 个文件，其中 1 个没有复核" in said(addin)
    assert (handed_in / "复核结果.html").exists()
    assert addin.impl.app.opened == [str(handed_in / REVIEW)]
    excel.chosen = [str(handed_in)]
    excel.press("review_folder")  # its own result is no file handed in
    assert "共 3 个文件，其中 1 个没有复核" in addin.impl.app.alerts[-1]


def test_a_folder_is_rolled_up_with_no_workbook_open(excel: Host, addin: xw.Book, handed_in: Path) -> None:
    excel.chosen = [str(handed_in)]
    excel.press("rollup")
    assert (handed_in / "汇总.xlsx").exists()
    assert "2 张项目自评表" in said(addin)


def test_scores_stand_beside_the_printed_ones(excel: Host, opened: Callable[[Path], xw.Book], handed_in: Path) -> None:
    before = (handed_in / "甲.xlsx").read_bytes()
    book = opened(handed_in / "甲.xlsx")
    excel.press("compare")
    compared = openpyxl.load_workbook(handed_in / "甲-对照.xlsx")
    rows = [[cell.value for cell in row] for row in compared["逐项"].iter_rows(min_row=5)]
    assert len(rows) > 3
    assert all(row[8] in {"相同", "不同", "由人评定", "不计分", "表中没有"} for row in rows)
    assert (handed_in / "甲.xlsx").read_bytes() == before
    assert "对照了 1 张表" in said(book)
    assert len(check.to_review([handed_in])) == 3


# --- closed dialogs, Esc ---

ASKING = {
    "new": [[""], [BLANK, ""], [DATA, ""], [LAST_YEAR, ""], [TEMPLATE, ""], [BLANK, FIRST, FIRST, ""]],
    "import_files": [[""]],
    "review_folder": [[""]],
    "rollup": [[""]],
}


@pytest.mark.parametrize(
    ("name", "answers"), [(name, answers) for name, each in ASKING.items() for answers in each], ids=str
)
def test_a_closed_dialog_leaves_everything_as_it_was(
    excel: Host, opened: Callable[[Path], xw.Book], tmp_path: Path, name: str, answers: list[str]
) -> None:
    book = opened(new.new(tmp_path / "自评.xlsm", BODY))
    if name == "rollup":
        book.impl.fullname = "工作簿1"
    before = below(tmp_path)
    excel.chosen = list(answers)
    excel.press(name)
    assert excel.chosen == []
    assert below(tmp_path) == before
    assert book.impl.app.alerts == []


def test_esc_in_the_middle_of_a_folder_leaves_it_as_it_was(
    excel: Host, addin: xw.Book, handed_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyopenvba.interpreter._values import error  # noqa: PLC0415

    monkeypatch.setattr(in_excel, "_SECONDS", 0)
    before, known, bars = below(handed_in), excel.app.application.vba_set, []

    def put(name: str, value: Any, *more: Any, **named: Any) -> None:
        known(name, value, *more, **named)
        if name.lower() == "statusbar" and isinstance(value, str):
            bars.append(value)
            if len(bars) == 3:
                raise error(18, "User interrupt occurred")

    monkeypatch.setattr(excel.app.application, "vba_set", put)
    excel.chosen = [str(handed_in)]
    excel.press("review_folder")
    assert "已停下" in said(addin)
    assert below(handed_in) == before
