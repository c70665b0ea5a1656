"""Exports of finance systems, made up: each a layout as a system prints it, composed here and no institution's own.

``SYSTEMS`` are single ones with the amounts that they mean; ``layouts`` draws any number of others from the same parts. Written with
openpyxl, as text or number, as a system would.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

Amounts = dict[str, dict[str, tuple[float | None, float | None, float | None]]]
"""By project and source of funds: 年初预算数, 全年预算数, 全年执行数."""

TOTAL = "年度资金总额"
A, B, C = "城乡低保家庭核查与救助", "养老服务设施改造提升", "殡葬惠民减免"


@dataclass(frozen=True)
class System:
    """A file: its sheets row by row, merged areas as ``sheet!A1:B2``, and what is to be read of it, in ``unit``; ``refused`` is what a
    refusal says instead."""

    sheets: dict[str, list[Sequence[Any]]]
    reads: Amounts = field(default_factory=dict)
    unit: str = "元"
    merges: tuple[str, ...] = ()
    refused: str = ""
    says: tuple[str, ...] = ()


def write(path: Path, sheets: dict[str, list[Sequence[Any]]], merges: Sequence[str] = ()) -> Path:
    """An .xlsx with these rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for merge in merges:
        name, _, area = merge.partition("!")
        book[name].merge_cells(area)
    book.save(path)
    return path


def _whole(**projects: tuple[float | None, float | None, float | None]) -> Amounts:
    return {name: {TOTAL: money} for name, money in projects.items()}


