"""Whether one figure is the same wherever a book prints it: 决算表, 项目收支表, 自评表, 预算表.

Two columns are of one thing where their headers say so and they agree on most of the lines that both have; an item
(基本支出, 决算数) where both tables name it. What may differ for good reasons (another body, another year, 财政拨款 only) is not compared.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from perfeval.arithmetic import Scaled, add
from perfeval.checks.amounts import Known, in_yuan
from perfeval.checks.context import Context
from perfeval.checks.figures.budget_items import (
    ADJUSTED,
    ANY,
    BUDGET,
    EXECUTED,
    INITIAL,
    PROJECTS,
    PURCHASES,
    is_known,
    named,
)
from perfeval.checks.figures.ratios import near
from perfeval.checks.lines import RATE, YEAR, label_of, labelled, stage_of
from perfeval.findings import Finding, Level, declare
from perfeval.forms.amount_tables import AmountTable
from perfeval.forms.model import Entry
from perfeval.scoring import shown

TABLES_DISAGREE = declare(
    "R23",
    Level.ERROR,
    "几处的数不一致",
    "核对两处的数，改成一致；口径不同的写明口径",
    "“{what}”此处是 {here} 元，{place} 是 {there} 元",
)
_MOST_TABLES = 200
_PLAIN = re.compile(r"^(?:金额|预算金额|合计|小计|总额|)$")
_SCOPES = ("财政拨款", "一般公共预算", "政府性基金", "国有资本")


class _Differing(NamedTuple):
    """Two figures that should be one; the second is the one to look at."""

    what: str
    first: Entry
    first_at: str
    first_value: Scaled
    second: Entry
    sheet: str
    second_value: Scaled


class _Column(NamedTuple):
    table: AmountTable
    year: str
    values: dict[str, tuple[Scaled, Scaled, Entry]]


def check(context: Context) -> Iterator[Finding]:
    """The figures that two places of a book print differently, each once."""
    for odd in _differing(labelled(context.tables), context.amounts):
        here, there = shown(odd.second_value), shown(odd.first_value)
        said = TABLES_DISAGREE.of(what=odd.what, here=here, place=odd.first_at, there=there)
        yield said.at(odd.sheet, str(odd.second.cell), str(odd.first_value), str(odd.second_value))


def _differing(tables: Sequence[AmountTable], amounts: Sequence[Known]) -> Iterator[_Differing]:
    seen = set()
    for found in (*_by_columns(tables[:_MOST_TABLES]), *_by_items(amounts)):
        if (found.sheet, found.second.cell) not in seen:
            seen.add((found.sheet, found.second.cell))
            yield found


def _by_columns(tables: Sequence[AmountTable]) -> Iterator[_Differing]:
    columns: dict[tuple[str, str], list[_Column]] = defaultdict(list)
    for table in tables:
        for key, column in _columns(table):
            columns[key].append(column)
    for same in columns.values():
        for one, other in combinations(same, 2):
            if one.table is not other.table and _comparable(one, other):
                yield from _outliers(one, other)


def _columns(table: AmountTable) -> Iterator[tuple[tuple[str, str], _Column]]:
    if not table.lines:
        return
    for header in table.lines[0].amounts:
        if RATE.search(header) or "其中" in header.split("/")[-1]:
            continue
        item = named(header.split("/")[0]).item
        if _PLAIN.match(item):
            item = next((one for word, one in (("政府采购", PURCHASES), ("项目", PROJECTS)) if word in table.title), "")
        stage = stage_of(header)
        if stage == ANY:
            stage = EXECUTED if "决算" in table.title else BUDGET
        year = next(iter(YEAR.findall(header)), "")
        yield (item if is_known(item) else header.split("/")[-1], stage), _Column(table, year, _values(table, header))


def _values(table: AmountTable, header: str) -> dict[str, tuple[Scaled, Scaled, Entry]]:
    """A column's amounts by label; where the first label is repeated on each line (项目 by 实施单位), their sums."""
    firsts = Counter(next(iter(line.labels.values())).text for line in table.lines)
    sums = len(next(iter(table.lines)).labels) > 1 and firsts.most_common(1)[0][1] > 1 and "" not in firsts
    found: dict[str, list[tuple[Scaled, Scaled, Entry]]] = defaultdict(list)
    for line in table.lines:
        label = next(iter(line.labels.values())).text if sums else label_of(line)
        value = in_yuan(line.amounts[header], table.unit) if header in line.amounts else None
        if value is not None and label:
            found[re.sub(r"\s+", "", label)].append((*value, line.amounts[header]))
    if not sums:
        return {label: values[0] for label, values in found.items() if len(values) == 1}
    return {
        label: (add([one for one, _, _ in values]), add([slack for _, slack, _ in values]), values[0][2])
        for label, values in found.items()
    }


def _comparable(one: _Column, other: _Column) -> bool:
    years = {year for year in (one.year, other.year) if year}
    return len(years) < 2 and one.table.side == other.table.side and _same_body(one.table.body, other.table.body)


def _same_body(one: str, other: str) -> bool:
    return not one or not other or one == other


def _outliers(one: _Column, other: _Column) -> Iterator[_Differing]:
    shared = [label for label in one.values if label in other.values]
    agreeing, failing = [], []
    for label in shared:
        (first, first_slack, _), (second, second_slack, _) = one.values[label], other.values[label]
        if first.units or second.units:
            fits = near(first, first_slack, second, second_slack)
            (agreeing if fits else failing).append(label)
    if len({one.values[label][0] for label in agreeing}) < 3 or len(agreeing) <= 4 * len(failing):
        return
    for label in failing:
        first, second = one.values[label], other.values[label]
        place = f"{one.table.sheet}!{first[2].cell}"
        yield _Differing(label, first[2], place, first[0], second[2], other.table.sheet, second[0])


def _by_items(amounts: Sequence[Known]) -> Iterator[_Differing]:
    """The same item at the same stage in two tables of different kinds."""
    same: dict[tuple[str, str], list[Known]] = defaultdict(list)
    for known in amounts:
        if known.stage in {INITIAL, ADJUSTED, EXECUTED}:
            same[known.item, known.stage].append(known)
    for (item, stage), found in same.items():
        titles = Counter((known.sheet, known.title) for known in found)
        if len({title for _, title in titles}) < len(titles) or len(titles) > 3 or max(titles.values()) > 1:
            continue  # a table for each body, or several lines of one name
        for first, second in combinations(found, 2):
            alike = len({year for year in (first.year, second.year) if year}) < 2
            scope = all((word in first.title) == (word in second.title) for word in _SCOPES)
            if not (alike and scope and _same_body(first.body, second.body)):
                continue
            if not near(first.number, first.slack, second.number, second.slack):
                place = f"{first.sheet}!{first.entry.cell}"
                yield _Differing(
                    f"{item}的{stage}数", first.entry, place, first.number, second.entry, second.sheet, second.number
                )
