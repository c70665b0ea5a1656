"""How a printed score that differs may have come about: the mistakes found in published tables."""

from __future__ import annotations

from perfeval.arithmetic import Scaled, aligned, rounded
from perfeval.conventions import Convention
from perfeval.errors import PerfEvalError
from perfeval.forms.model import FundRow
from perfeval.forms.values import amount, same
from perfeval.scoring import execution, forward_share, meets
from perfeval.targets import Actual, Target, Threshold


def of_indicator(target: Target, actual: Actual, weight: Scaled, printed: Scaled, convention: Convention) -> str:
    """Why an indicator's printed score may be what it is, in Chinese."""
    met = meets(target, actual)
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


def of_execution(funds: FundRow, weight: Scaled, printed: Scaled, convention: Convention) -> str:
    """Why the printed score of 预算执行率 may be what it is, in Chinese."""
    used, other, name = funds.budget, funds.initial, "年初预算数"
    if convention.denominator == "initial":
        used, other, name = funds.initial, funds.budget, "全年预算数"
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
