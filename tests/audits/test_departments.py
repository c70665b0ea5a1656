"""The audited figures of the bodies' own tables (seeds 000, 001 附件1 and 附件4-1, 002), recomputed with our functions.

As in ``test_projects``: our figure must be the audit's, and comparing it with the published one must give its verdict.
"""

from __future__ import annotations

import pytest

from perfeval.standards import load_detailed
from support.audits import AUDIT, Item, exact
from support.audits.departments import (
    ITEMS,
    OURS,
    QUOTED,
    SCORES,
    SZ,
    TOLD,
    audited,
    contradicting_rates,
    grade_of_the_printed_total,
    institutions_reached,
    purchasing_scores,
    quarterly_leaf_of_one_rate,
    quarterly_score,
    recompute,
    running_costs_without_a_three_public_budget,
    verdict,
)
from support.audits.projects import CASES, as_printed, call, number


@pytest.mark.parametrize("item", [pytest.param(i, id=i["id"]) for i in ITEMS if i["id"] not in TOLD | QUOTED])
def test_published_figure(item: Item) -> None:
    figure = recompute(item)
    assert number(as_printed(figure, item["recomputed"])) == number(item["recomputed"])
    assert verdict(item, figure) == item["verdict"]


def test_two_tables_print_one_amount() -> None:
    inputs = audited("SA240")["inputs"]
    assert call("PE_NUMBER", inputs["a"]) == call("PE_NUMBER", inputs["b"])


def test_a_printed_4_is_out_of_reach() -> None:
    item = audited("SA132")
    reached = institutions_reached()
    assert reached == {float(one) for one in item["recomputed"].strip("{}").split(",")}
    assert float(item["published"]) not in reached


def test_a_rate_that_two_sums_of_one_document_contradict() -> None:
    """86.19% is printed; the same document's sums give 83.48% and 82.36%."""
    item = audited("SA199")
    assert [as_printed(exact(rate), "0.00%") for rate in contradicting_rates()] == list(item["inputs"].values())
    assert item["published"] not in item["inputs"].values()


def test_the_grade_of_the_printed_total() -> None:
    item = audited("SA202")
    assert grade_of_the_printed_total() == item["published"] == item["recomputed"]


def test_no_three_public_budget_is_full_marks_under_the_stated_convention_only() -> None:
    assert running_costs_without_a_three_public_budget(SZ) == float(audited("SA212")["published"])
    assert running_costs_without_a_three_public_budget(f"{SZ}; three_public=zero") == 3.0


def test_the_purchasing_leaf_lies_between_its_rate_and_one_point_more() -> None:
    low, high = purchasing_scores()
    item = audited("SA215")
    assert f"{low:.2f}–{high:.2f}" == item["recomputed"]
    assert low < float(item["published"]) < high


def test_the_quarterly_leaf_means_a_mean_pace_of_85_67() -> None:
    """The rates are unpublished: what can be told is the mean that the printed 5.14 stands for."""
    item = audited("SA216")
    assert quarterly_score() == float(item["published"].partition("/")[0])
    assert quarterly_leaf_of_one_rate() == ""


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
