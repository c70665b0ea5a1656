"""Tables as reports print them, to hold their figures against."""

from __future__ import annotations

STAFF = """
人员情况表 | < | <
编制数 | 实际在职人数 | 控制率
40 | 34 | {}
"""

SHARES = """
资产情况 | < | <
资产构成 | 金额 | 所占比例
资产总额 | 200 | 100%
流动资产 | 50 | 25%
固定资产 | 150 | {}
"""

ACCOUNTS = """
2021年度支出决算表 | < | <
单位：元 | < | <
项目 | 调整预算数 | 决算数
一、基本支出 | 100 | 90
二、项目支出 | 200 | 180
合计 | 300 | 270
"""
