"""Reports from .txt, .md and .docx: paragraphs and tables in order; hostile files are refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfeval.arithmetic import decimal
from perfeval.books.documents import Document, read_document
from perfeval.cli import main
from perfeval.commands.check import to_review
from perfeval.errors import FileRefused
from perfeval.findings import Level
from perfeval.forms.amount_tables import figure, read_tables
from perfeval.forms.grid import Area
from perfeval.reports.chart import Chart, xml
from support.account_tables import ACCOUNTS
from support.hostile import compound, parts, zipped
from support.reported import document, places, review
from support.sheettext import write_sheets
from support.wordtables import WORD, packed, word, word_with

STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def paragraph(text: str) -> str:
    half = len(text) // 2
    return f"<w:p><w:r><w:t>{text[:half]}</w:t></w:r><w:r><w:t>{text[half:]}</w:t></w:r></w:p>"


def cell(text: str, span: int = 1, merge: str = "") -> str:
    down = {"": "", "restart": '<w:vMerge w:val="restart"/>', "on": "<w:vMerge/>"}[merge]
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{down}</w:tcPr>{paragraph(text)}</w:tc>'


def table(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def read(folder: Path, data: bytes, name: str = "报告.docx") -> Document:
    path = folder / name
    path.write_bytes(data)
    return read_document(path)


def report_on_assets(share: str = "75%", told: str = "200.00") -> str:
    assets = table(
        cell("资产构成") + cell("金额") + cell("所占比例"),
        cell("资产总额") + cell("200.00") + cell("100%"),
        cell("流动资产") + cell("50.00") + cell("25%"),
        cell("固定资产") + cell("150.00") + cell(share),
    )
    return paragraph("自评报告") + paragraph("资产情况") + assets + paragraph(f"年末资产总额{told}元。")


@pytest.mark.parametrize("namespace", [WORD, STRICT])
def test_a_word_document_in_order(namespace: str, tmp_path: Path) -> None:
    report = read(tmp_path, word(report_on_assets(), namespace))
    assert [(one.number, one.text) for one in report.paragraphs] == [
        (1, "自评报告"), (2, "资产情况"), (3, "年末资产总额200.00元。"),
    ]  # fmt: skip
    (found,) = read_tables(report.grid("报告.docx 表1"))
    assert found.title == "资产情况"
    assert [str(figure(line.amounts["金额"])) for line in found.lines] == ["200", "50", "150"]


def test_its_tables_and_sentences_are_checked_alike(tmp_path: Path) -> None:
    found = review(tmp_path, {}, read(tmp_path, word(report_on_assets("70%", "260.00"))))
    assert places(found) == {("R33", "报告.docx 表1", "第 4 行第 3 格"), ("R23", "报告.docx", "第 3 段")}
    assert places(review(tmp_path, {}, read(tmp_path, word(report_on_assets())))) == set()


def test_merged_cells_of_a_word_table(tmp_path: Path) -> None:
    body = table(
        cell("项目", merge="restart") + cell("资金", span=2),
        cell("", merge="on") + cell("预算数") + cell("决算数"),
        cell("甲") + cell("1") + cell("2"),
    )
    (grid,) = read(tmp_path, word(body)).tables
    assert set(grid.merges) == {Area(2, 1, 3, 1), Area(2, 2, 2, 3)}
    assert grid[4, 3].value == "2"


def test_a_table_within_a_table_gives_its_text(tmp_path: Path) -> None:
    inner = table(cell("里"))
    (grid,) = read(tmp_path, word(table(f"<w:tc>{paragraph('外')}{inner}{paragraph('')}</w:tc>"))).tables
    assert grid[2, 1].value == "外\n里"


def test_a_markdown_table_goes_on_over_a_page(tmp_path: Path) -> None:
    text = (
        "# 报告\n支出表\n\n| 项目 | 金额 |\n|---|---|\n| 甲 | 1 |\n\n|   |   |\n|---|---|\n| 乙 | 2 |\n| 合计 | 3 |\n\n"
        "另表\n| 项目 | 金额 |\n|---|---|\n| 丙 | 4 |\n"
    )
    report = document(tmp_path, text, "报告.md")
    assert [one.text for one in report.paragraphs] == ["报告", "支出表", "另表"]
    assert [[cell.value for cell in grid.cells.values()] for grid in report.tables] == [
        ["支出表", "项目", "金额", "甲", "1", "乙", "2", "合计", "3"],
        ["另表", "项目", "金额", "丙", "4"],
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_texts_of_any_encoding_that_desks_use(encoding: str, tmp_path: Path) -> None:
    (one,) = read(tmp_path, "预算100万元。".encode(encoding), "报告.txt").paragraphs
    assert one.text == "预算100万元。"


BOMB = f'<w:document xmlns:w="{WORD}"><w:body>' + "<w:p/>" * 4_000_000 + "</w:body></w:document>"
ENTITIES = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + f'<w:document xmlns:w="{WORD}">&b;</w:document>'
)


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        pytest.param(packed(BOMB), "报告.docx", "庞大", id="a zip bomb"),
        pytest.param(packed(ENTITIES), "报告.docx", "DTD", id="entities"),
        pytest.param(packed("<w:document"), "报告.docx", "损坏", id="not well-formed"),
        pytest.param(packed("", "xl/workbook.xml"), "报告.docx", "不是 Word 文件", id="a workbook by another name"),
        pytest.param(b"PK\3\4nonsense", "报告.docx", "损坏", id="no zip"),
        pytest.param("报告".encode(), "报告.doc", "另存为", id="of another sort"),
        pytest.param(b"", "报告.docx", "空的", id="nothing"),
        pytest.param(compound("EncryptedPackage"), "报告.docx", "取消密码后另存为 .docx", id="with a password"),
        pytest.param(compound("WordDocument"), "报告.docx", "旧格式的 Word 文档", id="an old document by a new name"),
        pytest.param(b"{\\rtf1 ...}", "报告.docx", "不是 Word 文档", id="rich text by another name"),
        pytest.param(zipped(parts()), "报告.docx", "不是 Word 文件", id="a workbook with its links"),
    ],
)
def test_hostile_and_broken_files_are_refused_by_name(data: bytes, name: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=reason) as refused:
        read(tmp_path, data, name)
    assert str(tmp_path / name) in str(refused.value)


def chart_of(*scores: str) -> tuple[str, str, bytes]:
    figures = tuple(decimal(score) for score in scores)
    drawn = Chart("各项目得分", tuple(f"项目{place}" for place in range(len(scores))), (("得分", figures),))
    return "chart", "word/charts/chart1.xml", xml(drawn, "rId1")


def note_of(text: str, kind: str = "footnotes") -> tuple[str, str, str]:
    return kind, f"word/{kind}.xml", f'<w:{kind} xmlns:w="{WORD}"><w:footnote>{paragraph(text)}</w:footnote></w:{kind}>'


DRAWN = '<d:dataModel xmlns:d="urn:d" xmlns:a="urn:a"><a:p><a:r><a:t>执行率</a:t></a:r><a:r><a:t>{}</a:t></a:r></a:p></d:dataModel>'
OUTSIDE = {
    "figures that stand in the table": ((chart_of("75", "25"),), ""),
    "a rate that the text gives in percent": ((chart_of("0.25", "0.7500000001"),), ""),
    "a rate that the text gives rounded": ((chart_of("24.999999999"),), ""),
    "nothing drawn yet": ((chart_of("0"),), ""),
    "a figure that stands nowhere": ((chart_of("75", "88.5"),), "图表“各项目得分”里的这些数在正文和表里没有找到，没有复核：88.5"),
    "a note without a figure": ((note_of("见附件第3页，截至2024年12月31日"),), ""),
    "a note with a figure of the text": ((note_of("固定资产150元"),), ""),
    "a note with another": ((note_of("另有未入账资产310元"),), "脚注里的这些数在正文和表里没有找到，没有复核：310元"),
    "a note at the end": ((note_of("占比 44%", "endnotes"),), "尾注里的这些数在正文和表里没有找到，没有复核：44%"),
    "a drawn text": ((("diagramData", "word/diagrams/data1.xml", DRAWN.format("93%")),), "智能图形“执行率93%”里"),
    "a workbook within": ((("package", "word/embeddings/1.xlsx", b"x"),), "嵌入的工作簿没有读，里面的数没有复核"),
    "a picture": ((("image", "word/media/1.png", b"x"),), ""),
    "a chart that is damaged": ((("chart", "word/charts/chart1.xml", "<c"),), "图表没有读"),
    "a chart with entities": ((("chart", "word/charts/chart1.xml", "<!DOCTYPE a []><a/>"),), "图表没有读"),
    "a chart that is not there": ((), ""),
}  # fmt: skip


@pytest.mark.parametrize(("outside", "told"), OUTSIDE.values(), ids=OUTSIDE)
def test_figures_outside_the_text_are_named_where_it_does_not_state_them(tmp_path: Path, outside, told: str) -> None:
    found = review(tmp_path, {}, read(tmp_path, word_with(report_on_assets(), *outside)))
    assert [(one.kind.code, one.level, one.sheet) for one in found] == [("R31", Level.NOTE, "报告.docx")] * bool(told)
    assert all(told in one.message for one in found)


def test_the_main_part_is_where_the_package_says(tmp_path: Path) -> None:
    report = read(tmp_path, word_with(report_on_assets(), main="word/document2.xml"))
    assert len(report.paragraphs) == 3


def test_absurd_spans_end_in_a_table(tmp_path: Path) -> None:
    rows = [f'<w:tc><w:tcPr><w:gridSpan w:val="99999999"/><w:vMerge/></w:tcPr>{paragraph("文")}</w:tc>'] * 200
    (grid,) = read(tmp_path, word(table(*rows))).tables
    assert grid.right < 1000


def test_nothing_is_evaluated(tmp_path: Path) -> None:
    found = review(tmp_path, {}, read(tmp_path, word(table(cell("=1+1") + cell('=HYPERLINK("x")')))))
    assert [one.kind.code for one in found] == ["R42"]  # words alone, no 自评表


def test_the_command_takes_a_report_beside_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book, report = write_sheets(tmp_path / "决算.xlsx", {"决算": ACCOUNTS}), tmp_path / "报告.docx"
    report.write_bytes(word(paragraph("自评报告") + paragraph("2021年决算支出290元。")))
    assert main(["check", str(book), str(report)]) == 1
    assert "报告.docx 第 2 段" in capsys.readouterr().out
    report.write_bytes(word(paragraph("自评报告") + paragraph("2021年决算支出270元。")))
    assert main(["check", str(book), str(report)]) == 0
    assert main(["check", str(report)]) == 0


def test_each_report_goes_with_the_workbook_of_its_folder(tmp_path: Path) -> None:
    one, other = tmp_path / "甲" / "表.xlsx", tmp_path / "乙" / "表.xlsx"
    near, far = tmp_path / "甲" / "报告.docx", tmp_path / "丙" / "报告.docx"
    old = tmp_path / "丙" / "旧.doc"  # of a folder it is named (R43), not reviewed
    table = tmp_path / "甲" / "表.docx"  # of another project, perhaps
    title = "2020年度绩效自评报告"
    for path, text in ((one, ""), (other, ""), (near, title), (far, title), (old, ""), (table, "自评表")):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(word(paragraph(text)) if text else b"")
    assert to_review([one, other, near, far]) == [(one, (near,)), (other, ()), (far, ())]
    assert to_review([tmp_path]) == [(other, ()), (one, (near,)), (far, ()), (table, ())]
    assert to_review([one, table]) == [(one, (table,))]
    assert to_review([one, far]) == [(one, (far,))]
    assert to_review([one.parent, far.parent]) == [(one, (near,)), (table, ()), (far, ())]
    assert to_review([far]) == [(far, ())]


def test_a_report_that_cannot_be_read_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "报告.docx"
    report.write_bytes(b"PK\3\4nonsense")
    assert main(["check", str(report)]) == 1
    out = capsys.readouterr().out
    assert Level.ERROR in out
    assert "R00" in out
