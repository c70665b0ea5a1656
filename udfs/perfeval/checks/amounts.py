"""Every amount in a book whose meaning is known (what of, at which stage, which year), in 元: from tables and from forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from perfeval.arithmetic import Scaled, times
from perfeval.checks.figures.budget_items import (
    ADJUSTED,
    ANY,
    BASIC,
    BUDGET,
    EXECUTED,
    INITIAL,
    OFFICIAL,
    POSTED,
    POSTS,
    PROJECTS,
    PURCHASES,
    TOTAL,
    is_known,
    named,
)
from perfeval.checks.lines import RATE, YEAR, name_of, stage_of
from perfeval.forms.amount_tables import AmountTable, figure
from perfeval.forms.model import Entry, Form
from perfeval.forms.values import UNIT_POWER, amount, states_unit
from perfeval.quantities import Quantity, half_unit, of_number

_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]+\)|\d+[、.]|其中:?)")
_BY_TITLE = (("政府采购", PURCHASES), ("三公", OFFICIAL), ("项目", PROJECTS))
_PEOPLE = frozenset({POSTS, POSTED})


@dataclass(frozen=True, slots=True)
class Known:
    """An amount (元, or a number of people) and where it stands. ``item`` is a known item or a line's own label.

    ``slack`` is how far rounding may have moved it: half of its last decimal, 0 for 元.
    """

    item: str
    stage: str
    year: str
    number: Scaled
    slack: Scaled
    sheet: str
    entry: Entry
    title: str
    body: str = ""


def of_form(form: Form) -> Iterator[Known]:
    """The 年度资金总额 of a project form, by the project's name."""
    if form.execution is None:
        return
    for stage, entry in (
        (INITIAL, form.execution.initial),
        (ADJUSTED, form.execution.budget),
        (EXECUTED, form.execution.executed),
    ):
        value = in_yuan(entry, form.unit)
        if value is not None:
            yield Known(form.name.text, stage, "", *value, form.sheet, entry, form.title, form.implementer.text)


def of_table(table: AmountTable) -> Iterator[Known]:
    """The amounts of a table's lines, each by the line's label (or item) and the column's stage."""
    title_year = next(iter(YEAR.findall(table.title)), "")
    items = {named(name_of(line)).item for line in table.lines if line.labels}
    for line in table.lines:
        label = _NUMBERED.sub("", name_of(line)) if line.labels else ""
        item = _item_of_line(label, table.title, items) if label else ""
        for column, entry in line.amounts.items():
            if RATE.search(column) or "其中" in column:
                continue
            of_column = named(column.split("/")[0])
            stage = stage_of(column)
            if stage == ANY and (is_known(of_column.item) or of_column.item in {"", "金额"}):
                stage = EXECUTED if "决算" in table.title else BUDGET if "预算" in table.title else ANY
            value = in_yuan(entry, table.unit)
            if value is None:
                continue
            year = next(iter(YEAR.findall(column)), title_year)
            if of_column.item in _PEOPLE:
                yield Known(of_column.item, ANY, year, *value, table.sheet, entry, table.title, table.body)
            elif item:
                yield Known(item, stage, year, *value, table.sheet, entry, table.title, table.body)


def _item_of_line(label: str, title: str, items: Iterable[str]) -> str:
    """What a line is of. A 合计 is of everything where the table holds 基本支出, else of what the title names."""
    found = named(label).item
    if found in {"", "金额", TOTAL}:
        if BASIC in items or (re.search("整体支出|支出决算|收支", title) and "项目" not in title):
            return TOTAL
        return next((item for word, item in _BY_TITLE if word in title), "")
    return found if is_known(found) else label


def in_yuan(entry: Entry, unit: str) -> tuple[Scaled, Scaled] | None:
    """A cell's amount in 元 and the slack of its rounding; None where it holds none."""
    value = figure(entry)
    if value is None:
        return None
    if isinstance(entry.value, str) and states_unit(quantity_of(entry)):
        return value, half_unit(quantity_of(entry))
    power = UNIT_POWER.get(unit, 0)
    slack = Scaled(5 * 10**power, value.places + 1) if power else Scaled(0, 0)
    return times(value, Scaled(10**power, 0)), slack


def quantity_of(entry: Entry) -> Quantity:
    """The quantity in a cell that ``figure`` can read."""
    return amount(entry, "") if isinstance(entry.value, str) else of_number(entry.value)  # type: ignore[arg-type]
