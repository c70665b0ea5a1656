"""部门整体 and 预算支出 standards: whole, sourced, as published; the three published tables; bad input told by leaf."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfeval.errors import InvalidValue, NotApplicable, PerfEvalError, StandardError, UnknownName
from perfeval.functions import FUNCTIONS
from perfeval.scoring import rule_text
from perfeval.standards import available_detailed, detailed, detailed_standard, load_detailed, load_detailed_file
from perfeval.standards import files as standards_files
from support import ROOT
from support.departments import PUBLISHED, Published

SZ, HN, HN_EXPENDITURE = "sz-department-2020", "hn-department-2020", "hn-expenditure-2020"


def score(*arguments: Any) -> Any:
    return FUNCTIONS["PE_STD_SCORE"].call(*arguments)


def by_first_level(standard: str) -> dict[str, float]:
    totals: dict[str, float] = {}
    for leaf in load_detailed(standard).leaves:
        totals[leaf.path[0]] = totals.get(leaf.path[0], 0.0) + float(leaf.weight)
    return totals


@pytest.mark.parametrize("identifier", available_detailed())
def test_every_leaf_has_source_rule_and_inputs(identifier: str) -> None:
    standard = load_detailed(identifier)
    assert standard.id == identifier
    assert standard.document.strip()
    for leaf in standard.leaves:
        document, item = leaf.source
        assert document.strip()
        assert item.strip()
        assert leaf.inputs
        text = rule_text(leaf, standard.convention)
        assert text.strip()
        assert all(one.label in text for one in leaf.inputs if one.unit not in {"分", "%"})
        assert standard.leaf(leaf.code) is standard.leaf("/".join(leaf.path)) is standard.leaf("/".join(leaf.path[1:]))
    for name in (identifier, standard.title, *standard.names):
        assert detailed_standard(name)[0] is standard


def test_no_leaf_stands_in_two_files() -> None:
    stated: dict[tuple[str, ...], str] = {}
    for path in standards_files.FOLDERS[1].glob("*.toml"):
        own = standards_files._read(path, detailed.KINDS, detailed._SECTIONS)
        for leaf in own["leaf"]:
            if "rule" in leaf or "part" in leaf:
                key = (own["document"], *leaf["path"])
                assert key not in stated
                stated[key] = path.name


@pytest.mark.parametrize(
    ("identifier", "weights"),
    [
        ("sz-department-2019", {"部门决策": 25, "部门管理": 20, "部门绩效": 55}),
        (SZ, {"部门决策": 20, "部门管理": 20, "部门绩效": 60}),
        (HN, {"投入": 20, "过程": 40, "产出": 20, "效果": 20}),
        (HN_EXPENDITURE, {"决策": 10, "过程": 17, "产出": 40, "效益": 30}),  # 过程 prints 20: contradiction
    ],
)
def test_the_published_weights(identifier: str, weights: dict[str, float]) -> None:
    assert by_first_level(identifier) == weights


def test_the_later_standard_restates_two_leaves_of_the_earlier() -> None:
    earlier, later = load_detailed("sz-department-2019"), load_detailed(SZ)
    changed = {one.name for one, other in zip(earlier.leaves, later.leaves, strict=True) if one != other}
    assert changed == {"绩效目标完整性", "社会效益、经济效益、生态效益及可持续影响等"}


def test_a_standard_that_contradicts_itself_says_so() -> None:
    assert "97" in load_detailed(HN_EXPENDITURE).contradiction
    marked = {(identifier, leaf.name) for identifier in available_detailed()
              for leaf in load_detailed(identifier).leaves if leaf.contradiction}  # fmt: skip
    assert {name for identifier, name in marked if identifier == HN} == {
        "三公经费变动率", "预算调整率", "实际完成率", "完成及时率", "质量达标率",
    }  # fmt: skip
    assert {name for identifier, name in marked if identifier == HN_EXPENDITURE} == {
        "管理制度健全性", "制度执行有效性", "完成及时性", "成本节约率", "实施效益",
    }  # fmt: skip


# --- the three published tables ---


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_table_names_every_leaf_in_order(name: str) -> None:
    table = PUBLISHED[name]
    assert [leaf.code for leaf in table.leaves] == [leaf.code for leaf in load_detailed(table.standard).leaves]


def total(table: Published, *, by_rule: bool) -> float:
    """The printed scores' sum; by rule: our score wherever the inputs are published and a rule decides."""
    scores = [leaf.score(table.standard) if by_rule else "" for leaf in table.leaves]
    counted = [float(leaf.printed) if one == "" else one for leaf, one in zip(table.leaves, scores, strict=True)]
    return FUNCTIONS["PE_TOTAL"].call(tuple((one,) for one in counted))


