"""原生公式版: a workbook of ours in which worksheet functions stand for all PE_ functions, so that it computes without PerfEval.

Each PE_ call is replaced where it stands; the rest of a formula, the layout and whatever people have typed stay. What a row of
indicators needs besides stands to the right of everything on its sheet: five cells that a person may overtype, the others
hidden. Macros and ribbon go; the words that formulas look up, and the sheet 自检, come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfeval import formulatext
from perfeval.books.beside.adding import runs, with_columns
from perfeval.books.dropdowns import with_dropdown
from perfeval.books.file import FileBook
from perfeval.books.macros import CONFIG_SHEET, HELP_SHEET
from perfeval.books.package import Package
from perfeval.books.parts import workbook
from perfeval.books.remade import NewSheet, remade
from perfeval.books.sealed import stamped
from perfeval.books.sheetpatch import Patch, splices_of, styles_of
from perfeval.checks.context import Context
from perfeval.commands.nativerows import Indicators, indicators, kind_of, with_kinds
from perfeval.conventions import Convention, DetailedConvention
from perfeval.errors import PerfEvalError
from perfeval.forms.beside import HELP, READINGS
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Address, Area, Grid, Value, address
from perfeval.native import beside, hints, leafhints, leaves, printed, reading, rows, selfcheck, totals
from perfeval.native.beside import SHOWN, Places
from perfeval.native.calls import Call, calls, cell_in, replaced
from perfeval.native.leaves import Operand
from perfeval.native.tables import SHEET, extra_unit
from perfeval.quantities import points
from perfeval.records import names
from perfeval.standards import DetailedStandard, Standard, detailed_standard
from perfeval.standards.rules import ANY_UNIT, POINTS, YES_NO, Input

_GONE = (CONFIG_SHEET, HELP_SHEET)
_GUIDE = (
    "这一本是原生公式版：没有宏和按钮，不装 PerfEval 也会算；换一种表格软件打开，先看“自检”。"
    "填报、复核、报送拿回装了 PerfEval 的电脑做。"
)
_INPUTS = ("value", *reading.MEASURED)  # the helpers of an input of a leaf
_UNITS = {ANY_UNIT: "", POINTS: "分"}
_YEAR = f"; {names.YEAR}="
_SHOWN_WIDTH = 10.5
_DIRECTIONS = "请从列表里选一个；要回到公式读出的，撤销，或从别的行复制这一格"


@dataclass(frozen=True, slots=True)
class Copy:
    """The workbook's bytes, and what is to be said of it."""

    content: bytes
    notes: tuple[str, ...]


def native_copy(book: FileBook) -> Copy:
    """The workbook of native formulas of one of ours. Raises UnknownName or InvalidValue for a 口径 that cannot be used."""
    return _Copying(book).made()


