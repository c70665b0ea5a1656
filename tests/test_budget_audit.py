"""The figures that whole bodies published, recomputed: budget tables, accounts, forms, and figures in their prose.

``data/seed_audit.json`` holds every figure with its inputs, what was published, what it comes to, and a verdict. Where
the figure stands in a table, the readers must give the item's inputs from that table, and ``footing`` its verdict; a
figure of the prose is recomputed over the item's own inputs. The project tables are in ``test_seed_audit``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from perfeval.arithmetic import Scaled, decimal
from perfeval.forms import labels
from perfeval.forms.body_form import BodyForm, read_body_forms
from perfeval.forms.body_tables import AmountTable, Line, figure, read_tables
from perfeval.forms.footing import footing
from perfeval.forms.model import Entry
from perfeval.functions import FUNCTIONS
from published import BODY_FORMS, BUDGET_TABLES, HERE, grids, texts
from seed004 import BODIES, DEPARTMENT, body_sheet
from test_seed_audit import CASES as PROJECT_CASES

Item = dict[str, Any]
Foot = tuple[Entry, list[Entry]]

AUDIT: list[Item] = json.loads((HERE / "data" / "seed_audit.json").read_text(encoding="utf-8"))
CASES = [
    item
    for item in AUDIT
    if item["seed"] in {"000", "002", "004"} or (item["seed"] == "001" and item["table"] in {"附件1", "附件4-1"})
]


@dataclass(frozen=True)
class Published:
    """Everything read: tables of amounts by sheet, forms by sheet, the bodies' tasks (表14)."""

    tables: dict[str, list[AmountTable]]
    forms: dict[str, BodyForm]
    tasks: dict[str, AmountTable]

    def table(self, name: str) -> AmountTable:
        """A budget table by its number, 表1 the expenditure side of it."""
        return self.tables[name.replace("表", "table")][-1]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("published")
    budget, forms = grids(folder / "预算.xlsx", texts(BUDGET_TABLES)), grids(folder / "自评.xlsx", texts(BODY_FORMS))
    tasks = grids(folder / "目标.xlsx", {short(body.name): body_sheet(body) for body in BODIES})
    return Published(
        {name: read_tables(grid) for name, grid in (budget | forms).items()},
        {name: form for name, grid in forms.items() for form in read_body_forms(grid)},
        {name: read_tables(grid)[0] for name, grid in tasks.items()},
    )


# --- finding an item's figures in the tables ---


def short(body: str) -> str:
    return body.removeprefix(DEPARTMENT) or "系统"


def first(line: Line) -> str:
    return next(iter(line.labels.values())).text


def amount(line: Line, column: str) -> Entry:
    """The amount of a line in the column whose header ends like this."""
    (found,) = [entry for header, entry in line.amounts.items() if re.sub(r"\s", "", header).endswith(column)]
    return found


def of(table: AmountTable, name: str) -> Line:
    """The line whose last label is this."""
    return next(line for line in table.lines if line.label.split(" ")[-1] == name or line.label == name)


def unit(table: AmountTable, name: str) -> Line:
    return next(line for line in table.lines if short(first(line)) == name)


def below(table: AmountTable, name: str) -> tuple[Line, ...]:
    """The lines of one body."""
    return next(lines for head, lines in table.groups() if short(first(head)) == name)


def units(table: AmountTable) -> list[Line]:
    """A line for each body, the whole department's first."""
    return [head for head, _ in table.groups()]


COLUMNS = {
    "支出总计": "支出总计", "基本支出": "基本支出", "项目支出": "项目支出", "2020政府采购": "2020年政府采购项目",
    "面向中小": "2020年面向中小企业政府采购项目", "面向小微": "2020年面向小型、微型企业政府采购项目",
    "待支付以前年度": "待支付以前年度政府采购项目", "总额": "预算总额", "出国": "因公出国(境)费", "接待": "公务接待费",
    "车小计": "小计", "购置": "公务用车购置费", "运行": "公务用车运行维护费",
}  # fmt: skip
TABLE1 = {
    "支出合计=各类": ("本年支出合计", "一般公共服务支出 教育支出 社会保障和就业支出 卫生健康支出 住房保障支出"),
    "社保就业=款级之和": (
        "社会保障和就业支出",
        "人力资源和社会保障管理事务 行政事业单位养老支出 财政对基本养老保险基金的补助 其他社会保障和就业支出",
    ),
    "行政事业单位养老": (
        "行政事业单位养老支出",
        "事业单位离退休 机关事业单位基本养老保险缴费支出 机关事业单位职业年金缴费支出",
    ),
    "住房改革": ("住房改革支出", "住房公积金 购房补贴"),
}


