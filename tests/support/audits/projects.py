"""The figures of the published project tables, recomputed with our functions: how each comes about."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from perfeval.errors import InvalidValue, NotApplicable, PerfEvalError
from perfeval.functions import FUNCTIONS
from support.audits import AUDIT, Item, exact, rounded
from support.audits import CASES as WHOLE_BODIES
from support.tables import HECHENG_PROJECTS, SAME_CELL, SHENZHEN_PROJECTS, Indicator, Project, amount_in_yuan

CASES = [item for item in AUDIT if item not in WHOLE_BODIES]  # those of the project tables

CONVENTIONS = {"003": "sz-project-2021", "001": "hn-hecheng-project-2020"}

# Rows the rule gives no score: our function leaves them to a person, or refuses them, and the audit's figure is the
# printed one.
JUDGED = {
    *("SA006", "SA007", "SA010", "SA021", "SA031", "SA039", "SA041", "SA048", "SA049", "SA050", "SA051", "SA052"),
    *("SA058", "SA059", "SA061", "SA062", "SA069", "SA070", "SA072", "SA073", "SA080", "SA081", "SA082", "SA083"),
}

REFUSED: dict[str, type[PerfEvalError]] = {
    "SA009": NotApplicable,  # 不适用
    "SA011": NotApplicable,
    "SA028": InvalidValue,  # 100 beside 100%: 100 还是 100%？
    "SA147": InvalidValue,  # ≥98% is no measurement
}


def call(function: str, *values: object) -> Any:
    """What a function gives, or the error it raises."""
    try:
        return FUNCTIONS[function].call(*values)
    except PerfEvalError as error:
        return error


def as_printed(value: Decimal | Fraction, like: str) -> str:
    """A number in the shape of a printed one: its decimals, its percent sign."""
    places = len(like.rstrip("%").partition(".")[2])
    if like.endswith("%"):
        return f"{rounded(Fraction(value) * 100, places)}%"
    return str(rounded(value, places))


def number(text: str) -> Decimal:
    return Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)


def table_of(item: Item) -> list[Item]:
    return [other for other in CASES if other["table"] == item["table"]]


def only(items: list[Item], name: str) -> Item:
    (found,) = [item for item in items if item["item"] == name]
    return found


def budget_and_executed(item: Item) -> tuple[float, float]:
    """The amounts behind a 预算执行率得分: those of the 执行率 in the same table."""
    inputs = only(table_of(item), "执行率")["inputs"]
    budget, executed = inputs.get("全年预算数", inputs.get("den")), inputs.get("全年执行数", inputs.get("num"))
    return float(budget), float(executed)


def execution_score(item: Item) -> Decimal:
    budget, executed = budget_and_executed(item)
    return exact(call("PE_EXEC_SCORE", budget, executed, float(item["inputs"]["weight"]), CONVENTIONS[item["seed"]]))


def row_of(item: Item) -> tuple[Indicator, str]:
    """The table's own row that an indicator item is about, and its weight (one cell may serve several rows)."""
    kind, colon, name = item["item"].partition(":")
    name = name if colon else item["item"].partition(" ")[0]
    projects = HECHENG_PROJECTS if item["seed"] == "001" else [SHENZHEN_PROJECTS[int(item["table"][1]) - 1]]
    (found,) = [
        (row, next(above.weight for above in reversed(project.indicators[: place + 1]) if above.weight != SAME_CELL))
        for project in projects
        for place, row in enumerate(project.indicators)
        if row.level3 == name and (row.level2 or row.level1).startswith(kind if colon else "")
    ]
    return found


def indicator_score(item: Item) -> Any:
    row, weight = row_of(item)
    convention = CONVENTIONS[item["seed"]]
    return call("PE_INDICATOR_SCORE", row.target, row.actual, float(weight), row.level2 or row.level1, convention)


def rule_total(item: Item) -> Decimal:
    """执行率得分 and every 指标得分 by rule; where the rule gives none, the printed score."""
    items = table_of(item)
    scores = [float(execution_score(only(items, "预算执行率得分")))]
    for other in items:
        if "target" in other["inputs"]:
            score = indicator_score(other)
            scores.append(score if isinstance(score, int | float) else float(other["published"]))
    return exact(call("PE_TOTAL", column(scores)))


