"""原生公式版 in LibreOffice Calc without our extension: computed from scratch, edited, rows inserted and copied, saved, taken back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from perfeval.books.file import FileBook
from perfeval.checks import check
from perfeval.commands import fill, report, rollup, score
from perfeval.errors import CellError, PerfEvalError
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Value, address
from perfeval.functions import FUNCTIONS
from perfeval.records import names
from support.calc import Calc, content, missing
from support.native_books import SAID_OTHERWISE, formulas, published, same

pytestmark = [pytest.mark.host, pytest.mark.skipif(bool(missing()), reason=missing() or "there")]

SHENZHEN = "sz-project-2021"
# Sheet, row, 指标值, 完成值: what a person writes into a row afterwards; None leaves the cell as it is.
EDITS: tuple[tuple[str, int, Value, Value], ...] = (
    ("02 社保业务公众服务经费", 13, "≥30人", "27人"),
    ("02 社保业务公众服务经费", 16, "≤85%", "90%"),
    ("02 社保业务公众服务经费", 17, "到岗率≥90%", "80%"),
    ("03 案件调查取证费", 13, "不低于60宗", "59宗"),
    ("03 案件调查取证费", 14, "95%以上", 0.9),
    ("04 零星购置费", 13, "≥98.5%", "98%"),
    ("04 零星购置费", 16, "不超过80%", "81%"),
    ("05 零星修缮", 13, "15--18次", "16次"),
    ("05 零星修缮", 16, "不超过80%", "79.5%"),
    ("06 社保关系转移业务邮寄费", 13, "30.68万件", 306800),
    ("06 社保关系转移业务邮寄费", 14, "1,200份", "1,100份"),
    ("06 社保关系转移业务邮寄费", 16, "50万元", "60万元"),
    ("07 政府采购", 13, "30台以上", "27"),
    ("07 政府采购", 14, "９８％", "95%"),
    ("07 政府采购", 16, "300元/人", "290元/人"),
    ("08 社保业务档案管理外包", 13, "1788万页", "1400万页"),
    ("08 社保业务档案管理外包", 14, "2021年12月底前", "2021年12月20日"),
    ("08 社保业务档案管理外包", 15, "增长10%", "增长5%"),
    ("08 社保业务档案管理外包", 16, "27人", "完成25人"),
    ("01 社会保险转移接续工作外包服务", 13, "-5%", "-3%"),
)


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calc]:
    with Calc(tmp_path_factory.mktemp("profile")) as running:
        yield running


def _cell(document: Any, sheet: str, cell: str) -> Any:
    place = address(cell)
    return document.Sheets.getByName(sheet).getCellByPosition(place.column - 1, place.row - 1)


def _type(document: Any, sheet: str, cell: str, value: Value) -> None:
    place = _cell(document, sheet, cell)
    if isinstance(value, str):
        place.String = value
    elif value is not None:
        place.Value = value


def test_from_scratch_every_value_is_that_of_the_edition_with_macros(calc: Calc) -> None:
    for path, native in published():
        book, compared = FileBook.open(path), 0
        with calc.open(native, Hidden=True) as document:
            document.calculateAll()
            for (sheet, place), _ in formulas(book).items():
                if sheet in document.Sheets.ElementNames and (sheet, place) not in SAID_OTHERWISE:
                    shown, wanted = content(_cell(document, sheet, place)), book.grid(sheet)[address(place)].value
                    assert same(shown, wanted), (path, sheet, place, shown, wanted)
                    compared += 1
            assert content(_cell(document, names.SELF_CHECK, "B2")) == "本软件计算一致"
        assert compared > 200


def _taken_back(calc: Calc, document: Any, path: Path) -> FileBook:
    document.calculateAll()
    return FileBook.open(calc.save(document, path))


def test_edits_are_scored_as_perfeval_would_or_left_to_a_person(calc: Calc, tmp_path: Path) -> None:
    _, native = next(one for one in published() if len(FileBook.open(one[1]).sheets) > 16)
    before = FileBook.open(native)
    with calc.open(native, Hidden=True) as document:
        for sheet, row, target, actual in EDITS:
            _type(document, sheet, f"E{row}", target)
            _type(document, sheet, f"F{row}", actual)
        after = _taken_back(calc, document, tmp_path / "改过.xlsx")
    scored = handed = 0
    for sheet, row, _, _ in EDITS:
        cells = (after.grid(sheet)[address(f"{letter}{row}")].value for letter in "EFG")
        target, actual, weight = cells
        kind = next(
            text
            for above in range(row, 0, -1)
            if isinstance(text := before.grid(sheet)[address(f"C{above}")].value, str) and text
        )
        try:
            wanted = FUNCTIONS["PE_INDICATOR_SCORE"].call(target, actual, weight, kind, SHENZHEN)
        except PerfEvalError as error:
            wanted = error.cell_error
        shown, hint = (after.grid(sheet)[address(f"{letter}{row}")].value for letter in "KN")
        if shown in (None, ""):
            handed += 1
            assert hint or wanted is None, (sheet, row)
        else:
            scored += 1
            assert same(shown, wanted), (sheet, row, target, actual, shown, wanted)
    assert scored >= 15
    assert handed <= 4


# Sheet, cell, what a person writes: units, amounts, points, scores, reasons, and what no number is; of the form's 口径 nothing.
OTHER_EDITS: tuple[tuple[str, str, Value], ...] = (
    ("02 社保业务公众服务经费", "F6", 1_500_000),
    ("02 社保业务公众服务经费", "G13", 7.5),
    ("02 社保业务公众服务经费", "F14", "0.9"),
    ("02 社保业务公众服务经费", "I15", "受疫情影响，暂停现场服务两个月，已改为线上办理，下年恢复"),
    ("03 案件调查取证费", "E6", 800_000),
    ("03 案件调查取证费", "F6", 0),
    ("03 案件调查取证费", "F13", "59件"),
    ("03 案件调查取证费", "H14", 3),
    ("04 零星购置费", "E13", "8千台"),
    ("04 零星购置费", "F13", "6500台"),
    ("04 零星购置费", "G14", 2.125),
    ("04 零星购置费", "G15", "十分"),
    ("05 零星修缮", "F6", "38万元"),
    ("05 零星修缮", "F13", None),
    ("05 零星修缮", "F14", "基本完成"),
    ("06 社保关系转移业务邮寄费", "E13", "2.5吨"),
    ("06 社保关系转移业务邮寄费", "F13", "2300千克"),
    ("06 社保关系转移业务邮寄费", "G6", 8),
    ("07 政府采购", "H13", ""),
    ("07 政府采购", "I14", ""),
    ("07 政府采购", "F15", 44550),
    ("08 社保业务档案管理外包", "E14", ""),
)


def test_amounts_points_units_and_reasons_are_recalculated(calc: Calc, tmp_path: Path) -> None:
    """A cell that is edited in Calc says what the edition with macros says of the same edit, or is blank with a 提示."""
    path, native = next(one for one in published() if len(FileBook.open(one[1]).sheets) > 16)
    with calc.open(native, Hidden=True) as document:
        for sheet, cell, value in OTHER_EDITS:
            if value is None:
                _cell(document, sheet, cell).String = ""
            else:
                _type(document, sheet, cell, value)
        after = _taken_back(calc, document, tmp_path / "改过.xlsx")
    edited = Path(shutil.copy(path, tmp_path / "带宏.xlsm"))
    ours = FileBook.open(edited)
    ours.apply([Edit(sheet, address(cell), None if value == "" else value) for sheet, cell, value in OTHER_EDITS])
    scored = handed = 0
    for sheet in dict.fromkeys(sheet for sheet, _, _ in OTHER_EDITS):
        rows = range(6, 30)
        for row in rows:
            for letter in "GHKL":
                cell = ours.grid(sheet)[address(f"{letter}{row}")]
                if cell.formula is None:
                    continue
                shown, hint = (after.grid(sheet)[address(f"{one}{row}")].value for one in (letter, "N"))
                if shown in (None, ""):
                    handed += cell.value not in (None, "")
                    assert hint or cell.value in (None, "") or isinstance(cell.value, CellError), (sheet, letter, row)
                else:
                    scored += 1
                    assert same(shown, cell.value), (sheet, letter, row, shown, cell.value)
    assert scored >= 60
    assert handed <= 4


def test_another_convention_is_said(calc: Calc) -> None:
    """The formulas follow the 口径 of the day they were made; who chooses another is told at the total and in 自检."""
    _, native = next(one for one in published() if len(FileBook.open(one[1]).sheets) > 16)
    book, name = FileBook.open(native), "02 社保业务公众服务经费"
    option = next(place.row for place, cell in book.grid(names.OPTIONS).cells.items() if cell.value == "得分小数")
    total = next(place.row for place, cell in book.grid(name).cells.items() if cell.value == "总分")
    with calc.open(native, Hidden=True) as document:
        score_before = content(_cell(document, name, f"H{total}"))
        _type(document, names.OPTIONS, f"B{option}", "1")
        document.calculate()
        assert "口径已改" in str(content(_cell(document, name, f"N{total}")))
        assert content(_cell(document, name, f"H{total}")) == score_before


def test_rows_are_inserted_and_copied(calc: Calc, tmp_path: Path) -> None:
    """As a person does it: a row of indicators copied, inserted below itself, its actual changed."""
    _, native = next(one for one in published() if len(FileBook.open(one[1]).sheets) > 16)
    name = "02 社保业务公众服务经费"
    with calc.open(native, Hidden=True) as document:
        sheet = document.Sheets.getByName(name)
        sheet.Rows.insertByIndex(16, 1)
        source, target = sheet.getCellRangeByName("D16:CZ16"), sheet.getCellRangeByName("D17")
        sheet.copyRange(target.CellAddress, source.RangeAddress)
        _type(document, name, "E17", "80%")
        _type(document, name, "F17", "100%")
        _type(document, name, "G17", 5)
        sheet.getCellRangeByName("H17").Formula = "=K17"
        book = _taken_back(calc, document, tmp_path / "加行.xlsx")
    kind = next(
        text
        for above in range(16, 0, -1)
        if isinstance(text := book.grid(name)[address(f"C{above}")].value, str) and text
    )
    wanted = FUNCTIONS["PE_INDICATOR_SCORE"].call("80%", "100%", 5.0, kind, SHENZHEN)
    grid = book.grid(name)
    assert same(grid[address("K17")].value, wanted)
    old = FileBook.open(native).grid(name)
    total = next(place.row for place, cell in old.cells.items() if cell.value == "总分")
    former, present = old[address(f"H{total}")].value, grid[address(f"H{total + 1}")].value
    assert isinstance(former, float)
    assert isinstance(present, float)
    assert present == pytest.approx(former + float(wanted))


def test_what_calc_has_saved_is_taken_back(calc: Calc, tmp_path: Path) -> None:
    path, native = next(one for one in published() if len(FileBook.open(one[1]).sheets) > 16)
    saved = tmp_path / "自评.xlsx"
    with calc.open(native, Hidden=True) as document:
        calc.save(document, saved)
    assert [(one.kind.code, one.cell, one.message) for one in check(FileBook.open(saved))] == [
        (one.kind.code, one.cell, one.message) for one in check(FileBook.open(path))
    ]
    assert [form.assessment.computed_total for form in score.score(saved).forms] == [
        form.assessment.computed_total for form in score.score(path).forms
    ]
    assert not rollup.rollup(tmp_path, tmp_path / "汇总.xlsx").passed
    data = Path(shutil.copy(path.with_name("data.xlsx"), tmp_path / "data.xlsx"))
    planned, _ = fill.fill(saved, data)
    assert planned.kept == ()
    assert report.report(saved).path.exists()
