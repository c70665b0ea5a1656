"""Columns of bounds and measures score as single rows do; what no rule scores is left to the scalar form."""

from __future__ import annotations

import numpy as np
import pytest

from perfeval.arithmetic import exact
from perfeval.errors import InvalidValue
from perfeval.quantities import of_number
from perfeval.scoring import bounds, indicator, indicatorcolumns
from perfeval.targets import Threshold
from support import native_ties
from support.native_ties import CONVENTIONS


def _row(sign: str, bound: float, measured: float, weight: float, chosen) -> float | None:
    limit = of_number(bound)
    target = Threshold(sign, limit, sign in "≤<", False, limit.text)
    try:
        value = indicator(target, of_number(measured), exact(weight), chosen).value
    except InvalidValue:
        return None
    return None if value is None else float(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("chosen", CONVENTIONS, ids=range(len(CONVENTIONS)))
@pytest.mark.parametrize("weights", [(10.0,), (10.0, 7.5, 13.33, 0.0)], ids=["one weight", "weights"])
@pytest.mark.parametrize("largest", [1e3, 1e9, 1e14], ids=["small", "large", "beyond int64"])
def test_columns_score_as_rows_do(chosen, weights: tuple[float, ...], largest: float) -> None:
    draw = np.random.default_rng(2026)
    size = 600
    bound = np.round(draw.uniform(-0.1, 1, size) * largest, 2)
    measured = np.where(draw.random(size) < 0.3, bound, np.round(bound * draw.uniform(-0.2, 3, size), 2))
    bound[:20], measured[10:30] = 0, 0
    weight, signs = draw.choice(np.array(weights), size), draw.choice(np.array(list(bounds.SIGNS)), size)
    for column in (signs, np.full(size, "≥")):
        values, done = indicatorcolumns.score(column, bound, measured, weight, chosen)
        rows = zip(column.tolist(), bound.tolist(), measured.tolist(), weight.tolist(), strict=True)
        expected = [_row(*row, chosen) for row in rows]
        assert [value if is_done else None for value, is_done in zip(values.tolist(), done, strict=True)] == expected
        assert done.mean() > 0.7


def test_ties_score_as_the_kernel_over_ints() -> None:
    cases = [case for case in native_ties.cases(2_000, seed=9) if case.shape in bounds.SIGNS]
    for chosen in CONVENTIONS:
        own = [case for case in cases if case.chosen is chosen]
        bound, measured = (np.array([getattr(case, name) / 100 for case in own]) for name in ("bound", "measured"))
        weight = np.array([float(case.weight) for case in own])
        values, done = indicatorcolumns.score(np.array([case.shape for case in own]), bound, measured, weight, chosen)
        scores = [value if is_done else "" for value, is_done in zip(values.tolist(), done, strict=True)]
        assert scores == [native_ties.expected(case) for case in own]


def test_what_is_no_number_is_left_undone() -> None:
    odd = [np.nan, np.inf, 5.0, 5.0, 5.0]
    columns = np.array(odd), np.array([5.0, 5.0, -np.inf, 5.0, 5.0]), np.array([10.0, 10.0, 10.0, -1.0, 10.0])
    _, done = indicatorcolumns.score(np.full(5, "≥"), *columns, CONVENTIONS[0])
    assert done.tolist() == [False, False, False, False, True]
