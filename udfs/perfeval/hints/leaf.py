"""What a reviewer says of one leaf of a detailed standard: its inputs, and the 得分 beside the rule's; cells in, hints out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from perfeval.arithmetic import Scaled, aligned
from perfeval.errors import CellError, NotApplicable, PerfEvalError, PropagatedError
from perfeval.hints import (
    CONTRADICTING_REASON,
    IDLE_REASON,
    MISSING_VALUE,
    UNEXPLAINED_LOSS,
    UNLIKE_UNITS,
    VAGUE_REASON,
    WRONG_SCORE,
    Hint,
    is_blank,
    of_loss,
    points_of,
    without_points,
    without_words,
)
from perfeval.scoring import score
from perfeval.scoring.inputs import checked, read

if TYPE_CHECKING:
    from perfeval.conventions import DetailedConvention
    from perfeval.standards import Leaf

_WRONG_INPUT = UNLIKE_UNITS.says("“{label}”{why}")
_NO_INPUTS = MISSING_VALUE.says("还没有填：{labels}")
_NOT_JUDGED = MISSING_VALUE.says("规则没有写明，由人评定，请填得分")
_NO_SCORE = MISSING_VALUE.says("得分空白，测算为 {computed} 分")
_GIVEN_WITHOUT_BASIS = UNEXPLAINED_LOSS.says("得分由人给定，请在“说明”里写明依据")
_WRONG_WITHOUT_REASON = WRONG_SCORE.says("测算为 {computed} 分，得分为 {given}，请在“说明”里写明原因")
_OF_A_REASON = {IDLE_REASON, VAGUE_REASON, CONTRADICTING_REASON}  # 说明 may tell the basis


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
        yield Hint(*without_points("得分", given), "score", found=claimed)
        claimed = None
    faults = list(input_faults(leaf, cells))
    yield from (Hint(*_WRONG_INPUT.of(label=leaf.inputs[place].label, why=why), "input") for place, why in faults)
    if not faults:
        try:
            yield from _scored(leaf, cells, claimed, reason, convention)
        except NotApplicable:
            return
        except PerfEvalError as error:
            yield Hint(*UNLIKE_UNITS.of(why=error.reason), "input")
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
                yield Hint(*_GIVEN_WITHOUT_BASIS.of(), "reason", found=f"得分 {given}")
        elif missing:
            yield Hint(*_NO_INPUTS.of(labels="；".join(missing)), "input")
        else:
            yield Hint(*_NOT_JUDGED.of(), "score")
        return
    if given is None:
        yield Hint(*_NO_SCORE.of(computed=outcome.value), "score", str(outcome.value))
        return
    claimed, due = aligned(given, outcome.value)
    if claimed != due:
        sentence = _WRONG_WITHOUT_REASON if without_words(reason) else WRONG_SCORE
        yield Hint(*sentence.of(computed=outcome.value, given=given), "score", str(outcome.value), str(given))
