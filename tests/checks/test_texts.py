"""Each finding in a report: a sentence that must raise it, and one like it that must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfeval.checks import check
from perfeval.findings import Level
from support.account_tables import ACCOUNTS, SHARES, STAFF
from support.forms_in_memory import Sheets, grid
from support.reported import document, places, review

# A report of a body of our own invention: every figure agrees with every other.
CORRECT = """
某市农业农村局2022年度部门整体支出绩效自评报告
一、部门概况
（一）机构人员情况。核定编制120人，年末实有在编人数118人，编外人员10人。财政供养人员控制率98.33%，编外人员控制率7.81%。
（二）部门预算安排
2022年部门年初预算12,350.46万元，其中：基本支出3,210.46万元，项目支出9,140万元。年中调整后预算13,050.46万元，其中基本支出3,310.46万元、项目支出9,740万元。
（三）预算执行情况
2022年全年支出12,528.44万元，预算执行率96.00%。其中：基本支出3,300.00万元，占总支出的26.34%；项目支出9,228.44万元，占总支出的73.66%。
（四）“三公”经费
2022年“三公”经费预算50万元，实际支出38.5万元，其中：因公出国（境）费0万元，公务接待费8.5万元，公务用车购置及运行维护费30万元。“三公”经费控制率77%。
二、主要绩效
全年建设高标准农田5.2万亩，完成年度任务5万亩的104%。开展农产品抽检3200批次，合格3136批次，合格率98%。
1.种植业。粮食播种面积102万亩，比上年增加2万亩，增长2%。
2.畜牧业。出栏生猪35万头，比上年减少5万头，下降12.5%。
3.渔业。
三、存在问题
项目支出执行率94.75%，个别项目进度偏慢。
2022年政府采购预算800万元，实际采购金额640万元，政府采购执行率80%。
"""
OTHERS = (
    """关于2021年度部门整体支出绩效自评情况的报告
二、资金使用情况
本单位2021年度收入总计为5,000,000.00元，其中财政拨款收入4,800,000.00元，其他收入200,000.00元。支出总计4,900,000.00元：基本支出3,400,000.00元（人员经费2,900,000.00元，公用经费500,000.00元），项目支出1,500,000.00元。年末结转和结余100,000.00元。
预算执行率为98%（全年执行数4,900,000.00元/全年预算数5,000,000.00元）。
（一）A项目。预算安排100万元，截至6月底支出30万元，执行率30%；全年支出95万元，执行率95%。
（二）B项目。年初预算80万元，年中追加20万元，调整后100万元，支出100万元，执行率100%。
（三）C项目。总投资300万元，2021年安排50万元，已支付50万元，支付率100%。""",
    """2023年度区教育局整体支出绩效自评报告
