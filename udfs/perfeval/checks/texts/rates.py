"""Rates in a report: 执行率 and 完成 x%, 占 …的 x%, 控制率 of people, 结案率, and changes on last year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from perfeval.arithmetic import ZERO, Scaled, add, magnitude, subtract
from perfeval.checks.amounts import Known
from perfeval.checks.figures.budget_items import ANY, BUDGETS, CHANGE, EXECUTED, HEADCOUNT_RATES, TOTAL, is_known, named
from perfeval.checks.figures.ratios import Ratio
from perfeval.checks.figures.statements import MONEY, PEOPLE, Figure, Passage, Rate, values
from perfeval.checks.tables.rates import WRONG_RATIO
from perfeval.checks.texts.report import Report
from perfeval.findings import Finding, Level, declare

_WRONG = WRONG_RATIO.says("写 {printed}，{otherwise}")
OTHER_BASIS = declare(
    "R34",
    Level.WARNING,
    "文字与表格口径不同",
    "统一口径，或写明文字用的是哪个预算数",
    "写 {printed}，是文中 {part} ÷ {whole}；表中的数得出的是 {tabled}",
)

_EXECUTION = re.compile(
    r"(?:执行率|完成率|支出率|支付率|完成进度|执行进度|支出进度|支付进度|完成(?:年初|调整后|全年)?预算的?|执行|完成)(?:分别|仅|只|已)?[为达到是占]{0,2}$"
)
_OVERALL = re.compile(
    r"(?:部门|整体|总体|全年|财政|资金|支出|经费)*预算(?:总体|整体)?(?:执行率|完成率|支出率)[为达到是]{0,2}$"
)
_SHARE = re.compile(r"占(.{2,20}?)的?(?:比例|比重|比)?[为达到是]{0,2}$")
_CHANGE = re.compile(r"(增加|增长|上升|提高|减少|下降|降低|压减)了?$")
_NAMED = re.compile(r"([一-鿿]{2})率[为达到是]{0,2}$")
_PARTIAL = re.compile(r"季度|上半年|半年|前三季|截[至止](?:\d{4}年)?(?:[1-9]|1[01])月|序时")
_CONTROL = re.compile(r"控制率[为达到是]{0,2}$")
_MOST_BEFORE = 200  # figures in a paragraph that a rate may be of
_MOST_COMPARED = 60  # large figures of a report; of more, some two give any rate
_LOWER = {"减少", "下降", "降低", "压减"}


class _Operands(NamedTuple):
    """The figures that a rate is said to come from."""

    part: Figure
    whole: Figure
    ratio: Ratio


Amounts = Mapping[str, Sequence[Known]]  # by what they are of


def check(report: Report, known: Amounts) -> Iterator[Finding]:
    """The rates that the report's own figures do not give, and those that the book's tables give otherwise."""
    for passage in report.passages:
        for rate in passage.rates:
            if not _PARTIAL.search(passage.sentences[rate.sentence]):
                yield from _rate(report, passage, rate, known)


def _rate(report: Report, passage: Passage, rate: Rate, known: Amounts) -> Iterator[Finding]:
    name = named(rate.words).words.rstrip("为达到是")
    if name in HEADCOUNT_RATES:
        found = _people(passage, name) if report.affords(len(passage.figures), passage) else []
    elif share := _SHARE.search(rate.words):
        found = _share(passage, rate, named(share[1]).item)
    elif rate.words == "的":
        found = _of_a_task(passage, rate)
    elif _CHANGE.search(rate.words):
        found = _change(passage, rate)
    elif _EXECUTION.search(rate.words) or _CONTROL.search(rate.words):
        yield from _execution(report, passage, rate, known)
        return
    elif verb := _NAMED.search(rate.words):
        found = _counted(passage, rate, verb[1])
    else:
        return
    if found:
        report.compares(passage)
    if found and not any(one.rounds_to(rate.printed) for one in found):
        yield _wrong(report, passage, rate, f"由文中的数得出的是 {found[0].percent()}", found[0])


def _wrong(report: Report, passage: Passage, rate: Rate, told: str, ratio: Ratio | None = None) -> Finding:
    expected = ratio.percent() if ratio else ""
    said = _WRONG.of(printed=rate.printed, otherwise=told)
    return report.finding(said, passage, rate.sentence, expected, rate.printed)


def _before(passage: Passage, rate: Rate) -> list[Figure]:
    """The figures before a rate in its paragraph, of a very long one the nearest."""
    return passage.figures[max(0, rate.at - _MOST_BEFORE) : rate.at]


def _ratio(part: Figure, whole: Figure) -> Ratio:
    return Ratio(part.number, whole.number, _slack(part), _slack(whole))


def _slack(figure: Figure) -> Scaled:
    """Money in whole 万元 may be rounded; 5 万亩 is a number that somebody planned or counted."""
    return figure.slack if figure.unit == MONEY or "." in figure.written else ZERO


def _people(passage: Passage, name: str) -> list[Ratio]:
    """在编 ÷ 编制, 编外 ÷ (在编 + 编外), where the paragraph tells each once."""
    part, wholes = HEADCOUNT_RATES[name]
    counted = {
        item: values([figure for figure in passage.figures if figure.item == item and figure.unit == PEOPLE])
        for item in (part, *wholes)
    }
    if any(len(found) != 1 for found in counted.values()):
        return []
    whole = add([counted[item][0].number for item in wholes])
    return [Ratio(counted[part][0].number, whole)] if whole.units else []


def _share(passage: Passage, rate: Rate, item: str) -> list[Ratio]:
    """A 万元，占 B 的 x%: A stands before the rate, B earlier in the paragraph."""
    before = [figure for figure in _before(passage, rate) if figure.stage != CHANGE]
    if not before or not is_known(item):
        return []
    part = before[-1]
    wholes = [one for one in before[:-1] if one.item == item and one.unit == part.unit and one.number.units > 0]
    return [_ratio(part, whole) for whole in reversed(wholes)]


def _change(passage: Passage, rate: Rate) -> list[Ratio]:
    """X 万元，比上年减少 D 万元，减少 p%: p is D ÷ (X + D)."""
    before = _before(passage, rate)
    sign = _CHANGE.search(rate.words)
    other = _CHANGE.search(before[-1].words) if before else None
    if len(before) < 2 or sign is None or other is None or "比" not in before[-1].words:
        return []
    now, change = before[-2], before[-1]
    if {now.sentence, change.sentence} != {rate.sentence} or now.unit != change.unit:
        return []
    if (sign[1] in _LOWER) != (other[1] in _LOWER):
        return []
    base = add([now.number, change.number]) if sign[1] in _LOWER else subtract(now.number, change.number)
    slack = add([_slack(now), _slack(change)])
    return [Ratio(change.number, base, _slack(change), slack)] if base.units > 0 else []


def _of_a_task(passage: Passage, rate: Rate) -> list[Ratio]:
    """建成 5.2 万亩，完成任务 5 万亩的 104%: the two figures before the rate."""
    before = [figure for figure in _before(passage, rate) if figure.sentence == rate.sentence]
    if len(before) < 2 or not re.search("完成|占", before[-1].words) or before[-1].unit != before[-2].unit:
        return []
    return [_ratio(before[-2], before[-1])] if before[-1].number.units > 0 else []


def _counted(passage: Passage, rate: Rate, verb: str) -> list[Ratio]:
    """120380 件，已结案 117831 件，结案率 x%: the figure that names the verb, over the one other of its unit."""
    here = [figure for figure in _before(passage, rate) if figure.sentence == rate.sentence]
    parts = [figure for figure in here if verb in figure.words]
    if len(parts) != 1:
        return []
    wholes = [one for one in here if one is not parts[0] and one.unit == parts[0].unit and one.number.units > 0]
    return [_ratio(parts[0], wholes[0])] if len(wholes) == 1 and here.index(wholes[0]) < here.index(parts[0]) else []


def _execution(report: Report, passage: Passage, rate: Rate, known: Amounts) -> Iterator[Finding]:
    subject = _CONTROL.sub("", _EXECUTION.sub("", rate.words))
    named_item = named(subject).item
    is_overall = bool(_OVERALL.fullmatch(named(rate.words).words))
    items = (named_item,) if is_known(named_item) else rate.items
    if is_overall and not rate.at:
        items = (TOTAL,)
    spoken = _before(passage, rate)
    if _CONTROL.search(rate.words) and not is_known(named_item):  # of what its own sentence speaks of, or of people
        spoken = [figure for figure in spoken if figure.sentence == rate.sentence]
        if not _pairs(spoken, rate.items[0] if rate.items else ""):
            return
    spoken += [one for one in passage.figures[rate.at : rate.at + _MOST_BEFORE] if one.sentence == rate.sentence]
    others = {item: _elsewhere(report, item) for item in items if is_known(item)}
    pairs = sum(_pairs(spoken, item) for item in items) + sum(_pairs(told, item) for item, told in others.items())
    if not report.affords(pairs, passage):
        return
    here = [one for item in items for one in _operands(spoken, item)]
    fits = next((one for one in here if one.ratio.rounds_to(rate.printed)), None)
    elsewhere = [one for item, told in others.items() for one in _operands(told, item)]
    fits = fits or next((one for one in elsewhere if one.ratio.rounds_to(rate.printed)), None)
    tabled = [ratio for item in items[-1:] if is_known(item) for ratio in _of_tables(known, item)]
    if fits is not None and fits.part.item != (items[-1] if items else ""):
        tabled = _of_tables(known, fits.part.item) if is_known(fits.part.item) else []
    if fits is not None or here or tabled:
        report.compares(passage)
    if any(ratio.rounds_to(rate.printed) for ratio in tabled):
        return
    if fits is not None and tabled:
        due = tabled[0].percent()
        part, whole = fits.part.written, fits.whole.written
        said = OTHER_BASIS.of(printed=rate.printed, part=part, whole=whole, tabled=due)
        yield report.finding(said, passage, rate.sentence, due, rate.printed)
    elif fits is None and (
        here or _is_told(report, passage, rate, elsewhere, is_overall or is_known(named_item), bool(tabled))
    ):
        nearest = min(here or elsewhere, key=lambda one: one.ratio.apart(rate.printed), default=None)
        told = [f"文中 {one.part.written} ÷ {one.whole.written} 是 {one.ratio.percent()}" for one in (nearest,) if one]
        told += [f"表中的数得出的是 {ratio.percent()}" for ratio in tabled[:1]]
        yield _wrong(report, passage, rate, "；".join(told), nearest.ratio if nearest else tabled[0])


def _elsewhere(report: Report, item: str) -> list[Figure]:
    """What the whole report says of an item; nothing where it tells of many (of many bodies, of many years)."""
    figures = report.told_of.get(item, [])
    return figures if len(figures) <= _MOST_BEFORE else []


def _is_told(
    report: Report, passage: Passage, rate: Rate, elsewhere: Sequence[_Operands], is_named: bool, is_tabled: bool
) -> bool:
    """Whether a rate without figures beside it contradicts those told elsewhere: no two as large as they give it."""
    if not is_named or not (elsewhere or is_tabled):
        return False
    least = min((magnitude(one.part.number) for one in elsewhere), default=0.0) / 2
    large = [figure for figure in report.largest(_MOST_COMPARED + 1) if magnitude(figure.number) > least]
    if not elsewhere or len(large) > _MOST_COMPARED:
        return is_tabled and not large
    if not report.affords(len(large) ** 2, passage):
        return False
    return not any(_ratio(part, whole).rounds_to(rate.printed) for whole in large for part in large)


def _pairs(figures: Sequence[Figure], item: str) -> int:
    """How many ``_operands`` there are at most."""
    own = [figure for figure in figures if figure.unit == MONEY and figure.item == item]
    executed = sum(figure.stage == EXECUTED for figure in own)
    budgets = sum(figure.stage in BUDGETS for figure in own)
    changes = sum(figure.stage == CHANGE and figure.unit == MONEY for figure in figures)
    return executed * budgets * (1 + changes)


def _operands(figures: Sequence[Figure], item: str) -> list[_Operands]:
    """Every pair of an item's spent and budgeted money, the budget also less what was taken from it."""
    own = [figure for figure in figures if figure.unit == MONEY and figure.item == item]
    executed = [figure for figure in own if figure.stage == EXECUTED]
    budgets = [figure for figure in own if figure.stage in BUDGETS and figure.number.units > 0]
    pairs = [_Operands(part, whole, _ratio(part, whole)) for whole in budgets for part in executed]
    if not own:
        return pairs
    first = figures.index(own[0])
    changes = [figure for figure in figures[first:] if figure.stage == CHANGE and figure.unit == MONEY]
    for part, whole, _ in list(pairs):
        for change in changes:
            less = subtract(whole.number, change.number)
            if less.units > 0:
                pairs.append(
                    _Operands(part, whole, Ratio(part.number, less, part.slack, add([whole.slack, change.slack])))
                )
    return pairs


def _of_tables(known: Amounts, item: str) -> list[Ratio]:
    """What the book's tables give: an item's executed money over its budget, where they tell one of each."""
    amounts = known.get(item, ())
    executed = {one.number: one for one in amounts if one.stage == EXECUTED}
    budgets = {one.number: one for one in amounts if one.stage in BUDGETS}
    if len(executed) != 1 or any(one.stage == ANY for one in amounts):
        return []
    (part,) = executed.values()
    return [
        Ratio(part.number, whole.number, part.slack, whole.slack)
        for whole in budgets.values()
        if whole.number.units > 0
    ]
