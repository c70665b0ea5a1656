"""Reads the import sheets 基本信息, 绩效目标 and 执行数据 of a workbook into records, and says what it had to put right.

Columns are found by their headers in any order. Amounts are brought to the workbook's unit; pasted text (2,340,000.00,
￥, full-width digits) is read as the number it is; several 执行数据 rows of one project and source are summed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfeval.arithmetic import Scaled, add, times
from perfeval.errors import CellError, FormProblem, InvalidValue, PerfEvalError
from perfeval.forms import labels, names
from perfeval.forms.grid import Address, Book, Grid, Value
from perfeval.forms.model import Entry
from perfeval.forms.money import UNIT_POWER
from perfeval.forms.page import seen
from perfeval.forms.records import FUND_SOURCES, TOTAL_FUNDS, Body, Funds, Indicator, Project
from perfeval.forms.values import amount
from perfeval.standards import convention

DEFAULT_UNIT = "元"

_PROJECT = {"code": "项目编码 项目代码 编码", "name": "项目名称 项目"}
_COLUMNS: dict[str, dict[str, str]] = {
    names.BASICS: _PROJECT
    | {
        "department": "主管部门 主管单位",
        "implementer": "实施单位 项目单位",
        "amount": "项目金额 项目总金额",
        "goal": "预期目标",
        "outcome": "实际完成情况",
        "published": "公布总分 总分",
    },
    names.TARGETS: _PROJECT
    | {
        "level1": "一级指标",
        "level2": "二级指标",
        "indicator": "三级指标 指标名称",
        "target": "年度指标值 指标值 目标值",
        "weight": "分值",
        "actual": "实际完成值 完成值",
        "score": "得分",
        "reason": "偏差原因分析及改进措施 偏差原因",
    },
    names.EXECUTION: _PROJECT
    | {
        "source": "资金来源 资金性质",
        "initial": "年初预算数",
        "budget": "全年预算数 预算数 调整后预算数",
        "executed": "全年执行数 执行数 实际支出数",
        "score": "得分",
    },
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What the import sheets hold, and notes on what was summed or converted."""

    body: Body
    notes: tuple[str, ...]


def read_body(book: Book) -> Imported:
    """The body and its projects, keyed by 项目编码, then 项目名称. Raises FormProblem naming sheet and cell."""
    notes: list[str] = []
    basics = read_basics(book)
    tables = [_table(book, sheet) for sheet in (names.BASICS, names.TARGETS, names.EXECUTION)]
    codes = {labels.key(row["name"].text): _code(row) for table in tables for row in table if _code(row)}
    listed, targets, executions = (_grouped(table, codes) for table in tables)
    unit = basics.get(names.UNIT) or DEFAULT_UNIT
    if unit not in UNIT_POWER:
        raise FormProblem(f"工作表“{names.BASICS}”的金额单位“{unit}”不认识，请填 元 或 万元")
    projects = [
        _project(listed.get(key, []), targets.get(key, []), executions.get(key, []), unit, notes)
        for key in dict.fromkeys((*listed, *targets, *executions))
    ]
    year = year_in(basics)
    body = Body(
        name=basics.get(names.BODY_NAME, ""),
        year=year,
        convention=basics.get(names.CONVENTION) or basics.get(names.STANDARD, ""),
        unit=unit,
        projects=tuple(projects),
        preparer=basics.get(names.PREPARER),
        phone=basics.get(names.PHONE),
        head=basics.get(names.HEAD),
    )
    return Imported(body, tuple(notes))


def stated_convention(book: Book) -> str:
    """The 口径 that a workbook of ours states; "" for any other, and where it names none that is known."""
    if names.CONVENTION not in book.names:
        return ""
    try:
        chosen = read_body(book).body.convention
        convention(chosen)
    except PerfEvalError:
        return ""
    return chosen


def _project(
    listed: Sequence[Row], targets: Sequence[Row], executions: Sequence[Row], unit: str, notes: list[str]
) -> Project:
    """One project from its rows on the three sheets; its name is the first that any of them gives."""
    rows = [*listed, *targets, *executions]
    first = next(row for row in rows if row["name"].text or row is rows[-1])
    name = first["name"].text
    given = dict.fromkeys(row["name"].text for row in rows if row["name"].text)
    if len({labels.key(one) for one in given}) > 1:
        notes.append(f"项目编码“{first['code'].text}”有几个项目名称：{'、'.join(given)}；用“{name}”")
    texts = ("department", "implementer", "goal", "outcome", "published")
    scores = (row["score"].value for row in executions if "score" in row and row["score"].text)
    return Project(
        code=first["code"].text,
        name=name,
        **{field: first[field].value for field in texts if field in first},
        amount=_amount(first, unit),
        funds=tuple(_funds(executions, name, unit, notes)),
        execution_score=next(scores, None),
        indicators=tuple(_indicator(row) for row in targets),
    )


def in_unit(value: Value, unit: str, wanted: str) -> Scaled | None:
    """An amount (a number in ``unit``, or a text with its own) as a number in ``wanted``; None if blank.

    Raises InvalidValue where it is no amount of money.
    """
    entry = Entry(value)
    if not entry.text:
        return None
    read = amount(entry, "金额")
    if read.unit not in {"", "元"}:
        raise InvalidValue(f"“{entry.text}”不是金额")
    power = UNIT_POWER[unit] if not read.unit else 0
    power -= UNIT_POWER[wanted]
    return times(read.number, Scaled(10**power, 0) if power >= 0 else Scaled(1, -power))


