"""The cells beside one form: native formulas of its indicators, of 预算执行率 and of its total, from where the form prints them.

What the native rows need in one cell and a form prints in several (≥ | 95 | %), or in a label (数量指标（20分）), is put together in
a helper. A row that lacks what it takes, or that a person judges, says so in its 提示.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfeval import formulatext
from perfeval.arithmetic import exact
from perfeval.books.beside.model import SHEET, Content, Look
from perfeval.books.cell_values import Scalar
from perfeval.conventions import Convention
from perfeval.errors import PerfEvalError
from perfeval.forms import labels
from perfeval.forms.assessment import parents
from perfeval.forms.beside import HEADINGS, HELP, READINGS
from perfeval.forms.grid import Address, Area, Book, Grid, Value, column_letters
from perfeval.forms.grid_text import seen
from perfeval.forms.model import Entry, Form, IndicatorBlock, IndicatorRow
from perfeval.forms.values import amounts, same
from perfeval.native import totals
from perfeval.native.beside import HIDDEN, SHOWN, Cells, Columns, Places, Rule, of_row, rule_of, saved, tables
from perfeval.native.tables import extra_unit
from perfeval.native.words import without_digits
from perfeval.quantities import points

_PUT_TOGETHER = (
    "target",
    "actual",
    "weight",
    "nothing",
)  # helpers of ours: a value that the form splits, and a blank cell
TITLES = (*HEADINGS, *READINGS, *[HELP] * (len(_PUT_TOGETHER) + len(HIDDEN)))
assert len(READINGS) == len(SHOWN)
_SCORE, _COMPLETION, _HINT = range(3)
_FIRST_HELPER = len(HEADINGS) + len(SHOWN)
_BARE = '""'
_BY_PERSON = "按印的评分标准由人评定"


class Rows:
    """What writes the cells beside the forms of a book."""

    def __init__(self, book: Book, convention: Convention, forms: Sequence[Form]) -> None:
        self._book, self._convention = book, convention
        units = {extra_unit(entry.text) for form in forms for row in form.rows for entry in (row.target, row.actual)}
        self._places = Places(tables(units - {""}), SHEET)
        self.tables: Mapping[Address, Scalar] = {
            Address(row, column): value
            for row, column, value in self._places.cells()
            if isinstance(value, str | int | float) and value != ""
        }

    def cells(self, form: Form, area: Area) -> Mapping[Address, Content]:
        """The cells of a form's block."""
        written = _Written(form, area, self._book.grid(form.sheet), self._convention.in_year(form.year), self._places)
        written.all()
        return written.cells


