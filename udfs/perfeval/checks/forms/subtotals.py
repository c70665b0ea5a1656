"""小计 among the rows of a form, held against their parts.

Which rows a 小计 is of is seldom printed: those since the last one, those of its level, all above it, those below it. One
reading that holds acquits it; 预算执行率 may be counted in it or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfeval.arithmetic import Scaled, add, rounded
from perfeval.checks.forms.form import FormReview
from perfeval.checks.forms.totals import WRONG_TOTAL
from perfeval.checks.forms.weights import LEVEL_WEIGHTS
from perfeval.findings import Finding
from perfeval.forms import labels
from perfeval.forms.assessment import ScoredRow
from perfeval.forms.model import SCORING, Entry, IndicatorBlock, Subtotal
from perfeval.forms.values import same
from perfeval.quantities import points

_UNLIKE_SCORES = WRONG_TOTAL.says("“{label}”的得分是 {printed}，上面各项得分合计 {sum}")
_UNLIKE_WEIGHTS = LEVEL_WEIGHTS.says("“{label}”的分值是 {printed}，上面各行分值合计 {sum}")


def check(review: FormReview) -> Iterator[Finding]:
    """Every 小计, and every 合计 that is one of a part, beside the rows that it may be of."""
    for block in review.form.blocks:
        named = [one for one in block.subtotals if one.label.cell is not None]
        for place, subtotal in enumerate(named):
            readings = list(_readings(review, block, named, place))
            weights = [[row.weight for row in rows] for rows in readings]
            scores = [[row.printed for row in rows] for rows in readings]
            for entry, parts, said in (
                (subtotal.weight, weights, _UNLIKE_WEIGHTS),
                (subtotal.score, scores, _UNLIKE_SCORES),
            ):
                due = _due(review, entry, parts)
                if due is not None:
                    message = said.of(label=subtotal.label.text, printed=points(entry.value), sum=due)
                    yield review.found(message, entry, due, entry.text)


def _readings(
    review: FormReview, block: IndicatorBlock, named: Sequence[Subtotal], place: int
) -> Iterator[Sequence[ScoredRow]]:
    """The rows that a 小计 may be of, the likeliest first."""
    levels = {row.row: (row.level1, row.level2) for row in block.rows}
    scored = [row for row in review.indicators if row.cell is not None and row.cell.row in levels]
    at = _row(named[place])
    last, following = (_row(named[place - 1]) if place else 0), _row(named[place + 1]) if place + 1 < len(named) else at
    above = [row for row in scored if _of(row) < at]
    readings = [[row for row in above if _of(row) > last]]
    if above:
        level1, level2 = levels[_of(above[-1])]
        readings.append([row for row in above if levels[_of(row)] == (level1, level2)])
        readings.append([row for row in above if levels[_of(row)][0] == level1])
    label = labels.key(named[place].label.text).removesuffix("小计")
    if label:
        readings.append([row for row in scored if label in levels[_of(row)]])
    readings.append(above)
    readings.append([row for row in scored if at < _of(row) and (_of(row) < following or following == at)])
    yield from (rows for rows in readings if rows)
    if review.execution is not None:
        yield from ([*rows, review.execution] for rows in readings if rows)


def _row(subtotal: Subtotal) -> int:
    return subtotal.label.cell.row if subtotal.label.cell else 0


def _of(row: ScoredRow) -> int:
    return row.cell.row if row.cell else 0


def _due(review: FormReview, entry: Entry, readings: Sequence[Sequence[Scaled | None]]) -> Scaled | None:
    """What a 小计 should be by its likeliest reading; None where a reading acquits it, or one cannot be told."""
    printed = points(entry.value)
    if printed is None or not readings or any(part is None for parts in readings for part in parts):
        return None
    sums = [add([part for part in parts if part is not None]) for parts in readings]
    if any(_agrees(review, one, printed) or review.may_be_unread(printed, one) for one in sums):
        return None
    return sums[0]


def _agrees(review: FormReview, parts: Scaled, printed: Scaled) -> bool:
    """Whether a sum is the printed one, also kept to fewer decimals; a whole one only on a 评分表, as totals are judged."""
    keeps_fewer = printed.places < parts.places and (printed.places or review.form.kind == SCORING)
    return same(parts, printed) or (bool(keeps_fewer) and same(rounded(parts, printed.places), printed))
