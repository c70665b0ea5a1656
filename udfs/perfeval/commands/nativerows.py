"""Which rows of a sheet of ours have PE_ formulas of indicators, and what stands where their native formulas go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from perfeval.digits import whole
from perfeval.forms.grid import Address, Grid, address
from perfeval.native.beside import SHOWN, Cells, Columns
from perfeval.native.calls import Call, calls, cell_in

_GAP = 1  # a free column before the helpers
_PRINTED = ("PE_INDICATOR_SCORE", "PE_COMPLETION", "PE_MEETS", "PE_HINT")


@dataclass(frozen=True, slots=True)
class Indicators:
    """The rows of indicators of a sheet. ``cells`` by row; ``labels`` are the cells of each row's 二级指标; ``hints`` those that say
    something of a row without PE_HINT; ``rules`` the cells of the 评分标准 that a row's PE_HINT goes by; ``columns`` is where the helpers
    come."""

    cells: Mapping[int, Cells]
    labels: Mapping[int, str]
    with_hint: frozenset[int]
    hints: Mapping[int, Address]
    columns: Columns
    rules: Mapping[int, str]

    @property
    def headers(self) -> list[int]:
        """The rows above each run of rows."""
        return [row - 1 for row in sorted(self.cells) if row - 1 not in self.cells]


@dataclass(slots=True)
class _Row:
    target: str = ""
    actual: str = ""
    label: str = ""
    weight: str | None = None
    score: str | None = None
    reason: str | None = None
    computed: str | None = None
    rule: str = ""
    has_hint: bool = False
    met: Address | None = None
    others: list[Call] = field(default_factory=list)


def indicators(grid: Grid) -> Indicators | None:
    """The rows of indicators of a sheet; None where it has none."""
    rows: dict[int, _Row] = {}
    for place, cell in grid.cells.items():
        if cell.formula is None or "PE_" not in cell.formula:
            continue
        for call in calls(cell.formula):
            if call.name in _PRINTED:
                _note(rows, place, call)
    found = {number: row for number, row in rows.items() if row.target and row.actual and row.label}
    if not found:
        return None
    shown = grid.right + 1 + _GAP
    columns = Columns(shown, shown + len(SHOWN))
    return Indicators(
        cells={number: _cells(row, number, columns) for number, row in found.items()},
        labels={number: row.label for number, row in found.items()},
        with_hint=frozenset(number for number, row in found.items() if row.has_hint),
        hints={
            number: Address(row.met.row, row.met.column + 1)
            for number, row in found.items()
            if not row.has_hint and row.met is not None and grid[row.met.row, row.met.column + 1].formula is not None
        },
        columns=columns,
        rules={number: row.rule for number, row in found.items() if row.rule},
    )


def _note(rows: dict[int, _Row], place: Address, call: Call) -> None:
    """What one call tells of its row."""
    target, actual = (cell_in(argument) for argument in call.arguments[:2])
    match = re.search(r"\d+$", target)
    if not match or not actual:
        return
    row = rows.setdefault(whole(match[0]), _Row())
    row.target, row.actual = target, actual
    match call.name, call.arguments[2:]:
        case "PE_HINT", (weight, score, reason, kind, *rest):
            row.weight, row.score = cell_in(weight) or None, cell_in(score) or None
            row.reason, row.label, row.has_hint = cell_in(reason), kind, True
            row.rule = cell_in(rest[1]) if len(rest) > 1 else ""
        case "PE_INDICATOR_SCORE", (_, kind, *_):
            row.label = kind
            row.computed = row.computed or str(place)
        case (("PE_COMPLETION" | "PE_MEETS"), (kind, *_)):
            row.label = kind
            row.met = place if call.name == "PE_MEETS" else row.met


def _cells(row: _Row, number: int, columns: Columns) -> Cells:
    return Cells(
        row.target,
        row.actual,
        columns.cell("kind", number),
        row.weight if row.has_hint else None,
        row.score,
        row.reason or columns.cell("s_text", number),
        row.computed,
    )


def with_kinds(grid: Grid, rows: Indicators) -> dict[int, Cells]:
    """Each row with the expression of its 二级指标: the last label above, so that a row that is copied or inserted has its own.

    Where that is not the row's (a 一级指标 without a 二级指标 below others) its label is named.
    """
    letters = sorted({_letters(label) for label in rows.labels.values()}, reverse=True)
    above, made = "", {}
    for number in sorted(rows.cells):
        if number - 1 not in rows.cells:
            above = ""
        label = address(rows.labels[number].replace("$", ""))
        expression = rows.columns.cell("kind", number - 1)
        seen = above
        for letter in reversed(letters):
            cell = f"{letter}{number}"
            text = _text(grid, address(cell))
            expression = f'IF({cell}&""<>"",{cell}&"",{expression})'
            seen = text or seen
        if seen != _text(grid, label):
            expression, seen = f'{rows.labels[number]}&""', _text(grid, label)
        above = seen
        made[number] = replace(rows.cells[number], kind=expression)
    return made


def _letters(label: str) -> str:
    return label.replace("$", "").rstrip("0123456789")


def _text(grid: Grid, place: Address) -> str:
    value = grid[place].value
    return value if isinstance(value, str) else ""


def kind_of(grid: Grid, rows: Indicators, number: int) -> str:
    """The text of a row's 二级指标."""
    return _text(grid, address(rows.labels[number].replace("$", "")))
