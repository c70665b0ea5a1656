"""撤销填报: takes the last fill or 补齐公式 back, and, once, that again; never what ``new`` or an import brought.

Planned first, applied afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from perfeval.books.file import FileBook
from perfeval.commands.fill_record import FILL, Former, Memory
from perfeval.errors import FormProblem
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Book, Cell
from perfeval.records import names

LISTED = 10  # cells named in a message
EARLIER = "--earlier"


@dataclass(frozen=True, slots=True)
class Undoing:
    """What taking back changes: the edits, the cells that get back what they held, and those that were changed since and stay.

    ``again``: a fill that was taken back is brought back. ``is_earlier``: the data was changed or imported since that fill.
    """

    edits: tuple[Edit, ...]
    cells: tuple[Former, ...]
    changed: tuple[Former, ...]
    again: bool
    is_earlier: bool
    step: str = FILL

    @property
    def emptied(self) -> int:
        """How many cells will be blank."""
        return 0 if self.again else sum(former.content in (None, "") for former in self.cells)

    @property
    def question(self) -> str:
        """What a person is asked before it is done; "" where there is nothing to ask."""
        if not (self.is_earlier and self.emptied):
            return ""
        return (
            f"上一次{self.step}之后，“{names.TARGETS}”或“{names.EXECUTION}”等数据表改过或导入过。"
            f"撤销那次{self.step}会恢复 {len(self.cells)} 个单元格，其中 {self.emptied} 个会清空。"
        )

    def said(self) -> Iterator[str]:
        """What was done, for a person."""
        if self.again:
            yield f"已填回 {len(self.cells)} 个单元格：撤销的那次{self.step}又回来了。"
        else:
            emptied = f"，其中 {self.emptied} 个清空" if self.emptied else ""
            yield f"已恢复 {len(self.cells)} 个单元格{self.step}前的内容{emptied}。再撤销一次，就又填回去。"
        if self.changed:
            since = "撤销后" if self.again else f"{self.step}后"
            yield f"有 {len(self.changed)} 个单元格在{since}又改过，保持原样："
            yield from (f"· “{former.sheet}”{former.cell}" for former in self.changed[:LISTED])
            if len(self.changed) > LISTED:
                yield f"· …… 另有 {len(self.changed) - LISTED} 个"


def plan(book: Book) -> Undoing:
    """What taking the last fill back changes. Raises FormProblem where there is none."""
    memory = Memory(book)
    if not memory.former:
        raise FormProblem("没有可以撤销的填报：还没有填报过")
    again = memory.is_undone
    cells, changed = [], []
    for former in memory.former:
        (cells if _is_as_left(book, memory, former) else changed).append(former)
    is_earlier = memory.is_earlier and not again
    if again:
        memory.redo(cells)
        edits = [Edit(former.sheet, former.cell, former.filled) for former in cells]
    else:
        memory.undo(cells)
        edits = [former.edit for former in cells]
    return Undoing((*edits, *memory.edits()), tuple(cells), tuple(changed), again, is_earlier, memory.step)


def undo(path: Path, *, earlier: bool = False, dry_run: bool = False, break_signature: bool = False) -> Undoing:
    """Take the last fill of a workbook back in place. Where it would empty cells though the data was changed since, only if ``earlier``.

    Raises FileRefused, FormProblem or EditRefused; the file is then as it was.
    """
    book = FileBook.open(path)
    planned = plan(book)
    if planned.question and not earlier and not dry_run:
        raise FormProblem(f"{planned.question}没有写入任何内容；确实要撤销，请加 {EARLIER}")
    book.apply(planned.edits)
    if not dry_run:
        book.save(break_signature=break_signature)
    return planned


def _is_as_left(book: Book, memory: Memory, former: Former) -> bool:
    """Whether a cell holds what the last fill, or its undoing, left there."""
    if former.sheet not in book.sheets:
        return False
    present = book.grid(former.sheet)[former.cell]
    return _holds(present, former) if memory.is_undone else memory.wrote(former.sheet, former.cell, present)


def _holds(present: Cell, former: Former) -> bool:
    if isinstance(former.content, Formula):
        return present.formula == former.content.text
    return present.formula is None and (present.value or None) == (former.content or None)
