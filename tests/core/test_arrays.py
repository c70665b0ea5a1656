"""The int64 column form: the same scores as cell by cell, whatever the columns hold."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import date
from typing import Any

import numpy as np
import pytest

from perfeval.errors import CELL_ERRORS, DIV0, VALUE, CellError, InvalidValue, PerfEvalError
from perfeval.functions import FUNCTIONS

ROWS = 600  # above the size from which ranges take the column form
SCORE, RATE = FUNCTIONS["PE_EXEC_SCORE"], FUNCTIONS["PE_EXEC_RATE"]
CONVENTIONS = ("", "sz-project-2021", "cn-project-2020; score=4", "cn-project-2020; execution_cap=uncapped; rate=4")


def money(choose: random.Random) -> tuple[float, float]:
    budget = choose.randint(1, 10**10) / 100
    return budget, round(budget * choose.random() * 1.1, 2)


def ties(choose: random.Random) -> tuple[float, float]:
    """Scores that end in exactly half a unit of the last decimal."""
    budget = choose.randint(1, 10**6)
    return float(budget * 2000), float(budget * (2 * choose.randint(0, 999) + 1))


def wan_yuan(choose: random.Random) -> tuple[float, float]:
    return choose.randint(1, 10**9) / 10**6, choose.randint(0, 10**9) / 10**6


def computed(choose: random.Random) -> tuple[float, float]:
    """Sums and quotients as a sheet's own formulas leave them."""
    return sum(choose.randint(1, 999) / 10 for _ in range(7)), choose.randint(1, 9999) / 7


def huge(choose: random.Random) -> tuple[float, float]:
    return choose.randint(1, 10**15) * 10.0 ** choose.randint(0, 6), choose.randint(1, 10**15) * 1.0


def tiny(choose: random.Random) -> tuple[float, float]:
    return choose.random() * 1e-9 + 1e-12, choose.random() * 1e-9


KINDS = (money, ties, wan_yuan, computed, huge, tiny)


def rows_of(kind: Any) -> list[tuple[float, float]]:
    choose = random.Random(kind.__name__)
    return [kind(choose) for _ in range(ROWS)]


def column(values: Any) -> tuple[tuple[Any, ...], ...]:
    return tuple((value,) for value in values)


def one_by_one(function: Any, *rows: tuple[Any, ...]) -> list[Any]:
    def cell(row: tuple[Any, ...]) -> Any:
        try:
            return function.call(*row)
        except PerfEvalError as error:
            return error.cell_error

    return [cell(row) for row in rows]


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("weight", [10, 20, 12.5, 0.13])
@pytest.mark.parametrize("kind", KINDS)
def test_a_column_scores_as_its_rows_do(kind: Any, weight: float, convention: str) -> None:
    rows = rows_of(kind)
    budgets, executed = zip(*rows, strict=True)
    together = SCORE.call(column(budgets), column(executed), weight, convention)
    assert [row[0] for row in together] == one_by_one(SCORE, *((*row, weight, convention) for row in rows))