class _Written:
    def __init__(self, form: Form, area: Area, grid: Grid, convention: Convention, places: Places) -> None:
        self.form, self.area, self.grid, self.convention, self.places = form, area, grid, convention, places
        self.columns = Columns(area.left + len(HEADINGS), area.left + _FIRST_HELPER + len(_PUT_TOGETHER))
        self.cells: dict[Address, Content] = {}
        self.counted: list[tuple[int, str, str]] = []  # row, 分值 and 得分 of all that the total adds up
        self.untold = False  # whether something adds to the total of which nobody knows how much

    def all(self) -> None:
        """Write everything."""
        for row in {self.area.top, *(block.area.top for block in self.form.blocks)}:
            if self.area.top <= row <= self.area.bottom:
                for column, title in enumerate(TITLES, start=self.area.left):
                    self.cells[Address(row, column)] = Content(Look.NUMBER, None, title)
        self._execution()
        groups = [group for group in self.form.groups() if not all(row.is_placeholder for row in group)]
        above = parents(groups) if self.convention.parents == "leaves" else frozenset()
        for group in groups:
            head = group[0]
            if self.form.is_execution(head):
                self._execution_row(head)
            elif head.row in above:
                self._say(head.row, "上级行，分值和得分在下级各行")
            elif len(group) > 1:
                self._shared(group)
            else:
                self._single(head)
        self._total()

    # --- cells ---

    def _at(self, row: int, offset: int) -> str:
        return f"{column_letters(self.area.left + offset)}{row}"

    def _put(self, row: int, offset: int, look: Look, formula: str) -> None:
        self.cells[Address(row, self.area.left + offset)] = Content(look, formula, None)

    def _say(self, row: int, words: str) -> None:
        self._put(row, _HINT, Look.TEXT, formulatext.text(words))

    def _helper(self, name: str, row: int, formula: str | None = None) -> str:
        """A helper's cell, with this formula."""
        offset = _FIRST_HELPER + _PUT_TOGETHER.index(name)
        if formula is not None:
            self._put(row, offset, Look.TEXT, formula)
        return f"${self._at(row, offset)}"

    # --- 预算执行率 ---

    def _execution(self) -> None:
        funds = self.form.execution
        if funds is None or not self.form.scores_execution:
            return
        cell = funds.executed.cell or funds.score.cell
        if cell is not None:
            self._rate(cell.row, funds.weight, funds.score)

    def _execution_row(self, row: IndicatorRow) -> None:
        if self.form.scores_execution:
            self._say(row.row, "与上面的预算执行率相同，只计一次")
        else:
            self._rate(row.row, row.weight, row.score)

    def _rate(self, row: int, weight: Entry, score: Entry) -> None:
        """Rate and score of the form's money, in a row."""
        funds = self.form.execution
        assert funds is not None  # else the form has no such row
        base, name = funds.base(self.convention.denominator)
        worth = self._weight(row, weight)
        if base.cell is None or funds.executed.cell is None or worth is None:
            self._say(row, f"表中没有{name}、全年执行数或分值，由人评定")
            self.untold = True
            return
        budget, executed = self._amounts(row, base, name, funds.executed)
        given = str(score.cell or self._helper("nothing", row))
        computed = self._at(row, _SCORE)
        numbers = f"COUNT({budget},{executed},{worth})=3"
        points_of = totals.execution_score(budget, executed, worth, self.convention)
        self._put(row, _SCORE, Look.NUMBER, f'IF({numbers},IFERROR({points_of},""),"")')
        self._put(row, _COMPLETION, Look.PERCENT, f'IF({numbers},IFERROR({totals.rate(budget, executed)},""),"")')
        blank = formulatext.text(f"{name}或全年执行数空白，请填写")
        odd = formulatext.text(f"{name}、全年执行数或分值不是能计算的数，由人评定")
        lacking = f'IF(OR({base.cell}="",{funds.executed.cell}=""),{blank},{odd})'
        differs = (
            f'IF(ISNUMBER({given}),IF(ROUND({given}-{computed},6)=0,"","测算为 "&{computed}&" 分，得分为 "&{given}),"")'
        )
        self._put(row, _HINT, Look.TEXT, f"IF(ISNUMBER({computed}),{differs},{lacking})")
        self.counted.append((row, worth, given))

    def _amounts(self, row: int, base: Entry, name: str, executed: Entry) -> list[str]:
        """The cells of both amounts; helpers where texts tell them (1,302.50, 56万元), as long as both stay as they are."""
        entries = (base, executed)
        places = [entry.cell for entry in entries if entry.cell is not None]
        held = [self.grid[place].value for place in places]
        if not any(isinstance(value, str) for value in held):
            return [str(place) for place in places]
        try:
            read = amounts((base, name), (executed, "全年执行数"), self.form.unit)
        except PerfEvalError:
            return [str(place) for place in places]
        kept = [
            f'EXACT({place}&"",{formulatext.text(value)})' if isinstance(value, str) else f"{place}={exact(value)}"  # type: ignore[arg-type]
            for place, value in zip(places, held, strict=True)
        ]
        numbers = f"COUNT({','.join(map(str, places))})=2"
        return [
            self._helper(helper, row, f'IF(AND({",".join(kept)}),{one.number},IF({numbers},{place},""))')
            for helper, one, place in zip(("target", "actual"), read, places, strict=True)
        ]

    # --- indicators ---

    def _single(self, row: IndicatorRow) -> None:
        values = self._values(row)
        worth = self._weight(row.row, row.weight)
        rule = self._rule(row) if row.rule.text and values is not None else None
        if values is None or (worth is None and row.weight.text) or (row.rule.text and rule is None):
            self.untold |= row.score.cell is not None
            return
        self._row(row, self._cells(row, values, worth, str(row.score.cell or self._helper("nothing", row.row))), rule)
        if worth is not None:
            self.counted.append((row.row, worth, str(row.score.cell or self._helper("nothing", row.row))))

    def _cells(self, row: IndicatorRow, values: tuple[str, str], worth: str | None, score: str) -> Cells:
        reason = None if row.reason.cell is None else str(row.reason.cell)
        return Cells(*values, formulatext.text(row.kind), worth, score, reason, self._at(row.row, _SCORE))

    def _shared(self, group: Sequence[IndicatorRow]) -> None:
        """Rows of one 分值: full where all are met, otherwise a person's."""
        head = group[0]
        met = []
        for row in group:
            values = self._values(row)
            if values is None:
                continue
            if row.rule.text:
                self._say(row.row, _BY_PERSON)
                continue
            self._row(row, self._cells(row, values, None, self._helper("nothing", row.row)))
            met.append(f'IFERROR({self.columns.cell("met", row.row)}="是",1=0)')
        worth = self._weight(head.row, head.weight)
        if worth is None or len(met) < len(group):
            self.untold |= head.score.cell is not None
            return
        computed = self._at(head.row, _SCORE)
        self._put(head.row, _SCORE, Look.NUMBER, f'IF(AND({",".join(met)}),{worth},"")')
        place = Address(head.row, self.area.left + _HINT)
        said = f"共用分值的 {len(group)} 行没有全部达标，由人评定"
        own = self.cells[place].formula
        self.cells[place] = Content(Look.TEXT, f'IF({computed}="",{formulatext.text(said)},{own})', None)
        self.counted.append((head.row, worth, str(head.score.cell or self._helper("nothing", head.row))))

    def _rule(self, row: IndicatorRow) -> Rule | None:
        """The 评分标准 of a row as it is read; None, and the row says why, where no formula follows it."""
        weight = points(row.weight.value)
        if row.rule.cell is None or not row.target.text or weight is None:
            self._say(row.row, _BY_PERSON)
            return None
        try:
            return rule_of(str(row.rule.cell), row.rule.text, weight, row.name.text, self.convention)
        except PerfEvalError as unread:
            self._say(row.row, f"{_BY_PERSON}：{unread.reason}")
            return None

    def _row(self, row: IndicatorRow, cells: Cells, rule: Rule | None = None) -> None:
        """The formulas of a row, and what is read of its values and of its rule."""
        made = of_row(cells, self.columns, row.row, self.places, self.convention, rule=rule)
        if made.score:
            self._put(row.row, _SCORE, Look.NUMBER, made.score)
        self._put(row.row, _COMPLETION, Look.PERCENT, f'IFERROR({made.completion},"")')
        odd = formulatext.text("指标值、完成值、分值或得分里有错误值，请先改正")
        self._put(row.row, _HINT, Look.TEXT, f"IFERROR({made.hint},{odd})")
        for name, formula in made.helpers.items():
            self.cells[Address(row.row, self.columns.of(name))] = Content(Look.TEXT, formula, None)
        target, actual = (
            self._value(entry, text) for entry, text in ((row.target, cells.target), (row.actual, cells.actual))
        )
        kept = {**saved(target, actual, row.kind, self.convention), **({"rule_text": rule.text} if rule else {})}
        for name, value in kept.items():
            if value is not None and value != "":
                self.cells[Address(row.row, self.columns.of(name))] = Content(Look.TEXT, None, value)  # type: ignore[arg-type]

    def _value(self, entry: Entry, cell: str) -> Value:
        """What the formulas see of a value: the cell's own, or the text that is put together."""
        return entry.value if cell.startswith("$") or entry.cell is None else self.grid[entry.cell].value

    def _values(self, row: IndicatorRow) -> tuple[str, str] | None:
        """The cells of 指标值 and 完成值; None, and the row says why, where formulas cannot read them."""
        if row.target.cell is None or row.actual.cell is None:
            self._say(row.row, _BY_PERSON if row.rule.text else "表中没有指标值和完成值，由人评定")
        elif row.target_parts is not None and self._shows_unit(row):
            self._say(row.row, "指标值或完成值的单位由单元格格式显示，又另有一栏，测算列读不出，由人评定")
        else:
            return self._target(row), self._actual(row)
        return None

    def _shows_unit(self, row: IndicatorRow) -> bool:
        cells = [self.grid[entry.cell] for entry in (row.target, row.actual) if entry.cell is not None]
        return any(seen(cell) != cell.value for cell in cells)

    def _target(self, row: IndicatorRow) -> str:
        """The cell of a 指标值, put together where the form splits or adjusts it."""
        cell, columns = str(row.target.cell), self._block(row).columns
        if "adjusted" in columns:
            first, later = (str(self.grid.anchor_of((row.row, columns[name]))) for name in ("target", "adjusted"))
            cell = f'IF(TRIM({later}&"")="",{first},{later})'
        if row.target_parts is not None:
            sign, _, unit = row.target_parts
            before = f'IF({_among(str(sign.cell), _SIGNS)},TRIM({sign.cell}),"")&' if sign.cell else ""
            joined = f"{before}{cell}&{_unit(unit)}"
            return self._helper("target", row.row, f'IF({cell}="","",IF({_is_bare(cell)},{joined},{cell}))')
        return self._helper("target", row.row, f'IF({cell}="","",{cell})') if "adjusted" in columns else cell

    def _actual(self, row: IndicatorRow) -> str:
        cell = str(row.actual.cell)
        if row.target_parts is None:
            return cell
        unit = _unit(row.target_parts[2])
        formula = f'IF({cell}="","",IF(AND({_is_bare(cell)},{unit}<>""),{cell}&{unit},{cell}))'
        return self._helper("actual", row.row, formula)

    def _block(self, row: IndicatorRow) -> IndicatorBlock:
        return next(block for block in self.form.blocks if any(one is row for one in block.rows))

    def _weight(self, row: int, weight: Entry) -> str | None:
        """The cell of a 分值 that is a number; a helper where a label, a text or a percentage tells it, as long as that stays as it is."""
        printed = points(weight.value)
        if weight.cell is None:
            return None if printed is None else self._helper("weight", row, str(printed))
        cell, held = str(weight.cell), self.grid[weight.cell].value
        if isinstance(held, str):
            if printed is None:
                return None
            kept = f'IF(EXACT({cell}&"",{formulatext.text(held)}),{printed},"")'
            return self._helper("weight", row, f"IF(ISNUMBER({cell}),{cell},{kept})")
        if isinstance(held, int | float) and printed is not None and not same(printed, exact(held)):
            return self._helper("weight", row, f'IF({cell}={exact(held)},{printed},"")')
        return cell

    # --- the total ---

    def _total(self) -> None:
        """The sum of what is computed, and of what a person gave where nothing is said against it."""
        cell = self.form.total_score.cell
        if (
            cell is None
            or not self.area.top < cell.row <= self.area.bottom
            or not self.counted
            or cell.row in {row for row, *_ in self.counted}
        ):
            return
        if self.untold or self.convention.not_applicable == "rescale":
            self._say(cell.row, "有的行由人评定或不适用，测算列不算总分")
            return
        known, scores = [], []
        for row, _, given in self.counted:
            computed, hint = self._at(row, _SCORE), self._at(row, _HINT)
            by_person = f'AND({computed}="",{hint}="",ISNUMBER({given}))'
            known.append(f'IFERROR(OR(ISNUMBER({computed}),{computed}="—",{by_person}),1=0)')
            scores.append(f"IF(ISNUMBER({computed}),{computed},IF({by_person},{given},0))")
        total = self._at(cell.row, _SCORE)
        self._put(cell.row, _SCORE, Look.NUMBER, f'IF({_all(known)},ROUND({"+".join(scores)},6),"")')
        differs = f'IF(ISNUMBER({cell}),IF(ROUND({cell}-{total},6)=0,"","测算的总分是 "&{total}&"，表中是 "&{cell}),"")'
        self._put(cell.row, _HINT, Look.TEXT, f'IF({total}="","有的行还没有能计入的得分，不算总分",{differs})')


_SIGNS = ("<", ">", "=", "≥", "≤", ">=", "<=")


def _among(cell: str, words: Sequence[str]) -> str:
    return f"OR({','.join(f'EXACT(TRIM({cell}&{_BARE}),{formulatext.text(word)})' for word in words)})"


def _unit(unit: Entry) -> str:
    """The expression of a 计量单位; none where the cell says that there is none."""
    if unit.cell is None:
        return _BARE
    return f'IF({_among(str(unit.cell), sorted(labels.NOTHING))},"",TRIM({unit.cell}&""))'


def _is_bare(cell: str) -> str:
    """Whether a value is digits alone."""
    return f'{without_digits(f"{cell}&{_BARE}")}=""'


def _all(conditions: Sequence[str]) -> str:
    return f"AND({','.join(conditions)})"
