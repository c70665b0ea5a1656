"""The sheet 口径: what is chosen there becomes the 口径 of every formula; own points of the groups; a 口径 that cannot be used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from perfeval.books.file import FileBook
from perfeval.checks import check
from perfeval.commands.new import Wanted, blank_body, from_file, new
from perfeval.conventions import OPEN, OPTIONS, PRINTED_OPTIONS, Option
from perfeval.findings import Finding
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Address, Value, address
from perfeval.records import names
from perfeval.records.choices import choices, own_points
from perfeval.records.model import Body, Indicator, Project
from perfeval.records.reading import read_body
from perfeval.standards import convention
from perfeval.workbook.formulas import BAD

MEMO_KEY = 1000  # characters of all arguments, addin/excel/vba/PerfEvalBridge.bas
FORM = "01 社保经费"
CHOSEN = tuple(option for option in (*OPTIONS, *PRINTED_OPTIONS) if option.key != "year")
ROWS = (
    Indicator("产出指标", "数量指标", ""),
    Indicator("产出指标", "成本指标", ""),
    Indicator("效益指标", "社会效益指标", ""),
    Indicator("满意度指标", "", ""),
)
FILLED: dict[str, Value] = {
    "B7": 200, "D6": 100, "E6": 100, "F6": 90, "G13": 40, "G14": 10, "G15": 30, "G16": 10,
    "D13": "培训人次", "E13": "27人", "F13": "25人", "I13": "两人离职，正在招聘",
    "D14": "人均成本", "E14": "≤100元", "F14": "110元", "I14": "价格上涨，明年调整预算",
    "D15": "受益企业", "E15": "10家", "F15": "10家", "D16": "满意度", "E16": "≥90%", "F16": "95%",
    "B11": "培训二十七人", "F11": "培训二十五人",
}  # fmt: skip


def body(convention: str = "cn-project-2020", year: int | None = 2025) -> Body:
    project = Project("01", "社保经费", "市社保局", "市社保局", 100, indicators=ROWS)
    return Body("市社保局", year, convention, "元", (project,))


class Desk:
    """A body's filled workbook, changed cell by cell."""

    def __init__(self, folder: Path, of: Body) -> None:
        self.path = new(folder / "自评.xlsm", of)
        self.book = FileBook.open(self.path)
        self.put({f"{FORM}!{cell}": value for cell, value in FILLED.items() if cell != "B7"})

    def put(self, cells: dict[str, Value | Formula]) -> None:
        edits = [Edit(sheet, address(cell), value) for (sheet, cell), value in _placed(cells)]
        assert not self.book.apply(edits).unknown

    def choose(self, title: str, value: Value) -> Address:
        """Choose in the row of an option or a group; gives the cell."""
        cells = _cells(self.book) | _points_cells(self.book)
        self.put({f"{names.OPTIONS}!{cells[title]}": value})
        return cells[title]

    def __getitem__(self, place: str) -> Value:
        sheet, _, cell = place.rpartition("!")
        return self.book.grid(sheet or FORM)[address(cell)].value

    @property
    def convention(self) -> str:
        return str(self["基本信息!B5"])

    def findings(self) -> list[Finding]:
        return check(self.book)


def _placed(cells: dict[str, Value | Formula]) -> list[tuple[tuple[str, str], Value | Formula]]:
    return [((place.rpartition("!")[0], place.rpartition("!")[2]), value) for place, value in cells.items()]


def _points_cells(book: FileBook) -> dict[str, Address]:
    grid = book.grid(names.OPTIONS)
    head = next(place for place, cell in grid.cells.items() if cell.value == names.WEIGHT_COLUMNS[0])
    rows = range(head.row + 1, head.row + 5)
    return {str(grid[row, 1].value): Address(row, 2) for row in rows}


def _cells(book: FileBook) -> dict[str, Address]:
    return {title: entry.cell for title, entry in choices(book).items() if entry.cell}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, body())


# --- the choices ---


def test_a_new_workbook_is_of_its_standard_and_year(desk: Desk) -> None:
    assert desk.convention == "cn-project-2020; 年度=2025"
    assert list(choices(desk.book)) == [option.title.replace(" ", "") for option in CHOSEN]
    assert read_body(desk.book).body.convention == "cn-project-2020"
    assert (desk["K13"], desk["K14"], desk["K6"]) == (37.04, 9, 9)


@pytest.mark.parametrize(
    ("year", "written"),
    [(2024, "2024"), ("2024年", "2024"), ("2024年度", "2024"), (None, ""), ("二〇二四", ""), (24, ""), (2500, "")],
)
def test_only_a_year_is_written_behind(desk: Desk, year: Value, written: str) -> None:
    desk.put({"基本信息!B3": year})
    assert desk.convention == "cn-project-2020" + (f"; 年度={written}" if written else "")
    convention(desk.convention)


def test_a_deadline_without_a_year_is_compared_with_the_bodys(desk: Desk) -> None:
    desk.put({f"{FORM}!E13": "6月底前", f"{FORM}!F13": "2025年7月2日", f"{FORM}!H13": 40})
    assert "晚于时限 6月底前" in str(desk["N13"])
    desk.put({"基本信息!B3": None})
    assert "晚于" not in str(desk["N13"])


