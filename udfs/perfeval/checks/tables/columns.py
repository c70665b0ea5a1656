"""Whether the amounts of a line agree with one another: 支出总计 = 基本支出 + 项目支出, 来源 − 支出 = 结余, a printed rate.

Only where the columns' headers say that it must hold.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perfeval.arithmetic import Scaled, subtract
from perfeval.checks.figures.budget_items import ADJUSTED, BUDGET, BUDGETS, EXECUTED, HEADCOUNT_RATES, SUMS, named
from perfeval.checks.figures.footing import footing
from perfeval.checks.figures.ratios import Ratio, ratio_of
from perfeval.checks.lines import is_numbering, stage_of
from perfeval.forms.amount_tables import AmountTable, Line, figure
from perfeval.forms.model import Entry
from perfeval.forms.values import UNIT_POWER
from perfeval.quantities import PERCENT, measures_in, plain

_WHOLE = re.compile(r"^(?:小计|合计|总计|总额|全额|金额)$")
_OF_WHICH = re.compile(r"^其中")
_SHARE = re.compile(r"所?占.*(?:比例|比重|比)$|^(?:占比|比例|比重|构成比)$")
_EXECUTION = re.compile(r"^(?:预算|资金|支出|总体|实际)*(?:执行|支出|完成|支付)(?:率|进度|比例)$")
_SOURCES, _SPENT, _LEFT = re.compile("资金来源|^收入"), re.compile("^支出|^使用"), re.compile("结余|结转")
_SAID = re.compile(r"(?:完成|执行|支出|支付)[^,;.%]{0,6}?(\d+(?:\.\d+)?)%")


class Whole(NamedTuple):
    """An amount beside others of its line: the whole and the parts by header, and what these come to; it holds, or not."""

    entry: Entry
    line: Line
    column: str
    found: Scaled
    expected: Scaled
    parts: tuple[str, ...]
    holds: bool


class Printed(NamedTuple):
    """A rate printed on a line beside the amounts that should give it: ``ratio`` is what they do give; it holds, or not."""

    entry: Entry
    line: Line
    printed: str
    ratio: Ratio
    is_execution: bool
    holds: bool


def wholes(table: AmountTable) -> Iterator[Whole]:
    """The amounts that other columns of their line make up, or contradict."""
    if not table.lines:
        return
    relations = [*_sums(list(table.lines[0].amounts))]
    for line in table.lines:
        if is_numbering(line):
            continue
        for whole, parts, exhaustive in relations:
            yield from _contradicted(table, line, whole, parts, exhaustive)
        yield from _left_over(table, line)


def _sums(columns: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Whole and parts by the columns' headers; not exhaustive where the parts are only some (其中)."""
    siblings: dict[str, list[str]] = defaultdict(list)
    items: dict[tuple[str, str], str] = {}
    for column in columns:
        *over, last = column.split("/")
        siblings["/".join(over)].append(column)
        name = over[-1] if over and _WHOLE.match(last) else last
        over = over[:-1] if name != last else over
        item, stage, _ = named(name)
        items.setdefault((item, "/".join((*over, stage, *re.findall(r"\d{4}", name)))), column)
    for whole, parts, least in SUMS:
        for (item, place), column in items.items():
            found = tuple(items[part, place] for part in parts if (part, place) in items)
            if item == whole and len(found) >= least:
                yield column, found, True
    for over, group in siblings.items():
        last = [column.split("/")[-1] for column in group]
        if not over or not _WHOLE.match(last[0]):
            continue
        some = [column for column, name in zip(group, last, strict=True) if _OF_WHICH.match(name)]
        parts = (*group[1:], *_of_groups_within(over, siblings))
        if some:
            yield from ((group[0], (part,), False) for part in some)
        elif last[0] in {"小计", "合计", "总计"} and len(parts) > 1:
            yield group[0], parts, True


def _of_groups_within(over: str, siblings: dict[str, list[str]]) -> Iterator[str]:
    """What stands for the groups right under a header: their 小计, or all of their columns."""
    for within, group in siblings.items():
        if within.startswith(f"{over}/") and "/" not in within[len(over) + 1 :]:
            yield from group[:1] if _WHOLE.match(group[0].split("/")[-1]) else group


def _contradicted(
    table: AmountTable, line: Line, whole: str, parts: Sequence[str], exhaustive: bool
) -> Iterator[Whole]:
    total = line.figure(whole)
    values = [value for part in parts if (value := line.figure(part)) is not None]
    if total is None or not any(value.units for value in values):
        return
    found = footing(total, values, table.unit)
    if found.holds or (not exhaustive and found.difference.units <= 0):
        yield Whole(line.amounts[whole], line, whole, total, found.sum, tuple(parts), True)
        return
    unread = (line.amounts[part].text for part in parts if line.figure(part) is None)
    if any(re.search(r"\d", text) for text in unread):
        return  # an amount that cannot be read may be the one that is missing
    yield Whole(line.amounts[whole], line, whole, total, found.sum, tuple(parts), False)