def foot_of_columns(p: Published, item: Item) -> Foot:
    """表3: a column's total over the bodies."""
    column = COLUMNS[item["item"].split(" ")[0]]
    whole, *bodies = units(p.table(item["table"]))
    return amount(whole, column), [amount(line, column) for line in bodies]


def foot_across(p: Published, item: Item) -> Foot:
    """表3: 基本 + 项目 of one body."""
    line = unit(p.table("表3"), item["item"].split(" ")[0])
    return amount(line, "支出总计"), [amount(line, "基本支出"), amount(line, "项目支出")]


def foot_of_subjects(p: Published, item: Item) -> Foot:
    """表7: one body's column over its 科目. A 科目 with 项目支出 has none of 基本支出, so each counts once."""
    name, column = item["item"].removesuffix("=科目之和").split(" ")
    table = p.table("表7")
    return amount(unit(table, name), column), [amount(line, column) for line in below(table, name)]


def same_of_tables(p: Published, item: Item) -> Foot:
    """表7↔表3, 表11↔表3: one figure in two tables."""
    one, other = item["table"].split("↔")
    name, what = item["item"].split(" ")
    if one == "表11":
        return amount(unit(p.table(one), name), "金额"), [amount(unit(p.table(other), name), "2020年政府采购项目")]
    return amount(unit(p.table(one), name), what), [amount(unit(p.table(other), name), what)]


def foot_of_a_subject(p: Published, item: Item) -> Foot:
    """表7↔表1: a 科目 over all bodies."""
    lines = [line for line in p.table("表7").lines if line.labels["科目名称"].text == item["item"]]
    return amount(of(p.table("表1"), item["item"]), "2020年预算数"), [amount(line, "支出总计") for line in lines]


def foot_of_table1(p: Published, item: Item) -> Foot:
    if item["item"] == "收入合计":
        income = p.tables["table1"][0]
        parts = ("一般性经费拨款", "财政专项资金拨款", "政府投资项目拨款")
        return amount(of(income, "本年收入合计"), "预算数"), [amount(of(income, part), "预算数") for part in parts]
    total, parts = TABLE1[item["item"]]
    table = p.table("表1")
    return amount(of(table, total), "预算数"), [amount(of(table, part), "预算数") for part in parts.split()]


def foot_of_purchases(p: Published, item: Item) -> Foot:
    """表11: one body's purchases by class, a class by its kinds, or all bodies."""
    table = p.table("表11")
    if item["item"] == "系统合计":
        whole, *bodies = units(table)
        return amount(whole, "金额"), [amount(line, "金额") for line in bodies]
    name, what = item["item"].split(" ")
    codes = {line.labels["采购品目编码"].text: line for line in below(table, name)}
    if what == "A+C=合计":
        return amount(unit(table, name), "金额"), [amount(codes[code], "金额") for code in ("A", "C") if code in codes]
    letter = what[0]
    kinds = [line for code, line in codes.items() if code.startswith(letter) and code != letter]
    return amount(codes[letter], "金额"), [amount(line, "金额") for line in kinds]


def foot_of_official_costs(p: Published, item: Item) -> Foot:
    """表12: a column of one year over the bodies, or one body's total over the three kinds."""
    lines = p.table("表12").lines
    year, what = re.search(r"(\d{4}年) (\S+)", item["item"]).groups()  # type: ignore[union-attr]
    of_year = [line for line in lines if line.labels["年度"].text == year]
    if what.startswith("总额="):
        name = item["item"].split(" ")[0]
        (line,) = [line for line in of_year if short(first(line)) == name]
        return amount(line, "预算总额"), [amount(line, COLUMNS[kind]) for kind in ("出国", "接待", "车小计")]
    whole, *bodies = of_year
    return amount(whole, COLUMNS[what]), [amount(line, COLUMNS[what]) for line in bodies]


