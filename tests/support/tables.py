"""The published projects as real .xlsx files, laid out the way many bodies' documents print the 自评表.

``LAYOUTS`` names the ways (``layouts/layouts.toml``), ``write_book`` makes a file in one of them. Whatever the way, the
content stays that of the ``Project``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from support import DATA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

Content = str | tuple[Decimal | int, str]
"""What a cell gets: text ("" leaves it empty), or a number with its format."""

SAME_CELL = "〃"  # the demo files' mark for a cell merged with the one above


class Fund(NamedTuple):
    """One row of the 项目资金 block, as printed."""

    name: str
    initial: str
    budget: str
    executed: str
    weight: str
    rate: str
    score: str


class Indicator(NamedTuple):
    """One row of the 绩效指标 block, as printed."""

    level1: str
    level2: str
    level3: str
    target: str
    actual: str
    weight: str
    score: str
    reason: str


@dataclass(frozen=True)
class Project:
    """One 自评表: every figure is the text that was printed."""

    unit: str
    name: str
    amount: str
    department: str
    implementer: str
    goal: str
    outcome: str
    funds: tuple[Fund, ...]
    indicators: tuple[Indicator, ...]
    total: Mapping[str, str]


def published(document: str) -> tuple[Project, ...]:
    """The projects of one demo file: ``"shenzhen-2021"`` or ``"hecheng-2020"``."""
    text = files("perfeval").joinpath("resources", "demo", f"{document}.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return tuple(
        Project(
            unit=data["unit"],
            funds=tuple(Fund(*row) for row in entry.pop("funds")),
            indicators=tuple(Indicator(*row) for row in entry.pop("indicators")),
            **entry,
        )
        for entry in data["project"]
    )


def blank_project() -> Project:
    """The official form before anyone filled it."""
    funds = [("年度资金总额", "10", "")] + [(name, "—", "—") for name in ("当年财政拨款", "上年结转资金", "其他资金")]
    levels = {
        "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
        "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
        "满意度指标": ("服务对象满意度指标",),
    }
    return Project(
        unit="元",
        name="",
        amount="",
        department="",
        implementer="",
        goal="",
        outcome="",
        funds=tuple(Fund(name, "", "", "", weight, "", score) for name, weight, score in funds),
        indicators=tuple(
            Indicator(level1, level2, hint, "", "", "", "", "")
            for level1, seconds in levels.items()
            for level2 in seconds
            for hint in ("指标1：", "指标2：", "……")
        ),
        total={"weight": "100", "score": ""},
    )


SHENZHEN_PROJECTS = published("shenzhen-2021")
HECHENG_PROJECTS = published("hecheng-2020")
PROJECTS = SHENZHEN_PROJECTS + HECHENG_PROJECTS


@dataclass(frozen=True)
class Layout:
    """A way to print the form: which words, which columns in which order, which unit, numbers or text.

    ``labels`` are printed words by field; ``pad`` stands before every filled-in text; ``levels`` is how 一级 and
    二级指标 are repeated down the rows; ``wide_satisfaction`` merges a 一级指标 without 二级指标 over both columns.
    """

    labels: Mapping[str, str]
    title: str = "项目支出绩效自评表"
    subtitle: str = ""
    header: Sequence[Sequence[str]] = (("name", "amount"), ("department", "implementer"))
    fund_columns: Sequence[str] = ("initial", "budget", "executed", "fund_weight", "rate", "fund_score")
    columns: Sequence[str] = ("level1", "level2", "level3", "target", "actual", "weight", "score", "reason")
    two_row_header: bool = False
    unit: Literal["元", "万元"] = "元"
    unit_in_values: bool = False
    numbers: bool = True
    pad: str = ""
    levels: Literal["merged", "repeated", "first row"] = "merged"
    wide_satisfaction: bool = False
    hidden: Sequence[str] = ()
    footer: Sequence[str] = ()
    top: int = 1
    left: int = 1

    @property
    def right(self) -> int:
        """The form's last column."""
        return self.left + len(self.columns)

    def label(self, key: str, **values: str) -> str:
        """The printed words of a field."""
        return self.labels[key].format(unit=self.unit, **values)


