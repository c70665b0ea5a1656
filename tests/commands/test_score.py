"""``perfeval score`` and ``perfeval explain`` on the published tables, from the shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from perfeval.cli import main
from perfeval.commands.score import as_json, score
from support.sheettext import write_sheets
from support.tables import HECHENG_PROJECTS, LAYOUTS, SHENZHEN_PROJECTS, write_book

COMPUTED = (100.00, 97.59, 91.90, 99.70, 96.80, 98.64, 83.96, 91.66)
PRINTED = (98, 96.1, 91.9, 99.6, 96.8, 97.4, 83.95, 92)
REASONS = {  # each row of the eight tables whose printed score is another than the computed one
    (0, 18, 20): "已达标，表中只得 18 分",
    (1, 8.6, 8.7): "表中 8.6 分用了错误的分母：年初预算数",
    (1, 8.6, 10): "把反向指标按正向计分（86% × 10 分）",
    (3, 9.9, 10): "把反向指标按正向计分（99% × 10 分）",
    (5, 10, 9.94): "未达标，表中却得满分 10 分",
    (5, 8.7, 10): "把反向指标按正向计分（87% × 10 分）",
    (6, 2.75, 2.76): "表中 2.75 分是截断得出的，应四舍五入",
    (7, 16, 15.66): "表中 16 分只保留了 0 位小数",
}
ROW_KEYS = ["cell", "name", "target", "actual", "weight", "printed", "computed", "explanation"]
FORM_KEYS = ["sheet", "kind", "standard", "convention", "project", "unit", "printed_total", "computed_total", "rows"]


def scored(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    assert main(["score", str(path), "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("layout", ["深圳", "万元", "三列指标值，两行表头", "四川"])
def test_the_eight_tables_of_shenzhen(layout: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_book(tmp_path / "自评表.xlsx", LAYOUTS[layout], SHENZHEN_PROJECTS)
    forms = scored(path, capsys, "--standard", "sz-project-2021")
    assert [form["computed_total"] for form in forms] == pytest.approx(COMPUTED)
    assert [form["printed_total"] for form in forms] == pytest.approx(PRINTED)
    assert [form["project"] for form in forms] == [project.name for project in SHENZHEN_PROJECTS]
    differing = {
        (place, row["printed"], row["computed"]): row["explanation"]
        for place, form in enumerate(forms)
        for row in form["rows"]
        if row["computed"] is not None and row["printed"] is not None and row["computed"] != row["printed"]
    }
    assert set(differing) == set(REASONS)
    for place, words in REASONS.items():
        assert words in differing[place]


def test_the_two_tables_of_hecheng(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_book(tmp_path / "自评表.xlsx", LAYOUTS["鹤城"], HECHENG_PROJECTS)
    forms = scored(path, capsys, "--standard", "hn-hecheng-project-2020")
    assert [(form["printed_total"], form["computed_total"], form["unit"]) for form in forms] == [(100, 100, "万元")] * 2
    refused = [row for form in forms for row in form["rows"] if row["actual"] == "≥98%"]
    assert refused
    for row in refused:
        assert (row["computed"], row["printed"]) == (None, 10)
        assert "不是测量值" in row["explanation"]
        assert "总分计入表中的 10 分" in row["explanation"]


def test_the_shape_of_the_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = (write_book(tmp_path / f"{n}.xlsx", LAYOUTS["深圳"], SHENZHEN_PROJECTS[:n]) for n in (1, 2))
    (form,) = scored(one, capsys)
    assert [key for key in form if key != "problems"] == FORM_KEYS
    assert (form["kind"], form["standard"], form["convention"]) == ("project", "cn-project-2020", "cn-project-2020")
    assert all(list(row) == ROW_KEYS for row in form["rows"])
    assert (form["rows"][0]["name"], form["rows"][0]["cell"]) == ("预算执行率", "I5")
    assert scored(two, capsys)[1]["rows"][0]["cell"] == f"{'02 ' + SHENZHEN_PROJECTS[1].name[:20]}!I5"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("I5", "执行率 = 2,339,996 ÷ 2,340,000"),
        ("i5", "执行率 = 2,339,996 ÷ 2,340,000"),
        ("'01 社会保险转移接续工作外包服务'!I5", "执行率 = 2,339,996 ÷ 2,340,000"),
    ],
)
def test_explain(cell: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_book(tmp_path / "自评表.xlsx", LAYOUTS["深圳"], SHENZHEN_PROJECTS[:1])
    assert main(["explain", str(path), cell, "--standard", "sz-project-2021"]) == 0
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("explain", "两张.xlsx", "I5"), "几张工作表都有 I5，请写明工作表"),
        (("explain", "两张.xlsx", "A1"), "不是自评表里的得分"),
        (("explain", "两张.xlsx", "得分"), "不是单元格地址"),
        (("score", "两张.xlsx", "--standard", "火星"), "火星"),
        (("score", "两张.xlsx", "--standard", "cn-project-2020; reverse=猜"), "没有“猜”这一项"),
        (("score", "没有.xlsx"), "没有.xlsx"),
        (("score", "清单.xlsx"), "没有找到自评表"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    arguments: tuple[str, ...], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_book(tmp_path / "两张.xlsx", LAYOUTS["深圳"], SHENZHEN_PROJECTS[:2])
    write_sheets(tmp_path / "清单.xlsx", {"清单": "项目名称 | 全年预算数 | 全年执行数\n道路养护 | 10 | 9"})
    assert main([arguments[0], str(tmp_path / arguments[1]), *arguments[2:]]) == 1
    told = capsys.readouterr()
    assert words in told.err
    assert len(told.err.strip().splitlines()) == 1
    assert not told.out


def test_the_text_names_what_differs_and_what_is_left_to_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_book(tmp_path / "自评表.xlsx", LAYOUTS["深圳"], SHENZHEN_PROJECTS[1:2])
    assert main(["score", str(path), "--standard", "sz-project-2021"]) == 0
    told = capsys.readouterr().out
    assert "表中总分 96.1，测算总分 97.59" in told
    assert "预算执行率：表中 8.6，测算 8.7。" in told
    assert "由人评定" in told


MONEY_ALONE = """
转移支付绩效自评表
转移支付名称 | 某资金
资金情况（万元） | | 全年预算数 | 全年执行数 | 执行率
 | 年度资金总额 | 100 | 90 | '90%
