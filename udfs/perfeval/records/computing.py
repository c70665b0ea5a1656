"""The values that an official blank cannot compute itself, as it holds no formulas: 执行率, 得分 and 总分.

Only what a rule gives is computed; what is left to a person's judgement is named, and the total then stays open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from perfeval.arithmetic import exact, rounded
from perfeval.conventions import Convention
from perfeval.errors import InvalidValue, PerfEvalError
from perfeval.forms.assessment import ScoredRow, assess, total_of
from perfeval.forms.grid import Address, Grid, Value
from perfeval.forms.model import Entry, Form, FundRow
from perfeval.forms.reader import read_forms
from perfeval.forms.values import amounts, same
from perfeval.quantities import PERCENT, quantity
from perfeval.records.into_forms import Wish
from perfeval.scoring import percent, rate


def is_live(grid: Grid, form: Form) -> bool:
    """Whether the form computes itself: a formula stands where a rate, a score or the total belongs."""
    entries = [form.total_score, *(row.score for row in form.rows)]
    entries += [entry for row in form.funds for entry in (row.rate, row.score)]
    return any(entry.cell is not None and grid[entry.cell].formula is not None for entry in entries)


def after(grid: Grid, forms: Sequence[Form], contents: Mapping[Address, Value]) -> tuple[Grid, list[Form]]:
    """The sheet, and these forms on it, as they will be once these cells are filled."""
    cells = dict(grid.cells)
    cells |= {cell: grid[cell]._replace(value=value, formula=None) for cell, value in contents.items()}
    filled = Grid(grid.name, cells, grid.merges, grid.hidden_columns, grid.hidden_rows, grid.protected, grid.visible)
    corners = {form.area[:2] for form in forms}
    return filled, [form for form in read_forms(filled) if form.area[:2] in corners]


def scores(grid: Grid, form: Form, convention: Convention) -> Iterator[Wish]:
    """The 执行率 and 得分 that a rule gives and the form does not show yet, or shows otherwise."""
    for funds in form.funds:
        yield from _rate(grid, form, funds, convention)
    for row in assess(form, convention).rows:
        if row.computed is not None and row.cell is not None and (row.printed is None or row.differs):
            yield Wish(row.cell, float(row.computed), f"“{row.name}”的测算得分")


def total(form: Form, convention: Convention) -> tuple[Wish | None, tuple[str, ...]]:
    """The sum of the scores that stand in the form, or the names of the rows that have none yet."""
    result = assess(form, convention)
    rows: list[ScoredRow] = [replace(row, counted=row.printed) for row in result.rows]
    missing = tuple(row.name for row in rows if row.counted is None and row.applies and row.is_scored)
    value, cell = total_of(rows, convention), form.total_score.cell
    if value is None or cell is None or (result.printed_total is not None and same(value, result.printed_total)):
        return None, missing
    return Wish(cell, float(value), "总分"), missing


def _rate(grid: Grid, form: Form, funds: FundRow, convention: Convention) -> Iterator[Wish]:
    """执行率 as the cell shows it: a fraction where its format prints percentages, otherwise a text."""
    cell = funds.rate.cell
    whole = funds.base(convention.denominator)[0]
    if cell is None or not whole.text or not funds.executed.text:
        return
    try:
        budget, executed = amounts((whole, "预算数"), (funds.executed, "执行数"), form.unit)
        value = rate(executed.number, budget.number).value
    except PerfEvalError:
        return  # the row of the execution score says why
    if isinstance(value, float) and not _shows(funds.rate, value):
        shown = value if PERCENT in grid[cell].format else percent(exact(value))
        yield Wish(cell, shown, f"{funds.source}执行率")


def _shows(entry: Entry, value: float) -> bool:
    """Whether a cell already shows this rate, at the decimals it is printed with; — and the like are left alone."""
    if not entry.text:
        return False
    try:
        printed = quantity(entry.text)
    except InvalidValue:
        return True
    return printed.unit != PERCENT or same(rounded(exact(value), printed.number.places), printed.number)