def foot_of_projects(p: Published, item: Item) -> Foot:
    """表13↔表3: one body's 项目支出 over its projects; 表13: all of them."""
    lines = p.table("表13").lines
    if item["item"] == "全部项目合计":
        return amount(units(p.table("表3"))[0], "项目支出"), [amount(line, "合计") for line in lines]
    name = item["item"].split(" ")[0]
    parts = [amount(line, "合计") for line in lines if short(first(line)) == name]
    return amount(unit(p.table("表3"), name), "项目支出"), parts


def foot_of_tasks(p: Published, item: Item) -> Foot:
    """表14: one body's budget over its tasks."""
    total, *tasks = p.tasks[body_of_tasks(item)].lines
    return amount(total, "总额"), [amount(line, "总额") for line in tasks]


def body_of_tasks(item: Item) -> str:
    name = item["item"].split(" ")[0]
    return name if name == "本级" else f"{name}分局"


def foot_of_assessment(p: Published, item: Item) -> Foot:
    """000: 预算数 or 执行数 over the tasks."""
    *tasks, total = p.forms["000_assessment"].amounts[0].lines
    header = {"预算数合计": "预算数（元）/全额", "执行数合计": "执行数（元）/全额"}[item["item"]]
    return total.amounts[header], [line.amounts[header] for line in tasks]


def foot_of_accounts(p: Published, item: Item) -> Foot:
    """002: 支出决算表, down its columns."""
    (table,) = p.tables["002_accounts"]
    if item["item"] == "经济分类合计":
        lines = table.lines[11:21]
        return amount(of(table, "基本支出和项目支出合计"), "决算数"), [amount(line, "决算数") for line in lines]
    column = next(column for column in ("年初预算数", "调整预算数", "决算数") if column[:2] in item["item"])
    total, parts = "合计", ("一、基本支出", "二、项目支出")
    if item["item"].startswith("基本支出"):
        total, parts = "一、基本支出", ("人员经费", "日常公用经费")
    return amount(of(table, total), column), [amount(of(table, part), column) for part in parts]


def foot_of_project_money(p: Published, item: Item) -> Foot:
    (table,) = p.tables["002_projects"]
    *lines, total = table.lines
    return total.amounts["资金来源/财政拨款"], [line.amounts["资金来源/财政拨款"] for line in lines]


def foot_of_assets(p: Published, item: Item) -> Foot:
    (table,) = p.tables["002_assets"]
    total, *lines = table.lines
    return amount(total, "金额"), [amount(line, "金额") for line in lines]


FORMS = {
    ("000", "部门整体支出绩效评分表"): "000_scoring",
    ("000", "评分表"): "000_scoring",
    ("002", "共性指标框架(25/20/55)"): "002_framework",
    ("002", "共性指标框架"): "002_framework",
    ("001", "附件1"): "001_framework",
    ("001", "附件4-1"): "001_expenditure",
}
PRINTED_TOTAL = Entry("100")  # of the weights, where the form prints none


def foot_of_form(p: Published, item: Item) -> Foot:
    """A form's weights or scores: all of them, or those under a 一级 or 二级指标 beside the points it prints."""
    block = p.forms[FORMS[item["seed"], item["table"]]].block
    printed = {names[-1] or names[0]: entry for names, entry in block.points.items()}
    scores = bool(re.search("自评|得分", item["item"]))
    level = re.split("[ -]", item["item"].split(" ")[0])[-1]
    rows = [row for row in block.rows if level not in printed or level in {row.level1, row.level2}]
    parts = [row.score if scores else row.weight for row in rows]
    if level in printed:
        return (Entry() if scores else printed[level]), parts
    return (block.total_score if scores else PRINTED_TOTAL), parts


