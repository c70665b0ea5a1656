"""The audited figures of the bodies' own tables (seeds 000, 001 附件1 and 附件4-1, 002), recomputed with our functions.

As in ``test_seed_audit``: our figure must be the audit's, and comparing it with the published one must give its verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from departments import PUBLISHED
from perfeval.standards import load_detailed
from test_seed_audit import AUDIT, CASES, Item, as_printed, call, column, exact, number

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


@pytest.mark.parametrize("item", [pytest.param(i, id=i["id"]) for i in ITEMS if i["id"] not in TOLD | QUOTED])
def test_published_figure(item: Item) -> None:
    figure = recompute(item)
    assert number(as_printed(figure, item["recomputed"])) == number(item["recomputed"])
    assert verdict(item, figure) == item["verdict"]


def audited(identifier: str) -> Item:
    return next(item for item in ITEMS if item["id"] == identifier)


def test_two_tables_print_one_amount() -> None:
    inputs = audited("SA240")["inputs"]
    assert call("PE_NUMBER", inputs["a"]) == call("PE_NUMBER", inputs["b"])


def test_a_printed_4_is_out_of_reach() -> None:
    item = audited("SA132")
    reached = {leaf(HN_EXPENDITURE, "institutions", missing) for missing in range(3)}
    assert reached == {float(one) for one in item["recomputed"].strip("{}").split(",")}
    assert float(item["published"]) not in reached


def test_a_rate_that_two_sums_of_one_document_contradict() -> None:
    """86.19% is printed; the same document's sums give 83.48% and 82.36%."""
    item = audited("SA199")
    rates = [call("PE_EXEC_RATE", *map(float, reversed(pair.split("/")))) for pair in item["inputs"]]
    assert [as_printed(exact(rate), "0.00%") for rate in rates] == list(item["inputs"].values())
    assert item["published"] not in item["inputs"].values()


def test_the_grade_of_the_printed_total() -> None:
    item = audited("SA202")
    assert call("PE_GRADE", float(item["inputs"]["score"]), SZ) == item["published"] == item["recomputed"]


def test_no_three_public_budget_is_full_marks_under_the_stated_convention_only() -> None:
    values = (0, 0, 97, 141.73)
    assert leaf(SZ, "running-cost-control", *values) == float(audited("SA212")["published"])
    assert leaf(f"{SZ}; three_public=zero", "running-cost-control", *values) == 3.0


def test_the_purchasing_leaf_lies_between_its_rate_and_one_point_more() -> None:
    low, high = (leaf(SZ, "procurement", 8.88, 13.8, policy) for policy in (0, 1))
    item = audited("SA215")
    assert f"{low:.2f}–{high:.2f}" == item["recomputed"]
    assert low < float(item["published"]) < high


def test_the_quarterly_leaf_means_a_mean_pace_of_85_67() -> None:
    """The rates are unpublished: what can be told is the mean that the printed 5.14 stands for."""
    item = audited("SA216")
    paces = [0.8567 * due for due in (0.25, 0.5, 0.75, 1.0)]
    assert call("PE_QUARTER_SCORE", *paces) == float(item["published"].partition("/")[0])
    assert leaf(SZ, "quarterly-execution", None, None, None, 0.8348) == ""


def test_a_weight_that_the_rules_text_contradicts_is_marked() -> None:
    item = audited("SA217")
    one = load_detailed(SZ).leaf("绩效目标完整性")
    assert str(one.weight) == item["published"]
    assert "8 分" in one.contradiction


def test_every_item_has_its_case() -> None:
    covered = {item["id"] for item in ITEMS}
    assert covered | {item["id"] for item in CASES} == {
        item["id"] for item in AUDIT if item["seed"] in {*OURS, "001", "003"}
    }
    assert SCORES.keys() | TOLD | QUOTED <= covered
