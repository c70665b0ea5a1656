"""Reads the import sheet 基础数据: what is filled in for the leaves of the whole body's standard, and its 年度主要任务."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfeval.errors import FormProblem, Place
from perfeval.forms.grid import Address, Book, Value
from perfeval.forms.leafassessment import LeafData
from perfeval.records import names
from perfeval.records.model import Datum, GivenScore, Money, Task, Whole
from perfeval.records.tables import Row, Table, amount_in, rows_of

_DATA = Table(
    {"code": "编码", "label": "要填的数", "unit": "单位", "value": "数值", "score": "得分", "reason": "说明"},
    {"code": "编码"},
    until=names.TASK_LIST,
)
TASKS = Table(
    {
        "name": "任务名称",
        "content": "主要内容",
        "outcome": "完成情况",
        **{
            f"{column}_{part}": f"{label}{suffix}"
            for column, label in (("budget", "预算数"), ("executed", "执行数"))
            for part, suffix in (("total", ""), ("fiscal", "财政拨款"), ("other", "其他资金"))
        },
    },
    {"name": "任务名称"},
    until="金额合计",
)
_PARTS = ("total", "fiscal", "other")
TASK_AMOUNTS = tuple(f"{column}_{part}" for column in ("budget", "executed") for part in _PARTS)


def read_whole(book: Book, standard: str, tasks: Sequence[Row], unit: str) -> Whole:
    """The whole body's side as 基础数据 holds it, with the rows of its tasks, amounts in ``unit``; goal and indicators stand on
    other sheets.

    Raises FormProblem naming sheet and cell.
    """
    rows = rows_of(book, names.BASE_DATA, _DATA)
    return Whole(
        standard,
        data=tuple(_data(rows, unit)),
        scores=tuple(_scores(rows)),
        tasks=tuple(_task(row, unit) for row in tasks),
    )


def leaf_data(book: Book) -> LeafData:
    """What 基础数据 holds for the leaves, with its cells; a blank value too."""
    rows = rows_of(book, names.BASE_DATA, _DATA)
    values = {_code(row): row["value"] for row in rows if "value" in row}
    return LeafData(names.BASE_DATA, values, {one.code: str(one.reason or "") for one in _scores(rows)})


def places_of_scores(book: Book) -> dict[str, tuple[Address | None, Address | None]]:
    """The cells of 基础数据 for 得分 and 说明, by leaf."""
    found: dict[str, tuple[Address | None, Address | None]] = {}
    for row in rows_of(book, names.BASE_DATA, _DATA):
        score, reason = (row[field].cell if field in row else None for field in ("score", "reason"))
        found.setdefault(_code(row)[0].partition("/")[0], (score, reason))
    return found


def _data(rows: Sequence[Row], unit: str) -> Iterator[Datum]:
    """The values, those of money in ``unit``: 单位 says in which of the two they are."""
    for row in rows:
        value = row.get("value")
        if value is None or not value.text:
            continue
        own = row["unit"].text if "unit" in row else ""
        money = amount_in(value, own, names.BASE_DATA, unit) if own in names.UNITS and own != unit else None
        yield Datum(*_code(row), value.value if money is None else float(money))


def _code(row: Row) -> tuple[str, str]:
    """The leaf (or part of one) and the input that a row is for: ``procurement/rate.actual``."""
    entry = row["code"]
    leaf, dot, name = entry.text.partition(".")
    if not dot:
        raise FormProblem(
            f"“{entry.text}”不是编码，应像 staff-control.posts；请不要改编码一列",
            Place(sheet=names.BASE_DATA, cell=str(entry.cell)),
        )
    return leaf, name


def _scores(rows: Sequence[Row]) -> Iterator[GivenScore]:
    """One a leaf: its 得分 and 说明 stand merged beside all its rows."""
    seen = set()
    for row in rows:
        leaf = _code(row)[0].partition("/")[0]
        score, reason = _value(row, "score"), _value(row, "reason")
        if leaf not in seen and (score, reason) != (None, None):
            seen.add(leaf)
            yield GivenScore(leaf, score, reason)


def _task(row: Row, unit: str) -> Task:
    def money(column: str) -> Money:
        parts = (amount_in(row.get(f"{column}_{part}"), unit, names.BASE_DATA) for part in _PARTS)
        return Money(*(None if part is None else float(part) for part in parts))

    return Task(row["name"].text, _value(row, "content"), _value(row, "outcome"), money("budget"), money("executed"))


def _value(row: Row, field: str) -> Value:
    entry = row.get(field)
    return entry.value if entry is not None and entry.text else None
