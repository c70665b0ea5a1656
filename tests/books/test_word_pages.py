"""Forms in Word that a page cuts into tables, that a frame holds, or over which more than one line stands."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from perfeval.books.documents import Document, read_document
from perfeval.checks import check
from perfeval.forms.reader import read_sheet
from support.forms_in_memory import grid
from support.wordtables import word, write_word

TITLE = "项目支出绩效自评表"
HEAD = """项目名称 | 数字档案
项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
年度资金总额 | 60 | 60 | 57 | 10 | '95% | 9.5"""
HEADER = "一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分"
FIRST = """产出指标 | 数量指标 | 数字化卷数 | ≥8000卷 | 8000卷 | 30 | 30
产出指标 | 质量指标 | 差错率 | ≤0.3% | 0.2% | 20 | 20"""
SECOND = """效益指标 | 社会效益指标 | 查档时间 | ≤10分钟 | 8分钟 | 30 | 30
满意度指标 | 满意度 | 查档人满意度 | ≥95% | 98% | 10 | 10
总分 | | | | | 100 | 99.5"""
PAGE = f"{HEAD}\n{HEADER}\n{FIRST}"


def read(path: Path, *blocks: str) -> Document:
    """A document of paragraphs and of tables (texts with ``|``)."""
    return read_document(write_word(path / "表.docx", [grid(one) if "|" in one else one for one in blocks]))


def names(document: Document) -> list[list[str]]:
    return [[row.name.text for row in form.rows] for table in document.tables for form in read_sheet(table)]


ALL = [["数字化卷数", "差错率", "查档时间", "查档人满意度"]]


@pytest.mark.parametrize(
    "blocks",
    [
        (TITLE, PAGE, f"{HEADER}\n{SECOND}"),
        (TITLE, PAGE, SECOND),
        (TITLE, PAGE, "续表", f"{HEADER}\n{SECOND}"),
        (TITLE, PAGE, f"{TITLE}（续）", f"{HEADER}\n{SECOND}"),
        (TITLE, HEAD, f"{HEADER}\n{FIRST}\n{SECOND}"),
        (TITLE, HEAD, "年度绩效指标完成情况", f"{HEADER}\n{FIRST}\n{SECOND}"),
        (TITLE, HEAD, f"{HEADER}\n{FIRST}", SECOND),
    ],
    ids=["header again", "no header", "续表", "title again", "money apart", "a heading between", "three parts"],
)
def test_a_form_cut_into_tables_is_one(blocks: tuple[str, ...], tmp_path: Path) -> None:
    document = read(tmp_path, *blocks)
    assert names(document) == ALL
    assert check(document, documents=[document]) == []


@pytest.mark.parametrize(
    "between",
    [
        (TITLE,),
        ("附件2", TITLE, "（2023年度）"),
        ("以上是第一个项目的情况。以下是第二个项目的情况，由另一个科室负责填报，请一并审核。",),
    ],
)
def test_a_form_of_its_own_stays_one(between: tuple[str, ...], tmp_path: Path) -> None:
    whole = f"{PAGE}\n{SECOND}"
    assert names(read(tmp_path, TITLE, whole, *between, whole)) == ALL * 2
    open_form = f"{HEAD}\n{HEADER}\n{FIRST}"
    assert len(names(read(tmp_path, TITLE, open_form, *between, whole))) == 2


def test_a_table_of_something_else_is_no_page_of_a_form(tmp_path: Path) -> None:
    money = "项目 | 预算数 | 决算数\n甲 | 1 | 1\n乙 | 2 | 2\n合计 | 3 | 3"
    assert names(read(tmp_path, TITLE, PAGE, money)) == [["数字化卷数", "差错率"]]


@pytest.mark.parametrize("under", [("（2023年度）",), ("（2023年度）", "单位：万元"), ("2023年度",), ()])
def test_a_title_over_other_lines_is_the_form_s(under: tuple[str, ...], tmp_path: Path) -> None:
    document = read(tmp_path, "附件3", "部门整体支出绩效自评表", *under, f"{PAGE}\n{SECOND}")
    (form,) = read_sheet(document.tables[0])
    assert form.kind == "body"
    assert form.year == (2023 if under else None)


@pytest.mark.parametrize("inside", [False, True], ids=["title above", "title within"])
def test_a_form_in_a_frame_is_read(inside: bool, tmp_path: Path) -> None:
    write_word(tmp_path / "里.docx", [grid(f"{PAGE}\n{SECOND}")])
    part = packed_part(tmp_path / "里.docx")
    title = f"<w:p><w:r><w:t>{TITLE}</w:t></w:r></w:p>"
    frame = f"<w:tbl><w:tr><w:tc>{title if inside else ''}{part}<w:p/></w:tc></w:tr></w:tbl>"
    path = tmp_path / "表.docx"
    path.write_bytes(word(frame if inside else title + frame))
    document = read_document(path)
    assert names(document) == ALL
    assert [form.title for form in read_sheet(document.tables[0])] == [TITLE]


def packed_part(path: Path) -> str:
    """The body of a document that was written here."""
    text = zipfile.ZipFile(path).read("word/document.xml").decode()
    return text[text.index("<w:tbl>") : text.rindex("</w:body>")]
