"""The forms of a year's end beside the target tables of its beginning (表14 for the body, 表15 for each project)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfeval.checks.context import Context
from perfeval.findings import Finding, Level, declare
from perfeval.forms.model import Entry, IndicatorRow
from perfeval.forms.target_tables import TargetTable
from perfeval.records.matching import match, same_name, same_target

UNLIKE_TARGETS = declare(
    "R20",
    Level.WARNING,
    "指标与年初绩效目标不一致",
    "按年初批复的绩效目标改正，或说明调整",
    "“{name}”{renamed}的指标值是 {target}，年初绩效目标是 {planned}",
)
_MISSING = UNLIKE_TARGETS.says("年初绩效目标里的 {names}，“{title}”没有")
_ADDED = UNLIKE_TARGETS.says("“{title}”的 {names}，年初绩效目标里没有")
_MOST_NAMED = 5  # indicators that one finding names


def check(context: Context) -> Iterator[Finding]:
    """Indicators whose 指标值 changed, that are missing, or that the year's beginning did not have."""
    bodies = [table for table in context.target_tables if table.kind == "body" and table.rows]
    assessed = [form for form in context.body_forms if any(row.actual.text for row in form.rows)]
    for form in assessed:
        table = _of_body(bodies, form.body.text, len(assessed))
        if table is not None:
            yield from _beside(table, form.rows, form.sheet, form.title)
    projects = [table for table in context.target_tables if table.kind == "project" and table.rows]
    for assessment in context.projects:
        own = assessment.form
        named = [table for table in projects if same_name(table.field("name").text, own.name.text)]
        if len(named) == 1:
            rows = [row for row in own.rows if row.name.text and own.states(row)]
            yield from _beside(named[0], rows, own.sheet, own.name.text)


def _of_body(tables: Sequence[TargetTable], body: str, forms: int) -> TargetTable | None:
    """The table of a body: by its name, or the only one beside the only form where one of them names no body."""
    named = [table for table in tables if same_name(table.field("body").text, body)]
    if len(named) == 1:
        return named[0]
    alone = len(tables) == forms == 1 and not (body and tables[0].field("body").text)
    return tables[0] if alone else None


def _beside(table: TargetTable, rows: Sequence[IndicatorRow], sheet: str, title: str) -> Iterator[Finding]:
    found = match(table.rows, rows)
    basis = f"工作表“{table.sheet}”的年初绩效目标表"
    for planned, row in found.pairs:
        if planned.target.text and row.target.text and not same_target(planned.target, row.target):
            yield _differs(planned, row, row.target, sheet, basis)
    for planned, row in found.perhaps:
        if planned.target.text and row.target.text and not same_target(planned.target, row.target):
            yield _differs(planned, row, row.name, sheet, basis)
    if found.missing and found.pairs:
        names = [row.name.text for row in found.missing]
        yield _MISSING.of(names=_listed(names), title=title).at(sheet, _first(rows), "、".join(names), "", basis)
    if found.added and found.pairs:
        names = [row.name.text for row in found.added]
        yield _ADDED.of(names=_listed(names), title=title).at(sheet, _first(found.added), "", "、".join(names), basis)


def _differs(planned: IndicatorRow, row: IndicatorRow, at: Entry, sheet: str, basis: str) -> Finding:
    renamed = "" if same_name(planned.name.text, row.name.text) else f"（可能是年初的“{planned.name.text}”）"
    target, due = row.target.text, planned.target.text
    said = UNLIKE_TARGETS.of(name=row.name.text, renamed=renamed, target=target, planned=due)
    return said.at(sheet, str(at.cell or ""), due, target, basis)


def _listed(names: Sequence[str]) -> str:
    told = "、".join(f"“{name}”" for name in names[:_MOST_NAMED])
    return told if len(names) <= _MOST_NAMED else f"{told}等 {len(names)} 个指标"


def _first(rows: Sequence[IndicatorRow]) -> str:
    return str(rows[0].name.cell or "") if rows else ""
