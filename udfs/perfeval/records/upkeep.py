"""What of a workbook of ours is no longer as it was built, seen from its own formulas: cells that a hand has emptied, rows that it has
inserted, totals that leave rows out, forms that 汇总 does not know.

A formula that is missing is told by the other rows of its column, so it holds for every edition and every earlier version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from perfeval import formulatext
from perfeval.forms import beside, labels
from perfeval.forms.grid import Address, Book, Cell, Grid
from perfeval.forms.model import PROJECT, SCORING, Form, IndicatorRow
from perfeval.forms.references import absolute, areas, copied, pointed
from perfeval.records import names

SCORE = "得分"
TITLES = (*beside.HEADINGS, "达标")  # of the columns beside a form that compute
_FOR_ALL_ROWS = ("完成率", "达标")  # also of rows that share one 分值
_TARGET = re.compile(r'HYPERLINK\("#((?:[^"]|"")+)!')


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator's row that lacks formulas: its empty cells by what they are called, each with the formula that the other rows have;
    None where the row has no 一级指标, of which the formula would be."""

    indicator: IndicatorRow
    cells: Mapping[Address, tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell that holds a constant where the workbook had a formula."""

    cell: Address
    what: str


@dataclass(frozen=True, slots=True)
class Short:
    """A total whose formula leaves rows out: ``first`` to ``last`` are those that it has."""

    cell: Address
    what: str
    first: int
    last: int
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A row that stands under another label than the one that its formula names: sorted."""

    indicator: IndicatorRow
    cell: Address
    was: str


@dataclass(frozen=True)
class LiveForm:
    """A form with our formulas beside it. ``others`` are those of the workbook, itself among them, whose rows show the formulas."""

    grid: Grid
    form: Form
    others: Sequence[LiveForm]

    @cached_property
    def titles(self) -> Mapping[int, str]:
        """The columns that compute, by what stands over them: beside the form, and its 得分."""
        tops = {
            place.column: str(cell.value)
            for place, cell in self.grid.cells.items()
            if cell.value in TITLES and place.column > self.form.area.right and place.row == self.header
        }
        scores = {row.score.cell.column for row in self.form.rows if row.score.cell is not None}
        return tops | dict.fromkeys(scores, SCORE) if tops else {}

    @cached_property
    def header(self) -> int:
        """The row of the titles: over the first indicator that was there when the workbook was built."""
        first = self.form.rows[0].row
        rows = {place.row for place, cell in self.grid.cells.items() if cell.value in TITLES and place.row < first}
        return max(rows, default=0)

    def kind_cell(self, row: IndicatorRow) -> Address | None:
        """The label that gives a row its kind: its 二级指标, or its 一级指标; above the row where it has none of its own."""
        wanted = labels.key(row.kind)
        if not wanted or row.name.cell is None:
            return None
        for at in range(row.row, self.header, -1):
            for column in range(row.name.cell.column - 1, 0, -1):
                anchor = self.grid.anchor_of((at, column))
                if labels.key(str(self.grid[anchor].value or "")).startswith(wanted):
                    return anchor
        return None

    def lacking(self) -> Iterator[Row]:
        """The rows that lack formulas."""
        for group in self.form.groups():
            for row in group:
                cells = {
                    place: (title, self._formula(column, row))
                    for column, title in self.titles.items()
                    if (title in _FOR_ALL_ROWS or len(group) == 1)
                    for place in [self.grid.anchor_of((row.row, column))]
                    if place.row == row.row and _is_empty(self.grid[place]) and self._computes(column)
                }
                if cells:
                    yield Row(row, cells)

    def typed(self) -> Iterator[Typed]:
        """The cells that hold a constant where a formula belongs; a 得分 is a person's as well."""
        rows = {row.row for row in self.form.rows}
        for column, title in self.titles.items():
            for at in sorted(rows):
                if title != SCORE and _is_constant(self.grid[at, column]) and self._computes(column):
                    yield Typed(Address(at, column), title)
        for what, entry in (("分值合计", self.form.total_weight), ("总分", self.form.total_score)):
            if self.titles and entry.cell is not None and _is_constant(self.grid[entry.cell]):
                yield Typed(entry.cell, what)
        for funds in self.form.funds if self.titles else ():
            if funds.rate.cell is not None and _is_constant(self.grid[funds.rate.cell]):
                yield Typed(funds.rate.cell, "执行率")

    def short(self) -> Iterator[Short]:
        """The totals that leave rows out."""
        if not self.titles:
            return
        for what, entry, cells in (
            ("分值合计", self.form.total_weight, [row.weight.cell for row in self.form.rows]),
            ("总分", self.form.total_score, [row.score.cell for row in self.form.rows]),
        ):
            formula = self.grid[entry.cell].formula if entry.cell is not None else None
            wanted = dict.fromkeys(cell for cell in cells if cell is not None)
            if entry.cell is None or formula is None or not wanted:
                continue
            summed = list(areas(formula))
            inside = [cell.row for cell in wanted if any(cell in area for area in summed)]
            missing = tuple(cell.row for cell in wanted if cell.row not in inside)
            if inside and missing:
                yield Short(entry.cell, what, min(inside), max(self._bottom(at) for at in inside), missing)

    def moved(self) -> Iterator[Moved]:
        """The rows that stand under another label than the one that their first formula with a label names."""
        for row in self.form.rows:
            own, name = self.kind_cell(row), row.name.cell
            cells = (Address(row.row, column) for column in self.titles)
            cell = next((cell for cell in cells if "$" in (self.grid[cell].formula or "")), None)
            if own is None or name is None or cell is None:
                continue
            for label in absolute(self.grid[cell].formula or ""):
                was = str(self.grid[label].value or "")
                is_label = label.column < name.column and label.row > self.header
                if is_label and label != own and labels.key(was) != labels.key(row.kind):
                    yield Moved(row, cell, was)
                    break

    def _bottom(self, row: int) -> int:
        """The last row of what is merged with a row's 分值."""
        return max(self.grid.area_of((row, column)).bottom for column in (*self.titles, self.form.area.right))

    def _computes(self, column: int) -> bool:
        return (self.titles[column] == SCORE and self._computed is not None) or any(
            True for _ in self._patterns(column)
        )

    @cached_property
    def _computed(self) -> int | None:
        """The column of 测算得分, which a 得分 follows until a person gives one."""
        return next((column for column, title in self.titles.items() if title == beside.SCORE), None)

    def _formula(self, column: int, row: IndicatorRow) -> str | None:
        """The formula of the nearest row like this one, for this row; None where the row has no kind."""
        own = self.kind_cell(row)
        if own is None:
            return None
        if self.titles[column] == SCORE and self._computed is not None:
            return str(Address(row.row, self._computed))
        _, form, pattern, formula = min(
            self._patterns(column),
            key=lambda one: (
                one[0],
                (one[2].level1, one[2].level2) != (row.level1, row.level2),
                abs(one[2].row - row.row),
            ),
        )
        kind = form.kind_cell(pattern)
        return pointed(copied(formula, row.row - pattern.row), {kind: own} if kind else {})

    def _patterns(self, column: int) -> Iterator[tuple[bool, LiveForm, IndicatorRow, str]]:
        """The rows that stand alone and have a formula in a column; whether of another form."""
        title = self.titles[column]
        for other in self.others:
            if other.titles.get(column) != title:
                continue
            for group in other.form.groups():
                formula = other.grid[group[0].row, column].formula
                if len(group) == 1 and formula is not None and other.kind_cell(group[0]) is not None:
                    yield other is not self, other, group[0], formula


def live_forms(book: Book, forms: Sequence[Form]) -> list[LiveForm]:
    """Those of a workbook's forms that have our formulas beside them; none where the workbook is not ours."""
    if names.MEMORY not in book.sheets:
        return []
    found: list[LiveForm] = []
    for form in forms:
        if form.sheet not in book.sheets:  # of a report beside it
            continue
        live = LiveForm(book.grid(form.sheet), form, found)
        if form.kind != SCORING and form.rows and live.titles:
            found.append(live)
    return found


def _is_empty(cell: Cell) -> bool:
    return cell.formula is None and cell.value in (None, "")


def _is_constant(cell: Cell) -> bool:
    return cell.formula is None and cell.value not in (None, "")


# --- 汇总 ---


@dataclass(frozen=True)
class Overview:
    """汇总 as it stands: which row shows which form."""

    grid: Grid
    rows: Mapping[str, int]

    @classmethod
    def of(cls, book: Book, forms: Sequence[LiveForm]) -> Overview | None:
        """None where the workbook has none, or none of the forms is in it."""
        if names.SUMMARY not in book.sheets:
            return None
        grid = book.grid(names.SUMMARY)
        rows: dict[str, int] = {}
        of_forms = {one.form.sheet.casefold(): one.form.sheet for one in forms}
        for place, cell in grid.cells.items():
            for name in formulatext.sheets(cell.formula) if cell.formula is not None else ():
                if name in of_forms:
                    rows[of_forms[name]] = min(place.row, rows.get(of_forms[name], place.row))
        return cls(grid, rows) if rows else None

    @property
    def numbers(self) -> Mapping[int, float]:
        """The 序号 of its rows."""
        return {
            place.row: cell.value
            for place, cell in self.grid.cells.items()
            if place.column == 1 and isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
        }

    def unlisted(self, forms: Sequence[LiveForm]) -> list[LiveForm]:
        """The forms of projects that it does not show."""
        return [one for one in forms if one.form.kind == PROJECT and one.form.sheet not in self.rows]

    def stale_links(self) -> Iterator[tuple[Address, str, str]]:
        """The links that lead to another sheet than the one that their row shows: the cell, the name in the link, the sheet."""
        of_row = {row: sheet for sheet, row in self.rows.items()}
        for place, cell in sorted(self.grid.cells.items()):
            target = _TARGET.search(cell.formula or "")
            if target and place.row in of_row:
                named = target[1].replace('""', '"')
                named = named[1:-1].replace("''", "'") if named.startswith("'") else named
                if of_row[place.row].casefold() != named.casefold():
                    yield place, named, of_row[place.row]

    def typed(self) -> Iterator[Typed]:
        """The cells of a row that shows a form that hold a constant where other rows have a formula."""
        for sheet, row in self.rows.items():
            for column in range(2, self.grid.right + 1):
                others = any(self.grid[other, column].formula for name, other in self.rows.items() if name != sheet)
                if others and _is_constant(self.grid[row, column]):
                    yield Typed(Address(row, column), names.SUMMARY)
