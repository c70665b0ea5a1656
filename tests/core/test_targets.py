"""What 指标值 and 完成值 mean, and what a pair of them scores: the cases of data/targets.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.errors import InvalidValue, PerfEvalError
from perfeval.functions import FUNCTIONS
from perfeval.quantities import quantity
from perfeval.targets import actual_of, parse_target, target_of
from support import DATA

CASES = tomllib.loads((DATA / "targets.toml").read_text(encoding="utf-8"))
UNDERSTOOD = [(text, words) for group in CASES["understood"].values() for text, words in group.items()]
SCORES = [(group, case) for group in CASES["scores"] for case in group["cases"]]


@pytest.mark.parametrize(("text", "words"), UNDERSTOOD)
def test_a_target_is_understood_as_a_person_understands_it(text: str, words: str) -> None:
    assert FUNCTIONS["PE_TARGET"].call(text) == words


@pytest.mark.parametrize(("text", "reason"), CASES["refused"].items())
def test_what_would_have_to_be_guessed_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        parse_target(text)


@pytest.mark.parametrize(("group", "case"), SCORES, ids=lambda part: str(part[:2]) if isinstance(part, list) else "")
def test_a_pair_scores_as_its_rule_says(group: dict[str, Any], case: list[Any]) -> None:
    target, actual, expected, *reason = case
    arguments = (target, actual, group["weight"], group.get("kind", ""), group.get("convention", ""))
    if not reason:
        assert FUNCTIONS["PE_INDICATOR_SCORE"].call(*arguments) == expected, group["point"]
        return
    with pytest.raises(PerfEvalError, match=reason[0]) as refused:
        FUNCTIONS["PE_INDICATOR_SCORE"].call(*arguments)
    assert str(refused.value.cell_error) == expected, group["point"]


@pytest.mark.parametrize("day", [date(2021, 12, 31), datetime(2021, 12, 31, 8, 30)])
def test_a_date_cell_is_a_deadline(day: date) -> None:
    assert target_of(day) == target_of(day)._replace(text="2021-12-31", start=None, end=date(2021, 12, 31))
    assert FUNCTIONS["PE_INDICATOR_SCORE"].call(day, "2021年12月31日", 10) == 10.0
    assert FUNCTIONS["PE_INDICATOR_SCORE"].call("2021年12月底前", day, 10) == 10.0
    assert FUNCTIONS["PE_INDICATOR_SCORE"].call("2021年11月底前", day, 10) == ""


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("2,340,000.00", "2340000", ""),
        ("￥56万元", "560000", "元"),
        ("人民币56万元", "560000", "元"),
        ("56（万元）", "560000", "元"),
        ("56万元整", "560000", "元"),
        ("98%", "0.98", "%"),
        ("5‰", "0.005", "%"),
        ("1.1万人", "11000", "人"),
        ("-3.50", "-3.5", ""),
        ("百分之九十五", "0.95", "%"),
        ("一百二十五人", "125", "人"),
        ("二〇二一元", "2021", "元"),
        ("12.5公里", "12500", "米"),
        ("5千克", "5000", "克"),
        ("5(千米)", "5000", "米"),
        ("1,200千瓦时", "1200", "千瓦时"),
        ("3百分点", "3", "个百分点"),
        ("5千克/年", "5000", "克/年"),
        ("0.000000001亿元", "0.1", "元"),
    ],
)
def test_a_measure_is_one_exact_number_with_its_unit(text: str, number: str, unit: str) -> None:
    read = quantity(text)
    assert (str(read.number), read.unit) == (number, unit)


@pytest.mark.parametrize(
    "text", ["", "无", "约5万元", "5万元以上", "5元3角", "1,23", "1.2.3", "56万元（含税）", "inf", "nan", "1e5"]
)
def test_what_is_more_or_less_than_one_measure_is_no_number(text: str) -> None:
    with pytest.raises(InvalidValue, match="不是一个数"):
        quantity(text)


PIECES = [
    *"0123456789.,%‰-—~≥≤<>=+/*()（）年月日前内以上万亿元人次级第约不超过低于至零一二三十百 ",
    "百分之",
    "季度",
    "&&",
]


@pytest.mark.parametrize("read", [parse_target, actual_of])
@given(text=st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_no_text_breaks_the_grammar(read: Callable[[str], object], text: str) -> None:
    """Whatever is typed is understood, or refused as an InvalidValue: nothing else comes out."""
    with suppress(InvalidValue):
        read(text)


SCALES = {"": 1, "人": 1, "万元": 10**4, "%": Fraction(1, 100), "元/户": 1, "亿立方米": 10**8}


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.sampled_from(list(SCALES)))
def test_a_written_number_is_read_exactly(number: Decimal, unit: str) -> None:
    read = quantity(f"{number}{unit}").number
    assert Fraction(read.units, 10**read.places) == Fraction(number) * SCALES[unit]


@pytest.mark.parametrize("piece", ["每年", "(1", "1 ", "1,000", "2021年", "1.1.", "百分之", "一", "不低于", "元/人"])
def test_a_cell_full_of_anything_is_no_number(piece: str) -> None:
    """As much as a cell holds: it is refused before a grammar could walk it in quadratic time."""
    with pytest.raises(InvalidValue):
        quantity(piece * (32_767 // len(piece)))


def test_prose_is_a_persons_to_judge_in_bounded_time() -> None:
    assert FUNCTIONS["PE_TARGET"].call("完成1项，" * 20_000).startswith("定性：")
