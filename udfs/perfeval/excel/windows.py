"""What Windows is asked: its registry, as far as it is read, and whether Excel runs; in one place, so that tests can stand in for it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from ctypes import wintypes
from typing import Any, ClassVar, Protocol

Value = str | int

_EXCEL = "excel.exe"
_PROCESSES = 2  # TH32CS_SNAPPROCESS


class Registry(Protocol):
    """Keys are written as regedit shows them, with a short root: ``HKCU\\\\Software\\\\Microsoft``."""

    def value(self, key: str, name: str = "") -> Value | None:
        """A value by its name, the default one for ""; None where there is none or it may not be read."""
        ...

    def subkeys(self, key: str) -> Sequence[str]:
        """The names of the keys below a key."""
        ...


class _Process(ctypes.Structure):
    """PROCESSENTRY32W."""

    _fields_: ClassVar = [
        ("size", wintypes.DWORD),
        ("usage", wintypes.DWORD),
        ("number", wintypes.DWORD),
        ("heap", ctypes.c_size_t),
        ("module", wintypes.DWORD),
        ("threads", wintypes.DWORD),
        ("parent", wintypes.DWORD),
        ("priority", wintypes.LONG),
        ("flags", wintypes.DWORD),
        ("program", wintypes.WCHAR * 260),
    ]


def excel_runs() -> bool:
    """Whether an Excel runs in this user's session, also one that shows no window. Not by the class of its windows, which WPS's have
    too, and not in the sessions of others, whose Excel keeps no file of this user's open."""
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]
    own = _session(kernel, kernel.GetCurrentProcessId())
    return any(
        program.casefold() == _EXCEL and _session(kernel, number) == own for program, number in _processes(kernel)
    )


def _processes(kernel: Any) -> Iterator[tuple[str, int]]:
    """The program file's name and the number of every process of this Windows."""
    kernel.CreateToolhelp32Snapshot.restype = wintypes.HANDLE
    snapshot = wintypes.HANDLE(kernel.CreateToolhelp32Snapshot(_PROCESSES, 0))
    process = _Process(size=ctypes.sizeof(_Process))
    more = kernel.Process32FirstW(snapshot, ctypes.byref(process))
    while more:
        yield process.program, process.number
        more = kernel.Process32NextW(snapshot, ctypes.byref(process))
    kernel.CloseHandle(snapshot)


def _session(kernel: Any, process: int) -> int | None:
    """The session that a process belongs to; None where Windows does not tell."""
    session = wintypes.DWORD()
    return session.value if kernel.ProcessIdToSessionId(process, ctypes.byref(session)) else None


class MachineRegistry:
    """The registry of this Windows."""

    def __init__(self) -> None:
        import winreg  # noqa: PLC0415 — exists on Windows only

        self._winreg = winreg
        self._roots = {
            "HKCR": winreg.HKEY_CLASSES_ROOT,  # type: ignore[attr-defined]
            "HKCU": winreg.HKEY_CURRENT_USER,  # type: ignore[attr-defined]
            "HKLM": winreg.HKEY_LOCAL_MACHINE,  # type: ignore[attr-defined]
        }

    def value(self, key: str, name: str = "") -> Value | None:
        try:
            with self._opened(key) as opened:
                found = self._winreg.QueryValueEx(opened, name)[0]  # type: ignore[attr-defined]
        except OSError:
            return None
        return found if isinstance(found, str | int) else None

    def subkeys(self, key: str) -> Sequence[str]:
        try:
            with self._opened(key) as opened:
                count = self._winreg.QueryInfoKey(opened)[0]  # type: ignore[attr-defined]
                return [self._winreg.EnumKey(opened, place) for place in range(count)]  # type: ignore[attr-defined]
        except OSError:
            return []

    def _opened(self, key: str):
        root, _, path = key.partition("\\")
        access = self._winreg.KEY_READ | self._winreg.KEY_WOW64_64KEY  # type: ignore[attr-defined]
        return self._winreg.OpenKey(self._roots[root], path, 0, access)  # type: ignore[attr-defined]
