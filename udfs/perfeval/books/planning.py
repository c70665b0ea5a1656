"""From edits to patches: which edits are refused, which change nothing, and what changes with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from perfeval.books.cell_values import Scalar, Style, formula_text, moment, scalar
from perfeval.books.refusals import refuse_untouchable
from perfeval.books.sheetpatch import KEEP, Patch, as_value, styles_for
from perfeval.books.sheetread import Shared
from perfeval.books.xmltext import XmlText
from perfeval.errors import EditRefused, InvalidValue
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import MAX_COLUMN, MAX_ROW, Address, Area, Cell, Grid, Value

Place = tuple[str, Address]


class Book(Protocol):
    """What planning reads of a book."""

    @property
    def sheets(self) -> Sequence[str]: ...
    @property
    def formula_sheets(self) -> Sequence[str]: ...
    @property
    def names(self) -> Mapping[str, str]: ...
    @property
    def shared(self) -> Shared: ...
    def grid(self, sheet: str) -> Grid: ...
    def xml(self, sheet: str) -> XmlText: ...
    def groups(self, sheet: str) -> Mapping[Address, Sequence[Address]]: ...
    def table_headers(self, sheet: str) -> Sequence[Area]: ...


@dataclass(slots=True)
class Plan:
    """The patches of a list of edits, and what they do: (before, after) of the cells that edits change, and of the
    formulas whose cached value changes with them."""

    patches: dict[Place, Patch] = field(default_factory=dict)
    changed: dict[Place, tuple[Cell, Cell]] = field(default_factory=dict)
    recalculated: dict[Place, tuple[Cell, Cell]] = field(default_factory=dict)
    unknown: tuple[Place, ...] = ()
    caches_dropped: bool = False

    @property
    def formulas_come_or_go(self) -> bool:
        """Whether a cell gains or loses a formula: then the calculation chain no longer fits."""
        return any((before.formula is None) != (after.formula is None) for before, after in self.changed.values())


def plan(book: Book, edits: Sequence[Edit]) -> Plan:
    """The patches that apply the edits. Raises EditRefused for the first edit that cannot be applied."""
    planned, restated = Plan(), []
    for sheet, sheet_edits in _by_sheet(book, edits).items():
        restated += _plan_sheet(book, sheet, sheet_edits, planned)
    if restated:
        planned.changed |= _stale(book, planned, restated)
    if planned.changed:
        _plan_caches(book, planned)
    return planned


def settling(book: Book, formulas: Iterable[Place]) -> Plan:
    """The patches that make formulas the values that they show: whole arrays too, and behind a protection, as what anybody sees stays."""
    planned = Plan()
    for sheet, place in formulas:
        cell = book.grid(sheet)[place]
        planned.patches[sheet, place] = as_value(cell)
        planned.changed[sheet, place] = cell, cell._replace(formula=None)
    return planned


def _by_sheet(book: Book, edits: Iterable[Edit]) -> dict[str, dict[Address, Edit]]:
    found: dict[str, dict[Address, Edit]] = defaultdict(dict)
    for edit in edits:
        place = Address(*edit.cell)
        if edit.sheet not in book.sheets:
            raise EditRefused(edit.sheet, str(place), "没有这个工作表；请核对工作表名")
        if not (1 <= place.row <= MAX_ROW and 1 <= place.column <= MAX_COLUMN):
            raise EditRefused(edit.sheet, f"第 {place.row} 行第 {place.column} 列", "超出工作表范围；请核对位置")
        if place in found[edit.sheet]:
            raise EditRefused(edit.sheet, str(place), "同一单元格有两处修改；请只保留一处")
        found[edit.sheet][place] = edit
    return found


def _plan_sheet(book: Book, sheet: str, edits: Mapping[Address, Edit], planned: Plan) -> list[Place]:
    """Plan the edits of one sheet, all but the cached values; gives the formulas that are restated as they are."""
    restated = []
    grid = book.grid(sheet)
    base_1904 = book.shared.base_1904
    headers = book.table_headers(sheet)
    absent = [place for place in edits if place not in grid.cells]
    new = {place: book.shared.styles[index] for place, index in styles_for(book.xml(sheet), absent).items()}
    groups = book.groups(sheet)
    for place, edit in edits.items():
        before = grid[place] if place not in new else Cell(format=new[place].format, locked=new[place].locked)
        if any(place in header for header in headers):
            raise EditRefused(sheet, str(place), "是表格（超级表）的标题，改动会使工作簿损坏；请在表格软件里修改")
        refuse_untouchable(grid, place, before)
        try:
            patch = _patch(edit.content, base_1904)
        except InvalidValue as problem:
            raise EditRefused(sheet, str(place), str(problem)) from problem
        if patch.formula is not None and patch.formula == before.formula:
            restated.append((sheet, place))
            continue
        if patch.formula == before.formula and _holds(before, patch.value, base_1904):
            continue
        after = before._replace(formula=patch.formula, value=_shown(patch.value, before, base_1904))
        planned.patches[sheet, place] = patch
        planned.changed[sheet, place] = before, after
    for place in [place for changed_sheet, place in planned.changed if changed_sheet == sheet]:
        for other in groups.get(place, ()):  # the rest of a shared formula gets texts of its own
            planned.patches.setdefault((sheet, other), Patch(grid[other].formula, KEEP))
    return restated


def _patch(content: Value | Formula, base_1904: bool) -> Patch:
    if isinstance(content, Formula):
        return Patch(formula_text(content.text), None)
    return Patch(None, scalar(content, base_1904))


def _stored(value: Value, base_1904: bool) -> Scalar:
    """A formula's value as the file stores it: unlike a constant it may be the empty text."""
    return "" if value == "" else scalar(value, base_1904)


