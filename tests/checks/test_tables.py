"""Each finding in a table of amounts: a table that must raise it, and one like it that must not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.arithmetic import decimal
from perfeval.checks import check
from perfeval.checks.figures.ratios import ratio_of
from support import DATA
from support.account_tables import ACCOUNTS, SHARES, STAFF
from support.forms_in_memory import Sheets, grid
from support.reported import places, review

FLAT = """
项目支出明细表 | <
单位：万元 | <
项目名称 | 预算数
甲工程 | 10
乙工程 | 20
丙工程 | 30
合计 | {}
"""
FIRST = """
部门支出表 | < | <
单位：元 | < | <
单位 | 预算数 | 决算数
合计 | 60 | {}
一处 | 10 | 10
二处 | 20 | 20
三处 | 30 | 30
"""
SUBTOTALS = """
费用表 | <
单位：元 | <
项目 | 金额
甲 | 10
乙 | 20
小计 | {}
丙 | 5
丁 | 6
小计 | 11
合计 | {}
"""
NUMBERED = """
收入预算表 | < | <
单位：元 | < | <
项目 | 预算数 | 决算数
一、财政拨款 | 100 | 90
（一）一般公共预算 | 80 | 70
（二）政府性基金 | 20 | 20
二、事业收入 | 10 | 10
收入合计 | 110 | {}
上年结转 | 5 | 5
收入总计 | 115 | {}
"""
PARTLY = """
经费情况表 | <
单位：元 | <
项目 | 金额
公用经费 | 100
其中：办公费 | 40
差旅费 | {}
人员经费 | 50
合计 | 150
"""
NESTED = """
支出预算表 | < | <
单位：万元 | < | <
功能分类科目 | 年初预算数 | 决算数
教育支出 | 70 | 70
普通教育 | 50 | 50
小学教育 | 20 | 20
初中教育 | 30 | 30
职业教育 | 20 | 20
卫生健康支出 | 30 | {}
合计 | 100 | 99
"""
BODIES = """
部门支出预算总表 | < | < | <
单位：万元 | < | < | <
单位名称 | 支出总计 | 基本支出 | 项目支出
某局 | 100 | 60 | {}
某局机关 | 50 | 30 | 20
某局东城分局 | 30 | 20 | 10
某局西城分局 | 20 | 10 | 10
"""
CODES = """
政府采购预算表 | < | < | <
单位：万元 | < | < | <
单位名称 | 品目编码 | 品目名称 | 金额
甲单位 |  |  | 30
 | A | 货物 | 10
 | A01 | 设备 | 10
 | C | 服务 | 20
 | C01 | 物业 | 12
 | C02 | 安保 | 8
乙单位 |  |  | 9
 | A | 货物 | 9
 | A01 | 设备 | {}
