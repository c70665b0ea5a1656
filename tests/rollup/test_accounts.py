"""The budget tables of 12 bodies (004) rolled up: the sums beside the published totals, item by item of the audit."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from perfeval.commands import rollup
from perfeval.rollup.accounts import AGREES, DEVIATES, NO_TOTAL, WITHIN, Comparison, comparisons
from support.audits import CASES, Item, exact, short
from support.published import BUDGET_TABLES, texts
from support.rolled import kept_journal
from support.seed004 import DEPARTMENT
from support.sheettext import write_sheets

TABLES = {
    name: text for name, text in texts(BUDGET_TABLES).items() if name in {"table1", "table3", "table7", "table13"}
}
WANYUAN = 1_000_000  # 分
VERDICTS = {"agree": AGREES, "agree_within_unit_rounding": WITHIN, "disagree": DEVIATES}


def compared(folder: Path) -> list[Comparison]:
    """What the command has found in the tables of a folder."""
    rollup.rollup(folder)
    with kept_journal(folder) as journal:
        return list(comparisons(journal))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Comparison]:
    """The department's four tables in one workbook."""
    folder = tmp_path_factory.mktemp("预算")
    write_sheets(folder / "部门预算.xlsx", TABLES)
    return compared(folder)


# The audit's items of these tables, by table and name, with the rule that compares them. What belongs to what within 表1 the tables
# do not say: its figures are compared with the 科目 of 表7. What is blank in both tables is not compared.
RULES = {
    ("表[37]", ".*系统合计.*"): "各单位之和",
    ("表3", ".*基本.项目=总计"): "支出总计＝基本支出＋项目支出",
    ("表7", ".*科目之和"): "单位合计＝各科目（项目）之和",
    ("表7↔表3", ".*"): "同一单位的两张表",
    ("表7↔表1", ".*"): "各单位的科目之和＝总表的科目",
    ("表13↔表3|表13", ".*"): "各项目之和＝项目支出",
}
ITEMS = [
    (item, rule)
    for item in CASES
    for (table, name), rule in RULES.items()
    if item["seed"] == "004"
    and item["recomputed"] != "0"
    and re.fullmatch(table, item["table"])
    and re.fullmatch(name, item["item"])
]


@pytest.mark.parametrize(("item", "rule"), [pytest.param(*case, id=case[0]["id"]) for case in ITEMS])
def test_item_of_the_audit(item: Item, rule: str, whole: list[Comparison]) -> None:
    both = {exact(item["published"]), exact(item["recomputed"])}
    name = re.split(r"[ =]", item["item"])[0]
    alike = {
        one.verdict
        for one in whole
        if one.rule == rule
        and {Decimal(one.sum) / WANYUAN, Decimal(one.published or 0) / WANYUAN} == both
        and (name in {short(one.body), one.item} or short(one.body) == "系统")
    }
    assert alike == {VERDICTS[item["verdict"]]}


def test_nothing_deviates_beyond_rounding(whole: list[Comparison]) -> None:
    """The published totals agree within half a unit an addend; the deviations are 1 to 3 万元."""
    assert {one.verdict for one in whole} == {AGREES, WITHIN, NO_TOTAL}
    apart = [
        abs(one.sum - one.published) // WANYUAN for one in whole if one.verdict == WITHIN and one.published is not None
    ]
    assert len(apart) == 47
    assert set(apart) == {1, 2, 3}


def test_a_wrong_total_is_found(tmp_path: Path) -> None:
    write_sheets(tmp_path / "部门预算.xlsx", {"table3": TABLES["table3"].replace("62,590", "62,690")})
    (wrong,) = [one for one in compared(tmp_path) if one.verdict == DEVIATES and one.rule == "各单位之和"]
    assert (wrong.column, wrong.sum // WANYUAN, (wrong.published or 0) // WANYUAN) == ("支出总计", 62_590, 62_690)


def test_a_workbook_for_each_body_comes_to_the_same(tmp_path: Path, whole: list[Comparison]) -> None:
    """表3 and 表7 cut into a file a body, the department's own line in one of its own."""
    for name in ("table3", "table7"):
        *head, header = [line for line in TABLES[name].splitlines() if not line.startswith((DEPARTMENT, " |", "^"))]
        under = [line for line in TABLES[name].splitlines() if line.startswith("^")]
        groups: dict[str, list[str]] = {}
        for line in TABLES[name].splitlines():
            if line.startswith(DEPARTMENT):
                groups[line.split(" | ")[0]] = [line]
            elif line.startswith(" |") and groups:
                groups[next(reversed(groups))].append(line)
        for body, lines in groups.items():
            own = [line.replace(f"单位名称：{DEPARTMENT}", f"单位名称：{body}") for line in head]
            write_sheets(tmp_path / f"{name} {short(body)}.xlsx", {"表": "\n".join([*own, header, *under, *lines])})

    def sums(found: list[Comparison]) -> set[tuple[str, str, str, int, int | None]]:
        return {
            (one.item, one.column, one.verdict, one.sum, one.published)
            for one in found
            if one.rule == "各单位之和" and "项目情况表" not in one.table
        }

    assert sums(compared(tmp_path)) == sums(whole)


def test_amounts_without_a_unit_are_named_and_not_added(tmp_path: Path) -> None:
    write_sheets(tmp_path / "部门预算.xlsx", {"table3": TABLES["table3"].replace("单位：万元", "")})
    rolled = rollup.rollup(tmp_path)
    assert [(sort, "不知道单位" in why) for _, _, sort, why in rolled.passed] == [("金额未计", True)]
    assert compared(tmp_path) == []
