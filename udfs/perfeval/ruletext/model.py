"""What a reading of a printed rule is, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from perfeval.arithmetic import Scaled
from perfeval.errors import InvalidValue
from perfeval.standards import Leaf
from perfeval.standards.rules import Attainment, Input, Rule

LONGEST = 1500  # characters of a rule


@dataclass(frozen=True, slots=True)
class Reading:
    """A rule as it was understood, and the inputs it needs in order.

    ``chosen`` are the 口径 that its own words decide; ``subject`` is the rate's name, "" where it is not named.
    """

    rule: Rule | Attainment
    inputs: tuple[Input, ...]
    chosen: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""

    def leaf(self, weight: Scaled) -> Leaf:
        """The rule as a leaf of that weight, as which it is scored and told."""
        assert not isinstance(self.rule, Attainment)  # a row's own
        name = self.subject or "比率"
        return Leaf("rule", ("", "", name), weight, self.inputs, self.rule, None, (), "", "", ("", ""), "", "")


class NotUnderstood(InvalidValue):
    """A rule that was not read: the ``clause`` that was not understood, and ``why``."""

    def __init__(self, clause: str, why: str = "没有读懂") -> None:
        super().__init__(f"评分标准里的“{clause}”{why}")
        self.clause = clause
        self.why = why
