"""An Excel without Excel: the workbook's own VBA, interpreted, calling Python through xlwings' own CallUDF."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import xlsxwriter
from pyopenvba import ExcelFile
from pyopenvba._a1 import Area
from pyopenvba.apps.excel import Application, ExcelApplication, Range, Workbook
from pyopenvba.interpreter import EMPTY, MISSING, VBAArray, VBAErrorValue, VBAObject, member, method, setter
from pyopenvba.interpreter._objects import MemberSpec
from pyopenvba.interpreter._values import VBADate, error

from perfeval.books import macros
from support import ROOT, winstub

sys.path.insert(0, str(ROOT))  # for addin, which is no part of the package
winstub.install()

from addin.excel import build as build  # noqa: E402, PLC0414
from xlwings import com_server  # noqa: E402  needs the Windows half

ERROR_BASE = -2146826288 - 2000

# What stands in for xlwings' own module. On Windows only its version is asked for; the rest is for a Mac.
XLWINGS = """
Public Const XLWINGS_VERSION As String = "{version}"
Public Function FileExists(ByVal path) As Boolean
    FileExists = Desk.FileExists(path)
End Function
Public Function GetDirectoryConfigFilePath() As String
    GetDirectoryConfigFilePath = "C:\\work\\xlwings.conf"
End Function
Public Function SheetExists(ByVal book As Workbook, ByVal name As String) As Boolean
    Dim sheet As Worksheet
    For Each sheet In book.Worksheets
        If sheet.Name = name Then SheetExists = True
    Next sheet
End Function
Public Function RunPython(ByVal command As String)
    Desk.RunPython command
End Function
"""

# What stands in for PerfEvalLoader, whose declarations call Desk.
LOADER = """
Public Const PythonLibrary As String = "@LIBRARY@"
Public Function ActivatePython(answer As Variant, ByVal command As String, ByVal mode As Long) As Long
    ActivatePython = Desk.Activate(command, mode)
    If ActivatePython <> 0 Then
        answer = Desk.Words
    ElseIf mode = 1 Then
        Set answer = PythonServer
    End If
End Function
Public Function LibraryLoaded(ByVal path As String) As Boolean
    LibraryLoaded = Desk.Loads(path)
End Function
Public Function ShortPath(ByVal path As String) As String
    ShortPath = Desk.ShortPath(path)
End Function
"""


# The Windows half of the class that comes with xlwings, without the attributes that the interpreter does not read.
DICTIONARY = """
Private inner As Object
Private Sub Class_Initialize()
    Set inner = CreateObject("Scripting.Dictionary")
End Sub
Public Property Get Count() As Long
    Count = inner.Count
End Property
Public Property Get Item(Key As Variant) As Variant
    Item = inner.Item(Key)
End Property
Public Sub Add(Key As Variant, Item As Variant)
    inner.Add Key, Item
End Sub
Public Function Exists(Key As Variant) As Boolean
    Exists = inner.Exists(Key)
End Function
Public Function Keys() As Variant
    Keys = inner.Keys
End Function
Public Function Items() As Variant
    Items = inner.Items
End Function
Public Sub RemoveAll()
    inner.RemoveAll
