"""Excel on this desk, as the registry tells: which program answers to its name, how many bits it has, what it trusts."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from perfeval.excel.windows import Registry

_WPS = re.compile(r"[\\/](?:et|wps|ksolaunch)\.exe|[\\/]WPS Office[\\/]|kingsoft", re.IGNORECASE)
AMD64 = 0x8664
_MACHINES = {0x14C: 32, AMD64: 64, 0xAA64: 64}  # of a program file's header

# What Excel does with macros, by VBAWarnings. Files from the internet stay blocked whatever it says.
ALL_MACROS, ASKS, SIGNED_ONLY, NO_MACROS = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Excel:
    """The program that answers to the name Excel.Application: its version (16.0), its file, and whether it is WPS."""

    version: str
    program: str
    is_wps: bool

    @property
    def bits(self) -> int | None:
        """32 or 64; None where the file cannot be read."""
        return bits_of(Path(self.program))


@dataclass(frozen=True, slots=True)
class Trust:
    """What Excel does with macros: ``warnings`` as VBAWarnings has it, ``by_policy`` where an administrator set it."""

    warnings: int
    by_policy: bool
    folders: tuple[str, ...]


def find(registry: Registry) -> Excel | None:
    """The Excel of this desk, or what took its name; None where nothing has it."""
    current = registry.value(r"HKCR\Excel.Application\CurVer")
    identifier = registry.value(r"HKCR\Excel.Application\CLSID")
    if not identifier:
        return None
    keys = (rf"HKCR\CLSID\{identifier}\LocalServer32", rf"HKCR\WOW6432Node\CLSID\{identifier}\LocalServer32")
    command = next((str(found) for key in keys if (found := registry.value(key))), "")
    number = re.search(r"\d+$", str(current or ""))
    return Excel(f"{number[0]}.0" if number else "", _program(command), _WPS.search(command) is not None)


def _program(command: str) -> str:
    """The file that a command line runs: ``"C:\\…\\EXCEL.EXE" /automation``."""
    quoted = re.match(r'"([^"]+)"', command)
    bare = re.match(r"(.*?\.exe)\b", command, re.IGNORECASE)
    return quoted[1] if quoted else bare[1] if bare else command


def trust(registry: Registry, version: str) -> Trust:
    """What this Excel does with macros, and the folders whose workbooks it trusts."""
    policy = rf"HKCU\Software\Policies\Microsoft\Office\{version}\Excel\Security"
    own = rf"HKCU\Software\Microsoft\Office\{version}\Excel\Security"
    set_by = {key: registry.value(key, "VBAWarnings") for key in (policy, own)}
    warnings = set_by[policy] or set_by[own] or ASKS
    return Trust(int(warnings), set_by[policy] is not None, tuple(_trusted(registry, (policy, own))))


def _trusted(registry: Registry, keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        places = rf"{key}\Trusted Locations"
        if registry.value(places, "AllLocationsDisabled") == 1:
            return
        for place in registry.subkeys(places):
            folder = registry.value(rf"{places}\{place}", "Path")
            if folder:
                yield str(folder)


def bits_of(file: Path) -> int | None:
    """How many bits a program file or DLL is for; None where it is none or cannot be read."""
    return _MACHINES.get(machine_of(file) or 0)


def machine_of(file: Path) -> int | None:
    """The kind of processor that a program file or DLL is for, as its header has it; None where it is none or cannot be read."""
    try:
        with file.open("rb") as opened:
            head = opened.read(64)
            if len(head) < 64 or head[:2] != b"MZ":
                return None
            opened.seek(struct.unpack_from("<I", head, 60)[0])
            mark, machine = struct.unpack("<4sH", opened.read(6))
    except (OSError, struct.error):
        return None
    return machine if mark == b"PE\0\0" else None
