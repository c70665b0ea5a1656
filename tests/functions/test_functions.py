"""The contract of the worksheet functions, point by point, and the documentation made from their registry."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from perfeval.commands.catalogue import functions_as_markdown
from perfeval.errors import CELL_ERRORS, DIV0, NOT_AVAILABLE, VALUE, CellError, PerfEvalError, UnknownName
from perfeval.functions import FUNCTIONS, named
from support import ROOT

LONGEST_HELP = 255  # characters that Excel's function wizard takes

NAMES = """
PE_EXEC_RATE PE_EXEC_SCORE PE_CONTROL_RATE PE_CHANGE_RATE PE_NUMBER PE_UNIT PE_TARGET PE_COMPLETION PE_MEETS
PE_INDICATOR_SCORE PE_HINT PE_TOTAL PE_GRADE PE_EXPLAIN PE_STD_SCORE PE_STD_HINT PE_STD_TABLE PE_CONTROL_SCORE PE_QUARTER_SCORE
PE_RULE_SCORE PE_RULE
""".split()


def value(name: str, *arguments: Any) -> Any:
    """What the cell shows."""
    try:
        return FUNCTIONS[name].call(*arguments)
    except PerfEvalError as error:
        return error.cell_error


# [function, arguments…, what the cell shows]
CASES: dict[str, list[tuple[Any, ...]]] = {
    "rates": [
        ("PE_EXEC_RATE", 4448000.0, 3866689.10, 3866689.10 / 4448000),
        ("PE_EXEC_RATE", "445万元", "222.5万元", 0.5),
        ("PE_EXEC_RATE", "１００", "２５", 0.25),
        ("PE_CONTROL_RATE", 31.0, 37.0, 31 / 37),  # S001
        ("PE_CHANGE_RATE", 90.0, 100.0, -0.1),
        ("PE_EXEC_RATE", "100万元", 80.0, VALUE),
        ("PE_EXEC_RATE", "100元", "80人", VALUE),
    ],
    "the issue's execution scores": [
        ("PE_EXEC_SCORE", 4448000.0, 3866689.10, 10, "深圳", 8.7),
        ("PE_EXEC_SCORE", 4448000.0, 3866689.10, 10, 8.69),
        ("PE_EXEC_SCORE", 250000.0, 215457.6, 10, 8.62),  # 上海
        ("PE_EXEC_SCORE", 100.0, 100.0, 20, 20.0),
        ("PE_EXEC_SCORE", 100.0, 130.0, 10.0),
        ("PE_EXEC_SCORE", 100.0, 95.5, "10分", 9.55),
        ("PE_EXEC_SCORE", 100.0, 95.5, "10%", VALUE),
        ("PE_EXEC_SCORE", 100.0, 95.5, -10, VALUE),
    ],
    "blanks: a required one gives a blank, an option its default": [
        ("PE_EXEC_SCORE", None, 5.0, ""),
        ("PE_EXEC_SCORE", "", 5.0, ""),
        ("PE_EXEC_SCORE", "  ", 5.0, ""),
        ("PE_EXEC_SCORE", "　", 5.0, ""),
        ("PE_EXEC_SCORE", 100.0, None, ""),
        ("PE_EXEC_SCORE", 100.0, 50.0, None, None, 5.0),
        ("PE_EXEC_SCORE", 100.0, 50.0, "", " ", 5.0),
        ("PE_INDICATOR_SCORE", "≥5人", "5人", None, ""),
        ("PE_INDICATOR_SCORE", "≥5人", "5人", 10, None, None, 10.0),
        ("PE_TARGET", None, ""),
        ("PE_GRADE", "", ""),
        ("PE_TOTAL", None, "", ""),
        ("PE_HINT", None, None, None, None, None, ""),
        ("PE_EXPLAIN", None, ""),
    ],
    "zero": [
        ("PE_EXEC_RATE", 0.0, 5.0, DIV0),
        ("PE_EXEC_SCORE", 0.0, 5.0, DIV0),
        ("PE_CONTROL_RATE", 5.0, 0.0, DIV0),
        ("PE_CHANGE_RATE", 5.0, 0.0, DIV0),
        ("PE_EXEC_RATE", 0.0, 0.0, 0.0),
        ("PE_CONTROL_RATE", 0.0, 0.0, 0.0),
        ("PE_CHANGE_RATE", 0.0, 0.0, 0.0),
        ("PE_EXEC_SCORE", 0.0, 0.0, DIV0),
        ("PE_EXEC_SCORE", 0.0, 0.0, 10, "zero_budget=full", 10.0),
        ("PE_EXEC_SCORE", 0.0, 0.0, 10, "zero_budget=zero", 0.0),
        ("PE_EXEC_SCORE", 100.0, -5.0, 0.0),
        ("PE_EXEC_RATE", 100.0, -5.0, 0.0),
        ("PE_EXEC_SCORE", -100.0, 5.0, VALUE),
        ("PE_EXEC_RATE", -100.0, 5.0, VALUE),
        ("PE_COMPLETION", 0.0, 5.0, DIV0),
        ("PE_EXEC_SCORE", 100.0, 50.0, 0, 0.0),
    ],
    "judgement and what does not apply": [
        ("PE_INDICATOR_SCORE", "及时", "及时", 10, ""),
        ("PE_COMPLETION", "及时", "及时", ""),
        ("PE_MEETS", "及时", "及时", ""),
        ("PE_INDICATOR_SCORE", "不适用", "5人", 10, NOT_AVAILABLE),
        ("PE_MEETS", "无", "5人", NOT_AVAILABLE),
        ("PE_COMPLETION", "—", "5人", NOT_AVAILABLE),
        ("PE_INDICATOR_SCORE", "100%1000件", "100%", 10, VALUE),
    ],
    "percent": [
        ("PE_INDICATOR_SCORE", "≥95%", 1.0, 10, 10.0),
        ("PE_INDICATOR_SCORE", "≥95%", 0.95, 10, 10.0),
        ("PE_INDICATOR_SCORE", "≥95%", 10.0, 10, 10.0),
        ("PE_INDICATOR_SCORE", "≥95%", 10.01, 10, VALUE),
        ("PE_INDICATOR_SCORE", "≥95%", 95.0, 10, VALUE),
        ("PE_INDICATOR_SCORE", "≥95%", "1", 10, VALUE),
        ("PE_COMPLETION", "≥80%", 0.4, 0.5),
    ],
    "kind": [
        ("PE_TARGET", "50万元", "成本指标", "≤ 50 万元"),
        ("PE_TARGET", "50万元", "反向", "≤ 50 万元"),
        ("PE_TARGET", "50万元", "正向", "≥ 50 万元"),
        ("PE_TARGET", "50万元", "≥ 50 万元"),
        ("PE_TARGET", "≥50万元", "成本指标", "≥ 50 万元"),
        ("PE_MEETS", "50万元", "45万元", "经济成本指标", "是"),
        ("PE_MEETS", "12月底前", "2025年12月25日", "时效指标", ""),
        ("PE_MEETS", "12月底前", "2025年12月25日", "时效指标", "cn-project-2020; year=2025", "是"),
        ("PE_MEETS", "12月底前", "2026年1月5日", "时效指标", "cn-project-2020; year=2025", "否"),
        ("PE_MEETS", "2025年12月底前", "12月25日", "", "cn-project-2020; year=2025", "是"),
        ("PE_MEETS", "≥8次", "≥9次", "", "cn-project-2020; inequality=bound", "是"),
        ("PE_COMPLETION", "≥10次", "≥8次", "", "cn-project-2020; inequality=bound", 0.8),
        ("PE_MEETS", "早于12月31日", "12月31日", "", "否"),
        ("PE_MEETS", "早于12月31日", "12月30日", "", "是"),
        ("PE_MEETS", "12月31日前", "12月31日", "", "是"),
        ("PE_MEETS", "不晚于12月31日", "12月31日", "", "是"),
        ("PE_MEETS", "早于2025年6月", "2025年6月1日", "", "否"),
        ("PE_MEETS", "早于2025年6月", "2025年5月", "", "是"),
        ("PE_MEETS", "早于6月15日", "6月", "", ""),
        ("PE_MEETS", "早于第三季度", "7月1日", "", "否"),
        ("PE_MEETS", 50.0, 45.0, "数量指标", "否"),
    ],
    "convention": [
        ("PE_EXEC_SCORE", 4448000.0, 3866689.10, 10, "国家；执行率舍入＝2", 8.7),
        ("PE_EXEC_SCORE", 100.0, 50.0, 10, "上海", VALUE),
        ("PE_EXEC_SCORE", 100.0, 50.0, 10, 5.0, VALUE),
        ("PE_EXEC_SCORE", 100.0, 50.0, 10, True, VALUE),
        ("PE_GRADE", 91.0, 5.0, VALUE),
    ],
    "totals": [
        ("PE_TOTAL", 10.0, 9.5, "8.5", 28.0),
        ("PE_TOTAL", 0.1, 0.2, 0.3),
        ("PE_TOTAL", ((10.0, None), ("—", "/")), "不适用", "  ", "7.5分", 17.5),
        ("PE_TOTAL", (("—", "/"), ("", None)), ""),
        ("PE_TOTAL", 10.0, "优", VALUE),
        ("PE_TOTAL", 10.0, True, VALUE),
        ("PE_TOTAL", ((10.0, DIV0),), DIV0),
        ("PE_TOTAL", *[8.37] * 8, 66.96),
    ],
    "grades, at every boundary": [
        ("PE_GRADE", 91.14, "优"),  # S000
        ("PE_GRADE", 90.0, "优"),
        ("PE_GRADE", 89.995, "良"),
        ("PE_GRADE", 89.995, "grade_on=rounded", "优"),
        ("PE_GRADE", 80.0, "良"),
        ("PE_GRADE", 79.99, "中"),
        ("PE_GRADE", 60.0, "中"),
        ("PE_GRADE", 59.99, "差"),
        ("PE_GRADE", 0.0, "差"),
        ("PE_GRADE", -0.01, VALUE),
    ],
    "numbers and units": [
        ("PE_NUMBER", "2.6亿元", 260000000.0),
        ("PE_UNIT", "2.6亿元", "元"),
        ("PE_NUMBER", "98%", 0.98),
        ("PE_UNIT", "98%", "%"),
        ("PE_NUMBER", "1.1万人", 11000.0),
        ("PE_UNIT", "1.1万人", "人"),
        ("PE_NUMBER", 5.0, 5.0),
        ("PE_UNIT", 5.0, ""),
        ("PE_NUMBER", "≥98%", VALUE),
        ("PE_NUMBER", "及时", VALUE),
    ],
    "completion and meeting": [
        ("PE_COMPLETION", "≥20人", "15人", 0.75),
        ("PE_COMPLETION", "≥20人", "30人", 1.5),
        ("PE_COMPLETION", "15-18次", "16次", 1.0),
        ("PE_COMPLETION", "15-18次", "12次", 0.8),
        ("PE_COMPLETION", "16-20次", "30次", 1.5),
        ("PE_MEETS", "<5天", "5天", "否"),
        ("PE_MEETS", ">5天", "5天", "否"),
        ("PE_MEETS", "=5天", "5天", "是"),
        ("PE_MEETS", "=5天", "6天", "否"),
        ("PE_MEETS", "≤0宗", "0宗", "是"),
        ("PE_MEETS", "2021年12月31日", "2022年1月1日", "否"),
        ("PE_MEETS", "2021年12月31日", date(2021, 12, 31), "是"),
    ],
    "truths, dates and infinities are no amounts": [
        ("PE_EXEC_SCORE", True, 50.0, VALUE),
        ("PE_EXEC_SCORE", 100.0, date(2021, 1, 1), VALUE),
        ("PE_EXEC_SCORE", 100.0, float("inf"), VALUE),
        ("PE_EXEC_SCORE", float("nan"), 1.0, VALUE),
        ("PE_TARGET", True, VALUE),
        ("PE_INDICATOR_SCORE", "≥5", False, 10, VALUE),
        ("PE_INDICATOR_SCORE", "≥5", 5.0, 10, True, VALUE),
    ],
    "printed rules": [
        ("PE_RULE_SCORE", "每发现一例扣1分", 5, 2.0, 3.0),
        ("PE_RULE_SCORE", "每发现一例扣1分", 5, None, ""),
        ("PE_RULE_SCORE", "每发现一例扣1分", 5, DIV0, DIV0),
        ("PE_RULE_SCORE", "每发现一例扣1分", None, 2.0, ""),
        ("PE_RULE_SCORE", "是否健全", 5, "健全", ""),
        ("PE_RULE_SCORE", "①有制度（3分）②执行好（2分）", 5, (("是", "否"),), 3.0),
        ("PE_RULE_SCORE", "①有制度（3分）②执行好（2分）", 5, "是", VALUE),
        ("PE_RULE_SCORE", "达到指标值得满分，未达到不得分", 5, "≥95%", "94%", 0.0),
        ("PE_RULE_SCORE", "达到指标值得满分，未达到不得分", 5, "≥95%", None, ""),
        ("PE_RULE_SCORE", "100%满分，每低于5%扣2分", 8, 0.9927, VALUE),
        ("PE_RULE_SCORE", "100%满分，每低于5%扣2分; steps=floor", 8, 0.9927, 8.0),
        ("PE_RULE_SCORE", "100%满分，每低于5%扣2分; steps=half", 8, 0.9927, VALUE),
    ],
    "wrong number of arguments": [
        ("PE_EXEC_SCORE", 100.0, VALUE),
        ("PE_EXEC_SCORE", 100.0, 50.0, 10, "", 1, VALUE),
        ("PE_HINT", "≥5", "5", 10, 10, VALUE),
    ],
    "ranges": [
        ("PE_EXEC_SCORE", ((100.0, 200.0),), ((50.0, None),), 10, ((5.0, ""),)),
        ("PE_EXEC_SCORE", ((100.0,), (0.0,)), ((50.0,), (5.0,)), ((10,), (20,)), ((5.0,), (DIV0,))),
        ("PE_INDICATOR_SCORE", (("≥5人",), ("及时",)), (("4人",), ("及时",)), 10, "数量指标", ((8.0,), ("",))),
        ("PE_TARGET", (("≥5人", "1:2"),), (("≥ 5 人", VALUE),)),
        ("PE_GRADE", ((95.0,), (50.0,)), (("优",), ("差",))),
        ("PE_HINT", (("≥5人",), ("≥5人",)), (("5人",), ("4人",)), 10, ((10.0,), (10.0,)), "", (("",), ("未达标却得满分，测算为 8 分",))),
        ("PE_EXEC_SCORE", ((100.0,),), ((50.0,),), 5.0),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [(name, arguments, expected) for cases in CASES.values() for name, *arguments, expected in cases],
)
def test_a_cell_shows_what_the_contract_says(name: str, arguments: list[Any], expected: Any) -> None:
    assert value(name, *arguments) == expected


@pytest.mark.parametrize("error", CELL_ERRORS.values(), ids=str)
@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"PE_HINT", "PE_EXPLAIN"}])
def test_an_error_goes_out_as_it_came_in(name: str, error: CellError) -> None:
    arguments = [error] + [1.0] * (FUNCTIONS[name].required - 1)
    assert value(name, *arguments) == error


SAMPLE_ARGUMENTS = {
    "PE_RULE_SCORE": ["每发现一例扣1分", 5.0, 2.0],
    "PE_EXPLAIN": ("PE_TOTAL", 1.0),
    "PE_STD_SCORE": ("sz-department-2020", "staff-control", 34.0, 40.0),
    "PE_STD_HINT": ("sz-department-2020", "staff-control", 0.5, "", 34.0, 40.0),
    "PE_CONTROL_SCORE": (34.0, 40.0, "sz-department-2020", "staff-control"),
}


@pytest.mark.parametrize("name", [name for name in NAMES if name != "PE_STD_TABLE"])
def test_single_values_never_come_out_as_numpy_or_exact_decimals(name: str) -> None:
    arguments = SAMPLE_ARGUMENTS.get(name, [1.0] * max(FUNCTIONS[name].required, 1))
    assert type(value(name, *arguments)) in (float, str)


# [function, arguments…, the parts that its explanation must hold]
EXPLAINED: list[tuple[Any, ...]] = [
    ("PE_EXEC_RATE", 100.0, 95.5, ["95.5 ÷ 100 = 95.5%", "规则：执行率 = 全年执行数 ÷ 全年预算数"]),
    ("PE_EXEC_SCORE", 4448000.0, 3866689.1, 10, "深圳",
     ["3,866,689.1 ÷ 4,448,000 = 86.93%", "先四舍五入为 0.87", "× 10 分 = 8.7 分", "规则：", "口径：sz-project-2021", "来源：深圳市"]),
    ("PE_EXEC_SCORE", 100.0, 130.0, ["超过 100%，按分值封顶", "来源：财政部"]),
    ("PE_EXEC_SCORE", 0.0, 0.0, 10, "zero_budget=full", ["按口径得 10 分", "zero_budget=full"]),
    ("PE_EXEC_SCORE", 0.0, 5.0, ["不能计算：全年预算数是 0"]),
    ("PE_EXEC_SCORE", None, 5.0, ["必填的单元格有空白"]),
    ("PE_EXEC_SCORE", CellError("#REF!"), 5.0, ["不能计算：引用的单元格是错误值 #REF!"]),
    ("PE_EXEC_SCORE", 100.0, 5.0, 10, "上海", ["不能计算：没有标准或口径“上海”"]),
    ("PE_EXEC_SCORE", 100.0, ["不能计算：PE_EXEC_SCORE 的参数个数不对"]),
    ("PE_EXEC_SCORE", ((1.0,), (2.0,)), 1.0, ["一次只能说明一个单元格"]),
    ("PE_CONTROL_RATE", 31.0, 37.0, ["31 ÷ 37 = 83.78%", "规则：控制率"]),
    ("PE_CHANGE_RATE", 5.0, 4.0, ["（5 − 4）÷ 4 = 25%", "规则：变动率"]),
    ("PE_NUMBER", "2.6亿元", ["结果：260000000"]),
    ("PE_UNIT", "2.6亿元", ["结果：元"]),
    ("PE_TARGET", "≥95%", ["结果：≥ 95%"]),
    ("PE_TARGET", "1:2", ["不能计算：“1:2”里有 2 个数值"]),
    ("PE_COMPLETION", "≥95%", "90%", ["90% ÷ 95% = 94.74%", "规则：完成率"]),
    ("PE_MEETS", "≥95%", 0.9, ["结果：否", "规则："]),
    ("PE_INDICATOR_SCORE", "≥27人", "25人", 15, ["25人 ÷ 27人 = 92.59%", "= 13.89 分", "规则：", "口径：cn-project-2020", "来源：财政部"]),
    ("PE_INDICATOR_SCORE", "≤100", 110.0, 10, "", "深圳; reverse=reciprocal", ["反向指标（倒数）：100 ÷ 110", "反向指标 倒数"]),
    ("PE_INDICATOR_SCORE", "≤100", 110.0, 10, ["反向指标（线性）", "超出幅度 10%", "= 9 分"]),
    ("PE_INDICATOR_SCORE", "15-18", 27.0, 10, ["区间之外如何计分，规则未定"]),
    ("PE_INDICATOR_SCORE", "及时", "及时", 10, ["由人评定：达成 8～10 分"]),
    ("PE_INDICATOR_SCORE", "不适用", "5", 10, ["不能计算：指标不适用"]),
    ("PE_TOTAL", 10.0, 9.0, "—", ["结果：19", "规则：各项得分之和"]),
    ("PE_TOTAL", ((1.0, 2.0),), ["结果：3"]),
    ("PE_GRADE", 91.14, "深圳", ["总分 91.14 为优（优 90 分起", "口径：sz-project-2021", "来源：深圳市"]),
    ("PE_HINT", "≥5人", "4人", 10, 10, "", ["结果：未达标却得满分", "口径：cn-project-2020", "来源："]),
    ("PE_STD_SCORE", "hn-department-2020; steps=ceil", "在职人员控制率", 38.0, 37.0,
     ["38 ÷ 37 = 102.7%，得 0.5 分", "每超过 1 个百分点扣 0.5 分", "不足一档也扣", "来源：附件1"]),
    ("PE_STD_SCORE", "hn-department-2020", "在职人员控制率", 38.0, ["不能计算：“在职人员控制率”要填 2 个数", "编制数（人）"]),
    ("PE_STD_HINT", "sz-department-2020", "staff-control", 0.5, "", 34.0, 40.0, ["结果：测算为 1 分，得分为 0.5"]),
    ("PE_STD_TABLE", "sz-department-2020", ["21 个三级指标，分值合计 100", "来源：深圳市 2020 年度"]),
    ("PE_CONTROL_SCORE", 97.0, 141.73, "sz-department-2020", "日常公用经费控制率", ["97 ÷ 141.73 = 68.44%，得 3 分"]),
    ("PE_QUARTER_SCORE", 0.25, 0.5, 0.75, 1.0, ["得 6 分", "全年平均执行率 进度÷序时的平均", "来源："]),
    ("PE_RULE_SCORE", "≤100%得满分，每超1个百分点扣0.5分", 2, 1.02, ["102%，得 1 分", "每超过 1 个百分点扣 0.5 分"]),
    ("PE_RULE_SCORE", "≤100%得满分，每超1个百分点扣0.5分", 2, "101.5%",
     ["不能计算", "扣分档", "steps=floor（满一档才扣）得 1.5 分", "steps=ceil（不足一档也扣）得 1 分", "请选定口径"]),
    ("PE_RULE_SCORE", "得分=执行率×分值", 10, 1.2, ["不能计算", "120% 超过 100%", "没有写封顶"]),
    ("PE_RULE", "≥95%得10分；<95%扣5分", ["≥ 95% 得 10 分；其余得 5 分"]),
    ("PE_RULE", "≥95%得10分；<95%酌情扣分", ["由人评定，不计算", "<95%酌情扣分"]),
    ("PE_EXPLAIN", "PE_TOTAL", 1.0, ["结果：1。规则：各项得分之和"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "parts"), [(name, rest[:-1], rest[-1]) for name, *rest in EXPLAINED])
def test_every_function_explains_itself(name: str, arguments: list[Any], parts: list[str]) -> None:
    told = FUNCTIONS["PE_EXPLAIN"].call(name, *arguments)
    assert [part for part in parts if part not in told] == [], told
    assert "。。" not in told


def test_explained_are_all_functions() -> None:
    assert {name for name, *_ in EXPLAINED} == set(FUNCTIONS) == set(NAMES)


@pytest.mark.parametrize("name", ["pe_total", "TOTAL", "total", " PE_TOTAL ", "ＰＥ_TOTAL"])
def test_a_function_is_found_by_its_name_as_typed(name: str) -> None:
    assert named(name) is FUNCTIONS["PE_TOTAL"]


def test_an_unknown_function_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownName, match=r"没有函数“PE_SUM”.*PE_TOTAL"):
        named("PE_SUM")


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_the_registry_describes_every_function_and_argument(function: Any) -> None:
    texts = [function.title, function.group, function.description]
    texts += [text for argument in function.arguments for text in (argument.label, argument.help)]
    assert all(text.strip() and len(text) <= LONGEST_HELP for text in texts)
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in texts)
    optional = [argument.optional for argument in function.arguments]
    assert optional == sorted(optional), "what may be left out stands last"


def test_the_documentation_is_the_registry() -> None:
    written = (ROOT / "docs" / "functions.md").read_text(encoding="utf-8")
    assert written == functions_as_markdown()
