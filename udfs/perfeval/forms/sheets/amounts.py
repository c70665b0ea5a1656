"""Blocks of amounts on a sheet: header, rows, live sums, and a check of each row outside the printed area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from perfeval.arithmetic import Scaled, add, exact, ratio, rounded, subtract
from perfeval.forms.edits import Formula
from perfeval.forms.grid import Address, Area, Value
from perfeval.forms.sheets import sums
from perfeval.forms.sheets.canvas import (
    AMOUNT,
    BOXED,
    COMPUTED,
    HEADER,
    HELP_HEADER,
    HINT,
    INPUT,
    LEFT,
    LINE,
    PERCENT,
    TEXT,
    Canvas,
    Style,
    lines,
)
from perfeval.forms.sheets.placement import Standing, rules, texts
from perfeval.forms.sheets.sums import Rule, Sum
from perfeval.forms.sheets.words import Words
from perfeval.forms.tables import model, placing
from perfeval.forms.tables.model import Amounts, Column, Row, Table
from perfeval.forms.tables.placing import Line, Placed
from perfeval.forms.values import same

_RIGHT: Style = {"align": "right", "indent": 1}
_WHOLE: Style = {"num_format": "#,##0"}
_CHECKED = "核对（不打印）"  # above the header: in it, it would be one of the table's columns
_NOTHING = "—"
_HEIGHT = 20
_HEADER_HEIGHT = 24
_NUMBER = "应是数；没有的留空，或填“—”。"


@dataclass(frozen=True, slots=True)
class Below:
    """Where blocks of amounts end: the last row of the header, and the last row."""

    header: int
    row: int


@dataclass(frozen=True, slots=True)
class Paper:
    """What all blocks of a sheet share: the table, the words, the widths of the sheet's columns, the column of checks."""

    canvas: Canvas
    table: Table
    words: Words
    widths: Mapping[int, float]
    check: int


def lay_out(paper: Paper, blocks: Sequence[Amounts], given: Sequence[Sequence[Line]], top: int) -> Below:
    """Lay blocks out beside one another from row ``top`` on, with the given lines, or blank where there are none."""
    placed = [
        placing.placed(block, lines) if lines else placing.blank(block)
        for block, lines in zip(blocks, given, strict=True)
    ]
    placed = [list(_with_codes(block, rows)) for block, rows in zip(blocks, placed, strict=True)]
    header = _header_rows(blocks)
    first = top + header + any(block.numbers for block in blocks)
    body = max(sum(not one.row.foot for one in rows) for rows in placed)
    foot = max(sum(one.row.foot for one in rows) for rows in placed)
    standing = [
        Standing(block, tuple(rows), tuple(_places(rows, first, body, foot)), _columns(block, left, paper.check - 1))
        for (block, rows), left in zip(zip(blocks, placed, strict=True), _lefts(blocks), strict=True)
    ]
    last = first + body + foot - 1
    for one in standing:
        _header(paper, one, top, header)
        _numbers(paper, one, first - 1)
        _down(paper, one, top, last)
        _rows(paper, one, standing, range(first, last + 1))
    _checks(paper, standing, range(first, last + 1), top - 1)
    return Below(first - 1, last)


def widths(blocks: Sequence[Amounts]) -> dict[int, float]:
    """The widths of the sheet's columns, for blocks that state them."""
    return {
        left + number: column.width
        for block, left in zip(blocks, _lefts(blocks), strict=True)
        for number, column in enumerate(column for column in block.columns if not column.help)
    }


def helps(blocks: Sequence[Amounts]) -> list[Column]:
    """The columns outside the printed area."""
    return [column for block in blocks for column in block.columns if column.help]


# --- places ---


def _with_codes(block: Amounts, rows: Sequence[Placed]) -> Iterator[Placed]:
    """The rows, those without a code with the code that their names are known by."""
    coded = [one for one in rows if one.row.code and one.line]
    found: dict[int, str] = {}
    for one in coded[:1]:
        assert one.row.code
        codes = placing.coded(one.row.code, [str(other.line.get(block.columns[0].key) or "") for other in coded])
        found = {id(other): code for other, code in zip(coded, codes, strict=True) if code}
    for one in rows:
        code = found.get(id(one))
        if code and one.row.code and not one.line.get(one.row.code.column):
            yield Placed(one.row, {**one.line, one.row.code.column: code}, one.group, one.year)
        else:
            yield one


def _header_rows(blocks: Sequence[Amounts]) -> int:
    return 1 + any(block.side for block in blocks) + any(column.over for block in blocks for column in block.columns)


def _lefts(blocks: Sequence[Amounts]) -> Iterator[int]:
    """The first column of each block's own columns."""
    left = 1
    for block in blocks:
        yield left + bool(block.down)
        left += bool(block.down) + sum(column.span for column in block.columns if not column.help)


def _columns(block: Amounts, left: int, help_column: int) -> dict[str, int]:
    places = {}
    for column in block.columns:
        places[column.key] = help_column if column.help else left
        left += 0 if column.help else column.span
    return places


