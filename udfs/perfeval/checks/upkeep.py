"""What hands have done to a workbook of ours that its formulas do not follow: rows without formulas, totals that leave rows out, sheets
that were copied, renamed or sorted. 补齐公式 mends what can be mended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from perfeval.checks.context import Context
from perfeval.findings import Finding, Level, declare
from perfeval.forms.grid import Address
from perfeval.forms.labels import key
from perfeval.forms.model import PROJECT
from perfeval.records import names
from perfeval.records.upkeep import SCORE, LiveForm, Overview, live_forms

_MEND = "按“补齐公式”（命令行用 perfeval repair）"
NO_FORMULA = declare(
    "R49",
    Level.WARNING,
    "行里没有公式",
    _MEND,
    "“{name}”一行没有{columns}的公式，不会自己计算",
)
_NO_LABEL = NO_FORMULA.says("“{name}”一行没有{columns}的公式，也看不出是哪个一级、二级指标；请先在左边写上，再补齐公式")
TYPED_OVER = declare(
    "R50",
    Level.WARNING,
    "公式被填进去的内容盖住",
    "要恢复公式，清空这一格，再按“补齐公式”；确实要自己定的，写明理由",
    "{what}是填进去的 {value}，别的格改了它也不变",
)
ROWS_LEFT_OUT = declare(
    "R51",
    Level.WARNING,
    "合计的公式漏了行",
    _MEND,
    "{what}的公式没有包括第 {rows} 行",
)
NOT_LISTED = declare(
    "R52",
    Level.WARNING,
    "“汇总”与各张自评表对不上",
    _MEND,
    f"“{names.SUMMARY}”里没有这张自评表，合计、平均分和图都不包括它",
)
_STALE_LINK = NOT_LISTED.says("链接指向“{old}”，这张表现在叫“{sheet}”，点了打不开")
SAME_PROJECT = declare(
    "R53",
    Level.WARNING,
    "两张自评表是同一个项目",
    "复制出来的表，改成新项目的名称；多余的一张删去",
    "项目名称与“{other}”相同：“{name}”",
)
UNDER_ANOTHER = declare(
    "R54",
    Level.WARNING,
    "指标移到了别的类别下",
    "排序、剪切会把指标移到别的类别：移回原来的一级、二级指标下；确实改了类别的，同时改“绩效目标”",
    "“{name}”的公式按“{was}”计算，现在排在“{now}”下",
)
_MOST_NAMED = 5


def check(context: Context) -> Iterator[Finding]:
    """Everything of a workbook of ours that its formulas do not follow."""
    forms = live_forms(context.book, context.forms) if context.is_ours else []
    for one in forms:
        yield from _rows(one)
        yield from _typed(one)
    yield from _same_projects(context, forms)
    overview = Overview.of(context.book, forms)
    if overview is not None:
        yield from _listed(overview, forms)


def _rows(one: LiveForm) -> Iterator[Finding]:
    sheet = one.form.sheet
    for row in one.lacking():
        columns = [title for title, _ in row.cells.values() if title != SCORE]
        if columns:  # an empty 得分 alone is a missing value
            kind = _NO_LABEL if None in [formula for _, formula in row.cells.values()] else NO_FORMULA
            first = next(place for place, (title, _) in row.cells.items() if title != SCORE)
            name = row.indicator.name.text or f"第 {row.indicator.row} 行"
            yield kind.of(name=name, columns="、".join(columns)).at(sheet, str(first))
    for moved in one.moved():
        row = moved.indicator
        said = UNDER_ANOTHER.of(name=row.name.text, was=moved.was, now=row.kind)
        yield said.at(sheet, str(row.name.cell or moved.cell), moved.was, row.kind)
    for short in one.short():
        listed = "、".join(map(str, short.missing[:_MOST_NAMED]))
        yield ROWS_LEFT_OUT.of(what=short.what, rows=listed).at(sheet, str(short.cell))


def _typed(one: LiveForm) -> Iterator[Finding]:
    for typed in one.typed():
        value = one.grid[typed.cell].value
        yield TYPED_OVER.of(what=typed.what, value=value).at(one.form.sheet, str(typed.cell), "公式", str(value))


def _same_projects(context: Context, forms: Sequence[LiveForm]) -> Iterator[Finding]:
    """Forms of one name, beyond the projects of that name that the data has."""
    by_name: dict[str, list[LiveForm]] = defaultdict(list)
    for one in forms:
        if one.form.kind == PROJECT and one.form.name.text:
            by_name[key(one.form.name.text)].append(one)
    for name, same in by_name.items():
        known = (
            [project for project in context.records.projects if key(project.name) == name] if context.records else []
        )
        for one in same[max(len(known), 1) :]:
            entry = one.form.name
            said = SAME_PROJECT.of(other=same[0].form.sheet, name=entry.text)
            yield said.at(one.form.sheet, str(entry.cell or Address(1, 1)), "", entry.text)


def _listed(overview: Overview, forms: Sequence[LiveForm]) -> Iterator[Finding]:
    for one in overview.unlisted(forms):
        yield NOT_LISTED.of().at(one.form.sheet)
    for cell, old, sheet in overview.stale_links():
        yield _STALE_LINK.of(old=old, sheet=sheet).at(names.SUMMARY, str(cell), sheet, old)
    for typed in overview.typed():
        value = overview.grid[typed.cell].value
        yield TYPED_OVER.of(what="这一格", value=value).at(names.SUMMARY, str(typed.cell), "公式", str(value))
