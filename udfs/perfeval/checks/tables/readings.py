"""Which lines are the parts of a 合计, 小计 or 总计: every reading of the lines above it, or below where it stands first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from perfeval.arithmetic import ZERO, aligned
from perfeval.checks.figures.footing import footing
from perfeval.checks.lines import NUMBERED, label_of, level_of, number
from perfeval.checks.tables.footings import Reading, Total, judged
from perfeval.forms.amount_tables import AmountTable, Line, figure

TOTAL = re.compile(r"(?:合计|总计|小计)$")
_NESTED = re.compile(r"科目|分类|支出性质|编码|代码")  # headers of lists whose lines lie within one another
_MOST_TOTALS = 100  # of a table whose sums are looked for


def by_label(table: AmountTable) -> Iterator[Total]:
    """合计, 小计, 总计: over the lines above it, or below where it stands first."""
    if any(re.search("编码|代码", header) for line in table.lines[:1] for header in line.labels):
        return  # ``classes`` knows what lies within what
    totals = [place for place, line in enumerate(table.lines) if TOTAL.search(label_of(line))]
    for place in totals[:_MOST_TOTALS]:
        yield from judged(table, table.lines[place], list(_readings(table, place, totals)))


def _readings(table: AmountTable, place: int, totals: Sequence[int]) -> Iterator[Reading]:
    lines, label = table.lines, label_of(table.lines[place])
    before = max((at for at in totals if at < place), default=-1)
    behind = min((at for at in totals if at > place), default=len(lines))
    if "和" in label and label.endswith("合计"):
        wanted = label.removesuffix("合计").split("和")
        named = [one for one in lines[:place] if _bare(label_of(one)) in wanted]
        if len(named) == len(wanted):
            yield Reading(tuple(named), True)
    nested = any(_NESTED.search(header) for header in lines[0].labels)
    above = lines[before + 1 : place]
    for scope in (above, lines[:place] if before >= 0 else (), lines[place + 1 : behind] if not _any(above) else ()):
        yield from _of_scope(scope, nested, totals_within=any(TOTAL.search(label_of(line)) for line in scope))
    if before >= 0:  # 总计 = 合计 + what stands between
        subtotals = [lines[at] for at in totals if at < place and label_of(lines[at]).endswith("小计")]
        closed = bool(subtotals) and len(subtotals) == sum(at < place for at in totals) and before == place - 1
        yield Reading(tuple(subtotals), closed)
        yield Reading((lines[before], *above), label.endswith("总计") and not nested and not _marked(above))


def _of_scope(scope: Sequence[Line], nested: bool, totals_within: bool) -> Iterator[Reading]:
    if not scope:
        return
    for level in range(4):
        numbered = [(found, line) for line in scope if (found := number(line, level)) is not None]
        if len(numbered) > 1 and [found for found, _ in numbered] == list(range(1, len(numbered) + 1)):
            outer = level == min(found for line in scope if (found := level_of(line)) is not None)
            first = scope[0] is numbered[0][1]
            yield Reading(tuple(line for _, line in numbered), outer and first and not totals_within)
    plain_list = not nested and not totals_within and not _marked(scope) and not _family(scope)
    yield Reading(tuple(scope), plain_list and len(scope) > 1)
    yield Reading(tuple(_roots(scope)), False)


def _any(lines: Sequence[Line]) -> bool:
    return any(figure(entry) is not None for line in lines for entry in line.amounts.values())


def _bare(label: str) -> str:
    return NUMBERED.sub("", label, count=1)


def _marked(lines: Sequence[Line]) -> bool:
    """Whether the lines say, somewhere, that one lies within another: 其中, numbering, an indent."""
    texts = [next(iter(line.labels.values())).value for line in lines]
    indents = {len(text) - len(text.lstrip()) for text in texts if isinstance(text, str)}
    return len(indents) > 1 or any("其中" in label_of(line) or NUMBERED.match(label_of(line)) for line in lines)


def _family(lines: Sequence[Line]) -> bool:
    """Whether a line is, in some column, exactly the sum of several lines that follow: then they are its own parts."""
    for column in lines[0].amounts:
        found = (line.figure(column) for line in lines)
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
    column = next((name for name in lines[0].amounts if any(line.figure(name) for line in lines)), None)
    ends = _ends(lines, column, "万元") if column is not None else []
    place = 0
    while place < len(ends):
        yield lines[place]
        place = ends[place]


def _ends(lines: Sequence[Line], column: str, unit: str) -> list[int]:
    """For each line, where the parts that sum to it end; the next line where it has none. From the last line up."""
    values = [line.figure(column) for line in lines]
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