def _left_over(table: AmountTable, line: Line) -> Iterator[Whole]:
    """资金来源 less 支出数 is 结余, where the header groups its columns so."""
    sides: dict[str, list[str]] = {"in": [], "out": [], "left": []}
    for column in line.amounts:
        first, *under = column.split("/")
        if under and _SOURCES.search(first):
            sides["in"].append(column)
        elif under and _SPENT.search(first):
            sides["out"].append(column)
        elif not under and _LEFT.search(first) and "初" not in first:
            sides["left"].append(column)
    if not (sides["in"] and sides["out"] and len(sides["left"]) == 1):
        return
    if any(_WHOLE.match(column.split("/")[-1]) for column in (*sides["in"], *sides["out"])):
        return
    (left,) = sides["left"]
    entry = line.amounts[left]
    inward, outward = (
        [value for column in sides[side] if (value := line.figure(column)) is not None] for side in ("in", "out")
    )
    if not inward or not outward or not entry.text:
        return
    remaining = line.figure(left) or Scaled(0, 0)
    found = footing(remaining, [*inward, *(Scaled(-value.units, value.places) for value in outward)], table.unit)
    yield Whole(entry, line, left, remaining, found.sum, (*sides["in"], *sides["out"]), found.holds)


def rates(table: AmountTable) -> Iterator[Printed]:
    """The rates, in columns or in the words of a line, that the line's amounts give, or do not."""
    for line in table.lines:
        for column, entry in line.amounts.items() if not is_numbering(line) else ():
            last = re.sub(r"\s+", "", column.split("/")[-1])
            if not entry.text or figure(entry) is None:
                continue
            if _EXECUTION.search(last):
                yield from _of_line(line, entry, entry.text, _pairs(line), True)
            elif last in HEADCOUNT_RATES or last == "控制率":
                yield from _of_line(line, entry, entry.text, _people(line, last), False)
        for entry in line.labels.values():
            said = _SAID.findall(plain(entry.text)) if isinstance(entry.value, str) else []
            if len(said) == 1 and "约" not in entry.text:
                yield from _of_line(line, entry, f"{said[0]}%", _pairs(line, entry.text), True)
    yield from _shares(table)


def _of_line(
    line: Line, entry: Entry, printed: str, pairs: Sequence[tuple[Scaled, Scaled]], is_execution: bool
) -> Iterator[Printed]:
    ratios = [ratio_of(part, whole) for part, whole in pairs if whole.units > 0]
    if ratios:
        holds = any(ratio.rounds_to(printed) for ratio in ratios)
        yield Printed(entry, line, printed, ratios[0], is_execution, holds)


def _pairs(line: Line, said: str = "") -> list[tuple[Scaled, Scaled]]:
    """Executed and budget of a line, each budget there is, also less an amount that the words take off (压减13.2万元)."""
    budgets: dict[str, list[tuple[str, Scaled]]] = defaultdict(list)
    executed: list[tuple[str, Scaled]] = []
    for column in line.amounts:
        _first, _, under = column.partition("/")
        stage, value = stage_of(column), line.figure(column)
        if value is None or _EXECUTION.search(column.split("/")[-1]):
            continue
        if stage == EXECUTED:
            executed.append((under, value))
        elif stage in BUDGETS:
            budgets[stage].append((under, value))
    order = [*budgets[ADJUSTED], *budgets[BUDGET], *(one for stage in budgets for one in budgets[stage])]
    pairs = [(part, whole) for under, part in executed for over, whole in order if under == over]
    power = UNIT_POWER.get(line.unit, 0)
    taken = [
        one.quantity.number._replace(places=one.quantity.number.places + power)
        for one in measures_in(plain(said))
        if one.quantity.unit == "元"
    ]
    return pairs + [(part, subtract(whole, less)) for part, whole in pairs for less in taken]


def _people(line: Line, rate: str) -> list[tuple[Scaled, Scaled]]:
    part, wholes = HEADCOUNT_RATES.get(rate, HEADCOUNT_RATES["在职人员控制率"])
    found = {named(column).item: line.figure(column) for column in line.amounts}
    numbers = [found.get(item) for item in wholes]
    counted, known = found.get(part), [number for number in numbers if number is not None]
    if counted is None or len(known) != 1 or len(numbers) != 1:
        return []
    return [(counted, known[0])]


def _shares(table: AmountTable) -> Iterator[Printed]:
    """占比: each line's amount as a share of the line that prints 100%."""
    for header in table.lines[0].amounts if table.lines else ():
        columns = list(table.lines[0].amounts)
        at = columns.index(header)
        if not _SHARE.search(re.sub(r"\s+", "", header.split("/")[-1])) or at == 0:
            continue
        amounts = columns[at - 1]
        wholes = [line for line in table.lines if _is_all(line.amounts[header])]
        whole = wholes[0].figure(amounts) if len(wholes) == 1 else None
        for line in table.lines if whole is not None else ():
            part, entry = line.figure(amounts), line.amounts[header]
            if part is not None and whole is not None and figure(entry) is not None:
                yield from _of_line(line, entry, entry.text, [(part, whole)], False)


def _is_all(entry: Entry) -> bool:
    value = figure(entry)
    return value is not None and entry.text.endswith(PERCENT) and value.units == 10**value.places
