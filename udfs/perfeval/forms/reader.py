"""Finds 自评表 on a grid by their labels: any column order, any province's wording, several on a sheet.

The indicator block's header row makes a form; everything else is looked for around it. What cannot be placed is named
in ``Form.problems``; no number is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeGuard

from perfeval.arithmetic import Scaled, exact
from perfeval.forms import labels
from perfeval.forms.grid import Address, Area, Cell, Grid, Value
from perfeval.forms.model import ABSENT, Entry, Form, FundRow, IndicatorRow
from perfeval.forms.records import TOTAL_FUNDS
from perfeval.quantities import plain

_BLANK_ROWS = 8  # so many empty rows end a block that has no total row
_TALL = 3  # a header cell over more rows than these is a block's label
_UNIT = re.compile(r"(?:单位|金额)?[:\s]*(万元|亿元|千元|元)")
_FORMAT_UNIT = re.compile(r'^[#,0.]+\s*(?:"([^"]+)"|\\?([一-鿿]))$')


def read_forms(grid: Grid) -> list[Form]:
    """Every project 自评表 on a sheet, top to bottom, left to right; an empty list if there is none."""
    forms: list[Form] = []
    for header in _headers(grid):
        top = max((form.area.bottom + 1 for form in forms if _overlap(form.area, header)), default=1)
        forms.append(_Reading(grid, header, top).form())
    return forms


@dataclass(frozen=True, slots=True)
class _Header:
    """The header row of an indicator block: where each column stands, and the form's width."""

    top: int
    bottom: int
    left: int
    right: int
    columns: dict[str, int]


def _overlap(area: Area, header: _Header) -> bool:
    return area.left <= header.right and header.left <= area.right and area.bottom < header.top


def _headers(grid: Grid) -> Iterator[_Header]:
    rows: dict[int, dict[int, str]] = {}
    lists: set[int] = set()  # rows with 项目名称 as a column: a table of several projects, no form
    for place, cell in sorted(grid.cells.items()):
        if isinstance(cell.value, str) and len(cell.value) < 60:
            concept = labels.column(cell.value)
            if concept is not None:
                rows.setdefault(place.row, {})[place.column] = concept
            elif labels.header(cell.value) == "name":
                lists.add(place.row)
    for row, found in rows.items():
        if row in lists:
            continue
        groups = list(_side_by_side(found))
        groups = [group for group in groups if _is_header(set(group.values()))]
        left = 1
        for place, group in enumerate(groups):
            following = min(groups[place + 1]) if place + 1 < len(groups) else None
            header = _header(grid, row, group, left, following)
            yield header
            left = header.right + 1


def _side_by_side(found: dict[int, str]) -> Iterator[dict[int, str]]:
    """The columns of one row, cut where the concepts begin anew."""
    group: dict[int, str] = {}
    for column, concept in sorted(found.items()):
        if concept in {"level1", "target"} and concept in group.values() and "actual" in group.values():
            yield group
            group = {}
        group[column] = concept
    yield group


def _is_header(concepts: set[str]) -> bool:
    return {"target", "actual"} <= concepts and bool(concepts & {"weight", "share", "score"})


def _header(grid: Grid, row: int, group: dict[int, str], left: int, following: int | None) -> _Header:
    columns: dict[str, int] = {}
    bottom, last = row, 0
    for column, concept in group.items():
        area = grid.area_of((row, column))
        if area.bottom - area.top >= _TALL:
            continue  # 绩效指标 down the left side names the block, not a column
        bottom = max(bottom, area.bottom)
        last = max(last, area.right)
        columns.setdefault(concept, column)
    bottom = max(bottom, _split_target(grid, row, columns))
    if "weight" not in columns and "share" in columns:
        columns["weight"] = columns["share"]
    right = max(last, grid.right) if following is None else _gap(grid, last, following)
    return _Header(row, bottom, left, right, columns)