End Sub
"""


HOME = r"C:\Users\zhang"
SETTINGS = rf"{HOME}\.xlwings\xlwings.conf"
INTERPRETER = rf"{HOME}\perfeval\Scripts\pythonw.exe"
LIBRARY = rf"{HOME}\perfeval\xlwings64-{version('xlwings')}.dll"


class Server(VBAObject):
    """The COM server as VBA sees it; it converts values as pywin32 does, and counts."""

    vba_type_name = "XLPython"

    def __init__(self) -> None:
        self.python = com_server.XLPython()
        self.greetings = 0
        self.calls: list[str] = []  # of everything but greetings
        self.callers: list[tuple[str, Any]] = []  # what xlwings is told which workbook calls
        self.lost: list[int] = []  # the errors of the next calls
        self.overwritten: list[Any] = []  # what became of variables that VBA passed by reference

    @method
    def CallUDF(self, module: Any, name: Any, given: VBAArray) -> Any:  # noqa: N802
        if self.lost:
            raise error(self.lost.pop(0), "The remote server machine does not exist")
        arguments = tuple(map(to_com, given.items))
        if name == "greeting":
            self.greetings += 1
        else:
            self.calls.append(str(name) if name != "pe_call" else str(arguments[0]))
        value, outputs = winstub.returned(self.python.CallUDF(str(module), str(name), arguments))
        self.overwritten += outputs
        return from_com(value)

    @method
    def Module(self, name: Any) -> str:  # noqa: N802
        return str(name)

    @method
    def SetAttr(self, module: Any, name: Any, value: Any) -> None:  # noqa: N802
        self.callers.append((f"{module}.{name}", value))


class Desk(VBAObject):
    """The Windows under the workbook: its files, the folder that Excel works in, and what xlwings' library starts."""

    vba_type_name = "Desk"

    def __init__(self) -> None:
        self.folder = "C:\\work"
        self.files = {
            SETTINGS: f'"INTERPRETER_WIN","{INTERPRETER.replace(HOME, "%USERPROFILE%")}"\r\n',
            INTERPRETER: "",
            LIBRARY: "",
        }
        self.short: dict[str, str] = {}
        self.words = ""  # why the library cannot start a Python
        self.forgets = False  # whether it can again once it has let go of the one it knows
        self.activated: list[tuple[str, int, str]] = []  # command, mode, and the folder it was done in
        self.commands: list[str] = []  # which xlwings' own RunPython got

    @method
    def Activate(self, command: Any, mode: Any) -> int:  # noqa: N802
        self.activated.append((str(command), int(mode), self.folder))
        if self.forgets and int(mode) == -1:
            self.words = ""
        return 1 if self.words else 0

    @member
    def Words(self) -> str:  # noqa: N802
        return self.words

    @method
    def Loads(self, path: Any) -> bool:  # noqa: N802
        return str(path) in self.files

    @method
    def RunPython(self, command: Any) -> None:  # noqa: N802
        self.commands.append(str(command))

    @method
    def ShortPath(self, path: Any) -> str:  # noqa: N802
        return self.short.get(str(path), "")

    @method
    def FileExists(self, path: Any) -> bool:  # noqa: N802
        return str(path) in self.files

    @method
    def OpenTextFile(self, path: Any) -> TextFile:  # noqa: N802
        return TextFile(self.files[str(path)])

    @method
    def ExpandEnvironmentStrings(self, text: Any) -> str:  # noqa: N802
        return str(text).replace("%USERPROFILE%", HOME)

    @member
    def CurrentDirectory(self) -> str:  # noqa: N802
        return self.folder

    @setter("CurrentDirectory")
    def move_to(self, folder: Any) -> None:
        self.folder = str(folder)


class TextFile(VBAObject):
    """A text that VBA reads line by line."""

    vba_type_name = "TextStream"

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()

    @member
    def AtEndOfStream(self) -> bool:  # noqa: N802
        return not self.lines

    @method
    def ReadLine(self) -> str:  # noqa: N802
        return self.lines.pop(0)

    @method
    def Close(self) -> None:  # noqa: N802
        self.lines = []


class Control(VBAObject):
    """A button of the ribbon, as its callback gets it."""

    vba_type_name = "IRibbonControl"

    def __init__(self, identifier: str) -> None:
        self.identifier = identifier

    @member
    def ID(self) -> str:  # noqa: N802
        return self.identifier


def to_com(value: Any) -> Any:
    """A VBA value as pywin32 hands it to Python."""
    if value is MISSING:
        return winstub.MISSING
    if value is EMPTY:
        return None
    if isinstance(value, VBAErrorValue):
        return winstub.MISSING if value.number == 448 else ERROR_BASE + value.number
    if isinstance(value, VBAArray):
        return _table(value)
    if isinstance(value, VBADate):
        return winstub.ComTime(*value.to_datetime().timetuple()[:6], tzinfo=UTC)
    if isinstance(value, VBAObject):
        raise TypeError(f"the bridge handed an object over: {value.vba_type_name}")
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _table(array: VBAArray) -> tuple[Any, ...]:
    spans = [range(low, high + 1) for low, high in array.bounds]
    if len(spans) == 1:
        return tuple(to_com(array.items[array.offset([i])]) for i in spans[0])
    return tuple(tuple(to_com(array.items[array.offset([r, c])]) for c in spans[1]) for r in spans[0])


