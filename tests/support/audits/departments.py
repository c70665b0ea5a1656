"""The audited figures of the bodies' own tables (seeds 000, 001 附件1 and 附件4-1, 002), recomputed with our functions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from support.audits import AUDIT, Item, exact
from support.audits.projects import CASES, as_printed, call, column, number
from support.departments import PUBLISHED

SZ, HN, HN_EXPENDITURE = "sz-department-2020", "hn-department-2020", "hn-expenditure-2020"
OURS = {"000", "002"}

ITEMS = [item for item in AUDIT if (item["seed"] in OURS or item["seed"] == "001") and item not in CASES]

# Figures of prose that no worksheet function computes, by id; each is compared where it stands, or is a bare quotation.
QUOTED = {"SA240"}  # two tables print the same amount


def leaf(standard: str, code: str, *values: Any) -> Any:
    return call("PE_STD_SCORE", standard, code, *values)


def printed(name: str, code: str) -> float:
    return float(next(one.printed for one in PUBLISHED[name].leaves if one.code == code))


def hecheng_total(_: Item) -> Any:
    table = PUBLISHED["hn"]
    scores = [one.score(HN) if one.code == "running-cost-control" else float(one.printed) for one in table.leaves]
    return call("PE_TOTAL", column(scores))


# The scores of single leaves, from the figures the documents print.
SCORES: dict[str, Callable[[Item], Any]] = {
    "SA107": lambda _: leaf(HN, "three-public-control", 1.17, 2),
    "SA109": lambda _: leaf(HN, "running-cost-control", 77.98, 86.63),
    "SA110": lambda item: leaf(HN, "three-public-change", float(item["inputs"]["2020决算"]), float(item["inputs"]["2019决算"])),
    "SA111": lambda _: leaf(HN, "staff-control", 31, 37),
    "SA124": hecheng_total,
    "SA133": lambda item: leaf(HN_EXPENDITURE, "execution", float(item["inputs"]["执行"]), float(item["inputs"]["到位"])),
    "SA134": lambda _: leaf(HN_EXPENDITURE, "cost-saving", 66, 66),
    "SA209": lambda _: leaf(SZ, "staff-control", 34, 40),
    "SA210": lambda _: leaf(SZ, "outside-staff-control", 21, 55),
    "SA211": lambda _: leaf(SZ, "fixed-asset-utilisation", 90, 100),
    "SA213": lambda item: leaf(SZ, "satisfaction", item["inputs"]["rate"]),
    "SA214": lambda _: leaf(SZ, "project-timeliness", 4, 6),
    "SA197": lambda item: float(call("PE_NUMBER", item["inputs"]["正文"])) / 10_000,
    "SA226": lambda item: float(item["inputs"]["表"]) / 10_000,
    "SA234": lambda item: float(item["inputs"]["表"]),
}  # fmt: skip

# Figures whose recomputation is a set, a band or a reading.
TOLD = {"SA132", "SA199", "SA202", "SA212", "SA215", "SA216", "SA217"}


def recompute(item: Item) -> Decimal:
    inputs = item["inputs"]
    if item["id"] in SCORES:
        return exact(SCORES[item["id"]](item))
    if "parts" in inputs:
        return exact(call("PE_TOTAL", column([float(part) for part in inputs["parts"]])))
    return exact(call("PE_CONTROL_RATE", float(inputs["num"]), float(inputs["den"])))


def verdict(item: Item, figure: Decimal) -> str:
    published = item["published"]
    if published is None:
        return "derived"
    ours = number(as_printed(figure, item["recomputed"]))
    theirs = number(published.removesuffix("万元"))
    if ours == theirs:
        return "agree"
    if abs(ours - theirs) <= {"%": Decimal("0.0002")}.get(published[-1], Decimal("0.01")):
        return "agree_within_unit_rounding"
    if as_printed(ours, published.removesuffix("万元")) == published.removesuffix("万元"):
        return "agree_rounded"
    if item["id"] == "SA124":
        return "rule_total_differs"
    return "rule_conflict" if item["id"] == "SA134" else "disagree"


def audited(identifier: str) -> Item:
    return next(item for item in ITEMS if item["id"] == identifier)


# What the told figures are told by, each asked of our functions.


def institutions_reached() -> set[float]:
    """The scores of the leaf that SA132 prints 4 for."""
    return {leaf(HN_EXPENDITURE, "institutions", missing) for missing in range(3)}


def contradicting_rates() -> list[float]:
    """The rates that the sums of SA199's own document give."""
    return [call("PE_EXEC_RATE", *map(float, reversed(pair.split("/")))) for pair in audited("SA199")["inputs"]]


def grade_of_the_printed_total() -> str:
    return call("PE_GRADE", float(audited("SA202")["inputs"]["score"]), SZ)


def running_costs_without_a_three_public_budget(standard: str) -> float:
    return leaf(standard, "running-cost-control", 0, 0, 97, 141.73)


def purchasing_scores() -> tuple[float, float]:
    """The leaf without and with the point for its policy."""
    low, high = (leaf(SZ, "procurement", 8.88, 13.8, policy) for policy in (0, 1))
    return low, high


def quarterly_score() -> float:
    """What a mean pace of 85.67% in every quarter earns."""
    return call("PE_QUARTER_SCORE", *(0.8567 * due for due in (0.25, 0.5, 0.75, 1.0)))


def quarterly_leaf_of_one_rate() -> object:
    return leaf(SZ, "quarterly-execution", None, None, None, 0.8348)


def recompute_the_told() -> None:
    """Every one of them once."""
    institutions_reached()
    contradicting_rates()
    grade_of_the_printed_total()
    for standard in (SZ, f"{SZ}; three_public=zero"):
        running_costs_without_a_three_public_budget(standard)
    purchasing_scores()
    quarterly_score()
    quarterly_leaf_of_one_rate()
