"""A workbook on disk: its sheets as grids, and edits that change the touched cells' bytes and nothing else."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Self

from perfeval.books import diskfile
from perfeval.books.outputs import Output
from perfeval.books.package import TORN, Package, Unreadable
from perfeval.books.parts import (
    CONTENT_TYPES,
    linked_files,
    relationships,
    relationships_part,
    shared_strings,
    styles,
    with_full_calculation,
    without_override,
    without_relationship,
    workbook,
)
from perfeval.books.planning import Place, Plan, plan, settling
from perfeval.books.selfcheck import prove_reading
from perfeval.books.sheetpatch import patched
from perfeval.books.sheetread import Shared, Sheet, read_sheet
from perfeval.books.sheetxml import file_area, holds_formulas
from perfeval.books.xmltext import XmlText
from perfeval.collecting import uncollected
from perfeval.errors import FileRefused
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address, Area, Cell, Grid

_SHORTEST_CELL = 15  # characters: <c><v>1</v></c>
_LARGE = 8_000_000  # characters of a sheet's XML that is not kept once its cells are read
_SIGNED = "文件有数字签名，写入后签名失效，所以没有写；确实要写，请加 --break-signature，写完请签名人重新签名"


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that an edit, or the recalculation after it, changed."""

    sheet: str
    cell: Address
    before: Cell
    after: Cell


@dataclass(frozen=True, slots=True)
class Applied:
    """What ``apply`` did: cells that edits changed, formulas whose value changed with them, and formulas whose value
    is not known until a spreadsheet program opens the file."""

    changed: tuple[Change, ...] = ()
    recalculated: tuple[Change, ...] = ()
    unknown: tuple[tuple[str, Address], ...] = ()


