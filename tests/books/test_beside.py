"""Columns beside a form: what putting them in touches, and that taking them out leaves the file as it was, whoever has held it
meanwhile and whatever stands in the hidden sheet."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings

from perfeval.books.beside import memory
from perfeval.books.beside.adding import added
from perfeval.books.beside.model import NAME, SHEET, Addition, Block, Content, Look
from perfeval.books.beside.room import areas_of, last_column, printed, side_by_side
from perfeval.books.beside.taking import is_beside, taken
from perfeval.books.file import FileBook
from perfeval.books.package import Package
from perfeval.errors import FormProblem
from perfeval.forms.beside import HEADINGS, HELP, READINGS
from perfeval.forms.grid import Address, Area, address, area
from perfeval.forms.reader import read_sheet
from support import hostile
from support.beside import parts, sheets, written
from support.dialects import DIALECTS
from support.hostile import MAIN

TITLES = (*HEADINGS, READINGS[0], HELP, HELP)
SHEET_PART = "xl/worksheets/sheet1.xml"


def block(sheet: str, top: int, left: int, rows: int = 2) -> Block:
    """A block of formulas that add up what stands left of it."""
    box = Area(top, left, top + rows, left + len(TITLES) - 1)
    cells = {Address(top, left + at): Content(Look.NUMBER, None, title) for at, title in enumerate(TITLES)}
    for row in range(top + 1, top + rows + 1):
        cells[Address(row, left)] = Content(Look.NUMBER, f"SUM(A{row}:C{row})", 3)
        cells[Address(row, left + 1)] = Content(Look.PERCENT, f"INDEX({SHEET}!$A$1:$A$3,2)", 0.5)
        cells[Address(row, left + 2)] = Content(Look.TEXT, '"由人评定"', "由人评定")
        cells[Address(row, left + 4)] = Content(Look.TEXT, None, "≥95%")
    return Block(sheet, box, TITLES, cells)


def with_columns(path: Path, *blocks: Block, print_areas: dict[str, Area] | None = None) -> Path:
    """The file with columns in it, beside the first."""
    tables = {Address(row, 1): f"单位{row}" for row in range(1, 4)}
    package = FileBook.open(path).package
    target = path.with_name("加了.xlsx")
    target.write_bytes(package.rebuilt(added(package, Addition(blocks, tables, print_areas or {}))))
    return target


def without_columns(path: Path) -> Path:
    target = path.with_name("去了.xlsx")
    target.write_bytes(taken(FileBook.open(path)).package.data)
    return target


def plain(
    path: Path, draw: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], None] | None = None
) -> Path:
    with xlsxwriter.Workbook(path) as book:
        page, other = book.add_worksheet("表"), book.add_worksheet("另一张")
        other.write("A1", "不动")
        for row in range(6):
            page.write_row(row, 0, [f"指标{row}", row, row * 2])
        if draw is not None:
            draw(book, page)
    return path


LAYOUTS: dict[str, Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], object]] = {
    "plain": lambda _, page: None,
    "a record over all columns": lambda _, page: page.set_column("D:XFD", 12, None, {"hidden": True}),
    "widths that end among ours": lambda _, page: [page.set_column("A:F", 9), page.set_column("G:Z", 30)],
    "styled blanks under ours": lambda book, page: [
        page.write_blank(row, column, None, book.add_format({"bg_color": "#FFFF00"}))
        for row in range(8)
        for column in range(3, 12)
    ],
    "frozen panes, a print area and titles": lambda _, page: [
        page.freeze_panes(2, 1),
        page.print_area("A1:C6"),
        page.repeat_rows(0),
    ],
    "conditional formats and a list": lambda _, page: [
        page.conditional_format("A1:Z20", {"type": "cell", "criteria": ">", "value": 1, "format": None}),
        page.data_validation("A1:Z20", {"validate": "list", "source": ["是", "否"]}),
    ],
    "a table and merged cells": lambda _, page: [page.add_table("A1:C4"), page.merge_range("A8:C9", "备注")],
    "names": lambda book, page: [book.define_name("合计", "=表!$A$1"), book.define_name("另一张!本页", "=另一张!$A$1")],
    "a formula": lambda _, page: page.write_formula("D2", "=B2+C2", None, 3),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_taken_out_at_once_every_part_is_as_it_was(name: str, tmp_path: Path) -> None:
    path = plain(tmp_path / "表.xlsx", LAYOUTS[name])
    before = parts(path)
    mine = with_columns(path, block("表", 1, 7), print_areas=None if "print area" in name else {"表": area("A1:C9")})
    now = parts(mine)
    changed = {part for part in now if now[part] != before.get(part)}
    assert changed == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", SHEET_PART, "xl/worksheets/beside.xml",
    }  # fmt: skip
    assert FileBook.open(mine).grid("表")[2, 7].value == 3
    assert parts(without_columns(mine)) == before


def test_what_is_not_touched_stays_packed_as_it_lies(tmp_path: Path) -> None:
    path = plain(tmp_path / "表.xlsx")
    package = FileBook.open(path).package
    mine = Package(with_columns(path, block("表", 1, 5)).read_bytes())
    for name in ("xl/worksheets/sheet2.xml", "xl/theme/theme1.xml", "docProps/app.xml", "xl/sharedStrings.xml"):
        (old,), (new,) = ([one for one in book._members if one.info.filename == name] for book in (package, mine))
        assert package.data[old.record] == mine.data[new.record]


@pytest.mark.parametrize("name", DIALECTS)
def test_however_a_sheet_is_spelled(name: str, tmp_path: Path) -> None:
    path = hostile.save(tmp_path, hostile.parts() | {SHEET_PART: DIALECTS[name]})
    before = parts(path)
    assert parts(without_columns(with_columns(path, block("表", 2, 5, rows=1)))) == before


def test_main_names_under_two_prefixes(tmp_path: Path) -> None:
    """Reading brings them under one; the former spelling is kept whole."""
    odd = hostile.sheet('<row r="1"><c r="A1"><v>1</v></c></row>').replace(
        "<sheetData>", f'<x:cols xmlns:x="{MAIN}"><x:col min="5" max="9" width="3"/></x:cols><sheetData>'
    )
    path = hostile.save(tmp_path, hostile.parts() | {SHEET_PART: odd})
    before = parts(path)
    assert parts(without_columns(with_columns(path, block("表", 1, 5, rows=0)))) == before


def test_the_order_of_calculation_gets_the_formulas_and_loses_them(tmp_path: Path) -> None:
    chain = f'<calcChain xmlns="{MAIN}"><c r="B1" i="1"/><c r="A1"/></calcChain>'
    data = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>A1</f><v>2</v></c></row><row r="2"/>'
    path = hostile.save(tmp_path, hostile.parts(data) | {"xl/calcChain.xml": chain})
    before = parts(path)
    mine = with_columns(path, block("表", 1, 5, rows=1))
    added_to = parts(mine)["xl/calcChain.xml"].decode()
    assert re.findall(r'<c r="(\w+)" i="1"/>', added_to) == ["B1", "E2", "F2", "G2"]
    assert parts(without_columns(mine)) == before


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheet=sheets())
def test_a_form_is_read_as_before_with_columns_beside_it(sheet, tmp_path: Path) -> None:
    path = written(tmp_path / "表.xlsx", sheet)
    book = FileBook.open(path)
    forms = [form for form in read_sheet(book.grid("表")) if form.rows]
    rows = [(form.blocks[0].area.top, form.area.bottom) for form in forms]
    left = side_by_side(rows, last_column(book, "表") + 2, len(TITLES))
    blocks = [block("表", top, column, bottom - top) for (top, bottom), column in zip(rows, left, strict=True)]
    mine = with_columns(path, *blocks, print_areas={"表": printed(book, "表")})
    assert read_sheet(FileBook.open(mine).grid("表")) == read_sheet(book.grid("表"))
    assert parts(without_columns(mine)) == parts(path)


# --- after other programs ---


def remains(path: Path) -> list[str]:
    """What is left of ours in a file."""
    told = {name: data.decode("utf-8", "replace") for name, data in parts(path).items()}
    words = (SHEET, *HEADINGS[:1], READINGS[0], HELP, "F5F7FA", "单位2", "beside")
    return [f"{name}: {word}" for name, text in told.items() for word in words if word in text]


def by_openpyxl(path: Path, change: Callable[[openpyxl.Workbook], None] = lambda _: None) -> Path:
    """The file written anew by another program, which spells every part in its own way."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def test_after_another_program_nothing_of_ours_remains(tmp_path: Path) -> None:
    path = plain(tmp_path / "表.xlsx", LAYOUTS["names"])
    mine = with_columns(path, block("表", 1, 5), print_areas={"表": area("A1:C6")})

    def edit(book: openpyxl.Workbook) -> None:
        book["表"]["B2"] = 42
        book.create_sheet("附页", 0)["A1"] = "新的"

    back = without_columns(by_openpyxl(mine, edit))
    assert remains(back) == []
    book = FileBook.open(back)
    assert (book.sheets, book.print_areas) == (("附页", "表", "另一张"), {})
    assert dict(book.names) == {"合计": "表!$A$1"}
    assert book.grid("表")[2, 2].value == 42
    again = openpyxl.load_workbook(back)
    assert again["另一张"].defined_names["本页"].attr_text == "另一张!$A$1"
    assert again["表"].max_column == 3
    styled = len(re.findall("<xf ", parts(back)["xl/styles.xml"].decode()))
    assert styled == len(re.findall("<xf ", parts(by_openpyxl(path))["xl/styles.xml"].decode()))


