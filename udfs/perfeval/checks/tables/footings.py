"""Whether a line of a table of amounts that is the sum of others is so: 合计, 小计, a class by its codes, a whole by its name.

Which lines are the parts is seldom printed. A sum is held against a table only where its words leave no doubt (numbered
lines, a flat list, codes), or where the table itself keeps it in its other columns or lines; and a total that some other
reading of the table explains is no finding.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perfeval.arithmetic import ZERO, aligned
from perfeval.checks.lines import RATE, label_of
from perfeval.forms.body_tables import AmountTable, Line, figure
from perfeval.forms.footing import Footing, footing
from perfeval.forms.model import Entry

_TOTAL = re.compile(r"(?:合计|总计|小计)$")
_SURELY = re.compile(r"(?:合计|总计|小计|总额)$")  # words that say that what lies below is all of it
_NUMBERED = re.compile(r"([一二三四五六七八九十]+)[、.]|\(([一二三四五六七八九十]+)\)|(\d+)[、.](?!\d)|\((\d+)\)")
_NESTED = re.compile(r"科目|分类|支出性质|编码|代码")  # headers of lists whose lines lie within one another
_HANZI = {numeral: place for place, numeral in enumerate("一二三四五六七八九十", start=1)}
_MOST_LINES, _MOST_TOTALS = 1000, 100  # of a table whose sums are looked for; no body's budget is longer


class Wrong(NamedTuple):
    """A total that is not the sum of its parts."""

    entry: Entry
    label: str
    column: str
    footing: Footing
    parts: tuple[str, ...]


class _Reading(NamedTuple):
    """One way to read which lines are a total's parts; ``certain`` where the words leave no other."""

    parts: tuple[Line, ...]
    certain: bool


def wrong_totals(table: AmountTable) -> Iterator[Wrong]:
    """The totals of a labelled table that are not the sum of their parts, each once."""
    if len(table.lines) > _MOST_LINES:
        return
    seen = set()
    for wrong in (*_by_label(table), *_by_number(table), *_by_name(table), *_by_code(table), *_by_group(table)):
        if wrong.entry.cell not in seen:
            seen.add(wrong.entry.cell)
            yield wrong


def foot(table: AmountTable, line: Line, parts: Sequence[Line], column: str) -> Footing | None:
    """A line's amount beside the sum of its parts' in one column; None where one side has no amount."""
    total = figure(line.amounts[column]) if column in line.amounts else None
    found = [value for part in parts if column in part.amounts and (value := figure(part.amounts[column])) is not None]
    if total is None or not any(value.units for value in found):
        return None
    return footing(total, found, table.unit)


def _columns(table: AmountTable) -> list[str]:
    return [column for column in table.lines[0].amounts if not RATE.search(column)] if table.lines else []


def _judged(table: AmountTable, line: Line, readings: Sequence[_Reading]) -> Iterator[Wrong]:
    """The columns in which no reading holds, though one is certain or holds in another column."""
    feet = {column: [foot(table, line, reading.parts, column) for reading in readings] for column in _columns(table)}
    kept = [
        sum(1 for found in feet.values() if (one := found[place]) and one.holds and one.total.units)
        for place in range(len(readings))
    ]
    for column, found in feet.items():
        if any(one and one.holds for one in found):
            continue
        for reading, one, times in zip(readings, found, kept, strict=True):
            if one and (reading.certain or times > 1):
                yield _wrong(line, column, one, reading.parts)
                break


def _wrong(line: Line, column: str, found: Footing, parts: Sequence[Line]) -> Wrong:
    named = tuple(label_of(part) for part in parts if column in part.amounts and figure(part.amounts[column]))
    return Wrong(line.amounts[column], label_of(line), column, found, named)


def _by_label(table: AmountTable) -> Iterator[Wrong]:
    """合计, 小计, 总计: over the lines above it, or below where it stands first."""
    if any(re.search("编码|代码", header) for line in table.lines[:1] for header in line.labels):
        return  # ``_by_code`` knows what lies within what
    totals = [place for place, line in enumerate(table.lines) if _TOTAL.search(label_of(line))]
    for place in totals[:_MOST_TOTALS]:
        yield from _judged(table, table.lines[place], list(_readings(table, place, totals)))


