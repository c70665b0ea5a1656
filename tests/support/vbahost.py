"""An Excel without Excel: the workbook's own VBA, interpreted, calling Python through xlwings' own CallUDF."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.interpreter import EMPTY, MISSING, VBAArray, VBAErrorValue, VBAObject, member, method, setter
from pyopenvba.interpreter._values import VBADate, error

from perfeval.books import macros
from support import ROOT, winstub

sys.path.insert(0, str(ROOT))  # for addin, which is no part of the package
winstub.install()

from addin.excel import build as build  # noqa: E402, PLC0414
from xlwings import com_server  # noqa: E402  needs the Windows half

ERROR_BASE = -2146826288 - 2000

# What stands in for xlwings' own module, whose DLL cannot be loaded here.
XLWINGS = """
Public Const XLWINGS_VERSION As String = "{version}"
Public Function XLPy() As Object
    Set XLPy = PythonServer
End Function
Public Function FileExists(ByVal path) As Boolean
    FileExists = PythonServer.FileExists(path)
End Function
Public Function GetDirectoryConfigFilePath() As String
    GetDirectoryConfigFilePath = "C:\\work\\xlwings.conf"
End Function
Public Function WScript() As Object
    Set WScript = PythonServer
End Function
Public Function ExpandEnvironmentStrings(ByVal text) As String
    ExpandEnvironmentStrings = Replace(text, "%USERPROFILE%", "C:\\Users\\zhang")
End Function
Public Function RunPython(ByVal command As String)
    PythonServer.Exec command
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
Public Sub RemoveAll()
    inner.RemoveAll
End Sub
"""


class Server(VBAObject):
    """The COM server as VBA sees it; it converts values as pywin32 does, and counts."""

    vba_type_name = "XLPython"

    def __init__(self) -> None:
        self.python = com_server.XLPython()
        self.calls: list[str] = []
        self.commands: list[str] = []
        self.folder = "C:\\work"
        self.started_in = ""
        self.settings_beside_workbook = False
        self.missing = False
        self.lost = 0
        self.overwritten: list[Any] = []  # what became of variables that VBA passed by reference

    @method
    def CallUDF(self, module: Any, name: Any, given: VBAArray, *_: Any) -> Any:  # noqa: N802
        if self.missing:
            raise error(1000, "Could not load xlwings64.dll")
        if self.lost:
            self.lost -= 1
            raise error(462, "The remote server machine does not exist")
        arguments = tuple(map(to_com, given.items))
        if name == "greeting":
            self.started_in = self.folder
        self.calls.append(str(name) if name != "pe_call" else str(arguments[0]))
        value, outputs = winstub.returned(self.python.CallUDF(str(module), str(name), arguments))
        self.overwritten += outputs
        return from_com(value)

    @member
    def CurrentDirectory(self) -> str:  # noqa: N802
        return self.folder

    @setter("CurrentDirectory")
    def move_to(self, folder: Any) -> None:
        self.folder = str(folder)

    @method
    def FileExists(self, _: Any) -> bool:  # noqa: N802
        return self.settings_beside_workbook

    @method
    def Exec(self, command: Any) -> None:  # noqa: N802
        self.commands.append(str(command))


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


class Host:
    """A workbook file, opened with its macros; ``server`` is the Python behind them."""

    def __init__(self, path: Path, xlwings_version: str) -> None:
        self.app = ExcelApplication.open(path, with_vba=False)
        self.server = Server()
        host = self.app.interpreter.host
        known = host.global_object
        host.global_object = lambda name: self.server if name == "pythonserver" else known(name)
        self.recalculations = 0
        self.refuses_help = False
        self.described: dict[str, dict[str, Any]] = {}
        self.app.application.vba_get = self._with_more_members(self.app.application.vba_get)
        self.app.add_module(XLWINGS.format(version=xlwings_version), name="xlwings")
        self.app.add_module(DICTIONARY, name="Dictionary", kind="class")
        for name, source in modules(path).items():
            if name in ("PerfEvalBridge", "PerfEvalRibbon", "xlwings_udfs"):
                self.app.add_module(source, name=name)

    def press(self, button: str) -> None:
        """Press the ribbon's button of this id."""
        self.app.run("PerfEval_Press", Control(button))

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

    def _with_more_members(self, known: Any) -> Any:
        """The application's members, with two that the interpreter lacks."""

        def get(name: str, args: Sequence[Any] = (), named: dict[str, Any] | None = None) -> Any:
            if name.lower() == "calculatefull":
                self.recalculations += 1
            elif name.lower() == "macrooptions" and named is not None:
                if self.refuses_help:
                    raise error(1004, "Method 'MacroOptions' of object '_Application' failed")
                options = {key.lower(): value for key, value in named.items()}
                options["argumentdescriptions"] = list(options["argumentdescriptions"].items)
                self.described[str(options["macro"]).partition("!")[2]] = options
                self.saved(False)
            else:
                return known(name, args, named)
            return None

        return get

    def __call__(self, expression: str) -> Any:
        """The value of a VBA expression; a table as a list of rows."""
        return self.app.evaluate(expression)


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