def test_a_print_area_of_the_user_stays(tmp_path: Path) -> None:
    path = plain(tmp_path / "表.xlsx", LAYOUTS["frozen panes, a print area and titles"])
    mine = with_columns(path, block("表", 1, 7))
    assert FileBook.open(without_columns(by_openpyxl(mine))).print_areas == {"表": "'表'!$A$1:$C$6"}


def test_what_somebody_typed_among_the_columns_stays_and_is_named(tmp_path: Path) -> None:
    mine = with_columns(plain(tmp_path / "表.xlsx"), block("表", 1, 5))
    book = openpyxl.load_workbook(mine)
    book["表"]["G3"], book["表"]["H2"] = "请核对", 95
    book.save(mine)
    done = taken(FileBook.open(mine))
    assert sorted(done.left) == [("表", address("H2")), ("表", address("G3"))]
    grid = FileBook(mine, done.package).grid("表")
    assert {str(place): cell.value for place, cell in grid.cells.items() if place.column > 3} == {
        "H2": 95,
        "G3": "请核对",
    }


def test_a_formula_that_reads_the_columns_keeps_its_value(tmp_path: Path) -> None:
    mine = with_columns(
        plain(tmp_path / "表.xlsx", lambda _, page: page.write_formula("D2", "=E2", None, 3)), block("表", 1, 6)
    )
    book = FileBook.open(mine)
    changed = parts(mine)[SHEET_PART].replace(b"<f>E2</f>", b"<f>F2*2</f>")
    mine.write_bytes(book.package.rebuilt({SHEET_PART: changed}))
    done = taken(FileBook.open(mine))
    assert done.valued == (("表", address("D2")),)
    assert FileBook(mine, done.package).grid("表")[2, 4][:3:2] == (3, None)


