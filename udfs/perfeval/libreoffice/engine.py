"""Calc behind xlwings' own API: an application, its workbooks and sheets over UNO. Cells are in ``ranges``.

Only what PerfEval's commands ask of xlwings is here. It works in LibreOffice's own process as well as from outside.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlsplit

import xlwings as xw

from perfeval.forms.grid import Area
from perfeval.libreoffice.dialog import ask, show
from perfeval.libreoffice.marks import Note
from perfeval.libreoffice.ranges import Cells, Range


def book(context: Any, document: Any) -> xw.Book:
    """An open spreadsheet document as a workbook of xlwings."""
    return xw.Book(impl=Book(context, document))


class Engine:
    """What xlwings asks of a program when it converts values."""

    name, type = "libreoffice", "desktop"

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: Any) -> Any:
        return datetime(value.year, value.month, value.day) if type(value) is date else value

    @staticmethod
    def clean_value_data(rows: Any, _moments: Any, empty: Any, _numbers: Any, err_to_str: bool) -> Any:
        return [[empty if value is None else value for value in row] for row in rows]


class App:
    """The program, as far as one document concerns it."""

    engine, pid = Engine(), os.getpid()

    def __init__(self, context: Any, document: Any) -> None:
        self._context, self._document = context, document
        self._shown: str | bool = False
        self._indicator: Any = None

    @property
    def screen_updating(self) -> bool:
        return not self._document.hasControllersLocked()

    @screen_updating.setter
    def screen_updating(self, on: bool) -> None:
        if on == self.screen_updating:
            return  # Calc counts the locks; here one is one
        if on:
            self._document.unlockControllers()
        else:
            self._document.lockControllers()

    @property
    def calculation(self) -> str:
        return "automatic" if self._document.isAutomaticCalculationEnabled() else "manual"

    @calculation.setter
    def calculation(self, mode: str) -> None:
        if mode != "automatic" and self.calculation == "automatic":
            self._document.calculateAll()  # what Calc leaves until it is shown would be read as 0 from now on
        self._document.enableAutomaticCalculation(mode == "automatic")

    def calculate(self) -> None:
        self._document.calculateAll()

    @property
    def status_bar(self) -> str | bool:
        return self._shown

    @status_bar.setter
    def status_bar(self, text: str | bool) -> None:
        self._shown = text
        if self._indicator is not None:
            self._indicator.end()
            self._indicator = None
        controller = self._document.CurrentController
        if text and controller is not None:
            self._indicator = controller.Frame.createStatusIndicator()
            self._indicator.start(text, 0)

    @property
    def selection(self) -> Range | None:
        """The selected cells, the first block of several; None where something else is selected."""
        found = self._document.CurrentSelection
        if found.supportsService("com.sun.star.sheet.SheetCellRanges"):
            found = found.getByIndex(0)
        if not found.supportsService("com.sun.star.sheet.SheetCellRange"):
            return None
        area = found.RangeAddress
        sheet = Sheet(Book(self._context, self._document), found.Spreadsheet)
        return Range(sheet, area.StartRow + 1, area.StartColumn + 1, area.EndRow + 1, area.EndColumn + 1)

    @property
    def books(self) -> Books:
        return Books(self)

    def _open(self, path: str) -> Book:
        """A file in a window of its own, never in that of the document in front; one that is open already comes to the front."""
        desktop = self._context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", self._context)
        url = Path(path).as_uri()
        document = next((one for one in _documents(desktop) if url == one.URL), None)
        if document is None:
            document = desktop.loadComponentFromURL(url, "_blank", 0, ())
        else:
            document.CurrentController.Frame.ContainerWindow.toFront()
        return Book(self._context, document)

    def activate(self, steal_focus: bool = False) -> None:
        """A command runs in the window in front."""

    def alert(self, prompt: str, title: str | None, buttons: str | None, mode: str | None, _callback: Any) -> str:
        if buttons == "ok_cancel":
            return "ok" if ask(self._context, self._document, title or "", prompt) else "cancel"
        show(self._context, self._document, title or "", prompt, trouble=mode == "critical")
        return "ok"


def _documents(desktop: Any) -> Iterator[Any]:
    """What is open, of any kind, that has an address."""
    components = desktop.Components.createEnumeration()
    while components.hasMoreElements():
        component = components.nextElement()
        if hasattr(component, "URL"):
            yield component


class Books:
    """The workbooks of the program, as far as one opens another."""

    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def api(self) -> Any:
        return self.app

    def __call__(self, name: str) -> Book:
        raise KeyError(name)  # LibreOffice itself sees whether a file is open

    def open(self, path: str, *_: Any) -> Book:
        return self.app._open(path)


class Book:
    """A document."""

    def __init__(self, context: Any, document: Any) -> None:
        self.document = document
        self._app = App(context, document)
        self.cells = Cells(document)

    @property
    def api(self) -> Any:
        """What xlwings' own API does not have, by Excel's name for it."""
        return SimpleNamespace(ProtectStructure=self.document.isProtected())

    @property
    def app(self) -> App:
        return self._app

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)

    def activate(self) -> None:
        """A command runs on the workbook in front."""

    @property
    def fullname(self) -> str:
        return unquote(urlsplit(self.document.URL).path)

    @property
    def name(self) -> str:
        return PurePosixPath(self.fullname).name or self.document.Title


class Sheets:
    def __init__(self, owner: Book) -> None:
        self._book, self._sheets = owner, owner.document.Sheets

    @property
    def api(self) -> Any:
        return self._sheets

    def __call__(self, key: str | int) -> Sheet:
        found = self._sheets
        try:
            return Sheet(self._book, found.getByName(key) if isinstance(key, str) else found.getByIndex(key - 1))
        except Exception as error:
            raise xw.NoSuchObjectError(f"Sheet {key} does not exist.") from error

    @property
    def active(self) -> Sheet:
        return Sheet(self._book, self._book.document.CurrentController.ActiveSheet)

    def add(self, before: Sheet | None, after: Sheet | None, name: str | None) -> Sheet:
        """A new sheet beside another one, otherwise the first."""
        place = before.index - 1 if before is not None else after.index if after is not None else 0
        made = name or next(name for n in itertools.count(1) if not self._sheets.hasByName(name := f"工作表{n}"))
        self._sheets.insertNewByName(made, place)
        return self(made)

    def __len__(self) -> int:
        return self._sheets.Count

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self._book, self._sheets.getByIndex(place)) for place in range(len(self)))


class Sheet:
    def __init__(self, owner: Book, sheet: Any) -> None:
        self._book, self.sheet = owner, sheet

    @property
    def api(self) -> Any:
        """What xlwings' own API does not have, by Excel's name for it."""
        return SimpleNamespace(ProtectContents=self.sheet.isProtected())

    @property
    def book(self) -> Book:
        return self._book

    @property
    def name(self) -> str:
        return self.sheet.Name

    @name.setter
    def name(self, name: str) -> None:
        self.sheet.Name = name

    @property
    def index(self) -> int:
        return self.sheet.RangeAddress.Sheet + 1

    @property
    def visible(self) -> bool:
        return self.sheet.IsVisible

    @visible.setter
    def visible(self, shown: bool) -> None:
        self.sheet.IsVisible = shown

    def delete(self) -> None:
        self._book.document.Sheets.removeByName(self.name)

    @property
    def page_setup(self) -> PageSetup:
        return PageSetup(self.sheet)

    @property
    def used_range(self) -> Range:
        cursor = self.sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        last = cursor.RangeAddress
        return Range(self, 1, 1, last.EndRow + 1, last.EndColumn + 1)

    def range(self, first: Any, last: Any = None) -> Range:
        """Cells by their corners, each (row, column) or a cell of xlwings, or by one ``A1:B2``."""
        if isinstance(first, str):
            found = self.sheet.getCellRangeByName(first).RangeAddress
            return Range(self, found.StartRow + 1, found.StartColumn + 1, found.EndRow + 1, found.EndColumn + 1)
        first, last = (one if isinstance(one, tuple) else (one.row, one.column) for one in (first, last or first))
        return Range(self, *first, *last)

    @property
    def notes(self) -> list[Note]:
        found = self.sheet.Annotations
        return [Note(self.sheet, found.getByIndex(place).Position) for place in range(found.Count)]

    def activate(self) -> None:
        self._book.document.CurrentController.setActiveSheet(self.sheet)

    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        """A copy beside another sheet, under a name that nothing has yet; xlwings names it afterwards."""
        sheets = self._book.document.Sheets
        name = next(name for n in itertools.count(2) if not sheets.hasByName(name := f"{self.name}_{n}"))
        place = before.index - 1 if before is not None else after.index if after is not None else sheets.Count
        sheets.copyByName(self.name, name, place)


class PageSetup:
    """What of a sheet is printed."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet

    @property
    def api(self) -> Any:
        return self._sheet

    @property
    def print_area(self) -> str | None:
        """The areas, as Excel writes them; None where none is set."""
        areas = self._sheet.getPrintAreas()
        found = (Area(one.StartRow + 1, one.StartColumn + 1, one.EndRow + 1, one.EndColumn + 1) for one in areas)
        return ",".join(map(str, found)) or None

    @print_area.setter
    def print_area(self, text: str | None) -> None:
        areas = [] if text is None else [self._sheet.getCellRangeByName(text.replace("$", "")).RangeAddress]
        self._sheet.setPrintAreas(tuple(areas))


