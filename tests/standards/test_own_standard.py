"""A county's own standard: from the document that publishes it to a live workbook, without editing a file by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from perfeval.books.file import FileBook
from perfeval.checks import check
from perfeval.cli import main
from perfeval.commands.standards import read_standard
from perfeval.errors import FormProblem, PerfEvalError, StandardError, UnknownName
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Value, address
from perfeval.functions import FUNCTIONS
from perfeval.standards import DETAILED, DetailedStandard, adopt, detailed_standard
from perfeval.standards.rules import Cases, Checklist, Judgement, Proportion, Steps, Tiers
from support.adopted import forget_adopted

COUNTY = [
    ("一级指标", "二级指标", "三级指标", "分值", "指标解释", "评分标准"),
    ("投入", "预算执行", "预算执行率", "20", "预算执行率=（预算执行数/预算数）×100%。", "得分=预算执行率×分值，超过100%按100%计算"),
    ("投入", "预算执行", "结转结余率", "10", "结转结余率=结转结余总额/支出预算数×100%。",
     "结转结余率≤10%得满分，每超过1个百分点扣1分，不足1个百分点不扣分，扣完为止"),
    ("过程", "预算管理", "制度健全性", "10", "是否建立制度", "①建立资金管理办法（5分）②制度得到执行（5分）"),
    ("过程", "预算管理", "资金使用合规性", "10", "", "每发现一例不合规扣2分，扣完为止"),
    ("产出", "履职产出", "重点工作完成率", "20", "重点工作完成率=已完成数/计划数×100%",
     "重点工作完成率≥95%得20分；80%≤重点工作完成率<95%得15分；重点工作完成率<80%不得分"),
    ("效果", "履职效益", "社会效益", "15", "", "根据实际效果由评价组评定"),
    ("效果", "满意度", "服务对象满意度", "15", "", "满意度90%以上得15分，80%~90%得10分，其余每低5%酌情扣分"),
]  # fmt: skip
ID = "xx-county-2024"


def _docx(path: Path, rows: list[tuple[str, ...]], *paragraphs: str) -> Path:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(path))
    return path


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A desk on which nobody has added a standard, and the folder that is worked in."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    forget_adopted()
    yield tmp_path
    forget_adopted()


def _county(folder: Path) -> Path:
    return _docx(
        folder / "县.docx", COUNTY, "某县2024年度部门整体支出绩效评价指标体系", "说明：各项得分四舍五入保留整数。"
    )


def _live(path: Path, values: dict[str, Value]) -> dict[str, object]:
    """The 得分 of the 评分表 after the base data are typed in, as a spreadsheet calculates them."""
    book = FileBook.open(path)
    data = book.grid("基础数据")
    rows = {str(data[row, 9].value): row for row in range(1, data.bottom + 1)}
    book.apply([Edit("基础数据", address(f"F{rows[code]}"), value) for code, value in values.items()])
    scored = book.grid("评分表")
    return {str(scored[row, 3].value): scored[row, 6].value for row in range(4, scored.bottom + 1)}


def test_from_its_document_to_a_live_workbook(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _county(desk)
    assert main(["standards", "read", "县.docx", "--id", ID]) == 0
    told = capsys.readouterr().out
    assert "7 个三级指标，5 个按规则计分，2 个由人评定" in told
    assert "其余每低5%酌情扣分" in told
    assert "得分取整数" in told
    assert main(["standards", "add", f"{ID}.toml"]) == 0
    assert main(["new", "整体.xlsm", "--body", "某局", "--year", "2024", "--projects", "0", "--body-standard", ID]) == 0
    scores = _live(
        desk / "整体.xlsm",
        {"i01.a": 93.4, "i01.b": 100.0, "i02.a": 12.5, "i02.b": 100.0, "i03.item1": "是", "i03.item2": "否", "i04.cases": 3.0,
         "i05.a": 9.0, "i05.b": 10.0, "i06.points": 12.0},
    )  # fmt: skip
    assert {name: scores[name] for name in ("预算执行率", "结转结余率", "制度健全性", "资金使用合规性", "重点工作完成率")} == {
        "预算执行率": 19.0, "结转结余率": 8.0, "制度健全性": 5.0, "资金使用合规性": 4.0, "重点工作完成率": 15.0,
    }  # fmt: skip  # 18.68 points of 20 are 19: the document scores in whole numbers
    assert (scores["社会效益"], scores["服务对象满意度"]) == (12.0, "")
    assert not [one for one in check(FileBook.open(desk / "整体.xlsm")) if one.kind.code == "R47"]


LEVELS = ("一级指标", "二级指标", "三级指标", "分值", "评分标准")
OVER = "≤5%得10分，每增加1个百分点扣1分，不足1个百分点不扣分"
LAYOUTS: list[tuple[str, list[list[tuple[object, ...]]], list[type]]] = [
    ("several 小项 in one, a subtotal, a total and a note",
     [[LEVELS, ("投入", "执行", "预算执行率", 20, "得分=执行率×分值"),
       ("投入", "执行", "质量", 10, "①及时率100%得5分，每低1%扣1分；②合格率100%得5分，每低1%扣1分"), ("小计", "", "", 30, ""),
       ("产出", "数量", "完成率", 70, "≥95%得70分；<95%不得分"), ("合计", "", "", 100, ""), ("注：得分取整", "", "", "", "")]],
     [Proportion, Steps, Steps, Tiers]),
    ("points in labels, and so in the heading",
     [[("一级指标（分值）", "二级指标（分值）", "三级指标（分值）", "评分标准"), ("投入（30分）", "预算（30分）", "执行率（20分）",
        "得分=执行率×20分"),
       ("", "", "结余率（10分）", OVER), ("产出（70分）", "数量（70分）", "完成率（70分）", "≥95%得70分，否则不得分")]],
     [Proportion, Steps, Tiers]),
    ("points beside every level",
     [[("一级指标", "分值", "二级指标", "分值", "三级指标", "分值", "指标解释", "评分标准"),
       ("投入", 30, "预算", 30, "执行率", 20, "执行率=支出数/预算数×100%", "得分=执行率×20分"),
       ("投入", 30, "预算", 30, "结余率", 10, "", OVER),
       ("产出", 70, "数量", 70, "完成率", 70, "", "≥95%得70分，否则不得分")]], [Proportion, Steps, Tiers]),
    ("points beside the second level alone",
     [[("一级指标", "二级指标", "权重", "三级指标", "评分标准"), ("投入", "执行", 30, "执行率", "得分=执行率×30分"),
       ("产出", "数量", 70, "完成率", "≥95%得70分，否则不得分")]], [Proportion, Tiers]),
    ("a table for each group",
     [[LEVELS, ("投入", "执行", "执行率", 20, "得分=执行率×20")], [LEVELS, ("产出", "数量", "完成率", 80, "≥95%得80分；<95%不得分")]],
     [Proportion, Tiers]),
    ("a table that goes on without its header",
     [[LEVELS, ("投入", "执行", "执行率", 20, "得分=执行率×20")], [("产出", "数量", "完成率", 80, "≥95%得80分；<95%不得分")]],
     [Proportion, Tiers]),
    ("a rule over several rows",
     [[LEVELS, ("投入", "执行", "执行率", 20, "执行率100%得满分"), ("", "", "", "", "每低1个百分点扣1分，不足1个百分点不扣分"),
       ("产出", "数量", "完成率", 80, "≥95%得80分"), ("", "", "", "", "80%≤完成率<95%得60分"), ("", "", "", "", "<80%不得分")]],
     [Steps, Tiers]),
    ("a third level of another name, and a total above all",
     [[("一级指标", "二级指标", "指标名称", "分值", "评分标准"), ("合计", "", "", 100, ""),
       ("投入", "执行", "执行率", 20, "得分=执行率×20"),
       ("产出", "数量", "完成率", 80, "≥95%得80分，否则不得分")]], [Proportion, Tiers]),
]  # fmt: skip


@pytest.mark.parametrize(("tables", "kinds"), [one[1:] for one in LAYOUTS], ids=[one[0] for one in LAYOUTS])
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_standard_of_any_layout_is_read_whole(
    tables: list[list[tuple[object, ...]]], kinds: list[type], kind: str, desk: Path
) -> None:
    path = desk / f"县.{kind}"
    if kind == "docx":
        document = Document()
        for rows in tables:
            table = document.add_table(rows=0, cols=len(rows[0]))
            for row in rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = str(text)
        document.save(str(path))
    else:
        book = Workbook()
        book.remove(book.worksheets[0])
        for rows in tables:
            sheet = book.create_sheet()
            for row in rows:
                sheet.append(row)
        book.save(path)
    draft = read_standard(path, ID)
    (desk / f"{ID}.toml").write_text(draft.toml, encoding="utf-8")
    standard = _detailed(desk / f"{ID}.toml")
    rules = [type(one.rule) for leaf in standard.leaves for one in (leaf.parts or (leaf,))]
    assert rules == kinds
    assert sum(float(leaf.weight) for leaf in standard.leaves) == 100
    assert draft.judged == 0


def test_parts_of_a_leaf_are_scored_live(desk: Path) -> None:
    _docx(desk / "县.docx", [tuple(map(str, row)) for row in LAYOUTS[0][1][0]], "某县部门整体支出绩效评价指标体系")
    assert main(["standards", "read", "县.docx", "--id", ID]) == main(["standards", "add", f"{ID}.toml"]) == 0
    stated = f"{ID}; steps=floor; percent=points"
    assert main(["new", "整体.xlsm", "--projects", "0", "--body-standard", stated]) == 0
    scores = _live(
        desk / "整体.xlsm", {"i01.rate": 0.935, "i02/i02p1.rate": 0.98, "i02/i02p2.rate": 1.0, "i03.rate": 0.96}
    )
    assert {name: scores[name] for name in ("预算执行率", "质量", "完成率")} == {
        "预算执行率": 19.0,
        "质量": 8.0,
        "完成率": 70.0,
    }


def test_points_that_a_group_shares_are_given_to_none_of_it(desk: Path) -> None:
    rows = [("一级指标", "二级指标", "权重", "三级指标", "评分标准"), ("投入", "执行", "100", "执行率", "得分=执行率×50分"),
            ("投入", "执行", "100", "完成率", "得分=完成率×50分")]  # fmt: skip
    draft = read_standard(_docx(desk / "县.docx", rows, "某县部门整体支出绩效评价指标体系"), ID)
    assert sum("没有读出分值" in one for one in draft.look_at) == 2


def _detailed(path: Path) -> DetailedStandard:
    standard = adopt(path)
    assert isinstance(standard, DetailedStandard)
    return standard


def test_each_leaf_is_the_rule_that_the_document_prints(desk: Path) -> None:
    draft = read_standard(_county(desk), ID)
    path = desk / f"{ID}.toml"
    path.write_text(draft.toml, encoding="utf-8")
    standard = _detailed(path)
    kinds = [type(leaf.rule) for leaf in standard.leaves]
    assert kinds == [Proportion, Steps, Checklist, Cases, Tiers, Judgement, Judgement]
    assert [one.label for one in standard.leaves[0].inputs] == ["预算执行数", "预算数"]
    steps = standard.leaves[1].rule
    assert isinstance(steps, Steps)
    assert steps.short == "floor"
    assert standard.convention.score == 0
    assert (draft.mechanical, draft.judged) == (5, 2)
    assert standard.leaves[6].note.startswith("原文：满意度90%以上")


def test_another_desk_is_told_in_hints_and_in_the_review(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _county(desk)
    assert main(["standards", "read", path.name, "--id", ID]) == main(["standards", "add", f"{ID}.toml"]) == 0
    assert main(["new", "整体.xlsm", "--projects", "0", "--body-standard", ID]) == 0
    book = FileBook.open(desk / "整体.xlsm")
    (stated,) = [
        str(cell.value) for cell in book.grid("基本信息").cells.values() if str(cell.value).startswith(f"{ID}; 版本=")
    ]
    monkeypatch.setenv("XDG_DATA_HOME", str(desk / "other"))
    monkeypatch.setenv("LOCALAPPDATA", str(desk / "other"))
    monkeypatch.setenv("HOME", str(desk / "other"))
    forget_adopted()
    (finding,) = [one for one in check(book) if one.kind.code == "R47"]
    assert (finding.sheet, finding.found) == ("基本信息", stated)
    assert "没有逐项计分的标准" in finding.message
    assert "perfeval standards add" in FUNCTIONS["PE_STD_HINT"].call(stated, "i01", 5.0, "", 1.0, 1.0)
    with pytest.raises(UnknownName):
        FUNCTIONS["PE_STD_SCORE"].call(stated, "i01", 1.0, 1.0)
    other = (desk / f"{ID}.toml").read_text(encoding="utf-8").replace('score = "0"', 'score = "1"')
    (desk / "b").mkdir()
    (desk / "b" / f"{ID}.toml").write_text(other, encoding="utf-8")
    assert main(["standards", "add", f"b/{ID}.toml"]) == 0
    (finding,) = [one for one in check(book) if one.kind.code == "R47"]
    assert "另一个版本" in finding.message
    assert "另一个版本" in FUNCTIONS["PE_STD_HINT"].call(stated, "i01", 5.0, "", 1.0, 1.0)


def test_a_file_command_takes_the_file_itself(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["standards", "read", _county(desk).name, "--id", ID]) == 0
    assert main(["standards", "show", f"{ID}.toml"]) == 0
    assert "不满一档不扣" in capsys.readouterr().out
    assert main(["new", "整体.xlsm", "--projects", "0", "--body-standard", f"{ID}.toml; steps=ceil"]) == 0
    assert main(["check", "整体.xlsm", "--standard", f"{ID}.toml"]) in (0, 1)
    forget_adopted()
    assert main(["standards", "show", ID]) == 1


def test_a_workbook_s_sheet_is_read_too_over_merged_cells_and_points_in_labels(desk: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["部门整体支出绩效评价共性指标框架"])
    sheet.append(["一级\n指标", "二级\n指标", "三级\n指标", "评分及标准", "指标说明", "自评分"])
    sheet.append(["投   入 （30分）", "预算\n配置", "在职人员\n控制率 （20分）",
                  "以100%为标准，在职人员控制率≤100%，计20分；每超过一个百分点扣0.5分，扣完为止。",
                  "在职人员控制率=（在职人员数/编制数）×100%。", None])  # fmt: skip
    sheet.append([None, None, "经济效益（10分）", "部门履行职责对经济发展所带来的影响。", None, None])
    sheet.append(["过程（70分）", "管理", "资金合规（70分）", "每出现一例不符合要求的扣0.5分", None, None])
    sheet.append(["合计", None, None, None, None, 98])
    sheet.merge_cells("A3:A4")
    sheet.merge_cells("B3:B4")
    path = desk / "框架.xlsx"
    book.save(path)
    draft = read_standard(path, ID)
    (desk / f"{ID}.toml").write_text(draft.toml, encoding="utf-8")
    leaves = _detailed(desk / f"{ID}.toml").leaves
    assert [leaf.path for leaf in leaves] == [
        ("投入", "预算配置", "在职人员控制率"), ("投入", "预算配置", "经济效益"), ("过程", "管理", "资金合规"),
    ]  # fmt: skip
    assert [str(leaf.weight) for leaf in leaves] == ["20", "10", "70"]
    assert [type(leaf.rule) for leaf in leaves] == [Steps, Judgement, Cases]
    assert any("扣分档" in one for one in draft.look_at)  # what is open is listed, and no default is taken
    assert _detailed(desk / f"{ID}.toml").convention.steps == "open"
    with pytest.raises(PerfEvalError, match="steps=floor"):
        FUNCTIONS["PE_STD_SCORE"].call(ID, "在职人员控制率", 1015.0, 1000.0)
    assert FUNCTIONS["PE_STD_SCORE"].call(f"{ID}; steps=floor", "在职人员控制率", 1015.0, 1000.0) == 19.5


def test_what_is_no_standard_is_refused_with_what_was_looked_for(desk: Path) -> None:
    path = _docx(desk / "别的.docx", [("姓名", "电话"), ("甲", "1")])
    with pytest.raises(FormProblem, match="三级指标"):
        read_standard(path, ID)
    assert main(["standards", "read", "别的.docx"]) == 1
    assert not list(desk.glob("*.toml"))


BAD = {
    "代码": 'id = "xx-county-2024"\nkind = "department"\n__import__ = "os"\n',
    "不是 TOML": "id = [",
    "太深": "a = " + "[" * 100_000,
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_and_breaks_nothing(text: str, desk: Path) -> None:
    path = desk / f"{ID}.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StandardError):
        adopt(path)
    assert main(["standards", "add", path.name]) == 1
    folder = DETAILED.user_folder
    folder.mkdir(parents=True)
    (folder / path.name).write_text(text, encoding="utf-8")
    assert detailed_standard("湖南部门整体")[0].id == "hn-department-2020"  # others are found past it
    assert main(["standards"]) == 0
    with pytest.raises(StandardError):
        detailed_standard(ID)


def test_an_id_of_the_package_cannot_be_taken(desk: Path) -> None:
    (desk / "hn-department-2020.toml").write_text(
        read_standard(_county(desk), "hn-department-2020").toml, encoding="utf-8"
    )
    assert main(["standards", "add", "hn-department-2020.toml"]) == 1


def test_the_same_reading_twice_never_overwrites_unasked(desk: Path) -> None:
    _county(desk)
    assert main(["standards", "read", "县.docx", "--id", ID]) == 0
    assert main(["standards", "read", "县.docx", "--id", ID]) == 0  # as we wrote it
    path = desk / f"{ID}.toml"
    path.write_text(path.read_text(encoding="utf-8") + "# 手工改过\n", encoding="utf-8")
    assert main(["standards", "read", "县.docx", "--id", ID]) == 1
    assert main(["standards", "read", "县.docx", "--id", ID, "--overwrite"]) == 0


@pytest.mark.parametrize("text", ["sz-project-2021; reverse=foo", "没有这个标准", "cn-project-2020; steps=half"])
def test_one_bad_convention_is_one_finding_at_its_own_cell(text: str, desk: Path) -> None:
    assert main(["new", "自评.xlsm", "--projects", "1"]) == 0
    book = FileBook.open(desk / "自评.xlsm")
    cell = book.names["口径"].rpartition("!")[2].replace("$", "")
    book.apply([Edit("基本信息", address(cell), text)])
    (finding,) = [one for one in check(book) if one.kind.code == "R47"]
    assert (finding.sheet, finding.cell, finding.found) == ("基本信息", cell, text)


PAGES = """
| 评价指标 | | | | | | 指标说明 | 参考评分标准 |
|--|--|--|--|--|--|--|--|
| 一级指标 | | 二级指标 | | 三级指标 | | | |
| 名称 | 参考分值 | 名称 | 参考分值 | 名称 | 参考分值 | | |
| 管理 | 60 | 资产管理 | 60 | 固定资产利用率 | 40 | 反映利用程 | 1.固定资产利用率≥90%的，得40分；<br>2.固定资产利用率<90%的， |

