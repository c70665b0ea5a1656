"""The rows of a block of amounts: their words, live sums or what was given, and a check of each row beside the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfeval import formulatext
from perfeval.arithmetic import Scaled, add, exact, ratio, rounded, subtract
from perfeval.forms.edits import Formula
from perfeval.forms.grid import Address, Value
from perfeval.forms.values import same
from perfeval.workbook.canvas import AMOUNT, BOXED, COMPUTED, HELP_HEADER, HINT, INPUT, LEFT, LINE, PERCENT, TEXT, Style
from perfeval.workbook.tables import model
from perfeval.workbook.tables.layout import sums
from perfeval.workbook.tables.layout.paper import Paper
from perfeval.workbook.tables.layout.standing import Standing
from perfeval.workbook.tables.layout.sums import Sum
from perfeval.workbook.tables.layout.totals import rules
from perfeval.workbook.tables.model import Column
from perfeval.workbook.tables.placing import Placed
from perfeval.workbook.textsize import lines

_RIGHT: Style = {"align": "right"}
_ROOM = "_ "  # behind a number, before the cell's border
_WHOLE: Style = {"num_format": f"#,##0{_ROOM}"}
_CHECKED = "核对（不打印）"  # above the header: in it, it would be one of the table's columns
_UNCODED = "没有编码，未计入合计；"
_NOTHING = "—"
_NUMBER = "应是数；没有的留空，或填“—”。"
_LOWEST = 20  # points of a row
_RATE = 4  # decimals of a share: 75.71%


def lay_out(paper: Paper, blocks: Sequence[Standing], rows: range) -> None:
    """Write the rows of blocks that stand beside one another, on these rows of the sheet."""
    tallest = dict.fromkeys(rows, 1)
    for standing in blocks:
        for row in set(rows) - set(standing.places):  # the other block is longer
            for column in standing.printed:
                paper.canvas.put(str(standing.area(row, column)), None, BOXED)
        for place, row in enumerate(standing.places):
            tallest[row] = max(tallest[row], _names(paper, standing, place))
            _figures(paper, standing, place, blocks)
        _whole_numbers(paper, standing)
    for row, count in tallest.items():
        paper.canvas.height(row, max(_LOWEST, LINE * count + 5))


def check(paper: Paper, blocks: Sequence[Standing], above: int) -> None:
    """Write beside each row what its totals are off by; ``above`` is the row of the check's own header."""
    paper.canvas.put(str(Address(above, paper.check)), _CHECKED, HELP_HEADER)
    said: dict[int, list[str]] = {}
    for standing in blocks:
        for place, row in enumerate(standing.places):
            found = sums.check(rules(standing, place, blocks, paper.words.text), paper.table.unit, paper.table.decimals)
            said.setdefault(row, []).extend([*([found.text] if found else ()), *_uncoded(standing, place)])
    for row, parts in said.items():
        if parts:
            paper.canvas.put(str(Address(row, paper.check)), Formula("&".join(parts)), HINT)


# --- words ---


def _names(paper: Paper, standing: Standing, place: int) -> int:
    """The words of a row: its printed label, or cells for a person to name it. Gives how many lines they take."""
    one, row, count = standing.rows[place], standing.places[place], 1
    columns = standing.texts
    for number, column in enumerate(columns[:1] if one.row.wide else columns):
        first = number == 0
        if first and one.year:
            continue  # one name for all its years
        area = standing.area(row, column, bottom=row + len(one.row.years) - 1 if first else row)
        if one.row.wide:
            area = standing.across(row, columns)
        label, given = _label(one, number), one.line.get(column.key)
        own = bool(label) and ("{" not in label or given in (None, paper.words.text(label)))
        paper.canvas.put(str(area), paper.words.live(label) if own else given, _style(standing, one, number))
        shown = paper.words.text(label) if own else given
        count = max(count, lines(shown, paper.width(area) - 2 * one.row.level))
    if one.row.code:
        _code(paper, standing, place)
    return count


def _label(one: Placed, number: int) -> str:
    """What the table itself prints in a column of words."""
    if number == 0:
        return one.row.label
    return one.row.years[one.year] if one.row.years and number == 1 else ""


def _style(standing: Standing, one: Placed, number: int) -> Style:
    row, lined = one.row, any(other.lines for other in standing.block.rows)
    if number == 0 and row.label:
        return {**BOXED, **LEFT, "indent": 1 + 2 * row.level, "bold": bool(row.sum or row.heading)}
    if number == 0:
        return {**(INPUT if row.open and not one.is_line else BOXED), **LEFT}
    if row.heading or (row.years and number == 1) or (lined and not one.is_line):
        return BOXED
    return {**INPUT, **LEFT, **TEXT}