SYSTEMS: dict[str, System] = {
    "一体化：指标与支付，单位行，编码带制表符": System(
        {
            "项目支出执行情况表": [
                ["某县2025年度项目支出预算执行情况表"],
                ["单位：万元", None, None, None, None, "导出时间：2026-01-08 09:31:22"],
                ["序号", "项目编码", "项目名称", "功能分类", "年初预算", "调整预算数", "指标余额", "累计支出数", "执行进度", "备注"],
                [1, "MZ2501  ", f"{A} ", "2081104", "1,286.50", "1,250.00", "6.2239", "1,243.7761 ", "99.50%", None],
                [2, "13053425T0000002\t", B, "2081104", "640.00", "640.00", "127.9200", "512.0800 ", "80.01%", None],
                [None, "合计", None, None, "1,926.50", "1,890.00", None, "1,755.8561", None, None],
            ]
        },
        _whole(**{A: (1286.5, 1250, 1243.7761), B: (640, 640, 512.08)}),
        "万元",
        says=("全年预算数 ← F 列“调整预算数”，万元", "没有用到的列：A“序号”、D“功能分类”、G“指标余额”"),
    ),
    "一体化：资金性质在行里，两行表头，上面是单位的合计": System(
        {
            "Sheet1": [
                ["预算执行情况查询"],
                ["会计年度：2025", None, None, None, "金额单位：元"],
                ["预算单位", "项目代码", "项目名称", "资金性质", "指标金额", "支付金额", None],
                [None, None, None, None, None, "本月", "累计"],
                ["某局", None, None, None, 3000000, 1, 2400000],
                ["某局", "13010025T000001", A, "111-一般公共预算资金", 1000000, 1, 900000],
                ["某局", "13010025T000001", A, "9-其他资金", 500000, 0, 300000],
                ["某局", "13010025T000002", B, "111-一般公共预算资金", 1500000, 0, 1200000],
            ]
        },
        {
            A: {"当年财政拨款": (None, 1000000, 900000), "其他资金": (None, 500000, 300000), TOTAL: (None, 1500000, 1200000)},
            B: {"当年财政拨款": (None, 1500000, 1200000), TOTAL: (None, 1500000, 1200000)},
        },
        merges=("Sheet1!A3:A4", "Sheet1!B3:B4", "Sheet1!C3:C4", "Sheet1!D3:D4", "Sheet1!E3:E4", "Sheet1!F3:G3"),
        says=("第 5 行是别的行的合计",),
    ),
    "用友：辅助核算，经济分类逐行，小计": System(
        {
            "项目明细账": [
                ["项目预算执行明细表"],
                ["核算单位：某中心", None, "期间：2025.01-2025.12", None, "单位：元"],
                ["项目编码", "项目名称", "经济科目", "预算数", "累计支出"],
                ["XM000101", A, "30201 办公费", "120,000.00", "100,000.00"],
                ["XM000101", A, "30299 其他", "80,000.00", "79,000.50"],
                ["XM000101", A, "小计", "200,000.00", "179,000.50"],
                ["XM000102", B, "31003 专用设备", "50,000.00", "-"],
                ["XM000102", B, "小计", "50,000.00", "-"],
                ["合  计", None, None, "250,000.00", "179,000.50"],
                ["制表人：张三", None, "打印日期：2026-01-05"],
            ]
        },
        _whole(**{A: (None, 200000, 179000.5), B: (None, 50000, None)}),
    ),
    "金蝶：项目只写在第一行": System(
        {
            "预算执行表": [
                ["单位：元"],
                ["项目", "项目编号", "科目", "年初预算数", "全年预算数", "全年执行数"],
                [A, "K0001001", "办公费", 100, 120, 110],
                [None, None, "差旅费", 50, 40, 30],
                [B, "K0001002", "设备费", 70, 70, 70],
                ["总计", None, None, 220, 230, 210],
            ]
        },
        _whole(**{A: (150, 160, 140), B: (70, 70, 70)}),
    ),
    "资金来源在列里，合并的两行表头": System(
        {
            "导出": [
                ["项目名称", "全年预算数（万元）", None, None, "全年执行数（万元）", None, None],
                [None, "合计", "财政拨款", "其他资金", "合计", "财政拨款", "其他资金"],
                ["1", "2", "3", "4", "5", "6", "7"],
                [A, 120.5, 100, 20.5, 110.25, 99.75, 10.5],
                [B, 64, 64, None, 51.208, 51.208, None],
            ]
        },
        {
            A: {TOTAL: (None, 120.5, 110.25), "当年财政拨款": (None, 100, 99.75), "其他资金": (None, 20.5, 10.5)},
            B: {TOTAL: (None, 64, 51.208), "当年财政拨款": (None, 64, 51.208)},
        },
        "万元",
        merges=("导出!A1:A2", "导出!B1:D1", "导出!E1:G1"),
    ),
    "其中：财政拨款": System(
        {
            "表": [
                ["项目名称", "预算数（元）", "其中：财政拨款", "执行数（元）", "其中：财政拨款"],
                [A, 500, 400, 450, 380],
                [B, 300, 300, 300, 300],
            ]
        },
        {
            A: {TOTAL: (None, 500, 450), "当年财政拨款": (None, 400, 380)},
            B: {TOTAL: (None, 300, 300), "当年财政拨款": (None, 300, 300)},
        },
    ),
    "编码写在名称里": System(
        {
            "指标执行": [
                ["单位:元"],
                ["预算项目", "年初预算数", "调整后预算数", "累计支付金额"],
                [f"MZ2025001-{A}", 10, 12, 11],
                [f"MZ2025002-{B}", 20, 22, 21],
                ["合计", 30, 34, 32],
            ]
        },
        _whole(**{A: (10, 12, 11), B: (20, 22, 21)}),
    ),
    "预算在合并的格里，支付逐笔": System(
        {
            "支付明细": [
                ["项目编码", "项目名称", "预算金额（元）", "支付日期", "支付金额（元）"],
                ["P2025-01", A, 1000, "2025-03-01", 300],
                ["P2025-01", A, None, "2025-06-01", 200],
                ["P2025-02", B, 800, "2025-06-01", 800],
                ["合计", None, 1800, None, 1300],
            ]
        },
        _whole(**{A: (None, 1000, 500), B: (None, 800, 800)}),
        merges=("支付明细!C2:C3",),
    ),
    "预算在每笔支付上重复，合计说只算一次": System(
        {
            "支付明细": [
                ["项目编码", "项目名称", "预算金额（元）", "支付金额（元）"],
                ["P2025-01", A, 1000, 300],
                ["P2025-01", A, 1000, 200],
                ["P2025-02", B, 800, 800],
                ["合计", None, 1800, 1300],
            ]
        },
        _whole(**{A: (None, 1000, 500), B: (None, 800, 800)}),
        says=("“预算金额（元）”在一个项目的几行里重复，按一次计",),
    ),
    "几张表，只有一张有项目和金额": System(
        {
            "封面": [["某局预算执行导出"], ["导出人", "李四"]],
            "2024": [["单位：元"], ["项目名称", "预算数", "执行数"], [A, 1, 1]],
            "2025": [["单位：元"], ["项目名称", "预算数", "执行数"], [A, 9, 8]],
        },
        _whole(**{A: (None, 9, 8)}),
    ),
    "分页：表头和本页小计重复": System(
        {
            "打印": [
                ["单位：元"],
                ["项目编码", "项目名称", "预算数", "支出数"],
                ["X00000001", A, 100, 90],
                ["本页小计", None, 100, 90],
                ["项目编码", "项目名称", "预算数", "支出数"],
                ["X00000002", B, 60, 50],
                ["本页小计", None, 60, 50],
                ["合计", None, 160, 140],
                ["注：本表由系统生成"],
            ]
        },
        _whole(**{A: (None, 100, 90), B: (None, 60, 50)}),
    ),
    "级次：类、款和项目都有编码": System(
        {
            "执行": [
                ["单位：元"],
                ["项目编码", "项目名称", "全年预算数", "全年执行数"],
                ["208", "社会保障", 160, 140],
                ["20801", "民政管理", 160, 140],
                ["208010001", A, 100, 90],
                ["208010002", B, 60, 50],
            ]
        },
        _whole(**{A: (None, 100, 90), B: (None, 60, 50)}),
        says=("第 3 行“社会保障”、第 4 行“民政管理”是别的行的合计",),
    ),
    "三行表头，预算指标下面有年初和调整后": System(
        {
            "s": [
                ["2025年度执行情况"],
                ["项目信息", None, "预算指标（万元）", None, None, "支出情况（万元）", None],
                ["项目编码", "项目名称", "年初预算数", "调整数", "调整后预算数", "本月支出", "累计支出"],
                ["XM10001", A, 100, 5, 105, 3, 99],
                ["XM10002", B, 10, 5, 15, 3, 9],
            ]
        },
        _whole(**{A: (100, 105, 99), B: (10, 15, 9)}),
        "万元",
        merges=("s!A2:B2", "s!C2:E2", "s!F2:G2"),
    ),
    "单位和项目一列，一个单位只有一个项目": System(
        {
            "s": [
                ["单位：元"],
                ["序号", "单位/项目", "项目编码", "预算数", "支出数"],
                [None, "合计", None, 15, 13],
                ["一", "民政局本级", None, 10, 9], [1, A, "XM10001", 10, 9],
                ["二", "低保中心", None, 5, 4], [1, B, "XM10002", 5, 4],
            ]
        },
        _whole(**{A: (None, 10, 9), B: (None, 5, 4)}),
        says=("第 4 行“民政局本级”、第 6 行“低保中心”是别的行的合计",),
    ),
    "没有编码的树": System(
        {"s": [["项目名称", "预算数（元）", "支出数（元）"], ["民政局本级", 30, 28], ["  " + A, 10, 9], ["  " + B, 20, 19]]},
        _whole(**{A: (None, 10, 9), B: (None, 20, 19)}),
    ),
    "一个项目几个科室花": System(
        {
            "s": [
                ["部门名称", "项目名称", "项目编码", "预算数(元)", "执行数(元)"],
                ["科室1", A, "XM10001", 1, 1], ["科室2", A, "XM10001", 2, 2], ["科室2", B, "XM10002", 3, 3],
            ]
        },
        _whole(**{A: (None, 3, 3), B: (None, 3, 3)}),
    ),
    "两列都可能是全年预算数": System(
        {"导出": [["项目名称", "预算数", "调整预算数", "支出数"], [A, 100, 90, 80], [B, 60, 60, 50]]},
        refused="B 列“预算数”、C 列“调整预算数”都可能",
    ),
    "两张表都可能": System(
        {
            "一季度": [["项目名称", "预算数", "支出数"], [A, 100, 90]],
            "四季度": [["项目名称", "预算数", "支出数"], [A, 110, 95]],
        },
        refused="有 2 张表都可能是要导入的（“一季度”第 1 行、“四季度”第 1 行）",
    ),
    "没有认得的金额列": System(
        {"辅助余额": [["核算项目名称", "期初余额", "本期借方", "本期贷方", "期末余额"], [A, 0, 100, 20, 80]]},
        refused="看到的：“辅助余额”核算项目名称、期初余额、本期借方、本期贷方、期末余额",
    ),
    "去年的表": System(
        {"表": [["2024年度项目支出表（元）"], ["项目名称", "预算数", "支出数"], [A, 100, 90]]},
        refused="这是 2024 年度的表，工作簿是 2025 年度的",
    ),
    "累计数逐月一行": System(
        {
            "月报": [
                ["项目名称", "月份", "累计支出数（元）"],
                [A, "11月", 80], [A, "12月", 90],
                [B, "11月", 40], [B, "12月", 50],
            ]
        },
        refused="各是一个时间，而列标题是“累计”",
    ),
    "预算重复，没有合计": System(
        {"明细": [["项目名称", "预算数（元）", "支付金额（元）"], [A, 1000, 300], [A, 1000, 200], [B, 1, 1]]},
        refused="看不出是每行各有一份，还是同一个数写了几遍",
    ),
    "一行恰好是同一项目别的行的合计": System(
        {"表": [["项目名称", "科目", "预算数（元）", "支出数（元）"],
                [A, "本级", 30, 20], [A, "甲", 10, 8], [A, "乙", 20, 12], [B, "丙", 1, 1]]},
        refused="第 2 行恰好是它别的行的合计（第 2、3、4 行）",
    ),
    "别的单位有同名项目": System(
        {"表": [["单位名称", "项目名称", "预算数", "支出数"], ["甲校", A, 1, 1], ["乙校", A, 2, 2], ["乙校", B, 2, 2]]},
        refused="表里有几个单位（甲校、乙校）",
    ),
    "合计与各行不符，又有几行一个项目": System(
        {"表": [["项目名称", "预算数（元）", "支出数（元）"], [A, 1, 1], [A, 2, 1], [B, 3, 3], ["合计", 9, 5]]},
        refused="而有的项目有几行，看不出该不该相加",
    ),
    "有金额而不知是谁的": System(
        {"表": [["项目名称", "预算数（元）", "支出数（元）"], [A, 1, 1], [None, 5, 5], [B, 3, 3]]},
        refused="有金额而没有项目编码和项目名称",
    ),
    "金额是文字": System(
        {"表": [["项目名称", "预算数（元）", "支出数（元）"], [A, "约100", 1], [B, 3, 3]]},
        refused="工作表“表”单元格 B2",
    ),
}  # fmt: skip


