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

from perfeval.arithmetic import exact
from perfeval.functions import FUNCTIONS
from perfeval.scoring import indicator, indicatorcolumns
from perfeval.standards import convention
from perfeval.targets import Actual, Target, actual_of, parse_target, target_of

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


def indicators() -> None:
    """Columns of parsed operands beside the scalar form over the same, and both from texts."""
    draw = np.random.default_rng(2028)
    bound = draw.integers(1, 10**6, ROWS) / 100
    measured = np.round(bound * draw.random(ROWS) * 1.2, 2)
    weight, signs = draw.choice([5.0, 7.5, 10.0], ROWS), draw.choice(np.array(list("≥≥≥≤=")), ROWS)
    chosen = convention()
    few = [column[:DECIMAL_ROWS].tolist() for column in (signs, bound, measured, weight)]
    texts = [(f"{sign}{limit:.2f}人", f"{actual:.2f}人") for sign, limit, actual, _ in zip(*few, strict=True)]
    weights = [exact(points) for points in few[3]]

    def parsed() -> tuple[list[Target], list[Actual]]:
        return [target_of(target) for target, _ in texts], [actual_of(actual) for _, actual in texts]

    targets, actuals = parsed()

    def one_by_one(targets: list[Target], actuals: list[Actual]) -> list[float]:
        rows = zip(targets, actuals, weights, strict=True)
        return [float(indicator(target, actual, points, chosen).value) for target, actual, points in rows]  # type: ignore[arg-type]

    def by_columns(targets: list[Target], actuals: list[Actual]) -> list[float]:
        limits = [target.quantity for target in targets]  # type: ignore[union-attr]
        signs = np.array([target.operator for target in targets])  # type: ignore[union-attr]
        limit, actual = (np.array([float(one.number) for one in side]) for side in (limits, actuals))  # type: ignore[union-attr]
        return indicatorcolumns.score(signs, limit, actual, np.array(few[3]), chosen)[0].tolist()

    def unseen(scores: Callable[[list[Target], list[Actual]], list[float]]) -> list[float]:
        parse_target.cache_clear()
        return scores(*parsed())

    assert by_columns(targets, actuals) == one_by_one(targets, actuals)
    forward = np.full(ROWS, "≥")
    taken = medians(
        {
            "one sign": lambda: indicatorcolumns.score(forward, bound, measured, weight, chosen),
            "mixed": lambda: indicatorcolumns.score(signs, bound, measured, weight, chosen),
            "rows": lambda: one_by_one(targets, actuals),
            "texts, rows": lambda: unseen(one_by_one),
            "texts, columns": lambda: unseen(by_columns),
        }
    )
    rows = taken["rows"] * ROWS / DECIMAL_ROWS
    print(
        f"一百万行指标得分，读好的数按列：{taken['one sign']:.3f} 秒，比逐行快 {rows / taken['one sign']:.0f} 倍（目标 100）；"
        f"几种比较号混在一列：快 {rows / taken['mixed']:.0f} 倍"
    )
    print(
        f"从没有见过的文字算起，按列比逐行快 {taken['texts, rows'] / taken['texts, columns']:.1f} 倍："
        f"逐行的时间里 {1 - taken['rows'] / taken['texts, rows']:.0%} 是读文字"
    )


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
    indicators()
    imports()
