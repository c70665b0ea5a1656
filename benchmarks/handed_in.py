"""Makes a folder as a finance bureau gets it: a great many workbooks, one 项目支出绩效自评表 each, whose sums are known.

One workbook is laid out with XlsxWriter; the others are its copies with other texts and numbers, so that thousands are made in seconds.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import xlsxwriter

DEPARTMENTS, BODIES = 7, 40
_SENTINEL = 990_000_000  # the template's numbers: no other number of a workbook is near


@dataclass
class Known:
    """What the forms of a folder come to: money in 分, points, and how many forms have which fault."""

    forms: int = 0
    budget: int = 0
    executed: int = 0
    tolerance: int = 0
    total: Decimal = Decimal(0)
    lost: Decimal = Decimal(0)
    by_body: dict[str, tuple[int, int]] = field(default_factory=dict)
    wrong_total: int = 0
    unexplained: int = 0


def write_folder(folder: Path, number: int) -> Known:
    """``number`` workbooks in subfolders of a hundred, and what they come to."""
    known = Known()
    members = _members()
    for place in range(number):
        below = folder / f"{place // 100:03d}"
        below.mkdir(parents=True, exist_ok=True)
        texts, numbers = _form(place, known)
        (below / f"自评表{place:05d}.xlsx").write_bytes(_filled(members, texts, numbers))
    return known


def _form(place: int, known: Known) -> tuple[dict[str, str], list[str]]:
    """The texts and numbers of one form; adds them to what is known."""
    unit = "万元" if place % 5 == 0 else "元"
    budget = 10_000_000 + place * 12_347  # 分
    executed = budget * (70 + place % 31) // 100
    if unit == "万元":
        budget, executed = (round(fen, -6) for fen in (budget, executed))
    cents = {"元": 2, "万元": 6}[unit]
    rate = Decimal(executed) / Decimal(budget)
    execution = (rate * 10).quantize(Decimal("0.01"), ROUND_HALF_UP)
    done = 90 + place % 11
    quantity = Decimal(20) if done >= 100 else (Decimal(done) * 20 / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    total = execution + quantity + 70
    wrong, silent = place % 7 == 3, place % 11 == 5
    printed = total + 1 if wrong and total < 99 else total
    body = f"第{place % BODIES:02d}中心"
    lost = (10 - execution) + (20 - quantity)
    known.forms += 1
    known.budget += budget
    known.executed += executed
    known.tolerance += 500_000 if unit == "万元" else 0
    known.total += printed
    known.lost += lost
    before = known.by_body.get(body, (0, 0))
    known.by_body[body] = (before[0] + budget, before[1] + executed)
    known.wrong_total += printed != total
    known.unexplained += silent and quantity < 20
    texts = {
        "@unit": f"项目资金（{unit}）",
        "@name": f"项目{place:05d}",
        "@department": f"第{place % BODIES % DEPARTMENTS}局",
        "@body": body,
        "@reason": "" if silent or quantity == 20 else f"第{place % 4}季度的服务延后到次年完成，已约定补足",
    }
    money = [f"{Decimal(fen).scaleb(-cents):f}" for fen in (budget, budget, executed)]
    return texts, [*money, f"{execution}", f"{done}", f"{quantity}", f"{printed}"]


# --- the template ---

_ROWS = """
项目支出绩效自评表
（2023年度）
项目名称|@name|||主管部门|@department
实施单位|@body
@unit||年初预算数|全年预算数|全年执行数|分值|得分
|年度资金总额|0|1|2|10|3
|其中：当年财政拨款|||||—
|上年结转资金|||||—
年度总体目标|预期目标||||实际完成情况
|按计划为全区居民提供服务，保障工作正常开展||||已按计划完成
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
产出指标|数量指标|服务人次|≥100人次|4|20|5|@reason
产出指标|质量指标|服务合格率|≥95%|97%|10|10
产出指标|时效指标|按时完成率|≥90%|92%|10|10
产出指标|成本指标|人均成本|≤500元|480元|10|10
效益指标|社会效益指标|居民知晓率|≥80%|85%|30|30
满意度指标|服务对象满意度指标|居民满意度|≥90%|93%|10|10
总分|||||100|6
"""
_FILLED = frozenset("0123456")


def _members() -> dict[str, bytes]:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("自评表")
        boxed = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
        amount = book.add_format({"border": 1, "num_format": "#,##0.00"})
        for row, line in enumerate(_ROWS.strip("\n").splitlines()):
            for column in range(8):
                sheet.write_blank(row, column, None, boxed)
            for column, cell in enumerate(line.split("|")):
                if cell in _FILLED and len(cell) == 1:
                    sheet.write_number(row, column, _SENTINEL + int(cell), amount)
                elif cell.isdigit():
                    sheet.write_number(row, column, int(cell), boxed)
                elif cell:
                    sheet.write_string(row, column, cell, boxed)
        sheet.merge_range(0, 0, 0, 7, "项目支出绩效自评表", boxed)
        sheet.merge_range(4, 0, 7, 0, "@unit", boxed)
        sheet.merge_range(11, 0, 14, 0, "产出指标", boxed)
    with zipfile.ZipFile(out) as package:
        return {name: package.read(name) for name in package.namelist()}


def _filled(members: dict[str, bytes], texts: dict[str, str], numbers: list[str]) -> bytes:
    def changed(name: str, template: bytes) -> bytes:
        if name == "xl/sharedStrings.xml":
            return re.sub("|".join(texts), lambda found: texts[found[0]], template.decode()).encode()
        if name == "xl/worksheets/sheet1.xml":
            pattern = rf"{_SENTINEL // 10}(\d)"
            return re.sub(pattern, lambda found: numbers[int(found[1])], template.decode()).encode()
        return template

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, template in members.items():
            package.writestr(
                zipfile.ZipInfo(name, (2024, 3, 1, 8, 0, 0)), changed(name, template), zipfile.ZIP_DEFLATED
            )
    return out.getvalue()
