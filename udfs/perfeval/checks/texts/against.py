"""A report's figures beside those of the book: amounts of 决算, budgets, assets, headcounts; “与…保持一致”; “未做项目支出”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from perfeval.arithmetic import Scaled, magnitude
from perfeval.checks.amounts import Known
from perfeval.checks.context import Context
from perfeval.checks.figures.budget_items import (
    ABROAD,
    ADJUSTED,
    ANY,
    ASSETS,
    BUDGETS,
    CARS,
    CARS_BOUGHT,
    DEBTS,
    EXECUTED,
    INITIAL,
    OFFICIAL,
    POSTED,
    POSTS,
    PROJECTS,
    RECEPTION,
    is_known,
    named,
)
from perfeval.checks.figures.ratios import near
from perfeval.checks.figures.statements import Passage, values
from perfeval.checks.tables.across import TABLES_DISAGREE
from perfeval.checks.texts.rates import OTHER_BASIS
from perfeval.checks.texts.report import Placed, Report
from perfeval.findings import Finding
from perfeval.quantities import plain
from perfeval.scoring import shown

_IN_A_TABLE = "{what}写 {written}，工作表“{sheet}”的 {cell} 是 {amount} {unit}"
_TOLD_OTHERWISE = TABLES_DISAGREE.says(_IN_A_TABLE)
_OF_ANOTHER_BUDGET = OTHER_BASIS.says(_IN_A_TABLE)
_UNLIKE = TABLES_DISAGREE.says("写 {written} 与{item}一致，第 {number} 段的{item}是 {other}")
_SPENT_AFTER_ALL = TABLES_DISAGREE.says("写“{words}”，工作表“{sheet}”的 {cell} 却有执行数 {amount} 元")

_BARE = frozenset({ASSETS, DEBTS, POSTS, POSTED})  # told without a stage
_SAME_AS = re.compile(r"与(.{2,80}?)(?:保持一致|相一致|一致|相等|相同)")
_NONE = re.compile(r"(?:未做|未发生|没有发生|未支出|无|没有)(?:安排)?([一-鿿（）()“”]{4,12}?)(?:支出)?(?=[,.;)]|$)")
_OF_THE_YEAR = re.compile(r"决算|全年|本年|年度")
_NEVER = frozenset({PROJECTS, OFFICIAL, ABROAD, RECEPTION, CARS, CARS_BOUGHT})


def check(report: Report, context: Context) -> Iterator[Finding]:
    """The figures that the book, or the report itself elsewhere, tells differently."""
    items = {placed.figure.item: None for placed in report.figures() if is_known(placed.figure.item)}
    for item in items:
        yield from _amounts(report, item, context.amounts_of.get(item, ()))
    for passage in report.passages:
        for place, sentence in enumerate(passage.sentences):
            yield from _same_as(report, passage, place, plain(sentence))
            yield from _none(report, passage, place, plain(sentence), context)


def _amounts(report: Report, item: str, tabled: Sequence[Known]) -> Iterator[Finding]:
    """One item in text and tables. A report on many bodies, or a book of many, tells several values: nothing is said."""
    if item in _BARE:
        yield from _compared(report, [one for one in report.stated(item) if one.figure.is_own], tabled, False)
        return
    for stage in (EXECUTED, INITIAL, ADJUSTED):
        told = [one for one in report.stated(item, stage) if one.figure.is_own]
        yield from _compared(report, told, [one for one in tabled if one.stage == stage], False)
    budgets = [one for one in tabled if one.stage in BUDGETS]
    told = [one for one in report.stated(item, *BUDGETS) if one.figure.is_own]
    if not told or not report.affords(len(told) * len(budgets), told[0].passage):
        return
    if len({one.stage for one in budgets}) == 1 and not any(_is(one, other) for one in told for other in budgets):
        exact = {one.stage for one in budgets} & {INITIAL, ADJUSTED}
        yield from _compared(report, [one for one in told if one.figure.stage not in exact], budgets, True)


def _compared(report: Report, told: Sequence[Placed], tabled: Sequence[Known], is_basis: bool) -> Iterator[Finding]:
    years = {one.year for one in tabled if one.year}
    told = [one for one in told if not one.figure.year or not years or one.figure.year in years]
    tabled = [
        one for one in tabled if not one.year or any(one.year == other.figure.year for other in told) or len(years) == 1
    ]
    if not told or len({one.number for one in tabled}) != 1:
        return
    stages = {one.figure.stage for one in told}
    if any(len(values([one.figure for one in told if one.figure.stage == stage])) > 1 for stage in stages):
        return
    if not is_basis and len(values([one.figure for one in told])) > 1:
        return
    other = tabled[0]
    later = [one for one in told if one.figure.stage != INITIAL] if is_basis else []
    for one in (later or told)[:1]:
        report.compares(one.passage)
        if _is(one, other):
            continue
        what = one.figure.item if one.figure.stage == ANY else f"{one.figure.item}（{one.figure.stage}）"
        unit = "人" if other.item in {POSTS, POSTED} else "元"
        said = (_OF_ANOTHER_BUDGET if is_basis else _TOLD_OTHERWISE).of(
            what=what,
            written=one.figure.written,
            sheet=other.sheet,
            cell=other.entry.cell,
            amount=shown(other.number),
            unit=unit,
        )
        yield report.finding(said, one.passage, one.figure.sentence, str(other.number), one.figure.written)


def _is(one: Placed, other: Known) -> bool:
    """Whether a figure may be a table's amount: 5730 万元 is 57,295,409.26 元; it may itself be a sum of rounded ones."""
    slack = one.figure.slack
    return near(one.figure.number, Scaled(2 * slack.units, slack.places), other.number, other.slack)