class _Copying:
    def __init__(self, book: FileBook) -> None:
        self.book = book
        context = Context.of(book, None)
        self.convention: Convention = context.convention
        self.standard: Standard = context.standard
        text = _named_text(book, names.WHOLE_STANDARD)
        self.whole: tuple[DetailedStandard, DetailedConvention] | None = detailed_standard(text) if text else None
        self.rows = {
            sheet: found
            for sheet in book.user_sheets
            if sheet in book.formula_sheets and (found := indicators(book.grid(sheet)))
        }
        self.places = Places(beside.tables(self._units()))
        self.warning = selfcheck.at(selfcheck.WARNING)
        self.operands: dict[Address, Operand] = {}
        self.inputs: dict[Address, Input] = {}
        self.handed: list[str] = []

    def _units(self) -> set[str]:
        """The units that the workbook's own values are written in."""
        cells = (
            (self.book.grid(sheet)[address(cell)].value)
            for sheet, found in self.rows.items()
            for row in found.cells.values()
            for cell in (row.target, row.actual)
        )
        return {unit for value in cells if isinstance(value, str) and (unit := extra_unit(value))}

    def made(self) -> Copy:
        changed: dict[str, bytes] = {}
        formulas: dict[str, list[Edit]] = {}
        entries = {entry.name: entry for entry in workbook(self.book.package).sheets}
        for sheet in self._sheets():
            edits = dict(self._converted(sheet))
            constants: dict[Address, Value] = {}
            styles: dict[Address, int] = {}
            if sheet in self.rows:
                helpers, constants, styles = self._helpers(sheet)
                edits |= helpers
            if sheet == names.BASE_DATA and self.operands:
                edits |= dict(self._inputs())
            formulas[sheet] = [Edit(sheet, place, Formula(text)) for place, text in edits.items()]
            part = self._laid_out(sheet, edits, constants, styles)
            if part is not None:
                changed[entries[sheet].part] = part
        content = remade(
            self.book.package, changed, [sheet for sheet in _GONE if sheet in self.book.sheets], self._new_sheets()
        )
        return Copy(stamped(self._calculated(content, formulas)), tuple(self.handed))

    def _sheets(self) -> Iterator[str]:
        """The sheets with PE_ formulas: 评分表 before 基础数据, whose cells its formulas read."""
        with_formulas = [sheet for sheet in self.book.user_sheets if sheet in self.book.formula_sheets]
        yield from sorted(with_formulas, key=lambda sheet: sheet == names.BASE_DATA)

    # --- formulas in the place of PE_ formulas ---

    def _converted(self, sheet: str) -> Iterator[tuple[Address, str]]:
        grid = self.book.grid(sheet)
        for place, cell in grid.cells.items():
            if cell.formula is not None and "PE_" in cell.formula:
                native = replaced(cell.formula, lambda call, place=place: self._expression(sheet, grid, place, call))
                yield place, native
        if sheet == names.OPTIONS:
            yield from self._of_options(grid)
        yield from self._warned(sheet, grid)

    def _expression(self, sheet: str, grid: Grid, place: Address, call: Call) -> str:
        """The native expression of a PE_ call."""
        match call.name, call.arguments:
            case "PE_EXEC_RATE", (budget, executed):
                return totals.rate(budget, executed)
            case "PE_EXEC_SCORE", (budget, executed, weight, _):
                return totals.execution_score(budget, executed, weight, self.convention)
            case "PE_TOTAL", scores:
                return totals.total(",".join(scores))
            case "PE_GRADE", (total, by):
                chosen = self.whole if by == names.WHOLE_STANDARD and self.whole else (self.standard, self.convention)
                return totals.grade(total, *chosen)
            case "PE_EXPLAIN", _:
                return '""'
            case "PE_RULE_SCORE", (text, weight, *values) if score := self._by_rule(grid, text, weight, values):
                return score
            case "PE_STD_SCORE", (_, code, values):
                return self._leaf(code.strip('"'), values)
            case "PE_STD_HINT", (_, code, given, reason, values):
                return self._leaf_hint(grid, place, code.strip('"'), given, reason, values)
            case (("PE_INDICATOR_SCORE" | "PE_COMPLETION" | "PE_MEETS" | "PE_HINT"), _) if sheet in self.rows:
                return self._of_row(sheet, call)
        self.handed.append(f"“{sheet}”{place} 的 {call.name} 没有原生公式，保留了算出的值")
        return _constant(grid[place].value)

    def _of_row(self, sheet: str, call: Call) -> str:
        found = self.rows[sheet]
        number = _row_of(call, found)
        cells = found.cells[number]
        rule = self._rule(sheet, number)
        of_row = beside.of_row(
            cells, found.columns, number, self.places, self.convention, warning=self.warning, rule=rule
        )
        if call.name == "PE_INDICATOR_SCORE":
            return rows.score(cells, lambda name: found.columns.cell(name, number), self.convention, call.arguments[2])
        return {"PE_COMPLETION": of_row.completion, "PE_MEETS": of_row.meets, "PE_HINT": of_row.hint}[call.name]

    def _rule(self, sheet: str, number: int) -> beside.Rule | None:
        """The 评分标准 that a row's PE_HINT goes by, as it is read now."""
        found, grid = self.rows[sheet], self.book.grid(sheet)
        cells, place = found.cells[number], found.rules.get(number)
        text = grid[address(place)].value if place else None
        weight = points(grid[address(cells.weight)].value) if cells.weight else None
        if place is None or not isinstance(text, str) or weight is None:
            return None
        try:
            return beside.rule_of(place, text, weight, "", self.convention)
        except PerfEvalError:
            return beside.Rule(place, text, weight)

    # --- leaves ---

    def _by_rule(self, grid: Grid, text: str, weight: str, values: Sequence[str]) -> str:
        """The score of numbers in single cells by a printed rule, while rule and 分值 stay as they are; "" where no formula follows it."""
        cells = [cell_in(argument) for argument in (text, weight, *values)]
        if not all(cells):
            return ""
        rule, full = (grid[address(cell)].value for cell in cells[:2])
        worth = points(full)
        if not isinstance(rule, str) or worth is None:
            return ""
        try:
            return printed.of_cells(rule, worth, *cells)
        except PerfEvalError:
            return ""

    def _cells_of(self, values: str) -> list[Address]:
        """The cells of 基础数据 that an argument names: ``基础数据!$F$4:$F$9``, or one cell in IF."""
        area = values.rpartition(formulatext.at(names.BASE_DATA, ""))[2].split(")")[0]
        first, _, last = area.replace("$", "").partition(":")
        top, bottom = address(first), address(last or first)
        return [Address(row, top.column) for row in range(top.row, bottom.row + 1)]

    def _operands(self, code: str, values: str) -> list[Operand]:
        assert self.whole is not None
        places = self._cells_of(values)
        for place in places:
            value, unit = (
                formulatext.at(names.BASE_DATA, self._input(name, place.row)) for name in ("value", "written")
            )
            self.operands[place] = Operand(value, unit)
        self.inputs |= dict(zip(places, self.whole[0].leaf(code).inputs, strict=True))
        return [self.operands[place] for place in places]

    def _leaf(self, code: str, values: str) -> str:
        assert self.whole is not None
        standard, chosen = self.whole
        return leaves.score(standard.leaf(code), self._operands(code, values), chosen)

    def _leaf_hint(self, grid: Grid, place: Address, code: str, given: str, reason: str, values: str) -> str:
        assert self.whole is not None
        leaf = self.whole[0].leaf(code)
        computed = next(
            other
            for other, cell in grid.cells.items()
            if other.row == place.row and cell.formula and "PE_STD_SCORE" in cell.formula
        )
        cells = [formulatext.at(names.BASE_DATA, cell) for cell in self._cells_of(values)]
        score = given.removeprefix("IFERROR(").partition("&")[0]
        return leafhints.hint(
            leaf,
            cells,
            self._operands(code, values),
            str(computed),
            score,
            reason.partition("&")[0],
            self.places,
            self.warning,
        )

    def _inputs(self) -> Iterator[tuple[Address, str]]:
        """The inputs as read, right of everything on 基础数据."""
        for place, one in self.inputs.items():

            def at(name: str, row: int = place.row) -> str:
                return str(self._input(name, row))

            unit = _UNITS.get(one.unit, one.unit)
            pieces = {} if one.unit == YES_NO else reading.measure(str(place), unit, at, self.places)
            for name, expression in pieces.items():
                yield self._input(name, place.row), expression
            measured = leaves.reading(one, at("amount")) if pieces else f'"{leaves.UNREAD}"'
            yield self._input("value", place.row), leaves.reading(one, str(place), measured)

    def _input(self, name: str, row: int) -> Address:
        """The cell of a helper of an input."""
        return Address(row, self.book.grid(names.BASE_DATA).right + 2 + _INPUTS.index(name))

    # --- what changed since ---

    def _stated(self) -> str:
        """The expression of what is said where the 口径 is another than the formulas were made for. The year may change."""
        text = _named_text(self.book, names.CONVENTION).partition(_YEAR)[0]
        now = f'IFERROR(LEFT({names.CONVENTION},FIND({formulatext.text(_YEAR)},{names.CONVENTION})-1),{names.CONVENTION}&"")'
        said = f"口径已改，本簿的公式仍按“{text}”计算，请用 PerfEval 重新生成"
        return f'IF(EXACT({now},{formulatext.text(text)}),"",{formulatext.text(said)})'

    def _whole_stated(self) -> str:
        text = _named_text(self.book, names.WHOLE_STANDARD)
        said = f"整体标准已改，本簿的公式仍按“{text}”计算，请用 PerfEval 重新生成"
        return f'IF(EXACT({names.WHOLE_STANDARD}&"",{formulatext.text(text)}),"",{formulatext.text(said)})'

    def _warned(self, sheet: str, grid: Grid) -> Iterator[tuple[Address, str]]:
        """The 提示 of a total begins with a change of the 口径; that of a row without PE_HINT tells why it has no 完成率."""
        columns = {
            name: place.column
            for place, cell in grid.cells.items()
            if cell.formula
            for call in calls(cell.formula)
            if (name := call.name)
        }
        hint = columns.get("PE_HINT") or columns.get("PE_STD_HINT")
        changed = selfcheck.at(selfcheck.WHOLE if "PE_STD_HINT" in columns else selfcheck.OPTIONS)
        for place, cell in grid.cells.items():
            if cell.formula and hint and "PE_TOTAL" in cell.formula:
                said = Address(place.row, hint)
                present = grid[said].formula
                if present is not None and "PE_" in present:
                    continue  # 等级 stands there
                told = f'&IF({changed}="","","；"&{changed})'
                yield said, f"({present}){told}" if present else changed
        found = self.rows.get(sheet)
        for number, place in (found.hints if found else {}).items():
            why = found.columns.cell("why", number)  # type: ignore[union-attr]
            yield place, f'{grid[place].formula}&IF({why}="","",MID({why},2,900))'

    def _of_options(self, grid: Grid) -> Iterator[tuple[Address, str]]:
        """The line 核对 of the sheet 口径: which 口径 the formulas follow."""
        for place, cell in grid.cells.items():
            if cell.value == "核对" and place.column == 1:
                text = f"本簿的公式按“{self.convention.name}”做成；在这里改了口径，公式不随之改变，“{names.SUMMARY}”和总分的提示会说明"
                changed = selfcheck.at(selfcheck.OPTIONS)
                yield Address(place.row, 2), f'IF({changed}="",{formulatext.text(text)},{changed})'

    # --- helpers beside rows ---

    def _helpers(self, sheet: str) -> tuple[dict[Address, str], dict[Address, Value], dict[Address, int]]:
        """Formulas, constants and styles right of a sheet's rows."""
        grid, found = self.book.grid(sheet), self.rows[sheet]
        formulas: dict[Address, str] = {}
        constants: dict[Address, Value] = {}
        xml = self.book.xml(sheet)
        like = styles_of(xml, [address(row.target) for row in found.cells.values()])
        heading = styles_of(xml, [Address(row, found.columns.shown - 2) for row in found.headers])
        styles: dict[Address, int] = {}
        for number, cells in with_kinds(grid, found).items():
            rule = self._rule(sheet, number)
            of_row = beside.of_row(cells, found.columns, number, self.places, self.convention, rule=rule)
            if rule:
                constants[Address(number, found.columns.of("rule_text"))] = rule.text
            for name, expression in of_row.helpers.items():
                place = Address(number, found.columns.of(name))
                if name in _OF_HINTS and number not in found.with_hint:
                    continue
                formulas[place] = expression
                if name in SHOWN:
                    styles[place] = like.get(address(cells.target), 0)
            for name, value in self._saved(grid, found, number).items():
                constants[Address(number, found.columns.of(name))] = value
        for row in found.headers:
            titles: dict[str, str] = dict(zip(SHOWN, READINGS, strict=True))
            for name in (*SHOWN, *beside.HIDDEN):
                place = Address(row, found.columns.of(name))
                constants[place] = titles.get(name, HELP)
                styles[place] = heading.get(Address(row, found.columns.shown - 2), 0)
        return formulas, constants, styles

    def _saved(self, grid: Grid, found: Indicators, number: int) -> Mapping[str, Value]:
        cells = found.cells[number]
        target, actual = (grid[address(cell)].value for cell in (cells.target, cells.actual))
        return beside.saved(target, actual, kind_of(grid, found, number), self.convention)

    def _laid_out(
        self,
        sheet: str,
        formulas: Mapping[Address, str],
        constants: Mapping[Address, Value],
        styles: Mapping[Address, int],
    ) -> bytes | None:
        """The sheet's part with the constants, and blank cells where formulas will come, in their styles; hidden columns hidden."""
        found = self.rows.get(sheet)
        if found is None and sheet != names.BASE_DATA:
            return None
        grid = self.book.grid(sheet)
        patches = {
            place: Patch(None, constants.get(place), styles.get(place))  # type: ignore[arg-type]
            for place in {*constants, *styles}
            if constants.get(place) is not None or place in styles
        }
        xml = self.book.xml(sheet)
        xml = xml.spliced(splices_of(xml, patches)) if patches else xml
        if found is None:
            columns = range(grid.right + 2, grid.right + 2 + len(_INPUTS)) if self.operands else ()
            hidden = dict.fromkeys(columns, ' width="9" hidden="1" customWidth="1"')
        else:
            shown = dict.fromkeys(
                range(found.columns.shown, found.columns.hidden), f' width="{_SHOWN_WIDTH}" customWidth="1"'
            )
            hidden = shown | dict.fromkeys(
                range(found.columns.hidden, found.columns.last + 1), ' width="9" hidden="1" customWidth="1"'
            )
        if hidden:
            xml = xml.spliced(list(with_columns(xml, hidden)))
        if found is not None:
            areas = [Area(first, found.columns.shown, last, found.columns.shown) for first, last in runs(found.cells)]
            xml = xml.spliced([with_dropdown(xml, areas, reading.CHOICES, READINGS[0], _DIRECTIONS)])
        return xml.encode()

    # --- new sheets, and values ---

    def _new_sheets(self) -> Sequence[NewSheet]:
        words = {
            Address(row, column): (value, 0) for row, column, value in self.places.cells() if value not in (None, "")
        }
        constants = {
            Address(row, column): (value, 0)
            for row, contents in selfcheck.rows("", "")
            for column, value in enumerate(contents, start=1)
            if value is not None and not isinstance(value, Formula)
        }
        return (
            NewSheet(selfcheck.SHEET, constants, selfcheck.WIDTHS),  # type: ignore[arg-type]
            NewSheet(SHEET, words, hidden=True),  # type: ignore[arg-type]
        )

    def _calculated(self, content: bytes, formulas: Mapping[str, Sequence[Edit]]) -> bytes:
        """The file with its formulas and their values, sheet by sheet: what one recalculation may take is bounded."""
        book = FileBook(self.book.path, Package(content))
        own = [
            Edit(selfcheck.SHEET, Address(row, column), value)
            for row, contents in selfcheck.rows(self._stated(), self._whole_stated() if self.whole else '""')
            for column, value in enumerate(contents, start=1)
            if isinstance(value, Formula)
        ]
        guide = [Edit(names.GUIDE, Address(4, 1), _GUIDE)] if names.GUIDE in book.sheets else []
        for edits in ([*own, *guide], *formulas.values()):
            book.apply(edits)
        return book.content


_OF_HINTS = frozenset(hints.HELPERS)


def _row_of(call: Call, found: Indicators) -> int:
    """The row that a call is about."""
    target = cell_in(call.arguments[0])
    return next(number for number, cells in found.cells.items() if cells.target == target)


def _constant(value: Value) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    return formulatext.text("" if value is None else str(value))


def _named_text(book: FileBook, name: str) -> str:
    """The text of a named cell; "" where there is none."""
    sheet, _, cell = book.names.get(name, "").rpartition("!")
    sheet = sheet.strip("'")
    if sheet not in book.sheets:
        return ""
    value = book.grid(sheet)[address(cell.replace("$", ""))].value
    return value if isinstance(value, str) else ""
