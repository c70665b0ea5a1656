"""Figures of whole bodies' accounts and self-evaluations (000, 001, 002), and of every report's prose, recomputed.

What stands in a table is read from it. A figure of the prose is recomputed over the item's own inputs. A score by rule is
recomputed with the rule as the form prints it, wrong where the form is wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest

from perfeval.arithmetic import Scaled
from perfeval.checks.figures.footing import footing
from perfeval.forms import labels
from perfeval.forms.amount_tables import figure
from perfeval.functions import FUNCTIONS
from support.audits import (
    AUDIT,
    CASES,
    Finder,
    Item,
    Published,
    amount,
    exact,
    foots,
    of,
    places,
    published,
    rounded,
    scaled,
    sum_verdict,
    table_unit,
)
from support.audits.bodies import FORMS, IN_TABLES, TABLED
from support.audits.budgets import SCOPES, STAFF
from support.audits.budgets import TABLED as BUDGET
from support.audits.projects import CASES as PROJECTS


@pytest.mark.parametrize(("item", "finder"), [pytest.param(*case, id=case[0]["id"]) for case in TABLED])
def test_figure_of_a_table(item: Item, finder: Finder) -> None:
    foots(item, *finder.find(published(), item))


def rate_holds(published: str, part: Decimal, whole: Decimal) -> bool:
    """Whether a printed rate can come from figures that were rounded to their last printed decimals."""

    def half(number: Decimal) -> Fraction:
        return Fraction(Decimal(5).scaleb(int(number.as_tuple().exponent) - 1))

    low = (Fraction(part) - half(part)) / (Fraction(whole) + half(whole))
    high = (Fraction(part) + half(part)) / (Fraction(whole) - half(whole))
    printed = Fraction(exact(published)) / (100 if published.endswith("%") else 1)
    return low <= printed <= high


def ratio_verdict(item: Item) -> str:
    inputs = item["inputs"]
    part, whole = exact(inputs["num"]), exact(inputs["den"])
    percent = item["recomputed"].endswith("%")
    value = Fraction(part) / Fraction(whole) * (100 if percent else 1)
    assert rounded(value, places(item["recomputed"])) == exact(item["recomputed"])
    printed = item["published"]
    if printed is None:
        return "derived"
    if rounded(value, places(printed)) == exact(printed):
        return "agree"
    return "agree_within_unit_rounding" if rate_holds(printed, part, whole) else "disagree"


RATIOS = [item for item in CASES if {"num", "den"} <= item["inputs"].keys()]


@pytest.mark.parametrize("item", [pytest.param(item, id=item["id"]) for item in RATIOS])
def test_ratio(item: Item) -> None:
    assert ratio_verdict(item) == item["verdict"]


SUMS = [item for item in CASES if "parts" in item["inputs"] and item["id"] not in IN_TABLES]


@pytest.mark.parametrize("item", [pytest.param(item, id=item["id"]) for item in SUMS])
def test_sum_in_the_prose(item: Item) -> None:
    parts = [scaled(part) for part in item["inputs"]["parts"]]
    assert exact(footing(Scaled(0, 0), parts, "元").sum) == exact(item["recomputed"])
    assert sum_verdict(item["published"], parts, table_unit(item)) == item["verdict"]


def row_of(p: Published, item: Item) -> tuple[Decimal, Decimal, str]:
    """Weight, score and rule of the leaf that an item is about, as its form prints them."""
    block = p.forms[FORMS[item["seed"], item["table"]]]
    name = re.split(r"得分|[ \d]", item["item"])[0]
    row = next(row for row in block.rows if labels.key(row.name.text).endswith(name))
    return exact(row.weight.text), exact(row.score.text), row.rule.text


def reachable(weight: Decimal, step: Decimal) -> list[Decimal]:
    """What a rule “每缺一项扣 step 分” can leave of the weight."""
    scores = [weight]
    while scores[-1]:
        scores.append(max(scores[-1] - step, Decimal()))
    return scores


def leaf(p: Published, item: Item, by_rule: object) -> str:
    """The verdict on a published leaf score: the form's own figure beside the score by its rule."""
    _, score, _ = row_of(p, item)
    assert score == exact(item["published"])
    return "agree" if score == by_rule else "disagree"


