"""Edits change the touched cells' bytes, the caches that depend on them, and nothing else."""

from __future__ import annotations

import re
import tempfile
import warnings
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pyopenvba
import pytest
import xlsxwriter
import xlwings
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.books import FileBook
from perfeval.errors import DIV0, NOT_AVAILABLE, EditRefused
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Address, address
from support import hostile
from support.dialects import DIALECTS
from support.hostile import parts

SHEET = "xl/worksheets/sheet1.xml"
FAR = address("XFC1048575")
FAR_UNLOCKED = f'<cols><col min="{FAR.column}" max="{FAR.column}" style="4"/></cols>'


def edit(place: str, content, sheet: str = "表") -> Edit:
    return Edit(sheet, address(place), content)


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def patched(folder: Path, contents, *edits: Edit) -> tuple[str, dict[str, bytes]]:
    """The sheet's XML after the edits were saved, and all parts."""
    path = hostile.save(folder, contents)
    book = FileBook.open(path)
    book.apply(edits)
    book.save()
    found = members(path)
    return found[SHEET].decode(), found


def without_cells(xml: str, *places: str) -> str:
    """A sheet's XML without some cells; each of them must be there once."""
    for place in places:
        xml, count = re.subn(rf'<(?:x:)?c r="{place}"[^>]*?(?:/>|>.*?</(?:x:)?c>)', "", xml, flags=re.DOTALL)
        assert count == 1, place
    return xml


def rows_of(xml: str) -> str:
    return xml[xml.index("<sheetData>") + len("<sheetData>") : xml.index("</sheetData>")]


