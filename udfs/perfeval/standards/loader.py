"""Project standards: weights of the groups of a 项目支出绩效自评表, grades and 口径, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from perfeval.arithmetic import Scaled, add
from perfeval.conventions import Convention, convention_from
from perfeval.datafiles import TEXTS, Place, check
from perfeval.standards.files import FOLDERS, Published, grades, options, points, published
from perfeval.standards.printed import pointed
from perfeval.standards.review import Review, review
from perfeval.standards.shelf import Shelf, parsed

NATIONAL = "cn-project-2020"

_NEEDED = ("execution", "group", "grades", "convention")
_SECTIONS = {"execution": dict, "group": list, "grades": dict, "convention": dict, "form": dict, "findings": dict}
_EXECUTION = {"name": str, "weight": object, "source": str}
_GROUP = {**_EXECUTION, "kinds": TEXTS}


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

    def weighted(self, weights: Mapping[str, Scaled], source: str) -> Standard:
        """The same standard with other points for the groups that ``weights`` names, which ``source`` gives."""
        execution, *groups = (
            replace(group, weight=weights[group.name], source=source) if group.name in weights else group
            for group in (self.execution, *self.groups)
        )
        return replace(self, execution=execution, groups=tuple(groups))


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
    return parsed(text, NATIONAL, PROJECTS.named, PROJECTS.version)


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


PROJECTS = Shelf(FOLDERS[0], ("project",), _SECTIONS, _standard, "标准或口径")
available, load, load_file = PROJECTS.available, PROJECTS.load, PROJECTS.load_file
