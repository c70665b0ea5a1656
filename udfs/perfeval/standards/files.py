"""Standards' files as checked tables: read, merged with what they extend, every fault refused by file and key."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from perfeval.arithmetic import Scaled, decimal
from perfeval.datafiles import TEXTS, Place, check, is_a, read
from perfeval.errors import StandardError
from perfeval.quantities import folded

HEADER: Mapping[str, Any] = {
    **dict.fromkeys(("id", "title", "kind", "region", "scope", "document"), str),
    "names": TEXTS,
    "effective": date,
}


@dataclass(frozen=True, slots=True)
class Published:
    """What every published standard says of itself, and its grades: (name, lowest total), best first."""

    id: str
    title: str
    names: tuple[str, ...]
    kind: str
    region: str
    scope: str
    effective: date
    document: str
    note: str
    grades: tuple[tuple[str, Scaled], ...]

    def known_as(self, name: str) -> bool:
        """Whether a person may mean this standard by ``name``, in any case: id, title, or one of its names."""
        return folded(name) in {folded(one) for one in (self.id, self.title, *self.names)}


def published(table: Mapping[str, Any], found: tuple[tuple[str, Scaled], ...]) -> dict[str, Any]:
    """The fields of ``Published`` from a file's table, with the grades that were found."""
    heading = {key: table[key] for key in HEADER if key != "names"}
    return heading | {"names": tuple(table["names"]), "note": table.get("note", ""), "grades": found}


FOLDERS = (Path(__file__).parent, Path(__file__).parent / "detailed")
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{1,60}[a-z0-9]")  # also a file's name, on every system


def user_folder() -> Path:
    """Where the standards that this user has added stand: in the place that the system gives a program's data."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "PerfEval" / "standards"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "PerfEval" / "standards"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "perfeval" / "standards"


def digest(path: Path) -> str:
    """Ten hexadecimal digits that tell one version of a standard's file from another, however its lines end."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:10]


_GRADES = {"steps": list, "source": str}


def in_standard(path: Path) -> Place:
    """A standard's file, as the place of its faults."""
    return Place(path, "标准文件", StandardError)


def content(path: Path, kinds: Iterable[str], sections: Mapping[str, Any]) -> dict[str, Any]:
    """A file's content over that of the standard it extends.

    Tables of options and of findings merge, leaves merge by their code, other lists replace. Raises StandardError.
    """
    return _merged(path, tuple(kinds), sections, ())


def points(text: Any, place: Place) -> Scaled:
    """A weight or a limit, written as a quoted decimal so that it is exact."""
    if not isinstance(text, str) or not re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", text, re.ASCII):
        raise place.fault(f'的数值 {text!r} 应写成带引号的数，例如 "10"')
    return decimal(text)


def grades(entry: Any, place: Place) -> tuple[tuple[str, Scaled], ...]:
    """(name, lowest total), best first."""
    place = place.at("[grades] ")
    check(entry, _GRADES, place)
    if not all(type(step) is list and len(step) == 2 and is_a(step[0], str) for step in entry["steps"]):
        raise place.fault('steps 的每一档应是 ["名称", "最低分"]')
    steps = tuple((name, points(lowest, place)) for name, lowest in entry["steps"])
    lowest = [float(limit) for _, limit in steps]
    if not steps or lowest != sorted(set(lowest), reverse=True) or lowest[-1] != 0:
        raise place.fault("steps 应从高到低排列，最后一档从 0 起")
    return steps


def options(table: Mapping[str, Any], place: Place) -> Mapping[str, str]:
    """The texts of [convention]."""
    for key, value in table.items():
        if type(value) is not str:
            raise place.fault(f"[convention] {key} 的值 {value!r} 应写成带引号的文字")
    return table


def _merged(path: Path, kinds: tuple[str, ...], sections: Mapping[str, Any], below: tuple[str, ...]) -> dict[str, Any]:
    own = _read(path, kinds, sections)
    base_name = own.get("extends")
    if base_name is None:
        return own
    if base_name in (*below, path.stem):
        raise in_standard(path).fault(f"extends 绕回了自己（{base_name}）")
    places = (user_folder(), user_folder() / "detailed", *FOLDERS, path.parent)
    beside = {one.stem: one for folder in places for one in folder.glob("*.toml")}
    base_path = beside.get(base_name)
    if base_path is None:
        raise in_standard(path).fault(f"extends 的标准“{base_name}”不存在")
    base = _merged(base_path, kinds, sections, (*below, path.stem))
    inherited = {key: value for key, value in base.items() if key not in HEADER and key != "note"}
    merged = inherited | own
    merged["convention"] = inherited.get("convention", {}) | own.get("convention", {})
    if "findings" in inherited and isinstance(own.get("findings"), dict):
        merged["findings"] = _merged_findings(inherited["findings"], own["findings"])
    if "leaf" in inherited and "leaf" in own:
        merged["leaf"] = _merged_leaves(inherited["leaf"], own["leaf"])
    return merged


def _merged_findings(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    levels = [table["levels"] for table in (base, own) if isinstance(table.get("levels"), dict)]
    together = {code: level for table in levels for code, level in table.items()}
    return base | own | ({"levels": together} if together else {})


def _merged_leaves(base: list[Any], own: list[Any]) -> list[Any]:
    """The base's leaves in their order, each with what the extending file restates; new ones behind."""
    stated = {entry.get("code"): entry for entry in own if isinstance(entry, dict)}
    known = {entry.get("code") for entry in base}
    changed = [entry | stated.get(entry.get("code"), {}) for entry in base]
    return changed + [entry for entry in own if not isinstance(entry, dict) or entry.get("code") not in known]


def _read(path: Path, kinds: tuple[str, ...], sections: Mapping[str, Any]) -> dict[str, Any]:
    place = in_standard(path)
    found = read(place)
    check(found, {**HEADER, "extends": str, "note": str, **sections}, place, needed=HEADER)
    if found["id"] != path.stem:
        raise place.fault(f"id “{found['id']}”与文件名不同")
    if found["kind"] not in kinds:
        raise place.fault(f"kind “{found['kind']}”不认识，可用：{'、'.join(kinds)}")
    return found
