"""The new values of all formulas that a change concerns, computed without a spreadsheet."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from perfeval.books.dependencies import Place, Watchers
from perfeval.books.formulas import Array, Context, Node, Reference, Unsupported, broadcast, evaluate, parse, references
from perfeval.budget import CALCULATION, KEPT_RANGES
from perfeval.collecting import uncollected
from perfeval.forms.grid import Address, Area, Grid, Merges, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


_A_FORMULA = 80  # steps that a formula takes beside the cells that it reads: it is parsed, computed, and written


class Calculable(Protocol):
    """A book whose formulas can be computed. Its grids already show the changed cells."""

    @property
    def sheets(self) -> Sequence[str]: ...

    @property
    def formula_sheets(self) -> Sequence[str]:
        """The sheets that may hold formulas: others are read only if a formula refers to them."""
        ...

    @property
    def names(self) -> Mapping[str, str]: ...

    def grid(self, sheet: str) -> Grid: ...


@dataclass(frozen=True)
class Recalculation:
    """New values of formula cells; ``unknown`` ones could not be computed, their old values may be wrong."""

    values: dict[tuple[str, Address], Value]
    unknown: tuple[tuple[str, Address], ...]


def recalculate(book: Calculable, changed: Iterable[tuple[str, Address]] | None) -> Recalculation:
    """Compute every formula that is among the changed cells or depends on one; with None, every formula.

    A formula that may read anything (INDIRECT, NOW, an unknown name, syntax out of reach) depends on every change and
    is always unknown, and so is what reads it. Formulas that no change concerns are left out.
    """
    if changed is not None and not (changed := [Place(sheet, Address(*cell)) for sheet, cell in changed]):
        return Recalculation({}, ())
    with uncollected():
        workbook = _Workbook(book)
        concerned = set(workbook.formulas) if changed is None else workbook.dependents(changed)
        workbook.compute(concerned)
    values: dict[tuple[str, Address], Value] = {
        place: value for place, value in workbook.results.items() if place in concerned
    }
    return Recalculation(values, tuple(sorted(concerned & workbook.unknown)))


class _Precedents(NamedTuple):
    """The areas, with their sheets, that a formula reads; ``bounded`` False: perhaps others, too."""

    areas: tuple[tuple[str, Area], ...]
    bounded: bool


class _Waiting:
    """The cells of a sheet that are yet to be computed, column by column; those that are done are never met again."""

    def __init__(self, cells: Iterable[Address]) -> None:
        self._rows: dict[int, list[int]] = defaultdict(list)
        for row, column in sorted(cells):
            self._rows[column].append(row)
        self._columns = sorted(self._rows)
        # Of each row the place of a later one, or its own while it waits.
        self._next = {column: list(range(len(rows) + 1)) for column, rows in self._rows.items()}

    def parts(self, area: Area) -> list[tuple[int, int, int]]:
        """The columns with such cells in an area, each with the places at which they begin and end."""
        within = self._columns[bisect_left(self._columns, area.left) : bisect_left(self._columns, area.right + 1)]
        return [
            (
                column,
                bisect_left(self._rows[column], area.top),
                bisect_left(self._rows[column], area.bottom + 1),
            )
            for column in within
        ]

    def cells(self, column: int, place: int, end: int) -> Iterator[Address]:
        """Those of a part that wait, also while others of them are computed."""
        while (place := self._waiting_from(column, place)) < end:
            yield Address(self._rows[column][place], column)
            place += 1

    def passes(self, cell: Address) -> None:
        """A cell is done."""
        place = bisect_left(self._rows[cell.column], cell.row)
        self._next[cell.column][place] = place + 1

    def _waiting_from(self, column: int, place: int) -> int:
        """The first place from this one on that waits, or the end; the way there is shortened."""
        following, path = self._next[column], []
        while (later := following[place]) != place:
            path.append(place)
            place = later
        for passed in path:
            following[passed] = place
        return place


class _Workbook:
    """A book's formulas and what is computed of them; the ``Cells`` that evaluation reads."""

    def __init__(self, book: Calculable) -> None:
        self._book = book
        self._grids: dict[str, Grid] = {}
        self._spelling = {sheet.casefold(): sheet for sheet in book.sheets}
        self._names = {name.casefold(): text for name, text in book.names.items()}
        self._name_precedents: dict[str, _Precedents] = {}
        self._formula_precedents: dict[tuple[str, str], _Precedents] = {}
        self._used: dict[str, Area] = {}
        self._arrays: dict[tuple[str, Area], Array] = {}
        self._kept = 0
        self._steps = 0
        self._stale: set[Place] = set()
        self.results: dict[Place, Value] = {}
        self._results_on: dict[str, dict[tuple[int, int], Value]] = defaultdict(dict)  # the same, by sheet and cell
        self.unknown: set[Place] = set()
        self._endless: set[Place] = set()
        self.formulas: dict[Place, str] = {}
        self._array_areas: dict[Place, Area] = {}
        self._spread: dict[tuple[str, Area], Value | Array] = {}
        for sheet in book.formula_sheets:
            self._collect_formulas(sheet, self.grid(sheet))
        self._formula_cells = defaultdict(list)
        for place in self.formulas:
            self._formula_cells[place.sheet].append(place.cell)

    def _collect_formulas(self, sheet: str, grid: Grid) -> None:
        """Note every formula; each cell that an array formula fills has that formula."""
        arrays = Merges(grid.arrays)
        for address, cell in grid.cells.items():
            formula = cell.formula
            if grid.arrays and (area := arrays.covering(address)):
                formula = grid[area.top, area.left].formula
                self._array_areas[Place(sheet, address)] = area
            if formula is not None:
                self.formulas[Place(sheet, address)] = formula

    # --- what depends on what ---

    def dependents(self, changed: Iterable[Place]) -> set[Place]:
        """The formulas among the changed cells, those that depend on them, and those that depend on anything."""
        watchers = Watchers()
        unbounded = []
        for place in self.formulas:
            precedents = self._precedents_of(place)
            for sheet, area in precedents.areas:
                watchers.watch(sheet, area, place)
            if not precedents.bounded:
                unbounded.append(place)
        return {place for place in watchers.affected([*changed, *unbounded]) if place in self.formulas}

    def _precedents_of(self, place: Place) -> _Precedents:
        """What a formula cell reads."""
        key = self.formulas[place], place.sheet
        if key not in self._formula_precedents:
            self._formula_precedents[key] = self._precedents(*key)
        return self._formula_precedents[key]

    def _precedents(self, formula: str, sheet: str | None, inside: tuple[str, ...] = ()) -> _Precedents:
        """What a formula of a sheet reads, its defined names seen through; ``inside`` names that are being resolved."""
        try:
            mentioned = references(formula)
            areas = [self._placed(area, sheet) for area in mentioned.areas]
        except Unsupported:
            return _Precedents((), bounded=False)
        bounded = mentioned.bounded
        for name in mentioned.names:
            seen_through = self._precedents_of_name(name.casefold(), inside)
            areas += seen_through.areas
            bounded = bounded and seen_through.bounded
        return _Precedents(tuple(dict.fromkeys(areas)), bounded)

    def _precedents_of_name(self, name: str, inside: tuple[str, ...]) -> _Precedents:
        if name not in self._name_precedents:
            if name not in self._names or name in inside or len(inside) > 60:
                return _Precedents((), bounded=False)
            self._name_precedents[name] = self._precedents(self._names[name], None, (*inside, name))
        return self._name_precedents[name]

    def _placed(self, area: Reference, sheet: str | None) -> tuple[str, Area]:
        """An area with its sheet. In a name (no ``sheet`` of its own) a relative one depends on where it is used."""
        if sheet is None and (area.sheet is None or not area.absolute):
            raise Unsupported("名称里是相对引用")
        return sheet if sheet and area.sheet is None else self.sheet(area.sheet or ""), area.area

    # --- in which order to compute ---

    def compute(self, wanted: set[Place]) -> None:
        """Compute these formulas, each after the ones it reads. Formulas without a value are computed on the way."""
        self._stale = {
            *wanted,
            *(place for place in self.formulas if self.grid(place.sheet)[place.cell].value is None),
        }
        self._waiting = {
            sheet: _Waiting([cell for cell in cells if Place(sheet, cell) in self._stale])
            for sheet, cells in self._formula_cells.items()
        }
        for place in self.formulas:
            if place in wanted and not self._done(place):
                self._compute_from(place)

    def _done(self, place: Place) -> bool:
        return place in self.results or place in self.unknown

    def _compute_from(self, first: Place) -> None:
        """Depth first with a stack of our own: chains may be as long as a sheet.

        What stands in a circle or reads one is unknown, even if its IF would not get there: the entry does not matter.
        """
        under_way = {first}
        stack = [(first, self._stale_precedents(first))]
        while stack:
            place, waiting = stack[-1]
            try:
                needed = next((other for other in waiting if other in self._endless or not self._done(other)), None)
            except Unsupported:  # too many
                needed = place
            if needed is None:
                self._compute(place)
                under_way.discard(place)
                stack.pop()
            elif needed in under_way or needed in self._endless:
                self._endless |= under_way
                self.unknown |= under_way
                return
            else:
                under_way.add(needed)
                stack.append((needed, self._stale_precedents(needed)))

    def _stale_precedents(self, formula: Place) -> Iterator[Place]:
        """The formulas that one reads and that are yet to be computed anew. Raises Unsupported when they are too many."""
        for sheet, area in self._precedents_of(formula).areas:
            if area.top == area.bottom and area.left == area.right:
                if (other := Place(sheet, Address(area.top, area.left))) in self._stale:
                    yield other
            elif sheet in self._waiting:
                waiting = self._waiting[sheet]
                for column, place, end in waiting.parts(area):
                    self.spend(1 + end - place)
                    yield from (Place(sheet, cell) for cell in waiting.cells(column, place, end))

    def _compute(self, place: Place) -> None:
        try:
            value = self._evaluated(place)
        except Unsupported:
            self.unknown.add(place)
        else:
            self.results[place] = self._results_on[place.sheet][place.cell] = value
        self._waiting[place.sheet].passes(place.cell)

    def _evaluated(self, place: Place) -> Value:
        """The value of one cell: the first of an array, but in an array formula's area its own part of it."""
        formula = self.formulas[place]
        self.spend(_A_FORMULA + len(formula) // 4)
        node = parse(formula)
        if (area := self._array_areas.get(place)) is None:
            result = evaluate(node, Context(self, place.sheet, place.cell))
            return result[0][0] if isinstance(result, tuple) else result
        key = place.sheet, area
        if key not in self._spread:
            anchor = Address(area.top, area.left)
            self._spread[key] = evaluate(node, Context(self, place.sheet, anchor, arrays=True))
        result = self._spread[key]
        if not isinstance(result, tuple):
            return result
        return broadcast(result, place.cell.row - area.top, place.cell.column - area.left)

    # --- what evaluation reads (``Cells``) ---

    def sheet(self, name: str) -> str:
        if name.casefold() not in self._spelling:
            raise Unsupported(f"没有工作表“{name}”")
        return self._spelling[name.casefold()]

    def grid(self, sheet: str) -> Grid:
        if sheet not in self._grids:
            self._grids[sheet] = self._book.grid(sheet)
        return self._grids[sheet]

    def used(self, sheet: str) -> Area:
        if sheet not in self._used:
            grid = self.grid(sheet)
            self._used[sheet] = Area(1, 1, grid.bottom, grid.right)
        return self._used[sheet]

    def value(self, sheet: str, cell: Address) -> Value:
        grid = self.grid(sheet)
        if (found := grid.cells.get(cell)) is None:
            return None
        value = found.value
        if (found.formula is not None or grid.arrays) and (place := Place(sheet, cell)) in self.formulas:
            value = self._result(place, value)
        elif cell in grid.unclear:
            raise Unsupported("引用的单元格在文件里写得不全")
        return self._read(value)

    def _read(self, value: Value) -> Value:
        if isinstance(value, str):
            self.spend(len(value) // 256)  # a page of text is more than one step
        return value

    def _result(self, formula: Place, before: Value) -> Value:
        if formula not in self._stale:
            return before
        if formula not in self.results:
            raise Unsupported("引用的单元格无法计算")
        return self.results[formula]

    def array(self, sheet: str, area: Area) -> Array:
        if (sheet, area) in self._arrays:
            return self._arrays[sheet, area]
        cells, results = self.grid(sheet).cells, self._results_on[sheet]
        columns = range(area.left, area.right + 1)
        rows = tuple(
            tuple(
                self._read(results[row, column])
                if (row, column) in results
                else self.value(sheet, Address(row, column))
                if (row, column) in cells
                else None
                for column in columns
            )
            for row in range(area.top, area.bottom + 1)
        )
        # Everything that a formula reads is settled before it is computed, so an array stays as it is.
        self._kept += len(rows) * len(columns)
        if self._kept <= KEPT_RANGES:
            self._arrays[sheet, area] = rows
        return rows

    def name(self, text: str) -> Node:
        if not self._precedents_of_name(text.casefold(), ()).bounded:
            raise Unsupported(f"名称“{text}”无法确定")
        meaning = self._names[text.casefold()]
        self.spend(100 + len(meaning) // 4)
        return parse(meaning)

    def spend(self, steps: int) -> None:
        self._steps += steps
        if self._steps > CALCULATION.most:
            raise Unsupported(CALCULATION.in_words)