WRITTEN = {
    "text": ("执行", '<c r="A1" s="2" t="inlineStr"><is><t>执行</t></is></c>'),
    "text like a formula": ("=1+1", '<c r="A1" s="2" t="inlineStr"><is><t>=1+1</t></is></c>'),
    "text with blanks at its ends": (
        " a ",
        '<c r="A1" s="2" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>',
    ),
    "markup": (
        "<&>\r\1_x0041_",
        '<c r="A1" s="2" t="inlineStr"><is><t>&lt;&amp;&gt;_x000D__x0001__x005F_x0041_</t></is></c>',
    ),
    "a whole number": (1200, '<c r="A1" s="2"><v>1200</v></c>'),
    "a float": (0.1 + 0.2, '<c r="A1" s="2"><v>0.30000000000000004</v></c>'),
    "a whole float": (5.0, '<c r="A1" s="2"><v>5</v></c>'),
    "a great number": (10**20, '<c r="A1" s="2"><v>1e+20</v></c>'),
    "a truth": (True, '<c r="A1" s="2" t="b"><v>1</v></c>'),
    "an error": (NOT_AVAILABLE, '<c r="A1" s="2" t="e"><v>#N/A</v></c>'),
    "a date": (date(2026, 3, 21), '<c r="A1" s="2"><v>46102</v></c>'),
    "a moment": (datetime(2026, 3, 21, 18), '<c r="A1" s="2"><v>46102.75</v></c>'),
    "a time": (time(6), '<c r="A1" s="2"><v>0.25</v></c>'),
    "nothing": (None, '<c r="A1" s="2"/>'),
    "empty text": ("", '<c r="A1" s="2"/>'),
    "a formula": (Formula("1+1"), '<c r="A1" s="2"><f>1+1</f><v>2</v></c>'),
    "a formula of text": (Formula('"a"&"<"'), '<c r="A1" s="2" t="str"><f>"a"&amp;"&lt;"</f><v>a&lt;</v></c>'),
    "a formula of empty text": (Formula('""'), '<c r="A1" s="2" t="str"><f>""</f><v></v></c>'),
    "a formula of an error": (Formula("1/0"), '<c r="A1" s="2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
    "a formula of a truth": (Formula("1=1"), '<c r="A1" s="2" t="b"><f>1=1</f><v>1</v></c>'),
}


@pytest.mark.parametrize(
    "old", ['<c r="A1" s="2" t="s"><v>0</v></c>', '<c r="A1" s="2"/>', '<c r="A1" s="2"><f>9</f></c>']
)
@pytest.mark.parametrize(("content", "xml"), WRITTEN.values(), ids=WRITTEN)
def test_a_cell_is_written(tmp_path, old, content, xml):
    contents = parts(f'<row r="1" spans="1:2">{old}<c r="B1" s="1"><v>1</v></c></row>')
    contents["xl/sharedStrings.xml"] = f'<sst xmlns="{hostile.MAIN}"><si><t>旧</t></si></sst>'
    found, _ = patched(tmp_path, contents, edit("A1", content))
    kept = old if old == xml else xml
    assert rows_of(found) == f'<row r="1" spans="1:2">{kept}<c r="B1" s="1"><v>1</v></c></row>'


PLACES = {
    "a cell between": ("C1", '<row r="1"><c r="B1"/>@<c r="D1"/></row><row r="5"/>'),
    "the first cell": ("A1", '<row r="1">@<c r="B1"/><c r="D1"/></row><row r="5"/>'),
    "the last cell": ("E1", '<row r="1"><c r="B1"/><c r="D1"/>@</row><row r="5"/>'),
    "an empty row": ("B5", '<row r="1"><c r="B1"/><c r="D1"/></row><row r="5">@</row>'),
    "a row between": ("B3", '<row r="1"><c r="B1"/><c r="D1"/></row><row r="3">@</row><row r="5"/>'),
    "a row behind": ("B9", '<row r="1"><c r="B1"/><c r="D1"/></row><row r="5"/><row r="9">@</row>'),
}


@pytest.mark.parametrize(("place", "expected"), PLACES.values(), ids=PLACES)
def test_a_missing_cell_is_inserted_in_order(tmp_path, place, expected):
    found, _ = patched(tmp_path, parts('<row r="1"><c r="B1"/><c r="D1"/></row><row r="5"/>'), edit(place, 7))
    assert rows_of(found) == expected.replace("@", f'<c r="{place}"><v>7</v></c>')


def test_rows_are_inserted_into_an_empty_sheet(tmp_path):
    contents = parts() | {
        SHEET: hostile.sheet("", before='<dimension ref="A1"/>').replace("<sheetData></sheetData>", "<sheetData />")
    }
    found, _ = patched(tmp_path, contents, edit("C4", 1), edit("A2", 2))
    assert rows_of(found) == '<row r="2"><c r="A2"><v>2</v></c></row><row r="4"><c r="C4"><v>1</v></c></row>'
    assert '<dimension ref="A1:C4"/>' in found


def test_a_new_cell_takes_the_style_of_its_row_or_column(tmp_path):
    contents = parts(
        '<row r="2" s="3" customFormat="1" ht="20"/>', before='<cols><col min="2" max="4" style="2"/></cols>'
    )
    found, _ = patched(tmp_path, contents, edit("B2", 1), edit("C3", 2), edit("E3", 3))
    assert rows_of(found) == (
        '<row r="2" s="3" customFormat="1" ht="20"><c r="B2" s="3"><v>1</v></c></row>'
        '<row r="3"><c r="C3" s="2"><v>2</v></c><c r="E3"><v>3</v></c></row>'
    )


def test_spans_grow_only_when_needed(tmp_path):
    found, _ = patched(
        tmp_path, parts('<row r="1" spans="2:3"/><row r="2" spans="2:3"/>'), edit("E1", 1), edit("B2", 1)
    )
    assert rows_of(found).startswith('<row r="1" spans="2:5">')
    assert '<row r="2" spans="2:3">' in found


def test_metadata_of_an_old_value_goes_and_extensions_stay(tmp_path):
    row = '<row r="1"><c r="A1" cm="1" vm="2" ph="1"><f>B1</f><v>1</v><extLst><ext uri="x"/></extLst></c></row>'
    found, _ = patched(tmp_path, parts(row), edit("A1", 5))
    assert rows_of(found) == '<row r="1"><c r="A1" ph="1"><v>5</v><extLst><ext uri="x"/></extLst></c></row>'


@pytest.mark.parametrize("xml", DIALECTS.values(), ids=DIALECTS)
def test_a_patch_keeps_the_dialect(tmp_path, xml):
    """Whatever stands outside the touched cells stays, to the byte: marks, comments, line ends, prefixes."""
    path = hostile.save(tmp_path, parts() | {SHEET: xml})
    book = FileBook.open(path)
    book.apply([edit("B2", "执行"), edit("D2", 3)])
    before = book.grid("表").cells
    book.save()
    assert FileBook.open(path).grid("表").cells == before
    book.apply([edit("B2", "预算"), edit("D2", None)])
    book.save()
    encoding = "utf-16" if xml[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    assert without_cells(members(path)[SHEET].decode(encoding), "B2", "D2") == without_cells(xml.decode(encoding), "B2")


SHARED = (
    '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*2</f><v>2</v></c></row>'
    '<row r="2"><c r="A2"><v>2</v></c><c r="B2" s="1"><f t="shared" si="0"/><v>4</v></c></row>'
    '<row r="3"><c r="A3"><v>3</v></c><c r="B3"><f t="shared" si="0"/><v>6</v></c></row>'
)


def test_a_member_of_a_shared_formula_is_replaced_alone(tmp_path):
    found, _ = patched(tmp_path, parts(SHARED), edit("B2", 9))
    assert rows_of(found) == SHARED.replace(
        '<c r="B2" s="1"><f t="shared" si="0"/><v>4</v></c>', '<c r="B2" s="1"><v>9</v></c>'
    )


@pytest.mark.parametrize(
    "last", [[], [edit("B3", Formula("A3*2"))]], ids=["alone", "with an edit that changes nothing"]
)
def test_when_the_first_of_a_shared_formula_goes_the_others_stand_alone(tmp_path, last):
    found, _ = patched(tmp_path, parts(SHARED), edit("B1", 9), *last)
    assert rows_of(found) == (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>9</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c><c r="B2" s="1"><f>A2*2</f><v>4</v></c></row>'
        '<row r="3"><c r="A3"><v>3</v></c><c r="B3"><f>A3*2</f><v>6</v></c></row>'
    )


def test_caches_of_dependents_follow(tmp_path):
    path = hostile.save(tmp_path, parts(SHARED))
    book = FileBook.open(path)
    applied = book.apply([edit("A2", 10)])
    assert [(str(one.cell), one.before.value, one.after.value) for one in applied.recalculated] == [
        ("B2", date(1900, 1, 4), date(1900, 1, 20))
    ]
    book.save()
    assert '<c r="B2" s="1"><f t="shared" si="0"/><v>20</v></c>' in members(path)[SHEET].decode()


def test_a_formula_that_cannot_be_computed_loses_its_cache_and_the_file_is_marked(tmp_path):
    contents = parts('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><f>未知函数(A1)</f><v>旧</v></c></row>')
    contents["xl/workbook.xml"] = hostile.workbook('<calcPr calcId="191029"/>')
    path = hostile.save(tmp_path, contents)
    book = FileBook.open(path)
    applied = book.apply([edit("A1", 2)])
    assert applied.unknown == (("表", address("B1")),)
    book.save()
    found = members(path)
    assert '<c r="B1"><f>未知函数(A1)</f></c>' in found[SHEET].decode()
    assert '<calcPr calcId="191029" fullCalcOnLoad="1"/>' in found["xl/workbook.xml"].decode()
    assert "xl/calcChain.xml" in found


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("", '</sheets><calcPr fullCalcOnLoad="1"/></workbook>'),
        ("<definedNames/><customWorkbookViews/>", '<definedNames/><calcPr fullCalcOnLoad="1"/><customWorkbookViews/>'),
        ('<calcPr fullCalcOnLoad="0" calcId="1"></calcPr>', '<calcPr calcId="1" fullCalcOnLoad="1"></calcPr>'),
        ('<calcPr fullCalcOnLoad="true"/>', '<calcPr fullCalcOnLoad="true"/>'),
    ],
)
def test_the_mark_for_recalculation(tmp_path, inside, expected):
    contents = parts('<row r="1"><c r="B1"><f>未知函数(A1)</f><v>1</v></c></row>')
    contents["xl/workbook.xml"] = hostile.workbook(inside)
    _, found = patched(tmp_path, contents, edit("A1", 2))
    assert expected in found["xl/workbook.xml"].decode()


