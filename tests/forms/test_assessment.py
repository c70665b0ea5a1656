"""What counts in a computed total, and what each row is told, under every option that bears on whole forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from perfeval.books.file import FileBook
from perfeval.forms.assessment import Assessment, assess
from perfeval.forms.reader import read_forms
from perfeval.standards import convention
from support.sheettext import write_sheets

HEAD = """
项目支出绩效自评表 | < | < | < | < | < | < | <
项目名称 | 测试项目 | < | < | < | < | < | <
项目资金（元） | 资金来源 | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
"""
COLUMNS = """
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分
"""
TOTAL = """
总分 | < | < | < | < | < | 100 | 0
"""


def assessed(folder: Path, rows: str, standard: str, funds: str = "") -> Assessment:
    head = HEAD.strip().splitlines() if funds else HEAD.strip().splitlines()[:2]
    lines = [*head, *funds.strip().splitlines(), COLUMNS.strip(), *rows.strip().splitlines(), TOTAL.strip()]
    path = write_sheets(folder / "自评表.xlsx", {"表": "\n".join(lines)})
    (form,) = read_forms(FileBook.open(path).grid("表"))
    return assess(form, convention(standard))


@dataclass(frozen=True)
class Case:
    """Rows of a form with their computed scores (None: no rule gives one), the computed total, and what rows are told."""

    rows: str
    computed: tuple[float | None, ...]
    total: float | None
    says: Mapping[str, str] = field(default_factory=dict)
    standard: str = "cn-project-2020"


ONE = " | 产出指标 | 数量指标 | "
CASES = {
    "由人评定，表中的分计入": Case(
        f"{ONE} 制度健全 | 健全 | 健全 | 40 | 36\n{ONE} 场次 | 5场 | 5场 | 60 | 60",
        (None, 60),
        96,
        {
            "制度健全": "由人评定：达成 32～40 分，部分达成 24～32 分（不含上限），未达成低于 24 分；总分计入表中的 36 分"
        },
    ),
    "由人评定而没有打分，总分不知道": Case(f"{ONE} 制度健全 | 健全 | 健全 | 100 | ", (None,), None),
    "分数超过分值，不计": Case(
        f"{ONE} 制度健全 | 健全 | 健全 | 40 | 45", (None,), None, {"制度健全": "不在 0 到分值之间，未计入总分"}
    ),
    "分数是负数，不计": Case(f"{ONE} 制度健全 | 健全 | 健全 | 40 | -1", (None,), None, {"制度健全": "未计入总分"}),
    "分数不在所写的档次里，不计": Case(
        f"{ONE} 效果 | 显著 | 部分达成年度指标 | 40 | 38",
        (None,),
        None,
        {"效果": "38 分不在“部分达成年度指标”的档次内，未计入总分"},
    ),
    "分数正好是档次下限": Case(f"{ONE} 效果 | 显著 | 部分达成年度指标 | 40 | 24", (None,), 24),
    "档次按口径，部分达成从 50% 起": Case(
        f"{ONE} 效果 | 显著 | 部分达成 | 40 | 21", (None,), 21, standard="cn-project-2020; partial=50%"
    ),
    "完成值不是测量值": Case(
        f"{ONE} 满意度 | ≥95% | ≥98% | 10 | 10", (None,), 10, {"满意度": "不是测量值，请填实际完成的数"}
    ),
    "完成值带比较号，取其界限": Case(
        f"{ONE} 满意度 | ≥95% | ≥98% | 10 | 10", (10,), 10, standard="cn-project-2020; inequality=bound"
    ),
    "一格两个数，不猜": Case(f"{ONE} 种苗 | 100%1000件 | 1000件 | 10 | 10", (None,), 10, {"种苗": "不能计算"}),
    "完成值空白": Case(f"{ONE} 场次 | 5场 | | 10 | ", (None,), None, {"场次": "完成值空白，请填写"}),
    "分值空白而有得分": Case(f"{ONE} 场次 | 5场 | 5场 | | 10", (None,), None, {"场次": "分值空白"}),
    "分值不是数": Case(f"{ONE} 场次 | 5场 | 5场 | 十 | 10", (None,), None, {"场次": "分值“十”不是数"}),
    "不适用不计分": Case(f"{ONE} 场次 | 不适用 | 不适用 | 20 | \n{ONE} 人次 | 50人 | 40人 | 80 | 64", (None, 64), 64),
    "不适用，其余折算成百分": Case(
        f"{ONE} 场次 | 不适用 | 不适用 | 20 | \n{ONE} 人次 | 50人 | 40人 | 80 | 64",
        (None, 64),
        80,
        standard="cn-project-2020; not_applicable=rescale",
    ),
    "共用分值，全部达标": Case(
        f"{ONE} 场次 | 5场 | 5场 | 30 | 30\n{ONE} 人次 | 50人 | 60人 | ^ | ^\n{ONE} 课时 | 8学时 | 8学时 | ^ | ^",
        (30, None, None),
        30,
        {"场次": "共用分值的 3 行全部达标，得满分 30 分", "人次": "与“场次”共用分值，见该行"},
    ),
    "共用分值，一行未达标": Case(
        f"{ONE} 场次 | 5场 | 5场 | 30 | 27\n{ONE} 人次 | 50人 | 40人 | ^ | ^",
        (None, None),
        27,
        {"场次": "“人次”（指标值 50人，完成值 40人）未达标，由人评定；总分计入表中的 27 分"},
    ),
    "共用分值，按各行平均": Case(
        f"{ONE} 场次 | 5场 | 5场 | 30 | 27\n{ONE} 人次 | 50人 | 40人 | ^ | ^",
        (27, None),
        27,
        {"场次": "按各行得分平均得 27 分"},
        "cn-project-2020; shared=average",
    ),
    "共用分值，有一行要由人评定": Case(
        f"{ONE} 场次 | 5场 | 5场 | 30 | 27\n{ONE} 效果 | 好 | 好 | ^ | ^", (None, None), 27, {"场次": "“效果”由人评定"}
    ),
    "共用分值，有一行读不懂": Case(
        f"{ONE} 场次 | 5场 | 5场 | 30 | 27\n{ONE} 人次 | 50人 | ≥50人 | ^ | ^",
        (None, None),
        27,
        {"场次": "“人次”完成值"},
    ),
    "上级行只是下级之和": Case(
        " | 产出指标 | 数量指标 |  |  |  | 15 | 12\n | ^ | ^ | 场次 | 5场 | 4场 | 10 | 8\n | ^ | ^ | 人次 | 9人 | 9人 | 5 | 5",
        (8, 5),
        13,
    ),
    "上级行也计": Case(
        " | 产出指标 | 数量指标 |  |  |  | 15 | 12\n | ^ | ^ | 场次 | 5场 | 4场 | 10 | 8\n | ^ | ^ | 人次 | 9人 | 9人 | 5 | 5",
        (None, 8, 5),
        25,
        standard="cn-project-2020; parents=all",
    ),
    "反向指标按正向计分": Case(
        " | 产出指标 | 成本指标 | 成本控制率 | ≤100% | 86% | 10 | 8.6",
        (10,),
        10,
        {"成本控制率": "表中 8.6 分是把反向指标按正向计分（86% × 10 分）"},
    ),
    "成本指标没有符号，是反向": Case(" | 产出指标 | 成本指标 | 单价 | 50元 | 55元 | 10 | 9", (9,), 9),
    "倒数计分": Case(
        " | 产出指标 | 成本指标 | 单价 | 100元 | 110元 | 10 | 9.09",
        (9.09,),
        9.09,
        standard="cn-project-2020; reverse=倒数",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_rows_and_their_total(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    result = assessed(tmp_path, case.rows, case.standard)
    assert tuple(None if row.computed is None else float(row.computed) for row in result.rows) == case.computed
    assert (None if result.computed_total is None else float(result.computed_total)) == case.total
    told = {row.name: row.explanation for row in result.rows}
    for row_name, words in case.says.items():
        assert words in told[row_name]


FUNDS = {
    "全年预算数": ("资金 | 年度资金总额 | 100 | 120 | 90 | 10 | 75% | 7.5", "", 7.5, "执行率 = 90 ÷ 120 = 75%；× 10 分 = 7.5 分"),
    "年初预算数": ("资金 | 年度资金总额 | 100 | 120 | 90 | 10 | 90% | 9", "denominator=initial", 9, "90 ÷ 100 = 90%"),
    "分母用错": ("资金 | 年度资金总额 | 100 | 120 | 90 | 10 | 90% | 9", "", 7.5, "表中 9 分用了错误的分母：年初预算数 100"),
    "分母反过来用错": ("资金 | 年度资金总额 | 100 | 120 | 90 | 10 | 75% | 7.5", "denominator=initial", 9, "错误的分母：全年预算数"),
    "先舍入执行率": ("资金 | 年度资金总额 | 8 | 8 | 7 | 10 | 88% | 8.8", "rate=2", 8.8, "先四舍五入为 0.88"),
    "执行率截断": ("资金 | 年度资金总额 | 8 | 8 | 7 | 10 | 87% | 8.7", "rate=2", 8.8, "执行率是截断得出的，应四舍五入"),
    "超过预算，封顶": ("资金 | 年度资金总额 | 8 | 8 | 9 | 10 | 113% | 10", "", 10, "超过 100%，按分值封顶"),
    "只看年度资金总额一行": (
        "资金 | 年度资金总额 | 8 | 8 | 4 | 10 | 50% | 5\n^ | 其中：当年财政拨款 | 8 | 8 | 4 | — | 50% | 5", "", 5, "= 50%"
    ),
    "没有预算": ("资金 | 年度资金总额 | 0 | 0 | 4 | 10 | | ", "", None, "全年预算数是 0，执行率无法计算"),
    "预算数空白": ("资金 | 年度资金总额 | 5 |  | 4 | 10 | | ", "", None, "全年预算数空白，请填写"),
    "分值空白": ("资金 | 年度资金总额 | 5 | 5 | 4 | | | 8", "", None, "预算执行率的分值空白或不是数，请填写"),
}  # fmt: skip


@pytest.mark.parametrize("name", FUNDS)
def test_the_execution_rate_is_a_row(name: str, tmp_path: Path) -> None:
    funds, option, score, words = FUNDS[name]
    result = assessed(tmp_path, f"{ONE} 场次 | 5场 | 5场 | 90 | 90", f"cn-project-2020; {option}", funds)
    row = result.rows[0]
    assert row.name == "预算执行率"
    assert (None if row.computed is None else float(row.computed)) == score
    assert words in row.explanation
    assert (None if result.computed_total is None else float(result.computed_total)) == (score and score + 90)