@pytest.mark.parametrize("name", ["PE_EXEC_RATE", "PE_CONTROL_RATE", "PE_CHANGE_RATE"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_column_of_rates_is_its_rows_rates(kind: Any, name: str) -> None:
    rows = rows_of(kind)
    first, second = zip(*rows, strict=True)
    together = FUNCTIONS[name].call(column(first), column(second))
    assert [row[0] for row in together] == one_by_one(FUNCTIONS[name], *rows)


ODD_CELLS: tuple[Any, ...] = (
    None, "", "  ", 0.0, -5.0, "100万元", "0.012亿元", "5人", "abc", True, date(2021, 1, 1), CellError("#REF!"), 0.1 + 0.2,
)  # fmt: skip


@pytest.mark.parametrize("length", [13, ROWS])
def test_cells_that_are_no_plain_numbers_are_named_one_by_one(length: int) -> None:
    choose = random.Random(7)
    rows = [
        (choose.choice([*ODD_CELLS, 100.0, 250.5]), choose.choice([*ODD_CELLS, 80.0, 99.99])) for _ in range(length)
    ]
    budgets, executed = zip(*rows, strict=True)
    together = [row[0] for row in SCORE.call(column(budgets), column(executed))]
    assert together == one_by_one(SCORE, *rows)
    assert {str, CellError} <= {type(cell) for cell in together}


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [((0.5123, 0.4567), 8.91), ((2.4567, 2.1345), 8.69), ((0.3, 0.1 + 0.2), 10.0), ((26, 17 * 0.13), 0.85)],
)
def test_known_scores_in_both_forms(amounts: tuple[float, float], expected: float) -> None:
    assert SCORE.call(*amounts, 10) == expected
    together = SCORE.call(*(column([amount] * ROWS) for amount in amounts), 10)
    assert {row[0] for row in together} == {expected}


def test_whole_rows_keep_their_shape() -> None:
    block = tuple(tuple(float(100 + row * column) for column in range(3)) for row in range(200))
    scores = SCORE.call(block, block)
    assert (len(scores), len(scores[0])) == (200, 3)
    assert SCORE.call(((100.0, 200.0),), ((50.0, 200.0),)) == ((5.0, 10.0),)
    assert SCORE.call(((100.0,),), ((50.0,),)) == 5.0


@pytest.mark.parametrize("shape", [(4,), (600,), (300, 2), (2, 2), (0,)])
def test_numpy_in_numpy_out(shape: tuple[int, ...]) -> None:
    budgets = np.full(shape, 200.0)
    scores = SCORE.call(budgets, budgets / 2)
    assert isinstance(scores, np.ndarray)
    assert (scores.shape, scores.dtype) == (shape, np.float64)
    assert (scores == 5.0).all()


def test_a_single_numpy_number_is_a_number() -> None:
    assert SCORE.call(np.float64(200.0), 100.0, np.float64(10)) == 5.0


def test_numpy_with_a_zero_budget_holds_the_error() -> None:
    scores = SCORE.call(np.array([0.0, 100.0, -1.0]), np.array([5.0, 50.0, 5.0]))
    assert scores.tolist() == [DIV0, 5.0, VALUE]


def test_one_value_stands_for_every_cell() -> None:
    assert FUNCTIONS["PE_MEETS"].call("≥3次", (("3次", "2次"), ("", "无"))) == (("是", "否"), ("", VALUE))
    assert SCORE.call(column([100.0] * ROWS), 50.0)[-1] == (5.0,)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((column([1.0, 2.0]), column([1.0, 2.0, 3.0])), "大小不同：2×1 与 3×1"),
        ((((1.0, 2.0),), column([1.0, 2.0])), "大小不同：1×2 与 2×1"),
        ((np.ones(3), np.ones((3, 2))), "大小不同"),
        ((column([1.0]), column([1.0]), 10, column(["国家"])), "“口径”只能是一个单元格"),
        ((((1.0, 2.0), (3.0,)), ((1.0, 2.0), (3.0,))), "每行"),
    ],
)
def test_ranges_of_different_size_are_one_clear_error(arguments: tuple[Any, ...], reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        SCORE.call(*arguments)


def test_every_worksheet_error_passes_through_a_column() -> None:
    errors = list(CELL_ERRORS.values())
    cells = [*errors, *[1.0] * ROWS]
    together = RATE.call(column(cells), column([1.0] * len(cells)))
    assert [row[0] for row in together[: len(errors)]] == errors


LIGHT = """
import sys
import perfeval.functions as f
f.named("PE_EXEC_SCORE").call(100, 95.5, 10)
f.named("PE_INDICATOR_SCORE").call((("≥95%",), ("27人",)), (("90%",), ("28人",)), 10)
f.named("PE_HINT").call("≥95%", "90%", 10, 9, "")
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"numpy", "xlwings", "openpyxl", "lxml", "xlsxwriter"}))
"""


def test_single_cells_need_the_standard_library_only() -> None:
    run = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
