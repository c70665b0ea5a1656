"""Numbers from outside: what a person or a file means by digits, and nothing else that Python would take for a number."""

from __future__ import annotations

import pytest

from perfeval.digits import LONGEST, is_whole, real, whole, whole_or
from perfeval.errors import InvalidValue

NO_NUMBERS = ["", " ", "²", "①", "½", "Ⅳ", "五", "1_000", "+5", " 5", "5 ", "-5", "1.0", "0x1", "nan", "9" * 5_000]


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("007", 7), ("２０２４", 2024), ("٣", 3), ("9" * LONGEST, 10**LONGEST - 1)]
)
def test_whole_numbers(text: str, number: int) -> None:
    assert is_whole(text)
    assert whole(text) == whole_or(text, -1) == number


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_whole_number(text: str) -> None:
    assert not is_whole(text)
    assert whole_or(text, -1) == -1
    with pytest.raises(InvalidValue) as error:
        whole(text)
    assert len(str(error.value)) < 80


@pytest.mark.parametrize(
    ("text", "number"), [("5", 5), ("-1.5E-3", -0.0015), (".5", 0.5), ("5.", 5), ("+2", 2), ("1E308", 1e308)]
)
def test_numbers_of_a_file(text: str, number: float) -> None:
    assert real(text) == number


@pytest.mark.parametrize(
    "text", ["", "nan", "-inf", "Infinity", "1_0", "²", "٣", "1e999", "1,000", "0x10", "9" * 5_000, "1e9999999"]
)
def test_what_is_no_number_of_a_file(text: str) -> None:
    with pytest.raises(InvalidValue):
        real(text)
