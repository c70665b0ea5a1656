"""Reads the 项目资金 block above the indicators: a table of sources and amounts, or labels with their values beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from perfeval.forms import labels
from perfeval.forms.grid_text import Page
from perfeval.forms.headers import Header
from perfeval.forms.labels import TOTAL_FUNDS
from perfeval.forms.model import Entry, FundRow
from perfeval.forms.values import is_amount

_BUDGETS = {"budget", "initial"}


def read_funds(page: Page, header: Header, top: int) -> tuple[int, tuple[FundRow, ...]]:
    """The block's header row (0: none) and its rows; rows of a source that is not in ``FUND_SOURCES`` are left out."""
    for row in range(header.top - 1, top - 1, -1):
        columns = _columns(page, header, row)
        if "executed" not in columns or not columns.keys() & _BUDGETS:
            continue
        paired = _is_paired(page, row, columns)
        found = (_paired(page, row, columns),) if paired else tuple(_rows(page, header, row, columns))
        total = next((funds for funds in found if funds.source == TOTAL_FUNDS), None)
        weight = _printed_weight(page, header, row)
        if total and weight and total.weight.cell is None:
            found = tuple(replace(funds, weight=weight) if funds is total else funds for funds in found)
        return row, found
    return 0, ()


def _columns(page: Page, header: Header, row: int) -> dict[str, int]:
    columns: dict[str, int] = {}
    for area, text in page.texts(row, header.left, header.right):
        concept = labels.funds(text)
        if concept is not None:
            columns.setdefault(concept, area.left)
    return columns


def _is_paired(page: Page, row: int, columns: dict[str, int]) -> bool:
    """预算数 | 100 | 执行数 | 95: each value stands beside its label, not under it."""
    amounts = columns.keys() & {*_BUDGETS, "executed"}
    beside = [_beside(page, row, columns[concept]) for concept in amounts]
    return all(not _is_label(entry) and is_amount(entry) for entry in beside)


def _is_label(entry: Entry) -> bool:
    return isinstance(entry.value, str) and labels.is_field(entry.value)


def _beside(page: Page, row: int, column: int) -> Entry:
    return page.entry(row, page.grid.area_of((row, column)).right + 1)


def _paired(page: Page, row: int, columns: dict[str, int]) -> FundRow:
    return FundRow(TOTAL_FUNDS, **{concept: _beside(page, row, column) for concept, column in columns.items()})


def _rows(page: Page, header: Header, header_row: int, columns: dict[str, int]) -> Iterator[FundRow]:
    first_amount = min(columns.values())
    found: list[tuple[str | None, FundRow]] = []
    for row in range(page.grid.area_of((header_row, first_amount)).bottom + 1, header.top):
        texts = [text for _, text in page.texts(row, header.left, first_amount - 1)]
        named = texts[-1] if texts else ""
        if any(labels.header(text) for text in texts):
            break
        entries = {concept: page.entry(row, column) for concept, column in columns.items()}
        found.append((labels.source(named) if named else None, FundRow(TOTAL_FUNDS, **entries)))
    if not any(source == TOTAL_FUNDS for source, _ in found):
        unnamed = [funds for source, funds in found if source is None and is_amount(funds.executed)]
        if len(unnamed) == 1:  # the only row with an amount, whatever it is called
            yield unnamed[0]
    seen_sources = set()
    for source, funds in found:
        if source is not None and source not in seen_sources:
            seen_sources.add(source)
            yield replace(funds, source=source)


def _printed_weight(page: Page, header: Header, row: int) -> Entry | None:
    """The weight of 预算执行率 where the form prints it in a label only: 得分（10分*执行率）."""
    for column in range(header.left, header.right + 1):
        text = page.grid.shown((row, column)).value
        found = labels.points_in(text) if isinstance(text, str) else None
        if found:
            return Entry(found)
    return None
