"""The workbook's own VBA, interpreted, on a real Windows: xlwings' DLL, real files and folders, the Python that it starts."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Any

from pyopenvba.interpreter import EMPTY, MISSING, VBAArray, VBAErrorValue, VBAObject, member, method, setter
from pyopenvba.interpreter._values import VBADate, error

from support.vbahost import TextFile, from_com
from support.windows import vbacom
from support.windows.vbacom import CallFailed, Library, Object, by_reference, value_of, variant


class RealServer(VBAObject):
    """The COM server that the DLL handed over last; every argument crosses as VBA passes it."""

    vba_type_name = "XLPython"

    def __init__(self) -> None:
        self.python: Object | None = None

    @method
    def CallUDF(self, module: Any, name: Any, given: VBAArray) -> Any:  # noqa: N802
        assert self.python is not None
        held = variant(handed_over(given))
        try:
            answer = self.python.call("CallUDF", variant(str(module)), variant(str(name)), by_reference(held))
        except CallFailed as failure:
            raise error(failure.status - 2**32, failure.description) from failure
        return from_com(value_of(answer))

    def told(self, expression: str) -> str:
        """What a Python expression is in the server."""
        assert self.python is not None
        return value_of(self.python.call("Str", self.python.call("Eval", variant(expression))))


class RealDesk(VBAObject):
    """This Windows, as the loader's declarations, the shell and the file system object show it."""

    vba_type_name = "Desk"

    def __init__(self, server: RealServer) -> None:
        self.server = server
        self.library: Library | None = None
        self.words = ""
        self.commands: list[str] = []

    @method
    def Loads(self, path: Any) -> bool:  # noqa: N802
        if not Path(str(path)).is_file():
            return False
        self.library = self.library or Library(Path(str(path)))
        return True

    @method
    def Activate(self, command: Any, mode: Any) -> int:  # noqa: N802
        assert self.library is not None
        self.commands.append(str(command))
        before = ctypes.windll.kernel32.SetErrorMode(3)
        try:
            if int(mode) == 1:
                self.server.python = self.library.activate(str(command))
            else:
                self.library.end(str(command))
        except CallFailed as failure:
            self.words = failure.description
            return failure.status - 2**32  # as VBA's Long
        finally:
            ctypes.windll.kernel32.SetErrorMode(before)
        return 0

    @member
    def Words(self) -> str:  # noqa: N802
        return self.words

    @method
    def ShortPath(self, path: Any) -> str:  # noqa: N802
        room = ctypes.create_unicode_buffer(1024)
        length = ctypes.windll.kernel32.GetShortPathNameW(str(path), room, len(room))
        return room.value[:length]

    @method
    def FileExists(self, path: Any) -> bool:  # noqa: N802
        return Path(str(path)).is_file()

    @method
    def OpenTextFile(self, path: Any) -> TextFile:  # noqa: N802
        return TextFile(Path(str(path)).read_text("mbcs"))

    @method
    def ExpandEnvironmentStrings(self, text: Any) -> str:  # noqa: N802
        return os.path.expandvars(str(text))

    @member
    def CurrentDirectory(self) -> str:  # noqa: N802
        return str(Path.cwd())

    @setter("CurrentDirectory")
    def move_to(self, folder: Any) -> None:
        os.chdir(str(folder))


def handed_over(value: Any) -> Any:
    """A VBA value as ``vbacom.variant`` lays it out."""
    if value is MISSING:
        return vbacom.Missing
    if value is EMPTY:
        return None
    if isinstance(value, VBAErrorValue):
        return vbacom.Missing if value.number == 448 else vbacom.Error(value.number)
    if isinstance(value, VBADate):
        return vbacom.Date(value.serial)
    if isinstance(value, VBAArray):
        spans = [range(low, high + 1) for low, high in value.bounds]
        if len(spans) == 1:
            return vbacom.Array([handed_over(value.items[value.offset([place])]) for place in spans[0]])
        return vbacom.Table(
            [[handed_over(value.items[value.offset([row, column])]) for column in spans[1]] for row in spans[0]]
        )
    return value if isinstance(value, (bool, str)) else float(value)
