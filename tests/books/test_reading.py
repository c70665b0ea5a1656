"""What a workbook file holds, read as grids: every kind of cell, in every dialect that programs write."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from perfeval.books import FileBook
from perfeval.books.cell_values import Style, decoded, encoded, moment, scalar
from perfeval.books.sharedformula import SharedFormula
from perfeval.errors import DIV0, CellError, FileRefused, InvalidValue
from perfeval.forms.grid import Address, Area, Grid, address, area
from support import hostile
from support.dialects import DIALECTS
from support.hostile import MAIN, parts, sheet, workbook


def read(folder: Path, contents, name: str = "表") -> Grid:
    return FileBook.open(hostile.save(folder, contents)).grid(name)


STRINGS = (
    f'<sst xmlns="{MAIN}"><si><t>项目名称</t></si>'
    '<si><r><rPr><b/></rPr><t>富</t></r><r><t xml:space="preserve">文本 </t></r></si>'
    '<si><t>重</t><rPh sb="0" eb="1"><t>zhòng</t></rPh><phoneticPr fontId="1"/></si>'
    "<si><t>a&lt;b&#10;_x000D_&amp;_x005F_x0041_</t></si><si/><si><t/></si></sst>"
)

CELLS = {
    "a number": ('<c r="A1"><v>1.5</v></c>', 1.5),
    "a whole number": ('<c r="A1"><v>20260101</v></c>', 20260101),
    "a negative number in scientific notation": ('<c r="A1"><v>-1.25E-3</v></c>', -0.00125),
    "a number in blanks": ('<c r="A1"><v> 7\n</v></c>', 7),
    "a shared string": ('<c r="A1" t="s"><v>0</v></c>', "项目名称"),
    "rich text": ('<c r="A1" t="s"><v>1</v></c>', "富文本 "),
    "a phonetic guide is no text": ('<c r="A1" t="s"><v>2</v></c>', "重"),
    "entities and escapes": ('<c r="A1" t="s"><v>3</v></c>', "a<b\n\r&_x0041_"),
    "an empty shared string": ('<c r="A1" t="s"><v>4</v></c>', ""),
    "an empty inline string": ('<c r="A1" t="inlineStr"><is><t/></is></c>', ""),
    "a day": ('<c r="A1" t="d"><v>2026-03-21</v></c>', date(2026, 3, 21)),
    "a time alone": ('<c r="A1" t="d"><v>10:10:10</v></c>', time(10, 10, 10)),
    "a time alone with its letter": ('<c r="A1" t="d"><v>T08:30</v></c>', time(8, 30)),
    "a day and time": ('<c r="A1" t="d"><v>2026-03-21T08:30:00Z</v></c>', datetime(2026, 3, 21, 8, 30)),
    "a duration": ('<c r="A1" s="5" t="d"><v>PT0H11M0.000S</v></c>', time(0, 11)),
    "a duration of days": ('<c r="A1" t="d"><v>PT36H0M0.000S</v></c>', 1.5),
    "a duration with its days": ('<c r="A1" t="d"><v>P2DT12H</v></c>', 2.5),
    "the day before the first": ('<c r="A1" s="1" t="d"><v>1899-12-31</v></c>', 0),
    "the day before that, which is the same": ('<c r="A1" s="1" t="d"><v>1899-12-30</v></c>', 0),
    "no number": ('<c r="A1"><v/></c>', None),
    "an inline string": ('<c r="A1" t="inlineStr"><is><t>执行数</t></is></c>', "执行数"),
    "rich inline text": ('<c r="A1" t="inlineStr"><is><r><t>执</t></r><r><t>行</t></r></is></c>', "执行"),
    "text in CDATA": (
        '<c r="A1" t="inlineStr"><is><t>x<![CDATA[<c r="B1"/>&amp;]]>y</t></is></c>',
        'x<c r="B1"/>&amp;y',
    ),
    "a comment inside text": ('<c r="A1" t="inlineStr"><is><t>甲<!-- <v>9</v> -->乙</t></is></c>', "甲乙"),
    "a comment before the value": ('<c r="A1"><!-- </c> --><v>3</v></c>', 3),
    "a comment that hides a cell": ('<!-- <c r="A1"><v>9</v></c> --><c r="A1"><v>4</v></c>', 4),
    "true": ('<c r="A1" t="b"><v>1</v></c>', True),
    "false": ('<c r="A1" t="b"><v>0</v></c>', False),
    "an error": ('<c r="A1" t="e"><v>#DIV/0!</v></c>', DIV0),
    "a new error": ('<c r="A1" t="e"><v>#SPILL!</v></c>', CellError("#SPILL!")),
    "an ISO date": ('<c r="A1" t="d"><v>2026-03-21</v></c>', date(2026, 3, 21)),
    "an ISO moment": ('<c r="A1" t="d"><v>2026-03-21T08:30:00Z</v></c>', datetime(2026, 3, 21, 8, 30)),
    "a date by its format": ('<c r="A1" s="1"><v>46102</v></c>', date(2026, 3, 21)),
    "a Chinese date by its built-in format": ('<c r="A1" s="3"><v>46102</v></c>', date(2026, 3, 21)),
    "a date with a time of day": ('<c r="A1" s="1"><v>46102.5</v></c>', datetime(2026, 3, 21, 12)),
    "a time": ('<c r="A1" s="5"><v>0.354166666666667</v></c>', time(8, 30)),
    "the day that never was": ('<c r="A1" s="1"><v>60</v></c>', 60),
    "no such day": ('<c r="A1" s="1"><v>-3</v></c>', -3),
    "a percentage": ('<c r="A1" s="2"><v>0.95</v></c>', 0.95),
    "attributes in another order and quotes": ("<c t='s' s='0'  r='A1' ><v>0</v></c >", "项目名称"),
    "an attribute that looks like a tag's end": ('<c r="A1" note="a>b/>"><v>5</v></c>', 5),
    "a cell and row without addresses": ("<c><v>8</v></c>", 8),
    "an empty cell": ('<c r="A1" s="1"/>', None),
    "a formula's text": ('<c r="A1" t="str"><f>B1&amp;"x"</f><v>yx</v></c>', "yx"),
    "a formula's empty text": ('<c r="A1" t="str"><f>""</f><v></v></c>', ""),
    "a formula never calculated": ('<c r="A1"><f>B1</f></c>', None),
}


@pytest.mark.parametrize(("xml", "value"), CELLS.values(), ids=CELLS)
def test_a_cell_holds(tmp_path, xml, value):
    row = "<row>" if "<c><v>" in xml else '<row r="1">'
    cell = read(tmp_path, parts(f"{row}{xml}</row>") | {"xl/sharedStrings.xml": STRINGS})[1, 1]
    assert cell.value == value
    assert type(cell.value) is type(value)


@pytest.mark.parametrize(
    ("xml", "formula"),
    [
        ('<c r="A1"><f>B1&lt;2</f><v>1</v></c>', "B1<2"),
        ('<c r="A1"><f/><v>1</v></c>', None),
        ('<c r="A1"><v>1</v></c>', None),
    ],
)
def test_a_formula_is_what_stands_behind_the_equals_sign(tmp_path, xml, formula):
    assert read(tmp_path, parts(f'<row r="1">{xml}</row>'))[1, 1].formula == formula


def test_formats_and_locks_come_from_the_style(tmp_path):
    grid = read(tmp_path, parts('<row r="1"><c r="A1" s="2"><v>1</v></c><c r="B1" s="4"/><c r="C1"/></row>'))
    assert [grid[1, column].format for column in (1, 2, 3)] == ["0.0%", "General", "General"]
    assert [grid[1, column].locked for column in (1, 2, 3)] == [True, False, True]


def test_cells_without_addresses_follow_one_another(tmp_path):
    grid = read(tmp_path, parts('<row r="3"><c r="B3"><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>'))
    assert {str(place): cell.value for place, cell in grid.cells.items()} == {"B3": 1, "C3": 2, "A4": 3}


@pytest.mark.parametrize("xml", DIALECTS.values(), ids=DIALECTS)
def test_every_dialect_reads_the_same(tmp_path, xml):
    grid = read(tmp_path, parts() | {"xl/worksheets/sheet1.xml": xml})
    assert {str(place): (cell.value, cell.formula) for place, cell in grid.cells.items()} == {
        "B2": ("预算", None),
        "C2": (2, "1+1"),
    }
    assert grid.area_of((3, 2)) == area("B2:B3")
    assert grid.shown((3, 2)).value == "预算"


def test_the_1904_base(tmp_path):
    contents = parts('<row r="1"><c r="A1" s="1"><v>44640</v></c></row>')
    contents["xl/workbook.xml"] = workbook(before='<workbookPr date1904="true"/>')
    assert read(tmp_path, contents)[1, 1].value == date(2026, 3, 21)


def test_hidden_rows_columns_and_protection(tmp_path):
    grid = read(
        tmp_path,
        parts(
            '<row r="2" hidden="1"/><row r="3" ht="0" customHeight="1"/><row r="4" collapsed="1"/>',
            before='<cols><col min="2" max="3" hidden="1"/><col min="5" max="5" width="0"/><col min="6" max="99999"/></cols>',
            after='<sheetProtection sheet="1" objects="1"/>',
        ),
    )
    assert grid.hidden_rows == {2, 3}
    assert grid.hidden_columns == {2, 3, 5}
    assert grid.protected


def test_tabs_names_and_targets(tmp_path):
    """Worksheets in tab order, whatever their parts are called; chart sheets and macro sheets are none."""
    contents = parts()
    del contents["xl/worksheets/sheet1.xml"]
    contents |= {"odd/项目 1.xml": sheet('<row r="1"><c r="A1"><v>1</v></c></row>'), "xl/b.xml": sheet("")}
    contents["xl/workbook.xml"] = (
        workbook()
        .replace(
            '<sheet name="表" sheetId="1" r:id="rId1"/>',
            '<sheet name="图" sheetId="9" r:id="c"/><sheet name="对话" sheetId="8" r:id="d"/>'
            '<sheet name="乙&apos;s &quot;表&quot; &amp; 1" sheetId="7" r:id="b" state="veryHidden"/>'
            '<sheet name="甲" sheetId="3" r:id="a"/>',
        )
        .replace(
            "</sheets>",
            '</sheets><definedNames><definedName name="口径">甲!$A$1</definedName>'
            '<definedName name="_xlnm.Print_Area" localSheetId="0">甲!$A$1:$B$2</definedName>'
            '<definedName name="比">甲!$A$1&gt;2</definedName></definedNames>',
        )
    )
    office = hostile.OFFICE
    contents["xl/_rels/workbook.xml.rels"] = hostile.links().replace(
        "</Relationships>",
        f'<Relationship Id="a" Type="{office}/worksheet" Target="/odd/%E9%A1%B9%E7%9B%AE%201.xml"/>'
        f'<Relationship Id="b" Type="{office}/worksheet" Target="../xl/./b.xml"/>'
        f'<Relationship Id="c" Type="{office}/chartsheet" Target="c.xml"/>'
        f'<Relationship Id="d" Type="{office}/dialogsheet" Target="d.xml"/></Relationships>',
    )
    book = FileBook.open(hostile.save(tmp_path, contents))
    assert book.sheets == ('乙\'s "表" & 1', "甲")
    assert book.names == {"口径": "甲!$A$1", "比": "甲!$A$1>2"}
    assert book.grid("甲")[1, 1].value == 1
    assert not book.grid(book.sheets[0]).visible


def test_a_shared_formula_reads_in_full_at_every_cell(tmp_path):
    grid = read(
        tmp_path,
        parts(
            '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1*$C$1</f><v>1</v></c></row>'
            '<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row>'
            '<row r="3"><c r="A3"><f t="shared" si="0"></f><v>3</v></c></row>'
        ),
    )
    assert [grid[row, 1].formula for row in (1, 2, 3)] == ["B1*$C$1", "B2*$C$1", "B3*$C$1"]


FORMULAS = [
    "SUM(A1:B$2,$C3)*D4",
    'IF(A1="B2 ""C3""",LOG10(B1),Sheet1!C2+\'A1 表\'!D3)',
    "SUM(A:A,$B:C,1:3,$2:4)",
    "[1]Book!A1+SUM(一季度!B2:C3)",
    "A1B+B1_x+ABCD1+A12345678+1E5+A1.5",
    "-A1%+{1,2;3,4}+B2",
]


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("to", ["B3", "K20", "ZZ999", "A2"])
def test_moved_formulas_agree_with_openpyxl(text, to):
    first = "A2"
    expected = Translator("=" + text, origin=first).translate_formula(to)[1:]
    assert SharedFormula(text, address(first)).at(address(to)) == expected


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("表1[[#This Row],[A1]]+A1", "表1[[#This Row],[A1]]+B3"),
        ("XFD1+A1", "#REF!+B3"),
        ("A1048576", "#REF!"),
        ("预算A1+执行.B2", "预算A1+执行.B2"),
        ("A1:B2", "B3:C4"),
        ("表1!口径+'预 算'!A1", "表1!口径+'预 算'!B3"),
        ("YTD2025+XFD1048576", "YTD2025+#REF!"),
    ],
)
def test_references_move_and_names_do_not(text, moved):
    assert SharedFormula(text, address("A1")).at(address("B3")) == moved