"""
HALL = """
项目支出决算表 | < | < | < | <
单位：元 | < | < | < | <
项目 | 支出合计 | 基本支出 | 项目支出 | 执行率
甲 | {} | 10 | 20 |
"""
OFFICIAL = """
“三公”经费决算表 | < | < | < | < | < | <
单位：万元 | < | < | < | < | < | <
单位 | “三公”经费合计 | 因公出国（境）费 | 公务接待费 | 公务用车购置及运行费 | < | <
^ | ^ | ^ | ^ | 小计 | 公务用车购置费 | 公务用车运行维护费
甲 | {} | 1.2 | 2.3 | 5.5 | 3 | {}
"""
LEFT = """
项目资金收支情况 | < | < | < | < | <
单位：元 | < | < | < | < | <
项目 | 资金来源 | < | 支出数 | < | 年末结余
^ | 年初结转 | 财政拨款 | 财政拨款 | 其他资金 | ^
甲 | 5 | 100 | 80 | 10 | {}
"""
OF_WHICH = """
预算执行情况表 | < | < | < | <
单位：元 | < | < | < | <
任务名称 | 预算数 | < | 执行数 | <
^ | 全额 | 其中：财政拨款 | 全额 | 其中：财政拨款
甲 | 100 | {} | 80 | 80
"""
RATE = """
项目执行情况表 | < | < | < | <
单位：元 | < | < | < | <
项目名称 | 年初预算数 | 调整预算数 | 执行数 | 执行率
甲 | 100 | 120 | 90 | {}
"""
SAID = """
主要任务支出情况 | < | < | <
单位：元 | < | < | <
任务名称 | 完成情况 | 预算数 | 执行数
甲 | {} | 2000000 | 1500000
"""
MOVED = """
项目资金调剂表 | < | <
单位：元 | < | <
项目名称 | 调入金额 | 调出金额
甲 | 30000 |
乙 |  | {}
丙 | 20000 |
"""
OF_PROJECTS = """
2021年项目支出情况 | < | <
单位：元 | < | <
项目名称 | 调整预算数 | 决算数
甲 | 120 | 110
乙 | 80 | {}
合计 | 200 | {}
"""

# code, cell, the sheet, what raises it and what does not.
PAIRS: dict[str, tuple[str, str, str, tuple[object, ...], tuple[object, ...]]] = {
    "一个清单的合计": ("R32", "B7", FLAT, (50,), (60,)),
    "合计在第一行": ("R32", "C4", FIRST, (55,), (60,)),
    "小计": ("R32", "B6", SUBTOTALS, (31, 41), (30, 41)),
    "小计之和": ("R32", "B10", SUBTOTALS, (30, 42), (30, 41)),
    "编号的行": ("R32", "C8", NUMBERED, (101, 106), (100, 105)),
    "合计加结转": ("R32", "C10", NUMBERED, (100, 106), (100, 105)),
    "第一行是全系统": ("R32", "D4", BODIES, (45,), (40,)),
    "品目编码": ("R32", "D11", CODES, (7,), (9,)),
    "基本加项目": ("R32", "B4", HALL, (31,), (30,)),
    "三公合计": ("R32", "B5", OFFICIAL, (12, 2.5), (9, 2.5)),
    "公务用车小计": ("R32", "E5", OFFICIAL, (9, 3.5), (9, 2.5)),
    "来源减支出": ("R32", "F5", LEFT, (10,), (15,)),
    "其中大于全额": ("R32", "B5", OF_WHICH, (101,), (99,)),
    "执行率": ("R04", "E4", RATE, ("80%",), ("75%",)),
    "执行率用年初预算也算一种": ("R04", "E4", RATE, ("95%",), ("90%",)),
    "文字里的完成率": ("R04", "B4", SAID, ("已完成80%",), ("已完成75%",)),
    "扣除压减数的完成率": ("R04", "B4", SAID, ("压减20万元，执行80%",), ("压减20万元，执行83.33%",)),
    "约数不查": ("R04", "B4", SAID, ("完成了70%",), ("完成约70%",)),
    "人员控制率": ("R33", "C3", STAFF, ("100%",), ("85%",)),
    "占比": ("R33", "C5", SHARES, ("70%",), ("75.00%",)),
    "调剂不平": ("R23", "B4", MOVED, (60000,), (50000,)),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_each_finding_has_a_table_that_raises_it_and_one_that_does_not(name: str, tmp_path: Path) -> None:
    code, cell, sheet, wrong, right = PAIRS[name]
    found = review(tmp_path, {"表": sheet.format(*wrong)})
    assert (code, "表", cell) in places(found)
    assert places(review(tmp_path, {"表": sheet.format(*right)})) == set()


@pytest.mark.parametrize(
    ("sheet", "values"),
    [
        pytest.param(PARTLY, (10,), id="其中 names only some of the parts"),
        pytest.param(NESTED, (29,), id="subjects lie within subjects"),
        pytest.param(HALL, ("",), id="a blank total"),
        pytest.param(LEFT, ("",), id="nothing printed as left"),
        pytest.param(STAFF, ("/",), id="no rate"),
    ],
)
def test_what_cannot_be_told_is_not_called_wrong(sheet: str, values: tuple[object, ...], tmp_path: Path) -> None:
    assert places(review(tmp_path, {"表": sheet.format(*values)}), None) == set()


COMMON = tomllib.loads((DATA / "amount_tables.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", COMMON)
def test_tables_as_bodies_publish_them(name: str, tmp_path: Path) -> None:
    """Nothing is wrong with the table; one figure put wrong is found where the sum or the rate stands."""
    sheet = COMMON[name]["sheet"]
    assert places(review(tmp_path, {"表": sheet}), None) == set()
    for change in COMMON[name]["wrong"]:
        assert change["put"] in sheet
        found = review(tmp_path, {"表": sheet.replace(change["put"], change["as"])})
        assert {cell for _, _, cell in places(found)} == set(change["at"].split())


def test_the_tables_of_one_body_do_not_contradict_one_another(tmp_path: Path) -> None:
    assert places(review(tmp_path, {name: table["sheet"] for name, table in COMMON.items()}), None) == set()


def test_one_figure_in_two_tables(tmp_path: Path) -> None:
    same = {"决算": ACCOUNTS, "项目": OF_PROJECTS.format(70, 180)}
    other = {"决算": ACCOUNTS, "项目": OF_PROJECTS.format(75, 185)}
    assert places(review(tmp_path, same)) == set()
    assert places(review(tmp_path, other)) == {("R23", "项目", "C6")}


def test_a_table_of_another_year_or_another_scope_is_not_compared(tmp_path: Path) -> None:
    earlier = OF_PROJECTS.format(75, 185).replace("2021年项目支出", "2020年项目支出")
    part = OF_PROJECTS.format(75, 185).replace("项目支出情况", "财政拨款项目支出情况")
    for sheet in (earlier, part):
        assert places(review(tmp_path, {"决算": ACCOUNTS, "项目": sheet})) == set()


def test_rounding_to_wanyuan_is_allowed_for_and_yuan_is_exact(tmp_path: Path) -> None:
    rounded = FLAT.format(61)
    assert places(review(tmp_path, {"表": rounded})) == set()
    assert places(review(tmp_path, {"表": rounded.replace("万元", "元")})) == {("R32", "表", "B7")}


AMOUNTS = st.lists(st.integers(1, 10**12), min_size=2, max_size=12)


@settings(max_examples=60, deadline=None)
@given(AMOUNTS, st.integers(1, 10**9))
def test_a_list_and_its_total_to_the_fen(amounts: list[int], off: int) -> None:
    """In 元 every wrong total of a list without lines inside lines is found; the right one never is."""
    amounts.sort()

    def listed(total: int) -> Sheets:
        rows = "\n".join(
            f"{'甲乙丙丁戊己庚辛壬癸子丑'[at]}项 | {amount / 100:.2f}" for at, amount in enumerate(amounts)
        )
        text = f"支出明细表\n单位：元\n项目名称 | 预算数\n{rows}\n合计 | {total / 100:.2f}"
        return Sheets({"表": grid(text)})

    assert places(check(listed(sum(amounts)))) == set()
    assert {code for code, _, _ in places(check(listed(sum(amounts) + off)))} == {"R32"}


@pytest.mark.parametrize(
    ("first", "total", "holds"),
    [
        ("5.8万", "8.8", True),
        ("58000元", "8.8", True),
        ("5.8", "8.8万元", True),
        ("5.8万", "9.9", False),
        ("0.00058亿元", "8.8", True),
        ("5.8", "88000", False),
    ],
)
def test_an_amount_that_states_its_unit_counts_in_its_table_s(
    first: str, total: str, holds: bool, tmp_path: Path
) -> None:
    sheet = f"部门收入预算表\n单位：万元\n项目 | 预算数\n一般公共预算拨款 | {first}\n政府性基金 | 3\n收入合计 | {total}"
    assert (places(review(tmp_path, {"表": sheet})) == set()) is holds


def test_a_rate_of_a_double_is_not_held_to_its_last_digit() -> None:
    """Calc stores 15 digits of a quotient, the last of which may be another than that of the exact one."""
    rate = ratio_of(decimal("73.6499"), decimal("75.6"))
    assert rate.rounds_to("97.4205026455027%")
    assert rate.rounds_to("97.42%")
    assert not rate.rounds_to("97.4205026455037%")
