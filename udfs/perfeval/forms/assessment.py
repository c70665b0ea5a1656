"""A form's scores recomputed: every row under a convention, beside what is printed, and how a wrong one may have come about.

A row the rule cannot score (judgement, a refused value, a shared weight not fully met) has no computed score; its
printed score counts in the computed total if it lies between 0 and the weight, and inside its band where it has one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from perfeval.arithmetic import ZERO, Scaled, add, aligned, half_up, lesser, rounded, subtract
from perfeval.conventions import Convention
from perfeval.errors import CellError, InvalidValue, NotApplicable, PerfEvalError
from perfeval.forms.grid import Address, Value
from perfeval.forms.model import Entry, Form, FundRow, IndicatorRow
from perfeval.forms.values import amount, amounts, measured, same
from perfeval.quantities import points
from perfeval.ruletext import of_row
from perfeval.scoring import Outcome, bands, execution, forward_share, in_band, indicator, meets
from perfeval.targets import Actual, Inapplicable, Target, Threshold, actual_of, target_of


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """One score of a form.

    ``cell`` is that of the 得分; ``computed`` is None where no rule gives it; ``counted`` is what the row adds to the
    computed total (None: nothing can be said); ``applies`` is False for 不适用; ``is_execution``: of 预算执行率. ``basis`` is
    what to say of rule, 口径 and source behind the explanation.
    """

    cell: Address | None
    name: str
    target: Value
    actual: Value
    weight: Scaled | None
    printed: Scaled | None
    computed: Scaled | None
    counted: Scaled | None
    explanation: str
    applies: bool = True
    basis: str = ""
    is_execution: bool = False

    @property
    def is_scored(self) -> bool:
        """Whether the row should add to the total: it has a weight, or a score without one."""
        return self.printed is not None if self.weight is None else bool(self.weight.units)

    @property
    def differs(self) -> bool:
        """Whether the printed score is another than the computed one."""
        return self.computed is not None and self.printed is not None and not same(self.computed, self.printed)


@dataclass(frozen=True, slots=True)
class Assessment:
    """A form under a convention. ``computed_total`` is None where a row with a weight has no usable score at all."""

    form: Form
    rows: tuple[ScoredRow, ...]
    printed_total: Scaled | None
    computed_total: Scaled | None


def assess(form: Form, convention: Convention) -> Assessment:
    """Every score of a form, recomputed."""
    convention = convention.in_year(form.year)
    funds = form.execution
    groups = [group for group in form.groups() if not all(row.is_placeholder for row in group)]
    above = parents(groups) if convention.parents == "leaves" else frozenset()
    counted = [group[0] for group in groups if group[0].row not in above and not form.is_execution(group[0])]
    rows = (
        [_execution(_with_weight(form, funds, counted), form.unit, convention)]
        if funds and form.scores_execution
        else []
    )
    for group in groups:
        head = group[0]
        if funds and form.is_execution(head):
            if not form.scores_execution:  # else printed twice, counted once
                own = replace(funds, weight=head.weight, score=head.score)
                rows.append(_execution(own, form.unit, convention))
        elif head.row not in above:
            rows.extend(_group(group, convention))
    return Assessment(form, tuple(rows), points(form.total_score.value), total_of(rows, convention))


def _with_weight(form: Form, funds: FundRow, rows: Sequence[IndicatorRow]) -> FundRow:
    """The money with what the rows leave of the printed total, where 预算执行率 has a 得分 and no 分值 is printed for it."""
    total, weights = points(form.total_weight.value), [points(row.weight.value) for row in rows]
    known = [weight for weight in weights if weight is not None]
    score = points(funds.score.value)
    if funds.weight.cell or funds.weight.text or score is None or total is None or len(known) < len(rows):
        return funds
    left = subtract(total, add(known))
    return replace(funds, weight=Entry(str(left))) if left.units and subtract(left, score).units >= 0 else funds


def _execution(funds: FundRow, unit: str, convention: Convention) -> ScoredRow:
    """预算执行率, from the 年度资金总额 row of a form whose amounts are in ``unit``."""
    weight, printed = points(funds.weight.value), points(funds.score.value)
    used, name = funds.base(convention.denominator)
    computed = None
    try:
        whole, part = amounts((used, name), (funds.executed, "全年执行数"), unit)
        if weight is None:
            raise InvalidValue("预算执行率的分值空白或不是数，请填写")
        outcome = execution(whole.number, part.number, weight, convention)
        computed, told = _points_of(outcome), outcome.arithmetic()
    except PerfEvalError as error:
        told = f"不能计算：{error.reason}"
    row = scored_row(funds.score, "预算执行率", used.value, funds.executed.value, weight, printed, computed, told)
    row = replace(row, is_execution=True)
    if row.differs and weight is not None and printed is not None:
        return replace(row, explanation=f"{told}；{_cause_of_execution(funds, weight, printed, convention)}")
    return row


def _group(group: Sequence[IndicatorRow], convention: Convention) -> Iterator[ScoredRow]:
    """The rows of one 分值. The first carries the score; the others say that they share it."""
    head = group[0]
    if len(group) == 1:
        yield _single(head, convention)
        return
    weight = points(head.weight.value)
    scores = [points(score.value) for score in dict.fromkeys(row.score for row in group)]
    given = [score for score in scores if score is not None]
    printed = add(given) if given else None
    computed, told = _shared(group, weight, convention)
    yield scored_row(head.score, head.name.text, head.target.value, head.actual.value, weight, printed, computed, told)
    for row in group[1:]:
        told = f"与“{head.name.text}”共用分值，见该行"
        yield ScoredRow(row.score.cell, row.name.text, row.target.value, row.actual.value, None, None, None, None, told)


def _single(row: IndicatorRow, convention: Convention) -> ScoredRow:
    weight, printed = points(row.weight.value), points(row.score.value)
    computed, applies, cause = None, True, ""
    try:
        outcome = _by_its_values(row, weight, convention) if row.is_of_values else _by_its_rule(row, weight, convention)
        computed, told = _points_of(outcome), outcome.arithmetic()
        if computed is not None and printed is not None and not same(computed, printed):
            cause = f"；{_cause_of_score(row, weight, printed, convention)}"
    except NotApplicable as error:
        told, applies = error.reason, False
    except _NotScored as error:
        told = error.reason
    except PerfEvalError as error:
        told = f"不能计算：{error.reason}"
    values = (row.target.value, row.actual.value)
    has_points = row.weight.cell is not None or weight is not None
    scored = scored_row(
        row.score, row.name.text, *values, weight, printed, computed, told + cause, has_points=has_points
    )
    is_judged = scored.counted is not None and computed is None and weight is not None and row.is_of_values
    if is_judged and not in_band(row.actual.text, printed, weight, convention):
        return replace(
            scored, counted=None, explanation=f"{told}；表中 {printed} 分不在“{row.actual.text}”的档次内，未计入总分"
        )
    return replace(scored, applies=applies)


def _by_its_values(row: IndicatorRow, weight: Scaled | None, convention: Convention) -> Outcome:
    """The score by 指标值 and 完成值. Raises PerfEvalError where they or the points give none."""
    target, actual = _read(row, convention)
    if weight is None:
        _refuse_without_points(row, target, actual, convention)
    return indicator(target, actual, weight, convention)


def _by_its_rule(row: IndicatorRow, weight: Scaled | None, convention: Convention) -> Outcome:
    """The score by the rule that stands beside the row. Raises _NotScored where a person judges, and tells why."""
    if not row.rule.text or weight is None or row.target.cell is None or row.actual.cell is None:
        raise _NotScored(
            f"按印的标准“{row.rule.text}”由人评定" if row.rule.text else "表中没有指标值和完成值，由人评定"
        )
    try:
        values = measured(row.target, "指标值"), measured(row.actual, "完成值")
        outcome = of_row(row.rule.text, row.name.text, *values, row.kind, weight, convention)
    except PerfEvalError as error:
        raise _NotScored(f"按印的标准“{row.rule.text}”由人评定：{error.reason}") from error
    return outcome if outcome.value is not None else Outcome(None, lambda: f"按印的标准“{row.rule.text}”由人评定")


class _NotScored(PerfEvalError):
    """A row to which no rule gives points, which is no fault of the row."""


def _refuse_without_points(row: IndicatorRow, target: Target, actual: Actual, convention: Convention) -> NoReturn:
    """What is said of a row without a number of points."""
    if row.weight.text:
        raise InvalidValue(f"分值“{row.weight.text}”不是数")
    if row.weight.cell is not None:
        raise InvalidValue("分值空白")
    met = meets(target, actual, convention.year)
    raise _NotScored(f"表中没有分值；{'由人评定是否达标' if met is None else '达标' if met else '未达标'}")


def scored_row(
    score: Entry,
    name: str,
    target: Value,
    actual: Value,
    weight: Scaled | None,
    printed: Scaled | None,
    computed: Scaled | None,
    told: str,
    *,
    has_points: bool = True,
) -> ScoredRow:
    """The row, with its printed score counted where there is no computed one; ``has_points``: the form prints a 分值 for it."""
    counted = computed
    if computed is None and printed is not None:
        full, given = aligned(weight or (ZERO if has_points else printed), printed)
        if 0 <= given <= full:
            counted = printed
            told += f"；总分计入表中的 {printed} 分" if full else ""
        else:
            told += f"；表中的 {printed} 分不在 0 到分值之间，未计入总分"
    if isinstance(score.value, CellError):
        told += f"；表中的得分是错误值 {score.value}，请改正"
    elif printed is None and score.text.strip("—-/"):
        told += f"；表中的得分“{score.text}”不是数，请改正"
    return ScoredRow(score.cell, name, target, actual, weight, printed, computed, counted, told)


def _shared(group: Sequence[IndicatorRow], weight: Scaled | None, convention: Convention) -> tuple[Scaled | None, str]:
    """One weight over several rows: full when all are met, otherwise as the convention says."""
    if weight is None:
        return None, "不能计算：合并的分值空白或不是数"
    short = []
    scores = []
    for row in group:
        try:
            target, actual = _read(row, convention)
            met = meets(target, actual, convention.year)
            scores.append(_points_of(indicator(target, actual, weight, convention)))
        except PerfEvalError as error:
            return None, f"不能计算：“{row.name.text}”{error.reason}"
        if met is None:
            return None, f"“{row.name.text}”由人评定：{bands(weight, convention)}"
        if not met:
            short.append(f"“{row.name.text}”（指标值 {row.target.text}，完成值 {row.actual.text}）")
    if not short:
        return weight, f"共用分值的 {len(group)} 行全部达标，得满分 {weight} 分"
    missed = f"共用分值的 {len(group)} 行里，{'、'.join(short)}未达标"
    known = [score for score in scores if score is not None]
    if convention.shared == "average" and len(known) == len(group):
        total = add(known)
        units = half_up(total.units * 10**convention.score, len(group) * 10**total.places)
        mean = lesser(Scaled(units, convention.score), weight)
        return mean, f"{missed}，按各行得分平均得 {mean} 分"
    return None, f"{missed}，由人评定"


def _read(row: IndicatorRow, convention: Convention) -> tuple[Target, Actual]:
    target = target_of(measured(row.target, "指标值"), row.kind)
    if isinstance(target, Inapplicable):
        raise NotApplicable("指标不适用，不计分")
    return target, actual_of(measured(row.actual, "完成值"), bound=convention.inequality == "bound")


def misses(row: IndicatorRow, convention: Convention) -> bool:
    """Whether the 完成值 of a row is known to miss its 指标值; False where they cannot be compared."""
    try:
        target, actual = _read(row, convention)
        return meets(target, actual, convention.year) is False
    except PerfEvalError:
        return False


def _points_of(outcome: Outcome) -> Scaled | None:
    return outcome.value if isinstance(outcome.value, Scaled) else None


def sum_of_counted(rows: Sequence[ScoredRow]) -> Scaled | None:
    """The sum of what the rows count; None where nothing counts, or one that should counts nothing."""
    counted = [row.counted for row in rows if row.counted is not None]
    if not counted or any(row.counted is None and row.applies and row.is_scored for row in rows):
        return None
    return add(counted)


def total_of(rows: Sequence[ScoredRow], convention: Convention) -> Scaled | None:
    """What the rows of a project's form count together under a convention; None where that cannot be said."""
    total = sum_of_counted(rows)
    if total is not None and convention.not_applicable == "rescale":
        applicable = add([row.weight for row in rows if row.weight is not None and row.applies])
        part, whole = aligned(total, applicable)
        if whole:
            return Scaled(half_up(part * 100 * 10**convention.score, whole), convention.score)
    return total


