"""The cells of an indicator row as they come: blank, text, number, date, error."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from perfeval.arithmetic import Scaled
from perfeval.errors import CellError, InvalidValue, PerfEvalError
from perfeval.quantities import plain, points
from perfeval.targets import NOTHING, Actual, Inapplicable, Target, actual_of, target_of

if TYPE_CHECKING:
    from perfeval.conventions import Convention


def is_blank(value: Any) -> bool:
    """Whether a cell holds nothing, or blanks only."""
    return value is None or (isinstance(value, str) and not value.strip())


def without_words(reason: Any) -> bool:
    """Whether a cell for a reason gives none: blank, 无, — …"""
    return is_blank(reason) or (isinstance(reason, str) and plain(reason) in NOTHING)


def points_of(value: Any) -> Scaled | str | None:
    """The points in a cell; None if blank; the cell's text if it is no number of points."""
    if is_blank(value) or (isinstance(value, str) and plain(value) in NOTHING):
        return None
    found = points(value)
    return str(value) if found is None else found


def target_or_error(value: Any, kind: str) -> Target | PerfEvalError:
    """The 指标值 in a cell, or the error that tells why it is none."""
    try:
        return target_of(_cell(value), kind)
    except PerfEvalError as error:
        return error


def actual_or_error(value: Any, convention: Convention) -> Actual | PerfEvalError:
    """The 完成值 in a cell, or the error that tells why it is none."""
    try:
        return actual_of(_cell(value), bound=convention.inequality == "bound")
    except PerfEvalError as error:
        return error


def _cell(value: Any) -> str | float | date:
    if isinstance(value, CellError):
        raise InvalidValue(f"单元格是错误值 {value}，请先改正")
    if isinstance(value, bool):
        raise InvalidValue("单元格是 TRUE 或 FALSE，应填指标值或完成值")
    return value


def is_inapplicable(target: Any) -> bool:
    """Whether a cell for a 指标值 says 不适用, 无, — …"""
    return isinstance(target, str) and not is_blank(target) and isinstance(target_or_error(target, ""), Inapplicable)
