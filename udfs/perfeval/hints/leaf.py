"""What a reviewer says of one leaf of a detailed standard: its inputs, and the 得分 beside the rule's; cells in, hints out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from perfeval import findings
from perfeval.arithmetic import Scaled, aligned
from perfeval.errors import CellError, NotApplicable, PerfEvalError, PropagatedError
from perfeval.hints import Hint, is_blank, of_loss, points_of, without_points, without_words
from perfeval.scoring import score
from perfeval.scoring.inputs import checked, read

if TYPE_CHECKING:
    from perfeval.conventions import DetailedConvention
    from perfeval.standards import Leaf

_OF_A_REASON = {findings.IDLE_REASON, findings.VAGUE_REASON, findings.CONTRADICTING_REASON}  # 说明 may tell the basis


def input_faults(leaf: Leaf, cells: Sequence[Any]) -> Iterator[tuple[int, str]]:
    """The inputs that cannot be what they are for: the place of each, and why. What does not apply has no fault."""
    for place, (one, cell) in enumerate(zip(leaf.inputs, cells, strict=True)):
        try:
            value = read(one, cell)
            if value is not None:
                checked(one, value)
        except NotApplicable:
            continue
        except PropagatedError:
            yield place, f"是错误值 {cell}，请先改正"
        except PerfEvalError as error:
            yield place, error.reason


def leaf_hints(
    leaf: Leaf, cells: Sequence[Any], given: Any, reason: Any, convention: DetailedConvention
) -> Iterator[Hint]:
    """Everything to be said of a leaf whose inputs, 得分 and 说明 cells hold these; nothing of one not begun."""
    if all(map(is_blank, cells)) and is_blank(given):
        return
    claimed = None if isinstance(given, CellError) else points_of(given)
    if isinstance(claimed, str):
        fault, told = without_points(given)
        yield Hint(fault, f"得分{told}", "score", found=claimed)
        claimed = None
    faults = list(input_faults(leaf, cells))
    yield from (Hint(findings.UNLIKE_UNITS, f"“{leaf.inputs[place].label}”{why}", "input") for place, why in faults)
    if not faults:
        try:
            yield from _scored(leaf, cells, claimed, reason, convention)
        except NotApplicable:
            return
        except PerfEvalError as error:
            yield Hint(findings.UNLIKE_UNITS, error.reason, "input")
    if claimed is not None:
        yield from (hint for hint in of_loss(leaf.weight, claimed, reason) if hint.kind not in _OF_A_REASON)


def _scored(
    leaf: Leaf, cells: Sequence[Any], given: Scaled | None, reason: Any, convention: DetailedConvention
) -> Iterator[Hint]:
    outcome = score(leaf, [read(one, cell) for one, cell in zip(leaf.inputs, cells, strict=True)], convention)
    missing = [one.label for one, cell in zip(leaf.inputs, cells, strict=True) if is_blank(cell)]
    if not isinstance(outcome.value, Scaled):
        if given is not None:
            if without_words(reason):
                yield Hint(
                    findings.UNEXPLAINED_LOSS, "得分由人给定，请在“说明”里写明依据", "reason", found=f"得分 {given}"
                )
        elif missing:
            yield Hint(findings.MISSING_VALUE, f"还没有填：{'；'.join(missing)}", "input")
        else:
            yield Hint(findings.MISSING_VALUE, "规则没有写明，由人评定，请填得分", "score")
        return
    if given is None:
        yield Hint(findings.MISSING_VALUE, f"得分空白，测算为 {outcome.value} 分", "score", str(outcome.value))
        return
    claimed, due = aligned(given, outcome.value)
    if claimed != due:
        more = "" if not without_words(reason) else "，请在“说明”里写明原因"
        yield Hint(
            findings.WRONG_SCORE,
            f"测算为 {outcome.value} 分，得分为 {given}{more}",
            "score",
            str(outcome.value),
            str(given),
        )