class FileBook:
    """An .xlsx or .xlsm file. Edits are applied in memory; ``save`` writes them, and only them, to disk."""

    def __init__(self, path: Path, package: Package) -> None:
        prove_reading()
        self.path = path
        self._package = package
        self._book = workbook(package)
        self._entries = {entry.name: entry for entry in self._book.sheets}
        self._shared: Shared | None = None
        self._xml: dict[str, XmlText] = {}
        self._sheets: dict[str, Sheet] = {}
        self._touched: set[str] = set()
        self._parts: dict[str, bytes | None] = {}

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Read a workbook. Raises FileRefused with one sentence that says why not and what to do, UnfitInterpreter."""
        path = Path(path)
        with _refusing(path):
            return cls(path, Package(diskfile.content(path)))

    @classmethod
    def as_saved(cls, path: str | Path) -> Self:
        """A workbook as it was last saved, for reading, even while it is open in a program. Raises FileRefused."""
        path = Path(path)
        with _refusing(path):
            return cls(path, Package(diskfile.content(path, though_open=True)))

    @property
    def sheets(self) -> tuple[str, ...]:
        """The worksheets' names in tab order."""
        return tuple(self._entries)

    @property
    def digest(self) -> str:
        """The SHA-256 of the file as it was opened or last saved, by which a copy under another name is known."""
        return hashlib.sha256(self._package.data).hexdigest()

    @property
    def user_sheets(self) -> tuple[str, ...]:
        """The worksheets that a user can see or unhide; the very hidden ones are a program's own."""
        return tuple(entry.name for entry in self._book.sheets if entry.state != "veryHidden")

    @property
    def formula_sheets(self) -> tuple[str, ...]:
        """The worksheets that hold formulas, found without reading their cells."""
        return tuple(sheet for sheet in self.sheets if holds_formulas(self.xml(sheet)))

    @property
    def names(self) -> Mapping[str, str]:
        """The workbook's defined names → what they refer to."""
        return self._book.names

    @property
    def print_areas(self) -> Mapping[str, str]:
        """The print area of each sheet that has one, as the workbook states it."""
        return self._book.print_areas

    @cached_property
    def linked_files(self) -> tuple[str, ...]:
        """The names of the workbooks that formulas name as [1], [2] …; "" for one whose name is not told."""
        with _refusing(self.path):
            return linked_files(self._package, self.main_part)

    @property
    def is_signed(self) -> bool:
        """Whether the workbook bears a digital signature, which any change breaks. One of the macros alone stays valid: no
        edit touches them."""
        links = relationships(self._package, "")
        return any(link.kind == "origin" for link in links) or any(
            name.lower().startswith("_xmlsignatures/") for name in self._package.names
        )

    def refuse_signed(self, target: Path, break_signature: bool) -> None:
        """Raises FileRefused for changes to a signed workbook whose signature may not break."""
        if self._changes():
            self.refuse_when_signed(target, break_signature)

    def refuse_when_signed(self, target: Path, break_signature: bool) -> None:
        """Raises FileRefused for a signed workbook that is to be changed, if its signature may not break."""
        if self.is_signed and not break_signature:
            raise FileRefused(target, _SIGNED)

    @property
    def is_locked(self) -> bool:
        """Whether the workbook's structure is protected: sheets may not be added."""
        return self._book.is_locked

    @property
    def main_part(self) -> str:
        """The name of the workbook part."""
        return self._book.part

    @property
    def package(self) -> Package:
        """The package as it was read."""
        return self._package

    def grid(self, sheet: str) -> Grid:
        """A sheet as it now stands, edits included. Raises FileRefused when it is damaged, KeyError when unknown."""
        return self._sheet(sheet).grid

    def surely_holds(self, sheet: str, many: int) -> bool:
        """Whether a sheet holds so many cells with something in them, seen without reading them; False where only reading tells.
        Raises FileRefused when it is damaged."""
        if sheet in self._sheets:
            return False
        with _refusing(self.path):
            xml = self.xml(sheet)
            if len(xml.scan) < many * _SHORTEST_CELL or not all(map(str.strip, self.shared.strings)):
                return False
            value = re.compile(rf"<{re.escape(xml.prefix)}v>\s*[^<\s&]")
            text = re.compile(rf"<{re.escape(xml.prefix)}is><{re.escape(xml.prefix)}t(?: [^<>]*)?>\s*[^<\s&]")
            held = (found for pattern in (value, text) for found in pattern.finditer(xml.scan))
            is_crowded = next(islice(held, many - 1, None), None) is not None
        if is_crowded and sheet not in self._touched:
            del self._xml[sheet]
        return is_crowded

    def apply(self, edits: Sequence[Edit]) -> Applied:
        """Apply all edits in memory, and recompute the formulas that depend on them.

        Raises EditRefused, before anything has changed, when one of them cannot be applied.
        """
        with _refusing(self.path), uncollected():
            planned = plan(self, edits)
            if not planned.patches:
                return Applied()
            self._commit(planned)
        return Applied(
            tuple(Change(*place, *cells) for place, cells in planned.changed.items()),
            tuple(Change(*place, *cells) for place, cells in planned.recalculated.items()),
            planned.unknown,
        )

    def settle(self, formulas: Sequence[Place]) -> None:
        """Make formulas the values that they show, in memory; nothing is computed anew."""
        with _refusing(self.path):
            if formulas:
                self._commit(settling(self, formulas))

    def save(
        self, path: str | Path | None = None, *, backup: bool = True, break_signature: bool = False
    ) -> Path | None:
        """Write the edits to the file, or the whole workbook to another path, which the book then stands for.

        An existing file is first kept as a dated backup, whose path is returned. With nothing to save nothing is
        written. Raises FileRefused, also where the file is no longer what was opened, and for a signed workbook unless its
        signature may break; the file on disk is then as it was.
        """
        target = self.path if path is None else Path(path)
        self.refuse_signed(target, break_signature)
        in_place = _is_same(target, self.path)
        if in_place and not self._changes():
            return None
        with _refusing(target):
            package = self._rebuilt()
        opened = self._package.data
        output = Output.over(target, opened, backup=backup) if in_place else Output.to(target, overwrite=True)
        kept = output.write(package.data)
        self.path, self._package = target, package
        self._touched, self._parts = set(), {}
        return kept

    # --- reading ---

    def _sheet(self, name: str) -> Sheet:
        if name not in self._sheets:
            entry = self._entries[name]
            with _refusing(self.path), uncollected():
                xml = self.xml(name)
                self._sheets[name] = read_sheet(xml, name, entry.state == "visible", self.shared)
                if len(xml.scan) > _LARGE and name not in self._touched:
                    del self._xml[name]  # as large as what was read of it, and asked for again only by an edit
        return self._sheets[name]

    def xml(self, sheet: str) -> XmlText:
        """A sheet's XML as it now stands."""
        if sheet not in self._xml:
            self._xml[sheet] = XmlText.parse(self._package.read(self._entries[sheet].part))
        return self._xml[sheet]

    def groups(self, sheet: str) -> Mapping[Address, Sequence[Address]]:
        """The first cell of each shared formula of a sheet → the others."""
        return self._sheet(sheet).groups

    def table_headers(self, sheet: str) -> list[Area]:
        """The header rows of a sheet's tables: their texts must equal the table's column names."""
        return [area._replace(bottom=area.top) for area, has_header in self._tables(sheet) if has_header]

    def tables(self, sheet: str) -> list[Area]:
        """The areas of a sheet's tables (超级表)."""
        return [area for area, _ in self._tables(sheet)]

    def _tables(self, sheet: str) -> Iterator[tuple[Area, bool]]:
        for link in relationships(self._package, self._entries[sheet].part):
            if link.kind == "table":
                table = XmlText.parse(self._package.read(link.target)).first("table")
                if table is not None:
                    given = table.attributes
                    yield file_area(given.get("ref", "")), given.get("headerRowCount") != "0"

    @property
    def shared(self) -> Shared:
        """What the sheets have in common: styles, strings, the base of dates."""
        if self._shared is None:
            parts = (self._related("styles"), self._related("sharedStrings"))
            self._shared = Shared(styles(parts[0]), shared_strings(parts[1]), self._book.base_1904)
        return self._shared

    def _related(self, kind: str) -> bytes | None:
        name = self._book.related(kind)
        return self._package.read(name) if name and name in self._package else None

    # --- changing ---

    def _commit(self, planned: Plan) -> None:
        by_sheet: dict[str, dict] = defaultdict(dict)
        for (sheet, cell), patch in planned.patches.items():
            by_sheet[sheet][cell] = patch
        xml = {sheet: patched(self.xml(sheet), patches) for sheet, patches in by_sheet.items()}
        parts: dict[str, bytes | None] = {}
        chain = self._book.related("calcChain") or ""
        if planned.formulas_come_or_go and chain in self._package and chain not in self._parts:
            links = relationships_part(self._book.part)
            parts[chain] = None
            parts[links] = without_relationship(self._part(links), "calcChain")
            parts[CONTENT_TYPES] = without_override(self._part(CONTENT_TYPES), chain)
        if planned.caches_dropped:
            marked = with_full_calculation(self._part(self._book.part))
            if marked != self._part(self._book.part):
                parts[self._book.part] = marked
        self._xml |= xml
        self._parts |= parts
        self._touched |= set(xml)
        for sheet in xml:
            self._sheets.pop(sheet, None)  # read again, when it is asked for, from what will be written

    def _part(self, name: str) -> bytes:
        return self._parts.get(name) or self._package.read(name)

    # --- writing ---

    @property
    def content(self) -> bytes:
        """The whole workbook's bytes as it now stands. Raises FileRefused."""
        with _refusing(self.path):
            return self._rebuilt().data

    def _changes(self) -> dict[str, bytes | None]:
        return self._parts | {self._entries[sheet].part: self._xml[sheet].encode() for sheet in self._touched}

    def _rebuilt(self) -> Package:
        changes = self._changes()
        package = Package(self._package.rebuilt(changes))
        _refuse_unless_sound(package, changes)
        return package


def _refuse_unless_sound(package: Package, changes: Mapping[str, bytes | None]) -> None:
    """Raises Unreadable unless each changed part reads back from the package that is to be written."""
    for name, content in changes.items():
        if name in package if content is None else package.read(name) != content:
            raise Unreadable(TORN)


def _is_same(path: Path, other: Path) -> bool:
    """Whether two paths lead to one file, by links of folders or of the file itself."""
    return os.path.realpath(path) == os.path.realpath(other)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except Unreadable as reason:
        raise FileRefused(path, str(reason)) from reason
