"""The money of a project form: amounts, execution rate and its score, what was adjusted and what was left over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from perfeval import findings
from perfeval.arithmetic import Scaled, aligned, half_up, rounded, times
from perfeval.checks.figures.footing import footing
from perfeval.checks.projects.form import ProjectForm, Rate, is_below
from perfeval.checks.tables.rates import WRONG_RATE
from perfeval.errors import InvalidValue, PerfEvalError
from perfeval.findings import Finding
from perfeval.forms.assessment import ScoredRow
from perfeval.forms.labels import TOTAL_FUNDS
from perfeval.forms.model import Entry, FundRow
from perfeval.forms.values import amount, amounts, same
from perfeval.hints import MISSING_VALUE, MIXED_CONVENTIONS, NOT_A_NUMBER, without_words
from perfeval.quantities import PERCENT, Quantity
from perfeval.scoring import execution

_COLUMNS = {"initial": "年初预算数", "budget": "全年预算数", "executed": "全年执行数"}
_ROUNDINGS = {"exact": "没有先舍入执行率", 2: "先把执行率舍入到两位小数", 4: "先把执行率舍入到 0.01%"}
_RATE_PLACES = 6  # decimals to which a calculated rate is compared
_LIKELY = (30, 120)  # percent: execution rates that are common


def check(project: ProjectForm) -> Iterator[Finding]:
    """Everything to be said of the money of a form."""
    total = project.form.execution
    if total is None:
        return
    yield from _missing(project, total)
    yield from _no_budget(project, total)
    for funds in project.form.funds:
        yield from _rate(project, funds)
    if project.execution is not None:
        yield from _score(project, total, project.execution)
    yield from _sources(project, total)
    yield from _adjusted(project, total)
    yield from _left_over(project, total)
    yield from _units(project, total)


def _missing(project: ProjectForm, total: FundRow) -> Iterator[Finding]:
    for entry, name in ((total.budget, "全年预算数"), (total.executed, "全年执行数")):
        if entry.cell is None:
            continue
        try:
            amount(entry, name)
        except InvalidValue as error:
            kind = MISSING_VALUE if without_words(entry.value) else NOT_A_NUMBER
            yield project.found(kind, error.reason, entry, found=entry.text)


def _no_budget(project: ProjectForm, total: FundRow) -> Iterator[Finding]:
    used, name = _denominator(project, total)
    found = _read(used)
    if found is not None and not found.number.units:
        told = f"{name}为 0，预算执行率无法计算"
        yield project.found(findings.NO_BUDGET, told, used, "大于 0", used.text)


def _denominator(project: ProjectForm, funds: FundRow) -> tuple[Entry, str]:
    is_initial = project.context.convention.denominator == "initial"
    return (funds.initial, "年初预算数") if is_initial else (funds.budget, "全年预算数")


def _rate(project: ProjectForm, funds: FundRow) -> Iterator[Finding]:
    """The printed 执行率 beside executed over budget, rounded as it is printed."""
    rate, printed = project.rate(funds), _read(funds.rate)
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
    used, name = _denominator(project, funds)
    told = (
        f"{funds.source}的执行率应为 {funds.executed.text} ÷ {used.text} = {expected}，表中是 {funds.rate.text}"
        f"{_why_rate(project, funds, number, places)}"
    )
    yield project.found(WRONG_RATE, told, funds.rate, expected, funds.rate.text, f"执行率 = 全年执行数 ÷ {name}")


def _why_rate(project: ProjectForm, funds: FundRow, printed: Scaled, places: int) -> str:
    other = funds.budget if project.context.convention.denominator == "initial" else funds.initial
    rival = project.rate(replace(funds, budget=other, initial=other))
    if rival is not None and same(_rounded_rate(rival, places), rounded(printed, places)):
        return f"，用了错误的分母 {other.text}"
    return ""


def _rounded_rate(rate: Rate, places: int) -> Scaled:
    executed, budget = rate
    return Scaled(half_up(max(executed, 0) * 10**places, budget), places)


def _shown(rate: Scaled, like: str) -> str:
    """A rate as the form prints rates: 87% or 0.87."""
    return f"{times(rate, Scaled(100, 0))}%" if "%" in like or "％" in like else str(rate)


def _score(project: ProjectForm, total: FundRow, row: ScoredRow) -> Iterator[Finding]:
    """The score of 预算执行率."""
    if row.weight is None:
        return
    if row.printed is None:
        if row.computed is not None and row.cell is not None:
            kind, fault = project.no_points("预算执行率的得分", row.cell)
            yield project.found(kind, f"{fault}，测算为 {row.computed} 分", row.cell, row.computed, basis=project.rule)
        return
    full, given = aligned(row.weight, row.printed)
    if given > full or given < 0:
        told = f"预算执行率得 {row.printed} 分，应在 0 到 {row.weight} 分之间"
        yield project.found(
            findings.WRONG_EXECUTION_SCORE, told, row.cell, f"0～{row.weight}", row.printed, project.rule
        )
    elif row.differs:
        rounding = _other_rounding(project, total, row.weight, row.printed)
        if not rounding:
            yield project.found(
                findings.WRONG_EXECUTION_SCORE,
                f"预算执行率得分：{row.explanation}",
                row.cell,
                row.computed,
                row.printed,
                project.rule,
            )
        elif project.context.is_stated or "保留 0 位" in rounding:
            told = f"预算执行率得分测算为 {row.computed} 分，{row.printed} 分{rounding}"
            yield project.found(MIXED_CONVENTIONS, told, row.cell, row.computed, row.printed, project.rule)


def _other_rounding(project: ProjectForm, total: FundRow, weight: Scaled, given: Scaled) -> str:
    """How the score came about that is right but for its rounding, which differs from body to body; "" if it is not."""
    used, name = _denominator(project, total)
    try:
        whole, part = amounts((used, name), (total.executed, "全年执行数"), project.form.unit)
        fine = {
            words: execution(
                whole.number, part.number, weight, replace(project.context.convention, rate=rate, score=_RATE_PLACES)
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


def _sources(project: ProjectForm, total: FundRow) -> Iterator[Finding]:
    """年度资金总额 beside the sum of its sources, column by column, where every source is known."""
    parts = [funds for funds in project.form.funds if funds.source != TOTAL_FUNDS]
    if len(parts) < 2 or _has_unknown_sources(project, total, parts):
        return
    for column, name in _COLUMNS.items():
        whole = _read(getattr(total, column))
        found = [read for funds in parts if (read := _read(getattr(funds, column))) is not None]
        if whole is None or not found:
            continue
        foot = footing(whole.number, [read.number for read in found], "元" if whole.unit else project.form.unit or "元")
        if not foot.holds:
            entry = getattr(total, column)
            told = f"{name}：年度资金总额 {entry.text}，各来源合计 {foot.sum}，相差 {foot.difference}"
            yield project.found(findings.FUNDS_DO_NOT_ADD_UP, told, entry, foot.sum, entry.text)


def _has_unknown_sources(project: ProjectForm, total: FundRow, parts: list[FundRow]) -> bool:
    """Whether rows of the block, from its total to its end, hold amounts of a source that the reader does not know."""
    rows = {funds.budget.cell.row for funds in (total, *parts) if funds.budget.cell}
    if total.budget.cell is None:
        return True
    column, row = total.budget.cell.column, min(rows)
    while row in rows or isinstance(project.grid.shown((row, column)).value, int | float):
        if row not in rows:
            return True
        row += 1
    return row <= max(rows)


def _adjusted(project: ProjectForm, total: FundRow) -> Iterator[Finding]:
    try:
        initial, budget = amounts((total.initial, "年初预算数"), (total.budget, "全年预算数"), project.form.unit)
    except InvalidValue:
        return
    if not same(initial.number, budget.number) and not project.explains_adjustment():
        told = f"年初预算数 {total.initial.text}，全年预算数 {total.budget.text}，没有说明调整的原因"
        wanted = f"与年初的 {total.initial.text} 相同，或说明原因"
        yield project.found(findings.UNEXPLAINED_ADJUSTMENT, told, total.budget, wanted, total.budget.text)


def _left_over(project: ProjectForm, total: FundRow) -> Iterator[Finding]:
    rate = project.total_rate
    if rate is None or not is_below(rate, project.context.standard.review.execution_low):
        return
    if project.explains_money_left(rate):
        return
    shown = f"{times(_rounded_rate(rate, 4), Scaled(100, 0))}%"
    limit = f"{times(project.context.standard.review.execution_low, Scaled(100, 0))}%"
    told = f"预算执行率 {shown}，没有说明资金为什么没有支出"
    yield project.found(
        findings.MONEY_LEFT, told, total.executed, f"{limit} 以上，或说明原因", shown, project.warning_rule
    )


def _units(project: ProjectForm, total: FundRow) -> Iterator[Finding]:
    budget, executed = _read(total.budget), _read(total.executed)
    if budget is None or executed is None:
        return
    if budget.bare and executed.bare and not project.form.unit:
        yield project.found(findings.MIXED_UNITS, "没有写明金额单位是元还是万元", total.budget, "元 或 万元")
    elif budget.bare != executed.bare and not project.form.unit:
        told = f"全年预算数 {total.budget.text} 与全年执行数 {total.executed.text} 只有一个带单位"
        yield project.found(findings.MIXED_UNITS, told, total.executed, "同一单位", total.executed.text)
    rate, printed = project.total_rate, _read(total.rate)
    if rate is None or (printed is not None and same(_rounded_rate(rate, 2), rounded(printed.number, 2))):
        return
    if any(_LIKELY[0] * whole <= 100 * part <= _LIKELY[1] * whole for part, whole in _with_units_confused(rate)):
        told = f"全年预算数 {total.budget.text} 与全年执行数 {total.executed.text} 像是元与万元混用"
        yield project.found(findings.MIXED_UNITS, told, total.executed, "同一单位", total.executed.text)


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
