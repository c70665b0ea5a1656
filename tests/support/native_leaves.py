"""Leaves of the detailed standards as formulas beside PE_STD_SCORE, over random fillings of their inputs.

``python tests/support/native_leaves.py 60`` compares 60 fillings of every leaf under every set of 口径, in the house's
evaluator and in plain doubles, and prints what became of them; another seed is a second number.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2] / "udfs"), str(Path(__file__).parents[1])]

from perfeval.conventions import DetailedConvention
from perfeval.errors import NOT_AVAILABLE, PerfEvalError
from perfeval.forms.grid import Value
from perfeval.functions import FUNCTIONS
from perfeval.native import leaves
from perfeval.native.leaves import Operand
from perfeval.scoring.inputs import NO, YES
from perfeval.standards import Leaf, available_detailed, detailed_standard
from perfeval.standards.rules import ANY_UNIT, POINTS, YES_NO, Input
from support.formula_values import cell, computed, plainly

OPTIONS = (
    "",
    "; steps=ceil; three_public=full",
    "; steps=linear; percent=relative; reading=intended; three_public=zero",
    "; quarter=raw; quarter_cap=each; zero_scope=leaf",
    "; score=1; percent=relative; steps=ceil; reading=intended",
)
_SHARES = (0, 0.05, 0.1, 0.25, 0.3, 0.5, 0.6, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99, 0.995, 1, 1.005, 1.05, 1.1, 1.3, 10, 11)
_AMOUNTS = (100, 660000, 1000000, 850000, 48000000.5, 123456789.01, 0)


class Case(NamedTuple):
    """A leaf under its 口径, what its inputs' cells hold, and its score as PE_STD_SCORE gives it: a number, or what stands for none."""

    standard: str
    leaf: Leaf
    convention: DetailedConvention
    values: tuple[Value, ...]
    expected: Any


def cases(fillings: int, seed: int) -> Iterator[Case]:
    """So many fillings of every leaf under every set of options."""
    draw = Random(seed)
    for options in OPTIONS:
        for name in available_detailed():
            standard, convention = detailed_standard(name + options)
            for leaf in standard.leaves:
                for _ in range(fillings):
                    values = _filling(leaf, draw)
                    expected = _expected(name + options, leaf.code, values)
                    yield Case(name + options, leaf, convention, values, expected)


def _filling(leaf: Leaf, draw: Random) -> tuple[Value, ...]:
    """What a person may leave in the cells: mostly numbers at and beside limits, of one size."""
    whole = draw.choice(_AMOUNTS)
    return tuple(_value(one, whole, draw) for one in leaf.inputs)


def _value(one: Input, whole: float, draw: Random) -> Value:
    chance = draw.random()
    if chance < 0.02:
        return None
    if chance < 0.04:
        return draw.choice(["不适用", "—", "看不懂", "-5", " "])
    if one.unit == YES_NO:
        return draw.choice(["是", "否", "是", "是", *sorted(YES | NO), True, False, 1.0, 0.0, 2.0])
    if one.levels:
        return draw.choice([*(word for word, _ in one.levels), *(float(points) for _, points in one.levels), 0.33])
    share = draw.choice(_SHARES) if draw.random() < 0.7 else draw.random() * 1.2
    if one.unit == "%":
        return draw.choice(
            [float(round(share, 4)), float(share), f"{share:.2%}"] if draw.random() < 0.2 else [float(share)]
        )
    if one.unit == POINTS:
        return round(share * float(one.most or 10), draw.choice([0, 1, 2, 3]))
    if one.unit in ("项", "例", "人", "个", "次", "天"):
        return float(draw.choice([0, 1, 2, 3, 5, 8, 19, 20, 50, 95, 99, 100, 105, 110, 120, 2.5, -1]))
    off = draw.choice(
        [0, 0, 0.01, -0.01, 0.001, 1e-5 if whole < 1e8 else 0.1]
    )  # 14 digits: closer ones are one to a program
    return float(round(whole * share, draw.choice([0, 2, 4]) if one.unit != ANY_UNIT else 6) + off)


def _expected(standard: str, code: str, values: Sequence[Value]) -> Any:
    try:
        return FUNCTIONS["PE_STD_SCORE"].call(standard, code, *values)
    except PerfEvalError as error:
        return leaves.INAPPLICABLE if error.cell_error == NOT_AVAILABLE else str(error.cell_error)


@lru_cache(maxsize=4096)
def _written(leaf: Leaf, convention: DetailedConvention) -> str:
    return leaves.score(leaf, [Operand(cell(column)) for column in range(1, len(leaf.inputs) + 1)], convention)


@lru_cache(maxsize=100_000)
def _read(one: Input, value: Value, kind: type) -> Value:
    return computed(leaves.reading(one, "A1"), {"A1": value})


def native(case: Case, *, plain: bool = False) -> Any:
    """The formulas' score of a case: a number, — or ""."""
    operands = [_read(one, value, type(value)) for one, value in zip(case.leaf.inputs, case.values, strict=True)]
    cells = {cell(column): value for column, value in enumerate(operands, start=1)}
    return (plainly if plain else computed)(_written(case.leaf, case.convention), cells)


def verdict(case: Case, score: Any) -> str:
    """What became of a case: equal, handed to a person though PerfEval scores, wrong."""
    if isinstance(score, float):
        return "equal" if score == case.expected else "WRONG"
    if score not in ("", leaves.INAPPLICABLE):
        return "WRONG"
    return "handed" if isinstance(case.expected, float) else "no score both"


def compared(fillings: int, seed: int) -> tuple[Counter[str], list[tuple[Case, Any]]]:
    """How many cases came out how, and the wrong ones with what was computed; both ways of computing."""
    counts: Counter[str] = Counter()
    wrong = []
    for case in cases(fillings, seed):
        for plain in (False, True):
            score = native(case, plain=plain)
            became = verdict(case, score)
            counts[became + (" (plain doubles)" if plain else "")] += 1
            if became == "WRONG":
                wrong.append((case, score))
    return counts, wrong


def main() -> None:
    fillings, *seed = map(int, sys.argv[1:] or ["10"])
    counts, wrong = compared(fillings, seed[0] if seed else 15)
    for became, count in sorted(counts.items()):
        print(f"{count:>9,} {became}")
    for case, score in wrong[:20]:
        print(case.standard, case.leaf.code, case.values, case.expected, score)


if __name__ == "__main__":
    main()
