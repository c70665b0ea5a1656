"""Each finding has a table that must raise it, and one like it that must not; a correct table raises nothing."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.books.file import FileBook
from perfeval.checks import check
from perfeval.errors import DIV0
from perfeval.findings import Finding, Level, kinds
from perfeval.forms.grid import Area, Grid
from perfeval.hints import MISSING_VALUE, NOT_A_NUMBER
from perfeval.records import names
from perfeval.standards import project_standard
from support import DATA
from support.forms_in_memory import Sheets, book, grid
from support.row_faults import PAIRS as ROWS
from support.sheettext import write_sheets
from support.unseen import TABLES

Changes = dict[str, Any]

# Ways the correct table may stand, each still correct but for what the name says.
SPENT: Changes = {"E4": 1000000, "E5": 800000, "E6": 200000, "H4": 10} | dict.fromkeys(("G4", "G5", "G6"), "100%")
ALL_FULL = (
    SPENT
    | {"E11": "96%", "G11": 10, "E13": "2万元", "G13": 10, "G14": 30, "G16": 100}
    | dict.fromkeys(("H11", "H13", "H14"), "")
)
ROUNDED_UP = {"E4": 939000, "E5": 749000, "G4": "93.9%", "G5": "93.63%"}
UNDER_90 = {"E4": 880000, "E5": 690000, "G4": "88%", "G5": "86.25%", "H4": 8.8, "G16": 95.27}
UNDER_80 = {"E4": 700000, "E5": 510000, "G4": "70%", "G5": "63.75%", "H4": 7, "G16": 93.47}
HALF = {"E4": 500000, "E5": 310000, "G4": "50%", "G5": "38.75%", "H4": 5, "G16": 91.47}
CHEAP = {"E13": "1.5万元", "G13": 10, "H13": "", "G16": 96.97}
COST_RATE = {"C13": "预算成本控制率", "D13": "≤100%", "G13": 10, "H13": "", "G16": 96.97}
IN_WANYUAN = {"A3": "项目资金（万元）", "E4": 95, "E5": 76, "E6": 20, "G6": ""} | {
    f"{column}{row}": amount for column in "CD" for row, amount in ((4, 100), (5, 80), (6, 20))
}

# code, cell: what is the matter, the changes to the correct table that raise it there, like ones that do not.
PAIRS: list[tuple[str, str, str, Changes, Changes]] = [
    ("R01", "F16", "分值合计 105", {"F15": 15, "G15": 15, "A15": "满意度指标", "F16": 105, "G16": 100.97}, {}),
    ("R01", "F16", "合计一行印错", {"F16": 90}, {"F16": "100分"}),
    ("R01", "F16", "执行率没有分值", {"F4": None, "H4": None, "G16": 86.47}, {"F4": 10}),
    ("R02", "A10", "产出指标标明60分", {"A10": "产出指标（60分）"}, {"A10": "产出指标"}),
    ("R03", "G16", "总分加错", {"G16": 96.97}, {"G16": 95.97}),
    ("R03", "G16", "总分取整", {"G16": 96}, {"G16": "95.97分"}),
    ("R04", "G4", "执行率算错", {"G4": "96%"}, {"G4": "95.00%"}),
    ("R04", "G4", "用年初预算作分母", {"C4": 1250000, "C5": 1050000, "G4": "76%"}, {"C4": 1250000, "C5": 1050000}),
    ("R04", "G4", "小数写法", {"G4": 0.96}, {"G4": 0.95}),
    ("R04", "G4", "不带百分号", {"G4": 96.0}, {"G4": 95.0}),
    ("R04", "G5", "其中一行的执行率", {"G5": "90%"}, {"G5": "0.95"}),
    ("R05", "H4", "执行率得分算错", {"H4": 9.0, "G16": 95.47}, {"H4": "9.50"}),
    ("R05", "H4", "执行率得分超过分值", {"H4": 11, "G16": 97.47}, SPENT | {"G16": 96.47}),
    ("R27", "H4", "执行率得分取整", ROUNDED_UP | {"H4": 9.0, "G16": 95.47}, ROUNDED_UP | {"H4": 9.39, "G16": 95.86}),
    ("R06", "G10", "得分大于分值", {"G10": 21, "G16": 96.97}, {"G10": 20}),
    ("R07", "G13", "反向指标按正向计分", CHEAP | {"G13": 7.5, "G16": 94.47}, CHEAP),
    ("R08", "G11", "未达标却满分", {"G11": 10, "G16": 96.5}, {"G11": 9.47}),
    ("R09", "H11", "扣分没有原因", {"H11": None}, {"H11": "仪器故障"}),
    ("R09", "H11", "没有偏差原因一栏就不问", {"H11": "—"}, {f"H{row}": None for row in range(9, 16)}),
    ("R10", "H10", "满分却填原因", {"H10": "断面取消"}, {"H10": "无"}),
    ("R11", "E10", "超额较多没有说明", {"E10": "60个"}, {"E10": "60个", "H10": "上级增加任务"}),
    ("R12", "E10", "单位不同", {"E10": "100%"}, {"E10": "40 个"}),
    ("R13", "E15", "照抄指标值", {"E15": "≥90%"}, {"E15": "90%"}),
    ("R14", "E10", "完成值空白", {"E10": None}, {"E10": "40个"}),
    ("R14", "G16", "总分空白", {"G16": None}, {"G16": 95.97}),
    ("R14", "H4", "执行率得分空白", {"H4": None}, {"H4": 9.5}),
    ("R14", "E4", "全年执行数空白", {"E4": None}, {"E4": "950,000.00"}),
    ("R14", "F10", "分值空白", {"F10": None}, {"F10": "20分"}),
    ("R38", "E4", "全年执行数不是数", {"E4": "另附"}, {"E4": "950,000.00"}),
    ("R38", "H4", "执行率得分不是数", {"H4": "满分"}, {"H4": "9.5分"}),
    ("R38", "G16", "总分是错误值", {"G16": DIV0}, {"G16": "95.97分"}),
    ("R14", "H4", "执行率得分印横线", {"H4": "—"}, {"H4": 9.5}),
    ("R39", "H11", "原因空泛", {"H11": "客观原因"}, {"H11": "客观上场地被征用"}),
    ("R40", "H11", "原因说没有偏差", {"H11": "已完成"}, {"H11": "未按期完成招聘"}),
    ("R15", "H4", "执行率与得分背离", HALF, HALF | {"H11": "尾款按合同次年支付"}),
    ("R15", "E13", "成本控制率与执行率不同", COST_RATE | {"E13": "60%"}, COST_RATE | {"E13": "95%"}),
    ("R16", "E4", "结余两成以上没有说明", UNDER_80, UNDER_80 | {"E8": "监测全部断面，招标节约"}),
    ("R16", "E4", "略低于90%，有原因即可", UNDER_90 | dict.fromkeys(("H11", "H13", "H14"), ""), UNDER_90),
    ("R17", "D4", "预算为0", {"D4": 0}, {"D4": 1000000}),
    ("R18", "D4", "来源之和不等于总额", {"D5": 700000}, {"D5": "800,000"}),
    ("R18", "E4", "执行数的来源", {"E6": 180000}, {"E6": 190000}),
    ("R18", "E4", "万元的舍入", IN_WANYUAN | {"E6": 22}, IN_WANYUAN | {"E6": 20}),
    ("R18", "D4", "有一行来源不认识", {"D5": 700000}, {"B6": "社会捐赠款"}),
    ("R19", "D4", "调整没有说明", {"C4": 900000, "C5": 700000}, {"C4": 900000, "C5": 700000, "E8": "监测全部断面，年中追加10万元"}),
    ("R21", "G14", "达成却不到八成", {"G14": 20, "G16": 87.97, "B17": "良"}, {"G14": 24, "G16": 91.97}),
    ("R22", "B17", "等级与总分不符", {"B17": "良"}, {"B17": "优秀"}),
    ("R22", "B17", "恰在分界", {"G14": 22.02, "G16": 90.0}, {"G14": 22.03, "G16": 90.0}),
    ("R24", "F10", "不适用却有分值", {"D10": "不适用", "E10": "不适用", "G10": 0, "G16": 75.97, "B17": "中"}, {}),
    ("R26", "G16", "全部满分没有佐证", ALL_FULL, ALL_FULL | {"E8": "监测全部断面，佐证材料见附件"}),
    ("R27", "G16", "总分少一位小数", {"E11": "90.5%", "G11": 9.53, "G16": "96.0"}, {"G16": "95.97"}),
    ("R28", "D4", "没有写金额单位", {"A3": "项目资金"}, {"A3": "项目资金（万元）"}),
    ("R28", "E4", "元与万元混用", {"E4": 95}, {"E4": 950000}),
    ("R28", "E4", "只有一个带单位", {"A3": "项目资金", "D4": "100万元"}, {"D4": "100万元"}),
    ("R29", "G16", "改正后总分不同", {"G11": 10, "G16": 96.5}, {"G11": 9.47}),
    ("R31", "A1", "没有总分一行", {"A16": None, "F16": None, "G16": None}, {}),
]  # fmt: skip


def found(changes: Changes, standard: str | None = None) -> list[Finding]:
    return check(book(changes), standard)


def codes(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(finding.kind.code, finding.cell) for finding in findings}


@pytest.mark.parametrize(("code", "cell", "matter", "faulty", "alike"), PAIRS, ids=[f"{p[0]} {p[2]}" for p in PAIRS])
def test_a_fault_is_found_at_its_cell_and_its_like_is_not(
    code: str, cell: str, matter: str, faulty: Changes, alike: Changes
) -> None:
    assert (code, cell) in codes(found(faulty)), matter
    assert (code, cell) not in codes(found(alike)), matter


def test_the_correct_table_raises_nothing() -> None:
    assert found({}) == []
    assert found({}, "cn-project-2020") == []


def test_a_form_that_nobody_filled_in_is_asked_for_once() -> None:
    blank = {f"{letter}{row}": None for letter in "EGH" for row in range(10, 16)}
    blank |= dict.fromkeys(("C4", "D4", "E4", "G4", "H4", "D5", "E5", "D6", "E6", "E8", "G16"))
    assert codes(found(blank)) == {("R37", "A1")}


def test_a_book_without_anything_to_review_is_refused() -> None:
    (refused,) = check(Sheets({"来访": grid("单位 | 电话\n甲公司 | 5551234", name="来访")}))
    assert (refused.kind.code, refused.level) == ("R00", Level.ERROR)
    assert refused.message.startswith("没有找到自评表")


@pytest.mark.parametrize("name", TABLES)
def test_what_is_found_on_layouts_never_seen(name: str, tmp_path: Path) -> None:
    """Every finding here was looked at and can be defended before the body whose table it is."""
    table = TABLES[name]
    path = write_sheets(
        tmp_path / "表.xlsx",
        {"表": table["sheet"]},
        at=tuple(table.get("at", (1, 1))),
        hidden_rows=table.get("hidden_rows", ()),
    )
    lines = [f"{one.cell} {one.kind.code}" for one in check(FileBook.open(path), table.get("standard"))]
    assert lines == UNSEEN.get(name, [])


UNSEEN: dict[str, list[str]] = tomllib.loads(DATA.joinpath("layouts/unseen_findings.toml").read_text(encoding="utf-8"))


def test_a_weight_that_several_indicators_share_is_counted_twice_perhaps() -> None:
    """Rows that share a 分值 were R24 once; 不适用 with a 分值 is R24 still."""
    shared = Grid(
        "表",
        grid(changes={"F12": None, "G12": None, "F11": 20, "G11": 19.47}).cells,
        (Area(11, 6, 12, 6), Area(11, 7, 12, 7)),
    )
    assert ("R41", "F11") in codes(check(Sheets({"表": shared})))
    assert "R41" not in {one.kind.code for one in found({})}


# --- the standard decides limits and levels, and says which 口径 counts ---


def test_another_published_convention_is_no_error_unless_a_standard_is_named() -> None:
    by_rounded_rate = {"E4": 938600, "E5": 748600, "G4": "93.86%", "G5": "93.58%", "H4": 9.4, "G16": 95.87}
    assert found(by_rounded_rate) == []
    assert {one.kind.code for one in found(by_rounded_rate, "cn-project-2020")} == {"R27"}
    reciprocal = {"G13": 9.09, "G16": 96.06}
    assert found(reciprocal) == []
    assert codes(found(reciprocal, "cn-project-2020")) == {("R27", "G13")}
    assert found(reciprocal, "cn-project-2020; reverse=reciprocal") == []


def test_a_threshold_is_the_conventions() -> None:
    above = {"E10": "50个"}
    assert found(above) == []
    assert codes(found(above, "cn-project-2020; over_threshold=20%")) == {("R11", "E10")}


def test_a_level_set_for_a_former_code_holds_for_what_was_part_of_it() -> None:
    review = project_standard("cn-project-2020").review
    asked = replace(review, levels={"R14": Level.WARNING})
    assert {asked.level(kind) for kind in (MISSING_VALUE, NOT_A_NUMBER)} == {Level.WARNING}
    own = replace(review, levels={"R14": Level.WARNING, "R38": Level.NOTE})
    assert (own.level(MISSING_VALUE), own.level(NOT_A_NUMBER)) == (Level.WARNING, Level.NOTE)


def test_weights_unlike_the_named_standard_are_told() -> None:
    assert {(one.kind.code, one.level) for one in found({}, "sz-project-2021")} == {("R25", Level.NOTE)}


# --- several forms, and the import sheets of our own workbook ---


def test_one_project_told_twice() -> None:
    second = {
        "D4": 1100000,
        "D5": 900000,
        "C4": 1100000,
        "C5": 900000,
        "G4": "86.36%",
        "G5": "84.44%",
        "H4": 8.64,
        "G16": 95.11,
    }
    forms = {"甲": grid(name="甲"), "乙": grid(changes=second, name="乙")}
    assert {(one.kind.code, one.sheet, one.cell) for one in check(Sheets(forms))} == {("R23", "乙", "D4")}
    assert check(Sheets({"甲": grid(name="甲"), "乙": grid(changes=second | {"B2": "大气监测"}, name="乙")})) == []
    as_printed = grid(changes={"D4": "1,000,000.00"}, name="乙")
    assert check(Sheets({"甲": grid(name="甲"), "乙": as_printed})) == [], "the same sum, written otherwise"


def test_one_question_answered_in_two_ways() -> None:
    full = {"D13": "≤100%", "E13": "86%", "G13": 10, "H13": None, "G16": 96.97}
    forward = full | {"B2": "大气监测", "G13": 8.6, "H13": "节约", "G16": 95.57}
    mixed = check(Sheets({"甲": grid(changes=full, name="甲"), "乙": grid(changes=forward, name="乙")}))
    assert ("R27", "乙", "G13") in {(one.kind.code, one.sheet, one.cell) for one in mixed}
    alone = check(
        Sheets({"甲": grid(changes=forward | {"B2": "水质监测"}, name="甲"), "乙": grid(changes=forward, name="乙")})
    )
    assert "R27" not in {one.kind.code for one in alone}


TARGETS = """
项目名称 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 分值
水质监测 | 产出指标 | 数量指标 | 监测断面数 | ≥40个 | 20
水质监测 | 产出指标 | 质量指标 | 数据有效率 | ≥95% | 10
水质监测 | 产出指标 | 时效指标 | 报告及时率 | '100% | 10
水质监测 | 产出指标 | 成本指标 | 单个断面成本 | ≤2万元 | 10
水质监测 | 效益指标 | 社会效益指标 | 预警能力 | 有效提升 | 30
水质监测 | 满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90% | 10
"""
EXECUTION = (
    "项目名称 | 资金来源 | 年初预算数 | 全年预算数 | 全年执行数\n水质监测 | 年度资金总额 | 1000000 | 1000000 | 950000\n"
)


def ours(changes: Changes, targets: str = TARGETS, execution: str = EXECUTION) -> Sheets:
    """Our own workbook, as far as the review looks at it."""
    sheets = {
        names.TARGETS: grid(targets, name=names.TARGETS),
        names.EXECUTION: grid(execution, name=names.EXECUTION),
        "01 水质监测": grid(changes=changes, name="01 水质监测"),
        names.MEMORY: Grid(names.MEMORY, {}),
    }
    return Sheets(sheets)


@pytest.mark.parametrize(
    ("code", "cell", "faulty", "alike"),
    [
        ("R20", "D10", {"D10": "≥38个"}, {"D10": "≥40 个"}),
        ("R20", "F10", {"F10": 15}, {"F10": "20分"}),
        ("R20", "A1", {"C10": "监测点位数"}, {}),
        ("R20", "C10", {"C10": "监测点位数"}, {}),
        ("R23", "D4", {"D4": 900000}, {"D4": "1,000,000"}),
        ("R23", "E4", {"E4": 940000}, {"E4": "95万元"}),
    ],
)
def test_our_own_forms_beside_their_import_sheets(code: str, cell: str, faulty: Changes, alike: Changes) -> None:
    assert (code, cell) in codes(check(ours(faulty)))
    assert code not in {one.kind.code for one in check(ours(alike))}


def test_every_kind_of_finding_of_a_project_form_has_its_pair() -> None:
    tested = {pair[0] for pair in (*PAIRS, *ROWS)} | {"R20", "R23", "R25", "R41"}
    tested |= {"R32", "R33", "R34", "R35", "R36"}  # of tables and reports: test_checks_tables, test_checks_texts
    tested |= {"R47"}  # of the standards that a workbook names: test_own_standard
    tested |= {"R48"}  # of formulas that point into another file: test_links
    tested |= {"R49", "R50", "R51", "R52", "R53", "R54"}  # of a workbook's own formulas: commands/test_repair
    # what could not be reviewed: test_accounts, test_check; a form that nobody filled in: test_blank
    assert set(kinds()) - tested == {"R00", "R37", "R42", "R43", "R46"}


# --- correct forms, made by the rules and by nothing of ours ---


@st.composite
def correct_forms(draw: st.DrawFn) -> Changes:
    """A form whose scores follow 财预〔2020〕10号, calculated with fractions; every loss and every excess is explained."""

    def points(share: Fraction, weight: int) -> float:
        return int(share * weight * 100 + Fraction(1, 2)) / 100

    budget = draw(st.integers(1, 10**9))
    executed = draw(st.integers(1, budget))
    changes: Changes = {f"{letter}{row}": None for letter in "CDEFGH" for row in (5, 6)}
    changes |= {"B5": None, "B6": None, "C4": budget, "D4": budget, "E4": executed, "A10": "产出指标", "B17": None}
    rate = Fraction(executed, budget)
    changes |= {"G4": f"{int(rate * 10_000 + Fraction(1, 2)) / 100:.2f}%", "H4": points(rate, 10)}
    total = changes["H4"]
    cuts = sorted(draw(st.lists(st.integers(1, 49), min_size=3, max_size=3, unique=True)))
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, 50], strict=True)]
    for row, weight in zip(range(10, 14), weights, strict=True):
        target, actual = draw(st.integers(1, 5000)), draw(st.integers(0, 9000))
        reverse = draw(st.booleans())
        if reverse:
            share = max(Fraction(0), min(Fraction(1), 1 - Fraction(actual - target, target)))
        else:
            share = min(Fraction(1), Fraction(actual, target))
        score = points(share, weight)
        excess = not reverse and actual * 10 >= target * 13
        changes |= {
            f"B{row}": "数量指标", f"C{row}": f"指标甲{row}", f"D{row}": f"{'≤' if reverse else '≥'}{target}件",
            f"E{row}": f"{actual}件", f"F{row}": weight, f"G{row}": score,
            f"H{row}": "资金年底才到位" if score < weight or excess else None,
        }  # fmt: skip
        total += score
    judged = draw(st.integers(24, 30))
    changes |= {"G14": judged, "H14": "预警偶有延迟" if judged < 30 else None, "E8": "经费结余较多，佐证材料见附件"}
    return changes | {"G16": round(total + judged + 10, 2)}


@given(correct_forms())
@settings(max_examples=150, deadline=None)
def test_generated_correct_forms_raise_nothing(changes: Changes) -> None:
    assert [(one.kind.code, one.cell, one.message) for one in found(changes, "cn-project-2020")] == []