FOOTS: list[tuple[str, str, str, Callable[[Published, Item], Foot]]] = [
    ("004", "表3", ".*系统合计.*", foot_of_columns),
    ("004", "表3", ".*基本.项目=总计", foot_across),
    ("004", "表7", "基本支出 系统合计", foot_of_columns),
    ("004", "表7", ".*科目之和", foot_of_subjects),
    ("004", "表7↔表3|表11↔表3", ".*", same_of_tables),
    ("004", "表7↔表1", ".*", foot_of_a_subject),
    ("004", "表1", ".*", foot_of_table1),
    ("004", "表11", ".*", foot_of_purchases),
    ("004", "表12", ".*", foot_of_official_costs),
    ("004", "表13↔表3|表13", ".*", foot_of_projects),
    ("004", "表14", ".*任务合计", foot_of_tasks),
    ("000", "整体支出绩效目标完成情况自评表|同上", ".数合计|..数合计", foot_of_assessment),
    ("002", "支出决算表", "基本支出.*|合计.*|经济分类合计", foot_of_accounts),
    ("002", "预算项目收支情况", ".*", foot_of_project_money),
    ("002", "资产表", "资产构成合计", foot_of_assets),
    ("000|001|002", "部门整体支出绩效评分表|评分表|附件1|附件4-1|共性指标框架.*", ".*", foot_of_form),
]  # fmt: skip


def foot_of(item: Item) -> Callable[[Published, Item], Foot] | None:
    if "parts" not in item["inputs"] and not re.search("表7↔表3|表11↔表3", item["table"]):
        return None
    return next(
        (
            finder
            for seed, table, name, finder in FOOTS
            if re.fullmatch(seed, item["seed"])
            and re.fullmatch(table, item["table"])
            and re.fullmatch(name, item["item"])
        ),
        None,
    )


# --- figures ---


def exact(text: object) -> Decimal:
    return Decimal(str(text).replace(",", "").rstrip("%分"))


