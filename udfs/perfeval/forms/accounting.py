"""What the readers took of a sheet and what they left: nothing that stands on a sheet is passed over in silence.

Every filled cell inside a form is a field, a label, a value, a note, or left over. Rows outside that bear the headings of a
自评表 over values, and that no reader took, are named with what was nearest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from perfeval.digits import is_whole
from perfeval.errors import InvalidValue
from perfeval.forms import labels
from perfeval.forms.amount_tables import AmountTable
from perfeval.forms.blocks import headers
from perfeval.forms.grid import MAX_COLUMN, Address, Area, Grid
from perfeval.forms.grid_text import Page, page_of
from perfeval.forms.headings import year_of
from perfeval.forms.model import SCORING, Entry, Form, IndicatorBlock, IndicatorRow
from perfeval.forms.target_tables import TargetTable
from perfeval.forms.taskblock import MoneyCells, TaskRow
from perfeval.forms.values import amount
from perfeval.quantities import points

_YEAR = re.compile(r"(?:19|20)\d\d(?:年度?)?")
_DEEP = 3  # rows of a block's header
_BELOW = 3  # rows under a heading in which its values begin
_LEAST = 2  # headings of a 自评表 that show a table to be of its kind
_TITLES = 6  # rows of a sheet in which its title stands
_LONGEST_TITLE = 60
_SIGNS = {"target": "指标值", "actual": "完成值", "weight": "分值", "score": "得分"}


class Role(StrEnum):
    """What a filled cell of a form is."""

    FIELD = "字段"
    LABEL = "标签"
    VALUE = "数值"
    NOTE = "备注"
    LEFT = "没有认出"


class Unread(NamedTuple):
    """Rows like the header of a 自评表 that no reader took: the headings that are printed, and the usual ones that are not."""

    cell: Address
    printed: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What stands on a sheet. ``left`` are the left-over cells of each form, in the forms' order.

    ``title`` promises a 自评表, ``kind`` is what else the sheet calls itself ("": nothing that is known); ``has_figures`` where
    anything on it is a number.
    """

    sheet: str
    forms: tuple[Form, ...]
    left: tuple[tuple[Entry, ...], ...]
    tables: tuple[AmountTable, ...]
    targets: tuple[TargetTable, ...]
    unread: tuple[Unread, ...]
    title: str
    kind: str
    has_figures: bool
    is_empty: bool

    @property
    def is_read(self) -> bool:
        """Whether some reader took something of the sheet."""
        return bool(self.forms or self.tables or self.targets)

    @property
    def promises(self) -> bool:
        """Whether the sheet is called a 自评表 and nothing on it was read as one."""
        return bool(self.title) and not self.forms

    @property
    def is_other(self) -> bool:
        """Whether the sheet is known to hold no 自评表: by its name or title, or it holds targets, or words alone."""
        if self.forms or self.unread or self.promises:
            return False
        return bool(self.kind or self.targets or not self.has_figures)

    @property
    def is_unknown(self) -> bool:
        """Whether nobody can say what the sheet holds."""
        return not self.is_read and not self.is_other

    @property
    def not_recognised(self) -> int:
        """How many tables of the sheet were not recognised."""
        return len(self.unread) or int(self.promises or self.is_unknown)


def account(
    grid: Grid, forms: Sequence[Form], tables: Sequence[AmountTable] = (), targets: Sequence[TargetTable] = ()
) -> Account:
    """The account of a sheet, of which the readers made these forms and tables."""
    page = page_of(grid)
    title, kind = _called(page)
    taken = [*(form.area for form in forms), *(table.area for table in targets)]
    taken += [table.area for table in tables if kind or _states_money(page, table)]
    taken += [Area(one.top, one.left, one.bottom, one.right) for one in headers(page) if not one.states_results]
    unread = () if kind else tuple(_unread(page, taken))
    tables = [table for table in tables if not any(one.cell in table.area for one in unread)]  # taken for one
    return Account(
        grid.name,
        tuple(forms),
        tuple(_left(page, form) for form in forms),
        tuple(tables),
        tuple(targets),
        unread,
        title,
        kind,
        bool(forms or tables) or any(_has_figure(page, row) for row in page.rows()),
        not page.rows(),
    )


def is_figure(entry: Entry) -> bool:
    """Whether a cell holds a number and nothing else but its unit; a year is none."""
    value = entry.value
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    if isinstance(value, str) and (not any(map(is_whole, value)) or _YEAR.fullmatch(value.strip())):
        return False
    try:
        amount(entry, "")
    except InvalidValue:
        return False
    return True


def _has_figure(page: Page, row: int) -> bool:
    return any(is_figure(page.entry(row, column)) for column in page.filled(row, 1, MAX_COLUMN))


# --- what a sheet calls itself ---


