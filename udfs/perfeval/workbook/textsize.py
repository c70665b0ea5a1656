"""How much room a text takes on a sheet."""

from __future__ import annotations

import unicodedata

from perfeval.forms.grid import Value


def lines(text: Value, width: float) -> int:
    """How many lines a text takes in a column of this width, counting a Chinese character as two."""
    if text is None:
        return 1
    columns = max(width - 1, 1)
    return sum(max(1, -int(-_wide(line) // columns)) for line in str(text).split("\n"))


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)