def _places(rows: Sequence[Placed], first: int, body: int, foot: int) -> Iterator[int]:
    """The sheet's row of each: those at the foot end with the longest block."""
    above = sum(not one.row.foot for one in rows)
    feet = len(rows) - above
    for number in range(len(rows)):
        yield first + number if number < above else first + body + foot - feet + number - above


def _area(standing: Standing, column: Column, top: int, bottom: int) -> str:
    left = standing.columns[column.key]
    return str(Area(top, left, bottom, left + column.span - 1))


# --- header ---


def _header(paper: Paper, standing: Standing, top: int, rows: int) -> None:
    block, canvas = standing.block, paper.canvas
    printed = [column for column in block.columns if not column.help]
    last = top + rows - 1
    first = top
    if block.side:
        left, right = (standing.columns[column.key] for column in (printed[0], printed[-1]))
        canvas.put(str(Area(top, left, top, right)), block.side, HEADER)
        first += 1
    for over, same_over in groupby(printed, lambda column: column.over):
        columns = list(same_over)
        if over:
            wide = Area(
                first, standing.columns[columns[0].key], first, standing.columns[columns[-1].key] + columns[-1].span - 1
            )
            canvas.put(str(wide), over, HEADER)
        for column in columns:
            label = paper.words.live(column.label)
            canvas.put(_area(standing, column, first + bool(over), last), label, HEADER)
    for row in range(top, last + 1):
        canvas.height(row, _HEADER_HEIGHT)
    tallest = max(lines(paper.words.text(column.label), _width(paper, standing, column)) for column in printed)
    canvas.height(last, max(_HEADER_HEIGHT, LINE * tallest + 6))
    for column in block.columns:
        if column.help:
            canvas.put(str(Address(top - 1, standing.columns[column.key])), column.label, HELP_HEADER)


def _width(paper: Paper, standing: Standing, column: Column) -> float:
    left = standing.columns[column.key]
    return sum(paper.widths.get(left + number, 10) for number in range(column.span))


def _numbers(paper: Paper, standing: Standing, row: int) -> None:
    if not standing.block.numbers:
        return
    paper.canvas.put(str(Address(row, standing.columns[standing.name.key])), standing.block.numbers, BOXED)
    for number, column in enumerate(standing.amounts, start=1):
        paper.canvas.put(str(Address(row, standing.columns[column.key])), number, BOXED)
    paper.canvas.height(row, _HEIGHT)


def _down(paper: Paper, standing: Standing, top: int, last: int) -> None:
    if standing.block.down:
        left = standing.columns[standing.name.key] - 1
        paper.canvas.put(str(Area(top, left, last, left)), standing.block.down, BOXED)


# --- rows ---


def _rows(paper: Paper, standing: Standing, beside: Sequence[Standing], rows: range) -> None:
    for row in set(rows) - set(standing.places):  # the other block is longer
        for column in standing.block.columns:
            if not column.help:
                paper.canvas.put(_area(standing, column, row, row), None, BOXED)
    for place, one in enumerate(standing.rows):
        _names(paper, standing, place, one)
        live = {rule.total: rule for rule in reversed([*_rules(paper, standing, place, beside)]) if rule.live}
        for column in standing.block.columns:
            if column.kind == model.AMOUNT:
                _amount(paper, standing, place, column, live.get(standing.at(place, column)))
            elif column.kind == model.PERCENT:
                _share(paper, standing, place, column)
    _whole_numbers(paper, standing)


def _rules(paper: Paper, standing: Standing, place: int, beside: Sequence[Standing]) -> Iterator[Rule]:
    return rules(standing, place, beside, paper.words.text)


def _names(paper: Paper, standing: Standing, place: int, one: Placed) -> None:
    """The words of a row: its printed label, or cells for a person to name it."""
    row, sheet_row = one.row, standing.places[place]
    columns = texts(standing.block)
    tallest = 1
    for number, column in enumerate(columns):
        area, style = _area(standing, column, sheet_row, sheet_row), _name_style(standing, one, number)
        text = one.line.get(column.key)
        if row.wide and number:
            continue
        if row.wide:
            right = standing.columns[columns[-1].key] + columns[-1].span - 1
            area = str(Area(sheet_row, standing.columns[column.key], sheet_row, right))
        if row.years and number == 0:
            if one.year:
                continue
            area = _area(standing, column, sheet_row, sheet_row + len(row.years) - 1)
        label = row.label if number == 0 else row.years[one.year] if row.years and number == 1 else ""
        content = paper.words.live(label) if label and text in (None, paper.words.text(label)) else text
        paper.canvas.put(area, content if content is not None else label, style)
        shown = paper.words.text(label) if isinstance(content, Formula) else content
        tallest = max(tallest, lines(shown, _width(paper, standing, column) - 2 * row.level))
    for column in standing.block.columns:
        if column.help and row.code and column.key == row.code.column:
            cell = str(standing.at(place, column))
            paper.canvas.put(cell, one.line.get(column.key), {**INPUT, **TEXT})
    if row.code:
        _hint_codes(paper, standing, place, row)
    paper.canvas.height(sheet_row, max(_HEIGHT, LINE * tallest + 5))


