"""Reads the import sheets 基本信息, 基础数据, 绩效目标 and 执行数据 into records, and says what it had to put right.

Columns are found by their headers in any order. Amounts are brought to the workbook's unit; pasted text (2,340,000.00,
￥, full-width digits) is read as the number it is; several 执行数据 rows of one project and source are summed. Rows whose
项目名称 is 部门整体 are the whole body's own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from perfeval.arithmetic import add
from perfeval.digits import whole_or
from perfeval.errors import FormProblem, PerfEvalError, Place
from perfeval.forms import labels
from perfeval.forms.grid import Book, Value
from perfeval.forms.grid_text import seen
from perfeval.forms.labels import (
    FUND_SOURCES,
    GOVERNMENTS,
    GRANT,
    LOCAL,
    LOCAL_GOVERNMENTS,
    TOTAL_FUNDS,
    TRANSFER_SOURCES,
)
from perfeval.forms.values import UNITS
from perfeval.records import names
from perfeval.records.basedata import TASK_AMOUNTS, TASKS, read_whole
from perfeval.records.choices import weights
from perfeval.records.data_unit import CHOICES, NOT_WRITTEN, KnownAmounts, Money, Question, settled
from perfeval.records.exportrows import Export, Known
from perfeval.records.exports import read_export
from perfeval.records.matching import bare
from perfeval.records.model import Body, Funds, Indicator, Project, Whole
from perfeval.records.tables import Row, Table, amount_in, find
from perfeval.records.uncarried import columns_left
from perfeval.standards import convention, detailed_standard

_AMOUNTS = ("initial", "budget", "executed")
MONEY = ("amount", *_AMOUNTS)  # the concepts that are amounts, of all tables
_PROJECT = {"code": "项目编码 项目代码 编码", "name": "项目名称 项目"}
_KEYS = {"name": "项目名称", "code": "项目编码"}
TABLES: Mapping[str, Table] = {
    sheet: Table(_PROJECT | columns, _KEYS)
    for sheet, columns in {
        names.BASICS: {
            "department": "主管部门 主管单位 地方主管部门",
            "central": "中央主管部门",
            "implementer": "实施单位 项目单位 资金使用单位",
            "amount": "项目金额 项目总金额",
            "goal": "预期目标",
            "outcome": "实际完成情况",
            "published": "公布总分 总分",
        },
        names.TARGETS: {
            "level1": "一级指标",
            "level2": "二级指标",
            "indicator": "三级指标 指标名称",
            "target": "年度指标值 指标值 目标值",
            "weight": "分值",
            "actual": "实际完成值 完成值",
            "score": "得分",
            "reason": "偏差原因分析及改进措施 偏差原因",
        },
        names.EXECUTION: {
            "source": "资金来源 资金性质",
            "initial": "年初预算数",
            "budget": "全年预算数 预算数 调整后预算数",
            "executed": "全年执行数 执行数 实际支出数",
            "weight": "分值",
            "score": "得分",
        },
    }.items()
}

_SHEETS: Mapping[tuple[str, tuple[str, ...]], Table] = {
    (names.BASICS, ("amount",)): TABLES[names.BASICS],
    (names.TARGETS, ()): TABLES[names.TARGETS],
    (names.EXECUTION, _AMOUNTS): TABLES[names.EXECUTION],
    (names.BASE_DATA, TASK_AMOUNTS): TASKS,
}
"""The tables of the import sheets, each with its sheet and the concepts that are amounts."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What the import sheets hold, notes on what was summed or converted, and what is asked of the unit of amounts; ``export`` is
    that which 执行数据 was read from."""

    body: Body
    notes: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    export: Export | None = None


def read_body(
    book: Book,
    *,
    unit: str = "",
    known: KnownAmounts | None = None,
    wanted: str = "",
    export: Export | None = None,
) -> Imported:
    """The body and its projects, keyed by 项目编码, then 项目名称. 执行数据 is read from ``export`` where there is one, and from what a
    finance system gave out where that was pasted over the sheet.

    ``unit`` is that of the file's amounts where it was asked for, ``known`` the amounts of the same projects that decide where
    the file states none (``data_unit``); ``wanted`` is the unit of the records, by default the file's own.
    Raises FormProblem naming sheet and cell.
    """
    notes: list[str] = []
    basics = read_basics(book)
    stated = basics.get(names.UNIT, "")
    if stated and stated not in UNITS:
        raise FormProblem(f"金额单位“{stated}”不认识，请填 元 或 万元", Place(sheet=names.BASICS))
    found = {(sheet, money): find(book, sheet, table) for (sheet, money), table in _SHEETS.items()}
    if export is None and names.EXECUTION in book.sheets and found[names.EXECUTION, _AMOUNTS] is None:
        export = read_export(book, Known(year_in(basics), basics.get(names.BODY_NAME, "")), [names.EXECUTION])
    notes += (
        f"“{sheet}”没有带入：{'、'.join(left)}"
        for (sheet, _), table in found.items()
        if table is not None and (left := columns_left(table.beside))
    )
    at = {names.EXECUTION: names.EXECUTION if export is None else export.sheet}
    if export is not None:
        found[names.EXECUTION, _AMOUNTS] = export.found
    amounts = settled(
        [Money(at.get(sheet, sheet), table, money) for (sheet, money), table in found.items() if table is not None],
        stated,
        unit,
        known or {},
        wanted,
    )
    if export is not None:
        notes.extend(export.said({one: amounts.read.get((export.sheet, one), "") for one in _AMOUNTS}))
    notes += (*amounts.notes, *(one.asked(NOT_WRITTEN, CHOICES) for one in amounts.questions))
    unit = amounts.unit
    rows = iter(amounts.rows)
    *sheets, tasks = (next(rows) if table is not None else () for table in found.values())
    tables, whole = _parted(sheets)
    codes = {bare(row["name"].text): _code(row) for table in tables for row in table if _code(row)}
    listed, targets, executions = (_grouped(table, codes) for table in tables)
    projects = [
        _project(listed.get(key, []), targets.get(key, []), executions.get(key, []), unit, notes)
        for key in dict.fromkeys((*listed, *targets, *executions))
    ]
    year = year_in(basics)
    stated_text = basics.get(names.CONVENTION) or basics.get(names.STANDARD, "")
    body = Body(
        name=basics.get(names.BODY_NAME, ""),
        year=year,
        convention=stated_text.removesuffix(f"; {names.YEAR}={year}"),  # which the sheet 口径 adds of itself
        unit=unit,
        projects=tuple(projects),
        preparer=basics.get(names.PREPARER),
        phone=basics.get(names.PHONE),
        head=basics.get(names.HEAD),
        whole=_whole(read_whole(book, basics.get(names.WHOLE_STANDARD, ""), tasks, unit), unit, whole, notes),
        weights=weights(book),
    )
    return Imported(body, tuple(notes), amounts.questions, export)


def stated_convention(book: Book) -> str:
    """The 口径 that a workbook of ours states; "" for any other, and where it names none that is known."""
    return _stated(book, names.CONVENTION, lambda body: body.convention, convention)


def stated_whole(book: Book) -> str:
    """The 整体标准 that a workbook of ours states; "" for any other, and where it names none that is known."""
    return _stated(book, names.WHOLE_STANDARD, lambda body: body.whole.standard, detailed_standard)


def _stated(book: Book, name: str, of: Callable[[Body], str], known: Callable[[str], object]) -> str:
    if name not in book.names:
        return ""
    try:
        chosen = of(read_body(book).body)
        known(chosen)
    except PerfEvalError:
        return ""
    return chosen


_Tables = list[list[Row]]


def _parted(tables: Sequence[Sequence[Row]]) -> tuple[_Tables, _Tables]:
    """The rows of projects, and those of the whole body."""
    projects: _Tables = []
    whole: _Tables = []
    for rows in tables:
        projects.append([row for row in rows if not _is_whole(row)])
        whole.append([row for row in rows if _is_whole(row)])
    return projects, whole


def _is_whole(row: Row) -> bool:
    return labels.key(row["name"].text) == names.WHOLE_BODY


def _whole(held: Whole, unit: str, tables: _Tables, notes: list[str]) -> Whole:
    """The whole body's own side: what 基础数据 holds, with goal, indicators and money of the whole body's rows."""
    listed, targets, executions = tables
    first = listed[0] if listed else {}
    return replace(
        held,
        **{field: first[field].value for field in ("goal", "outcome") if field in first},
        indicators=tuple(_indicator(row) for row in targets),
        funds=tuple(_funds(executions, names.WHOLE_BODY, unit, notes)),
        execution_score=_first_value(executions, "score"),
        execution_weight=_first_value(executions, "weight"),
    )


def _first_value(rows: Sequence[Row], field: str) -> Value:
    """The first value that any row has in a column."""
    return next((row[field].value for row in rows if field in row and row[field].text), None)


def _project(
    listed: Sequence[Row], targets: Sequence[Row], executions: Sequence[Row], unit: str, notes: list[str]
) -> Project:
    """One project from its rows on the three sheets; its name is the first that any of them gives."""
    rows = [*listed, *targets, *executions]
    first = next(row for row in rows if row["name"].text or row is rows[-1])
    name = first["name"].text
    given = dict.fromkeys(row["name"].text for row in rows if row["name"].text)
    if len({bare(one) for one in given}) > 1:
        notes.append(f"项目编码“{first['code'].text}”有几个项目名称：{'、'.join(given)}；用“{name}”")
    texts = ("department", "central", "implementer", "goal", "outcome", "published")
    return Project(
        code=first["code"].text,
        name=name,
        **{field: first[field].value for field in texts if field in first},
        amount=_amount(first, unit),
        funds=tuple(_funds(executions, name, unit, notes)),
        execution_score=_first_value(executions, "score"),
        execution_weight=_first_value(executions, "weight"),
        management=(),  # no import sheet has it
        indicators=tuple(_indicator(row) for row in targets),
    )


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
    return whole_or(year, 0) or None


_BASIC_LABELS = frozenset(names.DEFINED_NAMES)


def _grouped(rows: Sequence[Row], codes: Mapping[str, str]) -> dict[str, list[Row]]:
    """The rows by project: by its code, or by its name where no row of that name has a code."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        name = bare(row["name"].text)
        grouped.setdefault(_code(row) or codes.get(name) or name, []).append(row)
    return grouped


