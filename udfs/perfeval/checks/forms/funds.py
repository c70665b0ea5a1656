"""The money of a project form: amounts, execution rate and its score, what was adjusted and what was left over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from perfeval.arithmetic import Scaled, aligned, half_up, rounded, times
from perfeval.checks.figures.footing import footing
from perfeval.checks.forms.form import FormReview, Rate, is_below
from perfeval.checks.tables.rates import WRONG_RATE
from perfeval.errors import InvalidValue, PerfEvalError
from perfeval.findings import Finding, Level, Said, declare
from perfeval.forms import labels
from perfeval.forms.assessment import ScoredRow
from perfeval.forms.labels import BUDGET_KINDS, GOVERNMENTS, GRANT, LOCAL, LOCAL_GOVERNMENTS, SPENDING, TOTAL_FUNDS
from perfeval.forms.model import Entry, FundRow
from perfeval.forms.values import amount, amounts, same
from perfeval.hints import MISSING_VALUE, MIXED_CONVENTIONS, NOT_A_NUMBER, without_words
from perfeval.quantities import PERCENT, Quantity, points
from perfeval.scoring import execution

_NO_AMOUNT, _NO_NUMBER = MISSING_VALUE.says("{why}"), NOT_A_NUMBER.says("{why}")
_NO_RATE = MISSING_VALUE.says("有得分而执行率空白，应为 {due}")
_WRONG_RATE = WRONG_RATE.says("{source}的执行率应为 {part} ÷ {whole} = {due}，表中是 {printed}{because}")
_ROUGH_RATE = WRONG_RATE.says("{source}的执行率是 {due}，表中只写 {printed}")
WRONG_EXECUTION_SCORE = declare(
    "R05", Level.ERROR, "执行率得分算错或超过分值", "按执行率乘分值重算，最高为分值", "预算执行率得分：{explanation}"
)
_OUT_OF_RANGE = WRONG_EXECUTION_SCORE.says("预算执行率得 {given} 分，应在 0 到 {weight} 分之间")
_OTHER_ROUNDING = MIXED_CONVENTIONS.says("预算执行率得分测算为 {computed} 分，{given} 分{how}")
MONEY_LEFT = declare(
    "R16",
    Level.WARNING,
    "资金结余较多，执行率偏低未说明",
    "在偏差原因里说明资金没有支出的原因",
    "预算执行率 {rate}，没有说明资金为什么没有支出",
)
NO_BUDGET = declare(
    "R17",
    Level.ERROR,
    "预算数为 0",
    "核对全年预算数；确无预算的，说明由来并在口径中选定计分办法",
    "{what}为 0，预算执行率无法计算",
)
FUNDS_DO_NOT_ADD_UP = declare(
    "R18",
    Level.ERROR,
    "年度资金总额不等于各项来源之和",
    "核对各来源的金额，使其合计等于年度资金总额",
    "{column}：年度资金总额 {total}，各来源合计 {sum}，相差 {difference}",
)
_SOURCE_UNKNOWN = FUNDS_DO_NOT_ADD_UP.says(
    "{column}：年度资金总额 {total}，各来源合计 {sum}，相差 {difference}；“{names}”是不是别的来源里的一部分，请人工核对"
)
UNEXPLAINED_ADJUSTMENT = declare(
    "R19",
    Level.WARNING,
    "年初与全年预算不同，未说明调整",
    "说明预算调整的原因和批复",
    "年初预算数 {initial}，全年预算数 {budget}，没有说明调整的原因",
)
MIXED_UNITS = declare(
    "R28",
    Level.NOTE,
    "元与万元混用，或单位丢失",
    "统一金额单位，并在表上写明",
    "全年预算数 {budget} 与全年执行数 {executed} 像是元与万元混用",
)
_NO_UNIT = MIXED_UNITS.says("没有写明金额单位是元还是万元")
_ONE_UNIT = MIXED_UNITS.says("全年预算数 {budget} 与全年执行数 {executed} 只有一个带单位")

_COLUMNS = {"initial": "年初预算数", "budget": "全年预算数", "executed": "全年执行数"}
_ROUNDINGS = {"exact": "没有先舍入执行率", 2: "先把执行率舍入到两位小数", 4: "先把执行率舍入到 0.01%"}
_RATE_PLACES = 6  # decimals to which a calculated rate is compared
_LIKELY = (30, 120)  # percent: execution rates that are common


def check(review: FormReview) -> Iterator[Finding]:
    """Everything to be said of the money of a form."""
    total = review.form.execution
    if total is None:
        return
    yield from _missing(review, total)
    yield from _no_budget(review, total)
    for funds in review.form.funds:
        yield from _rate(review, funds)
    if review.execution is not None:
        yield from _score(review, total, review.execution)
    yield from _sources(review, total)
    yield from _adjusted(review, total)
    yield from _left_over(review, total)
    yield from _units(review, total)


def _missing(review: FormReview, total: FundRow) -> Iterator[Finding]:
    for entry, name in ((total.budget, "全年预算数"), (total.executed, "全年执行数")):
        if entry.cell is None:
            continue
        try:
            amount(entry, name)
        except InvalidValue as error:
            sentence = _NO_AMOUNT if without_words(entry.value) else _NO_NUMBER
            yield review.found(sentence.of(why=error.reason), entry, found=entry.text)


def _no_budget(review: FormReview, total: FundRow) -> Iterator[Finding]:
    used, name = review.base(total)
    found = _read(used)
    if found is not None and not found.number.units:
        yield review.found(NO_BUDGET.of(what=name), used, "大于 0", used.text)


def _rate(review: FormReview, funds: FundRow) -> Iterator[Finding]:
    """The printed 执行率 beside executed over budget, rounded as it is printed."""
    rate, printed = review.rate(funds), _read(funds.rate)
    if (
        rate is not None
        and funds.rate.cell is not None
        and not funds.rate.text
        and points(funds.score.value) is not None
    ):
        due = _shown(_rounded_rate(rate, 4), "%")
        yield review.found(_NO_RATE.of(due=due), funds.rate, due)
    if rate is None or printed is None or printed.unit not in {"", PERCENT}:
        return
    number = printed.number
    if printed.bare and number.units > 2 * 10**number.places and rate[0] <= 2 * rate[1]:
        number = Scaled(number.units, number.places + 2)  # 86.93 under a header 执行率（%）
    places = min(max(number.places, 2), _RATE_PLACES)
    due = _rounded_rate(rate, places)
    if same(due, rounded(number, places)):
        return
    expected = _shown(due, funds.rate.text)
    used, name = review.base(funds)
    if number.units and number.places < places and same(_rounded_rate(rate, number.places), number):
        said = _ROUGH_RATE.of(source=funds.source, due=expected, printed=funds.rate.text)
        rough = review.found(said, funds.rate, expected, funds.rate.text)
        yield replace(rough, level=Level.WARNING)
        return
    said = _WRONG_RATE.of(
        source=funds.source,
        part=funds.executed.text,
        whole=used.text,
        due=expected,
        printed=funds.rate.text,
        because=_why_rate(review, funds, number, places),
    )
    yield review.found(said, funds.rate, expected, funds.rate.text, f"执行率 = 全年执行数 ÷ {name}")


def _why_rate(review: FormReview, funds: FundRow, printed: Scaled, places: int) -> str:
    other = funds.budget if review.base(funds)[0] is funds.initial else funds.initial
    rival = review.rate(replace(funds, budget=other, initial=other))
    if rival is not None and same(_rounded_rate(rival, places), rounded(printed, places)):
        return f"，用了错误的分母 {other.text}"
    return ""


def _rounded_rate(rate: Rate, places: int) -> Scaled:
    executed, budget = rate
    return Scaled(half_up(max(executed, 0) * 10**places, budget), places)


def _shown(rate: Scaled, like: str) -> str:
    """A rate as the form prints rates: 87% or 0.87."""
    return f"{times(rate, Scaled(100, 0))}%" if "%" in like or "％" in like else str(rate)


def _score(review: FormReview, total: FundRow, row: ScoredRow) -> Iterator[Finding]:
    """The score of 预算执行率."""
    if row.weight is None:
        return
    if row.printed is None:
        if row.computed is not None and row.cell is not None:
            kind, fault = review.no_points("预算执行率的得分", row.cell)
            said = Said(kind, f"{fault}，测算为 {row.computed} 分")
            yield review.found(said, row.cell, row.computed, basis=review.rule)
        return
    full, given = aligned(row.weight, row.printed)
    if given > full or given < 0:
        said = _OUT_OF_RANGE.of(given=row.printed, weight=row.weight)
        yield review.found(said, row.cell, f"0～{row.weight}", row.printed, review.rule)
    elif row.differs:
        rounding = _other_rounding(review, total, row.weight, row.printed)
        if not rounding:
            said = WRONG_EXECUTION_SCORE.of(explanation=row.explanation)
            yield review.found(said, row.cell, row.computed, row.printed, review.rule)
        elif review.context.is_stated or "保留 0 位" in rounding:
            said = _OTHER_ROUNDING.of(computed=row.computed, given=row.printed, how=rounding)
            yield review.found(said, row.cell, row.computed, row.printed, review.rule)


def _other_rounding(review: FormReview, total: FundRow, weight: Scaled, given: Scaled) -> str:
    """How the score came about that is right but for its rounding, which differs from body to body; "" if it is not."""
    used, name = review.base(total)
    try:
        whole, part = amounts((used, name), (total.executed, "全年执行数"), review.form.unit)
        fine = {
            words: execution(
                whole.number, part.number, weight, replace(review.context.convention, rate=rate, score=_RATE_PLACES)
            ).value
            for rate, words in _ROUNDINGS.items()
        }
    except PerfEvalError:
        return ""
    for places in (2, given.places):
        for words, value in fine.items():
            if isinstance(value, Scaled) and same(rounded(value, places), given):
                return f"{words}，保留 {places} 位小数"
    return ""


def _sources(review: FormReview, total: FundRow) -> Iterator[Finding]:
    """年度资金总额 beside the sum of its sources, column by column. Of a source that nobody knows it cannot be told whether it is a part
    of another: with it or without it the sum may hold, and where it does not, that is told as a note."""
    parts = [funds for funds in review.form.funds if funds.source != TOTAL_FUNDS]
    if len(parts) < 2 or _has_unread_sources(review, total, parts):
        return
    known = [funds for funds in parts if labels.is_source(funds.source)]
    unknown = [funds for funds in parts if not labels.is_source(funds.source)]
    for column, name in _COLUMNS.items():
        whole = _read(getattr(total, column))
        if whole is None:
            continue
        unit = "元" if whole.unit else review.form.unit or "元"
        readings = [[*one, *more] for one in _readings(known) for more in ([], unknown)]
        sums = [numbers for one in readings if (numbers := _amounts(one, column))]
        feet = [footing(whole.number, numbers, unit) for numbers in sums]
        if feet and not any(foot.holds for foot in feet):
            foot, entry = feet[1 if unknown else 0], getattr(total, column)
            facts = {"column": name, "total": entry.text, "sum": foot.sum, "difference": foot.difference}
            if unknown:
                told = _SOURCE_UNKNOWN.of(**facts, names="、".join(funds.source for funds in unknown))
                yield replace(review.found(told, entry, foot.sum, entry.text), level=Level.NOTE)
            else:
                yield review.found(FUNDS_DO_NOT_ADD_UP.of(**facts), entry, foot.sum, entry.text)


def _readings(parts: Sequence[FundRow]) -> Iterator[Sequence[FundRow]]:
    """The ways in which sources may make the total: 财政拨款 may be printed beside the governments that it comes from or the
    budgets that it is of, 地方资金 beside province, city and county, and what the money is for beside them all."""
    printed = {funds.source for funds in parts}
    if printed & SPENDING and printed - SPENDING:
        yield [funds for funds in parts if funds.source in SPENDING]
        yield from _readings([funds for funds in parts if funds.source not in SPENDING])
        return
    for within in (GOVERNMENTS, BUDGET_KINDS):
        if GRANT in printed and printed & within:
            yield [funds for funds in parts if funds.source not in within]
            yield [funds for funds in parts if funds.source != GRANT]
    if LOCAL in printed and printed & LOCAL_GOVERNMENTS:
        yield [funds for funds in parts if funds.source not in LOCAL_GOVERNMENTS]
    yield parts


def _amounts(parts: Sequence[FundRow], column: str) -> list[Scaled]:
    return [read.number for funds in parts if (read := _read(getattr(funds, column))) is not None]


def _has_unread_sources(review: FormReview, total: FundRow, parts: list[FundRow]) -> bool:
    """Whether rows of the block, from its total to its end, hold amounts of a source that nobody read."""
    cells = [funds.budget.cell for funds in (total, *parts) if funds.budget.cell]
    rows = {cell.row for cell in cells}
    if total.budget.cell is None:
        return True
    if len(rows) == 1:  # a source a column
        own, row = {cell.column for cell in cells}, cells[0].row
        return any(
            column not in own and isinstance(review.grid.shown((row, column)).value, int | float)
            for column in range(min(own), max(own))
        )
    column, row = total.budget.cell.column, min(rows)
    while row in rows or isinstance(review.grid.shown((row, column)).value, int | float):
        if row not in rows:
            return True
        row += 1
    return row <= max(rows)


def _adjusted(review: FormReview, total: FundRow) -> Iterator[Finding]:
    try:
        initial, budget = amounts((total.initial, "年初预算数"), (total.budget, "全年预算数"), review.form.unit)
    except InvalidValue:
        return
    if not same(initial.number, budget.number) and not review.explains_adjustment():
        said = UNEXPLAINED_ADJUSTMENT.of(initial=total.initial.text, budget=total.budget.text)
        wanted = f"与年初的 {total.initial.text} 相同，或说明原因"
        yield review.found(said, total.budget, wanted, total.budget.text)


def _left_over(review: FormReview, total: FundRow) -> Iterator[Finding]:
    rate = review.total_rate
    if rate is None or not is_below(rate, review.context.standard.review.execution_low):
        return
    if review.explains_money_left(rate):
        return
    shown = f"{times(_rounded_rate(rate, 4), Scaled(100, 0))}%"
    limit = f"{times(review.context.standard.review.execution_low, Scaled(100, 0))}%"
    said = MONEY_LEFT.of(rate=shown)
    yield review.found(said, total.executed, f"{limit} 以上，或说明原因", shown, review.warning_rule)


def _units(review: FormReview, total: FundRow) -> Iterator[Finding]:
    budget, executed = _read(total.budget), _read(total.executed)
    if budget is None or executed is None:
        return
    if budget.bare and executed.bare and not review.form.unit:
        yield review.found(_NO_UNIT.of(), total.budget, "元 或 万元")
    elif budget.bare != executed.bare and not review.form.unit:
        said = _ONE_UNIT.of(budget=total.budget.text, executed=total.executed.text)
        yield review.found(said, total.executed, "同一单位", total.executed.text)
    rate, printed = review.total_rate, _read(total.rate)
    if rate is None or (printed is not None and same(_rounded_rate(rate, 2), rounded(printed.number, 2))):
        return
    if any(_LIKELY[0] * whole <= 100 * part <= _LIKELY[1] * whole for part, whole in _with_units_confused(rate)):
        said = MIXED_UNITS.of(budget=total.budget.text, executed=total.executed.text)
        yield review.found(said, total.executed, "同一单位", total.executed.text)


def _with_units_confused(rate: Rate) -> tuple[Rate, Rate]:
    """The rate if one of the two amounts were in 元 and the other in 万元."""
    executed, budget = rate
    return (executed * 10_000, budget), (executed, budget * 10_000)


def _read(entry: Entry) -> Quantity | None:
    """The number in a cell of the block; None for a blank, a dash, or what is none."""
    if isinstance(entry.value, str) and not entry.text.strip("—-–－/ 无"):
        return None
    try:
        return amount(entry, "")
    except InvalidValue:
        return None
