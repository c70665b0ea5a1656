"""Choices that read alike for Python integers and for int64 (or object) arrays."""

from __future__ import annotations

from typing import Any


def choose(condition: Any, one: Any, other: Any) -> Any:
    """``one`` where the condition holds, else ``other``."""
    if isinstance(condition, bool):
        return one if condition else other
    import numpy as np  # noqa: PLC0415 — only arrays come here

    return np.where(condition, one, other)


def lesser(one: Any, other: Any) -> Any:
    """The smaller of two; an array comes first."""
    if isinstance(one, int):
        return min(one, other)
    import numpy as np  # noqa: PLC0415 — only arrays come here

    return np.minimum(one, other)


def greater(one: Any, other: Any) -> Any:
    """The larger of two; an array comes first."""
    if isinstance(one, int):
        return max(one, other)
    import numpy as np  # noqa: PLC0415 — only arrays come here

    return np.maximum(one, other)
