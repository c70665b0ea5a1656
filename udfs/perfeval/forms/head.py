"""The fields over the indicators of a form: 项目名称, 主管部门, 预期目标 and the like, each beside its label, under it, or in one
cell with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from perfeval.forms import labels
from perfeval.forms.blocks import Header
from perfeval.forms.grid import Area
from perfeval.forms.grid_text import Page
from perfeval.forms.model import Entry

_UNDER = frozenset({"goal", "outcome"})  # fields that stand under their labels


def read_fields(page: Page, header: Header, top: int, taken: Sequence[Area]) -> dict[str, Entry]:
    """Each field's entry by its concept in ``[head]``, of the rows from ``top`` to the indicators; labels within areas that other
    readers have ``taken`` are passed over."""
    fields: dict[str, Entry] = {}
    for row in range(top, header.top):
        for area, text in page.texts(row, header.left, header.right):
            if not any((area.top, area.left) in one for one in taken):
                for concept, entry in _fields(page, header, area, text):
                    fields.setdefault(concept, entry)
    return fields


@lru_cache(maxsize=4096)
def concept_of(text: str) -> str | None:
    """The concept of a head field, alone in its cell or with its value behind a colon."""
    pair = labels.inline(text)
    return labels.header(text) or (labels.header(pair[0]) if pair else None)


def _fields(page: Page, header: Header, area: Area, text: str) -> Iterator[tuple[str, Entry]]:
    """What the label at a place, or the labels in its cell, say."""
    concept = labels.header(text)
    if concept is None:
        for said, value in _said(text):
            if inline := labels.header(said):
                yield inline, Entry(value)
        return
    entry = _below(page, header, area) if concept in _UNDER else _right_of(page, header, area)
    if entry is not None:
        yield concept, entry


@lru_cache(maxsize=4096)
def _said(text: str) -> Sequence[tuple[str, str]]:
    """The labels and values of one cell: several fields or amounts beside each other, otherwise all behind the first colon."""
    pairs = labels.pairs(text)
    known = [label for label, _ in pairs if labels.is_field(label)]
    pair = labels.inline(text)
    return pairs if len(known) > 1 else [pair] if pair else []


def _right_of(page: Page, header: Header, area: Area) -> Entry | None:
    """The field to the right of its label; None where another label or nothing stands."""
    if area.right >= header.right:
        return None
    beside = page.entry(area.top, area.right + 1)
    if beside.text or page.grid.is_merged((area.top, area.right + 1)):
        return _value(beside)
    further = next(iter(page.filled(area.top, area.right + 2, header.right)), None)
    entry = page.entry(area.top, further)
    is_own = further is not None and not labels.unit(entry.text) and labels.inline(entry.text) is None
    return entry if is_own and _value(entry) and not _is_label(entry) else beside


def _below(page: Page, header: Header, area: Area) -> Entry | None:
    """The field under its label. A label of the block itself (年度目标) has further labels beside it, not under."""
    if area.bottom > area.top and area.right < header.right:
        beside = page.entry(area.top, area.right + 1)
        if isinstance(beside.value, str) and labels.header(beside.value):
            return None
    if area.bottom + 1 >= header.top:
        return _right_of(page, header, area)
    return _value(page.entry(area.bottom + 1, area.left))


def _is_label(entry: Entry) -> bool:
    """Whether a cell labels something else: a total or a grade in the head."""
    return labels.is_total(entry.text) or labels.is_grade(entry.text)


def _value(entry: Entry) -> Entry | None:
    """The entry, if it is not itself a label."""
    return None if isinstance(entry.value, str) and labels.is_field(entry.value) else entry
