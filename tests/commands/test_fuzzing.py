"""Mutated packages and crafted strings, a few of each with a fixed seed: read, or refused by an error of ours.

``python benchmarks/fuzz.py packages 20000`` and ``… strings 1000000`` are the same at length.
"""

from __future__ import annotations

from collections import deque
from pathlib import Path

import perfeval.functions  # noqa: F401  (registers them)
from support.fuzzing import READ, REFUSED, packages, strings


def test_mutated_packages(tmp_path: Path) -> None:
    (outcomes,) = deque(packages(150, 7, tmp_path), maxlen=1)
    assert outcomes.untyped == {}
    assert min(outcomes.counts[READ], outcomes.counts[REFUSED]) > 50


def test_crafted_strings() -> None:
    (outcomes,) = deque(strings(300, 7), maxlen=1)
    assert outcomes.untyped == {}
    assert min(outcomes.counts[READ], outcomes.counts[REFUSED]) > 500
