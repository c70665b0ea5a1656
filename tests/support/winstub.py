"""xlwings' own Windows code on any system: stands in for pywin32 and ``ctypes.windll``, and for Excel's objects.

Only the import surface is faked: decorators, conversion, ``call_udf``, ``CallUDF`` and ``import_udfs`` are its own.
"""

from __future__ import annotations

import atexit
import ctypes
import importlib
import sys
import types
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlwings as xw

RANGE_ID = "{00020846-0000-0000-C000-000000000046}"
MISSING = -2147352572  # how COM hands over an omitted optional argument


class ComError(Exception):
    """pywintypes.com_error."""

    hresult = -1


class ComTime(datetime):
    """pywintypes.datetime: what COM hands over for a date cell, with a time zone."""


def returned(result: Any) -> tuple[Any, list[Any]]:
    """What a COM method's caller receives, and what overwrites the variables that it passed by reference: pywin32 reads a
    tuple as the method's value followed by its outputs. Anything else, a list too, is the value."""
    if not isinstance(result, tuple):
        return result, []
    return (result[0], list(result[1:])) if result else (None, [])


class _Sink:
    """Stands in for system calls that must only resolve."""

    def __getattr__(self, name: str) -> Any:
        return _Sink()

    def __call__(self, *_: Any, **__: Any) -> Any:
        return _Sink()


def _constant(name: str) -> Any:
    """Any constant or function of a system module; what Python itself asks of a module is not there."""
    if name.startswith("__"):
        raise AttributeError(name)
    return _Sink()


def install() -> Any:
    """xlwings with its Windows half loaded; the real one on Windows."""
    if sys.platform == "win32" or "xlwings.udfs" in sys.modules:
        return xw
    _install_pywin32()
    saved = {name: getattr(ctypes, name, None) for name in ("PyDLL", "oledll", "windll")}
    ctypes.PyDLL = lambda *_, **__: _Sink()  # type: ignore[assignment]
    ctypes.oledll = ctypes.windll = _Sink()  # type: ignore[attr-defined]
    try:
        windows = importlib.import_module("xlwings._xlwindows")
    finally:
        for name, value in saved.items():
            if value is None:
                delattr(ctypes, name)
            else:
                setattr(ctypes, name, value)
    atexit.unregister(windows.cleanup)
    xw.engines.add(xw.Engine(impl=windows.engine))
    xw.engines["excel"].activate()
    udfs = importlib.import_module("xlwings.udfs")
    xw.func, xw.arg, xw.ret, xw.import_udfs = udfs.xlfunc, udfs.xlarg, udfs.xlret, udfs.import_udfs
    for name in ("perfeval.excel.bridge", "perfeval.excel.xlwings_udfs", "perfeval.commands.in_excel"):
        if name in sys.modules:  # imported before, with decorators that do nothing
            importlib.reload(sys.modules[name])
    return xw


def _install_pywin32() -> None:
    def module(name: str, **attributes: Any) -> types.ModuleType:
        made = types.ModuleType(name)
        made.__dict__.update(attributes)
        sys.modules[name] = made
        return made

    def same(thing: Any, *_: Any, **__: Any) -> Any:
        return thing

    def unwrap(wrapped: Any) -> Any:
        return types.SimpleNamespace(obj=wrapped)

    module("pywintypes", com_error=ComError, error=ComError, TimeType=ComTime, IID=lambda text: str(text).upper())
    module(
        "pythoncom",
        com_error=ComError,
        ole_error=ComError,
        CoInitialize=lambda: None,
        IID_IDispatch="IDispatch",
        TypeIIDs={"IDispatch": type("PyIDispatch", (), {})},
        CoMarshalInterThreadInterfaceInStream=lambda _, thing: thing,
        __file__="pythoncom",
        __getattr__=_constant,
    )
    for name in ("win32api", "win32con", "win32gui", "win32event"):
        module(name, __getattr__=_constant)
    module("win32process", GetWindowThreadProcessId=lambda _: (1, 4242))
    module("win32timezone", TimeZoneInfo=type("TimeZoneInfo", (), {"utc": staticmethod(lambda: UTC)}))
    bases = {name: type(name, (), {}) for name in ("CDispatch", "DispatchBaseClass", "CoClassBaseClass")}
    client = module("win32com.client", Dispatch=same, DispatchEx=same, **bases)
    util = module("win32com.server.util", wrap=same, unwrap=unwrap)
    dispatcher = module("win32com.server.dispatcher")
    policy = module("win32com.server.policy", DefaultPolicy=object)
    server = module("win32com.server", util=util, dispatcher=dispatcher, policy=policy)
    module("win32com", client=client, server=server)


class FakeRange:
    """As much of Excel's Range as a worksheet function's argument needs."""

    CLSID = RANGE_ID

    def __init__(self, rows: list[list[Any]]) -> None:
        self._rows = tuple(map(tuple, rows))
        self.Count = len(rows) * len(rows[0])
        self.Row = self.Column = 1
        book = types.SimpleNamespace(Application=types.SimpleNamespace(Hwnd=1, Version="16.0"))
        self.Worksheet = types.SimpleNamespace(Name="Sheet1", Parent=book)
        self.Rows = types.SimpleNamespace(Count=len(rows))
        self.Columns = types.SimpleNamespace(Count=len(rows[0]))
        info = types.SimpleNamespace(GetTypeAttr=lambda: types.SimpleNamespace(iid=RANGE_ID))
        self._oleobj_ = types.SimpleNamespace(GetTypeInfo=lambda: info)

    @property
    def Value(self) -> Any:  # noqa: N802
        return self._rows[0][0] if self.Count == 1 else self._rows


class FakeBook:
    """As much of Excel's Workbook as “Import Functions” needs: it keeps the VBA text and the help it is given."""

    def __init__(self) -> None:
        self.Name = "单位.xlsm"
        self.imported: list[str] = []
        self.help: dict[str, dict[str, Any]] = {}
        self.Application = types.SimpleNamespace(Version="16.0", MacroOptions=self._macro_options)
        self.VBProject = types.SimpleNamespace(VBComponents=_Components(self.imported))
        self.Worksheets: list[Any] = []

    def _macro_options(self, macro: str, **options: Any) -> None:
        self.help[macro.partition("!")[2]] = options


class _Components:
    def __init__(self, imported: list[str]) -> None:
        self._imported = imported

    def __call__(self, name: str) -> Any:
        raise ComError(f"no module {name}")

    def Remove(self, _: Any) -> None:  # noqa: N802
        raise ComError("nothing to remove")

    def Import(self, path: str) -> None:  # noqa: N802
        self._imported.append(Path(path).read_text("utf-8"))