CHANGES = [
    ("反向指标", "倒数", "K14", 9.09),
    ("得分小数", 0, "K13", 37),
    ("得分小数", "1", "K13", 37.0),
    ("执行率舍入", 0, "K6", 10),  # 90% is rounded to 1
]


@pytest.mark.parametrize(("title", "choice", "cell", "score"), CHANGES)
def test_a_choice_changes_the_scores(desk: Desk, title: str, choice: Value, cell: str, score: float) -> None:
    desk.choose(title, choice)
    assert desk.convention == f"cn-project-2020; {title}={choice}; 年度=2025"
    assert desk[cell] == score
    desk.choose(title, None)
    assert desk.convention == "cn-project-2020; 年度=2025"


def test_a_percentage_is_chosen_as_a_number(desk: Desk) -> None:
    desk.choose("超额幅度", 0.07)
    assert desk.convention == "cn-project-2020; 超额幅度=7%; 年度=2025"
    assert convention(desk.convention).words("over_threshold") == "7%"


def every_choice(option: Option) -> list[Value]:
    if option.choices:
        return [name for value, name in option.choices if value != OPEN]
    return [0.25] if option.key in {"over_threshold", "achieved", "partial"} else [3]


def test_every_choice_of_every_drop_down_is_one(desk: Desk) -> None:
    cells = _cells(desk.book)
    for option in CHOSEN:
        for choice in every_choice(option):
            desk.put({f"{names.OPTIONS}!{cells[option.title]}": choice})
            read = getattr(convention(desk.convention), option.key) if option.key != "achieved" else None
            assert option.key == "achieved" or option.describe(read).startswith(
                "25%" if choice == 0.25 else str(choice)
            )
            desk.put({f"{names.OPTIONS}!{cells[option.title]}": None})


def test_all_choices_together_are_short_enough_to_be_remembered(desk: Desk) -> None:
    for title, cell in _cells(desk.book).items():
        option = next(one for one in CHOSEN if one.title == title)
        choice = max(every_choice(option), key=lambda one: len(str(one)))
        desk.put({f"{names.OPTIONS}!{cell}": 0.61 if option.key == "achieved" else choice})
    convention(desk.convention)
    assert len(desk.convention) < MEMO_KEY / 2


def test_the_drop_downs_offer_what_may_be_chosen(desk: Desk) -> None:
    page = openpyxl.load_workbook(desk.path)[names.OPTIONS]
    lists = {
        str(one.sqref): str(one.formula1).strip('"').split(",")
        for one in page.data_validations.dataValidation
        if one.type == "list"
    }
    cells = _cells(desk.book)
    assert lists[str(cells["反向指标"])] == ["线性", "倒数"]
    assert lists[str(cells["扣分档"])] == ["满一档才扣", "不足一档也扣", "按比例扣"]
    assert lists[str(cells["得分小数"])] == list("0123456")
    assert all(len(",".join(words)) < 255 for words in lists.values())
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr.fitToPage  # type: ignore[union-attr]


def test_what_the_standard_says_follows_the_standard(desk: Desk) -> None:
    place = f"{names.OPTIONS}!C{_cells(desk.book)['执行率舍入'].row}"
    seen = []
    for standard in ("cn-project-2020", "SZ-Project-2021", "深圳", "别的"):
        desk.put({"基本信息!B4": standard})
        seen.append(desk[place])
    assert seen == ["不先舍入", "2 位小数", "2 位小数", "见标准"]


def test_what_was_asked_for_stands_on_the_sheet(tmp_path: Path) -> None:
    desk = Desk(tmp_path, body("sz-project-2021; reverse=reciprocal; over_threshold=20%; score=1"))
    assert desk.convention == "sz-project-2021; 得分小数=1; 超额幅度=20%; 反向指标=倒数; 年度=2025"
    chosen = {title: entry.value for title, entry in choices(desk.book).items() if entry.text}
    assert chosen == {"得分小数": 1, "超额幅度": "20%", "反向指标": "倒数"}


def test_a_year_of_its_own_stays_a_text(tmp_path: Path) -> None:
    desk = Desk(tmp_path, body("cn-project-2020; year=2024"))
    assert desk.convention == "cn-project-2020; year=2024"


def test_a_text_over_the_formula_counts_and_the_sheet_says_so(desk: Desk) -> None:
    desk.put({"基本信息!B5": "cn-project-2020; 反向指标=倒数"})
    desk.choose("得分小数", 0)
    assert desk["K14"] == 9.09
    assert "本表的选择不起作用" in str(desk[f"{names.OPTIONS}!B3"])
    assert desk.findings() == []


# --- without regard to case ---


@pytest.mark.parametrize(
    "text", ["Cn-project-2020", "CN-PROJECT-2020; Reverse=Reciprocal", "cn-project-2020; SCORE=1; Steps=FLOOR"]
)
def test_autocorrection_changes_nothing(desk: Desk, text: str) -> None:
    desk.put({"基本信息!B5": text})
    assert convention(text) == replace(convention(text.lower()), name=convention(text).name)
    assert desk["K13"] in (37.04, 37.0)
    assert [one.kind.code for one in desk.findings() if one.kind.code == "R47"] == []


