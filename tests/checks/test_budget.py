"""What is too much to look at is named where it begins, in the findings and in ``--read``; an ordinary file names nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from perfeval import budget
from perfeval.cli import main
from perfeval.commands import check
from perfeval.findings import Level
from support.costly import FORM, KINDS, report
from support.hostile import parts, save, zipped

LEFT_OUT = "没有复核；请删去与自评无关的内容，或分成几个文件"


def reviewed(path: Path) -> check.Reviewed:
    (one,) = check.review(check.to_review([path]))
    return one


def left_out(one: check.Reviewed) -> list[tuple[str, str]]:
    """The places and sentences of what was not looked at."""
    return [(str(finding.place), finding.message) for finding in one.findings if LEFT_OUT in finding.message]


def kind(folder: Path, name: str, size: int) -> Path:
    suffix, data = KINDS[name].make(size)
    return save(folder, data, f"{name}{suffix}")


@pytest.fixture
def few_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfeval.records.searching.SEARCHED_CELLS", budget.SEARCHED_CELLS._replace(most=200))


@pytest.mark.usefixtures("few_cells")
def test_a_long_list_beside_a_form_is_named_and_the_form_is_reviewed(tmp_path: Path) -> None:
    one = reviewed(kind(tmp_path, "texts_apart", 1_000))
    assert one.accounts[0].forms
    assert [finding.kind.code for finding in one.findings] == ["R15", "R31"]
    ((place, sentence),) = left_out(one)
    assert "名册" in place
    assert sentence == f"有内容的单元格超过 200 个，这张表{LEFT_OUT}"
    assert one.counts[Level.WARNING] == 2


@pytest.mark.usefixtures("few_cells")
def test_all_sheets_together_count(tmp_path: Path) -> None:
    one = reviewed(kind(tmp_path, "sheets_many", 5))
    assert [place for place, _ in left_out(one)] == ["表4", "表5"]
    assert sum(len(account.forms) for account in one.accounts) == 3


@pytest.mark.usefixtures("few_cells")
def test_within_the_budget_nothing_is_named(tmp_path: Path) -> None:
    assert not left_out(reviewed(save(tmp_path, zipped(parts(FORM)))))


def test_more_projects_than_any_body_has_are_looked_at(tmp_path: Path) -> None:
    one = reviewed(kind(tmp_path, "sheets_many", 300))
    assert sum(len(account.forms) for account in one.accounts) == 300
    assert not left_out(one)


@pytest.mark.usefixtures("few_cells")
def test_what_was_left_out_is_in_the_data_and_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = kind(tmp_path, "texts_apart", 1_000)
    data, page = tmp_path / "读到.json", tmp_path / "报告.html"
    assert main(["check", str(path), "--read", str(data), "--html", str(page)]) == 0
    (read,) = json.loads(data.read_text(encoding="utf-8"))
    assert read["left_out"] == [
        {"sheet": "名册", "from": None, "what": "这张表", "reason": "有内容的单元格超过 200 个"}
    ]
    assert "这张表没有复核" in page.read_text(encoding="utf-8")
    assert "这张表没有复核" in capsys.readouterr().out


# --- reports ---


def test_a_sentence_without_an_end_is_named(tmp_path: Path) -> None:
    one = reviewed(kind(tmp_path, "report_one_sentence", 500))
    assert left_out(one) == [("report_one_sentence.docx 第 2 段", f"一句话超过 3,000 个字符，这句话里的数{LEFT_OUT}")]


def test_a_line_without_an_end_that_states_nothing_is_not(tmp_path: Path) -> None:
    suffix, data = report("全年预算100万元，支出90万元，执行率90%。", "完成年度任务，" * 1_000)
    assert not left_out(reviewed(save(tmp_path, data, f"报告{suffix}")))


def test_a_report_without_an_end_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfeval.checks.texts.report.REPORT_LENGTH", budget.REPORT_LENGTH._replace(most=1_000))
    one = reviewed(kind(tmp_path, "report_paragraphs", 100))
    ((place, sentence),) = left_out(one)
    assert place == "report_paragraphs.docx 第 17 段"
    assert sentence == f"报告的正文超过 1,000 个字符，第 17 段起的文字{LEFT_OUT}"


def test_comparisons_beyond_the_budget_are_named_once(tmp_path: Path) -> None:
    one = reviewed(kind(tmp_path, "report_one_paragraph", 1_000))
    ((_, sentence),) = left_out(one)
    assert sentence.startswith("报告里要相互核对的数超过 300,000 对，第 2 段起的一些数")


def test_rates_without_figures_beside_them_are_all_looked_at(tmp_path: Path) -> None:
    """Nothing is passed over after some number of them."""
    suffix, data = report("全年预算100万元，支出90万元。", *(["预算执行率为90%。"] * 300), "预算执行率为93.2%。")
    (finding,) = reviewed(save(tmp_path, data, f"报告{suffix}")).findings
    assert (finding.kind.code, finding.cell) == ("R33", "第 303 段")


@pytest.mark.parametrize(
    "name", ["report_paragraphs", "report_changes", "report_lists", "report_brackets", "report_same"]
)
def test_an_ordinary_report_names_nothing(tmp_path: Path, name: str) -> None:
    assert not left_out(reviewed(kind(tmp_path, name, 20)))


# --- cells that are searched ---


@pytest.mark.parametrize("name", [name for name in KINDS if name.startswith("cells_of_")])
def test_a_cell_of_one_sign_over_and_over_is_read(tmp_path: Path, name: str) -> None:
    assert reviewed(kind(tmp_path, name, 30_000)).accounts[0].forms


def test_a_note_of_thousands_of_measures_is_read(tmp_path: Path) -> None:
    assert reviewed(kind(tmp_path, "note_long", 16_000)).accounts[0].tables


@pytest.mark.parametrize(
    "name", ["merges_tall", "merges_wide", "headings_wide", "titles_many", "validations_many", "nested_xml"]
)
def test_other_shapes_are_read(tmp_path: Path, name: str) -> None:
    one = reviewed(kind(tmp_path, name, 200))
    assert not one.refused or name == "titles_many"