@pytest.mark.parametrize(("old", "new"), [("<v>1</v>", Formula("1+1")), ("<f>1+1</f><v>2</v>", 3)])
def test_the_calculation_chain_goes_when_formulas_come_or_go(tmp_path, old, new):
    _, found = patched(tmp_path, parts(f'<row r="1"><c r="A1">{old}</c></row>'), edit("A1", new))
    assert "xl/calcChain.xml" not in found
    assert b"calcChain" not in found["[Content_Types].xml"] + found["xl/_rels/workbook.xml.rels"]
    assert b"sharedStrings.xml" in found["xl/_rels/workbook.xml.rels"]


def test_the_calculation_chain_stays_when_a_formula_is_replaced(tmp_path):
    row = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'
    _, found = patched(tmp_path, parts(row), edit("A1", Formula("1+2")))
    assert "xl/calcChain.xml" in found


ARRAY = (
    '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2*2</f><v>2</v></c><c r="B1"><v>1</v></c></row>'
    '<row r="2"><c r="A2"><v>4</v></c><c r="B2"><v>2</v></c></row>'
)
REFUSED = {
    "inside a merge": (parts("", after='<mergeCells><mergeCell ref="A1:C2"/></mergeCells>'), "B2", 1, "合并区域 A1:C2"),
    "the first cell of an array formula": (parts(ARRAY), "A1", 1, "数组公式"),
    "the rest of an array formula": (parts(ARRAY), "A2", 1, "数组公式"),
    "a data table": (
        parts('<row r="1"><c r="A1"><f t="dataTable" ref="A1:B2" r1="D1"/></c></row>'),
        "B2",
        1,
        "模拟运算表",
    ),
    "a locked cell": (
        parts('<row r="1"><c r="A1"/></row>', before=FAR_UNLOCKED, after='<sheetProtection sheet="1"/>'),
        "A1",
        1,
        "受保护",
    ),
    "a locked cell that is not there": (
        parts("", before=FAR_UNLOCKED, after='<sheetProtection sheet="true"/>'),
        "A1",
        1,
        "受保护",
    ),
    "no such sheet": (parts(), "A1", 1, "没有这个工作表"),
    "a number that is none": (parts(), "A1", float("nan"), "不是有限的数"),
    "a number too great": (parts(), "A1", 10**400, "不是有限的数"),
    "a long text": (parts(), "A1", "长" * 32_768, "32767"),
    "half a character": (parts(), "A1", "\ud83d", "残缺"),
    "a date before all dates": (parts(), "A1", date(1899, 1, 1), "早于"),
    "an empty formula": (parts(), "A1", Formula(""), "公式"),
    "a formula with a control character": (parts(), "A1", Formula("1\0"), "公式"),
    "something else": (parts(), "A1", object(), "无法写入"),
}


