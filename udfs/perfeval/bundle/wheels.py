"""Which wheels an installation on Windows resolves to, worked out on any system from the wheels' own metadata.

pip can fetch wheels for another system but asks the markers of this one, so that what only Windows needs (pywin32, colorama) would be
forgotten. Here each wheel's requirements are followed with the markers and tags of Windows.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.parser import BytesParser
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from perfeval.errors import FileRefused

PLATFORM = "win_amd64"
ROOT = "perfeval"


@dataclass(frozen=True)
class Wheel:
    """A wheel file: what it is, where it can be installed, and what it requires."""

    path: Path
    name: str
    version: Version
    tags: frozenset[Tag]
    python: SpecifierSet
    requires: tuple[Requirement, ...]

    @property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


class Missing(NamedTuple):
    """A requirement that no wheel at hand meets, and the wheel that has it."""

    requirement: str
    wanted_by: str


class Resolved(NamedTuple):
    """The wheels that an installation takes, in the order they are found, and what it lacks."""

    wheels: tuple[Wheel, ...]
    missing: tuple[Missing, ...]


def wheels_in(folder: Path) -> list[Wheel]:
    """Every wheel of a folder. Raises FileRefused for a file that is none."""
    return [_read(path) for path in sorted(folder.glob("*.whl"))]


def resolve(wheels: Iterable[Wheel], python: str) -> Resolved:
    """What ``perfeval`` installs from these wheels on Windows with a Python (``3.12``)."""
    tags, markers = _tags(python), _markers(python)
    usable = [wheel for wheel in wheels if wheel.tags & tags and Version(f"{python}.0") in wheel.python]
    taken: dict[str, Wheel] = {}
    missing: list[Missing] = []
    waiting = [(Requirement(ROOT), "")]
    seen: set[tuple[str, str]] = set()
    for requirement, wanted_by in waiting:  # grows as it is followed
        name = canonicalize_name(requirement.name)
        fitting = [one for one in usable if one.name == name and one.version in requirement.specifier]
        if not fitting:
            missing.append(Missing(str(requirement).partition(";")[0].strip(), wanted_by))
            continue
        wheel = taken.setdefault(name, max(fitting, key=lambda one: one.version))
        if wheel not in fitting:
            missing.append(Missing(str(requirement).partition(";")[0].strip(), wanted_by))
        for extra in ("", *sorted(requirement.extras)):
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting += [(one, wheel.name) for one in _needed(wheel, markers | {"extra": extra})]
    return Resolved(tuple(taken.values()), tuple(dict.fromkeys(missing)))


def _needed(wheel: Wheel, markers: dict[str, str]) -> Iterator[Requirement]:
    return (one for one in wheel.requires if one.marker is None or one.marker.evaluate(markers))


def _markers(python: str) -> dict[str, str]:
    """The environment that markers ask of, on Windows."""
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "os_name": "nt",
        "platform_machine": "AMD64",
        "platform_python_implementation": "CPython",
        "platform_release": "10",
        "platform_system": "Windows",
        "platform_version": "10.0",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "win32",
    }


def _tags(python: str) -> frozenset[Tag]:
    version = tuple(map(int, python.split(".")))
    own = f"cp{''.join(map(str, version))}"
    return frozenset((*cpython_tags(version, platforms=[PLATFORM]), *compatible_tags(version, own, [PLATFORM])))


def _read(path: Path) -> Wheel:
    try:
        name, version, _, tags = parse_wheel_filename(path.name)
        with zipfile.ZipFile(path) as package:
            own = next(one for one in package.namelist() if one.endswith(".dist-info/METADATA"))
            told = BytesParser().parsebytes(package.read(own), headersonly=True)
        python = SpecifierSet(told.get("Requires-Python", ""))
        requires = tuple(map(Requirement, told.get_all("Requires-Dist", [])))
    except (InvalidWheelFilename, InvalidRequirement, zipfile.BadZipFile, StopIteration, ValueError, OSError) as error:
        raise FileRefused(path, "不是完好的 wheel 文件；请删除它，再做一次离线安装包") from error
    return Wheel(path, canonicalize_name(name), version, tags, python, requires)
