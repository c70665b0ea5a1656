"""From digits that came from outside to a number: the one way.

``int`` and ``float`` take more than what a person or a file means by a number (``1_000``, ``nan``, ``+5``, blanks around it), take
thousands of digits for ever, and refuse what ``str.isdigit`` allows (²). A test in ``tests/house`` looks for such calls elsewhere.
"""

from __future__ import annotations

import re
from math import isfinite

from perfeval.errors import InvalidValue

LONGEST = 40  # digits of a number that anybody means; a double tells 17 apart

_REAL = re.compile(r"[+-]?(?:[0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})(?:[Ee][+-]?[0-9]{1,6})?")


def is_whole(text: str) -> bool:
    """Whether a text is the digits 0 to 9, of any script, and not too many; no sign, no blank, no ²."""
    return text.isdecimal() and len(text) <= LONGEST


def whole(text: str) -> int:
    """The number that digits are: ``"007"`` → 7. Raises InvalidValue for what ``is_whole`` is false of."""
    if not is_whole(text):
        raise InvalidValue(f"“{text[:LONGEST]}”不是一个可用的整数")
    return int(text)


def whole_or(text: str | None, otherwise: int) -> int:
    """The number that digits are; ``otherwise`` for anything else, and for none."""
    return int(text) if text and is_whole(text) else otherwise


def real(text: str) -> float:
    """The finite number that a file spells as XML does: ``"-1.5E-3"``. Raises InvalidValue for anything else (1_000, nan, 1e999)."""
    if not _REAL.fullmatch(text) or not isfinite(number := float(text)):
        raise InvalidValue(f"“{text[:LONGEST]}”不是一个可用的数")
    return number