def test_shenzhen_2020_leaf_by_leaf() -> None:
    table = PUBLISHED["sz"]
    for leaf in table.leaves:
        assert leaf.score(SZ) == ("" if leaf.values is None else float(leaf.printed)), leaf.code
    assert total(table, by_rule=True) == total(table, by_rule=False) == 91.14
    assert FUNCTIONS["PE_GRADE"].call(91.14, SZ) == table.grade


def test_the_quarterly_leaf_without_rates_tells_what_is_missing() -> None:
    told = FUNCTIONS["PE_EXPLAIN"].call("PE_STD_SCORE", SZ, "预算执行率", None, None, None, 0.8348)
    assert "还没有填：3月末累计支出进度；6月末累计支出进度；9月末累计支出进度" in told


def test_hecheng_printed_and_by_rule() -> None:
    table = PUBLISHED["hn"]
    differing = {
        leaf.code: (float(leaf.printed), leaf.score(HN))
        for leaf in table.leaves
        if leaf.values is not None and leaf.score(HN) != float(leaf.printed)
    }
    assert differing == {"running-cost-control": (2.0, 3.0)}
    assert (total(table, by_rule=False), total(table, by_rule=True)) == (98.0, 99.0)


@pytest.mark.parametrize(
    ("indicator", "values", "told"),
    [
        ("在职人员控制率", (31, 37), "31 ÷ 37 = 83.78%，得 2 分"),
        ("公用经费控制率", (77.98, 86.63), "77.98 ÷ 86.63 = 90.02%，得 3 分"),
    ],
)
def test_the_rate_behind_a_score_is_told(indicator: str, values: tuple[float, float], told: str) -> None:
    assert told in FUNCTIONS["PE_EXPLAIN"].call("PE_STD_SCORE", HN, indicator, *values)
    assert told in FUNCTIONS["PE_EXPLAIN"].call("PE_CONTROL_SCORE", *values, HN, indicator)


def test_hecheng_expenditure_leaves_sum_to_97_and_printed_scores_to_95() -> None:
    table = PUBLISHED["hn-expenditure"]
    assert float(load_detailed(HN_EXPENDITURE).total) == 97
    assert total(table, by_rule=False) == 95
    assert table.total == Decimal(98)  # what the table prints
    differing = {leaf.code: leaf.score(HN_EXPENDITURE) for leaf in table.leaves
                 if leaf.values is not None and leaf.score(HN_EXPENDITURE) != float(leaf.printed)}  # fmt: skip
    assert differing == {"execution": 3.0, "cost-saving": 0.0}
    assert score(f"{HN_EXPENDITURE}; reading=intended", "成本节约率", "66万元", "66万元") == 10
    assert {score(HN_EXPENDITURE, "管理制度健全性", missing) for missing in (0, 1, 2)} == {5.0, 2.0, 0.0}


# --- addresses ---


@pytest.mark.parametrize(
    "name",
    [
        "three-public-control",
        "三公经费控制率",
        "“三公经费”控制率",
        "预算执行/三公经费控制率",
        "过程／预算执行／三公经费控制率",
    ],
)
def test_a_leaf_is_known_by_code_name_and_path(name: str) -> None:
    assert load_detailed(HN).leaf(name).code == "three-public-control"


def test_an_ambiguous_name_lists_the_paths() -> None:
    with pytest.raises(UnknownName, match="预算管理/管理制度健全性、资产管理/管理制度健全性"):
        score(HN, "管理制度健全性", "是", "是")
    assert score(HN, "资产管理/管理制度健全性", "是", "否") == 1.0


def test_a_part_is_addressed_by_its_own_name() -> None:
    assert FUNCTIONS["PE_CONTROL_SCORE"].call(95, 100, SZ, "日常公用经费控制率") == 2.0
    with pytest.raises(InvalidValue, match="三公经费控制率、日常公用经费控制率"):
        FUNCTIONS["PE_CONTROL_SCORE"].call(95, 100, SZ, "公用经费控制率")


