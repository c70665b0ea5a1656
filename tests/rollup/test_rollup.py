"""``perfeval rollup``: sums of thousands of forms to the 分, what is passed over and why, and runs that were stopped."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from handed_in import BODIES, Known, write_folder
from perfeval.books import FileBook
from perfeval.cli import main
from perfeval.commands import rollup
from perfeval.commands.buttons import press
from perfeval.rollup import journal, overview
from perfeval.rollup.rows import FileRow, Reading
from support.fakeexcel import open_book
from support.hostile import compound
from support.plain_form import form
from support.rolled import kept_in
from support.sheettext import write_sheets
from support.tables import HECHENG_PROJECTS, LAYOUTS, SHENZHEN_PROJECTS, write_book

MANY = 2_000
SOME = 400
# A run that writes its journal after every batch, not once a second, so that it can be killed soon.
WRITING_OFTEN = "import sys; from perfeval.commands import rollup; rollup._SECONDS = 0; from perfeval.cli import main; main(sys.argv[1:])"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Known]:
    folder = tmp_path_factory.mktemp("自评表")
    return folder, write_folder(folder, MANY)


@pytest.fixture(scope="module")
def rolled(many: tuple[Path, Known], tmp_path_factory: pytest.TempPathFactory) -> rollup.Rolled:
    made = tmp_path_factory.mktemp("汇总")
    return rollup.rollup(many[0], made / "汇总.xlsx", parquet_folder=made / "明细")


def table(path: Path, sheet: str) -> list[dict[str, Any]]:
    """A sheet of the summary, a dictionary a row."""
    grid = FileBook.open(path).grid(sheet)
    headers = [grid[4, column].value for column in range(1, grid.right + 1)]
    return [
        {str(header): grid[row, column].value for column, header in enumerate(headers, 1)}
        for row in range(5, grid.bottom + 1)
    ]


def counts(path: Path) -> dict[str, Any]:
    """The left column of 总览."""
    grid = FileBook.open(path).grid(overview.OVERVIEW)
    return {str(grid[row, 1].value): grid[row, 2].value for row in range(4, grid.bottom + 1) if grid[row, 1].value}


def yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def shown(value: Any) -> Decimal:
    """A number of a cell as the decimal it shows."""
    return Decimal(f"{value:.15g}")


def test_two_thousand_forms_add_up_to_the_fen(many: tuple[Path, Known], rolled: rollup.Rolled) -> None:
    known = many[1]
    assert (rolled.files, rolled.projects, rolled.known, rolled.passed) == (MANY, MANY, 0, ())
    total = counts(rolled.summary)
    assert shown(total["全年预算数合计（元）"]) == yuan(known.budget)
    assert shown(total["全年执行数合计（元）"]) == yuan(known.executed)
    assert shown(total["四舍五入的误差（±元）"]) == yuan(known.tolerance)
    assert shown(total["执行率（由合计算出）"]) == (Decimal(known.executed) / known.budget).quantize(Decimal("1e-6"))
    assert shown(total["总分的平均"]) == (known.total / MANY).quantize(Decimal("0.01"))


def test_every_body_adds_up(many: tuple[Path, Known], rolled: rollup.Rolled) -> None:
    rows = table(rolled.summary, "按单位")
    assert len(rows) == BODIES
    found = {row["单位"]: (shown(row["全年预算数（元）"]), shown(row["全年执行数（元）"])) for row in rows}
    assert found == {body: (yuan(budget), yuan(executed)) for body, (budget, executed) in many[1].by_body.items()}
    departments = table(rolled.summary, "按主管部门")
    assert sum(row["项目数"] for row in departments) == MANY
    assert sum(row["单位数"] for row in departments) == BODIES


def test_lost_points_and_findings_are_all_there(many: tuple[Path, Known], rolled: rollup.Rolled) -> None:
    known = many[1]
    assert sum(shown(row["扣分合计"]) for row in table(rolled.summary, "扣分")) == known.lost
    assert sum(shown(row["扣分合计"]) for row in table(rolled.summary, "扣分原因")) == known.lost
    assert sum(shown(row["扣分"]) for row in table(rolled.summary, "扣分明细")) == known.lost
    found = {
        code: sum(row["次数"] for row in table(rolled.summary, "复核") if row["编号"] == code)
        for code in ("R03", "R09")
    }
    assert found == {"R03": known.wrong_total, "R09": known.unexplained}
    assert min(found.values()) > 100


def test_indicators_of_one_name_are_brought_together(many: tuple[Path, Known], rolled: rollup.Rolled) -> None:
    rows = {row["三级指标"]: row for row in table(rolled.summary, "指标汇总")}
    people, rate = rows["服务人次"], rows["服务合格率"]
    assert (people["汇总办法"], people["指标值"]) == ("累加", 100 * MANY)
    assert people["完成值"] == sum(90 + place % 11 for place in range(MANY))
    assert (rate["汇总办法"], rate["指标值"], rate["完成值"], rate["达标"]) == ("按全年预算数加权平均", 95, 97, "是")
    assert rows["人均成本"]["要求"] == "≤"


def test_parquet_holds_the_same(many: tuple[Path, Known], rolled: rollup.Rolled) -> None:
    forms, indicators, findings, *_ = (parquet.read_table(path) for path in rolled.parquet)
    assert sum(forms["全年预算数"].to_pylist()) == yuan(many[1].budget)
    assert sum(forms["表中总分"].to_pylist()) == many[1].total
    assert sum(value for value in indicators["扣分"].to_pylist() if value is not None) == many[1].lost
    assert findings["编号"].to_pylist().count("R03") == many[1].wrong_total


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    folder, out = tmp_path / "自评表", tmp_path / "汇总.xlsx"
    known = write_folder(folder, SOME)
    running = subprocess.Popen([sys.executable, "-c", WRITING_OFTEN, "rollup", str(folder), "--out", str(out)])
    while running.poll() is None and not read_so_far(folder):
        time.sleep(0.02)
    running.kill()
    running.wait()
    kept = read_so_far(folder)
    assert 0 < kept < SOME
    assert not out.exists()
    again = rollup.rollup(folder, out)
    assert (again.known, again.projects) == (kept, SOME)
    assert shown(counts(out)["全年预算数合计（元）"]) == yuan(known.budget)
    assert rollup.rollup(folder, out).known == SOME


def read_so_far(folder: Path) -> int:
    with closing(sqlite3.connect(kept_in(folder))) as database:
        return database.execute("SELECT count(*) FROM kept").fetchone()[0]


# --- what is passed over ---


BLANK = re.sub(
    r"100人次 \| 60 \| 60|85% \| 30 \| 30|10 \| 100% \| 10", "| |", form(name="", body="", budget="", executed="")
)


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """What a bureau gets: three good forms, and one of everything that goes wrong."""
    folder = tmp_path / "报送"
    (folder / "二小").mkdir(parents=True)
    write_sheets(folder / "a.xlsx", {"表": form()})
    write_sheets(
        folder / "二小" / "b.xlsx", {"表": form(body="二小", funds="项目资金（万元）", budget="1.25", executed="1")}
    )
    write_sheets(folder / "c.xlsx", {"表": form(name="食堂"), "空白": BLANK})
    shutil.copy(folder / "a.xlsx", folder / "二小" / "a的副本.xlsx")
    write_sheets(
        folder / "改过.xlsx", {"表": form(score="29", total="99", reason="一所分校的家长没有参加，已另行告知")}
    )
    write_sheets(folder / "单位不明.xlsx", {"表": form(name="绿化", funds="项目资金")})
    write_sheets(folder / "工资.xlsx", {"表": "姓名 | 工资\n甲 | 100"})
    (folder / "空.xlsx").write_bytes(b"")
    (folder / "加密.xlsx").write_bytes(compound("EncryptedPackage"))
    (folder / "旧.xls").write_bytes(compound("Workbook"))
    (folder / "坏.xlsx").write_bytes((folder / "a.xlsx").read_bytes()[:2000])
    (folder / "说明.pdf").write_bytes(b"%PDF-1.7")
    (folder / "照片.jpg").write_bytes(b"\xff\xd8")  # no table: neither read nor named
    return folder


PASSED = {
    ("二小/a的副本.xlsx", "重复", "与“a.xlsx”内容完全相同，只计一次"),
    ("改过.xlsx", "重复", "同名项目，得分不同（G9 29 与 30，总分 99 与 100）"),
    ("c.xlsx", "空白", "还没有填"),
    ("单位不明.xlsx", "金额未计", "金额单位不明"),
    ("工资.xlsx", "没有读", "没有找到自评表"),
    ("空.xlsx", "没有读", "文件是空的"),
    ("加密.xlsx", "没有读", "文件有打开密码"),
    ("旧.xls", "没有读", "这是旧格式的文件"),
    ("坏.xlsx", "没有读", "文件已损坏"),
    ("说明.pdf", "没有读", "这是 PDF 文件"),
}


def test_what_is_passed_over_is_named_and_the_rest_counted(handed_in: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rollup", str(handed_in)]) == 1
    said = capsys.readouterr().out
    summary = handed_in / "汇总.xlsx"
    rows = table(summary, "未汇总")
    found = {
        (row["文件"], row["情况"], why)
        for row in rows
        for path, sort, why in PASSED
        if path == row["文件"] and why in row["原因"]
    }
    assert found == PASSED
    assert len(rows) == len(PASSED)
    assert not any(row["原因"].startswith(row["文件"]) for row in rows)
    assert all(path in said and why in said for path, _, why in PASSED)
    total = counts(summary)
    assert (total["找到的文件"], total["计入的项目自评表"], total["没有读的文件"]) == (12, 4, 6)
    assert total["全年预算数合计（元）"] == 100 + 12_500 + 100
    assert total["四舍五入的误差（±元）"] == 50
    assert {(row["单位"], row["项目"]): row["全年预算数（元）"] for row in table(summary, "按项目")} == {
        ("一小", "培训"): 100,
        ("一小", "食堂"): 100,
        ("一小", "绿化"): None,
        ("二小", "培训"): 12_500,
    }


# What the second of two forms of one project prints otherwise, and how that is told.
TWINS: dict[str, tuple[dict[str, str], str]] = {
    "照抄": ({}, "得分、金额都相同"),
    "两位小数": ({"score": "30.00", "total": "100分"}, "得分、金额都相同"),
    "得分不同，总分相同": ({"weighed": "59", "score": "31"}, "同名项目，得分不同（G8 59 与 60，G9 31 与 30）："),
    "没有得分": ({"score": "", "total": ""}, "同名项目，得分不同（G9 空白 与 30，总分 空白 与 100）："),
    "金额不同": ({"executed": "99.00"}, "同名项目，金额不同（E6 99元 与 100元）："),
    "以万元为单位": ({"funds": "项目资金（万元）", "budget": "0.01", "executed": "0.01"}, "得分、金额都相同"),
    "单位不同": ({"funds": "项目资金（万元）"}, "金额不同（C6 100万元 与 100元，D6 100万元 与 100元，E6 100万元 与 100元）："),
    "两样都不同": (
        {"weighed": "59", "total": "99", "budget": "101"},
        "得分不同（G8 59 与 60，总分 99 与 100），金额不同（C6 101元 与 100元，D6 101元 与 100元）：",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "told"), TWINS.values(), ids=TWINS)
def test_a_project_that_stands_twice_is_told_with_what_differs(
    fields: dict[str, str], told: str, tmp_path: Path
) -> None:
    second = form(**fields).replace("100人次 | 60 | 60", f"100人次 | 60 | {fields.get('weighed', '60')}")
    write_sheets(tmp_path / "a.xlsx", {"表": form()})
    write_sheets(tmp_path / "b.xlsx", {"表": second, "别的": form(name="食堂")})
    rolled = rollup.rollup(tmp_path)
    [(path, sheet, sort, why)] = rolled.passed
    assert (path, sheet, sort) == ("b.xlsx", "表", "重复")
    assert rolled.projects == 2
    assert told in why
    assert ("不同（" in why) == ("不同" in told)
    assert "只计了那一份，请核对留哪一份" in why


BODY = """
部门整体支出绩效自评表（2023年度） | < | < | < | <
部门名称 | 某局 | < | < | <
一级指标 | 二级指标 | 三级指标 | 分值 | 得分
投入 | 预算配置 | 人员控制率 | 40 | {first}
产出 | 职责履行 | 完成及时率 | 60 | {second}
总分 | < | < | 100 | 90
"""


@pytest.mark.parametrize(
    ("first", "second", "told"), [(40, 50, "都相同"), (35, 55, "同名整体自评，得分不同（E4 35 与 40，E5 55 与 50）：")]
)
def test_so_is_a_whole_body(first: int, second: int, told: str, tmp_path: Path) -> None:
    write_sheets(tmp_path / "a.xlsx", {"整体": BODY.format(first=40, second=50)})
    write_sheets(tmp_path / "b.xlsx", {"整体": BODY.format(first=first, second=second), "表": form()})
    [(path, _, sort, why)] = rollup.rollup(tmp_path).passed
    assert (path, sort) == ("b.xlsx", "重复")
    assert told in why


def test_forms_of_other_layouts_are_compared_by_what_they_print(tmp_path: Path) -> None:
    """The other prints a source of funds and a year's beginning fewer, and its indicators in another order, elsewhere."""
    other = """
项目支出绩效自评表 | < | < | < | < | <
（2023年度） | < | < | < | < | <
项目名称 | 培训 | < | 实施单位 | 一小 | <
项目资金（元） | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
年度资金总额 | 100 | 100 | 10 | 100% | 10
一级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
效益指标 | 知晓率 | ≥80% | 85% | 30 | 30
产出指标 | 培训人次 | ≥100人次 | 100人次 | 60 | {score}
总分 | < | < | < | 100 | 100
"""
    write_sheets(tmp_path / "a.xlsx", {"表": form()})
    write_sheets(tmp_path / "b.xlsx", {"表": other.format(score=60), "别的": form(name="食堂")})
    assert "得分、金额都相同" in rollup.rollup(tmp_path).passed[0][3]
    write_sheets(tmp_path / "b.xlsx", {"表": other.format(score=55), "别的": form(name="食堂")})
    assert "得分不同（F8 55 与 G8 的 60）" in rollup.rollup(tmp_path).passed[0][3]


