"""``perfeval fill``: what is written, what is kept, what is refused; the file on disk is what counts."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from perfeval.books.file import FileBook
from perfeval.cli import main
from perfeval.commands import demo_data, new
from perfeval.commands.fill import fill
from perfeval.errors import EditRefused, FormProblem
from perfeval.forms.grid import Value, address
from perfeval.records.names import MEMORY
from perfeval.workbook.book import data_workbook
from support.official_blank import BASICS, BLANK, EXECUTION, TARGETS, blank, data
from support.sheettext import write_sheets


def cell(path: Path, place: str, sheet: str = "自评表") -> Value:
    return FileBook.open(path).grid(sheet)[address(place)].value


# --- the official blank of another body ---


def test_an_official_blank_is_filled_and_computed(tmp_path: Path) -> None:
    path = blank(tmp_path)
    planned, _ = fill(path, data(tmp_path))
    filled = {place: cell(path, place) for place in ("C4", "D4", "E4", "G4", "H4", "G5", "D7", "E7", "F7", "G7", "H7")}
    assert filled == {
        "C4": 60, "D4": 60, "E4": 54, "G4": "90%", "H4": 9, "G5": "90%",
        "D7": "清淤长度", "E7": "≥20公里", "F7": "18公里", "G7": 30, "H7": 27,
    }  # fmt: skip
    assert [cell(path, place) for place in ("D8", "H8", "H9", "H10", "H11")] == ["清淤河段", 20, 20, 18, 94]
    assert "自评表“自评表”没有公式，已按口径 cn-project-2020 填入 7 个算出的值" in planned.notes


def test_what_is_left_to_people_stays_blank_and_is_named(tmp_path: Path) -> None:
    path = blank(tmp_path)
    planned, _ = fill(path, data(tmp_path, score=""))
    assert (cell(path, "H10"), cell(path, "H11")) == (None, None)
    assert "自评表“自评表”的“河道清淤”有 1 项得分由人评定，没有填：水环境；总分留空" in planned.notes


def test_a_blank_without_a_name_takes_the_project(tmp_path: Path) -> None:
    path = blank(tmp_path, name="")
    planned, _ = fill(path, data(tmp_path))
    assert (cell(path, "B2"), cell(path, "H11")) == ("河道清淤", 94)
    assert "空白的自评表“自评表”填入项目“河道清淤”" in planned.notes


def test_a_computed_value_that_went_stale_is_listed_and_renewed_on_demand(tmp_path: Path) -> None:
    path = blank(tmp_path)
    fill(path, data(tmp_path))
    changed = data(tmp_path, targets=TARGETS.replace("18公里", "19公里"))
    planned, _ = fill(path, changed)
    assert [(str(kept.cell), kept.present, kept.wanted) for kept in planned.kept] == [("F7", "18公里", "19公里")]
    assert any(note.startswith("这本工作簿没有填报记录") and "--overwrite" in note for note in planned.notes)
    fill(path, changed, overwrite=True)
    assert (cell(path, "F7"), cell(path, "H7"), cell(path, "H11")) == ("19公里", 28.5, 95.5)


# --- filling twice, not at all, and by hand ---


@pytest.mark.parametrize("make", ["blank", "standard"])
def test_filling_twice_changes_nothing(make: str, tmp_path: Path) -> None:
    source = data(tmp_path)
    path = blank(tmp_path) if make == "blank" else new.new(tmp_path / "新表.xlsm", new.body_from(source))
    assert fill(path, source)[0].edits
    once = path.read_bytes()
    planned, _ = fill(path, source)
    assert (planned.edits, planned.kept) == ((), ())
    assert path.read_bytes() == once


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, source = blank(tmp_path), data(tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    assert main(["fill", str(path), "--data", str(source), "--dry-run"]) == 0
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert "自评表!F7 ← 18公里" in capsys.readouterr().out


def test_a_cell_changed_by_hand_is_kept_until_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, source = blank(tmp_path), data(tmp_path)
    fill(path, source)
    book = openpyxl.load_workbook(path)
    book["自评表"]["F8"] = "5段"
    book.save(path)
    assert main(["fill", str(path), "--data", str(source)]) == 0
    told = capsys.readouterr().out
    assert "保留 自评表!F8 “清淤河段”的完成值：现为 5段，数据是 6段" in told
    assert "--overwrite" in told
    assert cell(path, "F8") == "5段"
    assert main(["fill", str(path), "--data", str(source), "--overwrite"]) == 0
    assert cell(path, "F8") == "6段"


def test_the_last_fills_own_cells_follow_the_data(tmp_path: Path) -> None:
    body = demo_data.bodies()["shenzhen-2021"]
    source = tmp_path / "数据.xlsx"
    source.write_bytes(data_workbook(body))
    path = new.new(tmp_path / "新表.xlsm", new.body_from(source))
    fill(path, source)
    book = openpyxl.load_workbook(source)
    assert book["绩效目标"]["H1"].value == "实际完成值"
    book["绩效目标"]["H2"] = "约47万人次"
    book.save(source)
    planned, _ = fill(path, source)
    visible = [edit for edit in planned.edits if edit.sheet != MEMORY]
    assert [(edit.sheet[:2], edit.content) for edit in visible] == [("绩效", "约47万人次"), ("01", "约47万人次")]
    assert planned.kept == ()


# --- data as people paste it ---


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2,340,000.00", 234),
        ("￥600000", 60),
        ("６０００００", 60),
        ("600000 　", 60),
        ("56万元", 56),
        ("600000元", 60),
        ("0.006亿元", 60),
    ],
)
def test_pasted_amounts_reach_a_form_in_wan(written: str, wanted: float, tmp_path: Path) -> None:
    path = blank(tmp_path)
    row = f"'01 | 河道清淤 | 年度资金总额 | '{written} | '{written} | '{written}"
    fill(path, data(tmp_path, execution=EXECUTION.strip().splitlines()[0] + "\n" + row))
    assert (cell(path, "C4"), cell(path, "D4"), cell(path, "E4")) == (wanted, wanted, wanted)


def test_several_rows_of_one_source_are_summed_and_said(tmp_path: Path) -> None:
    path = blank(tmp_path)
    more = EXECUTION + "'01 | 河道清淤 | 当年财政拨款 | 100000 | 100000 | 60000\n"
    planned, _ = fill(path, data(tmp_path, execution=more))
    assert (cell(path, "C5"), cell(path, "E5")) == (70, 60)
    assert "项目“河道清淤”的“当年财政拨款”有 2 行，已合计" in planned.notes


@pytest.mark.parametrize(
    "execution",
    [
        EXECUTION.replace("'01 | 河道清淤", " | 河道清淤"),
        EXECUTION.replace("'01 | 河道清淤", "1 | 河道清淤"),
        EXECUTION.replace("'01 | 河道清淤", "'01 | 清淤（旧名）"),
        EXECUTION.replace("'01 | 河道清淤", "'01 | "),
    ],
    ids=["只有名称", "编码丢了零", "名称不同而编码相同", "只有编码"],
)
def test_projects_are_one_by_code_then_by_name(execution: str, tmp_path: Path) -> None:
    path = blank(tmp_path)
    planned, _ = fill(path, data(tmp_path, execution=execution))
    assert (cell(path, "E4"), cell(path, "H11")) == (54, 94)
    assert any("有几个项目名称" in note for note in planned.notes) == ("旧名" in execution)


def test_a_text_that_begins_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = blank(tmp_path)
    book = openpyxl.load_workbook(data(tmp_path))
    book["绩效目标"]["H5"].value = '=HYPERLINK("http://x")'
    book["绩效目标"]["H5"].data_type = "s"
    book.save(tmp_path / "数据.xlsx")
    fill(path, tmp_path / "数据.xlsx")
    grid = FileBook.open(path).grid("自评表")
    assert (grid[10, 6].value, grid[10, 6].formula) == ('=HYPERLINK("http://x")', None)


def test_what_the_form_has_no_cell_for_is_said(tmp_path: Path) -> None:
    path = blank(tmp_path)
    more = EXECUTION + "'01 | 河道清淤 | 上年结转资金 | 0 | 0 | 0\n"
    planned, _ = fill(path, data(tmp_path, execution=more))
    assert "自评表“自评表”没有这些栏，数据没有填：上年结转资金" in planned.notes


# --- refusals: one sentence, and the file as it was ---

REFUSED = {
    "不认识的资金来源": (
        {"execution": EXECUTION.replace("当年财政拨款", "彩票公益金")}, "工作表“执行数据”单元格 C3：资金来源“彩票公益金”不认识"
    ),
    "错误值": ({"execution": EXECUTION.replace("540000", "#REF!", 1)}, "工作表“执行数据”单元格 F2：是错误值 #REF!"),
    "不是金额": ({"execution": EXECUTION.replace("540000", "五十四万左右", 1)}, "工作表“执行数据”单元格 F2："),
    "没有编码也没有名称": ({"execution": EXECUTION.replace("'01 | 河道清淤", " | ", 1)}, "第 2 行：没有项目编码，也没有项目名称"),
    "没有这个项目的表": (
        {"targets": TARGETS.replace("河道清淤", "别的项目"), "execution": EXECUTION.replace("河道清淤", "别的项目")},
        "有 1 个项目在工作簿里没有自评表：别的项目",
    ),
    "同名不同编码": ({"execution": EXECUTION.replace("'01", "'02")}, "项目编码“01”和“02”的项目名称相同（河道清淤）"),
    "行不够": (
        {"targets": TARGETS + "'01 | 河道清淤 | 产出指标 | 成本指标 | 总成本 | ≤60万元 | 0 | 54万元 |  | \n"},
        "放不下 1 个指标（成本指标“总成本”）",
    ),
    "没有数据": ({"targets": "项目名称 | 分值 | 得分", "execution": "项目名称 | 资金来源 | 全年预算数"}, "没有可填的数据"),
    "金额单位": ({"basics": BASICS.replace("| 元", "| 美元")}, "金额单位“美元”不认识"),
    "口径": ({"basics": BASICS.replace("cn-project-2020", "某省")}, "某省"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_one_sentence(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes, words = REFUSED[name]
    path, source = blank(tmp_path), data(tmp_path, **changes)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    assert main(["fill", str(path), "--data", str(source)]) == 1
    told = capsys.readouterr()
    assert words in told.err
    assert len(told.err.strip().splitlines()) == 1
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_locked_cells_of_a_protected_sheet_are_refused_by_name(tmp_path: Path) -> None:
    path = blank(tmp_path)
    book = openpyxl.load_workbook(path)
    book["自评表"].protection.sheet = True
    book.save(path)
    before = path.read_bytes()
    with pytest.raises(EditRefused, match=r"工作表“自评表”单元格 [A-Z]+\d+：.*保护"):
        fill(path, data(tmp_path))
    assert path.read_bytes() == before


def test_several_forms_on_one_sheet_are_filled_and_computed(tmp_path: Path) -> None:
    names = ("河道清淤", "湖泊清淤")
    path = write_sheets(
        tmp_path / "空表.xlsx", {"自评表": "\n\n".join(BLANK.format(name=name).strip() for name in names)}
    )
    source = data(
        tmp_path,
        targets=TARGETS
        + TARGETS.strip().split("\n", 1)[1].replace("'01 | 河道", "'02 | 湖泊").replace("18公里", "16公里"),
        execution=EXECUTION + EXECUTION.strip().split("\n", 1)[1].replace("'01 | 河道", "'02 | 湖泊"),
    )
    fill(path, source)
    assert (cell(path, "H11"), cell(path, "H19"), cell(path, "H23")) == (94, 24, 91)


def test_two_forms_of_one_name_are_refused(tmp_path: Path) -> None:
    form = BLANK.format(name="河道清淤")
    path = write_sheets(tmp_path / "空表.xlsx", {"一": form, "二": form})
    with pytest.raises(FormProblem, match="工作表“一”和“二”的项目名称相同"):
        fill(path, data(tmp_path))
