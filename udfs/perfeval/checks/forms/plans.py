"""The project forms of our own workbook beside its import sheets: were the targets changed, do the amounts agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfeval.checks.forms.form import FormReview
from perfeval.checks.tables.across import TABLES_DISAGREE
from perfeval.checks.upkeep import UNDER_ANOTHER
from perfeval.checks.yearstart import UNLIKE_TARGETS
from perfeval.errors import InvalidValue
from perfeval.findings import Finding
from perfeval.forms.labels import key
from perfeval.forms.model import Entry, IndicatorRow
from perfeval.forms.values import in_unit, same
from perfeval.quantities import plain, points
from perfeval.records import names
from perfeval.records.model import SHARED, Indicator, Project

_LEFT_OUT = UNLIKE_TARGETS.says("年初绩效目标里的“{name}”，表中没有")
_ADDED = UNLIKE_TARGETS.says("“{name}”不在年初绩效目标里")
_CHANGED = UNLIKE_TARGETS.says("“{name}”的{what}是 {printed}，年初绩效目标是 {planned}")
_OTHER_LEVEL = UNDER_ANOTHER.says("“{name}”在年初绩效目标里是“{was}”，表中排在“{now}”下")
_OTHER_AMOUNT = TABLES_DISAGREE.says(f"{{source}}的{{what}}是 {{printed}}，“{names.EXECUTION}”里是 {{planned}}")
_TARGETS = f"本工作簿的“{names.TARGETS}”"
_EXECUTION = f"本工作簿的“{names.EXECUTION}”"


def check(reviews: Sequence[FormReview]) -> Iterator[Finding]:
    """What the forms say otherwise than the records of the same project, by its name."""
    for review in reviews:
        records = review.context.records
        known = {key(record.name): record for record in records.projects} if records else {}
        record = known.get(key(review.form.name.text))
        if record is not None and records is not None:
            yield from _targets(review, record)
            yield from _amounts(review, record, records.unit)


def _targets(review: FormReview, record: Project) -> Iterator[Finding]:
    rows = {key(row.name.text): row for row in review.form.rows if row.name.text and not row.is_placeholder}
    planned = {key(indicator.name): indicator for indicator in record.indicators if indicator.name}
    if not planned:
        return
    for name, indicator in planned.items():
        row = rows.get(name)
        if row is None:
            yield review.found(_LEFT_OUT.of(name=indicator.name), None, indicator.name, basis=_TARGETS)
        else:
            yield from _row(review, row, indicator)
            yield from _level(review, row, indicator)
    for name, row in rows.items():
        if name not in planned and row.weight.text:
            yield review.found(_ADDED.of(name=row.name.text), row.name, "", row.name.text, _TARGETS)


def _row(review: FormReview, row: IndicatorRow, planned: Indicator) -> Iterator[Finding]:
    for entry, value, what in ((row.target, planned.target, "指标值"), (row.weight, planned.weight, "分值")):
        wanted = Entry(value)
        if not wanted.text or wanted.text == SHARED or _alike(entry, wanted):
            continue
        said = _CHANGED.of(name=row.name.text, what=what, printed=entry.text or "空白", planned=wanted.text)
        yield review.found(said, entry, wanted.text, entry.text, _TARGETS)


def _level(review: FormReview, row: IndicatorRow, planned: Indicator) -> Iterator[Finding]:
    """A row under another label than the one of its targets, where the form has that one too."""
    levels = {key(level): level for other in review.form.rows for level in (other.level1, other.level2) if level}
    for wanted, printed in ((planned.level2, row.level2), (planned.level1, row.level1)):
        if wanted and printed and key(wanted) != key(printed) and key(wanted) in levels:
            said = _OTHER_LEVEL.of(name=row.name.text, was=wanted, now=printed)
            yield review.found(said, row.name, wanted, printed, _TARGETS)
            return


def _alike(one: Entry, other: Entry) -> bool:
    """Whether two cells say the same: the same text, or the same number."""
    if plain(one.text).replace(" ", "") == plain(other.text).replace(" ", ""):
        return True
    first, second = points(one.value), points(other.value)
    return first is not None and second is not None and same(first, second)


def _amounts(review: FormReview, record: Project, unit: str) -> Iterator[Finding]:
    by_source = {funds.source: funds for funds in record.funds}
    wanted_unit = review.form.unit or unit
    for row in review.form.funds:
        funds = by_source.get(row.source)
        if funds is None:
            continue
        for column, what in (("budget", "全年预算数"), ("executed", "全年执行数")):
            entry: Entry = getattr(row, column)
            try:
                planned = in_unit(getattr(funds, column), unit, wanted_unit)
                printed = in_unit(entry.value, wanted_unit, wanted_unit)
            except InvalidValue:
                continue
            if planned is not None and printed is not None and not same(planned, printed):
                said = _OTHER_AMOUNT.of(source=row.source, what=what, printed=entry.text, planned=planned)
                yield review.found(said, entry, planned, entry.text, _EXECUTION)
