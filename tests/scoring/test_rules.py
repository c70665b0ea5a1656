"""The kinds of rule: each at its edges, each reading, against fractions, and columns against single leaves."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from perfeval.errors import DIV0, InvalidValue, PerfEvalError
from perfeval.functions import FUNCTIONS
from perfeval.quantities import of_number
from perfeval.scoring import leafcolumns, score
from perfeval.standards import Leaf, available_detailed, detailed_standard, load_detailed
from perfeval.standards.expressions import expression
from perfeval.standards.rules import YES_NO, Cases, Quarterly, Steps

SZ, HN, HN_EXPENDITURE = "sz-department-2020", "hn-department-2020", "hn-expenditure-2020"


def points(*arguments: Any) -> Any:
    """PE_STD_SCORE's value, or the worksheet error it becomes."""
    try:
        return FUNCTIONS["PE_STD_SCORE"].call(*arguments)
    except PerfEvalError as error:
        return error.cell_error


@pytest.mark.parametrize(
    ("standard", "leaf", "cases"),
    [
        (SZ, "fixed-asset-utilisation", {(90, 100): 1, (89.99, 100): 0.7, (75, 100): 0.7, (60, 100): 0.4, (59, 100): 0}),
        (SZ, "staff-control", {(17, 17): 1, (18, 17): 0, (0, 0): DIV0, (1, 0): DIV0}),
        (SZ, "outside-staff-control", {(4.99, 100): 1, (5, 100): 0.5, (10, 100): 0.5, (10.01, 100): 0, (21, 55): 0}),
        (SZ, "三公经费控制率", {(89.99, 100): 3, (90, 100): 2, (100, 100): 2, (100.01, 100): 0, (0, 0): 3, (1, 0): 0}),
        (f"{SZ}; three_public=zero", "三公经费控制率", {(0, 0): 0, (0, 5): 3}),
        (f"{SZ}; three_public=error", "三公经费控制率", {(0, 0): DIV0, (1, 0): 0}),
        (SZ, "satisfaction", {(0.95,): 6, ("94.99%",): 4, (0.9,): 4, (0.8,): 2, (0.7999,): 1, (0,): 1}),
        (SZ, "资金调整调剂规范性", {(10, 100): 1, (10.99, 100): 1, (11, 100): 0.9, (12.5, 100): 0.8, (20, 100): 0, (99, 100): 0}),
        (f"{SZ}; 扣分档=不足一档也扣", "资金调整调剂规范性", {(10, 100): 1, (10.01, 100): 0.9, (11, 100): 0.9}),
        (f"{SZ}; steps=linear", "资金调整调剂规范性", {(10.55, 100): 0.95, (11, 100): 0.9}),
        (SZ, "procurement", {(8.88, 13.8, 0.36): 1, (13.8, 13.8, 1): 2, (13.81, 13.8, 1): 1, (0, 0, 1): DIV0}),
        (f"{SZ}; zero_scope=leaf", "procurement", {(13.8, 13.8, 1): 2, (13.81, 13.8, 1): 0}),
        (SZ, "project-supervision", {("是", "是", "否"): 2, ("是", "是", "是"): 1, ("否", "是", "否"): 1}),
        (f"{SZ}; zero_scope=leaf", "project-supervision", {("是", "是", "是"): 0, ("是", "否", "否"): 1}),
        (SZ, "financial-compliance", {(1, 5, 100, 0.5, "否"): 2.5, (1, 5, 100, 1, "是"): 0, (None,) * 4 + ("是",): 0}),
        (SZ, "disclosure", {("按要求公开", 1, "否"): 2.5, (0, "没有公开", 0): 0, (None, None, "是"): 3, (None, 1, "否"): ""}),
        (SZ, "budget-compliance", {(0,): 5, (2,): 3, (5,): 0, (9,): 0}),
        ("sz-department-2019", "goal-completeness", {(2,): 6}),
        (SZ, "goal-completeness", {(2,): 1, (3,): 0}),
        (SZ, "key-tasks", {(0,): 8, (1,): 4, (2,): 0, (3,): 0}),
        (SZ, "institutions", {("是", "是", "是"): 3, (True, False, "是"): 1.5, (1, 0, 0): 0.5, ("符合", "×", ""): ""}),
        (SZ, "project-timeliness", {(4, 6): 4, (9, 11): 4.91, (6, 6): 6, (0, 6): 0}),
        (SZ, "effects", {(24,): 24, (None,): "", ("24.5分",): 24.5}),
        (HN, "staff-control", {(31, 37): 2, (100, 100): 2, (101, 100): 1.5, (101.99, 100): 1.5, (104, 100): 0}),
        (HN, "payment-progress", {("99.27%", 1): 3, ("95%", "100%"): 2, (0.9501, 1): 3, (1.2, 1): 3}),
        (HN, "procurement", {(100, 100): 3, (104, 100): 3, (105, 100): 2, (95, 100): 2, (90, 100): 1, (80, 100): 0}),
        (HN, "three-public-change", {(1.17, 2.47): 2, (2, 2): 2, (2.02, 2): 1, (2.04, 2): 0, (0, 0): 2, (1, 0): DIV0}),
        (f"{HN}; reading=intended", "three-public-change", {(2, 2): 2, (2.02, 2): 1.6, (2.1, 2): 0}),
        (HN, "adjustment", {(0, 100): 0, (100, 100): 3, (95, 100): 2}),
        (f"{HN}; reading=intended", "adjustment", {(0, 100): 3, (5, 100): 2, (100, 100): 0}),
        (HN, "completion", {(90, 100): 5, (100, 100): 5, (102, 100): 3}),
        (f"{HN}; reading=intended", "completion", {(98, 100): 3, (102, 100): 5}),
        (f"{HN}; 自相矛盾的规则=照本意算", "timeliness", {(98, 100): 3, (100, 100): 5}),
        (HN, "key-spending", {(60, 100): 2, (50, 100): 2, (49, 100): 1.5, (46, 100): 0}),
        (HN_EXPENDITURE, "timeliness", {(10, 10): 5, (11, 10): "", (13, 10): "", (13.1, 10): 0}),
        (f"{HN_EXPENDITURE}; reading=intended", "timeliness", {(10, 10): 10, (13.1, 10): 0}),
        (HN_EXPENDITURE, "effects", {("100%",): 5, ("60%",): "", ("59.9%",): 0}),
        (f"{HN_EXPENDITURE}; reading=intended", "effects", {("100%",): 20}),
        (HN_EXPENDITURE, "cost-saving", {(100, 100): 0, (100, 0): 10, (100, 5): 8, (100, 90): 0}),
        (f"{HN_EXPENDITURE}; reading=intended", "cost-saving", {(100, 100): 10, (100, 80): 10, (100, 105): 8}),
        (HN_EXPENDITURE, "institutions", {(0,): 5, (1,): 2, (2,): 0}),
        (HN_EXPENDITURE, "completion", {("37.02万份", "30.68万份"): 10, ("99份", "100份"): 9}),
    ],
)  # fmt: skip
def test_a_rule_at_its_edges(standard: str, leaf: str, cases: dict[tuple[Any, ...], Any]) -> None:
    assert {values: points(standard, leaf, *values) for values in cases} == cases