"""
WITHOUT_POINTS = (
    MONEY_ALONE
    + """一级指标 | 二级指标 | 三级指标 | 指标值 | 全年实际完成值 | 未完成原因和改进措施
产出指标 | 数量指标 | 培训人次 | ≥100人次 | 50人次 | 疫情
产出指标 | 质量指标 | 合格率 | ≥95% | 98% |
"""
)
OF_A_BODY = WITHOUT_POINTS.replace("转移支付绩效自评表", "部门整体支出绩效自评表").replace("转移支付名称", "部门名称")


@pytest.mark.parametrize(
    ("sheet", "kind", "rows"),
    [
        (MONEY_ALONE, "transfer", ["预算执行率"]),
        (WITHOUT_POINTS, "transfer", ["培训人次", "合格率", "预算执行率"]),
        (OF_A_BODY, "whole", ["培训人次", "合格率", "预算执行率"]),
    ],
    ids=["只有资金", "转移支付", "部门整体，没有分值"],
)
def test_every_row_that_was_read_is_listed(sheet: str, kind: str, rows: list[str], tmp_path: Path) -> None:
    (form,) = as_json(score(write_sheets(tmp_path / "表.xlsx", {"表": sheet})).forms)
    assert (form["kind"], [row["name"] for row in form["rows"]]) == (kind, rows)
    assert all(row[number] is None for row in form["rows"] for number in ("weight", "printed", "computed"))
    assert form["rows"][-1]["target"] == 100
    assert form["rows"][-1]["actual"] == 90