def control(rate: Fraction, weight: int) -> int:
    """Full marks up to 100%."""
    return weight if rate <= 1 else 0


def percent(text: str) -> Fraction:
    return Fraction(exact(text)) / 100


def basics(p: Published, row: str, column: str) -> Fraction:
    """A figure of 001's 基础数据表 (经费 in 元)."""
    staff, money = p.tables["001_basics"]
    table = staff if row == "财政供养人员情况" else money
    found = figure(amount(of(table, row), column))
    assert found is not None
    return Fraction(exact(found))


def official_cost_rate(p: Published, item: Item) -> str:
    rate = basics(p, "三公经费", "2020年决算数") / basics(p, "三公经费", "2020年预算数")
    assert rate == percent(item["inputs"]["rate"])
    return leaf(p, item, control(rate, 3))


def running_cost_rate(p: Published, item: Item) -> str:
    rate = basics(p, "公用经费", "2020年决算数") / basics(p, "公用经费", "2020年预算数")
    assert abs(rate - percent(item["inputs"]["rate"])) < Fraction(1, 10_000)
    assert control(rate, 3) == exact(item["recomputed"])
    return leaf(p, item, control(rate, 3))


def official_cost_change(p: Published, item: Item) -> str:
    before = basics(p, "三公经费", "2019年决算数")
    changes = [basics(p, "三公经费", column) - before for column in ("2020年预算数", "2020年决算数")]
    assert all(change < 0 for change in changes)  # whichever is meant, the costs fell
    return leaf(p, item, 2)


def staff_rate(p: Published, item: Item) -> str:
    rate = basics(p, "财政供养人员情况", "2020年实际在职人数") / basics(p, "财政供养人员情况", "编制数")
    assert rounded(rate * 100, 2) == exact(item["inputs"]["rate"])
    return leaf(p, item, control(rate, 2))


def rule_total(p: Published, item: Item) -> str:
    block = p.forms["001_framework"]
    scores = [
        Decimal(3) if "公用经费" in r.name.text and "三公" not in r.name.text else exact(r.score.text)
        for r in block.rows
    ]
    assert sum(scores) == exact(item["recomputed"])
    assert exact(block.total_score.text) == exact(item["published"])
    return "agree" if sum(scores) == exact(block.total_score.text) else "rule_total_differs"


def reachable_score(p: Published, item: Item) -> str:
    weight, score, _ = row_of(p, item)
    can_be = reachable(weight, Decimal(3))
    assert item["recomputed"] == "{" + ",".join(map(str, can_be)) + "}"
    return "agree" if score in can_be else "disagree"


def execution_rate(p: Published, item: Item) -> str:
    executed, received = (Fraction(item["inputs"][what]) for what in ("执行", "到位"))
    return leaf(p, item, control(received / executed, 3))


def saving_rule(p: Published, item: Item) -> str:
    """As printed, a saving of 0% (cost as planned) loses 2 points for each of 20 steps: nothing is left of 10."""
    weight, score, _ = row_of(p, item)
    by_rule = max(weight - 2 * 20, Decimal())
    assert by_rule == exact(item["recomputed"])
    return "agree" if score == by_rule else "rule_conflict"


def grade(p: Published, item: Item) -> str:
    block = p.forms["000_scoring"]
    assert block.grade.text == item["published"]
    found = FUNCTIONS["PE_GRADE"].call(float(block.total_score.text))
    assert found == item["recomputed"]
    return "agree" if found == block.grade.text else "disagree"


def staff_rate_of_the_department(p: Published, item: Item) -> str:
    assert rounded(Fraction(34, 40) * 100, 0) == exact(item["inputs"]["rate"])
    return leaf(p, item, control(Fraction(34, 40), 1))


