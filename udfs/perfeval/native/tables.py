"""The words of our grammar as cells: what a formula looks a unit, a comparing word or a 无 up in.

Every row is tried on the grammar itself before it is taken, with several numbers and signs: whatever a formula reads by
these tables, PerfEval reads alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from perfeval import formulatext
from perfeval.arithmetic import Scaled, aligned, decimal
from perfeval.errors import PerfEvalError
from perfeval.forms.grid import Value, column_letters
from perfeval.hints.reasons import NO_DEVIATION
from perfeval.quantities import Quantity, units_as_written
from perfeval.targets import (
    COMPARING_BEFORE,
    COMPARING_BEHIND,
    MOVES,
    NOTHING,
    OPENING,
    Threshold,
    actual_of,
    parse_target,
)

SHEET = "_原生词表"
NO_UNIT = "〔无单位〕"  # the first row of units: a number alone
SCALED, FALL, RISE = "万", "降", "升"  # the flags of a reading
_DATES = frozenset("年 月 日 季度 号".split())  # a number before them may be a date
_WILD = re.compile(r"[\d*?~<>=≥≤.,-]")
_SAMPLES = ("37", "1,234.5", "-37", "0.5")
_TRENDS = {-1: FALL, 0: "", 1: RISE}
_LONGEST_WORD = 7  # characters of a word before or behind a number


def tables(extra: Iterable[str] = ()) -> Mapping[str, Sequence[Sequence[Value]]]:
    """Name → rows, for a builder to write from column to column. ``extra`` are units beyond those that the grammar lists."""
    return {
        "units": _units(tuple(sorted(set(extra)))),
        "before": _before(),
        "behind": _behind(),
        "measured": _measured(),
        "nothing": [(word,) for word in sorted(NOTHING)],
        "free": [(word,) for word in NO_DEVIATION],
    }


class Places:
    """Where the tables stand on their sheet: ranges as formulas of other sheets name them, ``places["units", 0]``."""

    def __init__(self, content: Mapping[str, Sequence[Sequence[Value]]], sheet: str = SHEET) -> None:
        self.content = content
        self._sheet = sheet
        self._first: dict[str, int] = {}
        column = 1
        for name, rows in content.items():
            self._first[name] = column
            column += len(rows[0])

    def __getitem__(self, place: tuple[str, int]) -> str:
        name, offset = place
        letters = column_letters(self._first[name] + offset)
        return formulatext.at(self._sheet, f"${letters}$1:${letters}${len(self.content[name])}")

    def lengths(self, name: str) -> list[int]:
        """How many characters the words of a table have, the longest first."""
        return sorted({len(str(row[0])) for row in self.content[name]}, reverse=True)

    def cells(self) -> Iterator[tuple[int, int, Value]]:
        """Row, column and value of every cell."""
        for name, rows in self.content.items():
            for row, values in enumerate(rows, start=1):
                for offset, value in enumerate(values):
                    yield row, self._first[name] + offset, value


# --- units ---


def extra_unit(text: str) -> str:
    """The unit of a value that is digits and a unit, as it was written; "" for anything else."""
    match = re.fullmatch(r"\s*-?[\d.,]+\s*([^\d\s.,;:、()<>=≥≤~&+-]{1,12})\s*", text)
    return match[1] if match else ""


@cache
def _units(extra: tuple[str, ...]) -> list[tuple[str, str, int, str]]:
    """The unit as written, the unit as compared, the power of ten between them, and whether 万 or 亿 stands in it.

    A lookup knows no case: of two units that differ in case alone (T and t) none is listed.
    """
    rows = [(NO_UNIT, "", 0, "")]
    for unit in dict.fromkeys((*units_as_written(), *extra)):
        row = None if unit in _DATES or _WILD.search(unit) else _unit(unit)
        if row is not None:
            rows.append(row)
    folded = [row[0].lower() for row in rows]
    return [row for row, key in zip(rows, folded, strict=True) if folded.count(key) == 1]


def _unit(unit: str) -> tuple[str, str, int, str] | None:
    one = _quantity(f"1{unit}")
    if one is None or one.trend:
        return None
    power = one.number.units
    exponent = len(str(power)) - 1 - one.number.places
    if power != 10 ** (len(str(power)) - 1):
        return None
    row = (unit, one.unit, exponent, SCALED if one.scaled else "")
    read = (_quantity(sample + unit) for sample in _SAMPLES)
    fits = all(
        found is not None
        and _is(found, sample, exponent)
        and (found.unit, found.scaled, found.trend) == (one.unit, one.scaled, 0)
        for found, sample in zip(read, _SAMPLES, strict=True)
    )
    return row if fits and _as_target(f"37{unit}", one.unit) and _as_target(f"≥37{unit}", one.unit) else None


def _quantity(text: str) -> Quantity | None:
    try:
        read = actual_of(text)
    except PerfEvalError:
        return None
    return read if isinstance(read, Quantity) else None


def _is(found: Quantity, sample: str, exponent: int) -> bool:
    wanted = decimal(sample.replace(",", ""))
    shifted = Scaled(wanted.units * 10 ** max(exponent, 0), wanted.places + max(-exponent, 0))
    return len(set(aligned(found.number, shifted))) == 1


def _as_target(text: str, unit: str) -> bool:
    target = _threshold(text)
    return target is not None and target.quantity.unit == unit


def _threshold(text: str) -> Threshold | None:
    try:
        target = parse_target(text)
    except PerfEvalError:
        return None
    return target if isinstance(target, Threshold) else None


# --- words beside a number ---


@cache
def _before() -> list[tuple[str, str, str]]:
    """Words before the number of a 指标值: the direction they tell ("" for none), and the flag of a fall or a rise."""
    words = (
        *COMPARING_BEFORE,
        *OPENING,
        *MOVES,
        *(move + word for move in MOVES for word in ("不低于", "不超过", "≥", "≤")),
    )
    return [
        row for word in dict.fromkeys(words) if (row := _word(word, "{word}{number}")) and len(word) <= _LONGEST_WORD
    ]


@cache
def _behind() -> list[tuple[str, str]]:
    """Words behind a number and its unit, and the direction they tell."""
    rows = (_word(word, "{number}{word}") for word in COMPARING_BEHIND if len(word) <= _LONGEST_WORD)
    return [row[:2] for row in rows if row is not None and not row[2]]


def _word(word: str, pattern: str) -> tuple[str, str, str] | None:
    """What the grammar makes of a word beside whatever number and unit; None where that is not the same for all."""
    if re.search(r"[*?~]", word):
        return None
    readings = set()
    for number, unit in (("37人", "人"), ("5%", "%"), ("12.5万元", "元"), ("8", ""), ("2021", "")):
        target = _threshold(pattern.format(word=word, number=number))
        if (
            target is None
            or target.quantity.unit != unit
            or len(set(aligned(target.quantity.number, _number(number)))) > 1
        ):
            return None
        readings.add((target.operator or ("≤" if target.upper else ""), _TRENDS[target.quantity.trend]))
    return (word, *readings.pop()) if len(readings) == 1 else None


def _number(text: str) -> Scaled:
    read = _quantity(text)
    assert read is not None
    return read.number


@cache
def _measured() -> list[tuple[str, str]]:
    """Words before the number of a 完成值 (完成25人, 增长5%), and the flag of a fall or a rise."""
    rows = []
    for word in dict.fromkeys((*OPENING, *MOVES, "约", "大约", "共", "共计")):
        read = [_quantity(word + number) for number in ("37人", "5%", "12.5万元", "8", "2021")]
        kinds = {(one.trend if one else None) for one in read}
        numbers = [_quantity(number) for number in ("37人", "5%", "12.5万元", "8", "2021")]
        alike = all(
            one and other and one.unit == other.unit and len(set(aligned(one.number, other.number))) == 1
            for one, other in zip(read, numbers, strict=True)
        )
        if alike and len(kinds) == 1:
            rows.append((word, _TRENDS[kinds.pop() or 0]))
    return rows
