"""The face of native rows for whoever lays them beside a form: all formulas of a row of indicators, and the tables they look in.

``tables.tables`` gives the content of one hidden sheet, ``Places`` where each table stands on it. ``Columns`` says where a
row's helpers stand; SHOWN may be seen and overtyped, HIDDEN need not. ``of_row`` gives every formula of a row, ``saved`` the values
that PerfEval's own reading puts beside them; a ``Rule`` is what a row is scored by that prints one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfeval.forms.grid import column_letters
from perfeval.native import hints, printed, reading, rows
from perfeval.native.printed import Rule, rule_of
from perfeval.native.reading import SHOWN, saved
from perfeval.native.rows import Cells
from perfeval.native.tables import Places, tables

if TYPE_CHECKING:
    from perfeval.conventions import Convention

__all__ = ["HIDDEN", "SHOWN", "Cells", "Columns", "Places", "Row", "Rule", "of_row", "rule_of", "saved", "tables"]

HIDDEN = (
    *reading.READ,
    *rows.NUMBERS,
    *printed.HELPERS,
    *hints.HELPERS,
    *reading.SAVED,
)  # what the results need beside SHOWN


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the helpers of rows stand: SHOWN from the column ``shown`` on, HIDDEN from ``hidden`` on."""

    shown: int
    hidden: int

    @property
    def last(self) -> int:
        """The last column of HIDDEN."""
        return self.hidden + len(HIDDEN) - 1

    def of(self, name: str) -> int:
        """The column of a helper."""
        return self.shown + SHOWN.index(name) if name in SHOWN else self.hidden + HIDDEN.index(name)

    def cell(self, name: str, row: int) -> str:
        """The cell of a helper in a row: ``$R13``. The column stays where a formula is copied beside itself."""
        return f"${column_letters(self.of(name))}{row}"


@dataclass(frozen=True, slots=True)
class Row:
    """The expressions of one row. ``helpers`` by name; ``score`` is "" where the form prints no 分值."""

    helpers: Mapping[str, str]
    score: str
    completion: str
    meets: str
    hint: str


def of_row(
    cells: Cells,
    columns: Columns,
    row: int,
    places: Places,
    convention: Convention,
    *,
    warning: str = '""',
    rule: Rule | None = None,
) -> Row:
    """Every expression of a row. ``warning`` is an expression that each 提示 begins with where it is not ""; a row with 分值 and a
    printed ``rule`` is scored by that."""

    def at(name: str) -> str:
        return columns.cell(name, row)

    of_helpers = {
        **rows.helpers(cells, at, places, convention),
        **hints.formulas(cells, at, places, convention, by_rule=rule is not None),
    }
    score = rows.score(cells, at, convention, cells.weight) if cells.weight else ""
    if rule is not None and cells.weight:
        of_helpers |= printed.helpers(rule, cells.weight, at, convention)
        score = printed.points(at)
    return Row(of_helpers, score, rows.completion(cells, at), rows.meets(at), hints.joined(at, warning))