def parents(groups: Sequence[Sequence[IndicatorRow]]) -> frozenset[int]:
    """Rows without 指标值 and 完成值 that only carry the sum of the rows below them (15 above 5, 5 and 5)."""
    found = set()
    for place, group in enumerate(groups):
        head = group[0]
        weight = points(head.weight.value)
        if head.target.cell is None or head.target.text or head.actual.text or weight is None or not weight.units:
            continue
        below = []
        for later in (other[0] for other in groups[place + 1 :]):
            if (later.level1, later.level2) != (head.level1, head.level2):
                break
            below.append(points(later.weight.value) or ZERO)
        if below and same(add(below), weight):
            found.add(head.row)
    return frozenset(found)


def _cause_of_score(row: IndicatorRow, weight: Scaled | None, printed: Scaled, convention: Convention) -> str:
    """Why an indicator's printed score may be what it is, in Chinese."""
    if not row.is_of_values or weight is None:
        return f"表中得 {printed} 分"
    target, actual = _read(row, convention)
    met = meets(target, actual, convention.year)
    forward = forward_share(target, actual, weight)
    full, given = aligned(weight, printed)
    if met and isinstance(target, Threshold) and target.upper and _rounds_to(forward, printed):
        return f"表中 {printed} 分是把反向指标按正向计分（{actual.text} × {weight} 分）"
    if met and given < full:
        return f"已达标，表中只得 {printed} 分"
    if not met and given == full:
        return f"未达标，表中却得满分 {printed} 分"
    if forward is not None and same(_cut(forward, convention.score), printed):
        return f"表中 {printed} 分是截断得出的，应四舍五入"
    if _rounds_to(forward, printed):
        return f"表中 {printed} 分只保留了 {printed.places} 位小数"
    return f"表中得 {printed} 分"


