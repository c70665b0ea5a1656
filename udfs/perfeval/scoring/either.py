"""Choices that read alike for Python integers, for int64 (or object) arrays, and for formulas."""

from __future__ import annotations

from typing import Any

from perfeval import worksheet
from perfeval.worksheet import Term


def choose(condition: Any, one: Any, other: Any) -> Any:
    """``one`` where the condition holds, else ``other``."""
    if isinstance(condition, bool):
        return one if condition else other
    if isinstance(condition, Term):
        return worksheet.either(condition, one, other)
    import numpy as np  # noqa: PLC0415 — only arrays come here

    return np.where(condition, one, other)


def lesser(one: Any, other: Any) -> Any:
    """The smaller of two; an array comes first."""
    if isinstance(one, int) and isinstance(other, int):
        return min(one, other)
    if isinstance(one, Term) or isinstance(other, Term):
        return worksheet.lesser(one, other)
    import numpy as np  # noqa: PLC0415 — only arrays come here

    return np.minimum(one, other)


def greater(one: Any, other: Any) -> Any:
    """The larger of two; an array comes first."""
    if isinstance(one, int) and isinstance(other, int):
        return max(one, other)
    if isinstance(one, Term) or isinstance(other, Term):
        return worksheet.greater(one, other)
    import numpy as np  # noqa: PLC0415 — only arrays come here

    return np.maximum(one, other)