@pytest.mark.parametrize(
    ("standard", "reason"), [("cn-project-2020", "没有逐项计分的标准"), ("上海", "sz-department-2020")]
)
def test_an_unknown_standard_is_answered_with_the_known_ones(standard: str, reason: str) -> None:
    with pytest.raises(UnknownName, match=reason):
        score(standard, "满意度", 0.9)


# --- bad input: the leaf, the input, the reason ---


@pytest.mark.parametrize(
    ("arguments", "error", "reasons"),
    [
        ((SZ, "staff-control", 34), InvalidValue, ["财政供养人员控制率", "要填 2 个数", "核定编制数", "给了 1 个"]),
        ((SZ, "staff-control", -34, 40), InvalidValue, ["财政供养人员控制率", "年度在编人数", "负数"]),
        ((SZ, "staff-control", "34万元", 40), InvalidValue, ["年度在编人数", "单位应是“人”"]),
        ((SZ, "日常公用经费控制率", "97万元", 141.73), InvalidValue, ["日常公用经费控制率", "97万元", "没有单位"]),
        ((SZ, "日常公用经费控制率", 970000, 14.173), InvalidValue, ["日常公用经费控制率", "超过 1000%"]),
        ((SZ, "satisfaction", 97), InvalidValue, ["满意度", "97 还是 97%？"]),
        ((SZ, "satisfaction", "97"), InvalidValue, ["满意度", "97 还是 97%？"]),
        ((SZ, "satisfaction", 1.2), InvalidValue, ["满意度", "1.2 大于 100%"]),
        ((SZ, "satisfaction", "很好"), InvalidValue, ["满意度", "很好"]),
        ((SZ, "satisfaction", "不适用"), NotApplicable, ["满意度", "不适用"]),
        ((SZ, "effects", 26), InvalidValue, ["评定得分", "26 大于 25"]),
        ((SZ, "部门预算公开", 1.2), InvalidValue, ["部门预算公开", "不是规定的一档"]),
        ((SZ, "budget-soundness", "是", "是", "也许", "是", "是"), InvalidValue, ["专项资金", "应是“是”或“否”"]),
        ((SZ, "budget-compliance", 1.5), InvalidValue, ["不符合预算编制要求的项数", "不是整数"]),
        ((SZ, "project-timeliness", 8, 6), InvalidValue, ["项目完成及时性", "大于"]),
        ((SZ, "staff-control", True, 40), InvalidValue, ["年度在编人数", "不是数"]),
        ((HN, "carry-over-change", 5, 0), PerfEvalError, ["结转结余变动率", "分母是 0"]),
    ],
)
def test_bad_input_is_told_by_leaf_and_input(
    arguments: tuple[Any, ...], error: type[PerfEvalError], reasons: list[str]
) -> None:
    with pytest.raises(error) as refused:
        score(*arguments)
    assert all(reason in refused.value.reason for reason in reasons), refused.value.reason


def test_a_range_stands_for_its_cells() -> None:
    assert score(SZ, "budget-soundness", (("是",), ("是",), ("否",), ("是",), ("是",))) == 4.0


def test_the_table_has_a_row_for_every_leaf() -> None:
    head, *rows = FUNCTIONS["PE_STD_TABLE"].call(SZ)
    assert head[:4] == ("一级指标", "二级指标", "三级指标", "分值")
    assert len(rows) == len(load_detailed(SZ).leaves)
    assert all(len(row) == len(head) for row in rows)
    by_code = {row[6]: row for row in rows}
    assert by_code["fixed-asset-utilisation"][:6] == (
        "部门管理", "资产管理", "固定资产利用率", 1.0,
        "实际在用固定资产总额 ÷ 所有固定资产总额：≥ 90% 得 1 分；≥ 75% 得 0.7 分；≥ 60% 得 0.4 分；其余得 0 分",
        "实际在用固定资产总额（元）；所有固定资产总额（元）",
    )  # fmt: skip


def test_a_copied_file_is_a_new_standard(tmp_path: Path) -> None:
    path = tmp_path / "xx-department-2024.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    standard = load_detailed_file(path)
    changed = {one.name for one, other in zip(load_detailed("sz-department-2019").leaves, standard.leaves, strict=True)
               if one != other}  # fmt: skip
    assert changed == {"固定资产利用率", "编外人员控制率", "社会效益、经济效益、生态效益及可持续影响等"}
    assert "每超过 1 个百分点扣 0.1 分，不足一档按一档扣" in rule_text(
        standard.leaf("编外人员控制率"), standard.convention
    )