# --- any layout ---


@dataclass(frozen=True)
class Drawn:
    """A layout that was drawn, and what it means: by project (年初预算数, 全年预算数, 全年执行数), None for a column that it has not."""

    rows: list[list[Any]]
    merges: tuple[str, ...]
    means: dict[str, tuple[float | None, float | None, float | None]]


_NAMES = [
    A,
    B,
    C,
    "河道清淤（二期）",
    "2025-2026年采暖",
    "办公设备购置",
    "数字档案",
    "“雪亮”工程",
    "教师培训 线上",
    "危桥改造",
]
_WORDS = {
    "initial": ["年初预算数", "年初预算", "年初批复数", "年初指标数"],
    "budget": ["全年预算数", "调整预算数", "预算数", "调整后预算", "指标金额"],
    "executed": ["全年执行数", "累计支出数", "支付金额", "执行数", "实际支出"],
}
_OTHERS = ["备注", "功能分类", "指标余额", "本月支出数", "上年执行数", "执行进度", "调整数", "项目类别", "结转数"]


def layout(seed: int) -> Drawn:
    """A layout: columns in any order, title rows, texts and numbers, sums, several rows a project, codes with blanks."""
    pick = random.Random(seed)
    projects = pick.sample(_NAMES, pick.randint(1, 6))
    several = pick.random() < 0.4
    concepts = [one for one in _WORDS if one != "initial" or pick.random() < 0.6]
    if pick.random() < 0.15:
        concepts.remove(pick.choice(concepts))
    headings = {one: pick.choice(_WORDS[one]) for one in concepts}
    unit = pick.choice(["元", "万元"])
    in_heading = pick.random() < 0.5
    columns = ["name", *concepts, *pick.sample(_OTHERS, pick.randint(0, 4))]
    if pick.random() < 0.6:
        columns.append("code")
    if pick.random() < 0.5:
        columns.append("序号")
    pick.shuffle(columns)
    title = {
        "name": pick.choice(["项目名称", "预算项目名称", "二级项目名称"]),
        "code": pick.choice(["项目编码", "项目代码"]),
    }
    title |= {one: word + (f"（{unit}）" if in_heading else "") for one, word in headings.items()}
    rows: list[list[Any]] = [
        [text] for text in pick.sample(["某局导出", "查询条件：全部", "2025年度预算执行表"], pick.randint(0, 3))
    ]
    if not in_heading:
        rows.append([None, f"单位：{unit}"])
    rows.append([title.get(one, one) for one in columns])
    if pick.random() < 0.2:
        rows.append([str(place) for place in range(1, len(columns) + 1)])
    means: dict[str, list[Decimal]] = {}
    number = 0
    for place, project in enumerate(projects):
        code = f"XM{2025000 + place}" + pick.choice(["", "  ", "\t"])
        for _ in range(pick.randint(1, 4) if several else 1):
            number += 1
            amounts = {one: round(pick.uniform(1, 9000), pick.choice([0, 2, 4])) for one in concepts}
            for one, value in amounts.items():
                means.setdefault(project, [Decimal(0)] * 3)[list(_WORDS).index(one)] += Decimal(str(value))
            rows.append([_cell(pick, one, project, code, number, amounts) for one in columns])
    if pick.random() < 0.6:
        sums = {one: float(sum(each[place] for each in means.values())) for place, one in enumerate(_WORDS)}
        label = min(place for place, one in enumerate(columns) if one not in concepts)
        total: list[Any] = [sums.get(one) for one in columns]
        total[label] = pick.choice(["合计", "合  计", "总计"])
        rows.append(total)
    return Drawn(
        rows,
        (),
        {
            project: tuple(float(value) if one in concepts else None for one, value in zip(_WORDS, own, strict=True))  # type: ignore[misc]
            for project, own in means.items()
        },
    )


def _cell(pick: random.Random, one: str, project: str, code: str, number: int, amounts: dict[str, float]) -> Any:
    if one == "name":
        return project + pick.choice(["", " ", "　"])
    if one == "code":
        return code
    if one == "序号":
        return number
    if one in amounts:
        return pick.choice([amounts[one], f"{amounts[one]:,.4f}", f"{amounts[one]} "])
    return {"功能分类": "2081104", "备注": None, "执行进度": "90.00%", "项目类别": "延续"}.get(
        one, round(pick.uniform(0, 999), 2)
    )