def _gap(grid: Grid, last: int, following: int) -> int:
    """The last column of a form with another beside it: before the empty column between them, if there is one."""
    filled = {place.column for place, cell in grid.cells.items() if cell.value is not None}
    filled |= {column for area in grid.merges for column in range(area.left, min(area.right, following) + 1)}
    return next((column - 1 for column in range(last + 1, following) if column not in filled), last)


def _split_target(grid: Grid, row: int, columns: dict[str, int]) -> int:
    """A 指标值 header over 符号, 指标值 and 计量单位 in a second row; gives that row's number, or the first's."""
    area = grid.area_of((row, columns["target"]))
    if area.left == area.right:
        return row
    under = area.bottom + 1
    for column in range(area.left, area.right + 1):
        text = grid[under, column].value
        concept = labels.column(text) if isinstance(text, str) else None
        if concept in {"operator", "measure", "target"}:
            columns[concept] = column
    return under if "operator" in columns or "measure" in columns else row


class _Reading:
    """The reading of one form around its header row."""

    def __init__(self, grid: Grid, header: _Header, top: int) -> None:
        self.grid = grid
        self.header = header
        self.top = top
        self.problems: list[str] = []

    def form(self) -> Form:
        fields = self._fields()
        funds_row, funds = self._funds()
        last, weight, score = self._total()
        rows, points = self._rows(last)
        if not rows:
            self.problems.append(f"第 {self.header.top} 行的表头下没有指标行")
        if "name" not in fields:
            self.problems.append("没有找到“项目名称”")
        if not funds:
            self.problems.append("没有找到“全年预算数、全年执行数”，预算执行率无法核对")
        return Form(
            kind="project",
            sheet=self.grid.name,
            area=Area(self.top, self.header.left, last, self.header.right),
            title=self._title(),
            unit=self._unit(funds_row),
            name=fields.get("name", ABSENT),
            amount=fields.get("amount", ABSENT),
            department=fields.get("department", ABSENT),
            implementer=fields.get("implementer", ABSENT),
            goal=fields.get("goal", ABSENT),
            outcome=fields.get("outcome", ABSENT),
            funds=funds,
            rows=rows,
            level_points=points,
            total_weight=weight,
            total_score=score,
            problems=tuple(self.problems),
        )

    # --- cells ---

    def _texts(self, top: int, bottom: int) -> Iterator[tuple[Area, str]]:
        """The texts above the indicator block, within the form's columns, with their areas."""
        for row in range(top, bottom + 1):
            for column in range(self.header.left, self.header.right + 1):
                value = self.grid[row, column].value
                if isinstance(value, str) and value.strip():
                    yield self.grid.area_of((row, column)), value

    def _entry(self, row: int, column: int | None) -> Entry:
        if column is None:
            return ABSENT
        area = self.grid.area_of((row, column))
        return Entry(seen(self.grid[area.top, area.left]), Address(area.top, area.left))

    # --- above the indicators ---

    def _title(self) -> str:
        for _, text in self._texts(self.top, self.header.top - 1):
            if labels.key(text).endswith("表") or "自评" in text:
                return re.sub(r"\s+", "", text)
            if labels.header(text):
                break
        return ""

    def _fields(self) -> dict[str, Entry]:
        fields: dict[str, Entry] = {}
        for area, text in self._texts(self.top, self.header.top - 1):
            concept = labels.header(text)
            if concept is None or concept in fields:
                continue
            entry = self._below(area) if concept in {"goal", "outcome"} else self._right_of(area)
            if entry is not None:
                fields[concept] = entry
        return fields

    def _right_of(self, area: Area) -> Entry | None:
        """The field to the right of its label; None where another label or nothing stands."""
        if area.right >= self.header.right:
            return None
        entry = self._entry(area.top, area.right + 1)
        if isinstance(entry.value, str) and (labels.header(entry.value) or labels.funds(entry.value)):
            return None
        return entry

    def _below(self, area: Area) -> Entry | None:
        """The field under its label. A label of the block itself (年度目标) has further labels beside it, not under."""
        beside = self.grid.shown((area.top, area.right + 1)).value if area.right < self.header.right else None
        if area.bottom > area.top and isinstance(beside, str) and labels.header(beside):
            return None
        if area.bottom + 1 >= self.header.top:
            return None
        entry = self._entry(area.bottom + 1, area.left)
        if isinstance(entry.value, str) and (labels.header(entry.value) or labels.column(entry.value)):
            return None
        return entry

    def _funds(self) -> tuple[int, tuple[FundRow, ...]]:
        for row in range(self.header.top - 1, self.top - 1, -1):
            columns = self._fund_columns(row)
            if {"budget", "executed"} <= set(columns):
                return row, tuple(self._with_weight(row, funds) for funds in self._fund_rows(row, columns))
        return 0, ()

    def _with_weight(self, header_row: int, funds: FundRow) -> FundRow:
        """The weight of 预算执行率 where the form prints it in a label only: 得分（10分*执行率）."""
        if funds.weight.cell is not None or funds.source != TOTAL_FUNDS:
            return funds
        for column in range(self.header.left, self.header.right + 1):
            text = self.grid.shown((header_row, column)).value
            found = labels.points_in(text) if isinstance(text, str) else None
            if found:
                return replace(funds, weight=Entry(found))
        return funds

    def _fund_columns(self, row: int) -> dict[str, int]:
        columns: dict[str, int] = {}
        for column in range(self.header.left, self.header.right + 1):
            value = self.grid[row, column].value
            concept = labels.funds(value) if isinstance(value, str) else None
            if concept is not None:
                columns.setdefault(concept, column)
        return columns

    def _fund_rows(self, header_row: int, columns: dict[str, int]) -> Iterator[FundRow]:
        first_amount = min(columns.values())
        seen_sources = set()
        for row in range(header_row + 1, self.header.top):
            source = None
            for column in range(first_amount - 1, self.header.left - 1, -1):
                value = self.grid[row, column].value
                if isinstance(value, str) and value.strip():
                    source = labels.source(value)
                    break
            if source is None or source in seen_sources:
                continue
            seen_sources.add(source)
            yield FundRow(source, **{concept: self._entry(row, column) for concept, column in columns.items()})

    def _unit(self, funds_row: int) -> str:
        """元 or 万元, from the labels of the funds block, or from a note above the form; "" if none says."""
        bottom = self.header.top - 1
        for area, text in self._texts(self.top, bottom):
            labelled = "资金" in text or "预算" in text or "单位" in text or "执行" in text
            match = _UNIT.search(plain(text)) if labelled and len(text) < 40 else None
            if match and (area.top <= funds_row <= area.bottom or area.top > funds_row or "单位" in text):
                return match[1]
        return ""

    # --- the indicators ---

    def _total(self) -> tuple[int, Entry, Entry]:
        """The row of the total with its weight and score; the last row of the block where there is none."""
        columns = self.header.columns
        last_filled = self.header.bottom
        for row in range(self.header.bottom + 1, self.grid.bottom + 1):
            if self._is_another_header(row):
                break
            texts = [self.grid[row, column].value for column in range(self.header.left, self.header.right + 1)]
            if any(isinstance(text, str) and labels.is_total(text) for text in texts):
                return row, *self._total_entries(row, columns)
            if any(text not in (None, "") for text in texts):
                last_filled = row
            elif row - last_filled > _BLANK_ROWS:
                break
        self.problems.append("没有找到“总分”一行")
        return last_filled, ABSENT, ABSENT

    def _total_entries(self, row: int, columns: dict[str, int]) -> tuple[Entry, Entry]:
        weight, score = (self._entry(row, columns.get(concept)) for concept in ("weight", "score"))
        for entry in (weight, score):
            if isinstance(entry.value, str) and labels.is_total(entry.value):
                return ABSENT, ABSENT
        if weight.cell is not None and weight.cell == score.cell:
            return ABSENT, score
        return weight, score

    def _is_another_header(self, row: int) -> bool:
        found = set()
        for column in range(self.header.left, self.header.right + 1):
            value = self.grid[row, column].value
            if isinstance(value, str):
                found.add(labels.column(value))
                if labels.header(value) == "name":
                    return True
        return _is_header(found - {None})  # type: ignore[arg-type]

    def _rows(self, last: int) -> tuple[tuple[IndicatorRow, ...], tuple[tuple[str, str], ...]]:
        rows: list[IndicatorRow] = []
        points: dict[str, str] = {}
        level1 = level2 = ""
        end = last if self._is_total_row(last) else last + 1
        for row in range(self.header.bottom + 1, end):
            first, second = self._level(row, "level1"), self._level(row, "level2")
            if first.text:
                named = re.sub(r"\s+", "", labels.key(first.text))
                level2 = level2 if named == level1 else ""
                level1 = named
                found = labels.points_in(first.text)
                if found:
                    points[level1] = found
            if second.text and second.cell != first.cell:
                level2 = re.sub(r"\s+", "", labels.key(second.text))
            read = self._row(row, level1, level2)
            if read is not None:
                rows.append(read)
        return tuple(rows), tuple(points.items())

    def _is_total_row(self, row: int) -> bool:
        return any(
            isinstance(value := self.grid[row, column].value, str) and labels.is_total(value)
            for column in range(self.header.left, self.header.right + 1)
        )

    def _level(self, row: int, concept: str) -> Entry:
        return self._entry(row, self.header.columns.get(concept))

    def _row(self, row: int, level1: str, level2: str) -> IndicatorRow | None:
        columns = self.header.columns
        name = self._entry(row, columns.get("level3") or columns.get("level2") or columns.get("level1"))
        entries = {
            concept: self._entry(row, columns.get(concept)) for concept in ("target", "actual", "weight", "score")
        }
        own = [name, *entries.values()]
        if not any(entry.text for entry in own) or all(entry.cell is None or entry.cell.row < row for entry in own):
            return None  # an empty row, or the lower part of rows merged throughout
        parts = None
        if "operator" in columns or "measure" in columns:
            parts = (
                self._entry(row, columns.get("operator")),
                entries["target"],
                self._entry(row, columns.get("measure")),
            )
            entries["target"] = Entry(_joined(*parts), entries["target"].cell)
            entries["actual"] = Entry(_with_unit(entries["actual"].value, parts[2].text), entries["actual"].cell)
        in_level_cell = name.cell is not None and name.cell == self._level(row, "level1").cell
        if in_level_cell:
            name = Entry("", None)
        return IndicatorRow(
            row, level1, level2, name, **entries, reason=self._entry(row, columns.get("reason")), target_parts=parts
        )


