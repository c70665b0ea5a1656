"""Leaves and printed rules as formulas: the score of PerfEval, or none; and what the formulas may be made of."""

from __future__ import annotations

import random
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from perfeval.arithmetic import decimal
from perfeval.errors import PerfEvalError
from perfeval.forms.grid import Value
from perfeval.functions import FUNCTIONS
from perfeval.native import leaves
from perfeval.native.leaves import Operand
from perfeval.quantities import PERCENT
from perfeval.ruletext import with_choices
from perfeval.ruletext.reading import read
from perfeval.ruletext.scores import convention_of, printed_convention
from perfeval.scoring import score
from perfeval.scoring.inputs import read as read_input
from perfeval.standards import Leaf, available_detailed, detailed_standard
from perfeval.standards.rules import YES_NO, Attainment, Input
from support import native_leaves
from support.formula_values import cell, computed, plainly
from support.native_leaves import OPTIONS, verdict
from support.native_lint import faults

RULES = tomllib.loads((Path(__file__).parents[1] / "data/printed_rules/sentences.toml").read_text(encoding="utf-8"))[
    "rule"
]


def test_no_score_of_a_leaf_is_another_than_perfevals() -> None:
    """Every leaf of the four standards under every set of 口径, over random fillings."""
    became: dict[str, Counter[str]] = defaultdict(Counter)
    wrong = []
    for case in native_leaves.cases(fillings=12, seed=2026):
        for plain in (False, True):
            result = verdict(case, native_leaves.native(case, plain=plain))
            became[f"{case.standard.partition(';')[0]} {case.leaf.code}"][result] += 1
            if result == "WRONG":
                wrong.append(case)
    assert wrong == []
    assert len(became) == 87
    assert sum(counts.total() for counts in became.values()) == 2 * 12 * 87 * len(OPTIONS) > 2 * 5_000
    assert min(counts["equal"] for counts in became.values()) > 10
    total = sum(became.values(), Counter())
    assert total["handed"] < 0.1 * total["equal"]  # measures as text, and more decimals than are computed with


def _leaf(standard: str, code: str) -> tuple[Leaf, Any]:
    chosen, convention = detailed_standard(standard)
    return chosen.leaf(code), convention


HANDED, NOT = "", "—"


@pytest.mark.parametrize(
    ("standard", "code", "values", "expected"),
    [
        ("sz-department-2020", "procurement", (8.88, 13.8, 0.36), 1.0),
        ("sz-department-2020", "procurement", (13.81, 13.8, 1.0), 1.0),
        ("sz-department-2020; zero_scope=leaf", "procurement", (13.81, 13.8, 1.0), 0.0),
        ("sz-department-2020", "procurement", (0.0, 0.0, 1.0), HANDED),
        ("sz-department-2020", "procurement", (-8.88, 13.8, 1.0), HANDED),
        ("sz-department-2020", "procurement", (8.88, None, 1.0), HANDED),
        ("sz-department-2020", "procurement", (8.88, "不适用", 1.0), NOT),
        ("sz-department-2020", "disclosure", (None, None, "是"), 3.0),
        ("sz-department-2020", "disclosure", (None, 1.0, "否"), HANDED),
        ("sz-department-2020", "disclosure", (None, "看不懂", "是"), HANDED),
        ("sz-department-2020", "financial-compliance", (None, None, None, None, "是"), 0.0),
        ("sz-department-2020", "key-tasks", (1.0,), 4.0),
        ("sz-department-2020", "key-tasks", (1.5,), HANDED),
        ("sz-department-2020", "资金调整调剂规范性", (10.99, 100.0), 1.0),
        ("sz-department-2020", "资金调整调剂规范性", (11.0, 100.0), 0.9),
        ("sz-department-2020", "资金调整调剂规范性", (1099999.99, 10000000.0), 1.0),
        ("sz-department-2020", "资金调整调剂规范性", (1100000.0, 10000000.0), 0.9),
        ("sz-department-2020", "资金调整调剂规范性", (109999999.99, 1e9), 1.0),
        ("sz-department-2020", "资金调整调剂规范性", (110000000.0, 1e9), 0.9),
        ("sz-department-2020", "三公经费控制率", (0.0, 0.0), 3.0),
        ("sz-department-2020", "三公经费控制率", (1.0, 0.0), 0.0),
        ("sz-department-2020; three_public=zero", "三公经费控制率", (0.0, 0.0), 0.0),
        ("sz-department-2020; three_public=zero", "三公经费控制率", (1.0, 0.0), 0.0),
        ("sz-department-2020; three_public=error", "三公经费控制率", (0.0, 0.0), HANDED),
        ("hn-department-2020", "staff-control", (101.0, 100.0), 1.5),
        ("hn-department-2020", "staff-control", (10001.0, 1000.0), HANDED),
        ("hn-department-2020", "payment-progress", (0.95, 1.0), 2.0),
        ("hn-department-2020", "payment-progress", (97 / 103, 1.0), 2.0),
    ],
)  # fmt: skip
def test_a_leaf(standard: str, code: str, values: tuple[Value, ...], expected: object) -> None:
    leaf, convention = _leaf(standard, code)
    pairs = zip(leaf.inputs, values, strict=True)
    read_cells = [computed(leaves.reading(one, "A1"), {"A1": value}) for one, value in pairs]
    operands = {cell(column): value for column, value in enumerate(read_cells, start=1)}
    formula = leaves.score(leaf, [Operand(place) for place in operands], convention)
    assert computed(formula, operands) == plainly(formula, operands) == expected
    try:
        ours = FUNCTIONS["PE_STD_SCORE"].call(standard, code, *values)
    except PerfEvalError:
        ours = None
    assert expected in (HANDED, NOT) or ours == expected