def _code(paper: Paper, standing: Standing, place: int) -> None:
    """The cell of a row's code, with what it should be; the code itself where its column stands beside the table."""
    one = standing.rows[place]
    assert one.row.code
    column = standing.column(one.row.code.column)
    cell = str(standing.at(place, column))
    if column.help:
        paper.canvas.put(cell, one.line.get(column.key), {**INPUT, **TEXT})
    if column.message:
        paper.canvas.advise(cell, title=column.label, message=column.message)


# --- figures ---


def _figures(paper: Paper, standing: Standing, place: int, blocks: Sequence[Standing]) -> None:
    found = list(rules(standing, place, blocks, paper.words.text))
    live = {rule.total: rule.sum for rule in reversed(found) if rule.live}  # the first of a cell counts
    for column in standing.printed:
        if column.kind == model.AMOUNT:
            _amount(paper, standing, place, column, live.get(standing.at(place, column)))
        elif column.kind == model.PERCENT:
            _share(paper, standing, place, column)


def _amount(paper: Paper, standing: Standing, place: int, column: Column, found: Sum | None) -> None:
    """An amount: the live sum, unless what was given is not that sum; then what was given."""
    one = standing.rows[place]
    cell = str(standing.area(standing.places[place], column))
    if not standing.holds(place, column):
        paper.canvas.put(cell, _NOTHING if column.key in one.row.none else None, BOXED)
        return
    value = one.line.get(column.key)
    live = found is not None and _is_sum(standing, found, value)
    computed = live and (not one.row.code or value is not None)  # a line yet to be coded may be anything
    style = {**(COMPUTED if computed else INPUT), **_right(AMOUNT[paper.table.unit])}
    paper.canvas.put(cell, found.formula if found and live else value, style)
    if not live:
        paper.canvas.numbers(cell, title=column.label, message=_NUMBER)


def _right(style: Style) -> Style:
    """A number's style, set to the right with a little room."""
    return {**_RIGHT, "num_format": f"{style['num_format']}{_ROOM}"}


def _is_sum(standing: Standing, found: Sum, value: Value) -> bool:
    """Whether a live sum may stand for what was given: nothing was, or exactly the sum of what its parts were given."""
    if not isinstance(value, int | float):
        return True
    parts, less = (_known(standing, cells) for cells in (found.cells, found.less))
    return bool(parts or less) and same(subtract(add(parts), add(less)), exact(value))


def _known(standing: Standing, cells: Sequence[Address]) -> list[Scaled]:
    return [standing.values[cell] for cell in cells if cell in standing.values]


def _share(paper: Paper, standing: Standing, place: int, column: Column) -> None:
    """A percentage of the total, live unless another was given."""
    of, total = column.of
    part = standing.at(place, standing.column(of))
    (whole,) = (standing.at(row, standing.column(of)) for row in standing.of_keys([total]))
    value = standing.rows[place].line.get(column.key)
    formula = Formula(f'IF(OR(COUNT({part},{whole})<2,{whole}=0),"",ROUND({part}/{whole},{_RATE}))')
    known = _known(standing, [part, whole])
    agrees = value is None or (len(known) == 2 and known[1].units and _rate(*known) == value)
    paper.canvas.put(str(standing.at(place, column)), formula if agrees else value, {**COMPUTED, **_right(PERCENT)})


def _rate(part: Scaled, whole: Scaled) -> float:
    return float(rounded(exact(ratio(part, whole)), _RATE))


def _whole_numbers(paper: Paper, standing: Standing) -> None:
    """Where the table prints whole amounts, a whole one shows no decimals."""
    if paper.table.decimals or paper.table.unit == "元":
        return
    for column in standing.amounts:
        cells = standing.down(range(len(standing.rows)), column)
        first = Address(*cells[:2])
        paper.canvas.when(str(cells), f"AND(ISNUMBER({first}),{first}=INT({first}))", _WHOLE)


def _uncoded(standing: Standing, place: int) -> Iterator[str]:
    """What is said of a line that has an amount and no code."""
    code = standing.rows[place].row.code
    if code:
        amounts = ",".join(str(standing.at(place, column)) for column in standing.amounts)
        cell = standing.at(place, standing.column(code.column))
        yield f'IF(AND({cell}="",COUNT({amounts})>0),{formulatext.text(_UNCODED)},"")'
