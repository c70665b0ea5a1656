"""How many tables, lines and columns each published sheet holds."""

from __future__ import annotations

# Title, side, unit, lines, label columns, amount columns; of 表1 and 表6 each side is a table.
SHAPES = {
    "table1": [("部门收支预算总表", "收入", "万元", 17, 1, 1), ("部门收支预算总表", "支出", "万元", 29, 1, 1)],
    "table3": [("部门支出预算总表", "", "万元", 14, 1, 7)],
    "table6": [("财政拨款收支总体情况表", "收入", "万元", 10, 1, 1), ("财政拨款收支总体情况表", "支出", "万元", 27, 1, 1)],
    "table7": [("一般公共预算支出情况表", "", "万元", 130, 3, 3)],
    "table11": [("政府采购项目支出预算表", "", "万元", 56, 3, 1)],
    "table12": [("“三公”经费财政拨款预算情况表", "", "万元", 26, 2, 6)],
    "table13": [("部门预算绩效管理项目情况表", "", "万元", 69, 3, 3)],
    "000_assessment": [("部门（单位）整体支出绩效目标完成情况自评表", "", "元", 7, 2, 4)],
    "000_scoring": [],
    "001_basics": [("部门整体支出绩效评价基础数据表", "", "", 1, 1, 3), ("", "", "", 16, 1, 3)],
    "001_expenditure": [],
    "001_framework": [],
    "002_accounts": [("2021年度支出决算表", "", "", 22, 1, 3)],
    "002_assets": [("资产情况", "", "", 5, 2, 2)],
    "002_framework": [],
    "002_projects": [("2021年预算项目收支情况", "", "", 5, 1, 6)],
}  # fmt: skip
