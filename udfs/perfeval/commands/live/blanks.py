"""A form's cells as an official blank has them: what a copied row or sheet is brought back to."""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.errors import FormProblem, Place
from perfeval.forms import labels
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Address, Grid
from perfeval.forms.model import Entry, Form, IndicatorRow

_COMPUTED = labels.key("测算得分")
_SIGNED = ("填报日期", "单位负责人签字")


def refuse_protected(grid: Grid) -> None:
    """Raises FormProblem where the sheet's protection forbids rows."""
    if grid.protected:
        raise FormProblem("受保护，不能增加行；请先在“审阅”里撤销工作表保护", Place(sheet=grid.name))


def blank_form(grid: Grid, form: Form) -> Iterator[Edit]:
    """The edits that leave of a form its labels, its formulas and the weight of 预算执行率."""
    heads = (form.name, form.amount, form.central, form.department, form.implementer, form.goal, form.outcome)
    amounts = (entry for row in form.funds for entry in (row.initial, row.budget, row.executed))
    words = (entry for one in form.management for entry in (one.said, one.problems))
    for entry in (*heads, *amounts, *words, form.remarks):
        yield from _emptied(grid, entry)
    if form.execution is not None:
        yield from _live_score(grid, form.execution.score)
    numbers: dict[tuple[str, str], int] = {}
    for row in form.rows:
        kind = (row.level1, row.level2)
        numbers[kind] = numbers.get(kind, 0) + 1
        yield from blank_row(grid, row, numbers[kind])
    for place, cell in grid.cells.items():
        label = str(cell.value).partition("：")[0]
        if label in _SIGNED and cell.formula is None and place.row > form.area.bottom:
            yield Edit(grid.name, place, f"{label}：")


def blank_row(grid: Grid, row: IndicatorRow, number: int) -> Iterator[Edit]:
    """The edits that leave of an indicator row what the official blank offers: 指标1：."""
    if row.name.cell is not None:
        yield Edit(grid.name, row.name.cell, offered(number))
    for entry in (*(row.target_parts or (row.target,)), row.actual, row.weight, row.reason):
        yield from _emptied(grid, entry)
    yield from _live_score(grid, row.score)


def offered(number: int) -> str:
    """The name of an indicator that is not there yet, the so-manieth of its kind."""
    return f"指标{number}："


def _emptied(grid: Grid, entry: Entry) -> Iterator[Edit]:
    if entry.cell is not None and grid[entry.cell].formula is None:
        yield Edit(grid.name, entry.cell, None)


def _live_score(grid: Grid, score: Entry) -> Iterator[Edit]:
    """A given 得分 follows its 测算得分 again, where the form has one."""
    if score.cell is None or grid[score.cell].formula is not None:
        return
    computed = next((place for place in _computed(grid, score.cell.row) if grid[place].formula is not None), None)
    yield Edit(grid.name, score.cell, Formula(str(computed)) if computed else None)


def _computed(grid: Grid, row: int) -> Iterator[Address]:
    """The cells of a row under a heading 测算得分."""
    columns = {
        place.column
        for place, cell in grid.cells.items()
        if place.row < row and isinstance(cell.value, str) and labels.key(cell.value) == _COMPUTED
    }
    return (Address(row, column) for column in sorted(columns))
