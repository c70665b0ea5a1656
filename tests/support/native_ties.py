"""Scores that end in exactly half a unit, and their next neighbours, through the kernels over ints and over formulas.

``python tests/support/native_ties.py 20000`` compares so many under every 口径 of ``CONVENTIONS``, the formulas in the house's
evaluator and in plain doubles, and prints how many differ; another seed is a second number.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import NamedTuple

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2] / "udfs"), str(Path(__file__).parents[1])]

from perfeval.arithmetic import Scaled, finest
from perfeval.conventions import Convention
from perfeval.scoring import bounds
from perfeval.scoring.proportion import execution_units
from perfeval.standards import convention
from perfeval.worksheet import in_points, units
from support.formula_values import computed, plainly

CONVENTIONS = tuple(
    convention(text)
    for text in (
        "cn-project-2020", "sz-project-2021", "cn-project-2020; execution_cap=uncapped; reverse=reciprocal; score=1",
        "cn-project-2020; over=linear; equal=judge; range=judge", "cn-project-2020; score=4; reverse=reciprocal; over=linear",
    )
)  # fmt: skip
PLACES = 2  # of the amounts
SHAPES = ("execution", *bounds.SIGNS, "range", "open range", "days")
_WEIGHTS = (Scaled(10, 0), Scaled(75, 1), Scaled(3, 0), Scaled(1333, 2), Scaled(5, 1), Scaled(100, 0), Scaled(7125, 3))
_LARGEST = 10**10  # 1亿元 in 分


class Case(NamedTuple):
    """What is scored: a bound (or the two ends of a range) and a measure in units of ``10**-PLACES``."""

    shape: str
    bound: int
    high: int
    measured: int
    weight: Scaled
    chosen: Convention


def cases(number: int, seed: int) -> Iterator[Case]:
    """Measures that lie on a tie of their bound where there is one, and one unit beside."""
    draw = Random(seed)
    for _ in range(number):
        shape, weight, chosen = draw.choice(SHAPES), draw.choice(_WEIGHTS), draw.choice(CONVENTIONS)
        steps, one = weight.units * 10**chosen.score, 10**weight.places  # part / whole × steps / one ends in a half
        half = 2 * draw.randrange(max(1, steps // one)) + 1
        unit = draw.choice([1, 5, draw.randrange(1, 100), draw.randrange(1, max(2, _LARGEST // (2 * steps)))])
        whole, part = 2 * steps * unit, half * one * unit
        bound, measured = (part, whole) if shape in "≤<" and chosen.reverse == "reciprocal" else (whole, part)
        if shape in "≤<" and chosen.reverse == "linear":
            measured = 2 * whole - part
        beside = draw.choice([0, 0, 0, 0, 1, -1])
        if draw.random() < 0.1:
            bound, measured = draw.choice([0, bound]), draw.choice([0, -5, measured, bound, 3 * bound])
        yield Case(shape, bound, bound + draw.choice([0, 50, bound]), measured + beside, weight, chosen)


def _kernel(shape: str, bound, high, measured, weight: Scaled, chosen: Convention):
    if shape == "execution":
        return execution_units(measured, bound, weight, chosen)
    if shape in bounds.SIGNS:
        return bounds.units(shape, bound, measured, weight, chosen)
    is_open = shape == "open range"
    return bounds.units_of_range(bound, high, is_open, is_open, shape == "days", measured, weight, chosen)


def formula(shape: str, weight_places: int, chosen: Convention) -> str:
    """The score from A1 (bound, or lower end), B1 (upper end), C1 (measure) and D1 (weight)."""
    weight = Scaled(units("D1", weight_places), weight_places)  # type: ignore[arg-type]
    least = 0 if shape == "execution" else None  # negative amounts are refused before that kernel
    bound, high, measured = (units(cell, PLACES, least) for cell in ("A1", "B1", "C1"))
    return in_points(_kernel(shape, bound, high, measured, weight, chosen), finest(chosen.score, weight))


def expected(case: Case) -> float | str:
    """What the kernel gives over ints: points, or "" where a person judges or no rule exists."""
    scored = _kernel(*case)
    return "" if scored < 0 else float(Scaled(scored, finest(case.chosen.score, case.weight)))


def differing(number: int, seed: int) -> tuple[Counter[str], list[tuple[Case, str, object, object]]]:
    """How many were compared, by shape; and those where a formula gives another score."""
    counts: Counter[str] = Counter()
    found = []
    for case in cases(number, seed):
        if case.shape == "execution" and (case.bound <= 0 or case.measured < 0):
            continue  # refused before the kernel
        text = formula(case.shape, case.weight.places, case.chosen)
        scale = 10**PLACES
        cells = {
            "A1": case.bound / scale,
            "B1": case.high / scale,
            "C1": case.measured / scale,
            "D1": float(case.weight),
        }
        wanted = expected(case)
        counts[case.shape] += 1
        counts["ties"] += _is_tie(case)
        for name, compute in (("house", computed), ("plain", plainly)):
            if (got := compute(text, cells)) != wanted:
                found.append((case, f"{name}", wanted, got))
    return counts, found


def _is_tie(case: Case) -> bool:
    """Whether the exact score of a proportional row ends in half a unit."""
    part, whole = case.measured, case.bound
    if case.shape in "≤<":
        part, whole = (whole, part) if case.chosen.reverse == "reciprocal" else (2 * whole - part, whole)
    if not 0 < part < whole:
        return False
    score = Fraction(part * case.weight.units * 10**case.chosen.score, whole * 10**case.weight.places)
    return score.denominator == 2


def main() -> None:
    number, *seed = map(int, sys.argv[1:] or ["2000"])
    counts, found = differing(number, seed[0] if seed else 15)
    for shape, count in counts.items():
        print(f"{count:>9,} {shape}")
    print(f"{len(found):>9,} differ")
    for one in found[:20]:
        print(one)


if __name__ == "__main__":
    main()
