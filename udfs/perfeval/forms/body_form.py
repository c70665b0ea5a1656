"""Reads the forms of a whole body: 整体支出绩效自评表, 评分表 and 共性指标框架 with scores, of any region.

A form begins with its title. A project's 自评表 is none of these (``forms.reader``), nor is a target table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from perfeval.forms import labels
from perfeval.forms.amount_tables import AmountTable, read_tables
from perfeval.forms.grid import MAX_COLUMN, Area, Grid
from perfeval.forms.grid_text import Page, page_of
from perfeval.forms.headings import headings_of, year_of
from perfeval.forms.levels import LevelBlock, levels_begin, read_levels
from perfeval.forms.model import ABSENT, Entry
from perfeval.forms.regions import regions
from perfeval.forms.taskblock import TaskBlock, read_tasks

_TITLE = re.compile(r".{0,40}绩效.{0,20}(?:自评表|自评情况表|评分表|打分表|指标(?:体系)?框架(?:表)?)")
_YEAR_LABELS = frozenset({"预算年度", "评价年度", "年度"})
_YEAR = re.compile(r"(20\d\d)(?:年度?)?")


@dataclass(frozen=True, slots=True)
class BodyForm:
    """A whole body's form: its indicators in ``block``, its money (年度主要任务, 预算情况) in ``amounts``.

    ``tasks`` are the rows of 年度主要任务, also where nothing is filled in yet; ``year`` is the 预算年度 that a cell states,
    or that of the heading.
    """

    sheet: str
    area: Area
    title: str
    body: Entry
    year: int | None
    goal: Entry
    outcome: Entry
    amounts: tuple[AmountTable, ...]
    tasks: TaskBlock
    block: LevelBlock
    problems: tuple[str, ...] = ()

    @property
    def is_scored(self) -> bool:
        """Whether it is a 评分表: its rows have cells for a 得分."""
        return any(row.score.cell is not None for row in self.block.rows)


def read_body_forms(grid: Grid) -> list[BodyForm]:
    """Every whole body's form on a sheet, top to bottom; an empty list if there is none."""
    page = page_of(grid)
    read = (_read(page, title, area) for title, area in regions(page, _titles(page)))
    return [form for form in read if form is not None]


def _titles(page: Page) -> Iterator[tuple[int, str]]:
    for row in page.rows():
        for _, text in page.texts(row, 1, MAX_COLUMN):
            bare = re.sub(r"\s+", "", text)
            if _TITLE.fullmatch(labels.key(bare)):
                yield row, bare
                break


def _read(page: Page, title: str, area: Area) -> BodyForm | None:
    begin = levels_begin(page, area)
    if begin is None:
        return None
    head = range(area.top + 1, begin)
    texts = [placed for row in head for placed in page.texts(row, 1, MAX_COLUMN)]
    if any(labels.header(text) == "name" for _, text in texts):
        return None  # a project's form
    block = read_levels(page, area)
    if block is None:
        return None
    tables = tuple(table for table in read_tables(page.grid) if table.area.top in head)
    tasks = read_tasks(page, head)
    fields = {"body": ABSENT, "goal": ABSENT, "outcome": ABSENT}
    year = None
    for label, text in texts:
        if label.top in tasks.taken or any((label.top, label.left) in table.area for table in tables):
            continue
        pair = labels.inline(text)
        named, beside = labels.key(pair[0] if pair else text), Entry(pair[1]) if pair else None
        if named in labels.BODY:
            fields["body"] = beside or page.entry(label.top, label.right + 1)
        elif named in _YEAR_LABELS and (
            stated := _YEAR.fullmatch((beside or page.entry(label.top, label.right + 1)).text)
        ):
            year = int(stated[1])
        concept = labels.header(text)
        if concept in {"goal", "outcome"} and label.bottom + 1 < block.area.top:
            fields[concept] = page.entry(label.bottom + 1, label.left)
    return BodyForm(
        sheet=page.grid.name,
        area=Area(area.top, area.left, block.area.bottom, area.right),
        title=title,
        year=year or year_of(headings_of(page)),
        **fields,
        amounts=tables,
        tasks=tasks,
        block=block,
        problems=tuple(_problems(block)),
    )


def _problems(block: LevelBlock) -> Iterator[str]:
    if not block.rows:
        yield f"第 {block.area.top} 行的表头下没有指标行"
    if any(row.score.cell for row in block.rows) and block.total_score.cell is None:
        yield "没有找到总分，请在指标下补上“综合评分”或“总分”一行"
    for row in block.rows:
        if row.weight.cell and not row.weight.text:
            yield f"第 {row.row} 行的指标“{row.name.text}”没有分值"
