"""Two forms of one project laid side by side: the scores and the amounts in which they differ."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from perfeval.errors import InvalidValue
from perfeval.forms.labels import TOTAL_FUNDS
from perfeval.forms.model import Entry, Form
from perfeval.forms.values import same
from perfeval.quantities import points
from perfeval.rollup.money import money

_MOST_NAMED = 5  # differences that one sentence names
_COLUMNS = {"initial": "年初预算数", "budget": "全年预算数", "executed": "全年执行数"}


class Figure(NamedTuple):
    """A figure of a form. ``label`` tells the same one on another form; ``fen`` is None where it is no known money."""

    label: str
    cell: str
    text: str
    unit: str = ""
    fen: int | None = None
    half: int = 0

    @property
    def shown(self) -> str:
        """The figure as a person reads it."""
        return f"{self.text}{self.unit}" if self.text else "空白"


def amounts_of(form: Form) -> str:
    """The amounts of a form, as a roll-up keeps them; a blank source of funds counts as nothing."""
    funds = (
        _amount(f"{row.source}的{what}", getattr(row, column), form.unit, "" if row.source == TOTAL_FUNDS else "0")
        for row in form.funds
        for column, what in _COLUMNS.items()
    )
    tables = (
        _amount(f"{line.label}的{header}", entry, table.unit)
        for table in form.amounts
        for line in table.lines
        for header, entry in line.amounts.items()
    )
    return _packed((*funds, *tables))


def _amount(label: str, entry: Entry, unit: str, blank: str = "") -> Figure:
    text = entry.text.strip("—-–/ ") or blank
    bare = unit if points(text) is not None else ""
    try:
        return Figure(label, str(entry.cell or ""), text, bare, *money(Entry(text), unit, ""))
    except InvalidValue:
        return Figure(label, str(entry.cell or ""), text, bare)


def _packed(amounts: Iterable[Figure]) -> str:
    return json.dumps([figure for figure in amounts if figure.cell], ensure_ascii=False)


def unpacked(amounts: str) -> list[Figure]:
    """The amounts that a roll-up has kept of a form."""
    return [Figure(*figure) for figure in json.loads(amounts or "[]")]


def difference(
    scores: tuple[Sequence[Figure], Sequence[Figure]], amounts: tuple[Sequence[Figure], Sequence[Figure]]
) -> str:
    """What differs, in words: ``得分不同（I6 9.5 与 8）``; "" where all is the same. Each pair is this form's and the other's.

    An indicator that only one form has differs; an amount that one of the layouts does not print says nothing.
    """
    of_scores = list(_unlike(*scores, is_printed_by_both=False))
    of_amounts = list(_unlike(*amounts, is_printed_by_both=True))
    told = [f"{what}不同（{_listed(found)}）" for what, found in (("得分", of_scores), ("金额", of_amounts)) if found]
    return "，".join(told)


def _listed(unlike: Sequence[str]) -> str:
    more = f" 等 {len(unlike)} 处" if len(unlike) > _MOST_NAMED else ""
    return "，".join(unlike[:_MOST_NAMED]) + more


def _unlike(ours: Sequence[Figure], theirs: Sequence[Figure], *, is_printed_by_both: bool) -> Iterator[str]:
    here, there = _by_label(ours), _by_label(theirs)
    for key in dict.fromkeys((*here, *there)):
        one, other = here.get(key), there.get(key)
        if one is None or other is None:
            if not is_printed_by_both and (one or other).text:  # type: ignore[union-attr]
                yield f"{key[0]}只有{'这里' if one else '那里'}有"
        elif not _is_same(one, other):
            place = one.cell or one.label
            there_too = f"{other.cell} 的 " if other.cell != one.cell else ""
            yield f"{place} {one.shown} 与 {there_too}{other.shown}"


def _by_label(figures: Sequence[Figure]) -> dict[tuple[str, int], Figure]:
    """The figures by their label, those of one label counted."""
    seen: Counter[str] = Counter()
    keyed = {}
    for figure in figures:
        seen[figure.label] += 1
        keyed[figure.label, seen[figure.label]] = figure
    return keyed


def _is_same(one: Figure, other: Figure) -> bool:
    if one.text == other.text and one.fen == other.fen:
        return True
    if one.fen is not None and other.fen is not None:
        return abs(one.fen - other.fen) <= one.half + other.half
    first, second = points(one.text), points(other.text)
    return first is not None and second is not None and same(first, second)