def _readings(table: AmountTable, place: int, totals: Sequence[int]) -> Iterator[_Reading]:
    lines, label = table.lines, label_of(table.lines[place])
    before = max((at for at in totals if at < place), default=-1)
    behind = min((at for at in totals if at > place), default=len(lines))
    if "和" in label and label.endswith("合计"):
        wanted = label.removesuffix("合计").split("和")
        named = [one for one in lines[:place] if _bare(label_of(one)) in wanted]
        if len(named) == len(wanted):
            yield _Reading(tuple(named), True)
    nested = any(_NESTED.search(header) for header in lines[0].labels)
    above = lines[before + 1 : place]
    for scope in (above, lines[:place] if before >= 0 else (), lines[place + 1 : behind] if not _any(above) else ()):
        yield from _of_scope(scope, nested, totals_within=any(_TOTAL.search(label_of(line)) for line in scope))
    if before >= 0:  # 总计 = 合计 + what stands between
        subtotals = [lines[at] for at in totals if at < place and label_of(lines[at]).endswith("小计")]
        closed = bool(subtotals) and len(subtotals) == sum(at < place for at in totals) and before == place - 1
        yield _Reading(tuple(subtotals), closed)
        yield _Reading((lines[before], *above), label.endswith("总计") and not nested and not _marked(above))


def _of_scope(scope: Sequence[Line], nested: bool, totals_within: bool) -> Iterator[_Reading]:
    if not scope:
        return
    for level in range(4):
        numbered = [(number, line) for line in scope if (number := _number(line, level)) is not None]
        if len(numbered) > 1 and [number for number, _ in numbered] == list(range(1, len(numbered) + 1)):
            outer = level == min(found for line in scope for found in range(4) if _number(line, found) is not None)
            first = scope[0] is numbered[0][1]
            yield _Reading(tuple(line for _, line in numbered), outer and first and not totals_within)
    plain_list = not nested and not totals_within and not _marked(scope) and not _family(scope)
    yield _Reading(tuple(scope), plain_list and len(scope) > 1)
    yield _Reading(tuple(_roots(scope)), False)


def _any(lines: Sequence[Line]) -> bool:
    return any(figure(entry) is not None for line in lines for entry in line.amounts.values())


def _bare(label: str) -> str:
    return _NUMBERED.sub("", label, count=1)


def _number(line: Line, level: int) -> int | None:
    """The number that begins a line's label, where it is of this level: 一、 (一) 1. (1)."""
    found = _NUMBERED.match(label_of(line))
    digits = found[level + 1] if found else None
    if digits is None:
        return None
    return int(digits) if digits.isdigit() else _HANZI.get(digits)


def _marked(lines: Sequence[Line]) -> bool:
    """Whether the lines say, somewhere, that one lies within another: 其中, numbering, an indent."""
    texts = [next(iter(line.labels.values())).value for line in lines]
    indents = {len(text) - len(text.lstrip()) for text in texts if isinstance(text, str)}
    return len(indents) > 1 or any("其中" in label_of(line) or _NUMBERED.match(label_of(line)) for line in lines)


def _family(lines: Sequence[Line]) -> bool:
    """Whether a line is, in some column, exactly the sum of several lines that follow: then they are its own parts."""
    for column in lines[0].amounts:
        found = (figure(line.amounts[column]) if column in line.amounts else None for line in lines)
        values = aligned(*(value or ZERO for value in found))
        for place, value in enumerate(values):
            total = parts = 0
            for part in values[place + 1 :]:
                total, parts = total + part, parts + bool(part)
                if total > value:
                    break
                if value and total == value and parts > 1:
                    return True
    return False