_PLAIN_LABELS = {
    "name": "项目名称", "amount": "项目金额", "department": "主管部门", "implementer": "实施单位",
    "funds": "项目资金（{unit}）", "initial": "年初预算数", "budget": "全年预算数", "executed": "全年执行数",
    "fund_weight": "分值", "rate": "执行率", "fund_score": "得分",
    "年度资金总额": "年度资金总额", "当年财政拨款": "其中：当年财政拨款",
    "上年结转资金": "上年结转资金", "其他资金": "其他资金",
    "goals": "年度总体目标", "goal": "预期目标", "outcome": "实际完成情况", "indicators": "年度绩效指标",
    "level1": "一级指标", "level1_cell": "{name}", "level2": "二级指标", "level3": "三级指标",
    "target": "年度指标值", "operator": "符号", "number": "指标值", "measure": "计量单位",
    "actual": "实际完成值", "weight": "分值", "score": "得分", "reason": "偏差原因分析及改进措施", "total": "总分",
    "serial": "序号", "share": "权重", "deducted": "扣分", "remark": "备注", "evidence": "佐证材料",
    "code": "指标编码", "helper": "辅助列",
}  # fmt: skip


def _read_layouts() -> dict[str, Layout]:
    entries = tomllib.loads(DATA.joinpath("layouts/layouts.toml").read_text(encoding="utf-8"))

    def settings(name: str) -> dict[str, Any]:
        entry = dict(entries[name])
        base = settings(entry.pop("like")) if "like" in entry else {"labels": _PLAIN_LABELS}
        return {**base, **entry, "labels": {**base["labels"], **entry.get("labels", {})}}

    return {name: Layout(**settings(name)) for name in entries}


LAYOUTS: Mapping[str, Layout] = _read_layouts()


def amount_in_yuan(text: str, unit: str) -> Decimal | None:
    """``"56万元"``, or ``"2339996.00"`` in a table whose unit is known → 元; None for an empty cell."""
    plain = text.removesuffix("万元")
    if not plain:
        return None
    return Decimal(plain) * (10_000 if unit == "万元" else 1)


def split_target(target: str) -> dict[str, str]:
    """``"≥95%"`` → 符号, 指标值, 计量单位 as the budget systems keep them; words stay whole in the middle."""
    found = re.fullmatch(r"([≥≤])?([\d.]+(?:--[\d.]+)?)(%|[^\d年]{1,3})?", target)
    parts = (found[1] or "", found[2], found[3] or "") if found else ("", target, "")
    return dict(zip(("operator", "number", "measure"), parts, strict=True))


def points(weights: Sequence[str]) -> str:
    """The sum of printed weights, as a 一级指标 carries it."""
    total = sum((Decimal(weight) for weight in weights if weight not in ("", SAME_CELL)), Decimal())
    return f"{total.normalize():f}"