Row = Mapping[str, Entry]


def read_basics(book: Book) -> dict[str, str]:
    """The label and value pairs at the top of 基本信息; an empty dict where the book has none."""
    if names.BASICS not in book.sheets:
        return {}
    grid = book.grid(names.BASICS)
    found: dict[str, str] = {}
    for place, cell in sorted(grid.cells.items()):
        if isinstance(cell.value, str):
            label = labels.key(cell.value)
            area = grid.area_of(place)
            value = seen(grid.shown((area.top, area.right + 1)))
            if label in _BASIC_LABELS and label not in found and value is not None:
                found[label] = str(value).strip()
    return found


def year_in(basics: Mapping[str, str]) -> int | None:
    """The 年度 that 基本信息 states."""
    year = basics.get(names.YEAR, "").removesuffix("年").removesuffix(".0")
    return int(year) if year.isdigit() else None


_BASIC_LABELS = frozenset(names.DEFINED_NAMES)


def _table(book: Book, sheet: str) -> list[Row]:
    """The rows of an import sheet as entries by concept; an empty list if the sheet or its header is missing."""
    if sheet not in book.sheets:
        return []
    grid = book.grid(sheet)
    concepts = {label: concept for concept, words in _COLUMNS[sheet].items() for label in words.split()}
    for row in range(1, min(grid.bottom, 60) + 1):
        columns = {
            concepts[labels.key(value)]: column
            for column in range(1, grid.right + 1)
            if isinstance(value := grid[row, column].value, str) and labels.key(value) in concepts
        }
        if "name" in columns and len(columns) > 2:
            return list(_rows(grid, row, columns))
    return []


def _rows(grid: Grid, header: int, columns: Mapping[str, int]) -> Iterator[Row]:
    for row in range(header + 1, grid.bottom + 1):
        entries = {
            concept: Entry(seen(grid.shown((row, column))), Address(row, column)) for concept, column in columns.items()
        }
        entries.setdefault("code", Entry(""))
        wrong = next((entry for entry in entries.values() if isinstance(entry.value, CellError)), None)
        if wrong is not None:
            raise FormProblem(f"工作表“{grid.name}”单元格 {wrong.cell}：是错误值 {wrong.value}，请先改正")
        if not any(entry.text for entry in entries.values()):
            continue
        if not entries["name"].text and not entries["code"].text:
            raise FormProblem(f"工作表“{grid.name}”第 {row} 行：没有项目编码，也没有项目名称，请补上")
        yield entries


def _grouped(rows: Sequence[Row], codes: Mapping[str, str]) -> dict[str, list[Row]]:
    """The rows by project: by its code, or by its name where no row of that name has a code."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        name = labels.key(row["name"].text)
        grouped.setdefault(_code(row) or codes.get(name) or name, []).append(row)
    return grouped


def _code(row: Row) -> str:
    """The 项目编码 as it is compared: a number that lost its leading zeros is the same code."""
    return labels.key(row["code"].text).lstrip("0")


def _amount(row: Row, unit: str) -> Value:
    """The 项目金额 of a row of 基本信息, where there is one."""
    entry = row.get("amount")
    try:
        number = in_unit(entry.value, unit, unit) if entry is not None else None
    except InvalidValue as error:
        raise FormProblem(f"工作表“{names.BASICS}”单元格 {entry.cell if entry else ''}：{error.reason}") from error
    return None if number is None else float(number)


def _funds(rows: Sequence[Row], project: str, unit: str, notes: list[str]) -> Iterator[Funds]:
    """One record a source; rows without a source are the project's own total."""
    by_source: dict[str, list[Row]] = {}
    for row in rows:
        entry = row.get("source")
        named = entry.text if entry else ""
        source = labels.source(named) if named else TOTAL_FUNDS
        if source is None:
            raise FormProblem(
                f"工作表“{names.EXECUTION}”单元格 {entry.cell if entry else ''}：资金来源“{named}”不认识，可填：{'、'.join(FUND_SOURCES)}"
            )
        by_source.setdefault(source, []).append(row)
    for source in FUND_SOURCES:
        same = by_source.get(source, [])
        if len(same) > 1:
            notes.append(f"项目“{project}”的“{source}”有 {len(same)} 行，已合计")
        if same:
            yield Funds(source, *(_sum(same, field, unit) for field in ("initial", "budget", "executed")))
    if by_source and TOTAL_FUNDS not in by_source:
        notes.append(f"项目“{project}”没有“{TOTAL_FUNDS}”一行，已用各来源合计")
        yield Funds(TOTAL_FUNDS, *(_sum(rows, field, unit) for field in ("initial", "budget", "executed")))


def _sum(rows: Sequence[Row], field: str, unit: str) -> Value:
    numbers = []
    for row in rows:
        entry = row.get(field)
        if entry is None or not entry.text:
            continue
        try:
            number = in_unit(entry.value, unit, unit)
        except InvalidValue as error:
            raise FormProblem(f"工作表“{names.EXECUTION}”单元格 {entry.cell}：{error.reason}") from error
        if number is not None:
            numbers.append(number)
    return float(add(numbers)) if numbers else None


def _indicator(row: Row) -> Indicator:
    def value(field: str) -> Value:
        entry = row.get(field)
        return entry.value if entry is not None and entry.text else None

    return Indicator(
        level1=str(value("level1") or ""),
        level2=str(value("level2") or ""),
        name=str(value("indicator") or ""),
        **{field: value(field) for field in ("target", "weight", "actual", "score", "reason")},
    )
