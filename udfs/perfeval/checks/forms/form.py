"""A form under review: its assessment, and what several checkers ask of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from perfeval.arithmetic import Scaled, add, aligned, subtract
from perfeval.checks.context import Context
from perfeval.conventions import Convention
from perfeval.errors import InvalidValue
from perfeval.findings import Finding, Said
from perfeval.forms.assessment import Assessment, ScoredRow
from perfeval.forms.grid import Address, Grid
from perfeval.forms.labels import NOTHING
from perfeval.forms.leaves import recognised
from perfeval.forms.model import ABSENT, OF_ONE, TRANSFER, Entry, Form, FundRow, IndicatorRow
from perfeval.forms.values import amounts, is_figure, same
from perfeval.hints import MISSING_VALUE, without_points, without_words
from perfeval.quantities import points
from perfeval.standards import DetailedStandard

_MONEY = re.compile(
    r"资金|预算|经费|费用|价款|尾款|款项|财政|拨款|支付|付款|未付|结余|结转|节约|合同|招标|中标|采购|政策"
)
_ADJUSTED = re.compile(r"调整|调剂|调[增减入出]|追[加减]|压[减缩]|核[减增]|收回|划转|结转|年中|批复|下达")
_NEVER_CALCULATED = MISSING_VALUE.says(
    "这一格有公式（={formula}），文件里没有它的结果；请用 Excel 或 WPS 打开，保存一次，再复核"
)
ARITHMETIC = "表内各数相互核对"

Rate = tuple[int, int]
"""Executed and budget, exactly, at one power of ten."""


@dataclass(frozen=True)
class FormReview:
    """One form of a book, with its grid."""

    context: Context
    assessment: Assessment

    @property
    def form(self) -> Form:
        """The form as it was read."""
        return self.assessment.form

    @cached_property
    def grid(self) -> Grid:
        """The sheet the form stands on."""
        return self.context.grid_of[self.form.sheet]

    def found(
        self,
        said: Said,
        at: Entry | Address | None,
        expected: object = "",
        found: object = "",
        basis: str = ARITHMETIC,
    ) -> Finding:
        """A finding of this form; where its cell is missing it is one of the whole form, at its first row."""
        cell = at.cell if isinstance(at, Entry) else at
        place = str(cell) if cell else str(Address(self.form.area.top, self.form.area.left))
        shown = self.grid.shown(cell) if said.kind is MISSING_VALUE and cell is not None else None
        if shown is not None and shown.formula is not None and shown.value is None:
            said = _NEVER_CALCULATED.of(formula=shown.formula)
        return said.at(self.form.sheet, place, str(expected), str(found), basis)

    def no_points(self, what: str, cell: Address | None) -> Said:
        """What to say of a cell that holds no number of points."""
        return without_points(what, self.grid.shown(cell).value if cell else None)

    @cached_property
    def convention(self) -> Convention:
        """The 口径 of the review, for a form of this year."""
        return self.context.convention.in_year(self.form.year)

    @property
    def rule(self) -> str:
        """The standard and 口径 that scores rest on, for ``basis``."""
        convention = self.context.convention.name
        standard = self.context.standard
        return standard.title if convention == standard.id else f"{standard.title}（口径 {convention}）"

    @property
    def warning_rule(self) -> str:
        """Where the limits of warnings come from, for ``basis``."""
        return self.context.standard.review.source

    @cached_property
    def standard(self) -> DetailedStandard | None:
        """The detailed standard whose leaves the rows of a whole body's form bear; None for any other form."""
        return None if self.form.kind in OF_ONE else recognised(self.form.rows)

    @cached_property
    def execution(self) -> ScoredRow | None:
        """The scored row of 预算执行率, where the form scores it."""
        return next((row for row in self.assessment.rows if row.is_execution), None)

    @cached_property
    def indicators(self) -> tuple[ScoredRow, ...]:
        """The scored rows of the indicators."""
        return tuple(row for row in self.assessment.rows if not row.is_execution)

    @cached_property
    def is_scored(self) -> bool:
        """Whether at least half of the rows have a score: fewer, and nobody has scored the form (yet)."""
        scored = sum(row.printed is not None for row in self.indicators)
        return 0 < len(self.indicators) <= 2 * scored

    def rate(self, funds: FundRow) -> Rate | None:
        """Executed over budget of a row of the funds; None where one is missing, refused, or the budget is not above 0."""
        try:
            whole, part = amounts(self.base(funds), (funds.executed, "执行数"), self.form.unit)
        except InvalidValue:
            return None
        budget, executed = aligned(whole.number, part.number)
        return (executed, budget) if budget > 0 else None

    def base(self, funds: FundRow) -> tuple[Entry, str]:
        """What the execution rate of a row of the funds is of, and its name."""
        return funds.base(self.context.convention.denominator)

    @cached_property
    def total_rate(self) -> Rate | None:
        """The execution rate of 年度资金总额."""
        return self.rate(self.form.execution) if self.form.execution else None

    # --- what the form says in words ---

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """The reasons given, in the indicator rows, in a row below them, and beside 年度资金总额."""
        entries = [*(row.reason for row in self.form.rows), *(block.reasons for block in self.form.blocks)]
        return (*(entry.text for entry in entries if not without_words(entry.value)), *self._beside_funds())

    def _beside_funds(self) -> list[str]:
        """Texts in the row of 年度资金总额, to the right of its amounts."""
        funds = self.form.execution
        cell = funds.executed.cell if funds else None
        if cell is None:
            return []
        places = (Address(cell.row, column) for column in range(cell.column + 1, self.form.area.right + 1))
        return [text for place in places if isinstance(text := self.grid[place].value, str) and len(text.strip()) > 5]

    def explains_money_left(self, rate: Rate) -> bool:
        """Whether the form says why money was left: any reason, or for much money one that speaks of money."""
        executed, budget = rate
        left, allowed = aligned(
            Scaled(0, 0) if executed >= budget else Scaled(budget - executed, 0),
            _times(self.context.standard.review.money_left, budget),
        )
        if left <= allowed:
            return bool(self.reasons)
        return any(_MONEY.search(text) for text in (*self.reasons, self.form.outcome.text))

    def tells_of_money(self, reason: Entry) -> bool:
        """Whether a reason speaks of money where not all of it was spent: it may stand beside any row."""
        rate = self.total_rate
        return rate is not None and rate[0] < rate[1] and bool(_MONEY.search(reason.text))

    def explains_adjustment(self) -> bool:
        """Whether the form says that, or why, the budget was adjusted."""
        texts = (*self.reasons, self.form.outcome.text, self.form.goal.text)
        return any(_ADJUSTED.search(text) for text in texts)

    def asks_for_values(self, row: IndicatorRow) -> bool:
        """Whether a row must state 指标值 and 完成值: it has points, or stands on a form that prints none by its nature."""
        has_points = any(entry.text and entry.text not in NOTHING for entry in (row.weight, row.score))
        return has_points or self.form.kind == TRANSFER

    @property
    def has_reasons_below(self) -> bool:
        """Whether reasons are given for all rows together, in a row below them."""
        return any(not without_words(block.reasons.value) for block in self.form.blocks)

    @cached_property
    def unread(self) -> tuple[Scaled, ...]:
        """The figures of the form that nobody read: what a sum lacks may stand among them."""
        account = self.context.account_of[self.form.sheet]
        place = next((at for at, form in enumerate(account.forms) if form.area == self.form.area), None)
        left = [*account.left[place]] if place is not None else []
        if self.form.execution is None:  # points beside a source of money, of no 预算执行率 that could be told
            left += [entry for funds in self.form.funds for entry in (funds.weight, funds.score)]
        return tuple(number for entry in left if is_figure(entry) and (number := points(entry.value)) is not None)

    def may_be_unread(self, whole: Scaled, part: Scaled) -> bool:
        """Whether a figure that nobody read is just what a part lacks of a whole."""
        return any(same(add([part, number]), whole) for number in self.unread if number.units)

    def reasons_below(self, row: IndicatorRow) -> Entry:
        """Where the reasons of a row's block are asked for below it; absent where they are not."""
        blocks = (block for block in self.form.blocks if block.area.top <= row.row <= block.area.bottom)
        return next((block.reasons for block in blocks), ABSENT)

    def reason_of(self, row: IndicatorRow) -> str:
        """The reason of a row, "" where it says nothing."""
        return "" if without_words(row.reason.value) else row.reason.text


def name_of(row: IndicatorRow) -> str:
    """The name of an indicator without its blanks."""
    return re.sub(r"\s+", "", row.name.text)


def _times(share: Scaled, whole: int) -> Scaled:
    return Scaled(share.units * whole, share.places)


def is_below(rate: Rate, limit: Scaled) -> bool:
    """Whether a rate is below a limit, exactly."""
    part, bound = aligned(Scaled(rate[0], 0), _times(limit, rate[1]))
    return part < bound


def apart(one: Scaled, other: Scaled) -> Scaled:
    """How far two numbers lie apart."""
    difference = subtract(one, other)
    return Scaled(abs(difference.units), difference.places)
