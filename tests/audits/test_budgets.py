"""The budget of 12 bodies (004): its tables added up, laid beside one another, and recomputed, item by item.

The readers must give each item's inputs from the tables, and ``footing`` its verdict: within 0.5 万元 an addend.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from perfeval.forms.amount_tables import figure
from support.audits import (
    Finder,
    Item,
    amount,
    exact,
    foots,
    published,
    rounded,
    unit,
)
from support.audits.budgets import SCOPES, STAFF, TABLED, body_of_tasks, staff_control_rate


@pytest.mark.parametrize(("item", "finder"), [pytest.param(*case, id=case[0]["id"]) for case in TABLED])
def test_figure_of_a_table(item: Item, finder: Finder) -> None:
    foots(item, *finder.find(published(), item))


@pytest.mark.parametrize("item", [pytest.param(item, id=item["id"]) for item in STAFF])
def test_staff_control_rate(item: Item) -> None:
    """财政供养人员控制率 of the 12 bodies: up to 100% earns the point, above it none."""
    rate = staff_control_rate(item)
    assert f"{rounded(Fraction(str(rate)) * 100, 2)}%" == item["recomputed"]
    assert item["note"] == f"得分={int(rate <= 1)}"
    assert (item["published"], item["verdict"]) == (None, "derived")


@pytest.mark.parametrize("item", [pytest.param(item, id=item["id"]) for item in SCOPES])
def test_tasks_are_the_budget(item: Item) -> None:
    """表14 in 万元 with two decimals beside 表3 in whole 万元; 本级's tasks hold the special fund too."""
    name = body_of_tasks(item)
    total = amount(published().tasks[name].lines[0], "总额")
    table = published().table("表3")
    lines = [unit(table, name)] + ([unit(table, "(社保专项)")] if name == "本级" else [])
    whole = [figure(amount(line, "支出总计")) for line in lines]
    assert exact(total.text) == exact(item["inputs"]["表14"])
    assert exact(whole[0]) == exact(item["inputs"]["表3"])
    assert rounded(Fraction(exact(total.text)), 0) == sum(map(exact, whole))
    assert item["verdict"] == ("agree_if_scope" if len(lines) > 1 else "agree")
