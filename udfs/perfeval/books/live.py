"""A workbook that is open in a spreadsheet program, through xlwings: its sheets as grids, and edits written into them.

Reading a property cell by cell would cost a call to the program for each; a block that shares one answer is asked once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from perfeval.books.cell_values import Style
from perfeval.books.file import Applied, Change
from perfeval.books.refusals import refuse_untouchable
from perfeval.errors import CELL_ERRORS, CellError, EditRefused, FormProblem, Place
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import EMPTY, Address, Area, Cell, Grid, Value

if TYPE_CHECKING:
    import xlwings as xw

MAX_CELLS = 2_000_000  # of one sheet: more is a stray format far below the data
_TEXT_FORMAT = "@"
_VISIBLE, _VERY_HIDDEN = (True, -1), 2  # xlwings hands over True, False or the program's own number
_FIRST_DAY = datetime(1899, 12, 30)


class LiveBook:
    """An open workbook. Edits show at once; the program recalculates what depends on them.

    ``tell`` is told in Chinese which sheet is being written, of how many.
    """

    def __init__(self, book: xw.Book, tell: Callable[[str], None] = lambda _: None) -> None:
        self._book, self._tell = book, tell
        self._sheets = tuple(sheet.name for sheet in book.sheets)  # each name is a call to the program
        self._grids: dict[str, Grid] = {}

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the worksheets, in tab order, as they were at the beginning."""
        return self._sheets

    @property
    def user_sheets(self) -> tuple[str, ...]:
        """The worksheets that a user can see or unhide; the very hidden ones are a program's own."""
        return tuple(sheet.name for sheet in self._book.sheets if sheet.visible != _VERY_HIDDEN)

    @property
    def names(self) -> Mapping[str, str]:
        """Workbook-level defined names → what they refer to, without the leading "="."""
        return {
            name.name: (name.refers_to or "").removeprefix("=") for name in self._book.names if "!" not in name.name
        }

    def grid(self, sheet: str) -> Grid:
        """One sheet as it stands, read once; it sees the edits applied since. Raises FormProblem if it is too large."""
        if sheet not in self._grids:
            self._grids[sheet] = _read(self._book.sheets[sheet])
        return self._grids[sheet]

    def reading(self, sheets: Sequence[str]) -> Iterator[str]:
        """Read these sheets one by one; each is said before it is read."""
        for sheet in sheets:
            yield f"读取“{sheet}”（{self.sheets.index(sheet) + 1}/{len(self.sheets)}）"
            self.grid(sheet)

    def apply(self, edits: Sequence[Edit]) -> Applied:
        """Write edits into the open workbook. Raises EditRefused before anything changes."""
        changes = [change for edit in edits if (change := self._change(edit))]
        twice = {(c.sheet, c.cell) for c in changes}
        if len(twice) < len(changes):
            raise ValueError("two edits of one cell")
        sheets = list(dict.fromkeys(change.sheet for change in changes))
        with self._book.app.properties(screen_updating=False, calculation="manual"):
            for number, sheet in enumerate(sheets, start=1):
                self._tell(f"填写“{sheet}”（{number}/{len(sheets)}）")
                for change in changes:
                    if change.sheet == sheet:
                        _write(self._range(sheet, change.cell), change.after)
                del self._grids[sheet]
        return Applied(changed=tuple(changes))

    def _change(self, edit: Edit) -> Change | None:
        """What an edit does to its cell; None if the cell already holds it."""
        grid = self.grid(edit.sheet)
        before = grid[edit.cell]
        after = _edited(before, edit.content)
        if _same(before, after):
            return None
        refuse_untouchable(grid, edit.cell, before)
        if before.formula is not None and self._range(edit.sheet, edit.cell).has_array:
            raise EditRefused(edit.sheet, str(edit.cell), "属于数组公式，不能单独改动；请整体修改")
        return Change(edit.sheet, edit.cell, before, after)

    def _range(self, sheet: str, cell: Address) -> xw.Range:
        return self._book.sheets[sheet].range((cell.row, cell.column))


def _same(before: Cell, after: Cell) -> bool:
    """Whether a cell holds it already; the value of a formula is the program's own concern."""
    if before.formula is not None or after.formula is not None:
        return before.formula == after.formula
    return before.value == after.value and isinstance(before.value, bool) == isinstance(after.value, bool)


def _edited(before: Cell, content: Value | Formula) -> Cell:
    if isinstance(content, Formula):
        return Cell(None, before.format, content.text, before.locked)
    return Cell(None if content == "" else content, before.format, None, before.locked)


def _write(place: xw.Range, cell: Cell) -> None:
    formula = str(cell.value) if isinstance(cell.value, CellError) else cell.formula
    if formula is not None:
        if cell.format == _TEXT_FORMAT:
            place.number_format = "General"  # a text cell would show the formula's text
        place.formula = f"={formula}"
    elif isinstance(cell.value, str) and cell.format != _TEXT_FORMAT:
        place.value = f"'{cell.value}"  # the program's own mark for text: "=1+1", "1-2" and "007" stay what they are
    elif cell.value is None:
        place.merge_area.clear_contents()  # Excel refuses a part of a merged area
    else:
        place.value = cell.value


