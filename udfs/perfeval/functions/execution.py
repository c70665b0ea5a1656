"""Worksheet functions of 预算执行: rates of two amounts, and the score of an execution rate."""

from perfeval.arithmetic import Scaled
from perfeval.errors import InvalidValue
from perfeval.functions.kinds import EXECUTION_WEIGHT, NATIONAL, Amount, ConventionText, Points
from perfeval.functions.registry import worksheet_function
from perfeval.quantities import Quantity, comparable
from perfeval.scoring import Outcome, change, execution, rate

_BUDGET = ("全年预算数", "全年预算数（调整后，含上年结转），元或万元，与执行数同一单位")
_EXECUTED = ("全年执行数", "全年执行数，与预算数同一单位；负数按 0 计")
CONVENTION_HELP = (
    "口径",
    "标准的编号或名称，可加“; 名称=值”，例如 sz-project-2021; reverse=reciprocal；不填按国家标准",
)


@worksheet_function(
    title="预算执行率", group="预算执行", rule="执行率 = 全年执行数 ÷ 全年预算数", budget=_BUDGET, executed=_EXECUTED
)
def pe_exec_rate(budget: Amount, executed: Amount) -> Outcome:
    """预算执行率，小数（0.95 即 95%）。预算数和执行数都是 0 时得 0；预算数是 0 而有支出时得 #DIV/0!。"""
    return rate(*_same_unit(executed, budget))


@worksheet_function(
    title="预算执行率得分",
    group="预算执行",
    rule="执行率 × 分值，不超过分值（财预〔2020〕10号）",
    options=("rate", "score", "execution_cap"),
    budget=_BUDGET,
    executed=_EXECUTED,
    weight=("分值", "预算执行率的分值，默认 10 分"),
    convention=CONVENTION_HELP,
)
def pe_exec_score(
    budget: Amount,
    executed: Amount,
    weight: Points = EXECUTION_WEIGHT,
    convention: ConventionText = NATIONAL,
) -> Outcome:
    """预算执行率得分，按口径舍入，最高为分值。预算数是 0 时得 #DIV/0!，除非口径选定满分或 0 分。"""
    whole, part = _same_unit(budget, executed)
    return execution(whole, part, weight, convention)


@worksheet_function(
    title="控制率",
    group="预算执行",
    rule="控制率 = 实际数 ÷ 控制数",
    actual=("实际数", "实际人数或实际支出数"),
    limit=("控制数", "编制数或预算安排数，与实际数同一单位"),
)
def pe_control_rate(actual: Amount, limit: Amount) -> Outcome:
    """控制率，小数：在职人员、三公经费、公用经费等实际数占控制数的比例。两数都是 0 时得 0。"""
    return rate(*_same_unit(actual, limit))


@worksheet_function(
    title="变动率",
    group="预算执行",
    rule="变动率 =（本期数 − 上期数）÷ 上期数",
    current=("本期数", "本年度数"),
    previous=("上期数", "上年度数，与本期数同一单位"),
)
def pe_change_rate(current: Amount, previous: Amount) -> Outcome:
    """变动率，小数，减少为负。两期都是 0 时得 0；上期是 0 而本期不是 0 时得 #DIV/0!。"""
    return change(*_same_unit(current, previous))


def _same_unit(one: Quantity, other: Quantity) -> tuple[Scaled, Scaled]:
    reason = comparable(one, other)
    if reason:
        raise InvalidValue(reason)
    return one.number, other.number


# The column forms need numpy: loaded when the first range comes in.


@pe_exec_score.vectorised
def _(*values):
    from perfeval.scoring import columns  # noqa: PLC0415

    return columns.execution(*values)


@pe_exec_rate.vectorised
def _(budget, executed):
    from perfeval.scoring import columns  # noqa: PLC0415

    return columns.rate(executed, budget)


@pe_control_rate.vectorised
def _(actual, limit):
    from perfeval.scoring import columns  # noqa: PLC0415

    return columns.rate(actual, limit)


@pe_change_rate.vectorised
def _(current, previous):
    from perfeval.scoring import columns  # noqa: PLC0415

    return columns.change(current, previous)
