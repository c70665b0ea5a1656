"""What only the form of a 转移支付 prints: 资金管理情况, 说明, and rates that it prints as whole percents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from perfeval.arithmetic import Scaled, half_up
from perfeval.checks.forms.form import FormReview
from perfeval.digits import whole
from perfeval.findings import Finding, Level, Said
from perfeval.forms.model import TRANSFER, Entry, FundRow
from perfeval.hints import MISSING_VALUE, MIXED_CONVENTIONS, NOT_MEASURED
from perfeval.quantities import plain

_NO_SITUATION = MISSING_VALUE.says("“{matter}”的情况说明空白")
_NO_REMARKS = MISSING_VALUE.says("“说明”空白")
_REPEATED = NOT_MEASURED.says("全年实际完成情况照抄了总体目标，请写实际完成的情况")
_WHOLE_PERCENT = MIXED_CONVENTIONS.says("{source}的执行率只写到整数，应为 {exact}；请保留两位小数，或写明取整")

_WHOLE = re.compile(r"(\d+)%")
_ROUNDED = re.compile(r"取整|保留整数|四舍五入")  # words that say that rates are rounded
_LEAST = 8  # characters of a goal that nobody reaches by writing the same words again


def check(review: FormReview) -> Iterator[Finding]:
    """Everything to be said of a transfer's form beyond its money and its rows; nothing of any other form."""
    if review.form.kind != TRANSFER:
        return
    for one in review.form.management:
        if not one.said.text:
            yield _blank(review, one.said, _NO_SITUATION.of(matter=one.matter), "写明情况")
    if review.form.remarks.cell and not review.form.remarks.text:
        yield _blank(review, review.form.remarks, _NO_REMARKS.of(), "监督检查、审计发现的问题和所涉金额；没有的填无")
    yield from _repeated(review)
    if not _says_rounded(review):
        for funds in review.form.funds:
            yield from _in_whole_percents(review, funds)


def _blank(review: FormReview, at: Entry, said: Said, wanted: str) -> Finding:
    """A blank that is asked about: the form is not wrong without it."""
    return replace(review.found(said, at, wanted), level=Level.WARNING)


def _repeated(review: FormReview) -> Iterator[Finding]:
    """The 总体目标 word for word as its own outcome."""
    goal, outcome = review.form.goal, review.form.outcome
    if len(goal.text) >= _LEAST and _bare(goal) == _bare(outcome):
        yield review.found(_REPEATED.of(), outcome, "实际完成情况", outcome.text)


def _bare(entry: Entry) -> str:
    return re.sub(r"\s", "", plain(entry.text))


def _says_rounded(review: FormReview) -> bool:
    """Whether any text on the form says that its rates are rounded."""
    texts = (cell.value for place, cell in review.grid.cells.items() if place in review.form.area)
    return any(isinstance(text, str) and _ROUNDED.search(text) for text in texts)


def _in_whole_percents(review: FormReview, funds: FundRow) -> Iterator[Finding]:
    """A rate that is right only as a whole percent, which nobody says."""
    rate, printed = review.rate(funds), _WHOLE.fullmatch(plain(funds.rate.text))
    if rate is None or printed is None:
        return
    executed, budget = rate
    nearest = half_up(100 * executed, budget)
    if whole(printed[1]) == nearest and 100 * executed != nearest * budget:
        exact = f"{Scaled(half_up(10_000 * executed, budget), 2)}%"
        said = _WHOLE_PERCENT.of(source=funds.source, exact=exact)
        yield review.found(said, funds.rate, exact, funds.rate.text)
