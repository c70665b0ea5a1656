"""What the last fill (or 补齐公式) wrote and what stood there before, in a very hidden sheet of the workbook.

Column A: what fills and imports wrote, one line a cell, so that the next one knows its own work. Column B: the contents that the last
fill replaced, so that 撤销填报 can put them back, also after the workbook was closed or Python was started anew, and take that
back once; with a digest of the import sheets as they were then. Both texts are cut into pages, one a cell. What an import or
``new`` brings is never in column B.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from perfeval.errors import CELL_ERRORS, CellError, InvalidValue
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Address, Book, Cell, Value, address
from perfeval.records import names

_LONG_TEXT = 1_000  # of a longer text a digest is kept
_PAGE = 15_000  # characters of a page; a cell holds 32,767 code units
_WRITTEN, _FORMER = 1, 2  # columns
FILL = "填报"
_SPELLING = re.compile(r"_xlfn\.|[\s$]")


@dataclass(frozen=True, slots=True)
class Former:
    """What stood in a cell before the last fill; ``own`` if an earlier fill had put it there.

    ``format`` is the number format it had, where a program gives the cell another one with its new content: a date's.
    ``filled`` is what had been written, once it is taken back.
    """

    sheet: str
    cell: Address
    content: Value | Formula
    own: bool
    format: str | None = None
    filled: Value | Formula = None

    @property
    def edit(self) -> Edit:
        """What puts it back."""
        return Edit(self.sheet, self.cell, self.content)


class Memory:
    """What the last fill wrote and replaced. A book without the hidden sheet remembers nothing."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._values: dict[tuple[str, Address], str] = {}
        self.former: tuple[Former, ...] = ()
        self.is_undone = False  # whether ``former`` is of a step that was taken back
        self.step = FILL  # which one
        self._data = ""  # the digest of the import sheets when it was made
        self.keeps = names.MEMORY in book.sheets
        if self.keeps:
            self._values = dict(_lines("\n".join(self._stored_pages(_WRITTEN))))
            self.former, self.is_undone, self._data, self.step = _record("".join(self._stored_pages(_FORMER)))

    def wrote(self, sheet: str, cell: Address, present: Cell) -> bool:
        """Whether a cell still holds what the last fill put there."""
        return self._values.get((sheet, cell)) == _stored(_content_of(present))

    def remember(self, edits: Sequence[Edit], step: str = FILL) -> None:
        """Keep what these edits of a fill write, and what they replace. A fill without edits replaces nothing."""
        if not self.keeps or not edits:
            return
        self.former, self.is_undone, self.step = tuple(map(self._former, edits)), False, step
        self._data = _digest(self._book, edits)
        self.wrote_too(edits)

    def wrote_too(self, edits: Iterable[Edit]) -> None:
        """Keep what an import writes, so that the next one knows its own work. It cannot be taken back."""
        self._values |= {(edit.sheet, edit.cell): _stored(edit.content) for edit in edits if self.keeps}

    @property
    def is_earlier(self) -> bool:
        """Whether the data was changed or imported since the last fill, so that this is no longer the last step."""
        return bool(self._data) and self._data != _digest(self._book)

    def undo(self, undone: Iterable[Former]) -> None:
        """Take a fill back, of which these cells hold again what they held before."""
        taken = []
        for former in undone:
            taken.append(replace(former, filled=_content_of(self._book.grid(former.sheet)[former.cell])))
            if former.own:
                self._values[former.sheet, former.cell] = _stored(former.content)
            else:
                self._values.pop((former.sheet, former.cell), None)
        self.former, self.is_undone = tuple(taken), True

    def redo(self, redone: Iterable[Former]) -> None:
        """Take that back: these cells hold again what the fill had written."""
        self.former, self.is_undone = tuple(replace(former, filled=None) for former in redone), False
        self._values |= {(former.sheet, former.cell): _stored(former.filled) for former in redone}

    def move_down(self, sheet: str, below: int) -> None:
        """Follow a row that was inserted into a sheet below this one."""

        def moved(place: str, cell: Address) -> Address:
            return Address(cell.row + 1, cell.column) if place == sheet and cell.row > below else cell

        self._values = {(place, moved(place, cell)): value for (place, cell), value in self._values.items()}
        self.former = tuple(replace(former, cell=moved(former.sheet, former.cell)) for former in self.former)

    def rename(self, old: str, new: str) -> None:
        """Follow a sheet that was renamed."""
        self._values = {(new if place == old else place, cell): value for (place, cell), value in self._values.items()}
        self.former = tuple(replace(one, sheet=new) if one.sheet == old else one for one in self.former)

    def edits(self) -> Iterator[Edit]:
        """The edits of the hidden sheet: the pages, one a cell, that are no longer as they were."""
        if not self.keeps:
            return
        written = _pages(f"[{sheet}]{cell}={value}" for (sheet, cell), value in self._values.items())
        yield from self._page_edits(_WRITTEN, list(written))
        former = json.dumps(self._packed(), ensure_ascii=False) if self.former else ""
        yield from self._page_edits(_FORMER, [former[at : at + _PAGE] for at in range(0, len(former), _PAGE)])

    def _packed(self) -> dict[str, Any]:
        return {
            "cells": [_packed(former) for former in self.former],
            "undone": self.is_undone,
            "data": self._data,
            "step": self.step,
        }

    def _former(self, edit: Edit) -> Former:
        before = self._book.grid(edit.sheet)[edit.cell]
        content = _content_of(before)
        shown = before.format if isinstance(edit.content, date | time) else None
        return Former(edit.sheet, edit.cell, content, self.wrote(edit.sheet, edit.cell, before), shown)

    def _stored_pages(self, column: int) -> list[str]:
        grid = self._book.grid(names.MEMORY)
        return [str(grid[row, column].value or "") for row in range(2, grid.bottom + 1)]

    def _page_edits(self, column: int, pages: Sequence[str]) -> Iterator[Edit]:
        stored = self._stored_pages(column)
        for number in range(max(len(stored), len(pages))):
            before, now = ("".join(found[number : number + 1]) for found in (stored, pages))
            if before != now:
                yield Edit(names.MEMORY, Address(number + 2, column), now or None)