# --- the quarters ---

QUARTER = FUNCTIONS["PE_QUARTER_SCORE"]


@pytest.mark.parametrize(
    ("rates", "weight", "convention", "expected"),
    [
        ((0.25, 0.5, 0.75, 1.0), None, None, 6.0),
        ((0.3, 0.5, 0.75, 1.0), None, None, 6.0),  # at most the weight
        ((0.3, 0.4, 0.75, 1.0), None, None, 6.0),
        ((0.3, 0.4, 0.75, 1.0), None, "sz-department-2020; quarter_cap=each", 5.7),
        ((0.2, 0.45, 0.7, 0.8348), None, "", 5.2),
        ((0.2, 0.45, 0.7, 0.8348), None, "quarter=raw", 4.56),
        (("20%", "45%", "70%", "83.48%"), 6, "深圳部门整体; 全年平均执行率=支出进度的平均", 4.56),
        ((0.25, 0.5, 0.75, 1.0), 10, None, 10.0),
        ((0.0, 0.0, 0.0, 0.0), None, None, 0.0),
        ((0.25, None, 0.75, 1.0), None, None, ""),
    ],
)
def test_quarters(rates: tuple[Any, ...], weight: Any, convention: Any, expected: Any) -> None:
    assert QUARTER.call(*rates, weight, convention) == expected


def test_paced_quarters_are_worth_six_times_their_mean() -> None:
    """S000's 5.14 means a mean pace of 85.67%: its rates were not published."""
    pace = 0.8567
    assert QUARTER.call(*(pace * due for due in (0.25, 0.5, 0.75, 1.0))) == 5.14


def test_quarters_need_a_standard_that_has_them() -> None:
    with pytest.raises(PerfEvalError, match="没有季度预算执行率指标"):
        QUARTER.call(0.25, 0.5, 0.75, 1.0, 6, HN)