@pytest.mark.parametrize(("contents", "place", "content", "reason"), REFUSED.values(), ids=REFUSED)
def test_an_edit_is_refused_before_anything_changes(tmp_path, contents, place, content, reason):
    path = hostile.save(tmp_path, contents)
    before = path.read_bytes()
    book = FileBook.open(path)
    sheet = "别的表" if reason.startswith("没有") else "表"
    with pytest.raises(EditRefused, match=reason) as refused:
        book.apply([Edit("表", FAR, "x"), edit(place, content, sheet)])
    assert refused.value.place.sheet == sheet
    assert refused.value.place.cell == place
    assert FAR not in book.grid("表").cells
    assert book.save() is None
    assert path.read_bytes() == before


def test_outside_the_sheet_and_twice_are_refused(tmp_path):
    book = FileBook.open(hostile.save(tmp_path, parts()))
    for place in (Address(1_048_577, 1), Address(1, 16_385), Address(0, 1)):
        with pytest.raises(EditRefused, match="超出"):
            book.apply([Edit("表", place, 1)])
    with pytest.raises(EditRefused, match="两处"):
        book.apply([edit("A1", 1), edit("A1", 1)])


def test_what_is_allowed_on_protected_merged_and_array_sheets(tmp_path):
    data = '<row r="1"><c r="A1" s="4"/><c r="D1"><f t="array" ref="D1">1+1</f><v>2</v></c></row>'
    after = '<sheetProtection sheet="1"/><mergeCells><mergeCell ref="A1:C2"/></mergeCells>'
    found, _ = patched(tmp_path, parts(data, after=after), edit("A1", 1))
    assert '<c r="A1" s="4"><v>1</v></c>' in found
    found, _ = patched(tmp_path, parts(data), edit("D1", 1))
    assert '<c r="D1"><v>1</v></c>' in found