def _name_style(standing: Standing, one: Placed, number: int) -> Style:
    row, lined = one.row, any(other.lines for other in standing.block.rows)
    if number == 0:
        if row.label:
            return {**BOXED, **LEFT, "indent": 1 + 2 * row.level, "bold": bool(row.sum or row.heading)}
        return {**(BOXED if one.is_line else INPUT), **LEFT}
    if (row.years and number == 1) or (lined and not one.is_line):
        return BOXED
    return {**INPUT, **LEFT, **TEXT}


def _hint_codes(paper: Paper, standing: Standing, place: int, row: Row) -> None:
    assert row.code
    column = standing.column(row.code.column)
    if column.message:
        hint = {"validate": "any", "input_title": column.label, "input_message": column.message}
        paper.canvas.sheet.data_validation(str(standing.at(place, column)), hint)


def _amount(paper: Paper, standing: Standing, place: int, column: Column, rule: Rule | None) -> None:
    """An amount: the live sum, unless what was given is not that sum; then what was given."""
    one = standing.rows[place]
    area = _area(standing, column, standing.places[place], standing.places[place])
    if not standing.holds(place, column):
        paper.canvas.put(area, _NOTHING if column.key in one.row.none else None, BOXED)
        return
    value = one.line.get(column.key)
    number = AMOUNT[paper.table.unit]
    live = rule is not None and _is_sum(standing, rule.sum, value)
    written = rule.sum.formula if rule and live else value
    computed = live and (not one.row.code or value is not None)
    paper.canvas.put(area, written, {**(COMPUTED if computed else INPUT), **number, **_RIGHT})
    if not live:
        paper.canvas.numbers(area, title=column.label, message=_NUMBER)


def _is_sum(standing: Standing, found: Sum, value: Value) -> bool:
    """Whether a live sum may stand for what was given: nothing was, or exactly the sum of what its parts were given."""
    if not isinstance(value, int | float):
        return True
    parts, less = (_given(standing, cells) for cells in (found.cells, found.less))
    return bool(parts or less) and same(subtract(add(parts), add(less)), exact(value))


def _given(standing: Standing, cells: Sequence[Address]) -> list[Scaled]:
    held = {
        standing.at(place, column): one.line.get(column.key)
        for place, one in enumerate(standing.rows)
        for column in standing.amounts
    }
    return [exact(value) for cell in cells if isinstance(value := held.get(cell), int | float)]


def _share(paper: Paper, standing: Standing, place: int, column: Column) -> None:
    """A percentage of the total, live unless another was given."""
    of, total = column.of
    part = standing.at(place, standing.column(of))
    (whole,) = (standing.at(row, standing.column(of)) for row in standing.of_keys([total]))
    value = standing.rows[place].line.get(column.key)
    formula = Formula(f'IF(OR(COUNT({part},{whole})<2,{whole}=0),"",ROUND({part}/{whole},4))')
    parts = _given(standing, [part]), _given(standing, [whole])
    agrees = value is None or (all(parts) and _rate(parts[0][0], parts[1][0]) == value)
    paper.canvas.put(str(standing.at(place, column)), formula if agrees else value, {**COMPUTED, **PERCENT, **_RIGHT})


def _rate(part: Scaled, whole: Scaled) -> float:
    return float(rounded(exact(ratio(part, whole)), 4)) if whole.units else 0.0


def _whole_numbers(paper: Paper, standing: Standing) -> None:
    """Where the table prints whole amounts, a whole one shows no decimals."""
    if paper.table.decimals or paper.table.unit == "元" or not standing.rows:
        return
    for column in standing.amounts:
        cells = standing.down(range(len(standing.rows)), column)
        first = Address(*cells[:2])
        paper.canvas.when(str(cells), f"AND(ISNUMBER({first}),{first}=INT({first}))", _WHOLE)


# --- checks ---


def _checks(paper: Paper, standing: Sequence[Standing], rows: range, above: int) -> None:
    column = paper.check
    paper.canvas.put(str(Address(above, column)), _CHECKED, HELP_HEADER)
    for row in rows:
        found = [
            rule
            for one in standing
            for place, own in enumerate(one.places)
            if own == row
            for rule in _rules(paper, one, place, standing)
        ]
        checked = sums.check(found, paper.table.unit, paper.table.decimals)
        uncoded = "&".join(_uncoded(standing, row))
        said = "&".join(filter(None, (checked.text if checked else "", uncoded)))
        if said:
            paper.canvas.put(str(Address(row, column)), Formula(said), HINT)


def _uncoded(standing: Sequence[Standing], row: int) -> Iterator[str]:
    """What is said of a line that has an amount and no code."""
    for one in standing:
        for place, own in enumerate(one.places):
            code = one.rows[place].row.code
            if own == row and code:
                amounts = ",".join(str(one.at(place, column)) for column in one.amounts)
                cell = one.at(place, one.column(code.column))
                yield f'IF(AND({cell}="",COUNT({amounts})>0),"没有编码，未计入合计；","")'
