"""The published department tables as data: every leaf's printed score, and its inputs where they were published."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from perfeval.functions import FUNCTIONS
from perfeval.standards import load_detailed

_DATA = Path(__file__).parent / "data" / "departments.toml"


@dataclass(frozen=True)
class ScoredLeaf:
    """A leaf as printed; ``values`` is None where the document publishes only the score."""

    code: str
    printed: Decimal
    values: tuple[Any, ...] | None

    def score(self, standard: str) -> Any:
        """What our function gives: points, or "" where inputs are unpublished."""
        unpublished = (None,) * len(load_detailed(standard).leaf(self.code).inputs)
        return FUNCTIONS["PE_STD_SCORE"].call(standard, self.code, *(self.values or unpublished))


@dataclass(frozen=True)
class Published:
    """One body's table."""

    standard: str
    total: Decimal
    grade: str
    leaves: tuple[ScoredLeaf, ...]


PUBLISHED = {
    name: Published(
        entry["standard"],
        Decimal(entry["total"]),
        entry["grade"],
        tuple(
            ScoredLeaf(leaf["code"], Decimal(leaf["printed"]), tuple(leaf["values"]) if "values" in leaf else None)
            for leaf in entry["leaves"]
        ),
    )
    for name, entry in tomllib.loads(_DATA.read_text(encoding="utf-8")).items()
}