# --- bad files: one fault each, on the worked example of the documentation ---

EXAMPLE = (ROOT / "docs" / "adding-a-standard.md").read_text(encoding="utf-8")
EXAMPLE = EXAMPLE.split("```toml\n")[1].split("```")[0]
FORM = '[form]\ntitle = "表"\ncolumns = ["一级指标", "二级指标", "三级指标", "分值", "得分"]\ntotal = "总分"\n'
TIERS = 'at_least = [["95%", "2"], ["80%", "1"]]'


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ('weight = "19"', 'weight = "20"', "各指标分值 weight 合计 101，应是 100"),
        ('weight = "19"', "weight = 19", "[leaf effects] weight 应是不空白的文字"),
        ('weight = "19"', 'weight = "十九"', "[leaf effects] weight 的数值 '十九'"),
        (TIERS, 'at_least = [["80%", "1"], ["95%", "2"]]', "[leaf fixed-asset-utilisation] rule 的分档应按顺序排列"),
        (TIERS, 'at_least = [["95%", "3"], ["80%", "1"]]', "最高一档 3 分，超过分值 2 分"),
        (TIERS, 'at_least = [[0.95, "2"]]', "at_least 的每一项"),
        (TIERS, 'at_least = [["95", "2"]]', "应写成带引号的百分数"),
        (TIERS + ", ", "", "缺少分档"),
        ('kind = "tiers"', 'kind = "steppes"', "kind “steppes”不认识"),
        ('of = "in_use / owned"', 'of = "in_use / total"', "与 inputs 的名称不一致：in_use、owned"),
        ('of = "in_use / owned"', 'of = "in_use ** owned"', "只能有名称、加减乘除和括号"),
        ('of = "in_use / owned"', 'of = "in_use * owned"', "既不是比率，也不是一个数"),
        ('each = "1个百分点"', 'each = "1项"', "each “1项”应是百分数或百分点"),
        ('each = "1个百分点"', 'each = "0%"', "each “0%”应是百分数或百分点"),
        ('above = "5%", ', "", "应有 above、below、both 三者之一"),
        ('takes = "0.1"', 'take = "0.1"', "[leaf outside-staff-control] rule 不认识的项 take"),
        ('item = "履职效益"', 'item = " "', "[leaf effects] source item 应是不空白的文字"),
        (', item = "履职效益"', "", "[leaf effects] source 缺少 item"),
        ('code = "effects"', 'code = "effect"', "[leaf effect] 缺少 path"),
        ('steps = "ceil"', 'steps = "up"', "扣分档（steps）”没有“up”"),
        ('steps = "ceil"', 'reverse = "linear"', "没有名为“reverse”的口径"),
        ('kind = "department"', 'kind = "project"', "kind “project”不认识"),
        ('names = ["某市部门整体"]', 'names = ["某市部门整体"]\ngrades = "上海"', "没有标准“上海”"),
        ('names = ["某市部门整体"]', 'names = ["某市部门整体"]\ntotal = "99"', "合计 100，应是 99"),
        ("[convention]", FORM.replace('"三级指标", ', "") + "[convention]", "[form] columns 应从 一级指标、二级指标、三级指标 开始"),
        ("[convention]", FORM + 'pointed = ["四级指标"]\n[convention]', "[form] pointed “四级指标”不认识"),
        ("[convention]", FORM + 'points = { "产出" = "十" }\n[convention]', "[form] points 产出 的数值 '十'"),
        ("[convention]", FORM + 'colour = "红"\n[convention]', "[form] 不认识的项 colour"),
        ("[convention]", FORM.replace('total = "总分"', "") + "[convention]", "[form] 缺少 total"),
    ],
)  # fmt: skip
def test_a_fault_is_refused_by_file_leaf_and_key(tmp_path: Path, right: str, wrong: str, fault: str) -> None:
    assert right in EXAMPLE
    path = tmp_path / "xx-department-2024.toml"
    path.write_text(EXAMPLE.replace(right, wrong), encoding="utf-8")
    with pytest.raises(StandardError) as refused:
        load_detailed_file(path)
    assert refused.value.reason.startswith("标准文件 xx-department-2024.toml：")
    assert fault in refused.value.reason
