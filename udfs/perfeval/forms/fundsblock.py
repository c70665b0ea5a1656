"""Reads the money of a form above its indicators: a table of sources and amounts (sources in rows or in columns), or labels
with their values beside.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from perfeval.forms import labels
from perfeval.forms.blocks import Header
from perfeval.forms.grid import Area
from perfeval.forms.grid_text import Page
from perfeval.forms.labels import TOTAL_FUNDS
from perfeval.forms.model import Entry, FundRow
from perfeval.forms.values import is_amount, is_rate

_BUDGETS = frozenset({"budget", "initial"})
_AMOUNTS = _BUDGETS | {"planned", "executed"}

Place = TypeVar("Place")


def read_funds(page: Page, header: Header, top: int, taken: Container[int] = ()) -> tuple[int, tuple[FundRow, ...]]:
    """The block's header row (0: none) and its rows, between ``top`` and the indicators, rows ``taken`` by other blocks left out."""
    for row in range(header.top - 1, top - 1, -1):
        columns = _columns(page, header, row)
        if row in taken or not states_money(columns):
            continue
        if _is_paired(page, row, columns):
            funds = tuple(_paired(page, header, row, columns))
        else:
            funds = tuple(_rows(page, header, row, columns))
            if not columns.keys() & _BUDGETS:
                funds = tuple(_by_columns(page, header, row, columns))
        total = next((one for one in funds if one.source == TOTAL_FUNDS), None)
        weight = _printed_weight(page, header, row)
        if total and weight and total.weight.cell is None:
            funds = tuple(replace(one, weight=weight) if one is total else one for one in funds)
        return row, funds
    row, funds = _in_rows(page, header, top, taken)
    return (row, funds) if funds else _labelled(page, header, top, taken)


def _labelled(page: Page, header: Header, top: int, taken: Container[int]) -> tuple[int, tuple[FundRow, ...]]:
    """The money where each amount stands behind its label, on any row, or in one cell with it: 预算数：86万元  执行数：84.28万元."""
    found: list[tuple[str, Entry]] = []
    first = 0
    for row in range(top, header.top):
        for area, text in () if row in taken else page.texts(row, header.left, header.right):
            pairs = [
                (label, Entry(value, page.grid.anchor_of((row, area.left)))) for label, value in labels.pairs(text)
            ]
            for label, entry in pairs or [(text, _beside(page, row, area.left))]:
                concept = labels.funds(label)
                if is_rate(entry) if concept == "rate" else concept in _AMOUNTS and is_amount(entry):
                    found.append((label, entry))
                    first = first or row
    money = by_concept(found)
    return (first, (FundRow(TOTAL_FUNDS, **money),)) if states_money(money) else (0, ())


def _in_rows(page: Page, header: Header, top: int, taken: Container[int]) -> tuple[int, tuple[FundRow, ...]]:
    """The money where its columns are the sources and its rows 预算数, 执行数 and 执行率; the row of the sources."""
    rows: dict[str, int] = {}
    for row in range(top, header.top):
        texts = page.texts(row, header.left, header.right)
        named = [concept for _, text in texts if (concept := labels.funds(text))]
        if len(named) == 1 and row not in taken:
            rows.setdefault(named[0], row)
    if not states_money(rows):
        return 0, ()
    first = min(rows.values()) - 1
    sources = {
        source: area.left
        for area, text in page.texts(first, header.left, header.right)
        if (source := labels.source(text)) and is_amount(page.entry(rows["executed"], area.left))
    }
    funds = (
        FundRow(source, **{concept: page.entry(row, column) for concept, row in rows.items()})
        for source, column in sources.items()
    )
    return (first, tuple(funds)) if TOTAL_FUNDS in sources else (0, ())


def states_money(columns: Mapping[str, object]) -> bool:
    """Whether columns are those of a block of money: what was spent, and of what."""
    return "executed" in columns and bool(columns.keys() & (_BUDGETS | {"total"}))


def by_concept(headings: Iterable[tuple[str, Place]]) -> dict[str, Place]:
    """Where each concept of ``[funds]`` stands among headings of money. Of several 预算数 the adjusted one is 全年预算数 and another
    年初预算数, unless it is only what was added; 计划数 is the budget where no 预算数 is printed."""
    places: dict[str, Place] = {}
    budgets: list[tuple[str, Place]] = []
    for text, place in headings:
        concept = labels.funds(text)
        if concept == "budget":
            budgets.append((text, place))
        elif concept is not None:
            places.setdefault(concept, place)
    budgets = [one for one in budgets if not labels.is_change(one[0])] or budgets
    final = next((place for text, place in budgets if labels.is_adjusted(text)), None)
    before = next((place for text, place in budgets if not labels.is_adjusted(text)), None)
    planned = places.pop("planned", None)
    if final is not None and before is not None:
        places.setdefault("initial", before)
    budget = final if final is not None else before
    if budget is None and not places.keys() & _BUDGETS:
        budget = planned
    return places if budget is None else places | {"budget": budget}


def _columns(page: Page, header: Header, row: int) -> dict[str, int]:
    """Each concept's column; ``total`` where 合计 of sources that stand in columns is the only budget."""
    seen = (*page.texts(row, header.left, header.right), *_reaching_down(page, header, row))
    seen = [(area, text) for area, text in seen if not _heads_sources(page, area)]
    filled = [(area, text) for area, text in seen if is_amount(page.entry(area.bottom + 1, area.left))]
    amounts = {labels.funds(text) for _, text in filled}
    # 预算资金（万元） over nothing names the block, where 预算安排数 beside it has the amount.
    texts = [
        (text, area)
        for area, text in seen
        if (area, text) in filled or _is_filled(page, area) or labels.funds(text) not in amounts
    ]
    columns = {concept: area.left for concept, area in by_concept(texts).items()}
    totals = (
        area.left
        for text, area in texts
        if labels.source(text) == TOTAL_FUNDS
        and labels.funds(text) is None
        and is_amount(page.entry(area.bottom + 1, area.left))
    )
    total = next(totals, None)
    return columns if total is None or columns.keys() & _BUDGETS else columns | {"total": total}