# --- own points ---


OWN = {"预算执行率": 20, "产出指标": 40}


@pytest.fixture
def own(desk: Desk) -> Desk:
    for name, points in OWN.items():
        desk.choose(name, points)
    desk.put({f"{FORM}!G13": 30})
    return desk


def test_own_points_are_those_that_are_compared(desk: Desk, own: Desk) -> None:
    assert (own["G6"], own["K6"], own["G17"]) == (20, 18, 100)
    assert [one for one in own.findings() if one.kind.code in {"R01", "R25"}] == []


def test_points_unlike_a_bodys_own_are_told_with_where_these_come_from(own: Desk) -> None:
    own.put({f"{FORM}!G13": 40, f"{FORM}!G6": 10})
    told = {one.cell: one.message for one in own.findings() if one.kind.code == "R25"}
    assert told == {
        "G13": "“产出指标”共 50 分，工作簿“口径”表里自定的分值是 40 分",
        "G6": "预算执行率 10 分，工作簿“口径”表里自定的分值是 20 分",
    }
    assert {one.cell for one in check(own.book, "cn-project-2020") if one.kind.code == "R25"} == set()


def test_a_new_workbook_takes_them_over(own: Desk, tmp_path: Path) -> None:
    (tmp_path / "去年.xlsm").write_bytes(own.book.content)
    start = from_file(tmp_path / "去年.xlsm", Wanted())
    assert {name: float(points) for name, points in start.body.weights} == OWN
    book = FileBook.open(new(tmp_path / "今年.xlsm", start.body, carried=start.carried))
    assert {name: entry.value for name, entry in own_points(book).items()} == OWN
    assert book.grid(FORM)[address("G6")].value == 20
    assert read_body(book).body.convention == "cn-project-2020"


def test_the_points_printed_with_a_level_are_the_bodys_own(tmp_path: Path) -> None:
    made = blank_body("某局", 2025, "hn-hecheng-project-2020", "元", 1)
    book = FileBook.open(new(tmp_path / "自评.xlsm", made))
    book.apply([Edit(names.OPTIONS, _points_cells(book)["产出指标"], 40)])
    assert book.grid(names.TEMPLATE)[address("B13")].value == "产出指标\n（40分）"


@pytest.mark.parametrize("points", ["四十", -1, 101])
def test_what_is_no_number_of_points_is_told_at_its_cell(desk: Desk, points: Value) -> None:
    cell = desk.choose("产出指标", points)
    (finding,) = [one for one in desk.findings() if one.kind.code == "R47"]
    assert (finding.sheet, finding.cell) == (names.OPTIONS, str(cell))


# --- a 口径 that cannot be used ---


def _bad_choice(desk: Desk) -> tuple[str, str]:
    return names.OPTIONS, str(desk.choose("反向指标", "平方"))


def _bad_places(desk: Desk) -> tuple[str, str]:
    return names.OPTIONS, str(desk.choose("得分小数", 7))


def _bad_standard(desk: Desk) -> tuple[str, str]:
    desk.put({"基本信息!B4": "上海"})
    return names.BASICS, "B4"


def _bad_text(desk: Desk) -> tuple[str, str]:
    desk.put({"基本信息!B5": "cn-project-2020; 反向指标＝平方"})
    return names.BASICS, "B5"


def _bad_together(desk: Desk) -> tuple[str, str]:
    desk.choose("达成档下限", 0.5)  # below 部分达成
    return names.BASICS, "B5"


@pytest.mark.parametrize("spoil", [_bad_choice, _bad_places, _bad_standard, _bad_text, _bad_together])
def test_a_bad_convention_is_one_finding_at_its_cell(desk: Desk, spoil) -> None:
    assert desk.findings() == []
    where = spoil(desk)
    assert [(one.kind.code, one.sheet, one.cell) for one in desk.findings()] == [("R47", *where)]
    assert [desk[cell] for cell in ("K6", "K13", "H13", "H17", "L17")] == [""] * 5
    assert {desk[f"N{row}"] for row in (6, 13, 14, 15, 16)} == {BAD}
    assert BAD in str(desk["汇总!A2"])
    assert "口径有误：" in str(desk["基本信息!C5"])
    assert not any(
        str(cell.value).startswith("#") for sheet in desk.book.sheets for cell in desk.book.grid(sheet).cells.values()
    )


def test_a_form_that_was_typed_into_is_still_reviewed(desk: Desk) -> None:
    _bad_text(desk)
    desk.put({f"{FORM}!G13": 45})
    assert {(one.kind.code, one.cell) for one in desk.findings()} >= {("R47", "B5"), ("R01", "G17")}


def test_without_the_functions_nothing_is_called_wrong(desk: Desk) -> None:
    """As on a desk without the add-in: the cell that asks them shows no text."""
    desk.put({f"{names.OPTIONS}!G3": Formula('IFERROR(1/0,"")')})
    assert (desk["口径!G2"], desk["K13"], desk["N15"]) == (0, 37.04, "")