# --- reading -----------------------------------------------------------------------------------------------------


def _read(sheet: xw.Sheet) -> Grid:
    used = sheet.used_range.last_cell
    whole = Area(1, 1, used.row, used.column)
    if used.row * used.column > MAX_CELLS:
        raise FormProblem(
            f"用到了第 {used.row} 行第 {used.column} 列，太大；请删除下方和右侧的空白行列", Place(sheet=sheet.name)
        )

    def block(area: Area) -> xw.Range:
        return sheet.range((area.top, area.left), (area.bottom, area.right))

    protected = _native(sheet, "ProtectContents") is True
    formats = _spread(whole, lambda area: block(area).number_format)
    locks = _spread(whole, lambda area: _native(block(area), "Locked")) if protected else {}
    values = _table(block(whole).options(ndim=2, err_to_str=True).value)
    formulas = _table(block(whole).formula)
    cells = {}
    for place in whole.addresses():
        format_, locked = formats.get(place) or "General", locks.get(place) is not False
        value = values[place.row - 1][place.column - 1]
        if isinstance(value, Decimal):  # a currency format cuts to four decimals; only the program's own value is whole
            value = block(Area(*place, *place)).api.Value2
        text = formulas[place.row - 1][place.column - 1]
        is_formula = isinstance(text, str) and text.startswith("=") and text != value
        cell = Cell(_value(value, format_, is_formula), format_, text[1:] if is_formula else None, locked)
        if cell != EMPTY:
            cells[place] = cell
    return Grid(
        sheet.name,
        cells,
        tuple(_merges(whole, block)),
        hidden_columns=_hidden(range(1, whole.right + 1), lambda a, b: block(Area(1, a, 1, b)).columns.hidden),
        hidden_rows=_hidden(range(1, whole.bottom + 1), lambda a, b: block(Area(a, 1, b, 1)).rows.hidden),
        protected=protected,
        visible=sheet.visible in _VISIBLE,
    )


def _native(thing: Any, name: str) -> Any:
    """A property that xlwings does not have, from the program's own object; None where it has none either."""
    return getattr(thing.api, name, None)


def _table(values: Any) -> Sequence[Sequence[Any]]:
    """Rows, also where xlwings hands a single cell over bare."""
    return values if isinstance(values, (list, tuple)) else ((values,),)


def _value(value: Any, number_format: str, is_formula: bool) -> Value:
    """A value as a file's reader gives it: dates by what their format shows, errors typed."""
    if isinstance(value, datetime):
        return _moment(value, number_format)
    if isinstance(value, str) and value in CELL_ERRORS:
        return CELL_ERRORS[value]
    return "" if value is None and is_formula else value


def _moment(value: datetime, number_format: str) -> datetime | date | time | float:
    shown = Style(number_format, locked=True).temporal
    if not shown:  # an elapsed time, which the program hands over as a moment of its first day
        return (value - _FIRST_DAY) / timedelta(days=1)
    if value < _FIRST_DAY + timedelta(days=1):
        return value.time()
    return value.date() if value.time() == time() and shown == "date" else value


def _halves(area: Area) -> tuple[Area, Area]:
    top, left, bottom, right = area
    if bottom - top >= right - left:
        middle = (top + bottom) // 2
        return Area(top, left, middle, right), Area(middle + 1, left, bottom, right)
    middle = (left + right) // 2
    return Area(top, left, bottom, middle), Area(top, middle + 1, bottom, right)


def _uniform(area: Area, ask: Callable[[Area], Any]) -> Iterator[tuple[Area, Any]]:
    """Blocks that share one answer, with it: the program answers None for a block whose cells differ."""
    waiting = [area]
    while waiting:
        block = waiting.pop()
        answer = ask(block)
        if answer is None and (block.top, block.left) != (block.bottom, block.right):
            waiting.extend(_halves(block))
        else:
            yield block, answer


def _spread(area: Area, ask: Callable[[Area], Any]) -> dict[Address, Any]:
    return {place: answer for block, answer in _uniform(area, ask) for place in block.addresses()}


def _merges(area: Area, block: Callable[[Area], xw.Range]) -> Iterator[Area]:
    """The merged areas: only blocks that hold one are looked into."""
    found: set[Area] = set()
    waiting = [area]
    while waiting:
        part = waiting.pop()
        if block(part).merge_cells is False:
            continue
        merged = block(Area(part.top, part.left, part.top, part.left)).merge_area
        (rows, columns), place = merged.shape, Area(merged.row, merged.column, merged.row, merged.column)
        whole = Area(place.top, place.left, place.top + rows - 1, place.left + columns - 1)
        if rows * columns > 1 and whole not in found:
            found.add(whole)
            yield whole
        if not (part[:2] in whole and part[2:] in whole):
            waiting.extend(_halves(part))


def _hidden(numbers: range, ask: Callable[[int, int], bool | None]) -> frozenset[int]:
    line = Area(numbers.start, 1, numbers.stop - 1, 1)
    blocks = _uniform(line, lambda area: ask(area.top, area.bottom))
    return frozenset(n for block, hidden in blocks if hidden for n in range(block.top, block.bottom + 1))