class Names:
    """The names of the workbook itself; a sheet's own are not among them."""

    def __init__(self, owner: Book) -> None:
        self._book, self._names = owner, owner.document.NamedRanges

    @property
    def api(self) -> Any:
        return self._names

    def __len__(self) -> int:
        return self._names.Count

    def __call__(self, key: str | int) -> Name:
        return Name(
            self._book, self._names.getByName(self._names.ElementNames[key - 1] if isinstance(key, int) else key)
        )

    def add(self, name: str, refers_to: str) -> Name:
        """A name for an area of a sheet, as ``='表'!$A$1:$B$2``."""
        first = self._book.document.Sheets.getByIndex(0).getCellByPosition(0, 0).CellAddress
        self._names.addNewByName(name, "", first, 0)
        found = self._names.getByName(name)
        found.setTokens(self._book.cells.parsed(refers_to.removeprefix("="), first))
        return Name(self._book, found)

    def contains(self, key: str | int) -> bool:
        return self._names.hasByName(key) if isinstance(key, str) else 0 < key <= len(self)

    def snapshot(self) -> list[tuple[str, Name]]:
        return [(name, self(name)) for name in self._names.ElementNames]


class Name:
    def __init__(self, owner: Book, found: Any) -> None:
        self._book, self._found = owner, found

    @property
    def api(self) -> Any:
        return self._found

    @property
    def name(self) -> str:
        return self._found.Name

    @property
    def refers_to(self) -> str:
        return "=" + self._book.cells.printed(self._found.getTokens(), self._found.ReferencePosition)

    def delete(self) -> None:
        self._book.document.NamedRanges.removeByName(self.name)
