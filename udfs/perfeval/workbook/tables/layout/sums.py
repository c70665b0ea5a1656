"""Sums in an official table: the live formula, the sum of what was given, and the check that says where they differ.

The check allows what ``checks.figures.footing`` allows: nothing in 元, in 万元 half of the last printed decimal for each addend.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from perfeval import formulatext
from perfeval.forms.edits import Formula
from perfeval.forms.grid import Address, Area

_EXACT = 6  # decimals a sum is rounded to: amounts have no more, doubles do


@dataclass(frozen=True, slots=True)
class Sum:
    """Cells that add up: ``total`` and ``count`` (of numbers among them) as expressions, and where they stand."""

    total: str
    count: str
    cells: tuple[Address, ...]
    less: tuple[Address, ...] = ()

    @property
    def formula(self) -> Formula:
        """The sum, and "" until there is anything to add."""
        return Formula(f'IF({self.count}=0,"",ROUND({self.total},{_EXACT}))')


def of_cells(cells: Sequence[Address], less: Sequence[Address] = ()) -> Sum:
    """The sum of cells, less that of others."""
    more, off = ",".join(_runs(cells)), ",".join(_runs(less))
    total = f"SUM({more})-SUM({off})" if less else f"SUM({more})"
    return Sum(total, f"COUNT({','.join(filter(None, (more, off)))})", tuple(cells), tuple(less))


def where(keys: Area, criterion: str, amounts: Area, cells: Sequence[Address]) -> Sum:
    """The sum of those amounts beside which a key meets a criterion (an expression); ``cells`` are these now."""
    several = f"{keys},{criterion},{amounts}"
    count = f'COUNTIFS({several},">=0")+COUNTIFS({several},"<0")'
    return Sum(f"SUMIF({several})", f"({count})", tuple(cells))


def _runs(cells: Iterable[Address]) -> list[str]:
    """Cells as a spreadsheet lists them, neighbours joined: ``B5:B7``, ``B9``."""
    runs: list[Area] = []
    for cell in sorted(set(cells), key=lambda cell: (cell.column, cell.row)):
        last = runs[-1] if runs else None
        if last and last.left == cell.column and last.bottom == cell.row - 1:
            runs[-1] = Area(last.top, last.left, cell.row, last.right)
        else:
            runs.append(Area(*cell, *cell))
    across: list[Area] = []
    for run in runs:
        last = across[-1] if across else None
        if last and (last.top, last.bottom, last.right + 1) == (run.top, run.bottom, run.left):
            across[-1] = Area(last.top, last.left, last.bottom, run.right)
        else:
            across.append(run)
    return [str(run) if run[:2] != run[2:] else str(Address(*run[:2])) for run in across]


@dataclass(frozen=True, slots=True)
class Rule:
    """A total that must be the sum of its parts, or (``within``) no less than the parts that are stated.

    A ``live`` total is that sum as a formula until something else is given.
    """

    label: str
    total: Address
    sum: Sum
    live: bool = True
    within: bool = False


def check(rules: Iterable[Rule], unit: str, decimals: int) -> Formula | None:
    """What a row's totals are off by, "" where they hold; None without rules."""
    said = "&".join(_said(rule, unit, decimals) for rule in rules)
    return Formula(said) if said else None


def _said(rule: Rule, unit: str, decimals: int) -> str:
    cell, found = str(rule.total), f"ROUND({rule.sum.total},{_EXACT})"
    apart = f"{found}-{cell}" if rule.within else f"ABS({found}-{cell})"
    holds = f"ROUND({apart},{_EXACT})<={_tolerance(rule, unit, decimals)}"
    than = "其中各项之和已是" if rule.within else "各项之和是"
    label = formulatext.text(f"“{rule.label}”是 ")
    said = f'{label}&{_shown(cell)}&"，{than} "&{_shown(found)}&"；"'
    return f'IF(OR(NOT(ISNUMBER({cell})),{rule.sum.count}=0),"",IF({holds},"",{said}))'


def _shown(amount: str) -> str:
    return f'TEXT({amount},"#,##0.00")'


def _tolerance(rule: Rule, unit: str, decimals: int) -> str:
    if unit == "元":
        return "0"
    cell = rule.total
    finer = "+".join(f"(ROUND({cell},{places})<>{cell})" for places in range(decimals, _EXACT))
    return f"MAX({rule.sum.count},2)*5*10^-({decimals + 1}+{finer})"
