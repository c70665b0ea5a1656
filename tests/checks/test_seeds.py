"""The ten published project tables under review: every item of the audit that is wrong is found at its cell."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from perfeval.books.file import FileBook
from perfeval.checks import check
from perfeval.checks.context import Context
from perfeval.findings import Finding
from perfeval.forms.model import Entry, Form, IndicatorRow
from support.audits import Item
from support.audits.projects import CASES
from support.reviewed import Case, Tally, tally
from support.tables import HECHENG_PROJECTS, LAYOUTS, SHENZHEN_PROJECTS, Project, write_book

STANDARDS = {"003": ("sz-project-2021", SHENZHEN_PROJECTS), "001": ("hn-hecheng-project-2020", HECHENG_PROJECTS)}
# Items of these tables that stand in prose or in other tables of the same document: the review of texts finds them.
ELSEWHERE = {"SA089", "SA105", "SA150"}


@cache
def reviewed(seed: str, layout: str) -> tuple[list[Form], list[Finding]]:
    """The forms of a seed as published, and what their review finds."""
    standard, projects = STANDARDS[seed]
    with TemporaryDirectory() as folder:
        book = FileBook.open(write_book(Path(folder) / "自评表.xlsx", LAYOUTS[layout], projects))
        forms = [one.form for one in Context.of(book, standard).projects]
        return forms, check(book, standard)


def places(forms: list[Form], item: Item) -> set[tuple[str, str]]:
    """Where a finding about an item would stand."""
    return {
        (form.sheet, str(entry.cell))
        for form in forms
        if form.name.text in item["table"] or item["table"] in {"附件4-2", f"表{forms.index(form) + 1}"}
        for entry in _entries(form, item["item"])
        if entry.cell is not None
    }


def _entries(form: Form, name: str) -> list[Entry]:
    funds = form.execution
    assert funds is not None
    if name == "执行率":
        return [funds.rate]
    if name in {"预算执行率得分", "执行率得分"}:
        return [funds.score]
    if name == "分值合计":
        return [form.total_weight]
    if name in {"得分合计", "总分=各项得分之和(按刊载各项)", "按规则重算总分(定性项取刊载分)"}:
        return [form.total_score]
    kind, colon, indicator = name.partition(":")
    wanted = indicator if colon else "预算成本控制率" if "控制率=" in name else name.partition(" ")[0]
    rows = [
        row
        for row in form.rows
        if row.name.text == wanted and (row.level2 or row.level1).startswith(kind if colon else "")
    ]
    return [entry for row in rows for entry in _of_row(row)]


def _of_row(row: IndicatorRow) -> tuple[Entry, ...]:
    return row.target, row.actual, row.score


def cases(seed: str, layout: str) -> list[Case]:
    forms, _ = reviewed(seed, layout)
    located = [(item, frozenset(places(forms, item))) for item in CASES if item["seed"] == seed]
    return [Case(item, where) for item, where in located if where]


def result(seed: str, layout: str) -> Tally:
    return tally(cases(seed, layout), reviewed(seed, layout)[1])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_wrong_is_found_and_what_agrees_is_left(layout: str) -> None:
    for seed in STANDARDS:
        counts = result(seed, layout)
        print(f"{seed} {layout}\n{counts}")
        # Where the form has a column of units, 100 beside % is 100%.
        unit_known = {"SA028"} if layout.startswith("三列指标值") else set()
        assert (set(counts.missed) - unit_known, counts.false) == (set(), ())


# The tables put right: what their figures should be, what was missing said. Evidence stands for tables all full.
EVIDENCE = "，佐证材料见附件1"
CORRECTIONS: dict[str, dict[tuple[str, str], str]] = {
    "社会保险转移接续工作外包服务": {
        ("参保人对转移的数据录入基本满意", "score"): "20.0",
        ("参保人对转移的数据录入基本满意", "reason"): "",
        ("outcome", ""): EVIDENCE,
        ("total", ""): "100",
    },
    "社保业务公众服务经费": {
        ("年度资金总额", "rate"): "0.87",
        ("年度资金总额", "score"): "8.70",
        ("当年财政拨款", "rate"): "0.87",
        ("预算成本控制率", "score"): "10.0",
        ("预算成本控制率", "reason"): "",
        ("outcome", ""): "，年中调减3万元",
        ("total", ""): "97.59",
    },
    "案件调查取证费": {
        ("案件调查数", "reason"): "专项行动，案件增加",
        ("案件调查完成率", "actual"): "100%",
        ("outcome", ""): "，差旅费结余较多",
    },
    "零星购置费": {("成本控制率", "score"): "10.0", ("total", ""): "99.7"},
    "零星修缮": {("outcome", ""): "，预算为年中追加"},
    "社保关系转移业务邮寄费": {
        ("联系函、信息表邮寄量", "score"): "9.94",
        ("预算成本控制率", "score"): "10.0",
        ("预算成本控制率", "reason"): "",
        ("total", ""): "98.64",
    },
    "政府采购": {
        ("采购办公设备计划数", "score"): "2.76",
        ("预算成本控制率", "actual"): "12%",
        ("预算成本控制率", "reason"): "",
        ("total", ""): "83.96",
    },
    "社保业务档案管理外包": {("纸质档案数量；补扫描电子档案数量", "score"): "15.66", ("total", ""): "91.66"},
    "人社局包干工作经费及城乡居保工作经费": {
        ("企业养老发放人数", "weight"): "4",
        ("企业养老发放人数", "score"): "4",
        ("机关养老发放人数", "weight"): "3",
        ("机关养老发放人数", "score"): "3",
        ("城乡养老发放人数", "weight"): "3",
        ("城乡养老发放人数", "score"): "3",
        ("参保人满意度", "actual"): "98%",
        ("outcome", ""): EVIDENCE,
    },
    "养老保险系统维护及代发工作经费": {("代发人员满意度", "actual"): "98%", ("outcome", ""): EVIDENCE},
}


def corrected(project: Project) -> Project:
    """A published table, put right."""
    changes = CORRECTIONS[project.name]

    def row(entry: Any, name: str) -> Any:
        return entry._replace(**{field: value for (item, field), value in changes.items() if item == name})

    return replace(
        project,
        funds=tuple(row(entry, entry.name) for entry in project.funds),
        indicators=tuple(row(entry, entry.level3) for entry in project.indicators),
        outcome=project.outcome + changes.get(("outcome", ""), ""),
        total={**project.total, "score": changes.get(("total", ""), project.total["score"])},
    )


@pytest.mark.parametrize("layout", [*LAYOUTS][::3])
def test_the_tables_put_right_raise_nothing(layout: str, tmp_path: Path) -> None:
    for standard, projects in STANDARDS.values():
        book = FileBook.open(write_book(tmp_path / f"{standard}.xlsx", LAYOUTS[layout], [*map(corrected, projects)]))
        assert [(finding.cell, finding.kind.code, finding.message) for finding in check(book, standard)] == []


def test_every_wrong_item_of_the_tables_has_a_place() -> None:
    for seed, count in {"003": 18, "001": 1}.items():
        wrong = {case.id for case in cases(seed, next(iter(LAYOUTS))) if case.is_wrong}
        listed = {
            case.id for case in [Case(item, frozenset()) for item in CASES if item["seed"] == seed] if case.is_wrong
        }
        assert listed - wrong <= ELSEWHERE
        assert len(wrong) == count
