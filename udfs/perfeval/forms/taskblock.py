"""Reads the block of 年度主要任务 in a whole body's form, blank or filled: a task a row, with the cells of its amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from perfeval.forms import labels
from perfeval.forms.grid import MAX_COLUMN, Area
from perfeval.forms.grid_text import Page
from perfeval.forms.model import ABSENT, Entry

_NAME = frozenset({"任务名称", "主要任务", "年度主要任务", "重点工作任务"})
_TEXTS = {"完成情况": "outcome", "实际完成情况": "outcome", "主要内容": "content", "任务内容": "content"}
_AMOUNTS = {"budget": re.compile("预算|拟投入|计划"), "executed": re.compile("执行|决算|支出")}
_PARTS = {"fiscal": re.compile("财政"), "other": re.compile("其他|其它|自筹")}
_TOTALS = labels.TOTALS | {"金额合计"}


@dataclass(frozen=True, slots=True)
class MoneyCells:
    """The cells of an amount and its parts."""

    total: Entry = ABSENT
    fiscal: Entry = ABSENT
    other: Entry = ABSENT


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One row of the block; its name is blank where the form only offers the row."""

    name: Entry
    content: Entry
    outcome: Entry
    budget: MoneyCells
    executed: MoneyCells


@dataclass(frozen=True, slots=True)
class TaskBlock:
    """The tasks of a form, its row of sums, the sheet rows that the block takes (header and all), and its unit."""

    rows: tuple[TaskRow, ...] = ()
    total: TaskRow | None = None
    taken: range = range(0)
    unit: str = ""

    @property
    def areas(self) -> Iterator[Area]:
        """The rows that the block takes, if any."""
        if self.taken:
            yield Area(self.taken.start, 1, self.taken.stop - 1, MAX_COLUMN)


def read_tasks(page: Page, head: range) -> TaskBlock:
    """The block within these rows; without rows where there is none."""
    for row in head:
        named = [area for area, text in page.texts(row, 1, MAX_COLUMN) if labels.key(text) in _NAME]
        for area in named[-1:]:  # 年度主要任务 down the block's side stands before 任务名称
            columns = _columns(page, area)
            if any(concept.startswith(("budget", "executed")) for concept in columns):
                block = _block(page, columns, area.top, range(_bottom(page, area) + 1, head.stop))
                return replace(block, unit=next(filter(None, map(labels.unit, _texts(page, row))), ""))
    return TaskBlock()


def _bottom(page: Page, name: Area) -> int:
    """The last row of the header: where 任务名称 ends, or the row of 全额 and 财政拨款 under it."""
    under = [text for _, text in page.texts(name.bottom + 1, name.right + 1, MAX_COLUMN)]
    return name.bottom + bool(under and all(_PARTS["fiscal"].search(text) or _is_total(text) for text in under))


def _is_total(text: str) -> bool:
    return labels.key(text) in {"全额", "总额", "小计", "合计", "其他资金", "其他"}


def _columns(page: Page, name: Area) -> dict[str, int]:
    """The column of each concept: ``name``, ``outcome``, ``budget.total``, ``executed.fiscal`` …"""
    columns = {"name": name.left}
    bottom = _bottom(page, name)
    for column in range(name.right + 1, page.grid.right + 1):
        path = [labels.key(page.entry(row, column).text) for row in range(name.top, bottom + 1)]
        concept = _TEXTS.get(path[0])
        if concept is None:
            amount = next((key for key, words in _AMOUNTS.items() if words.search(path[0])), None)
            part = next((key for key, words in _PARTS.items() if words.search(path[-1])), "total")
            concept = amount and f"{amount}.{part}"
        if concept:
            columns.setdefault(concept, column)
    return columns


def _block(page: Page, columns: dict[str, int], top: int, rows: range) -> TaskBlock:
    """The rows down to the total, or to what is no task; the total may also stand over the tasks, as in 表14."""
    found: list[TaskRow] = []
    total = None
    last = rows.start - 1
    amounts = {column for concept, column in columns.items() if "." in concept}
    for row in rows:
        area = page.grid.area_of((row, columns["name"]))
        is_wide = any(area.left < column <= area.right for column in amounts)
        if is_wide or any(labels.header(text) in {"goal", "outcome"} for text in _texts(page, row)):
            break
        last = row
        if labels.key(page.entry(row, columns["name"]).text) in _TOTALS:
            total = _task(page, columns, row)
            if found:
                break
        else:
            found.append(_task(page, columns, row))
    return TaskBlock(tuple(found), total, range(top, last + 1))


def _texts(page: Page, row: int) -> Iterator[str]:
    return (text for _, text in page.texts(row, 1, MAX_COLUMN))


def _task(page: Page, columns: dict[str, int], row: int) -> TaskRow:
    def entry(concept: str) -> Entry:
        found = page.entry(row, columns.get(concept))
        return found if found.cell and found.cell.row == row else ABSENT

    def money(kind: str) -> MoneyCells:
        return MoneyCells(*(entry(f"{kind}.{part}") for part in ("total", "fiscal", "other")))

    return TaskRow(entry("name"), entry("content"), entry("outcome"), money("budget"), money("executed"))
