"""Whole bodies as published: every figure that the audit objects to is found at its cell or sentence, and no other is wrong.

The reports are our own short sentences that state the published facts in the published constructions; in 000's the
reading order, which the extraction of the document had scrambled, is restored.
"""

from __future__ import annotations

import pytest

from perfeval.books.documents import read_document
from perfeval.findings import Finding, Level
from support.audits import AUDIT
from support.audits.projects import CASES as PROJECT_CASES
from support.published import BODY_FORMS, BUDGET_TABLES, as_numbers, texts
from support.reported import REPORTS, places, review

E, W, N = Level.ERROR, Level.WARNING, Level.NOTE
_PROJECT_FORM = """
预算支出绩效自评表 | < | < | < | < | < | < | <
（2020年度） | < | < | < | < | < | < | <
项目支出名称 | 包干工作经费 | < | < | < | < | < | <
主管部门 | 区人社局 | < | 实施单位 | 区社会保险服务中心 | < | < | <
项目资金（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | 56万元 | 56万元 | 56万元 | 10 | 100% | 10
^ | 其中：当年财政拨款 | 56万元 | 56万元 | 56万元 |  |  |
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
^ | 产出指标 | 数量指标 | 发放人数 | 1--1.2万人 | 1.1万人 | 90 | 90
总分 | < | < | < | < | < | 100 | 100
"""

# Item: seed, level, code, sheet, cell or paragraph.
AT: dict[str, tuple[str, Level, str, str, str]] = {
    "SA105": ("001", E, "R33", "001_basics", "D4"),
    "SA109": ("001", E, "R08", "001_framework", "F13"),
    "SA124": ("001", W, "R29", "001_framework", "F31"),
    "SA125": ("001", E, "R01", "001_expenditure", "C3"),
    "SA126": ("001", E, "R03", "001_expenditure", "F20"),
    "SA127": ("001", E, "R02", "001_expenditure", "B9"),
    "SA128": ("001", E, "R02", "001_expenditure", "B18"),
    "SA132": ("001", E, "R08", "001_expenditure", "F12"),
    "SA133": ("001", E, "R08", "001_expenditure", "F10"),
    "SA134": ("001", N, "R25", "001_expenditure", "D17"),
    "SA150": ("001", E, "R23", "001.txt", "第 11 段"),
    "SA164": ("000", E, "R04", "000_assessment", "C5"),
    "SA168": ("000", E, "R04", "000_assessment", "C9"),
    "SA180": ("000", E, "R32", "000.txt", "第 15 段"),
    "SA199": ("000", E, "R33", "000.txt", "第 27 段"),
    "SA215": ("000", W, "R08", "000_scoring", "G11"),
    "SA217": ("000", N, "R25", "000_scoring", "F6"),
    "SA227": ("002", E, "R32", "002.md", "第 7 段"),
    "SA234": ("002", E, "R23", "002.md", "第 11 段"),
    "SA378": ("004", E, "R32", "table11", "D30"),
    "SA478": ("004", E, "R23", "004.txt", "第 8 段"),
    "SA483": ("004", E, "R32", "004.txt", "第 26 段"),
    "SA486": ("004", E, "R23", "004.txt", "第 32 段"),
}
# Errors beyond the audit's items, each true: the points of 过程 lack the same 3 as its 资金管理 (SA127).
BEYOND = {("R02", "001_expenditure", "A9")}
# Asked about, not called wrong: right for the text's own amounts, otherwise in the tables; a list that jumps from 6 to 8.
ASKED = {
    ("R34", "000.txt", "第 3 段"),
    ("R34", "000.txt", "第 15 段"),
    ("R35", "004.txt", "第 16 段"),
    ("R29", "001_expenditure", "F20"),
}


def sheets_of(seed: str) -> dict[str, str]:
    if seed == "004":
        return texts(BUDGET_TABLES)
    own = {name: sheet for name, sheet in texts(BODY_FORMS).items() if name.startswith(seed)}
    return own | ({"附件4-2": _PROJECT_FORM} if seed == "001" else {})


@pytest.fixture(scope="module", params=["as text", "as numbers"])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    folder = tmp_path_factory.mktemp("seeds")
    reviewed = {}
    for seed in ("000", "001", "002", "004"):
        sheets = sheets_of(seed)
        if request.param == "as numbers":
            sheets = {name: as_numbers(sheet) for name, sheet in sheets.items()}
        (path,) = REPORTS.glob(f"{seed}.*")
        reviewed[seed] = review(folder, sheets, read_document(path))
    return reviewed


@pytest.mark.parametrize("item", AT)
def test_what_the_audit_objects_to_is_found_in_its_place(item: str, found: dict[str, list[Finding]]) -> None:
    seed, level, code, sheet, cell = AT[item]
    assert (code, sheet, cell) in places(found[seed], level)


def test_nothing_else_is_called_wrong(found: dict[str, list[Finding]]) -> None:
    errors = {place for findings in found.values() for place in places(findings)}
    expected = {(code, sheet, cell) for _, level, code, sheet, cell in AT.values() if level is E}
    missed, false = expected - errors, errors - expected - BEYOND
    print(f"\n错误：应有 {len(expected)} 处，发现 {len(expected & errors)}，漏 {len(missed)}，误报 {len(false)}")
    assert (missed, false) == (set(), set())


def test_what_is_asked_about(found: dict[str, list[Finding]]) -> None:
    warnings = {place for findings in found.values() for place in places(findings, W)}
    expected = {(code, sheet, cell) for _, level, code, sheet, cell in AT.values() if level is W}
    assert warnings == expected | ASKED


def test_rates_of_the_text_beside_those_of_the_tables(found: dict[str, list[Finding]]) -> None:
    """83.48% and 81.52% are right for the text's own amounts; the tables give 82.36% and 81.34%."""
    asked = {(one.found, one.expected) for one in found["000"] if one.kind.code == "R34" and one.found.endswith("%")}
    assert asked == {("83.48%", "82.36%"), ("81.52%", "81.34%")}


def test_every_objection_of_the_audit_has_its_case() -> None:
    objected = {"disagree", "rule_conflict", "rule_total_differs", "template_error"}
    items = {item["id"] for item in AUDIT if item["verdict"] in objected}
    projects = {item["id"] for item in PROJECT_CASES} | {"SA089"}
    assert items - projects == AT.keys() - projects
