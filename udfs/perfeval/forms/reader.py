"""Reads the 自评表 and 评分表 of a sheet by their labels: any column order, any province's wording, several on a sheet.

A block of indicators (``forms.blocks``) makes a form; everything else is looked for around it. What a form is (of a
project, a transfer, a whole body, or points alone) is seen from its title and its head, and decides where its fields
stand, not what is read. What cannot be placed is named in ``Form.problems``; no number is guessed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from perfeval.digits import whole
from perfeval.forms import labels
from perfeval.forms.amount_tables import AmountTable, read_tables
from perfeval.forms.blocks import Header, headers, read_block
from perfeval.forms.fundsblock import read_funds
from perfeval.forms.grid import MAX_COLUMN, Address, Area, Grid
from perfeval.forms.grid_text import Page, page_of
from perfeval.forms.head import concept_of, read_fields
from perfeval.forms.headings import headings_of, year_of
from perfeval.forms.listing import is_list, read_list
from perfeval.forms.model import (
    ABSENT,
    BODY,
    OF_ONE,
    PROJECT,
    SCORING,
    TRANSFER,
    Entry,
    Form,
    FundRow,
    IndicatorBlock,
)
from perfeval.forms.statements import read_management, read_remarks
from perfeval.forms.taskblock import TaskBlock, read_tasks
from perfeval.quantities import points

_ABOVE = 40  # rows above a header in which the form begins
_BELOW = 4  # rows under the total, and columns beside the form, in which the grade may stand
_TITLE_ROWS = 6  # rows above 项目名称 in which the title stands
_LONGEST_TITLE = 40
_YEAR = re.compile(r"(20\d\d)(?:年度?)?")
_FIELDS = ("name", "body", "amount", "central", "department", "implementer", "goal", "outcome")
CONTINUED = "这是续表：分值合计和总分没有与前一张表合起来核对"
NO_TOTAL = "没有找到“总分”一行"
_TOTAL_ABOVE = labels.TOTALS - {"合计", "总计"}


def read_forms(grid: Grid) -> list[Form]:
    """Every 自评表 of a project or a transfer on a sheet, top to bottom, left to right; an empty list if there is none."""
    return [form for form in read_sheet(grid) if form.kind in OF_ONE]


def read_sheet(grid: Grid) -> tuple[Form, ...]:
    """Every form on a sheet, whatever its kind; read once, however often it is asked for."""
    return page_of(grid).once(_forms)


def _forms(page: Page) -> tuple[Form, ...]:
    return tuple(form for reading in _readings(page) for form in reading.forms())


def _readings(page: Page) -> list[_Reading]:
    """The forms of a page, each with its blocks: a header without a title or a name above it goes on with the form over it."""
    is_data = bool(labels.other(page.grid.name))
    found = [header for header in headers(page) if not (is_data and is_list(header))]  # import sheets list projects too
    begun: list[_Reading] = []
    read_to: dict[int, tuple[int, _Reading]] = {}  # column → the last row that was read there, and by what
    for header in found:
        columns = range(header.left, header.right + 1)
        above = max(
            (read_to[column] for column in columns if column in read_to), key=lambda read: read[0], default=None
        )
        last, over = above if above else (0, None)
        if header.top <= last:
            continue  # the header of a block already read, repeated on its next page
        repeated = {other.top: other for other in found if other.top > header.top and _overlap(header, other)}
        if is_list(header):
            reading = _ListReading(page, header, last, repeated)
            begun.append(reading)
        elif over is not None and not isinstance(over, _ListReading) and not _begins_anew(page, header, last):
            over.add(header, repeated)
            reading = over
        else:
            reading = _Reading(page, header, last, repeated)
            begun.append(reading)
        read_to |= dict.fromkeys(columns, (reading.bottom, reading))
    begun += _of_money_alone(page, begun)
    return sorted(begun, key=lambda reading: reading.top)


def _of_money_alone(page: Page, begun: Sequence[_Reading]) -> Iterator[_Reading]:
    """Forms that print no indicators: a title, and the money under it."""
    titles = [row for row in page.rows() if any(_is_title(text) for _, text in page.texts(row, 1, MAX_COLUMN))]
    ends = sorted({*titles, page.bottom + 1, *(reading.header.top for reading in begun)})
    for row in titles:
        if any(reading.top <= row <= reading.bottom for reading in begun):
            continue
        end = ends[bisect_right(ends, row)]
        reading = _Reading(page, Header(end, end, 1, page.grid.right, {}), row - 1, {})
        if reading.funds():
            yield reading


def _overlap(one: Header, other: Header) -> bool:
    return one.left <= other.right and other.left <= one.right


def _begins_anew(page: Page, header: Header, last: int) -> bool:
    """Whether a title or a name stands between the last row of a form and a header below it."""
    for row in range(last + 1, header.top):
        for _, text in page.texts(row, header.left, header.right):
            if concept_of(text) == "name" or labels.key(text) in labels.BODY or _is_title(text):
                return True
    return False


@lru_cache(maxsize=4096)
def _is_title(text: str) -> bool:
    bare = re.sub(r"\s+", "", text)
    return any(labels.is_title(bare, kind) for kind in ("form", "scoring", "targets")) and not labels.is_continued(bare)


class _Reading:
    """The reading of one form around its first header; ``above`` is the last row of the form over it."""

    def __init__(self, page: Page, header: Header, above: int, repeated: Mapping[int, Header]) -> None:
        self.page = page
        self.header = header
        self.named = self._row_of_name(max(above + 1, header.top - _ABOVE))
        self.top = self._top(above)
        self.title = self._title()
        self.blocks: list[IndicatorBlock] = []
        if header.columns:
            self.add(header, repeated)

    def add(self, header: Header, repeated: Mapping[int, Header]) -> None:
        """A block more."""
        self.blocks.append(read_block(self.page, header, repeated, self.title))

    @property
    def bottom(self) -> int:
        """The last row of the form."""
        return self.blocks[-1].area.bottom if self.blocks else self.header.top - 1

    def funds(self) -> tuple[FundRow, ...]:
        """The money above the indicators."""
        return self._funds()[1]

    def _funds(self, taken: Container[int] = ()) -> tuple[int, tuple[FundRow, ...]]:
        """The row and the rows of the money: above the indicators, or among them."""
        row, funds = read_funds(self.page, self.header, self.top, taken)
        block = next((block for block in self.blocks if block.money), None)
        if funds or block is None:
            return row, funds
        return read_funds(self.page, replace(self.header, top=block.area.bottom + 1), block.money)

    def forms(self) -> Iterator[Form]:
        """The forms that the reading makes: one, or none."""
        form = self.form()
        if form is not None:
            yield form

    def form(self) -> Form | None:
        """The whole form, with what could not be placed; None for a table of targets, or a standard, that states no results, and
        for one that calls itself something else: 监控表."""
        if labels.other(self.title) == "监控表":
            return None
        columns = [block.columns.keys() for block in self.blocks]
        is_scoring = bool(columns) and not any({"target", "actual"} <= concepts for concepts in columns)
        states_results = any(not concepts.isdisjoint({"actual", "score"}) for concepts in columns)
        if is_scoring and not states_results and not labels.is_title(self.title, "scoring"):
            return None
        is_whole = labels.is_whole_body(self.title) or (self.named is None and self._names_body())
        tasks, tables = self._money() if is_whole else (TaskBlock(), ())
        funds_row, funds = self._funds(tasks.taken)
        others = [table for table in tables if not table.area.top <= funds_row <= table.area.bottom]
        fields = read_fields(self.page, self.header, self.top, [*tasks.areas, *(table.area for table in others)])
        if is_whole:
            fields["body"] = fields.get("body") or fields.pop("implementer", ABSENT)
        total_weight, total_score = self._total()
        unit = self._unit(funds_row)
        left, right = self.header.left, self.header.right
        return Form(
            kind=SCORING if is_scoring else BODY if is_whole else TRANSFER if self._is_transfer() else PROJECT,
            sheet=self.page.grid.name,
            area=Area(
                self.top,
                self.header.left,
                self.bottom,
                max([self.header.right, *(block.area.right for block in self.blocks)]),
            ),
            title=self.title,
            year=self._year(fields) or year_of(headings_of(self.page)),
            unit=unit,
            amount_unit=next(
                (own for _, text in self._texts() if concept_of(text) == "amount" and (own := labels.unit(text))), unit
            ),
            **{name: fields.get(name, ABSENT) for name in _FIELDS},
            funds=funds,
            blocks=tuple(self.blocks),
            total_weight=total_weight,
            total_score=total_score,
            grade=self._grade(),
            tasks=tasks,
            amounts=tables,
            management=read_management(self.page, Area(self.top, left, self.header.top - 1, right)),
            remarks=read_remarks(
                self.page, Area(self.blocks[-1].area.top if self.blocks else self.top, left, self.bottom, right)
            ),
            problems=tuple(_problems(self, fields, funds, total_score, is_whole=is_whole, is_scoring=is_scoring)),
        )

    def _texts(self) -> Iterator[tuple[Area, str]]:
        """The texts above the first block, within the form's columns, with their areas."""
        for row in range(self.top, self.header.top):
            yield from self.page.texts(row, self.header.left, self.header.right)

    def _row_of_name(self, top: int) -> int | None:
        """The row of the nearest 项目名称 above the header."""
        for row in range(self.header.top - 1, top - 1, -1):
            for _, text in self.page.texts(row, self.header.left, self.header.right):
                if concept_of(text) == "name":
                    return row
        return None

    def _top(self, above: int) -> int:
        """The form's first row: a few above its name; without a name that of the nearest title, or as far up as one may be."""
        if self.named is not None:
            return max(above + 1, self.named - _TITLE_ROWS)
        first = max(above + 1, self.header.top - _ABOVE)
        for row in range(self.header.top - 1, first - 1, -1):
            if any(_is_title(text) for _, text in self.page.texts(row, self.header.left, self.header.right)):
                return row
        return first

    def _title(self) -> str:
        """The line nearest above 项目名称 that is a title or ends in 表, otherwise one that speaks of 自评."""
        lines = [
            re.sub(r"\s+", "", text)
            for area, text in self._texts()
            if area.top < (self.named or self.header.top) and labels.header(text) is None
        ]
        lines.reverse()
        tables = (line for line in lines if labels.key(line).endswith("表") or labels.is_title(line))
        spoken = (line for line in lines if "自评" in line and len(line) < _LONGEST_TITLE)
        return next(tables, next(spoken, ""))

    def _names_body(self) -> bool:
        return any(labels.key(text) in labels.BODY for _, text in self._texts())

    def _is_transfer(self) -> bool:
        if labels.is_transfer(self.title):
            return True
        return any(concept_of(text) == "name" and labels.is_transfer(text) for _, text in self._texts())

    def _money(self) -> tuple[TaskBlock, tuple[AmountTable, ...]]:
        """The tasks of a whole body, and its tables of amounts, between title and indicators."""
        head = range(self.top + 1, self.header.top)
        tables = tuple(table for table in read_tables(self.page.grid) if table.area.top in head)
        return read_tasks(self.page, head), tables

    def _year(self, fields: Mapping[str, Entry]) -> int | None:
        """The year that a field of the head states."""
        match = _YEAR.fullmatch(fields.get("year", ABSENT).text)
        return whole(match[1]) if match else None

    def _total(self) -> tuple[Entry, Entry]:
        """The total's weight and score: of the last block that prints one, or over the table."""
        block = next((block for block in reversed(self.blocks) if block.total_score.cell), None)
        block = block or next(reversed(self.blocks), None)
        weight, score = (block.total_weight, block.total_score) if block else (ABSENT, ABSENT)
        if len(self.blocks) > 1 and not _sums_all(self.blocks, score):
            weight = ABSENT
        return weight, score if score.text else next(self._totals_above(), score)

    def _totals_above(self) -> Iterator[Entry]:
        """A total that stands over the table: 自评总分 | 96.5, or 自评总分：96.5分 in one cell."""
        for area, text in self._texts():
            place = Address(area.top, area.left)
            entries = [Entry(value, place) for label, value in labels.pairs(text) if labels.key(label) in _TOTAL_ABOVE]
            if labels.is_total(text) and labels.key(text) in _TOTAL_ABOVE:
                entries.append(self.page.entry(area.top, area.right + 1))
            yield from (entry for entry in entries if points(entry.value) is not None)

    def _grade(self) -> Entry:
        """The grade that the form prints, beside its label: under the rows, or anywhere on the form."""
        under = next((block.grade for block in reversed(self.blocks) if block.grade.cell), None)
        if under is not None:
            return under
        for row in range(self.top, self.bottom + _BELOW + 1):
            for area, text in self.page.texts(row, self.header.left, self.header.right + _BELOW):
                if labels.is_grade(text):
                    return self.page.entry(area.top, area.right + 1)
                for label, value in labels.pairs(text):
                    if labels.is_grade(label):
                        return Entry(value, Address(area.top, area.left))
        return ABSENT

    def _unit(self, funds_row: int) -> str:
        """元 or 万元, from a label of the funds block, otherwise from a note on the form; "" if none says."""
        texts = [*self._texts(), *self.page.texts(funds_row, self.header.left, self.header.right)]
        units = [
            (area, unit)
            for area, text in texts
            if (unit := labels.unit(text)) and (not funds_row or concept_of(text) != "amount")
        ]
        own = (unit for area, unit in units if area.top <= funds_row <= area.bottom)
        return next(own, units[0][1] if units else "")