def _called(page: Page) -> tuple[str, str]:
    """The title that promises a 自评表, and what else the sheet calls itself; the first line that says either counts.

    Titles one under another are a list of contents.
    """
    rows = page.rows()
    lines = [
        (row, re.sub(r"\s+", "", texts[0][1]))
        for row in rows[:_TITLES]
        if len(texts := page.texts(row, 1, MAX_COLUMN)) == 1 and len(page.filled(row, 1, MAX_COLUMN)) == 1
    ]
    titles = {row: line for row, line in lines if len(line) <= _LONGEST_TITLE and labels.is_assessed(line)}
    for row, line in lines:
        if row in titles:
            return ("", "目录") if row + 1 in titles else (line, "")
        if len(line) <= _LONGEST_TITLE and (kind := labels.other(line)):
            return "", kind
    return "", labels.other(page.grid.name)


# --- rows like a header ---


def _states_money(page: Page, table: AmountTable) -> bool:
    """Whether a table of amounts prints what was budgeted and what was spent: then it is read as what it is."""
    texts = [
        text for row in range(table.area.top, table.area.top + _DEEP) for _, text in page.texts(row, 1, MAX_COLUMN)
    ]
    return {"budget", "executed"} <= {labels.funds(text) for text in texts}


def _unread(page: Page, taken: Sequence[Area]) -> Iterator[Unread]:
    """The rows outside what was read that bear at least two headings of a 自评表 with values below them."""
    last = 0
    for row in page.rows():
        if row <= last:
            continue
        signs: dict[str, tuple[Area, str]] = {}
        for at in (row, row + 1):
            for area, text in page.texts(at, 1, MAX_COLUMN):
                concept = labels.sign(text)
                over = signs.get(concept) if concept else None
                if concept is None or any((area.top, area.left) in one for one in taken):
                    continue
                if over is None or over[0].right > over[0].left:  # a wide heading is that of a group of columns
                    signs[concept] = (area, text)
            if at == row and not signs:
                break
        bottom = max((area.bottom for area, _ in signs.values()), default=row)
        if sum(_has_value(page, area, bottom) for area, _ in signs.values()) >= _LEAST:
            ordered = sorted(signs.values())
            missing = tuple(name for concept, name in _SIGNS.items() if concept not in signs)
            yield Unread(
                page.grid.anchor_of((ordered[0][0].top, ordered[0][0].left)),
                tuple(re.sub(r"\s+", "", text) for _, text in ordered),
                missing,
            )
            last = _end(page, bottom)


def _has_value(page: Page, heading: Area, bottom: int) -> bool:
    """Whether anything but a heading stands under a heading."""
    for row in range(bottom + 1, bottom + 1 + _BELOW):
        entry = page.entry(row, heading.left)
        if entry.text and entry.cell and entry.cell.row > bottom:
            return not isinstance(entry.value, str) or not labels.sign(entry.text)
    return False


def _end(page: Page, row: int) -> int:
    """The last row before an empty one: what hangs together under a header."""
    while page.filled(row + 1, 1, MAX_COLUMN):
        row += 1
    return row


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


def _left(page: Page, form: Form) -> tuple[Entry, ...]:
    return tuple(page.entry(*place) for place, role in roles(page, form).items() if role is Role.LEFT)


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


# --- for a person ---


def in_words(accounts: Sequence[Account]) -> str:
    """What was read: ``读到 2 张自评表：执行率 2 行，指标 31 行；1 张没有认出``."""
    forms = [form for one in accounts for form in one.forms]
    told = [
        _forms_in_words("自评表", [form for form in forms if form.kind != SCORING]),
        _forms_in_words("评分表", [form for form in forms if form.kind == SCORING]),
    ]
    tables = [table for one in accounts for table in one.tables]
    targets = [table for one in accounts for table in one.targets]
    if targets:
        told.append(f"{len(targets)} 张绩效目标表：指标 {sum(len(table.rows) for table in targets)} 行")
    if tables:
        told.append(f"{len(tables)} 张金额表：{sum(len(table.lines) for table in tables)} 行")
    unread = sum(one.not_recognised for one in accounts)
    parts = [part for part in told if part]
    read = f"读到 {'；'.join(parts)}" if parts else "没有读到自评表"
    return f"{read}；{unread} 张没有认出" if unread else read


def _forms_in_words(name: str, forms: Sequence[Form]) -> str:
    if not forms:
        return ""
    rates = sum(form.execution is not None or any(map(form.is_execution, form.rows)) for form in forms)
    rows = [row for form in forms for row in form.rows if form.states(row)]
    unasked = sum(map(_is_unasked, rows))
    counted = [f"{what} {number} 行" for what, number in (("执行率", rates), ("指标", len(rows))) if number]
    if unasked:
        counted.append(f"其中 {unasked} 行没有完成值和分值，没有核对")
    if unweighted := sum(map(_is_unweighted, rows)):
        counted.append(f"其中 {unweighted} 行没有分值，得分没有核对")
    return f"{len(forms)} 张{name}" + (f"：{'，'.join(counted)}" if counted else "")


def _is_unweighted(row: IndicatorRow) -> bool:
    """Whether a row states a 得分 and prints no 分值, so that nothing says what its score is of."""
    return points(row.score.value) is not None and points(row.weight.value) is None


def _is_unasked(row: IndicatorRow) -> bool:
    """Whether a row states a target but neither 完成值 nor points: whole bodies publish such rows, so no finding asks for them."""
    has_target = row.is_of_values and bool(row.target.text)
    return has_target and not any(entry.text for entry in (row.actual, row.weight, row.score))
