"""The budget of 12 bodies (004): where each audited figure stands in its tables."""

from __future__ import annotations

import re

from perfeval.functions import FUNCTIONS
from support.audits import (
    CASES,
    Finder,
    Foot,
    Item,
    Published,
    amount,
    below,
    first,
    found_by,
    of,
    short,
    unit,
    units,
)

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


FINDERS = (
    Finder("004", "表3", ".*系统合计.*", foot_of_columns),
    Finder("004", "表3", ".*基本.项目=总计", foot_across),
    Finder("004", "表7", "基本支出 系统合计", foot_of_columns),
    Finder("004", "表7", ".*科目之和", foot_of_subjects),
    Finder("004", "表7↔表3|表11↔表3", ".*", same_of_tables),
    Finder("004", "表7↔表1", ".*", foot_of_a_subject),
    Finder("004", "表1", ".*", foot_of_table1),
    Finder("004", "表11", ".*", foot_of_purchases),
    Finder("004", "表12", ".*", foot_of_official_costs),
    Finder("004", "表13↔表3|表13", ".*", foot_of_projects),
    Finder("004", "表14", ".*任务合计", foot_of_tasks),
)  # fmt: skip

TABLED = found_by(FINDERS)

STAFF = [item for item in CASES if "编制" in item["inputs"]]

SCOPES = [item for item in CASES if item["table"] == "表14↔表3"]


def staff_control_rate(item: Item) -> float:
    return FUNCTIONS["PE_CONTROL_RATE"].call(float(item["inputs"]["实有"]), float(item["inputs"]["编制"]))