class _ListReading(_Reading):
    """The reading of a list of projects (``forms.listing``): what stands over it belongs to each of them."""

    def __init__(self, page: Page, header: Header, above: int, repeated: Mapping[int, Header]) -> None:
        super().__init__(page, replace(header, columns={}), above, {})
        pages = {row: other for row, other in repeated.items() if header.is_continued_by(other)}
        ends = [row for row in repeated if row not in pages]
        self.projects = read_list(page, header, pages, min([*ends, page.bottom + 1]))

    @property
    def bottom(self) -> int:
        """The last row of the last project."""
        return self.projects[-1].bottom if self.projects else self.header.bottom

    def forms(self) -> Iterator[Form]:
        """A form a project."""
        over = self.form()
        if over is None:
            return
        body = over.body if over.kind == BODY and not over.implementer.text else over.implementer
        top = self.top
        for listed in self.projects:
            yield replace(
                over,
                kind=TRANSFER if over.kind == TRANSFER else PROJECT,
                area=Area(top, self.header.left, listed.bottom, self.header.right),
                **{"implementer": body, **listed.fields},
                name=listed.name,
                unit=listed.unit or over.unit,
                funds=listed.funds,
                blocks=(listed.block,),
                total_weight=listed.block.total_weight,
                total_score=listed.total if listed.total.cell else listed.block.total_score,
                problems=tuple(listed.block.problems),
            )
            top = listed.bottom + 1