@pytest.mark.parametrize("text", ['"甲', "A1)", "A1#"])
def test_a_shared_formula_that_cannot_be_taken_apart_is_refused(tmp_path, text):
    cells = f'<c r="A1"><f t="shared" ref="A1:B1" si="0">{text}</f></c><c r="B1"><f t="shared" si="0"/></c>'
    with pytest.raises(FileRefused, match="单元格 A1 的共享公式"):
        read(tmp_path, parts(f'<row r="1">{cells}</row>'))


MERGES = (
    [area("A1:XFD1048576")],
    [area("B2:D4"), area("E2:E9"), area("A10:J10")],
    [Area(row, 1, row + 1, 9) for row in range(1, 9000, 2)],
)


@pytest.mark.parametrize("merges", MERGES, ids=["the whole sheet", "a few", "thousands"])
def test_merged_areas_are_found_whatever_their_size(merges):
    grid = Grid("表", {}, merges=tuple(merges))
    for merged in merges[:40] + merges[-40:]:
        for corner in ((merged.top, merged.left), (merged.bottom, merged.right)):
            assert grid.area_of(corner) == merged


@given(st.sets(st.integers(0, 99)), st.integers(1, 40), st.integers(1, 40))
def test_merged_areas_agree_with_a_plain_search(blocks, row, column):
    """Areas on a grid of 4 by 4 blocks, each of its own size."""
    merges = [
        Area(top := block // 10 * 4 + 1, left := block % 10 * 4 + 1, top + block % 4, left + block // 3 % 4)
        for block in blocks
    ]
    plain = next((one for one in merges if (row, column) in one), Area(row, column, row, column))
    assert Grid("表", {}, merges=tuple(merges)).area_of((row, column)) == plain


def test_overlapping_merges_are_refused():
    with pytest.raises(InvalidValue, match="重叠"):
        Grid("表", {}, merges=tuple(Area(1, 1, 100, 100 + n) for n in range(50)))


def test_a_merge_of_the_whole_sheet_is_read(tmp_path):
    grid = read(tmp_path, parts("", after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'))
    assert grid.area_of((500, 500)) == area("A1:XFD1048576")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("A:A", "A1:A1048576"), ("$B:$D", "B1:D1048576"), ("1:1", "A1:XFD1"), ("4:2", "A2:XFD4")],
)
def test_a_merge_may_be_of_whole_columns_and_rows(tmp_path, written, meant):
    grid = read(tmp_path, parts("", after=f'<mergeCells><mergeCell ref="{written}"/></mergeCells>'))
    assert grid.merges == (area(meant),)


@given(st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31)), st.booleans())
def test_moments_come_back(instant, base_1904):
    instant = max(instant.replace(microsecond=0), datetime(1904, 1, 2))
    serial = scalar(instant, base_1904)
    assert isinstance(serial, (int, float))
    assert moment(serial, Style("yyyy/m/d h:mm:ss", True), base_1904) == instant