def outside_staff_rate(p: Published, item: Item) -> str:
    rate = Fraction(21, 34 + 21)
    assert rounded(rate * 100, 0) == exact(item["inputs"]["rate"])
    return leaf(p, item, 1 if rate < Fraction(5, 100) else Decimal("0.5") if rate <= Fraction(1, 10) else 0)


def assets_in_use(p: Published, item: Item) -> str:
    at_least = percent(item["inputs"]["rate"].removeprefix("超过"))
    return leaf(p, item, 1 if at_least >= Fraction(9, 10) else None)


def cost_control(p: Published, item: Item) -> str:
    """Half for 三公经费, half for 日常公用经费; with nothing budgeted for the first there is no rate to judge."""
    daily = 3 if Fraction(97) / Fraction("141.73") < Fraction(9, 10) else 2
    without, with_full = daily, daily + 3
    assert item["recomputed"] == f"{with_full}(若0/0按3分)或{without}"
    assert leaf(p, item, without) == "disagree"
    return "agree_if_convention" if leaf(p, item, with_full) == "agree" else "disagree"


def satisfaction(p: Published, item: Item) -> str:
    assessed = [row for row in p.forms["000_assessment"].rows if row.name.text == "参保服务对象满意度"]
    assert [row.actual.text for row in assessed] == [item["inputs"]["rate"]]
    return leaf(p, item, 6 if percent(item["inputs"]["rate"]) >= Fraction(95, 100) else None)


def timeliness(p: Published, item: Item) -> str:
    """Six tasks, two of them not carried out."""
    *tasks, _total = p.forms["000_assessment"].amounts[0].lines
    done = [task for task in tasks if exact(task.amounts["执行数（元）/全额"].text)]
    assert (len(done), len(tasks)) == (4, 6)
    return leaf(p, item, Fraction(len(done), len(tasks)) * 6)


def purchases(p: Published, item: Item) -> str:
    """1 for the rate times the rate, up to 1 for policy: 1.00 leaves 0.36 for policy, which no rule gives."""
    rate = percent(item["inputs"]["执行率"])
    assert item["recomputed"] == f"{rounded(rate, 2)}–{rounded(rate + 1, 2)}"
    return "agree" if any(leaf(p, item, rate + policy) == "agree" for policy in (0, Fraction(1, 2), 1)) else "disagree"


def quarters(p: Published, item: Item) -> str:
    """Without the quarters' progress only their average can be told: 5.14 of 6."""
    weight, score, _ = row_of(p, item)
    average = Fraction(score) / Fraction(weight) * 100
    assert str(rounded(average, 2)) in item["note"]
    return "unverifiable" if len(item["inputs"]) == 1 else "agree"


def template(p: Published, item: Item) -> str:
    weight, _, rule = row_of(p, item)
    assert weight == exact(item["inputs"]["分值"])
    assert labels.points_in(rule) == item["inputs"]["评分标准"].strip("()分")
    return "template_error" if exact(labels.points_in(rule)) != weight else "agree"


def letters(p: Published, item: Item) -> str:
    count = Fraction(exact(item["inputs"]["正文"].removesuffix("份"))) / 10_000
    assert rounded(count, 2) == exact(item["recomputed"])
    assessed = next(row for row in p.forms["000_assessment"].rows if "联系函、信息表是否" in row.name.text)
    assert assessed.actual.text == f"{item['published']}万份"
    return "agree" if exact(item["recomputed"]) == exact(item["published"]) else "disagree"


def completed(_: Published, item: Item) -> str:
    rates = []
    for fraction, printed in item["inputs"].items():
        part, whole = map(Fraction, fraction.split("/"))
        assert rounded(part / whole * 100, 2) == exact(printed)
        rates.append(exact(printed))
    assert item["recomputed"] == "或".join(f"{rate}%" for rate in rates)
    return "agree" if exact(item["published"]) in rates else "disagree"


