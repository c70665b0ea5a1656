"""The functions beside an implementation in fractions: a small part of what ``support/differential.py`` compares."""

from __future__ import annotations

import contextlib
from fractions import Fraction

import pytest

from perfeval.errors import NumberTooLarge, PerfEvalError
from perfeval.functions import FUNCTIONS
from support import differential
from support.differential import Case


@pytest.mark.parametrize("seed", [13, 2026])
@pytest.mark.filterwarnings("error")
def test_no_case_differs(seed: int) -> None:
    comparison = differential.compared(1_500, seed)
    assert comparison.differing == []
    assert set(differential.COLUMNS) <= {
        case.function for _, case in zip(range(200), differential.cases(seed), strict=False)
    }
    assert all(count > 50 for count in comparison.counts.values())


def test_a_wrong_value_is_seen() -> None:
    comparison = differential.Comparison()
    comparison.compare(Case("预算执行率", "PE_EXEC_RATE", (100, 50), Fraction(1, 3)))
    comparison.compare(Case("预算执行率", "PE_EXEC_RATE", (0, 50), Fraction(0)))
    comparison.finish()
    assert [result for _, result in comparison.differing] == [0.5, "#DIV/0!"] * 2


# --- the edges themselves, R-18 ---

BEYOND = {
    "a rate": ("PE_EXEC_RATE", 1e-10, 1e300),
    "of the least": ("PE_EXEC_RATE", 5e-324, 1.0),
    "control": ("PE_CONTROL_RATE", 1e308, 1e-5),
    "a change": ("PE_CHANGE_RATE", 1e308, 1e-300),
    "a fall": ("PE_CHANGE_RATE", -1e308, 1e-300),
    "completion": ("PE_COMPLETION", 1e-300, 1e300),
    "completion of texts": ("PE_COMPLETION", "≥0.0000000001", 1e305),
    "a total": ("PE_TOTAL", 1e308, 1e308),
    "a total of a range": ("PE_TOTAL", ((1e308, 1e308), (1.0, None))),
    "a score above the weight": ("PE_EXEC_SCORE", 1e-10, 1e300, 10, "execution_cap=uncapped"),
}


@pytest.mark.parametrize("call", BEYOND.values(), ids=BEYOND.keys())
def test_what_no_cell_holds_is_an_error_with_a_sentence(call: tuple[object, ...]) -> None:
    name, *arguments = call
    function = FUNCTIONS[str(name)]
    with pytest.raises(NumberTooLarge, match=r"1\.8×10\^308"):
        function.call(*arguments)
    assert "请核对" in function.explain(*arguments)


EDGES = (5e-324, 1e-308, 1e-10, 0.0, -1e-300, 1.0, 1e15, 1e300, 1.7976931348623157e308, -1.7976931348623157e308)
FIGURES = (
    *("九" * 50, "九" * 6000, "百千" * 3000, "一" * 40 + "人", "9" * 41, "9" * 5000, "0." + "0" * 300 + "1"),
    *("1" * 40 + "万亿元", "-" + "9" * 39 + "%"),
)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_no_function_ends_in_another_error(name: str) -> None:
    function = FUNCTIONS[name]
    standard = {
        "PE_STD_SCORE": ("hn-department-2020", "在职人员控制率"),
        "PE_STD_HINT": ("hn-department-2020", "预算执行率"),
    }
    first = standard.get(name, ())
    many = range(max(function.required - len(first), 1), 6)
    for one in (*EDGES, *FIGURES, 10**400):
        for other in (*EDGES, *FIGURES[:3]):
            for count in many:
                arguments = (*first, *(one if place % 2 else other for place in range(count)))
                with contextlib.suppress(PerfEvalError):
                    function.call(*arguments)
                function.explain(*arguments)


WITHIN = [
    ("PE_EXEC_SCORE", (100, 100, 7.5, "score=0"), 7.5),
    ("PE_EXEC_SCORE", (100, 99.9, 7.5, "score=0"), 7.0),
    ("PE_EXEC_SCORE", (100, 99.9, 0.006, ""), 0.006),
    ("PE_EXEC_SCORE", (100, 100, 7.5, "score=0; execution_cap=uncapped"), 7.5),
    ("PE_EXEC_SCORE", (100, 101, 7.5, "score=0; execution_cap=uncapped"), 8.0),
    ("PE_EXEC_SCORE", (100, 100, 7.5, "score=0; rate=0"), 7.5),
    ("PE_INDICATOR_SCORE", (10, 9, 0.006, "", ""), 0.006),
    ("PE_INDICATOR_SCORE", ("≤100", 101, 12.345, "", "score=1"), 12.2),
    ("PE_INDICATOR_SCORE", ("≤100", 100.01, 12.345, "", "score=2"), 12.34),
    ("PE_QUARTER_SCORE", (0.25, 0.5, 0.75, 1.0, 7.5, "sz-department-2020; score=0"), 7.5),
    ("PE_QUARTER_SCORE", (0.25, 0.5, 0.75, 1.0, 0.006, ""), 0.006),
    ("PE_STD_SCORE", ("hn-department-2020; score=0", "在职人员控制率", 10, 10), 2.0),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), WITHIN)
def test_rounding_does_not_pass_the_weight(name: str, arguments: tuple[object, ...], expected: float) -> None:
    assert FUNCTIONS[name].call(*arguments) == expected


@pytest.mark.parametrize(
    ("budget", "executed", "weight"), [(100.0, 100.0, 7.5), (100.0, 99.9, 0.006), (3.0, 2.0, 13.335)]
)
def test_a_column_is_capped_as_a_cell_is(budget: float, executed: float, weight: float) -> None:
    function = FUNCTIONS["PE_EXEC_SCORE"]
    column = function.call(((budget,),) * 300, ((executed,),) * 300, weight, "score=0")
    assert column == ((function.call(budget, executed, weight, "score=0"),),) * 300


def test_that_rounding_was_capped_is_told() -> None:
    told = FUNCTIONS["PE_INDICATOR_SCORE"].explain(10, 9, 0.006)
    assert "= 0.006 分（四舍五入后不超过分值）" in told
    assert "不超过分值）" not in FUNCTIONS["PE_INDICATOR_SCORE"].explain(10, 9, 6)


@pytest.mark.parametrize(
    ("paces", "mean", "cap", "expected"),
    [
        ((0.1, 0.2, 0.3, 1.2), "raw", "total", 0.4 + 0.4 + 0.4 + 1.2 + 2 * 0.45),
        ((0.1, 0.2, 0.3, 1.2), "raw", "each", 0.4 + 0.4 + 0.4 + 1.0 + 2 * 0.4),
        ((0.1, 0.2, 0.3, 1.2), "pace", "total", 2.4 + 2 * 0.6),
        ((0.1, 0.2, 0.3, 1.2), "pace", "each", 2.2 + 2 * 0.55),
    ],
)
def test_each_quarter_is_capped_in_both_means(paces: tuple[float, ...], mean: str, cap: str, expected: float) -> None:
    said = f"sz-department-2020; quarter={mean}; quarter_cap={cap}"
    assert FUNCTIONS["PE_QUARTER_SCORE"].call(*paces, None, said) == pytest.approx(round(expected, 2))
    told = FUNCTIONS["PE_QUARTER_SCORE"].explain(*paces, None, said)
    assert told.count("每季最多 100%") == (2 if cap == "each" else 0)