def from_com(value: Any) -> Any:
    """What Python returned, as VBA receives it."""
    if not isinstance(value, list | tuple):
        return value
    if not isinstance(value[0], list | tuple):
        return VBAArray([(0, len(value) - 1)], items=list(value))
    array = VBAArray([(0, len(value) - 1), (0, len(value[0]) - 1)])
    for r, row in enumerate(value):
        for c, cell in enumerate(row):
            array.items[array.offset([r, c])] = cell
    return array


class Ribbon(VBAObject):
    """The ribbon, as Excel hands it over once: it asks whether the tab is shown at first, and after it was invalidated."""

    vba_type_name = "IRibbonUI"

    def __init__(self) -> None:
        self.is_stale = True
        self.is_shown = True

    @method
    def Invalidate(self) -> None:  # noqa: N802
        self.is_stale = True


class CommandBar(VBAObject):
    """Excel's old menu bar: its first button, for a new workbook, is off while the function wizard is open or a workbook loads."""

    vba_type_name = "CommandBar"

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled

    @method
    def Controls(self, _: Any) -> CommandBar:  # noqa: N802
        return self

    @member
    def Enabled(self) -> bool:  # noqa: N802
        return self.enabled


class Host:
    """A workbook file, opened with its macros; ``server`` is the Python behind them, ``desk`` the Windows around Excel."""

    def __init__(self, path: Path, xlwings_version: str, server: Any = None, desk: Any = None) -> None:
        self.app = ExcelApplication.open(path, with_vba=False)
        self.app.application._this_workbook = self.app.workbook
        if path.suffix == ".xlam":  # which is never in front
            self.app.application.active_book = None
        self.server = server or Server()
        self.desk = desk or Desk()
        self.recalculations = 0
        self.refuses_help = False
        self.busy = False  # the function wizard is open, or a workbook loads
        self.automated = False
        self.interrupted_by = 2  # xlAnyKey
        self.caller: Any = VBAErrorValue(2023)
        self.described: dict[str, dict[str, Any]] = {}
        self.cancel_key = 1  # xlInterrupt
        self.chosen: list[str] = []  # what the user chooses in the dialogs to come, "" for none
        self.asked: list[str] = []  # the titles of those that were shown
        self.later: list[str] = []  # the macros that are to run when Excel is at rest
        self.ribbon = Ribbon()
        application = self.app.application
        application.activate_book = self._watched(application.activate_book)  # type: ignore[method-assign]
        application.workbooks_.remove = self._watched(application.workbooks_.remove)  # type: ignore[method-assign]
        host = self.app.interpreter.host
        known = host.global_object
        ours = {"pythonserver": self.server, "desk": self.desk}
        host.global_object = lambda name: ours.get(name) or known(name)
        host.create = lambda type_name_: self.desk  # the shell, and its files
        _HOSTS[id(self.app.application)] = self
        instead = {
            "xlwings": XLWINGS.format(version=xlwings_version),
            "Dictionary": DICTIONARY,
            "Loader": LOADER.replace("@LIBRARY@", LIBRARY.rpartition("\\")[2]),
        }  # fmt: skip
        sources = modules(path)
        own = sources.pop("ThisWorkbook")
        self.listener = _LISTENER.search(own)
        self.app.add_module(
            own.replace("WithEvents ", ""), name="ThisWorkbook", kind="document"
        )  # a word it cannot read
        for name, source in sources.items():
            short = name.removeprefix("PerfEvalAddin_").removeprefix("PerfEval")
            kind = "class" if short == "Dictionary" else "standard"
            if short in instead or "\nOption Explicit" in source:
                self.app.add_module(instead.get(short, source), name=name, kind=kind)
            elif short == "xlwings_udfs":
                self.app.add_module(source, name=name)
        self.prefix = "PerfEvalAddin_" if path.suffix == ".xlam" else "PerfEval_"

    def opened(self) -> None:
        """Excel has opened the file: its ribbon is loaded, and its Workbook_Open runs."""
        if self.prefix == "PerfEvalAddin_":
            self.app.run("PerfEvalAddin_Loaded", self.ribbon)
        self._raise(self.document.module.procedure("Workbook_Open"))

    def _watched(self, known: Any) -> Any:
        """What may bring another workbook to the front, of which the project's listener then learns."""

        def doing(*given: Any) -> Any:
            application = self.app.application
            before, result = application.active_book, known(*given)
            if application.active_book is self.document.host and self.prefix == "PerfEvalAddin_":
                application.active_book = None  # an add-in is never in front
            book = application.active_book
            if book is not before and book is not None:
                self.happens("WorkbookActivate", book)
            return result

        return doing

    def happens(self, event: str, *given: Any) -> None:
        """An event of the application reaches the project's listener, while there is one."""
        if self.listener and self.document.variables[self.listener[1].lower()].value is self.app.application:
            self._raise(self.document.module.procedure(f"{self.listener[1]}_{event}"), *given)

    @property
    def document(self) -> Any:
        """The code of ThisWorkbook."""
        return self.app.interpreter.module("ThisWorkbook").document

    def _raise(self, procedure: Any, *given: Any) -> None:
        self.app.interpreter.call(procedure, self.document.module, list(given), {}, me=self.document)

    @property
    def tab_is_shown(self) -> bool:
        """Whether the add-in's tab is in sight."""
        if self.ribbon.is_stale:
            self.ribbon.is_stale = False
            self.do(
                "Dim shown As Variant", "PerfEvalAddin_IsShown Nothing, shown", "Application.StatusBar = CStr(shown)"
            )
            self.ribbon.is_shown = self("Application.StatusBar") == "True"
            self.do("Application.StatusBar = False")
        return self.ribbon.is_shown

    def reset(self) -> None:
        """Whoever pressed 结束 in a dialog of VBA's has emptied every variable of the project."""
        for module in self.app.interpreter.modules.values():
            module._initialised = False
            module.variables.clear()
        self.app.interpreter.initialise()
        self.app.interpreter.bind_document("ThisWorkbook", self.document.host)

    def press(self, button: str) -> None:
        """Press the ribbon's button of this id."""
        self.app.run(f"{self.prefix}Press", Control(button))

    def cells(self, **values: Any) -> None:
        """Set cells of the first sheet."""
        for place, value in values.items():
            self.app.sheet(1).set_value(place, value)

    def do(self, *statements: str) -> None:
        """Run VBA statements."""
        self.app.add_module("\n".join(["Sub Statements()", *statements, "End Sub"]), name="Statements_")
        self.app.run("Statements")

    def saved(self, yes: bool) -> None:
        """Mark the workbook as saved or changed."""
        self.app.workbook.vba_set("Saved", yes, [], {}, by_ref=False)

    def describe(self, name: str, category: str, description: str, arguments: list[Any]) -> None:
        """Take the function wizard's texts of a function."""
        if self.refuses_help:
            raise error(1004, "Method 'MacroOptions' of object '_Application' failed")
        self.described[name] = {
            "category": category, "description": description, "argumentdescriptions": arguments,
        }  # fmt: skip
        self.saved(False)

    def calculate(self, *, everything: bool) -> None:
        """Work every formula out, or those that are stale, in the order in which they read one another."""
        application, calculator = self.app.application, self.app.workbook.calculator
        self.recalculations += everything
        calculator.build()
        if everything:
            for sheet in self.app.workbook.sheets_:
                self.soil(sheet)
        mode, application.calculation = application.calculation, -4105
        calculator.calculate_all()
        application.calculation = mode

    @contextmanager
    def called_from(self, sheet: str, row: int, column: int) -> Iterator[None]:
        """What VBA runs meanwhile is called from this cell."""
        before, area = self.caller, Area(row, column, row, column, sheet)
        self.caller = Range(self.app.workbook.sheet_named(sheet), [area])
        yield
        self.caller = before

    def soil(self, sheet: Any) -> None:
        """Mark a sheet's formulas as stale."""
        for cell in sheet.cells_.values():
            cell.stale = bool(cell.formula)

    def __call__(self, expression: str) -> Any:
        """The value of a VBA expression; a table as a list of rows."""
        return self.app.evaluate(expression)