# --- a percentage of the bound, where a standard's bound is neither 0% nor 100% ---

RELATIVE = """
id = "xx-department-2024"
extends = "hn-department-2020"
title = "某地"
names = []
kind = "department"
region = "某地"
scope = "某地"
effective = 2024-01-01
document = "某地的文件"
[[leaf]]
code = "key-spending"
rule = { kind = "steps", of = "key / budget", below = "50%", each = "2%", takes = "0.5" }
source = { document = "某地的文件", item = "重点支出安排率" }
"""


def test_a_percentage_can_mean_points_or_a_share_of_the_bound(tmp_path) -> None:
    from perfeval.conventions import overridden  # noqa: PLC0415
    from perfeval.standards import load_detailed_file  # noqa: PLC0415

    path = tmp_path / "xx-department-2024.toml"
    path.write_text(RELATIVE, encoding="utf-8")
    standard = load_detailed_file(path)
    leaf, given = standard.leaf("key-spending"), [of_number(49.0), of_number(100.0)]
    relative = overridden(standard.convention, {"percent": "relative"}, "x")
    values = [score(leaf, given, convention).value for convention in (standard.convention, relative)]
    assert [float(str(value)) for value in values] == [2.0, 1.5]  # 1 point is half a step of 2, but 2% of 50%


# --- against fractions ---


def by_fractions(rule: Steps, n: Fraction, d: Fraction, weight: Fraction, steps: str) -> Fraction:
    off = n / d - fraction(rule.bound)
    off = {"above": max(off, Fraction()), "below": max(-off, Fraction()), "both": abs(off)}[rule.side]
    count = off / fraction(rule.each)
    count = {"floor": Fraction(math.floor(count)), "ceil": Fraction(math.ceil(count)), "linear": count}[steps]
    return max(weight - fraction(rule.takes) * count, Fraction())


def fraction(number: Any) -> Fraction:
    return Fraction(number.units, 10**number.places)


STEPPED = [
    (standard, leaf)
    for standard in (SZ, HN, HN_EXPENDITURE)
    for leaf in load_detailed(standard).every()
    if isinstance(leaf.rule, Steps) and len(leaf.inputs) == 2 and leaf.rule.of.text.count("/") == 1
    and "-" not in leaf.rule.of.text
    and leaf.inputs[0].unit != "%"
]  # fmt: skip


@pytest.mark.parametrize("steps", ["floor", "ceil", "linear"])
@pytest.mark.parametrize(("standard", "leaf"), STEPPED, ids=lambda part: getattr(part, "code", part))
def test_steps_agree_with_fractions(standard: str, leaf: Leaf, steps: str) -> None:
    _, convention = detailed_standard(f"{standard}; steps={steps}")
    rule = leaf.rule
    assert isinstance(rule, Steps)
    draw = random.Random(f"{leaf.code}{steps}")
    for _ in range(200):
        whole = draw.randint(1, 10**6)
        n, d = Fraction(draw.randint(0, 2 * whole), 100), Fraction(whole, 100)
        if draw.random() < 0.3:  # on a step exactly
            d = Fraction(draw.randint(1, 10**4))
            n = max(Fraction(), d * (fraction(rule.bound) + draw.randint(-5, 5) * fraction(rule.each)))
        expected = by_fractions(rule, n, d, fraction(leaf.weight), steps)
        found = score(leaf, [of_number(float(n)), of_number(float(d))], convention).value
        assert fraction(found) == Fraction(math.floor(expected * 100 + Fraction(1, 2)), 100), (n, d)


# --- columns against single leaves ---

EVERY_LEAF = [
    pytest.param(standard, leaf, id=f"{standard}-{leaf.code}")
    for standard in available_detailed()
    for leaf in load_detailed(standard).leaves
]