@given(st.dates(date(1900, 1, 1), date(9999, 12, 31)))
def test_dates_come_back(day):
    serial = scalar(day, False)
    assert isinstance(serial, int)
    assert moment(serial, Style('yyyy"年"m"月"d"日"', True), False) == day


@pytest.mark.parametrize(
    ("code", "kind"),
    {
        "General": "", "0.00": "", "G/通用格式": "", "#,##0.00_);[Red](#,##0.00)": "", '0"元/天"': "", "@": "", "[h]:mm": "",
        "yyyy-mm-dd": "date", 'm"月"d"日"': "date", "[$-804]aaaa": "date", "mmm": "date", "h:mm": "time", "mm:ss": "time",
        '上午/下午h"时"mm"分"': "time", "yyyy/m/d h:mm": "datetime", "[Red][$-F800]dddd": "date", '0\\d': "",
    }.items(),
)  # fmt: skip
def test_formats_that_mean_dates(code, kind):
    assert Style(code, True).temporal == kind


@given(st.text())
def test_text_comes_back_from_its_escaped_form(text):
    assert decoded(encoded(text)) == text


def test_unread_sheets_cost_nothing_and_unknown_ones_are_errors(tmp_path):
    book = FileBook.open(hostile.save(tmp_path, parts() | {"xl/worksheets/sheet1.xml": "<damaged"}))
    assert book.sheets == ("表",)
    with pytest.raises(KeyError):
        book.grid("别的表")


