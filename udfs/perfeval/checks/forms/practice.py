"""Project forms of one book beside one another: one project twice, one question answered in two ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from perfeval.arithmetic import Scaled, aligned, rounded
from perfeval.checks.forms.form import FormReview
from perfeval.checks.tables.across import TABLES_DISAGREE
from perfeval.errors import PerfEvalError
from perfeval.findings import Finding
from perfeval.forms.amount_tables import figure
from perfeval.forms.grid import Address
from perfeval.forms.labels import key
from perfeval.forms.model import Entry, IndicatorRow
from perfeval.forms.values import pair_of, same
from perfeval.hints import MIXED_CONVENTIONS
from perfeval.quantities import PERCENT, points
from perfeval.scoring import forward_share, meets
from perfeval.targets import Threshold

_TWICE = TABLES_DISAGREE.says("“{name}”在工作表“{sheet}”也有自评表，那里的{what}是 {there}，这里是 {here}")
_MIXED = MIXED_CONVENTIONS.says("{question}：这里{wrong}，“{sheet}”{there} {right}")
_BASIS = "同一文件里各表的做法应一致"
Place = tuple[FormReview, Address]
_REVERSE, _CUTTING = "已达标的反向指标怎样计分", "比例分保留两位小数时怎样取舍"
_QUESTIONS = {_REVERSE: ("得满分", "按完成值的比例得分"), _CUTTING: ("四舍五入", "截断")}  # (right, wrong)


def check(reviews: Sequence[FormReview]) -> Iterator[Finding]:
    """What forms of one book do otherwise than one another."""
    yield from _twice(reviews)
    yield from _mixed(reviews)


def _twice(reviews: Sequence[FormReview]) -> Iterator[Finding]:
    """The money of one project, told twice and not alike."""
    first: dict[str, FormReview] = {}
    for review in reviews:
        name = key(review.form.name.text)
        other = first.setdefault(name, review) if name else review
        one, two = other.form.execution, review.form.execution
        if other is review or one is None or two is None:
            continue
        for column, what in (("budget", "全年预算数"), ("executed", "全年执行数")):
            here: Entry = getattr(two, column)
            there: Entry = getattr(one, column)
            if here.text != there.text and not _same_amount(here, there):
                said = _TWICE.of(
                    name=review.form.name.text,
                    sheet=other.form.sheet,
                    what=what,
                    there=there.text or "空白",
                    here=here.text or "空白",
                )
                yield review.found(said, here, there.text, here.text, _BASIS)


def _same_amount(one: Entry, other: Entry) -> bool:
    """Whether two cells hold the same sum, however it is written: 2000000, 2,000,000.00, 200万元."""
    first, second = figure(one), figure(other)
    return first is not None and second is not None and same(first, second)


def _mixed(reviews: Sequence[FormReview]) -> Iterator[Finding]:
    """反向指标 scored in two ways, proportions cut here and rounded there: told once, where the odd one stands."""
    ways: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    for review in reviews:
        for row in review.form.rows:
            for question, answer in _answers(row):
                if row.score.cell is not None:
                    ways[question][answer].append((review, row.score.cell))
    for question, answers in ways.items():
        right, wrong = _QUESTIONS[question]
        if answers[right] and answers[wrong]:
            (review, cell), (elsewhere, there) = answers[wrong][0], answers[right][0]
            sheet = elsewhere.form.sheet
            said = _MIXED.of(question=question, wrong=wrong, sheet=sheet, there=there, right=right)
            yield review.found(said, cell, right, wrong, _BASIS)


def _answers(row: IndicatorRow) -> Iterator[tuple[str, str]]:
    """How a row's score answers the questions on which practice differs."""
    try:
        target, actual = pair_of(row)
        met = meets(target, actual)
    except PerfEvalError:
        return
    weight, given = points(row.weight.value), points(row.score.value)
    if not isinstance(target, Threshold) or weight is None or given is None or not weight.units:
        return
    share = forward_share(target, actual, weight)
    if share is None:
        return
    if met and target.upper and target.quantity.unit == PERCENT:
        full, claimed, forward = aligned(weight, given, rounded(share, given.places))
        if full != forward and claimed in (full, forward):
            yield _REVERSE, _QUESTIONS[_REVERSE][claimed == forward]
    if not met and not target.upper:
        cut, due = Scaled(share.units // 10 ** (share.places - 2), 2), rounded(share, 2)
        if not same(cut, due) and (same(given, cut) or same(given, due)):
            yield _CUTTING, _QUESTIONS[_CUTTING][same(given, cut)]
