"""Reads target tables as a body's budget prints them: 部门（单位）整体支出绩效目标表 and 项目（支出）绩效目标表.

A table begins with its title, or with 项目名称 where the title is missing, and ends where the next begins; so many may stand
one under another. A table without indicators (预算准备金) is one too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from perfeval.forms import labels
from perfeval.forms.amount_tables import AmountTable, read_tables
from perfeval.forms.blocks import headers, read_block
from perfeval.forms.grid import MAX_COLUMN, Area, Grid
from perfeval.forms.grid_text import Page, page_of
from perfeval.forms.headings import year_of
from perfeval.forms.model import ABSENT, Entry, IndicatorBlock, IndicatorRow
from perfeval.forms.regions import regions
from perfeval.forms.taskblock import TaskBlock, read_tasks

_TITLE = re.compile(r".{0,40}绩效目标(?:申报|批复)?表")
_FIELDS = {
    label: concept
    for concept, words in {
        "name": "项目名称 项目支出名称 二级项目名称",
        "body": "实施单位 项目单位 项目实施单位 部门名称 单位名称 部门单位名称 预算单位",
        "department": "主管部门 主管单位 主管部门及代码 预算主管部门",
        "type": "项目类型 项目属性 项目类别",
        "use": "资金用途",
        "start": "计划开始日期 开始日期 项目开始时间",
        "end": "计划完成日期 完成日期 项目完成时间",
        "amount": "项目总金额 项目资金总额 项目总额",
        "year_amount": "本年度项目金额 年度资金总额 本年度金额",
        "fiscal": "财政拨款资金 财政拨款 其中财政拨款",
        "other": "其他资金",
        "assets": "固定资产采购金额",
        "items": "采购品目",
        "overview": "项目概况",
        "purpose": "项目用途",
        "long_goal": "项目总目标 项目总中期目标 中期目标 实施期目标 实施期总目标",
        "goal": "年度绩效目标 年度总体目标 年度目标 总体目标",
    }.items()
    for label in words.split()
}
_TICKS, _BOXES = "√✓✔☑■▣", "□☐○"
_TITLED = "title"


@dataclass(frozen=True, slots=True)
class TargetTable:
    """A target table. ``kind`` is "body" or "project"; ``fields`` as in the table of labels, those that are printed.

    ``year`` stands under the title (None: nowhere), ``unit`` beside a label of the head's money ("": the table states
    none). ``tasks`` are the 年度主要任务 of a body. ``amounts`` are its tables of money: the tasks again (任务名称 … 总额),
    the quarters of a project's 资助计划.
    """

    kind: str
    sheet: str
    area: Area
    title: str
    year: int | None
    unit: str
    fields: dict[str, Entry]
    tasks: TaskBlock
    amounts: tuple[AmountTable, ...]
    rows: tuple[IndicatorRow, ...]
    problems: tuple[str, ...] = ()

    def field(self, concept: str) -> Entry:
        """A field of the head; absent where the table does not print it."""
        return self.fields.get(concept, ABSENT)


def read_target_tables(grid: Grid) -> list[TargetTable]:
    """Every target table on a sheet, top to bottom; an empty list if there is none."""
    page = page_of(grid)
    amounts = cache(lambda: read_tables(grid))  # once, and only where a target table stands
    read = (_read(page, title, area, amounts) for title, area in regions(page, _starts(page)))
    return [table for table in read if table is not None]


def ticked(text: str) -> tuple[str, ...]:
    """The options that are ticked in a list of them, the box before or behind: ``业务类√ 政策类□`` → ``("业务类",)``."""
    before = re.match(rf"\s*[{_TICKS}{_BOXES}]", text)
    option = rf"[^{_TICKS}{_BOXES}\s]+"
    return tuple(re.findall(rf"[{_TICKS}]\s*({option})" if before else rf"({option})\s*[{_TICKS}]", text))


def _starts(page: Page) -> Iterator[tuple[int, str]]:
    """The first row of each table with its title; "" where the head begins anew without one."""
    seen: set[str] = set()
    for row in page.rows():
        texts = [text for _, text in page.texts(row, 1, MAX_COLUMN)]
        title = next((bare for text in texts if _TITLE.fullmatch(bare := re.sub(r"\s+", "", text))), "")
        heads = {concept for concept, _ in map(_labelled, texts) if concept} & {"name", "body"}
        if title or heads & seen or (heads and not seen):
            yield row, title
            seen = {_TITLED} if title else set()
        seen |= heads


def _labelled(text: str) -> tuple[str | None, str | None]:
    """The concept of a label, and the value behind its colon where both stand in one cell."""
    concept = _FIELDS.get(labels.key(text))
    pair = labels.inline(text) if concept is None else None
    return (_FIELDS.get(labels.key(pair[0])), pair[1]) if pair else (concept, None)


def _read(page: Page, title: str, area: Area, amounts: Callable[[], list[AmountTable]]) -> TargetTable | None:
    """The table in a region; None where it holds no target table but some other form."""
    block = _block(page, area)
    rows = tuple(row for row in block.rows if row.name.text) if block else ()
    if block is not None and "forecast" in block.columns:
        return None  # 监控表
    if any(row.actual.cell for row in rows) or not (title or any(row.target.text for row in rows)):
        return None
    head = range(area.top, block.area.top if block else area.bottom + 1)
    tables = tuple(table for table in amounts() if table.area.top in head)
    fields = _fields(page, head, tables)
    texts = [text for row in head for place, text in page.texts(row, 1, MAX_COLUMN) if not _is_in(place, tables)]
    return TargetTable(
        kind="project" if "name" in fields else "body",
        sheet=page.grid.name,
        area=area,
        title=title,
        year=year_of(texts),
        unit=next(filter(None, map(labels.unit, texts)), ""),
        fields=fields,
        tasks=read_tasks(page, head),
        amounts=tables,
        rows=rows,
        problems=tuple(_problems(fields, rows)),
    )


def _block(page: Page, area: Area) -> IndicatorBlock | None:
    """The first block of indicators in a region; None where it holds none."""
    found = headers(page)
    header = next((header for header in found if area.top <= header.top <= area.bottom), None)
    if header is None:
        return None
    repeated = {other.top: other for other in found if header.top < other.top <= area.bottom}
    return read_block(page, header, repeated)


def _fields(page: Page, head: range, tables: tuple[AmountTable, ...]) -> dict[str, Entry]:
    fields: dict[str, Entry] = {}
    for row in head:
        for area, text in page.texts(row, 1, MAX_COLUMN):
            concept, inline = _labelled(text)
            if concept is None or concept in fields or _is_in(area, tables):
                continue
            entry = Entry(inline) if inline else page.entry(row, area.right + 1)
            if inline or not (isinstance(entry.value, str) and _labelled(entry.value)[0]):
                fields[concept] = entry
    return fields


def _is_in(place: Area, tables: tuple[AmountTable, ...]) -> bool:
    return any((place.top, place.left) in table.area for table in tables)


def _problems(fields: dict[str, Entry], rows: tuple[IndicatorRow, ...]) -> Iterator[str]:
    if "name" not in fields and "body" not in fields:
        yield "没有找到“项目名称”或“部门（单位）名称”，请补上表头"
    if not fields.get("goal", ABSENT).text:
        yield "没有填“年度绩效目标”，自评表的“年度总体目标”需另行填写"
    for row in rows:
        if not row.target.text:
            yield f"第 {row.row} 行的指标“{row.name.text}”没有指标值，请对照原表补上"