def initial_budget(p: Published, item: Item) -> str:
    (table,) = p.tables["002_accounts"]
    total = Fraction(exact(amount(of(table, "合计"), "年初预算数").text))
    assert total == Fraction(item["inputs"]["表"])
    assert rounded(total / 10_000, 2) == exact(item["recomputed"])
    return (
        "agree_rounded" if rounded(total / 10_000, 0) == exact(item["published"].removesuffix("万元")) else "disagree"
    )


def assets(p: Published, item: Item) -> str:
    total = amount(p.tables["002_assets"][0].lines[0], "金额")
    assert exact(total.text) == exact(item["inputs"]["表"]) == exact(item["recomputed"])
    return "agree" if exact(total.text) == exact(item["published"]) else "disagree"


def construction(p: Published, item: Item) -> str:
    (accounts,), (projects,) = p.tables["002_accounts"], p.tables["002_projects"]
    one = amount(of(accounts, "基本建设类项目"), "决算数")
    other = of(projects, "一般公共服务支出").amounts["支出数/财政拨款"]
    assert [exact(one.text), exact(other.text)] == [exact(item["inputs"]["a"]), exact(item["inputs"]["b"])]
    return "agree" if exact(one.text) == exact(other.text) else "disagree"


def two_in_one_section(_: Published, item: Item) -> str:
    said = {exact(item["inputs"]["总述"]), exact(item["inputs"]["分述"])}
    return "agree" if len(said) == 1 else "disagree"


def cars(_: Published, item: Item) -> str:
    cost = Fraction(25) * Fraction("3.5")
    assert cost == Fraction(item["recomputed"])
    return "agree_rounded" if rounded(cost, 0) == exact(item["published"]) != cost else "agree"


OWN: dict[str, Callable[[Published, Item], str]] = {
    "SA107": official_cost_rate, "SA109": running_cost_rate, "SA110": official_cost_change, "SA111": staff_rate,
    "SA124": rule_total, "SA132": reachable_score, "SA133": execution_rate, "SA134": saving_rule,
    "SA197": letters, "SA199": completed, "SA202": grade, "SA209": staff_rate_of_the_department,
    "SA210": outside_staff_rate, "SA211": assets_in_use, "SA212": cost_control, "SA213": satisfaction,
    "SA214": timeliness, "SA215": purchases, "SA216": quarters, "SA217": template, "SA226": initial_budget,
    "SA234": assets, "SA240": construction, "SA478": two_in_one_section, "SA485": cars,
}  # fmt: skip


@pytest.mark.parametrize("item", [pytest.param(item, id=item["id"]) for item in CASES if item["id"] in OWN])
def test_figure_of_its_own_kind(item: Item) -> None:
    assert OWN[item["id"]](published(), item) == item["verdict"]


def test_carried_over_funds_are_off() -> None:
    """002: income less expenditure is 71,500.00 short of the 结转 that the same page prints."""
    (item,) = [item for item in CASES if item["id"] == "SA227"]
    foot = footing(scaled(item["published"]), [scaled(part) for part in item["inputs"]["parts"]], "元")
    assert (str(foot.difference), foot.holds) == ("-71500", False)
    (accounts,) = published().tables["002_accounts"]
    assert exact(item["inputs"]["parts"][1]) == -exact(amount(of(accounts, "合计"), "决算数").text)


def test_every_item_has_its_case() -> None:
    kinds = [RATIOS, SUMS, STAFF, SCOPES, [item for item in CASES if item["id"] in OWN]]
    cases = Counter(item["id"] for kind in kinds for item in kind)
    cases.update(item["id"] for item, _ in (*BUDGET, *TABLED))
    assert cases == Counter(item["id"] for item in CASES)  # each exactly once
    assert Counter(item["id"] for item in (*CASES, *PROJECTS)) == Counter(item["id"] for item in AUDIT)
    assert len(AUDIT) == 529