_HOSTS: dict[int, Host] = {}
_LISTENER = re.compile(r"WithEvents (\w+) As Application")


def _member(name: str, getter: Any, put: Any = None, of: type[VBAObject] = Application, kind: str = "method") -> None:
    """Add to Excel's objects what the interpreter lacks or does otherwise."""
    own = tuple(inspect.signature(getter).parameters)[1:]
    of._vba_members[name.lower()] = MemberSpec(name=name, kind=kind, getter=getter, setter=put, parameters=own)


def host_of(application: Application) -> Host:
    """The host that an application belongs to."""
    return _HOSTS[id(application)]


def _macro_options(
    application: Application,
    Macro: Any,  # noqa: N803 — VBA's own names
    Category: Any,  # noqa: N803
    Description: Any,  # noqa: N803
    ArgumentDescriptions: Any,  # noqa: N803
) -> None:
    texts = list(ArgumentDescriptions.items)
    host_of(application).describe(str(Macro).partition("!")[2], str(Category), str(Description), texts)


_member("MacroOptions", _macro_options)
_member("Calculate", lambda application: host_of(application).calculate(everything=False))
_member("CalculateFull", lambda application: host_of(application).calculate(everything=True))
_member("CommandBars", lambda application, name: CommandBar(not host_of(application).busy))
_member("OnTime", lambda application, when, macro: host_of(application).later.append(str(macro)))
_member("UserControl", lambda application: not host_of(application).automated, kind="property")
_member("Caller", lambda application: host_of(application).caller, kind="property")
_member(
    "CalculationInterruptKey",
    lambda application: host_of(application).interrupted_by,
    lambda application, key: setattr(host_of(application), "interrupted_by", int(key)),
    kind="property",
)


