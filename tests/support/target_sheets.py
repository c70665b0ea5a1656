"""表15 of a project as a sheet, and files of such sheets."""

from __future__ import annotations

from pathlib import Path

from support.sheettext import write_sheets

HEAD = """
项目支出绩效目标表 | < | < | < | <
（2023年） | < | < | < | <
实施单位：某中心 | < | < | 主管单位：某局 | <
项目名称 | {name} | < | < | <
项目总金额（万元） | {total} | < | 本年度项目金额 | {amount}
财政拨款资金 | {amount} | < | 其他资金 | 0
年度绩效目标 | 保持河道畅通 | < | < | <
目标内容 | 二级指标 | 绩效指标 | 指标目标值 | 分值
"""

ROWS = """
产出目标 | 数量 | 清淤长度 | ≥20公里 | 30
^ | 数量 | 清淤（段数） | 6段 | 20
^ | 质量 | 验收合格率 | 0.95 [0%] |
效果目标 | 社会效益 | 水环境 | 明显改善 |
"""


def table(name: str = "河道清淤", rows: str = ROWS, total: str = "80", amount: str = "60") -> str:
    return HEAD.format(name=name, total=total, amount=amount).strip() + "\n" + rows.strip()


def tables(folder: Path, *sheets: str, name: str = "目标.xlsx") -> Path:
    return write_sheets(folder / name, {f"表{place}": text for place, text in enumerate(sheets, start=1)})