# --- what fills wrote ---


def _lines(text: str) -> Iterator[tuple[tuple[str, Address], str]]:
    """Cell → what was written, from lines like ``[sheet]H13=9.5``; a sheet's name may hold "=", but no bracket."""
    for line in text.split("\n"):
        sheet, _, rest = line.partition("]")
        cell, _, value = rest.partition("=")
        if cell:
            yield (sheet[1:], address(cell)), value


def _pages(lines: Iterable[str]) -> Iterator[str]:
    """The lines in as few texts as fit a cell."""
    page, length = [], 0
    for line in lines:
        if page and length + len(line) > _PAGE:
            yield "\n".join(page)
            page, length = [], 0
        page.append(line)
        length += len(line) + 1
    if page:
        yield "\n".join(page)


def _content_of(cell: Cell) -> Value | Formula:
    return cell.value if cell.formula is None else Formula(cell.formula)


def _stored(value: Value | Formula) -> str:
    """A value as the hidden sheet keeps it: type and all, so that 1 and "1" differ; of a long text and of a formula a digest."""
    if isinstance(value, Formula):
        alike = _SPELLING.sub("", value.text).casefold()  # programs give a formula back in their own spelling
        return "=" + hashlib.sha256(alike.encode("utf-8", "surrogatepass")).hexdigest()
    if isinstance(value, str) and len(value) > _LONG_TEXT:
        return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(float(value))
    return json.dumps(value if isinstance(value, str | bool) or value is None else str(value), ensure_ascii=False)


# --- what stood there before ---

_MOMENTS = {"datetime": datetime, "date": date, "time": time}


def _packed(former: Former) -> list[Any]:
    """As JSON holds it; what JSON has no form for is an object with its kind."""
    packed = [former.sheet, str(former.cell), _content(former.content), former.own, former.format]
    return packed if former.filled is None else [*packed, _content(former.filled)]


def _content(content: Value | Formula) -> Any:
    match content:
        case Formula(text):
            return {"formula": text}
        case CellError(code):
            return {"error": code}
        case date() | time() as moment:
            return {type(moment).__name__: moment.isoformat()}
        case value:
            return value


def _record(text: str) -> tuple[tuple[Former, ...], bool, str, str]:
    """What a step replaced, whether it was taken back, the digest of its data, and which step; nothing where the text is not one of
    ours.

    Workbooks of before have the list of the cells alone, or no step.
    """
    try:
        record = json.loads(text or "[]")
        if isinstance(record, list):
            record = {"cells": record, "undone": False, "data": ""}
        formers = tuple(
            Former(sheet, address(cell), _unpacked(content), own, shown, *map(_unpacked, filled))  # type: ignore[arg-type]
            for sheet, cell, content, own, shown, *filled in record["cells"]
        )
        return formers, bool(record["undone"]), str(record["data"]), str(record.get("step", FILL))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, InvalidValue):
        return (), False, "", FILL


def _digest(book: Book, edits: Iterable[Edit] = ()) -> str:
    """A digest of what the import sheets hold, these edits made."""
    changed = {(edit.sheet, edit.cell): edit.content for edit in edits if edit.sheet in names.DATA}
    lines = [
        f"[{sheet}]{place.row},{place.column}={cell.formula or _stored(cell.value)}"
        for sheet in names.DATA
        if sheet in book.sheets
        for place, cell in book.grid(sheet).cells.items()
        if cell.value not in (None, "") and (sheet, place) not in changed
    ]
    lines += [
        f"[{sheet}]{place.row},{place.column}={_stored(content)}"  # type: ignore[arg-type]
        for (sheet, place), content in changed.items()
        if content not in (None, "")
    ]
    return hashlib.sha256("\n".join(sorted(lines)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _unpacked(content: Any) -> Value | Formula:
    if not isinstance(content, dict):
        return content
    ((kind, text),) = content.items()
    if kind == "formula":
        return Formula(text)
    return CELL_ERRORS[text] if kind == "error" else _MOMENTS[kind].fromisoformat(text)