def test_a_cell_of_an_unlocked_column_may_be_filled(tmp_path):
    contents = parts("", before='<cols><col min="1" max="1" style="4"/></cols>', after='<sheetProtection sheet="1"/>')
    found, _ = patched(tmp_path, contents, edit("A7", 1))
    assert '<c r="A7" s="4"><v>1</v></c>' in found


def test_an_array_formula_is_recalculated_as_a_whole(tmp_path):
    found, _ = patched(tmp_path, parts(ARRAY), edit("B2", 5))
    assert rows_of(found) == ARRAY.replace("<v>4</v>", "<v>10</v>").replace('<c r="B2"><v>2</v>', '<c r="B2"><v>5</v>')


def test_the_header_of_a_table_is_refused(tmp_path):
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("表").add_table("B2:C5", {"columns": [{"header": "项目编码"}, {"header": "执行数"}]})
    opened = FileBook.open(path)
    opened.apply([edit("C3", 5)])
    with pytest.raises(EditRefused, match="标题"):
        opened.apply([edit("C2", "别的")])


SAME = {
    "text": ('<c r="A1" t="s"><v>0</v></c>', "旧"),
    "a number": ('<c r="A1"><v>5.0</v></c>', 5),
    "a date": ('<c r="A1" s="1"><v>46102</v></c>', date(2026, 3, 21)),
    "a date as a moment": ('<c r="A1" s="1"><v>46102</v></c>', datetime(2026, 3, 21)),
    "a truth": ('<c r="A1" t="b"><v>true</v></c>', True),
    "an error": ('<c r="A1" t="e"><v>#DIV/0!</v></c>', DIV0),
    "nothing": ('<c r="A1" s="3"/>', None),
    "nothing as empty text": ("", ""),
    "a formula with its value": ('<c r="A1"><f>NOW()</f><v>4</v></c>', Formula("NOW()")),
}


@pytest.mark.parametrize(("cell", "content"), SAME.values(), ids=SAME)
def test_an_edit_that_changes_nothing_writes_nothing(tmp_path, cell, content):
    contents = parts(f'<row r="1">{cell}</row>')
    contents["xl/sharedStrings.xml"] = f'<sst xmlns="{hostile.MAIN}"><si><t>旧</t></si></sst>'
    path = hostile.save(tmp_path, contents)
    stamp = path.stat()
    book = FileBook.open(path)
    assert book.apply([edit("A1", content)]).changed == ()
    assert book.save() is None
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (stamp.st_ino, stamp.st_mtime_ns)
    assert list(tmp_path.iterdir()) == [path]


def test_a_formula_restated_as_it_is_has_its_stale_value_corrected(tmp_path):
    """And what depends on it. Restating alone drops no value that cannot be computed; a corrected value does."""
    row = (
        '<row r="1"><c r="A1"><f ca="1">1+1</f><v>0</v></c><c r="B1"><f>A1*2</f><v>0</v></c>'
        '<c r="C1"><f>3*3</f><v>9</v></c><c r="D1"><f>TODAY()</f><v>5</v></c></row>'
    )
    path = hostile.save(tmp_path, parts(row))
    book = FileBook.open(path)
    assert not book.apply([edit("C1", Formula("3*3")), edit("D1", Formula("TODAY()"))]).changed
    applied = book.apply([edit("A1", Formula("1+1"))])
    assert [str(one.cell) for one in applied.changed] == ["A1"]
    assert [str(one.cell) for one in applied.recalculated] == ["B1", "D1"]
    book.save()
    corrected = row.replace(">1+1</f><v>0", ">1+1</f><v>2").replace("A1*2</f><v>0", "A1*2</f><v>4")
    assert rows_of(members(path)[SHEET].decode()) == corrected.replace("TODAY()</f><v>5</v>", "TODAY()</f>")


