"""The published department tables as data: every leaf's printed score, and its inputs where they were published.

The figures are those that the package ships for its demo. Where a document publishes less than a rule needs, ``ONE_WAY``
has inputs that lead to the printed score: one way it may have come about, and no fact.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Any

from perfeval.functions import FUNCTIONS
from perfeval.standards import load_detailed

DOCUMENTS = {"sz": "zhishu-2020", "hn": "hecheng-department-2020", "hn-expenditure": "hecheng-expenditure-2020"}
ONE_WAY: dict[tuple[str, str], tuple[Any, ...]] = {
    ("sz", "budget-soundness"): ("是", "是", "是", "是", "否"),
    ("sz", "indicator-clarity"): ("是", "是", "是", "是", "否"),
    ("sz", "procurement"): (8.88, 13.8, 0.36),
    ("sz", "financial-compliance"): (1, 5, 100, 1, "否"),
    ("sz", "fixed-asset-utilisation"): (90, 100),
    ("sz", "institutions"): ("是", "是", "否"),
    ("hn", "institutions"): ("是", "否", "是", "否"),
}


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


def _published(name: str) -> Published:
    document = files("perfeval").joinpath("resources", "demo", f"{DOCUMENTS[name]}.toml")
    entry = tomllib.loads(document.read_text(encoding="utf-8"))["whole"]
    leaves = (
        ScoredLeaf(leaf["code"], Decimal(leaf["printed"]), ONE_WAY.get((name, leaf["code"])) or _values(leaf))
        for leaf in entry["leaves"]
    )
    return Published(entry["standard"], Decimal(entry["total"]), entry["grade"], tuple(leaves))


def _values(leaf: dict[str, Any]) -> tuple[Any, ...] | None:
    return tuple(leaf["values"]) if "values" in leaf else None


PUBLISHED = {name: _published(name) for name in DOCUMENTS}
