"""The official tables that ``new`` adds to a workbook, with what a data file or the body's records know of them.

A data file may hold the tables themselves, as a budget or an account prints them: they are read by their titles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from perfeval.books.opening import opened
from perfeval.errors import InvalidValue
from perfeval.forms.amount_tables import AmountTable, read_tables
from perfeval.forms.grid import Grid, Value
from perfeval.forms.target_tables import TargetTable, read_target_tables
from perfeval.forms.values import in_unit
from perfeval.records import names
from perfeval.records.model import Body, Indicator, Money, Project
from perfeval.workbook.tables import BLANK, Content, Table, contents, load
from perfeval.workbook.tables.layout import Sheet
from perfeval.workbook.tables.model import Drawing

_TRANSFER = "cn-transfer-2024"
_LISTED = 5  # names in a sentence


class Planned(NamedTuple):
    """The sheets to add, and what could not be carried into them."""

    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...]


class _Printed(NamedTuple):
    """The tables that a file prints, by sheet."""

    amounts: Mapping[str, list[AmountTable]]
    targets: tuple[TargetTable, ...]


def plan(tables: Sequence[Table], body: Body, data: Path | None = None) -> Planned:
    """The sheets for these tables, and the 自评表 of transfers. Raises FileRefused for a file that cannot be read."""
    printed = _printed(data) if data else _Printed({}, ())
    notes: list[str] = []
    sheets: list[Sheet] = []
    transfers = [project for project in body.projects if project.is_transfer]
    if transfers and not any(table.is_form for table in tables):
        tables = (*tables, load(_TRANSFER))
        notes.append(
            f"{'、'.join(project.name for project in transfers[:_LISTED])}：资金来源是中央财政资金或地方资金，没有分值，"
            "按转移支付区域（项目）绩效目标自评表建表；是一般项目的，请在“绩效目标”里填分值后重新新建"
        )
    for table in tables:
        if table.is_form:
            sheets += [_of_transfer(table, project) for project in transfers or [Project("", "")]]
        elif table.per_project:
            sheets += _of_projects(table, body, printed, notes)
        elif table.has_amounts_only:
            sheets.append(Sheet(table.sheet, table, _of_amounts(table, printed, notes)))
        else:
            sheets.append(Sheet(table.sheet, table, _of_body(table, body, printed, notes)))
    return Planned(tuple(sheets), tuple(notes))


def _printed(data: Path) -> _Printed:
    book = opened(data)
    grids: list[Grid] = [book.grid(sheet) for sheet in book.sheets if sheet not in names.NO_FORMS]
    return _Printed(
        {grid.name: read_tables(grid) for grid in grids},
        tuple(table for grid in grids for table in read_target_tables(grid)),
    )


def _of_transfer(table: Table, project: Project) -> Sheet:
    """The 自评表 of a transfer, with room for what a fill will bring."""
    heads = {"name": project.name or None, "central": project.central, "department": project.department}
    lines = [{**_indicator(one), "actual": one.actual, "reason": one.reason} for one in project.indicators]
    fields = {**heads, "implementer": project.implementer, **_stated(table, project), "remarks": project.remarks}
    content = Content(fields, indicators=lines, later={"goal": project.goal, "outcome": project.outcome})
    return Sheet(f"{table.sheet} {project.name}".strip(), table, content)


def _stated(table: Table, project: Project) -> dict[str, Value]:
    """What is stated of the matters of 资金管理情况, by the fields that stand behind their labels."""
    stated = {one.matter: (one.said, one.problems) for one in project.management}
    lines = [line for block in table.blocks if isinstance(block, Drawing) for line in block.lines]
    return {
        field: value
        for line in lines
        for slot in line
        if slot.words in stated
        for field, value in zip((one.field for one in line if one.field), stated[slot.words], strict=True)
    }


def _of_amounts(table: Table, printed: _Printed, notes: list[str]) -> Content:
    for sheet, read in printed.amounts.items():
        try:
            found = contents.of_amounts(table, read)
        except InvalidValue as error:
            notes.append(_left_out(sheet, table.sheet, error))
            continue
        if found:
            return found
    return BLANK


def _of_body(table: Table, body: Body, printed: _Printed, notes: list[str]) -> Content:
    """The whole body's targets: those printed under its name, or its records."""
    for read in printed.targets:
        if read.kind == "body" and read.field("body").text == body.name:
            return _targets(table, read, notes) or _of_records(table, body)
    return _of_records(table, body)


def _of_projects(table: Table, body: Body, printed: _Printed, notes: list[str]) -> Iterator[Sheet]:
    """A sheet for each project: as it was printed, or from the records; then those that only were printed."""
    by_name = {read.field("name").text: read for read in printed.targets if read.kind == "project"}
    projects = list(body.projects) or ([] if by_name else [Project("", "")])
    known = {project.name for project in projects}
    for project in projects:
        read = by_name.get(project.name)
        content = _targets(table, read, notes) if read else None
        yield Sheet(f"{table.sheet} {project.name}", table, content or _of_project(table, body, project))
    for name, read in by_name.items():
        content = _targets(table, read, notes) if name not in known else None
        if content:
            yield Sheet(f"{table.sheet} {name}", table, content)


def _targets(table: Table, read: TargetTable, notes: list[str]) -> Content | None:
    try:
        return contents.of_targets(table, read)
    except InvalidValue as error:
        notes.append(_left_out(read.sheet, read.title or table.title, error))
        return None


def _left_out(sheet: str, title: str, error: InvalidValue) -> str:
    return f"数据文件的工作表“{sheet}”里的“{title}”没有带入：{error.reason}；已留空白表，请对照填写"


# --- from the body's records ---


def _of_records(table: Table, body: Body) -> Content:
    whole = body.whole
    lines = [
        {"task": task.name, "content": task.content, **_money(task.budget, body.unit, table.unit)}
        for task in whole.tasks
    ]
    fields = {"body": body.name or None, "goal": whole.goal}
    return Content(fields, [lines], [_indicator(one) for one in whole.indicators])


def _of_project(table: Table, body: Body, project: Project) -> Content:
    fields = {
        "name": project.name or None,
        "body": project.implementer or body.name or None,
        "department": project.department,
        "amount": _amount(project.amount, body.unit, table.unit),
        "goal": project.goal,
    }
    return Content(fields, indicators=[_indicator(one) for one in project.indicators])


def _indicator(one: Indicator) -> dict[str, Value]:
    return {"level1": one.level1, "level2": one.level2, "name": one.name, "target": one.target}


def _money(money: Money, unit: str, wanted: str) -> dict[str, Value]:
    return {key: _amount(getattr(money, key), unit, wanted) for key in ("total", "fiscal", "other")}


def _amount(value: Value, unit: str, wanted: str) -> Value:
    """An amount in the table's unit; what is none stays as it is."""
    try:
        number = in_unit(value, unit, wanted)
    except InvalidValue:
        return value
    return None if number is None else float(number)