def seen(cell: Cell) -> Value:
    """What a person sees: a number formatted as a percentage or with a unit is that text."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if "%" in cell.format:
        number = exact(value)
        return f"{Scaled(number.units * 100, number.places)}%"
    match = _FORMAT_UNIT.match(cell.format)
    return f"{exact(value)}{match[1] or match[2]}" if match else value


def _joined(operator: Entry, number: Entry, measure: Entry) -> Value:
    """≥ | 95 | % → ``≥95%``. A qualitative value stands alone, as do texts that already carry their sign or unit."""
    if number.value is None or not number.text:
        return None
    text = (
        number.text if isinstance(number.value, str) else str(exact(number.value)) if _is_number(number.value) else ""
    )
    if not text:
        return number.value
    if not re.fullmatch(r"[-+]?[\d,.]+(?:\s*(?:[-~]+|至)\s*[\d,.]+)?", plain(text)):
        return text
    sign = operator.text if _is_sign(operator.text) else ""
    return f"{sign}{text}{measure.text if measure.text not in {'无', '/', '—'} else ''}"


def _is_sign(text: str) -> bool:
    return bool(re.fullmatch(r"[<>=≥≤]{1,2}", plain(text)))


def _with_unit(value: Value, unit: str) -> Value:
    """A bare number beside the row's own 计量单位 column is in that unit."""
    text = str(exact(value)) if _is_number(value) else value
    if isinstance(text, str) and unit and unit not in {"无", "/", "—"} and re.fullmatch(r"[-+]?[\d,.]+", plain(text)):
        return f"{text.strip()}{unit}"
    return value


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
