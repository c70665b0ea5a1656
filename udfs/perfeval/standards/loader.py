"""Project standards: weights of the groups of a 项目支出绩效自评表, grades and 口径, one file each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from perfeval.arithmetic import Scaled, add
from perfeval.conventions import Convention, convention_from, overridden
from perfeval.errors import PerfEvalError, StandardError, UnknownName
from perfeval.quantities import plain
from perfeval.standards.files import (
    FOLDERS,
    TEXTS,
    Place,
    Published,
    check,
    content,
    grades,
    options,
    points,
    published,
)
from perfeval.standards.printed import pointed
from perfeval.standards.review import Review, review

FOLDER = FOLDERS[0]
NATIONAL = "cn-project-2020"

_NEEDED = ("execution", "group", "grades", "convention")
_SECTIONS = {"execution": dict, "group": list, "grades": dict, "convention": dict, "form": dict, "findings": dict}
_EXECUTION = {"name": str, "weight": object, "source": str}
_GROUP = {**_EXECUTION, "kinds": TEXTS}
_KINDS = ("project",)


@dataclass(frozen=True, slots=True)
class Group:
    """A 一级指标 of a project standard: its weight and the 二级指标 it is made of."""

    name: str
    weight: Scaled
    kinds: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Standard(Published):
    """A published standard of project forms; the names of the levels in ``pointed`` are printed with their points."""

    execution: Group
    groups: tuple[Group, ...]
    convention: Convention
    review: Review
    pointed: tuple[str, ...] = ()


def available() -> tuple[str, ...]:
    """The ids of all standards, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def load(identifier: str) -> Standard:
    """The standard of this id. Raises UnknownName, or StandardError for a faulty file."""
    if identifier not in available():
        raise UnknownName(f"没有标准“{identifier}”，可用：" + "、".join(available()))
    return load_file(FOLDER / f"{identifier}.toml")


def load_file(path: Path) -> Standard:
    """The standard in one TOML file. Raises StandardError naming the file, the key and the fault."""
    place = Place(path)
    try:
        return _standard(content(path, _KINDS, _SECTIONS), place)
    except StandardError:
        raise
    except PerfEvalError as error:
        raise place.fault(error.reason) from error


@lru_cache(maxsize=1024)
def convention(text: str = NATIONAL) -> Convention:
    """The convention a cell names: a standard's id or Chinese name, then ``; option=value`` overrides.

    ``""`` is the national standard's. Raises UnknownName or InvalidValue.
    """
    return _resolved(text)[1]


@lru_cache(maxsize=1024)
def project_standard(text: str = NATIONAL) -> Standard:
    """The standard that a convention text names. Raises UnknownName."""
    return _resolved(text)[0]


def _resolved(text: str) -> tuple[Standard, Convention]:
    return parsed(text, NATIONAL, _named)


_Stated = TypeVar("_Stated", bound="_WithConvention")


class _WithConvention(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def convention(self) -> Any: ...


def parsed(text: str, default: str, named: Callable[[str], _Stated]) -> tuple[_Stated, Any]:
    """The standard that a text names, and its convention with the overrides behind ``;``.

    ``default`` is meant where the text begins with an override. Raises UnknownName or InvalidValue.
    """
    parts = [part.strip() for part in plain(text).split(";") if part.strip()]
    name = parts.pop(0) if parts and "=" not in parts[0] else default
    standard = named(name)
    if not parts:
        return standard, standard.convention
    overrides = {}
    for part in parts:
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not value:
            raise UnknownName(f"口径“{part}”应写成“名称=值”，例如 reverse=reciprocal")
        overrides[key] = value
    return standard, overridden(standard.convention, overrides, "; ".join((standard.id, *parts)))


def _named(name: str) -> Standard:
    if name in available():
        return load(name)
    for identifier in available():
        if load(identifier).known_as(name):
            return load(identifier)
    raise UnknownName(f"没有标准或口径“{name}”，可用：" + "、".join(available()))


def _standard(table: dict[str, Any], place: Place) -> Standard:
    for key in _NEEDED:
        if key not in table:
            raise place.fault(f"缺少 [{key}]")
    check(table["execution"], _EXECUTION, place.at("[execution] "))
    execution = _group(table["execution"] | {"kinds": []}, place.at("[execution] "))
    groups = tuple(
        _group(entry, place.at(f"[group 第 {number} 项] ")) for number, entry in enumerate(table["group"], start=1)
    )
    _check_groups((execution, *groups), place)
    return Standard(
        **published(table, grades(table["grades"], place)),
        execution=execution,
        groups=groups,
        convention=convention_from(table["id"], options(table["convention"], place)),
        review=review(table["findings"], place) if "findings" in table else load(NATIONAL).review,
        pointed=_pointed(table.get("form", {}), place.at("[form] ")),
    )


def _pointed(table: Any, place: Place) -> tuple[str, ...]:
    check(table, {"pointed": TEXTS}, place, needed=())
    return pointed(table, place)


def _group(entry: Any, place: Place) -> Group:
    check(entry, _GROUP, place)
    return Group(entry["name"], points(entry["weight"], place), tuple(entry["kinds"]), entry["source"])


def _check_groups(groups: tuple[Group, ...], place: Place) -> None:
    total = add([group.weight for group in groups])
    if total.units != 100 * 10**total.places:
        raise place.fault(f"各组权重 weight 合计 {total}，应是 100")
    for names in ([group.name for group in groups], [kind for group in groups for kind in group.kinds]):
        twice = [name for place, name in enumerate(names) if name in names[:place]]
        if twice:
            raise place.fault(f"[group] 里有两个“{twice[0]}”")
