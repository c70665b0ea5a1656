"""What Windows is asked: its registry, as far as it is read, and whether Excel runs; in one place, so that tests can stand in for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

Value = str | int


class Registry(Protocol):
    """Keys are written as regedit shows them, with a short root: ``HKCU\\\\Software\\\\Microsoft``."""

    def value(self, key: str, name: str = "") -> Value | None:
        """A value by its name, the default one for ""; None where there is none or it may not be read."""
        ...

    def subkeys(self, key: str) -> Sequence[str]:
        """The names of the keys below a key."""
        ...


def excel_runs() -> bool:
    """Whether an Excel runs on this desktop, also one without a window that is seen."""
    import ctypes  # noqa: PLC0415 — its windll exists on Windows only

    return bool(ctypes.windll.user32.FindWindowW("XLMAIN", None))  # type: ignore[attr-defined]


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