class _Pen:
    """Prints one form on a worksheet; every block takes its first row and gives the next free one."""

    def __init__(self, sheet: Worksheet, project: Project, layout: Layout) -> None:
        self.sheet = sheet
        self.project = project
        self.layout = layout

    def write(self, row: int, column: int, content: Content, *, bottom: int = 0, right: int = 0) -> None:
        """Fill a cell, merged down to ``bottom`` and across to ``right`` where they lie beyond it."""
        cell: Any = self.sheet.cell(row, column)
        if isinstance(content, tuple):
            cell.value, cell.number_format = content
        elif content:
            cell.value = content
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        if bottom > row or right > column:
            self.sheet.merge_cells(
                start_row=row, start_column=column, end_row=max(row, bottom), end_column=max(column, right)
            )

    def text(self, text: str) -> str:
        return text and self.layout.pad + text

    def figure(self, text: str, number_format: str = "") -> Content:
        """A printed figure as the layout wants it: a number with its format, or its text."""
        plain = re.fullmatch(r"\d+(\.\d+)?(%?)", text)
        if not self.layout.numbers or not plain:
            return self.text(text)
        decimals = re.sub(r"\d", "0", plain[1] or "")
        value = Decimal(text.rstrip("%")) / (100 if plain[2] else 1)
        return value, number_format or f"0{decimals}{plain[2]}"

    def amount(self, text: str) -> Content:
        """An amount in the layout's unit."""
        yuan = amount_in_yuan(text, self.project.unit)
        if yuan is None:
            return ""
        value = yuan / 10_000 if self.layout.unit == "万元" else yuan
        if self.layout.numbers:
            return value, "#,##0.00"
        plain = f"{value.normalize():f}" if self.layout.unit == "万元" else f"{value:.2f}"
        return self.text(plain + (self.layout.unit if self.layout.unit_in_values else ""))

    def title(self, row: int) -> int:
        for line in filter(None, (self.layout.title, self.layout.subtitle)):
            self.write(row, self.layout.left, line, right=self.layout.right)
            row += 1
        return row

    def header(self, row: int) -> int:
        layout = self.layout
        for line, keys in enumerate(layout.header, row):
            middle = layout.left + 4 if len(keys) == 2 else layout.right
            for key, left, right in zip(keys, (layout.left, middle + 1), (middle, layout.right), strict=False):
                value: str = getattr(self.project, key)
                self.write(line, left, layout.label(key))
                self.write(line, left + 1, self.amount(value) if key == "amount" else self.text(value), right=right)
        return row + len(layout.header)

    def funds(self, row: int) -> int:
        layout = self.layout
        first = layout.right + 1 - len(layout.fund_columns)
        self.write(row, layout.left, layout.label("funds"), bottom=row + len(self.project.funds))
        self.write(row, layout.left + 1, "", right=first - 1)
        for column, key in enumerate(layout.fund_columns, first):
            self.write(row, column, layout.label(key))
        for line, fund in enumerate(self.project.funds, row + 1):
            cells = {
                "initial": self.amount(fund.initial),
                "budget": self.amount(fund.budget),
                "executed": self.amount(fund.executed),
                "fund_weight": self.figure(fund.weight),
                "rate": self.figure(fund.rate, "0.00%"),
                "fund_score": self.figure(fund.score),
            }
            self.write(line, layout.left + 1, layout.label(fund.name), right=first - 1)
            for column, key in enumerate(layout.fund_columns, first):
                self.write(line, column, cells[key])
        return row + 1 + len(self.project.funds)

    def goals(self, row: int) -> int:
        layout, project = self.layout, self.project
        middle = layout.left + 4
        self.write(row, layout.left, layout.label("goals"), bottom=row + 1)
        for line, goal, outcome in (
            (row, layout.label("goal"), layout.label("outcome")),
            (row + 1, self.text(project.goal), self.text(project.outcome)),
        ):
            self.write(line, layout.left + 1, goal, right=middle)
            self.write(line, middle + 1, outcome, right=layout.right)
        return row + 2

    def indicators(self, row: int) -> int:
        layout, rows = self.layout, self.project.indicators
        body = row + (2 if layout.two_row_header else 1)
        end = body + len(rows)
        self.write(row, layout.left, layout.label("indicators"), bottom=end - 1)
        cells = [self.cells(place) for place in range(len(rows))]
        for column, key in enumerate(layout.columns, layout.left + 1):
            split = layout.two_row_header and key in ("operator", "number", "measure")
            if split and key == "operator":
                self.write(row, column, layout.label("target"), right=column + 2)
            self.write(body - 1 if split else row, column, layout.label(key), bottom=body - 1)
            starts = [place for place in range(len(rows)) if not self.joins(place, key)]
            for place, following in zip(starts, [*starts[1:], len(rows)], strict=True):
                wide = layout.wide_satisfaction and key == "level1" and not rows[place].level2
                content = cells[place].get(key, "")
                self.write(body + place, column, content, bottom=body + following - 1, right=column + wide)
        return end

    def repeats(self, place: int, key: str) -> bool:
        """Whether a row's 一级 or 二级指标 is that of the row above (a 数量指标 of another 一级指标 is another one)."""
        above, row = self.project.indicators[place - 1], self.project.indicators[place]
        return (
            bool(place and getattr(row, key))
            and row.level1 == above.level1
            and getattr(row, key) == getattr(above, key)
        )

    def joins(self, place: int, key: str) -> bool:
        """Whether a cell is merged with the one above."""
        if key in ("level1", "level2"):
            return self.layout.levels == "merged" and self.repeats(place, key)
        return key in ("weight", "score", "share", "deducted") and self.project.indicators[place].weight == SAME_CELL

    def cells(self, place: int) -> dict[str, Content]:
        """What one row of the indicator table holds, by column."""
        row = self.project.indicators[place]
        total = points([other.weight for other in self.project.indicators if other.level1 == row.level1])
        cells: dict[str, Content] = {
            "level1": self.layout.label("level1_cell", name=row.level1, points=total),
            "level2": row.level2,
            "level3": row.level3,
            "reason": row.reason,
            "serial": (place + 1, "General"),
            "code": f"ZB{place + 1:04}",
            "helper": (place * 7 + 3, "General"),
            "remark": "" if place else "已核",
            "evidence": row.actual and f"附件{place + 1}",
        }
        cells |= {key: self.figure(getattr(row, key)) for key in ("target", "actual", "weight", "score")}
        cells |= {key: self.figure(part) for key, part in split_target(row.target).items()}
        if row.weight not in ("", SAME_CELL):
            cells["share"] = self.figure(f"{points([row.weight])}%")
            if row.score:
                cells["deducted"] = self.figure(str(Decimal(row.weight) - Decimal(row.score)))
        if self.layout.levels == "first row":
            cells |= {key: "" for key in ("level1", "level2") if self.repeats(place, key)}
        return cells

    def total(self, row: int) -> int:
        layout = self.layout
        places = {key: layout.left + 1 + layout.columns.index(key) for key in ("weight", "score")}
        self.write(row, layout.left, layout.label("total"), right=min(places.values()) - 1)
        for key, column in places.items():
            self.write(row, column, self.figure(self.project.total[key]))
        if layout.columns[-1] == "reason":
            self.write(row, layout.right, "—")
        return row + 1

    def footer(self, row: int) -> int:
        for place, line in enumerate(self.layout.footer, row):
            self.write(place, self.layout.left, line, right=self.layout.right)
        return row + len(self.layout.footer)