2023年，区教育局部门预算收入合计8.56亿元，支出合计8.49亿元，执行率99.18%。
人员经费7.02亿元，占82.69%；公用经费0.87亿元，占10.25%；项目支出0.6亿元，占7.07%。
年初批复预算8.2亿元，执行中追加0.36亿元。
全区教职工编制4500人，实有4380人，控制率97.33%。
其中：义务教育支出5.5亿元，较上年增长6.8%；学前教育支出1.1亿元，增长约5%。""",
)
# Another body's wording: people as of the year's end, a rate whose sentence alone says of what, two parts of 三公经费.
REWORDED = """
某县人力资源和社会保障局2022年度部门整体支出绩效评价报告
一、部门概况
我局核定编制86人，年末在职人员82人，在职人员控制率为95.35%。
二、部门整体支出情况
2022年年初预算数1250.40万元，其中：基本支出980.40万元，项目支出270.00万元。本年收入1318.62万元，本年支出1296.37万元，年末结转结余22.25万元。
三公经费预算12.00万元，实际支出9.36万元，控制率为78%。其中公务接待费2.36万元，公务用车运行维护费7.00万元。
三、绩效情况
本年培训劳动力1860人次，完成年度目标2000人次的93%；预算完成率98.31%。
"""
REWORDED_WRONG = {
    "人员控制率": ("为95.35%", "为97.67%", "R33", 3),
    "基本加项目不等于总数": ("270.00万元", "260.00万元", "R32", 5),
    "结转": ("22.25万元", "32.25万元", "R32", 5),
    "没有主语的控制率": ("率为78%", "率为87%", "R33", 6),
    "三公只有两项": ("7.00万元", "6.00万元", "R32", 6),
    "完成任务的比例": ("的93%", "的95%", "R33", 8),
}

# What is changed in the correct report, the code, and the paragraph that must be named.
WRONG = {
    "人员控制率": ("控制率98.33%", "控制率95%", "R33", 3),
    "编外控制率按在编算": ("编外人员控制率7.81%", "编外人员控制率8.47%", "R33", 3),
    "基本加项目不等于总数": ("项目支出9,140万元", "项目支出9,240万元", "R32", 5),
    "调整后的也要相等": ("项目支出9,740万元", "项目支出9,840万元", "R32", 5),
    "执行率": ("预算执行率96.00%", "预算执行率98.00%", "R33", 7),
    "占比": ("占总支出的26.34%", "占总支出的28.34%", "R33", 7),
    "三公各项": ("维护费30万元", "维护费35万元", "R32", 9),
    "三公控制率": ("控制率77%", "控制率87%", "R33", 9),
    "完成任务的比例": ("的104%", "的110%", "R33", 11),
    "合格率": ("合格率98%", "合格率99%", "R33", 11),
    "增长率": ("增长2%", "增长3%", "R33", 12),
    "下降率": ("下降12.5%", "下降15%", "R33", 13),
    "没有写两数的执行率": ("项目支出执行率94.75%", "项目支出执行率88.75%", "R33", 16),
    "采购执行率": ("政府采购执行率80%", "政府采购执行率85%", "R33", 17),
    "序号跳过": ("3.渔业", "4.渔业", "R35", 14),
}  # fmt: skip


@pytest.mark.parametrize("text", [CORRECT, REWORDED, *OTHERS])
def test_a_correct_report_raises_nothing(text: str, tmp_path: Path) -> None:
    assert places(review(tmp_path, {}, document(tmp_path, text)), None) == set()


@pytest.mark.parametrize(
    ("text", "right", "wrong", "code", "paragraph"),
    [
        pytest.param(text, *case, id=name)
        for text, cases in ((CORRECT, WRONG), (REWORDED, REWORDED_WRONG))
        for name, case in cases.items()
    ],
)
def test_one_figure_put_wrong_is_found_at_its_sentence(
    text: str, right: str, wrong: str, code: str, paragraph: int, tmp_path: Path
) -> None:
    assert right in text
    found = review(tmp_path, {}, document(tmp_path, text.replace(right, wrong, 1)))
    assert (code, "报告.txt", f"第 {paragraph} 段") in places(found, None)


# Code ("" for none), the sentences: each pair says almost the same.
SENTENCES = [
    ("R32", "全年预算330万元（年初预算280万元，追加60万元，调出20万元）。"),
    ("", "全年预算320万元（年初预算280万元，追加60万元，调出20万元）。"),
    ("", "全年预算330万元（年初预算280万元，另有其他安排60万元）。"),
    ("R32", "可使用资金500,000.00元。决算支出400,000.00元。年末结转90,000.00元。"),
    ("", "可使用资金500,000.00元。决算支出400,000.00元。年末结转100,000.00元。"),
    ("", "预算收入500万元，决算支出400万元，年末结转0万元。"),  # what is left of a budget goes back
    ("R32", "决算收入500,000元，年初结转20,000元。决算支出400,000元。年末结转100,000元。"),
    ("R32", "基本支出416.14万元，其中：人员经费338.16万元；公用经费87.98万元。"),
    ("", "基本支出416.14万元，其中：人员经费338.16万元；公用经费77.98万元。"),
    ("", "基本支出416.14万元，其中：人员经费338.16万元。"),
    ("R33", "预算100万元，压减20万元，执行72万元，执行率80%。"),
    ("", "预算100万元，压减20万元，执行72万元，执行率90%。"),
    ("", "预算100万元，压减20万元，执行72万元，执行率72%。"),
    ("", "预算100万元，执行72万元，执行率约80%。"),
    ("R33", "运行经费500万元，比上年减少100万元，减少20%。"),
    ("", "运行经费500万元，比上年减少100万元，减少17%。"),
    ("R36", "项目于2021年11月31日验收。"),
    ("", "项目于2021年11月30日验收。"),
    ("R36", "实施期为2021年12月1日至2021年3月1日。"),
    ("", "实施期为2021年3月1日至2021年12月1日。"),
    ("", "根据财预〔2020〕10号文件，2020年12月完成率达到100%以上。"),
]


@pytest.mark.parametrize(("code", "sentence"), SENTENCES)
def test_sentences(code: str, sentence: str, tmp_path: Path) -> None:
    found = review(tmp_path, {}, document(tmp_path, f"评价报告\n{sentence}"))
    assert places(found, None) == ({(code, "报告.txt", "第 2 段")} if code else set())


def test_a_list_is_all_of_what_it_lists(tmp_path: Path) -> None:
    text = "报告\n项目支出60万元，具体包括：\n1.甲项目10万元。\n2.乙项目20万元。\n3.丙项目{}万元。"
    wrong, right = (review(tmp_path, {}, document(tmp_path, text.format(last))) for last in (40, 30))
    assert places(wrong) == {("R32", "报告.txt", "第 2 段")}
    assert places(right) == set()


def test_one_figure_told_twice(tmp_path: Path) -> None:
    text = "一、某分局\n预算支出100万元，包括人员支出60万元、公用支出40万元。\n（一）人员支出{}万元，用于工资。"
    wrong, right = (review(tmp_path, {}, document(tmp_path, text.format(told))) for told in (62, 60))
    assert places(wrong) == {("R23", "报告.txt", "第 3 段")}
    assert places(right) == set()
    other = text.format(60) + "\n二、另一分局\n人员支出80万元。"
    assert places(review(tmp_path, {}, document(tmp_path, other))) == set()


# Sheets, a sentence, and what it raises.
AGAINST = [
    ({"决算": ACCOUNTS}, "2021年决算支出270元，其中基本支出90元，项目支出180元。", None),
    ({"决算": ACCOUNTS}, "2021年决算支出290元。", ("R23", Level.ERROR)),
    ({"决算": ACCOUNTS}, "2020年决算支出290元。", None),  # another year's
    ({"决算": ACCOUNTS}, "2021年全年预算数320元，决算支出270元，执行率84.38%。", ("R34", Level.WARNING)),
    ({"决算": ACCOUNTS}, "2021年全年预算数300元，决算支出270元，执行率90%。", None),
    ({"决算": ACCOUNTS}, "2021年预算执行率达95%。", ("R33", Level.ERROR)),
    ({"决算": ACCOUNTS}, "2021年预算执行率达90%。", None),
    ({"资产": SHARES.format("75%")}, "年末资产总额250元。", ("R23", Level.ERROR)),
    ({"资产": SHARES.format("75%")}, "年末资产总额200元。", None),
    ({"人员": STAFF.format("85%")}, "编制数40人，在编人数36人。", ("R23", Level.ERROR)),
    ({"人员": STAFF.format("85%")}, "编制数40人，在编人数34人。", None),
    ({"决算": ACCOUNTS}, "本年度决算中未做项目支出。", ("R23", Level.ERROR)),
    ({"决算": ACCOUNTS}, "本年度决算中未做政府性基金支出。", None),
]


@pytest.mark.parametrize(("sheets", "sentence", "raised"), AGAINST)
def test_a_report_against_the_tables(
    sheets: dict[str, str], sentence: str, raised: tuple[str, Level] | None, tmp_path: Path
) -> None:
    found = review(tmp_path, sheets, document(tmp_path, f"2021年度自评报告\n{sentence}"))
    told = {(one.kind.code, one.level) for one in found if one.sheet == "报告.txt"}
    assert (raised in told) if raised else not told


FORM_OF_A_YEAR = """
项目支出绩效自评表
（2021年度）
项目名称 | 档案外包
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 页数 | ≥100页 | 100页 | 100 | 100
总分 | | | | | 100 | 100
"""
# A report's first lines, and whether they are of another year than the form.
TITLES = [
    ("某局2020年度部门整体支出绩效自评报告", True),
    ("某局\n《2020年度档案外包项目绩效自评报告》", True),
    ("某局2021年度部门整体支出绩效自评报告", False),
    ("部门整体支出绩效自评报告\n（2022年3月）", False),  # when it was written
    ("某局绩效自评报告\n2020年度绩效目标已全部完成，见上年的报告。", False),
]


@pytest.mark.parametrize(("title", "is_old"), TITLES)
def test_a_report_of_another_year(title: str, is_old: bool, tmp_path: Path) -> None:
    found = review(tmp_path, {"自评表": FORM_OF_A_YEAR}, document(tmp_path, title))
    told = [(one.kind.code, one.level, one.expected, one.found) for one in found if one.sheet == "报告.txt"]
    assert told == ([("R36", Level.WARNING, "2021", "2020")] if is_old else [])


def test_the_same_as_another_figure(tmp_path: Path) -> None:
    text = "报告\n基本支出100万元，其中人员支出60万元、公用支出40万元。\n机关运行经费{}万元（与基本支出中公用经费之和保持一致）。"
    wrong, right = (review(tmp_path, {}, document(tmp_path, text.format(told))) for told in (38, 40))
    assert places(wrong) == {("R23", "报告.txt", "第 3 段")}
    assert places(right) == set()


OUTSOURCED = """
项目支出绩效自评表
项目名称 | 档案外包 | | 主管部门 | 某局
项目资金（元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
 | 年度资金总额 | 4607800 | 4607800 | 3677200 | 10 | '79.8% | 7.98