def _code(row: Row) -> str:
    """The 项目编码 as it is compared: a number that lost its leading zeros is the same code."""
    return labels.key(row["code"].text).lstrip("0")


def _amount(row: Row, unit: str) -> Value:
    """The 项目金额 of a row of 基本信息, where there is one."""
    number = amount_in(row.get("amount"), unit, names.BASICS)
    return None if number is None else float(number)


def _funds(rows: Sequence[Row], project: str, unit: str, notes: list[str]) -> Iterator[Funds]:
    """One record a source; rows without a source are the project's own total."""
    by_source: dict[str, list[Row]] = {}
    for row in rows:
        entry = row.get("source")
        named = entry.text if entry else ""
        source = labels.source(named) if named else TOTAL_FUNDS
        if source is None:
            known = "、".join(dict.fromkeys((*FUND_SOURCES, *TRANSFER_SOURCES)))
            raise FormProblem(
                f"资金来源“{named}”不认识，可填：{known}；都不是的，填“其他资金”",
                Place(sheet=names.EXECUTION, cell=str(entry.cell) if entry else ""),
            )
        by_source.setdefault(source, []).append(row)
    for source in dict.fromkeys((*FUND_SOURCES, *by_source)):
        same = by_source.get(source, [])
        if len(same) > 1:
            notes.append(f"项目“{project}”的“{source}”有 {len(same)} 行，已合计")
        if same:
            yield Funds(source, *(_sum(same, field, unit) for field in _AMOUNTS))
    if by_source and TOTAL_FUNDS not in by_source:
        notes.append(f"项目“{project}”没有“{TOTAL_FUNDS}”一行，已用各来源合计")
        parts = [row for source in _parts(by_source) for row in by_source[source]]
        yield Funds(TOTAL_FUNDS, *(_sum(parts, field, unit) for field in _AMOUNTS))


def _parts(sources: Collection[str]) -> Iterator[str]:
    """The sources that make up a total: 地方资金 holds those of province, city and county, 财政拨款 those of all governments."""
    for source in sources:
        within = {GRANT} if source in GOVERNMENTS else set()
        within |= {LOCAL} if source in LOCAL_GOVERNMENTS else set()
        if within.isdisjoint(sources):
            yield source


def _sum(rows: Sequence[Row], field: str, unit: str) -> Value:
    given = (amount_in(row.get(field), unit, names.EXECUTION) for row in rows)
    numbers = [number for number in given if number is not None]
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
