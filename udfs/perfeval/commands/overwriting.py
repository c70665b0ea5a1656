"""What becomes of the values that a command has for cells: written, kept for a person, or there already.

A cell is written if it is empty, still holds what the last command wrote (kept in a hidden sheet), or is a 得分 that only repeats
its 测算得分. Any other cell that differs is a person's: it is listed and kept, unless told to overwrite; and so is one that
holds a thousandth or a ten-thousandth of an amount, or as many times it: that is another unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from perfeval.arithmetic import exact
from perfeval.books.file import Applied, FileBook
from perfeval.commands.fill_record import Memory
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address, Cell, Grid, Value
from perfeval.forms.values import times_apart
from perfeval.records import names
from perfeval.records.into_forms import Wish

_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?\d+")


@dataclass(frozen=True, slots=True)
class Kept:
    """A cell that holds something else than the data, and was left as it is; ``why`` is said where that is not all."""

    sheet: str
    cell: Address
    field: str
    present: Value
    wanted: Value
    why: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The edits of a command, what it keeps, and what it has to say."""

    edits: tuple[Edit, ...]
    kept: tuple[Kept, ...]
    notes: tuple[str, ...]


class Decisions:
    """What becomes of each wish: an edit, a cell to keep, or nothing to do."""

    def __init__(self, memory: Memory, overwrite: bool) -> None:
        self._memory = memory
        self._overwrite = overwrite
        self.edits: list[Edit] = []
        self.kept: list[Kept] = []

    def take(self, grid: Grid, wish: Wish) -> None:
        """Decide on one wish for a cell of this sheet."""
        present = grid[wish.cell]
        if _holds(present, wish.value):
            return
        factor = _times_apart(present.value, wish)
        if self._overwrite or (not factor and self._is_free(grid, wish, present)):
            self.edits.append(Edit(grid.name, wish.cell, wish.value))
        else:
            why = f"相差 {factor:,} 倍，请核对金额单位" if factor else ""
            self.kept.append(Kept(grid.name, wish.cell, wish.field, present.value, wish.value, why))

    def contents(self, grid: Grid) -> dict[Address, Value]:
        """What is to be written on this sheet so far."""
        return {edit.cell: edit.content for edit in self.edits if edit.sheet == grid.name}  # type: ignore[misc]

    def _is_free(self, grid: Grid, wish: Wish, present: Cell) -> bool:
        if present.formula is not None:
            return wish.given and _REFERENCE.fullmatch(present.formula) is not None
        is_empty = present.value in (None, "") or _is_placeholder(present)
        return is_empty or self._memory.wrote(grid.name, wish.cell, present)


def _holds(present: Cell, value: Value) -> bool:
    """Whether a cell already holds a value as a constant. 20 and 20.0 are one number, an empty text is nothing."""
    return (
        present.formula is None
        and (present.value == value or (present.value == "" and value is None))
        and isinstance(present.value, bool) == isinstance(value, bool)
    )


def _times_apart(present: Value, wish: Wish) -> int:
    """How many times apart two amounts are if that looks like another unit; 0 otherwise."""
    both = present, wish.value
    if not wish.money or any(isinstance(value, bool) or not isinstance(value, int | float) for value in both):
        return 0
    return times_apart(*map(exact, both))  # type: ignore[arg-type]


def _is_placeholder(present: Cell) -> bool:
    """The official blank's own fillers: …… and 指标1："""
    text = present.value
    return isinstance(text, str) and re.fullmatch(r"[….\s]*|指标\s*\d+[：:]?", text.strip()) is not None


def with_signature_told(planned: Plan, applied: Applied, book: FileBook) -> Plan:
    """The plan with a note where the workbook that was changed, or is to be, bears a digital signature."""
    if not (applied.changed and book.is_signed):
        return planned
    told = "文件有数字签名，写入后签名失效，打开时会显示无效的签名；请签名人重新签名"
    return replace(planned, notes=(*planned.notes, told))


def as_text(planned: Plan, applied: Applied, *, dry_run: bool) -> Iterator[str]:
    """What a command did, for a person."""
    visible = [edit for edit in planned.edits if edit.sheet not in (names.MEMORY, names.CORRESPONDENCE)]
    yield from planned.notes
    if dry_run:
        for edit in visible:
            yield f"  {edit.sheet}!{edit.cell} ← {_shown(edit.content)}"  # type: ignore[arg-type]
    verb = "将改" if dry_run else "已填"
    yield f"{verb} {len(visible)} 个单元格，{len(applied.recalculated)} 个公式重新计算"
    if applied.unknown:
        yield f"{len(applied.unknown)} 个公式要由表格软件打开后计算"
    for kept in planned.kept:
        yield (
            f"  保留 {kept.sheet}!{kept.cell} {kept.field}：现为 {_shown(kept.present)}，数据是 {_shown(kept.wanted)}"
            + (f"，{kept.why}" if kept.why else "")
        )
    if planned.kept:
        yield f"有 {len(planned.kept)} 个单元格与数据不同而保留；要用数据覆盖，请加 --overwrite"


def _shown(value: Value) -> str:
    return "（空白）" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)
