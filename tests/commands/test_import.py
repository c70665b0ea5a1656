"""``perfeval import`` and ``new --data``: 表14 and 表15 become the import sheets of a workbook; the file on disk counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perfeval.books.file import FileBook
from perfeval.cli import main
from perfeval.commands import new
from perfeval.commands.fill import fill
from perfeval.commands.importing import import_files, plan
from perfeval.errors import FormProblem, PerfEvalError
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Address, Cell, Grid, Value
from perfeval.forms.labels import TOTAL_FUNDS
from perfeval.forms.reader import read_forms
from perfeval.records import names
from perfeval.records.matching import bare
from perfeval.records.model import Body, Funds, Indicator, Project
from perfeval.records.reading import read_body
from support.plain_book import PlainBook
from support.published import body_forms
from support.seed004 import BODIES, DEPARTMENT, PROJECTS, Target, body_sheet, project_sheet
from support.sheettext import write_sheets
from support.target_sheets import ROWS, table, tables

# --- all that seed 004 holds: 12 bodies, 69 projects, 284 + 528 indicators ---

OWNERS = tuple(dict.fromkeys(project.body for project in PROJECTS))
# 表15's words → those of the 自评表 of 深圳 2021; 经济效益 and 社会效益 stand there too.
WORDS = {
    "产出目标 数量": ("产出指标", "数量指标"),
    "产出目标 质量": ("产出指标", "质量指标"),
    "产出目标 时效": ("产出指标", "时效指标"),
    "效果目标 社会效益": ("效益指标", "社会效益指标"),
    "效果目标 经济效益": ("效益指标", "经济效益指标"),
    "效果目标 满意度": ("满意度指标", ""),
}


def sheet_of(owner: str) -> str:
    """A body's own table with those of its projects under it, as its budget prints them."""
    whole = [body_sheet(body) for body in BODIES if body.name == owner]
    return "\n\n".join([*whole, *(project_sheet(project) for project in PROJECTS if project.body == owner)])


