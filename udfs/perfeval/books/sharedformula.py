"""A formula that many cells share, relative to the first one: its text at any other cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError

from perfeval.digits import whole
from perfeval.errors import InvalidValue
from perfeval.forms.grid import MAX_COLUMN, MAX_ROW, Address, column_letters, column_number

_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})")
_OUT_OF_SHEET = "#REF!"


class _Corner(NamedTuple):
    """A cell of a reference; what is absolute keeps its text and moves by nothing."""

    column: int
    column_text: str  # "" for a relative one
    row: int
    row_text: str

    def at(self, down: int, right: int) -> str:
        """Its address so many rows and columns further; "" beyond the sheet's first row and column."""
        column = self.column_text or column_letters(max(self.column + right, 0))
        row = self.row_text or str(max(self.row + down, 0))
        return f"{column}{row}" if column and row != "0" else ""


class _Moving(NamedTuple):
    """A reference that moves with its formula: ``表1!$B2:C9``."""

    sheet: str
    corners: tuple[_Corner, ...]

    def at(self, down: int, right: int) -> str:
        """The reference as it reads so many rows and columns further; what leaves the sheet becomes #REF!."""
        texts = [corner.at(down, right) for corner in self.corners]
        is_within = all(texts) and (len(texts) > 1 or _is_cell(texts[0]))
        return self.sheet + ":".join(texts) if is_within else _OUT_OF_SHEET


class SharedFormula:
    """The formula of a group's first cell, taken apart once. Raises InvalidValue for what cannot be."""

    def __init__(self, text: str, first: Address) -> None:
        self.first = first
        try:
            self._translator = Translator(f"={text}", str(first))
            self._parts = tuple(self._taken_apart())
        except (TokenizerError, IndexError) as error:  # IndexError: a bracket that was never opened
            raise InvalidValue("共享公式无法识别") from error

    def _taken_apart(self) -> Iterator[str | _Moving | Token]:
        """Its parts: what stays, what moves, and the whole rows and columns that openpyxl moves."""
        for token in self._translator.get_tokens():
            if token.type != Token.OPERAND or token.subtype != Token.RANGE:
                yield token.value
                continue
            sheet, mark, reference = token.value.rpartition("!")
            corners = [_CELL.fullmatch(corner) for corner in reference.split(":")]
            if all(corners) and (len(corners) > 1 or _is_cell(reference)):
                yield _Moving(sheet + mark, tuple(_corner(corner) for corner in corners if corner))
            else:
                yield token if ":" in reference else token.value  # a name, though it may look like a cell: YTD2025

    def at(self, place: Address) -> str:
        """The formula's text as it reads in another cell of the group."""
        down, right = place.row - self.first.row, place.column - self.first.column
        return "".join(self._moved(part, down, right) for part in self._parts)

    def _moved(self, part: str | _Moving | Token, down: int, right: int) -> str:
        if isinstance(part, str):
            return part
        if isinstance(part, _Moving):
            return part.at(down, right)
        try:
            return self._translator.translate_range(part.value, down, right)
        except TranslatorError:
            return _OUT_OF_SHEET


def _corner(found: re.Match[str]) -> _Corner:
    fixed_column, letters, fixed_row, digits = found.groups()
    column_text = fixed_column + letters if fixed_column else ""
    return _Corner(column_number(letters), column_text, whole(digits), fixed_row + digits if fixed_row else "")


def _is_cell(text: str) -> bool:
    found = _CELL.fullmatch(text)
    return found is not None and column_number(found[2]) <= MAX_COLUMN and whole(found[4]) <= MAX_ROW
