"""Finds 自评表 on a grid by their labels: any column order, any province's wording, several on a sheet.

The indicator block's header row makes a form; everything else is looked for around it. What cannot be placed is named
in ``Form.problems``; no number is guessed. A form for a whole body (部门整体支出) is none of ours.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from perfeval.forms import labels
from perfeval.forms.fundsblock import read_funds
from perfeval.forms.grid import Area, Grid
from perfeval.forms.grid_text import Page, page_of
from perfeval.forms.headers import Header, headers
from perfeval.forms.headings import headings_of, year_of
from perfeval.forms.indicatorblock import Block, read_block
from perfeval.forms.model import ABSENT, Entry, Form, FundRow
from perfeval.quantities import points

_ABOVE = 40  # rows above a header in which the form begins
_TITLE_ROWS = 6  # rows above 项目名称 in which the title stands


def read_forms(grid: Grid) -> list[Form]:
    """Every project 自评表 on a sheet, top to bottom, left to right; an empty list if there is none."""
    page = page_of(grid)
    found = list(headers(page))
    alike: dict[tuple[tuple[str, int], ...], dict[int, Header]] = defaultdict(dict)
    for header in found:
        alike[_places(header)][header.top] = header
    forms: list[Form] = []
    read_to: dict[int, int] = {}  # column → the last row of the form above
    for header in found:
        columns = range(header.left, header.right + 1)
        above = max(read_to.get(column, 0) for column in columns)
        if header.top <= above:
            continue  # the header of a form already read, repeated on its next page
        reading = _Reading(page, header, above)
        form = reading.form(read_block(page, header, alike[_places(header)]))
        read_to |= dict.fromkeys(columns, form.area.bottom)
        if not reading.is_whole_body(form):
            forms.append(form)
    return forms


def _places(header: Header) -> tuple[tuple[str, int], ...]:
    return tuple(header.columns.items())


class _Reading:
    """The reading of one form around its header; ``above`` is the last row of the form over it."""

    def __init__(self, page: Page, header: Header, above: int) -> None:
        self.page = page
        self.header = header
        self.named = self._row_of_name(max(above + 1, header.top - _ABOVE))
        self.top = max(above + 1, (self.named or header.top) - (_TITLE_ROWS if self.named else _ABOVE))

    def form(self, block: Block) -> Form:
        """The whole form, with what could not be placed."""
        fields = self._fields()
        funds_row, funds = read_funds(self.page, self.header, self.top)
        total = block.total_score
        if not total.text:
            total = next(self._totals_above(), total)
        return Form(
            kind="project",
            sheet=self.page.grid.name,
            area=Area(self.top, self.header.left, block.last, self.header.right),
            title=self._title(),
            year=year_of(headings_of(self.page)),
            unit=self._unit(funds_row),
            **{name: fields.get(name, ABSENT) for name in _FIELDS},
            funds=funds,
            rows=tuple(block.rows),
            level_points=tuple(block.level_points.items()),
            total_weight=block.total_weight,
            total_score=total,
            problems=(*_missing(self.header, block, fields, funds, total), *block.problems),
        )

    def is_whole_body(self, form: Form) -> bool:
        """Whether the form is one for a whole body: its title says so, or it names a body and no project."""
        if labels.is_whole_body(form.title):
            return True
        return form.name.cell is None and any(labels.key(text) in labels.BODY for _, text in self._texts())

    def _texts(self) -> Iterator[tuple[Area, str]]:
        """The texts above the indicator block, within the form's columns, with their areas."""
        for row in range(self.top, self.header.top):
            yield from self.page.texts(row, self.header.left, self.header.right)

    def _row_of_name(self, top: int) -> int | None:
        """The row of the nearest 项目名称 above the header."""
        for row in range(self.header.top - 1, top - 1, -1):
            for _, text in self.page.texts(row, self.header.left, self.header.right):
                if _label(text) == "name":
                    return row
        return None

    def _title(self) -> str:
        """The line nearest above 项目名称 that ends in 表, otherwise one that speaks of 自评."""
        lines = [
            re.sub(r"\s+", "", text)
            for area, text in self._texts()
            if area.top < (self.named or self.header.top) and labels.header(text) is None
        ]
        lines.reverse()
        tables = (line for line in lines if labels.key(line).endswith("表"))
        return next(tables, next((line for line in lines if "自评" in line and len(line) < 40), ""))

    def _fields(self) -> dict[str, Entry]:
        fields: dict[str, Entry] = {}
        for area, text in self._texts():
            concept = labels.header(text)
            if concept is None:
                pair = labels.inline(text)
                concept = labels.header(pair[0]) if pair else None
                if pair and concept and concept not in fields:
                    fields[concept] = Entry(pair[1])
            elif concept not in fields:
                below = concept in {"goal", "outcome"}
                entry = self._below(area) if below else self._right_of(area)
                if entry is not None:
                    fields[concept] = entry
        return fields

    def _right_of(self, area: Area) -> Entry | None:
        """The field to the right of its label; None where another label or nothing stands."""
        if area.right >= self.header.right:
            return None
        return _value(self.page.entry(area.top, area.right + 1))

    def _below(self, area: Area) -> Entry | None:
        """The field under its label. A label of the block itself (年度目标) has further labels beside it, not under."""
        if area.bottom > area.top and area.right < self.header.right:
            beside = self.page.entry(area.top, area.right + 1)
            if isinstance(beside.value, str) and labels.header(beside.value):
                return None
        if area.bottom + 1 >= self.header.top:
            return self._right_of(area)
        return _value(self.page.entry(area.bottom + 1, area.left))

    def _totals_above(self) -> Iterator[Entry]:
        """A total that stands over the table: 自评总分 | 96.5, or 自评总分：96.5分 in one cell."""
        for area, text in self._texts():
            pair = labels.inline(text)
            if labels.is_total(text) and labels.key(text) in _TOTAL_ABOVE:
                entry = self.page.entry(area.top, area.right + 1)
            elif pair and labels.key(pair[0]) in _TOTAL_ABOVE:
                entry = Entry(pair[1])
            else:
                continue
            if points(entry.value) is not None:
                yield entry

    def _unit(self, funds_row: int) -> str:
        """元 or 万元, from a label of the funds block, otherwise from a note on the form; "" if none says."""
        units = [(area, unit) for area, text in self._texts() if (unit := labels.unit(text))]
        own = (unit for area, unit in units if area.top <= funds_row <= area.bottom)
        return next(own, units[0][1] if units else "")


_FIELDS = ("name", "amount", "department", "implementer", "goal", "outcome")
_TOTAL_ABOVE = labels.TOTALS - {"合计", "总计"}


def _label(text: str) -> str | None:
    """The concept of a header field, alone in its cell or with its value behind a colon."""
    pair = labels.inline(text)
    return labels.header(text) or (labels.header(pair[0]) if pair else None)


def _value(entry: Entry) -> Entry | None:
    """The entry, if it is not itself a label."""
    return None if isinstance(entry.value, str) and labels.is_field(entry.value) else entry


def _missing(
    header: Header, block: Block, fields: dict[str, Entry], funds: Sequence[FundRow], total: Entry
) -> Iterator[str]:
    if block.total_score.cell is None and total.value is None:
        yield "没有找到“总分”一行"
    if not block.rows:
        yield f"第 {header.top} 行的表头下没有指标行"
    if "name" not in fields:
        yield "没有找到“项目名称”"
    if not funds:
        yield "没有找到“全年预算数、全年执行数”，预算执行率无法核对"
