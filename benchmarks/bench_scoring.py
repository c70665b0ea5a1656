"""How fast scores are computed, beside ``decimal``; how many ties floats would get wrong; what importing costs.

Run: ``python benchmarks/bench_scoring.py``. Times are medians of interleaved runs; read the ratios, not the seconds.
"""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from perfeval.functions import FUNCTIONS
from perfeval.standards import convention

ROWS = 1_000_000
DECIMAL_ROWS = 20_000  # decimal is measured on fewer rows and scaled up
ROUNDS = 7
SINGLE_CALLS = 2_000
WEIGHT = 10
CENT = Decimal("0.01")
SCORE = FUNCTIONS["PE_EXEC_SCORE"]
INDICATOR = FUNCTIONS["PE_INDICATOR_SCORE"]


def decimal_score(part: str, whole: str) -> Decimal:
    """One row as a careful programmer writes it with ``decimal``: multiplied first, divided last, half-up."""
    score = Decimal(part) * WEIGHT / Decimal(whole)
    return min(score, Decimal(WEIGHT)).quantize(CENT, ROUND_HALF_UP)


def money(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Budgets and executed amounts in 元, to the 分."""
    draw = np.random.default_rng(2026)
    budget = draw.integers(1, 10**9, rows)
    return budget / 100, np.minimum(budget, (budget * draw.random(rows)).astype(np.int64)) / 100


def ties(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Amounts whose score ends in exactly half a cent, and that score rounded up."""
    draw = np.random.default_rng(2027)
    unit, half = draw.integers(1, 50_000, rows), draw.integers(0, 1000, rows)
    return unit * 2000 / 100, unit * (2 * half + 1) / 100, (half + 1) / 100


def duration(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def medians(steps: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The median duration of each step, the steps taken in turn."""
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for _, (name, step) in itertools.product(range(ROUNDS), steps.items()):
        taken[name].append(duration(step))
    return {name: statistics.median(times) for name, times in taken.items()}


def columns() -> None:
    budget, executed = money(ROWS)
    few = list(zip(executed[:DECIMAL_ROWS].tolist(), budget[:DECIMAL_ROWS].tolist(), strict=True))
    taken = medians(
        {
            "ours": lambda: SCORE.call(budget, executed, WEIGHT),
            "decimal": lambda: [decimal_score(repr(part), repr(whole)) for part, whole in few],
        }
    )
    times_faster = taken["decimal"] * ROWS / DECIMAL_ROWS / taken["ours"]
    print(f"一百万行预算执行率得分：{taken['ours']:.3f} 秒，比 decimal 快 {times_faster:.0f} 倍（目标 100）")
    budget, executed, expected = ties(ROWS)
    wrong = int((SCORE.call(budget, executed, WEIGHT) != expected).sum())
    floats = int((np.round(executed / budget * WEIGHT, 2) != expected).sum())
    print(f"一百万个恰好在一半的得分：算错 {wrong} 个；浮点数舍入会算错 {floats} 个")


def rows_of(form: str, start: int) -> list[tuple[str, str]]:
    """Texts of a target and an actual that falls short; other numbers for every start."""
    return [(form.format(place), f"{place - place % 7}人") for place in range(start, start + SINGLE_CALLS)]


def single() -> None:
    numbers = [(str(place - place % 7), str(place)) for place in range(1000, 1000 + SINGLE_CALLS)]
    forms = {"≥95人 样的": "≥{}人", "不低于95人 样的": "不低于{}人", "95人以上 样的": "{}人以上"}
    seen = rows_of("≥{}人", 1000)

    def scores(rows: list[tuple[str, str]]) -> None:
        for target, actual in rows:
            INDICATOR.call(target, actual, WEIGHT, "数量指标")

    scores(seen)
    starts = itertools.count(10_000, SINGLE_CALLS)
    unseen = {name: [rows_of(form, next(starts)) for _ in range(ROUNDS)] for name, form in forms.items()}
    steps: dict[str, Callable[[], object]] = {"decimal": lambda: [decimal_score(*row) for row in numbers]}
    steps |= {name: lambda name=name: scores(unseen[name].pop()) for name in forms}
    steps |= {"seen": lambda: scores(seen)}
    taken = {name: seconds / SINGLE_CALLS for name, seconds in medians(steps).items()}
    for name in forms:
        print(
            f"一行指标得分，“{name}”指标值初次见到：decimal 一行的 {taken[name] / taken['decimal']:.1f} 倍（目标 15）"
        )
    print(f"一行指标得分，指标值见过：decimal 一行的 {taken['seen'] / taken['decimal']:.1f} 倍（目标 5）")


def imports() -> None:
    """The time of a process that imports, less that of one that does not."""

    def run(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    taken = medians({"none": run(""), "ours": run("import perfeval.functions"), "xlwings": run("import xlwings")})
    ratio = (taken["ours"] - taken["none"]) / (taken["xlwings"] - taken["none"])
    print(f"导入 perfeval.functions：只导入 xlwings 的 {ratio:.2f} 倍（目标 1.0）")


if __name__ == "__main__":
    convention()  # the standard is loaded once
    columns()
    single()
    imports()
