"""One remark on a row."""

from __future__ import annotations

from typing import NamedTuple

from perfeval import findings
from perfeval.findings import Kind

SAID_OF_A_ROW = frozenset(
    {
        findings.SCORE_OUT_OF_RANGE,
        findings.REVERSE_AS_FORWARD,
        findings.WRONG_SCORE,
        findings.UNEXPLAINED_LOSS,
        findings.IDLE_REASON,
        findings.FAR_ABOVE_TARGET,
        findings.UNLIKE_UNITS,
        findings.NOT_MEASURED,
        findings.MISSING_VALUE,
        findings.OUT_OF_BAND,
        findings.INAPPLICABLE_SCORED,
        findings.MIXED_CONVENTIONS,
        findings.SUSPECT_NUMBER,
        findings.NOT_A_NUMBER,
        findings.VAGUE_REASON,
        findings.CONTRADICTING_REASON,
    }
)


class Hint(NamedTuple):
    """One remark on a row: its kind, the sentence for a person, and the field that it is about.

    ``field`` is "target", "actual", "weight", "score" or "reason", of a leaf "input" too; ``expected`` and ``found`` are what should stand
    there and what does, where that can be told.
    """

    kind: Kind
    message: str
    field: str
    expected: str = ""
    found: str = ""
