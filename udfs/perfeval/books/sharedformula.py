"""A formula that many cells share, relative to the first one: its text at any other cell."""

from __future__ import annotations

import re

from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError

from perfeval.digits import whole
from perfeval.errors import InvalidValue
from perfeval.forms.grid import MAX_COLUMN, MAX_ROW, Address, column_number

_LIKE_A_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_OUT_OF_SHEET = "#REF!"


class SharedFormula:
    """The formula of a group's first cell. Raises InvalidValue for what cannot be taken apart."""

    def __init__(self, text: str, first: Address) -> None:
        self.first = first
        try:
            self._translator = _Translator(f"={text}", str(first))
        except (TokenizerError, IndexError) as error:  # IndexError: a bracket that was never opened
            raise InvalidValue("共享公式无法识别") from error

    def at(self, place: Address) -> str:
        """The formula's text as it reads in another cell of the group."""
        down, right = place.row - self.first.row, place.column - self.first.column
        return self._translator.translate_formula(row_delta=down, col_delta=right)[1:]


class _Translator(Translator):
    """openpyxl's, right in two cases where it is not.

    It drops the sheet of a sheet's own name (表1!口径), and takes a name for a cell that only looks like one behind the
    last column (YTD2025). What leaves the sheet becomes #REF!.
    """

    @classmethod
    def translate_range(cls, range_str: str, rdelta: int, cdelta: int) -> str:
        _, reference = cls.strip_ws_name(range_str)
        if ":" not in reference and not _is_cell(reference):
            return range_str
        try:
            moved = super().translate_range(range_str, rdelta, cdelta)
        except TranslatorError:
            return _OUT_OF_SHEET
        return moved if ":" in reference or _is_cell(cls.strip_ws_name(moved)[1]) else _OUT_OF_SHEET


def _is_cell(text: str) -> bool:
    found = _LIKE_A_CELL.fullmatch(text)
    return found is not None and column_number(found[1]) <= MAX_COLUMN and whole(found[2]) <= MAX_ROW