def rows_for(leaf: Leaf, count: int, draw: np.random.Generator) -> list[np.ndarray]:
    """Plain numbers mostly, some on edges, some that no rule takes."""
    found = []
    for one in leaf.inputs:
        if one.unit == YES_NO:
            column = draw.integers(0, 2, count).astype(float)
        elif one.levels:
            column = draw.choice([float(worth) for _, worth in one.levels], count)
        elif isinstance(leaf.rule, Cases):
            column = draw.integers(0, int(float(one.most or 11)) + 1, count).astype(float)
        elif one.unit == "%":
            column = np.round(draw.random(count) * float(one.most or 2), 4)
        elif one.unit == "分":
            column = np.round(draw.random(count) * float(one.most or 5), 2)
        else:
            column = np.round(draw.random(count) * 200, 2)
            column[: count // 3] = draw.integers(0, 200, count // 3)
        odd = draw.random(count) < 0.02
        column[odd] = draw.choice([np.nan, -1.0, 0.0, 1e15, 0.1], odd.sum())
        found.append(column)
    return found


def single(leaf: Leaf, row: Sequence[float], convention: Any) -> float | None:
    """The leaf's points for one row; None where it is refused or a person's."""
    try:
        value = score(leaf, [of_number(number) for number in row], convention).value
    except PerfEvalError:
        return None
    return None if value is None else float(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "options", ["", "; steps=ceil; zero_scope=leaf", "; steps=linear; quarter=raw; reading=intended"]
)
@pytest.mark.parametrize(("standard", "leaf"), EVERY_LEAF)
def test_columns_agree_with_single_leaves(standard: str, leaf: Leaf, options: str) -> None:
    _, convention = detailed_standard(standard + options)
    columns = rows_for(leaf, 600, np.random.default_rng(7))
    values, done = leafcolumns.score(leaf, columns, convention)
    assert done.mean() > 0.3
    for row, value, plain in zip(zip(*(column.tolist() for column in columns), strict=True), values, done, strict=True):
        expected = single(leaf, row, convention) if all(map(math.isfinite, row)) else None
        assert not plain or value == expected, row


def test_columns_of_functions_agree_with_their_cells() -> None:
    draw = np.random.default_rng(3)
    actual, limit = np.round(draw.random((300, 1)) * 120, 1), np.round(draw.random((300, 1)) * 100, 0)
    control = FUNCTIONS["PE_CONTROL_SCORE"]
    by_column = control.call(actual, limit, HN, "公用经费控制率")
    for row, (one, other) in enumerate(zip(actual.ravel().tolist(), limit.ravel().tolist(), strict=True)):
        try:
            expected = control.call(one, other, HN, "公用经费控制率")
        except PerfEvalError as error:
            expected = error.cell_error
        assert by_column[row, 0] == expected
    quarters = [np.round(draw.random((300, 1)) * due, 4) for due in (0.25, 0.5, 0.75, 1.0)]
    by_column = QUARTER.call(*quarters, 6, "")
    for row in range(300):
        assert by_column[row, 0] == QUARTER.call(*(column[row, 0].item() for column in quarters), 6, "")


def test_amounts_that_int64_cannot_hold_are_still_exact() -> None:
    leaf, (_, convention) = load_detailed(HN).leaf("carry-over"), detailed_standard(HN)
    columns = [np.array([50_000_000_000_000.01, 5.0]), np.array([1_000_000_000_000_000.0, 100.01])]
    values, done = leafcolumns.score(leaf, columns, convention)
    assert done.all()
    assert values.tolist() == [
        single(leaf, row, convention) for row in zip(*map(np.ndarray.tolist, columns), strict=True)
    ]


def test_every_kind_of_rule_is_used() -> None:
    kinds = {
        type(leaf.rule).__name__ for name in available_detailed() for leaf in load_detailed(name).every() if leaf.rule
    }
    assert kinds == {"Proportion", "Tiers", "Steps", "Checklist", "Cases", "Quarterly", "Judgement"}
    assert any(isinstance(leaf.rule, Quarterly) for leaf in load_detailed(SZ).leaves)


# --- expressions ---


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a / b", "A ÷ B"),
        ("(a - b) / b", "（A − B） ÷ B"),
        ("a / (a + b)", "A ÷ （A ＋ B）"),
        ("a / b / c * b", "A ÷ B ÷ C × B"),
        ("a / (b / c) / c", "A ÷ （B ÷ C） ÷ C"),
        ("a", "A"),
    ],
)
def test_an_expression_in_words_and_as_a_fraction(text: str, written: str) -> None:
    rate = expression(text)
    assert rate.written({"a": "A", "b": "B", "c": "C"}) == written
    numerator, denominator = rate.fraction({"a": 300, "b": 700, "c": 900}, 100)
    assert Fraction(numerator, denominator) == eval(text, {}, {"a": Fraction(3), "b": Fraction(7), "c": Fraction(9)})


@pytest.mark.parametrize("text", ["", "a +", "a ** b", "f(a)", "a.b / c", "a / 2", "__import__('os')", "a * b", "a + a / b",
                                  "(" * 150 + "a" + ")" * 150, "a / b" * 60, "lambda: a", "a\0b"])  # fmt: skip
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="算式"):
        expression(text)