def _same_as(report: Report, passage: Passage, place: int, text: str) -> Iterator[Finding]:
    """5,012 万元（与公用经费之和保持一致）: some 公用经费 of the report must be 5,012."""
    for match in _SAME_AS.finditer(text):
        here = [figure for figure in passage.figures if figure.sentence == place and figure.unit == "元"]
        item = _last_item(match[1])
        before = [one for one in here if one.words and text.find(one.written) < match.start()]
        others = (
            [one for one in report.stated(item) if one.passage is not passage or one.figure not in here] if item else []
        )
        if not before or not others or not report.affords(len(others), passage):
            continue
        figure = before[-1]
        report.compares(passage)
        if any(near(figure.number, figure.slack, one.figure.number, one.figure.slack) for one in others):
            continue
        nearest = min(others, key=lambda one: abs(magnitude(one.figure.number) - magnitude(figure.number)))
        other = nearest.figure.written
        said = _UNLIKE.of(written=figure.written, item=item, number=nearest.passage.number, other=other)
        yield report.finding(said, passage, place, other, figure.written)


def _last_item(words: str) -> str:
    """The known item that a phrase ends with: …基本支出中公用经费之和 → 公用支出."""
    bare = re.sub(r"(?:之和|合计|总额|数)$", "", re.sub(r"\([^()]*\)", "", words))
    for start in range(len(bare) - 2):
        item = named(bare[start:]).item
        if is_known(item):
            return item
    return ""


def _none(report: Report, passage: Passage, place: int, text: str, context: Context) -> Iterator[Finding]:
    """在年度决算中未做项目支出, while the forms print money spent."""
    if not _OF_THE_YEAR.search(text):
        return
    for match in _NONE.finditer(text):
        found = named(match[1] if is_known(named(match[1]).item) else f"{match[1]}支出")
        if found.item not in _NEVER or found.stage in BUDGETS:
            continue
        spent = [one for one in context.amounts_of.get(found.item, ()) if _is_spent(one)]
        if found.item == PROJECTS and not spent:
            forms = {assessment.form.sheet for assessment in context.projects}
            spent = [one for one in context.amounts if one.sheet in forms and _is_spent(one)]
        if spent:
            one = spent[0]
            amount = shown(one.number)
            said = _SPENT_AFTER_ALL.of(words=match[0], sheet=one.sheet, cell=one.entry.cell, amount=amount)
            yield report.finding(said, passage, place, str(one.number), "0")


def _is_spent(known: Known) -> bool:
    return known.stage == EXECUTED and known.number.units > 0
