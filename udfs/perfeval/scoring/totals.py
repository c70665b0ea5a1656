"""总分 and 等级."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfeval.arithmetic import Scaled, aligned, rounded
from perfeval.errors import InvalidValue

if TYPE_CHECKING:
    from perfeval.conventions import Convention, DetailedConvention
    from perfeval.standards import DetailedStandard, Standard


def grade(total: Scaled, standard: Standard | DetailedStandard, convention: Convention | DetailedConvention) -> str:
    """The grade whose lowest total is reached. Raises InvalidValue for a negative total."""
    if total.units < 0:
        raise InvalidValue(f"总分 {total} 是负数，请核对")
    compared = rounded(total, convention.score) if convention.grade_on == "rounded" else total
    for name, lowest in standard.grades:
        reached, limit = aligned(compared, lowest)
        if reached >= limit:
            return name
    raise InvalidValue(f"总分 {total} 不在任何等级之内")
