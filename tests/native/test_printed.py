"""A row scored by the 评分标准 that it prints: the formula gives what ``ruletext.of_row`` gives, or nothing."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

from perfeval.arithmetic import aligned, decimal
from perfeval.conventions import Convention
from perfeval.errors import PerfEvalError
from perfeval.forms.grid import Value
from perfeval.native import printed
from perfeval.native.printed import Measures
from perfeval.quantities import Quantity
from perfeval.ruletext import of_row, with_choices
from perfeval.ruletext.reading import read
from perfeval.scoring import meets
from perfeval.scoring.indicator import sign_of
from perfeval.standards import convention
from perfeval.targets import Range, Threshold, actual_of, target_of
from support.formula_values import computed, plainly
from support.native_lint import faults

DATA = Path(__file__).parents[1] / "data/printed_rules/sentences.toml"
RULES = [case for case in tomllib.loads(DATA.read_text(encoding="utf-8"))["rule"] if "refused" not in case]
ATTAINED = ("达到指标值得满分，未达到的按完成比例得分", "完成得满分，未完成不得分", "达到目标值得满分，否则不得分")
PROJECTS = [
    convention("cn-project-2020"),
    convention("cn-project-2020; steps=floor; percent=points; edge=low; included=last; inverse=linear"),
    convention("cn-project-2020; steps=ceil; percent=relative; inverse=reciprocal; score=1"),
]
ROW = Measures("A1", "B1", "C1", "D1", "E1", "F1", "G1")
TARGETS = ("≥100%", "100%", "95%", "≤5%", "≤100%", "≥50人", "80件", "≤30天", "0次", "10—20%", "及时", "<3起", ">40万元")
ACTUALS = (
    *("100%", "95%", "94.99%", "90%", "0%", "5%", "5.5%", "10%", "12.5%", "130%", "1001%"),
    *(
        "50人",
        "45人",
        "47.5人",
        "80件",
        "60件",
        "30天",
        "33天",
        "45天",
        "70天",
        "0次",
        "1次",
        "2起",
        "40万元",
        "41.5万元",
        "优",
    ),
)


def _cells(target: str, actual: str) -> dict[str, Value]:
    """A row as it is read."""
    goal, done = target_of(target, "数量指标"), actual_of(actual)
    cells: dict[str, Value] = {"A1": "区间" if isinstance(goal, Range) else "定性", "B1": "", "C1": "", "D1": 1.0}
    numbers = []
    if isinstance(goal, Threshold):
        cells |= {"A1": sign_of(goal), "E1": goal.quantity.unit}
        numbers.append(("B1", goal.quantity.number))
    if isinstance(done, Quantity):
        cells["F1"] = done.unit
        numbers.append(("C1", done.number))
    if numbers:
        places = max(number.places for _, number in numbers)
        cells["D1"] = float(10**places)
        whole = aligned(*(number for _, number in numbers))
        cells |= {place: float(units) for (place, _), units in zip(numbers, whole, strict=True)}
    try:
        met = meets(goal, done)
    except PerfEvalError:
        return {**cells, "A1": "看不懂", "B1": "", "C1": "", "G1": ""}  # two that cannot be compared are blank
    return {**cells, "G1": "" if met is None else "是" if met else "否"}


def _expected(text: str, name: str, target: str, actual: str, weight: Any, project: Convention) -> object:
    try:
        value = of_row(text, name, target, actual, "数量指标", weight, project).value
    except PerfEvalError:
        return ""
    return "" if value is None else float(value)  # type: ignore[arg-type]


CASES = [*((with_choices(case["text"])[0], case["weight"]) for case in RULES), *((text, "10") for text in ATTAINED)]


@pytest.mark.parametrize(
    ("text", "points"), CASES, ids=[f"{place} {text[:20]}" for place, (text, _) in enumerate(CASES)]
)
def test_a_row_by_its_printed_rule(text: str, points: str) -> None:
    weight = decimal(points)
    reading = read(text, weight)
    draw = random.Random(text)
    for project in PROJECTS:
        for name in ("指标", reading.subject or "完成率"):
            formula = printed.score(reading, name, weight, project, ROW)
            assert faults(formula) == []
            for _ in range(60):
                target, actual = draw.choice(TARGETS), draw.choice(ACTUALS)
                cells = _cells(target, actual)
                scored = computed(formula, cells)
                assert scored == plainly(formula, cells)
                if scored != "":
                    assert scored == _expected(text, name, target, actual, weight, project), (target, actual, formula)


def test_most_that_perfeval_scores_is_scored() -> None:
    """Of rows whose two values can be compared; a 95% beside ≥50人 is left to a person."""
    scored = handed = 0
    rows = [(target, actual, _cells(target, actual)) for target in TARGETS for actual in ACTUALS]
    for text, points in CASES[::3]:
        weight = decimal(points)
        formula = printed.score(read(text, weight), "指标", weight, PROJECTS[1], ROW)
        for target, actual, cells in rows:
            expected = _expected(text, "指标", target, actual, weight, PROJECTS[1])
            if isinstance(expected, float) and cells["A1"] != "看不懂":
                is_equal = computed(formula, cells) == expected
                scored, handed = scored + is_equal, handed + (not is_equal)
    assert scored > 500
    assert handed < 0.02 * scored
