"""The one judge of a printed total and of a printed grade: what ``score`` notes, ``check`` finds."""

from __future__ import annotations

from collections.abc import Sequence

from perfeval.arithmetic import Scaled, add, rounded
from perfeval.conventions import Convention, DetailedConvention
from perfeval.forms.assessment import ScoredRow
from perfeval.forms.model import SCORING, Form
from perfeval.forms.values import same
from perfeval.quantities import points
from perfeval.scoring import grade
from perfeval.standards import DetailedStandard, Standard

_GRADE_WORDS = {"优秀": "优", "良好": "良", "中等": "中", "合格": "中", "一般": "中", "较差": "差", "不合格": "差"}


def printed_sum(rows: Sequence[ScoredRow]) -> Scaled | None:
    """The sum of the printed scores; None where one is missing."""
    scored = [row for row in rows if row.is_scored]
    if not scored or any(row.printed is None and row.applies for row in scored):
        return None
    return add([row.printed for row in rows if row.printed is not None])


def sum_beside_total(
    form: Form, rows: Sequence[ScoredRow], rescaled: Scaled | None = None
) -> tuple[Scaled, bool] | None:
    """The sum of the printed scores where the printed total is another, and whether it only keeps fewer decimals.

    None where they agree, one of them is missing, or the total is also that of another sheet.
    ``rescaled`` is a total that may stand instead. 评分表 are totalled in
    whole points, other forms are not.
    """
    total, parts = points(form.total_score.value), printed_sum(rows)
    if (
        total is None
        or parts is None
        or form.is_continued
        or same(parts, total)
        or (rescaled is not None and same(rescaled, total))
    ):
        return None
    is_rounded = total.places < parts.places and same(rounded(parts, total.places), total)
    if is_rounded and not total.places:
        return None if form.kind == SCORING else (parts, False)
    return parts, is_rounded


def grade_beside(
    total: Scaled | None,
    printed: str,
    standard: Standard | DetailedStandard,
    convention: Convention | DetailedConvention,
) -> str:
    """The grade that a total has by the standard, where the printed grade is another; "" where it is not, or says nothing known."""
    word = _GRADE_WORDS.get(printed, printed)
    if total is None or total.units < 0 or word not in dict(standard.grades):
        return ""
    due = grade(total, standard, convention)
    return due if due != word else ""
