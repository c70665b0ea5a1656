"""A file that describes an official table: one fault each, refused by file, place and reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from perfeval.errors import TableError, UnknownName
from perfeval.forms.amount_tables import read_tables
from perfeval.forms.edits import Edit
from perfeval.forms.grid import address
from perfeval.workbook.tables import available, chosen, load, load_file
from perfeval.workbook.tables.layout import Sheet
from perfeval.workbook.tables.loading import FOLDER
from support import ROOT
from support.tablesheets import BUDGET_2020, book

ACCOUNTS, BUDGET, SIDES, BODY, PROJECT = (
    "sz-accounts-expenditure", "sz-budget-7", "sz-budget-6", "sz-targets-body", "sz-targets-project",
)  # fmt: skip
ASSETS, YEARS, TRANSFER = "sz-accounts-assets", "sz-budget-12", "cn-transfer-2024"

# What is wrong, the file, what is changed into what, and what is said.
FAULTS = {
    "不是 TOML": (ACCOUNTS, 'unit = "元"', "unit = 元", "不是有效的 TOML"),
    "没有标题": (ACCOUNTS, 'title = "{年度}年度支出决算表"\n', "", "缺少 title"),
    "没有来源": (ACCOUNTS, "document =", "note =", "不认识的项 note"),
    "来源空白": (ACCOUNTS, 'document = "深圳', 'document = "" # "深圳', "document 应是不空白的文字"),
    "编号不同": (ACCOUNTS, f'id = "{ACCOUNTS}"', 'id = "another"', "id “another”与文件名不同"),
    "不知道的组": (ACCOUNTS, 'group = "决算"', 'group = "其他"', "group “其他”不认识，可用：目标、预算、决算、转移支付"),
    "不知道的单位": (ACCOUNTS, 'unit = "元"', 'unit = "美元"', "unit “美元”不认识"),
    "表号": (BUDGET, 'number = "表7"', 'number = "七"', "number “七”应写成 表3 的样子"),
    "标记": (ACCOUNTS, 'title = "{年度}', 'title = "{年份}', "title 里的 {年份} 不认识，可用：单位名称、年度、上年"),
    "列的标记": (SIDES, 'label = "{年度}年预算数"', 'label = "{年}预算数"', "[block 第 1 项] [columns 第 2 项] label 里的 {年} 不认识"),
    "小数": (BODY, "decimals = 2", "decimals = 20", "decimals 应是 0 到 6 的整数"),
    "没有列": (ASSETS, "columns = [", "colums = [", "[block 第 1 项] 不认识的项 colums"),
    "列的种类": (ASSETS, 'kind = "percent"', 'kind = "rate"', "[columns 第 3 项] kind “rate”不认识，可用：text、amount、percent"),
    "没有列宽": (ASSETS, ', width = 34 }', " }", "[columns 第 4 项] 缺少 width"),
    "列宽不是数": (ASSETS, "width = 34", 'width = "34"', "width 应是整数"),
    "列宽太大": (ASSETS, "width = 34", "width = 3400", "width 应是 1 到 200 的整数"),
    "比例没有分母": (ASSETS, ', of = ["amount", "total"]', "", "比例列（percent）应写 of"),
    "比例的分母": (ASSETS, 'of = ["amount", "total"]', 'of = ["amount", "all"]', "of 里的 all 不是这个 block 里的行的 key"),
    "文字列合计": (ASSETS, 'label = "备注", kind = "text"', 'label = "备注", kind = "text", sum = ["amount"]', "只有金额列"),
    "没有金额列": (ASSETS, 'kind = "amount"', 'kind = "text"', "后面应有金额列"),
    "列加不存在的列": (BUDGET, 'sum = ["basic", "project"]', 'sum = ["basic", "projects"]', "列“支出总计”：sum 里的 projects 不是"),
    "列加自己": (BUDGET, 'sum = ["basic", "project"]', 'sum = ["basic", "total"]', "列“支出总计”：sum 里的 total 不是"),
    "列绕回自己": (
        BUDGET, 'label = "基本支出", kind = "amount"', 'label = "基本支出", kind = "amount", sum = ["total"]', "的 sum 绕回了自己",
    ),
    "减没有加": ("sz-accounts-projects", 'sum = ["carried", "fiscal", "other"], less', "less", "有 less 就应有 sum"),
    "两列同名": (BUDGET, 'key = "project"', 'key = "basic"', "sum 里的 project 不是"),
    "两行同名": (ACCOUNTS, 'key = "running"', 'key = "staff"', "sum 里的 running 不是这个 block 里另一行的 key"),
    "两边同名": (SIDES, 'key = "next_year"', 'key = "carried"', "sum 里的 next_year 不是"),
    "行加不存在的行": (ACCOUNTS, '["staff", "running"]', '["staff", "run"]', "行“一、基本支出”：sum 里的 run 不是"),
    "行绕回自己": (ACCOUNTS, '{ key = "staff", ', '{ key = "staff", sum = ["basic"], ', "的 sum 绕回了自己"),
    "应等于不存在的行": (
        SIDES, 'equals = ["income_total"]', 'equals = ["income"]', "行“支 出 总 计”：equals 里的 income 不是另一行的 key",
    ),
    "其中": (ACCOUNTS, 'within = ["capital", "administrative"]', 'within = ["capital", "admin"]', "within 里的 admin 不是"),
    "横线": (ACCOUNTS, 'none = ["initial", "adjusted"], sum', 'none = ["item"], sum', "none 里的 item 不是金额列的 key"),
    "行没有名称": (ASSETS, 'label = "无形资产", ', "", "[rows 第 4 项] 应有 label（印好的行）或 open（留给人填的行数）"),
    "行既印好又留空": (ASSETS, 'label = "无形资产", ', 'label = "无形资产", open = 3, ', "不要再写 open"),
    "留得太多": (BUDGET, "open = 12", "open = 1200", "lines open 应是 1 到 200 的整数"),
    "留的行没有编号": ("sz-budget-13", 'key = "project_line", ', "", "缺少 key"),
    "下级在印好的行里": (
        ASSETS, 'label = "无形资产", ', 'label = "无形资产", lines = { key = "x", open = 2 }, ', "lines 只能在 open 的行里",
    ),
    "两个留空的行相邻": (
        YEARS, '  { key = "unit", open', '  { key = "one", open = 2 },\n  { key = "unit", open', "行 one 和 unit 都留给人填",
    ),
    "编码列": (SIDES, 'code = { column = "code"', 'code = { column = "spent"', "code 的 column spent 不是文字列的 key"),
    "编码文件": (SIDES, 'names = "functional-2020"', 'names = "functional-1999"', "functional-1999.toml 不存在"),
    "编码与别的行合计": (
        SIDES, 'sum = ["subject"]', 'sum = ["subject", "next_year"]', "sum 里的 subject 有 code、lines 或 years，应单独合计",
    ),
    "只有一边": (SIDES, 'side = "收 入"\n', "", "都应有 side"),
    "单独一块的 side": (ASSETS, "[[block]]", '[[block]]\nside = "收入"', "只有几个金额的 block 并排时才写 side"),
    "格数": (BODY, "主管部门 | [department] | <", "主管部门 | [department]", "有 6 格，应与 widths 的列数 7 相同"),
    "第一格": (BODY, "部门（单位）名称 | <", "< | 部门（单位）名称", "的第一格左边没有格子"),
    "字段的写法": (BODY, "[department]", "[主管部门]", "里的字段应写成 [key]"),
    "两个字段同名": (BODY, "[department]", "[body]", "有两个字段的 key 是 body"),
    "字段加不存在的字段": (PROJECT, "=fiscal+other]", "=fiscal+others]", "[year_amount] 的算式里的 others 不是另一个金额字段"),
    "字段绕回自己": (PROJECT, "[fiscal:amount]", "[fiscal:amount=year_amount]", "字段 "),
    "应等于不存在的字段": (TRANSFER, "==central_budget+", "==central+", "[total_budget] 的算式里的 central 不是另一个金额字段"),
    "比率的分母": (TRANSFER, "=total_executed/total_budget]", "=total_executed/total]", "[total_rate] 的算式里的 total 不是另一个金额字段"),
    "比率的写法": (TRANSFER, "=total_executed/total_budget]", "=total_executed]", "里的比率应写成 [key:rate=执行/预算]"),
    "行高的个数": (TRANSFER, "heights = [26, 80]", "heights = [26]", "heights 应是 draw 每一行的最低行高"),
    "行高太大": (TRANSFER, "heights = [50]", "heights = [500]", "heights 应是 draw 每一行的最低行高"),
    "列数": (BODY, "span = 2", "span = 3", "各列的 span 合计应是 widths 的列数 7"),
    "列宽列表": (BODY, "widths = [13,", 'widths = ["13",', "widths 应是列宽"),
    "级次": (BODY, '["产出指标", "数量指标"]', '["产出指标"]', 'kinds 的每一项应是'),
    "同上": (BODY, 'same = ["level1", "level2"]', 'same = ["level1", "level3"]', "same 里只能写 level1、level2"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_refused_by_file_and_place(tmp_path: Path, name: str) -> None:
    identifier, old, new, said = FAULTS[name]
    content = (FOLDER / f"{identifier}.toml").read_text(encoding="utf-8")
    assert old in content
    path = tmp_path / f"{identifier}.toml"
    path.write_text(content.replace(old, new), encoding="utf-8")
    (tmp_path / "codes").mkdir()
    codes = "functional-2020.toml"
    (tmp_path / "codes" / codes).write_text((FOLDER / "codes" / codes).read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(TableError) as refused:
        load_file(path)
    assert refused.value.reason.startswith((f"表样文件 {identifier}.toml：", "编码文件 "))
    assert said in refused.value.reason


EXAMPLE = (ROOT / "docs" / "adding-a-table.md").read_text(encoding="utf-8")


def test_the_documents_example_is_a_table(tmp_path: Path) -> None:
    """docs/adding-a-table.md: written as it stands there, it loads, adds up and is read back."""
    (example,) = re.findall(r"```toml\n(.*?)```", EXAMPLE, re.DOTALL)
    (tmp_path / "xx-budget-5.toml").write_text(example, encoding="utf-8")
    table = load_file(tmp_path / "xx-budget-5.toml")
    made = book(tmp_path / "表.xlsx", BUDGET_2020, {"表": Sheet(table.sheet, table)})
    cells = {"A7": "停车费", "C7": 12, "D7": 3, "A9": "罚没", "D9": 5}
    assert not made.apply([Edit("表", address(place), value) for place, value in cells.items()]).unknown
    (read,) = read_tables(made.grid("表"))
    assert (read.title, read.body, read.unit) == ("2020年非税收入预算表", BUDGET_2020.name, "万元")
    assert [(line.label, *(entry.value for entry in line.amounts.values())) for line in read.lines] == [
        ("合计", 20, 12, 8), ("停车费", 15, 12, 3), ("罚没", 5, None, 5),
    ]  # fmt: skip


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="不存在"):
        load_file(tmp_path / "nothing.toml")


def test_tables_are_named_by_group_number_sheet_or_id() -> None:
    assert [table.id for table in chosen("决算")] == ["sz-accounts-assets", ACCOUNTS, "sz-accounts-projects"]
    assert [table.id for table in chosen(f"表7，{ACCOUNTS}、资产情况表")] == [BUDGET, ASSETS, ACCOUNTS]
    assert len(chosen("目标 预算 决算 转移支付")) == len(available())
    assert chosen("") == ()


@pytest.mark.parametrize("wrong", ["表2", "预决算", "sz-budget"])
def test_an_unknown_table_is_refused_with_those_there_are(wrong: str) -> None:
    with pytest.raises(UnknownName, match=f"没有表“{wrong}”，可用：目标、预算、决算、转移支付、表14、表15、表1"):
        chosen(wrong)
    with pytest.raises(UnknownName):
        load(wrong)
