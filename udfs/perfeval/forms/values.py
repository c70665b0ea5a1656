"""What the cells of a form mean as numbers."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date, datetime, time

from perfeval.arithmetic import Scaled, aligned, times
from perfeval.digits import is_whole
from perfeval.errors import CellError, InvalidValue
from perfeval.forms.grid import Value
from perfeval.forms.model import Entry, IndicatorRow
from perfeval.quantities import PERCENT, Quantity, comparable, of_number, quantity
from perfeval.targets import Actual, Target, actual_of, target_of

UNIT_POWER = {"元": 0, "千元": 3, "万元": 4, "亿元": 8}
UNITS = frozenset(UNIT_POWER)
_THREE_DIGITS = 100
_YEAR = re.compile(r"(?:19|20)\d\d(?:年度?)?")


def plain(value: Value) -> str | float | bool | None:
    """A cell's value as JSON keeps it: a date or an error value is its text."""
    return str(value).strip() if isinstance(value, str | date | datetime | time | CellError) else value


def is_amount(entry: Entry) -> bool:
    """Whether a cell holds a sum of money."""
    return _is_in(entry, {"", "元"})


def is_rate(entry: Entry) -> bool:
    """Whether a cell holds a rate: 95%, 0.95."""
    return _is_in(entry, {"", PERCENT})


def is_figure(entry: Entry) -> bool:
    """Whether a cell holds a number and nothing else but its unit; a year is none."""
    value = entry.value
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    if isinstance(value, str) and (not any(map(is_whole, value)) or _YEAR.fullmatch(value.strip())):
        return False
    try:
        amount(entry, "")
    except InvalidValue:
        return False
    return True


def _is_in(entry: Entry, units: Container[str]) -> bool:
    try:
        return amount(entry, "").unit in units
    except InvalidValue:
        return False


def amounts(whole: tuple[Entry, str], part: tuple[Entry, str], unit: str) -> tuple[Quantity, Quantity]:
    """Two amounts to compare, each an entry and its name; a bare number is in ``unit`` where the other names its own.

    Raises InvalidValue as ``amount`` does, or where the two cannot be compared.
    """
    first, second = amount(*whole), amount(*part)
    if unit and states_unit(first) != states_unit(second):
        first, second = (one if states_unit(one) else quantity(f"{one.number}{unit}") for one in (first, second))
        first, second = (one._replace(unit="元", scaled=False) for one in (first, second))
    reason = comparable(first, second)
    if reason:
        raise InvalidValue(reason)
    return first, second


def states_unit(read: Quantity) -> bool:
    """Whether an amount says itself in what it is: 5.8万元, and 5.8万, which is in 元 whatever the column is in."""
    return not read.bare or read.scaled


def amount(entry: Entry, what: str) -> Quantity:
    """The amount in a cell. Raises InvalidValue, naming ``what`` is missing or wrong."""
    value = entry.value
    if not entry.text:
        raise InvalidValue(f"{what}空白，请填写")
    if isinstance(value, CellError):
        raise InvalidValue(f"{what}是错误值 {value}，请先改正")
    if isinstance(value, str):
        return quantity(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidValue(f"{what}“{entry.text}”不是数，请填数字")
    return of_number(value)


def in_unit(value: Value, unit: str, wanted: str) -> Scaled | None:
    """An amount (a number in ``unit``, or a text with its own) as a number in ``wanted``; None if blank.

    Raises InvalidValue where it is no amount of money.
    """
    entry = Entry(value)
    if not entry.text:
        return None
    read = amount(entry, "金额")
    if read.unit not in {"", "元"}:
        raise InvalidValue(f"“{entry.text}”不是金额")
    power = 0 if states_unit(read) else UNIT_POWER[unit]
    power -= UNIT_POWER[wanted]
    return times(read.number, Scaled(10**power, 0) if power >= 0 else Scaled(1, -power))


def measured(entry: Entry, what: str) -> str | float | date:
    """A 指标值 or 完成值 as the grammar takes it. Raises InvalidValue for blanks, error values, TRUE and FALSE."""
    value = entry.value
    if not entry.text:
        raise InvalidValue(f"{what}空白，请填写")
    if isinstance(value, CellError):
        raise InvalidValue(f"{what}是错误值 {value}，请先改正")
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        raise InvalidValue(f"{what}“{entry.text}”不是文字、数或日期")
    return value


def pair_of(row: IndicatorRow, *, bound: bool = False) -> tuple[Target, Actual]:
    """What a row's 指标值 and 完成值 say, ``bound`` as for ``actual_of``. Raises InvalidValue where one of them says nothing."""
    return target_of(measured(row.target, "指标值"), row.kind), actual_of(measured(row.actual, "完成值"), bound=bound)


def agree(one: tuple[Scaled, str], other: tuple[Scaled, str]) -> bool:
    """Whether two amounts, each with its unit, are one sum as far as both print it: exactly, or to within half of the coarser's
    last decimal where that has at least three digits."""
    (first, unit), (second, other_unit) = one, other
    powers = UNIT_POWER[unit] - first.places, UNIT_POWER[other_unit] - second.places
    lowest = min(powers)
    units = [number.units * 10 ** (power - lowest) for number, power in zip((first, second), powers, strict=True)]
    gap = abs(units[0] - units[1])
    if not gap:
        return True
    coarser = first if powers[0] > powers[1] else second
    return abs(coarser.units) >= _THREE_DIGITS and 2 * gap <= 10 ** (max(powers) - lowest)


def times_apart(one: Scaled, other: Scaled) -> int:
    """10,000 or 1,000 where one of two amounts is so many times the other, as far as they are printed; 0 otherwise."""
    if not one.units or not other.units:
        return 0
    for factor, unit in ((10_000, "万元"), (1_000, "千元")):
        if agree((one, unit), (other, "元")) or agree((one, "元"), (other, unit)):
            return factor
    return 0


def same(one: Scaled, other: Scaled) -> bool:
    """Whether two numbers are equal, exactly."""
    if one.places == other.places:
        return one.units == other.units
    first, second = aligned(one, other)
    return first == second
