"""The score of a row beside the rule that the form prints for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from perfeval.arithmetic import Scaled, aligned, rounded
from perfeval.errors import PerfEvalError
from perfeval.hints.cells import is_blank, points_of
from perfeval.hints.hint import Hint
from perfeval.hints.scores import WRONG_SCORE
from perfeval.ruletext import of_row

if TYPE_CHECKING:
    from perfeval.conventions import Convention

_BY_ITS_RULE = WRONG_SCORE.says("按印的标准测算为 {computed} 分，得分为 {given}：{arithmetic}")


def of_printed_rule(
    rule: Any, name: str, target: Any, actual: Any, weight: Scaled, score: Any, kind: str, convention: Convention
) -> Iterator[Hint]:
    """What is to be said of a score whose rule is printed and gives one; nothing where a person judges."""
    given = points_of(score)
    if is_blank(rule) or is_blank(target) or is_blank(actual) or not isinstance(given, Scaled):
        return
    try:
        outcome = of_row(str(rule), name, target, actual, kind, weight, convention)
    except PerfEvalError:
        return  # a person's; the score's explanation tells why
    computed = outcome.value
    if not isinstance(computed, Scaled):
        return
    claimed, due, full = aligned(given, computed, weight)
    as_fine = rounded(computed, given.places) if given.places else computed
    if claimed == due or not 0 <= claimed <= full or len(set(aligned(as_fine, given))) == 1:
        return  # another limit is told of, or only fewer decimals are printed
    said = _BY_ITS_RULE.of(computed=computed, given=given, arithmetic=outcome.arithmetic())
    yield Hint(*said, "score", str(computed), str(given))