@pytest.mark.parametrize(
    ("unit", "value", "read_as"),
    [
        ("元", 12.5, 12.5), ("元", 0.0, 0.0), ("元", None, ""), ("元", "  ", ""), ("元", -1.0, "?"), ("元", "97万元", "?"),
        ("元", 0.1 + 0.2, 0.1 + 0.2), ("元", 1234.56789, "?"), ("元", "—", "—"), ("元", "N/A", "—"), ("元", "n/a", "—"),
        ("元", "*", "?"), ("元", True, "?"), ("元", 1e-7, "?"), ("数量", 123.456789, 123.456789), ("数量", 1e-7, "?"),
        ("%", 0.95, 0.95), ("%", 97 / 103, 97 / 103), ("%", 10.0, 10.0), ("%", 95.0, "?"), ("%", "不涉及", "—"),
        ("是否", "是", 1.0), ("是否", " 有 ", 1.0), ("是否", "*", 0.0), ("是否", "x", "?"), ("是否", True, 1.0),
        ("是否", 0.0, 0.0), ("是否", 2.0, "?"), ("是否", "不适用", "?"), ("是否", None, ""),
    ],
)  # fmt: skip
def test_an_input_as_read(unit: str, value: Value, read_as: object) -> None:
    assert computed(leaves.reading(Input("x", "数", unit), "A1"), {"A1": value}) == read_as


def test_the_word_of_a_level_is_its_points() -> None:
    one = _leaf("sz-department-2020", "disclosure")[0].inputs[0]
    word, points = one.levels[0]
    for value, expected in ((word, float(points)), (float(points), float(points)), (0.33, "?"), ("别的", "?")):
        assert computed(leaves.reading(one, "A1"), {"A1": value}) == expected


def test_amounts_in_unlike_units_give_no_score() -> None:
    leaf, convention = _leaf("hn-department-2020", "staff-control")
    formula = leaves.score(leaf, [Operand("A1", "C1"), Operand("B1", "D1")], convention)
    for units, expected in ((("", ""), 1.5), (("人", "人"), 1.5), (("人", "个"), ""), (("人", None), "")):
        cells: dict[str, Value] = dict(zip(("A1", "B1", "C1", "D1"), (101.0, 100.0, *units), strict=True))
        assert computed(formula, cells) == plainly(formula, cells) == expected