def lay_out(sheet: Worksheet, project: Project, layout: Layout) -> int:
    """Print one form on a sheet, its corner at ``layout.top``, ``layout.left``; gives the next free row."""
    pen = _Pen(sheet, project, layout)
    row = layout.top
    for block in (pen.title, pen.header, pen.funds, pen.goals, pen.indicators, pen.total, pen.footer):
        row = block(row)
    for key in layout.hidden:
        sheet.column_dimensions[get_column_letter(layout.left + 1 + layout.columns.index(key))].hidden = True
    return row


def write_book(path: Path, layout: Layout, projects: Sequence[Project]) -> Path:
    """An .xlsx with one form a sheet."""
    book = _empty_book()
    for number, project in enumerate(projects, 1):
        lay_out(book.create_sheet(f"{number:02} {project.name[:20]}"), project, layout)
    book.save(path)
    return path


def write_shared_sheet(path: Path, layout: Layout, projects: Sequence[Project], *, beside: bool) -> Path:
    """An .xlsx with all forms on one sheet: beside one another, or one under another."""
    book = _empty_book()
    sheet = book.create_sheet("自评表")
    for project in projects:
        bottom = lay_out(sheet, project, layout)
        layout = replace(layout, left=layout.right + 2) if beside else replace(layout, top=bottom + 2)
    book.save(path)
    return path


def write_among_others(path: Path, layout: Layout, projects: Sequence[Project]) -> Path:
    """An .xlsx whose forms stand among sheets that share words with a form and are none."""
    book = _empty_book()
    notes = book.create_sheet("填报说明")
    for line in ("填报说明", "一、项目名称：按批复填写。", "二、分值合计为100分，得分不得超过分值。"):
        notes.append([line])
    for number, project in enumerate(projects, 1):
        lay_out(book.create_sheet(f"{number:02} {project.name[:20]}"), project, layout)
        if number == 1:
            listing = book.create_sheet("项目清单")
            listing.append(["序号", "项目名称", "主管部门", "实施单位", "全年预算数", "全年执行数", "执行率", "得分"])
            for place, other in enumerate(projects, 1):
                listing.append([place, other.name, other.department, other.implementer, 1000, 900, 0.9, 9])
            book.create_sheet("Sheet3")
    payroll = book.create_sheet("工资表")
    payroll.append(["姓名", "基本工资", "津贴补贴", "合计"])
    for place in range(1, 30):
        payroll.append([f"职工{place}", 4000 + place, 800, 4800 + place])
    book.save(path)
    return path


def _empty_book() -> Workbook:
    book = Workbook()
    del book[book.sheetnames[0]]
    return book
