"""Sums of money: to the 分 from any unit, and how far each may be rounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.errors import InvalidValue
from perfeval.forms.model import Entry
from perfeval.rollup.money import UNIT_POWER, Money, alike, money


@pytest.mark.parametrize(
    ("value", "unit", "fen", "half"),
    [
        (2340000, "元", 234_000_000, 0),
        ("2,340,000.50", "元", 234_000_050, 0),
        ("￥100", "元", 10_000, 0),
        (56, "万元", 56_000_000, 500_000),  # 56 万元 is anything from 55.5 to 56.5
        (1.25, "万元", 1_250_000, 5_000),
        ("12.3456", "万元", 12_345_600, 50),
        ("12.345678", "万元", 12_345_678, 0),  # printed to the 分
        ("56万元", "元", 56_000_000, 500_000),  # its own unit counts
        ("2.6亿元", "", 26_000_000_000, 500_000_000),
        (7, "千元", 700_000, 50_000),
        (0, "万元", 0, 500_000),
        (0.125, "元", 13, 0),  # half a 分 is rounded up
    ],
)
def test_money(value: object, unit: str, fen: int, half: int) -> None:
    assert money(Entry(value), unit, "预算数") == Money(fen, half)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (100, "", "单位不明"),
        ("", "元", "预算数空白"),
        ("见附表", "元", "不是一个数"),
        ("12次", "元", "不是金额"),
        (-5, "元", "负数"),
        (1e17, "元", "异常庞大"),
        (True, "元", "不是数"),
    ],
)
def test_no_money(value: object, unit: str, told: str) -> None:
    with pytest.raises(InvalidValue, match=told):
        money(Entry(value), unit, "预算数")  # type: ignore[arg-type]


@given(st.integers(0, 10**15), st.sampled_from(sorted(UNIT_POWER)), st.integers(0, 12))
def test_what_is_printed_lies_within_its_half(fen: int, unit: str, places: int) -> None:
    """A figure rounded half-up to the decimals that a table prints is never further from the amount than ``half`` says."""
    power = UNIT_POWER[unit] + 2
    step = 10 ** max(power - places, 0)
    printed = (2 * fen + step) // (2 * step) * step
    whole, part = divmod(printed, 10**power)
    digits = (
        f"{part:0{power}d}"[:places].ljust(places, "0") if places <= power else f"{part:0{power}d}".ljust(places, "0")
    )
    read = money(Entry(f"{whole}.{digits}" if places else str(whole)), unit, "预算数")
    assert read.fen == printed
    if unit != "元":
        assert abs(read.fen - fen) <= read.half


def test_figures_of_one_form_are_rounded_alike() -> None:
    """12 beside 12.35 is 12.00, not anything from 11.5 to 12.5."""
    figures = [money(Entry(value), "万元", "预算数") for value in ("12", "12.35", "0")]
    assert [one.half for one in alike(figures)] == [5_000] * 3
    assert alike([]) == []