def test_all_counted_is_exit_code_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_sheets(tmp_path / "a.xlsx", {"表": form()})
    assert main(["rollup", str(tmp_path)]) == 0
    assert capsys.readouterr().out.strip().endswith("1 个文件，1 张项目自评表")


def test_what_is_passed_over_says_the_reason_alone_whatever_the_folder_is_called(tmp_path: Path) -> None:
    folder = tmp_path / "县局：2023" / "二科：三科"
    folder.mkdir(parents=True)
    (folder / "旧：表.xls").write_bytes(compound("Workbook"))
    write_sheets(folder / "a.xlsx", {"表": form()})
    rollup.rollup(tmp_path / "县局：2023")
    (row,) = table(tmp_path / "县局：2023" / "汇总.xlsx", "未汇总")
    reason = "这是旧格式的文件（.xls、.et 或 .doc），请用 Excel 或 WPS 打开，另存为 .xlsx 再试"
    assert (row["文件"], row["原因"]) == ("二科：三科/旧：表.xls", reason)


def shut(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    """These folders do not open (permissions do not bind the system's administrator, who may run the tests)."""
    scan = os.scandir

    def refuse(path: Any) -> Any:
        if not isinstance(path, int) and Path(path) in folders:
            raise PermissionError(13, "没有权限", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)


def test_folders_that_do_not_open_are_named_and_the_rest_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("甲局", "乙局/二科", "丙局"):
        (tmp_path / name).mkdir(parents=True)
        write_sheets(tmp_path / name / "a.xlsx", {"表": form(name=name)})
    shut(monkeypatch, tmp_path / "甲局", tmp_path / "乙局" / "二科")
    assert main(["rollup", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert "1 张项目自评表" in told
    assert [(row["文件"], row["情况"]) for row in table(tmp_path / "汇总.xlsx", "未汇总")] == [
        ("乙局/二科/", "没有读"),
        ("甲局/", "没有读"),
    ]
    shut(monkeypatch, *tmp_path.iterdir())
    (tmp_path / "汇总.xlsx").unlink()
    assert main(["rollup", str(tmp_path)]) == 1
    assert "3 个文件夹打不开" in capsys.readouterr().err


def test_a_folder_with_nothing_to_read_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "照片.jpg").write_bytes(b"\xff\xd8")
    assert main(["rollup", str(tmp_path)]) == 1
    assert "没有可汇总的文件" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["照片.jpg"]


def test_a_changed_file_is_read_again_and_a_deleted_one_forgotten(tmp_path: Path) -> None:
    for name in ("甲", "乙", "丙"):
        write_sheets(tmp_path / f"{name}.xlsx", {"表": form(name=name)})
    rollup.rollup(tmp_path)
    write_sheets(tmp_path / "甲.xlsx", {"表": form(name="甲", budget="700.00")})
    (tmp_path / "乙.xlsx").unlink()
    again = rollup.rollup(tmp_path)
    assert (again.files, again.known) == (2, 1)
    assert {row["项目"]: row["全年预算数（元）"] for row in table(again.summary, "按项目")} == {"甲": 700, "丙": 100}


def test_another_standard_reads_everything_anew(tmp_path: Path) -> None:
    write_sheets(tmp_path / "a.xlsx", {"表": form()})
    rollup.rollup(tmp_path)
    assert rollup.rollup(tmp_path, standard="sz-project-2021").known == 0


def test_texts_of_strangers_stay_texts(tmp_path: Path) -> None:
    write_sheets(tmp_path / "a.xlsx", {"表": form(name='\'=HYPERLINK("http://x","y")')})
    book = FileBook.open(rollup.rollup(tmp_path).summary)
    assert not book.formula_sheets
    assert [row["项目"] for row in table(book.path, "按项目")] == ['=HYPERLINK("http://x","y")']


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["没有的文件夹"], "没有这个文件夹"),
        ([".", "--standard", "上海"], "没有标准"),
        ([".", "--out", "别的.xlsx"], "没有覆盖"),
    ],
)
def test_refusals(
    arguments: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    before = write_sheets(tmp_path / "别的.xlsx", {"表": "甲"}).read_bytes()
    assert main(["rollup", *arguments]) == 1
    assert told in capsys.readouterr().err
    assert (tmp_path / "别的.xlsx").read_bytes() == before
    assert not (tmp_path / "汇总.xlsx").exists()


def test_the_published_projects_roll_up(tmp_path: Path) -> None:
    """003's eight projects and 001's two: the sums of the printed figures."""
    write_book(tmp_path / "深圳.xlsx", LAYOUTS["深圳"], SHENZHEN_PROJECTS)
    write_book(tmp_path / "鹤城.xlsx", LAYOUTS["鹤城"], HECHENG_PROJECTS)
    rolled = rollup.rollup(tmp_path)
    assert (rolled.projects, rolled.passed) == (10, ())
    rows = {row["主管部门"]: row for row in table(rolled.summary, "按主管部门")}
    shenzhen = rows["深圳市社会保险基金管理局"]
    printed = [Decimal(fund.budget) for project in SHENZHEN_PROJECTS for fund in project.funds[:1]]
    executed = [Decimal(fund.executed) for project in SHENZHEN_PROJECTS for fund in project.funds[:1]]
    assert shown(shenzhen["全年预算数（元）"]) == sum(printed)
    assert shown(shenzhen["全年执行数（元）"]) == sum(executed)
    assert shown(shenzhen["执行率"]) == (sum(executed) / sum(printed)).quantize(Decimal("1e-6"))
    assert (shenzhen["优"], shenzhen["良"], shenzhen["中"], shenzhen["差"]) == (7, 1, 0, 0)
    hecheng = next(row for name, row in rows.items() if name != "深圳市社会保险基金管理局")
    assert (hecheng["全年预算数（元）"], hecheng["误差（±元）"]) == (660_000, 10_000)  # 56万元 and 10万元


# --- the button ---


def test_the_button_rolls_up_the_workbook_s_folder(tmp_path: Path) -> None:
    """What is open counts as it stands on the screen, also where it differs from what is on disk."""
    write_sheets(tmp_path / "甲.xlsx", {"表": form(name="甲")})
    write_sheets(tmp_path / "乙.xlsx", {"表": form(name="乙")})
    book = open_book(tmp_path / "甲.xlsx")
    write_sheets(tmp_path / "甲.xlsx", {"表": form(name="磁盘上的")})
    press("rollup", book)
    assert "2 张项目自评表" in book.app.impl.alerts[-1]
    assert {row["项目"] for row in table(tmp_path / "汇总.xlsx", "按项目")} == {"甲", "乙"}


def test_files_wait_in_the_journal_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_PAGE", 3)
    files = [f"{number:02d}.xlsx" for number in range(10)]
    with journal.Journal() as rows:
        assert rows.expect(files) == 10
        rows.add([Reading(FileRow(files[4], "", ""))])
        met = []
        for file in rows.waiting():
            met.append(file)
            rows.add([Reading(FileRow(file, "", ""))])
        assert met == [*files[:4], *files[5:]]
        assert rows.one("SELECT count(*) FROM files") == (10,)