年度总体目标 | 预期目标 | | | 实际完成情况
 | 完成档案整理 | | | {}
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | 数量指标 | 档案数量 | 1788万页 | 1400万页 | 90 | 70.47 | 移交较晚
总分 | | | | | 100 | 78.45
"""


@pytest.mark.parametrize(
    ("words", "raised"),
    [
        ("外包公司已完成项目档案工作量的80%", True),  # 1400 ÷ 1788 is 78.3%
        ("外包公司已完成项目档案工作量的78%", False),
        ("外包公司已完成项目档案工作量的78.3%", False),
        ("已按照合同要求支付80%合同总价", False),
    ],
)
def test_a_form_s_own_words_beside_its_indicator(words: str, raised: bool, tmp_path: Path) -> None:
    found = check(Sheets({"表": grid(OUTSOURCED.format(words))}))
    assert (("R23", "表", "E6") in places(found)) == raised


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n".join(f"基本支出预算{n}万元，执行{n}万元，执行率100%。" for n in range(1, 2001)), id="lines"),
        pytest.param(
            "".join(f"基本支出预算{n}万元，其中项目{n}万元，执行率99%。" for n in range(1, 2001)), id="a paragraph"
        ),
        pytest.param("预算1万元，" * 200_000, id="a sentence"),
        pytest.param("预算执行率99%。\n" * 2000, id="rates alone"),
    ],
)
def test_a_report_of_any_length_ends_in_an_answer(text: str, tmp_path: Path) -> None:
    found = places(review(tmp_path, {}, document(tmp_path, "报告\n" + text)))
    assert not {code for code, _, _ in found} - {"R23", "R33"}  # figures told twice, rates that nothing gives