def rounded(value: Fraction, places: int) -> Decimal:
    """Half-up, by integers alone."""
    sign = -1 if value < 0 else 1
    return sign * Decimal((abs(value) * 10**places * 2 + 1) // 2).scaleb(-places)


def places(text: str) -> int:
    return len(text.rstrip("%").partition(".")[2])


def significant(values: Iterable[object]) -> Counter[Decimal]:
    """The figures that are not zero, in any order."""
    return Counter(number for value in values if (number := exact(value)))


def numbers(entries: Iterable[Entry]) -> list[Scaled]:
    return [found for entry in entries if (found := figure(entry)) is not None]


def scaled(text: object) -> Scaled:
    return decimal(str(text).replace(",", ""))


def sum_verdict(total: str | None, parts: Sequence[Scaled], table_unit: str) -> str:
    if total is None:
        return "derived"
    foot = footing(scaled(total), parts, table_unit)
    if foot.is_exact:
        return "agree"
    return "agree_within_unit_rounding" if foot.holds else "disagree"


def table_unit(item: Item) -> str:
    """万元 in the budget document (and 000's prose); points and 元 are not rounded."""
    return "万元" if item["seed"] == "004" or item["table"] == "正文" else "元"


TABLED = [item for item in CASES if foot_of(item)]


@pytest.mark.parametrize("item", [pytest.param(item, id=item["id"]) for item in TABLED])
def test_figure_of_a_table(published: Published, item: Item) -> None:
    finder = foot_of(item)
    assert finder is not None
    total, parts = finder(published, item)
    found = numbers(parts)
    inputs = item["inputs"]
    if "parts" in inputs:
        assert significant(found) == significant(inputs["parts"])
    else:
        one, other = item["table"].split("↔")
        assert [exact(inputs[one]), exact(inputs[other])] == [exact(entry.text or 0) for entry in (total, *parts)]
    printed = None if item["published"] is None else total.text or "0"
    assert printed is None or exact(printed) == exact(item["published"])
    sum_of_parts = footing(Scaled(0, 0), found, "元").sum
    assert exact(sum_of_parts) == exact(item["recomputed"])
    assert sum_verdict(printed, found, table_unit(item)) == item["verdict"]


# --- figures of the prose, and ratios ---


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


SUMS = [item for item in CASES if "parts" in item["inputs"] and not foot_of(item)]


@pytest.mark.parametrize("item", [pytest.param(item, id=item["id"]) for item in SUMS])
def test_sum_in_the_prose(item: Item) -> None:
    parts = [scaled(part) for part in item["inputs"]["parts"]]
    assert exact(footing(Scaled(0, 0), parts, "元").sum) == exact(item["recomputed"])
    assert sum_verdict(item["published"], parts, table_unit(item)) == item["verdict"]


STAFF = [item for item in CASES if "编制" in item["inputs"]]


@pytest.mark.parametrize("item", [pytest.param(item, id=item["id"]) for item in STAFF])
def test_staff_control_rate(item: Item) -> None:
    """财政供养人员控制率 of the 12 bodies: up to 100% earns the point, above it none."""
    rate = FUNCTIONS["PE_CONTROL_RATE"].call(float(item["inputs"]["实有"]), float(item["inputs"]["编制"]))
    assert f"{rounded(Fraction(str(rate)) * 100, 2)}%" == item["recomputed"]
    assert item["note"] == f"得分={int(rate <= 1)}"
    assert (item["published"], item["verdict"]) == (None, "derived")


SCOPES = [item for item in CASES if item["table"] == "表14↔表3"]


@pytest.mark.parametrize("item", [pytest.param(item, id=item["id"]) for item in SCOPES])
def test_tasks_are_the_budget(published: Published, item: Item) -> None:
    """表14 in 万元 with two decimals beside 表3 in whole 万元; 本级's tasks hold the special fund too."""
    name = body_of_tasks(item)
    total = amount(published.tasks[name].lines[0], "总额")
    table = published.table("表3")
    lines = [unit(table, name)] + ([unit(table, "(社保专项)")] if name == "本级" else [])
    whole = [figure(amount(line, "支出总计")) for line in lines]
    assert exact(total.text) == exact(item["inputs"]["表14"])
    assert exact(whole[0]) == exact(item["inputs"]["表3"])
    assert rounded(Fraction(exact(total.text)), 0) == sum(map(exact, whole))
    assert item["verdict"] == ("agree_if_scope" if len(lines) > 1 else "agree")


# --- figures of their own kind: each recomputed, with the verdict it comes to ---


def row_of(p: Published, item: Item) -> tuple[Decimal, Decimal, str]:
    """Weight, score and rule of the leaf that an item is about, as its form prints them."""
    block = p.forms[FORMS[item["seed"], item["table"]]].block
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
    block = p.forms["001_framework"].block
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
    block = p.forms["000_scoring"].block
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
    assessed = [row for row in p.forms["000_assessment"].block.rows if row.name.text == "参保服务对象满意度"]
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
    assessed = next(row for row in p.forms["000_assessment"].block.rows if "联系函、信息表是否" in row.name.text)
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
def test_figure_of_its_own_kind(published: Published, item: Item) -> None:
    assert OWN[item["id"]](published, item) == item["verdict"]


def test_carried_over_funds_are_off(published: Published) -> None:
    """002: income less expenditure is 71,500.00 short of the 结转 that the same page prints."""
    (item,) = [item for item in CASES if item["id"] == "SA227"]
    foot = footing(scaled(item["published"]), [scaled(part) for part in item["inputs"]["parts"]], "元")
    assert (str(foot.difference), foot.holds) == ("-71500", False)
    (accounts,) = published.tables["002_accounts"]
    assert exact(item["inputs"]["parts"][1]) == -exact(amount(of(accounts, "合计"), "决算数").text)


def test_every_item_has_its_case() -> None:
    kinds = [TABLED, RATIOS, SUMS, STAFF, SCOPES, [item for item in CASES if item["id"] in OWN]]
    cases = Counter(item["id"] for kind in kinds for item in kind)
    assert cases == Counter(item["id"] for item in CASES)  # each exactly once
    assert Counter(item["id"] for item in (*CASES, *PROJECT_CASES)) == Counter(item["id"] for item in AUDIT)
    assert len(AUDIT) == 529