def _is_filled(page: Page, heading: Area) -> bool:
    return bool(page.entry(heading.bottom + 1, heading.left).text)


def _reaching_down(page: Page, header: Header, row: int) -> Iterator[tuple[Area, str]]:
    """The headings of the row above that reach down to a row: 执行率 beside 预算数, under which 年初 | 调整后 stand."""
    for area, text in page.texts(row - 1, header.left, header.right):
        if row <= area.bottom and area.right == area.left:
            yield area, text


def _heads_sources(page: Page, area: Area) -> bool:
    """Whether a label stands over the names of the sources: 年度预算（万元） at the block's corner. One with its amount beside is none."""
    below = page.entry(area.bottom + 1, area.left).text
    is_corner = area.right < page.grid.right and labels.source(below) is not None
    return is_corner and not is_amount(page.entry(area.top, area.right + 1))


def _is_paired(page: Page, row: int, columns: Mapping[str, int]) -> bool:
    """预算数 | 100 | 执行数 | 95: each value stands beside its label, not under it."""
    amounts = columns.keys() & {*_BUDGETS, "executed"}
    beside = [_beside(page, row, columns[concept]) for concept in amounts]
    return all(not _is_label(entry) and is_amount(entry) for entry in beside)


def _is_label(entry: Entry) -> bool:
    return isinstance(entry.value, str) and labels.is_field(entry.value)


def _beside(page: Page, row: int, column: int) -> Entry:
    return page.entry(row, page.grid.area_of((row, column)).right + 1)


def _paired(page: Page, header: Header, row: int, columns: Mapping[str, int]) -> Iterator[FundRow]:
    """The total, and a source a row below it, named under each label: 其中：财政拨款 | 90 | 其中：财政拨款 | 85."""
    amounts = {concept: column for concept, column in columns.items() if concept != "total"}
    yield FundRow(TOTAL_FUNDS, **{concept: _beside(page, row, column) for concept, column in amounts.items()})
    for below in range(row + 1, header.top):
        named = {concept: labels.source(page.entry(below, column).text) for concept, column in amounts.items()}
        source = next((source for source in named.values() if source), None)
        if source is None:
            return
        own = {concept: amounts[concept] for concept, name in named.items() if name == source}
        yield FundRow(source, **{concept: _beside(page, below, column) for concept, column in own.items()})


def _rows(page: Page, header: Header, header_row: int, columns: Mapping[str, int]) -> Iterator[FundRow]:
    """A source a row. The only row with an amount is the total, whatever it is called; a source that the vocabulary does not know, or
    that stands there already, goes by the name that is printed."""
    first_amount = min(columns.values())
    read: list[tuple[str | None, str, FundRow]] = []
    for row in range(page.grid.area_of((header_row, first_amount)).bottom + 1, header.top):
        texts = [text for _, text in page.texts(row, header.left, first_amount - 1)]
        named = texts[-1] if texts else ""
        if any(labels.header(text) for text in texts):
            break
        entries = {concept: page.entry(row, column) for concept, column in columns.items() if concept != "total"}
        read.append((labels.source(named) if named else None, labels.key(named), FundRow(TOTAL_FUNDS, **entries)))
    if not any(source == TOTAL_FUNDS for source, _, _ in read):
        stated = [one for one in read if is_amount(one[-1].executed)]
        if len(stated) == 1 and (len(read) == 1 or stated[0][0] is None):
            yield stated[0][-1]
            read.remove(stated[0])
    seen: set[str] = set()
    for source, named, funds in read:
        name = source if source and (source not in seen or source == TOTAL_FUNDS) else named
        if name not in seen and (source or (named and seen and _states_amounts(funds))):
            seen.add(name)
            yield replace(funds, source=name)


def _states_amounts(funds: FundRow) -> bool:
    """Whether a row holds what was spent and of what, in cells of their own."""
    budgets = (one for one in (funds.budget, funds.initial) if is_amount(one) and one.cell != funds.executed.cell)
    return is_amount(funds.executed) and any(budgets)


def _by_columns(page: Page, header: Header, header_row: int, columns: Mapping[str, int]) -> Iterator[FundRow]:
    """A source a column (中央 | 省 | 本级 | 合计 | 执行数): its budget in the first row below that holds an amount."""
    sources = {
        source: area.left
        for area, text in page.texts(header_row, header.left, header.right)
        if (source := labels.source(text)) is not None
    }
    below = page.grid.area_of((header_row, columns["executed"])).bottom + 1
    for row in range(below, header.top):
        if not is_amount(page.entry(row, columns["executed"])):
            continue
        values = {concept: page.entry(row, column) for concept, column in columns.items() if concept != "total"}
        yield FundRow(TOTAL_FUNDS, budget=page.entry(row, columns["total"]), **values)
        for source, column in sources.items():
            if source != TOTAL_FUNDS:
                yield FundRow(source, budget=page.entry(row, column))
        return


def _printed_weight(page: Page, header: Header, row: int) -> Entry | None:
    """The weight of 预算执行率 where the form prints it in a label only: 得分（10分*执行率）."""
    for column in range(header.left, header.right + 1):
        text = page.grid.shown((row, column)).value
        printed = labels.points_in(text) if isinstance(text, str) else None
        if printed:
            return Entry(printed)
    return None