@pytest.mark.parametrize(
    ("cell", "content"),
    [("<v>1</v>", True), ("<v>1</v>", "1"), ("<f>1</f><v>1</v>", 1), ("<f>1+1</f>", Formula("1+1"))],
)
def test_another_type_or_a_missing_cache_is_a_change(tmp_path, cell, content):
    book = FileBook.open(hostile.save(tmp_path, parts(f'<row r="1"><c r="A1">{cell}</c></row>')))
    assert len(book.apply([edit("A1", content)]).changed) == 1


CONTENT = st.one_of(
    st.none(), st.booleans(), st.text(max_size=8), st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1900, 3, 1)), st.sampled_from([DIV0, NOT_AVAILABLE]),
    st.sampled_from(["A1+B2", "SUM(A1:C4)", 'B1&"<x>"', "1/0", "IF(A2=1,\"\",C3)", "TODAY()"]).map(Formula),
)  # fmt: skip
EDITS = st.dictionaries(st.tuples(st.integers(1, 5), st.integers(1, 4)), CONTENT, max_size=8)


@given(first=EDITS, second=EDITS)
@settings(max_examples=150, deadline=None)
def test_what_is_saved_is_what_the_book_shows_and_filling_twice_is_filling_once(first, second):
    """For any edits: the file reads back as the book's grid, openpyxl agrees on formulas, a second time changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = hostile.save(Path(folder), parts(SHARED))
        for filled in (first, second):
            edits = [Edit("表", Address(*place), content) for place, content in filled.items()]
            book = FileBook.open(path)
            book.apply(edits)
            shown = dict(book.grid("表").cells)
            book.save(backup=False)
            reread = FileBook.open(path)
            assert reread.grid("表").cells == shown
            warnings.simplefilter("ignore", UserWarning)  # its remarks on numbers that are no dates
            with_openpyxl = openpyxl.load_workbook(path)["表"]
            for place, cell in shown.items():
                if cell.formula is not None:
                    assert with_openpyxl.cell(*place).value == "=" + cell.formula
            saved = path.read_bytes()
            reread.apply(edits)
            reread.save(backup=False)
            assert path.read_bytes() == saved


def real_files() -> list[Path]:
    """Workbooks that Excel itself made, with macros and buttons."""
    return [
        *Path(xlwings.__file__).parent.glob("quickstart*.xlsm"),
        *Path(pyopenvba.__file__).parent.glob("**/blank_workbook.xls[xm]"),
    ]


def test_there_are_real_files():
    assert len(real_files()) >= 4


@pytest.mark.parametrize("original", real_files(), ids=lambda path: path.name)
def test_a_real_file_keeps_every_other_byte(tmp_path, original):
    path = tmp_path / original.name
    path.write_bytes(original.read_bytes())
    book = FileBook.open(path)
    name = book.sheets[0]
    place = next((str(place) for place, cell in book.grid(name).cells.items() if cell.formula is None), None)
    edits = [Edit(name, address("AD900"), 7)] + ([Edit(name, address(place), "填报")] if place else [])
    book.apply(edits)
    backup = book.save()
    assert backup is not None
    assert backup.read_bytes() == original.read_bytes()
    before, after = members(original), members(path)
    assert list(before) == list(after)
    changed = [part for part in before if before[part] != after[part]]
    assert len(changed) == 1
    assert changed[0].startswith("xl/worksheets/")
    touched = [place] if place else []
    added = '<row r="900"><c r="AD900"><v>7</v></c></row>'
    rest = without_cells(after[changed[0]].decode(), *touched).replace(added, "")
    may_differ = re.compile(r'<dimension ref="[^"]*"|<sheetData\s*/>|<sheetData>\s*</sheetData>')
    assert may_differ.sub("", rest) == may_differ.sub("", without_cells(before[changed[0]].decode(), *touched))
    reread = openpyxl.load_workbook(path)[name]
    assert [reread[str(one.cell)].value for one in edits] == [one.content for one in edits]