| 评价指标 | | | | | | 指标说明 | 参考评分标准 |
|--|--|--|--|--|--|--|--|
| 一级指标 | | 二级指标 | | 三级指标 | | | |
| 名称 | 参考分值 | 名称 | 参考分值 | 名称 | 参考分值 | | |
| | | | | | | 度。 | 得0分。 |
| | | | | 资产安全 | 20 | | <p>每发现一例扣2分</p> |
| 绩效 | 40 | 效果 | 40 | 满意度 | 40 | | <p>满意度&lt;80%的，得10分；满意度≥80%的，得40分</p> |
"""


def test_a_table_over_pages_with_headers_of_three_rows_is_one_standard(desk: Path) -> None:
    (desk / "框架.md").write_text(f"# 某市部门整体支出绩效评价指标框架\n\n{PAGES}", encoding="utf-8")
    draft = read_standard(desk / "框架.md", ID)
    (desk / f"{ID}.toml").write_text(draft.toml, encoding="utf-8")
    leaves = _detailed(desk / f"{ID}.toml").leaves
    assert [(leaf.path, str(leaf.weight), type(leaf.rule)) for leaf in leaves] == [
        (("管理", "资产管理", "固定资产利用率"), "40", Tiers),
        (("管理", "资产管理", "资产安全"), "20", Cases),
        (("绩效", "效果", "满意度"), "40", Tiers),
    ]
    assert not [one for one in draft.look_at if "合计" in one]
