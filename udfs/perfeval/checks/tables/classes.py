"""Sums that a table's order shows: a line and those numbered, coded or named below it, a body and its lines."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from perfeval.checks.lines import label_of, level_of, number
from perfeval.checks.tables.footings import Reading, Total, columns, judged, mostly
from perfeval.checks.tables.readings import TOTAL
from perfeval.forms.amount_tables import AmountTable, Line

_SURELY = re.compile(r"(?:合计|总计|小计|总额)$")  # words that say that what lies below is all of it


def by_number(table: AmountTable) -> Iterator[Total]:
    """A numbered line and those numbered below it: 一、 and (一), (二) …"""
    sums = []
    for place, line in enumerate(table.lines):
        level = level_of(line)
        below: list[tuple[int, Line]] = []
        for other in table.lines[place + 1 :] if level is not None else ():
            found = level_of(other)
            if found is not None and level is not None and found <= level:
                break
            if found is not None and found == (level_of(below[0][1]) if below else found):
                below.append((number(other, found) or 0, other))
        if len(below) < 2 or [number for number, _ in below] != list(range(1, len(below) + 1)):
            continue
        parts = [other for _, other in below]
        if _SURELY.search(label_of(line)):
            yield from judged(table, line, [Reading(tuple(parts), True)])
        else:
            sums += [(line, parts, column) for column in columns(table)]
    yield from mostly(table, sums)


def by_name(table: AmountTable) -> Iterator[Total]:
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
        yield from mostly(table, [(whole, parts, column) for column in columns(table)])


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


def by_code(table: AmountTable) -> Iterator[Total]:
    """A class and its kinds by their codes (A, A03, A10): the class is the sum of the next codes below it."""
    header = next((name for line in table.lines[:1] for name in line.labels if re.search("编码|代码", name)), None)
    if header is None:
        return
    certain = "科目" in header  # the subjects of budgets are listed whole
    sums = []
    for _, lines in _groups(table):
        for line, parts in _classes(lines, header):
            if certain:
                yield from judged(table, line, [Reading(tuple(parts), True)])
            else:
                sums += [(line, parts, column) for column in columns(table)]
    yield from mostly(table, sums)
    totals = [line for line in table.lines if TOTAL.search(label_of(line))]
    coded = [line for line in table.lines if _code(line, header)[:1].isalnum() and line not in totals]
    codes = {_code(line, header) for line in coded}
    roots = [
        line for line in coded if not any(_code(line, header).startswith(one) for one in codes - {_code(line, header)})
    ]
    if len(totals) == 1 and len(roots) > 1 and certain and len(codes) == len(coded):
        yield from judged(table, totals[0], [Reading(tuple(roots), True)])


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


def by_group(table: AmountTable) -> Iterator[Total]:
    """A head (a body) and the lines below that leave the first label blank; codes within codes count once."""
    header = next((name for line in table.lines[:1] for name in line.labels if re.search("编码|代码", name)), None)
    sums = []
    for head, lines in _groups(table):
        if head is None:
            return
        codes = [_code(line, header) if header else "" for line in lines]
        within = [any(one and code != one and code.startswith(one) for one in codes) for code in codes]
        parts = [line for line, inner in zip(lines, within, strict=True) if not inner]
        sums += [(head, parts, column) for column in columns(table)]
    yield from mostly(table, sums)
