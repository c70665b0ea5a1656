"""Lists of several projects on one sheet: 项目名称 is a column, and the rows of each project are a form of their own.

A project begins where another name stands in that column, merged over its rows, repeated in each or printed once. What
stands in the columns outside the block of indicators is the project's: its money, its fields, its total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from perfeval.forms import labels
from perfeval.forms.blocks import Header, read_block
from perfeval.forms.fundsblock import by_concept, states_money
from perfeval.forms.grid_text import Page
from perfeval.forms.labels import TOTAL_FUNDS
from perfeval.forms.model import ABSENT, Entry, FundRow, IndicatorBlock

_BLANK_ROWS = 8  # so many empty rows end a list
_FIELDS = frozenset({"amount", "department", "implementer", "body", "goal", "outcome"})


@dataclass(frozen=True, slots=True)
class Listed:
    """One project of a list: its rows, its block, and what its own columns hold (``fields`` by their concept in ``[head]``;
    ``unit`` is that which the headings of its money state)."""

    top: int
    bottom: int
    name: Entry
    block: IndicatorBlock
    funds: tuple[FundRow, ...]
    fields: Mapping[str, Entry]
    total: Entry
    unit: str


def is_list(header: Header) -> bool:
    """Whether a header is that of a list of projects."""
    return "project" in header.columns


def read_list(page: Page, header: Header, repeated: Mapping[int, Header], end: int) -> list[Listed]:
    """The projects under a header, top to bottom, above the row ``end``. Rows that sum all projects belong to the last, unread."""
    begun = list(_begun(page, header, repeated, end))
    read: list[Listed] = []
    for (top, name), (following, _) in pairwise(begun):
        if labels.is_total(name.text) or labels.is_subtotal(name.text):
            if read:
                read[-1] = replace(read[-1], bottom=following - 1)
            continue
        block = read_block(page, replace(header, bottom=top - 1), repeated, last=following - 1)
        read.append(_listed(page, header, top, following - 1, name, block))
    return read


def _begun(page: Page, header: Header, repeated: Mapping[int, Header], end: int) -> Iterator[tuple[int, Entry]]:
    """The row in which each project begins, and its name; at last the row behind the list."""
    row, last, name = header.bottom, header.bottom, ABSENT
    while (row := row + 1) < end and row - last <= _BLANK_ROWS:
        if row in repeated:
            row = last = repeated[row].bottom
            continue
        texts = page.texts(row, header.left, header.right)
        if any(labels.is_footer(text) for _, text in texts) or (texts and labels.is_note(texts[0][1])):
            break
        if not page.filled(row, header.left, header.right):
            continue
        entry = page.entry(row, header.columns["project"])
        if entry.text and entry.cell is not None and entry.cell.row == row and entry.text != name.text:
            name = entry
            yield row, name
        last = row
    yield last + 1, ABSENT


def _listed(page: Page, header: Header, top: int, bottom: int, name: Entry, block: IndicatorBlock) -> Listed:
    """A project with what stands in the columns outside its block."""
    taken = {column for concept, column in header.columns.items() if concept != "indicator"}
    amounts: list[tuple[str, Entry]] = []
    fields: dict[str, Entry] = {}
    total, unit = ABSENT, ""
    for column in range(header.left, header.right + 1):
        heading = page.entry(header.bottom, column)
        if column in taken or heading.cell is None or heading.cell.column != column:
            continue
        entry = page.entry(top, column)
        field = labels.header(heading.text)
        if labels.is_total(heading.text) and column > header.columns["project"] and column > max(taken):
            total = entry
        elif field in _FIELDS:
            fields.setdefault(field, entry)
        elif labels.funds(heading.text) is not None:
            amounts.append((heading.text, entry))
            unit = unit or labels.unit(heading.text)
    money = by_concept(amounts)
    funds_rows = (FundRow(TOTAL_FUNDS, **money),) if states_money(money) else ()
    return Listed(top, bottom, name, block, funds_rows, fields, total, unit)
