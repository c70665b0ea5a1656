"""What one file may cost: counted, so that it is refused by name or read, alike on every desk; an honest file is always read."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from perfeval import budget
from perfeval.books import FileBook
from perfeval.books.documents import read_document
from perfeval.books.package import Unreadable
from perfeval.books.xmlcheck import refuse_long_tags
from perfeval.errors import FileRefused
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address, address
from perfeval.records.searching import form_grids
from support.costly import FORM, KINDS, cell
from support.hostile import STYLES, parts, save, zipped
from support.mutations import members

SHEET = "表"
SIXTH_STYLE = ' s="5"'


def book_of_form() -> tuple[str, bytes]:
    return ".xlsx", zipped(parts(FORM))


def book(folder: Path, kind: str, size: int) -> Path:
    suffix, data = KINDS[kind].make(size)
    return save(folder, data, f"{kind}{suffix}")


# --- digits in the parts of a package ---


@pytest.mark.parametrize("number", ["²", "٣", "1_4", "9" * 5_000, "-14", ""])
def test_an_unknown_number_format_is_the_general_one(tmp_path: Path, number: str) -> None:
    styles = STYLES.replace('numFmtId="20"', f'numFmtId="{number}"')
    row = f'<row r="1">{cell("A1", 45_000, SIXTH_STYLE)}</row>'
    path = save(tmp_path, zipped(parts(row) | {"xl/styles.xml": styles}))
    assert FileBook.open(path).grid(SHEET)[1, 1].value == 45_000


@pytest.mark.parametrize("value", ["²", "1_000", "nan", "INF", "9" * 5_000, "٣", "0x10"])
def test_a_stored_number_is_spelt_as_xml_spells_it(tmp_path: Path, value: str) -> None:
    path = save(tmp_path, zipped(parts(f'<row r="1"><c r="A1"><v>{value}</v></c></row>')))
    with pytest.raises(FileRefused, match="单元格 A1 的内容已损坏"):
        FileBook.open(path).grid(SHEET)


@pytest.mark.parametrize("index", ["²", "9" * 5_000, "-1", "1_0"])
def test_a_string_index_is_digits(tmp_path: Path, index: str) -> None:
    path = save(tmp_path, zipped(parts(f'<row r="1"><c r="A1" t="s"><v>{index}</v></c></row>')))
    with pytest.raises(FileRefused, match="单元格 A1 的内容已损坏"):
        FileBook.open(path).grid(SHEET)


@pytest.mark.parametrize("area", [f"A1:B{'9' * 5_000}", "A1:B²", "A1:A99999999", "A0:B1", "A1:XFE1", "A1:B1_0"])
def test_a_merged_area_outside_the_sheet_is_refused(tmp_path: Path, area: str) -> None:
    path = save(tmp_path, zipped(parts(FORM, after=f'<mergeCells><mergeCell ref="{area}"/></mergeCells>')))
    with pytest.raises(FileRefused, match="损坏"):
        FileBook.open(path).grid(SHEET)


@pytest.mark.parametrize("text", [f"A{'9' * 5_000}", "A²", "A1_0", "A0", "²", "A٣", "AAAA1", "$$A1", "A1$"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(Exception, match="不是单元格地址") as error:
        address(text)
    assert len(str(error.value)) < 80


@pytest.mark.parametrize(
    ("text", "place"), [("B5", (5, 2)), ("$B$5", (5, 2)), ("b$5", (5, 2)), ("XFD1048576", (1_048_576, 16_384))]
)
def test_addresses(text: str, place: tuple[int, int]) -> None:
    assert address(text) == place


# --- encodings that nobody knows ---


@pytest.mark.parametrize("encoding", ["UTF-9", "x", "utf-8-sig-x", "GBK", "UTF-32", "punycode", "hex", "idna"])
@pytest.mark.parametrize(("suffix", "part"), [(".xlsx", "xl/worksheets/sheet1.xml"), (".docx", "word/document.xml")])
def test_a_part_of_an_unknown_encoding_is_refused(tmp_path: Path, encoding: str, suffix: str, part: str) -> None:
    contents = members((KINDS["report_rates"].make(3) if suffix == ".docx" else book_of_form())[1])
    text = contents[part].decode().partition("?>")[2]
    contents[part] = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode()
    path = save(tmp_path, zipped(contents), f"表{suffix}")
    with pytest.raises(FileRefused):
        read_document(path) if suffix == ".docx" else FileBook.open(path).grid(SHEET)


# --- formulas within formulas ---


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("formula_of_")])
def test_a_formula_of_any_depth_is_left_to_the_spreadsheet_program(tmp_path: Path, kind: str) -> None:
    """Beside it a cell can be changed, and the formula keeps its text."""
    opened = FileBook.open(book(tmp_path, kind, 500))
    before = opened.grid(SHEET)[13, 1].formula
    opened.apply([Edit(SHEET, Address(6, 4), 88.5)])
    opened.save(tmp_path / "改过.xlsx")
    after = FileBook.open(tmp_path / "改过.xlsx").grid(SHEET)
    assert after[6, 4].value == 88.5
    assert after[13, 1].formula == before


# --- one limit after another ---

BEYOND = {
    "cols_many": (budget.COLUMN_RECORDS.most + 1, "列宽记录超过 16,384 个"),
    "merges_many": (budget.MERGES.most + 1, "合并区域超过 100,000 个"),
    "formulas_shared": (2_000, "共享公式超过 5,000,000 个字符"),
    "attributes_many": (20_000, "一个 XML 标签的属性超过 100,000 个字符"),
    "members_many": (budget.MEMBERS.most + 1, "压缩包里的部件超过 10,000 个"),
    "bomb": (30, "压缩的倍数超过 120 倍"),
}


@pytest.mark.parametrize("kind", BEYOND)
def test_beyond_a_limit_a_file_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    size, words = BEYOND[kind]
    path = book(tmp_path, kind, size)
    with pytest.raises(FileRefused, match=words) as error:
        FileBook.open(path).grid(SHEET)
    assert "另存" in str(error.value)


WITHIN = {"cols_many": 16_384, "merges_many": 1_000, "formulas_shared": 500, "attributes_many": 500}


@pytest.mark.parametrize(("kind", "size"), WITHIN.items())
def test_within_it_the_file_is_read(tmp_path: Path, kind: str, size: int) -> None:
    assert FileBook.open(book(tmp_path, kind, size)).grid(SHEET)[3, 3].value == "老旧小区改造"


LONG = "甲" * 150_000
TAGS = {
    "many attributes": (f"<a{''.join(f' b{place}={chr(34)}{chr(34)}' for place in range(20_000))}/>", True),
    "one long attribute": (f'<a b="{LONG}"/>', True),
    "signs of an end within": (f'<a b="{"/>" * 60_000}"/>', True),
    "other quotes": (f"<a b='{LONG}' c=\"'\"/>", True),
    "a long text": (f'<a b="1">{LONG}</a>', False),
    "a long comment": (f"<a><!-- {LONG} --></a>", False),
    "long CDATA": (f"<a><![CDATA[{LONG}]]></a>", False),
    "a tag just within": (f'<a b="{"x" * 99_000}">{LONG}</a>', False),
}


@pytest.mark.parametrize("name", TAGS)
def test_long_tags_are_refused_before_they_are_parsed(name: str) -> None:
    part, is_refused = TAGS[name]
    with pytest.raises(Unreadable, match="XML 标签的属性") if is_refused else nullcontext():
        refuse_long_tags(f"<r>{part}</r>".encode())


# --- a sheet that is too much is not read to know it ---


@pytest.mark.parametrize("kind", ["texts_apart", "numbers_many", "shared_strings", "rich_text"])
def test_what_a_sheet_surely_holds_is_no_more_than_it_holds(tmp_path: Path, kind: str) -> None:
    path = book(tmp_path, kind, 2_000)
    for sheet in FileBook.open(path).sheets:
        cells = FileBook.open(path).grid(sheet).cells.values()
        filled = sum(isinstance(cell.value, int | float) or bool(str(cell.value or "").strip()) for cell in cells)
        assert not FileBook.open(path).surely_holds(sheet, filled + 1)


def test_blank_strings_fill_no_cell(tmp_path: Path) -> None:
    blanks = "".join(f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t> </t></is></c></row>' for row in range(20, 90))
    path = save(tmp_path, zipped(parts(FORM + blanks)))
    assert not FileBook.open(path).surely_holds(SHEET, 60)
    assert FileBook.open(path).surely_holds(SHEET, 5)


def test_a_crowded_sheet_is_named_and_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfeval.records.searching.SEARCHED_CELLS", budget.SEARCHED_CELLS._replace(most=1_000))
    opened = FileBook.open(book(tmp_path, "texts_apart", 2_000))
    assert [one.sheet for one in form_grids(opened).leftovers] == ["名册"]
    assert list(opened._sheets) == [SHEET]


def test_columns_hidden_twice_are_hidden(tmp_path: Path) -> None:
    columns = '<cols><col min="2" max="3" hidden="1"/><col min="3" max="5" hidden="1"/><col min="9" max="9" width="0"/></cols>'
    path = save(tmp_path, zipped(parts(FORM, before=columns)))
    assert FileBook.open(path).grid(SHEET).hidden_columns == {2, 3, 4, 5, 9}


def test_paragraphs_beyond_their_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfeval.books.documents.PARAGRAPHS", budget.PARAGRAPHS._replace(most=50))
    with pytest.raises(FileRefused, match="段落超过 50 个"):
        read_document(book(tmp_path, "word_paragraphs", 60))
    assert len(read_document(book(tmp_path, "word_paragraphs", 40)).paragraphs) == 41


def test_tables_within_tables_are_text(tmp_path: Path) -> None:
    document = read_document(book(tmp_path, "word_nested_tables", 3_000))
    assert [cell_.value for cell_ in document.tables[0].cells.values()] == ["2024年度部门整体支出绩效自评报告", "甲"]


def test_a_shared_formula_reads_as_it_always_did(tmp_path: Path) -> None:
    path = book(tmp_path, "formulas_shared_short", 50)
    grid = FileBook.open(path).grid(SHEET)
    assert [grid[row, 1].formula for row in (13, 14, 40)] == ["D6+B13", "D7+B14", "D33+B40"]


def test_a_large_sheet_is_still_edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read of it is kept, its text is not."""
    monkeypatch.setattr("perfeval.books.file._LARGE", 1_000)
    opened = FileBook.open(save(tmp_path, zipped(parts(FORM))))
    opened.grid(SHEET)
    opened.apply([Edit(SHEET, Address(6, 4), 88.5)])
    opened.apply([Edit(SHEET, Address(7, 4), "甲")])
    opened.save(tmp_path / "改过.xlsx")
    grid = FileBook.open(tmp_path / "改过.xlsx").grid(SHEET)
    assert (grid[6, 4].value, grid[7, 4].value) == (88.5, "甲")


def test_every_limit_is_said_in_words() -> None:
    limits = [one for one in vars(budget).values() if isinstance(one, budget.Limit)]
    assert len(limits) > 20
    for limit in limits:
        assert limit.what in limit.refusal
        assert f"{limit.most:,}" in limit.refusal