@pytest.fixture(scope="module")
def budget(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole document: a sheet for each body."""
    sheets = {owner.removeprefix(DEPARTMENT): sheet_of(owner) for owner in OWNERS}
    return write_sheets(tmp_path_factory.mktemp("budget") / "部门预算.xlsx", sheets)


@pytest.fixture(scope="module")
def workbooks(budget: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A workbook for each body, made from the document alone and filled."""
    folder = tmp_path_factory.mktemp("books")
    made = {}
    for place, owner in enumerate(OWNERS):
        start = new.from_file(budget, new.Wanted(owner, standard="sz-project-2021", data_unit="元"))
        body = new.with_whole(start.body, "sz-department-2020") if start.body.whole.indicators else start.body
        made[owner] = new.new(folder / f"{place}.xlsm", body, carried=start.carried)
        fill(made[owner])
    return made


def body_in(path: Path) -> Body:
    return read_body(FileBook.open(path)).body


def as_imported(target: Target) -> Indicator:
    """What a printed indicator is in a workbook; a plain number is one (the document's text 20000 is a number there)."""
    levels = WORDS.get(f"{target.level1} {target.level2}", (target.level1, target.level2))
    value = float(target.value) if target.value.replace(".", "").isdigit() else target.value or None
    return Indicator(*levels, target.name, target=value)


def test_every_body_project_and_indicator_arrives(workbooks: dict[str, Path]) -> None:
    found = {owner: body_in(path) for owner, path in workbooks.items()}
    assert sum(len(body.projects) for body in found.values()) == len(PROJECTS) == 69
    assert sum(bool(body.whole.indicators) for body in found.values()) == len(BODIES) == 12
    assert sum(len(body.whole.indicators) for body in found.values()) == 284
    assert sum(len(project.indicators) for body in found.values() for project in body.projects) == 528


@pytest.mark.parametrize("owner", OWNERS, ids=lambda owner: owner.removeprefix(DEPARTMENT))
def test_what_a_body_set_out_to_do_reads_back(workbooks: dict[str, Path], owner: str) -> None:
    found = body_in(workbooks[owner])
    own = [project for project in PROJECTS if project.body == owner]
    assert (found.name, found.year, found.convention, found.unit) == (owner, 2020, "sz-project-2021", "元")
    assert [project.name for project in found.projects] == [project.name for project in own]
    for project, printed in zip(found.projects, own, strict=True):
        amount = float(printed.amount)
        assert (project.department, project.implementer, project.goal) == (DEPARTMENT, owner, printed.goal)
        assert project.amount == amount
        money = [(TOTAL_FUNDS, amount), ("当年财政拨款", amount)]
        money += [("其他资金", float(printed.other))] if printed.other else []
        assert project.funds == tuple(Funds(source, initial=initial) for source, initial in money)
        assert project.indicators == tuple(map(as_imported, printed.targets))
    whole = next((body for body in BODIES if body.name == owner), None)
    assert found.whole.indicators == (tuple(map(as_imported, whole.targets)) if whole else ())
    assert found.whole.goal == (whole.goal if whole else None)
    tasks = [(task.name, task.content, task.budget.total, task.budget.fiscal) for task in found.whole.tasks]
    amounts = (
        [(name, content, float(Decimal(amount.replace(",", "")) * 10_000)) for name, content, amount in whole.tasks]
        if whole
        else []
    )
    assert tasks == [(name, content, amount, amount) for name, content, amount in amounts]


@pytest.mark.parametrize("owner", OWNERS, ids=lambda owner: owner.removeprefix(DEPARTMENT))
def test_the_forms_of_the_years_end_carry_the_targets(workbooks: dict[str, Path], owner: str) -> None:
    book = FileBook.open(workbooks[owner])
    forms = [form for sheet in book.user_sheets if sheet[:2].isdigit() for form in read_forms(book.grid(sheet))]
    for form, printed in zip(forms, [project for project in PROJECTS if project.body == owner], strict=True):
        assert (form.name.text, form.goal.text, form.amount.value) == (
            printed.name,
            printed.goal,
            float(printed.amount),
        )
        assert form.execution is not None
        assert form.execution.initial.value == float(printed.amount)
        rows = [
            Indicator(row.level1, row.level2, row.name.text, target=row.target.value)
            for row in form.rows
            if not row.is_placeholder
        ]
        assert rows == list(map(as_imported, printed.targets))
    whole = next((body for body in BODIES if body.name == owner), None)
    if whole is not None:
        (form,) = body_forms(book.grid(names.ASSESSMENT))
        assert (form.body.text, form.goal.text) == (owner, whole.goal)
        assert [row.name.text for row in form.tasks.rows] == [name for name, *_ in whole.tasks]
        own = [Indicator(row.level1, row.level2, row.name.text, target=row.target.value) for row in form.rows]
        assert own == list(map(as_imported, whole.targets))


def test_an_import_of_the_same_tables_has_nothing_to_write(workbooks: dict[str, Path], tmp_path: Path) -> None:
    for owner, path in workbooks.items():
        before = path.read_bytes()
        planned, _ = import_files(path, [write_sheets(tmp_path / "预算.xlsx", {"一张表": sheet_of(owner)})])
        assert (planned.edits, planned.kept) == ((), ())
        assert path.read_bytes() == before


def test_what_the_source_left_unreadable_is_told(budget: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    told = ""
    for owner in (DEPARTMENT + "本级", DEPARTMENT + "大鹏分局"):
        path = tmp_path / f"{owner[-2:]}.xlsm"
        assert main(["new", str(path), "--data", str(budget), "--body", owner]) == 0
        told += capsys.readouterr().out
    assert "第 73 行的指标“项目管理人员满意度”没有指标值，请对照原表补上" in told
    assert "的指标“印刷品验收合格率”没有指标值，请对照原表补上" in told
    assert "另有 12 个单位的 68 张表没有导入" in told
    assert (
        "36 个金额没有写入：B83 的 4512200 可以是 4512200 元，也可以是 4512200 万元；请在标题里写明（元）或（万元），或用 --data-unit 写明"
        in told
    )


# --- one small body, and what people do to its workbook ---

WHOLE = """
部门整体支出绩效目标表 | < | < | < | <
（2023年度） | < | < | < | <
部门（单位）名称 | 某中心 | < | < | <
年度主要任务 | 任务名称 | 主要内容 | 预算金额（万元） | <
^ | ^ | ^ | 总额 | 财政拨款
^ | 河道清淤 | 清淤六段 | 60 | 60
年度总体目标 | 管好河道 | < | < | <
年度绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值
^ | 产出指标 | 数量指标 | 巡查次数 | '=12次
^ | 满意度指标 | 服务对象满意度指标 | 居民满意度 | ≥90%
"""


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A workbook of 某中心 2023 with room for one project, its import sheets empty."""
    folder = tmp_path_factory.mktemp("started")
    body = new.from_file(tables(folder, table()), new.Wanted()).body
    return new.new(folder / "自评.xlsm", body).read_bytes()


@pytest.fixture
def book(started: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "自评.xlsm"
    path.write_bytes(started)
    return path


def rows_in(path: Path, sheet: str = names.TARGETS) -> list[tuple[Value, ...]]:
    """The rows of an import sheet, without those that are empty."""
    content = openpyxl.load_workbook(path)[sheet].iter_rows(min_row=2, values_only=True)
    return [row for row in content if any(value is not None for value in row)]


def type_in(path: Path, cells: dict[str, Value], sheet: str = names.TARGETS) -> None:
    """What a person types into cells, in another program."""
    content = openpyxl.load_workbook(path, keep_vba=True)
    for place, value in cells.items():
        content[sheet][place] = value
    content.save(path)


def test_a_table_becomes_rows(book: Path, tmp_path: Path) -> None:
    import_files(book, [tables(tmp_path, table())])
    assert [row[1:7] for row in rows_in(book)] == [
        ("河道清淤", "产出指标", "数量指标", "清淤长度", "≥20公里", 30),
        ("河道清淤", "产出指标", "数量指标", "清淤（段数）", "6段", 20),
        ("河道清淤", "产出指标", "质量指标", "验收合格率", "95%", None),
        ("河道清淤", "效益指标", "社会效益指标", "水环境", "明显改善", None),
    ]
    assert [row[1:] for row in rows_in(book, names.EXECUTION)] == [
        ("河道清淤", TOTAL_FUNDS, 600_000, None, None, None, None),
        ("河道清淤", "当年财政拨款", 600_000, None, None, None, None),
        ("河道清淤", "其他资金", 0, None, None, None, None),
    ]
    assert body_in(book).projects[0].amount == 800_000


def test_both_tables_in_several_files(book: Path, tmp_path: Path) -> None:
    files = [
        tables(tmp_path, f"{WHOLE.strip()}\n\n{table()}", name="甲.xlsx"),
        tables(tmp_path, f"{table('湖泊清淤')}\n\n{table('河道清淤')}", table("泵站维修"), name="乙.xlsx"),
    ]
    planned, _ = import_files(book, files)
    found = body_in(book)
    assert [project.name for project in found.projects] == ["河道清淤", "湖泊清淤", "泵站维修"]
    assert [indicator.target for indicator in found.whole.indicators] == ["=12次", "≥90%"]
    assert found.whole.goal == "管好河道"
    assert "项目“河道清淤”有 2 张相同的绩效目标表，只用一张" in planned.notes
    assert any("年度主要任务没有写入" in note for note in planned.notes)
    assert import_files(book, files)[0].edits == ()


def test_what_people_typed_is_kept_and_listed(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    source = tables(tmp_path, table())
    import_files(book, [source])
    type_in(
        book,
        {"F2": "≥18公里", "G4": 10, "H2": "19公里", "J2": "雨季停工", "A6": "99", "B6": "河道清淤", "E6": "巡河次数"},
    )
    before = rows_in(book)
    planned, _ = import_files(book, [source])
    assert [(str(kept.cell), kept.present, kept.wanted) for kept in planned.kept] == [("F2", "≥18公里", "≥20公里")]
    assert "“河道清淤”在“绩效目标”里有 1 个指标不在绩效目标表上，保留原样：巡河次数（第 6 行）" in planned.notes
    assert rows_in(book) == before
    assert main(["import", str(book), str(source), "--overwrite"]) == 0
    assert rows_in(book)[0][5] == "≥20公里"
    assert (rows_in(book)[0][7], rows_in(book)[0][9]) == ("19公里", "雨季停工")


def test_what_people_wrote_in_other_words_is_the_same(book: Path, tmp_path: Path) -> None:
    source = tables(tmp_path, table())
    import_files(book, [source])
    type_in(book, {"F2": ">=20公里", "F4": 0.95})
    type_in(book, {"D2": "60万元", "D3": "600,000.00"}, names.EXECUTION)
    type_in(book, {"B3": "2023年"}, names.BASICS)
    content = openpyxl.load_workbook(book, keep_vba=True)
    content[names.TARGETS]["F4"].number_format = "0%"
    content.save(book)
    planned, _ = import_files(book, [source])
    assert (planned.edits, planned.kept) == ((), ())


def test_a_changed_table_changes_what_the_last_import_wrote(book: Path, tmp_path: Path) -> None:
    import_files(book, [tables(tmp_path, table())])
    changed = table(rows=ROWS.replace("≥20公里", "≥25公里"), amount="70")
    planned, _ = import_files(book, [tables(tmp_path, changed)])
    assert planned.kept == ()
    assert rows_in(book)[0][5] == "≥25公里"
    assert rows_in(book, names.EXECUTION)[0][3] == 700_000


def test_names_that_changed(book: Path, tmp_path: Path) -> None:
    import_files(book, [tables(tmp_path, table())])
    renamed = (
        ROWS.replace("清淤（段数）", "清淤段数").replace("验收合格率", "竣工验收合格率").replace("水环境 ", "扰民投诉 ")
    )
    planned, _ = import_files(book, [tables(tmp_path, table(rows=renamed))])
    assert [row[4] for row in rows_in(book)] == ["清淤长度", "清淤（段数）", "验收合格率", "水环境", "扰民投诉"]
    told = "\n".join(planned.notes)
    assert "指标“竣工验收合格率”（95%）可能就是“绩效目标”E4 的“验收合格率”（95%），没有写入" in told
    assert "1 个指标不在绩效目标表上，保留原样：水环境（第 5 行）" in told
    assert "清淤段数" not in told


def test_a_form_takes_targets_only_where_the_name_is_certain(book: Path, tmp_path: Path) -> None:
    import_files(book, [tables(tmp_path, table())])
    fill(book)
    sheet = next(sheet for sheet in FileBook.open(book).sheets if sheet.startswith("01"))
    forms = read_forms(FileBook.open(book).grid(sheet))
    cells = {row.name.text: str(row.name.cell) for row in forms[0].rows}
    type_in(book, {cells["清淤（段数）"]: "清淤 段数", cells["验收合格率"]: "竣工验收合格率"}, sheet)
    planned, _ = fill(book)
    told = f"{cells['验收合格率']} 的“竣工验收合格率”可能就是“绩效目标”里的“验收合格率”，没有填"
    assert any(told in note for note in planned.notes)
    assert [(kept.field, kept.present) for kept in planned.kept] == [("三级指标", "清淤 段数")]
    assert not planned.edits


def test_text_that_looks_like_a_formula_stays_text(book: Path, tmp_path: Path) -> None:
    odd = "产出目标 | 数量 | '=1+1 | '=2+2 | \n^ | 数量 | '+SUM(A1) | '@A1 | \n^ | 数量 | -1 | =1+2 -> 3 | "
    import_files(book, [tables(tmp_path, table("=HYPERLINK(1)".join(["'", ""]), odd))])
    found = openpyxl.load_workbook(book)[names.TARGETS]
    written = [
        (found.cell(row, column).value, found.cell(row, column).data_type) for row in (2, 3, 4) for column in (2, 5, 6)
    ]
    assert written == [
        ("=HYPERLINK(1)", "s"), ("=1+1", "s"), ("=2+2", "s"),
        ("=HYPERLINK(1)", "s"), ("+SUM(A1)", "s"), ("@A1", "s"),
        ("=HYPERLINK(1)", "s"), ("-1", "s"), (3, "n"),
    ]  # fmt: skip


def test_projects_that_differ_in_their_brackets_are_two(book: Path, tmp_path: Path) -> None:
    source = tables(tmp_path, f"{table('河道清淤（一期）')}\n\n{table('河道清淤（二期）', amount='50')}")
    import_files(book, [source])
    assert [project.name for project in body_in(book).projects if project.funds] == [
        "河道清淤（一期）",
        "河道清淤（二期）",
    ]
    assert import_files(book, [source])[0].edits == ()


def test_a_dry_run_writes_nothing(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    before = book.read_bytes()
    assert main(["import", str(book), str(tables(tmp_path, table())), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "绩效目标!F2 ← ≥20公里" in told
    assert "将改 " in told
    assert book.read_bytes() == before


def test_a_code_given_by_people_goes_with_the_rows(book: Path, tmp_path: Path) -> None:
    place = next(
        cell for row in openpyxl.load_workbook(book)[names.BASICS]["B1:B40"] for cell in row if cell.value == "河道清淤"
    )
    type_in(book, {f"A{place.row}": "'007"}, names.BASICS)
    import_files(book, [tables(tmp_path, table())])
    assert {row[0] for row in rows_in(book)} == {"'007"}


@pytest.mark.parametrize(
    ("label", "unit", "amount"),
    [
        ("项目总金额（万元）", "", 600_000),
        ("项目总金额", "", None),
        ("项目总金额", "元", 60),
        ("项目总金额", "万元", 600_000),
    ],
)
def test_the_unit_is_the_tables_or_what_is_said(tmp_path: Path, label: str, unit: str, amount: int | None) -> None:
    book = new.new(tmp_path / "空白.xlsm", new.Wanted("某中心", 2023).nothing_known())
    source = tables(tmp_path, table().replace("项目总金额（万元）", label))
    planned, _ = import_files(book, [source], unit=unit)
    amounts = [row[3] for row in rows_in(book, names.EXECUTION)]
    assert amounts[0] == (amount or 0)  # 其他资金 is 0 in any unit
    assert any("没有写单位" in note for note in planned.notes) is (amount is None)


def test_amounts_without_a_unit_are_read_as_those_that_stand_there(book: Path, tmp_path: Path) -> None:
    import_files(book, [tables(tmp_path, table())])
    unmarked = tables(tmp_path, table().replace("项目总金额（万元）", "项目总金额"))
    planned, _ = import_files(book, [unmarked])
    assert (planned.edits, planned.kept) == ((), ())


def test_a_table_that_prints_another_unit_than_was_asked_for_is_refused(book: Path, tmp_path: Path) -> None:
    with pytest.raises(FormProblem, match="表上写的单位是万元，--data-unit 写的是元"):
        import_files(book, [tables(tmp_path, table())], unit="元")


# --- refusals: one sentence, and the files as they were ---

OTHER_BODY = table().replace("某中心", "另一中心")


def _files() -> Iterator[tuple[str, list[str], str]]:
    yield "别的单位", [OTHER_BODY], "文件里没有“某中心”的绩效目标表，只有另一中心；请用 --body 写明要导入哪个单位的"
    yield "别的年度", [table().replace("2023", "2022")], "这是 2022 年度的绩效目标表，工作簿是 2023 年度的"
    yield "没有目标表", ["姓名 | 基本工资 | 合计\n张三 | 4000 | 4800"], "没有找到绩效目标表"
    yield "内容不同的两张", [table(), table(amount="61")], "项目“河道清淤”有两张内容不同的绩效目标表"
    yield "错误值", [table(rows=ROWS.replace("≥20公里", "#REF!"))], "目标.xlsx 工作表“表1”单元格 D9：是错误值"
    yield "错误值作目标", [table().replace("保持河道畅通", "#REF!")], "目标.xlsx 工作表“表1”单元格 B7：是错误值"
    yield "错误值作名称", [table("#REF!")], "目标.xlsx 工作表“表1”单元格 B4：是错误值"
    yield "不是金额", [table(amount="六十万左右")], "目标.xlsx 工作表“表1”单元格 "
    yield "没有项目名称", [table(name="")], "绩效目标表没有填项目名称，请补上"


REFUSED = {name: (sheets, words) for name, sheets, words in _files()}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_imported_is_one_sentence(
    name: str, book: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    sheets, words = REFUSED[name]
    source = tables(tmp_path, *sheets)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert main(["import", str(book), str(source)]) == 1
    told = capsys.readouterr()
    assert words in told.err
    assert len(told.err.strip().splitlines()) == 1
    assert (told.out, {path: path.read_bytes() for path in tmp_path.iterdir()}) == ("", before)


def test_another_body_is_imported_when_it_is_named(book: Path, tmp_path: Path) -> None:
    import_files(book, [tables(tmp_path, OTHER_BODY)], bodies=["另一 中心"])
    assert Counter(row[1] for row in rows_in(book)) == {"河道清淤": 4}
    assert body_in(book).name == "某中心"


def test_of_several_bodies_the_whole_is_the_workbooks_own(book: Path, tmp_path: Path) -> None:
    other = f"{WHOLE.replace('某中心', '另一中心').replace('管好河道', '管好湖泊').strip()}\n\n{OTHER_BODY.replace('河道清淤', '湖泊清淤')}"
    source = tables(tmp_path, f"{WHOLE.strip()}\n\n{table()}", other)
    import_files(book, [source], bodies=["某中心", "另一中心"])
    found = body_in(book)
    assert ([project.name for project in found.projects], found.whole.goal) == (["河道清淤", "湖泊清淤"], "管好河道")
    third = tables(
        tmp_path,
        OTHER_BODY.replace("另一中心", "第三中心"),
        other,
        WHOLE.replace("某中心", "第三中心"),
        name="两家.xlsx",
    )
    with pytest.raises(PerfEvalError, match="有 2 个单位的整体支出绩效目标表，一本工作簿只有一个部门整体"):
        import_files(book, [third], bodies=["另一中心", "第三中心"])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no book", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_damaged_files_are_refused(content: bytes, book: Path, tmp_path: Path) -> None:
    broken, before = tmp_path / "坏.xlsx", book.read_bytes()
    broken.write_bytes(content)
    for arguments in ([book, [broken]], [broken, [tables(tmp_path, table())]], [book, [tmp_path / "没有.xlsx"]]):
        with pytest.raises(PerfEvalError):
            import_files(*arguments)
    assert book.read_bytes() == before


def test_a_foreign_workbook_is_no_target(tmp_path: Path) -> None:
    foreign = write_sheets(tmp_path / "别的.xlsx", {"Sheet1": "甲 | 乙\n1 | 2"})
    before = foreign.read_bytes()
    with pytest.raises(PerfEvalError, match="工作簿没有“基本信息”这张数据表，不能导入；请先用 perfeval new 新建工作簿"):
        import_files(foreign, [tables(tmp_path, table())])
    assert foreign.read_bytes() == before


def test_several_bodies_without_a_name_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    source = tables(tmp_path, table(), OTHER_BODY)
    assert main(["new", str(tmp_path / "新.xlsm"), "--data", str(source)]) == 1
    assert "文件里有几个单位的绩效目标表：某中心、另一中心；请用 --body 写明" in capsys.readouterr().err
    assert not (tmp_path / "新.xlsm").exists()


# --- what holds for any tables and any workbook ---

LEVELS = st.sampled_from([("产出指标", "数量指标"), ("产出指标", "质量指标"), ("效益指标", "")])
NAMES = st.text(alphabet="甲乙（）1 ", min_size=1, max_size=4).filter(bare)
INDICATORS = st.lists(
    st.builds(
        lambda levels, name, target, weight: Indicator(*levels, name.strip(), target=target, weight=weight),
        LEVELS, NAMES, st.sampled_from([None, "≥95%", "95%", "=1+1", 3.0]), st.sampled_from([None, 10.0]),
    ),
    max_size=6,
)  # fmt: skip


def plain(rows: list[Indicator]) -> PlainBook:
    """The three import sheets with these rows of a project typed into 绩效目标."""
    grids = {
        sheet: Grid(sheet, {Address(1, column): Cell(text) for column, text in enumerate(columns, start=1)})
        for sheet, columns in (
            (names.BASICS, names.PROJECT_COLUMNS), (names.TARGETS, names.TARGET_COLUMNS), (names.EXECUTION, names.EXECUTION_COLUMNS),
        )
    }  # fmt: skip
    typed = {
        Address(row, column): Cell(value)
        for row, one in enumerate(rows, start=2)
        for column, value in enumerate(("", "甲", one.level1, one.level2, one.name, one.target, one.weight), start=1)
        if value not in (None, "")
    }
    grids[names.TARGETS] = Grid(names.TARGETS, {**grids[names.TARGETS].cells, **typed})
    return PlainBook(grids)


def applied(book: PlainBook, edits: tuple[Edit, ...]) -> PlainBook:
    cells = {sheet: dict(book.grid(sheet).cells) for sheet in book.sheets}
    for edit in edits:
        assert not isinstance(edit.content, Formula)
        cells[edit.sheet][edit.cell] = Cell(edit.content)
    return PlainBook({sheet: Grid(sheet, content) for sheet, content in cells.items()})


@given(INDICATORS, INDICATORS)
@example(
    [Indicator("产出指标", "数量指标", "甲", "≥95%")],
    [Indicator("产出指标", "数量指标", "甲", "≥95%", 10.0), Indicator("产出指标", "数量指标", "甲", "≥95%")],
)
def test_an_import_never_changes_a_typed_cell_and_is_done_at_once(
    typed: list[Indicator], told: list[Indicator]
) -> None:
    book = plain(typed)
    body = Body("某局", 2023, "cn-project-2020", "元", (Project("", "甲", indicators=tuple(told)),))
    planned = plan(book, body)  # type: ignore[arg-type]
    held = {(sheet, place) for sheet in book.sheets for place in book.grid(sheet).cells}
    assert not held & {(edit.sheet, edit.cell) for edit in planned.edits}
    after = applied(book, planned.edits)
    rows = {place.row for place in after.grid(names.TARGETS).cells if place.row > 1}
    assert rows == set(range(2, len(rows) + 2))
    again = plan(after, body)  # type: ignore[arg-type]
    assert again.edits == ()
    assert again.kept == planned.kept
