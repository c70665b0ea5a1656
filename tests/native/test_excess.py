"""A target that is far exceeded: the formula says it where ``hints`` does, and the same share, to the last tie."""

from __future__ import annotations

from random import Random

import pytest

from perfeval.forms.grid import Value
from perfeval.hints.values import excess_of
from perfeval.native import hints
from perfeval.native.beside import Cells, Places, tables
from perfeval.scoring import percent
from perfeval.standards import convention
from perfeval.targets import actual_of, target_of
from support.formula_values import computed, plainly
from support.native_lint import faults

AT = {"dir": "A1", "n_low": "B1", "n_done": "C1", "why": "D1", "far": "E1", "reason": "F1", "said_values": "G1"}
CONVENTION = convention("cn-project-2020")
FORMULAS = hints.formulas(
    Cells("H1", "I1", '""'), lambda name: AT.get(name, "J1"), Places(tables()), CONVENTION
)  # of a row without points
FAR, SAID = FORMULAS["far"], FORMULAS["said_excess"]
DRAW = Random(15)
PAIRS = [
    (20_000, 25_998), (20_000, 25_999), (20_000, 26_000), (40_000, 51_998), (200, 401), (200, 461), (3, 4), (1, 1), (5, 0),
    (8, 11), (800, 1_043), (50_000_000_000, 49_999_999_999), (1, 50_000_000_000),
    *((bound := DRAW.choice((7, 160, 20_000, 64_000)), bound + DRAW.randrange(bound)) for _ in range(200)),
]  # fmt: skip


@pytest.mark.parametrize(("bound", "done"), PAIRS)
def test_an_excess_is_told_as_elsewhere(bound: int, done: int) -> None:
    wanted = excess_of(target_of(f"≥{bound}人", ""), actual_of(f"{done}人"), CONVENTION)
    cells: dict[str, Value] = {"A1": "≥", "B1": float(bound), "C1": float(done), "E1": 1.0, "H1": "有", "I1": "有"}
    cells |= dict.fromkeys(("D1", "F1", "G1"), "")
    assert computed(FAR, cells) == plainly(FAR, cells) == (wanted is not None)
    if wanted is not None:
        assert f"超过指标值 {percent(wanted, 0)}，" in computed(SAID, cells)
    assert faults(FAR) == faults(SAID) == []
