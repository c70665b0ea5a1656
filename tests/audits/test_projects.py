"""The figures of the published project tables, recomputed with our functions: agreeing ones and wrong ones alike.

``data/seed_audit.json`` holds every figure with its inputs, what was published, what the rule gives, and a verdict.
Each is a case here: our functions must give the audit's figure, and comparing it with the published one its verdict.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from support.audits import Item, exact
from support.audits.projects import (
    CASES,
    CONVENTIONS,
    JUDGED,
    PROSE,
    REFUSED,
    as_printed,
    budgets,
    number,
    only,
    recompute,
    row_of,
    verdict,
)
from support.tables import SHENZHEN_PROJECTS


@pytest.mark.parametrize("table", range(1, 9))
def test_tables_hold_the_audited_figures(table: int) -> None:
    project = SHENZHEN_PROJECTS[table - 1]
    items = [item for item in CASES if item["table"] == f"表{table} {project.name}"]
    initial, budget, executed = budgets(project)
    rate, score = only(items, "执行率"), only(items, "预算执行率得分")
    assert {key: Decimal(value) for key, value in rate["inputs"].items()} == {
        "年初预算数": initial,
        "全年预算数": budget,
        "全年执行数": executed,
    }
    assert (project.funds[0].rate, project.funds[0].score) == (rate["published"], score["published"])
    assert project.total == {
        "weight": only(items, "分值合计")["published"],
        "score": only(items, "总分=各项得分之和(按刊载各项)")["published"],
    }
    for item in items:
        if "target" in item["inputs"]:
            row, weight = row_of(item)
            assert (row.target, row.actual, row.score) == (
                item["inputs"]["target"],
                item["inputs"]["actual"],
                item["published"],
            )
            assert Decimal(weight) == Decimal(item["inputs"]["weight"])


@pytest.mark.parametrize("item", [pytest.param(item, id=item["id"]) for item in CASES])
def test_published_figure(item: Item) -> None:
    figure = recompute(item)
    if item["id"] in JUDGED:
        assert figure == ""
        assert number(item["recomputed"]) == number(item["published"])
        achieved = item["inputs"]["actual"]
        share = number(achieved) if achieved.endswith("%") else Decimal(1)
        assert number(item["published"]) == share * Decimal(item["inputs"]["weight"])
        assert item["verdict"] == ("agree" if share == 1 else "agree_if_ratio")
        return
    if item["id"] in REFUSED:
        assert type(figure) is REFUSED[item["id"]]
        assert number(item["recomputed"]) == number(item["published"])
        assert item["verdict"] == "agree"
        return
    if item["recomputed"] == "满分":
        assert (figure, item["published"], item["verdict"]) == (float(row_of(item)[1]), "满分", "agree")
        return
    if item["recomputed"] == "无法核实":
        assert (figure, item["verdict"]) == ("", "disagree")
        return
    figure = figure if isinstance(figure, Fraction) else exact(figure)
    assert number(as_printed(figure, item["recomputed"])) == number(item["recomputed"])
    assert verdict(item, figure) == item["verdict"]


def test_every_item_has_its_case() -> None:
    per_seed = {seed: [item["id"] for item in CASES if item["seed"] == seed] for seed in CONVENTIONS}
    assert {seed: len(ids) for seed, ids in per_seed.items()} == {"003": 104, "001": 29}
    assert len({item["id"] for item in CASES}) == len(CASES)
    assert JUDGED | REFUSED.keys() | PROSE.keys() <= {item["id"] for item in CASES}
