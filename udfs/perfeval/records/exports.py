"""Reads what a finance system gives out: which sheet and which columns are meant; ``exportrows`` reads their rows.

Nothing is guessed. Where two sheets or two columns are possible, and no choice decides (``Known.choices``, kept on the sheet 导入对照),
``Uncertain`` says what was seen beside what is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from perfeval.errors import FormProblem, Place
from perfeval.forms import labels
from perfeval.forms.exporttable import (
    AMOUNTS,
    KEYS,
    LEVELS,
    ExportTable,
    Heading,
    compared,
    export_tables,
    headings_of,
)
from perfeval.forms.grid import Book, Grid
from perfeval.forms.grid_text import page_of
from perfeval.records import names
from perfeval.records.exportrows import FIELDS, Export, Known, read_rows, source_in
from perfeval.records.matching import bare

Seen = Sequence[tuple[str, tuple[str, ...]]]
"""The sheets of a file with their headings."""

SHEET = "工作表"
OPTION = "--column"
_HEADINGS, _SHEETS = 40, 8  # that are listed


class Uncertain(FormProblem):
    """An export that cannot be read for certain; ``seen`` are its sheets with their headings, for 导入对照."""

    def __init__(self, why: str, seen: Seen) -> None:
        self.seen = tuple(seen)
        wanted = "、".join(FIELDS.values())
        lines = [
            f"{why}。没有写入任何内容",
            *(f"  看到的：“{sheet}”{'、'.join(headings) or '没有表头'}" for sheet, headings in self.seen[:_SHEETS]),
            f"  要的：{wanted}（项目编码和项目名称有一个就行，资金来源和年初预算数可以没有）",
            f"  请在工作簿的“{names.CORRESPONDENCE}”里写明用哪张表、哪一列，或加 {OPTION} 全年预算数=那一列的标题；"
            "也可以用 perfeval template 做一份数据模板，把数贴进去",
        ]
        super().__init__("\n".join(lines))


def read_export(book: Book, known: Known, sheets: Sequence[str]) -> Export | None:
    """The export in these sheets of a book; None where no sheet names projects and has an amount.

    Raises Uncertain, or FormProblem naming sheet and cell.
    """
    chosen = {compared(heading) for field, heading in known.choices.items() if field != SHEET}
    grids = [book.grid(sheet) for sheet in sheets]
    tables = [table for grid in grids for table in export_tables(grid, known.year, chosen)]
    seen_there = tuple(_seen(grid, tables) for grid in grids)
    tables = [_chosen_columns(table, known.choices) for table in tables]
    tables = [table for table in tables if table.has_keys and table.concepts]
    if not tables:
        return None
    table = _chosen_table(tables, known, seen_there)
    if known.year and table.year and table.year != known.year:
        told = f"这是 {table.year} 年度的表，工作簿是 {known.year} 年度的；请核对文件和年度"
        raise FormProblem(told, Place(sheet=table.sheet))
    return read_rows(_certain(table, known, seen_there), known)._replace(seen=seen_there)


def seen_in(book: Book, sheets: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """The sheets of a file with their headings."""
    return [_seen(grid, export_tables(grid)) for grid in map(book.grid, sheets)]


def nothing_seen(book: Book, sheets: Sequence[str]) -> Uncertain:
    """What is said of a file in which no sheet is an export."""
    return Uncertain("没有找到写着项目和金额的表", seen_in(book, sheets))


def _seen(grid: Grid, tables: Sequence[ExportTable]) -> tuple[str, tuple[str, ...]]:
    table = next((one for one in tables if one.sheet == grid.name), None) or headings_of(grid)
    headings = [one.text for one in table.headings][:_HEADINGS] if table else []
    return grid.name, tuple(headings)


# --- which table, which columns ---


def _chosen_columns(table: ExportTable, choices: Mapping[str, str]) -> ExportTable:
    """The table with the columns that were chosen for a field, where it has them."""
    for concept, label in FIELDS.items():
        wanted = compared(choices.get(label, ""))
        columns = [one for one in table.headings if wanted and wanted in _names_of(one)]
        if len(columns) == 1:
            own = columns[0]
            unit = own.unit or "、".join(dict.fromkeys(filter(None, map(labels.any_unit, own.text.split(LEVELS)))))
            headings = tuple(
                replace(one, concept=concept, source="", unit=unit if concept in AMOUNTS else "")
                if one is own
                else replace(one, concept="")
                if one.concept == concept and not one.source
                else one
                for one in table.headings
            )
            table = replace(table, headings=headings)
    return table


def _names_of(heading: Heading) -> set[str]:
    """What a column may be called by: all its headings, or the lowest."""
    return {compared(heading.text), compared(heading.text.rpartition(LEVELS)[2])}


def _chosen_table(tables: Sequence[ExportTable], known: Known, seen_there: Seen) -> ExportTable:
    """The one table that is meant: chosen, of the year, visible, with the 预算数 and the 执行数 that others lack."""
    narrower: Sequence[Callable[[ExportTable], bool]] = (
        lambda table: compared(table.sheet) == compared(known.choices.get(SHEET, "")),
        lambda table: table.year == known.year,
        lambda table: table.grid.visible,
        lambda table: {"budget", "executed"} <= table.concepts,
    )
    left = list(tables)
    for is_meant in narrower:
        left = [table for table in left if is_meant(table)] or left
    if len(left) > 1:
        places = "、".join(f"“{table.sheet}”第 {table.top} 行" for table in left)
        raise Uncertain(f"有 {len(left)} 张表都可能是要导入的（{places}）", seen_there)
    return left[0]


def _certain(table: ExportTable, known: Known, seen_there: Seen) -> ExportTable:
    """The table with one column for each field. Raises Uncertain where two remain that do not say the same."""
    kept = list(table.headings)
    for concept, label in FIELDS.items():
        for source in dict.fromkeys(one.source for one in kept if one.concept == concept):
            several = [one for one in kept if (one.concept, one.source) == (concept, source)]
            if concept in KEYS:
                several = _of_the_projects(table, several, known)
            elif concept == "source":
                several = _of_known_sources(table, several)
            if len({_column_as_text(table, one) for one in several}) > 1:
                told = "、".join(one.place.replace("“", " 列“", 1) for one in several)
                raise Uncertain(f"看不出哪一列是“{label}”：{told}都可能", seen_there)
            kept = [
                replace(one, concept="", source="")
                if (one.concept, one.source) == (concept, source) and one is not several[0]
                else one
                for one in kept
            ]
    certain = replace(table, headings=tuple(kept))
    if not certain.of("name") and not known.projects:
        raise Uncertain("没有找到“项目名称”一列", seen_there)
    weak = [one for one in certain.of("name") if labels.heading(one.text) == "项目"]
    if weak and not certain.of("code") and not known.projects and FIELDS["name"] not in known.choices:
        raise Uncertain(f"看不出“{weak[0].place}”列是不是项目名称（收支科目的表也这样写）", seen_there)
    return certain


def _of_the_projects(table: ExportTable, several: Sequence[Heading], known: Known) -> list[Heading]:
    """Of several columns that may name projects the one that names some of the workbook's, where no other does."""
    wanted = {bare(part) for project in known.projects for part in project if part}
    naming = [one for one in several if wanted & {bare(text) for text in _column_as_text(table, one)}]
    return naming if len(naming) == 1 else list(several)


def _of_known_sources(table: ExportTable, several: Sequence[Heading]) -> list[Heading]:
    """Of several columns that may hold sources of funds the one that holds nothing else."""
    sound = [
        one
        for one in several
        if all(source_in(text) for text in _column_as_text(table, one) if text and not labels.is_sum(text))
    ]
    return sound if len(sound) == 1 else list(several)


def _column_as_text(table: ExportTable, heading: Heading) -> tuple[str, ...]:
    page = page_of(table.grid)
    return tuple(page.entry(row, heading.column).text for row in range(table.bottom + 1, table.grid.bottom + 1))