def _cause_of_execution(funds: FundRow, weight: Scaled, printed: Scaled, convention: Convention) -> str:
    """Why the printed score of 预算执行率 may be what it is, in Chinese."""
    used, _ = funds.base(convention.denominator)
    other, name = (funds.budget, "全年预算数") if used is funds.initial else (funds.initial, "年初预算数")
    try:
        rival = execution(
            amount(other, name).number, amount(funds.executed, "全年执行数").number, weight, convention
        ).value
    except PerfEvalError:
        rival = None
    if isinstance(rival, Scaled) and same(rival, printed):
        return f"表中 {printed} 分用了错误的分母：{name} {other.text}"
    if convention.rate_places is not None:
        whole, part = aligned(amount(used, "预算数").number, amount(funds.executed, "全年执行数").number)
        rate = Scaled(part * 10**convention.rate_places // whole, convention.rate_places)
        if same(Scaled(rate.units * weight.units, rate.places + weight.places), printed):
            return f"表中 {printed} 分的执行率是截断得出的，应四舍五入"
    return f"表中得 {printed} 分"


def _rounds_to(forward: Scaled | None, printed: Scaled) -> bool:
    return forward is not None and same(rounded(forward, printed.places), printed)


def _cut(number: Scaled, places: int) -> Scaled:
    return Scaled(number.units // 10 ** (number.places - places), places)
