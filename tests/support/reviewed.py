"""The audit's items beside what a review finds: which are found, which are missed, which are raised wrongly.

A ``Case`` is an item with the places (sheet, cell; of a text its sentence) at which a finding would be about it. The
places come from reading the published document, never from the findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from perfeval.findings import Finding, Level

Place = tuple[str, str]

WRONG = frozenset({"disagree", "rule_conflict", "rule_total_differs", "template_error"})
WARNED = frozenset({"SA027", "SA028", "SA147"})  # agreeing figures whose note asks for a warning


@dataclass(frozen=True)
class Case:
    """An item of the audit and the places that are about it."""

    item: dict[str, Any]
    places: frozenset[Place]

    @property
    def id(self) -> str:
        return self.item["id"]

    @property
    def is_wrong(self) -> bool:
        """Whether a reviewer must find it."""
        return self.item["verdict"] in WRONG or self.id in WARNED


@dataclass(frozen=True)
class Tally:
    """Ids of items: wrong ones found and missed, and agreeing ones at which a 错误 was raised."""

    found: tuple[str, ...]
    missed: tuple[str, ...]
    false: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(
            f"{name} {len(ids)}：{' '.join(ids)}"
            for name, ids in (("查出", self.found), ("漏掉", self.missed), ("误报", self.false))
        )


def tally(cases: Sequence[Case], findings: Iterable[Finding]) -> Tally:
    """Hold findings against items."""
    raised = [((finding.sheet, finding.cell), finding) for finding in findings]
    places = {place for place, _ in raised}
    errors = {place for place, finding in raised if finding.level is Level.ERROR}
    wrong = [case for case in cases if case.is_wrong]
    return Tally(
        tuple(case.id for case in wrong if case.places & places),
        tuple(case.id for case in wrong if not case.places & places),
        tuple(case.id for case in cases if not case.is_wrong and case.places & errors),
    )