def column(values: list[float]) -> tuple[tuple[float], ...]:
    """Values as a range of one column."""
    return tuple((value,) for value in values)


def budgets(project: Project) -> list[Decimal]:
    """年初预算数, 全年预算数, 全年执行数 of the 年度资金总额 row, in 元."""
    return [amount_in_yuan(text, project.unit) or Decimal() for text in project.funds[0][1:4]]


def moved_between_projects(_: Item) -> Fraction:
    """What 表2 gave up over what 表4 received."""
    giver, receiver = budgets(SHENZHEN_PROJECTS[1]), budgets(SHENZHEN_PROJECTS[3])
    return Fraction(giver[0] - giver[1]) / Fraction(receiver[1] - receiver[0])


def rate_without_accounts(item: Item) -> Any:
    """The two tables report 66万元 executed, the final accounts have a blank: there is nothing to divide by."""
    executed = sum(budgets(project)[2] for project in HECHENG_PROJECTS)
    assert executed == amount_in_yuan(item["inputs"]["附件4-2执行"], "万元")
    assert item["inputs"]["附件2项目决算"] == "空"
    return call("PE_EXEC_RATE", "", float(executed))


def executed_in_wanyuan(item: Item) -> Decimal:
    return Decimal(item["inputs"]["执行"]) / 10_000


def pages_left(_: Item) -> Decimal:
    row = SHENZHEN_PROJECTS[7].indicators[0]
    return Decimal(row.target.removesuffix("万页")) - Decimal(row.actual.removesuffix("万页"))


def execution_rate_of_purchase(_: Item) -> Decimal:
    _initial, budget, executed = budgets(SHENZHEN_PROJECTS[6])
    return exact(call("PE_EXEC_RATE", float(budget), float(executed)))


# Figures in the tables' prose, by id: arithmetic over the item's inputs, or over the tables themselves.
PROSE = {
    "SA085": moved_between_projects,
    "SA086": executed_in_wanyuan,
    "SA087": executed_in_wanyuan,
    "SA088": pages_left,
    "SA091": execution_rate_of_purchase,
    "SA150": rate_without_accounts,
}


def recompute(item: Item) -> Any:
    """The item's figure from its inputs: a number, "" or an error as the function gives it."""
    inputs = item["inputs"]
    if item["id"] in PROSE:
        return PROSE[item["id"]](item)
    if "target" in inputs or "lo" in inputs:
        return indicator_score(item)
    if "rule" in inputs:
        return rule_total(item)
    if "weight" in inputs:
        return execution_score(item)
    if "年初预算数" in inputs:
        return exact(call("PE_EXEC_RATE", float(inputs["全年预算数"]), float(inputs["全年执行数"])))
    if "n" in inputs:
        return Decimal(inputs["全年预算数"]) * int(inputs["n"])
    if item["item"] == "执行率":
        return exact(call("PE_EXEC_RATE", float(inputs["den"]), float(inputs["num"])))
    if "控制率" in item["item"]:
        return exact(call("PE_CONTROL_RATE", float(inputs["num"]), float(inputs["den"])))
    if "den" in inputs:
        return Fraction(inputs["num"]) / Fraction(inputs["den"])
    (values,) = (inputs[key] for key in ("weights", "scores", "parts") if key in inputs)
    return exact(call("PE_TOTAL", column([float(value) for value in values])))


def verdict(item: Item, figure: Decimal | Fraction) -> str:
    """What the comparison of our figure with the published one says."""
    published, recomputed = item["published"], as_printed(figure, item["recomputed"])
    if published is None:
        return "derived"
    if number(recomputed) == number(published):
        return "agree"
    if "rule" in item["inputs"]:
        return "rule_total_differs"
    if as_printed(number(recomputed), published) == published:
        return "agree_rounded"
    if "target" in item["inputs"] and number(recomputed) == Decimal(item["inputs"]["weight"]):
        return "rule_conflict"  # the target is met, so the rule gives full marks; points were taken all the same
    return "disagree"