def _roots(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines that lie within no other, seen from their amounts: each is followed by parts that sum to it."""
    column = next((name for name in lines[0].amounts if any(figure(line.amounts[name]) for line in lines)), None)
    ends = _ends(lines, column, "万元") if column is not None else []
    place = 0
    while place < len(ends):
        yield lines[place]
        place = ends[place]


def _ends(lines: Sequence[Line], column: str, unit: str) -> list[int]:
    """For each line, where the parts that sum to it end; the next line where it has none. From the last line up."""
    values = [figure(line.amounts[column]) if column in line.amounts else None for line in lines]
    ends = [place + 1 for place in range(len(lines))]
    for place in reversed(range(len(lines))):
        value, parts, at = values[place], [], place + 1
        while value is not None and value.units and at < len(lines):
            part = values[at]
            at = ends[at]
            if part is None:
                continue
            parts.append(part)
            found = footing(value, parts, unit)
            if found.holds:
                ends[place] = at
                break
            if found.difference.units > 0:
                break
    return ends


def _by_number(table: AmountTable) -> Iterator[Wrong]:
    """A numbered line and those numbered below it: 一、 and (一), (二) …"""
    sums = []
    for place, line in enumerate(table.lines):
        level = _level(line)
        below: list[tuple[int, Line]] = []
        for other in table.lines[place + 1 :] if level is not None else ():
            found = _level(other)
            if found is not None and level is not None and found <= level:
                break
            if found is not None and found == (_level(below[0][1]) if below else found):
                below.append((_number(other, found) or 0, other))
        if len(below) < 2 or [number for number, _ in below] != list(range(1, len(below) + 1)):
            continue
        parts = [other for _, other in below]
        if _SURELY.search(label_of(line)):
            yield from _judged(table, line, [_Reading(tuple(parts), True)])
        else:
            sums += [(line, parts, column) for column in _columns(table)]
    yield from _mostly(table, sums)


def _level(line: Line) -> int | None:
    """How deep a line's number says that it lies: 一、 0, (一) 1, 1. 2, (1) 3."""
    return next((level for level in range(4) if _number(line, level) is not None), None)


def _by_name(table: AmountTable) -> Iterator[Wrong]:
    """A first line whose name begins all others' (某局, 某局宝安分局 …): the whole, if its columns mostly say so."""
    for lines in _alike(table):
        whole, *parts = lines
        name = _first(whole)
        if (
            len(parts) < 2
            or not name
            or not all(_first(part).startswith(name) and _first(part) != name for part in parts)
        ):
            continue
        yield from _mostly(table, [(whole, parts, column) for column in _columns(table)])


def _alike(table: AmountTable) -> list[list[Line]]:
    """The lines that name something first, apart by what their other labels say (the year)."""
    found: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in table.lines:
        first, *others = line.labels.values()
        if first.text:
            found[tuple(other.text for other in others)].append(line)
    return list(found.values())


def _first(line: Line) -> str:
    return re.sub(r"\s+", "", next(iter(line.labels.values())).text)


def _mostly(table: AmountTable, sums: Sequence[tuple[Line, Sequence[Line], str]]) -> Iterator[Wrong]:
    """Of sums of one kind that mostly hold, those that do not."""
    feet = [(line, parts, column, foot(table, line, parts, column)) for line, parts, column in sums]
    holding = sum(1 for *_, found in feet if found and found.holds and found.total.units)
    failing = [(line, parts, column, found) for line, parts, column, found in feet if found and not found.holds]
    if holding >= 2 * max(len(failing), 1):
        for line, parts, column, found in failing:
            yield _wrong(line, column, found, parts)


def _by_code(table: AmountTable) -> Iterator[Wrong]:
    """A class and its kinds by their codes (A, A03, A10): the class is the sum of the next codes below it."""
    header = next((name for line in table.lines[:1] for name in line.labels if re.search("编码|代码", name)), None)
    if header is None:
        return
    certain = "科目" in header  # the subjects of budgets are listed whole
    sums = []
    for _, lines in _groups(table):
        for line, parts in _classes(lines, header):
            if certain:
                yield from _judged(table, line, [_Reading(tuple(parts), True)])
            else:
                sums += [(line, parts, column) for column in _columns(table)]
    yield from _mostly(table, sums)
    totals = [line for line in table.lines if _TOTAL.search(label_of(line))]
    coded = [line for line in table.lines if _code(line, header)[:1].isalnum() and line not in totals]
    codes = {_code(line, header) for line in coded}
    roots = [
        line for line in coded if not any(_code(line, header).startswith(one) for one in codes - {_code(line, header)})
    ]
    if len(totals) == 1 and len(roots) > 1 and certain and len(codes) == len(coded):
        yield from _judged(table, totals[0], [_Reading(tuple(roots), True)])


def _code(line: Line, header: str) -> str:
    return re.sub(r"\s+", "", line.labels[header].text) if header in line.labels else ""


def _classes(lines: Sequence[Line], header: str) -> Iterator[tuple[Line, list[Line]]]:
    """Each class with its direct kinds. A code that stands twice (基本支出, 项目支出) is no class."""
    codes = [(_code(line, header), line) for line in lines]
    for code, line in codes:
        under = [(other, part) for other, part in codes if code and other.startswith(code) and other != code]
        direct = [part for other, part in under if not any(other != one and other.startswith(one) for one, _ in under)]
        if direct and sum(other == code for other, _ in codes) == 1:
            yield line, direct


def _groups(table: AmountTable) -> Iterator[tuple[Line | None, tuple[Line, ...]]]:
    """The table's groups, each under its head; the whole table where no line heads others."""
    groups = [(head, lines) for head, lines in table.groups() if lines]
    yield from groups or [(None, table.lines)]


def _by_group(table: AmountTable) -> Iterator[Wrong]:
    """A head (a body) and the lines below that leave the first label blank; codes within codes count once."""
    header = next((name for line in table.lines[:1] for name in line.labels if re.search("编码|代码", name)), None)
    sums = []
    for head, lines in _groups(table):
        if head is None:
            return
        codes = [_code(line, header) if header else "" for line in lines]
        within = [any(one and code != one and code.startswith(one) for one in codes) for code in codes]
        parts = [line for line, inner in zip(lines, within, strict=True) if not inner]
        sums += [(head, parts, column) for column in _columns(table)]
    yield from _mostly(table, sums)