@pytest.mark.parametrize("case", RULES, ids=[f"{place} {case['text'][:24]}" for place, case in enumerate(RULES)])
def test_a_printed_rule(case: dict[str, Any]) -> None:
    """Every understood sentence, over rates at, beside and between its limits, of one cell or of 完成值 ÷ 指标值."""
    words, choices = with_choices(case["text"])
    weight = decimal(case["weight"])
    if "refused" in case or case.get("judged"):
        return
    reading = read(words, weight)
    if isinstance(reading.rule, Attainment):
        return
    leaf, convention = reading.leaf(weight), convention_of(reading, printed_convention(2, choices))
    formula = leaves.score(leaf, [Operand(cell(column)) for column in range(1, len(leaf.inputs) + 1)], convention)
    assert faults(formula) == []
    draw = random.Random(case["text"])
    scored = 0
    last = len(leaf.inputs) - 1
    over_nothing = [[draw.choice([0.0, 1.0]) if place < last else 0.0 for place in range(last + 1)] for _ in range(2)]
    for values in (*over_nothing, *([_likely(one, draw) for one in leaf.inputs] for _ in range(40))):
        operands = {cell(column): value for column, value in enumerate(values, start=1)}
        ours = computed(formula, operands)
        assert ours == plainly(formula, operands)
        try:
            points = score(
                leaf, [read_input(one, value) for one, value in zip(leaf.inputs, values, strict=True)], convention
            )
        except PerfEvalError:
            assert ours == ""
            continue
        assert ours == ("" if points.value is None else float(points.value)), values  # type: ignore[arg-type]
        scored += points.value is not None
    assert scored or "refused" in str(case)


def _likely(one: Input, draw: random.Random) -> float:
    if one.unit == YES_NO:
        return draw.choice([0.0, 1.0])
    if one.unit == PERCENT:
        return draw.choice(
            [draw.randrange(0, 131) / 100, draw.randrange(0, 13001) / 10000, 0.05 * draw.randrange(30), 0.0, 1.0]
        )
    return float(draw.choice([0, 1, 2, 3, 4, 5, 8, 10, 19, 20, 95, 99, 100, 101, 110]))


def test_what_is_written_is_of_excel_2010_and_holds_no_trap() -> None:
    longest = 0
    for options in OPTIONS:
        for name in available_detailed():
            standard, convention = detailed_standard(name + options)
            for leaf in standard.leaves:
                cells = [
                    Operand(f"'基础 数据'!$AT${row}", f"'基础 数据'!$AU${row}")
                    for row in range(1001, 1001 + len(leaf.inputs))
                ]
                written = [
                    leaves.score(leaf, cells, convention),
                    *(leaves.reading(one, "基础数据!$F$1001") for one in leaf.inputs),
                ]
                assert [fault for formula in written for fault in faults(formula)] == []
                longest = max(longest, *map(len, written))
    assert longest < 2_000


@pytest.mark.parametrize(
    ("formula", "fault"),
    [
        ("SUMPRODUCT((A1:A3=1)*1)", "SUMPRODUCT is not on the list"),
        ("_xlfn.IFNA(A1,0)", "a function newer than Excel 2010"),
        ("LOOKUP(A1,{1,2})", "an array constant"),
        ("SUM(A1:A3*2)", "an area beside *: an array"),
        ('COUNTIF(A1:A3,"?")', "COUNTIF with what may be a wildcard"),
        ("COUNTIF(A1:A3,B1)", "COUNTIF with what may be a wildcard"),
        ("MATCH(B1,A1:A3,0)", "MATCH with what may be a wildcard"),
        ("(A1=1)>0", "a truth compared with what is none"),
        ("IF(A1,1=1,1=0)=1", "a truth compared with what is none"),
        ("(A1=1)+1", "a truth beside +"),
        ("IF(A1>0,TRUE,1)", "TRUE: a bare truth is written 1=1 or 1=0"),
        ("[1]表!A1+1", "another workbook: [1]表!A1"),
        ("IF(" * 70 + "A1" + ",1,0)" * 70, "70 levels of functions"),
        ("1+" * 4_100 + "1", "8202 characters"),
        ("IF(A1,1", "not parsed"),
    ],
)
def test_the_lint_sees_a_fault(formula: str, fault: str) -> None:
    assert any(one.startswith(fault) for one in faults(formula)), faults(formula)


@pytest.mark.parametrize(
    "formula",
    [
        'COUNTIF(A1:A3,"不适用")',
        'COUNTIF(A1:A3,">="&ROUND(B1,2))',
        "IF(EXACT(INDEX(A1:A3,MATCH(B1,A1:A3,0)),B1),1,0)",
        "MATCH(B1,A1:A3)",
        "(A1=1)=(B1=1)",
    ],
)
def test_the_lint_lets_pass_what_is_safe(formula: str) -> None:
    assert faults(formula) == []