def _holds(cell: Cell, stored: object, base_1904: bool) -> bool:
    """Whether a cell's value is this stored one, of the same type."""
    try:
        held = _stored(cell.value, base_1904)
    except InvalidValue:  # a stranger's file may hold what could not be written
        return False
    return held == stored and isinstance(held, bool) == isinstance(stored, bool)


def _shown(value: object, cell: Cell, base_1904: bool) -> Value:
    """A stored value as reading gives it back."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return moment(value, Style(cell.format, cell.locked), base_1904)
    return value  # type: ignore[return-value]


# --- caches of formulas ---


class _Draft:
    """The book as it will be, for the recalculation."""

    def __init__(self, book: Book, changed: Mapping[Place, tuple[Cell, Cell]]) -> None:
        self.sheets = book.sheets
        self.names = book.names
        self._book = book
        self._cells: dict[str, dict[Address, Cell]] = defaultdict(dict)
        for (sheet, place), (_, after) in changed.items():
            self._cells[sheet][place] = after
        given = {sheet for (sheet, _), (_, after) in changed.items() if after.formula is not None}
        self.formula_sheets = [*book.formula_sheets, *given.difference(book.formula_sheets)]

    def grid(self, sheet: str) -> Grid:
        grid = self._book.grid(sheet)
        return replace(grid, cells={**grid.cells, **self._cells[sheet]}) if sheet in self._cells else grid


def _recalculated(book: Book, planned: Plan, places: Iterable[Place]) -> tuple[dict[Place, Scalar], set[Place]]:
    """The formulas that changes of these cells concern: the values that they can store, and those without one."""
    from perfeval.books.recalculation import recalculate  # noqa: PLC0415  (brings every function: not for reading)

    result = recalculate(_Draft(book, planned.changed), places)
    values: dict[Place, Scalar] = {}
    unknown = set(result.unknown)
    for place, value in result.values.items():
        try:
            stored = _stored(value, book.shared.base_1904)
        except InvalidValue:
            stored = None
        if stored is None:
            unknown.add(place)
        else:
            values[place] = stored
    return values, unknown


def _stale(book: Book, planned: Plan, restated: Sequence[Place]) -> dict[Place, tuple[Cell, Cell]]:
    """Formulas that are restated as they are, but whose cached value is not what they give."""
    values, _ = _recalculated(book, planned, restated)
    cells = {place: book.grid(place[0])[place[1]] for place in restated if place in values}
    base_1904 = book.shared.base_1904
    return {place: (cell, cell) for place, cell in cells.items() if not _holds(cell, values[place], base_1904)}


def _plan_caches(book: Book, planned: Plan) -> None:
    """Add the new cached values of the formulas that the changes concern."""
    base_1904 = book.shared.base_1904
    values, unknown = _recalculated(book, planned, planned.changed)
    for place, stored in values.items():
        before, after = _current(book, planned, place)
        if not _holds(after, stored, base_1904):
            _patch_cache(planned, place, stored, before, after._replace(value=_shown(stored, after, base_1904)))
    for place in sorted(unknown):
        _drop_cache(book, planned, place)
    planned.unknown = tuple(sorted(unknown))


def _drop_cache(book: Book, planned: Plan, place: Place) -> None:
    before, after = _current(book, planned, place)
    if after.value is not None:
        _patch_cache(planned, place, None, before, after._replace(value=None))
        planned.caches_dropped = True
    elif place in planned.changed:
        planned.caches_dropped = True


def _current(book: Book, planned: Plan, place: Place) -> tuple[Cell, Cell]:
    """A cell before the edits, and after them."""
    if place in planned.changed:
        return planned.changed[place]
    cell = book.grid(place[0])[place[1]]
    return cell, cell


def _patch_cache(planned: Plan, place: Place, stored: Scalar, before: Cell, after: Cell) -> None:
    formula = planned.patches[place].formula if place in planned.patches else KEEP
    planned.patches[place] = Patch(formula, stored)
    (planned.changed if place in planned.changed else planned.recalculated)[place] = before, after
