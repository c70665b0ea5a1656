"""References in the text of a formula: which cells it names, rewritten as a sheet grows or is copied."""

from __future__ import annotations

import re
from collections.abc import Callable

from perfeval.digits import whole
from perfeval.forms.grid import Address

# A text, a reference to another sheet or a name with a dot, a range of this sheet, a cell of this sheet; other words.
_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    |(?P<elsewhere>(?:'(?:[^']|'')*'|[\w.\[\]]+)!\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)
    |(?<![\w.$!:])(?P<left>\$?[A-Z]{1,3}\$?)(?P<top>\d+)(?::(?P<right>\$?[A-Z]{1,3}\$?)(?P<bottom>\d+))?(?![\w.(!:])""",
    re.VERBOSE,
)


def _rewritten(formula: str, rewrite: Callable[[re.Match[str]], str]) -> str:
    """The formula with its references to its own sheet rewritten."""
    return _TOKEN.sub(lambda found: rewrite(found) if found["top"] else found[0], formula)


def longer(formula: str, first: int, last: int) -> str:
    """The formula with its ranges that end in row ``last``, and begin in row ``first`` or below, a row longer.

    A range of one row counts where that is the only row: spreadsheets write it as a cell.
    """

    def rewrite(found: re.Match[str]) -> str:
        top, bottom = whole(found["top"]), whole(found["bottom"] or found["top"])
        if bottom != last or top < first or (top == bottom and first != last):
            return found[0]
        return f"{found['left']}{top}:{found['right'] or found['left']}{last + 1}"

    return _rewritten(formula, rewrite)


def pointed(formula: str, places: dict[Address, Address]) -> str:
    """The formula with its absolute references to these single cells, ``$C$13``, led to others."""

    def rewrite(found: re.Match[str]) -> str:
        for old, new in places.items():
            if found[0] == _absolute(old):
                return _absolute(new)
        return found[0]

    return _rewritten(formula, rewrite)


def _absolute(place: Address) -> str:
    letters = str(place).rstrip("0123456789")
    return f"${letters}${place.row}"