# --- a hidden sheet that somebody made ---


def with_memory(path: Path, kept: object) -> Path:
    """The file with another memory in its hidden sheet."""
    book = FileBook.open(path)
    texts = dict(memory.cells({})) | ({} if isinstance(kept, str) else dict(memory.cells(kept)))  # type: ignore[arg-type]
    part = "xl/worksheets/beside.xml"
    if isinstance(kept, str):
        texts[max(texts)] = kept
    rows = "".join(
        f'<row r="{place.row}"><c r="{place}" t="inlineStr"><is><t>{text.replace("&", "&amp;").replace("<", "&lt;")}</t></is></c></row>'
        for place, text in sorted(texts.items())
    )
    path.write_bytes(book.package.rebuilt({part: hostile.sheet(rows).encode()}))
    return path


def forged(path: Path) -> Iterable[object]:
    """Memories that would give back something else than what stood there."""
    text = parts(path)[SHEET_PART].decode()
    true = memory.read(FileBook.open(path).grid(SHEET))
    assert true is not None
    at = text.index("<v>2</v>")
    yield {**true, SHEET_PART: [*([at, at + 8, "<v>9</v>"],), *true[SHEET_PART]]}  # a figure of the user's
    yield {**true, SHEET_PART: [[0, len(text), hostile.sheet('<row r="1"><c r="A1"><v>1</v></c></row>')]]}
    yield {**true, SHEET_PART: [[0, len(text), "<worksheet"]]}
    yield {**true, SHEET_PART: [[5, 3, ""], [10**12, 10**12, "x"]]}
    yield {**true, "xl/worksheets/sheet2.xml": [[0, 10**6, ""]], "xl/theme/theme1.xml": [[0, 50, ""]]}
    book = parts(path)["xl/workbook.xml"].decode()
    place = book.index("</sheets>")
    yield {**true, "xl/workbook.xml": [[place, place, '<sheet name="鬼" sheetId="9" r:id="rId1"/>']]}
    yield {**true, SHEET_PART: [[one, two, new.replace("<c ", '<c s="4096" ')] for one, two, new in true[SHEET_PART]]}
    yield "[" * 100_000
    yield json.dumps({SHEET_PART: [["0", 1, ""], [0, True, ""], [0, 1]]})
    yield '{"a": 1e999}'