def test_addresses_are_cells_of_the_grid(tmp_path):
    grid = read(tmp_path, parts('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
    assert list(grid.cells) == [Address(1_048_576, 16_384)]


# --- what a file leaves open of a cell: R-11 ---

UNCLEAR = {
    "no text's number": ('<c r="A1" t="s"><v/></c>', None, "没有值"),
    "no text's number, written out": ('<c r="A1" t="s"><v></v></c>', None, "没有值"),
    "no truth": ('<c r="A1" t="b"><v/></c>', None, "没有值"),
    "no day": ('<c r="A1" t="d"><v> </v></c>', None, "没有值"),
    "no error": ('<c r="A1" t="e"><v/></c>', None, "没有值"),
    "an unknown style": ('<c r="A1" s="99"><v>46102</v></c>', 46102, "格式"),
    "an unknown style of a text": ('<c r="A1" s="99" t="inlineStr"><is><t>项目</t></is></c>', "项目", ""),
    "an unknown style of a formula": ('<c r="A1" s="4294967295"><f>1+1</f><v>2</v></c>', 2, "格式"),
}


@pytest.mark.parametrize(("xml", "value", "why"), UNCLEAR.values(), ids=UNCLEAR)
def test_a_cell_that_is_written_by_halves_is_read_and_named(tmp_path, xml, value, why):
    row = f'<row r="1">{xml}<c r="B1"><v>5</v></c></row><row r="2"><c r="A2" s="99"/></row>'
    grid = read(tmp_path, parts(row))
    assert (grid[1, 1].value, grid[1, 2].value) == (value, 5)
    assert [str(cell) for cell in grid.unclear] == (["A1"] if why else [])
    assert all(why in said for said in grid.unclear.values())
