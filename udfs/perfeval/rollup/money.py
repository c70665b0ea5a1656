"""Sums of money as whole 分, each with how far it may lie from the figure before it was rounded to the unit it is printed in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from perfeval.arithmetic import ZERO, Scaled, half_up
from perfeval.errors import InvalidValue
from perfeval.forms.model import Entry
from perfeval.forms.values import UNIT_POWER, amount
from perfeval.quantities import Quantity, half_unit

_FEN = 2  # powers of ten from 元 to 分
_LARGEST = 10**17  # 分; no public body's money comes near it


class Money(NamedTuple):
    """An amount in 分; ``half`` is half of the last decimal it is printed with, in 分, and 0 where it is exact.

    Figures in 元 are taken as exact, those in a larger unit as rounded, unless they are printed to the 分.
    """

    fen: int
    half: int


def money(entry: Entry, unit: str, what: str) -> Money:
    """The amount in a cell; a bare number is in ``unit``. Raises InvalidValue, naming ``what`` is missing or wrong."""
    read = amount(entry, what)
    if read.unit not in {"", "元"}:
        raise InvalidValue(f"{what}“{entry.text}”不是金额")
    if read.number.units < 0:
        raise InvalidValue(f"{what}“{entry.text}”是负数，请核对")
    return in_fen(read, unit, what)


def in_fen(read: Quantity, unit: str, what: str) -> Money:
    """A quantity of money, or a bare number in ``unit``. Raises InvalidValue where no unit is known."""
    if read.unit or read.scaled:
        power, half = 0, half_unit(read)
    elif unit:
        power = UNIT_POWER[unit]
        half = Scaled(5 * 10**power, read.number.places + 1) if power else ZERO
    else:
        raise InvalidValue("金额单位不明（表上没有写元或万元）")
    fen = _whole(read.number, power + _FEN)
    if abs(fen) > _LARGEST:
        raise InvalidValue(f"{what}“{read.text}”异常庞大，请核对数和单位")
    return Money(fen, half.units * 10**_FEN // 10**half.places)


def _whole(number: Scaled, power: int) -> int:
    """number × 10**power, half-up to an integer."""
    shift = power - number.places
    if shift >= 0:
        return number.units * 10**shift
    units = half_up(abs(number.units), 10**-shift)
    return -units if number.units < 0 else units


def alike(amounts: Iterable[Money]) -> list[Money]:
    """Amounts that are printed alike: each rounded no further than the one with the most decimals (12 beside 12.35)."""
    found = list(amounts)
    half = min((one.half for one in found if one.fen), default=max((one.half for one in found), default=0))
    return [one._replace(half=half) for one in found]


def in_yuan(fen: int) -> Scaled:
    """分 as 元."""
    return Scaled(fen, _FEN)
