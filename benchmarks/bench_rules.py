"""How fast each kind of rule scores a column, beside the scalar form of the same leaf; and that both agree on every row.

Run: ``python benchmarks/bench_rules.py [ROWS]`` (a million unless told). Times are medians of interleaved runs; read the
ratios, not the milliseconds. Every row of the column form is compared with the scalar form, by all processors together:
of equal rows one is scored. That takes minutes; a difference ends with exit code 1.
"""

from __future__ import annotations

import math
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from numpy.typing import NDArray

from perfeval.arithmetic import Scaled
from perfeval.conventions import DetailedConvention
from perfeval.errors import PerfEvalError
from perfeval.quantities import of_number
from perfeval.scoring import leafcolumns, score
from perfeval.standards import Leaf, detailed_standard

ROUNDS = 5
SAMPLE = 20_000  # rows of a timed scalar run
CHUNK = 10_000  # rows that one process scores at a time

# One leaf for each kind of rule and convention: (what, standard and 口径, leaf, largest value of each input).
CASES: list[tuple[str, str, str, tuple[float, ...]]] = [
    ("比例，超过得0分", "sz-department-2020", "政府采购执行率", (1.2e6, 1e6)),
    ("按完成数", "sz-department-2020", "project-timeliness", (100, 100)),
    ("分档", "sz-department-2020", "fixed-asset-utilisation", (1e6, 1e6)),
    ("扣分，满一档", "hn-department-2020", "running-cost-control", (1.1e6, 1e6)),
    ("扣分，不足一档", "hn-department-2020; steps=ceil", "running-cost-control", (1.1e6, 1e6)),
    ("扣分，按比例", "hn-department-2020; steps=linear", "procurement", (1.1e6, 1e6)),
    ("变动率扣分", "hn-department-2020", "carry-over-change", (1.1e6, 1e6)),
    ("要点", "sz-department-2020", "budget-soundness", (1, 1, 1, 1, 1)),
    ("按例扣分", "sz-department-2020", "budget-compliance", (8,)),
    ("季度", "sz-department-2020", "quarterly-execution", (0.3, 0.55, 0.8, 1)),
    ("几项相加", "sz-department-2020", "running-cost-control", (1e6, 1e6, 1e6, 1e6)),
    ("几项相加，有否决", "sz-department-2020; zero_scope=leaf", "financial-compliance", (1, 2e5, 1e6, 1, 1)),
]


def columns_for(leaf: Leaf, largest: tuple[float, ...], rows: int) -> list[NDArray[np.float64]]:
    """Plain numbers with two decimals, for rates with four, for counts and answers whole."""
    draw = np.random.default_rng(len(leaf.code))
    found = []
    for one, most in zip(leaf.inputs, largest, strict=True):
        places = {"是否": 0, "项": 0, "%": 4}.get(one.unit, 2)
        found.append(np.round(draw.random(rows) * most, places))
    return found


def seconds(run: Callable[[], object]) -> float:
    """How long one run takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def measure(
    pool: ProcessPoolExecutor, what: str, standard: str, name: str, largest: tuple[float, ...], rows: int
) -> int:
    """Print a line: nanoseconds a row of both forms, their ratio, rows compared; gives the rows that differ."""
    chosen, convention = detailed_standard(standard)
    leaf = chosen.leaf(name)
    columns = columns_for(leaf, largest, rows)
    sample = np.column_stack(columns)[:SAMPLE].tolist()
    times = [
        (
            seconds(lambda: leafcolumns.score(leaf, columns, convention)) / rows,
            seconds(lambda: [_single(leaf, row, convention) for row in sample]) / len(sample),
        )
        for _ in range(ROUNDS)
    ]
    by_column, by_row = (statistics.median(each) * 1e9 for each in zip(*times, strict=True))
    values, done = leafcolumns.score(leaf, columns, convention)
    alone = _one_by_one(pool, standard, name, np.column_stack(columns))
    differing = int(np.count_nonzero(done & (values != alone)))
    line = f"{what:12} 列 {by_column:7.1f} 纳秒/行　逐个 {by_row:8.0f} 纳秒/行　快 {by_row / by_column:6.0f} 倍"
    print(f"{line}　比较 {int(done.sum()):,} 行，不同 {differing} 行", flush=True)
    return differing


def _one_by_one(pool: ProcessPoolExecutor, standard: str, name: str, table: NDArray[np.float64]) -> NDArray[np.float64]:
    """The scalar form of every row, NaN where it has no score."""
    distinct, place = np.unique(table, axis=0, return_inverse=True)
    chunks = [distinct[start : start + CHUNK] for start in range(0, len(distinct), CHUNK)]
    found = pool.map(_scores, [standard] * len(chunks), [name] * len(chunks), chunks)
    return np.concatenate(list(found))[place.ravel()]


def _scores(standard: str, name: str, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    chosen, convention = detailed_standard(standard)
    leaf = chosen.leaf(name)
    return np.array([_single(leaf, row, convention) for row in rows.tolist()])


def _single(leaf: Leaf, row: Sequence[float], convention: DetailedConvention) -> float:
    try:
        value = score(leaf, [of_number(number) for number in row], convention).value
    except PerfEvalError:
        return math.nan
    return float(value) if isinstance(value, Scaled) else math.nan


def main() -> int:
    """Measure every case."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"{rows:,} 行", flush=True)
    with ProcessPoolExecutor() as pool:
        return 1 if sum(measure(pool, *case, rows) for case in CASES) else 0


if __name__ == "__main__":
    sys.exit(main())
