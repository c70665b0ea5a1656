"""What the lines and the columns of a table of amounts are called."""

from __future__ import annotations

import re
from collections.abc import Sequence

from perfeval.checks.figures.budget_items import ANY, EXECUTED, named
from perfeval.digits import is_whole, whole, whole_or
from perfeval.forms.amount_tables import AmountTable, Line
from perfeval.quantities import plain

RATE = re.compile(r"率$|比例$|比重$|占比|^比例|%|进度$|^行[次号]$|^栏次$|^序号$|^编号$")  # what is no amount to add up
YEAR = re.compile(r"(?:19|20)\d\d")
NUMBERED = re.compile(r"([一二三四五六七八九十]+)[、.]|\(([一二三四五六七八九十]+)\)|(\d+)[、.](?!\d)|\((\d+)\)")
_HANZI = {numeral: place for place, numeral in enumerate("一二三四五六七八九十", start=1)}
_FEWEST = 3  # columns that are numbered; so few amounts may be consecutive by chance
_SPENT_COLUMN = re.compile(r"支出(?:数|额|金额)$")


def label_of(line: Line) -> str:
    """The words of a line's label, without blanks: 收 入 总 计 → 收入总计."""
    return re.sub(r"\s+", "", plain(line.label))


def labelled(tables: Sequence[AmountTable]) -> list[AmountTable]:
    """The tables whose every line has a label, so that it can be told what its amounts are of."""
    return [table for table in tables if table.lines and all(line.labels for line in table.lines)]


def name_of(line: Line) -> str:
    """What a line is of: its first label, or the last where that is blank (a 科目 below a body)."""
    texts = [entry.text for entry in line.labels.values() if entry.text]
    first = next(iter(line.labels.values())).text or (texts[-1] if texts else "")
    return re.sub(r"\s+", "", plain(first))


def stage_of(column: str) -> str:
    """The stage that a column's header says, the outermost first; ANY where it says none."""
    parts = [re.sub(r"\s+", "", part) for part in column.split("/")]
    if any(_SPENT_COLUMN.match(part) for part in parts):
        return EXECUTED
    return next((stage for part in parts if (stage := named(part).stage) != ANY), ANY)


def is_numbering(line: Line) -> bool:
    """Whether a line only numbers the columns: 1, 2, 3 …"""
    texts = [entry.text.removesuffix(".0") for entry in line.amounts.values() if entry.text]
    first = whole_or(texts[0], 0) if texts else 0
    return len(texts) > _FEWEST and texts == [str(first + place) for place in range(len(texts))]


def number(line: Line, level: int) -> int | None:
    """The number that begins a line's label, where it is of this level: 一、 (一) 1. (1)."""
    found = NUMBERED.match(label_of(line))
    digits = found[level + 1] if found else None
    if digits is None:
        return None
    return whole(digits) if is_whole(digits) else _HANZI.get(digits)


def level_of(line: Line) -> int | None:
    """How deep a line's number says that it lies: 一、 0, (一) 1, 1. 2, (1) 3."""
    return next((level for level in range(4) if number(line, level) is not None), None)
