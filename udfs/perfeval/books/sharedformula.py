"""A formula that many cells share, relative to the first one: its text at any other cell."""

from __future__ import annotations

import re
from functools import cache

from perfeval.forms.grid import Address, column_letters

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384

# What is not a reference is skipped whole: text, quoted sheet names, brackets of tables and other books.
_PARTS = re.compile(
    r"""
      "(?:[^"]|"")*" | '(?:[^']|'')*' | \[(?:[^\[\]]|\[[^\[\]]*\])*\]
    | (?<![\w.$\\])(?P<abscol>\$?)(?P<col>[A-Za-z]{1,3})(?P<absrow>\$?)(?P<row>[0-9]{1,7})(?![\w.(!\\])
    | (?<![\w.$\\:])(?P<abs1>\$?)(?P<col1>[A-Za-z]{1,3}):(?P<abs2>\$?)(?P<col2>[A-Za-z]{1,3})(?![\w.(!\\$:])
    | (?<![\w.$\\:])(?P<abs3>\$?)(?P<row1>[0-9]{1,7}):(?P<abs4>\$?)(?P<row2>[0-9]{1,7})(?![\w.(!\\$:])
    """,
    re.VERBOSE,
)
_OUT_OF_SHEET = "#REF!"


class SharedFormula:
    """The formula of a group's first cell."""

    def __init__(self, text: str, first: Address) -> None:
        self.first = first
        # Text and, at every odd place, the parsed references between.
        self._pieces: list[str | _Reference] = []
        at = 0
        for found in _PARTS.finditer(text):
            if found.lastgroup is not None:
                self._pieces += (text[at : found.start()], _Reference(found))
                at = found.end()
        self._pieces.append(text[at:])

    def at(self, place: Address) -> str:
        """The formula's text as it reads in another cell of the group."""
        down, right = place.row - self.first.row, place.column - self.first.column
        return "".join(piece if isinstance(piece, str) else piece.moved(down, right) for piece in self._pieces)


class _Reference:
    """One reference: its corners' columns and rows (None: whole rows or columns), each with whether it is absolute."""

    def __init__(self, found: re.Match[str]) -> None:
        part = found.groupdict()
        self._text = found[0]
        self._ends: list[tuple[int | None, str, int | None, str]]
        if part["col"]:
            self._ends = [(column_number(part["col"]), part["abscol"], int(part["row"]), part["absrow"])]
        elif part["col1"]:
            self._ends = [(column_number(part[f"col{n}"]), part[f"abs{n}"], None, "") for n in (1, 2)]
        else:
            self._ends = [(None, "", int(part[f"row{n}"]), part[f"abs{n + 2}"]) for n in (1, 2)]

    def moved(self, down: int, right: int) -> str:
        if not all(_in_sheet(column, row) for column, _, row, _ in self._ends):
            return self._text  # a name that only looks like a reference: ABC9999999
        ends = []
        for column, fixed_column, row, fixed_row in self._ends:
            to_column = column if column is None or fixed_column else column + right
            to_row = row if row is None or fixed_row else row + down
            if not _in_sheet(to_column, to_row):
                return _OUT_OF_SHEET
            letters = "" if to_column is None else column_letters(to_column)
            ends.append(f"{fixed_column}{letters}{fixed_row}{'' if to_row is None else to_row}")
        return ":".join(ends)


def _in_sheet(column: int | None, row: int | None) -> bool:
    return (column is None or 1 <= column <= MAX_COLUMN) and (row is None or 1 <= row <= MAX_ROW)


@cache
def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