def test_a_false_memory_gives_back_nothing_that_is_not_there(tmp_path: Path) -> None:
    path = plain(tmp_path / "表.xlsx", LAYOUTS["styled blanks under ours"])
    mine = with_columns(path, block("表", 1, 5), print_areas={"表": area("A1:C6")})
    sound, before = mine.read_bytes(), FileBook.open(path)
    for kept in list(forged(mine)):
        mine.write_bytes(sound)
        back = FileBook.open(without_columns(with_memory(mine, kept)))
        assert back.sheets == before.sheets
        for sheet in before.sheets:
            cells = {place: cell for place, cell in back.grid(sheet).cells.items() if cell.value is not None}
            assert cells == {place: cell for place, cell in before.grid(sheet).cells.items() if cell.value is not None}
        assert remains(back.path) == []
        openpyxl.load_workbook(back.path)


@pytest.mark.parametrize("target", ["表!$A$1:$F$6", "表!$E$1:$G$3", "表!$E$2:$J$3"])
def test_a_name_that_points_elsewhere_takes_nothing(target: str, tmp_path: Path) -> None:
    """Only what is headed as ours is ours."""
    mine = with_columns(plain(tmp_path / "表.xlsx"), block("表", 1, 5))
    book = FileBook.open(mine)
    text = parts(mine)["xl/workbook.xml"].decode()
    odd = re.sub(rf'(name="{NAME}1" hidden="1">)[^<]*', rf"\g<1>{target}", text)
    mine.write_bytes(book.package.rebuilt({"xl/workbook.xml": odd.encode()}))
    with pytest.raises(FormProblem, match="认不出哪些列是测算列"):
        taken(FileBook.open(mine))


def test_a_sheet_of_that_name_that_is_not_ours_is_left(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("表")
        book.add_worksheet(SHEET).write("A1", "别人的")
    assert not is_beside(FileBook.open(path))


# --- the room ---


@pytest.mark.parametrize(
    ("draw", "last"),
    [
        (lambda _, page: page.print_area("A1:F6"), 6),
        (lambda _, page: page.merge_range("B8:H8", "备注"), 8),
        (lambda _, page: page.add_table("E1:I4"), 9),
        (lambda _, page: page.write_formula("A9", "=SUM(A1:K1)"), 11),
        (lambda book, _: book.define_name("区域", "=表!$A$1:$L$3"), 12),
        (lambda book, page: page.write_blank("Z1", None, book.add_format({"bold": True})), 3),
        (lambda _, page: page.insert_textbox("M2", "印章", {"width": 20, "height": 20}), 13),
    ],
)
def test_columns_stand_right_of_whatever_is_there(draw, last: int, tmp_path: Path) -> None:
    assert last_column(FileBook.open(plain(tmp_path / "表.xlsx", draw)), "表") == last


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        (lambda _, page: page.write_formula("A9", "=COUNTA(2:2)"), "引用了整行"),
        (lambda _, page: page.write_formula("A9", "=SUM(D:XFD)"), "引用了整行"),
    ],
)
def test_where_formulas_leave_no_outside_it_is_said(draw, told: str, tmp_path: Path) -> None:
    with pytest.raises(FormProblem, match=told):
        last_column(FileBook.open(plain(tmp_path / "表.xlsx", draw)), "表")


@pytest.mark.parametrize(
    ("text", "told"),
    [("表!$1:$6", "包括整行"), ("OFFSET(表!$A$1,0,0,6,3)", "用公式定的"), ("表!$A$1:区域", "用公式定的")],
)
def test_where_printing_leaves_no_outside_it_is_said(text: str, told: str) -> None:
    with pytest.raises(FormProblem, match=told):
        areas_of(text, "表")


def test_several_print_areas() -> None:
    text = "'王''s, 表'!$A$1:$F$6,'王''s, 表'!$A$20:$H$30"
    assert [str(one) for one in areas_of(text, "王's, 表")] == ["A1:F6", "A20:H30"]


def test_what_prints_without_a_print_area(tmp_path: Path) -> None:
    def draw(book, page) -> None:
        page.write_blank("E9", None, book.add_format({"border": 1}))
        page.write_blank("Z40", None, book.add_format({"bold": True}))

    assert str(printed(FileBook.open(plain(tmp_path / "表.xlsx", draw)), "表")) == "A1:E9"


def test_forms_that_share_rows_have_their_columns_beside_each_other() -> None:
    assert side_by_side([(1, 9), (3, 12), (13, 20), (5, 20)], 6, 4) == [6, 11, 6, 16]
