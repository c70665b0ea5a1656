"""What each filled cell of a form is: a field, a label, a value of a row or sum, a note, or left over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache

from perfeval.forms import labels
from perfeval.forms.grid import Address
from perfeval.forms.grid_text import Page
from perfeval.forms.headings import year_of
from perfeval.forms.model import Entry, Form, IndicatorBlock, IndicatorRow
from perfeval.forms.taskblock import MoneyCells, TaskRow
from perfeval.forms.values import is_figure
from perfeval.quantities import points

_DEEP = 3  # rows of a block's header


class Role(StrEnum):
    """What a filled cell of a form is."""

    FIELD = "字段"
    LABEL = "标签"
    VALUE = "数值"
    NOTE = "备注"
    LEFT = "没有认出"


# --- the cells of a form ---


def roles(page: Page, form: Form) -> Mapping[Address, Role]:
    """What each filled cell of a form's area is, in reading order."""
    fields = {entry.cell for entry in (form.name, form.body, form.amount, form.department, form.implementer)}
    fields |= {entry.cell for entry in (form.goal, form.outcome, form.grade, form.central, form.remarks)}
    fields |= {entry.cell for one in form.management for entry in (one.said, one.problems)}
    values = {entry.cell for entry in _entries(form)}
    told: dict[Address, Role] = {}
    for row in range(form.area.top, form.area.bottom + 1):
        block = next((one for one in form.blocks if one.area.top <= row <= one.area.bottom), None)
        for column in page.filled(row, form.area.left, form.area.right):
            place = page.grid.anchor_of((row, column))
            if place in fields:
                told[place] = Role.FIELD
            elif column in page.grid.hidden_columns or page.entry(*place).text in labels.NOTHING:
                told[place] = Role.NOTE
            elif place in values:
                told[place] = Role.VALUE
            elif block is not None:
                told[place] = _in_block(page, block, place)
            elif row in form.tasks.taken or any(place in table.area for table in form.amounts):
                told[place] = _in_table(page, place)
            else:
                told[place] = _in_head(page, form, place)
    return told


def _entries(form: Form) -> Iterator[Entry]:
    """Every value that was read of a form."""
    yield from (form.total_weight, form.total_score)
    for funds in form.funds:
        yield from (funds.initial, funds.budget, funds.executed, funds.weight, funds.rate, funds.score)
    for block in form.blocks:
        yield from (block.whole, block.total_weight, block.total_score, block.grade, block.reasons)
        yield from block.points.values()
        for subtotal in block.subtotals:
            yield from (subtotal.label, subtotal.weight, subtotal.score)
        for row in block.rows:
            yield from _of_row(row)
    for task in (*form.tasks.rows, *([form.tasks.total] if form.tasks.total else [])):
        yield from _of_task(task)
    for table in form.amounts:
        for line in table.lines:
            yield from (*line.labels.values(), *line.amounts.values())


def _of_row(row: IndicatorRow) -> Iterator[Entry]:
    yield from (row.name, row.target, row.actual, row.weight, row.score, row.reason, row.rule, row.source)
    yield from (row.coefficient, row.review, row.last_year, *(row.target_parts or ()))


def _of_task(task: TaskRow) -> Iterator[Entry]:
    def money(cells: MoneyCells) -> tuple[Entry, ...]:
        return cells.total, cells.fiscal, cells.other

    yield from (task.name, task.content, task.outcome, *money(task.budget), *money(task.executed))


def _in_block(page: Page, block: IndicatorBlock, place: Address) -> Role:
    """A cell of a block that no row's field holds: a heading, a level, a column of no concern, or left over."""
    entry = page.entry(*place)
    is_words = isinstance(entry.value, str) and not is_figure(entry)
    heading = _heading(page, block, place)
    if heading is None:
        return Role.LABEL if is_words and _is_label(entry.text) else Role.LEFT
    if labels.is_passed_column(heading):
        return Role.NOTE
    concept = labels.column(heading)
    if "project" in block.columns and entry.text == page.entry(place.row - 1, place.column).text:
        return Role.VALUE  # a list repeats what is a project's in each of its rows
    if concept in {*labels.LEVELS, "level4", "indicator"} and is_words:
        return Role.LABEL
    is_known = concept is not None and block.columns.get(concept) == place.column
    if is_known and any(row.row == place.row for row in block.rows):
        return Role.VALUE
    return Role.LABEL if is_words and _is_label(entry.text) else Role.LEFT


def _heading(page: Page, block: IndicatorBlock, place: Address) -> str | None:
    """The lowest heading over a cell of a block; None over a cell of the header itself."""
    found = None
    for row in range(block.area.top, min(block.area.top + _DEEP, place.row)):
        entry = page.entry(row, place.column)
        if entry.cell and entry.cell.row < place.row and (labels.column(entry.text) or labels.is_passed(entry.text)):
            found = entry.text
    return found


def _in_table(page: Page, place: Address) -> Role:
    """A cell of a table of money that no line holds: its words are headings."""
    return Role.LEFT if is_figure(page.entry(*place)) else Role.LABEL


def _in_head(page: Page, form: Form, place: Address) -> Role:
    """A cell above the indicators that no field holds."""
    entry = page.entry(*place)
    if isinstance(entry.value, str) and _is_label(entry.text):
        return Role.LABEL
    around = list(_beside_and_above(page, form, place))
    total = points(form.total_score.value)
    if total is not None and points(entry.value) == total and any(map(labels.is_total, around)):
        return Role.VALUE  # the total, printed once more
    if any(labels.header(text) == "year" for text in around):
        return Role.FIELD
    return Role.NOTE if any(map(labels.is_passed, around)) else Role.LEFT


def _beside_and_above(page: Page, form: Form, place: Address) -> Iterator[str]:
    """The nearest text to the left of a cell, and the nearest above it, within the form."""
    left = [text for area, text in page.texts(place.row, form.area.left, place.column - 1) if area.right < place.column]
    yield from left[-1:]
    for row in range(place.row - 1, form.area.top - 1, -1):
        entry = page.entry(row, place.column)
        if isinstance(entry.value, str) and not is_figure(entry):
            yield entry.text
            return


@lru_cache(maxsize=4096)
def _is_label(text: str) -> bool:
    """Whether a text is words that forms print around their values."""
    pair = labels.inline(text)
    word = pair[0] if pair else text
    return bool(
        labels.source(text)
        or labels.header(word)
        or labels.statement(word)
        or labels.column(word)
        or labels.funds(word)
        or labels.source(word)
        or labels.sign(word)
        or labels.key(word) in labels.BODY
        or labels.is_word(word)
        or labels.is_total(word)
        or labels.is_subtotal(word)
        or labels.is_grade(word)
        or labels.is_reason(word)
        or labels.is_footer(word)
        or labels.is_note(text)
        or labels.unit(text)
        or labels.is_assessed(re.sub(r"\s+", "", text))
        or year_of([text])
    )
