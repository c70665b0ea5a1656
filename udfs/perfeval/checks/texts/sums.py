"""Sums in a report: a whole and its parts in a paragraph, income less expenditure, lists, and one figure told twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from perfeval.arithmetic import Scaled, add
from perfeval.checks.figures.budget_items import (
    ABROAD,
    ADJUSTED,
    ANY,
    AVAILABLE,
    BALANCE,
    BROUGHT,
    BUDGET,
    BUDGETS,
    CARS,
    CARS_BOUGHT,
    CARS_RUN,
    CHANGE,
    EXECUTED,
    INCOME,
    INITIAL,
    OFFICIAL,
    RECEPTION,
    SUMS,
    TOTAL,
    Sum,
    is_known,
)
from perfeval.checks.figures.ratios import near
from perfeval.checks.figures.statements import MONEY, Figure, Passage, same_stage, values
from perfeval.checks.tables.across import TABLES_DISAGREE
from perfeval.checks.tables.sums import DOES_NOT_FOOT
from perfeval.checks.texts.report import Placed, Report
from perfeval.findings import Finding, Level
from perfeval.forms.values import UNIT_POWER
from perfeval.scoring import shown

_PARTS = DOES_NOT_FOOT.says("{whole}，而{parts}合计 {total}")
_ADJUSTED = DOES_NOT_FOOT.says("{whole}，按括号里的年初数和增减得出的是 {total}")
_LEFT_OVER = DOES_NOT_FOOT.says("{balance}，而{sources}减去支出 {out} 是 {total}")
_LEFT_OVER_PERHAPS = DOES_NOT_FOOT.says(f"{_LEFT_OVER.sentence}；如有年初结转，请写明")
_LISTED = DOES_NOT_FOOT.says("{whole}，其下 {count} 项合计 {total}")
_TOLD_TWICE = TABLES_DISAGREE.says("{item}此处是 {here}，第 {number} 段是 {there}")

# A sentence may name the parts of 公务用车购置及运行费 and not itself.
_WITHOUT_CARS = Sum(OFFICIAL, (ABROAD, RECEPTION, CARS_BOUGHT, CARS_RUN))
_LIST = re.compile(r"(?:具体(?:包括|如下|为|情况如下)|明细如下|包括如下)[^。]*[:：]$")
_NUMBER = re.compile(r"\s*(?:\d+\s*[.、．]|[（(][一二三四五六七八九十\d]+[)）])")


def check(report: Report) -> Iterator[Finding]:
    """The sums that do not hold, and the figures that a section tells differently."""
    for passage in report.passages:
        yield from _parts(report, passage)
        yield from _adjustments(report, passage)
    yield from _lists(report)
    sections: dict[int, list[Passage]] = defaultdict(list)
    for passage in report.passages:
        sections[passage.section].append(passage)
    for passages in sections.values():
        yield from _left_over(report, passages)
        yield from _told_twice(report, passages)


def footed(whole: Figure, parts: Sequence[Figure], signs: Sequence[int] = ()) -> tuple[bool, Scaled]:
    """Whether a whole is the sum of its parts, their rounding allowed for, and the sum."""
    signed = [
        Scaled(part.number.units * sign, part.number.places)
        for part, sign in zip(parts, signs or [1] * len(parts), strict=True)
    ]
    total = add(signed)
    return near(whole.number, whole.slack, total, add([part.slack for part in parts])), total


def _parts(report: Report, passage: Passage) -> Iterator[Finding]:
    """支出总计 = 基本支出 + 项目支出 … where a paragraph tells each once at one stage of one year."""
    groups: dict[tuple[str, str], dict[str, list[Figure]]] = defaultdict(lambda: defaultdict(list))
    figures = [one for one in passage.figures if one.unit == MONEY and one.stage != CHANGE and is_known(one.item)]
    stages = {figure.stage for figure in figures if figure.stage != ANY}
    for figure in figures:
        stage = next(iter(stages)) if figure.stage == ANY and len(stages) == 1 else figure.stage
        groups[stage, figure.year][figure.item].append(figure)
    told = set()
    for group in groups.values():
        for relation in SUMS if CARS in group else (*SUMS, _WITHOUT_CARS):
            found = _relation(group, relation, passage)
            if found is None or id(found[0]) in told:
                continue
            whole, parts = found
            report.compares(passage)
            holds, total = footed(whole, parts)
            if not holds:
                told.add(id(whole))
                due, sentence = _in_unit_of(whole, total), max(part.sentence for part in (whole, *parts))
                said = _PARTS.of(whole=_named([whole]), parts=_named(parts), total=due)
                yield report.finding(said, passage, sentence, due, whole.written)


def _relation(group: dict[str, list[Figure]], relation: Sum, passage: Passage) -> tuple[Figure, list[Figure]] | None:
    """The one whole and its parts; None where any is told with several values, or too few parts are told."""
    parts = [values(group[item]) for item in relation.parts if item in group]
    if len(parts) < relation.least or any(len(found) != 1 for found in parts):
        return None
    figures = [found[0] for found in parts]
    wholes = values(group.get(relation.whole, []))
    listed = {figure.whole for figure in figures}
    if len(listed) == 1 and None not in listed:  # 14,267 万元，包括人员支出 …
        (place,) = listed
        whole = passage.figures[place]  # type: ignore[index]
        others = {one.item for one in passage.figures if one.whole == place and one.sentence == figures[0].sentence}
        if others - set(relation.parts):
            return None  # the list holds more than these parts
        if whole.item == relation.whole or not is_known(whole.item):
            wholes = [whole]
    elif wholes and any(figure.whole is not None and passage.figures[figure.whole] not in wholes for figure in figures):
        return None
    if len(wholes) != 1 or wholes[0] in figures or not wholes[0].number.units:
        return None
    return wholes[0], figures


def _named(parts: Sequence[Figure]) -> str:
    return "、".join(f"{part.item} {part.written}" if is_known(part.item) else part.written for part in parts)


def _in_unit_of(figure: Figure, number: Scaled) -> str:
    """An amount in the unit in which a figure is written."""
    for unit in ("亿元", "万元"):
        if unit in figure.written:
            return f"{shown(Scaled(number.units, number.places + UNIT_POWER[unit]))}{unit}"
    return f"{shown(number)}{'元' if figure.unit == MONEY else figure.unit}"


_SIGNS = (
    (1, re.compile(r"年初(?:批复)?(?:部门)?预算|年初结转|上年结转|追加|调入|调增|增加|新增")),
    (-1, re.compile(r"调出|调减|压减|核减|减少|上缴|收回|追减")),
)


def _adjustments(report: Report, passage: Passage) -> Iterator[Finding]:
    """全年预算 X（年初 A，追加 B，调出 C）: the bracket tells how the one came from the other."""
    figures = passage.figures
    for place, whole in enumerate(figures[:-1]):
        inside = []
        for figure in figures[place + 1 :]:
            if figure.depth <= whole.depth or figure.sentence != whole.sentence:
                break
            inside.append(figure)
        signs = [next((sign for sign, words in _SIGNS if words.search(figure.words)), 0) for figure in inside]
        begins = inside and inside[0].stage == INITIAL
        if len(inside) < 2 or not begins or 0 in signs or whole.stage not in {ADJUSTED, BUDGET, *BUDGETS}:
            continue
        report.compares(passage)
        holds, total = footed(whole, inside, signs)
        if not holds:
            due = _in_unit_of(whole, total)
            said = _ADJUSTED.of(whole=whole.written, total=due)
            yield report.finding(said, passage, whole.sentence, due, whole.written)


def _left_over(report: Report, passages: Sequence[Passage]) -> Iterator[Finding]:
    """收入 − 支出 = 年末结转结余, where a section tells the three."""

    def told(item: str, stages: Sequence[str]) -> list[Placed]:
        return [
            Placed(figure, passage)
            for passage in passages
            for figure in passage.figures
            if figure.item == item and figure.is_own and figure.whole is None and figure.stage in stages
        ]

    balances, spent = told(BALANCE, (ANY, EXECUTED)), told(TOTAL, (EXECUTED,))
    available, income, brought = (told(item, (ANY, EXECUTED)) for item in (AVAILABLE, INCOME, BROUGHT))
    if any(len(values([one.figure for one in found])) != 1 for found in (balances, spent)):
        return
    sources = [available[:1]] if available else [income[:1] + brought[:1]] if income else []
    if not sources or any(len(values([one.figure for one in found])) > 1 for found in (available, income, brought)):
        return
    balance, out, inward = balances[0], spent[0].figure, [one.figure for one in sources[0]]
    report.compares(balance.passage)
    holds, total = footed(balance.figure, [*inward, out], [*[1] * len(inward), -1])
    if holds:
        return
    due, printed = _in_unit_of(balance.figure, total), balance.figure.written
    sentence = _LEFT_OVER if available or brought else _LEFT_OVER_PERHAPS
    said = sentence.of(balance=printed, sources=_named(inward), out=out.written, total=due)
    finding = report.finding(said, balance.passage, balance.figure.sentence, due, printed)
    yield finding if available or brought else replace(finding, level=Level.WARNING)


def _told_twice(report: Report, passages: Sequence[Passage]) -> Iterator[Finding]:
    """One item at one stage with two values in one section."""
    seen: dict[str, list[Placed]] = defaultdict(list)
    for passage in passages:
        numbered = _NUMBER.match(passage.text)  # an entry of a list is of its own subject but for what it begins with
        for figure in passage.figures[: 1 if numbered else None]:
            if figure.is_own and is_known(figure.item) and figure.stage != CHANGE:
                seen[figure.item].append(Placed(figure, passage))
    for item, found in seen.items():
        stages = {figure.stage for figure, _ in found if figure.stage != ANY}
        if len({figure.year for figure, _ in found if figure.year}) > 1 or len(stages) > 1:
            continue
        first = found[0]
        for other in found[1:]:
            if other.passage is first.passage or other.figure.unit != first.figure.unit:
                continue
            if not (
                same_stage(first.figure.stage, other.figure.stage) or ANY in (first.figure.stage, other.figure.stage)
            ):
                continue
            report.compares(other.passage)
            if not near(first.figure.number, first.figure.slack, other.figure.number, other.figure.slack):
                here, there = other.figure.written, first.figure.written
                said = _TOLD_TWICE.of(item=item, here=here, number=first.passage.number, there=there)
                yield report.finding(said, other.passage, other.figure.sentence, there, here)
                break


def _lists(report: Report) -> Iterator[Finding]:
    """项目支出 335 万元，具体包括：1. … 7 万元 2. …: the numbered paragraphs that follow are all of it."""
    for place, passage in enumerate(report.passages):
        if not _LIST.search(passage.text) or not passage.figures:
            continue
        whole = passage.figures[-1]
        items = []
        for following in report.passages[place + 1 :]:
            if not _NUMBER.match(following.text):
                break
            items.append(next((one for one in following.figures if one.unit == whole.unit), None))
            if not report.affords(1, passage):
                break
        parts = [one for one in items if one is not None]
        if len(parts) < 2 or len(parts) < len(items) or whole.unit != MONEY:
            continue
        report.compares(passage)
        holds, total = footed(whole, parts)
        if not holds:
            due = _in_unit_of(whole, total)
            said = _LISTED.of(whole=whole.written, count=len(parts), total=due)
            yield report.finding(said, passage, whole.sentence, due, whole.written)
