"""References in the text of a formula: which cells it names, rewritten as a sheet grows or a row is copied."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from perfeval import formulatext
from perfeval.digits import whole
from perfeval.forms.grid import Address, Area, address, column_number

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


def _written(found: re.Match[str], top: int, bottom: int) -> str:
    """A reference with other rows; one cell stays one cell."""
    right = found["right"] or found["left"]
    return f"{found['left']}{top}" + (f":{right}{bottom}" if found["bottom"] or top != bottom else "")


def areas(formula: str) -> Iterator[Area]:
    """The cells of its own sheet that a formula names."""
    for found in _TOKEN.finditer(formula):
        if found["top"]:
            left, right = (
                column_number(letters.replace("$", "")) for letters in (found["left"], found["right"] or found["left"])
            )
            yield Area(whole(found["top"]), left, whole(found["bottom"] or found["top"]), right)


def absolute(formula: str) -> Iterator[Address]:
    """The single cells of its own sheet that a formula names by absolute references, ``$C$13``."""
    for found in _TOKEN.finditer(formula):
        if found["top"] and not found["bottom"] and found["left"].count("$") == 2:
            yield address(found[0])


def longer(formula: str, first: int, last: int, more: int = 1) -> str:
    """The formula with its ranges that end in row ``last``, and begin in row ``first`` or below, some rows longer.

    A range of one row counts where that is the only row: spreadsheets write it as a cell.
    """

    def rewrite(found: re.Match[str]) -> str:
        top, bottom = whole(found["top"]), whole(found["bottom"] or found["top"])
        if bottom != last or top < first or (top == bottom and first != last):
            return found[0]
        return _written(found, top, last + more)

    return _rewritten(formula, rewrite)


def begun_higher(formula: str, first: int, last: int, more: int) -> str:
    """The formula with its ranges that begin in row ``first``, and end in row ``last`` or below, begun some rows higher."""

    def rewrite(found: re.Match[str]) -> str:
        top, bottom = whole(found["top"]), whole(found["bottom"] or found["top"])
        is_over_all = top == first and bottom >= last and (top < bottom or first == last)
        return _written(found, first - more, bottom) if is_over_all else found[0]

    return _rewritten(formula, rewrite)


def pointed(formula: str, places: Mapping[Address, Address]) -> str:
    """The formula with its absolute references to these single cells, ``$C$13``, led to others."""

    def rewrite(found: re.Match[str]) -> str:
        for old, new in places.items():
            if found[0] == _absolute(old):
                return _absolute(new)
        return found[0]

    return _rewritten(formula, rewrite)


def copied(formula: str, rows: int) -> str:
    """The formula as a spreadsheet copies it so many rows down: references move but for those to fixed rows, ``C$13``."""

    def rewrite(found: re.Match[str]) -> str:
        top, bottom = whole(found["top"]), whole(found["bottom"] or found["top"])
        is_fixed = found["left"].endswith("$"), (found["right"] or found["left"]).endswith("$")
        return _written(found, top + (0 if is_fixed[0] else rows), bottom + (0 if is_fixed[1] else rows))

    return _rewritten(formula, rewrite)


def with_room(formula: str, at: int, rows: int, of: str = "") -> str:
    """The formula as a spreadsheet rewrites it when so many rows are inserted above row ``at``, of its own sheet or, with ``of``, of
    another one."""

    def rewrite(found: re.Match[str]) -> str:
        top, bottom = whole(found["top"]), whole(found["bottom"] or found["top"])
        return _written(found, top + rows * (top >= at), bottom + rows * (bottom >= at))

    return _elsewhere(formula, of, lambda cells: _rewritten(cells, rewrite)) if of else _rewritten(formula, rewrite)


def led(formula: str, of: str, lead: Callable[[Address], Address]) -> str:
    """The formula with its references to single cells of another sheet led to others."""

    def rewrite(cells: str) -> str:
        if ":" in cells:
            return cells
        return _absolute(lead(address(cells))) if "$" in cells else str(lead(address(cells)))

    return _elsewhere(formula, of, rewrite)


def _elsewhere(formula: str, of: str, rewrite: Callable[[str], str]) -> str:
    """The formula with its references to another sheet rewritten; what is rewritten are the cells."""

    def rewritten(found: re.Match[str]) -> str:
        if not found["elsewhere"] or not formulatext.names_sheet(found[0], of):
            return found[0]
        cells = found[0].rpartition("!")[2]
        return found[0].removesuffix(cells) + rewrite(cells)

    return _TOKEN.sub(rewritten, formula)


def _absolute(place: Address) -> str:
    letters = str(place).rstrip("0123456789")
    return f"${letters}${place.row}"
