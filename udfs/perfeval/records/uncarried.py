"""What a printed form holds and a record has no place for, by its name: nothing of it is left out in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from perfeval.forms.assessment import ScoredRow
from perfeval.forms.judging import sum_beside_total
from perfeval.forms.labels import FUND_SOURCES
from perfeval.forms.model import Form, IndicatorRow
from perfeval.forms.taskblock import MoneyCells

_COLUMNS = {
    "coefficient": "得分系数", "rule": "评分标准", "source": "数据来源", "review": "复核分", "last_year": "上年值",
}  # fmt: skip


def columns_left(rows: Mapping[str, int]) -> list[str]:
    """The names of columns that no record takes, of those that hold something: concepts with their number of rows."""
    return [f"{name}（{rows[column]} 行）" for column, name in _COLUMNS.items() if rows.get(column)]


def filled_columns(rows: Sequence[IndicatorRow]) -> dict[str, int]:
    """How many rows fill each of the columns that no record takes."""
    return {column: sum(bool(getattr(row, column).text) for row in rows) for column in _COLUMNS}


def uncarried(form: Form, rows: Sequence[ScoredRow]) -> Iterator[str]:
    """The names of what a form holds beyond its record; ``rows`` are its scores, recomputed."""
    yield from columns_left(filled_columns(form.rows))
    yield from (
        f"{row.name.cell} “{row.name.text}”的偏差原因"
        for row in form.rows
        if form.is_execution(row) and row.reason.text
    )
    yield from (f"指标下面的原因说明（{block.reasons.cell}）" for block in form.blocks if block.reasons.text)
    if form.grade.text:
        yield f"等级“{form.grade.text}”"
    apart = sum_beside_total(form, rows)
    if apart is not None:
        yield f"总分 {form.total_score.text}（各项得分之和是 {apart[0]}）"
    money = [one.cell for funds in form.funds for one in (funds.initial, funds.budget, funds.executed) if one.cell]
    tables = (table for table in form.amounts if not any(cell in table.area for cell in money))
    yield from (f"{table.area} 的金额表" for table in tables)
    nameless = (row for row in form.tasks.rows if not row.name.text)
    yield from (f"没有任务名称的金额（{cell}）" for row in nameless if (cell := _first(row.budget, row.executed)))


def _first(*money: MoneyCells) -> str:
    """The first cell of these that holds anything."""
    entries = (entry for one in money for entry in (one.total, one.fiscal, one.other))
    return next((str(entry.cell) for entry in entries if entry.text), "")


def other_sources(form: Form) -> list[str]:
    """The sources of funds that a form prints with amounts and a form of our own workbook has no row for."""
    return [
        funds.source
        for funds in form.funds
        if funds.source not in FUND_SOURCES and any(one.text for one in (funds.initial, funds.budget, funds.executed))
    ]


def without_name(rows: Sequence[IndicatorRow]) -> list[IndicatorRow]:
    """The rows that hold values and are not named."""
    return [row for row in rows if not row.name.text]
