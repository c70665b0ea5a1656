"""原生公式版: a workbook that computes without PerfEval, made, edited and taken back. The evaluator here is the house's own."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest

from perfeval.books.file import FileBook
from perfeval.books.recalculation import recalculate
from perfeval.checks import check
from perfeval.cli import main
from perfeval.commands import carrying, fill, livecopy, new, report, rollup, score
from perfeval.errors import FileRefused
from perfeval.forms.beside import READINGS
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Address, Value, address
from perfeval.functions import FUNCTIONS
from perfeval.native.tables import SHEET
from perfeval.records import names
from support import native_pairs
from support.native_books import SAID_OTHERWISE, formulas, published, same
from support.native_lint import faults

SHENZHEN = "sz-project-2021"


def shenzhen(folder: Path) -> Path:
    """A copy of the native workbook with eight projects."""
    path = next(native for _, native in published() if len(FileBook.open(native).sheets) > 16)
    return Path(shutil.copy(path, folder / "自评.xlsx"))


# --- what it is ---


def test_every_value_is_that_of_the_edition_with_macros() -> None:
    for path, native in published():
        book, copy = FileBook.open(path), FileBook.open(native)
        compared = 0
        for (sheet, place), _ in formulas(book).items():
            if sheet in copy.sheets and (sheet, place) not in SAID_OTHERWISE:
                one, other = (each.grid(sheet)[address(place)].value for each in (book, copy))
                assert same(one, other), (path, sheet, place, one, other)
                compared += 1
        assert compared > 200


def test_every_formula_may_be_written_for_excel_2010() -> None:
    for _, native in published():
        for place, formula in formulas(FileBook.open(native)).items():
            if place != ("自检", "C14"):  # which asks about a wildcard
                assert faults(formula) == [], (native, place, formula)
            assert "PE_" not in formula


def test_nothing_of_the_macros_is_left() -> None:
    for path, native in published():
        with zipfile.ZipFile(native) as package:
            parts = package.namelist()
            workbook, types = package.read("xl/workbook.xml").decode(), package.read("[Content_Types].xml").decode()
            links = "".join(package.read(part).decode() for part in parts if part.endswith(".rels"))
        assert not [part for part in parts if re.search(r"vba|customUI|externalLink|calcChain", part)]
        assert not re.search(r"vba|macroEnabled|customUI", types + links)
        assert not re.search(r"xlwings|_帮助|codeName", workbook)
        assert set(FileBook.open(native).sheets) - set(FileBook.open(path).sheets) == {"自检", SHEET}


def test_what_is_printed_stays_where_it_was() -> None:
    for path, native in published():
        book, copy = FileBook.open(path), FileBook.open(native)
        assert copy.print_areas == book.print_areas
        for sheet in book.user_sheets:
            if sheet not in names.NO_FORMS:
                ours, theirs = book.grid(sheet), copy.grid(sheet)
                assert theirs.merges == ours.merges
                for place, cell in ours.cells.items():
                    if "PE_" not in (cell.formula or "") and theirs[place].formula == cell.formula:
                        assert same(theirs[place].value, cell.value), (sheet, place)


# --- edited on a desk without PerfEval ---


def edited(path: Path, *edits: tuple[str, str, Value | Formula]) -> FileBook:
    """The workbook with cells typed, all its formulas computed anew."""
    book = FileBook.open(path)
    book.apply([Edit(sheet, address(cell), value) for sheet, cell, value in edits])
    return book


def shown(book: FileBook, sheet: str, *cells: str) -> list[Value]:
    return [book.grid(sheet)[address(cell)].value for cell in cells]


FIRST = "02 社保业务公众服务经费"


@pytest.mark.parametrize(
    ("target", "actual", "weight"),
    [
        ("≥85%", "80%", 10), ("27人", "26人", 10), ("不超过50万元", "52.5万元", 10), ("1,200份", "1,100份", 10), ("９８％以上", "95%", 10),
        ("合格率≥98%", "97%", 7.5), ("300元/人", "290元/人", 10), ("-5%", "-5%", 10), ("27人", "完成25人", 10), ("10%", "增长5%", 10),
        ("增长10%", "增长5%", 10), ("2.6亿元", "26000万元", 10), ("3公里", "2500米", 10), ("约80000人次", "79999人次", 10),
    ],
)  # fmt: skip
def test_an_edited_target_is_read_by_formulas(tmp_path: Path, target: str, actual: str, weight: float) -> None:
    book = edited(shenzhen(tmp_path), (FIRST, "E13", target), (FIRST, "F13", actual), (FIRST, "G13", weight))
    wanted = FUNCTIONS["PE_INDICATOR_SCORE"].call(target, actual, float(weight), "数量指标", SHENZHEN)
    assert shown(book, FIRST, "K13") == [pytest.approx(wanted)]


@pytest.mark.parametrize("target", ["15--18次", "2021年12月底前", "三次以上", "较上年下降一成", "44561"])
def test_what_formulas_cannot_read_has_no_score_and_a_hint(tmp_path: Path, target: str) -> None:
    value = 44561 if target == "44561" else target
    book = edited(shenzhen(tmp_path), (FIRST, "E13", value), (FIRST, "F13", "16次"), (FIRST, "H13", None))
    computed, hint = shown(book, FIRST, "K13", "N13")
    assert computed == ""
    assert "读不出指标值" in str(hint) or "由人评定" in str(hint)


def test_a_person_may_say_what_a_target_means(tmp_path: Path) -> None:
    path = shenzhen(tmp_path)
    grid = FileBook.open(path).grid(FIRST)
    column = next(place.column for place, cell in grid.cells.items() if cell.value == READINGS[0])
    cells = [str(Address(13, column + offset)) for offset in range(4)]
    typed = zip(cells, ("区间", 15, 18, "次"), strict=True)
    book = edited(
        path, (FIRST, "E13", "15--18次"), (FIRST, "F13", "12次"), *((FIRST, cell, value) for cell, value in typed)
    )
    wanted = FUNCTIONS["PE_INDICATOR_SCORE"].call("15--18次", "12次", 10.0, "", SHENZHEN)
    weight = book.grid(FIRST)[address("G13")].value
    assert isinstance(weight, int | float)
    assert shown(book, FIRST, "K13", "M13") == [pytest.approx(wanted * weight / 10), "否"]
    assert "按右边由人填的数计算" in str(shown(book, FIRST, "N13")[0])


def test_a_date_beside_a_number_is_no_number(tmp_path: Path) -> None:
    """Who types 2021-12-20 beside 27人 gets a number of days in the cell; it is not 44550 people."""
    book = edited(shenzhen(tmp_path), (FIRST, "E13", "27人"), (FIRST, "F13", 44550))
    computed, hint = shown(book, FIRST, "K13", "N13")
    assert computed == ""
    assert "像是日期" in str(hint)


def test_another_convention_is_said(tmp_path: Path) -> None:
    path = shenzhen(tmp_path)
    before = FileBook.open(path)
    total = next(place for place, cell in before.grid(FIRST).cells.items() if cell.value == "总分").row
    option = next(place for place, cell in before.grid(names.OPTIONS).cells.items() if cell.value == "得分小数")
    book = edited(path, (names.OPTIONS, f"B{option.row}", "1"))
    (hint,) = shown(book, FIRST, f"N{total}")
    assert "口径已改" in str(hint)
    assert shown(book, FIRST, f"H{total}") == shown(before, FIRST, f"H{total}")
    year = edited(path, (names.BASICS, "B3", 2022))
    assert "口径已改" not in str(shown(year, FIRST, f"N{total}")[0])


def test_where_a_program_computes_otherwise_every_hint_says_so(tmp_path: Path) -> None:
    book = edited(shenzhen(tmp_path), ("自检", "C8", 0.08))
    assert "1 项与标准不同" in str(shown(book, "自检", "B2")[0])
    for sheet in book.sheets:
        if re.match(r"0\d ", sheet):
            assert all("见“自检”" in str(hint) for hint in shown(book, sheet, "N13", "N14"))


# --- how it is made ---


def test_new_makes_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "自评.xlsx"
    assert main(["new", str(target), "--native", "--body", "某局", "--year", "2025"]) == 0
    assert "原生公式版" in capsys.readouterr().out
    book = FileBook.open(target)
    assert {"自检", SHEET, names.TEMPLATE} <= set(book.sheets)
    assert shown(book, "自检", "B2") == ["本软件计算一致"]
    assert not recalculate(book, None).unknown


def test_a_name_says_which_kind_is_meant(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="--native"):
        new.new(tmp_path / "自评.xlsx", new.BLANK)
    with pytest.raises(FileRefused, match=r"以 \.xlsx 结尾"):
        new.new(tmp_path / "自评.xlsm", new.BLANK, native=True)
    assert list(tmp_path.iterdir()) == []


def test_live_copies_stand_in_any_state(tmp_path: Path) -> None:
    path, _ = published()[0]
    made = livecopy.live(path, tmp_path / "副本.xlsx")
    errors = sum(one.level.name == "ERROR" for one in check(FileBook.open(path)))
    assert any(f"复核有 {errors} 处错误" in note for note in made.notes)
    blank = tmp_path / "空白.xlsm"
    new.new(blank, new.BLANK)
    made = livecopy.live(blank)
    assert made.path == tmp_path / "空白-原生公式版.xlsx"
    assert not any("处错误" in note for note in made.notes)


def test_live_refuses_what_it_is_not_for(tmp_path: Path) -> None:
    _, native = published()[0]
    with pytest.raises(FileRefused, match="已经是原生公式版"):
        livecopy.live(native)
    with pytest.raises(FileRefused, match="assist"):
        livecopy.live(rollup_of(tmp_path))


def rollup_of(folder: Path) -> Path:
    """A workbook that is none of ours to fill in."""
    book = folder / "表" / "空白.xlsm"
    book.parent.mkdir()
    new.new(book, new.BLANK)
    rollup.rollup(book.parent, folder / "汇总.xlsx")
    return folder / "汇总.xlsx"


# --- taken back ---


def test_every_command_takes_it_back(tmp_path: Path) -> None:
    for path, native in published():
        ours, theirs = ([*check(FileBook.open(one))] for one in (path, native))
        assert [(one.kind.code, one.sheet, one.cell, one.message) for one in theirs] == [
            (one.kind.code, one.sheet, one.cell, one.message) for one in ours
        ]
        scored = [[row for form in score.score(one).forms for row in form.assessment.rows] for one in (path, native)]
        assert [(row.name, row.computed, row.printed) for row in scored[1]] == [
            (row.name, row.computed, row.printed) for row in scored[0]
        ]
    path = shenzhen(tmp_path)
    rolled = rollup.rollup(tmp_path, tmp_path / "汇总.xlsx")
    assert not rolled.passed
    assert report.report(path).path.exists()
    assert score.explain(path, f"{FIRST}!H13").explanation
    start = carrying.next_year(path)
    next_year = tmp_path / "下一年.xlsx"
    new.new(next_year, start.body, carried=start.carried, native=True)
    assert FIRST in FileBook.open(next_year).sheets


def test_a_fill_reads_what_was_typed_meanwhile(tmp_path: Path) -> None:
    """On a desk without PerfEval a deadline has no score; the fill after it reads the deadline."""
    path = shenzhen(tmp_path)
    data = next(one for one, _ in published() if len(FileBook.open(one).sheets) > 16).with_name("data.xlsx")
    book = edited(path, (FIRST, "E13", "15--18次"), (FIRST, "F13", "16次"), (FIRST, "H13", Formula("K13")))
    assert shown(book, FIRST, "K13") == [""]
    book.save(backup=False)
    fill.fill(path, data)
    weight = FileBook.open(path).grid(FIRST)[address("G13")].value
    assert shown(FileBook.open(path), FIRST, "K13", "M13") == [weight, "是"]


# --- sound ---


@pytest.mark.parametrize("convention", native_pairs.CONVENTIONS)
def test_a_native_score_is_perfevals_or_none(convention: str) -> None:
    """The long run is tests/support/native_pairs.py (CONTRIBUTING, "Long runs")."""
    tally, wrong, _ = native_pairs.run_some(120, convention)
    assert wrong == []
    assert tally["equal"] > tally["handed"] + tally["refused"]
    assert tally["handed without a hint"] == 0


def test_a_weight_of_three_decimals_is_a_persons() -> None:
    (native,) = native_pairs.computed([native_pairs.Pair("27人", "26人", 3.333, "")], SHENZHEN, with_saved=True)
    assert native["score"] == ""
    assert "小数多于两位" in str(native["hint"])
