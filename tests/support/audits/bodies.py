"""Where the audited figures of whole bodies' accounts and self-evaluations (000, 001, 002) stand in their tables."""

from __future__ import annotations

import re

from perfeval.forms.model import Entry
from support.audits import (
    Finder,
    Foot,
    Item,
    Published,
    amount,
    found_by,
    of,
)
from support.audits.budgets import TABLED as BUDGET


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
    block = p.forms[FORMS[item["seed"], item["table"]]]
    printed = {names[-1] or names[0]: entry for names, entry in block.points.items()}
    scores = bool(re.search("自评|得分", item["item"]))
    level = re.split("[ -]", item["item"].split(" ")[0])[-1]
    rows = [row for row in block.rows if level not in printed or level in {row.level1, row.level2}]
    parts = [row.score if scores else row.weight for row in rows]
    if level in printed:
        return (Entry() if scores else printed[level]), parts
    return (block.total_score if scores else PRINTED_TOTAL), parts


FINDERS = (
    Finder("000", "整体支出绩效目标完成情况自评表|同上", ".数合计|..数合计", foot_of_assessment),
    Finder("002", "支出决算表", "基本支出.*|合计.*|经济分类合计", foot_of_accounts),
    Finder("002", "预算项目收支情况", ".*", foot_of_project_money),
    Finder("002", "资产表", "资产构成合计", foot_of_assets),
    Finder("000|001|002", "部门整体支出绩效评分表|评分表|附件1|附件4-1|共性指标框架.*", ".*", foot_of_form),
)  # fmt: skip

TABLED = found_by(FINDERS)

IN_TABLES = {item["id"] for item, _ in (*BUDGET, *TABLED)}
