"""One remark on a row."""

from __future__ import annotations

from typing import NamedTuple

from perfeval.findings import Kind


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