class FolderDialog(VBAObject):
    """The dialog in which the user chooses a folder."""

    vba_type_name = "FileDialog"

    def __init__(self, host: Host) -> None:
        self.host, self.answer = host, ""

    @member
    def Title(self) -> str:  # noqa: N802
        return self.host.asked[-1]

    @setter("Title")
    def entitle(self, title: Any) -> None:
        self.host.asked.append(str(title))

    @method
    def Show(self) -> bool:  # noqa: N802
        self.answer = self.host.chosen.pop(0)
        return bool(self.answer)

    @method
    def SelectedItems(self, _: Any) -> str:  # noqa: N802
        return self.answer


def _open_filename(application: Application, FileFilter: Any, FilterIndex: Any, Title: Any) -> Any:  # noqa: N803
    host = host_of(application)
    host.asked.append(str(Title))
    return host.chosen.pop(0) or False


def _save_as_filename(
    application: Application,
    InitialFilename: Any,  # noqa: N803
    FileFilter: Any,  # noqa: N803
    FilterIndex: Any,  # noqa: N803
    Title: Any,  # noqa: N803
) -> Any:
    return _open_filename(application, FileFilter, FilterIndex, Title)


def _input_box(application: Application, Prompt: Any, Title: Any, Default: Any, Type: Any) -> Any:  # noqa: N803
    answer = _open_filename(application, "", 1, Prompt)
    return float(answer) if answer else False


_member("GetOpenFilename", _open_filename)
_member("GetSaveAsFilename", _save_as_filename)
_member("InputBox", _input_box)
_member("FileDialog", lambda application, kind: FolderDialog(host_of(application)))
_member(
    "EnableCancelKey",
    lambda application: host_of(application).cancel_key,
    lambda application, key: setattr(host_of(application), "cancel_key", int(key)),
    kind="property",
)
_member("IsAddin", lambda book: book.name.endswith(".xlam"), of=Workbook, kind="property")
_member("HasVBProject", lambda book: book.name.endswith((".xlsm", ".xlam")), of=Workbook, kind="property")


def unseen_caller(_: object) -> Any:
    """The workbook that VBA hands over, where a stand-in for a command does not look into it: its Excel alone can be kept still."""
    return SimpleNamespace(app=SimpleNamespace(properties=lambda **_: nullcontext()))


def modules(path: Path) -> dict[str, str]:
    """The source of every module of a workbook's project."""
    with ExcelFile(path) as file:
        return file.vba_modules()


def macro_workbook(path: Path, *sheets: str) -> Path:
    """A workbook with these sheets, equipped as ``perfeval new`` does it; the last one is the guide."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})
        for sheet in sheets:
            book.add_worksheet(sheet)
        macros.equip(book, guide=sheets[-1])
    path.write_bytes(macros.with_ribbon(path.read_bytes()))
    return path