def _sums_all(blocks: Sequence[IndicatorBlock], score: Entry) -> bool:
    """Whether a total stands under the last of several blocks, and so is of them all."""
    return score.cell is not None and score.cell == blocks[-1].total_score.cell


def _problems(
    reading: _Reading,
    fields: Mapping[str, Entry],
    funds: Sequence[FundRow],
    total: Entry,
    *,
    is_whole: bool,
    is_scoring: bool,
) -> Iterator[str]:
    """What a form of its kind prints and this one does not, or not where it was looked for."""
    if labels.is_continued(reading.title):
        yield CONTINUED
        return
    rows = [row for block in reading.blocks for row in block.rows]
    has_points = any("score" in block.columns for block in reading.blocks)
    if has_points and total.cell is None and total.value is None:
        yield "没有找到总分，请在指标下补上“综合评分”或“总分”一行" if is_scoring else NO_TOTAL
    if reading.blocks and not rows:
        yield f"第 {reading.header.top} 行的表头下没有指标行"
    if is_scoring:
        for row in rows:
            if row.weight.cell and not row.weight.text:
                yield f"第 {row.row} 行的指标“{row.name.text}”没有分值"
    elif not is_whole:
        if "name" not in fields:
            yield "没有找到“项目名称”"
        if not funds:
            yield "没有找到“全年预算数、全年执行数”，预算执行率无法核对"
    for block in reading.blocks:
        yield from block.problems
